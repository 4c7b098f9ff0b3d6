"""Tails of sums: the Azuma–Hoeffding inequality of Theorem 3.D.1, exact tails beside it, intervals for shares."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from relucomb.training.inequality import Inequality

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def azuma_hoeffding_bound(differences: ArrayLike, lam: float, *, published: bool = False) -> float:
    """Bound ``P(X_n − X_0 ≥ λ)`` for a supermartingale with ``|X_i − X_{i−1}| ≤ c_i``: ``exp(−λ² / (2 Σ c_i²))``.

    Parameters
    ----------
    differences
        The bounds ``c_1, ..., c_n``.
    lam
        The deviation ``λ > 0``.
    published
        What the proof of Theorem 3.4.1 makes of it: ``exp(−λ² / (2 Σ c_i))``, which is no bound if ``c_i > 1``.

    Raises
    ------
    ValueError
        ``lam`` or a difference is not positive or not finite.

    Examples
    --------
    >>> round(azuma_hoeffding_bound([1] * 100, 20), 7)
    0.1353353
    >>> round(azuma_hoeffding_bound([4] * 16, 24), 7), round(azuma_hoeffding_bound([4] * 16, 24, published=True), 7)
    (0.3246525, 0.011109)
    """
    bounds = np.asarray(differences, dtype=np.float64)
    if bounds.ndim != 1 or len(bounds) == 0 or not (np.isfinite(bounds).all() and (bounds > 0).all()):
        raise ValueError(f"differences must be positive finite numbers, one for each step; got {differences!r}")
    if not (math.isfinite(lam) and lam > 0):
        raise ValueError(f"lam must be a positive finite number; got {lam!r}")
    return math.exp(-lam * lam / (2 * float((bounds if published else bounds**2).sum())))


def walk_tail(steps: int, lam: float | Fraction, size: int | Fraction = 1) -> Fraction:
    """Return ``P(Σ_{i ≤ n} ±c ≥ λ)`` exactly, for fair independent signs.

    Examples
    --------
    >>> float(walk_tail(16, 24, 4))  # ±4, sixteen times
    0.105056762695...
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1; got {steps}")
    if size <= 0:
        raise ValueError(f"size must be positive; got {size}")
    # k ups give c(2k − n) ≥ λ
    least = math.ceil((Fraction(lam) / Fraction(size) + steps) / 2)
    ways = sum(math.comb(steps, k) for k in range(max(least, 0), steps + 1))
    return Fraction(ways, 2**steps)


def theorem_3_d_1(steps: int, size: int, lam: float, *, published: bool = False) -> Inequality:
    """Put the exact tail of a walk of ``±size`` beside the bound.

    Examples
    --------
    >>> print(theorem_3_d_1(16, 4, 24, published=True))
    FAILS  Theorem 3.D.1: P(X_16 − X_0 ≥ 24) for steps ±4 (as printed): 0.105056763 > 0.0111089965
    >>> theorem_3_d_1(16, 4, 24).holds
    True
    """
    bound = azuma_hoeffding_bound([size] * steps, lam, published=published)
    claim = f"Theorem 3.D.1: P(X_{steps} − X_0 ≥ {lam:g}) for steps ±{size}"
    return Inequality(claim, walk_tail(steps, lam, size), bound, published)


def clopper_pearson(hits: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return an interval that holds the probability of a hit with at least the given confidence, for any probability.

    Raises
    ------
    ValueError
        ``hits`` is not between 0 and ``trials``, or the confidence not between 0 and 1.

    Examples
    --------
    >>> low, high = clopper_pearson(0, 300)
    >>> low, round(high, 4)
    (0.0, 0.0122)
    """
    from scipy.special import betaincinv

    if not 0 <= hits <= trials or trials < 1:
        raise ValueError(f"hits must be from 0 to trials, and trials at least 1; got {hits} of {trials}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1; got {confidence!r}")
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else float(betaincinv(hits, trials - hits + 1, tail))
    high = 1.0 if hits == trials else float(betaincinv(hits + 1, trials - hits, 1 - tail))
    return low, high
