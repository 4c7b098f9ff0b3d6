"""The sawtooth functions ``h_a`` and their compositions ``H`` (Definition 5): few units, many teeth."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from relucomb.piecewise_linear.function import PiecewiseLinear

Domain = Literal["core", "all"]


@dataclass(frozen=True, init=False)
class Sawtooth:
    """The composition ``h_{a^k} ∘ … ∘ h_{a^1}`` of Definition 5.

    ``h_a`` is 0 for ``x ≤ 0``, goes up to M and down to 0 in turn at ``a_1 < … < a_p`` and at M, and continues its
    last piece beyond M: ``w = p + 1`` pieces on ``[0, M]``, each running over the whole of ``[0, M]``, and one hidden
    layer of ``w`` units. The composition of k of them has ``w^k`` pieces on ``[0, M]`` (Lemma 2.3.5) and k
    hidden layers of width w (Theorem 2.3.2).

    Parameters
    ----------
    a
        The vectors ``a^1, …, a^k``, innermost first; one for each hidden layer. The text takes all of one length
        ``w - 1``; here each layer may have a width of its own, as in the text's Figure 2.1.
    M
        The end of the interval, positive.

    Attributes
    ----------
    a : tuple of tuples of fractions.Fraction
    M : fractions.Fraction

    Raises
    ------
    ValueError
        No vector or an empty one is given, M is not positive, or ``0 < a_1 < … < a_p < M`` fails.
    TypeError
        An entry is not a real number.

    Examples
    --------
    Two folds of the interval [0, 1] make four teeth pieces, from four units:

    >>> H = Sawtooth([[0.5], [0.5]])
    >>> [str(H(x)) for x in (-1, 0, 0.25, 0.375, 0.5, 0.75, 2)]
    ['0', '0', '1', '1/2', '0', '1', '0']
    >>> H.network()
    <ReLUNetwork 1-2-2-1, exact>
    >>> H.count_pieces("core"), H.count_pieces()
    (4, 6)
    """

    a: tuple[tuple[Fraction, ...], ...]
    M: Fraction

    def __init__(self, a: Sequence[ArrayLike], M: float | Fraction = 1) -> None:
        end = rational(M, "M")
        if end <= 0:
            raise ValueError(f"M must be positive; got {M}")
        if len(a) == 0:
            raise ValueError("a must have one vector at least; got none")
        vectors = tuple(_point_of_simplex(vector, f"a[{layer}]", end) for layer, vector in enumerate(a))
        object.__setattr__(self, "a", vectors)
        object.__setattr__(self, "M", end)

    @classmethod
    def equal_steps(cls, w: int, k: int, M: float | Fraction = 1) -> Self:
        """Return the one with ``a_i = i M / w`` in each of k layers, as in Theorem 2.3.6: all teeth are alike.

        Examples
        --------
        >>> Sawtooth.equal_steps(3, 2).count_pieces("core")
        9
        """
        if w < 2 or k < 1:
            raise ValueError(f"w must be at least 2 and k at least 1; got w = {w} and k = {k}")
        end = rational(M, "M")
        steps: Any = [i * end / w for i in range(1, w)]
        return cls([steps] * k, end)

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths of the hidden layers: one more than the vectors have entries."""
        return tuple(len(vector) + 1 for vector in self.a)

    @property
    def size(self) -> int:
        """Number of hidden units of the network, ``wk``."""
        return sum(self.widths)

    @property
    def dimension(self) -> int:
        """Number of free parameters of the family: ``k(w - 1)`` in the simplices, and M."""
        return sum(map(len, self.a)) + 1

    def __call__(self, x: float | Fraction) -> Fraction:
        """Return the exact value at ``x`` from Definition 5, without the network."""
        value = rational(x, "x")
        for vector in self.a:
            value = self._h(vector, value)
        return value

    def _h(self, vector: tuple[Fraction, ...], x: Fraction) -> Fraction:
        if x <= 0:
            return Fraction(0)
        knots = (Fraction(0), *vector, self.M)
        i = min(bisect_right(knots, x) - 1, len(vector))  # beyond M the last piece goes on
        start, end = (self.M * (j % 2) for j in (i, i + 1))
        return start + (x - knots[i]) * (end - start) / (knots[i + 1] - knots[i])

    def network(self) -> ReLUNetwork:
        """Return the exact network: k hidden layers of width w (Theorem 2.3.2).

        Each ``h_a`` is 0 on the left, so one unit at each of its breakpoints ``0, a_1, …, a_p`` is enough (Corollary
        2.A.1), and the compositions merge the affine maps between layers (Lemma 2.A.2).
        """
        net = self._layer(self.a[0])
        for vector in self.a[1:]:
            net = self._layer(vector).compose(net)
        return net

    def _layer(self, vector: tuple[Fraction, ...]) -> ReLUNetwork:
        knots = (Fraction(0), *vector, self.M)
        slopes = [(-1) ** i * self.M / (right - left) for i, (left, right) in enumerate(pairwise(knots))]
        jumps = [after - before for before, after in pairwise((Fraction(0), *slopes))]
        hinges: Any = [-knot for knot in knots[:-1]]
        output: Any = [jumps]
        return ReLUNetwork([[[1]] * len(jumps), output], [hinges, [0]])

    def piecewise_linear(self) -> PiecewiseLinear:
        """Return the function as a :class:`relucomb.PiecewiseLinear`, composed from Definition 5."""
        from relucomb.piecewise_linear.function import PiecewiseLinear

        whole = PiecewiseLinear.affine(1)
        for vector in self.a:
            x: Any = (Fraction(0), *vector, self.M)
            y: Any = [self.M * (i % 2) for i in range(len(x))]
            last = (y[-1] - y[-2]) / (x[-1] - x[-2])
            whole = PiecewiseLinear.from_points(x, y, 0, last).compose(whole)
        return whole

    def knots(self) -> list[Fraction]:
        """Return the ``w^k + 1`` points of ``[0, M]`` at which the value is 0 or M, in increasing order.

        The values there are 0, M, 0, …: they determine the function, independently of its network. The list is made by
        inverting one layer after the other.
        """
        scale = math.lcm(self.M.denominator, *(entry.denominator for vector in self.a for entry in vector))
        M = int(self.M * scale)
        # integers over a growing denominator; a rising piece on [c, d] takes the value y at c + (d - c) y / M
        points: np.ndarray[tuple[int], np.dtype[np.object_]] = np.array([0, M], dtype=object)
        denominator = scale
        for vector in reversed(self.a):
            corners = [0, *(int(entry * scale) for entry in vector), M]
            falling = points[-1] - points[::-1]
            pieces = [
                left * (denominator // scale) * M + (right - left) * (falling if i % 2 else points)
                for i, (left, right) in enumerate(pairwise(corners))
            ]
            points = np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])
            denominator *= M
        return [Fraction(point, denominator) for point in points.tolist()]

    def count_pieces(self, domain: Domain = "all") -> int:
        """Return the number of pieces by the closed form.

        Parameters
        ----------
        domain
            ``"core"``: on ``[0, M]``, the product of the widths (``w^k``, Lemma 2.3.5). ``"all"``: on R, where the
            flat piece on the left is one more, and if a layer but the last has an even width there is another on the
            right: beyond M that layer is negative, and the ones after it 0.
        """
        _check_domain(domain)
        inside = math.prod(self.widths)
        return inside if domain == "core" else inside + 1 + self.is_flat_on_the_right

    @property
    def is_flat_on_the_right(self) -> bool:
        """Whether the function is 0 beyond M, which it is if a layer but the last has an even width."""
        return any(w % 2 == 0 for w in self.widths[:-1])


def rational(value: Any, name: str) -> Fraction:
    """Read one number exactly; the errors are those of :func:`relucomb.rationals.as_fractions`."""
    return Fraction(as_fractions(value, name, ndim=0).item())


def _point_of_simplex(vector: ArrayLike, name: str, M: Fraction) -> tuple[Fraction, ...]:
    entries = tuple(Fraction(entry) for entry in as_fractions(vector, name, ndim=1).tolist())
    if not entries:
        raise ValueError(f"{name} must have one entry at least; got none")
    if not all(left < right for left, right in pairwise((Fraction(0), *entries, M))):
        shown = ", ".join(map(str, entries))
        raise ValueError(f"{name} must satisfy 0 < a_1 < ... < a_p < M = {M}; got ({shown})")
    return entries


def _check_domain(domain: str) -> None:
    if domain not in ("core", "all"):
        raise ValueError(f"domain must be 'core' or 'all'; got {domain!r}")
