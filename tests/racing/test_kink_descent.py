"""Tests of the descent over kinks: it ends where no direction leads down, and never higher than it began."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from relucomb.racing.kink_descent import descend_over_kinks


def loss(points: np.ndarray, targets: np.ndarray, columns: np.ndarray, signs: np.ndarray, z: np.ndarray) -> float:
    """Return the sum of squares by the definition."""
    w, d = len(signs), points.shape[1]
    outputs = np.maximum(points @ z[: w * d].reshape(w, d).T, 0) @ signs + z[w * d :] @ columns
    return float(np.sum((outputs - targets) ** 2))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9), st.integers(1, 3), st.booleans(), st.integers(2, 12))
def test_it_ends_where_no_direction_leads_down(seed: int, width: int, constant: bool, count: int) -> None:
    """Points on a small grid, so that many kinks meet; a unit that has vanished is the one exception."""
    random = np.random.default_rng(seed)
    points = np.column_stack([random.integers(-2, 3, (count, 1)), np.ones(count)]) + 0.0
    points = np.unique(points, axis=0)
    targets = random.integers(-3, 4, len(points)) + 0.0
    columns = np.ones((int(constant), len(points)))
    signs = np.where(random.random(width) < 0.5, -1.0, 1.0)
    start = random.normal(size=2 * width + int(constant))
    end = descend_over_kinks(points, targets, columns, signs, start)
    before, after = (loss(points, targets, columns, signs, z) for z in (start, end))
    assert after <= before * (1 + 1e-12) + 1e-12
    assume((np.linalg.norm(end[: 2 * width].reshape(width, 2), axis=1) > 1e-9).all())
    for _ in range(100):
        turned = end + 1e-6 * random.normal(size=end.shape)
        assert loss(points, targets, columns, signs, turned) >= after - 1e-9 * (1e-3 + before)


def test_an_exact_fit_is_found_from_its_pattern() -> None:
    """A hat on three points, from units that are on at the right points."""
    points = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
    end = descend_over_kinks(
        points, np.array([0.0, 1.0, 0.0]), np.zeros((0, 3)), np.array([1.0, -1.0]), np.array([0.5, 0.1, 3.0, -4.0])
    )
    assert loss(points, np.array([0.0, 1.0, 0.0]), np.zeros((0, 3)), np.array([1.0, -1.0]), end) < 1e-20


def test_nothing_to_do() -> None:
    """Units that are off everywhere stay; a free column is fitted all the same."""
    points = np.array([[1.0], [2.0]])
    dead = descend_over_kinks(points, np.ones(2), np.zeros((0, 2)), np.ones(1), np.array([-1.0]))
    assert dead.tolist() == [-1.0]
    shifted = descend_over_kinks(points, np.array([1.0, 2.0]), np.ones((1, 2)), np.ones(1), np.array([-1.0, 0.0]))
    assert shifted == pytest.approx([-1.0, 1.5])
