"""Reading sign matrices: every refusal names the place."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from relucomb.sign_rank.entries import as_sign_matrix


@pytest.mark.parametrize("kind", [int, float, np.int8, np.float32, Fraction, object])
def test_numbers_of_any_type(kind: type) -> None:
    """-1 and 1 are read from every type of numbers."""
    signs = as_sign_matrix(np.array([[1, -1], [-1, 1]]).astype(kind if kind is not Fraction else object))
    assert signs.dtype == np.int8
    assert signs.tolist() == [[1, -1], [-1, 1]]
    assert not signs.flags.writeable


def test_bools_are_bits() -> None:
    """True is 1 and False is -1, as array and as list."""
    assert as_sign_matrix(np.array([[True, False]])).tolist() == [[1, -1]]
    assert as_sign_matrix([[True, False]]).tolist() == [[1, -1]]


@pytest.mark.parametrize(
    ("matrix", "told"),
    [
        ([[1, -1], [1, 0]], r"A\[1, 1\] is 0; a sign matrix has no zeros"),
        ([[1, 2]], r"A\[0, 1\] is 2; the entries of a sign matrix are -1 and 1"),
        ([[1.0, float("nan")]], r"A\[0, 1\] is not a number"),
        ([[1, 0.5]], r"A\[0, 1\] is 0.5"),
        ([1, -1], r"A must be a matrix; got shape \(2,\)"),
        ([[]], r"at least one row and one column; got shape \(1, 0\)"),
        ([], r"A must be a matrix; got shape \(0,\)"),
        (np.ones((0, 3)), r"at least one row"),
        ([[1, 1], [1]], "rows have different lengths"),
    ],
)
def test_wrong_values(matrix: object, told: str) -> None:
    """Zeros, NaN, other numbers and wrong shapes are refused."""
    with pytest.raises(ValueError, match=told):
        as_sign_matrix(matrix)  # type: ignore[arg-type]


@pytest.mark.parametrize("entry", ["1", None, 1j, True])
def test_wrong_types(entry: object) -> None:
    """Texts, None, complex numbers, and bools among numbers are no signs."""
    with pytest.raises(TypeError, match=r"A\[0, 1\] is"):
        as_sign_matrix(np.array([[1, entry]], dtype=object))
