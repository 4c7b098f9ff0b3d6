"""Tests of PiecewiseLinear: every operation against the literal oracle, and everything that is refused."""

from __future__ import annotations

import copy
import json
import math
import pickle
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import naive_piecewise as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.networks import ReLUNetwork
from relucomb.piecewise_linear.function import LinearPiece, PiecewiseLinear, Preimage

if TYPE_CHECKING:
    from pathlib import Path

small = st.fractions(-3, 3, max_denominator=3)
points = st.fractions(-5, 5, max_denominator=6)


@st.composite
def described(draw: st.DrawFn) -> tuple[list[Fraction], list[Fraction], tuple[Fraction, Fraction]]:
    """Draw breakpoints, slopes (often equal ones, often 0) and an anchor."""
    breakpoints = sorted(draw(st.sets(small, max_size=4)))
    slopes = draw(st.lists(st.integers(-2, 2).map(Fraction) | small, min_size=len(breakpoints) + 1, max_size=5))
    return breakpoints, slopes[: len(breakpoints) + 1], (draw(small), draw(small))


Pair = tuple[PiecewiseLinear, naive.Naive]
pairs = (
    described()
    .filter(lambda parts: len(parts[1]) == len(parts[0]) + 1)
    .map(lambda parts: (PiecewiseLinear(*parts), naive.from_slopes(*parts)))
)
intervals = st.tuples(points, points).filter(lambda ends: ends[0] != ends[1]).map(lambda ends: tuple(sorted(ends)))


def listed(f: PiecewiseLinear, interval: Any = None) -> list[Any]:
    """Return the pieces as the oracle writes them."""
    return [
        (*(None if abs(end) == math.inf else end for end in (left, right)), slope, intercept)
        for left, right, slope, intercept in f.pieces(interval)
    ]


def hat() -> PiecewiseLinear:
    """Return the hat with top 1 at 1, zero outside [0, 2]."""
    return PiecewiseLinear([0, 1, 2], [0, 1, -1, 0])


# construction


@given(pairs)
def test_pieces_and_values_are_the_definition(pair: Pair) -> None:
    """The pieces, their number, and the values at the breakpoints are those of the integral of the slopes."""
    f, expected = pair
    assert listed(f) == naive.pieces(expected)
    assert f.count_pieces() == len(f.pieces())
    assert f.values == tuple(map(expected, f.breakpoints))


@given(pairs, intervals)
def test_pieces_on_an_interval(pair: Pair, interval: Any) -> None:
    """They are cut to the interval, and those that only touch it do not count."""
    f, expected = pair
    assert listed(f, interval) == naive.pieces(expected, *interval)
    assert f.count_pieces(interval) == len(f.pieces(interval))
    assert listed(f, (interval[0], math.inf)) == naive.pieces(expected, interval[0])
    assert listed(f, (-math.inf, interval[1])) == naive.pieces(expected, None, interval[1])


@given(pairs, small, small)
def test_from_points(pair: Pair, left: Fraction, right: Fraction) -> None:
    """The function through its own points, with its own end slopes, is the function."""
    f, _ = pair
    if f.breakpoints:
        assert PiecewiseLinear.from_points(f.breakpoints, f.values, f.slopes[0], f.slopes[-1]) == f
        other = PiecewiseLinear.from_points(f.breakpoints, f.values, left, right)
        assert (other.slopes[0], other.slopes[-1], other.values) == (left, right, f.values)


def test_one_point_and_none() -> None:
    """One point makes two rays; no breakpoint makes a line."""
    assert PiecewiseLinear.from_points([1], [2], -1, 3) == PiecewiseLinear([1], [-1, 3], anchor=(1, 2))
    assert PiecewiseLinear([], [2], anchor=(1, 1)) == PiecewiseLinear.affine(2, -1)


