"""Algorithm 4, GLM-Tron: learn a gate from all points at once, whatever bounded noise is on the labels."""

from __future__ import annotations

import math
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.training import glm_tron_bounds as bounds_of
from relucomb.training.activations import Activation, resolve_activation
from relucomb.training.hypotheses import Hypothesis, all_hold, at_most
from relucomb.training.recording import RECORD, check_positive, read_points, read_vector, recorded_steps
from relucomb.training.result import Bound, Termination, TrainingResult
from relucomb_solvers import glm_tron as engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

SCALES = (False, True, "spectral")
STEPS = 1000
MOST_UPDATES = 100_000_000
MOST_REACH = 1e300
"""A user's function is not examined farther out."""


def glm_tron(
    X: ArrayLike,
    y: ArrayLike,
    activation: str | Activation = "relu",
    *,
    steps: int | None = None,
    eps: float | None = None,
    w_star: ArrayLike | None = None,
    theta: float | None = None,
    scale: bool | str = False,
    step_size: float | None = None,
    record: int = RECORD,
    callback: Callable[[int, Floats], bool | None] | None = None,
) -> TrainingResult:
    """Run ``w ← w + (1/S) Σ (y_i − σ(w·x_i)) x_i`` from ``w = 0``.

    Parameters
    ----------
    X, y
        Points ``(S, n)`` and labels ``(S,)``. The theorems need ``‖x_i‖ ≤ 1``.
    activation
        ``"relu"``, ``"leaky-relu"``, ``"identity"``, or an :class:`Activation`.
    steps
        Number of updates; 1000 if neither they nor ``eps`` are given.
    eps
        The accuracy ``ε`` of Theorem 3.5.2, from which ``T = ⌈‖w*‖²/ε⌉`` updates follow; needs ``w_star``.
    w_star
        Weights to compare with, ``(n,)``: those behind the labels, or any others. The theorems hold for all, with
        what the labels differ from them as noise. If not given, theorems say nothing that could be checked.
    theta
        A bound on the noise, if it is known beforehand; otherwise the noise is what the labels differ from ``w_star``.
    scale
        ``True`` divides the points by the greatest ``‖x_i‖``; ``"spectral"`` makes the longest steps that the sharpened
        theorem allows to be useful, ``1/(LΛ)``. Parameters and bounds are in the units of ``X`` all the same.
    step_size
        A factor of the update instead; 1 is the algorithm's.
    record, callback
        As for :func:`relu_gate_sgd`.

    Returns
    -------
    TrainingResult
        The whole trajectory and the iterate of least loss: the theorems promise some good iterate, not the last. Bounds
        are on the least effective risk ``L̃`` so far, and on ``‖w_t − w*‖²``.

    Raises
    ------
    ValueError, TypeError
        An argument is not legal; the message names it. A hypothesis that fails is no error: the result says so.

    Examples
    --------
    >>> run = glm_tron([[0.6, 0.8], [1.0, 0.0], [-0.8, 0.6]], [1.4, 1.0, 0.0], w_star=[1, 1], steps=100)
    >>> run.certified, bool(run.best_loss < 1e-6), all(bound.holds for bound in run.bounds)
    (True, True, True)
    """
    begin = time.perf_counter()
    chosen = resolve_activation(activation)
    points, labels = read_points(X, y)
    n = points.shape[1]
    target = None if w_star is None else read_vector(w_star, "w_star", n)
    if theta is not None and not (math.isfinite(theta) and theta >= 0):
        raise ValueError(f"theta must be a finite number that is not negative; got {theta!r}")
    step = _step(points, chosen, scale, step_size)
    reference = _reference(points, labels, chosen, target, theta)
    kept = recorded_steps(_updates(steps, eps, reference, step), record)
    run = _run_piecewise if chosen.slope is not None else _run_custom
    trajectory, losses, risks, best, end = run(points, labels, chosen, reference, step, kept, callback)
    kept = kept[: len(trajectory)]
    if best.step > kept[-1]:  # interrupted on the way to an iterate that would have been kept
        row = int(np.nanargmin(losses))
        best = _Best(trajectory[row], int(kept[row]), float(losses[row]))
    hypotheses, bounds = _theorems(points, chosen, reference, step, kept, trajectory, risks)
    return TrainingResult(
        algorithm="Algorithm 4 (GLM-Tron)",
        parameters=trajectory[-1],
        best=best.w,
        best_step=best.step,
        best_loss=best.loss,
        updates=int(kept[-1]),
        steps=kept,
        trajectory=trajectory,
        losses=losses,
        distances=_distances(trajectory, target),
        bounds=bounds,
        hypotheses=hypotheses,
        step_size=step,
        termination=end,
        seed=None,
        seconds=time.perf_counter() - begin,
        network=_network(best.w, chosen),
    )


