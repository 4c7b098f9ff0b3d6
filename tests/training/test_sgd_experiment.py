"""Many runs of Algorithm 2: means against exact second moments, successes against the theorem."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import naive_training as naive
import numpy as np
import pytest

from relucomb.training import Discrete, Gaussian, StudentT, sgd_experiment

# mypy: disable-error-code="arg-type"


def test_values_of_the_source() -> None:
    """2000 runs on the Gaussian in three dimensions: all succeed, with a mean square far below the bound 4.853e-4."""
    found = sgd_experiment(Gaussian.standard(3), [1, -2, 0.5], eps=0.1, delta=0.05, runs=2000)
    assert found.schedule.T == len(found.mean_squares) == 275
    assert found.success().hits == 2000
    assert found.bound[-1] == pytest.approx(4.853e-4, rel=1e-3)
    assert found.mean_squares[-1] < 1e-5
    assert (found.mean_squares <= found.bound).all()
    assert found.mean_squares[-1] == pytest.approx(found.final_squares.mean())


def test_as_printed_the_promise_is_broken() -> None:
    """Ten steps are too few, and the runs say so."""
    found = sgd_experiment(Gaussian.standard(3), [1, -2, 0.5], runs=200, variant="published")
    assert found.success().refuted
    assert found.success().published


@pytest.mark.parametrize("variant", ["corrected", "sharp"])
def test_means_are_the_exact_second_moments(variant: str) -> None:
    """Of a law of four points, after each of the first steps: within five standard errors of the oracle's."""
    points, target = [[1, 0], [1, 1], [-1, 2], [0, -1]], [1, 2]
    found = sgd_experiment(Discrete(points), target, eps=0.2, delta=0.2, runs=4000, variant=variant, most_updates=10**6)
    law = naive.uniform_law(naive.matrix(points))
    exact = naive.second_moments(law, naive.vector(target), naive.vector([0, 0]), Fraction(found.schedule.step_size), 8)
    distance = np.abs(found.mean_squares[:9] - np.array(exact, dtype=float))
    assert (distance <= 5 * found.standard_errors[:9] + 1e-9).all()
    assert found.standard_errors[0] == pytest.approx(0, abs=1e-6)


def test_blocks_do_not_matter_to_the_shape() -> None:
    """Runs and steps are all there, whatever is held at a time; equal seeds give equal runs."""
    first, second = (sgd_experiment(Gaussian.standard(2), [1, 1], runs=3, seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.mean_squares, second.mean_squares)
    other = sgd_experiment(Gaussian.standard(2), [1, 1], runs=3, seed=6)
    assert not np.array_equal(first.final_squares, other.final_squares)


def test_a_start_that_is_good_enough() -> None:
    """No update is made, and every run succeeds."""
    found = sgd_experiment(Gaussian.standard(2), [1, 1], w_1=[1, 1], runs=5)
    assert len(found.mean_squares) == 1
    assert found.success().hits == 5


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"law": StudentT(2, 3.0)}, ValueError, "law does not satisfy the theorem: fails    E‖x‖⁴ exists"),
        ({"most_updates": 10}, ValueError, "the theorem asks for .* updates; legal are at most most_updates = 10"),
        ({"runs": 1}, ValueError, "runs is 1; legal is a whole number from 2 up"),
        ({"runs": 2.5}, TypeError, "runs is 2.5"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"w_star": [1]}, ValueError, "w_star has 1 entries"),
        ({"variant": "best"}, ValueError, "variant is 'best'"),
    ],
)
def test_arguments_that_are_refused(change: dict[str, Any], error: type[Exception], message: str) -> None:
    """The message names the argument, or the condition that fails."""
    arguments: dict[str, Any] = {"law": Gaussian.standard(2), "w_star": [1, 1]} | change
    with pytest.raises(error, match=message):
        sgd_experiment(**arguments)
