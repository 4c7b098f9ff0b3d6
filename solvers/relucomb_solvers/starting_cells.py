"""The cells that a polyhedral complex starts from: orthants of first-layer units, or a box."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from flint import fmpq, fmpq_mat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

Cells: TypeAlias = "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]"


@dataclass(frozen=True)
class StartingCells:
    """Pointed cones that cover the domain face to face.

    Attributes
    ----------
    rays
        Homogeneous integer coordinates ``(x, t)``.
    zeros
        For each ray the units that vanish there, of those in ``basis``, and the walls it lies on, from 0.
    walls
        Number of walls of the domain.
    basis
        Units of the first layer that are coordinates, so that the cells are the orthants; if there are walls, none,
        and the one cell has all rays.
    """

    rays: list[tuple[int, ...]]
    zeros: list[tuple[frozenset[int], frozenset[int]]]
    walls: int
    basis: tuple[int, ...]

    @property
    def count(self) -> int:
        """Number of cells."""
        return 1 << len(self.basis)

    def mask(self, ray: int, units: int) -> int:
        """Return the constraints that vanish at a ray: units, then ``t``, then walls."""
        decided, walls = self.zeros[ray]
        bits = [*decided, *([units] if self.rays[ray][-1] == 0 else []), *(units + 1 + wall for wall in walls)]
        return sum(1 << bit for bit in bits)

    def blocks(self, most_cells: int | None, words: int) -> Iterator[Cells]:
        """Yield the cells, about so many at a time: pointer, rays and ``(cells, words)`` patterns."""
        if self.walls:
            yield np.array([0, len(self.rays)]), np.arange(len(self.rays)), np.zeros((1, words), dtype=np.uint64)
            return
        rank = len(self.basis)
        size = self.count if most_cells is None else min(self.count, 1 << max(0, most_cells.bit_length() - 1))
        for first in range(0, self.count, size):
            numbers = np.arange(first, first + size)
            sides = numbers[:, None] >> np.arange(rank) & 1
            members = np.column_stack([np.zeros(size, dtype=np.int64), 2 + 2 * np.arange(rank) - sides])
            bits = np.zeros((size, words), dtype=np.uint64)
            for axis, unit in enumerate(self.basis):
                bits[:, unit >> 6] |= sides[:, axis].astype(np.uint64) << np.uint64(unit & 63)
            yield np.arange(0, (rank + 1) * size + 1, rank + 1), members.ravel(), bits


def orthants(basis: Sequence[int]) -> StartingCells:
    """Divide a space whose coordinates are units of the first layer into orthants.

    Parameters
    ----------
    basis
        The units that are the coordinates; 62 at most.

    Examples
    --------
    >>> start = orthants([0])
    >>> start.rays
    [(0, 1), (1, 0), (-1, 0)]
    >>> [(members.tolist(), bits.tolist()) for _, members, bits in start.blocks(None, 1)]
    [([0, 2, 0, 1], [[0], [1]])]
    """
    rank = len(basis)
    rays = [(0,) * rank + (1,)]
    zeros = [(frozenset(basis), frozenset[int]())]
    for axis in range(rank):
        for sign in (1, -1):
            rays.append(tuple(sign * (axis == c) for c in range(rank + 1)))
            zeros.append((frozenset(basis) - {basis[axis]}, frozenset()))
    return StartingCells(rays, zeros, 0, tuple(basis))


def box(low: Sequence[Fraction], high: Sequence[Fraction]) -> StartingCells:
    """Take a closed box as one cell.

    Examples
    --------
    >>> box([Fraction(0)], [Fraction(1, 2)]).rays
    [(0, 1), (1, 2)]
    """
    rays, zeros = [], []
    for sides in itertools.product([0, 1], repeat=len(low)):
        corner = [(low, high)[side][c] for c, side in enumerate(sides)]
        size = math.lcm(*(entry.denominator for entry in corner))
        rays.append((*(int(entry * size) for entry in corner), size))
        zeros.append((frozenset[int](), frozenset(2 * c + side for c, side in enumerate(sides))))
    return StartingCells(rays, zeros, 2 * len(low), ())


def unit_coordinates(
    weights: NDArray[np.object_], bias: NDArray[np.object_]
) -> tuple[list[int], NDArray[np.object_], NDArray[np.object_]]:
    """Choose units of the first layer as coordinates and write the layer in them.

    The network depends on ``x`` only through the coordinates ``y_i = w_i·x + b_i`` of independent units ``i``, and the
    hyperplanes of these divide the space into orthants, which are pointed as cells must be.

    Parameters
    ----------
    weights, bias
        Object arrays ``(units, n)`` and ``(units,)`` of fractions.

    Returns
    -------
    basis : list of int
        The units, as many as the weights have rank.
    weights, bias : numpy.ndarray
        The layer as a function of ``y``: ``(units, rank)`` and ``(units,)``.

    Examples
    --------
    >>> F = np.vectorize(Fraction, otypes=[object])
    >>> basis, weights, bias = unit_coordinates(F([[0, 0], [1, 1], [2, 2]]), F([5, 1, 0]))
    >>> basis, weights.astype(float).tolist(), bias.astype(float).tolist()
    ([1], [[0.0], [1.0], [2.0]], [5.0, 0.0, -2.0])
    """
    units = len(weights)
    matrix = rational_matrix(weights.T)
    echelon, rank = matrix.rref()
    basis = [next(c for c in range(units) if echelon[r, c] != 0) for r in range(rank)]
    # column j of the echelon form holds the coefficients of unit j in the basis
    mixed = np.empty((units, rank), dtype=object)
    for j in range(units):
        for r in range(rank):
            mixed[j, r] = fraction(echelon[r, j])
    constants = [bias[j] - sum((mixed[j, r] * bias[i] for r, i in enumerate(basis)), Fraction(0)) for j in range(units)]
    return basis, mixed, np.array(constants, dtype=object)


def rational(number: Fraction) -> fmpq:
    """Return a fraction as flint has it."""
    return fmpq(number.numerator, number.denominator)


def rational_matrix(entries: NDArray[np.object_]) -> fmpq_mat:
    """Return a matrix of fractions as flint has it."""
    rows, columns = entries.shape
    return fmpq_mat(rows, columns, [rational(entry) for entry in entries.ravel().tolist()])


def fraction(number: Any) -> Fraction:
    """Return flint's rational as a fraction."""
    return Fraction(int(number.p), int(number.q))
