"""The formulas of depth separation as sympy expressions: evaluated for numbers, printed in LaTeX.

Published formulas that are wrong stand beside the right ones, under a name of their own, with ``holds=False``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from relucomb.pieces.bounds import serra
from relucomb.rationals import as_fractions

k, w, n, m, p, q, s = sp.symbols("k w n m p q s", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True, nonnegative=True)  # sums run over these, from 0 or 1 on
D = sp.Symbol("D", integer=True, positive=True)
shallow = sp.Symbol("k'", integer=True, positive=True)
delta, epsilon = sp.symbols("delta epsilon", positive=True)
widths = sp.IndexedBase("w")
layers = sp.Symbol("W")  # the tuple of all widths
vertices = sp.Symbol("v", integer=True, positive=True)


class SerraSum(sp.Function):  # type: ignore[misc]
    """The sum of Serra et al. over a set of exponents that no :class:`sympy.Sum` can describe."""

    @classmethod
    def eval(cls, inputs: sp.Expr, given: sp.Expr) -> sp.Expr | None:
        """Evaluate when the number of inputs and the widths are numbers."""
        if not inputs.is_Integer or not isinstance(given, sp.Tuple):
            return None
        return sp.Integer(serra(int(inputs), [int(width) for width in given]))

    def _latex(self, _printer: Any) -> str:
        return r"\sum_{\left(j_{1}, \ldots, j_{k}\right) \in J} \prod_{i=1}^{k} {\binom{{w}_{i}}{j_{i}}}"


class NarrowestBefore(sp.Function):  # type: ignore[misc]
    """The minimum of n and of the widths before layer i."""

    @classmethod
    def eval(cls, inputs: sp.Expr, given: sp.Expr, layer: sp.Expr) -> sp.Expr | None:
        """Evaluate when all is given."""
        if not layer.is_Integer or not isinstance(given, sp.Tuple):
            return None
        return sp.Min(inputs, *given[: int(layer) - 1])

    def _latex(self, printer: Any) -> str:
        return f"d_{{{printer.doprint(self.args[2])}}}"


ARGUMENTS: dict[str, sp.Expr] = {
    "k": k, "w": w, "n": n, "m": m, "p": p, "q": q, "s": s, "D": D,
    "shallow": shallow, "delta": delta, "epsilon": epsilon, "vertices": vertices,
}  # fmt: skip
"""What the arguments of a formula are called when it is evaluated; ``shallow`` is k'."""


@dataclass(frozen=True, slots=True)
class Formula:
    r"""A formula with its source.

    Attributes
    ----------
    name
        What it is called here.
    expression
        A sympy expression in the symbols of :data:`ARGUMENTS`; widths of several layers are ``w[1], …, w[k]``.
    source
        The theorem.
    hypothesis
        When it holds, in words; the functions of :mod:`relucomb.families.theorems` check it.
    holds
        False if it is printed so, but wrong or not proven.

    Examples
    --------
    >>> FORMULAS["pieces on R"](w=2, k=3)
    10
    >>> FORMULAS["Lemma 2.A.7"].latex()
    '\\frac{k p^{\\frac{1}{k}}}{2} - 1'
    """

    name: str
    expression: sp.Expr
    source: str
    hypothesis: str = ""
    holds: bool = True

    def __call__(self, **values: Any) -> Any:
        """Evaluate exactly: an int, a Fraction, or a sympy number if the value is not rational.

        Parameters
        ----------
        **values
            Integers, fractions or floats (the rationals they are), by the names in :data:`ARGUMENTS`; ``widths``, a
            sequence, for formulas with a width for each layer.

        Raises
        ------
        TypeError
            A symbol of the formula is not given, or a name is unknown.
        """
        given = [int(width) for width in values.pop("widths", ())]
        unknown = values.keys() - ARGUMENTS.keys()
        if unknown:
            raise TypeError(f"{self.name} has no argument {sorted(unknown)}; legal are {sorted(ARGUMENTS)} and widths")
        substitution = {ARGUMENTS[name]: _number(value, name) for name, value in values.items()}
        if given:
            substitution |= {k: sp.Integer(len(given)), layers: sp.Tuple(*given)}
        value = self.expression.subs(substitution).doit()
        value = value.subs({widths[layer]: width for layer, width in enumerate(given, start=1)}).doit()
        missing = sorted(str(symbol) for symbol in value.free_symbols)
        if missing:
            raise TypeError(f"{self.name} needs {', '.join(missing)} too")
        if value.is_Integer:
            return int(value)
        return Fraction(int(value.p), int(value.q)) if value.is_Rational else value

    def latex(self) -> str:
        """Return the expression in LaTeX."""
        return str(sp.latex(self.expression))


