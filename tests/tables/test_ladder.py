"""Tests of relucomb.tables.ladder."""

from __future__ import annotations

from relucomb import tables


def test_the_corollary_as_printed() -> None:
    """k^(k+1)/2 - 1, rounded up, against k^3 units; the exponent of Corollary 2.3.3 is misprinted."""
    table = tables.make("ladder", k=[2, 3, 4], limit=100)
    assert table.column("least_2_3_4") == [3, 40, 511]
    assert table.column("least_2_3_3") == [1, 4, 7]
    assert table.column("size") == [8, 27, 64]
    assert table.column("line_counted") == [18, None, None]
    assert table.column("dimension_counted") == table.column("dimension_exact") == [5, 19, 49]
