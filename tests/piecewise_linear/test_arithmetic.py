"""Tests of relucomb.piecewise_linear.arithmetic: nothing overflows, nothing is rounded, and order is exact."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.piecewise_linear.arithmetic import (
    alike,
    combination,
    from_fractions,
    greatest,
    lowest_terms,
    ranks,
    running_totals,
    sorting_order,
    to_floats,
    to_fractions,
    total,
)

borders = [2**31, 2**32, 2**52, 2**53, 2**61, 2**62 - 1, 2**62, 2**63 - 1, 2**63, 2**64, 10**30]
integers = st.integers(-5, 5) | st.sampled_from(
    [sign * (n + k) for n in borders for sign in (-1, 1) for k in (-1, 0, 1)]
)
near_one = st.integers(-3, 3).map(lambda k: 1 + Fraction(k, 10**25))  # all the same float
fractions = st.fractions(-2, 2, max_denominator=4) | near_one | st.builds(Fraction, integers, integers.filter(bool))
several = st.lists(fractions, max_size=8)


def array(values: list[int]) -> np.ndarray[Any, Any]:
    """Return integers as the narrowest array that holds them."""
    return alike(np.array(values, dtype=object))[0]


@given(st.lists(st.tuples(integers, integers, integers, integers), min_size=1, max_size=4))
def test_combinations_are_those_of_python(rows: list[tuple[int, int, int, int]]) -> None:
    """At the border of 64 bits too, and with a number as a factor."""
    a, b, c, d = (array(list(column)) for column in zip(*rows, strict=True))
    assert combination((a, b), (c, d)).tolist() == [w * x + y * z for w, x, y, z in rows]
    factor = rows[0][1]
    assert combination((a, factor), (c, 1)).tolist() == [w * factor + y for w, _, y, _ in rows]


@given(several)
def test_fractions_come_back(values: list[Fraction]) -> None:
    """To integers and back; dividing by common divisors changes nothing, and the denominator becomes positive."""
    p, q = from_fractions(values)
    assert to_fractions(p, q) == values
    reduced = lowest_terms(combination((p, -6)), combination((q, -6)))
    assert [part.tolist() for part in reduced] == [p.tolist(), q.tolist()]


@given(several)
def test_floats_are_rounded_correctly(values: list[Fraction]) -> None:
    """As Python does it."""
    assert to_floats(*from_fractions(values)).tolist() == [float(value) for value in values]


def test_floats_beyond_their_range_are_infinite() -> None:
    """With the sign; too small ones are zero."""
    values = [Fraction(10**400), Fraction(-(10**400)), Fraction(1, 10**400)]
    assert to_floats(*from_fractions(values)).tolist() == [float("inf"), -float("inf"), 0.0]


@given(several, st.lists(st.integers(0, 2), min_size=8, max_size=8))
def test_order_is_exact(values: list[Fraction], groups: list[int]) -> None:
    """Also for fractions that are equal as floats, and within groups."""
    p, q = from_fractions(values)
    assert [values[k] for k in sorting_order(p, q)] == sorted(values)
    first = np.array(groups[: len(values)], dtype=np.int64)
    order = sorting_order(p, q, first).tolist()
    assert [(first[k], values[k]) for k in order] == sorted(zip(first.tolist(), values, strict=True))


@given(several, several)
def test_ranks_are_exact(values: list[Fraction], points: list[Fraction]) -> None:
    """How many points lie below, and how many at or below."""
    points = sorted(set(points))
    below, upto = ranks(*from_fractions(values), from_fractions(points))
    assert below.tolist() == [sum(t < value for t in points) for value in values]
    assert upto.tolist() == [sum(t <= value for t in points) for value in values]


@given(several)
def test_totals(values: list[Fraction]) -> None:
    """The sum, and all partial sums."""
    p, q = from_fractions(values)
    assert total(p, q) == sum(values)
    assert to_fractions(*running_totals(p, q)) == [sum(values[: k + 1]) for k in range(len(values))]


@pytest.mark.parametrize("values", [[], [0], [-(2**63)], [2**63], [-3, 2]])
def test_greatest(values: list[int]) -> None:
    """The greatest absolute value, that of the least 64-bit integer too."""
    kind: Any = np.int64 if all(-(2**63) <= v < 2**63 for v in values) else object
    assert greatest(np.array(values, dtype=kind)) == max(map(abs, values), default=0)


def test_sums_that_fit_stay_in_64_bits() -> None:
    """And arrays that fit come back to 64 bits."""
    assert combination((array([2**30]), array([2**31])), (array([1]), 1)).dtype == np.int64
    assert combination((array([2**31]), array([2**31]))).dtype == object
    assert alike(np.array([2**61], dtype=object))[0].dtype == np.int64
