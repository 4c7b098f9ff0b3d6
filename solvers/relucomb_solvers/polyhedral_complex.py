"""The polyhedral complex on whose cells a ReLU network is affine, built exactly, one unit after another.

The domain is made a cone by homogeneous coordinates ``(x, t)``, ``t ≥ 0``, and every cell is the list of its extreme
rays. A unit's pre-activation is linear on each cell of the complex of the units before it, so its signs at the rays say
how it cuts the cell. Signs are decided in floats with a proven bound on their errors, in integers where they fit, and
otherwise by :mod:`exact_rays`; so the result is exact, whatever the position of the hyperplanes.

Neighbouring cells share their rays, also by number: the new ray on an edge is the same for all cells around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from relucomb_solvers.complex_kernels import ROUNDING, cut_cells, decide_signs, mark_zeros, meet_edges
from relucomb_solvers.exact_rays import ExactRays
from relucomb_solvers.homogeneous_layers import rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from relucomb_solvers.homogeneous_layers import HomogeneousLayer
    from relucomb_solvers.starting_cells import Cells, StartingCells

WORD = 64

Entries = TypeVar("Entries", bound="NDArray[Any]")


@dataclass(frozen=True)
class PolyhedralComplex:
    """A part of the complex (all of it, unless it was asked for in parts).

    Attributes
    ----------
    pointer, members
        Cell ``c`` has the rays ``members[pointer[c]:pointer[c + 1]]``, numbered within this part.
    bits
        ``(cells, words)``: the pattern of each cell; bit ``u`` is 1 where unit ``u`` is positive inside.
    masks
        ``(rays, words)``: bit ``u`` is 1 where unit ``u`` vanishes; then comes the bit of ``t``, then those of the
        walls of the domain.
    numbers
        ``(rays,)``: the numbers of the rays in ``rays``.
    places
        ``(rays, dimension)``: their coordinates in floats, each ray up to a positive factor, without any promise.
    rays
        Their exact coordinates.
    units
        Number of units; the bit of ``t`` in the masks.
    dimension
        Of the cones: one more than that of the domain.
    next_unit
        Number of units by which the complex is cut; ``units`` if it is complete.
    """

    pointer: NDArray[np.int64]
    members: NDArray[np.int64]
    bits: NDArray[np.uint64]
    masks: NDArray[np.uint64]
    numbers: NDArray[np.int64]
    places: NDArray[np.float64]
    rays: ExactRays
    units: int
    dimension: int
    next_unit: int

    def __len__(self) -> int:
        return len(self.pointer) - 1

    def is_finite(self) -> NDArray[np.bool_]:
        """Tell which rays are points of the domain, not directions: ``t > 0``."""
        at_infinity = self.masks[:, self.units >> 6] >> np.uint64(self.units & 63) & np.uint64(1)
        return np.asarray(at_infinity == 0)


def refine(
    layers: Sequence[HomogeneousLayer],
    start: StartingCells,
    *,
    faces: bool = False,
    most_cells: int | None = None,
    poll: Callable[[int, int], bool] | None = None,
) -> Iterator[PolyhedralComplex]:
    """Build the complex of a network.

    Parameters
    ----------
    layers
        The hidden layers on homogeneous coordinates.
    start
        The cells of the domain to start with.
    faces
        Also keep the faces that are the closure of the region of an activation pattern with empty interior, so that
        the cells correspond to the patterns, not only to those with an interior.
    most_cells
        Yield the complex in parts, so that about so many cells are held at a time; rays are not numbered alike in
        different parts then. By default there is one part.
    poll
        Called after every unit with the number of cells that are certain by now, and of units done in this part; if it
        returns False, this part is yielded unfinished, as the last one.

    Yields
    ------
    PolyhedralComplex
        Parts with disjoint sets of cells.
    """
    rays = ExactRays(layers, start.rays)
    words = max(1, -(-sum(layer.units for layer in layers) // WORD))
    done, ahead, halted = 0, start.count, False
    for cells in start.blocks(most_cells, words):
        rays.forget(len(start.rays))
        stack = [(_Part.starting(layers, start, cells, rays), len(rays))]
        while stack:
            part, mark = stack.pop()
            rays.forget(mark)
            ahead -= part.cells
            while not halted and part.next_unit < part.units:
                part.cut(faces)
                halted = poll is not None and not poll(done + part.cells + ahead, part.next_unit)
                if most_cells is not None and part.cells > most_cells and part.next_unit < part.units and not halted:
                    other = part.give_half()
                    stack.append((other, len(rays)))
                    ahead += other.cells
            done += part.cells
            yield part.complex()
            if halted:
                return


class _Part:
    """Cells of the complex under construction, with floats of their rays in the current layer."""

    def __init__(
        self,
        layers: Sequence[HomogeneousLayer],
        skipped: frozenset[int],
        rays: ExactRays,
        dimension: int,
        units: int,
    ) -> None:
        self.layers, self.skipped, self.rays = layers, skipped, rays
        self.dimension, self.units = dimension, units
        self.layer, self.column, self.next_unit = -1, 0, 0
        self.count = 0
        self.pointer = self.members = self.numbers = np.empty(0, dtype=np.int64)
        self.bits = self.masks = np.empty((0, 0), dtype=np.uint64)
        self.values = self.errors = np.empty((0, 0))
        self.exact = np.empty(0, dtype=np.bool_)

    @classmethod
    def starting(cls, layers: Sequence[HomogeneousLayer], start: StartingCells, cells: Cells, rays: ExactRays) -> _Part:
        """Take some of the starting cells, with all rays."""
        units = sum(layer.units for layer in layers)
        part = cls(layers, frozenset(start.basis), rays, len(start.rays[0]), units)
        part.count = len(start.rays)
        part.numbers = np.arange(part.count)
        part.pointer, part.members, part.bits = cells
        part.masks = packed([start.mask(ray, units) for ray in range(part.count)], units + 1 + start.walls)
        width = part.dimension + max((layer.units for layer in layers), default=0)
        part.values = np.zeros((part.count, width))
        part.errors = np.zeros((part.count, width))
        part.exact = np.zeros(part.count, dtype=np.bool_)
        for ray, coordinates in enumerate(start.rays):
            part.set_coordinates(ray, coordinates)
        part.enter_next_layer()
        return part

    @property
    def cells(self) -> int:
        return len(self.pointer) - 1

    def complex(self) -> PolyhedralComplex:
        masks, numbers = self.masks[: self.count], self.numbers[: self.count]
        return PolyhedralComplex(
            self.pointer,
            self.members,
            self.bits,
            masks,
            numbers,
            self.values[: self.count, : self.dimension].copy(),
            self.rays,
            self.units,
            self.dimension,
            self.next_unit,
        )

    def cut(self, faces: bool) -> None:
        """Cut by the next unit."""
        unit, column = self.next_unit, self.dimension + self.column
        if unit not in self.skipped:
            signs = self.signs(column)
            mark_zeros(self.masks, signs, self.count, unit)
            self.pointer, self.members, self.bits, edges = cut_cells(
                self.pointer,
                self.members,
                self.bits,
                self.masks,
                signs,
                self.count,
                self.dimension,
                unit,
                self.units,
                faces,
            )
            if len(edges):
                self.add_rays(edges, column, unit)
        self.next_unit += 1
        self.column += 1
        if self.column == self.layers[self.layer].units:
            self.enter_next_layer()

    def signs(self, column: int) -> NDArray[np.int8]:
        """Return the exact signs of a column at all rays."""
        signs = np.empty(self.count, dtype=np.int8)
        undecided = np.empty(self.count, dtype=np.int64)
        left = decide_signs(self.values, self.errors, column, self.count, signs, undecided)
        if left:
            rays = undecided[:left]
            exact = self.rays.values(self.numbers[rays].tolist(), self.layer)
            places = self.rays.coordinates(self.numbers[rays].tolist())
            for ray, heights, place in zip(rays.tolist(), exact, places, strict=True):
                height = heights[column - self.dimension]
                signs[ray] = (height > 0) - (height < 0)
                self.set_coordinates(ray, place)
                self.set_heights(ray, heights, place)
        return signs

    def add_rays(self, edges: NDArray[np.int64], column: int, unit: int) -> None:
        first, self.count = self.count, self.count + len(edges)
        self.reserve(self.count)
        self.numbers[first : self.count] = np.arange(len(self.rays), len(self.rays) + len(edges))
        self.rays.add(self.numbers[edges], self.layer, self.column)
        columns = self.dimension + self.layers[self.layer].units
        exponent = min(self.layers[self.layer].exponent, 1023)
        meet_edges(
            self.values,
            self.errors,
            self.exact,
            self.masks,
            edges,
            first,
            self.dimension,
            columns,
            column,
            unit,
            2.0**exponent,
        )

    def reserve(self, count: int) -> None:
        room = len(self.values)
        if count > room:
            more = max(count, 2 * room) - room
            self.values, self.errors = _longer(self.values, more), _longer(self.errors, more)
            self.masks = _longer(self.masks, more)
            self.exact, self.numbers = _longer(self.exact, more), _longer(self.numbers, more)

    def enter_next_layer(self) -> None:
        """Compute the next layer's values from those of this one, with bounds on their errors."""
        d, rays = self.dimension, slice(0, self.count)
        if self.layer < 0:
            before, slips = self.values[rays, : d - 1], self.errors[rays, : d - 1]
        else:
            columns = slice(d, d + self.layers[self.layer].units)
            before, slips = np.maximum(self.values[rays, columns], 0.0), self.errors[rays, columns]
        self.layer += 1
        self.column = 0
        if self.layer == len(self.layers):
            return
        layer = self.layers[self.layer]
        weights, bias = layer.floats
        size, slip = self.values[rays, d - 1 : d], self.errors[rays, d - 1 : d]
        with np.errstate(all="ignore"):  # what is not finite is left to exact arithmetic
            heights = before @ weights.T + size * bias
            magnitude = before @ abs(weights).T if self.layer else abs(before) @ abs(weights).T
            magnitude += abs(size) * abs(bias)
            errors = slips @ abs(weights).T + slip * abs(bias) + (before.shape[1] + 8) * ROUNDING * magnitude
            errors = errors * (1.0 + 2.0**-40) + 1e-300
            fits = (magnitude * (1.0 + 2.0**-40)).max(axis=1, initial=0.0) < 2.0 ** (53 - min(layer.exponent, 1000))
        self.exact[rays] &= fits & layer.is_exact
        errors[self.exact[rays]] = 0.0
        columns = slice(d, d + layer.units)
        self.values[rays, columns], self.errors[rays, columns] = heights, errors

    def set_coordinates(self, ray: int, place: tuple[int, ...]) -> None:
        """Write exact coordinates, as integers if they fit."""
        longest = max(abs(entry) for entry in place).bit_length()
        self.exact[ray] = longest <= 53
        shift = 0 if longest <= 53 else -longest
        for c, entry in enumerate(place):
            self.values[ray, c] = rounded(entry, shift)
            self.errors[ray, c] = 0.0 if shift == 0 or entry == 0 else abs(self.values[ray, c]) * ROUNDING + 1e-300

    def set_heights(self, ray: int, heights: tuple[int, ...], place: tuple[int, ...]) -> None:
        """Write exact values of the layer beside exact coordinates."""
        longest = max(abs(entry) for entry in place).bit_length()
        exponent = self.layers[self.layer].exponent
        fits = max(abs(height) for height in heights).bit_length() <= 53 and exponent <= 900
        self.exact[ray] &= fits
        shift = -exponent - (0 if longest <= 53 else longest)
        for c, height in enumerate(heights, start=self.dimension):
            value = rounded(height, shift)
            self.values[ray, c] = value
            self.errors[ray, c] = 0.0 if height == 0 or self.exact[ray] else abs(value) * ROUNDING + 1e-300

    def give_half(self) -> _Part:
        """Split off half of the cells, with rays of their own."""
        middle = self.cells // 2
        other = _Part(self.layers, self.skipped, self.rays, self.dimension, self.units)
        other.layer, other.column, other.next_unit = self.layer, self.column, self.next_unit
        other._take(self, middle, self.cells)
        self._take(self, 0, middle)
        return other

    def _take(self, source: _Part, first: int, last: int) -> None:
        pointer, start = source.pointer[first : last + 1], source.pointer[first]
        members = source.members[start : source.pointer[last]]
        kept, members = np.unique(members, return_inverse=True)
        bits = source.bits[first:last]
        self.values, self.errors, self.exact = source.values[kept], source.errors[kept], source.exact[kept]
        self.masks, self.numbers = source.masks[kept], source.numbers[kept]
        self.count = len(kept)
        self.pointer, self.members, self.bits = pointer - start, members.astype(np.int64), bits.copy()


def _longer(array: Entries, more: int) -> Entries:
    longer = np.empty((len(array) + more, *array.shape[1:]), dtype=array.dtype)
    longer[: len(array)] = array
    return cast(Entries, longer)


def packed(patterns: Sequence[int], bits: int) -> NDArray[np.uint64]:
    """Write integers as rows of 64-bit words, the lowest first."""
    words = max(1, -(-bits // WORD))
    low = (1 << WORD) - 1
    rows = [[pattern >> (WORD * word) & low for word in range(words)] for pattern in patterns]
    return np.array(rows, dtype=np.uint64).reshape(len(patterns), words)
