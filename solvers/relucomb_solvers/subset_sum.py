"""Subset sum: is there a subset of given integers with a given sum? Exact, with a proof of either answer within limits.

The problem is NP-hard, so three methods share it, and what is beyond all of them is reported as undecided:

- a scan from left to right that keeps the partial sums from which the target can still be reached: the rest must be in
  the range of what follows and a multiple of its greatest common divisor;
- for small numbers, all sums at once as the bits of one integer;
- for few numbers, meeting in the middle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SCAN_STATES = 300_000  # partial sums kept, all steps together
TABLE_BITS = 2**31
MEET_ITEMS = 42
MODULUS = 2**61 - 1
SAFE = 2**62
BIT_BUDGET = 2**26  # of all items together; beyond it even a sum takes long


@dataclass(frozen=True, slots=True)
class SubsetSum:
    """The answer: positions of a subset, or None if there is none, or if the question is not decided."""

    subset: list[int] | None
    decided: bool


def subset_sum(items: Sequence[int], target: int) -> SubsetSum:
    """Look for a subset of the integers, which may have any sign, whose sum is the target.

    Examples
    --------
    >>> subset_sum([3, -5, 9], 4)
    SubsetSum(subset=[1, 2], decided=True)
    >>> subset_sum([2, 4, -6], 3)
    SubsetSum(subset=None, decided=True)
    """
    if target == 0:
        return SubsetSum([], True)
    if target == sum(items):
        return SubsetSum(list(range(len(items))), True)
    if sum(item.bit_length() for item in items) > BIT_BUDGET:
        return SubsetSum(None, False)
    scanned = _scan(items, target)
    if scanned.decided:
        return scanned
    # a negative item left out is its absolute value put in, once all negative ones are put in
    turned = [k for k, item in enumerate(items) if item < 0]
    found = _of_positive(list(map(abs, items)), target - sum(items[k] for k in turned))
    if found.subset is None:
        return found
    return SubsetSum(sorted(set(found.subset) ^ set(turned)), True)


def _scan(items: Sequence[int], target: int) -> SubsetSum:
    """Go through the items, keeping the partial sums that are not hopeless."""
    after = [(0, 0, 0)]  # of the items after each: least sum, greatest sum, greatest common divisor
    for item in reversed(items):
        low, high, divisor = after[-1]
        after.append((low + min(item, 0), high + max(item, 0), math.gcd(divisor, item)))
    after.reverse()
    levels: list[dict[int, bool]] = [{0: False}] if _is_hopeful(target, *after[0]) else [{}]
    states = 0
    for item, outlook in zip(items, after[1:], strict=True):
        reached: dict[int, bool] = {}
        for partial in levels[-1]:
            for taken in (False, True):
                following = partial + item if taken else partial
                if following not in reached and _is_hopeful(target - following, *outlook):
                    reached[following] = taken
        levels.append(reached)
        states += len(reached)
        if states > SCAN_STATES:
            return SubsetSum(None, False)
    if target not in levels[-1]:
        return SubsetSum(None, True)
    subset, rest = [], target
    for k in range(len(items) - 1, -1, -1):
        if levels[k + 1][rest]:
            subset.append(k)
            rest -= items[k]
    return SubsetSum(subset[::-1], True)


def _is_hopeful(rest: int, low: int, high: int, divisor: int) -> bool:
    return low <= rest <= high and (rest % divisor == 0 if divisor else rest == 0)


def _of_positive(items: list[int], target: int) -> SubsetSum:
    """Look for a subset of positive integers with the target as sum."""
    total = sum(items)
    if 2 * target > total:  # what is left out has the sum total - target
        found = _of_positive(items, total - target)
        if found.subset is None:
            return found
        return SubsetSum(sorted(set(range(len(items))) - set(found.subset)), True)
    usable = [k for k, item in enumerate(items) if item <= target]
    parcels = _parcels([(items[k], k) for k in usable])
    if max(len(parcels), 1) * target <= TABLE_BITS:
        return _by_table(parcels, target)
    if len(usable) <= MEET_ITEMS:
        found = _by_meeting([items[k] for k in usable], target)
        return found if found.subset is None else SubsetSum([usable[k] for k in found.subset], True)
    return SubsetSum(None, False)


def _parcels(items: list[tuple[int, int]]) -> list[tuple[int, list[int]]]:
    """Tie equal items together in parcels of 1, 2, 4, ... and a rest, which make the same sums."""
    places: dict[int, list[int]] = {}
    for item, k in items:
        places.setdefault(item, []).append(k)
    parcels = []
    for item, equal in places.items():
        size = 1
        while equal:
            parcel, equal = equal[:size], equal[size:]
            parcels.append((item * len(parcel), parcel))
            size *= 2
    return parcels


def _by_table(parcels: list[tuple[int, list[int]]], target: int) -> SubsetSum:
    """Bit ``s`` of the table tells whether the sum ``s`` can be reached with the parcels so far."""
    mask = (1 << (target + 1)) - 1
    tables = [1]
    for weight, _ in parcels:
        tables.append((tables[-1] | tables[-1] << weight) & mask)
        if tables[-1] >> target:
            break
    if not tables[-1] >> target:
        return SubsetSum(None, True)
    subset: list[int] = []
    for k in range(len(tables) - 2, -1, -1):
        if not tables[k] >> target & 1:
            weight, parcel = parcels[k]
            subset += parcel
            target -= weight
    return SubsetSum(sorted(subset), True)


def _by_meeting(items: list[int], target: int) -> SubsetSum:
    """Compare the sums of the subsets of one half with what the other half leaves."""
    modulus = 0 if sum(items) + target < SAFE else MODULUS  # equal remainders are looked at once more below
    half = len(items) // 2
    left, right = _all_sums(items[:half], modulus), _all_sums(items[half:], modulus)
    wanted = target - right if not modulus else (target % modulus - right) % modulus
    order = np.argsort(left, kind="stable")
    start = np.searchsorted(left, wanted, side="left", sorter=order)
    stop = np.searchsorted(left, wanted, side="right", sorter=order)
    for k in np.flatnonzero(start < stop).tolist():
        for mask in order[start[k] : stop[k]].tolist():
            subset = [i for i in range(half) if mask >> i & 1]
            subset += [half + i for i in range(len(items) - half) if k >> i & 1]
            if sum(items[i] for i in subset) == target:
                return SubsetSum(subset, True)
    return SubsetSum(None, True)


def _all_sums(items: list[int], modulus: int) -> NDArray[np.int64]:
    """Return the sums of all subsets; subset number ``m`` has the items at the bits of ``m``."""
    sums = np.zeros(1, dtype=np.int64)
    for item in items:
        more = sums + (item % modulus if modulus else item)
        sums = np.concatenate([sums, more % modulus if modulus else more])
    return sums
