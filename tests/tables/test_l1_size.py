"""Tests of relucomb.tables.l1_size."""

from __future__ import annotations

from fractions import Fraction

from relucomb import tables


def test_more_is_needed_the_nearer_one_comes() -> None:
    """The bounds fall with the distance, and that for distance 0 is above all."""
    table = tables.make("l1-size", k=5, w=3, shallow=2, delta=[Fraction(1, 1000), Fraction(1, 8), Fraction(6, 25)])
    for key in ("least_printed", "least_integer"):
        values = table.column(key)
        assert values == sorted(values, reverse=True)
        assert max(values) <= table.column("least_exactly")[0]
