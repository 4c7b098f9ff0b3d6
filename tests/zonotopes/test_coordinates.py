"""Signed sums without rounding, and their way back into floats and fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.zonotopes.coordinates import SignedSums, in_floats, in_fractions, integer_columns

entries = st.one_of(st.integers(-9, 9), st.integers(-(2**52), 2**52), st.integers(-(2**63), 2**63), st.just(3**300))


@given(st.data(), st.integers(1, 3), st.integers(1, 5))
def test_sums(data: st.DataObject, n: int, m: int) -> None:
    """Short and long integers are added without rounding; 64 bits are used where they suffice."""
    rows = data.draw(st.lists(st.lists(entries, min_size=n, max_size=n), min_size=m, max_size=m))
    signs = data.draw(st.lists(st.lists(st.integers(-1, 1), min_size=m, max_size=m), min_size=1, max_size=4))
    sums = SignedSums(rows)
    found = sums(np.array(signs, dtype=np.int8))
    assert found.tolist() == [
        [sum(s * row[q] for s, row in zip(word, rows, strict=True)) for q in range(n)] for word in signs
    ]
    assert (found.dtype == np.int64) == sums.is_short
    assert sums.bound == max(sum(abs(row[q]) for row in rows) for q in range(n))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_floats_are_integers_times_a_power_of_two(column: list[float]) -> None:
    """Every float is what it was, subnormal ones included."""
    rows, (scale,) = integer_columns(np.array(column)[:, None])
    assert [row[0] * scale for row in rows] == [Fraction(entry) for entry in column]
    assert [entry for (entry,) in in_fractions(np.array(rows, dtype=object), [scale]).tolist()] == [
        Fraction(entry) for entry in column
    ]


@given(st.lists(st.integers(-(2**61), 2**61), min_size=1, max_size=4), st.integers(-1140, 900), st.sampled_from([1, 3]))
def test_rounding_once(column: list[int], power: int, odd: int) -> None:
    """Products are rounded to the nearest float, whichever way is taken."""
    scale = Fraction(2) ** power / odd
    expected = [float(entry * scale) for entry in column]
    for kind in (np.int64, object):
        found = in_floats(np.array(column, dtype=kind)[:, None], [scale], max(map(abs, column)), "x")
        assert found[:, 0].tolist() == expected


def test_beyond_the_range_of_floats() -> None:
    """What is no float is refused."""
    with pytest.raises(ValueError, match="x are beyond the range of floats"):
        in_floats(np.array([[2**60]]), [Fraction(2) ** 1000], 2**60, "x")
