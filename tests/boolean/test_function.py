"""Tests of Boolean functions as truth tables."""

from __future__ import annotations

import itertools
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.boolean.function import BooleanFunction, check_variables, points

tables = st.integers(0, 4).flatmap(
    lambda n: st.lists(st.booleans(), min_size=1 << n, max_size=1 << n).map(BooleanFunction)
)


def test_both_conventions_at_the_door() -> None:
    """Bits, booleans and signs are the same function; a constant may be either."""
    f = BooleanFunction([0, 1, 1, 1])
    assert f == BooleanFunction([False, True, True, True]) == BooleanFunction([-1, 1, 1, 1])
    assert f == BooleanFunction.from_string("0111") == BooleanFunction.from_integer(0b1110, 2)
    assert f == BooleanFunction.from_callable(lambda x: x.max(), 2)
    assert f == BooleanFunction.from_callable(lambda b: b[0] | b[1], 2, "bits")
    assert BooleanFunction([1, 1]) == BooleanFunction([True, True])
    assert f([[0, 1], [0, 0]]).tolist() == f([[-1, 1], [-1, -1]]).tolist() == [True, False]  # type: ignore[union-attr]
    assert f([1, 1]) is True


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([0, 1, 1], "power of two"),
        ([], "power of two"),
        ([0, -1], "mixes bits and signs"),
        ([0, 2], "entry 1"),
        ([0.5, 1], "entry 0"),
        ([float("nan"), 1], "entry 0"),
        ([[0, 1]], "one-dimensional"),
    ],
)
def test_what_is_no_truth_table_is_refused(table: list[float], message: str) -> None:
    """Each message names what is wrong."""
    with pytest.raises(ValueError, match=message):
        BooleanFunction(table)


def test_too_many_variables_are_told_with_their_memory() -> None:
    """The message says what the table would take."""
    with pytest.raises(ValueError, match="27 variables would take a table of 16 MiB"):
        check_variables(27)
    with pytest.raises(ValueError, match=r"2\*\*7 GiB"):
        check_variables(40)
    for wrong in (-1, 1.5, True):
        with pytest.raises(ValueError, match="whole number"):
            check_variables(wrong)  # type: ignore[arg-type]


@given(tables)
def test_values_and_numbers_are_those_of_the_table(f: BooleanFunction) -> None:
    """Evaluation at all points gives the table back; so do the number, a copy and a pickle."""
    assert np.array_equal(f(points(f.n)), f.table) if f.n else f.table.shape == (1,)
    assert BooleanFunction.from_integer(f.to_integer(), f.n) == f
    assert pickle.loads(pickle.dumps(f)) == f
    assert hash(BooleanFunction(f.signs)) == hash(f)
    assert f.ones == int(f.table.sum())
    assert ~~f == f


@given(tables)
def test_spectrum_is_that_of_the_definition(f: BooleanFunction) -> None:
    """Coefficients, degree, Chow parameters and influences agree with sums over the cube."""
    cube = points(f.n).astype(int)
    signs = f.signs.astype(int)
    degree = 0
    for size in range(f.n + 1):
        for chosen in itertools.combinations(range(f.n), size):
            mean = Fraction(int((signs * cube[:, list(chosen)].prod(axis=1)).sum()), 1 << f.n)
            assert f.fourier_coefficient(chosen) == mean
            degree = size if mean else degree
    assert f.real_degree == degree
    assert f.chow_parameters == (int(signs.sum()), *(int((signs * cube[:, i]).sum()) for i in range(f.n)))
    assert (f.walsh_spectrum() ** 2).sum() == 4**f.n
    for i in range(f.n):
        flipped = f.table[np.arange(1 << f.n) ^ (1 << i)]
        assert f.influence(i) == Fraction(int((flipped != f.table).sum()), 1 << f.n)
    assert f.total_influence == sum(
        (Fraction(bin(s).count("1")) * Fraction(int(w), 1 << f.n) ** 2 for s, w in enumerate(f.walsh_spectrum())),
        Fraction(0),
    )


