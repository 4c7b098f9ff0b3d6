"""Generators along all but two: determinants, and the order of directions in a plane."""

from __future__ import annotations

import itertools
from fractions import Fraction

import naive_zonotopes as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.zonotopes.planes import areas, by_direction, planes, sum_of_areas


@pytest.mark.parametrize("factor", [1, 10**20])
@given(st.integers(2, 5), st.data())
def test_every_determinant_is_met_once(factor: int, n: int, data: st.DataObject) -> None:
    """The areas in the planes are the determinants of all sets of n rows."""
    row = st.lists(st.integers(-3, 3).map(lambda k: k * factor), min_size=n, max_size=n)
    rows = data.draw(st.lists(row, min_size=1, max_size=6))
    found: dict[tuple[int, ...], Fraction] = {}
    for plane in planes(rows):
        for i, j in itertools.combinations(range(len(plane.vectors)), 2):
            exact = plane.vectors.astype(object)
            size = Fraction(abs(areas(exact[i], exact[j])), plane.scale)
            assert found.setdefault((i, j, *reversed(plane.along)), size) == size
    exact_rows = naive.exact_rows(rows)
    for chosen in itertools.combinations(range(len(rows)), n):
        assert found.get(chosen, 0) == abs(naive.determinant([exact_rows[i] for i in chosen]))


vectors = st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=7)


@given(vectors, st.sampled_from([1, 10**400]))
def test_directions_are_sorted(pairs: list[tuple[int, int]], factor: int) -> None:
    """Angles rise from 0 to less than 180 degrees, each vector turned or not."""
    table = np.array(pairs, dtype=object) * factor
    order, turned = by_direction(table if factor > 1 else table.astype(np.int64))
    assert sorted(order.tolist()) == [k for k, pair in enumerate(pairs) if any(pair)]
    for k, (x, y) in zip(order.tolist(), turned.tolist(), strict=True):
        assert (x, y) in ((pairs[k][0] * factor, pairs[k][1] * factor), (-pairs[k][0] * factor, -pairs[k][1] * factor))
        assert y > 0 or (y == 0 and x > 0)
    assert all(areas(a, b) >= 0 for a, b in itertools.pairwise(turned.astype(object)))


def test_directions_that_floats_do_not_tell_apart() -> None:
    """The exact order is found where arctan2 gives ties in the wrong order."""
    big = 2**60
    table = np.array([[big, 3], [big, 2], [big, 1], [-big, -4], [big + 1, 3]], dtype=object)
    order, _ = by_direction(table)
    assert order.tolist() == [2, 1, 4, 0, 3]
    short = np.array([[2**30, 2], [2**30, 1], [2**30 + 1, 2]])
    assert by_direction(short)[0].tolist() == [1, 2, 0]


@given(vectors)
def test_sum_of_areas(pairs: list[tuple[int, int]]) -> None:
    """One pass adds up what all pairs do."""
    expected = sum(abs(a[0] * b[1] - a[1] * b[0]) for a, b in itertools.combinations(pairs, 2))
    assert sum_of_areas(np.array(pairs)) == expected
