"""How often noisy gradient descent leaves a ball around the true gate, beside what Theorem 3.4.1 says."""

from __future__ import annotations

import itertools
import math
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.erm import check_whole
from relucomb.training.confinement import Confinement, noisy_gd_radius
from relucomb.training.frequency import Frequency
from relucomb.training.hypotheses import Hypothesis
from relucomb.training.noises import NoNoise, draw_rows
from relucomb.training.noisy_descent import cut_off
from relucomb.training.random_walk_bound import random_walk_at, total_variance
from relucomb.training.recording import check_positive, read_points, read_vector
from relucomb_solvers import gate_descent

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from relucomb.training.noises import Noise

    Floats = NDArray[np.float64]

CHUNK = 10_000
"""Steps whose noise is drawn at a time."""


@dataclass(frozen=True, slots=True)
class ExitExperiment:
    """Independent runs of Algorithm 3: how far each strayed.

    Attributes
    ----------
    greatest
        Array ``(runs,)``: the greatest ``‖w_t − w*‖`` of each run (no radius is shorter than the start's).
    steps, step_size
        Of every run.
    numbers
        What the bounds are computed from, as for :func:`noisy_gd_radius` without ``lam``.
    spectral
        The root of the spectral norm, which serves the sharp variant as ``C``.
    variance
        ``V`` of :mod:`relucomb.training.random_walk_bound`; ``inf`` if it is not known.
    complete
        Whether all runs were made; an interruption may leave fewer.
    seed, seconds
        Seed of the first run, and time.
    """

    greatest: Floats
    steps: int
    step_size: float
    numbers: dict[str, Any]
    spectral: float
    variance: float
    complete: bool
    seed: int
    seconds: float

    def confinement(self, lam: float, variant: str) -> Confinement:
        """Return radius and probability of a variant of the theorem for a ``λ``.

        For ``"random-walk"``, too, ``λ`` is by how much the square of the radius exceeds what is to be expected.
        """
        if variant == "random-walk":
            n, squared = self.numbers["n"], self.numbers["squared_distance"]
            if not math.isfinite(self.variance):
                unknown = Hypothesis("E exp⟨θ, ξ⟩ ≤ exp(v‖θ‖²/2)", False, remark="no v is known for this noise")
                return Confinement(variant, math.inf, math.inf, lam, 0.0, math.inf, math.inf, self.steps, (unknown,))
            # the root of a sum that is rounded must not fall back to the start
            return random_walk_at(
                math.nextafter(math.sqrt(lam + squared + n * self.variance), math.inf),
                n=n,
                squared_distance=squared,
                variance=self.variance,
                steps=np.full(self.steps, self.step_size),
                spectral_norm=self.spectral**2,
            )
        numbers = self.numbers | ({"C": self.spectral} if variant == "sharp" else {})
        return noisy_gd_radius(lam=lam, variant=variant, **numbers)

    def frequency(self, lam: float, variant: str = "corrected", confidence: float = 0.95) -> Frequency:
        """Return how often the radius of a variant was left, beside its bound.

        Raises
        ------
        ValueError
            The variant has no radius: its conditions fail.
        """
        found = self.confinement(lam, variant)
        if not math.isfinite(found.radius):
            failing = "; ".join(str(entry) for entry in found.hypotheses if entry.holds is not True)
            raise ValueError(f"variant {variant!r} has no radius here: {failing}")
        hits = int((self.greatest > found.radius).sum())
        event = f"‖w_t − w*‖ > {found.radius:.6g} for a t ≤ {self.steps}"
        name = "no farther than a random walk" if variant == "random-walk" else f"Theorem 3.4.1, {variant}"
        claim = f"{name}: P({event}) ≤ {found.bound:.4g}"
        printed = variant == "published"
        return Frequency(claim, hits, len(self.greatest), found.bound, published=printed, confidence=confidence)


