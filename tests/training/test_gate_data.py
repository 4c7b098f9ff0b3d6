"""Data of a gate: labels, noise, the unit ball, seeds."""

# mypy: disable-error-code="arg-type"
# lists are legal where arrays are declared

from __future__ import annotations

import numpy as np
import pytest

from relucomb.training import Discrete, Gaussian, StudentT, gate_data, glm_tron


def test_labels_without_noise_are_the_gates() -> None:
    """For every activation."""
    X, y = gate_data(Gaussian.standard(2), [1, -1], 30, activation="leaky-relu")
    z = X @ [1, -1]
    assert (y == np.where(z >= 0, z, 0.01 * z)).all()


@pytest.mark.parametrize("noise", ["uniform", "signs", "adversarial"])
def test_bounded_noise_is_bounded_and_glm_tron_keeps_its_bounds(noise: str) -> None:
    """|ξ| ≤ θ, points in the unit ball, and all bounds of the run hold."""
    X, y = gate_data(StudentT(3, 3.0), [1, 2, -1], 40, noise=noise, theta=0.2, unit_ball=True, seed=3)
    assert np.abs(y - np.maximum(X @ [1, 2, -1], 0)).max() <= 0.2 * (1 + 1e-12)
    run = glm_tron(X, y, w_star=[1, 2, -1], steps=300)
    assert run.certified
    assert all(bound.holds for bound in run.bounds)


def test_the_adversary_is_worse_than_chance() -> None:
    """Its push on GLM-Tron is longer than that of nearly all random signs."""
    law = Gaussian.standard(4)
    X, y = gate_data(law, np.ones(4), 60, noise="adversarial", theta=1.0)
    push = np.linalg.norm((y - np.maximum(X @ np.ones(4), 0)) @ X)
    signs = np.random.default_rng(1).choice([-1.0, 1.0], (2000, 60))
    assert push >= np.linalg.norm(signs @ X, axis=1).max()


def test_a_seed_gives_the_same_data() -> None:
    """And another seed others."""
    law = Gaussian.standard(2)
    first, again, other = (gate_data(law, [1, 1], 5, noise="gaussian", theta=1.0, seed=seed) for seed in (1, 1, 2))
    assert (first[0] == again[0]).all()
    assert (first[1] == again[1]).all()
    assert (first[0] != other[0]).any()


def test_points_that_are_all_zero_stay_zero() -> None:
    """There is no norm to divide by."""
    X, y = gate_data(Discrete([[0.0, 0.0]]), [1, 1], 3, unit_ball=True)
    assert not X.any()
    assert not y.any()


def test_bad_input_is_refused() -> None:
    """The argument is named."""
    with pytest.raises(ValueError, match="count is 0"):
        gate_data(Gaussian.standard(1), [1], 0)
    with pytest.raises(ValueError, match="w_star has 2 entries"):
        gate_data(Gaussian.standard(1), [1, 1], 3)
    with pytest.raises(ValueError, match="kind is 'loud'"):
        gate_data(Gaussian.standard(1), [1], 3, noise="loud", theta=1.0)
