"""Tests of the numbers of Theorems 2.5.5 and 2.5.6."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from relucomb.boolean.deep_bounds import deep_bounds, printed_exponent_holds_from, theorem_2_5_5, theorem_2_5_6


@pytest.mark.parametrize(("m", "depth", "weight"), [(10, 2, 1), (10**9, 3, 7), (10**20, 5, 10**6), (10**250, 4, 2)])
def test_the_formulas(m: int, depth: int, weight: int) -> None:
    """Once more, written out."""
    found = deep_bounds(m, depth, weight, constant=1.5)
    fourth = 10 ** (math.log10(m) / 4)
    assert math.isclose(found.exponent, fourth / 121.5)
    cost = math.log2(m) + math.log2(weight)
    for value, power in (
        (found.as_printed, math.sqrt(fourth)),
        (found.as_in_proof, found.exponent),
        (found.corrected, found.exponent / 2),
    ):
        assert math.isclose(value, math.log2(depth - 1) + (power - cost) / (depth - 1), rel_tol=1e-9)
    assert found.by_rows <= found.as_in_proof
    if m < 1000:
        assert math.isclose(found.bottom_by_rows, math.log2((2**m - 1) / (m * weight)))
        assert math.isclose(found.bottom, math.log2((2**found.exponent - 1) / (m * weight)))
    assert found.bottom <= found.bottom_by_rows
    assert theorem_2_5_5(m, depth, weight, constant=1.5) == found.corrected
    assert theorem_2_5_5(m, depth, weight, constant=1.5, published=True) == found.as_printed


def test_where_the_printed_exponent_is_covered_by_the_proof() -> None:
    """From (162 C)^8 on, m^(1/8) is at most m^(1/4)/(162 C)."""
    least = int(printed_exponent_holds_from(2))
    assert least == 324**8
    for m, covered in ((least * 2, True), (least // 2, False)):
        found = deep_bounds(m, 2, 1, constant=2)
        assert (found.as_printed <= found.corrected) == covered


def test_theorem_2_5_6() -> None:
    """n^(1/3) against n."""
    assert math.isclose(theorem_2_5_6(81**3), -2)
    assert math.isclose(theorem_2_5_6(81**3, published=True), 81**2 - 3)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: deep_bounds(0, 2, 1), "m must be a whole number from 1"),
        (lambda: deep_bounds(10**301, 2, 1), "must be at most 10^300"),
        (lambda: deep_bounds(5, 1, 1), "depth must be a whole number from 2"),
        (lambda: deep_bounds(5, 2, 0), "weight must be a whole number from 1"),
        (lambda: deep_bounds(5, 2, 1, constant=1), "constant must be greater than 1"),
        (lambda: theorem_2_5_6(0), "n must be a whole number from 1"),
    ],
)
def test_bad_input(make: Any, complaint: str) -> None:
    """What is wrong is told."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make()
