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
from relucomb.piecewise_arithmetic import combination, lowest_terms, ranks, sorting_order, to_fractions
from relucomb.piecewise_calculus import joined, values_anywhere
from relucomb.piecewise_networks import integer_layers, received, switching_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb.networks import ReLUNetwork
    from relucomb.piecewise_arithmetic import Integers
    from relucomb.piecewise_calculus import PieceArrays


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
    >>> from relucomb.piecewise_calculus import hinge
    >>> prove_equal(hinge(), ReLUNetwork([[[2]], [[1]]], [[0], [0]]))
    <EqualityProof: different at x = 1, 3 points compared>
    """
    layers = integer_layers(network)
    p, q = _points(f, *switching_points(layers))
    below, upto = ranks(f.p, f.q, (p, q))
    signals = list(received(layers, p, q))
    if not (below < upto).all() or not all(map(_is_affine_between, signals[:-1])):
        raise RelucombError("the points at which network and function are compared do not prove that they are equal")
    over = np.asarray([math.prod(layer.denominator for layer in layers)])
    values = lowest_terms(signals[-1][:, 0], combination((q, over)))
    ours = values_anywhere(f, p, q)
    differ = np.flatnonzero(combination((ours[0], values[1])) != combination((values[0], ours[1])))
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
    """Tell whether no unit changes its sign between neighbouring points, nor beyond the last but one."""
    signs: NDArray[np.int64] = np.sign(signals).astype(np.int64)
    if (signs[1:] * signs[:-1] < 0).any():
        return False
    # the outermost points have the denominators of their neighbours, so their signals can be subtracted
    outward = (combination((signals[:1], 1), (signals[1:2], -1)), combination((signals[-1:], 1), (signals[-2:-1], -1)))
    moves = (np.sign(move).astype(np.int64) for move in outward)
    return all(not (move * at < 0).any() for move, at in zip(moves, (signs[1:2], signs[-2:-1]), strict=True))
