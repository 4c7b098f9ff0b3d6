"""Telgarsky's family: the mirror map, repeated; three units and two hidden layers for each repetition."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, Self

from relucomb.families.sawtooth import _check_domain, rational
from relucomb.networks import ReLUNetwork

if TYPE_CHECKING:
    from relucomb.piecewise_linear.function import PiecewiseLinear


@dataclass(frozen=True)
class Telgarsky:
    """The mirror map ``m`` after itself, so many times; ``m(x) = 2x`` up to ½, ``2 - 2x`` up to 1, and 0 elsewhere.

    As a network ``m(x) = max(0, 2 max(0, x) - 4 max(0, x - ½))``: two hidden layers with 2 and 1 units, so that
    the whole has twice as many hidden layers as stages and three times as many units. On [0, 1] it is the
    :class:`~relucomb.families.Sawtooth` of equal steps with w = 2, which needs only two units and one hidden layer for
    each stage; outside it is 0.

    Parameters
    ----------
    stages
        How often the map is applied, at least 1.

    Raises
    ------
    ValueError
        ``stages`` is not positive.

    References
    ----------
    M. Telgarsky, "Benefits of depth in neural networks", COLT 2016.

    Examples
    --------
    >>> f = Telgarsky(3)
    >>> str(f(Fraction(1, 8))), str(f(Fraction(1, 4))), str(f(2))
    ('1', '0', '0')
    >>> f.network().widths, f.count_pieces("core"), f.count_pieces()
    ((1, 2, 1, 2, 1, 2, 1, 1), 8, 10)
    """

    stages: int

    def __post_init__(self) -> None:
        if self.stages < 1:
            raise ValueError(f"stages must be at least 1; got {self.stages}")

    @classmethod
    def of_theorem(cls, k: int) -> Self:
        """Return the function of Theorem 1.1 there: ``k³ + 4`` stages, hard for networks with about k layers.

        Examples
        --------
        >>> Telgarsky.of_theorem(1).stages
        5
        """
        if k < 1:
            raise ValueError(f"k must be at least 1; got {k}")
        return cls(k**3 + 4)

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths of the hidden layers: 2 and 1 for each stage."""
        return (2, 1) * self.stages

    @property
    def size(self) -> int:
        """Number of hidden units of the network, three for each stage."""
        return 3 * self.stages

    def __call__(self, x: float | Fraction) -> Fraction:
        """Return the exact value at ``x`` from the definition, without the network."""
        value = rational(x, "x")
        for _ in range(self.stages):
            value = max(Fraction(0), 2 * min(value, 1 - value))
        return value

    def network(self) -> ReLUNetwork:
        """Return the exact network."""
        half: Any = Fraction(-1, 2)
        mirror = ReLUNetwork([[[1], [1]], [[2, -4]], [[1]]], [[0, half], [0], [0]])
        net = mirror
        for _ in range(self.stages - 1):
            net = mirror.compose(net)
        return net

    def piecewise_linear(self) -> PiecewiseLinear:
        """Return the function as a :class:`relucomb.PiecewiseLinear`, from its zeros and tops."""
        from relucomb.piecewise_linear.function import PiecewiseLinear

        teeth = 2**self.stages
        x: Any = [Fraction(i, teeth) for i in range(teeth + 1)]
        return PiecewiseLinear.from_points(x, [i % 2 for i in range(teeth + 1)])

    def count_pieces(self, domain: Literal["core", "all"] = "all") -> int:
        """Return the number of pieces by the closed form: ``2^stages`` on [0, 1], ``"core"``; two more on R."""
        _check_domain(domain)
        return int(2**self.stages) + (0 if domain == "core" else 2)
