"""Look for real matrices U, V such that U Vᵀ has given signs: descent from random starts, in floats.

The squared hinge loss ``Σ max(0, 1 - A_ij u_i·v_j)²`` is zero for factors that are large enough exactly if all signs
are right. It is not convex, so nothing found means nothing; what is found has a margin and survives rounding to
integers, which the caller does and checks. The steps are Adam's [1]_.

References
----------
.. [1] D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, ICLR 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relucomb_solvers._jit import inner_kernel, kernel

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

STEP = 0.05
MARGIN = 0.05
FORGET, FORGET_SQUARES = 0.9, 0.99
PRODUCTS_AT_A_TIME = 50_000_000  # about a tenth of a second; then the caller may stop


def descend(
    A: NDArray[np.int8], rank: int, starts: int, steps: int, seed: int, stop: Callable[[], bool] = lambda: False
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Try random starts one after another until the signs are right.

    Parameters
    ----------
    A
        Sign matrix ``(m, n)``.
    rank
        Columns of the factors.
    starts, steps
        How many starts, and how many steps from each.
    seed
        Of the random starts; the same seed gives the same result.
    stop
        Asked now and then; True ends the search.

    Returns
    -------
    tuple of numpy.ndarray, or None
        ``U`` of shape ``(m, rank)`` and ``V`` of shape ``(n, rank)`` with ``A * (U @ V.T) >= MARGIN``.

    Examples
    --------
    >>> A = np.array([[1, 1, 1], [1, -1, 1], [1, 1, -1]], dtype=np.int8)
    >>> U, V = descend(A, 2, 10, 500, seed=0)
    >>> bool(np.all(A * (U @ V.T) > 0))
    True
    """
    m, n = A.shape
    rng = np.random.default_rng(seed)
    signs = A.astype(np.float64)
    chunk = max(1, PRODUCTS_AT_A_TIME // (m * n * rank))
    for _ in range(starts):
        factors = rng.standard_normal((m + n, rank))
        moments = np.zeros((2, m + n, rank))
        for first in range(0, steps, chunk):
            if stop():
                return None
            last = min(first + chunk, steps)
            if _adam(signs, factors, moments, first, last, STEP, MARGIN, FORGET, FORGET_SQUARES):
                return factors[:m].copy(), factors[m:].copy()
    return None


@kernel
def _adam(
    signs: NDArray[np.float64],
    factors: NDArray[np.float64],
    moments: NDArray[np.float64],
    first: int,
    last: int,
    step: float,
    margin: float,
    forget: float,
    forget_squares: float,
) -> bool:
    """Change the factors, ``U`` above ``V``, and the moments in place until every product of signs has the margin."""
    mean, square = moments[0], moments[1]
    gradient = np.zeros_like(factors)
    for count in range(first + 1, last + 1):
        if _gradient(signs, factors, gradient) >= margin:
            return True
        correction = 1 - forget**count
        correction_squares = 1 - forget_squares**count
        for i in range(factors.shape[0]):
            for k in range(factors.shape[1]):
                slope = gradient[i, k]
                mean[i, k] = forget * mean[i, k] + (1 - forget) * slope
                square[i, k] = forget_squares * square[i, k] + (1 - forget_squares) * slope * slope
                scale = np.sqrt(square[i, k] / correction_squares) + 1e-9
                factors[i, k] -= step * mean[i, k] / correction / scale
    return False


@inner_kernel
def _gradient(signs: NDArray[np.float64], factors: NDArray[np.float64], gradient: NDArray[np.float64]) -> float:
    """Write half the gradient of the loss, and return the least product with its sign."""
    m, n = signs.shape
    rank = factors.shape[1]
    gradient[:] = 0.0
    worst = np.inf
    for i in range(m):
        for j in range(n):
            product = 0.0
            for k in range(rank):
                product += factors[i, k] * factors[m + j, k]
            product *= signs[i, j]
            worst = min(worst, product)
            if product < 1.0:
                force = (product - 1.0) * signs[i, j]
                for k in range(rank):
                    gradient[i, k] += force * factors[m + j, k]
                    gradient[m + j, k] += force * factors[i, k]
    return worst
