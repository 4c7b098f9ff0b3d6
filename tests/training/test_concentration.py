"""Azuma's bound against exact tails of walks, and intervals against their coverage."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import naive_training as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.training import azuma_hoeffding_bound, clopper_pearson, theorem_3_d_1, walk_tail


@pytest.mark.parametrize(
    ("steps", "size", "lam", "tail", "bound"),
    [(100, 1, 20, 0.0284440, 0.1353353), (16, 4, 24, 0.1050568, 0.3246525)],
)
def test_walks_of_the_source(steps: int, size: int, lam: float, tail: float, bound: float) -> None:
    """Exact tails and bounds agree with values computed elsewhere."""
    check = theorem_3_d_1(steps, size, lam)
    assert (round(float(check.left), 7), round(float(check.right), 7)) == (tail, bound)
    assert check.holds


def test_the_exponent_as_printed_is_no_bound() -> None:
    """With c in the place of c², the walk of ±4 exceeds it nine times over."""
    check = theorem_3_d_1(16, 4, 24, published=True)
    assert round(float(check.right), 7) == 0.0111090
    assert not check.holds
    assert check.published


@given(st.integers(1, 40), st.integers(1, 5), st.integers(-60, 250).map(lambda k: Fraction(k, 2)))
def test_tails_are_exact(steps: int, size: int, lam: Fraction) -> None:
    """The tail is that of counting all walks, for every level, also below 0 and beyond reach."""
    assert walk_tail(steps, lam, size) == naive.walk_tail(size, steps, lam)


@given(st.integers(1, 40), st.integers(1, 5), st.integers(1, 250).map(lambda k: k / 2))
def test_the_bound_is_above_the_tail(steps: int, size: int, lam: float) -> None:
    """It holds for every walk; and it is the formula."""
    check = theorem_3_d_1(steps, size, lam)
    assert check.holds
    assert float(check.right) == pytest.approx(naive.azuma_bound([size] * steps, lam), rel=1e-12)


def test_unequal_steps() -> None:
    """The squares of all bounds are added."""
    assert azuma_hoeffding_bound([3, 4], 5) == pytest.approx(np.exp(-0.5))
    assert azuma_hoeffding_bound([3, 4], 5, published=True) == pytest.approx(np.exp(-25 / 14))


@pytest.mark.parametrize("differences", [[], [1.0, 0.0], [1.0, -2.0], [float("nan")], [float("inf")], 3.0, [[1.0]]])
def test_differences_that_are_refused(differences: Any) -> None:
    """They must be positive finite numbers in one row."""
    with pytest.raises(ValueError, match="differences must be positive finite numbers"):
        azuma_hoeffding_bound(differences, 1.0)


@pytest.mark.parametrize("lam", [0.0, -1.0, float("nan"), float("inf")])
def test_deviations_that_are_refused(lam: float) -> None:
    """The deviation must be positive and finite."""
    with pytest.raises(ValueError, match="lam must be a positive finite number"):
        azuma_hoeffding_bound([1.0], lam)


def test_walks_that_are_refused() -> None:
    """There must be a step, of a positive size."""
    with pytest.raises(ValueError, match="steps must be at least 1; got 0"):
        walk_tail(0, 1)
    with pytest.raises(ValueError, match="size must be positive; got 0"):
        walk_tail(3, 1, 0)


@pytest.mark.parametrize("probability", [0.001, 0.03, 0.3, 0.5, 0.97])
@pytest.mark.parametrize("trials", [1, 7, 60])
def test_intervals_cover(probability: float, trials: int) -> None:
    """The exact probability that the interval holds the parameter is at least the confidence."""
    from scipy.stats import binom

    covered = 0.0
    for hits in range(trials + 1):
        low, high = clopper_pearson(hits, trials, 0.9)
        covered += float(binom.pmf(hits, trials, probability)) * (low <= probability <= high)
    assert covered >= 0.9


@pytest.mark.parametrize(("hits", "trials"), [(-1, 5), (6, 5), (0, 0)])
def test_hits_that_are_refused(hits: int, trials: int) -> None:
    """They must be from 0 to the trials."""
    with pytest.raises(ValueError, match="hits must be from 0 to trials"):
        clopper_pearson(hits, trials)


@pytest.mark.parametrize("confidence", [0.0, 1.0, float("nan")])
def test_confidences_that_are_refused(confidence: float) -> None:
    """They must be between 0 and 1."""
    with pytest.raises(ValueError, match="confidence must be between 0 and 1"):
        clopper_pearson(1, 2, confidence)


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
