"""Tests of relucomb.network_values."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from relucomb.network_values import in_floats, in_rationals
from relucomb.rationals import as_fractions


def test_rationals_keep_what_floats_lose() -> None:
    """With 1e17 + 1 - 1e17 floats give 0, rationals 1, and the last layer has no ReLU."""
    W, b = np.array([[1e17, 1.0, -1e17]]), np.array([0.0])
    assert in_floats([(W, b), (-np.ones((1, 1)), b)], np.ones((1, 3))).tolist() == [[0.0]]
    exact = [(as_fractions(W), as_fractions(b)), (as_fractions([[-1]]), as_fractions(b))]
    assert in_rationals(exact, as_fractions(np.ones((1, 3)))).tolist() == [[-1]]


def test_points_with_different_denominators() -> None:
    """Each point has a denominator of its own."""
    layer = (as_fractions([[Fraction(1, 5), 1]]), as_fractions([Fraction(1, 7)]))
    values = in_rationals([layer], as_fractions([[Fraction(1, 2), Fraction(1, 3)], [3, Fraction(-1, 11)]]))
    assert values.tolist() == [
        [Fraction(1, 10) + Fraction(1, 3) + Fraction(1, 7)],
        [Fraction(3, 5) - Fraction(1, 11) + Fraction(1, 7)],
    ]
