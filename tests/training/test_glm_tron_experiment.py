"""GLM-Tron for all noises: Theorems 3.5.2, 3.5.3 and Corollary 3.5.4, as printed and corrected."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import naive_training as naive
import numpy as np
import pytest

from relucomb.training import corollary_3_5_4, gaussian_theta, leaky_relu, risk_experiment

POINTS = [[0.5, 0.5], [0.75, -0.5], [-1.0, 0.0]]


@pytest.mark.parametrize("slope", [0.0, 0.5])
def test_all_noises_against_exact_arithmetic(slope: float) -> None:
    """Least risks, last risks and last losses of all eight patterns of signs."""
    found = risk_experiment(POINTS, [1.0, 2.0], theta=0.25, eps=0.5, activation=leaky_relu(slope), updates=5)
    assert found.exhaustive
    X, target = naive.matrix(POINTS), naive.vector([1, 2])
    sigma = naive.leaky_relu(slope)
    for row, signs in enumerate(itertools.product((-1, 1), repeat=3)):
        labels = [a + Fraction(s, 4) for a, s in zip(naive.outputs(X, sigma, target), signs, strict=True)]
        iterates = naive.tron_iterates(X, labels, sigma, 5)
        risks = [naive.effective_loss(X, sigma, w, target) for w in iterates]
        assert found.least_risks[row] == pytest.approx(float(min(risks)))
        assert found.final_risks[row] == pytest.approx(float(risks[-1]))
        assert found.final_losses[row] == pytest.approx(float(naive.empirical_loss(X, labels, sigma, iterates[-1])))
    assert (found.noise_squares == 0.0625).all()


@pytest.mark.parametrize("noise", ["signs", "uniform", "adversarial"])
@pytest.mark.parametrize("theta", [0.0, 0.1, 1.0])
def test_the_corrected_theorem_holds(noise: str, theta: float) -> None:
    """For every noise that is tried some iterate has a risk below the threshold, and the mean loss its bound."""
    found = risk_experiment(POINTS, [1.5, 2.0], theta=theta, eps=0.0625, noise=noise, runs=50)
    assert found.T == 100
    assert found.theorem_3_5_2().holds
    assert found.theorem_3_5_3().holds


def test_the_counterexample_to_the_number_of_steps() -> None:
    """As printed 20 updates are too few; 200 are enough."""
    assert risk_experiment([[0.1]], [10.0], theta=0.0, eps=0.5).theorem_3_5_2().holds
    short = risk_experiment([[0.1]], [10.0], theta=0.0, eps=0.5, updates=19)
    assert not short.theorem_3_5_2().holds
    assert round(float(short.least_risks[0]), 7) == 0.6825546


def test_the_equality_of_the_source_is_false() -> None:
    """The iterate depends on the noise, so that the mean loss is not the sum of the two risks."""
    found = risk_experiment([[0.25], [-1.0]], [0.01], theta=1.0, eps=1e-6, updates=100)
    assert not found.theorem_3_5_3(published=True, fixed=True).holds
    term, error = found.dropped_term()
    assert abs(term) > 0.1
    assert error == 0


def test_the_dropped_term_of_the_source() -> None:
    """S = 20, n = 5, θ = 1/2, T = 200: about 0.04 on points of length 1, several errors away from 0."""
    random = np.random.default_rng(0)
    X = random.normal(size=(20, 5))
    X /= np.linalg.norm(X, axis=1)[:, None]
    w = np.full(5, 1 / math.sqrt(5))
    found = risk_experiment(X, w, theta=0.5, eps=0.5, noise="uniform", updates=199, runs=2000)
    term, error = found.dropped_term()
    assert abs(term) > 10 * error
    assert 0.02 < abs(term) < 0.08
    assert found.noise_squares.mean() == pytest.approx(1 / 12, rel=0.03)


def test_gaussian_noise_stays_within_theta() -> None:
    """The probability that all S do is 1 − δ."""
    theta = gaussian_theta(7, 2.0, 0.1)
    assert math.erf(theta / 2 / math.sqrt(2)) ** 7 == pytest.approx(0.9)
    assert not corollary_3_5_4(POINTS, [1.0, 2.0], deviation=0.1, delta=0.1, eps=0.1, runs=100).refuted


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": [[3.0, 4.0]]}, "X must have rows of norm at most 1; the greatest is 5"),
        ({"w_star": [1.0]}, "w_star has 1 entries"),
        ({"theta": -1.0}, "theta must be finite and not negative"),
        ({"eps": 0.0}, "eps is 0.0"),
        ({"eps": 1e-9}, "Theorem 3.5.2 then asks for more than 10,000,000 updates"),
        ({"activation": leaky_relu(2.0)}, "step · L · Lambda must be less than 2"),
        ({"noise": "gaussian"}, "noise is 'gaussian'; legal are 'signs', 'uniform', 'adversarial'"),
        ({"updates": -1}, "updates is -1"),
        ({"runs": 0}, "runs is 0"),
    ],
)
def test_arguments_that_are_refused(change: dict[str, Any], message: str) -> None:
    """The message names the argument."""
    arguments: dict[str, Any] = {"X": POINTS, "w_star": [1.0, 2.0], "theta": 0.1, "eps": 0.1} | change
    with pytest.raises(ValueError, match=message):
        risk_experiment(**arguments)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": [[3.0, 4.0]]}, "X must have rows of norm at most 1; the greatest is 5"),
        ({"deviation": 0.0}, "deviation is 0.0"),
        ({"delta": 1.0}, "delta is 1.0"),
        ({"eps": 0.0}, "eps is 0.0"),
        ({"eps": 1e-9}, "more than 10,000,000 updates"),
        ({"runs": 0}, "runs is 0"),
    ],
)
def test_what_the_corollary_refuses(change: dict[str, Any], message: str) -> None:
    """The theorem is not put to the test where it says nothing."""
    arguments: dict[str, Any] = {"X": POINTS, "w_star": [1.0, 2.0], "deviation": 0.1, "delta": 0.1, "eps": 0.1} | change
    with pytest.raises(ValueError, match=message):
        corollary_3_5_4(**arguments)
