"""Where the basin of a network ends: its activation pattern solved exactly, and on downhill from there.

A run that is still far from the optimum may be slow, or it may be where no descent leads to the optimum. On a fixed
pattern the loss is a convex quadratic, so one least-squares problem answers at once what an optimiser would take ages
for; the pattern changes on the way, and the descent goes on until no step helps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relucomb.precise_values import Units
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
    D = len(y)
    pad = -D % PADDING
    points = np.ascontiguousarray(np.pad(data.points, ((0, pad), (0, 0))).T)
    targets = np.pad(data.targets, (0, pad))
    columns = np.pad(np.ones((int(output_bias), D)), ((0, 0), (0, pad)))
    ones = np.ones(len(targets))
    nothing = 0.5 * float(targets @ targets)
    problem = cone_search.Problem(points, targets, columns, -ones, ones, True, sign_vectors(width), nothing)
    factor = 2.0 * data.scale**2 / D
    tol = cone_search.Tolerances()

    def polish(units: Units) -> tuple[float, Units]:
        vectors, constant = data.standard_units(units.weights, units.biases, units.constant)
        linear = np.full(int(output_bias), constant)
        loss, vectors, linear = cone_search.descend(problem, vectors, linear, units.signs, STEPS, tol)
        weights, biases, shifted = data.user_units(vectors, float(linear[0]) if output_bias else 0.0)
        return factor * loss, Units(weights, biases, units.signs, shifted if output_bias else 0.0)

    return polish
