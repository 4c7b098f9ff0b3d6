"""Tests of relucomb.commandline.quantities."""

from __future__ import annotations

import argparse
from fractions import Fraction

import pytest

from relucomb.commandline.quantities import exact_numbers, intervals, large, number, rough_duration


@pytest.mark.parametrize("digits", [15, 16, 17, 100, 5000])
def test_large_counts_keep_their_leading_digits(digits: int) -> None:
    """Also next to powers of ten, where the logarithm of floats is off by one."""
    assert large(10**digits) == f"1.00e{digits}"
    assert large(10**digits - 1) == (f"9.99e{digits - 1}" if digits > 15 else "999,999,999,999,999")
    assert large(1230 * 10**digits) == f"1.23e{digits + 3}"


def test_durations_are_rough() -> None:
    """Seconds, then minutes and hours, then years."""
    assert [rough_duration(s) for s in (2.4, 99.0, 3600.0, 3e8)] == ["2 seconds", "99 seconds", "1h00m", "1e+01 years"]


def test_exact_numbers() -> None:
    """Decimals and fractions are the rationals they look like."""
    assert exact_numbers("0.1, -2/3,1e2") == [Fraction(1, 10), Fraction(-2, 3), 100]
    assert [number(value) for value in (Fraction(6, 3), Fraction(-1, 2), 5)] == [2, "-1/2", 5]


@pytest.mark.parametrize("text", ["", "1,,2", "a", "1/0", "nan", "inf", "1e999", "0x1", "٣"])
def test_numbers_refused(text: str) -> None:
    """Empty cells, words, division by zero, what is not finite and digits of other scripts."""
    with pytest.raises(argparse.ArgumentTypeError, match="must be numbers separated by commas"):
        exact_numbers(text)


@pytest.mark.parametrize("text", ["", "1", "1:", "1:2:3", "1:2,", "a:b"])
def test_intervals_refused(text: str) -> None:
    """An interval has two ends."""
    with pytest.raises(argparse.ArgumentTypeError, match="must be intervals LOW:HIGH"):
        intervals(text)
