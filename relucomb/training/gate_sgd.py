"""Algorithm 2: stochastic learning of a ReLU gate from a stream of points, or from data; plain SGD beside it."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.training.distributions import Distribution
from relucomb.training.hypotheses import Hypothesis, all_hold
from relucomb.training.moments import TruncatedMoments, estimate_moments, moments_of_points
from relucomb.training.recording import RECORD, check_positive, read_vector, recorded_steps
from relucomb.training.result import Bound, Certainty, TrainingResult
from relucomb.training.sgd_schedule import SGDSchedule, contraction_of, moments_of, relu_sgd_schedule, step_hypothesis
from relucomb.training.streams import Stream, open_stream, run_stream
from relucomb_solvers import gate_sgd

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from relucomb.training.result import Termination

    Floats = NDArray[np.float64]

UNKNOWN_STEPS = 1000
"""Updates where the theorem's number is not known, for want of ``w*`` or of a theorem."""
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
    stream = open_stream(source, y, w_star)
    start = read_vector(w_1, "w_1", stream.n)
    moments = _moments(source, stream, samples, seed)
    # without a w* the distance at the start is not known, nor the number of steps; the step size is
    known = start if stream.target is None else stream.target
    schedule = relu_sgd_schedule(moments, known, eps=eps, delta=delta, w_1=start, alpha=alpha, variant=variant)
    eta = schedule.step_size if step_size is None else check_positive("step_size", step_size)
    kept = recorded_steps(_updates(schedule, steps, eta), record)
    trajectory, end = run_stream(stream, gate_sgd.stream, start, -alpha * eta, kept, seed, callback)
    kept = kept[: len(trajectory)]
    hypotheses = _hypotheses(stream, moments, schedule, eta)
    distances = stream.distances(trajectory)
    bounds = _bounds(stream, hypotheses, schedule, eta, kept, distances) if stream.target is not None else ()
    return _result(
        "Algorithm 2 (modified SGD)", stream, kept, trajectory, distances, bounds, hypotheses, eta, end, seed, begin
    )


def plain_gate_sgd(
    source: ArrayLike | Distribution | Callable[[np.random.Generator, int], Any],
    y: ArrayLike | None = None,
    *,
    w_star: ArrayLike | None = None,
    w_1: ArrayLike | None = None,
    steps: int = 1000,
    step_size: float = 0.01,
    seed: int = 0,
    record: int = RECORD,
    callback: Callable[[int, Floats], bool | None] | None = None,
) -> TrainingResult:
    """Run plain SGD on a gate, one point a step: the baseline of Algorithm 2, about which nothing is proven here.

    ``w ← w + η 1[w·x ≥ 0] (y − w·x) x``: the indicator asks the iterate, not the label.

    Parameters
    ----------
    source, y, w_star, w_1, steps, seed, record, callback
        As for :func:`relu_gate_sgd`.
    step_size
        ``η``.

    Examples
    --------
    >>> from relucomb.training.distributions import Gaussian
    >>> run = plain_gate_sgd(Gaussian.standard(2), w_star=[1, -1], steps=5000)
    >>> bool(run.distances[-1] < 1e-6), run.bounds
    (True, ())
    """
    begin = time.perf_counter()
    stream = open_stream(source, y, w_star)
    start, eta = read_vector(w_1, "w_1", stream.n), check_positive("step_size", step_size)
    kept = recorded_steps(steps, record)
    trajectory, end = run_stream(stream, gate_sgd.descend, start, eta, kept, seed, callback)
    kept = kept[: len(trajectory)]
    distances = stream.distances(trajectory)
    return _result("SGD on a gate", stream, kept, trajectory, distances, (), (), eta, end, seed, begin)


def _moments(source: Any, stream: Stream, samples: int, seed: int) -> TruncatedMoments:
    # a positive label is all that a learner needs to see which points count
    if stream.points is not None and stream.labels is not None:
        return moments_of_points(stream.points, stream.labels > 0, origin="all rows")
    assert stream.target is not None
    if isinstance(source, Distribution):
        return moments_of(source, stream.target, samples=samples, seed=seed + 1)
    return estimate_moments(source, stream.target, samples=samples, seed=seed + 1)


def _updates(schedule: SGDSchedule, steps: int | None, eta: float) -> int:
    if steps is not None:
        return steps
    if eta <= 0:
        return 0
    if schedule.T is None:  # a step size of the caller's, and no theorem
        return UNKNOWN_STEPS
    if schedule.T == 1:
        return UNKNOWN_STEPS if schedule.start == 0 else 0
    return min(schedule.T - 1, MOST_UPDATES)


def _hypotheses(stream: Stream, moments: TruncatedMoments, schedule: SGDSchedule, eta: float) -> tuple[Hypothesis, ...]:
    hypotheses = (() if stream.hypothesis is None else (stream.hypothesis,)) + moments.hypotheses()
    if eta > 0 and all_hold(moments.hypotheses()):
        hypotheses += (step_hypothesis(moments, eta, schedule.alpha),)
    if stream.target is None:
        hypotheses += (Hypothesis("w* is known", None, remark="give w_star, to see the distance and its bound"),)
    return hypotheses


def _bounds(
    stream: Stream,
    hypotheses: tuple[Hypothesis, ...],
    schedule: SGDSchedule,
    eta: float,
    kept: NDArray[np.int64],
    distances: Floats,
) -> tuple[Bound, ...]:
    if not all_hold(hypotheses):
        return ()
    own = eta == schedule.step_size
    contraction = schedule.contraction if own else contraction_of(schedule.moments, -schedule.alpha * eta)
    name = "Theorem 3.3.1" + (", sharpened" if schedule.variant == "sharp" else "")
    odds = (1 - schedule.delta) * schedule.moments.confidence
    values: Floats = np.asarray(schedule.start * contraction**kept / schedule.delta)
    rounding = _rounding(stream, -schedule.alpha * eta, contraction) ** 2
    return (Bound(name, "‖w_t − w*‖²", values, distances**2, Certainty.with_probability, odds, rounding),)


def _rounding(stream: Stream, step: float, contraction: float) -> float:
    """Return how far from ``w*`` rounding keeps a run: of every update, and of labels that are not quite the gate's."""
    assert stream.target is not None
    error = 16 * (stream.n + 1) * float(np.finfo(float).eps) * float(np.linalg.norm(stream.target))
    if stream.points is not None and stream.hypothesis is not None:
        error += step * float(np.linalg.norm(stream.points, axis=1).max()) * stream.hypothesis.value
    # an update leaves a share of the errors before it
    left = 1 - math.sqrt(max(contraction, 0.0))
    return error / left if left > 0 else math.inf


def _result(
    algorithm: str,
    stream: Stream,
    kept: NDArray[np.int64],
    trajectory: Floats,
    distances: Floats,
    bounds: tuple[Bound, ...],
    hypotheses: tuple[Hypothesis, ...],
    eta: float,
    end: Termination,
    seed: int,
    begin: float,
) -> TrainingResult:
    losses = stream.losses(trajectory)
    # the theorem promises the last iterate; of data the loss says which was best
    finite = np.where(np.isfinite(losses), losses, math.inf)
    best = int(finite.argmin()) if np.isfinite(finite).any() else len(kept) - 1
    w = trajectory[best]
    network = None
    if np.isfinite(w).all():
        network = ReLUNetwork([w[None, :], np.ones((1, 1))], [np.zeros(1), np.zeros(1)])
    return TrainingResult(
        algorithm=algorithm,
        parameters=trajectory[-1],
        best=w,
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
        network=network,
    )
