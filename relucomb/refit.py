"""The last digits of an incumbent: the best floats on its own activation pattern.

A search ends with a network whose loss is optimal up to its tolerances. On its pattern the problem is convex, so the
digits beyond come cheaply: the points where a unit or a residual vanishes are read off, the linear equations that they
(and, for the squared loss, least squares) make are solved for a correction, and the residuals that enter are computed
with twice the digits. Where the optimum leaves weights free, as for the hinge loss, they may be astronomically large
and their loss lost in rounding; then a linear programme that charges a little for weights makes a new start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.precise_values import Units, precise_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from relucomb.standardisation import Standardised

    Floats = NDArray[np.float64]

NEARS = (1e-6, 1e-9, 0.0)
"""Relative sizes below which a value or a residual is tried as zero."""
ROUNDS = 4
CUTOFF = 1e-12
BITS = (4, 8, 16, 24, 32)
"""Lengths to which weights are rounded where that loses nothing: an exact fit may become one to the last digit."""
CHARGE = 1e-7
"""What the linear programme charges for a unit of weight, per unit of loss."""
LARGEST = 4000
"""Most pairs of a unit and a point for which that linear programme is solved."""


def refit(
    units: Units,
    X: Floats,
    y: Floats,
    data: Standardised,
    *,
    loss: str,
    output_bias: bool,
    bound: float,
) -> Units:
    """Return the best of the network and its corrections; never one with a larger loss.

    Parameters
    ----------
    units
        The network in the user's units.
    X, y
        Points ``(D, n)`` and labels ``(D,)``.
    data
        The same, standardised: where corrections are computed.
    loss
        ``"squared"``, ``"absolute"`` or ``"hinge"``.
    output_bias
        Whether the constant may change.
    bound
        What is proven for the mean loss; nothing is tried once it is met exactly.

    Examples
    --------
    >>> from relucomb.standardisation import standardise
    >>> X, y = np.array([[0.0], [1.0], [2.0]]), np.array([0.0, 0.0, 1.0])
    >>> data = standardise(X, y, hidden_bias=True, scale_labels=True, shift_labels=False)
    >>> rough = Units(np.array([[1.00000003]]), np.array([-1.00000002]), np.array([1.0]), 0.0)
    >>> fine = refit(rough, X, y, data, loss="squared", output_bias=False, bound=0.0)
    >>> fine.weights, fine.biases
    (array([[1.]]), array([-1.]))
    """
    best, least = units, precise_loss(units, X, y, loss)
    for start in _starts(units, X, y, data, loss, output_bias):
        if start is not units and least <= bound * (1 + 1e-13):
            break  # the first start was good enough
        for near in NEARS:
            current, before = start, precise_loss(start, X, y, loss)
            for _ in range(ROUNDS):
                candidate = _corrected(current, X, y, data, loss, output_bias, near)
                after = precise_loss(candidate, X, y, loss)
                if not after < before:
                    break
                current, before = candidate, after
            if before < least:
                best, least = current, before
            if least == 0:
                break
    for bits in BITS:
        rounded = _rounded(best, bits)
        if precise_loss(rounded, X, y, loss) <= least:
            return rounded
    return best


def precise_loss(units: Units, X: Floats, y: Floats, loss: str) -> float:
    """Return the mean loss from precise residuals; infinite if it is not a number.

    Examples
    --------
    >>> double = Units(np.array([[2.0]]), np.zeros(1), np.ones(1), 0.0)
    >>> precise_loss(double, np.array([[1.0]]), np.array([1.0]), "hinge")
    0.0
    """
    residual = precise_values(units, X, y)[1]
    if loss == "squared":
        losses = residual * residual
    else:
        losses = np.maximum(-y * residual, 0.0) if loss == "hinge" else np.abs(residual)
    total = float(losses.mean())
    return total if np.isfinite(total) else np.inf


def _starts(units: Units, X: Floats, y: Floats, data: Standardised, loss: str, output_bias: bool) -> Iterator[Units]:
    yield units
    if loss != "squared" and X.shape[0] * len(units.signs) <= LARGEST:
        programme = _small_weights(units, X, y, data, loss, output_bias)
        if programme is not None:
            yield programme


def _corrected(
    units: Units, X: Floats, y: Floats, data: Standardised, loss: str, output_bias: bool, near: float
) -> Units:
    """Solve for what vanishes: units at kinks, and residuals (at kinks of the loss, or in the mean of squares)."""
    values, residual = precise_values(units, X, y)
    design = _outputs(values > 0, units.signs, data.points, output_bias)
    width, d = len(units.signs), data.points.shape[1]
    kinks = [np.zeros((0, design.shape[1]))]
    wanted = [np.zeros(0)]
    for i in range(width):
        close = np.abs(values[:, i]) <= near * np.abs(values[:, i]).max()
        design[close, i * d : (i + 1) * d] = 0.0
        rows = np.zeros((int(close.sum()), design.shape[1]))
        rows[:, i * d : (i + 1) * d] = data.points[close]
        kinks.append(rows)
        wanted.append(-values[close, i] / data.scale)
    equations, right = np.vstack(kinks), np.concatenate(wanted)
    residual = residual / data.scale
    if loss == "squared":
        correction, free = _solutions(equations, right)
        correction = correction + free @ _least_squares(design @ free, -residual - design @ correction)
    else:
        close = np.abs(residual) <= near * max(1.0, float(np.abs(data.targets).max()))
        correction = _least_squares(np.vstack([equations, design[close]]), np.concatenate([right, -residual[close]]))
    vectors = correction[: width * d].reshape(width, d)
    weights, biases, constant = data.user_units(vectors, float(correction[-1]) if output_bias else 0.0)
    return units._replace(
        weights=units.weights + weights,
        biases=units.biases + biases,
        constant=units.constant + (constant - data.shift if output_bias else 0.0),
    )


def _outputs(on: NDArray[np.bool_], signs: Floats, points: Floats, output_bias: bool) -> Floats:
    """Return the outputs at the points as a matrix on the weights of all units (and the constant)."""
    blocks = [sign * active[:, None] * points for sign, active in zip(signs, on.T, strict=True)]
    return np.hstack([*blocks, np.ones((len(points), int(output_bias)))])


def _solutions(equations: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Return the shortest solution of linear equations, and a basis of what may be added to it."""
    if len(equations) == 0:
        return np.zeros(equations.shape[1]), np.eye(equations.shape[1])
    # all of the right factor is needed, but not of the left one, which is large if there are many equations
    left, singular, basis = np.linalg.svd(equations, full_matrices=len(equations) < equations.shape[1])
    rank = int((singular > CUTOFF * singular[0]).sum())
    shortest = basis[:rank].T @ ((left[:, :rank].T @ right) / singular[:rank])
    return shortest, basis[rank:].T


