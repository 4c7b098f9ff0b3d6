"""Lower bounds on the size of a network with a given number of pieces and of hidden layers, in exact integers.

Every bound is a least integer, decided in integers: no root is ever rounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from operator import index
from typing import TYPE_CHECKING, Any

from relucomb.pieces.bounds import cells, serra_layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relucomb.families.formulas import Formula

SEARCH_LIMIT = 20_000
"""How many partial architectures the search for the bound of Serra et al. may visit in n ≥ 2 dimensions."""


@dataclass(frozen=True)
class SizeBound:
    """A lower bound on the number of hidden units.

    Attributes
    ----------
    name
        What it is called.
    value
        The least number of hidden units that the bound leaves: the formula's value rounded up, not below 0.
    source
        The theorem, or what proves it.
    proven
        Whether it is a theorem; a published bound that does not follow from its proof is shown, but not proven.
    formula_name
        The name of its formula in :data:`relucomb.families.formulas.FORMULAS`, or None for an integer programme.
    arguments
        The numbers that the formula was evaluated at.
    """

    name: str
    value: int
    source: str
    proven: bool = True
    formula_name: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def formula(self) -> Formula | None:
        """The formula, a sympy expression, or None for an integer programme."""
        from relucomb.families.formulas import FORMULAS

        return FORMULAS[self.formula_name] if self.formula_name else None


def size_lower_bounds(pieces: int, hidden_layers: int, inputs: int = 1) -> dict[str, SizeBound]:
    """Return lower bounds on the size of a network whose function has this many pieces.

    Parameters
    ----------
    pieces
        The number of pieces of the function, of any kind but ``"patterns"``; on R or any interval for one input.
    hidden_layers
        The number of hidden layers, each with one unit at least.
    inputs
        The number of inputs n.

    Returns
    -------
    dict
        For one input, ``"published"`` (Lemma 2.A.7, ``k p^(1/k) / 2 - 1``), ``"sharpened"`` (``k (p^(1/k) - 1)``). For
        any number, ``"product"``, the least sum of widths with ``Π_i Σ_{j≤n} C(w_i, j) ≥ p``, which for n = 1 is
        ``Π (w_i + 1) ≥ p``; and ``"serra"``, the same with the bound of Serra, Tjandraatmadja and Ramalingam,
        which is never smaller. For n ≥ 2 the last is found by a search that stops after a fixed number of
        architectures; then the value is the least sum that it has not refuted, a lower bound all the same.

    Raises
    ------
    ValueError
        A number is not positive.
    TypeError
        A number is not an integer.

    Examples
    --------
    Three hidden layers for 28 pieces, as the sawtooth of 27 pieces on [0, 1] has on all of R:

    >>> {name: bound.value for name, bound in size_lower_bounds(28, 3).items()}
    {'published': 4, 'sharpened': 7, 'product': 7, 'serra': 7}
    >>> {name: bound.value for name, bound in size_lower_bounds(100, 2, inputs=2).items()}
    {'product': 8, 'serra': 8}
    """
    p, k, n = (
        _positive(number, name)
        for number, name in ((pieces, "pieces"), (hidden_layers, "hidden_layers"), (inputs, "inputs"))
    )
    bounds = []
    if n == 1:
        arguments = {"p": p, "k": k}
        published = max(0, ceiling_of_root(Fraction(k, 2), p, k, -1))
        sharpened = ceiling_of_root(k, p, k, -k)
        bounds += [
            SizeBound("published", published, "Lemma 2.A.7", True, "Lemma 2.A.7", arguments),
            SizeBound(
                "sharpened", sharpened, "each unit cuts each piece once", True, "Lemma 2.A.7 sharpened", arguments
            ),
        ]
    product = _least_sum(p, k, n)
    least = _least_sum_of_serra_on_the_line(p, k) if n == 1 else _least_sum_of_serra(p, k, n, product)
    bounds += [
        SizeBound("product", product, "T. Zaslavsky 1975, layer by layer; integer programme"),
        SizeBound("serra", least, "T. Serra et al., arXiv 1711.02114, Theorem 1; integer programme"),
    ]
    return {bound.name: bound for bound in bounds}


def ceiling_of_root(factor: float | Fraction, radicand: float | Fraction, degree: int, shift: float | Fraction) -> int:
    """Return the least integer that is at least ``factor * radicand^(1/degree) + shift``, decided in integers.

    Parameters
    ----------
    factor, radicand
        Rational and not negative.
    degree
        A positive integer.
    shift
        Rational.

    Examples
    --------
    >>> ceiling_of_root(1, 27, 3, 0), ceiling_of_root(1, 28, 3, 0), ceiling_of_root(Fraction(1, 2), 9, 2, -1)
    (3, 4, 1)
    """
    power, move = Fraction(factor) ** degree * Fraction(radicand), Fraction(shift)
    if power < 0:
        raise ValueError(f"factor and radicand must not be negative; got {factor} and {radicand}")
    # s >= power^(1/d) + b/c  if and only if  c s - b >= (c^d power)^(1/d), and the left is an integer
    scaled = power * move.denominator**degree
    root = _root_rounded_up(-(-scaled.numerator // scaled.denominator), degree)
    return -(-(root + move.numerator) // move.denominator)


def _root_rounded_up(value: int, degree: int) -> int:
    low, high = -1, 1 << -(-value.bit_length() // degree)  # low^d < value <= high^d
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if middle**degree >= value else (middle, high)
    return high


def _least_sum(p: int, k: int, n: int) -> int:
    """Return the least ``w_1 + … + w_k`` with ``Π_i Σ_{j≤n} C(w_i, j) ≥ p`` and all ``w_i ≥ 1``."""
    low, step = k - 1, 1
    while _greatest_product(low + step, k, n) < p:
        low, step = low + step, 2 * step
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _greatest_product(middle, k, n) >= p else (middle, high)
    return high


def _greatest_product(total: int, k: int, n: int) -> int:
    """Return the greatest ``Π_i Σ_{j≤n} C(w_i, j)`` over k positive widths of this sum.

    The most equal widths have it: ``c(w) = Σ_{j≤n} C(w, j)`` is log-concave, since ``c(w+1)/c(w)`` falls as w grows.
    (It is ``1 + c'/c`` with ``c' = Σ_{j<n} C(w, j)`` and ``c = c' + C(w, n)``; from w to w + 1 the term C(w, j) grows
    by the factor ``(w+1)/(w+1-j)``, the more the greater j is.)
    """
    if k == 0:
        return 1
    low, more = divmod(total, k)
    return int(cells(low, n) ** (k - more) * cells(low + 1, n) ** more)


def _least_sum_of_serra_on_the_line(p: int, k: int) -> int:
    """Return the least sum of widths that the bound of Serra et al. allows for n = 1.

    A layer of one unit is constant on one side of its kink, and later layers can cut the other side only. In the bound,
    u such layers, best at the end, multiply the pieces by 1 + u; the others have w ≥ 2 and multiply them by w + 1.
    """
    sums = []
    for u in range(k + 1):
        need = -(-p // (1 + u))
        if u < k:
            sums.append(u + max(2 * (k - u), _least_sum(need, k - u, 1)))
        elif need == 1:
            sums.append(k)
    return min(sums)


def _least_sum_of_serra(p: int, k: int, n: int, start: int) -> int:
    """Return the least sum of widths that the bound of Serra et al. does not refute, from ``start`` on."""
    left = SEARCH_LIMIT

    def possible(ways: dict[int, int], layers: int, total: int) -> bool:
        nonlocal left
        if layers == 0:
            return sum(ways.values()) >= p
        for w in range(1, total - layers + 2) if layers > 1 else (total,):
            left -= 1
            if left < 0:
                return True  # not refuted
            after = serra_layer(ways, w)
            rest = (layers - 1, total - w)
            if sum(count * _greatest_product(rest[1], rest[0], d) for d, count in after.items()) >= p and possible(
                after, *rest
            ):
                return True
        return False

    total = start
    while not possible({n: 1}, k, total):
        total += 1
    return total


def _positive(number: int, name: str) -> int:
    value = index(number)
    if value < 1:
        raise ValueError(f"{name} must be at least 1; got {number}")
    return value
