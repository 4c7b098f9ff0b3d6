"""The engine of Algorithm 3: updates against exact arithmetic, the greatest distance, and the first exit."""

from __future__ import annotations

import random

import naive_training as naive
import numpy as np
import pytest

from relucomb_solvers import gate_descent

NONE = np.zeros((0, 1))


@pytest.mark.kernels
@pytest.mark.parametrize("S", [1, 4, 7])
@pytest.mark.parametrize("noisy", [False, True])
def test_updates_are_exact_on_integers(S: int, noisy: bool) -> None:
    """Iterates with and without noise, the losses of the first and the best, and the greatest distance."""
    rng = random.Random(S)
    points = [[rng.randint(-3, 3) for _ in range(2)] for _ in range(S)]
    labels = [rng.randint(-3, 3) for _ in range(S)]
    noises = [[[rng.randint(-2, 2) for _ in range(2)] for _ in range(4)] for _ in range(2)]
    X, y = naive.matrix(points), naive.vector(labels)
    exact = [naive.vector([1, -1])]
    for one, two in zip(*noises, strict=True):
        zero = [0, 0]
        exact.append(naive.noisy_step(X, y, exact[-1], 0.25, *map(naive.vector, (one, two) if noisy else (zero, zero))))
    trace = gate_descent.new_trace(np.array([1.0, -1.0]))
    target = np.array([2.0, 1.0])
    rows = [np.array(noise, dtype=float) if noisy else np.zeros((0, 2)) for noise in noises]
    columns = np.ascontiguousarray(np.array(points, dtype=float).T)
    gate_descent.advance(columns, np.array(labels, float), trace, target, np.full(4, 0.0625), rows[0], rows[1])
    np.testing.assert_allclose(trace.w, np.array(exact[-1], dtype=float), rtol=1e-12, atol=1e-12)
    losses = [float(naive.empirical_loss(X, y, naive.relu, w)) for w in exact[:4]]
    assert trace.numbers[0] == pytest.approx(losses[0])
    assert trace.numbers[1] == pytest.approx(min(losses))
    assert losses[int(trace.numbers[2])] == pytest.approx(min(losses))
    assert trace.numbers[3] == pytest.approx(float(max(naive.squared_distance(w, naive.vector([2, 1])) for w in exact)))


@pytest.mark.kernels
def test_the_first_exit() -> None:
    """The number of updates after which the radius was first exceeded; to be on it is to be inside."""
    steps, noise = np.ones(4), np.array([[1.0], [1.0], [-1.0], [1.0]])
    for radius, exit_at in ((0.5, 1), (1.0, 2), (1.5, 2), (2.0, -1)):
        trace = gate_descent.new_trace(np.zeros(1))
        found = gate_descent.advance(np.zeros((1, 1)), np.zeros(1), trace, np.zeros(1), steps, NONE, noise, 0, radius)
        assert found == exit_at
    trace = gate_descent.new_trace(np.zeros(1))
    assert gate_descent.advance(np.zeros((1, 1)), np.zeros(1), trace, np.zeros(1), steps, NONE, noise, 10, 0.5) == 11


@pytest.mark.kernels
def test_a_look_changes_nothing() -> None:
    """Without step sizes only the numbers are set."""
    trace = gate_descent.new_trace(np.array([1.0]))
    found = gate_descent.advance(
        np.array([[2.0]]), np.array([1.0]), trace, np.zeros(1), np.zeros(0), NONE, NONE, 5, 0.5
    )
    assert found == 5
    assert trace.w.tolist() == [1.0]
    assert trace.numbers.tolist() == [1.0, 1.0, 5.0, 1.0]


@pytest.mark.kernels
def test_numbers_that_overflow() -> None:
    """The greatest distance is infinite then, and stays so when iterates are no numbers any more."""
    columns, labels = np.array([[1.0, -1.0]]), np.zeros(2)
    trace = gate_descent.new_trace(np.ones(1))
    with np.errstate(all="ignore"):
        gate_descent.advance(columns, labels, trace, np.zeros(1), np.full(400, 1e3), NONE, NONE)
    assert not np.isfinite(trace.w).all()
    assert trace.numbers[3] == np.inf
    assert trace.best.tolist() == [1.0]
