"""The best approximation of the equal sawtooth by few pieces in the L1 norm, with a proven interval (Theorem 2.3.6).

The sawtooth of q equal pieces is stretched to ``[0, q]``, where it is ``s(x) = x`` on [0, 1], ``2 - x`` on [1, 2] and
so on. A continuous approximation of p pieces is p lines ``l_1, …, l_p`` and p - 1 breakpoints ``t_r``, where ``l_r``
and ``l_{r+1}`` meet. The search branches on intervals ``[a_r, b_r]`` for the breakpoints and on the signs ``σ_r`` of
the change of slope there. In a node the error is at least

    min Σ_r ∫ |s - l_r| over [b_{r-1}, a_r],  such that  σ_r (l_{r+1} - l_r) is ≤ 0 at a_r and ≥ 0 at b_r,

which is convex, and for any function φ with values in [-1, 1] and any multipliers λ ≥ 0 of the conditions, for which
the coefficients of all lines cancel, at least ``∫ φ s``. A linear programme finds φ, constant between chosen points;
the sum is then repaired and evaluated in rational numbers, so that rounding only costs a little of the bound.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, count, pairwise
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.families.theorems import theorem_2_3_6_distance
from relucomb.piecewise_linear.function import PiecewiseLinear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Interval = tuple[Fraction, Fraction]
Lines = "list[tuple[float, float]]"

ROUNDS = 8
"""How often the points between which φ is constant are refined in a node."""
LONGEST = 200
"""The last line of the first upper bound is optimised where it replaces no more pieces than that."""
GRID = 2**24
"""Points that come out of a computation in floats are rounded to multiples of 1 / GRID."""


@dataclass(frozen=True)
class SawtoothApproximation:
    """The best approximation of the equal sawtooth of q pieces on [0, 1] by p pieces, up to a proven gap.

    Attributes
    ----------
    p, q
        Numbers of pieces.
    lower, upper
        The least L1 distance is between them; both are exact rationals.
    function
        A continuous function of at most p pieces at distance ``upper``.
    nodes
        Number of nodes of the search, 0 if there was none.
    """

    p: int
    q: int
    lower: Fraction
    upper: Fraction
    function: PiecewiseLinear
    nodes: int

    @property
    def published(self) -> Fraction:
        """The bound of Theorem 2.3.6, ``1/4 - (2p-1)/(4q)``."""
        return theorem_2_3_6_distance(self.p, self.q)

    def verify(self) -> bool:
        """Check from scratch that the function has at most p pieces and is at distance ``upper``."""
        return self.function.count_pieces((0, 1)) <= self.p and _distance(self.function, self.q) == self.upper


def best_sawtooth_approximation(
    p: int, q: int, *, gap: float | Fraction = Fraction(1, 10**4), node_limit: int = 5000
) -> SawtoothApproximation:
    """Find the least L1 distance on [0, 1] of continuous functions with p pieces from the equal sawtooth of q pieces.

    Theorem 2.3.6 bounds it from below by ``1/4 - (2p-1)/(4q)``. Here it is enclosed by a branch and bound whose
    bounds are proven in rational arithmetic. The number of nodes grows by a factor of about 6 with each piece and
    hardly with ``1/gap``; the distance is in general irrational, so that the interval cannot be closed.

    Parameters
    ----------
    p
        Number of pieces of the approximation, at least 1.
    q
        Number of pieces of the sawtooth, at least 1; ``w^k`` in the theorem.
    gap
        Stop when ``upper - lower`` is at most that, positive.
    node_limit
        Stop after so many nodes. With 0 there is no search, and ``lower`` is the theorem's bound.

    Returns
    -------
    SawtoothApproximation

    Raises
    ------
    ValueError
        A number is not positive, or ``node_limit`` is negative.

    Examples
    --------
    Two pieces for three: the distance is 5/27, where the theorem has 0.

    >>> best = best_sawtooth_approximation(2, 3)
    >>> bool(best.lower <= Fraction(5, 27) <= best.upper), float(best.upper - best.lower) <= 1e-4
    (True, True)
    >>> best.published, best.verify()
    (Fraction(0, 1), True)
    """
    p, q, limit, tolerance = index(p), index(q), index(node_limit), Fraction(gap)
    if p < 1 or q < 1:
        raise ValueError(f"p and q must be at least 1; got p = {p} and q = {q}")
    if tolerance <= 0 or limit < 0:
        raise ValueError(f"gap must be positive and node_limit not negative; got {gap} and {node_limit}")
    function = _candidate(p, q)
    upper = _distance(function, q)
    proven = theorem_2_3_6_distance(p, q, published=False)
    if upper - proven <= tolerance or limit == 0:
        return SawtoothApproximation(p, q, proven, upper, function, 0)
    search = _Search(p, q, function, upper, tolerance)
    search.run(limit)
    return SawtoothApproximation(p, q, max(proven, search.lower), search.upper, search.function, search.nodes)


def _sawtooth(q: int) -> PiecewiseLinear:
    x: Any = [Fraction(i, q) for i in range(q + 1)]
    return PiecewiseLinear.from_points(x, [i % 2 for i in range(q + 1)], q, (-1) ** (q - 1) * q)


def _distance(function: PiecewiseLinear, q: int) -> Fraction:
    distance = _sawtooth(q).distance(function, norm=1, interval=(0, 1))
    return Fraction(distance)


def _candidate(p: int, q: int) -> PiecewiseLinear:
    """Return a good function: p - 1 pieces of the sawtooth, then the best line that leaves it where its slope changes.

    The search found nothing better for small p and q; here it only gives the upper bound to begin with.
    """
    from scipy.optimize import minimize

    if p >= q:
        return _sawtooth(q)
    length = q - p + 1  # of what one line has to do, after the peak of the last piece that is followed
    followed = p - 1

    def function(parameters: NDArray[np.float64]) -> PiecewiseLinear | None:
        start, end = (Fraction(round(float(value) * GRID), GRID) for value in parameters)
        if followed == 0:
            x, y = [Fraction(0), Fraction(q)], [start, end]
        elif not -1 < start < length:
            return None
        else:
            # the last piece that is followed is left at followed + start: before its end or beyond
            last = (followed - 1) % 2 + (-1) ** ((followed - 1) % 2) * (1 + start)
            x = [*(Fraction(i) for i in range(followed)), followed + start, Fraction(q)]
            y = [*(Fraction(i % 2) for i in range(followed)), last, end]
        scaled: Any = [entry / q for entry in x]
        values: Any = y
        slopes = [(y[i + 1] - y[i]) / (scaled[i + 1] - scaled[i]) for i in (0, len(x) - 2)]
        return PiecewiseLinear.from_points(scaled, values, *slopes)

    def error(parameters: NDArray[np.float64]) -> float:
        made = function(parameters)
        return 1.0 if made is None else float(_distance(made, q))

    starts = [(-0.25, 0.5), (-0.25, 0.3), (-0.25, 0.7)] if followed else [(0.5, 0.5), (0.4, 0.6)]
    if length > LONGEST:
        starts = [(-0.5, 0.5)] if followed else [(0.5, 0.5)]  # leave it half-way, and stay there
        return _made(function(np.array(starts[0])))
    options: Any = {"xatol": 1e-7, "fatol": 1e-12, "maxiter": 400}
    found = [minimize(error, start, method="Nelder-Mead", options=options) for start in starts]
    return _made(function(min(found, key=lambda result: float(result.fun)).x))


def _made(function: PiecewiseLinear | None) -> PiecewiseLinear:
    if function is None:
        raise AssertionError("the starting points are legal")
    return function


@dataclass
class _Node:
    """Intervals of the breakpoints, signs (0 for open ones), points between which φ is constant, a proven bound."""

    intervals: list[Interval]
    signs: list[int]
    points: list[list[Fraction]]
    bound: Fraction


class _Search:
    """Best-first branch and bound on ``[0, q]``; errors there are q times distances on [0, 1]."""

    def __init__(self, p: int, q: int, function: PiecewiseLinear, upper: Fraction, tolerance: Fraction) -> None:
        self.p, self.q = p, q
        self.function, self.upper, self.tolerance = function, upper, tolerance
        self.nodes = 0
        self._numbers = count()
        self._closed = upper * q
        self._heap: list[tuple[Fraction, int, _Node]] = []

    @property
    def lower(self) -> Fraction:
        """The least bound of all nodes that are open or were closed."""
        return min([self._closed, *(bound for bound, _, _ in self._heap)]) / self.q

    def run(self, limit: int) -> None:
        for cells in combinations_with_replacement(range(self.q), self.p - 1):
            if cells <= tuple(self.q - 1 - cell for cell in reversed(cells)):  # the sawtooth is its own mirror image
                intervals = [(Fraction(cell), Fraction(cell + 1)) for cell in cells]
                self._push(_Node(intervals, [0] * (self.p - 1), [[] for _ in range(self.p)], Fraction(0)))
        while self._heap and self.nodes < limit and self.upper - self.lower > self.tolerance:
            _, _, node = heapq.heappop(self._heap)
            self.nodes += 1
            self._bound(node)
            if self.p == 1 or node.bound >= (self.upper - self.tolerance) * self.q:
                self._closed = min(self._closed, node.bound)
                continue
            for child in _children(node):
                self._push(child)

    def _push(self, node: _Node) -> None:
        heapq.heappush(self._heap, (node.bound, next(self._numbers), node))

    def _bound(self, node: _Node) -> None:
        """Improve the proven bound of the node, and the incumbent by the lines of the relaxation."""
        runs = list(pairwise([Fraction(0), *(end for pair in node.intervals for end in pair), Fraction(self.q)]))[::2]
        for last in range(ROUNDS):
            before = node.bound
            relaxation = _Relaxation(node, runs)
            if relaxation.is_empty:
                return
            bound, lines = relaxation.solve()
            node.bound = max(node.bound, bound)
            if node.bound >= (self.upper - self.tolerance) * self.q:
                return
            if last and node.bound - before < Fraction(1, 2**16):
                break
            node.points = [
                sorted({*points, *_crossings(line, run)})
                for points, line, run in zip(node.points, lines, runs, strict=True)
            ]
        self._try(lines)

    def _try(self, lines: list[tuple[float, float]]) -> None:
        """Take the function of these lines as incumbent if it is one and is better."""
        exact = [tuple(Fraction(round(value * GRID), GRID) for value in line) for line in lines]
        knots = [Fraction(0)]
        for (m, c), (n, d) in pairwise(exact):
            if m == n:
                return
            knots.append((d - c) / (m - n))
        knots.append(Fraction(self.q))
        if any(left >= right for left, right in pairwise(knots)):
            return
        values = [exact[0][1], *(m * x + c for (m, c), x in zip(exact, knots[1:], strict=True))]
        x: Any = [knot / self.q for knot in knots]
        y: Any = values
        function = PiecewiseLinear.from_points(x, y, exact[0][0] * self.q, exact[-1][0] * self.q)
        upper = _distance(function, self.q)
        if upper < self.upper:
            self.function, self.upper = function, upper


def _children(node: _Node) -> Iterator[_Node]:
    """Split the sign of a breakpoint that is known to within a half, or else the widest interval."""
    widths = [right - left for left, right in node.intervals]
    unsigned = [r for r, sign in enumerate(node.signs) if sign == 0 and 2 * widths[r] <= 1]
    if unsigned:
        for sign in (1, -1):
            signs = list(node.signs)
            signs[unsigned[0]] = sign
            yield _Node(node.intervals, signs, node.points, node.bound)
        return
    r = widths.index(max(widths))
    left, right = node.intervals[r]
    middle = (left + right) / 2
    for half in ((left, middle), (middle, right)):
        intervals = list(node.intervals)
        intervals[r] = half
        if all(before[0] <= after[1] for before, after in pairwise(intervals)):  # breakpoints are in order
            yield _Node(intervals, node.signs, node.points, node.bound)


class _Relaxation:
    """The linear programme for φ and λ in a node, and its value made rigorous.

    A line whose run is empty has no part in it, nor have the conditions at its ends; leaving conditions out only makes
    the bound smaller.
    """

    def __init__(self, node: _Node, runs: list[Interval]) -> None:
        self.edges: list[list[Fraction]] = []
        for (left, right), points in zip(runs, node.points, strict=True):
            if left >= right:
                self.edges.append([])
                continue
            halves = (Fraction(i, 2) for i in range(int(2 * left), int(2 * right) + 2))
            inside = {x for x in (*halves, *points, (left + right) / 2) if left < x < right}
            self.edges.append([left, *sorted(inside), right])
        self.conditions = [
            (r, sign, interval)
            for r, (sign, interval) in enumerate(zip(node.signs, node.intervals, strict=True))
            if sign and self.edges[r] and self.edges[r + 1]
        ]
        self.is_empty = not any(self.edges)

    def solve(self) -> tuple[Fraction, list[tuple[float, float]]]:
        """Return a proven bound and the lines ``(m, c)``, in floats."""
        from scipy.optimize import linprog

        columns, values = self._columns()
        A = np.array([[float(entry) for entry in column] for column in columns]).T
        free = len(columns) - 2 * len(self.conditions)
        bounds: Any = [(-1, 1)] * free + [(0, None)] * (2 * len(self.conditions))
        objective = [-float(value) for value in values] + [0.0] * (2 * len(self.conditions))
        answer = linprog(objective, A_eq=A, b_eq=np.zeros(len(A)), bounds=bounds, method="highs")
        if answer.x is None:
            return Fraction(0), [(0.0, 0.0)] * len(self.edges)
        marginals = -answer.eqlin.marginals
        lines = [(float(marginals[2 * r + 1]), float(marginals[2 * r])) for r in range(len(self.edges))]
        return self._proven(columns, values, answer.x.tolist()), lines

    def _columns(self) -> tuple[list[list[Fraction]], list[Fraction]]:
        """Return the coefficients of all lines for φ on each cell and for each λ, and ``∫ s`` on each cell."""
        size = 2 * len(self.edges)
        columns, values = [], []
        for r, edges in enumerate(self.edges):
            for left, right in pairwise(edges):
                column = [Fraction(0)] * size
                column[2 * r : 2 * r + 2] = right - left, (right * right - left * left) / 2
                columns.append(column)
                values.append(_integral(right) - _integral(left))
        for r, sign, ends in self.conditions:
            for x, side in zip(ends, (1, -1), strict=True):
                column = [Fraction(0)] * size
                moment = (Fraction(sign * side), sign * side * x)
                column[2 * r : 2 * r + 2] = moment
                column[2 * r + 2 : 2 * r + 4] = -moment[0], -moment[1]
                columns.append(column)
        return columns, values

    def _proven(self, columns: list[list[Fraction]], values: list[Fraction], solution: list[float]) -> Fraction:
        """Return the bound of the multipliers after a repair that makes the coefficients cancel exactly.

        What is left over of each line is taken away by a change of φ by α on the first cell of its run and by β on the
        others; then everything is divided by one number, so that φ is within [-1, 1] again.
        """
        free = len(values)
        exact = [Fraction(round(value * 2**40), 2**40) for value in solution]
        phi = [min(max(value, Fraction(-1)), Fraction(1)) for value in exact[:free]]
        multipliers = [*phi, *(max(value, Fraction(0)) for value in exact[free:])]
        rest = [
            sum((m * column[i] for m, column in zip(multipliers, columns, strict=True) if column[i]), Fraction(0))
            for i in range(2 * len(self.edges))
        ]
        position, largest = 0, Fraction(1)
        for r, edges in enumerate(self.edges):
            if not edges:
                continue
            start, middle, end = edges[0], edges[1], edges[-1]
            first = (middle - start, (middle**2 - start**2) / 2)
            others = (end - middle, (end**2 - middle**2) / 2)
            determinant = first[0] * others[1] - first[1] * others[0]
            alpha = (-rest[2 * r] * others[1] + rest[2 * r + 1] * others[0]) / determinant
            beta = (-first[0] * rest[2 * r + 1] + first[1] * rest[2 * r]) / determinant
            for cell in range(len(edges) - 1):
                phi[position + cell] += alpha if cell == 0 else beta
                largest = max(largest, abs(phi[position + cell]))
            position += len(edges) - 1
        return sum((m * value for m, value in zip(phi, values, strict=True)), Fraction(0)) / largest


def _integral(x: Fraction) -> Fraction:
    """Return the integral of the sawtooth of pieces of length 1 from 0 to x."""
    whole = x.numerator // x.denominator
    part = x - whole
    return Fraction(whole, 2) + (part - part * part / 2 if whole % 2 else part * part / 2)


def _crossings(line: tuple[float, float], run: Interval) -> list[Fraction]:
    """Return the points of the run where the line crosses the sawtooth, rounded."""
    m, c = line
    points = []
    for k in range(int(run[0]), int(run[1]) + 1):
        slope, constant = (-1.0, k + 1.0) if k % 2 else (1.0, -float(k))
        if abs(slope - m) > 1e-9:
            x = (c - constant) / (slope - m)
            if k <= x <= k + 1 and run[0] < x < run[1]:
                points.append(Fraction(round(x * GRID), GRID))
    return points
