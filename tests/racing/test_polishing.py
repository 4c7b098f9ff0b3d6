"""Tests of how a network is taken to the bottom of its basin."""

from __future__ import annotations

import numpy as np
import pytest

import relucomb as rc
from relucomb.precise_values import Units
from relucomb.racing.polishing import polisher

BIASES = [{"hidden_bias": hidden, "output_bias": output} for hidden in (True, False) for output in (True, False)]


def loss(units: Units, X: np.ndarray, y: np.ndarray) -> float:
    """Return the mean squared loss by the definition."""
    return float(np.mean((np.maximum(X @ units.weights.T + units.biases, 0) @ units.signs + units.constant - y) ** 2))


@pytest.mark.parametrize("biases", BIASES, ids=str)
def test_it_goes_downhill_and_tells_the_loss_of_what_it_returns(biases: dict[str, bool]) -> None:
    """From random networks, in the user's units."""
    X, y = rc.noise(23, 2, seed=1)
    X, y = 1e3 * X + 50, 1e-2 * y + 3
    polish = polisher(X, y, 2, **biases)
    for seed in range(10):
        random = np.random.default_rng(seed)
        shift = random.normal(size=2) * biases["hidden_bias"]
        start = Units(1e-5 * random.normal(size=(2, 2)), shift, np.array([1.0, -1.0]), 3.0 * biases["output_bias"])
        told, bottom = polish(start)
        assert told == pytest.approx(loss(bottom, X, y), rel=1e-7)
        assert told <= loss(start, X, y) * (1 + 1e-12)
        assert bottom.signs.tolist() == [1.0, -1.0]


@pytest.mark.parametrize("seed", range(6))
def test_no_way_leads_down_from_the_bottom(seed: int) -> None:
    """Not a small step in any of many random directions, even though some points lie on kinks."""
    X, y = rc.teacher(30, 2, 2, 0.3, seed)
    random = np.random.default_rng(seed)
    start = Units(random.normal(size=(2, 2)), random.normal(size=2), np.array([1.0, -1.0]), 0.0)
    told, bottom = polisher(X, y, 2, hidden_bias=True, output_bias=True)(start)
    for _ in range(300):
        turned = bottom._replace(
            weights=bottom.weights + 1e-5 * random.normal(size=(2, 2)),
            biases=bottom.biases + 1e-5 * random.normal(size=2),
            constant=bottom.constant + 1e-5 * random.normal(),
        )
        assert loss(turned, X, y) >= told * (1 - 1e-12)


def test_a_dead_unit_stays_dead() -> None:
    """A network whose units are off everywhere is at the bottom already."""
    X, y = np.array([[1.0], [2.0]]), np.array([1.0, 2.0])
    told, bottom = polisher(X, y, 1, hidden_bias=True, output_bias=False)(
        Units(np.array([[-1.0]]), np.array([0.0]), np.array([1.0]), 0.0)
    )
    assert told == pytest.approx(2.5)
    assert loss(bottom, X, y) == pytest.approx(2.5)
