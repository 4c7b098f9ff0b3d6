"""Tests of the cones of Definition 11."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import relucomb
from relucomb.boolean.function import points
from relucomb.boolean.order_cones import common_order, in_cone, small_members, vertex_order

if TYPE_CHECKING:
    from fractions import Fraction

vectors = st.lists(st.integers(-3, 3), min_size=3, max_size=3)


@given(st.lists(st.fractions(-3, 3, max_denominator=3), min_size=1, max_size=5))
def test_weights_are_in_the_cone_of_their_order(a: list[Fraction]) -> None:
    """Ties and zeros included."""
    order = vertex_order(a)
    assert sorted(order) == list(range(1 << len(a)))
    assert in_cone(a, order)


@given(vectors, vectors)
def test_the_definition(a: list[int], b: list[int]) -> None:
    """In the cone of b's order exactly if no later vertex has a smaller value, compared for all pairs."""
    order = vertex_order(b)
    values = [int(points(3)[k].astype(int) @ np.array(a)) for k in order]
    assert in_cone(a, order) == all(low <= high for low, high in itertools.combinations(values, 2))


@given(st.lists(vectors, min_size=1, max_size=3))
def test_a_common_order_is_found_if_there_is_one(given_vectors: list[list[int]]) -> None:
    """Without one, two vertices are in opposite orders by two of the vectors."""
    order = common_order(given_vectors)
    cube = points(3).astype(int)
    values = [cube @ np.array(a) for a in given_vectors]
    opposite = any(
        (u[i] - u[j]) * (v[i] - v[j]) < 0
        for u, v in itertools.combinations(values, 2)
        for i, j in itertools.combinations(range(8), 2)
    )
    if order is None:
        assert opposite
    else:
        assert not opposite
        assert all(in_cone(a, order) for a in given_vectors)


@pytest.mark.parametrize(("m", "orders"), [(1, 2), (2, 8), (3, 96), (4, 5376)])
def test_the_number_of_orders(m: int, orders: int) -> None:
    """The cones with inner points are the cells of the arrangement of all differences of vertices."""
    differences = [d for d in itertools.product((-1, 0, 1), repeat=m) if d > (0,) * m]
    assert relucomb.count_dichotomies(differences, hidden_bias=False) == orders
    if m <= 3:
        random = np.random.default_rng(0)
        found = {vertex_order(random.integers(-(10**6), 10**6, m)) for _ in range(3000)}
        assert len(found) == orders


def test_small_members_are_all_members() -> None:
    """The same as trying each; all of them are closed under addition."""
    order = vertex_order([4, -1, 2])
    found = small_members(order, 3, 2).tolist()
    assert found == [list(a) for a in itertools.product(range(-2, 3), repeat=3) if in_cone(a, order)]
    assert all(in_cone(np.add(a, b), order) for a in found for b in found)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: vertex_order([]), "from 1 to 12 weights; got 0"),
        (lambda: vertex_order([1] * 13), "got 13"),
        (lambda: in_cone([1, 2], [0, 1, 2, 2]), "order must have each index from 0 to 3 once"),
        (lambda: in_cone([1, 2], [0, 1]), "order must have each index"),
        (lambda: common_order([]), "one vector at least"),
        (lambda: common_order([[1], [1, 2]]), "one length; got [1, 2]"),
        (lambda: small_members([0, 1], 1, 10**6), "at most 1000000"),
    ],
)
def test_bad_input(make: Any, complaint: str) -> None:
    """What is wrong is told."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make()
