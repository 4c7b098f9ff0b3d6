"""The faces of a zonotope: translates of the zonotopes of its flats.

A *flat* is a set of generators that contains every generator in its span. The directions that see a face of dimension
``k`` first are orthogonal to exactly the generators of a flat of rank ``k``, and the faces that belong to a flat are
the cells of the arrangement of the other generators, looked at where it cuts the space orthogonal to the flat.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from flint import fmpz_mat

from relucomb.zonotopes.planes import by_direction
from relucomb_solvers.arrangement import Arrangement, arrange
from relucomb_solvers.cell_count import count_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from relucomb.zonotopes.zonotope import Zonotope


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


class Flat(NamedTuple):
    """A flat of a list of rows.

    Attributes
    ----------
    members
        Numbers of its rows, rising.
    basis
        Numbers of some of them that form a basis.
    """

    members: tuple[int, ...]
    basis: tuple[int, ...]


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
            found = outside(rows, Flat(members, basis))
            for joined in _classes(found.hyperplane):
                larger.setdefault(tuple(sorted((*members, *joined))), (*basis, joined[0]))
        known = larger
    for members, basis in known.items():
        yield Flat(members, basis)


def _classes(hyperplane: NDArray[np.int64]) -> list[list[int]]:
    """Return the numbers of the rows on each hyperplane."""
    classes: dict[int, list[int]] = {}
    for i, h in enumerate(hyperplane.tolist()):
        if h >= 0:
            classes.setdefault(h, []).append(i)
    return list(classes.values())


def outside(rows: Sequence[Sequence[int]], flat: Flat) -> Arrangement:
    """Return the arrangement of rows where it cuts the space orthogonal to a flat; its own rows are zero there.

    Examples
    --------
    >>> outside([[1, 0], [0, 1], [1, 1]], Flat((0,), (0,))).hyperplane.tolist()
    [-1, 0, 0]
    """
    if not rows or len(flat.basis) == len(rows[0]):
        return _NOTHING
    if not flat.basis:
        return arrange(rows)
    null, nullity = fmpz_mat([list(rows[i]) for i in flat.basis]).nullspace()
    space = fmpz_mat([[int(null[q, k]) for k in range(nullity)] for q in range(len(rows[0]))])
    seen = fmpz_mat([list(row) for row in rows]) * space
    return arrange([[int(entry) for entry in row] for row in seen.tolist()])


_NOTHING = Arrangement(0, [], np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int8))


def count_faces(rows: Sequence[Sequence[int]], rank: int) -> int:
    """Count the faces of dimension ``rank`` of the zonotope of rows as in :func:`flats`.

    Examples
    --------
    >>> [count_faces([[1, 0, 0], [0, 1, 0], [0, 0, 1]], k) for k in range(4)]
    [8, 12, 6, 1]
    """
    if rows and rank >= len(rows[0]) - 1:  # what is left is a line with two sides, or a point
        return 2 * sum(1 for _ in flats(rows, rank)) if rank == len(rows[0]) - 1 else 1
    return sum(count_cells(outside(rows, flat).rows) for flat in flats(rows, rank))


def normals(
    rows: Sequence[Sequence[int]], scales: Sequence[Fraction]
) -> Iterator[tuple[tuple[int, ...], list[Fraction]]]:
    """Yield the flats that span facets, by their members, and a vector orthogonal to each.

    Parameters
    ----------
    rows
        Rows of ``n`` integers; none is zero, no two are parallel, and there is one.
    scales
        The columns of the generators are integers times scales; to these products the vector is orthogonal. It has
        coprime integer entries, the first that is not zero positive, and is 0 in columns that depend on columns before
        them.

    Examples
    --------
    >>> for members, normal in normals([[1, 0, 1], [1, 1, 2]], [Fraction(1), Fraction(1, 2), Fraction(1)]):
    ...     print(members, *normal)
    (0,) 0 1 0
    (1,) 1 -2 0
    """
    echelon, _, rank = fmpz_mat([list(row) for row in rows]).rref()
    pivots = [next(q for q in range(len(scales)) if echelon[i, q] != 0) for i in range(rank)]
    reduced = [[row[q] for q in pivots] for row in rows]
    for flat in flats(reduced, rank - 1):
        normal = [Fraction(0)] * len(scales)
        if flat.basis:
            null, _ = fmpz_mat([reduced[i] for i in flat.basis]).nullspace()
            for k, q in enumerate(pivots):
                normal[q] = int(null[k, 0]) / scales[q]
        else:
            normal[pivots[0]] = Fraction(1)
        common = math.lcm(*(entry.denominator for entry in normal))
        numerators = [int(entry * common) for entry in normal]
        divisor = math.gcd(*numerators)
        sign = 1 if next(entry for entry in numerators if entry) > 0 else -1
        yield flat.members, [Fraction(sign * entry // divisor) for entry in numerators]


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
