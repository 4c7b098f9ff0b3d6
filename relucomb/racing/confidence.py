"""What a count of successes says: an interval for their probability, and how many attempts one success takes."""

from __future__ import annotations

import math


def clopper_pearson(successes: int, runs: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact confidence interval for a probability.

    Parameters
    ----------
    successes, runs
        Whole numbers, at most ``runs`` successes.
    level
        Probability with which such intervals hold the true one, at least.

    Examples
    --------
    None of ten says no more than "less than 31 %":

    >>> low, high = clopper_pearson(0, 10)
    >>> low, round(high, 4)
    (0.0, 0.3085)
    """
    from scipy import special

    beyond = (1.0 - level) / 2.0
    low = float(special.betaincinv(successes, runs - successes + 1, beyond)) if successes else 0.0
    high = float(special.betaincinv(successes + 1, runs - successes, 1.0 - beyond)) if successes < runs else 1.0
    return low, high


def restarts_needed(fraction: float, share: float = 0.99) -> int | None:
    """Return how many independent runs it takes that one succeeds with probability ``share``; ``None`` if none does.

    Examples
    --------
    >>> restarts_needed(0.5), restarts_needed(1.0), restarts_needed(0.0)
    (7, 1, None)
    """
    if fraction <= 0.0:
        return None
    return 1 if fraction >= share else math.ceil(math.log1p(-share) / math.log1p(-fraction))
