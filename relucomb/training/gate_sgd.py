"""Algorithm 2: stochastic learning of a ReLU gate from a stream of points, or from data."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.training.distributions import Distribution
from relucomb.training.hypotheses import Hypothesis, all_hold
from relucomb.training.moments import TruncatedMoments, estimate_moments, moments_of_points
from relucomb.training.realisability import realise
from relucomb.training.recording import RECORD, check_positive, read_points, read_vector, recorded_steps
from relucomb.training.result import Bound, Certainty, Termination, TrainingResult
from relucomb.training.sgd_schedule import SGDSchedule, contraction_of, moments_of, relu_sgd_schedule, step_hypothesis
from relucomb_solvers import gate_sgd

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

BLOCK = 4096
"""Points drawn at a time."""
MOST_UPDATES = 100_000_000
"""The theorem's number of steps is run unless it is greater than this."""
SAMPLES = 100_000


def relu_gate_sgd(
    source: ArrayLike | Distribution | Callable[[np.random.Generator, int], Any],
    y: ArrayLike | None = None,
    *,
    w_star: ArrayLike | None = None,
    w_1: ArrayLike | None = None,
    eps: float = 0.01,
    delta: float = 0.05,
    steps: int | None = None,
    step_size: float | None = None,
    alpha: float = -1.0,
    variant: str = "corrected",
    samples: int = SAMPLES,
    seed: int = 0,
    record: int = RECORD,
    callback: Callable[[int, Floats], bool | None] | None = None,
) -> TrainingResult:
    """Run ``w ← w − η α 1[y_t > 0] (y_t − w·x_t) x_t``, with the step size and the number of steps of Theorem 3.3.1.

    Parameters
    ----------
    source
        Where points come from: an array ``(S, n)``, from which rows are drawn with replacement; a law such as
        :class:`~relucomb.training.distributions.Gaussian`; or a function of a generator and a number that returns so
        many points.
    y
        Labels ``(S,)`` of an array of points; if missing they are made by ``w_star``.
    w_star
        The gate behind the labels, ``(n,)``. Of data with labels it is found if it is unique.
    w_1
        The start, 0 if not given.
    eps, delta
        The promise is ``P(‖w_T − w*‖² ≤ ε²) ≥ 1 − δ``.
    steps, step_size
        Updates and ``η``, if they are not to be the theorem's.
    alpha
        The constant ``α < 0``, which only scales ``η``.
    variant
        ``"corrected"``, ``"sharp"`` or ``"published"``: which schedule (:class:`SGDSchedule`).
    samples
        How many points to estimate moments from where no closed form is known.
    seed
        Seed of all that is drawn.
    record
        How many iterates to keep.
    callback
        Called with the number of updates and the iterate at every kept step; return ``True`` to stop.

    Returns
    -------
    TrainingResult
        With the bound ``‖w − w*‖² ≤ contraction^t ‖w_1 − w*‖² / δ``, which holds at each single step with probability
        ``1 − δ`` (Markov), if the hypotheses do.

    Raises
    ------
    ValueError, TypeError
        An argument is not legal; the message names it.

    Examples
    --------
    >>> from relucomb.training.distributions import Gaussian
    >>> run = relu_gate_sgd(Gaussian.standard(3), w_star=[1, -2, 0.5], eps=0.1)
    >>> run.updates, run.certified, bool(run.distances[-1] <= 0.1)
    (274, True, True)
    """
    begin = time.perf_counter()
    rows = _Rows(source, y, w_star) if not isinstance(source, Distribution) and not callable(source) else None
    if rows is None and y is not None:
        raise ValueError("y was given without points; labels of a law or a sampler are made by w_star")
    if rows is None and w_star is None:
        raise ValueError("w_star must be given: it makes the labels of what is drawn")
    target = rows.target if rows is not None else _vector_of(w_star, source)
    n = rows.points.shape[1] if rows is not None else len(_known(target))
    start = read_vector(w_1, "w_1", n)
    moments = _moments(source, rows, target, samples, seed)
    schedule = _schedule(moments, target, start, eps, delta, alpha, variant)
    eta = schedule.step_size if step_size is None else check_positive("step_size", step_size)
    updates = _updates(schedule, steps, eta)
    draw = rows.draw if rows is not None else _draws(source, _known(target))
    kept = recorded_steps(updates, record)
    trajectory, end = _run(draw, start, -alpha * eta, kept, np.random.default_rng(seed), callback)
    kept = kept[: len(trajectory)]
    return _result(rows, target, moments, schedule, eta, kept, trajectory, end, seed, begin)


