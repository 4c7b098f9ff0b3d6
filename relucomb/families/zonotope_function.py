"""The functions ``ZONOTOPE^n_{k,w,m}``: a sawtooth of the support function of a zonotope (Theorem 2.3.10)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING, Any, Literal

from relucomb.dichotomies import count_dichotomies
from relucomb.families.sawtooth import Sawtooth, _check_domain
from relucomb.networks import ReLUNetwork
from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike


@dataclass(frozen=True, init=False)
class ZonotopeFunction:
    """The function ``H(γ(x))``, where ``γ(x) = Σ_i |b_i·x|`` is the support function of a zonotope.

    Every linear piece of γ carries a full copy of the sawtooth H, so few units in the first layer multiply the pieces
    of H by the number of vertices of the zonotope: ``k + 1`` hidden layers, ``2m + wk`` units.

    Parameters
    ----------
    a
        The vectors ``a^1, …, a^k`` of H; see :class:`~relucomb.families.Sawtooth`.
    generators
        The vectors ``b_1, …, b_m`` of ``R^n``, ``(m, n)``. The theorem takes them in general position
        (:attr:`is_extremal`); here they may be anything but all zero.
    M
        The end of the interval of H, positive.

    Raises
    ------
    ValueError
        There is no generator or none but zeros, or the parameters of H are not legal.
    TypeError
        An entry is not a real number.

    Examples
    --------
    The left picture of Figure 2.2, two folds of the l1-norm in the plane:

    >>> f = ZonotopeFunction([[0.5], [0.5]], [[0, 1], [1, 0]])
    >>> str(f([0.25, -0.125])), str(f([3, 4]))
    ('1/2', '0')
    >>> f.network()
    <ReLUNetwork 2-4-2-2-1, exact>
    >>> f.count_pieces("core"), f.count_pieces()
    (16, 17)
    """

    sawtooth: Sawtooth
    generators: tuple[tuple[Fraction, ...], ...]

    def __init__(self, a: Sequence[ArrayLike], generators: ArrayLike, M: float | Fraction = 1) -> None:
        rows = as_fractions(generators, "generators", ndim=2)
        if not rows.any():
            raise ValueError(f"generators must have a row that is not zero; got shape {rows.shape}")
        object.__setattr__(self, "sawtooth", Sawtooth(a, M))
        object.__setattr__(self, "generators", tuple(tuple(row) for row in rows.tolist()))

    @property
    def inputs(self) -> int:
        """The dimension n."""
        return len(self.generators[0])

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths of the hidden layers: 2m, and those of the sawtooth."""
        return (2 * len(self.generators), *self.sawtooth.widths)

    @property
    def size(self) -> int:
        """Number of hidden units of the network, ``2m + wk``."""
        return sum(self.widths)

    @property
    def dimension(self) -> int:
        """Number of free parameters of the family: ``mn`` in the generators, ``k(w - 1) + 1`` in the sawtooth."""
        return len(self.generators) * self.inputs + self.sawtooth.dimension

    @property
    def vertices(self) -> int:
        """Number of vertices of the zonotope: the number of linear pieces of γ, counted exactly."""
        rows: Any = [row for row in self.generators if any(row)]
        return count_dichotomies(rows, hidden_bias=False)

    @property
    def is_extremal(self) -> bool:
        """Whether the zonotope has the greatest possible number of vertices, ``2 Σ_{i<n} C(m-1, i)``."""
        return self.vertices == 2 * sum(comb(len(self.generators) - 1, i) for i in range(self.inputs))

    def support(self, x: ArrayLike) -> Fraction:
        """Return ``γ(x)``, exactly."""
        point = as_fractions(x, "x", ndim=1)
        if len(point) != self.inputs:
            raise ValueError(f"x must have {self.inputs} entries; got {len(point)}")
        return sum((abs(sum(b * y for b, y in zip(row, point, strict=True))) for row in self.generators), Fraction(0))

    def __call__(self, x: ArrayLike) -> Fraction:
        """Return the exact value at the point ``x`` from the definition, without the network."""
        return self.sawtooth(self.support(x))

    def network(self) -> ReLUNetwork:
        """Return the exact network: the two units of each ``|b_i·x|`` (Lemma 2.3.8), then those of the sawtooth."""
        rows = [list(row) for row in self.generators]
        both: Any = [*rows, *([-entry for entry in row] for row in rows)]
        support = ReLUNetwork([both, [[1] * len(both)]], [[0] * len(both), [0]])
        return self.sawtooth.network().compose(support)

    def count_pieces(self, domain: Literal["core", "all"] = "all") -> int:
        """Return the number of pieces by the closed form, from the counted vertices of the zonotope.

        Parameters
        ----------
        domain
            ``"core"``: where ``γ(x) ≤ M``, the vertices times the pieces of the sawtooth on [0, M]. ``"all"``: on
            all of ``R^n``. Where the sawtooth is 0 beyond M there is one more piece, the outside; it falls in two if
            all generators are parallel.
        """
        _check_domain(domain)
        vertices = self.vertices
        inside = vertices * self.sawtooth.count_pieces("core")
        if domain == "core" or not self.sawtooth.is_flat_on_the_right:
            return inside
        return inside + (2 if vertices == 2 else 1)
