"""Algorithm 3: gradient descent on a ReLU gate with two kinds of noise; without any it is plain gradient descent."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.rationals import as_floats
from relucomb.training.confinement import Confinement, radius_for
from relucomb.training.glm_tron_bounds import spectral_norm
from relucomb.training.hypotheses import Hypothesis, all_hold
from relucomb.training.noises import NoNoise, draw_rows
from relucomb.training.random_walk_bound import random_walk_confinement, total_variance
from relucomb.training.realisability import realise
from relucomb.training.recording import RECORD, check_positive, read_points, read_vector, recorded_steps
from relucomb.training.result import Bound, Certainty, Termination, TrainingResult
from relucomb.training.streams import made_by
from relucomb_solvers import gate_descent

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from relucomb.training.noises import Noise

    Floats = NDArray[np.float64]

BLOCK, BLOCK_NUMBERS = 1024, 2**18
"""Steps whose noise is drawn at a time, unless that were too many numbers."""
THEOREMS = {
    "random-walk": "no farther than a random walk",
    "sharp": "Theorem 3.4.1, sharpened",
    "corrected": "Theorem 3.4.1",
}
"""What may be said of a run, by variant."""


def noisy_gradient_descent(
    X: ArrayLike,
    y: ArrayLike | None = None,
    *,
    w_star: ArrayLike | None = None,
    w_0: ArrayLike | None = None,
    steps: int = 1000,
    step_size: float | ArrayLike | None = None,
    noise_1: Noise | None = None,
    noise_2: Noise | None = None,
    delta: float = 0.05,
    variant: str = "random-walk",
    seed: int = 0,
    record: int = RECORD,
    callback: Callable[[int, Floats], bool | None] | None = None,
) -> TrainingResult:
    """Run ``w ← w − η_t (g_t + ξ_{t,1}) + √η_t ξ_{t,2}`` on one ReLU gate without bias.

    Parameters
    ----------
    X, y
        Points ``(S, n)`` and labels ``(S,)``; missing labels are made by ``w_star``.
    w_star
        The gate behind the labels; of labels with a unique gate it is found.
    w_0
        The start, 0 if not given. (At 0 the indicator ``w·x_i ≥ 0`` is 1, so that 0 is no trap.)
    steps
        Number of updates.
    step_size
        ``η``, or an array with one for each update; half of the theorem's limit ``1/(C²√(2 steps))`` if not given.
    noise_1, noise_2
        Laws of the two noises (:mod:`relucomb.training.noises`); none if not given.
    delta
        The probability that the bound may fail with.
    variant
        Which theorem gives the bound: ``"random-walk"`` (:mod:`relucomb.training.random_walk_bound`), for any step
        sizes, or Theorem 3.4.1, ``"sharp"`` or ``"corrected"`` (:func:`noisy_gd_radius`), for a constant one.
    seed, record, callback
        As for :func:`relu_gate_sgd`.

    Returns
    -------
    TrainingResult
        With the bound on ``‖w_t − w*‖`` that holds for all steps at once, if the hypotheses do.

    Raises
    ------
    ValueError, TypeError
        An argument is not legal; the message names it.

    Examples
    --------
    >>> from relucomb.training.noises import BallNoise
    >>> X = [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]]
    >>> run = noisy_gradient_descent(X, w_star=[2, 1], steps=400, noise_2=BallNoise(2, 0.05))
    >>> run.certified, run.bounds[0].holds, bool(run.distances[-1] < run.distances[0])
    (True, True, True)
    """
    begin = time.perf_counter()
    if variant not in THEOREMS:
        raise ValueError(f"variant is {variant!r}; legal are {', '.join(map(repr, THEOREMS))}")
    check_positive("delta", delta, below=1)
    points, labels, target, realised = _read(X, y, w_star)
    n = points.shape[1]
    start = read_vector(w_0, "w_0", n)
    kept = recorded_steps(steps, record)
    etas = _step_sizes(step_size, steps, points)
    first, second = noise_1 or NoNoise(n), noise_2 or NoNoise(n)
    trace = gate_descent.new_trace(start)
    trajectory, losses, end = _run(
        points, labels, trace, start if target is None else target, etas, first, second, kept, seed, callback
    )
    kept = kept[: len(trajectory)]
    distances = np.full(len(kept), math.nan)
    if target is not None:
        with np.errstate(all="ignore"):  # of a run that diverged
            distances = np.linalg.norm(trajectory - target, axis=1)
    hypotheses, found = _theorem(realised, target, start, etas, first, second, points, delta, variant)
    bounds: tuple[Bound, ...] = ()
    if found is not None and target is not None and all_hold(hypotheses):
        values = np.full(len(kept), found.radius)
        odds = 1 - found.bound
        rounding = _rounding(realised, target, found.radius, etas, points)
        bounds = (
            Bound(THEOREMS[variant], "‖w_t − w*‖", values, distances, Certainty.with_probability, odds, rounding),
        )
    step = float(etas[0]) if len(etas) and (etas == etas[0]).all() else math.nan
    best, best_step, best_loss = trace.best, int(trace.numbers[2]), float(trace.numbers[1])
    if best_step > kept[-1]:  # interrupted on the way to an iterate that would have been kept
        row = int(np.nanargmin(losses))
        best, best_step, best_loss = trajectory[row], int(kept[row]), float(losses[row])
    network = ReLUNetwork([best[None, :], np.ones((1, 1))], [np.zeros(1), np.zeros(1)])
    plain = noise_1 is None and noise_2 is None
    return TrainingResult(
        algorithm="gradient descent" if plain else "Algorithm 3 (noise-assisted gradient descent)",
        parameters=trajectory[-1],
        best=best,
        best_step=best_step,
        best_loss=best_loss,
        updates=int(kept[-1]),
        steps=kept,
        trajectory=trajectory,
        losses=losses,
        distances=distances,
        bounds=bounds,
        hypotheses=hypotheses,
        step_size=step,
        termination=end,
        seed=None if plain else seed,
        seconds=time.perf_counter() - begin,
        network=network,
    )


def gate_gradient_descent(X: ArrayLike, y: ArrayLike, **options: object) -> TrainingResult:
    """Run gradient descent without noise on one ReLU gate: :func:`noisy_gradient_descent` with no noise.

    Examples
    --------
    >>> run = gate_gradient_descent([[1.0], [2.0]], [3.0, 6.0], steps=50, step_size=0.3)
    >>> run.algorithm, round(float(run.parameters[0]), 6)
    ('gradient descent', 3.0)
    """
    for name in ("noise_1", "noise_2"):
        if options.get(name) is not None:
            raise ValueError(f"{name} was given; noisy_gradient_descent takes it")
    return noisy_gradient_descent(X, y, **options)  # type: ignore[arg-type]


def _read(
    X: ArrayLike, y: ArrayLike | None, w_star: ArrayLike | None
) -> tuple[Floats, Floats, Floats | None, Hypothesis]:
    """Return points, labels, the gate behind them if it is known, and whether it makes them."""
    shape = np.shape(X)
    if y is None:
        if w_star is None:
            raise ValueError("y or w_star must be given: without either, points have no labels")
        points, _ = read_points(X, np.zeros(shape[0] if shape else 0))
        target = read_vector(w_star, "w_star", points.shape[1])
        return points, np.maximum(points @ target, 0.0), target, Hypothesis("y_i = max(0, w*·x_i)", True, 0.0, 0.0)
    points, labels = read_points(X, y)
    if w_star is not None:
        target = read_vector(w_star, "w_star", points.shape[1])
        return points, labels, target, made_by(target, points, labels)
    found = realise(points, labels)
    return points, labels, found.w if found.realised and found.unique else None, found.hypothesis()


def _step_sizes(step_size: float | ArrayLike | None, steps: int, points: Floats) -> Floats:
    if step_size is None:
        largest = float(np.max(np.einsum("ij,ij->i", points, points)))
        return np.full(steps, 1.0 / (2 * largest * math.sqrt(2 * max(steps, 1))) if largest > 0 else 1.0)
    if np.ndim(step_size) == 0:
        return np.full(steps, check_positive("step_size", step_size))
    etas = as_floats(step_size, "step_size", ndim=1)
    if len(etas) != steps or (etas <= 0).any():
        raise ValueError(f"step_size must be one positive number, or one for each of the {steps} steps")
    return etas


def _theorem(
    realised: Hypothesis,
    target: Floats | None,
    start: Floats,
    etas: Floats,
    first: Noise,
    second: Noise,
    points: Floats,
    delta: float,
    variant: str,
) -> tuple[tuple[Hypothesis, ...], Confinement | None]:
    """Return the conditions of Theorem 3.4.1 for this run, and the confinement it promises."""
    conditions = [realised]
    if target is None:
        conditions.append(Hypothesis("w* is known", None, remark="give w_star, to see the distance and its bound"))
    if variant == "random-walk":
        return _random_walk(conditions, target, start, etas, first, second, points, delta)
    constant = len(etas) > 0 and bool((etas == etas[0]).all())
    conditions.append(Hypothesis("η_t is constant", constant, remark="" if constant else "the theorem is for one η"))
    bounded = math.isfinite(first.bound)
    conditions.append(Hypothesis("‖ξ1‖ is bounded", bounded, first.bound, math.inf))
    if target is None or not constant or not bounded:
        return tuple(conditions), None
    found = confinement_of(points, target, start, float(etas[0]), len(etas), first, second, delta, variant)
    if found is None:
        statement = f"some λ gives a probability of at most {delta:g}"
        conditions.append(Hypothesis(statement, False, remark="fewer or smaller steps, or less noise"))
        return tuple(conditions), None
    return (*conditions, *found.hypotheses), found


def _random_walk(
    conditions: list[Hypothesis],
    target: Floats | None,
    start: Floats,
    etas: Floats,
    first: Noise,
    second: Noise,
    points: Floats,
    delta: float,
) -> tuple[tuple[Hypothesis, ...], Confinement | None]:
    """Return the conditions of the bound by a random walk, and the confinement it promises."""
    variance = total_variance(etas, first, second)
    known = math.isfinite(variance)
    conditions.append(Hypothesis("E exp⟨θ, ξ⟩ ≤ exp(v‖θ‖²/2)", known, remark="" if known else "no v is known"))
    if target is None or not known:
        return tuple(conditions), None
    squared = float(np.sum((start - target) ** 2))
    size = spectral_norm(points)
    found = random_walk_confinement(
        delta, n=len(start), squared_distance=squared, variance=variance, steps=etas, spectral_norm=size
    )
    return (*conditions, *found.hypotheses), found


def _rounding(realised: Hypothesis, target: Floats, radius: float, etas: Floats, points: Floats) -> float:
    """Return how far rounding can lead in all steps: their own, and of labels that are not quite the gate's."""
    longest = float(np.linalg.norm(points, axis=1).max())
    size = float(np.linalg.norm(target)) + radius
    own = 4 * (len(target) + 1) * float(np.finfo(float).eps) * size * (1 + longest * longest * etas)
    return float(np.sum(own + etas * longest * realised.value))


