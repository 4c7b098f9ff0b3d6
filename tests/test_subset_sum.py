"""Tests of relucomb_solvers.subset_sum: against all subsets, and each of its methods alone."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb_solvers import subset_sum as engine

if TYPE_CHECKING:
    from collections.abc import Sequence

numbers = st.integers(-12, 12) | st.sampled_from([2**70, -(2**70), 2**61 - 1, 2**62, 10**30])
items = st.lists(numbers, max_size=9)


def sums(values: Sequence[int]) -> set[int]:
    """Return the sums of all subsets."""
    return {sum(v for v, taken in zip(values, choice, strict=True) if taken) for choice in bits(len(values))}


def bits(count: int) -> itertools.product[tuple[bool, ...]]:
    """Return all choices."""
    return itertools.product((False, True), repeat=count)


def check(answer: engine.SubsetSum, values: Sequence[int], target: int) -> None:
    """Demand that a subset has the sum, and that there is none if the answer says so."""
    assert answer.decided
    if answer.subset is None:
        assert target not in sums(values)
    else:
        assert len(set(answer.subset)) == len(answer.subset)
        assert sum(values[k] for k in answer.subset) == target


@given(items, numbers)
def test_answers_are_right(values: list[int], target: int) -> None:
    """For any target, and for one that is reached."""
    check(engine.subset_sum(values, target), values, target)
    check(engine.subset_sum(values, sum(values[::2])), values, sum(values[::2]))


@given(items, numbers)
def test_every_method_is_right(values: list[int], target: int) -> None:
    """The scan; on positive numbers the table and the meeting in the middle."""
    for goal in (target, sum(values[1::2])):
        check(engine._scan(values, goal), values, goal)
        positive = [abs(v) + 1 for v in values]
        aim = abs(goal)
        check(engine._by_meeting(positive, aim), positive, aim)
        if sum(positive) < 10**4 and aim < 10**4:
            parcels = engine._parcels([(v, k) for k, v in enumerate(positive)])
            check(engine._by_table(parcels, aim), positive, aim)
        check(engine._of_positive(positive, min(aim, sum(positive))), positive, min(aim, sum(positive)))


def test_many_equal_items_are_tied_together() -> None:
    """A hundred thousand ones and twos by a table with few steps."""
    values = [1, 2] * 50_000
    answer = engine.subset_sum(values, 77_777)
    assert answer.subset is not None
    assert sum(values[k] for k in answer.subset) == 77_777


@pytest.mark.parametrize("scale", [1, 10**9, 10**25])
def test_forty_large_items_meet_in_the_middle(scale: int) -> None:
    """Too many sums for a scan and too large for a table: found, and refuted by parity."""
    rng = np.random.default_rng(1)
    values = [2 * (int(x) * scale + int(y)) for x, y in rng.integers(10**9, 10**10, (36, 2))]
    target = sum(values[k] for k in range(0, 36, 3))
    answer = engine.subset_sum(values, target)
    assert answer.subset is not None
    assert sum(values[k] for k in answer.subset) == target
    assert engine.subset_sum(values, target + 1) == engine.SubsetSum(None, True)
    odd = [values[0] + 1, *values[1:]]
    assert engine.subset_sum(odd, target + 2).decided


def test_too_many_large_items_are_undecided() -> None:
    """The answer says so instead of running for ever."""
    rng = np.random.default_rng(2)
    values = [int(x) << 60 | int(y) for x, y in rng.integers(1, 2**60, (80, 2))]
    assert engine.subset_sum(values, sum(values) // 2) == engine.SubsetSum(None, False)