@pytest.mark.parametrize("kind", [np.int8, np.int64, np.float64, object])
def test_numbers_of_any_kind_are_exact(kind: Any) -> None:
    """Arrays of integers, floats and objects give the same function."""
    assert PiecewiseLinear(np.array([0, 1, 2], dtype=kind), np.array([0, 1, -1, 0], dtype=kind)) == hat()
    assert PiecewiseLinear([0.1], [0, 1]).breakpoints == (Fraction(0.1),)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0, 0], [1, 2, 3]), "breakpoints must be strictly increasing; entry 0 is 0 and entry 1 is 0"),
        (([0, 2, 1], [1, 2, 3, 4]), "entry 1 is 2 and entry 2 is 1"),
        (([0, 1], [1, 2]), "slopes must have one entry more than breakpoints, 3 entries; got 2"),
        (([math.nan], [1, 2]), "breakpoints: the entry .* is nan; every entry must be finite"),
        (([0], [1, math.inf]), "slopes: the entry .* is inf"),
        (([0], [1, 2], (0, math.inf)), "anchor: the entry .* is inf"),
        (([0], [1, 2], (0, 1, 2)), r"anchor must be a point \(x, y\); got 3 numbers"),
        (([[0]], [1, 2]), "breakpoints must have 1 dimension"),
        (([[0], [1, 2]], [1, 2]), "rows have different lengths"),
    ],
    ids=str,
)
def test_bad_descriptions_are_refused(arguments: Any, message: str) -> None:
    """The message names the argument and the entry."""
    with pytest.raises(ValueError, match=message):
        PiecewiseLinear(*arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], []), "x has 0 numbers and y has 0"),
        (([0, 1], [0]), "x has 2 numbers and y has 1"),
        (([1, 0], [0, 0]), "x must be strictly increasing"),
        (([0], [math.nan]), "y: the entry"),
        (([0], [0], math.inf), "left_slope is inf"),
    ],
    ids=str,
)
def test_bad_points_are_refused(arguments: Any, message: str) -> None:
    """The message names the argument and what is legal."""
    with pytest.raises(ValueError, match=message):
        PiecewiseLinear.from_points(*arguments)


def test_what_is_no_number_is_refused() -> None:
    """Texts and complex numbers are type errors."""
    with pytest.raises(TypeError, match="breakpoints"):
        PiecewiseLinear(["a"], [0, 1])
    with pytest.raises(TypeError, match="slope"):
        PiecewiseLinear.affine(1j)


@pytest.mark.parametrize(
    "interval", [(1, 1), (2, 1), (math.inf, -math.inf), (0, -math.inf), (0, math.nan), 3, (1, 2, 3)]
)
def test_empty_and_flat_intervals_are_refused(interval: Any) -> None:
    """Wherever an interval is taken."""
    for method in (hat().pieces, hat().count_pieces, lambda i: hat().distance(0, 1, i)):
        with pytest.raises(ValueError, match="interval"):
            method(interval)


# values


@given(pairs, st.lists(points, max_size=5))
def test_exact_values(pair: Pair, xs: list[Fraction]) -> None:
    """Numbers and arrays of fractions and integers give fractions."""
    f, expected = pair
    assert f(np.array(xs, dtype=object)).tolist() == list(map(expected, xs))
    for x in (*xs, *f.breakpoints):
        assert f(x) == expected(x)
        assert type(f(x)) is Fraction
    assert f(np.array([[1, 2]])).tolist() == [[expected(1), expected(2)]]
    assert f(3) == f(np.int64(3)) == expected(3)


@given(pairs, st.lists(st.floats(-8, 8), min_size=1, max_size=5))
def test_float_values(pair: Pair, xs: list[float]) -> None:
    """Floats give floats close to the exact values; evaluate_exact takes them as the rationals they are."""
    f, expected = pair
    values, exact = f(np.array(xs)), f.evaluate_exact(xs)
    assert values.dtype == np.float64
    assert exact.tolist() == [expected(Fraction(x)) for x in xs]
    np.testing.assert_allclose(values, exact.astype(float), rtol=1e-12, atol=1e-12)
    assert isinstance(f(xs[0]), float)
    assert f(xs[0]) == values[0]


def test_values_beyond_the_range_of_floats() -> None:
    """Where floats would overflow on the way, the value is still the rounded exact one."""
    f = PiecewiseLinear([10**400, 10**400 + 1], [1, 2, 3], anchor=(0, 5))
    assert f(2.0) == 7.0
    assert f(10**400 + 2) == 10**400 + 10
    assert (10**200 * PiecewiseLinear.affine(10**200))(1.0) == math.inf
    assert PiecewiseLinear([0], [1e308, -1e308], anchor=(0, 1e308))(-1.0) == 0.0


@pytest.mark.parametrize("bad", [math.nan, math.inf, [0.0, math.inf]])
def test_values_at_no_number_are_refused(bad: Any) -> None:
    """NaN and infinity are no points."""
    with pytest.raises(ValueError, match="x"):
        hat()(bad)
    with pytest.raises(TypeError):
        hat()("1")


# functions from functions


@given(pairs, pairs)
def test_composition(first: Pair, second: Pair) -> None:
    """The pieces are those of the definition."""
    (f, f_naive), (g, g_naive) = first, second
    assert listed(f.compose(g)) == naive.pieces(naive.compose(f_naive, g_naive))


