"""From a network and a domain to the polyhedral complex of its cells, and from its rays back to points."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import fmpq, fmpq_mat

from relucomb.networks import ReLUNetwork
from relucomb.pieces.domain import Box, as_box
from relucomb_solvers.homogeneous_layers import HomogeneousLayer, homogeneous_layers
from relucomb_solvers.starting_cells import StartingCells, box, fraction, orthants, rational, unit_coordinates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike, NDArray

    from relucomb_solvers.polyhedral_complex import PolyhedralComplex


MOST_DIRECTIONS = 62
"""Greatest rank of the first layer, whose orthants are numbered in 64 bits."""

MOST_ORTHANTS_AT_ONCE = 1 << 22


@dataclass(frozen=True)
class NetworkComplex:
    """A network on a domain, ready to be cut into cells.

    Attributes
    ----------
    layers
        The layers, exact, as functions of the inputs.
    domain
        The box, or None for all of R^n.
    homogeneous
        All layers as the engine takes them, in the coordinates of the cells.
    start
        The cells that cover the domain.
    basis
        On all of R^n: the first-layer units whose pre-activations are the coordinates of the cells.
    """

    layers: list[tuple[NDArray[Any], NDArray[Any]]]
    domain: Box | None
    homogeneous: list[HomogeneousLayer]
    start: StartingCells
    basis: list[int] | None

    @classmethod
    def of(cls, net: ReLUNetwork, domain: ArrayLike | None) -> NetworkComplex:
        """Read the arguments of the public functions.

        Raises
        ------
        TypeError
            ``net`` is no network.
        ValueError
            The domain is no box, or an empty or flat one.
        """
        if not isinstance(net, ReLUNetwork):
            raise TypeError(f"net must be a ReLUNetwork; got {type(net).__name__}")
        exact = net.exact()
        layers = list(zip(exact.weights, exact.biases, strict=True))
        sides = as_box(domain, net.widths[0])
        if sides is not None:
            return cls(layers, sides, homogeneous_layers(layers), box(sides.low, sides.high), None)
        basis: list[int] = []
        reduced = layers
        if len(layers) > 1:
            basis, weights, bias = unit_coordinates(*layers[0])
            if len(basis) > MOST_DIRECTIONS:
                raise ValueError(
                    f"net has more than 2**{len(basis)} pieces by its first layer alone, which has rank {len(basis)}; "
                    f"legal are ranks up to {MOST_DIRECTIONS}, or restrict it with slice_network"
                )
            reduced = [(weights, bias), *layers[1:]]
        return cls(layers, None, homogeneous_layers(reduced), orthants(basis), basis)

    @property
    def hidden_units(self) -> int:
        """Number of hidden units."""
        return sum(layer.units for layer in self.homogeneous[:-1])

    def parts(
        self,
        *,
        faces: bool = False,
        most_cells: int | None = None,
        poll: Callable[[int, int], bool] | None = None,
    ) -> Iterator[PolyhedralComplex]:
        """Build the complex; see :func:`relucomb_solvers.polyhedral_complex.refine`.

        Raises
        ------
        ValueError
            The complex is wanted in one part, but its first layer alone makes too many cells for that.
        """
        from relucomb_solvers.polyhedral_complex import refine  # loads the compiler, which takes a second

        if most_cells is None and self.start.count > MOST_ORTHANTS_AT_ONCE:
            raise ValueError(
                f"net has at least 2**{len(self.start.basis)} activation regions, too many to hold them all, as this "
                "needs; count the kind 'activation', or restrict the network with slice_network"
            )
        return refine(self.homogeneous[:-1], self.start, faces=faces, most_cells=most_cells, poll=poll)

    def point(self, ray: tuple[int, ...]) -> tuple[Fraction, ...]:
        """Return the point of the domain that a finite ray ``(y, t)`` stands for."""
        return self._inverse([fmpq(entry, ray[-1]) for entry in ray[:-1]], shifted=True)

    def direction(self, ray: tuple[int, ...]) -> tuple[Fraction, ...]:
        """Return the direction in the space of the inputs that a ray ``(y, 0)`` at infinity stands for."""
        return self._inverse([fmpq(entry) for entry in ray[:-1]], shifted=False)

    def _inverse(self, place: list[Any], *, shifted: bool) -> tuple[Fraction, ...]:
        if self.basis is None:
            return tuple(fraction(entry) for entry in place)
        matrix, offset, _ = self._back
        column = fmpq_mat(len(place), 1, place) - offset if shifted else fmpq_mat(len(place), 1, place)
        return tuple(fraction(entry) for entry in (matrix * column).entries())

    @cached_property
    def lines(self) -> list[tuple[Fraction, ...]]:
        """A basis of the directions in which the network is constant on all of R^n."""
        return [] if self.basis is None else self._back[2]

    @cached_property
    def _back(self) -> tuple[Any, Any, list[tuple[Fraction, ...]]]:
        """Return ``M``, ``b`` with ``x = M (y − b)`` a point with coordinates ``y``, and a basis of the kernel."""
        assert self.basis is not None
        weights, bias = self.layers[0]
        n, rank = self.layers[0][0].shape[1], len(self.basis)
        rows = fmpq_mat(rank, n + rank, [0] * (rank * (n + rank)))
        for r, unit in enumerate(self.basis):
            for c in range(n):
                rows[r, c] = rational(weights[unit, c])
            rows[r, n + r] = 1
        echelon, _ = rows.rref()
        pivots = [next(c for c in range(n) if echelon[r, c] != 0) for r in range(rank)]
        matrix = fmpq_mat(n, rank, [0] * (n * rank))
        for r, pivot in enumerate(pivots):
            for c in range(rank):
                matrix[pivot, c] = echelon[r, n + c]
        lines = []
        for free in sorted(set(range(n)) - set(pivots)):
            line = [Fraction(int(c == free)) for c in range(n)]
            for r, pivot in enumerate(pivots):
                line[pivot] = fraction(-echelon[r, free])
            lines.append(tuple(line))
        offset = fmpq_mat(rank, 1, [rational(bias[unit]) for unit in self.basis])
        return matrix, offset, lines


def patterns_of(bits: NDArray[np.uint64], widths: tuple[int, ...]) -> list[tuple[tuple[bool, ...], ...]]:
    """Unpack the patterns of cells, one tuple of booleans for each hidden layer.

    Examples
    --------
    >>> patterns_of(np.array([[5]], dtype=np.uint64), (2, 1))
    [((True, False), (True,))]
    """
    units = sum(widths)
    flat = np.unpackbits(bits.astype("<u8").view(np.uint8), axis=1, bitorder="little", count=max(units, 1))[:, :units]
    ends = np.cumsum([0, *widths])
    return [tuple(tuple(map(bool, row[a:b])) for a, b in itertools.pairwise(ends)) for row in flat.tolist()]
