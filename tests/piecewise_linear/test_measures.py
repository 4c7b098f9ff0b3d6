"""Tests of intervals and extremes of functions; integrals and the rest are tested with the class."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from relucomb.piecewise_linear.arithmetic import from_fractions
from relucomb.piecewise_linear.calculus import absolute, hinge
from relucomb.piecewise_linear.measures import (
    extremes,
    interval_of,
    pieces_within,
    preimage,
    support,
    supremum,
)


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (None, (None, None)),
        ((-math.inf, math.inf), (None, None)),
        ([0, 1], (0, 1)),
        ((0.5, math.inf), (Fraction(1, 2), None)),
        ((Fraction(1, 3), 10**400), (Fraction(1, 3), 10**400)),
    ],
)
def test_intervals_are_read(interval: Any, expected: Any) -> None:
    """None and infinite ends are no ends."""
    assert interval_of(interval) == expected


@pytest.mark.parametrize("interval", [(0, 0), (1, 0), (0, -math.inf), (math.inf, 1), (math.nan, 1), 5, (1,), "ab"])
def test_other_intervals_are_refused(interval: Any) -> None:
    """Empty and flat ones, and what is no pair of numbers."""
    with pytest.raises((ValueError, TypeError), match="interval"):
        interval_of(interval)


def test_a_piece_that_only_touches_does_not_count() -> None:
    """|x| has both pieces on (-1, 1) and one on (0, 1)."""
    pairs = [(-1, 1), (0, 1), (-1, 0), (None, 0), (0, None), (None, None)]
    found = [pieces_within(absolute(), tuple(None if e is None else Fraction(e) for e in pair)) for pair in pairs]
    assert found == [(0, 1), (1, 1), (0, 0), (0, 0), (1, 1), (0, 1)]


def test_suprema_and_supports_on_rays() -> None:
    """A hinge is bounded and zero on the left, and neither on the right."""
    one = Fraction(1)
    assert supremum(hinge(), (None, one)) == 1
    assert supremum(hinge(), (one, None)) is None
    assert support(hinge(), (None, one)) == (0, 1)
    assert support(hinge(), (None, -one)) == (0, 0)
    assert support(hinge(), (one, None)) is None


def test_extremes_of_fractions_that_are_one_float() -> None:
    """They are told apart."""
    values = [1 + Fraction(k, 10**30) for k in (1, -1, 0)]
    assert extremes(*from_fractions(values)) == (values[1], values[0])


def test_preimages_in_arrays() -> None:
    """Points where it is isolated, pieces where it is constant."""
    p, q, flat = preimage(absolute(), Fraction(1, 2))
    assert (p.tolist(), q.tolist(), flat) == ([-1, 1], [2, 2], [])
    assert preimage(hinge(), Fraction(0))[2] == [0]
