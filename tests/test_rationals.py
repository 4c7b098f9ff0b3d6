"""Tests of relucomb.rationals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from relucomb.rationals import as_entries, as_fractions, as_integer_rows, over_common_denominator

finite = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.one_of(finite, st.integers(), st.fractions())


@given(st.lists(numbers, min_size=1, max_size=6))
def test_fractions_are_the_numbers_themselves(values: list[float | int | Fraction]) -> None:
    """Python compares fractions and floats exactly, so equality says that nothing was rounded."""
    exact = as_fractions(values)
    assert exact.dtype == object
    assert all(type(entry) is Fraction for entry in exact)
    assert exact.tolist() == values


@pytest.mark.parametrize(
    "values",
    [
        np.array([[1, 2], [3, 4]], dtype=np.int8),
        np.array([[1, 2], [3, 4]], dtype=np.uint64),
        np.array([[0.1, 2], [3, 1e-300]], dtype=np.float32),
        np.array([[True, False]]),
        np.array([[np.float64(0.1), np.int64(7)]], dtype=object),
    ],
    ids=["int8", "uint64", "float32", "bool", "numpy scalars"],
)
def test_every_numeric_dtype_is_read_exactly(values: np.ndarray) -> None:
    """All of numpy's real dtypes are legal, and keep shape and value."""
    exact = as_fractions(values)
    assert exact.shape == values.shape
    assert (exact == values).all()


def test_a_long_double_keeps_its_extra_bits() -> None:
    """One part in 2^60 is below the precision of a double, not of a long double where there is one."""
    value = np.longdouble(1) + np.longdouble(2) ** -60
    assert as_fractions(np.array([value])).tolist() == [Fraction(*value.as_integer_ratio())]


def test_decimals_and_sympy_rationals_are_numbers() -> None:
    """Decimals and sympy's rationals carry exact values too."""
    assert as_fractions([Decimal("0.1"), sympy.Rational(2, 3)]).tolist() == [Fraction(1, 10), Fraction(2, 3)]


def test_lists_of_large_integers_are_not_rounded() -> None:
    """Left to itself numpy would turn this list into floats."""
    assert as_fractions([2**63, -1, 2**64 + 1]).tolist() == [2**63, -1, 2**64 + 1]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf"), np.float32("nan"), Decimal("Infinity")])
def test_a_number_that_is_not_finite_is_named_with_its_place(bad: float) -> None:
    """The message names argument, row and column."""
    with pytest.raises(ValueError, match=r"X: the entry in row 1, column 0 .* must be finite"):
        as_fractions([[0, 1], [bad, 2]], "X")
    with pytest.raises(ValueError, match=r"y: the entry \[2\] "):
        as_fractions([0, 1, bad], "y")


@pytest.mark.parametrize("bad", ["0.5", None, 1j, object()])
def test_what_is_not_a_real_number_is_a_type_error(bad: object) -> None:
    """Texts, None and complex numbers are refused with their place."""
    with pytest.raises(TypeError, match=r"X: the entry in row 0, column 1 .* legal are real numbers"):
        as_fractions(np.array([[0.0, bad]], dtype=object), "X")


def test_wrong_dimension_and_ragged_rows_are_named() -> None:
    """Shape errors say what was got."""
    with pytest.raises(ValueError, match=r"X must have 2 dimensions; got shape \(3,\)"):
        as_fractions([1, 2, 3], "X", ndim=2)
    with pytest.raises(ValueError, match=r"y must have 1 dimension; got shape \(1, 1\)"):
        as_fractions([[1]], "y", ndim=1)
    for ragged in ([[1, 2], [3]], [np.zeros((2, 2)), np.zeros((2, 3))]):
        with pytest.raises(ValueError, match="X must be a rectangular array of numbers"):
            as_entries(ragged, "X")


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=5))
def test_integer_rows_are_positive_multiples_without_common_divisor(rows: list[tuple[Fraction, ...]]) -> None:
    """Each row is primitive and lies on the ray of the row it came from."""
    for row, integers in zip(as_fractions(rows), as_integer_rows(rows), strict=True):
        assert all(type(entry) is int for entry in integers)
        ratios = {Fraction(p) / q for p, q in zip(integers, row, strict=True) if q}
        assert len(ratios) <= 1
        assert all(ratio > 0 for ratio in ratios)
        assert all((p == 0) == (q == 0) for p, q in zip(integers, row, strict=True))
        if any(integers):
            assert np.gcd.reduce(integers) == 1


def test_rows_on_one_ray_become_equal() -> None:
    """Positive multiples agree; opposite rows do not."""
    a, b, c = as_integer_rows([[0.5, -0.25], [6, -3], [-6, 3]]).tolist()
    assert a == b == [2, -1]
    assert c == [-2, 1]


def test_integer_rows_of_no_rows_and_no_columns() -> None:
    """Empty arrays keep their shape."""
    assert as_integer_rows(np.empty((0, 3))).shape == (0, 3)
    assert as_integer_rows(np.empty((2, 0))).shape == (2, 0)


@given(st.lists(st.fractions(max_denominator=50), min_size=1, max_size=6))
def test_common_denominator_is_the_least(values: list[Fraction]) -> None:
    """Numerators over the denominator give the values back, and no smaller denominator does."""
    numerators, denominator = over_common_denominator(as_fractions(values))
    assert [Fraction(p, denominator) for p in numerators] == values
    assert np.gcd.reduce([*numerators, denominator]) == 1
