"""The numbers of Theorems 2.5.5 and 2.5.6: how many gates circuits of Definition 12 need, printed and as proven.

The function is that of (2.9), a decision list of equalities (:mod:`relucomb.boolean.equality_lists`), on ``2m`` bits; a
circuit has depth ``d``, and bottom weights as in :mod:`relucomb.boolean.weight_restricted`.
Source: A. Mukherjee, *A Study of the Mathematics of Deep Learning*, 2020, section 2.5, appendix 2.E.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

MOST = 10**300


@dataclass(frozen=True, slots=True)
class DeepBound:
    """The lower bounds of Theorem 2.5.5, as binary logarithms of numbers of gates; hidden constants are 1.

    Attributes
    ----------
    exponent
        That of the bound on the sign-rank that is used: ``sign-rank ≥ 2^exponent``.
    as_printed
        The theorem: ``(d − 1) [2^(m^(1/8)) / (mW)]^(1/(d−1))``.
    as_in_proof
        The end of the proof: the same with ``2^exponent``.
    corrected
        What the proof gives: the bound on the rank is a square, so there is ``2^(exponent/2)``.
    by_rows
        With the rank bounded by the number of groups of rows instead of blocks, ``w_1 ··· w_(d−1) mW + 1``: again
        ``2^exponent``, less 1.
    bottom
        With the groups that all layers have in common: ``(2^exponent − 1)/(mW)`` bottom gates, for every depth.
    bottom_by_rows
        With all ``2^m`` rows of the function different, no sign-rank is needed: ``(2^m − 1)/(mW)`` bottom gates.
    """

    exponent: float
    as_printed: float
    as_in_proof: float
    corrected: float
    by_rows: float
    bottom: float
    bottom_by_rows: float


def theorem_2_5_6(n: int, *, published: bool = False) -> float:
    """Return the exponent of the lower bound on the sign-rank: ``n^(1/3)/81 − 3``, printed is ``n/81 − 3``.

    Examples
    --------
    >>> round(theorem_2_5_6(10**6), 3), round(theorem_2_5_6(10**6, published=True), 3)
    (-1.765, 12342.679)
    """
    _at_least("n", n, 1)
    return (n if published else n ** (1 / 3)) / 81 - 3


def deep_bounds(m: int, depth: int, weight: int, *, constant: float = 2.0) -> DeepBound:
    """Evaluate the steps of Theorem 2.5.5: how many gates the function of (2.9) on 2m bits needs.

    Parameters
    ----------
    m, depth, weight
        ``m`` bits each of ``x`` and ``y``; circuits of depth ``d`` of at least 2, bottom weights of at most W.
    constant
        ``C`` with ``C^4 n^(4/3) ≥ m`` for the ``n`` of (2.9), that is ``n^(1/3) ≥ m^(1/4)/C``; greater than 1.

    Examples
    --------
    >>> found = deep_bounds(10**16, 3, 1000, constant=1.1)
    >>> found.corrected < 0 < found.as_in_proof < found.bottom < found.bottom_by_rows
    True
    """
    for name, value, least in (("m", m, 1), ("depth", depth, 2), ("weight", weight, 1)):
        _at_least(name, value, least)
    if m > MOST or weight > MOST:
        raise ValueError("m and weight must be at most 10^300, so that 2^m has a logarithm in floats")
    if not 1 < constant < math.inf:
        raise ValueError(f"constant must be greater than 1 and finite; got {constant!r}")
    exponent = 2 ** (math.log2(m) / 4) / (81 * constant)
    divisor = math.log2(m) + math.log2(weight)
    layers = depth - 1

    def deep(power: float) -> float:
        return math.log2(layers) + (power - divisor) / layers

    less_one = _log2_less_one(exponent)
    return DeepBound(
        exponent,
        deep(2 ** (math.log2(m) / 8)),
        deep(exponent),
        deep(exponent / 2),
        deep(less_one),
        less_one - divisor,
        _log2_less_one(m) - divisor,
    )


def theorem_2_5_5(m: int, depth: int, weight: int, *, constant: float = 2.0, published: bool = False) -> float:
    """Return the binary logarithm of the number of gates in Theorem 2.5.5, as its proof gives it or as printed.

    Examples
    --------
    >>> theorem_2_5_5(10**16, 3, 1000, published=True) > 0 > theorem_2_5_5(10**16, 3, 1000)
    True
    """
    found = deep_bounds(m, depth, weight, constant=constant)
    return found.as_printed if published else found.corrected


def printed_exponent_holds_from(constant: float | Fraction = 2.0) -> Fraction:
    """Return from which m on the printed exponent is at most the proof's: ``(162 C)^8``.

    It is ``m^(1/8)`` against ``m^(1/4)/(162 C)``.

    Examples
    --------
    >>> printed_exponent_holds_from(1) == 162**8
    True
    """
    return Fraction(162 * Fraction(constant)) ** 8


def _log2_less_one(exponent: float) -> float:
    """Return ``log2(2^exponent − 1)``."""
    return exponent + math.log2(-math.expm1(-exponent * math.log(2)))


def _at_least(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool | str) or value != int(value) or value < least:
        raise ValueError(f"{name} must be a whole number from {least} on; got {value!r}")
