"""Tests of the slow oracle: its gradient is that of its loss, and its steps are what they say."""

from __future__ import annotations

from fractions import Fraction

import naive_descent
from hypothesis import assume, given
from hypothesis import strategies as st

small = st.integers(-3, 3)


@given(st.lists(st.tuples(small, small, small), min_size=1, max_size=4), st.lists(small, min_size=7, max_size=7))
def test_the_gradient_is_the_central_difference(rows: list[tuple[int, int, int]], numbers: list[int]) -> None:
    """In fractions, and exactly, where no unit is at its kink: the loss is quadratic in each number."""
    points = [[Fraction(a), Fraction(b)] for a, b, _ in rows]
    labels = [Fraction(c) for _, _, c in rows]
    parameters = [Fraction(number) for number in numbers]
    values = [sum(parameters[i * 2 + e] * x[e] for e in range(2)) for x in points for i in range(2)]
    assume(all(values))
    step = Fraction(1, 10)
    assert naive_descent.gradient(points, labels, parameters, 2) == naive_descent.differences(
        points, labels, parameters, 2, step
    )


def test_known_steps() -> None:
    """One point, one weight: the loss (a max(0, v) − 1)² at v = a = 2 has the gradient (12, 12)."""
    points, labels = [[1.0]], [1.0]
    assert naive_descent.gradient_descent(points, labels, [2.0, 2.0], 1, 1, 0.25)[1] == [-1.0, -1.0]
    assert naive_descent.stochastic_gradient_descent(points, labels, [2.0, 2.0], 1, [[0]], 4, 0.25)[1] == [-1.0, -1.0]
    first = naive_descent.adam(points, labels, [2.0, 2.0], 1, 1, 0.5)[1]
    assert all(abs(number - 1.5) < 1e-8 for number in first)  # whatever the gradient, the first step has this size
