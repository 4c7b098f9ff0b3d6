"""Proofs that a network with one input computes a given piecewise-linear function.

Both are compared at finitely many points. That proves equality on all of R if both are affine between neighbouring
points and beyond the last ones, and this is checked, not believed:

- the breakpoints of the function are among the points;
- at the two ends of a segment no unit receives numbers of strictly opposite signs. Then the network is affine on the
  segment, by induction over the layers: a unit that receives an affine function with one sign passes on that function
  or zero;
- beyond the last point but one, in the direction away from the others, every unit moves away from zero, so that the
  same induction holds on the ray.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from relucomb.exceptions import RelucombError
from relucomb.piecewise_linear.arithmetic import combination, lowest_terms, ranks, sorting_order, to_fractions
from relucomb.piecewise_linear.calculus import joined, values_anywhere
from relucomb.piecewise_linear.networks import integer_layers, received, switching_points

if TYPE_CHECKING:
    from relucomb.networks import ReLUNetwork
    from relucomb.piecewise_linear.arithmetic import Integers
    from relucomb.piecewise_linear.calculus import PieceArrays

BLOCK = 2**17  # numbers that are dealt with at once, so that they stay in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class EqualityProof:
    """Whether a network computes a function, with everything that shows it; true or false as a condition.

    Attributes
    ----------
    equal
        Whether the two are equal on all of R.
    difference
        A point where they differ, or None.
    """

    equal: bool
    difference: Fraction | None
    _p: Integers
    _q: Integers
    _function: tuple[Integers, Integers]
    _network: tuple[Integers, Integers]

    def __bool__(self) -> bool:
        return self.equal

    @property
    def points(self) -> tuple[Fraction, ...]:
        """The points compared, increasing: all breakpoints of both, and one further out on each side."""
        return tuple(to_fractions(self._p, self._q))

    @property
    def function_values(self) -> tuple[Fraction, ...]:
        """Values of the function at the points."""
        return tuple(to_fractions(*self._function))

    @property
    def network_values(self) -> tuple[Fraction, ...]:
        """Values of the network at the points."""
        return tuple(to_fractions(*self._network))

    def __repr__(self) -> str:
        verdict = "equal" if self.equal else f"different at x = {self.difference}"
        return f"<EqualityProof: {verdict}, {len(self._p)} points compared>"


def prove_equal(f: PieceArrays, network: ReLUNetwork) -> EqualityProof:
    """Decide whether a network computes the function, breakpoint by breakpoint; see the head of this module.

    Raises
    ------
    ValueError
        The network has several inputs or outputs.
    TypeError
        It is no network.
    RelucombError
        The points do not prove it, which would be an error of ours.

    Examples
    --------
    >>> from relucomb.networks import ReLUNetwork
    >>> from relucomb.piecewise_linear.calculus import hinge
    >>> prove_equal(hinge(), ReLUNetwork([[[2]], [[1]]], [[0], [0]]))
    <EqualityProof: different at x = 1, 3 points compared>
    """
    layers = integer_layers(network)
    p, q = _points(f, *switching_points(layers))
    below, upto = ranks(f.p, f.q, (p, q))
    outputs, is_proof = [], bool((below < upto).all())
    length = max(BLOCK // max(network.widths), 1)
    for start in range(0, len(p) - 1, length):
        block = slice(start, start + length + 1)  # the last point is the first one of the next block
        *hidden, output = received(layers, p[block], q[block])
        is_proof &= all(map(_is_affine_between, hidden))
        is_proof &= start > 0 or all(_is_affine_beyond(signals[:2]) for signals in hidden)
        is_proof &= start + length < len(p) - 1 or all(_is_affine_beyond(signals[:-3:-1]) for signals in hidden)
        outputs.append(output[start > 0 :, 0])
    if not is_proof:
        raise RelucombError("the points at which network and function are compared do not prove that they are equal")
    over = np.asarray([math.prod(layer.denominator for layer in layers)])
    values = lowest_terms(joined(*outputs), combination((q, over)))
    ours = values_anywhere(f, p, q)
    differ = np.flatnonzero((ours[0] != values[0]) | (ours[1] != values[1]))
    where = Fraction(int(p[differ[0]]), int(q[differ[0]])) if len(differ) else None
    return EqualityProof(where is None, where, p, q, ours, (values[0], values[1]))


def _points(f: PieceArrays, p: Integers, q: Integers) -> tuple[Integers, Integers]:
    """Return the breakpoints of the function and the points of the network, sorted, and one more on each side."""
    p, q = joined(f.p, p), joined(f.q, q)
    if not len(p):
        p, q = np.array([0]), np.array([1])
    order = sorting_order(p, q)
    p, q = p[order], q[order]
    distinct = np.r_[True, (p[1:] != p[:-1]) | (q[1:] != q[:-1])]
    p, q = p[distinct], q[distinct]
    return joined(combination((p[:1], 1), (q[:1], -1)), p, combination((p[-1:], 1), (q[-1:], 1))), joined(
        q[:1], q, q[-1:]
    )


def _is_affine_between(signals: Integers) -> bool:
    """Tell whether no unit receives numbers of strictly opposite signs at neighbouring points."""
    positive, negative = signals > 0, signals < 0
    return not ((positive[1:] & negative[:-1]) | (negative[1:] & positive[:-1])).any()


def _is_affine_beyond(signals: Integers) -> bool:
    """Tell whether from the second row to the first, and so on, no unit comes closer to zero.

    The rows belong to an outermost point and its neighbour, which have one denominator, so they can be subtracted.
    """
    move = combination((signals[0], 1), (signals[1], -1))
    return not (((move > 0) & (signals[1] < 0)) | ((move < 0) & (signals[1] > 0))).any()
