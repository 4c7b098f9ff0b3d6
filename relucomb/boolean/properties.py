"""How a function depends on its variables: monotone, unate, symmetric."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from relucomb.boolean.function import BooleanFunction


class Direction(StrEnum):
    """What happens to the value when a variable goes from 0 to 1."""

    idle = "idle"
    """Nothing, at any point."""
    rising = "rising"
    """It goes from false to true or stays."""
    falling = "falling"
    """It goes from true to false or stays."""
    mixed = "mixed"
    """It rises at some points and falls at others."""


def directions(f: BooleanFunction) -> tuple[Direction, ...]:
    """Return the direction of each variable.

    Examples
    --------
    >>> from relucomb.boolean import BooleanFunction
    >>> [str(direction) for direction in directions(BooleanFunction.from_name("address", 3))]
    ['mixed', 'rising', 'rising']
    """
    kinds = {
        (False, False): Direction.idle,
        (True, False): Direction.rising,
        (False, True): Direction.falling,
        (True, True): Direction.mixed,
    }
    table, found = f.table, []
    for i in range(f.n):
        pairs = table.reshape(-1, 2, 1 << i)
        low, high = pairs[:, 0], pairs[:, 1]
        found.append(kinds[bool((low < high).any()), bool((low > high).any())])
    return tuple(found)


def is_monotone(f: BooleanFunction) -> bool:
    """Tell whether no variable ever makes the function fall.

    Examples
    --------
    >>> from relucomb.boolean import BooleanFunction
    >>> is_monotone(BooleanFunction.from_name("majority", 3)), is_monotone(BooleanFunction.from_name("parity", 3))
    (True, False)
    """
    return set(directions(f)) <= {Direction.idle, Direction.rising}


def is_unate(f: BooleanFunction) -> bool:
    """Tell whether the function is monotone once some variables are negated.

    Examples
    --------
    >>> from relucomb.boolean import BooleanFunction
    >>> f = BooleanFunction.from_name("odd_max_bit", 3)
    >>> is_monotone(f), is_unate(f)
    (False, True)
    """
    return Direction.mixed not in directions(f)


def is_symmetric(f: BooleanFunction) -> bool:
    """Tell whether the value depends on the number of ones only.

    Examples
    --------
    >>> from relucomb.boolean import BooleanFunction
    >>> is_symmetric(BooleanFunction.from_name("majority", 3)), is_symmetric(BooleanFunction.from_name("address", 3))
    (True, False)
    """
    return values_by_weight(f) is not None


def values_by_weight(f: BooleanFunction) -> tuple[bool, ...] | None:
    """Return the value at 0, 1, ..., n ones if there is but one each, else None.

    Examples
    --------
    >>> from relucomb.boolean import BooleanFunction
    >>> values_by_weight(BooleanFunction.from_name("majority", 3))
    (False, False, True, True)
    """
    weights = np.bitwise_count(np.flatnonzero(f.table))
    counts = np.bincount(weights, minlength=f.n + 1).tolist()
    values = tuple(count > 0 for count in counts)
    full = all(count == math.comb(f.n, weight) for weight, count in enumerate(counts) if count)
    return values if full else None
