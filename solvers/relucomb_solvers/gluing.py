"""Cells of a complex glued where they meet and their affine maps agree: the connected components."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from relucomb_solvers._jit import inner_kernel, kernel
from relucomb_solvers.affine_maps import distinct_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb_solvers.polyhedral_complex import PolyhedralComplex


def glued_at_facets(cells: PolyhedralComplex, maps: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
    """Glue cells with equal maps along common facets.

    Parameters
    ----------
    cells
        A complex in one part.
    maps
        A number for each cell; equal numbers stand for equal maps.

    Returns
    -------
    count : int
        Number of components.
    labels : numpy.ndarray
        The component of each cell, from 0.
    """
    alike = np.bincount(maps, minlength=1)[maps] > 1 if len(maps) else np.zeros(0, dtype=bool)
    owners, facets = facet_numbers(cells, np.flatnonzero(alike))
    return _components(len(cells), owners, np.column_stack([facets, maps[owners]]))


def glued_at_points(cells: PolyhedralComplex, maps: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
    """Glue cells with equal maps wherever they touch: closed cells of the complex that touch share a vertex.

    Parameters and results are those of :func:`glued_at_facets`.
    """
    owners = np.repeat(np.arange(len(cells)), np.diff(cells.pointer))
    finite = cells.is_finite()[cells.members]
    owners, vertices = owners[finite], cells.members[finite]
    return _components(len(cells), owners, np.column_stack([vertices, maps[owners]]))


def facet_numbers(cells: PolyhedralComplex, chosen: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the facets of cells.

    Parameters
    ----------
    cells
        A complex in one part.
    chosen
        The cells wanted.

    Returns
    -------
    owners, facets : numpy.ndarray
        For each facet of each cell, the cell and the number of the facet, the same on both of its sides.
    """
    owners, pointer, members = find_facets(cells.pointer, cells.members, cells.masks, chosen, cells.dimension)
    sizes = np.diff(pointer)
    widest = int(sizes.max(initial=0))
    rows = np.full((len(owners), widest), -1, dtype=np.int64)
    rows[np.arange(widest) < sizes[:, None]] = members
    return owners, distinct_rows(rows)[0]


def _components(cells: int, owners: NDArray[np.int64], places: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
    """Return the components of cells that are joined if they own equal rows of ``places``."""
    numbers, count = distinct_rows(places)
    size = cells + count
    graph = coo_array((np.ones(len(owners), dtype=np.int8), (owners, cells + numbers)), shape=(size, size))
    total, labels = connected_components(graph, directed=False)
    return int(total), labels[:cells].astype(np.int64)


@kernel
def find_facets(
    pointer: NDArray[np.int64],
    members: NDArray[np.int64],
    masks: NDArray[np.uint64],
    chosen: NDArray[np.int64],
    dimension: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """List the facets of cells as sorted lists of rays.

    Each constraint that vanishes somewhere on the cell, but not on all of it, cuts out a face; the greatest of these
    faces are the facets.
    """
    words = masks.shape[1]
    owners = np.empty(64, dtype=np.int64)
    new_pointer = np.empty(65, dtype=np.int64)
    new_members = np.empty(256, dtype=np.int64)
    new_pointer[0] = 0
    made, filled = 0, 0
    for k in range(len(chosen)):
        first, last = pointer[chosen[k]], pointer[chosen[k] + 1]
        rays = np.sort(members[first:last])
        size = len(rays)
        blocks = (size + 63) >> 6
        faces = np.zeros((64 * words, blocks), dtype=np.uint64)
        count = 0
        for word in range(words):
            present = np.uint64(0)
            for m in range(size):
                present |= masks[rays[m], word]
            for bit in range(64):
                if present >> np.uint64(bit) & np.uint64(1) == np.uint64(0):
                    continue
                total = 0
                for block in range(blocks):
                    faces[count, block] = np.uint64(0)
                for m in range(size):
                    if masks[rays[m], word] >> np.uint64(bit) & np.uint64(1) != np.uint64(0):
                        faces[count, m >> 6] |= np.uint64(1) << np.uint64(m & 63)
                        total += 1
                if dimension - 1 <= total < size and not _is_below_one(faces, count, count):
                    count += 1
        for f in range(count):
            if _is_below_one(faces, f, count):
                continue
            if made == len(owners):
                owners = _room(owners, made)
                new_pointer = _room(new_pointer, made)
            if filled + size > len(new_members):
                new_members = _room(new_members, filled + size)
            for m in range(size):
                if faces[f, m >> 6] >> np.uint64(m & 63) & np.uint64(1) != np.uint64(0):
                    new_members[filled] = rays[m]
                    filled += 1
            owners[made] = chosen[k]
            made += 1
            new_pointer[made] = filled
    return owners[:made].copy(), new_pointer[: made + 1].copy(), new_members[:filled].copy()


@inner_kernel
def _is_below_one(faces: NDArray[np.uint64], f: int, count: int) -> bool:
    """Tell whether face ``f`` lies in another of the first ``count`` (or equals an earlier one)."""
    for g in range(count):
        if g == f:
            continue
        inside, equal = True, True
        for block in range(faces.shape[1]):
            if faces[f, block] & ~faces[g, block] != np.uint64(0):
                inside = False
                break
            equal &= faces[f, block] == faces[g, block]
        if inside and (not equal or g < f):
            return True
    return False


@inner_kernel
def _room(array: NDArray[np.int64], more: int) -> NDArray[np.int64]:
    larger = np.empty(len(array) + more, dtype=np.int64)
    for k in range(len(array)):
        larger[k] = array[k]
    return larger
