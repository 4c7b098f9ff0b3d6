"""Where the basin of a network ends: its activation pattern solved exactly, and on downhill from there.

A run that is still far from the optimum may be slow, or it may be where no descent leads to the optimum. On a fixed
pattern the loss is a convex quadratic, so one least-squares problem answers at once what an optimiser would take ages
for; the pattern changes on the way, and the descent goes on until no direction leads down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relucomb.precise_values import Units
from relucomb.racing.kink_descent import descend_over_kinks
from relucomb.standardisation import standardise
from relucomb_solvers import cone_search
from relucomb_solvers.simplicial_fan import sign_vectors

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS = 200
PADDING = 8


def polisher(
    X: Floats, y: Floats, width: int, *, hidden_bias: bool, output_bias: bool
) -> Callable[[Units], tuple[float, Units]]:
    """Return the function that takes a network to the bottom of its basin: the mean squared loss and the network there.

    Parameters
    ----------
    X, y
        Points ``(D, n)`` and labels ``(D,)``.
    width
        Number of hidden units.
    hidden_bias, output_bias
        Which biases may change.

    Examples
    --------
    >>> X, y = np.array([[0.0], [1.0], [2.0]]), np.array([0.0, 0.0, 1.0])
    >>> polish = polisher(X, y, 1, hidden_bias=True, output_bias=False)
    >>> loss, network = polish(Units(np.array([[0.2]]), np.array([-0.1]), np.array([1.0]), 0.0))
    >>> loss < 1e-12, network.weights.round(4)
    (True, array([[1.]]))
    """
    data = standardise(X, y, hidden_bias=hidden_bias, scale_labels=True, shift_labels=output_bias)
    points, targets, weights, within = _distinct(data.points, data.targets)
    columns = np.tile(weights, (int(output_bias), 1))
    pad = -len(targets) % PADDING
    problem = cone_search.Problem(
        np.ascontiguousarray(np.pad(points, ((0, pad), (0, 0))).T),
        np.pad(targets, (0, pad)),
        np.pad(columns, ((0, 0), (0, pad))),
        np.zeros(0),  # bounds of subgradients: of losses that are not squared
        np.zeros(0),
        True,
        sign_vectors(width),
        0.5 * float(targets @ targets),
    )
    d, factor = points.shape[1], data.scale**2 / len(y)
    tol = cone_search.Tolerances()

    def polish(units: Units) -> tuple[float, Units]:
        vectors, constant = data.standard_units(units.weights, units.biases, units.constant)
        linear = np.full(int(output_bias), constant)
        _, vectors, linear = cone_search.descend(problem, vectors, linear, units.signs, STEPS, tol)
        found = descend_over_kinks(points, targets, columns, units.signs, np.concatenate([vectors.ravel(), linear]))
        vectors, linear = found[: width * d].reshape(width, d), found[width * d :]
        outputs = np.maximum(points @ vectors.T, 0.0) @ units.signs + linear @ columns
        weights, biases, shifted = data.user_units(vectors, float(linear[0]) if output_bias else 0.0)
        loss = factor * (float(np.sum((outputs - targets) ** 2)) + within)
        return loss, Units(weights, biases, units.signs, shifted if output_bias else 0.0)

    return polish


def _distinct(points: Floats, targets: Floats) -> tuple[Floats, Floats, Floats, float]:
    """Replace equal points by one with their mean label, all scaled by the root of their number, which units allow.

    Returns points, labels, the roots, and the sum of squares within the groups, which no network can change.
    """
    unique, group = np.unique(points, axis=0, return_inverse=True)
    group = group.reshape(-1)
    count = np.bincount(group)
    mean = np.bincount(group, weights=targets) / count
    root = np.sqrt(count)
    return unique * root[:, None], mean * root, root, float(np.sum((targets - mean[group]) ** 2))
