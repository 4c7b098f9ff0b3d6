"""The faces of a zonotope: translates of the zonotopes of its flats.

A *flat* is a set of generators that contains every generator in its span. The directions that see a face of dimension
``k`` first are orthogonal to exactly the generators of a flat of rank ``k``, and the faces that belong to a flat are
the cells of the arrangement of the other generators, looked at where it cuts the space orthogonal to the flat.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import fmpz_mat

from relucomb.rationals import over_common_denominator
from relucomb.zonotope_planes import by_direction
from relucomb_solvers.arrangement import Arrangement, arrange
from relucomb_solvers.cell_count import count_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from relucomb.zonotopes import Zonotope


@dataclass(frozen=True)
class Facet:
    """A face of a zonotope that has one dimension less than the zonotope.

    Attributes
    ----------
    normal : tuple of Fraction
        ``r``, coprime integers: the facet is where ``<r, x>`` is largest. Of a flat zonotope one of many such ``r``.
    offset : Fraction
        This largest value, ``γ_Z(r)``.
    generators : tuple of int
        The generators parallel to the facet, by number; those that are zero are left out. The facet is their zonotope,
        moved.
    """

    normal: tuple[Fraction, ...]
    offset: Fraction
    generators: tuple[int, ...]


@dataclass(frozen=True)
class Flat:
    """A flat of a list of rows.

    Attributes
    ----------
    members
        Numbers of its rows, rising.
    space
        ``(n, n - rank)`` integers: the columns are a basis of what is orthogonal to them.
    outside
        The arrangement of all rows in this basis; those of the flat are zero there.
    """

    members: tuple[int, ...]
    space: fmpz_mat
    outside: Arrangement


def flats(rows: Sequence[Sequence[int]], rank: int) -> Iterator[Flat]:
    """Yield the flats of a given rank, each once.

    Parameters
    ----------
    rows
        Rows of ``n`` Python integers that span the space; none is zero and no two are parallel.
    rank
        From 0 to ``n``.

    Notes
    -----
    Flats of one rank less are remembered by their members, nothing else.

    Examples
    --------
    >>> [flat.members for flat in flats([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]], 2)]
    [(0, 1, 2), (0, 3), (1, 3), (2, 3)]
    """
    known: dict[tuple[int, ...], tuple[int, ...]] = {(): ()}  # members: a basis among them
    for _ in range(rank):
        larger: dict[tuple[int, ...], tuple[int, ...]] = {}
        for members, basis in known.items():
            found = _flat(rows, members, basis).outside
            for h in range(len(found.rows)):
                joined = np.flatnonzero(found.hyperplane == h).tolist()
                larger.setdefault(tuple(sorted((*members, *joined))), (*basis, joined[0]))
        known = larger
    for members, basis in known.items():
        yield _flat(rows, members, basis)


def _flat(rows: Sequence[Sequence[int]], members: tuple[int, ...], basis: tuple[int, ...]) -> Flat:
    n = len(rows[0]) if rows else 0
    if not basis:
        space = fmpz_mat([[int(p == q) for p in range(n)] for q in range(n)])
        return Flat(members, space, arrange(rows) if rows else _NOTHING)
    null, nullity = fmpz_mat([list(rows[i]) for i in basis]).nullspace()
    if nullity == 0:
        return Flat(members, null, _NOTHING)
    space = fmpz_mat([[int(null[q, k]) for k in range(nullity)] for q in range(n)])
    seen = fmpz_mat([list(row) for row in rows]) * space
    return Flat(members, space, arrange([[int(entry) for entry in row] for row in seen.tolist()]))


_NOTHING = Arrangement(0, [], np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int8))


def count_faces(rows: Sequence[Sequence[int]], rank: int) -> int:
    """Count the faces of dimension ``rank`` of the zonotope of rows as in :func:`flats`.

    Examples
    --------
    >>> [count_faces([[1, 0, 0], [0, 1, 0], [0, 0, 1]], k) for k in range(4)]
    [8, 12, 6, 1]
    """
    return sum(count_cells(flat.outside.rows) for flat in flats(rows, rank))


def normal_to(rows: Sequence[Sequence[int]], members: Sequence[int], scales: Sequence[Fraction]) -> list[Fraction]:
    """Return coprime integers orthogonal to some rows, as many as the rank of all of them less one.

    Parameters
    ----------
    rows
        Rows of ``n`` integers.
    members
        Numbers of some of them.
    scales
        The columns are integers times scales; the result is orthogonal to these products. It is 0 in columns that
        depend on columns before them.

    Examples
    --------
    >>> print(*normal_to([[1, 0, 1], [1, 1, 2]], [1], [Fraction(1), Fraction(1, 2), Fraction(1)]))
    1 -2 0
    """
    echelon, _, rank = fmpz_mat([list(row) for row in rows]).rref()
    pivots = [next(q for q in range(len(scales)) if echelon[i, q] != 0) for i in range(rank)]
    normal = [Fraction(0)] * len(scales)
    if members:
        null, _ = fmpz_mat([[rows[i][q] for q in pivots] for i in members]).nullspace()
        for k, q in enumerate(pivots):
            normal[q] = int(null[k, 0]) / scales[q]
    else:
        normal[pivots[0]] = Fraction(1)
    numerators, _ = over_common_denominator(np.array(normal, dtype=object))
    divisor = math.gcd(*numerators)
    sign = 1 if next(entry for entry in numerators if entry) > 0 else -1
    return [Fraction(sign * entry // divisor) for entry in numerators]


def polygon(rows: NDArray[Any], plane: NDArray[Any]) -> NDArray[Any]:
    """Return the vertices of a two-dimensional zonotope in the order in which they follow one another on its boundary.

    Parameters
    ----------
    rows
        ``(k, n)`` integers: its generators, none zero, no two parallel.
    plane
        ``(k, 2)`` integers: the same in any two coordinates in which they do not become parallel. The order is
        anticlockwise in these.

    Examples
    --------
    >>> square = np.array([[1, 0], [0, 1]])
    >>> polygon(square, square).tolist()
    [[-1, -1], [1, -1], [1, 1], [-1, 1]]
    """
    order, turned = by_direction(plane)
    aligned = (turned == plane[order]).all(axis=1)
    steps = np.where(aligned, 1, -1)[:, None] * rows[order]
    half = np.cumsum(steps, axis=0) * 2 - steps.sum(axis=0)
    lower = np.concatenate([-half[-1:], half[:-1]])
    return np.concatenate([lower, -lower])


def outlines(zonotope: Zonotope) -> list[tuple[NDArray[np.float64], int]]:
    """Return what there is to see of a zonotope in at most three dimensions, in floats, for pictures.

    Returns
    -------
    list of (numpy.ndarray, int)
        The corners ``(k, n)`` of each two-dimensional face, in the order in which they follow one another, and the
        number of different directions among its edges. A segment has two corners, a point has one.

    Examples
    --------
    >>> from relucomb import Zonotope
    >>> [(len(corners), directions) for corners, directions in outlines(Zonotope([[1, 0], [0, 1], [1, 1]]))]
    [(6, 3)]
    """
    merged = zonotope.exact().merged()
    rows, scales = merged._integers
    table, floats = np.array(rows, dtype=object), np.array([float(scale) for scale in scales])
    if merged.dimension < 2:
        return [(np.unique(merged.vertices().astype(np.float64), axis=0), merged.dimension)]
    if merged.dimension == 2:
        pivots = [
            q
            for q in range(table.shape[1])
            if fmpz_mat(table[:, : q + 1].tolist()).rank() > (fmpz_mat(table[:, :q].tolist()).rank() if q else 0)
        ]
        return [(polygon(table, table[:, pivots]).astype(np.float64) * floats, len(rows))]
    found = []
    for facet in merged.facets():
        own = table[list(facet.generators)]
        scaled = [abs(entry) * scale for entry, scale in zip(facet.normal, scales, strict=True)]
        plane = np.delete(own, scaled.index(max(scaled)), axis=1)
        centre = merged.subgradient(np.array(facet.normal, dtype=object), centre=True).astype(np.float64)
        found.append((polygon(own, plane).astype(np.float64) * floats + centre, len(own)))
    return found
