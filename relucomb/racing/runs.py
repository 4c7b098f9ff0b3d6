"""Many runs of one optimiser, one per seed, on several threads; a run depends on its seed and on nothing else."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relucomb.training.network_descent import ENDS, minimise
from relucomb.training.result import Termination
from relucomb_solvers import network_descent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from relucomb.racing.competitors import Competitor

    Floats = NDArray[np.float64]

REPORTS = 0.1
"""Seconds between two looks at what is finished."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run left: the parameters of least loss that it saw, in the units of the problem."""

    seed: int
    parameters: Floats
    loss: float
    updates: int
    seconds: float
    termination: Termination


def run_seeds(
    problem: network_descent.Problem,
    competitor: Competitor,
    seeds: Sequence[int],
    fan_in: int,
    workers: int,
    on_progress: Callable[[list[Run]], bool | None] | None = None,
) -> tuple[list[Run], Termination]:
    """Run an optimiser once for every seed.

    Parameters
    ----------
    problem
        Standardised data.
    competitor
        The optimiser.
    seeds
        All optimisers start a seed at the same weights.
    fan_in
        Number of features, which decides how large the first weights are.
    workers
        Number of threads.
    on_progress
        Called several times per second with the finished runs; returns ``True`` to stop.

    Returns
    -------
    runs
        In the order of the seeds; after an interruption those that are finished.
    termination
        ``finished``, ``interrupted`` or ``callback``.
    """
    stop = np.zeros(1, np.uint8)
    futures: list[Future[Run]] = []
    ended = Termination.finished
    pool = ThreadPoolExecutor(workers)
    try:
        futures += [pool.submit(run_seed, problem, competitor, seed, fan_in, stop) for seed in seeds]
        waiting = set(futures)
        while waiting:
            _, waiting = wait(waiting, timeout=REPORTS)
            if on_progress is not None and on_progress(_finished(futures)):
                ended = Termination.callback
                break
    except KeyboardInterrupt:
        ended = Termination.interrupted
    finally:
        stop[0] = 1  # whatever happened: nobody waits for runs that are not finished
        pool.shutdown(wait=True, cancel_futures=True)
    return _finished(futures), ended


def run_seed(
    problem: network_descent.Problem,
    competitor: Competitor,
    seed: int,
    fan_in: int,
    stop: NDArray[np.uint8] | None = None,
) -> Run:
    """Run an optimiser once.

    Examples
    --------
    >>> from relucomb.racing.competitors import COMPETITORS
    >>> problem = network_descent.Problem(np.array([[1.0, 2.0]]), np.array([2.0, 4.0]), 1, False)
    >>> run_seed(problem, COMPETITORS["adam"], 0, 1).loss < 1e-9
    True
    """
    begin = time.perf_counter()
    first, second = np.random.SeedSequence(seed).spawn(2)
    start = network_descent.draw_start(problem, fan_in, np.random.default_rng(first))
    if competitor.name == "glm-tron":
        loss, parameters, updates, ended = _glm_tron(problem, competitor.steps, stop)
    elif competitor.name == "l-bfgs":
        found = minimise(problem, start, competitor.steps, lambda *_: stop is not None and bool(stop[0]))
        loss, parameters, updates, ended = found.loss, found.parameters, found.updates, found.termination
    else:
        rule = competitor.rule(problem)
        state = network_descent.new_state(problem, start, rule)
        code = network_descent.advance(problem, rule, state, rule.total, network_descent.new_source(second), stop)
        network_descent.measure(problem, state)
        loss, parameters, updates, ended = float(state.best_loss[0]), state.best, int(state.count[0]), ENDS[code]
    return Run(seed, parameters, loss, updates, time.perf_counter() - begin, ended)


def _glm_tron(
    problem: network_descent.Problem, steps: int, stop: NDArray[np.uint8] | None
) -> tuple[float, Floats, int, Termination]:
    """Learn the one unit with each output sign, from 0, and return the better."""
    from relucomb.training.glm_tron import glm_tron

    def look(*_: object) -> bool:
        return stop is not None and bool(stop[0])

    found = []
    for sign in (1.0, -1.0):
        labels = sign * problem.targets
        run = glm_tron(problem.points.T, labels, "relu", steps=steps, scale="spectral", record=100, callback=look)
        constant = np.zeros(int(problem.output_bias))
        found.append((run.best_loss, np.concatenate([run.best, [sign], constant]), run.updates, run.termination))
    stopped = next((run for run in found if run[3] is Termination.callback), None)
    if stopped is not None:
        return (*stopped[:3], Termination.interrupted)
    return min(found, key=lambda run: run[0])


def _finished(futures: Sequence[Future[Run]]) -> list[Run]:
    runs = [future.result() for future in futures if future.done() and not future.cancelled()]
    return [run for run in runs if run.termination is not Termination.interrupted]
