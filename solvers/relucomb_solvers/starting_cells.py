"""The cells that a polyhedral complex starts from: orthants of first-layer units, or a box."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import fmpq, fmpq_mat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class StartingCells:
    """Pointed cones that cover the domain face to face.

    Attributes
    ----------
    rays
        Homogeneous integer coordinates ``(x, t)``.
    cells
        For each cell its rays and the pattern, as an integer, of the units that are decided.
    walls
        Number of walls of the domain.
    decided_units
        Units of the first layer that have one sign on each cell.
    zeros
        For each ray the units that vanish there, of those that are decided, and the walls it lies on, from 0.
    """

    rays: list[tuple[int, ...]]
    cells: list[tuple[list[int], int]]
    walls: int
    decided_units: frozenset[int]
    zeros: list[tuple[frozenset[int], frozenset[int]]]

    def mask(self, ray: int, units: int) -> int:
        """Return the constraints that vanish at a ray: units, then ``t``, then walls."""
        decided, walls = self.zeros[ray]
        at_infinity = self.rays[ray][-1] == 0
        return (
            sum(1 << unit for unit in decided) | at_infinity << units | sum(1 << (units + 1 + wall) for wall in walls)
        )


def orthants(basis: Sequence[int]) -> StartingCells:
    """Divide a space whose coordinates are units of the first layer into orthants.

    Parameters
    ----------
    basis
        The units that are the coordinates.

    Examples
    --------
    >>> start = orthants([0])
    >>> start.rays, start.cells
    ([(0, 1), (1, 0), (-1, 0)], [([0, 2], 0), ([0, 1], 1)])
    """
    rank = len(basis)
    rays = [(0,) * rank + (1,)]
    zeros = [(frozenset(basis), frozenset[int]())]
    for axis in range(rank):
        for sign in (1, -1):
            rays.append(tuple(sign * (axis == c) for c in range(rank + 1)))
            zeros.append((frozenset(basis) - {basis[axis]}, frozenset()))
    cells = []
    for sides in itertools.product([0, 1], repeat=rank):
        members = [0, *(2 + 2 * axis - side for axis, side in enumerate(sides))]
        cells.append((members, sum(side << unit for side, unit in zip(sides, basis, strict=True))))
    return StartingCells(rays, cells, 0, frozenset(basis), zeros)


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
    return StartingCells(rays, [(list(range(len(rays))), 0)], 2 * len(low), frozenset(), zeros)


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
