"""From the user's units to points of unit covariance and labels of unit size, and back.

The class of networks does not change under invertible linear maps of ``x̃``, so the search works on whitened points of
full rank. Directions in which no point differs from another are dropped: a weight along them changes nothing that the
data could show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ZERO = 1e-14
"""Entries of a whitened point below this share of its largest are rounding of the singular vectors."""
RANK = 1e-11
"""Singular values below this share of the largest count as zero (after every column is scaled to its range)."""


@dataclass(frozen=True, slots=True)
class Standardised:
    """Whitened data and the maps between weights in both units.

    Attributes
    ----------
    points
        Array ``(D, d)`` of whitened points; with hidden bias the last column is 1.
    targets
        Array ``(D,)``.
    scale, shift
        ``y = scale * targets + shift``.
    """

    points: NDArray[np.float64]
    targets: NDArray[np.float64]
    scale: float
    shift: float
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    to_user: NDArray[np.float64]
    to_standard: NDArray[np.float64]
    hidden_bias: bool

    def user_units(
        self, vectors: NDArray[np.float64], constant: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
        """Return hidden weights ``(w, n)``, hidden biases ``(w,)`` and output bias in the user's units."""
        k = self.to_user.shape[1]
        weights = self.scale * (vectors[:, :k] @ self.to_user.T) / self.spread
        bias = self.scale * vectors[:, k] - weights @ self.centre if self.hidden_bias else np.zeros(len(vectors))
        return weights, bias, self.scale * constant + self.shift

    def standard_units(
        self, weights: NDArray[np.float64], bias: NDArray[np.float64], constant: float
    ) -> tuple[NDArray[np.float64], float]:
        """Return vectors ``(w, d)`` and the output constant that make the same predictions on the data."""
        vectors = (weights * self.spread) @ self.to_standard.T
        if self.hidden_bias:
            vectors = np.column_stack([vectors, bias + weights @ self.centre])
        return vectors / self.scale, (constant - self.shift) / self.scale


def standardise(
    X: NDArray[np.float64], y: NDArray[np.float64], *, hidden_bias: bool, scale_labels: bool, shift_labels: bool
) -> Standardised:
    """Whiten the points and scale the labels.

    Parameters
    ----------
    X, y
        Points ``(D, n)`` and labels ``(D,)``, finite.
    hidden_bias
        Whether units have a bias; then the points are centred too.
    scale_labels, shift_labels
        Whether the loss allows to scale the labels, and the class to shift them (output bias).

    Examples
    --------
    >>> data = standardise(np.array([[0.0, 7.0], [2.0, 7.0]]), np.array([3.0, 4.0]),
    ...                    hidden_bias=True, scale_labels=True, shift_labels=False)
    >>> data.points.shape  # the constant column is gone, the bias has its own
    (2, 2)
    """
    D, n = X.shape
    centre = X.min(axis=0) / 2 + X.max(axis=0) / 2 if hidden_bias else np.zeros(n)
    centred = np.where(X.max(axis=0) > X.min(axis=0), X - centre, 0.0) if hidden_bias else X
    spread = np.abs(centred).max(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    scaled = centred / spread
    if hidden_bias:
        mean = scaled.mean(axis=0)
        scaled = scaled - mean
        centre = centre + mean * spread
    left, singular, right = np.linalg.svd(scaled, full_matrices=False)
    rank = int((singular > RANK * max(float(singular[0]), 1e-300)).sum()) if singular[0] > 0 else 0
    left, singular, right = left[:, :rank], singular[:rank], right[:rank]
    points = left * math.sqrt(D)
    # what is 0 must be exactly 0: of 1e-17 the descent would make a direction in which weights run off to 1e15
    points[np.abs(points) <= ZERO * np.abs(points).max(axis=1, initial=0.0, keepdims=True)] = 0.0
    points[~scaled.any(axis=1)] = 0.0
    if hidden_bias:
        points = np.column_stack([points, np.ones(D)])
    elif rank == 0:
        points = np.zeros((D, 1))
    to_user = right.T / singular * math.sqrt(D)
    to_standard = singular[:, None] * right / math.sqrt(D)
    if not hidden_bias and rank == 0:
        to_user, to_standard = np.zeros((n, 1)), np.zeros((1, n))
    shift = float(y.mean()) if shift_labels else 0.0
    moved = y - shift
    largest = float(np.abs(moved).max())
    scale = largest * math.sqrt(float(np.mean((moved / largest) ** 2))) if scale_labels and largest > 0 else 1.0
    return Standardised(points, moved / scale, scale, shift, centre, spread, to_user, to_standard, hidden_bias)
