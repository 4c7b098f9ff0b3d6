"""The cones that a search starts from: a complete simplicial fan per unit, one tuple per class of equal units."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

Floats = NDArray[np.float64]


def simplex_fan(dimension: int) -> Floats:
    """Cover R^d by the ``d + 1`` cones over the facets of a regular simplex.

    Returns
    -------
    numpy.ndarray
        ``(d + 1, d, d)``: cones, unit rays, coordinates.

    Examples
    --------
    >>> simplex_fan(1)
    array([[[-1.]],
    <BLANKLINE>
           [[ 1.]]])
    """
    corners = np.eye(dimension + 1) - 1.0 / (dimension + 1)
    basis = np.linalg.svd(corners)[2][:dimension]
    rays = corners @ basis.T
    rays *= np.sign(rays[np.argmax(np.abs(rays[:, 0])), 0]) if dimension == 1 else 1.0
    rays /= np.linalg.norm(rays, axis=1)[:, None]
    cones = np.array([np.delete(rays, k, axis=0) for k in range(dimension + 1)])
    return np.asarray(cones, dtype=np.float64)


def sign_vectors(width: int) -> Floats:
    """All output signs up to exchange of units, positive first, mixed ones before equal ones.

    Examples
    --------
    >>> sign_vectors(2)
    array([[ 1., -1.],
           [-1., -1.],
           [ 1.,  1.]])
    """
    order = sorted(range(width + 1), key=lambda positive: (abs(2 * positive - width), positive))
    return np.array([[1.0] * positive + [-1.0] * (width - positive) for positive in order])


def count_roots(cones: int, width: int) -> int:
    """Count the tuples that :func:`roots` yields for a fan of ``cones`` cones.

    Examples
    --------
    >>> count_roots(4, 2)
    36
    """
    return sum(
        math.comb(cones + positive - 1, positive) * math.comb(cones + width - positive - 1, width - positive)
        for positive in range(width + 1)
    )


def roots(fan: Floats, signs: Floats) -> Iterator[tuple[Floats, int]]:
    """Yield every tuple of cones, units of equal sign being exchangeable, with the row of its sign vector."""
    for row, sign in enumerate(signs):
        positive = int((sign > 0).sum())
        for first in itertools.combinations_with_replacement(range(len(fan)), positive):
            for second in itertools.combinations_with_replacement(range(len(fan)), len(sign) - positive):
                yield fan[list(first + second)], row
