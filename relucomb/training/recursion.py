"""Lemma 3.E.1: how many steps a contraction with a constant term takes to a given size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from relucomb.training.hypotheses import Hypothesis, all_hold, at_most
from relucomb.training.inequality import Inequality

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_STEPS = 2**62
"""A number of steps that nobody makes; beyond it the answer is no number."""
MOST_ITERATED = 100_000


@dataclass(frozen=True, slots=True)
class RecursionSchedule:
    """The step size of the lemma, the contraction it gives, and the number of steps.

    Attributes
    ----------
    eta
        The step size ``η'``.
    alpha, rate, beta
        ``X_{t+1} ≤ α X_t + β``; the rate is ``1 − α``, with all its digits.
    T
        The least index (from 1) with ``X_T ≤ ε²`` guaranteed; ``None`` if there is none.
    limit
        What the guarantee tends to, ``β / (1 − α)``.
    hypotheses
        The conditions of the lemma.
    """

    eta: float
    alpha: float
    rate: float
    beta: float
    T: int | None
    limit: float
    hypotheses: tuple[Hypothesis, ...]

    @property
    def certified(self) -> bool:
        """Whether all conditions hold."""
        return all_hold(self.hypotheses)


def recursion_schedule(
    b: float, c1: float, c2: float, C: float, eps: float, *, published: bool = False
) -> RecursionSchedule:
    """Choose the step size for ``X_{t+1} ≤ (1 − η'b + η'²c1) X_t + η'²c2``, ``X_1 = C``, and count the steps to ``ε²``.

    Parameters
    ----------
    b, c1
        Positive constants.
    c2
        A constant that is not negative; 0 is the first case of the lemma.
    C
        What the recursion starts from.
    eps
        The target is ``X_T ≤ ε²``.
    published
        Use ``β`` as the proof prints it (without a factor ``1/c1``), only to see the difference.

    Returns
    -------
    RecursionSchedule
        The least ``T`` of the unrolled bound ``α^{T−1} C + β (1 − α^{T−1}) / (1 − α)``.

    Raises
    ------
    ValueError
        A constant is not positive (``c2``: negative) or not finite.

    Notes
    -----
    Case 1 (``c2 = 0``, ``c1 ≥ b²/4``): ``η' = b/(2c1)``, ``α = 1 − b²/(4c1)``.

    Case 2 (``c2 < c1``): ``η' = (b/c1) ε²/(1 + ε²)``, ``α = 1 − (b²/c1) ε²/(1 + ε²)²``, which is not negative if
    ``b²/c1 ≤ (ε + 1/ε)²``; the limit is ``(c2/c1) ε²``. The source allows ``c2 = c1``, where no number of steps is
    enough, and asks ``b²/c1 ≤ (√ε + 1/√ε)²``, which is more than needed.

    Examples
    --------
    >>> first = recursion_schedule(b=1, c1=1, c2=0, C=10, eps=0.1)
    >>> first.alpha, first.T
    (0.75, 26)
    >>> second = recursion_schedule(b=1, c1=1, c2=0.5, C=1, eps=0.1)
    >>> round(second.alpha, 10), second.T, round(second.limit, 9)
    (0.9901970395, 539, 0.005)
    """
    for name, value in (("b", b), ("c1", c1), ("C", C), ("eps", eps)):
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be a positive finite number; got {value!r}")
    if not (math.isfinite(c2) and c2 >= 0):
        raise ValueError(f"c2 must be a finite number that is not negative; got {c2!r}")
    rational = [Fraction(value) for value in (b, c1, c2, C, eps)]
    eta, rate, beta = _exactly(*rational, published=published)
    square = rational[4] ** 2
    # rounding must not decide: both sides are told as floats, but compared as the rationals they are
    B, first, e = rational[0], rational[1], rational[4]
    if c2 == 0:
        conditions: tuple[Hypothesis, ...] = (_compared("c1 ≥ b²/4", rate <= 1, first, B * B / 4, "α is negative"),)
    else:
        conditions = (
            at_most("c2 < c1", c2, c1, "no number of steps is enough", strictly=rate != 1),
            _compared("b²/c1 ≤ (ε + 1/ε)²", rate <= 1, B * B / first, (e + 1 / e) ** 2, "α is negative"),
        )
    steps = least_steps(rate, beta, rational[3], square) if rate <= 1 else None
    return RecursionSchedule(
        _float(eta), _float(1 - rate), _float(rate), _float(beta), steps, _float(beta / rate), conditions
    )


def recursion_bound(schedule: RecursionSchedule, C: float, steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the unrolled bound after so many steps: ``α^t C + β (1 − α^t) / (1 − α)``.

    Examples
    --------
    >>> import numpy as np
    >>> schedule = recursion_schedule(b=1, c1=1, c2=0, C=10, eps=0.1)
    >>> recursion_bound(schedule, 10, np.array([0, 24, 25])).round(6)
    array([1.0000e+01, 1.0034e-02, 7.5250e-03])
    """
    import numpy as np

    # a contraction near 1 needs the digits of 1 − α
    exponents = steps * math.log1p(-schedule.rate) if schedule.rate < 1 else np.where(steps > 0, -math.inf, 0.0)
    power = np.exp(exponents)
    return np.asarray(power * C + schedule.limit * (1 - power))


