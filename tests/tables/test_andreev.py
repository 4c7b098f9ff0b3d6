"""Tests of relucomb.tables.andreev."""

from __future__ import annotations

from fractions import Fraction

from relucomb import tables


def test_more_gates_are_proven_for_more_variables() -> None:
    """From k = 74 on more than n, for a tenth; for few variables nothing follows."""
    table = tables.make("andreev", k=[4, 73, 74, 200], epsilon=Fraction(1, 10))
    proven = table.column("gates_proven")
    assert proven[0] is None
    numbers = [value for value in proven[1:] if value is not None]
    assert numbers == sorted(numbers)
    assert numbers[1] >= 75 > numbers[0]
    assert table.column("variables") == [5, 74, 75, 201]


def test_the_printed_bound() -> None:
    """The formula of the column gives its numbers."""
    table = tables.make("andreev", k=99, epsilon=Fraction(1, 4), delta=Fraction(1, 10))
    [(_, formula)] = table.formulas()
    assert abs(float(formula(k=99, epsilon=Fraction(1, 4), delta=Fraction(1, 10))) - 86.4) < 1e-9
    assert table.column("gates_printed") == [Fraction(864, 10)]
