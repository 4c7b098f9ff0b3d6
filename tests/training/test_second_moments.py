"""Exact mean squares of Algorithm 2: against all sequences of points, closed forms, and simulation."""

# mypy: disable-error-code="arg-type"
# lists are legal where arrays are declared

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from relucomb.training import (
    Discrete,
    Gaussian,
    StudentT,
    UniformBall,
    UniformBox,
    expected_squares,
    relu_sgd_schedule,
    sgd_experiment,
)
from relucomb_solvers import gate_sgd

LAW = Discrete([[1, 0], [1, 1], [0, -1], [-1, 2]], [0.4, 0.3, 0.2, 0.1])


def test_all_sequences_of_points() -> None:
    """The mean over all 4³ sequences of points, each with its probability, is what the recursion says."""
    w_star, step, steps = np.array([1.0, 2.0]), 0.3, 3
    points, shares = LAW.points, np.asarray(LAW.probabilities)
    labels = np.maximum(points @ w_star, 0.0)
    mean = 0.0
    for order in itertools.product(range(4), repeat=steps):
        w = np.zeros(2)
        gate_sgd.stream(points, labels, np.array(order), w, step)
        mean += float(np.prod(shares[list(order)]) * np.sum((w - w_star) ** 2))
    assert expected_squares(LAW, w_star, step=step, steps=steps)[-1] == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_sharp_contraction_is_exact_for_gaussian_points(n: int) -> None:
    """Every step leaves 1 − 1/(2(n + 2)) of the mean square."""
    w_star = np.arange(1.0, n + 1)
    squares = expected_squares(Gaussian.standard(n), w_star, step=1 / (n + 2), steps=6)
    assert squares == pytest.approx(w_star @ w_star * (1 - 1 / (2 * (n + 2))) ** np.arange(7))


@pytest.mark.parametrize(
    "law", [UniformBall(3), UniformBall(3, surface=True), StudentT(3, 9.0), Gaussian(np.diag([1.0, 2.0, 3.0]))]
)
def test_formulas_agree_with_a_finite_sample_of_the_law(law: Any) -> None:
    """A large sample of a law, as a finite law of its own, has nearly the same mean squares."""
    sample = law.sample(np.random.default_rng(0), 40_000)
    w_star = [1.0, -1.0, 0.5]
    exact = expected_squares(law, w_star, step=0.1, steps=10)
    near = expected_squares(Discrete(np.vstack([sample, -sample])), w_star, step=0.1, steps=10)
    assert near == pytest.approx(exact, rel=0.02)


@pytest.mark.parametrize("variant", ["corrected", "sharp"])
def test_the_theorem_bounds_the_exact_mean(variant: str) -> None:
    """For the step size of the theorem, at every step."""
    plan = relu_sgd_schedule(LAW, [1.0, 2.0], eps=0.1, delta=0.1, variant=variant)
    squares = expected_squares(LAW, [1.0, 2.0], step=plan.step_size, steps=50)
    assert (squares <= plan.bound(np.arange(51)) * (1 + 1e-12)).all()


def test_simulated_means_are_near() -> None:
    """The mean of many runs is within five standard errors."""
    found = sgd_experiment(Gaussian.standard(2), [1.0, 1.0], eps=0.5, runs=4000)
    exact = expected_squares(
        Gaussian.standard(2), [1.0, 1.0], step=found.schedule.step_size, steps=len(found.mean_squares) - 1
    )
    assert (np.abs(found.mean_squares - exact) <= 5 * found.standard_errors + 1e-12).all()


def test_no_formula_is_refused() -> None:
    """A box has none, and a law without a fourth moment has no mean square."""
    with pytest.raises(ValueError, match="law is UniformBox; legal are"):
        expected_squares(UniformBox([-1.0], [1.0]), [1.0], step=0.1, steps=1)
    with pytest.raises(ValueError, match="law is StudentT; legal are"):
        expected_squares(StudentT(1, 3.0), [1.0], step=0.1, steps=1)


def test_where_no_label_is_positive_nothing_moves() -> None:
    """The gate is 0, and so is every step."""
    assert expected_squares(Gaussian.standard(2), [0, 0], step=0.5, steps=3, w_1=[3, 4]).tolist() == [25.0] * 4
