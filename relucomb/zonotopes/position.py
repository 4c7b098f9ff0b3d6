"""Generators that are not in general position: find a smallest dependent set among few."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from flint import fmpz_mat

from relucomb.zonotopes.planes import areas, by_direction, planes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relucomb_solvers.arrangement import Arrangement


def dependent_rows(rows: Sequence[Sequence[int]], place: Arrangement) -> tuple[int, ...] | None:
    """Return at most ``n`` dependent rows, any fewer of which are independent, or None if there are none.

    Parameters
    ----------
    rows
        ``m`` rows of ``n`` Python integers.
    place
        Their arrangement.

    Returns
    -------
    tuple of int or None
        Numbers of rows, rising.

    Examples
    --------
    >>> from relucomb_solvers.arrangement import arrange
    >>> rows = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]]
    >>> dependent_rows(rows, arrange(rows))
    (0, 1, 3)
    """
    m, n = len(rows), len(rows[0])
    zeros = np.flatnonzero(place.side == 0)
    if len(zeros):
        return (int(zeros[0]),)
    if n > 1 and len(place.rows) < m:
        first = np.unique(place.hyperplane, return_index=True)[1]
        twin = next(j for j in range(m) if j != first[place.hyperplane[j]])
        return int(first[place.hyperplane[twin]]), twin
    if place.rank < min(m, n):
        return _circuit(rows, range(m))
    if m <= n or n <= 2:
        return None
    for plane in planes(rows):
        order, turned = by_direction(plane.vectors)
        if len(order) < len(plane.vectors):
            vanished = np.setdiff1d(np.arange(len(plane.vectors)), order)
            return _circuit(rows, (*plane.along, int(vanished[0])))
        flat = np.flatnonzero(areas(turned[:-1], turned[1:]) == 0)
        if len(flat):
            return _circuit(rows, (*plane.along, int(order[flat[0]]), int(order[flat[0] + 1])))
    return None


def _circuit(rows: Sequence[Sequence[int]], among: Sequence[int]) -> tuple[int, ...]:
    """Return a minimal dependent set among dependent rows: the first that depends on those before it, and on which."""
    numbers = sorted(among)
    echelon, _, rank = fmpz_mat([list(rows[i]) for i in numbers]).transpose().rref()
    pivots = [next(k for k in range(len(numbers)) if echelon[i, k] != 0) for i in range(rank)]
    extra = next(k for k in range(len(numbers)) if k not in pivots)
    return tuple(numbers[k] for k in [*(p for i, p in enumerate(pivots) if echelon[i, extra] != 0), extra])
