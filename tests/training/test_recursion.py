"""Lemma 3.E.1: values worked out by hand, ties, and the least time against a literal iteration."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import naive_training as naive
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from relucomb.training.recursion import least_steps, recursion_bound, recursion_schedule

QUARTERS = st.integers(1, 16).map(lambda k: Fraction(k, 4))


def test_first_case_of_the_lemma() -> None:
    """With b = c1 = 1, C = 10, eps = 0.1 a quarter is left over per step, and the 26th value is the first below."""
    found = recursion_schedule(b=1, c1=1, c2=0, C=10, eps=0.1)
    assert (found.eta, found.alpha, found.T, found.limit, found.certified) == (0.5, 0.75, 26, 0.0, True)
    np.testing.assert_allclose(recursion_bound(found, 10, np.array([24, 25])), [0.010034, 0.0075254], rtol=1e-4)


@pytest.mark.parametrize(
    ("c1", "alpha", "T", "limit"), [(1, 0.9901970395, 539, 0.005), (2, 0.99509851975, 997, 0.0025)]
)
def test_second_case_of_the_lemma(c1: int, alpha: float, T: int, limit: float) -> None:
    """The limit is the share c2/c1 of the target, and the acceptance values are the first that reach it."""
    found = recursion_schedule(b=1, c1=c1, c2=0.5, C=1, eps=0.1)
    assert found.alpha == pytest.approx(alpha, abs=1e-10)
    assert found.limit == pytest.approx(limit)
    assert found.T == T
    start, square = Fraction(1), Fraction(0.1) ** 2
    _, exact, beta = naive.recursion_factors(1, c1, 0.5, square)
    values = naive.recursion_values(exact, beta, start, T)
    assert values[found.T - 1] <= square < values[found.T - 2]


def test_beta_as_printed_is_too_large_by_c1() -> None:
    """The proof of the lemma drops a factor 1/c1 of beta: 1.2254e-5 is true, 2.4507e-5 printed."""
    true = recursion_schedule(b=1, c1=2, c2=0.5, C=1, eps=0.1)
    printed = recursion_schedule(b=1, c1=2, c2=0.5, C=1, eps=0.1, published=True)
    assert (round(true.beta, 9), round(printed.beta, 9)) == (1.2254e-5, 2.4507e-5)


@given(
    QUARTERS, QUARTERS, st.integers(0, 8).map(lambda k: Fraction(k, 8)), QUARTERS, st.sampled_from([0.25, 0.5, 1, 2])
)
def test_least_time_is_that_of_a_literal_iteration(
    b: Fraction, c1: Fraction, c2: Fraction, C: Fraction, eps: float
) -> None:
    """Whether the lemma's conditions hold or not, T is the first index of a value that is small enough."""
    found = recursion_schedule(float(b), float(c1), float(c2), float(C), eps)
    step, alpha, beta = naive.recursion_factors(b, c1, c2, Fraction(eps) ** 2)
    assert (found.eta, found.alpha, found.beta) == (float(step), float(alpha), float(beta))
    assert (alpha >= 0) is (found.hypotheses[-1].holds is True)
    if alpha < 0:
        assert found.T is None
        assert not found.certified
        return
    least = naive.least_time(alpha, beta, C, Fraction(eps) ** 2, limit=300)
    assert least == found.T or (least is None and (found.T or 301) > 300)
    if found.certified:
        assert found.T is not None


@given(st.integers(1, 7), st.integers(1, 12), st.integers(1, 40))
def test_ties_count_as_reached(numerator: int, power: int, start: int) -> None:
    """A target that is a power of the contraction times the start is reached at that power, not one later."""
    alpha = Fraction(numerator, 8)
    goal = alpha**power * start
    assert least_steps(1 - alpha, Fraction(0), Fraction(start), goal) == 1 + power
    nearly = goal - Fraction(1, 10**60)
    assert least_steps(1 - alpha, Fraction(0), Fraction(start), nearly) == 2 + power


