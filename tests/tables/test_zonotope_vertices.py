"""Tests of relucomb.tables.zonotope_vertices."""

from __future__ import annotations

from relucomb import tables


def test_half_of_the_vertices_is_printed() -> None:
    """A segment has two ends, a square four corners."""
    table = tables.make("zonotope-vertices", n=[1, 2], m=[1, 2])
    assert table.rows == ((1, 1, 1, 2, 2), (1, 2, 1, 2, 2), (2, 1, 1, 2, 2), (2, 2, 2, 4, 4))
    assert tables.make("zonotope-vertices", n=3, m=100, limit=9000).rows == ((3, 100, 4951, 9902, None),)
