"""Tests of relucomb.tables.partitions."""

from __future__ import annotations

from relucomb import tables


def test_what_is_printed_is_wrong_from_the_first_point_on() -> None:
    """One point of the plane can be on either side; on a line, points have fewer partitions."""
    table = tables.make("partitions", n=2, points=[1, 4])
    assert table.rows == ((2, 1, 0, 2, 2, 2), (2, 4, 12, 14, 14, 8))
    assert tables.make("partitions", n=2, points=50, limit=100).rows == ((2, 50, 2450, 2452, None, None),)
