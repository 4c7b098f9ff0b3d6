"""The volume of a zonotope: the sum of the volumes of its parallelepipeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relucomb.zonotopes.planes import planes, sum_of_areas

if TYPE_CHECKING:
    from collections.abc import Sequence


def sum_of_determinants(rows: Sequence[Sequence[int]]) -> int:
    """Return the sum of ``|det|`` over all ``n`` of the rows.

    Parameters
    ----------
    rows
        ``m`` rows of ``n`` Python integers.

    Examples
    --------
    >>> sum_of_determinants([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
    4
    """
    if len(rows[0]) == 1:
        return sum(abs(row[0]) for row in rows)
    return sum(sum_of_areas(plane.vectors) // plane.scale for plane in planes(rows))
