"""Tests of intervals for a probability, and of how many attempts one success takes."""

from __future__ import annotations

from math import comb

import pytest

from relucomb.racing.confidence import clopper_pearson, restarts_needed


@pytest.mark.parametrize(("successes", "runs"), [(0, 7), (3, 10), (7, 7), (1, 200), (150, 200)])
def test_the_interval_ends_where_the_tails_have_the_rest(successes: int, runs: int) -> None:
    """At the lower end so many successes or more have probability 2.5 %, at the upper end so many or fewer."""
    low, high = clopper_pearson(successes, runs)

    def probability(p: float, counts: range) -> float:
        return sum(comb(runs, k) * p**k * (1 - p) ** (runs - k) for k in counts)

    if successes:
        assert probability(low, range(successes, runs + 1)) == pytest.approx(0.025)
    else:
        assert low == 0
    if successes < runs:
        assert probability(high, range(successes + 1)) == pytest.approx(0.025)
    else:
        assert high == 1


def test_a_higher_level_is_a_wider_interval() -> None:
    """And the share itself lies within."""
    narrow, wide = clopper_pearson(30, 100, 0.5), clopper_pearson(30, 100, 0.99)
    assert wide[0] < narrow[0] < 0.3 < narrow[1] < wide[1]


@pytest.mark.parametrize("fraction", [0.001, 0.02, 0.3, 0.9, 0.98])
def test_so_many_restarts_and_no_fewer(fraction: float) -> None:
    """All of them fail with probability at most 1 %, one fewer would not do."""
    needed = restarts_needed(fraction)
    assert needed is not None
    assert (1 - fraction) ** needed <= 0.01 < (1 - fraction) ** (needed - 1)


def test_never_and_always() -> None:
    """Who never succeeds needs infinitely many runs, who always does needs one."""
    assert (restarts_needed(0.0), restarts_needed(1.0), restarts_needed(0.995)) == (None, 1, 1)
