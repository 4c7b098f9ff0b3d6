"""Generators as exact integers: what is merged and how it is counted."""

from __future__ import annotations

from fractions import Fraction

import pytest

import relucomb as rc
from relucomb.zonotopes.generators import most_vertices


def test_directions() -> None:
    """Zero generators have none, parallel and antiparallel ones share theirs."""
    Z = rc.Zonotope([[0, 0], [1, 2], [-2, -4], [Fraction(1, 2), 1], [1, 0]])
    assert (len(Z), Z.directions, Z.dimension) == (5, 2, 2)
    assert Z.merged().generators.tolist() == [[Fraction(7, 2), 7], [1, 0]]


@pytest.mark.parametrize(
    ("m", "n", "most"), [(0, 3, 1), (3, 0, 1), (1, 1, 2), (5, 1, 2), (5, 2, 10), (3, 7, 8), (20, 4, 2320)]
)
def test_most_vertices(m: int, n: int, most: int) -> None:
    """Twice the sum that Theorem 2.3.7 prints."""
    assert most_vertices(m, n) == most


def test_comparison() -> None:
    """Zonotopes of different spaces differ, and one may serve as a key."""
    assert rc.Zonotope([[1]]) != rc.Zonotope([[1, 0]])
    assert rc.Zonotope([[0, 0]]) == rc.Zonotope([[0.0, 0.0], [0, 0]])
    assert {rc.Zonotope([[1, 2], [-1, -2]]): "a"}[rc.Zonotope([[2.0, 4.0]])] == "a"
