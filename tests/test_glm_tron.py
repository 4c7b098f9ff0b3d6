"""The engine of GLM-Tron: sweeps against exact arithmetic, and what a call leaves behind."""

from __future__ import annotations

import random

import naive_training as naive
import numpy as np
import pytest

from relucomb_solvers import glm_tron


@pytest.mark.kernels
@pytest.mark.parametrize("S", [1, 3, 4, 5, 9])
@pytest.mark.parametrize("slope", [0.0, 0.25, 1.0])
def test_updates_are_exact_on_integers(S: int, slope: float) -> None:
    """Rows taken four at a time, with any number left over: the iterates and losses of the oracle."""
    rng = random.Random(S)
    points = [[rng.randint(-3, 3) for _ in range(2)] for _ in range(S)]
    labels = [rng.randint(-3, 3) for _ in range(S)]
    truth = [rng.randint(-3, 3) for _ in range(S)]
    gate = glm_tron.Gate(np.array(points, dtype=float), np.array(labels, float), np.array(truth, float), slope)
    trace = glm_tron.new_trace(np.zeros(2))
    X, y, sigma = naive.matrix(points), naive.vector(labels), naive.leaky_relu(slope)
    exact = naive.tron_iterates(X, y, sigma, 3, 0.125)
    glm_tron.advance(gate, trace, 0.125, 0, 3)
    np.testing.assert_allclose(trace.w, np.array(exact[3], dtype=float), rtol=1e-12, atol=1e-12)
    losses = [float(naive.empirical_loss(X, y, sigma, w)) for w in exact[:3]]
    risks = [float(naive.empirical_loss(X, naive.vector(truth), sigma, w)) for w in exact[:3]]
    np.testing.assert_allclose(trace.numbers[:4], [losses[0], risks[0], min(losses), min(risks)], atol=1e-12)
    assert losses[int(trace.numbers[4])] == pytest.approx(min(losses))


@pytest.mark.kernels
def test_a_look_changes_nothing() -> None:
    """No update: the numbers are those of the current iterate."""
    gate = glm_tron.Gate(np.array([[1.0]]), np.array([3.0]), np.array([2.0]), 0.0)
    trace = glm_tron.new_trace(np.array([1.0]))
    assert glm_tron.advance(gate, trace, 1.0, 7, 0)
    assert trace.w.tolist() == [1.0]
    assert trace.numbers.tolist() == [4.0, 1.0, 4.0, 1.0, 7.0]


@pytest.mark.kernels
def test_an_iterate_that_no_longer_changes_ends_the_call() -> None:
    """The label is reached; and a run in two calls is a run in one."""
    gate = glm_tron.Gate(np.array([[1.0]]), np.array([3.0]), np.array([3.0]), 1.0)
    trace = glm_tron.new_trace(np.zeros(1))
    assert glm_tron.advance(gate, trace, 1.0, 0, 1)
    assert not glm_tron.advance(gate, trace, 1.0, 1, 100)
    assert (trace.best.tolist(), trace.numbers[2], trace.numbers[4]) == ([3.0], 0.0, 1.0)


@pytest.mark.kernels
def test_numbers_that_overflow() -> None:
    """The best iterate stays finite, and divergence is not taken for convergence."""
    gate = glm_tron.Gate(np.array([[1.0]]), np.array([1.0]), np.array([1.0]), 1.0)
    trace = glm_tron.new_trace(np.zeros(1))
    with np.errstate(all="ignore"):
        assert glm_tron.advance(gate, trace, 1e200, 0, 5)
    assert not np.isfinite(trace.w).all()
    assert trace.best.tolist() == [0.0]
