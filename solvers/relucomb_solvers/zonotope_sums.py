"""Sums of absolute values ``Σ_i |r·b_i|`` for many ``r``, in floats: the support function of a zonotope.

In up to four dimensions one pass over the columns of the generators does multiplication, absolute value and sum at
once, in vector registers; nothing is written but the result. In more dimensions the products come from matrix products
of blocks that stay in the cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relucomb_solvers._jit import kernel, reduction

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK = 1 << 16  # products at a time: half a megabyte
_WORTH_A_KERNEL = 1 << 21  # fewer products are done before a kernel is loaded


def absolute_sums(R: NDArray[np.float64], B: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``Σ_i |r·b_i|`` for each row ``r``.

    Parameters
    ----------
    R
        ``(N, n)`` finite floats.
    B
        ``(m, n)`` finite floats.

    Returns
    -------
    numpy.ndarray
        ``(N,)``. Each is off by at most ``(m + n + 1) 2**-53 Σ_i Σ_q |r_q b_iq|`` to first order; infinite or nan where
        a product overflows.

    Examples
    --------
    >>> absolute_sums(np.array([[1.0, -2.0]]), np.array([[1.0, 0.0], [1.0, 1.0]]))
    array([2.])
    """
    N, n = R.shape
    sums = np.empty(N)
    if n == 1:
        with np.errstate(over="ignore"):
            np.multiply(np.abs(R[:, 0]), np.abs(B).sum(), out=sums)
        return sums
    if n <= 4 and N * len(B) >= _WORTH_A_KERNEL:
        rows = np.zeros((N, 4))
        rows[:, :n] = R
        columns = np.zeros((4, len(B)))
        columns[:n] = B.T
        (_sums_in_two, _sums_in_three, _sums_in_four)[n - 2](rows, columns, sums)
        return sums
    step = max(1, _BLOCK // len(B))
    transposed = np.ascontiguousarray(B.T)
    with np.errstate(over="ignore", invalid="ignore"):
        for first in range(0, N, step):
            products = R[first : first + step] @ transposed
            np.abs(products, out=products)
            products.sum(axis=1, out=sums[first : first + step])
    return sums


# --- kernels ----------------------------------------------------------------------------------------------------------


@reduction
def _in_two(x: float, y: float, columns: NDArray[np.float64]) -> float:
    total = 0.0
    for i in range(columns.shape[1]):
        total += abs(x * columns[0, i] + y * columns[1, i])
    return total


@reduction
def _in_three(x: float, y: float, z: float, columns: NDArray[np.float64]) -> float:
    total = 0.0
    for i in range(columns.shape[1]):
        total += abs(x * columns[0, i] + y * columns[1, i] + z * columns[2, i])
    return total


@reduction
def _in_four(x: float, y: float, z: float, w: float, columns: NDArray[np.float64]) -> float:
    total = 0.0
    for i in range(columns.shape[1]):
        total += abs(x * columns[0, i] + y * columns[1, i] + z * columns[2, i] + w * columns[3, i])
    return total


@kernel
def _sums_in_two(rows: NDArray[np.float64], columns: NDArray[np.float64], sums: NDArray[np.float64]) -> None:
    for k in range(len(rows)):
        sums[k] = _in_two(rows[k, 0], rows[k, 1], columns)


@kernel
def _sums_in_three(rows: NDArray[np.float64], columns: NDArray[np.float64], sums: NDArray[np.float64]) -> None:
    for k in range(len(rows)):
        sums[k] = _in_three(rows[k, 0], rows[k, 1], rows[k, 2], columns)


@kernel
def _sums_in_four(rows: NDArray[np.float64], columns: NDArray[np.float64], sums: NDArray[np.float64]) -> None:
    for k in range(len(rows)):
        sums[k] = _in_four(rows[k, 0], rows[k, 1], rows[k, 2], rows[k, 3], columns)
