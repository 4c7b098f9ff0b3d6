"""Lemma 3.E.1: how many steps a contraction with a constant term takes to a given size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relucomb.training.hypotheses import Hypothesis, all_hold, at_least, at_most

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_STEPS = 2**62
"""A number of steps that nobody makes; beyond it the answer is no number."""


@dataclass(frozen=True, slots=True)
class RecursionSchedule:
    """The step size of the lemma, the contraction it gives, and the number of steps.

    Attributes
    ----------
    eta
        The step size ``η'``.
    alpha, beta
        ``X_{t+1} ≤ α X_t + β``.
    T
        The least index (from 1) with ``X_T ≤ ε²`` guaranteed; ``None`` if there is none.
    limit
        What the guarantee tends to, ``β / (1 − α)``.
    hypotheses
        The conditions of the lemma.
    """

    eta: float
    alpha: float
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

    Case 2 (``c2 < c1``): ``η' = (b/c1) ε²/(1 + ε²)``, ``α = 1 − (b²/c1) ε²/(1 + ε²)²``, which is not negative for
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
    square = eps * eps
    if c2 == 0:
        eta, alpha, beta = b / (2 * c1), 1 - b * b / (4 * c1), 0.0
        conditions: tuple[Hypothesis, ...] = (at_least("c1 ≥ b²/4", c1, b * b / 4),)
    else:
        eta = (b / c1) * square / (1 + square)
        alpha = 1 - (b * b / c1) * square / (1 + square) ** 2
        beta = eta * eta * c2 * (c1 if published else 1.0)
        conditions = (
            at_most("c2 < c1", c2, c1, "no number of steps is enough", strictly=True),
            at_most("b²/c1 ≤ (ε + 1/ε)²", b * b / c1, (eps + 1 / eps) ** 2, "α is negative"),
        )
    limit = beta / (1 - alpha) if alpha < 1 else math.inf
    steps = _least_steps(alpha, beta, C, square) if all_hold(conditions) else None
    return RecursionSchedule(eta, alpha, beta, steps, limit, conditions)


def recursion_bound(schedule: RecursionSchedule, C: float, steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the unrolled bound after so many steps: ``α^t C + β (1 − α^t) / (1 − α)``.

    Examples
    --------
    >>> import numpy as np
    >>> schedule = recursion_schedule(b=1, c1=1, c2=0, C=10, eps=0.1)
    >>> recursion_bound(schedule, 10, np.array([0, 24, 25])).round(6)
    array([1.0000e+01, 1.0034e-02, 7.5250e-03])
    """
    power = schedule.alpha**steps
    rest = 0.0 if schedule.beta == 0 else schedule.limit * (1 - power)
    bound: NDArray[np.float64] = power * C + rest
    return bound


def _least_steps(alpha: float, beta: float, C: float, target: float) -> int | None:
    """Return the least ``T ≥ 1`` whose unrolled bound is at most the target."""
    if target >= C:
        return 1
    limit = beta / (1 - alpha) if alpha < 1 else math.inf
    if not limit < target:
        return None

    def small_enough(T: int) -> bool:
        power = alpha ** (T - 1)
        return power * C + limit * (1 - power) <= target

    if alpha <= 0:
        return 2
    guess = math.log((target - limit) / (C - limit)) / math.log(alpha) if alpha < 1 else math.inf
    if not guess < MOST_STEPS:
        return None
    T = max(1, 1 + math.ceil(guess))
    # the logarithms may be wrong by a step or two; the bound itself decides
    while T > 1 and small_enough(T - 1):
        T -= 1
    while not small_enough(T):
        T += 1
    return T