class _Rows:
    """Data: points with labels, from which rows are drawn with replacement."""

    def __init__(self, source: Any, y: ArrayLike | None, w_star: ArrayLike | None) -> None:
        points = np.asarray(source)
        n = points.shape[1] if points.ndim == 2 else 0
        if y is None:
            if w_star is None:
                raise ValueError("y or w_star must be given: without either, points have no labels")
            gate = read_vector(w_star, "w_star", n)
            y = np.maximum(read_points(source, np.zeros(len(points)))[0] @ gate, 0.0)
        self.points, self.labels = read_points(source, y)
        found = realise(self.points, self.labels)
        self.hypothesis = found.hypothesis()
        self.target: Floats | None = found.w if found.realised and found.unique else None
        if w_star is not None:
            self.target = read_vector(w_star, "w_star", n)
            self.hypothesis = made_by(self.target, self.points, self.labels)

    def draw(self, random: np.random.Generator, count: int) -> tuple[Floats, Floats, NDArray[np.int64]]:
        return self.points, self.labels, random.integers(0, len(self.labels), count)


def made_by(w_star: Floats, points: Floats, labels: Floats) -> Hypothesis:
    """Return the condition that labels are those of ``w*``, up to rounding."""
    outputs = points @ w_star
    rounding = 4 * points.shape[1] * np.finfo(float).eps * (np.abs(points) @ np.abs(w_star))
    beyond = np.abs(np.maximum(outputs, 0.0) - labels) - rounding
    row = int(beyond.argmax())
    worst = float(np.abs(np.maximum(outputs[row], 0.0) - labels[row]))
    remark = "" if beyond[row] <= 0 else f"row {row} has the label {labels[row]:.6g}, not {max(outputs[row], 0.0):.6g}"
    return Hypothesis("y_i = max(0, w*·x_i)", bool(beyond[row] <= 0), worst, 0.0, remark)


def _vector_of(w_star: ArrayLike | None, source: Any) -> Floats:
    n = source.n if isinstance(source, Distribution) else len(np.asarray(w_star).reshape(-1))
    return read_vector(w_star, "w_star", n)


def _known(target: Floats | None) -> Floats:
    if target is None:
        raise ValueError("w_star must be given: it makes the labels of what is drawn")
    return target


def _moments(source: Any, rows: _Rows | None, target: Floats | None, samples: int, seed: int) -> TruncatedMoments:
    # a positive label is all that a learner needs to see which points count
    if rows is not None:
        return moments_of_points(rows.points, rows.labels > 0, origin="all rows")
    if isinstance(source, Distribution):
        return moments_of(source, _known(target), samples=samples, seed=seed + 1)
    return estimate_moments(source, _known(target), samples=samples, seed=seed + 1)


def _schedule(
    moments: TruncatedMoments,
    target: Floats | None,
    start: Floats,
    eps: float,
    delta: float,
    alpha: float,
    variant: str,
) -> SGDSchedule:
    # without a w* the distance at the start is not known, nor the number of steps; the step size is
    known = start if target is None else target
    return relu_sgd_schedule(moments, known, eps=eps, delta=delta, w_1=start, alpha=alpha, variant=variant)


def _updates(schedule: SGDSchedule, steps: int | None, eta: float) -> int:
    if steps is not None:
        return steps
    if eta <= 0:
        return 0
    if schedule.T is None or schedule.T == 1:
        return 1000 if schedule.start == 0 else 0
    return min(schedule.T - 1, MOST_UPDATES)


