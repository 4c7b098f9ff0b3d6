"""Tests of single runs of the usual optimisers: trajectories, starts, endings, and what is refused."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import naive_descent
import numpy as np
import pytest

import relucomb as rc
from relucomb.training import network_descent as module
from relucomb.training.network_descent import (
    adam,
    gradient_descent,
    lbfgs,
    minimise,
    noisy_network_descent,
    stochastic_gradient_descent,
)
from relucomb_solvers import network_descent as engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from relucomb.training.result import TrainingResult

X, Y = rc.teacher(12, 2, 2, 0.1, seed=3)
START = rc.ReLUNetwork([[[1.0, 0.5], [-0.5, 1.0]], [[1.0, -1.0]]], [[0.25, 0.5], [0.0]])
ROWS = np.column_stack([X, np.ones(len(X))]).tolist()
PARAMETERS = [1.0, 0.5, 0.25, -0.5, 1.0, 0.5, 1.0, -1.0]

ALL: dict[str, Callable[..., TrainingResult]] = {
    "gd": partial(gradient_descent, step_size=0.05),
    "sgd": partial(stochastic_gradient_descent, step_size=0.05, batch=3),
    "adam": adam,
    "adam on batches": partial(adam, batch=5),
    "noise": partial(noisy_network_descent, step_size=0.05),
    "l-bfgs": lbfgs,
}


def test_gradient_descent_is_the_literal_loop() -> None:
    """Every iterate and every loss, from a network that is given, with the data as they are."""
    run = gradient_descent(X, Y, 2, steps=30, step_size=0.05, start=START)
    expected = naive_descent.gradient_descent(ROWS, Y.tolist(), PARAMETERS, 2, 30, 0.05)
    np.testing.assert_allclose(run.trajectory, expected, rtol=1e-10)
    np.testing.assert_allclose(run.losses, [naive_descent.loss(ROWS, Y.tolist(), row, 2) for row in expected])
    assert run.steps.tolist() == list(range(31))


def test_adam_is_the_literal_loop() -> None:
    """Every iterate."""
    run = adam(X, Y, 2, steps=30, step_size=0.02, start=START)
    expected = naive_descent.adam(ROWS, Y.tolist(), PARAMETERS, 2, 30, 0.02)
    np.testing.assert_allclose(run.trajectory, expected, rtol=1e-9)


@pytest.mark.parametrize("name", ALL)
def test_the_network_is_the_best_iterate(name: str) -> None:
    """Its loss on the data is the best loss, which is that of no recorded iterate below; a seed gives one result."""
    run = ALL[name](X, Y, 2, steps=300, output_bias=True, seed=4)
    assert run.network is not None
    assert float(np.mean((run.network(X) - Y) ** 2)) == pytest.approx(run.best_loss, rel=1e-9)
    assert run.best_loss <= run.losses.min() * (1 + 1e-12)
    assert run.best_loss < run.losses[0]
    assert 0 < run.best_step <= run.updates
    assert run.parameters.tolist() == run.trajectory[-1].tolist()
    assert len(run.best) == 9
    again = ALL[name](X, Y, 2, steps=300, output_bias=True, seed=4)
    assert again.trajectory.tolist() == run.trajectory.tolist()
    other = ALL[name](X, Y, 2, steps=300, output_bias=True, seed=5)
    assert other.trajectory.tolist() != run.trajectory.tolist()


@pytest.mark.parametrize("name", ALL)
def test_what_is_recorded_does_not_change_the_run(name: str) -> None:
    """A thinned trajectory is a part of the whole one, and both ends are there."""
    whole, thin = (ALL[name](X, Y, 2, steps=200, record=record) for record in (1000, 5))
    assert len(thin.steps) <= 6
    assert (thin.steps[0], thin.steps[-1]) == (0, whole.steps[-1])
    places = np.searchsorted(whole.steps, thin.steps)
    assert whole.trajectory[places].tolist() == thin.trajectory.tolist()
    assert whole.best_loss <= thin.best_loss


@pytest.mark.parametrize("biases", [{}, {"output_bias": True}, {"hidden_bias": False}], ids=str)
def test_biases(biases: dict[str, bool]) -> None:
    """There are as many parameters as the class has, and what it has not is 0."""
    run = gradient_descent(X, Y, 2, steps=50, **biases)
    assert run.network is not None
    assert len(run.best) == {(): 8, ("output_bias",): 9, ("hidden_bias",): 6}[tuple(biases)]
    assert run.network.biases[0].any() == biases.get("hidden_bias", True)
    assert run.network.biases[1].any() == biases.get("output_bias", False)


@pytest.mark.parametrize("name", ["gd", "sgd"])
def test_divergence_is_an_ending(name: str) -> None:
    """No exception, no warning; the best iterate before is a network."""
    run = ALL[name](X, Y, 2, steps=2000, **{"step_size": 1e5})
    assert run.termination == "diverged"
    assert run.updates < 2000
    assert np.isfinite(run.trajectory).all()
    assert run.network is not None


def test_labels_whose_squares_overflow() -> None:
    """The first loss is no number already, so that there is no best network."""
    for train in (gradient_descent, adam, lbfgs):
        run = train(X, 1e200 * Y, 2, steps=10)
        assert run.termination == "diverged"
        assert run.network is None
        assert run.updates == 0


def test_a_dead_start_converges_at_once() -> None:
    """All units are off at all points, so the gradient is 0."""
    dead = rc.ReLUNetwork([[[-1.0]], [[1.0]]], [[0.0], [0.0]])
    run = gradient_descent([[1], [2]], [1, 2], 1, steps=100, start=dead)
    assert (run.termination == "converged", run.updates) == (True, 1)


@pytest.mark.parametrize("name", ALL)
def test_the_callback_can_stop(name: str) -> None:
    """It sees the recorded iterates and ends the run at one of them."""
    seen = []

    def look(step: int, parameters: Any) -> bool:
        seen.append((step, parameters.tolist()))
        return len(seen) == 3

    run = ALL[name](X, Y, 2, steps=100, callback=look)
    assert run.termination == "callback"
    assert run.updates == seen[-1][0] == 2
    assert [row.tolist() for row in run.trajectory] == [parameters for _, parameters in seen]


@pytest.mark.parametrize("name", ALL)
def test_ctrl_c_keeps_the_steps_so_far(name: str) -> None:
    """The trajectory up to there, and the best network of it."""

    def look(step: int, _: Any) -> None:
        if step == 4:
            raise KeyboardInterrupt

    run = ALL[name](X, Y, 2, steps=100, callback=look)
    assert run.termination == "interrupted"
    assert run.updates == 4
    assert run.network is not None


def test_a_falling_step_size_is_not_one_number() -> None:
    """The result says NaN."""
    assert gradient_descent(X, Y, 1, steps=5, step_size=0.1).step_size == 0.1
    assert np.isnan(gradient_descent(X, Y, 1, steps=5, schedule="linear").step_size)


def test_minimise_keeps_the_best_it_saw() -> None:
    """Also if the look stops it."""
    problem = engine.Problem(np.ascontiguousarray(np.array(ROWS).T), Y, 2, False)
    found = minimise(problem, np.array(PARAMETERS), 100, lambda step, *_: step == 3)
    assert found.updates == 3
    assert str(found.termination) == "interrupted"
    assert found.loss == pytest.approx(engine.objective(problem)(found.parameters)[0])
    full = minimise(problem, np.array(PARAMETERS), 1000)
    assert str(full.termination) == "converged"
    assert full.loss <= found.loss


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"X": []}, "X"),
        ({"X": [[np.nan, 1.0]] * 12}, "X"),
        ({"y": [1.0]}, "X has 12 points but y has 1"),
        ({"y": np.zeros((12, 2))}, "y"),
        ({"width": 0}, "width is 0"),
        ({"steps": 0}, "steps is 0"),
        ({"step_size": -1.0}, "step_size is -1.0"),
        ({"step_size": np.inf}, "step_size is inf"),
        ({"schedule": "square"}, "schedule is 'square'; legal are 'constant', 'linear', 'cosine'"),
        ({"seed": -1}, "seed is -1"),
        ({"record": 1}, "record is 1"),
        ({"start": rc.ReLUNetwork([[[1.0]], [[1.0]]], [[0.0], [0.0]])}, "start has widths 1-1-1; legal are 2-2-1"),
        ({"start": START, "hidden_bias": False}, "start has hidden biases that are not 0"),
        ({"start": START + 1}, "start has"),
    ],
)
def test_wrong_input_is_refused(changed: dict[str, Any], message: str) -> None:
    """The message names the argument, what it got, and what is legal."""
    with pytest.raises(ValueError, match=message):
        gradient_descent(**{"X": X, "y": Y, "width": 2, **changed})


def test_other_arguments_are_checked_too() -> None:
    """Batches, means of Adam, noise, and the type of a start."""
    for call, message in (
        (partial(stochastic_gradient_descent, batch=0), "batch is 0"),
        (partial(adam, batch=-1), "batch is -1"),
        (partial(adam, beta1=1.0), "beta1 is 1.0"),
        (partial(adam, beta2=0.0), "beta2 is 0.0"),
        (partial(noisy_network_descent, ball=-0.1), "ball is -0.1"),
        (partial(noisy_network_descent, gaussian=np.nan), "gaussian is nan"),
    ):
        with pytest.raises(ValueError, match=message):
            call(X, Y, 2)
    with pytest.raises(TypeError, match="start is a list; legal is a ReLUNetwork"):
        lbfgs(X, Y, 2, start=[1.0])  # type: ignore[arg-type]
    assert module.ENDS[engine.DIVERGED] == "diverged"


def test_no_noise_is_gradient_descent() -> None:
    """Step by step."""
    quiet = noisy_network_descent(X, Y, 2, ball=0, gaussian=0, steps=20)
    assert quiet.trajectory.tolist() == gradient_descent(X, Y, 2, steps=20).trajectory.tolist()
