"""Moments of positive points: sums, eigenvalues, and estimates whose stated errors hold."""

# mypy: disable-error-code="arg-type"
# lists are legal where arrays are declared

from __future__ import annotations

import math
from typing import Any

import naive_training as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.training import Discrete, estimate_moments, moments_of_points

POINTS = st.lists(st.lists(st.integers(-3, 3), min_size=2, max_size=2), min_size=1, max_size=6)
W = st.lists(st.integers(-3, 3), min_size=2, max_size=2)


@given(POINTS, W)
def test_moments_are_sums(points: list[list[int]], w: list[int]) -> None:
    """All of them agree with a rational computation, and so do both eigenvalues."""
    X, target = np.array(points, dtype=float), np.array(w, dtype=float)
    found = moments_of_points(X, X @ target > 0)
    second, fourth, c1 = naive.active_moments(naive.uniform_law(naive.matrix(points)), naive.vector(w))
    np.testing.assert_allclose(found.covariance, np.array(second, dtype=float), atol=1e-12)
    np.testing.assert_allclose(found.weighted, np.array(fourth, dtype=float), atol=1e-12)
    assert found.fourth == pytest.approx(float(c1))
    low, high = naive.smallest_eigenvalue(second)
    assert float(low) - 1e-9 <= found.smallest_eigenvalue <= float(high) + 1e-9
    if low > 1e-3:
        below, above = naive.least_ratio(fourth, second)
        assert float(below) * (1 - 1e-8) <= found.relative_fourth <= float(above) * (1 + 1e-8)
    else:
        assert math.isinf(found.relative_fourth)


def test_a_singular_covariance_names_the_direction() -> None:
    """Points on a line do not vary across it."""
    moments = moments_of_points(np.array([[1.0, 1.0], [2.0, 2.0]]), np.array([True, True]))
    exists, definite = moments.hypotheses()
    assert exists.holds
    assert definite.holds is False
    assert abs(moments.weakest_direction @ [1, 1]) < 1e-12
    assert "do not vary along (" in definite.remark


def test_no_positive_point() -> None:
    """All moments vanish, and the condition fails."""
    moments = moments_of_points(np.eye(2), np.array([False, False]))
    assert (moments.fourth, moments.probability) == (0, 0)
    assert [entry.holds for entry in moments.hypotheses()] == [True, False]


@pytest.mark.parametrize("radius", [1.0, math.inf])
def test_stated_errors_hold(radius: float) -> None:
    """In 60 estimates of 500 points, errors are exceeded no more often than one in ten times should be."""
    law = Discrete([[0.6, 0.8], [1.0, 0.0], [-0.6, 0.8], [0.0, -1.0]], [0.4, 0.3, 0.2, 0.1])
    w = np.array([1.0, 0.5])
    exact = law.truncated_moments(w)
    failures = 0
    for seed in range(60):
        found = estimate_moments(law.sample, w, samples=500, seed=seed, confidence=0.9, radius=radius)
        wrong = np.linalg.norm(found.covariance - exact.covariance, 2) > found.covariance_error
        failures += bool(wrong or abs(found.fourth - exact.fourth) > found.fourth_error)
        assert found.smallest_eigenvalue <= float(np.linalg.eigvalsh(found.covariance)[0])
        assert found.confidence == 0.9
    assert failures <= 12  # binomial(60, 0.1) is above that with probability 0.006


def test_an_estimate_that_is_too_rough_says_so() -> None:
    """Ten points say nothing about the least eigenvalue, and more samples are advised."""
    found = estimate_moments(Discrete(np.eye(2)).sample, np.ones(2), samples=10, radius=1.0)
    _, definite = found.hypotheses()
    assert definite.holds is False
    assert "draw more samples" in definite.remark


@pytest.mark.parametrize(
    ("sampler", "options", "message"),
    [
        (lambda random, count: np.zeros((count, 3)), {}, r"sampler must return an array \(50, 2\); it returned"),
        (lambda random, count: np.zeros(count), {}, "sampler must return an array"),
        (lambda random, count: np.full((count, 2), np.nan), {}, "sampler must return finite points"),
        (lambda random, count: np.ones((count, 2)), {"radius": 1.0}, "radius is 1, but a point of length 1.41421"),
        (lambda random, count: np.ones((count, 2)), {"samples": 1}, "samples must be at least 2; got 1"),
        (lambda random, count: np.ones((count, 2)), {"confidence": 1.0}, "confidence must be between 0 and 1"),
    ],
)
def test_samplers_that_are_refused(sampler: Any, options: dict[str, float], message: str) -> None:
    """Wrong shapes, points that are not finite or too long, too few samples, impossible confidence."""
    with pytest.raises(ValueError, match=message):
        estimate_moments(sampler, np.ones(2), **({"samples": 50} | options))
