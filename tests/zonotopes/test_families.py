"""Explicit and random generators."""

from __future__ import annotations

import numpy as np

from relucomb.zonotopes.families import moment_curve, random_generators


def test_moment_curve() -> None:
    """Powers of the integers around zero, of any size."""
    assert moment_curve(3, 3).tolist() == [[1, -1, 1], [1, 0, 0], [1, 1, 1]]
    assert moment_curve(40, 100)[0, 39] == -(50**39)


def test_random_generators() -> None:
    """Entries grow by a digit after every second draw; equal seeds give equal draws."""
    draws = list(random_generators(3, 50, 7))
    assert len(draws) == 36
    assert [len(str(int(np.abs(draw).max()))) for draw in draws[:8]] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert all(np.array_equal(a, b) for a, b in zip(draws, random_generators(3, 50, 7), strict=True))