def confinement_of(
    points: Floats,
    w_star: Floats,
    start: Floats,
    eta: float,
    steps: int,
    first: Noise,
    second: Noise,
    delta: float,
    variant: str,
) -> Confinement | None:
    """Return the confinement of given data and noises that fails with probability at most ``delta``, if there is one.

    Half of ``delta`` goes to the event that an unbounded noise is longer than the length where it is cut off.
    """
    C_L, tail = cut_off(second, delta / (2 * steps))
    if variant == "sharp":  # the spectral norm is enough
        C = math.sqrt(float(np.linalg.eigvalsh(points.T @ points / len(points))[-1]) * (1 + 1e-12))
    else:
        C = float(np.linalg.norm(points, axis=1).max())
    return radius_for(
        delta,
        variant=variant,
        tail=tail,
        n=points.shape[1],
        C=C,
        S1=first.bound,
        C_L=C_L,
        eta=eta,
        i_max=steps,
        squared_distance=float(np.sum((start - w_star) ** 2)),
        second_moment=second.second_moment,
    )


def cut_off(noise: Noise, probability: float) -> tuple[float, float]:
    """Return a length that the noise exceeds with at most the given probability, and that probability.

    Examples
    --------
    >>> from relucomb.training.noises import BallNoise, GaussianNoise
    >>> cut_off(BallNoise(2, 1.0), 1e-6)
    (1.0, 0.0)
    >>> length, odds = cut_off(GaussianNoise([1.0]), 0.05)
    >>> round(length, 3), odds <= 0.05
    (1.96, True)

    Raises
    ------
    ValueError
        The noise has no finite second moment, or its tail does not fall.
    """
    if math.isfinite(noise.bound):
        return noise.bound, 0.0
    if not math.isfinite(noise.second_moment):
        raise ValueError(f"the second moment of the noise must be finite; it is {noise.second_moment!r}")
    low, high = 0.0, max(math.sqrt(noise.second_moment), 1e-300)
    while noise.tail(high) > probability:
        low, high = high, 2 * high
        if math.isinf(high):
            raise ValueError(f"the tail of the noise must fall below {probability:.3g}; it does not at any length")
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if noise.tail(middle) > probability else (low, middle)
    return high, noise.tail(high)


