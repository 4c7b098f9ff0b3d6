"""Conditions: what holds, what fails and by how much, and what nobody can tell."""

from __future__ import annotations

import math

import pytest

from relucomb.training import Hypothesis
from relucomb.training.hypotheses import all_hold, at_least, at_most


@pytest.mark.parametrize(
    ("value", "strictly", "holds"), [(1.0, False, True), (2.0, False, True), (2.0, True, False), (3.0, False, False)]
)
def test_at_most(value: float, strictly: bool, holds: bool) -> None:
    """The limit itself is legal unless it is strict, and the remark is for failures only."""
    found = at_most("a ≤ 2", value, 2.0, "less of it", strictly=strictly)
    assert found.holds is holds
    assert found.remark == ("" if holds else "less of it")


@pytest.mark.parametrize(
    ("value", "strictly", "holds"), [(3.0, False, True), (2.0, False, True), (2.0, True, False), (1.0, False, False)]
)
def test_at_least(value: float, strictly: bool, holds: bool) -> None:
    """The same from below."""
    assert at_least("a ≥ 2", value, 2.0, strictly=strictly).holds is holds


def test_a_failure_says_by_how_much() -> None:
    """Value, distance from the limit, and what helps."""
    found = at_most("a ≤ 2", 3.5, 2.0, "less of it")
    assert found.violation == 1.5
    assert str(found) == "fails    a ≤ 2: it is 3.5, 1.5 too far; less of it"


def test_what_is_not_a_number_holds_nowhere() -> None:
    """NaN satisfies no condition."""
    assert at_most("a ≤ 2", math.nan, 2.0).holds is False
    assert at_least("a ≥ 2", math.nan, 2.0).holds is False


def test_the_unknown() -> None:
    """It is neither kept nor broken, and a theorem that needs it is not known to hold."""
    unknown = Hypothesis("w* is known", None)
    assert math.isnan(unknown.violation)
    assert str(unknown) == "unknown  w* is known"
    assert not all_hold([at_most("a ≤ 2", 1.0, 2.0), unknown])
    assert all_hold([at_most("a ≤ 2", 1.0, 2.0)])
    assert all_hold([])


def test_as_a_document() -> None:
    """All fields, and the violation."""
    document = at_most("a ≤ 2", 3.0, 2.0, "r").to_dict()
    assert document == {
        "statement": "a ≤ 2",
        "holds": False,
        "value": 3.0,
        "limit": 2.0,
        "violation": 1.0,
        "remark": "r",
    }
