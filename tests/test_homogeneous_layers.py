"""Tests of layers on homogeneous coordinates."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from relucomb_solvers.homogeneous_layers import homogeneous_layers, rounded


def fractions(array: object) -> np.ndarray:
    """Return an object array of fractions."""
    return np.vectorize(Fraction, otypes=[object])(np.asarray(array, dtype=object))


def test_integers_are_a_positive_multiple_of_the_values() -> None:
    """Through all layers the integer values are the true ones times one positive number per layer."""
    layers = [
        (fractions([[Fraction(1, 3), 2], [0, Fraction(-1, 7)]]), fractions([Fraction(1, 2), 0])),
        (fractions([[6, Fraction(4, 5)]]), fractions([Fraction(2, 9)])),
    ]
    point = [Fraction(3), Fraction(-2)]
    true = fractions(point)
    scaled = [Fraction(entry) for entry in point]
    for (W, b), layer in zip(layers, homogeneous_layers(layers), strict=True):
        true = W @ true + b
        scaled = [
            sum(w * a for w, a in zip(row, scaled, strict=True)) + offset
            for row, offset in zip(layer.weights, layer.bias, strict=True)
        ]
        ratios = {s / t for s, t in zip(scaled, true, strict=True) if t != 0}
        assert len(ratios) == 1
        assert ratios.pop() > 0
        assert all((s == 0) == (t == 0) for s, t in zip(scaled, true, strict=True))
        true, scaled = np.maximum(true, 0), [max(Fraction(0), s) for s in scaled]


def test_floats_are_the_integers_near_one() -> None:
    """Weights are at most 1 in floats, and weights and bias are the integers times their powers of two."""
    [layer] = homogeneous_layers([(fractions([[1000, -3], [0, 7]]), fractions([5, -(2**70)]))])
    weights, bias = layer.floats
    assert abs(weights).max() <= 1
    assert (weights * 2.0**layer.shift == layer.weights).all()
    assert (bias * 2.0**layer.exponent == np.array(layer.bias, dtype=float)).all()
    assert not layer.is_exact  # 2**70 has no 53 bits to spare


@given(st.integers(), st.integers(-2000, 2000))
def test_rounding_is_to_the_nearest(integer: int, exponent: int) -> None:
    """The float is the nearest to the rational number, or infinite beyond the range."""
    exact = Fraction(integer) * Fraction(2) ** exponent
    try:
        expected = float(exact)
    except OverflowError:
        expected = np.inf if integer > 0 else -np.inf
    assert rounded(integer, exponent) == expected


def test_long_integers_round_to_the_nearest() -> None:
    """Ties and near ties of integers of many bits go the right way."""
    for base in (2**200 + 2**147, 2**200 + 2**147 + 1, 2**200 + 2**147 - 1, 2**200 + 3 * 2**147):
        for integer in (base, -base):
            assert rounded(integer) == float(integer)