@dataclass(frozen=True, slots=True)
class _Reference:
    """What iterates are compared with: weights, their outputs, the noise that is left, and bounds on it."""

    w: Floats | None
    outputs: Floats
    length: float
    noise: float
    theta: float
    push: float


@dataclass(frozen=True, slots=True)
class _Best:
    w: Floats
    step: int
    loss: float


def _step(points: Floats, activation: Activation, scale: bool | str, step_size: float | None) -> float:
    if scale not in SCALES:
        raise ValueError(f"scale is {scale!r}; legal are False, True, 'spectral'")
    if step_size is not None:
        if scale:
            raise ValueError("scale and step_size were both given; each sets the step")
        return check_positive("step_size", step_size)
    largest = float(np.einsum("ij,ij->i", points, points).max())
    if not scale or largest < sys.float_info.min:
        return 1.0
    return 1 / (activation.lipschitz * bounds_of.spectral_norm(points)) if scale == "spectral" else 1 / largest


def _reference(
    points: Floats, labels: Floats, activation: Activation, w_star: Floats | None, theta: float | None
) -> _Reference:
    if w_star is None:
        return _Reference(None, labels, math.nan, math.nan, math.nan, math.nan)
    outputs = activation(points @ w_star)
    noise = labels - outputs
    # labels that were computed in floats differ from the gate's outputs by rounding, which is no noise
    rounding = 4 * points.shape[1] * np.finfo(float).eps * (np.abs(points) @ np.abs(w_star)) * activation.lipschitz
    noise = np.where(np.abs(noise) <= rounding, 0.0, noise)
    row = int(np.abs(noise).argmax())
    worst = float(np.abs(noise[row]))
    if theta is not None and theta < worst <= theta + rounding[row]:
        worst = theta  # labels that were computed in floats with a noise of exactly that size
    # what cancels in the sum leaves rounding, which moves iterates all the same
    sizes = float(np.linalg.norm(np.abs(noise) @ np.abs(points))) / len(points)
    push = float(np.linalg.norm(noise @ points)) / len(points) + 2 * len(points) * np.finfo(float).eps * sizes
    size = float(np.abs(w_star).max())
    length = size * float(np.linalg.norm(w_star / size)) if size > 0 else 0.0  # its square may overflow
    return _Reference(w_star, outputs, length, worst, worst if theta is None else theta, push)


def _updates(steps: int | None, eps: float | None, reference: _Reference, step: float) -> int:
    if eps is None:
        return STEPS if steps is None else steps
    check_positive("eps", eps)
    if reference.w is None:
        raise ValueError("eps was given without w_star; the number of steps depends on both (or give steps)")
    if steps is not None:
        raise ValueError("steps and eps were both given; eps says how many steps to make")
    # in units in which the step is 1, w* is longer by 1/√s
    promised = bounds_of.glm_tron_bound(reference.length / math.sqrt(step), eps, 0.0, 1.0)
    return MOST_UPDATES if promised.T is None else min(promised.T, MOST_UPDATES)


def _run_piecewise(
    points: Floats,
    labels: Floats,
    activation: Activation,
    reference: _Reference,
    step: float,
    kept: NDArray[np.int64],
    callback: Callable[[int, Floats], bool | None] | None,
) -> tuple[Floats, Floats, Floats, _Best, Termination]:
    gate = engine.Gate(points, labels, reference.outputs, float(activation.slope or 0.0))
    trace = engine.new_trace(np.zeros(points.shape[1]))
    trajectory, losses, risks, least = [trace.w.copy()], [], [], [math.inf]
    end, made = Termination.finished, 0
    try:
        for goal in kept[1:]:
            moving = engine.advance(gate, trace, step, made, int(goal) - made)
            losses.append(float(trace.numbers[0]))
            risks.append(float(trace.numbers[1]))
            least.append(float(trace.numbers[3]))
            trajectory.append(trace.w.copy())
            made = int(goal)
            end = _ended(trace.w, moving, made, callback)
            if end is not Termination.finished:
                break
    except KeyboardInterrupt:
        end = Termination.interrupted
        trace.w[:] = trajectory[-1]
        losses, risks, least = losses[: len(trajectory) - 1], risks[: len(trajectory) - 1], least[: len(trajectory)]
    engine.advance(gate, trace, step, made, 0)
    losses.append(float(trace.numbers[0]))
    risks.append(float(trace.numbers[1]))
    best = _Best(trace.best, int(trace.numbers[4]), float(trace.numbers[2]))
    return np.array(trajectory), np.array(losses), np.minimum(risks, least), best, end