@given(tables, st.data())
def test_restrictions_and_permutations(f: BooleanFunction, data: st.DataObject) -> None:
    """The restricted, permuted, turned function has the values of the function at the corresponding points."""
    fixed = data.draw(st.dictionaries(st.integers(0, max(f.n - 1, 0)), st.sampled_from([-1, 1]))) if f.n else {}
    smaller = f.restrict(fixed)
    free = [i for i in range(f.n) if i not in fixed]
    assert smaller.n == len(free)
    for k, value in enumerate(smaller.table.tolist()):
        index = sum((k >> place & 1) << i for place, i in enumerate(free))
        index |= sum(1 << i for i, sign in fixed.items() if sign == 1)
        assert f.table[index] == value
    order = data.draw(st.permutations(range(f.n)))
    turned = data.draw(st.sets(st.integers(0, max(f.n - 1, 0)))) if f.n else set()
    for x in points(f.n):
        if f.n:
            assert f.permute(order)(x) == f(x[order])
            assert f.negate_inputs(turned)(x) == f([-s if i in turned else s for i, s in enumerate(x.tolist())])


@given(tables, tables)
def test_block_composition(f: BooleanFunction, g: BooleanFunction) -> None:
    """The outer function of the values of the inner one on disjoint blocks."""
    both = f.compose(g)
    assert both.n == f.n * g.n
    if both.n:
        rng = np.random.default_rng(0)
        for x in rng.choice([-1, 1], (20, both.n)):
            values = [1 if g(x[i * g.n : (i + 1) * g.n]) else -1 for i in range(f.n)]
            assert both(x) == f(values)


@given(st.integers(0, 255), st.integers(0, 255))
def test_pointwise_operations_and_correlation(a: int, b: int) -> None:
    """And, or, xor are those of the bits; the correlation is the mean of the product of signs."""
    f, g = BooleanFunction.from_integer(a, 3), BooleanFunction.from_integer(b, 3)
    assert ((f & g).to_integer(), (f | g).to_integer(), (f ^ g).to_integer()) == (a & b, a | b, a ^ b)
    assert f.correlation(g) == Fraction(int((f.signs.astype(int) * g.signs).sum()), 8)


def test_algebraic_degree() -> None:
    """Parity has degree one over two elements and n over the reals; a conjunction n over both; constants 0."""
    parity = BooleanFunction.from_callable(lambda b: b.sum() % 2, 5, "bits")
    conjunction = BooleanFunction.from_callable(lambda b: b.min(), 5, "bits")
    assert (parity.algebraic_degree, parity.real_degree) == (1, 5)
    assert (conjunction.algebraic_degree, conjunction.real_degree) == (5, 5)
    assert BooleanFunction([0]).algebraic_degree == BooleanFunction([1, 1]).algebraic_degree == 0


def test_wrong_partners_and_variables() -> None:
    """Functions of different numbers of variables do not combine, and variables must exist."""
    f, g = BooleanFunction([0, 1]), BooleanFunction([0, 1, 1, 0])
    with pytest.raises(ValueError, match="same number of variables"):
        f & g
    with pytest.raises(TypeError, match="must be a BooleanFunction"):
        f ^ 1  # type: ignore[operator]
    with pytest.raises(ValueError, match="from 0 to 1; got 2"):
        g.influence(2)
    with pytest.raises(ValueError, match="each variable"):
        g.permute([0, 0])
    with pytest.raises(ValueError, match="shape"):
        g([1, 1, 1])
    with pytest.raises(ValueError, match="of the composition must be at most 26"):
        BooleanFunction([0] * 256).compose(BooleanFunction([1] * 16))
    with pytest.raises(ValueError, match="convention"):
        BooleanFunction.from_callable(min, 1, "floats")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="digits"):
        BooleanFunction.from_string("01x1")
    with pytest.raises(ValueError, match="less than"):
        BooleanFunction.from_integer(16, 2)
