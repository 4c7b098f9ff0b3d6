"""Tests of domains."""

from __future__ import annotations

from fractions import Fraction

import pytest

from relucomb.pieces.domain import as_box


def test_a_box_is_read_exactly() -> None:
    """Floats are the rationals they are."""
    box = as_box([(0.1, 1), (Fraction(-1, 3), 2)], 2)
    assert box is not None
    assert box.low == (Fraction(0.1), Fraction(-1, 3))
    assert box.high == (1, 2)
    assert as_box(None, 2) is None


@pytest.mark.parametrize(
    ("domain", "message"),
    [
        ([(0, 1)], "2 pairs"),
        ([(0, 1), (1, 0)], "empty in coordinate 1"),
        ([(3, 3), (0, 1)], "flat in coordinate 0"),
        ([(0, float("inf")), (0, 1)], "finite"),
        ([(0, 1), (0, float("nan"))], "finite"),
        ([0, 1], "2 pairs"),
        ("box", "domain"),
    ],
)
def test_what_is_no_box_is_refused(domain: object, message: str) -> None:
    """Each message says what is wrong and where."""
    with pytest.raises((ValueError, TypeError), match=message):
        as_box(domain, 2)  # type: ignore[arg-type]


def test_too_many_corners() -> None:
    """A box in many dimensions has too many corners to start from."""
    with pytest.raises(ValueError, match="corners"):
        as_box([(0, 1)] * 30, 30)
