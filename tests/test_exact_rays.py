"""Tests of rays in exact integers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from relucomb_solvers.exact_rays import ExactRays
from relucomb_solvers.homogeneous_layers import homogeneous_layers


def fractions(array: object) -> np.ndarray:
    """Return an object array of fractions."""
    return np.vectorize(Fraction, otypes=[object])(np.asarray(array, dtype=object))


def two_layers() -> list[object]:
    """Return the layers of units 3x − 1 and −x, then their sum of activations minus 1."""
    return homogeneous_layers([(fractions([[3], [-1]]), fractions([-1, 0])), (fractions([[1, 1]]), fractions([-1]))])


def test_rays_of_rays() -> None:
    """A ray between rays that are themselves known only by their parents is computed through them."""
    rays = ExactRays(two_layers(), [(0, 1), (1, 0), (-1, 0)])
    rays.add(np.array([[1, 0]]), 0, 0)  # 3x = 1
    rays.add(np.array([[1, 3]]), 1, 0)  # 3x − 1 = 1 beyond it
    assert rays.coordinates([4, 3]) == [(2, 3), (1, 3)]
    assert rays.values([4], 1) == [(0,)]
    assert rays.values([0, 2], 1) == [(-1,), (1,)]


def test_forgotten_rays_make_room() -> None:
    """After forgetting, numbers are given anew, to other rays."""
    rays = ExactRays(two_layers(), [(0, 1), (1, 0), (-1, 0)])
    rays.add(np.array([[1, 0]]), 0, 0)
    assert rays.coordinates([3]) == [(1, 3)]
    rays.forget(3)
    rays.add(np.array([[1, 0], [2, 0]]), 0, 0)
    rays.forget(3)
    assert len(rays) == 3
    rays.add(np.array([[2, 0]]), 1, 0)  # the sum of activations minus 1 is 1 at the one and −1 at the other
    assert rays.coordinates([3]) == [(-1, 1)]


def test_patterns_around_points() -> None:
    """The pattern has a bit for each positive unit; where a unit vanishes there is none."""
    rays = ExactRays(two_layers(), [(0, 1)])
    assert rays.patterns([(5, 1), (-5, 1), (1, 2), (1, 3)]) == [0b101, 0b110, 0b001, None]
