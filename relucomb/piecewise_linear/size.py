"""The smallest network with one hidden layer that computes a piecewise-linear function of one variable.

Theorem 2.2.2 says that ``p`` pieces take at least ``p - 1`` hidden units and at most ``p``. Which of the two it is:

Let ``t_1 < ... < t_{p-1}`` be the breakpoints, ``s_0, ..., s_{p-1}`` the slopes and ``d_i = s_i - s_{i-1} ≠ 0`` the
kinks. A unit with output weight ``v`` is constant if its weight is zero; otherwise it bends the sum at one point
``t`` by some ``c = v|w|``, and either opens to the right, ``c max(0, x - t)``, or to the left, ``c max(0, t - x)``.
The first has slope 0 at minus infinity, the second ``-c``. Each breakpoint needs a unit, so there are at least ``p -
1``. With exactly ``p - 1``, each breakpoint has one unit, whose bend is ``d_i``, and only the direction is free: with
``L`` the set of those that open to the left, the slope at minus infinity is ``-Σ_{i in L} d_i``, and the output bias
takes care of the constant. So

    p - 1 units are enough  if and only if  some of the kinks have the sum -s_0.

The empty set is the case ``s_0 = 0`` and the set of all kinks the case ``s_{p-1} = 0`` of Corollary 2.A.1, but any
other set will do: ``max(0, x) + 2 max(0, 1 - x)`` has the slopes -2, -1, 1, no flat end, and two units. If there is
no such set, ``p`` units are enough for ``p ≥ 2``: one at ``t_1`` that opens to the left with ``c = -s_0``, and all
others, which open to the right, with bends ``d_1 + s_0 = s_1``, ``d_2``, ..., ``d_{p-1}``. Whether a set exists is
the question SUBSET SUM, and all its instances occur, as kinks and left slope are free. So the exact minimum is
NP-hard to find; it is found here unless the numbers are both many and large, and else the result says that it is not
decided.

With ``p = 1`` the theorem's upper bound fails: a line that is not constant takes two units, as one alone is bent or
constant.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.piecewise_linear.arithmetic import combination, lowest_terms, to_fractions
from relucomb.piecewise_linear.calculus import values_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relucomb.piecewise_linear.arithmetic import Integers
    from relucomb.piecewise_linear.calculus import PieceArrays


@dataclass(frozen=True, slots=True)
class SmallestNetwork:
    """A network with one hidden layer that computes a function, and what is proven about its size.

    Attributes
    ----------
    network
        The network, exact.
    units
        Its hidden units.
    lower_bound
        No network with one hidden layer that computes the function has fewer.
    reason
        Why; if the two numbers differ, why it is not known.
    """

    network: ReLUNetwork
    units: int
    lower_bound: int
    reason: str

    @property
    def is_smallest(self) -> bool:
        """Whether it is proven that no network with one hidden layer is smaller."""
        return self.units == self.lower_bound


def smallest_network(f: PieceArrays) -> SmallestNetwork:
    """Return the smallest network with one hidden layer; see the head of this module.

    Parameters
    ----------
    f
        The function in minimal form.

    Examples
    --------
    >>> from relucomb.piecewise_linear.function import PiecewiseLinear
    >>> found = PiecewiseLinear([0, 1], [-2, -1, 1]).smallest_network()
    >>> found.units, found.is_smallest, found.reason
    (2, True, 'one unit for each breakpoint; at 1 it opens to the left, as kinks there and the left slope add up to 0')
    >>> found = PiecewiseLinear([0, 1], [-2, 1, 5]).smallest_network()
    >>> found.units, found.is_smallest, found.reason
    (3, True, 'no set of kinks and the left slope add up to 0, so one unit for each breakpoint is not enough')
    """
    if not len(f.p):
        return _of_line(Fraction(int(f.a[0]), int(f.d[0])), Fraction(int(f.b[0]), int(f.d[0])))
    least = len(f.p)
    if f.a[0] == 0:
        leftward, reason = [], "one unit for each breakpoint; all open to the right, as the left end is flat"
    elif f.a[-1] == 0:
        leftward = list(range(least))
        reason = "one unit for each breakpoint; all open to the left, as the right end is flat"
    else:
        found, decided = _kinks_with_sum(f)
        if found is None:
            reason = "no set of kinks and the left slope add up to 0, so one unit for each breakpoint is not enough"
            if not decided:
                reason = "whether one unit less would do is a subset-sum problem that is too large to decide"
            network = _network(f, [], extra=True)
            return SmallestNetwork(network, least + 1, least + 1 if decided else least, reason)
        leftward = found
        places = ", ".join(map(str, to_fractions(f.p[leftward[:4]], f.q[leftward[:4]]))) + ", ..." * (len(leftward) > 4)
        reason = (
            f"one unit for each breakpoint; at {places} it opens to the left, "
            "as kinks there and the left slope add up to 0"
        )
    return SmallestNetwork(_network(f, leftward), least, least, reason)


def _of_line(slope: Fraction, intercept: Fraction) -> SmallestNetwork:
    if slope == 0:
        network = _exact([[0]], [[0]], [0], intercept)
        return SmallestNetwork(network, 1, 1, "a hidden layer has one unit at least, although a constant needs none")
    network = _exact([[1], [-1]], [[slope, -slope]], [0, 0], intercept)
    return SmallestNetwork(network, 2, 2, "one unit alone is bent or constant")


def _kinks(f: PieceArrays) -> tuple[Integers, ...]:
    """Return by how much the slope grows at each breakpoint, in lowest terms."""
    rise = combination((f.a[1:], f.d[:-1]), (f.a[:-1], -f.d[1:]))
    return lowest_terms(rise, combination((f.d[1:], f.d[:-1])))


def _kinks_with_sum(f: PieceArrays) -> tuple[list[int] | None, bool]:
    """Return breakpoints whose kinks and the left slope add up to 0, if there are any; and whether that is decided."""
    from relucomb_solvers.subset_sum import BIT_BUDGET, subset_sum

    top, bottom = _kinks(f)
    slope = Fraction(int(f.a[0]), int(f.d[0]))
    common = slope.denominator
    for denominator in np.unique(bottom).tolist():
        common = math.lcm(common, denominator)
        if common.bit_length() * len(top) > BIT_BUDGET:
            return None, False
    items = [x * (common // y) for x, y in zip(top.tolist(), bottom.tolist(), strict=True)]
    answer = subset_sum(items, -slope.numerator * (common // slope.denominator))
    return answer.subset, answer.decided


def _network(f: PieceArrays, leftward: Sequence[int], extra: bool = False) -> ReLUNetwork:
    """Return one unit for each breakpoint, some open to the left; ``extra`` adds the one at the first breakpoint.

    The unit at ``p/q`` is ``max(0, q x - p)`` or ``max(0, p - q x)``: the weights of the hidden layer are integers.
    """
    kinks = to_fractions(*_kinks(f))
    places, p, q = to_fractions(f.p, f.q), f.p.tolist(), f.q.tolist()
    turn = [1] * len(p)
    for k in leftward:
        turn[k] = -1
    units = list(zip(kinks, p, q, turn, strict=True))
    start = Fraction(int(f.a[0]), int(f.d[0]))
    if extra:
        units = [(-start, p[0], q[0], -1), (kinks[0] + start, p[0], q[0], 1), *units[1:]]
    # at the reference point, the first or the last breakpoint, only units that open towards it are seen
    at = -1 if len(leftward) == len(p) else 0
    index = np.array([len(p) - 1 if at else 0])
    u, v = values_at(f, f.p[index], f.q[index], index)
    seen = [kinks[k] * (places[k] - places[0]) for k in leftward] if at == 0 else []
    bias = Fraction(int(u[0]), int(v[0])) - sum(seen, Fraction(0))
    hidden = [[side * w] for _, _, w, side in units]
    output = [[kink / w for kink, _, w, _ in units]]
    return _exact(hidden, output, [-side * x for _, x, _, side in units], bias)


def _exact(hidden: Any, output: Any, biases: Any, bias: Fraction | int) -> ReLUNetwork:
    return ReLUNetwork([hidden, output], [biases, np.array([Fraction(bias)], dtype=object)])
