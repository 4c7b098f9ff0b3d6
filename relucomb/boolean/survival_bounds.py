"""How often the worst gate survives a random restriction: Lemma 2.6.1 with numbers for its constant.

Let the variables be in ``p`` parts of ``m`` each, so that n = pm. After some signs are turned round all weights of a
gate are at least 0. A random restriction of a part is then the same as this: put its variables into random order, draw
``c`` from the binomial distribution of ``m − 1`` fair coins, set the first ``c`` variables to +1, the last
``m − 1 − c`` to −1, and leave the one between free. For fixed orders the gate is a monotone function ``f`` of the
numbers ``c_1, ..., c_p``, and it survives only if ``f(c_1, ..., c_p)`` is false and ``f(c_1 + 1, ..., c_p + 1)`` true.
On each line of points that differ by multiples of ``(1, ..., 1)`` that is one point at most. So the probability is at
most the sum over all such lines of the greatest probability of a point,

    ``P(Π_i (m − 1 − c_i)/(c_i + 1) < 1) − P(Π_i (m − 1 − c_i)/(c_i + 1) > 1)``,

since the probability grows along a line where the product is above 1. This holds for every function that is monotone in
each variable, up or down: LTF gates, and the signs of the arguments of ReLU gates. Equal weights attain the sum of the
``p`` greatest probabilities of ``p(m − 1)`` coins. Both are ``√(2/π)·p/√n`` in the limit of large parts.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

MOST_PRODUCTS = 200_000
"""Products that are listed for the exact bound."""

LIMIT_CONSTANT = math.sqrt(2 / math.pi)
"""What both bounds tend to in units of ``|P|/√n``, for large parts."""

SLACK = 1e-9
"""What is added to a bound that is computed in floats; their errors are below it."""

STEPS = 512
"""Powers to which probabilities are rounded up, for the distance of neighbouring logarithms of ratios."""


@dataclass(frozen=True, slots=True)
class WorstSurvival:
    """Between which numbers the greatest survival probability of any gate is.

    Attributes
    ----------
    attained
        The probability for equal weights and the best bias.
    bound
        No LTF or ReLU gate, nor any function that is monotone in each variable, has more. A fraction if it is exact;
        a float, computed in floats and rounded up, where the exact number is out of reach.
    parts, size
        The partition: how many parts, and variables in each.
    """

    attained: Fraction
    bound: Fraction | float
    parts: int
    size: int

    @property
    def constants(self) -> tuple[float, float]:
        """Both in units of ``|P|/√n``."""
        unit = math.sqrt(self.parts * self.size) / self.parts
        return float(self.attained) * unit, float(self.bound) * unit


def worst_survival(parts: int, size: int) -> WorstSurvival:
    """Return between which numbers the survival probability of the worst gate is.

    Parameters
    ----------
    parts, size
        How many parts the partition has, and how many variables each.

    Raises
    ------
    ValueError
        A number is less than 1, or there are more than 10^6 variables.

    Examples
    --------
    >>> found = worst_survival(2, 3)
    >>> found.attained, found.bound
    (Fraction(5, 8), Fraction(5, 8))
    >>> worst_survival(3, 4).bound - worst_survival(3, 4).attained
    Fraction(3, 512)
    """
    for name, value in (("parts", parts), ("size", size)):
        if isinstance(value, bool) or value != int(value) or value < 1:
            raise ValueError(f"{name} must be a whole number from 1 on; got {value!r}")
    if parts * size > 10**6:
        raise ValueError(f"parts and size must have a product of at most 1000000; got {parts * size}")
    attained = Fraction(_greatest_sum(parts * (size - 1), parts), 1 << parts * (size - 1))
    if math.comb(size + parts - 1, parts) <= MOST_PRODUCTS:
        return WorstSurvival(attained, _exact(parts, size - 1), parts, size)
    return WorstSurvival(attained, min(_rounded_up(parts, size - 1), 1.0), parts, size)


def stepwise_bound(parts: int, size: int) -> Fraction:
    """Return the bound that setting the free variables to +1 one after the other gives: easy, but √|P| too large.

    Each step changes the value with at most the mean influence of a monotone function of the ``size`` variables of a
    part, so the bound is ``parts·C(size − 1, ⌊(size − 1)/2⌋)/2^(size − 1)``.

    Examples
    --------
    >>> stepwise_bound(2, 5)
    Fraction(3, 4)
    """
    coins = size - 1
    return Fraction(parts * math.comb(coins, coins // 2), 1 << coins)


def _greatest_sum(coins: int, count: int) -> int:
    """Return the sum of the greatest binomial coefficients, ``count`` of them."""
    from flint import fmpz

    low = max((coins - count + 1) // 2, 0)
    coefficient = int(fmpz.bin_uiui(coins, low))
    total = 0
    for k in range(low, min(low + count - 1, coins) + 1):
        total += coefficient
        coefficient = coefficient * (coins - k) // (k + 1)
    return total


def _exact(parts: int, coins: int) -> Fraction:
    """Return the bound, from all products that there are."""
    ratios = [(Fraction(coins - c, c + 1), math.comb(coins, c)) for c in range(coins + 1)]
    products = {Fraction(1): 1}
    for _ in range(parts):
        grown: dict[Fraction, int] = defaultdict(int)
        for product, count in products.items():
            for ratio, ways in ratios:
                grown[product * ratio] += count * ways
        products = grown
    excess = sum(count if product < 1 else -count for product, count in products.items() if product != 1)
    return Fraction(excess, 1 << (coins * parts))


def _rounded_up(parts: int, coins: int) -> float:
    """Return a number that is not less than the bound.

    The probabilities of a part are rounded up to powers of a number near 1, so that their ratios are such powers too
    and their products can be compared by whole numbers. Tails are added whole.
    """
    from scipy.stats import binom

    low = max(0, math.floor(coins / 2 - 3.6 * math.sqrt(coins)) - 2)  # more than seven standard deviations
    counts = np.arange(low, coins - low + 1)
    # neighbouring logarithms of ratios differ by 4 / (coins + 2) at least, so that the rounded ones fall, too
    step = 4 / (coins + 2) / STEPS
    rounded = np.ceil(binom.logpmf(counts, coins, 0.5) / step + 1e-6).astype(np.int64)
    masses = np.exp(rounded * step)
    tails = 2 * parts * binom.cdf(low - 1, coins, 0.5)
    rises = np.diff(rounded)
    lowest = int(rises.min())
    row = np.bincount(rises - lowest, weights=masses[:-1])
    length = 1 << (len(row) * parts - 1).bit_length()
    together = np.fft.irfft(np.fft.rfft(row, length) ** parts, length)
    level = -lowest * parts  # where the probability of a point is that of the next on its line
    above = together[level + 1 : (len(row) - 1) * parts + 1].sum()
    return float(masses.sum() ** parts - 2 * above - together[level] + tails + SLACK)
