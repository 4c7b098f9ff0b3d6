"""Tests of relucomb.tables.l1_distance."""

from __future__ import annotations

from fractions import Fraction

from relucomb import tables


def test_known_distances() -> None:
    """One line for two teeth pieces is at 1/4, two pieces for three at 5/27, as many pieces as teeth at 0."""
    table = tables.make("l1-distance", p=[1, 2], q=[2, 3])
    assert [row[:2] for row in table.rows] == [(2, 1), (2, 2), (3, 1), (3, 2)]
    computed = table.column("computed")
    assert computed[:2] == [Fraction(1, 4), 0]
    assert 0 <= computed[3] - Fraction(5, 27) <= Fraction(2, 10**4)
    assert all(bound <= value for bound, value in zip(table.column("least_sharper"), computed, strict=True))
