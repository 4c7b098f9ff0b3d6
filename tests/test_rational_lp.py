"""Tests of strict inequalities decided with certificates."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb_solvers import rational_lp
from relucomb_solvers.rational_lp import Certificate, decide, decide_by_simplex

if TYPE_CHECKING:
    import pytest

matrices = st.integers(1, 4).flatmap(
    lambda d: st.lists(st.lists(st.integers(-3, 3), min_size=d, max_size=d), min_size=1, max_size=9)
)


def has_solution_by_hand(rows: list[list[int]]) -> bool:
    """Decide by elimination, one variable after another, in integers."""
    if any(not any(row) for row in rows):
        return False
    if not rows or not rows[0]:
        return not rows
    positive = [row for row in rows if row[0] > 0]
    negative = [row for row in rows if row[0] < 0]
    rest = [row[1:] for row in rows if row[0] == 0]
    if not positive or not negative:
        return not rest or has_solution_by_hand(rest)
    both = [
        [-q[0] * a + p[0] * b for a, b in zip(p[1:], q[1:], strict=True)]
        for p, q in itertools.product(positive, negative)
    ]
    if len(rows[0]) == 1:
        return False
    return has_solution_by_hand(rest + both)


@settings(max_examples=200)
@given(matrices)
def test_both_ways_are_right_and_certified(rows: list[list[int]]) -> None:
    """The answer is that of elimination, by float proposal and by exact simplex, and its certificate holds."""
    expected = has_solution_by_hand(rows)
    for method in (decide, decide_by_simplex):
        certificate = method(rows)
        assert certificate.holds(rows)
        assert (certificate.solution is not None) == expected


def test_numbers_beyond_floats() -> None:
    """Two hyperplanes that floats cannot tell apart: solvable or not by the last digit."""
    big = 10**40
    solvable = [(big, 1 - big), (1 - big, big)]
    assert decide(solvable).holds(solvable)
    assert decide(solvable).solution is not None
    opposite = [(big, -big - 1), (-big, big + 1)]
    assert decide(opposite).combination == {0: 1, 1: 1}


def test_wrong_proposals_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the float programme fails or lies, the exact method decides."""

    class Lie:
        status = 0
        x = np.array([1.0, 0.0, 1.0])

        class ineqlin:  # noqa: N801
            marginals = np.array([-1.0, 0.0])

    monkeypatch.setattr(rational_lp, "linprog", lambda *_, **__: Lie)
    assert decide([(1, 0), (-1, 0)]).combination == {0: 1, 1: 1}
    assert decide([(-1, 0), (0, 1)]).holds([(-1, 0), (0, 1)])


def test_certificates_can_fail() -> None:
    """A wrong certificate is told from a right one."""
    rows = [(1, 0), (0, 1)]
    assert Certificate((1, 1), None).holds(rows)
    assert not Certificate((1, 0), None).holds(rows)
    assert not Certificate(None, {0: 1, 1: 1}).holds(rows)
    assert not Certificate(None, {}).holds(rows)
    assert not Certificate(None, None).holds(rows)
    assert not Certificate((1, 1), {0: 1}).holds(rows)
    assert not Certificate(None, {0: -1, 1: -1}).holds([(1, 0), (-1, 0)])
