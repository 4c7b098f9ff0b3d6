"""Tests of margins of gates."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from relucomb.boolean import margins
from relucomb.boolean.margins import margin

if TYPE_CHECKING:
    import pytest

numbers = st.fractions(-6, 6, max_denominator=4)


def by_listing(weights: list[Fraction], bias: Fraction) -> Fraction | None:
    """Return the least distance of the negative sums over all points."""
    sums = [
        bias + sum(w * s for w, s in zip(weights, signs, strict=True))
        for signs in itertools.product([-1, 1], repeat=len(weights))
    ]
    return min((-z for z in sums if z < 0), default=None)


@given(st.lists(numbers, max_size=7), numbers)
def test_margin_is_the_least_distance(weights: list[Fraction], bias: Fraction) -> None:
    """The same as listing all points."""
    assert margin(weights, bias) == by_listing(weights, bias)


@given(st.lists(st.integers(-(10**30), 10**30), max_size=6), st.integers(-(10**30), 10**30))
def test_long_integers(weights: list[int], bias: int) -> None:
    """Beyond 64 bits too."""
    assert margin(weights, bias) == by_listing([Fraction(w) for w in weights], Fraction(bias))


def test_many_sums_give_a_lower_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the sums are too many to list, their common divisor still separates: positive and at most the margin."""
    exact = by_listing([Fraction(w) for w in (6, 10, 14, 22)], Fraction(3))
    monkeypatch.setattr(margins, "MOST_SUMS", 3)
    bound = margin([6, 10, 14, 22], 3)
    assert bound is not None
    assert exact is not None
    assert 0 < bound <= exact
