"""The threshold test by extremal points: against the test on the whole cube, and beyond its reach."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.boolean import BooleanFunction, is_unate
from relucomb.boolean.extremal_points import test_by_extremal_points as by_extremal_points
from relucomb.boolean.function import points
from relucomb.boolean.threshold import test_threshold as by_the_cube
from relucomb.boolean.threshold import threshold_functions


@pytest.mark.parametrize("n", range(4))
def test_all_functions(n: int) -> None:
    """Every function of up to three variables is decided as on the whole cube, and the proof holds."""
    for number in range(1 << (1 << n)):
        f = BooleanFunction.from_integer(number, n)
        found = by_extremal_points(f)
        assert bool(found) == bool(by_the_cube(f))
        assert found.verify()


def test_threshold_functions_of_four_variables() -> None:
    """All 1882 are recognised."""
    for f in threshold_functions(4):
        found = by_extremal_points(f)
        assert found
        assert found.verify()


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=10), st.integers(-20, 20))
def test_weights_are_recognised(weights: list[int], bound: int) -> None:
    """Functions given by weights, with zeros, repetitions and negative ones among them."""
    f = BooleanFunction(points(len(weights)).astype(int) @ np.array(weights) >= bound)
    found = by_extremal_points(f)
    assert found
    assert found.verify()


@given(
    st.lists(st.tuples(st.integers(0, 127), st.integers(0, 127)), min_size=1, max_size=6),
    st.integers(0, 127),
)
def test_unate_functions(terms: list[tuple[int, int]], turned: int) -> None:
    """A union of two conjunctions each, with some variables negated: decided as on the cube, with a proof."""
    index = np.arange(128) ^ turned
    table = np.zeros(128, dtype=bool)
    for term, other in terms:
        table |= (index & (term | other)) == (term | other)
    f = BooleanFunction(table)
    assert is_unate(f)
    found = by_extremal_points(f)
    assert bool(found) == bool(by_the_cube(f))
    assert found.verify()


@given(st.integers(0, (1 << 64) - 1))
def test_four_points_prove_that_a_variable_is_mixed(number: int) -> None:
    """Nearly all functions of six variables; the proof is one of four points."""
    f = BooleanFunction.from_integer(number, 6)
    found = by_extremal_points(f)
    assert found.verify()
    assert is_unate(f) or (found.combination is not None and list(found.combination.values()) == [1] * 4)


def test_variables_that_do_not_matter() -> None:
    """They get the weight 0, or no part in the proof."""
    f = BooleanFunction.from_callable(lambda b: b[1] and not b[3], 6, "bits")
    found = by_extremal_points(f)
    assert found.weights == (0, 1, 0, -1, 0, 0)
    assert found.verify()
    tribes = BooleanFunction.from_name("tribes", 4, width=2)
    wider = BooleanFunction(np.tile(tribes.table, 4))
    refuted = by_extremal_points(wider)
    assert not refuted
    assert refuted.verify()


def test_where_the_chow_parameters_are_no_weights() -> None:
    """A function of 8 variables, and of 9 with one that does not matter: the linear programme finds other weights."""
    f = BooleanFunction(points(8).astype(int) @ np.array([8, -6, 4, 3, 2, 1, 1, 1]) >= 21)
    heights = points(8).astype(int) @ np.array(f.chow_parameters[1:])
    assert heights[f.table].min() <= heights[~f.table].max()
    wider = BooleanFunction(np.repeat(f.table, 2))
    for function in (f, wider):
        found = by_extremal_points(function)
        assert found
        assert found.verify()


@pytest.mark.parametrize(
    ("name", "n", "parameters", "is_one"),
    [
        ("odd_max_bit", 20, {}, True),
        ("greater_than", 20, {}, True),
        ("majority", 15, {}, True),
        ("tribes", 18, {"width": 3}, False),
        ("inner_product", 20, {}, False),
        ("andreev", 16, {}, False),
    ],
)
def test_many_variables(name: str, n: int, parameters: dict[str, int], is_one: bool) -> None:
    """Decided in a moment; the proof is checked at sample points, or as a sum."""
    f = BooleanFunction.from_name(name, n, **parameters)
    found = f.is_threshold()
    assert bool(found) == is_one
    rng = np.random.default_rng(0)
    if found.weights is not None and found.threshold is not None:
        index = rng.integers(0, 1 << n, 5000)
        bits = index[:, None] >> np.arange(n) & 1
        heights = (2 * bits - 1) @ np.array(found.weights) - found.threshold
        assert (heights != 0).all()
        assert ((heights > 0) == f.table[index]).all()
    else:
        assert found.combination
        index = np.array(list(found.combination))
        signed = f.signs[index].astype(int) * np.array(list(found.combination.values()))
        assert min(found.combination.values()) > 0
        assert signed.sum() == 0
        assert not (signed @ (2 * (index[:, None] >> np.arange(n) & 1) - 1)).any()
