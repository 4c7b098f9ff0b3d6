"""Descent of a piecewise quadratic loss that ends at a stationary point, even if that is at kinks of the units.

On a fixed activation pattern the loss is a convex quadratic, but its least value may lie beyond the pattern's boundary,
where a unit switches at a point: a *kink*. An active-set method decides what to do there. Units are held at 0 at some
points; the quadratic is minimised under these equations, and the way to its minimum is followed over all kinks that it
crosses for as long as the loss falls. Where it would rise behind a kink, that kink is held too. At the minimum, the
multiplier of a held kink says whether the loss falls on one of its sides; if so, the kink is released to that side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

MOST_ROUNDS = 300
SETTLED = 1e-13
"""A step that lessens the loss by a smaller share is none."""
ZERO = 1e-11
"""Relative size below which a change is a rounding error."""


def descend_over_kinks(points: Floats, targets: Floats, columns: Floats, signs: Floats, start: Floats) -> Floats:
    """Return weights at which no direction lessens ``Σ_j (Σ_i s_i max(0, v_i·x_j) + Σ_k β_k B_kj − y_j)²``.

    (A unit whose weights all vanish on the way is at the kinks of all points at once and may stay there.)

    Parameters
    ----------
    points, targets
        Rows ``x_j`` and numbers ``y_j``.
    columns
        Array ``(q, D)``: the rows ``B_k``.
    signs
        The ``s_i``, 1 or −1.
    start
        The rows ``v_i``, one after another, then the ``β_k``.

    Examples
    --------
    If it fitted the other two points exactly, the unit would be on at x = −1, where it must not be. It ends with its
    kink there:

    >>> X = np.array([[-1.0, 1.0], [0.0, 1.0], [1.0, 1.0]])
    >>> descend_over_kinks(X, np.array([-5.0, 1.5, 2.0]), np.zeros((0, 3)), np.ones(1), np.array([1.0, 0.5]))
    array([1.1, 1.1])
    """
    w, d = len(signs), points.shape[1]
    z = start.copy()
    values = points @ z[: w * d].reshape(w, d).T
    on = values > 0
    held = np.zeros_like(on)
    for _ in range(MOST_ROUNDS):
        design = _design(points, columns, signs, on & ~held)
        residual = design @ z - targets
        rows = _rows(points, held)
        step = _constrained_step(design, residual, rows)
        moved = design @ step
        if moved @ moved > SETTLED * (residual @ residual):
            length, kink = _follow(points, signs, z, step, on, held, residual, moved)
            z = z + length * step
            if kink is not None:
                held[kink] = True
            continue
        held |= _at_kinks(points, z[: w * d].reshape(w, d))
        design = _design(points, columns, signs, on & ~held)
        release = _release(design, residual, _rows(points, held), held, signs)
        if release is None:
            break
        kink, side = release
        held[kink], on[kink] = False, side
    return z


def _design(points: Floats, columns: Floats, signs: Floats, on: Booleans) -> Floats:
    """Return the outputs at the points as a matrix on all weights."""
    blocks = (signs * on)[:, :, None] * points[:, None, :]
    return np.hstack([blocks.reshape(len(points), -1), columns.T])


def _rows(points: Floats, held: Booleans) -> Floats:
    """Return the equations ``v_i·x_j = 0`` of the held kinks, by unit and point."""
    w, d = held.shape[1], points.shape[1]
    unit, point = np.nonzero(held.T)
    rows = np.zeros((len(unit), w, d))
    rows[np.arange(len(unit)), unit] = points[point]
    return rows.reshape(len(unit), w * d)


def _at_kinks(points: Floats, vectors: Floats) -> Booleans:
    """Say which units are 0 at which points without being 0 everywhere."""
    values = np.abs(points @ vectors.T)
    size = np.linalg.norm(points, axis=1)[:, None] * np.linalg.norm(vectors, axis=1)
    return np.asarray((values <= ZERO * size) & (size > 0))


def _constrained_step(design: Floats, residual: Floats, rows: Floats) -> Floats:
    """Return the step to the least squares, among those that keep the held kinks where they are."""
    size, hidden = design.shape[1], rows.shape[1]
    free = np.eye(size)
    if len(rows):
        _, singular, basis = np.linalg.svd(rows, full_matrices=True)
        rank = int((singular > ZERO * singular[0]).sum())
        free = np.zeros((size, size - rank))
        free[:hidden, : hidden - rank] = basis[rank:].T
        free[hidden:, hidden - rank :] = np.eye(size - hidden)
    reduced = design @ free
    if np.linalg.norm(reduced) <= ZERO * np.linalg.norm(design):  # nothing but rounding errors
        return np.zeros(size)
    return free @ _least_squares(reduced, -residual)


def _follow(
    points: Floats,
    signs: Floats,
    z: Floats,
    step: Floats,
    on: Booleans,
    held: Booleans,
    residual: Floats,
    moved: Floats,
) -> tuple[float, tuple[int, int] | None]:
    """Follow a step while the loss falls; ``on`` changes where kinks are crossed.

    Returns the length, and the kink at which the loss would begin to rise, if it is one.
    """
    w, d = len(signs), points.shape[1]
    values = points @ z[: w * d].reshape(w, d).T
    change = points @ step[: w * d].reshape(w, d).T
    size = np.linalg.norm(points, axis=1)[:, None] * np.linalg.norm(step[: w * d].reshape(w, d), axis=1)
    leaves = ~held & (np.where(on, -change, change) > ZERO * size)
    point, unit = np.nonzero(leaves)
    times = np.maximum(0.0, -values[leaves] / change[leaves])
    residual, moved, now = residual.copy(), moved.copy(), 0.0
    nothing = ZERO * ZERO * float(moved @ moved)
    for k in np.argsort(times, kind="stable"):
        slope, curvature = residual @ moved, moved @ moved
        if slope >= 0 or curvature <= nothing:
            return now, None
        if now - slope / curvature <= times[k]:
            break
        residual += (times[k] - now) * moved
        now = float(times[k])
        j, i = int(point[k]), int(unit[k])
        moved[j] += (-1.0 if on[j, i] else 1.0) * signs[i] * change[j, i]
        if residual @ moved >= 0:
            return now, (j, i)
        on[j, i] = not on[j, i]
    slope, curvature = residual @ moved, moved @ moved
    return (now - float(slope / curvature) if curvature > nothing else now), None


def _release(
    design: Floats, residual: Floats, rows: Floats, held: Booleans, signs: Floats
) -> tuple[tuple[int, int], bool] | None:
    """Return the held kink on one side of which the loss falls most steeply, and whether the unit is on there."""
    if not len(rows):
        return None
    hidden = rows.shape[1]
    multipliers = _least_squares(rows.T, -(design.T @ residual)[:hidden])
    unit, point = np.nonzero(held.T)
    jump = residual[point] * signs[unit]
    scale = ZERO * float(np.linalg.norm(residual))
    gains = np.maximum(multipliers - jump, -multipliers) - scale
    best = int(np.argmax(gains))
    if gains[best] <= 0:
        return None
    return (int(point[best]), int(unit[best])), bool(multipliers[best] - jump[best] > -multipliers[best])


def _least_squares(matrix: Floats, right: Floats) -> Floats:
    if 0 in matrix.shape:
        return np.zeros(matrix.shape[1])
    return np.asarray(np.linalg.lstsq(matrix, right, rcond=1e-12)[0])
