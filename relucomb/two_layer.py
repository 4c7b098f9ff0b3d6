"""Is a piecewise-linear function a sum of ReLUs? The kink lines of Proposition 2.5.2 as a decision procedure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.pieces.linear_pieces import piece_graph, pieces
from relucomb.rationals import over_common_denominator
from relucomb.representation import SumOfMaxima

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb.pieces.cells import Cell

Point = tuple[Fraction, ...]
Hyperplane = tuple[int, ...]  # (v_1, ..., v_n, c): v.x + c = 0, no common divisor, first v that is not 0 positive

SMALLEST_BOX = 30
"""How often the box around a point of a certificate is made smaller, by a factor of 4, before it is refused."""


@dataclass(frozen=True)
class TwoLayerDecision:
    """Whether a function is computed by a network with one hidden layer, with a certificate either way.

    It is true or false as a condition.

    Attributes
    ----------
    function
        The function, as an exact network.
    network
        If it is: a network with one hidden layer, equal everywhere; else None.
    hyperplane
        If it is not: a normal v and a constant c; the gradient jumps across ``v·x + c = 0``, but not everywhere alike.
    points
        Two points of the hyperplane, next to which the function is affine on either side.
    jumps
        At these points the gradient grows by ``jump · v`` across the hyperplane. The first is not 0; where the second
        is, the kink stops.
    """

    function: ReLUNetwork
    network: ReLUNetwork | None
    hyperplane: tuple[tuple[int, ...], int] | None = None
    points: tuple[Point, Point] | None = None
    jumps: tuple[Fraction, Fraction] | None = None

    def __bool__(self) -> bool:
        """Whether there is a network with one hidden layer."""
        return self.network is not None

    def verify(self) -> bool:
        """Check the certificate from scratch, in rational arithmetic.

        The difference of the two networks must be one piece, the zero map. For a kink that changes, the pieces in a
        small box around each of the two points must be at most two, parted by the hyperplane, and show the jumps that
        are told.
        """
        if self.network is not None:
            [*found] = pieces(self.function - self.network)
            zero = len(found) == 1 and not found[0].matrix.any() and not found[0].vector.any()
            return zero and self.network.depth == 2
        if self.hyperplane is None or self.points is None or self.jumps is None:
            return False
        return self.jumps[0] != self.jumps[1] and all(
            self._has_jump(point, jump) for point, jump in zip(self.points, self.jumps, strict=True)
        )

    def _has_jump(self, point: Point, jump: Fraction) -> bool:
        if self.hyperplane is None:
            return False
        v, c = _vectors((*self.hyperplane[0], self.hyperplane[1]))
        if v @ point + c != 0:
            return False
        for k in range(SMALLEST_BOX):
            box: Any = [(x - Fraction(1, 4**k), x + Fraction(1, 4**k)) for x in point]
            found = list(pieces(self.function, domain=box))
            if len(found) == 1:
                return jump == 0
            if len(found) == 2:  # parted by the hyperplane, or a smaller box has only one of them
                change = _affine(found[0].cells[0]) - _affine(found[1].cells[0])
                sign = 1 if v @ found[0].interior_point + c > 0 else -1
                if np.array_equal(sign * change[:-1], jump * v) and sign * change[-1] == jump * c:
                    return True
        return False

    def __str__(self) -> str:
        if self.network is not None:
            return f"computed by one hidden layer of {self.network.size} units"
        if self.hyperplane is None or self.points is None or self.jumps is None:
            return "not computed by one hidden layer"
        v, c = self.hyperplane
        one, other = (", ".join(map(str, point)) for point in self.points)
        return (
            f"not computed by one hidden layer: the gradient jumps across {v}·x + {c} = 0\n"
            f"by {self.jumps[0]} times the normal at ({one}), but by {self.jumps[1]} times at ({other})"
        )


def is_two_layer(f: ReLUNetwork | SumOfMaxima) -> TwoLayerDecision:
    """Decide whether a piecewise-linear function is computed by a network with one hidden layer.

    A unit ``max(0, v·x + c)`` bends along a whole hyperplane, and by the same jump of the gradient all along it
    (Proposition 2.5.2 rests on that). Conversely, if all kinks of f are like that, then f minus one unit for each
    hyperplane has no kink, so it is affine, and two more units make it. The cells of the network and their
    common facets are enumerated exactly; the answer is a proof either way.

    Parameters
    ----------
    f
        A network of one output and any depth, or a sum of maxima. Floats are the rationals they are. An output bias is
        allowed; it can be had from a unit that is constant.

    Returns
    -------
    TwoLayerDecision
        True or false as a condition, with the network of one hidden layer, or with the kink that changes. The
        network has one unit for each kink hyperplane and at most two more; it need not be the smallest.

    Raises
    ------
    ValueError
        The network has more than one output.
    TypeError
        ``f`` is neither a network nor a sum of maxima.

    Examples
    --------
    The kinks of ``max(0, x1, x2)`` are half-lines (Proposition 2.5.2), those of ``|x1| + |x2|`` whole lines:

    >>> from relucomb import ReLUNetwork, SumOfMaxima
    >>> answer = is_two_layer(SumOfMaxima.max([[0, 0], [1, 0], [0, 1]], [0, 0, 0]))
    >>> print(answer)
    not computed by one hidden layer: the gradient jumps across (0, 1)·x + 0 = 0
    by 1 times the normal at (-1, 0), but by 0 times at (1, 0)
    >>> l1 = SumOfMaxima.max([[1, 1], [1, -1], [-1, 1], [-1, -1]], [0, 0, 0, 0])
    >>> answer = is_two_layer(l1)
    >>> bool(answer), answer.network, answer.verify()
    (True, <ReLUNetwork 2-4-1, exact>, True)
    """
    net = _as_network(f)
    graph = piece_graph(net, "activation")
    cells: list[Cell] = [graph.nodes[node]["piece"].cells[0] for node in sorted(graph.nodes)]
    kinks: dict[Hyperplane, tuple[Fraction, Point]] = {}
    for one, other in sorted(graph.edges):
        found = _kink(cells[one], cells[other])
        if found is None:
            continue
        plane, jump, point = found
        first_jump, first_point = kinks.setdefault(plane, (jump, point))
        if jump != first_jump:
            return _no(net, plane, (first_point, point), (first_jump, jump))
    for plane, (jump, point) in sorted(kinks.items()):
        for cell in cells:
            crossing = _crossing(cell, plane)
            if crossing is not None:
                return _no(net, plane, (point, crossing), (jump, Fraction(0)))
    jumps = {plane: jump for plane, (jump, _) in kinks.items()}
    sides = {one: _rest(cell, jumps) for one, cell in enumerate(cells)}
    for one, other in sorted(graph.edges):
        if sides[one] != sides[other]:  # on one of the hyperplanes, without the jump that it has elsewhere
            plane = next(plane for plane in sorted(jumps) if _parts(cells[one], cells[other], plane))
            return _no(net, plane, (kinks[plane][1], _point_of_facet(cells[one], plane)), (jumps[plane], Fraction(0)))
    return TwoLayerDecision(net, _one_hidden_layer(jumps, sides[0]))


def _as_network(f: ReLUNetwork | SumOfMaxima) -> ReLUNetwork:
    if isinstance(f, SumOfMaxima):
        return f.network(reduce=False)
    if not isinstance(f, ReLUNetwork):
        raise TypeError(f"f must be a ReLUNetwork or a SumOfMaxima; got {type(f).__name__}")
    if f.widths[-1] != 1:
        raise ValueError(f"f must have one output; got {f.widths[-1]}")
    return f.exact()


def _no(
    net: ReLUNetwork, plane: Hyperplane, points: tuple[Point, Point], jumps: tuple[Fraction, Fraction]
) -> TwoLayerDecision:
    return TwoLayerDecision(net, None, (plane[:-1], plane[-1]), points, jumps)


def _vectors(plane: tuple[Any, ...]) -> tuple[NDArray[np.object_], Fraction]:
    return np.array([Fraction(entry) for entry in plane[:-1]], dtype=object), Fraction(plane[-1])


def _affine(cell: Cell) -> NDArray[np.object_]:
    affine: Any = [*cell.matrix[0], cell.vector[0]]
    return np.array(affine, dtype=object)


def _kink(one: Cell, other: Cell) -> tuple[Hyperplane, Fraction, Point] | None:
    """Return the hyperplane between two neighbours with different maps, the jump across it, a point of their facet."""
    change = _affine(one) - _affine(other)  # 0 on the facet, since the function is continuous
    if not change.any():
        return None
    integers, denominator = over_common_denominator(change)
    divisor = math.gcd(*integers)
    if next(entry for entry in integers if entry) < 0:
        divisor = -divisor
    plane = tuple(int(entry) // divisor for entry in integers)
    v, c = _vectors(plane)
    jump = Fraction(divisor, denominator) * (1 if v @ one.interior_point + c > 0 else -1)
    return plane, jump, _point_of_facet(one, plane)


def _point_of_facet(cell: Cell, plane: Hyperplane) -> Point:
    """Return a point inside the facet of the cell in the hyperplane."""
    v, c = _vectors(plane)
    vertices = [np.array(vertex, dtype=object) for vertex in cell.vertices if v @ vertex + c == 0]
    mean = sum(vertices[1:], vertices[0]) / Fraction(len(vertices))
    return tuple(sum((np.array(ray, dtype=object) for ray in cell.rays if v @ ray == 0), mean))


def _crossing(cell: Cell, plane: Hyperplane) -> Point | None:
    """Return a point of the hyperplane inside the cell, or None if the cell is on one side of it."""
    v, c = _vectors(plane)
    inside = np.array(cell.interior_point, dtype=object)
    value = v @ inside + c
    if value == 0:
        return tuple(inside)
    # a vertex or a ray on the other side; the way there from an inner point runs inside up to it
    for vertex in cell.vertices:
        other = v @ vertex + c
        if other * value < 0:
            return tuple(inside + (np.array(vertex, dtype=object) - inside) * (value / (value - other)))
    for ray in cell.rays:
        slope = v @ ray
        if slope * value < 0:
            return tuple(inside + np.array(ray, dtype=object) * (-value / slope))
    return None


def _rest(cell: Cell, jumps: dict[Hyperplane, Fraction]) -> Point:
    """Return the affine map on the cell of the function minus ``jump · max(0, v·x + c)`` for every hyperplane."""
    rest = _affine(cell)
    point = cell.interior_point
    for plane, jump in jumps.items():
        v, c = _vectors(plane)
        if v @ point + c > 0:
            unit: Any = [*v, c]
            rest = rest - jump * np.array(unit, dtype=object)
    return tuple(rest)


def _parts(one: Cell, other: Cell, plane: Hyperplane) -> bool:
    v, c = _vectors(plane)
    return bool((v @ one.interior_point + c > 0) != (v @ other.interior_point + c > 0))


def _one_hidden_layer(jumps: dict[Hyperplane, Fraction], rest: Point) -> ReLUNetwork:
    """Return the network of the units ``jump · max(0, v·x + c)`` plus an affine function.

    The affine function takes two units, or one if its gradient is along a normal: ``z = max(0, z) - max(0, -z)``
    turns a unit partly or wholly round.
    """
    units: dict[tuple[tuple[Any, ...], int], Fraction] = {(plane, 1): jump for plane, jump in sorted(jumps.items())}
    slope, bias = np.array(rest[:-1], dtype=object), rest[-1]
    leading = next((j for j, entry in enumerate(slope) if entry), None)
    if leading is not None:
        along = [plane for plane in sorted(jumps) if _ratio(slope, plane, leading) is not None]
        exact = [plane for plane in along if _ratio(slope, plane, leading) == -jumps[plane]]
        if along:
            plane = (exact or along)[0]
            ratio = slope[leading] / plane[leading]
            units[plane, 1] += ratio
            units[plane, -1] = -ratio
            bias -= ratio * plane[-1]
        else:
            affine = (*rest[:-1], Fraction(0))
            units |= {(affine, 1): Fraction(1), (affine, -1): Fraction(-1)}
    units = {unit: c for unit, c in units.items() if c} or {((0,) * len(rest), 1): Fraction(0)}
    weights: Any = [[Fraction(sign * entry) for entry in plane[:-1]] for plane, sign in units]
    offsets: Any = [Fraction(sign * plane[-1]) for plane, sign in units]
    outputs: Any = [list(units.values())]
    constant: Any = [bias]
    return ReLUNetwork([weights, outputs], [offsets, constant])


def _ratio(slope: NDArray[np.object_], plane: Hyperplane, leading: int) -> Fraction | None:
    """Return the number by which the normal of the plane must be multiplied to give the slope, if there is one."""
    v, _ = _vectors(plane)
    if not v[leading]:
        return None
    ratio = Fraction(slope[leading] / v[leading])
    return ratio if np.all(ratio * v == slope) else None
