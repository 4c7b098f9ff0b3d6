"""Repeated rows and columns, up to sign."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from relucomb.sign_rank.reduction import reduced

from .matrices import sign_matrices


@given(sign_matrices(7, 7))
def test_the_whole_is_the_small_one_repeated(A: np.ndarray) -> None:
    """Rows and columns of the small matrix, with signs, give the whole one."""
    small = reduced(A)
    again = small.matrix[small.row_of][:, small.column_of] * np.outer(small.row_sign, small.column_sign)
    assert np.array_equal(small.matrix, A[np.ix_(small.rows, small.columns)])
    assert np.array_equal(again, A)


@given(sign_matrices(7, 7))
def test_nothing_is_left_to_reduce(A: np.ndarray) -> None:
    """No two rows or columns of the small matrix are equal or opposite."""
    for side in (reduced(A).matrix, reduced(A).matrix.T):
        products = np.abs(side.astype(int) @ side.T) == side.shape[1]
        assert products.sum() == len(side)
