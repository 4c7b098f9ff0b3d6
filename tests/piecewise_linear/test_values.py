"""Tests of relucomb.piecewise_linear.values: floats near the exact values, and roots of fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.piecewise_linear.function import PiecewiseLinear
from relucomb.piecewise_linear.values import float_arrays, in_floats, root


@given(st.fractions(0, 10**40) | st.fractions(0, 1, max_denominator=10**40))
def test_roots_are_within_one_unit_in_the_last_place(square: Fraction) -> None:
    """The square of a neighbour of the float is beyond the number, on both sides."""
    r = root(square)
    assert Fraction(math.nextafter(r, -1)) ** 2 <= square or r == 0
    assert square <= Fraction(math.nextafter(r, math.inf)) ** 2
    assert root(square * square) == pytest.approx(float(square), rel=1e-15)


def test_roots_of_huge_and_tiny_numbers() -> None:
    """Where the number itself is beyond the range of floats, the root may not be."""
    assert root(Fraction(10**500)) == 1e250
    assert root(Fraction(1, 10**500)) == 1e-250
    assert root(Fraction(10**800)) == math.inf
    assert root(Fraction(0)) == 0


def test_many_values_at_once() -> None:
    """Arrays of any shape; close to the exact values everywhere."""
    rng = np.random.default_rng(0)
    f = PiecewiseLinear.from_points(np.sort(rng.choice(10**6, 1000, replace=False)), rng.integers(-9, 9, 1000), 1, -2)
    x = rng.uniform(-1e5, 1.1e6, (20, 30))
    values = in_floats(f._arrays, float_arrays(f._arrays), x)
    assert values.shape == x.shape
    np.testing.assert_allclose(values, f.evaluate_exact(x).astype(float), rtol=1e-12, atol=1e-9)
    assert in_floats(f._arrays, float_arrays(f._arrays), np.empty((0, 2))).shape == (0, 2)