@given(pairs, pairs)
def test_sums_and_extremes(first: Pair, second: Pair) -> None:
    """Sum, difference, maximum and minimum of two functions."""
    (f, f_naive), (g, g_naive) = first, second
    for result, operation in (
        (f + g, lambda x, y: x + y),
        (f - g, lambda x, y: x - y),
        (f.maximum(g), max),
        (f.minimum(g), min),
    ):
        assert listed(result) == naive.pieces(naive.combine(f_naive, g_naive, operation))


@given(pairs, small)
def test_numbers_are_constant_functions(pair: Pair, c: Fraction) -> None:
    """In sums and extremes from both sides, as factors and divisors."""
    f, f_naive = pair
    constant = naive.Naive(lambda x: c, ())
    assert listed(f + c) == listed(c + f) == naive.pieces(naive.combine(f_naive, constant, lambda x, y: x + y))
    assert listed(c - f) == naive.pieces(naive.combine(f_naive, constant, lambda x, y: y - x))
    assert listed(f.maximum(c)) == naive.pieces(naive.combine(f_naive, constant, max))
    assert listed(c * f) == listed(f * c) == naive.pieces(naive.Naive(lambda x: c * f_naive(x), f_naive.points))
    assert abs(f) == f.maximum(-f)
    if c:
        assert (f / c) * c == f


@given(pairs, st.integers(0, 3))
def test_iterates(pair: Pair, times: int) -> None:
    """They are compositions; the zeroth is the identity."""
    f, _ = pair
    expected = PiecewiseLinear.affine(1)
    for _ in range(times):
        expected = expected.compose(f)
    assert f.iterate(times) == expected


@given(pairs, pairs)
def test_results_are_minimal_and_fake_breakpoints_do_not_matter(first: Pair, second: Pair) -> None:
    """Neighbouring slopes differ; equality, hash and operations do not see fake breakpoints."""
    f, g = first[0], second[0]
    for result in (f.minimal(), f + g, f.compose(g), f.maximum(g), 2 * f, f - f):
        assert all(before != after for before, after in zip(result.slopes, result.slopes[1:], strict=False))
    assert f.minimal() == f
    assert hash(f.minimal()) == hash(f)
    assert f.minimal().compose(g.minimal()) == f.compose(g)
    assert f.minimal() + g.minimal() == f + g
    assert (f == g) == (listed(f) == listed(g))
    assert (f - g == PiecewiseLinear.affine(0)) == (f == g)


def test_numpy_scalars_leave_operations_to_the_function() -> None:
    """`np.float64(2) * f` is a function, not an array."""
    assert np.float64(2) * hat() == 2 * hat()
    assert np.int64(1) - hat() == 1 - hat()


@pytest.mark.parametrize(
    ("operation", "error", "message"),
    [
        (lambda f: f.compose(3), TypeError, "inner must be a PiecewiseLinear; got int"),
        (lambda f: f.maximum("x"), TypeError, "other must be a PiecewiseLinear or a number; got str"),
        (lambda f: f + math.nan, ValueError, "other is nan"),
        (lambda f: f * math.inf, ValueError, "factor is inf"),
        (lambda f: f / 0, ZeroDivisionError, "Fraction"),
        (lambda f: f + "x", TypeError, "unsupported"),
        (lambda f: "x" - f, TypeError, "unsupported"),
        (lambda f: f * f, TypeError, "unsupported"),
        (lambda f: f / f, TypeError, "unsupported"),
        (lambda f: f.iterate(-1), ValueError, "times must be at least 0"),
        (lambda f: f.iterate(1.5), TypeError, "times must be an integer"),
        (lambda f: f.distance(0, 3), ValueError, "norm is 3; legal are 1, 2, math.inf"),
        (lambda f: f.integral(1, 1), ValueError, "low must be less than high"),
        (lambda f: PiecewiseLinear.from_network(f), TypeError, "network must be a ReLUNetwork"),
    ],
)
def test_bad_operands_are_refused(operation: Any, error: type[Exception], message: str) -> None:
    """The message names the argument and what is legal."""
    with pytest.raises(error, match=message):
        operation(hat())


# how far apart


@given(pairs, pairs, intervals)
def test_distances_on_an_interval(first: Pair, second: Pair, interval: Any) -> None:
    """L1, squared L2 and supremum are the oracle's; the L2 norm is the root."""
    (f, f_naive), (g, g_naive) = first, second
    difference = naive.combine(f_naive, g_naive, lambda x, y: x - y)
    assert f.distance(g, 1, interval) == naive.integral(difference, *interval, 1)
    assert f.squared_distance(g, interval) == naive.integral(difference, *interval, 2)
    assert f.distance(g, math.inf, interval) == naive.supremum(difference, *interval)
    assert f.distance(g, 2, interval) == pytest.approx(math.sqrt(f.squared_distance(g, interval)), rel=1e-14)


