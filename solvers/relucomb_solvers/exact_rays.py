"""The rays of a polyhedral complex in exact integers, computed when floats cannot decide a sign.

A ray that was born on the edge between two others, where a unit vanishes, is the combination of the two whose
coefficients are the unit's values there. Exact coordinates are primitive integer vectors; they are computed from
those of the two parents, as far back as necessary, and kept.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING

from flint import fmpz_mat

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from relucomb_solvers.homogeneous_layers import HomogeneousLayer


class ExactRays:
    """Exact coordinates and values of rays that are numbered from 0.

    Parameters
    ----------
    layers
        The hidden layers.
    first
        Coordinates of the rays to start with, integer vectors.

    Examples
    --------
    The kink of ``max(0, 3x − 1)`` on the line, between the rays ``(−1, 0)`` and ``(1, 0)`` at infinity and the origin:

    >>> import numpy as np
    >>> from relucomb_solvers.homogeneous_layers import HomogeneousLayer
    >>> rays = ExactRays([HomogeneousLayer([[3]], [-1], 2, 2)], [(-1, 0), (1, 0), (0, 1)])
    >>> rays.add(np.array([[1, 2]]), 0, 0)
    >>> rays.coordinates([3]), rays.values([3, 0], 0)
    ([(1, 3)], [(0,), (-3,)])
    """

    def __init__(self, layers: Sequence[HomogeneousLayer], first: Sequence[tuple[int, ...]]) -> None:
        self._layers = layers
        self._coordinates: dict[int, tuple[int, ...]] = dict(enumerate(first))
        self._values: dict[int, tuple[int, ...]] = {}
        self._values_layer = -1
        self._count = len(first)
        self._starts: list[int] = []
        self._litters: list[tuple[NDArray[np.int64], int, int]] = []

    def __len__(self) -> int:
        return self._count

    def add(self, edges: NDArray[np.int64], layer: int, unit: int) -> None:
        """Register the rays on edges ``(k, 2)`` between others at which a unit vanishes."""
        self._starts.append(self._count)
        self._litters.append((edges, layer, unit))
        self._count += len(edges)

    def forget(self, count: int) -> None:
        """Drop the rays from number ``count`` on; none of their litters has rays below it."""
        while self._starts and self._starts[-1] >= count:
            self._starts.pop()
            self._litters.pop()
        self._count = count
        for kept in (self._coordinates, self._values):
            for ray in [ray for ray in kept if ray >= count]:
                del kept[ray]

    def know(self, rays: Iterable[int], coordinates: Iterable[tuple[int, ...]]) -> None:
        """Take coordinates that are known to be exact and primitive."""
        self._coordinates.update(zip(rays, coordinates, strict=True))

    def _birth(self, ray: int) -> tuple[int, int, int, int]:
        """Return the two parents, the layer and the unit."""
        place = bisect_right(self._starts, ray) - 1
        edges, layer, unit = self._litters[place]
        first, second = edges[ray - self._starts[place]].tolist()
        return first, second, layer, unit

    def coordinates(self, rays: Sequence[int]) -> list[tuple[int, ...]]:
        """Return the primitive integer coordinates of rays."""
        known = self._coordinates
        births: dict[int, tuple[int, int, int, int]] = {}
        stack = [ray for ray in rays if ray not in known]
        while stack:
            ray = stack.pop()
            if ray not in known and ray not in births:
                births[ray] = self._birth(ray)
                stack.extend(births[ray][:2])
        groups: list[list[int]] = []
        generation: dict[int, int] = {}
        for ray in sorted(births):  # parents come before their children; a generation is computed at once
            first, second = births[ray][:2]
            level = 1 + max(generation.get(first, -1), generation.get(second, -1))
            generation[ray] = level
            if level == len(groups):
                groups.append([])
            groups[level].append(ray)
        for group in groups:
            self._combine(group, births)
        return [known[ray] for ray in rays]

    def values(self, rays: Sequence[int], layer: int) -> list[tuple[int, ...]]:
        """Return the integer pre-activations of a layer at rays."""
        if layer != self._values_layer:
            self._values, self._values_layer = {}, layer
        missing = [ray for ray in rays if ray not in self._values]
        if missing:
            found = self._forward(self.coordinates(missing), layer)
            self._values.update(zip(missing, found, strict=True))
        return [self._values[ray] for ray in rays]

    def patterns(self, places: list[tuple[int, ...]]) -> list[int | None]:
        """Return the activation patterns around homogeneous points, as integers; None where a unit vanishes."""
        found: list[int | None] = [0] * len(places)
        first = 0
        for layer in range(len(self._layers)):
            for k, heights in enumerate(self._forward(places, layer)):
                pattern = found[k]
                if pattern is not None:
                    bits = sum(1 << (first + unit) for unit, height in enumerate(heights) if height > 0)
                    found[k] = None if 0 in heights else pattern | bits
            first += self._layers[layer].units
        return found

    def _combine(self, rays: list[int], births: dict[int, tuple[int, int, int, int]]) -> None:
        """Compute rays whose parents are known."""
        by_unit: dict[tuple[int, int], list[int]] = {}
        for ray in rays:
            by_unit.setdefault(births[ray][2:], []).append(ray)
        for (layer, unit), group in by_unit.items():
            parents = sorted({parent for ray in group for parent in births[ray][:2]})
            places = [self._coordinates[parent] for parent in parents]
            heights = dict(zip(parents, self._heights(parents, places, layer, unit), strict=True))
            for ray in group:
                first, second = births[ray][:2]
                a, b = abs(heights[second]), abs(heights[first])
                combined = [
                    a * x + b * y for x, y in zip(self._coordinates[first], self._coordinates[second], strict=True)
                ]
                content = math.gcd(*combined)
                self._coordinates[ray] = tuple(entry // content for entry in combined)

    def _heights(self, rays: list[int], places: list[tuple[int, ...]], layer: int, unit: int) -> list[int]:
        if layer == self._values_layer and all(ray in self._values for ray in rays):
            return [self._values[ray][unit] for ray in rays]
        return [values[unit] for values in self._forward(places, layer)]

    def _forward(self, places: list[tuple[int, ...]], layer: int) -> list[tuple[int, ...]]:
        """Evaluate the network at homogeneous points up to the pre-activations of a layer."""
        size = [place[-1] for place in places]
        activations = [list(column) for column in zip(*(place[:-1] for place in places), strict=True)]
        for depth in range(layer + 1):
            product = self._layers[depth].integers * fmpz_mat([*activations, size])
            heights = [[int(entry) for entry in row] for row in product.table()]
            if depth < layer:
                activations = [[max(0, entry) for entry in row] for row in heights]
        return list(zip(*heights, strict=True))
