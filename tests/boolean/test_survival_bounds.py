"""Tests of the worst survival probability against all gates and against its definition."""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from fractions import Fraction
from typing import Any, cast

import numpy as np
import pytest

from relucomb.boolean import survival_bounds
from relucomb.boolean.function import BooleanFunction
from relucomb.boolean.restrictions import RandomRestriction
from relucomb.boolean.survival import GateKind, survival_probability
from relucomb.boolean.survival_bounds import LIMIT_CONSTANT, stepwise_bound, worst_survival
from relucomb.boolean.threshold import threshold_functions


def by_lines(parts: int, size: int) -> Fraction:
    """Add up the greatest probabilities of the lines, point by point."""
    greatest: dict[tuple[int, ...], int] = defaultdict(int)
    for counts in itertools.product(range(size), repeat=parts):
        ways = math.prod(math.comb(size - 1, c) for c in counts)
        line = tuple(c - min(counts) for c in counts)
        greatest[line] = max(greatest[line], ways)
    return Fraction(sum(greatest.values()), 1 << parts * (size - 1))


SHAPES = [(1, 1), (1, 2), (1, 5), (1, 6), (2, 1), (2, 2), (2, 3), (2, 6), (3, 1), (3, 2), (3, 4), (4, 3), (5, 2)]


@pytest.mark.parametrize(("parts", "size"), SHAPES)
def test_the_bound_is_the_sum_over_lines(parts: int, size: int) -> None:
    """The formula with products is the sum of the greatest probabilities."""
    found = worst_survival(parts, size)
    assert found.bound == by_lines(parts, size)
    assert found.attained <= found.bound <= 1
    assert found.bound <= max(stepwise_bound(parts, size), Fraction(1))


@pytest.mark.parametrize(("parts", "size"), SHAPES)
def test_equal_weights_attain(parts: int, size: int) -> None:
    """The lower number is the survival of equal weights, with some bias, as LTF and as ReLU gate."""
    rho = RandomRestriction.blocks(parts * size, parts)
    weights = [1] * rho.n
    gates: tuple[GateKind, ...] = ("LTF", "ReLU")
    for gate in gates:
        best = max(survival_probability(weights, Fraction(bias, 2), rho, gate).probability for bias in range(-3, 4))
        assert best == worst_survival(parts, size).attained


@pytest.mark.parametrize(("parts", "size"), [(1, 3), (2, 2), (3, 1)])
def test_no_threshold_function_survives_more(parts: int, size: int) -> None:
    """All threshold functions of 3 or 4 variables, all restrictions: the worst is just as bad as equal weights."""
    rho = RandomRestriction.blocks(parts * size, parts)
    left = list(rho)
    worst = max(sum(0 < one(f).ones < 1 << parts for one in left) for f in threshold_functions(rho.n))
    assert Fraction(worst, rho.count) == worst_survival(parts, size).attained


def test_random_monotone_functions_of_six_variables() -> None:
    """Functions that are monotone, threshold or not, stay below the bound; for parity it does not hold."""
    random = np.random.default_rng(0)
    rho = RandomRestriction.blocks(6, 2)
    left = list(rho)
    bound = worst_survival(2, 3).bound
    index = np.arange(64)
    for _ in range(30):
        generators = random.integers(1, 64, random.integers(1, 8))
        f = BooleanFunction(np.any([index & g == g for g in generators], axis=0))
        assert Fraction(sum(0 < one(f).ones < 4 for one in left), rho.count) <= bound
    parity = BooleanFunction.from_name("parity", 6)
    assert all(0 < one(parity).ones < 4 for one in left)


@pytest.mark.parametrize(("parts", "size"), [(1, 30), (1, 31), (2, 20), (3, 14), (4, 9)])
def test_rounded_up(parts: int, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In floats the bound is a little greater than the exact one."""
    exact = worst_survival(parts, size).bound
    monkeypatch.setattr(survival_bounds, "MOST_PRODUCTS", 0)
    rounded = worst_survival(parts, size).bound
    assert isinstance(rounded, float)
    assert exact <= Fraction(rounded) <= exact * Fraction(101, 100)


def test_large_parts() -> None:
    """Both numbers tend to sqrt(2/pi) in units of |P|/sqrt n."""
    low, high = worst_survival(10, 10_000).constants
    assert 0.99 * LIMIT_CONSTANT < low < high < 1.01 * LIMIT_CONSTANT


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: worst_survival(0, 3), "parts must be a whole number"),
        (lambda: worst_survival(2, cast("int", 1.5)), "size must be a whole number"),
        (lambda: worst_survival(2000, 1000), "at most 1000000"),
    ],
)
def test_bad_input(make: Any, complaint: str) -> None:
    """What is wrong is told."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make()
