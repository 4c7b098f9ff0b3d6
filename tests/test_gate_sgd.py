"""The engine of Algorithm 2: single runs and many at once, against exact arithmetic."""

from __future__ import annotations

import random

import naive_training as naive
import numpy as np
import pytest

from relucomb_solvers import gate_sgd


@pytest.mark.kernels
@pytest.mark.parametrize("n", [1, 3])
def test_updates_are_exact_on_integers(n: int) -> None:
    """In the order given, rows may repeat; the number of positive labels is returned."""
    rng = random.Random(n)
    points = [[rng.randint(-3, 3) for _ in range(n)] for _ in range(5)]
    target = naive.vector([rng.randint(-3, 3) for _ in range(n)])
    labels = naive.outputs(naive.matrix(points), naive.relu, target)
    order = np.array([rng.randrange(5) for _ in range(12)])
    w = np.zeros(n)
    moved = gate_sgd.stream(np.array(points, float), np.array(labels, float), order, w, 0.0625)
    exact = naive.modified_sgd(naive.vector([0] * n), [naive.vector(points[i]) for i in order], target, 0.0625)
    np.testing.assert_allclose(w, np.array(exact[-1], dtype=float), rtol=1e-9, atol=1e-12)
    assert moved == sum(labels[i] > 0 for i in order)


@pytest.mark.kernels
def test_many_runs_are_single_runs() -> None:
    """Iterates are those of one run after the other, squares those of the distances before and after each update."""
    rng = np.random.default_rng(0)
    points, target = rng.integers(-3, 4, (6, 2)).astype(float), np.array([1.0, -1.0])
    labels = np.maximum(points @ target, 0.0)
    orders = rng.integers(0, 6, (3, 5))
    w, squares = rng.normal(size=(3, 2)), np.empty((3, 6))
    alone = w.copy()
    gate_sgd.stream_many(points, labels, orders, w, 0.05, target, squares)
    for run in range(3):
        assert squares[run, 0] == pytest.approx(np.sum((alone[run] - target) ** 2))
        for t in range(5):
            gate_sgd.stream(points, labels, orders[run, t : t + 1], alone[run], 0.05)
            assert squares[run, t + 1] == pytest.approx(np.sum((alone[run] - target) ** 2))
    np.testing.assert_allclose(w, alone, rtol=1e-12)


@pytest.mark.kernels
def test_plain_steps_ask_the_iterate() -> None:
    """Where the gate is on, kink included, and not where the label is positive."""
    points, labels = np.array([[1.0], [-1.0]]), np.array([2.0, -1.0])
    w = np.array([0.0])
    gate_sgd.descend(points, labels, np.array([1, 0, 1]), w, 0.5)
    # at -1: 0 >= 0, error -1, w = 1/2; at 1: error 3/2, w = 5/4; at -1 the gate is off
    assert w.tolist() == [1.25]


@pytest.mark.kernels
def test_no_updates() -> None:
    """Nothing moves."""
    w = np.ones(1)
    assert gate_sgd.stream(np.ones((1, 1)), np.ones(1), np.zeros(0, np.int64), w, 1.0) == 0
    assert w.tolist() == [1.0]
