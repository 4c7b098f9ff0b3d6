"""Tests of threshold functions and their proofs."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.boolean import threshold
from relucomb.boolean.function import BooleanFunction, points
from relucomb.boolean.threshold import ThresholdTest, threshold_functions


@pytest.mark.parametrize(("n", "count"), [(0, 2), (1, 4), (2, 14), (3, 104), (4, 1882)])
def test_known_numbers(n: int, count: int) -> None:
    """OEIS A000609, by enumeration; and all of them pass the test with a proof, and no other does (n ≤ 3)."""
    if n:
        found = {f.to_integer() for f in threshold_functions(n)}
        assert len(found) == count
    if n <= 3:
        tested = {k for k in range(1 << (1 << n)) if threshold.test_threshold(BooleanFunction.from_integer(k, n))}
        assert len(tested) == count
        assert n == 0 or tested == found


@pytest.mark.parametrize("quick", [True, False])
def test_every_function_of_three_variables_is_proven(quick: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each proof holds, whether by the quick ways or by the linear programme alone."""
    if not quick:
        monkeypatch.setattr(threshold, "_by_pairs", lambda f: None)
        monkeypatch.setattr(threshold, "_by_chow_parameters", lambda f: None)
    for k in range(256):
        assert threshold.test_threshold(BooleanFunction.from_integer(k, 3)).verify()


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=9), st.integers(-20, 20))
def test_weights_are_recognised(weights: list[int], bound: int) -> None:
    """A function given by weights is a threshold function, also where points lie on the hyperplane."""
    n = len(weights)
    f = BooleanFunction(points(n).astype(int) @ np.array(weights) >= bound)
    found = threshold.test_threshold(f)
    assert found
    assert found.verify()


@given(st.integers(0, (1 << 64) - 1))
def test_random_functions_are_proven(number: int) -> None:
    """Of six variables, nearly all are none, and the proof says why."""
    found = threshold.test_threshold(BooleanFunction.from_integer(number, 6))
    assert found.verify()


def test_beyond_the_quick_ways() -> None:
    """Ten variables: a parity is none, a weighted majority is one; both go through the linear programme."""
    parity = BooleanFunction(points(10, "bits").sum(axis=1) % 2)
    found = threshold.test_threshold(parity)
    assert not found
    assert found.verify()
    weighted = BooleanFunction(points(10).astype(int) @ np.array([1, 1, 2, 3, 5, 8, 13, 21, 34, 55]) >= 7)
    assert threshold.test_threshold(weighted).verify()


def test_proofs_can_fail() -> None:
    """Wrong weights, weights with a point on the hyperplane, wrong or empty combinations are seen through."""
    conjunction = BooleanFunction([0, 0, 0, 1])
    right = threshold.test_threshold(conjunction)
    assert not dataclasses.replace(right, threshold=3).verify()
    assert not dataclasses.replace(right, threshold=2).verify()
    assert not ThresholdTest(conjunction, None, None, {0: 1, 1: 1, 2: 1, 3: 1}).verify()
    assert not ThresholdTest(conjunction, None, None, {}).verify()
    assert not ThresholdTest(conjunction, None, None, None).verify()
    assert not ThresholdTest(BooleanFunction([0, 1, 1, 0]), None, None, {0: -1, 1: -1, 2: -1, 3: -1}).verify()