def _run(
    points: Floats,
    labels: Floats,
    trace: gate_descent.Trace,
    target: Floats,
    etas: Floats,
    first: Noise,
    second: Noise,
    kept: NDArray[np.int64],
    seed: int,
    callback: Callable[[int, Floats], bool | None] | None,
) -> tuple[Floats, Floats, Termination]:
    random_1, random_2 = (np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(2))
    columns = np.ascontiguousarray(points.T)
    trajectory, losses = [trace.w.copy()], []
    end, made = Termination.finished, 0
    n = points.shape[1]
    none = np.zeros((0, n))
    # blocks of draws do not depend on what is kept: some noises draw more than one kind of number for a row
    block = max(1, min(BLOCK, BLOCK_NUMBERS // n))
    position, noise_1, noise_2 = block, none, none
    try:
        for goal in kept[1:]:
            loss = math.nan
            while made < goal:
                if position == block:
                    noise_1 = draw_rows(first, random_1, block, n, "noise_1")
                    noise_2 = draw_rows(second, random_2, block, n, "noise_2")
                    position = 0
                count = min(int(goal) - made, block - position)
                rows = slice(position, position + count)
                moves = (etas[made : made + count], noise_1[rows], noise_2[rows])
                gate_descent.advance(columns, labels, trace, target, *moves, made)
                loss = float(trace.numbers[0]) if math.isnan(loss) else loss
                made, position = made + count, position + count
            losses.append(loss)
            trajectory.append(trace.w.copy())
            if not np.isfinite(trace.w).all():
                end = Termination.diverged
                break
            if callback is not None and callback(made, trace.w.copy()):
                end = Termination.callback
                break
    except KeyboardInterrupt:
        end = Termination.interrupted
        trace.w[:] = trajectory[-1]
        made = int(kept[len(trajectory) - 1])
        losses = losses[: len(trajectory) - 1]
    gate_descent.advance(columns, labels, trace, target, np.zeros(0), none, none, made)
    losses.append(float(trace.numbers[0]))
    return np.array(trajectory), np.array(losses), end
