"""Tests of standardised data: the same functions in other units."""

from __future__ import annotations

import naive_descent
import numpy as np
import pytest

from relucomb.networks import ReLUNetwork
from relucomb.racing.scaled_data import constant_loss, scale_data
from relucomb_solvers.network_descent import count_parameters

BIASES = [{"hidden_bias": hidden, "output_bias": output} for hidden in (True, False) for output in (True, False)]


def data(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return points and labels far from zero mean and unit size."""
    random = np.random.default_rng(seed)
    return random.normal([1e3, -2.0], [10.0, 1e-3], (12, 2)), 50.0 + 7.0 * random.normal(size=12)


@pytest.mark.parametrize("biases", BIASES, ids=str)
def test_a_network_has_the_same_loss_in_both_units(biases: dict[str, bool]) -> None:
    """Parameters in scaled units and the network in the user's units fit equally well."""
    X, y = data()
    scaled = scale_data(X, y, 3, **biases)
    parameters = np.random.default_rng(1).normal(size=count_parameters(scaled.problem))
    units = scaled.units(parameters)
    network = ReLUNetwork([units.weights, units.signs[None]], [units.biases, np.array([units.constant])])
    problem = scaled.problem
    loss = naive_descent.loss(problem.points.T, problem.targets, parameters.tolist(), 3)
    assert scaled.loss(loss) == pytest.approx(float(np.mean((network(X) - y) ** 2)), rel=1e-9)
    assert (np.diff(units.signs) <= 0).all()
    if not biases["hidden_bias"]:
        assert not units.biases.any()
    if not biases["output_bias"]:
        assert units.constant == 0


@pytest.mark.parametrize("biases", BIASES, ids=str)
def test_means_go_where_a_bias_gives_them_back(biases: dict[str, bool]) -> None:
    """Sizes become 1 in any case: the deviation, or without a bias the root of the mean square."""
    X, y = data()
    problem = scale_data(X, y, 1, **biases).problem
    np.testing.assert_allclose(np.mean(problem.points**2, axis=1), 1.0, rtol=1e-9)
    assert np.mean(problem.targets**2) == pytest.approx(1.0)
    assert (np.abs(problem.points[:2].mean(axis=1)) < 1e-6).all() == biases["hidden_bias"]
    assert bool(abs(problem.targets.mean()) < 1e-9) == biases["output_bias"]
    assert len(problem.points) == 2 + biases["hidden_bias"]


def test_columns_without_a_size() -> None:
    """A constant column becomes 0 with a hidden bias and 1 without; one of zeros stays."""
    X, y = np.array([[5.0, 0.0], [5.0, 0.0]]), np.array([1.0, 2.0])
    with_bias = scale_data(X, y, 1, hidden_bias=True, output_bias=False).problem
    without = scale_data(X, y, 1, hidden_bias=False, output_bias=False).problem
    assert with_bias.points.tolist() == [[0, 0], [0, 0], [1, 1]]
    assert without.points.tolist() == [[1, 1], [0, 0]]


def test_the_best_constant() -> None:
    """With any bias it is the mean, since a unit with weights 0 is a constant; without, it is 0."""
    y = np.array([1.0, 3.0])
    assert [constant_loss(y, **biases) for biases in BIASES] == [1.0, 1.0, 1.0, 5.0]
