"""How far the points of the cube keep from a hyperplane, exactly."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_SUMS = 1 << 22


def margin(weights: Sequence[Fraction | int], bias: Fraction | int) -> Fraction | None:
    """Return the least ``|z|`` over the points of the cube with ``z = weights·x + bias < 0``.

    Parameters
    ----------
    weights, bias
        Of a gate whose inputs are −1 and 1.

    Returns
    -------
    Fraction or None
        None if no point is on the negative side. If there are too many different sums to list, a lower bound that
        holds for all integers of that kind: their common divisor, which serves wherever the margin does.

    Examples
    --------
    >>> margin([1, 1, 1], 0), margin([1, 1], 5), margin([Fraction(1, 2), 1], 0)
    (Fraction(1, 1), None, Fraction(1, 2))
    """
    exact = [Fraction(w) for w in weights]
    lowest = Fraction(bias) - sum((abs(w) for w in exact), Fraction(0))
    if lowest >= 0:
        return None
    scale = math.lcm(*(w.denominator for w in exact))
    # z = lowest + 2 (a sum of some |w|): the greatest such sum below -lowest / 2 is wanted
    steps = sorted((int(abs(w) * scale) for w in exact if w), reverse=True)
    room = -lowest * scale / 2
    most = math.ceil(room) - 1  # the greatest whole number below it
    best = _greatest_sum(steps, most)
    if best is None:
        divisor = math.gcd(*steps)
        best = most - most % divisor
    return 2 * (room - best) / scale


def _greatest_sum(steps: list[int], most: int) -> int | None:
    """Return the greatest sum of some of the steps that is at most ``most``; None if there are too many sums."""
    if sum(steps) <= most:
        return sum(steps)
    if most.bit_length() <= 62:
        sums = np.zeros(1, dtype=np.int64)
        for step in steps:
            if step > most:
                continue
            longer = sums + step
            sums = np.union1d(sums, longer[longer <= most])
            if len(sums) > MOST_SUMS:
                return None
        return int(sums[-1])
    found = {0}
    for step in steps:
        found |= {total + step for total in found if total + step <= most}
        if len(found) > MOST_SUMS:
            return None
    return max(found)
