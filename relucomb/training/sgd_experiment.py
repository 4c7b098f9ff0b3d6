"""Many runs of Algorithm 2 beside Theorem 3.3.1: the mean squared distance after every step, and the successes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relucomb.erm import check_whole
from relucomb.training.frequency import Frequency
from relucomb.training.recording import read_vector
from relucomb.training.sgd_schedule import SGDSchedule, relu_sgd_schedule
from relucomb_solvers import gate_sgd

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from relucomb.training.distributions import Distribution

    Floats = NDArray[np.float64]

CELLS = 4_000_000
"""Squared distances held at a time."""
RUNS = 1000
"""Runs made at a time: an interruption loses no more."""


@dataclass(frozen=True, slots=True)
class SGDExperiment:
    """Independent runs of Algorithm 2.

    Attributes
    ----------
    schedule
        The theorem's numbers, which the runs follow.
    mean_squares, standard_errors
        Arrays ``(T,)``: mean of ``‖w_t − w*‖²`` over the runs after ``0, ..., T − 1`` updates, and its standard error.
    final_squares
        Array ``(runs,)``: ``‖w_T − w*‖²``.
    complete
        Whether all runs were made; an interruption may leave fewer.
    seed, seconds
        Seed, and time.
    """

    schedule: SGDSchedule
    mean_squares: Floats
    standard_errors: Floats
    final_squares: Floats
    complete: bool
    seed: int
    seconds: float

    def success(self, confidence: float = 0.95) -> Frequency:
        """Return how often the last iterate was within ``ε``, beside ``1 − δ``."""
        plan = self.schedule
        hits = int((self.final_squares <= plan.eps**2).sum())
        printed = plan.variant == "published"
        name = "Theorem 3.3.1, its O read with constant 1" if printed else f"Theorem 3.3.1, {plan.variant}"
        claim = f"{name}: P(‖w_T − w*‖ ≤ {plan.eps:g}) ≥ {1 - plan.delta:g}, T = {plan.T}"
        runs = len(self.final_squares)
        return Frequency(claim, hits, runs, 1 - plan.delta, published=printed, at_least=True, confidence=confidence)

    @property
    def bound(self) -> Floats:
        """Array ``(T,)``: the bound on the mean after every step."""
        return self.schedule.bound(np.arange(len(self.mean_squares)))


def sgd_experiment(
    law: Distribution,
    w_star: ArrayLike,
    *,
    eps: float = 0.1,
    delta: float = 0.05,
    w_1: ArrayLike | None = None,
    variant: str = "corrected",
    runs: int = 1000,
    seed: int = 0,
    most_updates: int = 100_000,
    progress: Callable[[int], None] | None = None,
) -> SGDExperiment:
    """Run Algorithm 2 many times with the step size and number of steps of Theorem 3.3.1.

    Parameters
    ----------
    law, w_star, w_1
        The law of the points, the gate and the start (0 if not given).
    eps, delta, variant
        As for :func:`relu_sgd_schedule`.
    runs, seed
        Number of runs, and the seed of all that is drawn.
    most_updates
        Longer runs are refused.
    progress
        Called with the number of runs that are done.

    Raises
    ------
    ValueError, TypeError
        An argument is not legal, a condition of the theorem fails, or the runs would be too long.

    Examples
    --------
    >>> from relucomb.training.distributions import Gaussian
    >>> found = sgd_experiment(Gaussian.standard(3), [1, -2, 0.5], runs=200)
    >>> found.success().refuted, bool((found.mean_squares <= found.bound).all())
    (False, True)
    >>> sgd_experiment(Gaussian.standard(3), [1, -2, 0.5], runs=200, variant="published").success().refuted
    True
    """
    begin = time.perf_counter()
    check_whole("runs", runs, 2, None)
    check_whole("seed", seed, 0, None)
    schedule = relu_sgd_schedule(law, w_star, eps=eps, delta=delta, w_1=w_1, variant=variant)
    if schedule.T is None:
        failing = "; ".join(str(entry) for entry in schedule.hypotheses if entry.holds is not True)
        raise ValueError(f"law does not satisfy the theorem: {failing}")
    updates = schedule.T - 1
    if updates > most_updates:
        raise ValueError(f"the theorem asks for {updates:,} updates; legal are at most most_updates = {most_updates:,}")
    target, start = read_vector(w_star, "w_star", law.n), read_vector(w_1, "w_1", law.n)
    random = np.random.default_rng(seed)
    sums, squares = np.zeros(updates + 1), np.zeros(updates + 1)
    finals: list[Floats] = []
    try:
        for first in range(0, runs, RUNS):
            final, part, square = _run(schedule, law, target, start, min(RUNS, runs - first), random)
            finals.append(final)
            sums += part
            squares += square
            if progress is not None:
                progress(sum(map(len, finals)))
    except KeyboardInterrupt:
        if not finals:
            raise
    final = np.concatenate(finals)
    made = len(final)
    means = sums / made
    spread = np.sqrt(np.maximum(squares / made - means**2, 0.0) / max(made - 1, 1))
    return SGDExperiment(schedule, means, spread, final, made == runs, seed, time.perf_counter() - begin)


def _run(
    schedule: SGDSchedule, law: Distribution, target: Floats, start: Floats, runs: int, random: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Make some of the runs: squared distances at the end, and sums over the runs of them and of their squares."""
    updates = (schedule.T or 1) - 1
    w = np.tile(start, (runs, 1))
    sums, squares = np.zeros(updates + 1), np.zeros(updates + 1)
    block = max(1, min(updates, CELLS // (runs * law.n)))
    first = np.full(runs, float(np.sum((start - target) ** 2)))
    sums[0], squares[0] = first.sum(), (first**2).sum()
    for begin_at in range(0, updates, block):
        count = min(block, updates - begin_at)
        points = np.ascontiguousarray(law.sample(random, runs * count))
        labels = np.maximum(points @ target, 0.0)
        orders = np.arange(runs * count).reshape(runs, count)
        found = np.empty((runs, count + 1))
        gate_sgd.stream_many(points, labels, orders, w, -schedule.alpha * schedule.step_size, target, found)
        sums[begin_at + 1 : begin_at + count + 1] = found[:, 1:].sum(axis=0)
        squares[begin_at + 1 : begin_at + count + 1] = (found[:, 1:] ** 2).sum(axis=0)
    return np.sum((w - target) ** 2, axis=1), sums, squares