def exit_experiment(
    X: ArrayLike,
    w_star: ArrayLike,
    *,
    w_0: ArrayLike | None = None,
    step_size: float,
    steps: int,
    noise_1: Noise | None = None,
    noise_2: Noise | None = None,
    C_L: float | None = None,
    runs: int = 1000,
    seed: int = 0,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Callable[[int], None] | None = None,
) -> ExitExperiment:
    """Run Algorithm 3 many times on the same data, each time with other noise.

    Parameters
    ----------
    X, w_star, w_0
        Points ``(S, n)``, the gate that makes their labels, and the start (0 if not given).
    step_size, steps
        ``η`` and the number of updates of each run.
    noise_1, noise_2
        Laws of the noises; none if not given.
    C_L
        Length at which ``ξ2`` is cut off in the proof: its greatest if not given, or one that it exceeds with
        probability ``1e-6 / steps`` only.
    runs, seed
        How many runs; run number i draws from seed ``(seed, i)``, so that the result does not depend on ``workers``.
    workers
        Number of threads.
    executor
        Any :class:`concurrent.futures.Executor` instead of threads of our own.
    progress
        Called with the number of runs that are done.

    Returns
    -------
    ExitExperiment
        Ctrl-C leaves the runs made so far.

    Raises
    ------
    ValueError, TypeError
        An argument is not legal; the message names it.

    Examples
    --------
    A walk of ±0.99 from 100, with next to no data: the printed bound is 1e-18, but two runs in five leave.

    >>> from relucomb.training.noises import SignNoise
    >>> found = exit_experiment([[1e-4]], [0.0], w_0=[100.0], step_size=1.0, steps=16, noise_2=SignNoise(1, 0.99))
    >>> found.frequency(540, "published").refuted, found.frequency(540, "sharp").refuted
    (True, False)
    """
    begin = time.perf_counter()
    shape = np.shape(X)
    points, _ = read_points(X, np.zeros(shape[0] if shape else 0))
    n = points.shape[1]
    target, start = read_vector(w_star, "w_star", n), read_vector(w_0, "w_0", n)
    eta = check_positive("step_size", step_size)
    for name, value in (("steps", steps), ("runs", runs), ("workers", workers)):
        check_whole(name, value, 1, None)
    check_whole("seed", seed, 0, None)
    first, second = noise_1 or NoNoise(n), noise_2 or NoNoise(n)
    length, tail = cut_off(second, 1e-6 / steps) if C_L is None else (C_L, second.tail(C_L))
    columns, labels = np.ascontiguousarray(points.T), np.maximum(points @ target, 0.0)

    one = partial(_greatest_distance, columns, labels, start, target, eta, steps, first, second, seed)
    greatest: list[float] = []
    try:
        if workers == 1 and executor is None:
            for run in range(runs):
                greatest.append(one(run))
                if progress is not None:
                    progress(len(greatest))
        else:
            _in_parallel(one, runs, workers, executor, greatest, progress)
    except KeyboardInterrupt:
        if not greatest:
            raise
    numbers = {
        "n": n,
        "C": float(np.linalg.norm(points, axis=1).max()),
        "S1": first.bound,
        "C_L": length,
        "eta": eta,
        "i_max": steps,
        "squared_distance": float(np.sum((start - target) ** 2)),
        "tail": tail,
        "second_moment": second.second_moment,
    }
    variance = total_variance(np.full(steps, eta), first, second)
    spectral = math.sqrt(float(np.linalg.eigvalsh(points.T @ points / len(points))[-1]) * (1 + 1e-12))
    return ExitExperiment(
        np.array(greatest),
        steps,
        eta,
        numbers,
        spectral,
        variance,
        len(greatest) == runs,
        seed,
        time.perf_counter() - begin,
    )


def _in_parallel(
    one: Callable[[int], float],
    runs: int,
    workers: int,
    executor: Executor | None,
    greatest: list[float],
    progress: Callable[[int], None] | None,
) -> None:
    """Append the results in order; a few batches wait at a time, so that an interruption loses little."""
    pool = executor or ThreadPoolExecutor(workers)
    try:
        numbers = iter(range(runs))
        while batch := list(itertools.islice(numbers, 8 * workers)):
            for value in pool.map(one, batch):
                greatest.append(value)
                if progress is not None:
                    progress(len(greatest))
    finally:
        if executor is None:
            pool.shutdown(wait=True, cancel_futures=True)


def _greatest_distance(
    columns: Floats,
    labels: Floats,
    start: Floats,
    target: Floats,
    eta: float,
    steps: int,
    first: Noise,
    second: Noise,
    seed: int,
    run: int,
) -> float:
    random_1, random_2 = (np.random.default_rng(child) for child in np.random.SeedSequence((seed, run)).spawn(2))
    trace = gate_descent.new_trace(start)
    made = 0
    while made < steps:
        count = min(CHUNK, steps - made)
        noise_1 = draw_rows(first, random_1, count, len(start), "noise_1")
        noise_2 = draw_rows(second, random_2, count, len(start), "noise_2")
        gate_descent.advance(columns, labels, trace, target, np.full(count, eta), noise_1, noise_2, made)
        made += count
    return math.sqrt(float(trace.numbers[3]))
