from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.precise_values import Units, precise_values

FLOATS = st.floats(-1e6, 1e6).map(lambda x: x if abs(x) > 1e-6 else 0.0)


def exactly(units, point, label):
    """Values of the units and the residual in rationals."""
    x = [Fraction(float(t)) for t in point]
    values = [
        sum((Fraction(float(a)) * b for a, b in zip(row, x, strict=True)), Fraction(float(bias)))
        for row, bias in zip(units.weights, units.biases, strict=True)
    ]
    outputs = (int(s) * max(Fraction(0), v) for s, v in zip(units.signs, values, strict=True))
    return values, sum(outputs, Fraction(units.constant)) - Fraction(float(label))


@given(data=st.data())
def test_values_have_twice_the_digits(data):
    """Whatever cancels, the error is tiny compared with the squared unit roundoff times the sizes involved."""
    n, w = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    draw = lambda size: np.array(data.draw(st.lists(FLOATS, min_size=size, max_size=size)))  # noqa: E731
    signs = np.array(data.draw(st.lists(st.sampled_from([-1.0, 1.0]), min_size=w, max_size=w)))
    units = Units(draw(w * n).reshape(w, n), draw(w), signs, float(draw(1)[0]))
    X, y = draw(n)[None], draw(1)
    values, residual = precise_values(units, X, y)
    exact_values, exact_residual = exactly(units, X[0], y[0])
    size = float(np.abs(units.weights).sum() * np.abs(X).sum() + np.abs(units.biases).sum() + abs(units.constant))
    size += float(abs(y[0])) + 1e-200
    for found, exact in zip(values[0], exact_values, strict=True):
        assert abs(Fraction(float(found)) - exact) <= abs(exact) * Fraction(2, 10**16) + Fraction(size) / 10**30
    error = abs(Fraction(float(residual[0])) - exact_residual)
    assert error <= abs(exact_residual) * Fraction(2, 10**16) + Fraction(size) / 10**30


def test_a_residual_below_rounding():
    """Ten units of a tenth: the rounding error of 0.1 comes out, ten times."""
    units = Units(np.full((10, 1), 0.1), np.zeros(10), np.ones(10), 0.0)
    residual = float(precise_values(units, np.array([[1.0]]), np.array([1.0]))[1][0])
    assert residual == pytest.approx(float(10 * Fraction(0.1) - 1), rel=1e-15)


def test_overflow_is_not_a_number():
    """Weights near the end of the range give NaN, without a warning."""
    units = Units(np.array([[1e308]]), np.zeros(1), np.ones(1), 0.0)
    assert np.isnan(precise_values(units, np.array([[1e8]]), np.array([1.0]))[1][0])
