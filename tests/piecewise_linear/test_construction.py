"""Tests of relucomb.piecewise_linear.construction: the same function from slopes and from points."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from relucomb.piecewise_linear.arithmetic import from_fractions
from relucomb.piecewise_linear.calculus import minimal, values_at_breakpoints
from relucomb.piecewise_linear.construction import through_points, with_slopes

numbers = st.fractions(-4, 4, max_denominator=5) | st.sampled_from(
    [Fraction(10**30), Fraction(1, 10**30), Fraction(0.1)]
)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=6, unique_by=lambda pair: pair[0]), numbers, numbers)
def test_both_ways_give_one_function(points: list[tuple[Fraction, Fraction]], left: Fraction, right: Fraction) -> None:
    """Points give slopes, and these slopes with any of the points as anchor give the function back."""
    points.sort()
    x, y = from_fractions(t for t, _ in points), from_fractions(v for _, v in points)
    f = through_points(x, y, left, right)
    assert [part.tolist() for part in values_at_breakpoints(f)] == [part.tolist() for part in y]
    slopes = from_fractions(Fraction(int(a), int(d)) for a, d in zip(f.a, f.d, strict=True))
    for anchor in points:
        g = with_slopes(x, slopes, anchor)
        assert all(map(np.array_equal, minimal(*f[:5])[:5], minimal(*g[:5])[:5]))
