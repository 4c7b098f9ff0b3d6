"""Data as everybody gives them to an optimiser: features and labels of unit size, centred where the class allows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relucomb.precise_values import Units
from relucomb_solvers.network_descent import Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScaledData:
    """Standardised data, and the way back for networks and losses.

    Attributes
    ----------
    problem
        What the optimisers see.
    centre, spread
        ``x = centre + spread * (the scaled x)``, one number for each feature.
    scale, shift
        ``y = scale * targets + shift``.
    hidden_bias
        Whether the last row of the points is the constant 1.
    """

    problem: Problem
    centre: Floats
    spread: Floats
    scale: float
    shift: float
    hidden_bias: bool

    def loss(self, loss: float) -> float:
        """Return a mean squared loss in the user's units."""
        return loss * self.scale * self.scale

    def units(self, parameters: Floats) -> Units:
        """Return the network of a vector of parameters in the user's units, the size of output weights moved inside.

        The positive output weights come first.
        """
        width, d = self.problem.width, len(self.problem.points)
        n = len(self.centre)
        vectors = parameters[: width * d].reshape(width, d)
        outer = parameters[width * d : width * (d + 1)]
        order = np.argsort(outer < 0, kind="stable")
        vectors = self.scale * np.abs(outer[order])[:, None] * vectors[order]
        weights = vectors[:, :n] / self.spread
        biases = vectors[:, n] - weights @ self.centre if self.hidden_bias else np.zeros(width)
        constant = self.scale * float(parameters[-1]) + self.shift if self.problem.output_bias else 0.0
        return Units(weights, biases, np.where(outer[order] < 0, -1.0, 1.0), constant)


def scale_data(X: Floats, y: Floats, width: int, *, hidden_bias: bool, output_bias: bool) -> ScaledData:
    """Standardise data without changing which functions the networks can be.

    Features are divided by their standard deviation, and labels by theirs. Means are only subtracted where a bias can
    give them back: from the features with a hidden bias, from the labels with an output bias; otherwise the size is
    the root of the mean square.

    Parameters
    ----------
    X, y
        Points ``(D, n)`` and labels ``(D,)``, finite.
    width
        Number of hidden units.
    hidden_bias, output_bias
        Which biases the networks have.

    Examples
    --------
    >>> data = scale_data(np.array([[0.0], [4.0]]), np.array([3.0, 3.0]), 1, hidden_bias=True, output_bias=False)
    >>> data.problem.points, data.problem.targets
    (array([[-1.,  1.],
           [ 1.,  1.]]), array([1., 1.]))
    """
    centre = X.mean(axis=0) if hidden_bias else np.zeros(X.shape[1])
    spread = np.array([_size(column) for column in (X - centre).T])
    rows = [*((X - centre) / spread).T, *([np.ones(len(X))] if hidden_bias else [])]
    shift = float(y.mean()) if output_bias else 0.0
    scale = _size(y - shift)
    problem = Problem(np.ascontiguousarray(rows), (y - shift) / scale, width, output_bias)
    return ScaledData(problem, centre, spread, scale, shift, hidden_bias)


def constant_loss(y: Floats, *, hidden_bias: bool, output_bias: bool) -> float:
    """Return the mean squared loss of the best constant function that the networks can be: what is easily had.

    Without biases it is the zero function.

    Examples
    --------
    >>> y = np.array([4.0, 6.0])
    >>> constant_loss(y, hidden_bias=True, output_bias=False), constant_loss(y, hidden_bias=False, output_bias=False)
    (1.0, 26.0)
    """
    moved = y - y.mean() if hidden_bias or output_bias else y
    with np.errstate(over="ignore"):
        return float(np.mean(moved * moved))


def _size(values: Floats) -> float:
    """Return the root of the mean square, 1 if all are 0."""
    largest = float(np.abs(values).max())
    return largest * math.sqrt(float(np.mean((values / largest) ** 2))) if largest > 0 else 1.0