def _draws(source: Any, w_star: Floats) -> Callable[..., tuple[Floats, Floats, NDArray[np.int64]]]:
    sampler = source.sample if isinstance(source, Distribution) else source

    def draw(random: np.random.Generator, count: int) -> tuple[Floats, Floats, NDArray[np.int64]]:
        points = np.ascontiguousarray(sampler(random, count), dtype=np.float64)
        if points.shape != (count, len(w_star)):
            raise ValueError(f"source must return an array {(count, len(w_star))}; it returned {points.shape}")
        return points, np.maximum(points @ w_star, 0.0), np.arange(count)

    return draw


def _run(
    draw: Callable[..., tuple[Floats, Floats, NDArray[np.int64]]],
    start: Floats,
    step: float,
    kept: NDArray[np.int64],
    random: np.random.Generator,
    callback: Callable[[int, Floats], bool | None] | None,
) -> tuple[Floats, Termination]:
    """Make the updates, in blocks that do not depend on what is kept, and return the iterates that are."""
    w = start.copy()
    trajectory = [start.copy()]
    end = Termination.finished
    made, ahead, position = 0, 0, 0
    points, labels, order = np.zeros((0, len(start))), np.zeros(0), np.zeros(0, np.int64)
    try:
        for goal in kept[1:]:
            while made < goal:
                if position == ahead:
                    points, labels, order = draw(random, BLOCK)
                    position, ahead = 0, BLOCK
                count = min(int(goal) - made, ahead - position)
                gate_sgd.stream(points, labels, order[position : position + count], w, step)
                made, position = made + count, position + count
            trajectory.append(w.copy())
            if not np.isfinite(w).all():
                end = Termination.diverged
                break
            if callback is not None and callback(made, w.copy()):
                end = Termination.callback
                break
    except KeyboardInterrupt:
        end = Termination.interrupted
    return np.array(trajectory), end


def _result(
    rows: _Rows | None,
    target: Floats | None,
    moments: TruncatedMoments,
    schedule: SGDSchedule,
    eta: float,
    kept: NDArray[np.int64],
    trajectory: Floats,
    end: Termination,
    seed: int,
    begin: float,
) -> TrainingResult:
    with np.errstate(all="ignore"):  # of a run that diverged
        losses = np.full(len(kept), math.nan)
        if rows is not None:
            outputs = np.maximum(trajectory @ rows.points.T, 0.0)
            losses = np.mean((outputs - rows.labels) ** 2, axis=1)
        unknown = np.full(len(kept), math.nan)
        distances = unknown if target is None else np.linalg.norm(trajectory - target, axis=1)
    hypotheses = (() if rows is None else (rows.hypothesis,)) + moments.hypotheses()
    if eta > 0 and all_hold(moments.hypotheses()):
        hypotheses += (step_hypothesis(moments, eta, schedule.alpha),)
    if target is None:
        hypotheses += (Hypothesis("w* is known", None, remark="give w_star, to see the distance and its bound"),)
    bounds: tuple[Bound, ...] = ()
    if all_hold(hypotheses) and target is not None:
        own = eta == schedule.step_size
        contraction = schedule.contraction if own else contraction_of(moments, -schedule.alpha * eta)
        name = "Theorem 3.3.1" + (", sharpened" if schedule.variant == "sharp" else "")
        odds = (1 - schedule.delta) * moments.confidence
        values: Floats = np.asarray(schedule.start * contraction**kept / schedule.delta)
        bounds = (Bound(name, "‖w_t − w*‖²", values, distances**2, Certainty.with_probability, odds),)
    # the theorem promises the last iterate; of data the loss says which was best
    finite = np.where(np.isfinite(losses), losses, math.inf)
    best = int(finite.argmin()) if np.isfinite(finite).any() else len(kept) - 1
    last = trajectory[best]
    network = ReLUNetwork([last[None, :], np.ones((1, 1))], [np.zeros(1), np.zeros(1)])
    return TrainingResult(
        algorithm="Algorithm 2 (modified SGD)",
        parameters=trajectory[-1],
        best=last,
        best_step=int(kept[best]),
        best_loss=float(losses[best]),
        updates=int(kept[-1]),
        steps=kept,
        trajectory=trajectory,
        losses=losses,
        distances=distances,
        bounds=bounds,
        hypotheses=hypotheses,
        step_size=eta,
        termination=end,
        seed=seed,
        seconds=time.perf_counter() - begin,
        network=network if np.isfinite(last).all() else None,
    )