def _number(value: Any, name: str) -> sp.Rational:
    exact = as_fractions(value, name, ndim=0).item()
    return sp.Rational(exact.numerator, exact.denominator)


_half = sp.Rational(1, 2)
_choices = sp.Sum(sp.binomial(m - 1, i), (i, 0, n - 1))
_cut = sp.Sum(sp.binomial(widths[i], j), (j, 0, n))
_depth_k, _simplices = "k >= 1 hidden layers of width w >= 2", "a^1, ..., a^k in the simplex of dimension w - 1"
_line = "one input"

_ALL = [
    # the functions H on the line
    Formula("pieces on [0, M]", w**k, "Lemma 2.3.5", f"{_depth_k}; {_simplices}"),
    Formula("pieces on R, printed", w**k, "Theorem 2.3.2", f"{_depth_k}; {_simplices}", False),
    Formula(
        "pieces on R",
        sp.Piecewise((w + 1, sp.Eq(k, 1)), (w**k + 1, sp.Eq(sp.Mod(w, 2), 1)), (w**k + 2, True)),
        "Theorem 2.3.2, corrected",
        f"{_depth_k}; {_simplices}",
    ),
    Formula("pieces on R, at most", w**k + 2, "Lemma 2.3.5", f"{_depth_k}; {_simplices}"),
    Formula("size of H", w * k, "Theorem 2.3.2", _depth_k),
    Formula("dimension of H", k * (w - 1) + 1, "Theorem 2.3.2, (2.2)", _depth_k),
    # pieces of a network
    Formula("pieces at most: signs", 2 ** sp.Sum(widths[i], (i, 1, k)), "one pattern for each subset of the units"),
    Formula(
        "pieces at most: lemma",
        2 ** (k - 1) * (widths[1] + 1) * sp.Product(widths[i], (i, 2, k)),
        "Lemma 2.A.6",
        _line,
    ),
    Formula("pieces at most: product", sp.Product(widths[i] + 1, (i, 1, k)), "each unit cuts each piece once", _line),
    Formula("pieces at most: layers", sp.Product(_cut, (i, 1, k)), "T. Zaslavsky 1975, layer by layer"),
    Formula(
        "pieces at most: bottleneck",
        sp.Product(sp.Sum(sp.binomial(widths[i], j), (j, 0, NarrowestBefore(n, layers, i))), (i, 1, k)),
        "G. Montúfar, arXiv 1710.00641",
        "d_i = min(n, w_1, ..., w_(i-1))",
    ),
    Formula(
        "pieces at most: serra",
        SerraSum(n, layers),
        "T. Serra, C. Tjandraatmadja, S. Ramalingam, arXiv 1711.02114, Theorem 1",
        "J: 0 <= j_l <= min(n, w_1 - j_1, ..., w_(l-1) - j_(l-1), w_l)",
    ),
    # size for a number of pieces
    Formula("Lemma 2.A.7", k * p ** (1 / k) / 2 - 1, "Lemma 2.A.7", f"{_line}; p pieces, k hidden layers"),
    Formula("Lemma 2.A.7 sharpened", k * (p ** (1 / k) - 1), "Π (w_i + 1) >= p", f"{_line}; p pieces, k hidden layers"),
    Formula("Lemma 2.A.7 converse", (2 * s / k) ** k, "Lemma 2.A.7", f"{_line}; size s >= k"),
    Formula("Theorem 2.3.1", shallow * w ** (k / shallow) / 2 - 1, "Theorem 2.3.1", "k >= 1, w >= 2, 1 <= k' <= k"),
    Formula(
        "Corollary 2.3.3, printed",
        k * k**epsilon / 2 - 1,
        "Corollary 2.3.3",
        "k >= 2, k^(1 + epsilon) an integer",
        False,
    ),
    Formula(
        "Corollary 2.3.3",
        k * k ** (k**epsilon) / 2 - 1,
        "Corollary 2.3.3, corrected",
        "k >= 2, k^(1 + epsilon) an integer",
    ),
    Formula("Corollary 2.3.4", k ** (k + 1) / 2 - 1, "Corollary 2.3.4", "k >= 2"),
    Formula("Corollary 2.3.3, dimension printed", k ** (2 + epsilon), "Corollary 2.3.3", "k >= 2", False),
    Formula("Corollary 2.3.3, dimension", k ** (1 + epsilon) * (k - 1) + 1, "Corollary 2.3.3, corrected", "k >= 2"),
    # approximation
    Formula(
        "Theorem 2.3.6, distance",
        sp.Rational(1, 4) - (2 * p - 1) / (4 * q),
        "proof of Theorem 2.3.6",
        "q = w^k equal teeth on [0, 1], p pieces",
    ),
    Formula(
        "Theorem 2.3.6, distance before rounding",
        (sp.floor(q / 2) - (p - 1)) / (2 * q),
        "proof of Theorem 2.3.6",
        "q = w^k equal teeth on [0, 1], p pieces",
    ),
    Formula(
        "Theorem 2.3.6, size",
        shallow * w ** (k / shallow) * (1 - 4 * delta) ** (1 / shallow) / 2 ** (1 + 1 / shallow),
        "Theorem 2.3.6",
        "k >= 1, w >= 2, 1 <= k' <= k, 0 < delta < 1/4",
    ),
    # zonotopes
    Formula("vertices, printed", _choices, "Theorem 2.3.7", "generators in general position", False),
    Formula("vertices", 2 * _choices, "Theorem 2.3.7, corrected", "generators in general position"),
    Formula("ZONOTOPE size", 2 * m + w * k, "Theorem 2.3.10", _depth_k),
    Formula("ZONOTOPE pieces, Proposition 2.3.9", (m - 1) ** (n - 1) * w**k, "Proposition 2.3.9", "", False),
    Formula("ZONOTOPE pieces, printed", _choices * w**k, "Theorem 2.3.10 (i)", "general position", False),
    Formula(
        "ZONOTOPE pieces inside",
        vertices * w**k,
        "Theorem 2.3.10 (i), corrected",
        "where the support function is at most M; v vertices",
    ),
    Formula(
        "ZONOTOPE pieces",
        vertices * w**k
        + sp.Piecewise(
            (0, sp.Eq(k, 1)), (0, sp.Eq(sp.Mod(w, 2), 1)), (sp.Piecewise((2, sp.Eq(vertices, 2)), (1, True)), True)
        ),
        "Theorem 2.3.10 (i), corrected",
        "all of R^n; v vertices",
    ),
    Formula(
        "Theorem 2.3.10, printed first",
        shallow * w ** (k / shallow) * (m - 1) ** ((1 - 1 / n) / shallow) / 2 - 1,
        "Theorem 2.3.10 (ii)",
        "1 <= k' <= k",
        False,
    ),
    Formula(
        "Theorem 2.3.10, printed second",
        shallow * w ** (k / shallow) / n ** (1 / shallow),
        "Theorem 2.3.10 (ii)",
        "1 <= k' <= k",
        False,
    ),
    # partitions of points
    Formula("partitions, printed", 2 * sp.binomial(D, n), "proof of Theorem 2.4.1", "D points of R^n", False),
    Formula(
        "partitions",
        2 * sp.Sum(sp.binomial(D - 1, i), (i, 0, n)),
        "T. Cover 1965",
        "D points of R^n in general position",
    ),
    # rivals
    Formula(
        "Montufar",
        sp.floor(w / n) ** ((k - 1) * n) * sp.Sum(sp.binomial(w, j), (j, 0, n)),
        "G. Montúfar et al. 2014, Theorem 4",
        "k hidden layers of width w >= n",
    ),
    Formula("Telgarsky", w**k, "M. Telgarsky 2016, generalised to k hidden layers of width w", "up to a constant"),
]

FORMULAS: dict[str, Formula] = {formula.name: formula for formula in _ALL}
"""All formulas by name."""
