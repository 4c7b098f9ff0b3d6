"""The proof of an upper bound: integer matrices whose product has the signs of the matrix."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb.sign_rank.reduction import Reduction


@dataclass(frozen=True, slots=True, eq=False)
class Factorisation:
    """``B = left @ right.T`` with ``sign(B) = A``: the sign-rank of ``A`` is at most ``rank``.

    Attributes
    ----------
    left, right
        Python integers, shapes ``(m, rank)`` and ``(n, rank)``.
    method
        How it was found; this proves nothing and need not be believed.

    Examples
    --------
    >>> A = np.array([[1, 1, 1], [-1, 1, 1], [-1, -1, 1]], dtype=np.int8)
    >>> cuts = Factorisation(np.array([[1, 1], [-1, 1], [-3, 1]]), np.array([[1, 0], [1, 2], [1, 4]]), "by hand")
    >>> cuts.rank, cuts.holds(A)
    (2, True)
    """

    left: NDArray[Any]
    right: NDArray[Any]
    method: str

    @property
    def rank(self) -> int:
        """Number of columns of the factors."""
        return int(self.left.shape[1])

    def matrix(self) -> NDArray[np.object_]:
        """Return ``B`` as an array of fractions."""
        product = self.left.astype(object) @ self.right.astype(object).T
        return np.array([Fraction(int(entry)) for entry in product.flat], dtype=object).reshape(product.shape)

    def holds(self, A: NDArray[np.int8]) -> bool:
        """Multiply with python-flint and compare all signs; the rank is computed, too."""
        import flint

        m, n = A.shape
        if self.left.shape != (m, self.rank) or self.right.shape != (n, self.rank):
            return False
        left = flint.fmpz_mat(m, self.rank, [int(entry) for entry in self.left.flat])
        right = flint.fmpz_mat(n, self.rank, [int(entry) for entry in self.right.flat])
        product = left * right.transpose()
        signs = all(int(entry) * int(sign) > 0 for entry, sign in zip(product.entries(), A.flat, strict=True))
        return signs and int(product.rank()) <= self.rank

    def describe(self) -> str:
        """Return a line for people."""
        m, n = len(self.left), len(self.right)
        return f"integer matrices {m} x {self.rank} and {self.rank} x {n} ({self.method})"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "kind": "factorisation",
            "method": self.method,
            "left": [[int(entry) for entry in row] for row in self.left],
            "right": [[int(entry) for entry in row] for row in self.right],
        }


def trivial(A: NDArray[np.int8]) -> Factorisation:
    """Return the matrix itself: its smaller side bounds the rank.

    Examples
    --------
    >>> trivial(np.ones((2, 5), dtype=np.int8)).rank
    2
    """
    m, n = A.shape
    signs = A.astype(object)
    identity = np.identity(min(m, n), dtype=np.int64).astype(object)
    left, right = (signs, identity) if n <= m else (identity, signs.T)
    return Factorisation(left, right, "the matrix itself")


def expanded(small: Factorisation, reduction: Reduction) -> Factorisation:
    """Repeat rows and columns of a factorisation of the reduced matrix, for the whole one."""
    left = small.left[reduction.row_of] * reduction.row_sign.astype(object)[:, None]
    right = small.right[reduction.column_of] * reduction.column_sign.astype(object)[:, None]
    return Factorisation(left, right, small.method)


def transposed(factors: Factorisation) -> Factorisation:
    """Return the factorisation of the transposed matrix."""
    return Factorisation(factors.right, factors.left, factors.method)


def rounded(A: NDArray[np.int8], U: NDArray[np.float64], V: NDArray[np.float64], method: str) -> Factorisation | None:
    """Round factors to integers, as small as the signs allow; ``None`` if the signs are wrong to begin with.

    The factors are scaled by powers of two, larger and larger, until the signs of the integer product are right.

    Examples
    --------
    >>> A = np.array([[1, -1], [1, 1]], dtype=np.int8)
    >>> rounded(A, np.array([[0.3, -0.9], [0.8, 0.6]]), np.array([[0.6, 0.1], [0.3, 0.7]]), "by hand").left
    array([[1, -2],
           [2, 1]], dtype=object)
    """
    if not (np.isfinite(U).all() and np.isfinite(V).all() and np.all(A * (U @ V.T) > 0)):
        return None
    U = U / np.abs(U).max(axis=1, keepdims=True)
    V = V / np.abs(V).max(axis=1, keepdims=True)
    for power in range(29 - U.shape[1].bit_length() // 2):  # products stay far below 2^63
        left, right = (np.rint(np.ldexp(factor, power)).astype(np.int64) for factor in (U, V))
        if np.all(A * (left @ right.T) > 0):
            return Factorisation(left.astype(object), right.astype(object), method)
    return None
