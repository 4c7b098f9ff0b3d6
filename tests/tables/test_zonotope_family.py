"""Tests of relucomb.tables.zonotope_family."""

from __future__ import annotations

from relucomb import tables


def test_the_smallest_example() -> None:
    """Two generators in the plane, two folds: 8 as printed, 16 inside and one outside."""
    (row,) = tables.make("zonotope-family", n=2, k=2, w=2, m=2).rows
    assert row[:9] == (2, 2, 2, 2, 8, 8, 4, 17, 17)


def test_rivals_have_no_more_units_and_as_many_layers() -> None:
    """Montúfar's construction is not defined where its layers would be narrower than the input."""
    table = tables.make("zonotope-family", n=[2, 4], k=2, w=2, m=3, limit=30)
    assert table.column("rival_width") == [3, 3]
    assert table.column("montufar") == [7, None]
    assert table.column("montufar_counted") == [7, None]
    assert table.column("pieces_counted") == [25, None]
    assert table.column("telgarsky_counted") == [27, 27]
