"""How many independent attempts one success takes."""

from __future__ import annotations

import math


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
