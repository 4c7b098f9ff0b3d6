"""Tests of relucomb.families.approximation: proven intervals around the best approximation by few pieces."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc
from relucomb.families import Sawtooth
from relucomb.families.approximation import (
    _integral,
    _Node,
    _Relaxation,
    _sawtooth,
    best_sawtooth_approximation,
)
from relucomb.families.theorems import theorem_2_3_6_distance


def error(q: int, x: list[Fraction], y: list[Fraction]) -> Fraction:
    """Integrate |s - g| on [0, q] interval by interval, for the g through these points; x runs from 0 to q."""
    total = Fraction(0)
    for (a, c), (b, d) in pairwise(zip(x, y, strict=True)):
        ends = sorted({a, b, *(Fraction(k) for k in range(q + 1) if a < k < b)})
        for left, right in pairwise(ends):
            gaps = [min(t % 2, 2 - t % 2) - (c + (t - a) * (d - c) / (b - a)) for t in (left, right)]
            low, high = sorted(map(abs, gaps))
            same = gaps[0] * gaps[1] >= 0
            total += (right - left) * ((low + high) / 2 if same else (low**2 + high**2) / (2 * (low + high)))
    return total


@st.composite
def functions(draw: st.DrawFn, q: int, most: int = 4) -> tuple[list[Fraction], list[Fraction]]:
    """Draw the breakpoints on [0, q] and the values of a function of up to ``most`` pieces."""
    inside = draw(st.sets(st.integers(1, 12 * q - 1), max_size=most - 1))
    x = [Fraction(0), *(Fraction(t, 12) for t in sorted(inside)), Fraction(q)]
    y = draw(st.lists(st.fractions(-1, 2, max_denominator=6), min_size=len(x), max_size=len(x)))
    return x, y


@pytest.mark.parametrize(("p", "q"), [(1, 1), (1, 2), (1, 3), (2, 3), (2, 4), (3, 4), (1, 9), (2, 9)])
def test_intervals(p: int, q: int) -> None:
    """Narrow, above the theorem's bound, and reached by the function that is returned."""
    best = best_sawtooth_approximation(p, q)
    assert 0 <= best.upper - best.lower <= Fraction(1, 10**4)
    assert best.published == theorem_2_3_6_distance(p, q) <= best.lower
    assert best.verify()
    assert best.function.count_pieces((0, 1)) <= p


@pytest.mark.parametrize(("p", "q"), [(2, 3), (3, 4)])
def test_five_ninths_of_a_piece(p: int, q: int) -> None:
    """One piece less than the sawtooth: the distance is 5/(9q); all but two pieces are met exactly."""
    best = best_sawtooth_approximation(p, q, gap=Fraction(1, 10**5))
    assert best.lower <= Fraction(5, 9 * q) <= best.upper


def test_one_line_for_three_pieces() -> None:
    """The best line crosses all three pieces: 3√2 - 7/2 on [0, 3], by the canonical points of the L1 norm."""
    best = best_sawtooth_approximation(1, 3, gap=Fraction(1, 10**6))
    low, high = best.lower * 3 + Fraction(7, 2), best.upper * 3 + Fraction(7, 2)
    assert low**2 <= 18 <= high**2
    assert best.nodes == 1


@settings(deadline=None)
@given(st.data())
def test_no_function_is_better(data: st.DataObject) -> None:
    """Functions of at most two pieces are not nearer to the sawtooths of three and four than the lower bounds."""
    for q in (3, 4):
        x, y = data.draw(functions(q, 2))
        assert error(q, x, y) / q >= LOWER[q]


LOWER = {q: best_sawtooth_approximation(2, q, gap=Fraction(1, 100)).lower for q in (3, 4)}