def lemma_3_e_1(b: float, c1: float, c2: float, C: float, eps: float) -> Inequality:
    """Put ``X_T``, with equality in every step, beside ``ε²``: exactly, for the rationals that floats are.

    Raises
    ------
    ValueError
        The lemma promises no ``T``, or one beyond 100,000.

    Examples
    --------
    >>> print(lemma_3_e_1(b=1, c1=1, c2=0, C=10, eps=0.1))
    holds  Lemma 3.E.1: X_26 ≤ ε²: 0.00752543458 ≤ 0.01
    """
    schedule = recursion_schedule(b, c1, c2, C, eps)
    if schedule.T is None or schedule.T > MOST_ITERATED:
        raise ValueError(f"the lemma promises T = {schedule.T}; legal is a number up to {MOST_ITERATED:,}")
    _, rate, beta = _exactly(*map(Fraction, (b, c1, c2, C, eps)), published=False)
    limit = beta / rate
    last = (1 - rate) ** (schedule.T - 1) * (Fraction(C) - limit) + limit
    return Inequality(f"Lemma 3.E.1: X_{schedule.T} ≤ ε²", last, Fraction(eps) ** 2)


def _compared(statement: str, holds: bool, value: Fraction, limit: Fraction, remark: str) -> Hypothesis:
    return Hypothesis(statement, holds, _float(value), _float(limit), "" if holds else remark)


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _exactly(
    b: Fraction, c1: Fraction, c2: Fraction, C: Fraction, eps: Fraction, *, published: bool
) -> tuple[Fraction, Fraction, Fraction]:
    """Return ``η'``, ``1 − α`` and ``β``, for the rationals that floats are: near 1 a float ``α`` would say nothing."""
    if c2 == 0:
        return b / (2 * c1), b * b / (4 * c1), Fraction(0)
    square = eps * eps
    eta = b / c1 * square / (1 + square)
    return eta, b * b / c1 * square / (1 + square) ** 2, eta * eta * c2 * (c1 if published else 1)


def least_steps(rate: Fraction, beta: Fraction, C: Fraction, target: Fraction) -> int | None:
    """Return the least ``T ≥ 1`` with ``α^{T−1} (C − ℓ) + ℓ ≤ target``, ``ℓ = β/(1 − α)``, if there is one."""
    import mpmath

    if target >= C:
        return 1
    limit = beta / rate
    if rate == 1:
        return 2 if limit <= target else None
    if limit >= target:
        return None
    ratio = (target - limit) / (C - limit)
    with mpmath.workprec(400):
        quotient = mpmath.log(mpmath.mpf(ratio.numerator) / ratio.denominator) / mpmath.log1p(
            -mpmath.mpf(rate.numerator) / rate.denominator
        )
        if quotient > MOST_STEPS:
            return None
        nearest = int(mpmath.nint(quotient))
        # α = p/q with q ≥ 2 has a power equal to the ratio only for few steps, where it can be computed
        if abs(quotient - nearest) < mpmath.mpf(2) ** -200 and nearest <= ratio.denominator.bit_length():
            return 1 + nearest + int((1 - rate) ** nearest > ratio)
        return 1 + int(mpmath.ceil(quotient))