@given(pairs, pairs, points)
def test_distances_on_the_line_and_on_rays(first: Pair, second: Pair, end: Fraction) -> None:
    """They are finite exactly if the end pieces allow it, and then those of a large interval."""
    f, g = first[0], second[0]
    wide = (Fraction(-100), Fraction(100))
    for low, high in ((None, None), (end, None), (None, end)):
        interval = (-math.inf if low is None else low, math.inf if high is None else high)
        inner = (wide[0] if low is None else low, wide[1] if high is None else high)
        difference = f - g
        rays = [piece for piece in difference.pieces(interval) if math.inf in (-piece.left, piece.right)]
        if any(ray.slope or ray.intercept for ray in rays):
            assert f.distance(g, 1, interval) == f.squared_distance(g, interval) == math.inf
        else:
            assert f.distance(g, 1, interval) == f.distance(g, 1, inner)
            assert f.squared_distance(g, interval) == f.squared_distance(g, inner)
        if any(ray.slope for ray in rays):
            assert f.distance(g, math.inf, interval) == math.inf
        else:
            assert f.distance(g, math.inf, interval) == f.distance(g, math.inf, inner)


@given(pairs, intervals)
def test_integrals(pair: Pair, interval: Any) -> None:
    """The integral with a sign is that of the positive part less that of the negative part."""
    f = pair[0]
    parts = f.maximum(0), f.minimum(0)
    assert f.integral(*interval) == parts[0].distance(0, 1, interval) - parts[1].distance(0, 1, interval)


def test_the_supremum_of_a_constant() -> None:
    """Without a breakpoint and without an end there is still a value."""
    assert PiecewiseLinear.affine(0, -3).distance(0, math.inf) == 3
    assert hat().distance(hat()) == hat().distance(hat(), 2) == 0


@given(pairs)
def test_the_lipschitz_constant_is_the_greatest_slope(pair: Pair) -> None:
    """In absolute value."""
    assert pair[0].lipschitz == max(map(abs, pair[0].slopes))


# inverse images


@given(pairs, small)
def test_inverse_images(pair: Pair, y: Fraction) -> None:
    """Isolated points and intervals are the oracle's, at the values of breakpoints too."""
    f, expected = pair
    for level in (y, *f.values):
        found = f.preimage(level)
        flat = [tuple(None if abs(end) == math.inf else end for end in interval) for interval in found.intervals]
        assert (list(found.points), flat) == naive.preimage(expected, level)


def test_zeros() -> None:
    """A constant zero vanishes all over, a line in a point, a positive constant nowhere."""
    assert PiecewiseLinear.affine(0).zeros() == Preimage((), ((-math.inf, math.inf),))
    assert PiecewiseLinear.affine(2, -1).zeros() == Preimage((Fraction(1, 2),), ())
    assert PiecewiseLinear.affine(0, 1).zeros() == Preimage((), ())
    assert hat().preimage(1) == Preimage((Fraction(1),), ())


# which arithmetic


@given(pairs, pairs, small)
def test_large_numbers_give_the_same_in_python_integers(first: Pair, second: Pair, y: Fraction) -> None:
    """Everything stretched by a factor beyond 64 bits is the result for small numbers, stretched."""
    f, g = first[0], second[0]
    K = 10**40 + 1

    def stretched(h: PiecewiseLinear) -> PiecewiseLinear:
        """Return K h(x / K)."""
        anchor = (h.breakpoints[0], h.values[0]) if h.breakpoints else (0, h.intercepts[0])
        return PiecewiseLinear([K * t for t in h.breakpoints], h.slopes, (K * anchor[0], K * anchor[1]))

    for small_result, large_result in (
        (f + g, stretched(f) + stretched(g)),
        (f.compose(g), stretched(f).compose(stretched(g))),
        (f.maximum(g), stretched(f).maximum(stretched(g))),
    ):
        assert stretched(small_result) == large_result
        assert small_result.arithmetic == "int64"
        if large_result.breakpoints and any(large_result.breakpoints):
            assert large_result.arithmetic == "rational"
    assert stretched(f).distance(stretched(g), 1, (-9 * K, 9 * K)) == K * K * f.distance(g, 1, (-9, 9))
    assert stretched(f).preimage(K * y).points == tuple(K * x for x in f.preimage(y).points)


