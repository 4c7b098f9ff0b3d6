"""Theorem 3.3.1: the schedule, contractions against exact second moments, and laws that do not satisfy it."""

# mypy: disable-error-code="arg-type"
# lists are legal where arrays are declared

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import naive_training as naive
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from relucomb.training import (
    Discrete,
    Gaussian,
    StudentT,
    TruncatedMoments,
    UniformBall,
    UniformBox,
    moments_of_points,
    relu_sgd_schedule,
    theorem_3_3_1_contraction,
    theorem_3_3_1_moments,
)
from relucomb.training.sgd_schedule import best_step, contraction_of, one_step, step_hypothesis

W = [1, -2, 0.5]
POINTS = st.lists(st.lists(st.integers(-2, 2), min_size=2, max_size=2), min_size=2, max_size=5)
VECTOR = st.lists(st.integers(-2, 2), min_size=2, max_size=2)


def test_values_of_the_source() -> None:
    """The Gaussian in three dimensions: η = 1/15, contraction 29/30, 275 iterates; the sharpened theorem needs 89."""
    found = relu_sgd_schedule(Gaussian.standard(3), W, eps=0.1, delta=0.05)
    assert found.step_size == pytest.approx(1 / 15)
    assert found.contraction == pytest.approx(29 / 30)
    assert (found.T, found.start, found.certified) == (275, 5.25, True)
    assert relu_sgd_schedule(Gaussian.standard(3), W, eps=0.1, delta=0.05, variant="sharp").T == 89


@pytest.mark.parametrize("n", [1, 2, 7])
def test_gaussians_of_every_dimension(n: int) -> None:
    """η = 1/(n(n + 2)), contraction 1 − 1/(2n(n + 2)); the sharpened step is 1/(n + 2)."""
    w = np.ones(n)
    found = relu_sgd_schedule(Gaussian.standard(n), w, eps=0.5, delta=0.5)
    sharp = relu_sgd_schedule(Gaussian.standard(n), w, eps=0.5, delta=0.5, variant="sharp")
    assert found.step_size == pytest.approx(1 / (n * (n + 2)))
    assert found.contraction == pytest.approx(1 - 1 / (2 * n * (n + 2)))
    assert sharp.step_size == pytest.approx(1 / (n + 2))
    assert sharp.contraction == pytest.approx(1 - 1 / (2 * (n + 2)))


@pytest.mark.parametrize("alpha", [-0.25, -8.0])
def test_alpha_only_scales_the_step(alpha: float) -> None:
    """η |α| stays what it is, and so does everything else."""
    found = relu_sgd_schedule(Gaussian.standard(3), W, eps=0.1, delta=0.05, alpha=alpha)
    assert found.step_size * -alpha == pytest.approx(1 / 15)
    assert found.T == 275


@given(POINTS, VECTOR, VECTOR, st.sampled_from(["corrected", "sharp"]))
def test_contraction_bounds_the_exact_second_moments(
    points: list[list[int]], target: list[int], start: list[int], variant: str
) -> None:
    """After every number of updates, E‖w_t − w*‖² of the oracle is at most the bound; one step is exact."""
    law = naive.uniform_law(naive.matrix(points))
    moments = Discrete(np.array(points, dtype=float)).truncated_moments(np.array(target, dtype=float))
    assume(moments.smallest_eigenvalue > 1e-6)
    plan = relu_sgd_schedule(moments, target, eps=0.5, delta=0.5, w_1=start, variant=variant)
    assert plan.certified
    exact = naive.second_moments(law, naive.vector(target), naive.vector(start), Fraction(plan.step_size), 6)
    assert (np.array(exact, dtype=float) <= plan.bound(np.arange(7)) * (1 + 1e-9) + 1e-15).all()
    error = np.array(start, dtype=float) - np.array(target, dtype=float)
    assert one_step(moments, plan.step_size, error) == pytest.approx(float(exact[1]), abs=1e-12)
    check = theorem_3_3_1_contraction(moments, error, sharp=variant == "sharp")
    assert float(check.left) <= float(check.right) * (1 + 1e-9) + 1e-15
    assert theorem_3_3_1_moments(moments).holds or moments.fourth == pytest.approx(4 * moments.smallest_eigenvalue**2)


@given(POINTS, VECTOR, st.integers(1, 12).map(lambda k: k / 32))
def test_contraction_of_any_step_is_the_worst_of_all_errors(
    points: list[list[int]], target: list[int], step: float
) -> None:
    """It is an eigenvalue: reached by one error, exceeded by none."""
    moments = Discrete(np.array(points, dtype=float)).truncated_moments(np.array(target, dtype=float))
    worst = contraction_of(moments, step)
    angles = np.linspace(0, math.pi, 721)
    values = [one_step(moments, step, np.array([math.cos(a), math.sin(a)])) for a in angles]
    assert max(values) <= worst + 1e-12
    assert max(values) >= worst - 1e-3 * (1 + abs(worst))


def test_the_least_number_of_iterates() -> None:
    """T is the first whose bound is at most ε²δ, and 1 if the start is good enough."""
    law = Gaussian.standard(2)
    for eps in (0.3, 0.01, 1e-5):
        plan = relu_sgd_schedule(law, [1, 1], eps=eps, delta=0.25)
        assert plan.T is not None
        low, high = plan.bound(np.array([plan.T - 1, plan.T - 2]))
        assert low <= eps**2 * 0.25 * (1 + 1e-9)
        assert high > eps**2 * 0.25
    assert relu_sgd_schedule(law, [1, 1], eps=9, delta=0.25).T == 1
    assert relu_sgd_schedule(law, [1, 1], w_1=[1, 1], eps=0.1, delta=0.25).T == 1


