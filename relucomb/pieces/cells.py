"""The cells of a network's complex as polyhedra: vertices, rays, inequalities, pattern, affine map, all exact."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from relucomb.pieces.network_complex import patterns_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from relucomb.pieces.network_complex import NetworkComplex
    from relucomb_solvers.polyhedral_complex import PolyhedralComplex

Point = tuple[Fraction, ...]


class Cell:
    """The closure of an activation region: a polyhedron on which the network is affine.

    Attributes
    ----------
    pattern
        For each hidden layer, which units are positive (inside, relative to its dimension).
    vertices, rays, lines
        The polyhedron is the convex hull of the vertices plus the cone of the rays plus the span of the lines. Without
        lines the vertices and rays are the extreme ones; with lines they are representatives.
    """

    def __init__(
        self,
        source: NetworkComplex,
        pattern: tuple[tuple[bool, ...], ...],
        vertices: tuple[Point, ...],
        rays: tuple[Point, ...],
        zeros: tuple[int, ...],
    ) -> None:
        self._source = source
        self._zeros = zeros
        self.pattern = pattern
        self.vertices = vertices
        self.rays = rays
        self.lines: tuple[Point, ...] = tuple(source.lines)

    def __repr__(self) -> str:
        pattern = "|".join("".join("01"[active] for active in layer) for layer in self.pattern)
        return f"<Cell {pattern}: {len(self.vertices)} vertices, {len(self.rays)} rays, {len(self.lines)} lines>"

    @cached_property
    def interior_point(self) -> Point:
        """A point in the interior, relative to the cell's own dimension: mean of the vertices plus the sum of rays."""
        mean = [sum(entries, Fraction(0)) / len(self.vertices) for entries in zip(*self.vertices, strict=True)]
        return tuple(entry + sum((ray[c] for ray in self.rays), Fraction(0)) for c, entry in enumerate(mean))

    @cached_property
    def dimension(self) -> int:
        """Dimension of the polyhedron."""
        from relucomb_solvers.starting_cells import rational_matrix

        origin = self.vertices[0]
        moves = [[x - y for x, y in zip(vertex, origin, strict=True)] for vertex in self.vertices[1:]]
        rows = [*moves, *self.rays, *self.lines]
        if not rows:
            return 0
        return int(rational_matrix(np.array(rows, dtype=object).reshape(len(rows), len(origin))).rank())

    @cached_property
    def _units(self) -> tuple[list[NDArray[np.object_]], list[NDArray[np.object_]]]:
        """Weights and biases of every layer as affine functions of the inputs, on this cell."""
        weights, biases = [], []
        n = self._source.layers[0][0].shape[1]
        matrix = np.array([[Fraction(int(r == c)) for c in range(n)] for r in range(n)], dtype=object).reshape(n, n)
        vector = np.array([Fraction(0)] * n, dtype=object)
        for (W, b), active in zip(self._source.layers, [*self.pattern, None], strict=True):
            matrix, vector = W @ matrix, W @ vector + b
            weights.append(matrix)
            biases.append(vector)
            if active is not None:
                keep = np.array([Fraction(int(on)) for on in active], dtype=object)
                matrix, vector = matrix * keep[:, None], vector * keep
        return weights, biases

    @property
    def matrix(self) -> NDArray[np.object_]:
        """``(outputs, n)`` fractions: the network is ``matrix @ x + vector`` on the cell."""
        return self._units[0][-1]

    @property
    def vector(self) -> NDArray[np.object_]:
        """``(outputs,)`` fractions."""
        return self._units[1][-1]

    @cached_property
    def inequalities(self) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        """``A``, ``b`` with ``A @ x <= b`` on the cell: one row for each facet, none of which can be left out."""
        infinity = self._source.hidden_units
        faces: dict[frozenset[int], int] = {}
        for bit in _ones(_union(self._zeros)):
            members = frozenset(k for k, zero in enumerate(self._zeros) if zero >> bit & 1)
            if bit != infinity and len(members) < len(self._zeros):
                faces.setdefault(members, bit)
        at_infinity = frozenset(k for k, zero in enumerate(self._zeros) if zero >> infinity & 1)
        facets = [
            bit for face, bit in faces.items() if not face <= at_infinity and not any(face < other for other in faces)
        ]
        return self._rows(facets)

    @cached_property
    def equations(self) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        """``A``, ``b`` with ``A @ x = b`` on the cell: independent, and none if the cell has full dimension."""
        everywhere = self._zeros[0]
        for zero in self._zeros:
            everywhere &= zero
        A, b = self._rows(list(_ones(everywhere)))
        kept = _independent_rows(A)
        return A[kept], b[kept]

    def _rows(self, bits: list[int]) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        n = self._source.layers[0][0].shape[1]
        A, b = np.empty((len(bits), n), dtype=object), np.empty(len(bits), dtype=object)
        for k, bit in enumerate(bits):
            A[k], b[k] = self._constraint(bit)
        return A, b

    def _constraint(self, bit: int) -> tuple[NDArray[np.object_], Fraction]:
        """Return ``a``, ``β`` with ``a·x ≤ β`` on the cell: a unit's sign, or a wall of the box."""
        wall = bit - self._source.hidden_units - 1
        if wall >= 0 and self._source.domain is not None:
            c, upper = divmod(wall, 2)
            row = np.array([Fraction(0)] * len(self._source.domain.low), dtype=object)
            row[c] = Fraction(1 if upper else -1)
            return row, self._source.domain.high[c] if upper else -self._source.domain.low[c]
        for layer, active in enumerate(self.pattern):
            if bit < len(active):
                sign = -1 if active[bit] else 1
                return sign * self._units[0][layer][bit], -sign * self._units[1][layer][bit]
            bit -= len(active)
        raise IndexError(bit)


def cells_of(source: NetworkComplex, part: PolyhedralComplex) -> Iterator[Cell]:
    """Iterate over the cells of a part of the complex, in its order."""
    places = part.rays.coordinates(part.numbers.tolist())
    finite = [place[-1] != 0 for place in places]
    points = [
        source.point(place) if inside else source.direction(place) for place, inside in zip(places, finite, strict=True)
    ]
    zeros = [int.from_bytes(row.astype("<u8").tobytes(), "little") for row in part.masks]
    widths = tuple(layer.units for layer in source.homogeneous[:-1])
    members, ends = part.members.tolist(), part.pointer.tolist()
    for cell, pattern in enumerate(patterns_of(part.bits, widths)):
        rays = members[ends[cell] : ends[cell + 1]]
        vertices = [ray for ray in rays if finite[ray]]
        directions = [ray for ray in rays if not finite[ray]]
        yield Cell(
            source,
            pattern,
            tuple(points[ray] for ray in vertices),
            tuple(points[ray] for ray in directions),
            tuple(zeros[ray] for ray in [*vertices, *directions]),
        )


def _union(masks: tuple[int, ...]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _ones(mask: int) -> Iterator[int]:
    """Yield the positions of the bits that are 1."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _independent_rows(A: NDArray[np.object_]) -> list[int]:
    """Return the first rows that span the others."""
    if len(A) == 0:
        return []
    from relucomb_solvers.starting_cells import rational_matrix

    echelon, rank = rational_matrix(A.T).rref()
    return [next(c for c in range(len(A)) if echelon[r, c] != 0) for r in range(rank)]