@given(st.integers(2, 5).flatmap(lambda q: st.tuples(st.just(q), functions(q))), st.data())
def test_bounds_of_nodes_hold(case: tuple[int, Any], data: st.DataObject) -> None:
    """The proven bound of a node is below the error of every function whose breakpoints and signs are in it."""
    q, (x, y) = case
    slopes = [(d - c) / (b - a) for (a, c), (b, d) in pairwise(zip(x, y, strict=True))]
    intervals, signs = [], []
    for (before, after), t in zip(pairwise(slopes), x[1:-1], strict=True):
        left, right = (data.draw(st.fractions(0, 1, max_denominator=4)) for _ in range(2))
        intervals.append((max(t - left, Fraction(0)), min(t + right, Fraction(q))))
        signs.append(data.draw(st.sampled_from([0, 1 if after >= before else -1])))
    points = [data.draw(st.lists(st.fractions(0, q, max_denominator=5), max_size=3)) for _ in slopes]
    runs = list(pairwise([Fraction(0), *(end for pair in intervals for end in pair), Fraction(q)]))[::2]
    relaxation = _Relaxation(_Node(intervals, signs, points, Fraction(0)), runs)
    if not relaxation.is_empty:
        bound, _ = relaxation.solve()
        assert bound <= error(q, x, y)


@given(st.integers(1, 6), st.data())
def test_distances_of_the_two_programmes_agree(q: int, data: st.DataObject) -> None:
    """The exact L1 distance of the calculus is the one summed up here, and the antiderivative is right."""
    x, y = data.draw(functions(q))
    points: Any = [entry / q for entry in x]
    values: Any = y
    function = rc.PiecewiseLinear.from_points(points, values)
    assert _sawtooth(q).distance(function, norm=1, interval=(0, 1)) * q == error(q, x, y)
    assert _integral(x[1]) == error(q, [Fraction(0), Fraction(q)], [Fraction(0)] * 2) - error_after(q, x[1])


def error_after(q: int, t: Fraction) -> Fraction:
    """Return the integral of the sawtooth from t to q."""
    whole = [Fraction(k) for k in range(q + 1)]
    ends = sorted({t, *(k for k in whole if k > t)})
    value = [min(x % 2, 2 - x % 2) for x in ends]
    return sum(((b - a) * (u + v) / 2 for (a, u), (b, v) in pairwise(zip(ends, value, strict=True))), Fraction(0))


def test_enough_pieces_reach_the_sawtooth() -> None:
    """With p ≥ q the distance is 0, proven without a search; the sawtooth is that of the family."""
    for p, q in [(1, 1), (3, 3), (5, 4)]:
        best = best_sawtooth_approximation(p, q)
        assert (best.lower, best.upper, best.nodes) == (0, 0, 0)
    assert _sawtooth(9).distance(Sawtooth.equal_steps(3, 2).piecewise_linear(), norm=1, interval=(0, 1)) == 0


def test_without_a_search_the_interval_is_that_of_the_theorem() -> None:
    """For large q: the bound of the proof below, a function above."""
    best = best_sawtooth_approximation(3, 64, node_limit=0)
    assert best.lower == theorem_2_3_6_distance(3, 64, published=False)
    assert best.nodes == 0
    assert best.verify()
    assert best.lower < best.upper < Fraction(1, 4)


def test_very_large_q() -> None:
    """Nothing is optimised; the function follows p - 1 pieces, and then stays at 1/2."""
    best = best_sawtooth_approximation(5, 3**7, node_limit=0)
    assert best.upper == Fraction(2 * (3**7 - 5) + 3, 8 * 3**7)
    assert best.verify()
    assert best_sawtooth_approximation(1, 1000, node_limit=0).upper == Fraction(1, 4)


def test_a_node_limit_leaves_a_wider_interval() -> None:
    """A search that stops early still proves what it says."""
    short = best_sawtooth_approximation(3, 4, gap=Fraction(1, 10**4), node_limit=40)
    full = best_sawtooth_approximation(3, 4, gap=Fraction(1, 10**4))
    assert short.nodes == 40 < full.nodes
    assert short.lower <= full.upper
    assert full.lower <= short.upper


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"p": 0, "q": 1}, "p and q must be at least 1; got p = 0 and q = 1"),
        ({"p": 1, "q": 0}, "p and q must be at least 1"),
        ({"p": 1, "q": 2, "gap": 0}, "gap must be positive"),
        ({"p": 1, "q": 2, "node_limit": -1}, "node_limit not negative"),
    ],
)
def test_bad_arguments(arguments: dict[str, int], message: str) -> None:
    """Numbers of pieces are positive, so is the gap."""
    with pytest.raises(ValueError, match=message):
        best_sawtooth_approximation(**arguments)  # type: ignore[arg-type]