def test_as_printed_the_number_of_steps_is_too_small() -> None:
    """log(‖w_1 − w*‖²/(ε²δ)) without its constant."""
    plan = relu_sgd_schedule(Gaussian.standard(3), W, eps=0.1, delta=0.05, variant="published")
    assert math.ceil(math.log(5.25 / (0.01 * 0.05))) == plan.T
    assert relu_sgd_schedule(Gaussian.standard(3), W, w_1=W, eps=0.1, delta=0.05, variant="published").T == 1


@pytest.mark.parametrize("spread", [1e-6, 1e-9, 1e-11])
def test_a_contraction_that_is_one_as_a_float(spread: float) -> None:
    """The number of steps is counted from what is left of 1, and is none if nobody makes so many."""
    plan = relu_sgd_schedule(Gaussian(np.diag([1.0, spread])), [1, 1], eps=0.1, delta=0.1)
    assert plan.certified
    assert plan.T is None or plan.T > 1e10


def test_estimated_moments_enter_with_their_errors() -> None:
    """The step is shorter and the number of steps greater than with exact ones."""
    law = UniformBox([-1.0, -2.0], [2.0, 1.0])
    plan = relu_sgd_schedule(law, [1, 1], eps=0.1, delta=0.1, samples=200_000)
    assert plan.moments.confidence == 0.95
    better = TruncatedMoments(plan.moments.covariance, plan.moments.fourth, plan.moments.weighted, 0.5)
    exact = relu_sgd_schedule(better, [1, 1], eps=0.1, delta=0.1)
    assert exact.T is not None
    assert plan.T is not None
    assert plan.T > exact.T
    assert best_step(plan.moments, sharp=True) == best_step(plan.moments, sharp=False)
    assert contraction_of(plan.moments, plan.step_size) == pytest.approx(plan.contraction)


@pytest.mark.parametrize(
    ("law", "w", "failing"),
    [
        (StudentT(2, 3.0), [1, 1], "E‖x‖⁴ exists"),
        (Gaussian([[1.0, 1.0], [1.0, 1.0]]), [1, 0], "E[1{w*·x>0} x xᵀ] is positive definite"),
        (Gaussian.standard(2), [0, 0], "E[1{w*·x>0} x xᵀ] is positive definite"),
        (UniformBox([0.0, 0.0], [1.0, 1.0]), [-1, -1], "E[1{w*·x>0} x xᵀ] is positive definite"),
    ],
)
@pytest.mark.parametrize("variant", ["corrected", "sharp", "published"])
def test_laws_without_a_schedule(law: Any, w: list[int], failing: str, variant: str) -> None:
    """Heavy tails and singular covariances: no step, no number of steps, and the reason."""
    plan = relu_sgd_schedule(law, w, eps=0.1, delta=0.1, variant=variant)
    assert (plan.step_size, plan.contraction, plan.T, plan.certified) == (0.0, 1.0, None, False)
    assert [entry.statement for entry in plan.hypotheses if not entry.holds] == [failing]


@given(st.integers(1, 64).map(lambda k: k / 32))
def test_step_hypothesis(step: float) -> None:
    """For the standard Gaussian steps up to 2/(n + 2) contract."""
    moments = UniformBall(2, surface=True).truncated_moments(np.ones(2))
    assert moments is not None
    assert step_hypothesis(moments, step, -1.0).holds is (step < 2)
    assert step_hypothesis(moments, step / 4, -4.0).holds is (step < 2)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"eps": 0.0}, ValueError, "eps is 0.0"),
        ({"eps": "a"}, TypeError, "eps is 'a'"),
        ({"delta": 1.0}, ValueError, "delta is 1.0; legal is a number between 0 and 1"),
        ({"alpha": 0.0}, ValueError, "alpha must be a negative finite number"),
        ({"alpha": -math.inf}, ValueError, "alpha must be a negative finite number"),
        ({"variant": "best"}, ValueError, "variant is 'best'"),
        ({"w_star": [1.0]}, ValueError, "w_star has 1 entries; there must be 3"),
        ({"w_1": [1.0]}, ValueError, "w_1 has 1 entries; there must be 3"),
        ({"w_star": [1e200, 0, 0]}, ValueError, "w_star is so far from w_1"),
    ],
)
def test_arguments_that_are_refused(change: dict[str, Any], error: type[Exception], message: str) -> None:
    """The message names the argument."""
    arguments: dict[str, Any] = {"law": Gaussian.standard(3), "w_star": W, "eps": 0.1, "delta": 0.05} | change
    with pytest.raises(error, match=message):
        relu_sgd_schedule(**arguments)


def test_an_error_of_a_wrong_length() -> None:
    """It is named."""
    moments = moments_of_points(np.eye(2), np.array([True, True]))
    with pytest.raises(ValueError, match="error has 3 entries; there must be 2"):
        theorem_3_3_1_contraction(moments, [1, 2, 3])


def test_published_is_a_variant() -> None:
    """The flag that other theorems have does the same here."""
    law = Gaussian.standard(2)
    flagged = relu_sgd_schedule(law, [1.0, 1.0], eps=0.1, delta=0.1, published=True)
    assert (flagged.variant, flagged.T) == ("published", 8)
