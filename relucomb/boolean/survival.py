"""The probability that a random restriction does not settle a gate: exact, or with a confidence interval.

A random restriction leaves a gate with the weighted sum ``z`` of the free variables. An LTF gate is *forced* if
``z ≥ 0`` at all points that are left, or ``z < 0`` at all; a ReLU gate is *removable* if ``z ≥ 0`` at all (it is
linear) or ``z ≤ 0`` at all (it is 0). What is neither survives. Every removable case but ``max z = 0`` forces the LTF
gate, too, so a ReLU gate survives at most as often as the LTF gate with the same weights.

Source: A. Mukherjee, *A Study of the Mathematics of Deep Learning*, 2020, section 2.6; Lemma 2.6.1 is from D. Kane and
R. Williams, "Super-linear gate and super-quadratic wire lower bounds for depth-two and depth-three threshold circuits",
STOC 2016.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from relucomb.boolean.restrictions import RandomRestriction

    Weights: TypeAlias = Sequence[int | float | Fraction] | NDArray[Any]

GateKind = Literal["LTF", "ReLU"]

MOST_DENSE_BITS = 1 << 30
"""Bits of the polynomial whose coefficients count restrictions: 128 MiB."""

MOST_SUMS = 1 << 19
"""Different sums that are listed one by one where the weights are large."""

MOST_STEPS = 1 << 27
"""Variables times sums for which they are listed at all."""

CHUNK = 1 << 14
"""Restrictions that are drawn at a time."""


class TooManySumsError(ValueError):
    """The weights have too many different sums for an exact count."""


@dataclass(frozen=True, slots=True)
class Survival:
    """The exact probability that a gate survives.

    Attributes
    ----------
    probability
        The probability.
    gate
        ``"LTF"`` or ``"ReLU"``.
    variables, parts
        How many variables the parts have together, and how many parts there are: n and |P| of Lemma 2.6.1.
    """

    probability: Fraction
    gate: str
    variables: int
    parts: int

    @property
    def constant(self) -> float:
        """The probability in units of ``|P|/√n``: what the constant of Lemma 2.6.1 must at least be."""
        return float(self.probability) * math.sqrt(self.variables) / self.parts


@dataclass(frozen=True, slots=True)
class SurvivalEstimate:
    """How often a gate survived independent random restrictions.

    Attributes
    ----------
    survived, trials
        The counts.
    low, high
        The Clopper–Pearson interval: it contains the probability with at least the confidence, whatever it is.
    confidence
        Of the interval.
    gate
        ``"LTF"`` or ``"ReLU"``.
    variables, parts
        n and |P| of Lemma 2.6.1.
    """

    survived: int
    trials: int
    low: float
    high: float
    confidence: float
    gate: str
    variables: int
    parts: int

    @property
    def constants(self) -> tuple[float, float]:
        """The interval in units of ``|P|/√n``."""
        unit = math.sqrt(self.variables) / self.parts
        return self.low * unit, self.high * unit


def lemma_bound(rho: RandomRestriction, constant: float = 1.0) -> float:
    """Return ``c·|P|/√n``, the bound of Lemma 2.6.1 with a constant that the source leaves open.

    Examples
    --------
    >>> from relucomb.boolean.restrictions import RandomRestriction
    >>> lemma_bound(RandomRestriction.blocks(100, 2))
    0.2
    """
    return constant * len(rho.parts) / math.sqrt(sum(len(part) for part in rho.parts))


def survival_probability(
    weights: Weights, bias: Fraction | float, rho: RandomRestriction, gate: GateKind = "LTF"
) -> Survival:
    """Return the exact probability that a gate survives a random restriction.

    Parameters
    ----------
    weights, bias
        Of the gate ``[weights·x + bias ≥ 0]`` or ``max(0, weights·x + bias)``, ``x`` in signs; rationals of any size.
    rho
        The random restriction.
    gate
        Which of the two.

    Returns
    -------
    Survival
        With the probability as a fraction.

    Raises
    ------
    ValueError
        The number of weights is not that of the variables, or a weight is not finite.
    TooManySumsError
        A ``ValueError``: there are too many different sums; :func:`estimate_survival` is left.

    Notes
    -----
    Let ``h`` be the greatest and ``l`` the least value of ``z`` on what is left. An LTF survives if ``l < 0 ≤ h``, so
    its probability is ``P(l < 0) − P(h < 0)``: two distributions of one number each. That of ``h`` is a product of one
    polynomial for each part, and ``−l`` has the same one with the bias turned round. For a ReLU gate the probability is
    ``P(l < 0) − P(h ≤ 0) + P(l = h = 0)``.

    Examples
    --------
    >>> from relucomb.boolean.restrictions import RandomRestriction
    >>> survival_probability([1, 1, 1, 1], 0, RandomRestriction.blocks(4, 2)).probability
    Fraction(3, 4)
    >>> survival_probability([1, 1, 1, 1], 0, RandomRestriction.blocks(4, 2), "ReLU").probability
    Fraction(1, 2)
    """
    _check_gate(gate)
    sizes, groups, outside, offset = _grouped(weights, bias, rho)
    total = sum(size * count for size, count in outside.items())
    total += sum(size * count for group in groups for size, count in group.items())
    scale = math.gcd(*outside, *(size for group in groups for size in group)) or 1
    counts = _distribution(groups, outside, scale, total)
    # h = offset - total + 2 scale X, where X is the exponent; -l is the same with -offset
    negative = _below(counts, (total - offset) / (2 * scale), inclusive=gate == "ReLU")
    below_zero = sum(counts.values()) - _below(counts, (total + offset) / (2 * scale), inclusive=True)
    survivors = below_zero - negative
    if gate == "ReLU":
        survivors += _both_zero(groups, outside, scale, total, offset)
    return Survival(Fraction(survivors, rho.count), gate, sizes, len(rho.parts))


def estimate_survival(
    weights: Weights,
    bias: Fraction | float,
    rho: RandomRestriction,
    gate: GateKind = "LTF",
    *,
    trials: int = 100_000,
    seed: int = 0,
    confidence: float = 0.99,
) -> SurvivalEstimate:
    """Estimate the probability that a gate survives a random restriction, with a Clopper–Pearson interval.

    Each restriction is judged exactly: sums beyond 64 bits are Python's integers.

    Parameters
    ----------
    weights, bias, rho, gate
        As for :func:`survival_probability`.
    trials
        How many restrictions are drawn.
    seed
        Of the random numbers.
    confidence
        Of the interval, between 0 and 1.

    Raises
    ------
    ValueError
        As for :func:`survival_probability`, or a number is not legal.

    Examples
    --------
    >>> from relucomb.boolean.restrictions import RandomRestriction
    >>> found = estimate_survival([1] * 900, 0, RandomRestriction.blocks(900, 3), trials=20_000)
    >>> found.low < 0.0797 < found.high
    True
    """
    _check_gate(gate)
    if isinstance(trials, bool) or trials != int(trials) or trials < 1:
        raise ValueError(f"trials must be a whole number from 1 on; got {trials!r}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1; got {confidence!r}")
    from scipy.stats import binomtest

    integers, offset = _integers(weights, bias, rho)
    random = np.random.default_rng(seed)
    survived = 0
    for start in range(0, trials, CHUNK):
        survived += _survivors(integers, offset, rho, gate, min(CHUNK, trials - start), random)
    interval = binomtest(survived, trials).proportion_ci(confidence, method="exact")
    variables = sum(len(part) for part in rho.parts)
    return SurvivalEstimate(
        survived, trials, float(interval.low), float(interval.high), confidence, gate, variables, len(rho.parts)
    )


def _check_gate(gate: str) -> None:
    if gate not in ("LTF", "ReLU"):
        raise ValueError(f"gate must be 'LTF' or 'ReLU'; got {gate!r}")


def _integers(weights: Weights, bias: Fraction | float, rho: RandomRestriction) -> tuple[list[int], int]:
    """Return the gate with integers for weights; the values that are given are in the bias."""
    exact = as_fractions(np.array(weights, dtype=object), "weights", ndim=1).tolist()
    if len(exact) != rho.n:
        raise ValueError(f"weights must have {rho.n} entries, one for each variable; got {len(exact)}")
    offset = as_fractions(np.array([bias], dtype=object), "bias").tolist()[0]
    for i, sign in rho.values.items():
        offset += sign * exact[i]
        exact[i] = Fraction(0)
    scale = math.lcm(offset.denominator, *(entry.denominator for entry in exact))
    return [int(entry * scale) for entry in exact], int(offset * scale)


def _grouped(
    weights: Weights, bias: Fraction | float, rho: RandomRestriction
) -> tuple[int, list[Counter[int]], Counter[int], Fraction]:
    """Return how many variables have which size of weight, in each part and outside, and the bias."""
    integers, offset = _integers(weights, bias, rho)
    groups = [Counter(abs(integers[i]) for i in part) for part in rho.parts]
    outside = Counter(abs(integers[i]) for i in rho.random)
    return sum(len(part) for part in rho.parts), groups, outside, Fraction(offset)


def _distribution(groups: list[Counter[int]], outside: Counter[int], scale: int, total: int) -> dict[int, int]:
    """Count restrictions by X, the sum of the |weights| that are free or have their own sign, in units of scale."""
    variables = sum(outside.values()) + sum(sum(group.values()) for group in groups)
    degree = total // scale
    if (degree + 1) * (variables + 64) <= MOST_DENSE_BITS and (degree < MOST_SUMS or degree < 1 << variables):
        return _dense(groups, outside, scale)
    if variables * min(degree + 1, MOST_SUMS) > MOST_STEPS:
        raise _too_many(degree)
    return _sparse(groups, outside, scale, degree)


def _dense(groups: list[Counter[int]], outside: Counter[int], scale: int) -> dict[int, int]:
    from flint import fmpz_poly

    def binomial(size: int, count: int) -> fmpz_poly:
        """Return ``(1 + q^size)^count``."""
        row = fmpz_poly([1, 1]) ** count
        if size == 0:
            return fmpz_poly([int(row(1))])
        return row.inflate(size) if size > 1 else row

    def part(group: Counter[int]) -> fmpz_poly:
        """Return the sum over the free variable; it counts with its |weight|, as a sign that is its own."""
        none_free, one_free = fmpz_poly([1]), fmpz_poly([0])
        for size, count in group.items():
            step = size // scale
            with_free = (binomial(step, count - 1) * count).left_shift(step)
            all_fixed = binomial(step, count)
            one_free = one_free * all_fixed + none_free * with_free
            none_free = none_free * all_fixed
        return one_free

    product = fmpz_poly([1])
    for size, count in outside.items():
        product *= binomial(size // scale, count)
    for group, times in Counter(frozenset(group.items()) for group in groups).items():
        product *= part(Counter(dict(group))) ** times
    return {exponent: int(count) for exponent, count in enumerate(product.coeffs()) if count}


def _sparse(groups: list[Counter[int]], outside: Counter[int], scale: int, degree: int) -> dict[int, int]:
    sums = {0: 1}
    for size in outside.elements():
        sums = _merged(sums, {x + size // scale: count for x, count in sums.items()}, degree)
    for group in groups:
        one_free: dict[int, int] = {}
        for size in group.elements():
            step = size // scale
            moved = {x + step: count for x, count in one_free.items()}
            moved = _merged(moved, {x + step: count for x, count in sums.items()}, degree)
            one_free = _merged(one_free, moved, degree)
            sums = _merged(sums, {x + step: count for x, count in sums.items()}, degree)
        sums = one_free
    return sums


def _merged(left: dict[int, int], right: dict[int, int], degree: int) -> dict[int, int]:
    merged = dict(left)
    for x, count in right.items():
        merged[x] = merged.get(x, 0) + count
    if len(merged) > MOST_SUMS:
        raise _too_many(degree)
    return merged


def _too_many(degree: int) -> TooManySumsError:
    shown = str(degree) if degree < 10**18 else f"about 2^{degree.bit_length()}"
    return TooManySumsError(
        f"weights have too many different sums for an exact count, in a range of {shown} steps; estimate_survival "
        "draws restrictions instead"
    )


def _below(counts: dict[int, int], limit: Fraction, *, inclusive: bool) -> int:
    return sum(count for x, count in counts.items() if x < limit or (inclusive and x == limit))


def _both_zero(groups: list[Counter[int]], outside: Counter[int], scale: int, total: int, offset: Fraction) -> int:
    """Count restrictions that leave z = 0 at all points: every free variable has the weight 0."""
    zeros = [group[0] for group in groups]
    if not all(zeros):
        return 0
    fixed = Counter(outside)
    for group in groups:
        fixed.update({size: count for size, count in group.items() if size})
    # the variables of weight 0: one free in each part, the others with any sign
    factor = math.prod(zeros) << (sum(zeros) - len(zeros))
    counts = _distribution([], fixed, scale, total)
    wanted = (total - offset) / (2 * scale)
    return factor * counts.get(int(wanted), 0) if wanted.denominator == 1 else 0


def _survivors(
    weights: Sequence[int],
    offset: int,
    rho: RandomRestriction,
    gate: GateKind,
    trials: int,
    random: np.random.Generator,
) -> int:
    """Draw restrictions and count those that the gate survives."""
    bits = random.integers(0, 256, (trials, -(-rho.n // 8)), dtype=np.uint8)
    small = 2 * (sum(abs(weight) for weight in weights) + abs(offset)) < 1 << 62
    # z over all variables, and then without those that stay free
    sums = _sums(weights, bits, small=small) + offset
    reach = np.zeros(trials, dtype=np.int64 if small else object)
    lines = np.arange(trials)
    entries = np.array(weights, dtype=reach.dtype)
    for part in rho.parts:
        free = np.array(part)[random.integers(0, len(part), trials)]
        sizes = entries[free]
        signs = 2 * (bits[lines, free >> 3] >> (free & 7).astype(np.uint8) & 1).astype(np.int64) - 1
        sums = sums - signs * sizes
        reach = reach + abs(sizes)
    low, high = sums - reach, sums + reach
    alive = (low < 0) & ((high >= 0) if gate == "LTF" else (high > 0))
    return int(np.count_nonzero(alive))


def _sums(weights: Sequence[int], bits: NDArray[np.uint8], *, small: bool) -> NDArray[np.int64] | NDArray[np.object_]:
    """Return ``Σ ± weight``, eight variables at a time from a table of all 256 sums."""
    kind = np.int64 if small else object
    total = np.zeros(len(bits), dtype=kind)
    for start in range(0, len(weights), 8):
        block = list(weights[start : start + 8])
        if any(block):
            total = total + _table(block, kind)[bits[:, start // 8]]
    return total


def _table(block: Iterable[int], kind: type) -> NDArray[np.int64] | NDArray[np.object_]:
    sums: NDArray[Any] = np.zeros(1, dtype=kind)
    for weight in block:
        sums = np.concatenate([sums - weight, sums + weight])
    return np.resize(sums, 256)
