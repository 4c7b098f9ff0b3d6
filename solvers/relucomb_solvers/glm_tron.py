"""GLM-Tron: full-batch updates of one gate, one sweep over the points for each.

An update needs two products, ``X w`` and ``Xᵀ r``. A sweep takes a few rows at a time through both while they are in
the first-level cache, so that every point is read once for an update and not twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from relucomb_solvers._jit import kernel, reduction

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROWS = 4
"""Rows that a sweep takes at a time."""


class Gate(NamedTuple):
    """The data of a gate ``σ(w·x)`` with ``σ(z) = z`` for ``z ≥ 0`` and ``slope · z`` below.

    Attributes
    ----------
    X, y
        Points ``(S, n)``, contiguous by rows, and labels ``(S,)``.
    truth
        Array ``(S,)``: outputs of the gate that iterates are compared with (the labels, if there is none).
    slope
        Slope of the activation below 0.
    """

    X: Floats
    y: Floats
    truth: Floats
    slope: float


class Trace(NamedTuple):
    """What a run keeps; all arrays are modified in place.

    Attributes
    ----------
    w
        Array ``(n,)``: the current iterate.
    best
        Array ``(n,)``: the iterate of least loss so far.
    numbers
        Array ``(5,)``: loss and effective risk of the iterate that the last call began with, least loss and least
        effective risk so far, and the number of updates before the best iterate.
    """

    w: Floats
    best: Floats
    numbers: Floats


def new_trace(start: Floats) -> Trace:
    """Return the state of a run that begins at ``start``.

    Examples
    --------
    >>> gate = Gate(np.array([[1.0]]), np.array([1.0]), np.array([1.0]), 0.0)
    >>> trace = new_trace(np.zeros(1))
    >>> advance(gate, trace, 1.0, 0, 1)  # one update reaches the label
    True
    >>> trace.w
    array([1.])
    """
    return Trace(start.copy(), start.copy(), np.array([np.nan, np.nan, np.inf, np.inf, 0.0]))


def advance(gate: Gate, trace: Trace, step: float, made: int, updates: int) -> bool:
    """Look at the current iterate, then make so many updates ``w ← w + step · (1/S) Σ (y_i − σ(w·x_i)) x_i``.

    Parameters
    ----------
    gate
        The data.
    trace
        The state; modified in place.
    step
        The step size.
    made
        Updates made before this call.
    updates
        Updates to make; 0 only looks.

    Returns
    -------
    bool
        Whether the last update changed the iterate (``True`` for no update). Nothing changes after that.
    """
    return bool(_advance(*gate, *trace, step, made, updates))


@kernel
def _advance(
    X: Floats,
    y: Floats,
    truth: Floats,
    slope: float,
    w: Floats,
    best: Floats,
    numbers: Floats,
    step: float,
    made: int,
    updates: int,
) -> bool:
    gradient = np.empty(len(w))
    for update in range(max(updates, 1)):
        loss, risk = _sweep(X, y, truth, slope, w, gradient)
        if update == 0:
            numbers[0], numbers[1] = loss, risk
        if loss < numbers[2]:
            numbers[2], numbers[4] = loss, made + update
            best[:] = w
        numbers[3] = min(numbers[3], risk)
        if updates == 0:
            return True
        changed = False
        for k in range(len(w)):
            after = w[k] + step * gradient[k]
            changed |= after != w[k]
            w[k] = after
        if not changed:
            return False
    return True


@kernel
def _sweep(X: Floats, y: Floats, truth: Floats, slope: float, w: Floats, gradient: Floats) -> tuple[float, float]:
    """Return loss and effective risk of ``w`` and write ``(1/S) Σ (y_i − σ(w·x_i)) x_i`` to ``gradient``."""
    S, n = X.shape
    gradient[:] = 0.0
    loss = risk = 0.0
    i = 0
    while i + ROWS <= S:
        z0, z1, z2, z3 = _products(X[i], X[i + 1], X[i + 2], X[i + 3], w)
        z0 = z0 if z0 >= 0.0 else slope * z0
        z1 = z1 if z1 >= 0.0 else slope * z1
        z2 = z2 if z2 >= 0.0 else slope * z2
        z3 = z3 if z3 >= 0.0 else slope * z3
        r0, r1, r2, r3 = y[i] - z0, y[i + 1] - z1, y[i + 2] - z2, y[i + 3] - z3
        e0, e1, e2, e3 = truth[i] - z0, truth[i + 1] - z1, truth[i + 2] - z2, truth[i + 3] - z3
        loss += r0 * r0 + r1 * r1 + (r2 * r2 + r3 * r3)
        risk += e0 * e0 + e1 * e1 + (e2 * e2 + e3 * e3)
        _collect(X[i], X[i + 1], X[i + 2], X[i + 3], r0, r1, r2, r3, gradient)
        i += ROWS
    while i < S:
        z = 0.0
        for k in range(n):
            z += X[i, k] * w[k]
        z = z if z >= 0.0 else slope * z
        r = y[i] - z
        e = truth[i] - z
        loss += r * r
        risk += e * e
        for k in range(n):
            gradient[k] += r * X[i, k]
        i += 1
    for k in range(n):
        gradient[k] /= S
    return loss / S, risk / S


@reduction
def _products(a: Floats, b: Floats, c: Floats, d: Floats, w: Floats) -> tuple[float, float, float, float]:
    p = q = r = s = 0.0
    for k in range(len(w)):
        p += a[k] * w[k]
        q += b[k] * w[k]
        r += c[k] * w[k]
        s += d[k] * w[k]
    return p, q, r, s


@reduction
def _collect(
    a: Floats, b: Floats, c: Floats, d: Floats, p: float, q: float, r: float, s: float, gradient: Floats
) -> None:
    for k in range(len(gradient)):
        gradient[k] += p * a[k] + q * b[k] + (r * c[k] + s * d[k])