def _least_squares(matrix: Floats, right: Floats) -> Floats:
    if 0 in matrix.shape:
        return np.zeros(matrix.shape[1])
    return np.asarray(np.linalg.lstsq(matrix, right, rcond=CUTOFF)[0])


def _small_weights(
    units: Units, X: Floats, y: Floats, data: Standardised, loss: str, output_bias: bool
) -> Units | None:
    """Minimise the loss plus a small charge for weights on the pattern: a linear programme."""
    from scipy import optimize

    solve: Any = optimize.linprog
    on = precise_values(units, X, y)[0] > 0
    points, targets = data.points, data.targets
    width, d = len(units.signs), points.shape[1]
    design = _outputs(on, units.signs, points, output_bias)
    count, size = design.shape
    sides = np.zeros((width * count, size))
    for i in range(width):
        sides[i * count : (i + 1) * count, i * d : (i + 1) * d] = np.where(on[:, i], -1.0, 1.0)[:, None] * points
    rows, right = [np.hstack([sides, -sides, np.zeros((len(sides), count))])], [np.zeros(len(sides))]
    for slope in [-targets] if loss == "hinge" else [-np.ones(count), np.ones(count)]:
        tilted = slope[:, None] * design
        rows.append(np.hstack([tilted, -tilted, -np.eye(count)]))
        right.append(slope * targets)
    answer = solve(
        np.concatenate([np.full(2 * size, CHARGE), np.ones(count)]),
        A_ub=np.vstack(rows),
        b_ub=np.concatenate(right),
        bounds=(0, None),
        method="highs",
    )
    if answer.x is None:
        return None
    solution = answer.x[:size] - answer.x[size : 2 * size]
    weights, biases, constant = data.user_units(
        solution[: width * d].reshape(width, d), float(solution[-1]) if output_bias else 0.0
    )
    return Units(weights, biases, units.signs, constant if output_bias else units.constant)


def _rounded(units: Units, bits: int) -> Units:
    """Round all weights to multiples of one power of two, ``bits`` binary digits below the largest."""
    largest = max(float(np.abs(units.weights).max(initial=0.0)), float(np.abs(units.biases).max(initial=0.0)))
    if not 0 < largest < 1e300:
        return units
    step = 2.0 ** (np.floor(np.log2(largest)) - bits)
    return Units(
        np.round(units.weights / step) * step,
        np.round(units.biases / step) * step,
        units.signs,
        float(np.round(units.constant / step) * step),
    )
