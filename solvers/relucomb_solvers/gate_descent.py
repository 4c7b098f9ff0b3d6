"""Gradient descent on one gate with noise: Algorithm 3, and plain descent where the noise is zero.

The points are columns, so that the loop over them uses vector instructions. The update is
``w ← w − η_t (g_t + ξ_{t,1}) + √η_t ξ_{t,2}`` with ``g_t = −(1/S) Σ 1[w_t·x_i ≥ 0] (y_i − relu(w_t·x_i)) x_i``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from relucomb_solvers._jit import kernel, reduction

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Trace(NamedTuple):
    """What a run keeps; all arrays are modified in place.

    Attributes
    ----------
    w, best
        Arrays ``(n,)``: the current iterate, and the one of least loss so far.
    numbers
        Array ``(4,)``: loss of the iterate that the last call began with, least loss so far, number of updates before
        the best iterate, greatest squared distance from the target so far.
    """

    w: Floats
    best: Floats
    numbers: Floats


def new_trace(start: Floats) -> Trace:
    """Return the state of a run that begins at ``start``."""
    return Trace(start.copy(), start.copy(), np.array([np.nan, np.inf, 0.0, 0.0]))


def advance(
    columns: Floats,
    labels: Floats,
    trace: Trace,
    target: Floats,
    steps: Floats,
    noise_1: Floats,
    noise_2: Floats,
    made: int = 0,
    radius: float = math.inf,
) -> int:
    """Look at the current iterate, then make one update for each step size.

    Parameters
    ----------
    columns, labels
        Arrays ``(n, S)`` and ``(S,)``.
    trace
        The state; modified in place.
    target
        Array ``(n,)``: distances are taken from it.
    steps
        Array ``(T,)`` of step sizes; with none, the iterate is only looked at.
    noise_1, noise_2
        Arrays ``(T, n)`` of the two noises, or ``(0, n)`` for none.
    made
        Updates made before this call.
    radius
        Report when the distance first exceeds it.

    Returns
    -------
    int
        The number of updates after which the distance first exceeded the radius, -1 if it never did.

    Examples
    --------
    >>> trace, none = new_trace(np.ones(1)), np.zeros((0, 1))
    >>> advance(np.array([[1.0, 2.0]]), np.zeros(2), trace, np.zeros(1), np.full(2, 0.1), none, none)
    -1
    >>> trace.w  # each update takes 0.1 · (1 + 4) / 2 of what is there
    array([0.5625])
    """
    return int(_advance(columns, labels, *trace, target, steps, noise_1, noise_2, made, radius))


@kernel
def _advance(
    columns: Floats,
    labels: Floats,
    w: Floats,
    best: Floats,
    numbers: Floats,
    target: Floats,
    steps: Floats,
    noise_1: Floats,
    noise_2: Floats,
    made: int,
    radius: float,
) -> int:
    n, S = columns.shape
    residual, gradient = np.empty(S), np.empty(n)
    limit = radius * radius
    outside = -1
    for t in range(max(len(steps), 1)):
        loss = _residuals(columns, labels, w, residual)
        if not np.isfinite(w).all():
            loss = np.nan  # comparisons would take it for a gate that is off
        if t == 0:
            numbers[0] = loss
        if loss < numbers[1]:
            numbers[1], numbers[2] = loss, made + t
            best[:] = w
        square = 0.0
        for k in range(n):
            square += (w[k] - target[k]) ** 2
        numbers[3] = max(numbers[3], square)
        if outside < 0 and square > limit:
            outside = made + t
        if len(steps) == 0:
            return outside
        eta, root = steps[t], math.sqrt(steps[t])
        for k in range(n):
            gradient[k] = _product(residual, columns[k]) / S
        for k in range(n):
            move = -eta * gradient[k]
            if len(noise_1) > 0:
                move -= eta * noise_1[t, k]
            if len(noise_2) > 0:
                move += root * noise_2[t, k]
            w[k] += move
    square = 0.0
    for k in range(n):
        square += (w[k] - target[k]) ** 2
    numbers[3] = max(numbers[3], square)
    if outside < 0 and square > limit:
        outside = made + len(steps)
    return outside


@reduction
def _residuals(columns: Floats, labels: Floats, w: Floats, residual: Floats) -> float:
    """Write ``1[z ≥ 0] (z − y)`` for ``z = w·x`` and return the mean of ``(relu(z) − y)²``."""
    n, S = columns.shape
    residual[:] = 0.0
    for k in range(n):
        factor = w[k]
        for i in range(S):
            residual[i] += factor * columns[k, i]
    total = 0.0
    for i in range(S):
        z = residual[i]
        error = (z if z >= 0.0 else 0.0) - labels[i]
        total += error * error
        residual[i] = error if z >= 0.0 else 0.0
    loss: float = total / S
    return loss


@reduction
def _product(a: Floats, b: Floats) -> float:
    total = 0.0
    for i in range(len(a)):
        total += a[i] * b[i]
    return total