@pytest.mark.parametrize("size", [2**31 - 1, 2**31, 2**32 + 1, 2**61, 2**62 - 1, 2**62, 2**63 - 1, 2**63, 2**64, 2**70])
def test_numbers_at_the_border_of_64_bits(size: int) -> None:
    """Nothing overflows: values, sums and compositions are those of Python's integers."""
    f = PiecewiseLinear(np.array([-size, 0, size], dtype=object), [size, -1, 1, -size])
    assert f(size) == size
    assert f(-size - 1) == 0
    assert f(size + 1) == 0
    assert (f + f)(size) == 2 * size
    assert f.compose(f)(size + 2) == f(f(size + 2)) == size
    assert f.distance(-f, math.inf, (-size, size)) == 2 * size
    assert f.integral(0, size) == Fraction(size**2, 2)
    assert PiecewiseLinear.from_network(f.to_network()) == f


def test_breakpoints_that_are_one_float() -> None:
    """Fractions that round to the same float are told apart."""
    tiny = [1 + Fraction(k, 10**30) for k in range(5)]
    f = PiecewiseLinear(tiny, [0, 1, 2, 3, 4, 5])
    g = PiecewiseLinear([t + Fraction(1, 10**31) for t in tiny], [5, 4, 3, 2, 1, 0])
    assert (f + g).breakpoints == tuple(sorted({*f.breakpoints, *g.breakpoints}))
    assert f.count_pieces((tiny[1], tiny[3])) == 2
    assert f.compose(PiecewiseLinear.affine(-1, 2)).breakpoints == tuple(2 - t for t in reversed(tiny))
    assert f(tiny[2]) == f(0) + Fraction(3, 10**30)


def test_a_million_pieces() -> None:
    """The sawtooth with ten teeth after itself, six times, in 64 bits; and with steps that need more."""
    steps = [Fraction(k, 10) for k in range(10)]
    h = PiecewiseLinear(steps, [0, *(10 * (-1) ** k for k in range(10))])
    teeth = h.iterate(6)
    assert teeth.count_pieces((0, 1)) == 10**6
    assert teeth.arithmetic == "int64"
    assert teeth.integral(0, 1) == Fraction(1, 2)
    assert teeth(Fraction(1, 10**6)) == 1
    wide = PiecewiseLinear.from_points([0, Fraction(300, 1009), 1], [0, 1, 0], 0, Fraction(-1009, 709)).iterate(12)
    assert (wide.count_pieces((0, 1)), wide.arithmetic) == (2**12, "rational")


# files and texts


@given(pairs)
def test_round_trips(pair: Pair) -> None:
    """JSON, pickle, copy and repr give the function back, fake breakpoints included."""
    f = pair[0]
    others = [
        PiecewiseLinear.from_json(json.loads(json.dumps(f.to_json()))),
        pickle.loads(pickle.dumps(f)),
        copy.deepcopy(f),
        eval(repr(f)),
    ]
    for other in others:
        assert other == f
        assert (other.breakpoints, other.slopes, other.values) == (f.breakpoints, f.slopes, f.values)
        assert other.arithmetic == f.arithmetic


def test_files(tmp_path: Path) -> None:
    """Saved and loaded; a file that holds something else is named in the message."""
    path = tmp_path / "hat.json"
    hat().save(path)
    assert PiecewiseLinear.load(path) == hat()
    path.write_text('{"breakpoints": [1, 0], "slopes": [1, 2, 3], "anchor": [0, 0]}')
    with pytest.raises(ValueError, match=r"hat\.json does not hold a piecewise-linear function: .*increasing"):
        PiecewiseLinear.load(path)
    path.write_text("[")
    with pytest.raises(ValueError, match=r"hat\.json does not hold"):
        PiecewiseLinear.load(path)


def test_repr_of_many_pieces_is_short() -> None:
    """It tells their number and the arithmetic."""
    assert repr(PiecewiseLinear(range(20), range(21))) == "<PiecewiseLinear, 21 pieces, int64>"


def test_pieces_have_names() -> None:
    """A piece is a tuple with names."""
    assert hat().pieces((0, 1)) == [LinearPiece(Fraction(0), Fraction(1), Fraction(1), Fraction(0))]


def test_networks_and_back() -> None:
    """The methods lead to the modules that are tested on their own."""
    net = hat().to_network()
    assert isinstance(net, ReLUNetwork)
    assert PiecewiseLinear.from_network(net) == hat()
    assert hat().prove_equal(net)
    assert hat().smallest_network().units == 3