def _run_custom(
    points: Floats,
    labels: Floats,
    activation: Activation,
    reference: _Reference,
    step: float,
    kept: NDArray[np.int64],
    callback: Callable[[int, Floats], bool | None] | None,
) -> tuple[Floats, Floats, Floats, _Best, Termination]:
    """Do the same for a function of the user's, in plain numpy."""
    w = np.zeros(points.shape[1])
    best = _Best(w.copy(), 0, math.inf)
    trajectory, losses, risks = [], [], []
    least, made, end, moving = math.inf, 0, Termination.finished, True
    try:
        with np.errstate(all="ignore"):  # of a run that diverges
            for goal in kept:
                while True:
                    outputs = activation(points @ w)
                    loss = float(np.mean((labels - outputs) ** 2))
                    least = min(least, float(np.mean((reference.outputs - outputs) ** 2)))
                    if loss < best.loss:
                        best = _Best(w.copy(), made, loss)
                    if made == goal:
                        break
                    before, w = w, w + step * ((labels - outputs) @ points) / len(points)
                    moving = not np.array_equal(before, w)
                    made += 1
                trajectory.append(w.copy())
                losses.append(loss)
                risks.append(least)
                end = _ended(w, moving, made, callback if made else None)
                if end is not Termination.finished:
                    break
    except KeyboardInterrupt:
        end = Termination.interrupted
        if not trajectory:
            raise
    count = len(trajectory)
    return np.array(trajectory), np.array(losses[:count]), np.array(risks[:count]), best, end


def _ended(w: Floats, moving: bool, made: int, callback: Callable[[int, Floats], bool | None] | None) -> Termination:
    if not np.isfinite(w).all():
        return Termination.diverged
    if not moving:
        return Termination.converged
    if callback is not None and callback(made, w.copy()):
        return Termination.callback
    return Termination.finished


def _theorems(
    points: Floats,
    activation: Activation,
    reference: _Reference,
    step: float,
    kept: NDArray[np.int64],
    trajectory: Floats,
    risks: Floats,
) -> tuple[tuple[Hypothesis, ...], tuple[Bound, ...]]:
    """Return the hypotheses, those of the source first, and the bounds of all variants whose own hypotheses hold."""
    reach = 0.0
    if activation.function is not None:
        compared = trajectory if reference.w is None else np.vstack([trajectory, reference.w])
        with np.errstate(all="ignore"):  # of a run that diverged
            arguments = np.abs(compared @ points.T)
        reach = float(np.minimum(arguments[np.isfinite(arguments)], MOST_REACH).max(initial=0.0))
    bounds: list[Bound] = []
    told: tuple[Hypothesis, ...] = ()
    for sharp in (False, True):
        Lambda, hypotheses = bounds_of.conditions(points, activation, step, reach, sharp=sharp)
        if reference.w is None:
            hypotheses += (Hypothesis("w* is known", None, remark="give w_star, to compare with it"),)
        elif not sharp:
            hypotheses += (at_most("|ξ_i| ≤ θ", reference.noise, reference.theta, "theta is too small"),)
        stated = {entry.statement for entry in told}
        told += tuple(entry for entry in hypotheses if entry.statement not in stated)
        if reference.w is None or not all_hold(hypotheses):
            continue
        eta = reference.push if sharp else reference.theta * math.sqrt(Lambda)
        numbers = (reference.length, eta, activation.lipschitz, step, Lambda)
        suffix = ", sharpened" if sharp else ""
        risk_values = bounds_of.best_risk_bound(kept, *numbers)
        square_values = bounds_of.distance_bound(kept, *numbers)
        with np.errstate(over="ignore"):
            squares = _distances(trajectory, reference.w) ** 2
        bounds.append(Bound(f"Theorem 3.5.2{suffix}", "least L̃ so far", risk_values, risks))
        bounds.append(Bound(f"Lemma 3.5.1{suffix}", "‖w_t − w*‖²", square_values, squares))
    return told, tuple(bounds)


def _distances(trajectory: Floats, w_star: Floats | None) -> Floats:
    if w_star is None:
        return np.full(len(trajectory), math.nan)
    with np.errstate(all="ignore"):
        return np.asarray(np.linalg.norm(trajectory - w_star, axis=1), dtype=np.float64)


def _network(w: Floats, activation: Activation) -> ReLUNetwork | None:
    """Return the gate as a network: a leaky ReLU is ``relu(z) − slope · relu(−z)``."""
    if activation.slope is None or not np.isfinite(w).all():
        return None
    if activation.slope == 0:
        return ReLUNetwork([w[None, :], np.ones((1, 1))], [np.zeros(1), np.zeros(1)])
    return ReLUNetwork([np.array([w, -w]), np.array([[1.0, -activation.slope]])], [np.zeros(2), np.zeros(1)])
