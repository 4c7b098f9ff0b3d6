"""Tests of networks on flats."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import relucomb as rc

NET = rc.ReLUNetwork([[[1, 2, 3, 4], [0, 1, -1, 1]], [[1, -1]]], [[1, 0], [0.5]])


def test_a_slice_has_the_values_of_the_network() -> None:
    """At every point of the plane, exactly."""
    origin, directions = [1, 0, Fraction(1, 3), 0.1], [[1, 1, 0, 0], [0, 0, 2, -1]]
    flat = rc.slice_network(NET, origin, directions)
    rng = np.random.default_rng(0)
    for s in rng.integers(-3, 4, (10, 2)):
        x = [Fraction(o) + sum(int(c) * d[k] for c, d in zip(s, directions, strict=True)) for k, o in enumerate(origin)]
        assert flat.evaluate_exact([s])[0] == NET.evaluate_exact([x])[0]
    assert rc.count_pieces(flat) == 4


@pytest.mark.parametrize(
    ("origin", "directions", "message"),
    [
        ([0, 0], [[1, 0, 0, 0]], "origin must have 4 entries"),
        ([0] * 4, [[1, 0]], r"\(k, 4\)"),
        ([0] * 4, [[1, 0, 0, 0], [2, 0, 0, 0]], "independent"),
        ([0] * 4, [[0, 0, 0, 0]], "independent"),
        ([0, 0, 0, float("nan")], [[1, 0, 0, 0]], "finite"),
    ],
)
def test_bad_slices(origin: list[float], directions: list[list[float]], message: str) -> None:
    """Shapes and dependent directions are refused."""
    with pytest.raises(ValueError, match=message):
        rc.slice_network(NET, origin, directions)
