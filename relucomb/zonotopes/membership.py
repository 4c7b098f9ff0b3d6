"""Is a point in a zonotope? Decided exactly, with a proof either way.

For ``x`` in the span of the generators, ``τ = min {γ_Z(r) : <r, x> = 1}`` is the largest ``τ`` with ``τ x`` in ``Z``,
so ``x`` is in ``Z`` if and only if ``τ >= 1``. The function to be minimised is convex and piecewise linear. Along an
edge of the arrangement of the generators, all but one of a set of generators that is a basis together with ``x`` stay
orthogonal to ``r``; one goes on as long as the function falls and exchanges one generator for another. Where none of
the edges falls, ``γ_Z(r) = τ`` and ``τ x = Σ λ_i b_i`` with ``|λ_i| <= 1``: both proofs come at once.

This is the dual simplex method for bounded variables. No first phase is needed, because any basis is dual feasible;
Bland's rule, applied as long as steps have length zero, keeps it from cycling. All numbers are integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import fmpz_mat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relucomb.zonotopes.zonotope import Zonotope


@dataclass(frozen=True)
class Membership:
    """Whether a point is in a zonotope, and why; true if it is.

    Attributes
    ----------
    inside : bool
        Whether it is; the zonotope is closed.
    point : tuple of Fraction
        The point.
    gauge : Fraction or None
        The least ``s >= 0`` with ``x`` in ``s Z``: at most 1 inside, 1 on the relative boundary; None if there is
        none, because ``x`` is not in the span of the generators.
    coefficients : tuple of Fraction or None
        If inside: ``λ`` with ``x = Σ λ_i b_i`` and ``|λ_i| <= 1``, one for each generator.
    direction : tuple of Fraction or None
        If outside: ``r`` with ``<r, x> > γ_Z(r)``, so that a hyperplane separates ``x`` from the zonotope.
    """

    inside: bool
    point: tuple[Fraction, ...]
    gauge: Fraction | None
    coefficients: tuple[Fraction, ...] | None
    direction: tuple[Fraction, ...] | None

    def __bool__(self) -> bool:
        return self.inside

    def verify(self, zonotope: Zonotope) -> bool:
        """Check the proof in rational arithmetic, by what it says and nothing else.

        Examples
        --------
        >>> from relucomb import Zonotope
        >>> square = Zonotope([[1, 0], [0, 1]])
        >>> [square.membership(x).verify(square) for x in ([1, 1], [1, 2])]
        [True, True]
        """
        B = zonotope.exact().generators
        if self.inside:
            if self.coefficients is None or any(abs(factor) > 1 for factor in self.coefficients):
                return False
            return tuple((np.array(self.coefficients, dtype=object) @ B).tolist()) == self.point
        if self.direction is None:
            return False
        r = np.array(self.direction, dtype=object)
        support: Fraction = np.abs(B @ r).sum()
        return bool((r * np.array(self.point, dtype=object)).sum() > support)


def gauge_proof(
    rows: Sequence[Sequence[int]], x: Sequence[int]
) -> tuple[Fraction | None, list[Fraction], list[Fraction]]:
    """Return the largest ``τ`` with ``τ x`` in the zonotope of integer rows, and the proof.

    Parameters
    ----------
    rows
        ``m >= 0`` rows of ``n`` Python integers, of which none is zero.
    x
        ``n`` integers, not all zero.

    Returns
    -------
    tau : Fraction or None
        None if ``x`` is not in the span of the rows, and no multiple of it but 0 in the zonotope.
    coefficients : list of Fraction
        ``λ`` with ``τ x = Σ λ_i b_i``, ``|λ_i| <= 1``; empty if there is no ``τ``.
    direction : list of Fraction
        ``r`` with ``<r, x> = 1`` and ``γ(r) = τ``, or 0 if there is no ``τ``.

    Examples
    --------
    >>> tau, coefficients, direction = gauge_proof([[1, 0], [0, 1]], [2, 4])
    >>> print(tau, *coefficients, *direction)
    1/4 1/2 1 0 1/4
    >>> gauge_proof([[1, 1]], [0, 2])
    (None, [], [Fraction(-1, 2), Fraction(1, 2)])
    """
    n = len(x)
    echelon, _, rank = fmpz_mat([list(x), *(list(row) for row in rows)]).rref()
    pivots = [next(q for q in range(n) if echelon[i, q] != 0) for i in range(rank)]
    outside = _orthogonal_to_rows(rows, x)
    if outside is not None:
        return None, [], outside
    reduced = [[row[q] for q in pivots] for row in rows]
    tau, coefficients, found = _minimise(reduced, [x[q] for q in pivots])
    direction = [Fraction(0)] * n
    for q, entry in zip(pivots, found, strict=True):
        direction[q] = entry
    return tau, coefficients, direction


def _orthogonal_to_rows(rows: Sequence[Sequence[int]], x: Sequence[int]) -> list[Fraction] | None:
    """Return ``r`` orthogonal to all rows with ``<r, x> = 1``, or None if ``x`` is in their span."""
    n = len(x)
    if not rows:
        q = next(q for q in range(n) if x[q])
        return [Fraction(int(p == q), x[q]) for p in range(n)]
    null, nullity = fmpz_mat([list(row) for row in rows]).nullspace()
    for k in range(nullity):
        r = [int(null[q, k]) for q in range(n)]
        product = sum(a * b for a, b in zip(r, x, strict=True))
        if product:
            return [Fraction(entry, product) for entry in r]
    return None


def _minimise(rows: Sequence[Sequence[int]], x: Sequence[int]) -> tuple[Fraction, list[Fraction], list[Fraction]]:
    """Minimise ``γ(r)`` over ``<r, x> = 1``, the rows spanning the space."""
    m, n = len(rows), len(x)
    table = np.array(rows, dtype=object).reshape(m, n)
    basis = _first_basis(rows, x)
    signs: list[int] | None = None
    careful = False
    while True:
        inverse, scale = _scaled_inverse([list(row) for row in (*(rows[i] for i in basis), x)])
        products: list[int] = (table @ inverse[:, -1]).tolist()
        if signs is None:
            signs = [1 if product >= 0 else -1 for product in products]
        for i in basis:
            signs[i] = 0
        numerators: list[int] = (-(np.array(signs, dtype=object) @ table) @ inverse).tolist()
        tau = Fraction(-numerators.pop(), scale)
        broken = [k for k, numerator in enumerate(numerators) if abs(numerator) > scale]
        if not broken:
            coefficients = [Fraction(sign) for sign in signs]
            for i, numerator in zip(basis, numerators, strict=True):
                coefficients[i] = Fraction(numerator, scale)
            return tau, coefficients, [Fraction(entry, scale) for entry in inverse[:, -1].tolist()]
        preference = [-i for i in basis] if careful else [abs(numerator) for numerator in numerators]
        leaves = max(broken, key=preference.__getitem__)
        side = 1 if numerators[leaves] > 0 else -1
        speeds: list[int] = (side * (table @ inverse[:, leaves])).tolist()
        slope = scale - abs(numerators[leaves])
        enters, flipped, careful = _line_search(products, speeds, signs, slope)
        for i in flipped:
            signs[i] = -signs[i]
        signs[basis[leaves]] = side
        basis[leaves] = enters


def _line_search(
    products: Sequence[int], speeds: Sequence[int], signs: Sequence[int], slope: int
) -> tuple[int, list[int], bool]:
    """Follow an edge until the function no longer falls: which generator stops it, which changed sides on the way.

    Also tell whether the step has length zero; then the generator with the least number that stops it at once enters,
    none changes sides, and the next to leave must be the one with the least number (Bland).
    """
    crossings = sorted(
        (Fraction(abs(product), abs(speed)), i)
        for i, (product, speed, sign) in enumerate(zip(products, speeds, signs, strict=True))
        if sign * speed < 0
    )
    if crossings[0][0] == 0:
        return crossings[0][1], [], True
    flipped: list[int] = []
    for _, i in crossings:
        slope += 2 * abs(speeds[i])
        if slope >= 0:
            return i, flipped, False
        flipped.append(i)
    raise AssertionError("the support function is bounded below")


def _first_basis(rows: Sequence[Sequence[int]], x: Sequence[int]) -> list[int]:
    """Return the first rows that form a basis together with ``x``."""
    echelon, _, rank = fmpz_mat([list(row) for row in (x, *rows)]).transpose().rref()
    pivots = [next(k for k in range(len(rows) + 1) if echelon[i, k] != 0) for i in range(rank)]
    return [k - 1 for k in pivots[1:]]


def _scaled_inverse(square: list[list[int]]) -> tuple[Any, int]:
    """Return integers over a positive denominator."""
    matrix = fmpz_mat(square)
    size = abs(int(matrix.det()))
    entries = [[int((entry * size).p) for entry in row] for row in matrix.inv().tolist()]
    return np.array(entries, dtype=object), size
