"""Rows and columns that do not matter: equal ones and opposite ones are kept once.

A matrix of given rank with the signs of the smaller matrix becomes one for the larger by repeating rows and columns
with their signs, so the sign-rank is that of the submatrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Reduction:
    """A submatrix without repetitions, and how the whole matrix arises from it.

    Attributes
    ----------
    matrix
        ``A[rows][:, columns]``: no two rows or columns are equal or opposite.
    rows, columns
        The indices that were kept, increasing.
    row_of, row_sign
        Row ``i`` of ``A`` is ``row_sign[i]`` times row ``row_of[i]`` of the submatrix, on the columns kept.
    column_of, column_sign
        Likewise for columns.
    """

    matrix: NDArray[np.int8]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    row_of: NDArray[np.int64]
    row_sign: NDArray[np.int8]
    column_of: NDArray[np.int64]
    column_sign: NDArray[np.int8]


def reduced(A: NDArray[np.int8]) -> Reduction:
    """Keep the first of the rows, and of the columns, that are equal or opposite.

    Examples
    --------
    >>> small = reduced(np.array([[1, 1, -1], [1, -1, -1], [-1, -1, 1]], dtype=np.int8))
    >>> small.matrix
    array([[ 1,  1],
           [ 1, -1]], dtype=int8)
    >>> small.row_of, small.row_sign
    (array([0, 1, 0]), array([ 1,  1, -1], dtype=int8))
    """
    # one pass is enough: rows that differ up to sign differ on representatives of the columns, too
    rows, row_of, row_sign = _representatives(A)
    columns, column_of, column_sign = _representatives(A.T)
    matrix = np.ascontiguousarray(A[np.ix_(rows, columns)])
    return Reduction(matrix, rows, columns, row_of, row_sign, column_of, column_sign)


def _representatives(A: NDArray[np.int8]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
    sign = A[:, 0]
    turned = np.ascontiguousarray(A * sign[:, None])
    known: dict[bytes, int] = {}
    kept: list[int] = []
    of = []
    for i, row in enumerate(turned):
        k = known.setdefault(row.tobytes(), len(kept))
        if k == len(kept):
            kept.append(i)
        of.append(k)
    rows = np.array(kept, dtype=np.int64)
    row_of = np.array(of, dtype=np.int64)
    return rows, row_of, np.array(sign * sign[rows][row_of], dtype=np.int8)
