"""Both sides of an inequality, and how they are told."""

from __future__ import annotations

from fractions import Fraction

import pytest

from relucomb.training import Inequality


@pytest.mark.parametrize(
    ("left", "right", "strict", "holds", "told"),
    [
        (1, 2, False, True, "holds  A: 1 ≤ 2"),
        (1, 2, True, True, "holds  A: 1 < 2"),
        (2, 2, False, True, "holds  A: 2 ≤ 2"),
        (2, 2, True, False, "FAILS  A: 2 = 2"),
        (3, 2, True, False, "FAILS  A: 3 > 2"),
    ],
)
def test_every_relation(left: int, right: int, strict: bool, holds: bool, told: str) -> None:
    """Equality is enough unless the claim is strict."""
    check = Inequality("A", Fraction(left), Fraction(right), strict=strict)
    assert check.holds is holds
    assert str(check) == told
    assert check.slack == right - left


def test_what_floats_cannot_tell_apart() -> None:
    """Fractions are compared as fractions."""
    tiny = Fraction(1, 10**40)
    assert not Inequality("A", 1 + tiny, Fraction(1)).holds
    assert Inequality("A", Fraction(1), 1 + tiny, strict=True).holds


def test_as_a_document() -> None:
    """Plain numbers, and whether they are those that are printed."""
    document = Inequality("A", Fraction(1, 2), 0.25, published=True).to_dict()
    assert document == {"claim": "A", "left": 0.5, "right": 0.25, "published": True, "holds": False}
    assert str(Inequality("A", 1.0, 2.0, published=True)) == "holds  A (as printed): 1 ≤ 2"