def test_contractions_near_one_keep_their_digits() -> None:
    """A rate of 2^-60 is no rate as a float 1 - rate, and still has the right number of steps."""
    rate = Fraction(1, 2**60)
    assert least_steps(rate, Fraction(0), Fraction(2), Fraction(1)) == 1 + 799144290325165979
    assert least_steps(Fraction(1, 2**70), Fraction(0), Fraction(2), Fraction(1)) is None


@pytest.mark.parametrize(
    ("b", "c1", "c2", "C", "eps", "T"),
    [
        (2.0, 1.0, 0.0, 5.0, 0.1, 2),  # alpha = 0
        (2.0, 1.0, 0.5, 5.0, 1.0, 2),  # alpha = 0, limit 1/2
        (2.0, 1.0, 1.0, 5.0, 1.0, 2),  # alpha = 0, limit equal to the target
        (1.0, 1.0, 0.5, 0.25, 0.5, 1),  # C = eps^2
        (1.0, 1.0, 5.0, 0.125, 0.5, 1),  # C < eps^2, whatever comes later
        (1.0, 1.0, 1.0, 1.0, 0.5, None),  # c2 = c1: only in the limit
        (1.0, 1.0, 2.0, 1.0, 0.5, None),  # c2 > c1: never
        (4.0, 1.0, 0.0, 1.0, 0.5, None),  # alpha < 0
        (1e-10, 1e300, 0.0, 1.0, 0.5, None),  # more steps than can be counted
    ],
)
def test_degenerate_cases(b: float, c1: float, c2: float, C: float, eps: float, T: int | None) -> None:
    """Contraction 0, a start that is small enough, limits at and beyond the target, a negative contraction."""
    assert recursion_schedule(b, c1, c2, C, eps).T == T


@given(st.floats(0.1, 3.0))
def test_the_condition_is_not_decided_by_rounding(b: float) -> None:
    """At c1 = b²/4 as floats make it, certified means that there is a number of steps."""
    found = recursion_schedule(b, b * b / 4, 0, 1, 0.1)
    assert found.certified is (Fraction(b) ** 2 <= 4 * Fraction(b * b / 4))
    assert found.certified is (found.T is not None)


@pytest.mark.parametrize(("b", "c1", "c2", "eps"), [(1, 1, 0.5, 1e-200), (1e300, 1e-300, 0, 0.1), (1, 1, 0.5, 1e200)])
def test_extreme_numbers_do_not_overflow(b: float, c1: float, c2: float, eps: float) -> None:
    """Numbers that floats cannot hold are told as infinite or 0, and raise nothing."""
    found = recursion_schedule(b, c1, c2, 1.0, eps)
    assert found.T is None or found.certified


@given(QUARTERS, QUARTERS, st.integers(0, 8).map(lambda k: Fraction(k, 8)), QUARTERS, st.integers(1, 30))
def test_unrolled_bound_is_the_recursion(b: Fraction, c1: Fraction, c2: Fraction, C: Fraction, count: int) -> None:
    """The closed form agrees with the recursion of equality, also for a contraction of 0."""
    _, alpha, beta = naive.recursion_factors(b, c1, c2, Fraction(1, 4))
    assume(alpha >= 0)
    found = recursion_schedule(float(b), float(c1), float(c2), float(C), 0.5)
    values = [float(value) for value in naive.recursion_values(alpha, beta, C, count)]
    np.testing.assert_allclose(recursion_bound(found, float(C), np.arange(count)), values, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("name", ["b", "c1", "C", "eps"])
@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_constants_must_be_positive(name: str, value: float) -> None:
    """The message names the constant."""
    numbers: dict[str, Any] = {"b": 1.0, "c1": 1.0, "c2": 0.5, "C": 1.0, "eps": 0.1} | {name: value}
    with pytest.raises(ValueError, match=f"^{name} must be a positive finite number"):
        recursion_schedule(**numbers)


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_c2_must_not_be_negative(value: float) -> None:
    """It may be 0."""
    with pytest.raises(ValueError, match=r"^c2 must be a finite number that is not negative"):
        recursion_schedule(1, 1, value, 1, 0.1)
