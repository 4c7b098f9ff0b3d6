"""Tests of many runs of one optimiser: they depend on their seeds and on nothing else, and can be stopped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import relucomb as rc
from relucomb.racing import runs as module
from relucomb.racing.competitors import COMPETITORS
from relucomb.racing.runs import Run, run_seed, run_seeds
from relucomb.racing.scaled_data import scale_data
from relucomb.training.result import Termination
from relucomb_solvers.network_descent import Problem, objective


def problem(width: int = 2) -> Problem:
    """Return a small problem."""
    X, y = rc.teacher(20, 2, width, 0.3, seed=5)
    return scale_data(X, y, width, hidden_bias=True, output_bias=True).problem


def short(name: str, steps: int = 200) -> module.Competitor:
    """Return an optimiser that makes few steps."""
    return replace(COMPETITORS[name], steps=steps)


@pytest.mark.parametrize("name", ["gd", "sgd", "adam", "l-bfgs", "noisy-gd"])
def test_runs_depend_on_their_seed_only(name: str) -> None:
    """Not on the number of threads, nor on which other seeds run, nor on their order."""
    given = problem()
    one, _ = run_seeds(given, short(name), range(6), 2, 1)
    three, _ = run_seeds(given, short(name), [5, 3, 1], 2, 3)
    assert [run.seed for run in three] == [5, 3, 1]
    for run in three:
        twin = one[run.seed]
        assert run.parameters.tolist() == twin.parameters.tolist()
        assert (run.loss, run.updates, run.termination) == (twin.loss, twin.updates, twin.termination)
    assert len({run.loss for run in one}) == 6


@pytest.mark.parametrize("name", ["gd", "sgd", "adam", "l-bfgs", "noisy-gd"])
def test_the_loss_is_that_of_the_parameters(name: str) -> None:
    """And not above that of the start, which is the same for all."""
    given = problem()
    run = run_seed(given, short(name), 3, 2)
    start = run_seed(given, short("gd", 1), 3, 2)
    evaluate = objective(given)
    assert run.loss == pytest.approx(evaluate(run.parameters)[0], rel=1e-12)
    assert run.loss <= max(start.loss, evaluate(start.parameters)[0])


def test_glm_tron_learns_either_sign() -> None:
    """Labels of a unit and labels of its negative are fitted equally well."""
    for sign in (1.0, -1.0):
        X = np.random.default_rng(0).normal(size=(40, 1))
        y = sign * np.maximum(0, X[:, 0] + 0.5)
        given = scale_data(X, y, 1, hidden_bias=True, output_bias=False).problem
        run = run_seed(given, COMPETITORS["glm-tron"], 0, 1)
        assert run.loss < 1e-6
        assert run.parameters[-1] == sign
        assert run.loss == pytest.approx(objective(given)(run.parameters)[0], rel=1e-9)


def test_steps_that_are_too_long_diverge() -> None:
    """The least loss before that is told."""
    run = run_seed(problem(), replace(COMPETITORS["gd"], step_size=1e9), 0, 2)
    assert run.termination is Termination.diverged
    assert np.isfinite(run.loss)


def test_progress_can_stop_the_rest() -> None:
    """What is finished by then is there."""
    given, seen = problem(), []

    def stop(runs: list[Run]) -> bool:
        seen.append(len(runs))
        return True

    found, ended = run_seeds(given, short("gd", 10**8), range(50), 2, 2, stop)
    assert ended is Termination.callback
    assert len(seen) == 1
    assert len(found) < 50
    assert all(run.termination is not Termination.interrupted for run in found)


def test_ctrl_c_while_runs_are_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """No run is waited for."""

    class Pool(module.ThreadPoolExecutor):
        def submit(self, *arguments: object, **options: object) -> object:  # type: ignore[override]
            raise KeyboardInterrupt

    monkeypatch.setattr(module, "ThreadPoolExecutor", Pool)
    found, ended = run_seeds(problem(), short("gd"), range(3), 2, 2)
    assert (found, ended) == ([], Termination.interrupted)


def test_ctrl_c_returns_what_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other threads stop at their next step."""
    calls = []

    def interrupt(futures: set[object], timeout: float) -> tuple[set[object], set[object]]:
        calls.append(timeout)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return original(futures, timeout=timeout)  # type: ignore[return-value, type-var]

    original = module.wait
    monkeypatch.setattr(module, "wait", interrupt)
    _, ended = run_seeds(problem(), short("gd", 10**8), range(30), 2, 2)
    assert ended is Termination.interrupted
    assert len(calls) == 2
