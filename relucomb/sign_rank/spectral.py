"""Forster's lower bound and its weighted form, with an exact proof.

Suppose that ``B`` of rank ``r`` has the signs of ``A``. By Forster's theorem, with weights as in Barthe's, there are
unit vectors ``u_i, v_j`` in dimension ``r`` with ``sign(u_i·v_j) = A_ij`` and ``Σ p_i u_i u_iᵀ = I/r``, for any
weights ``p_i`` of sum 1 that are at most ``1/r``. Hence ``Σ_i p_i |u_i·v_j| ≥ Σ_i p_i (u_i·v_j)² = 1/r`` for every
``j``, and for weights ``q_j`` of sum 1 and any ``w_ij ≥ p_i q_j``

    1/r ≤ Σ w_ij |u_i·v_j| = Σ M_ij u_i·v_j ≤ (Σ a_i + Σ b_j) / 2,   M_ij = w_ij A_ij,

whenever the block matrix of ``diag(a)``, ``M``, ``Mᵀ``, ``diag(b)`` is positive semidefinite. All weights equal and
``w_ij = p_i q_j`` give Forster's ``r ≥ √(mn)/‖A‖``; the best ``w`` and ``q`` are a semidefinite programme. Its
solution is rounded to integers and the matrix is made positive definite by adding to the diagonal; then the sum is
compared.

References
----------
.. [1] J. Forster, A linear lower bound on the unbounded error probabilistic communication complexity, Journal of
   Computer and System Sciences 65, 2002.
.. [2] F. Barthe, On a reverse form of the Brascamp-Lieb inequality, Inventiones mathematicae 134, 1998.
"""

from __future__ import annotations

import importlib
import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCALE = 1 << 20
LARGEST_PROGRAMME = 1600  # entries of the matrix; beyond that the semidefinite programme takes minutes


@dataclass(frozen=True, slots=True, eq=False)
class SpectralBound:
    """Integers that prove that the sign-rank of a submatrix is more than ``bound - 1``.

    Attributes
    ----------
    bound
        The lower bound.
    rows, columns
        The submatrix.
    row_weights, column_weights
        Integers ``P_i, Q_j ≥ 0``, the weights ``p, q`` times their sums.
    weighted
        Integers ``M_ij`` with the signs of the submatrix and ``|M_ij| ≥ P_i Q_j``.
    row_diagonal, column_diagonal
        Integers ``a_i, b_j``.
    turned
        Whether all this is about the transposed matrix.
    name
        ``"Forster"`` or ``"weighted Forster"``.
    """

    bound: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    row_weights: tuple[int, ...]
    column_weights: tuple[int, ...]
    weighted: NDArray[np.object_]
    row_diagonal: tuple[int, ...]
    column_diagonal: tuple[int, ...]
    turned: bool = False
    name: str = "Forster"

    def holds(self, A: NDArray[np.int8]) -> bool:
        """Check signs, weights and sums in integers, and definiteness by a characteristic polynomial (python-flint)."""
        signs = (A.T if self.turned else A)[np.ix_(self.rows, self.columns)]
        less, P, Q = self.bound - 1, self.row_weights, self.column_weights
        distinct = len(set(self.rows)) == len(self.rows) and len(set(self.columns)) == len(self.columns)
        if not distinct or self.weighted.shape != signs.shape or not 1 <= less < len(P) or min(*P, *Q) < 0:
            return False
        if not np.all(self.weighted * signs.astype(object) >= np.outer(np.array(P, object), np.array(Q, object))):
            return False
        if less * max(P) > sum(P):  # the weights must be at most 1/r for every r up to bound - 1
            return False
        if less * (sum(self.row_diagonal) + sum(self.column_diagonal)) >= 2 * sum(P) * sum(Q):
            return False
        return is_positive_semidefinite(_block(self.row_diagonal, self.column_diagonal, self.weighted))

    def describe(self) -> str:
        """Return a line for people."""
        size = f"{len(self.rows)} x {len(self.columns)}"
        return f"{self.name}'s bound on {size} rows and columns exceeds {self.bound - 1}, in integers"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; integers beyond 53 bits as they are."""
        return {
            "kind": "spectral",
            "bound": self.bound,
            "name": self.name,
            "transposed": self.turned,
            "rows": list(self.rows),
            "columns": list(self.columns),
            "row_weights": list(self.row_weights),
            "column_weights": list(self.column_weights),
            "weighted": [[int(entry) for entry in row] for row in self.weighted],
            "row_diagonal": list(self.row_diagonal),
            "column_diagonal": list(self.column_diagonal),
        }


def forster(A: NDArray[np.int8], rows: NDArray[np.int64], columns: NDArray[np.int64]) -> SpectralBound | None:
    """Prove the smallest integer that is at least ``√(mn)/‖A‖`` on a submatrix, if it is more than 1.

    Examples
    --------
    >>> H = np.array([[1]], dtype=np.int8)
    >>> for _ in range(4):
    ...     H = np.block([[H, H], [H, -H]])
    >>> proof = forster(H, np.arange(16), np.arange(16))
    >>> proof.bound, proof.holds(H)
    (4, True)
    """
    signs = A[np.ix_(rows, columns)]
    m, n = signs.shape
    norm = float(np.linalg.norm(signs.astype(np.float64), 2)) * (1 + 1e-9)
    quotient = math.sqrt(m * n) / norm
    for bound in (math.ceil(quotient), math.ceil(quotient) - 1):  # the first may be one too many by rounding
        if bound < 2 or bound > m:
            continue
        row = math.ceil(SCALE * norm * math.sqrt(n / m))
        column = math.ceil(SCALE * norm * math.sqrt(m / n))
        proof = SpectralBound(
            bound,
            _tuple(rows),
            _tuple(columns),
            (SCALE,) * m,
            (1,) * n,
            signs.astype(object) * SCALE,
            (row,) * m,
            (column,) * n,
        )
        if proof.holds(A):
            return proof
    return None


def weighted_forster(
    A: NDArray[np.int8],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    above: int,
    rounds: int = 3,
    time_limit: float | None = None,
) -> SpectralBound | None:
    """Prove a bound of more than ``above`` on a submatrix by semidefinite programmes, if they give one.

    The weights of one side are variables together with ``w``; then those of the other side, in turns.

    Parameters
    ----------
    A, rows, columns
        Matrix and submatrix.
    above
        A smaller bound is of no use.
    rounds
        Programmes at most.
    time_limit
        Seconds for each of them.

    Returns
    -------
    SpectralBound or None
        The best one found, checked.
    """
    size = (len(rows), len(columns))
    best: SpectralBound | None = None
    p, q = np.full(size[0], 1 / size[0]), np.full(size[1], 1 / size[1])
    for turn in range(rounds):
        turned = bool(turn % 2)
        signs = A[np.ix_(rows, columns)]
        signs = signs.T if turned else signs
        solved = _programme(signs, q if turned else p, best.bound if best is not None else above, time_limit)
        if solved is None:
            break
        free, w, a, b = solved
        fixed = q if turned else p
        p, q = (free, q) if turned else (p, free)
        where = (columns, rows) if turned else (rows, columns)
        proof = _proven(A, where, turned, fixed, free, w, a, b)
        if proof is not None and proof.bound > max(above, best.bound if best is not None else 0):
            best = proof
    return best


def is_positive_semidefinite(matrix: NDArray[np.object_]) -> bool:
    """Tell whether a symmetric integer matrix is positive semidefinite, by its characteristic polynomial.

    All eigenvalues are real; none is negative if and only if the coefficients alternate in sign, zeros allowed
    (Descartes' rule for the polynomial of ``-matrix``).

    Examples
    --------
    >>> is_positive_semidefinite(np.array([[1, 2], [2, 4]], dtype=object))
    True
    >>> is_positive_semidefinite(np.array([[1, 2], [2, 3]], dtype=object))
    False
    """
    import flint

    n = len(matrix)
    if np.any(matrix != matrix.T):
        return False
    coefficients = flint.fmpz_mat(n, n, [int(entry) for entry in matrix.flat]).charpoly().coeffs()
    return all(int(c) * (-1) ** (n - k) >= 0 for k, c in enumerate(coefficients))


def _programme(
    signs: NDArray[np.int8], p: NDArray[np.float64], least: int, time_limit: float | None
) -> tuple[NDArray[np.float64], ...] | None:
    """Minimise half the trace of the block matrix over ``q, w, a, b`` for given ``p``; return None without success."""
    cp: Any = importlib.import_module("cvxpy")  # untyped

    m, n = signs.shape
    q, w = cp.Variable(n, nonneg=True), cp.Variable((m, n))
    block = cp.Variable((m + n, m + n), PSD=True)
    constraints = [
        cp.sum(q) == 1,
        q <= 1 / (least + 1),  # so that the weights may change places in the next round
        w >= cp.outer(p * m, q) / m,
        block[:m, m:] == cp.multiply(signs.astype(np.float64), w),
        block[:m, :m] == cp.diag(cp.diag(block[:m, :m])),
        block[m:, m:] == cp.diag(cp.diag(block[m:, m:])),
    ]
    problem = cp.Problem(cp.Minimize(cp.trace(block) / 2 * m), constraints)
    limit = {} if time_limit is None else {"time_limit_secs": max(time_limit, 0.01)}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of inaccuracy: the outcome is made exact and checked
            problem.solve(solver=cp.SCS, eps=1e-5, max_iters=10_000, **limit)
    except cp.SolverError:
        return None
    if q.value is None or w.value is None or block.value is None:
        return None
    diagonal = np.diag(block.value)
    return np.maximum(q.value, 0), np.abs(w.value), diagonal[:m], diagonal[m:]


def _proven(
    A: NDArray[np.int8],
    where: tuple[NDArray[np.int64], NDArray[np.int64]],
    turned: bool,
    p: NDArray[np.float64],
    q: NDArray[np.float64],
    w: NDArray[np.float64],
    a: NDArray[np.float64],
    b: NDArray[np.float64],
) -> SpectralBound | None:
    """Round to integers, make the block matrix positive definite, and keep the best bound that is checked."""
    signs = (A.T if turned else A)[np.ix_(*where)].astype(np.int64)
    m, n = signs.shape
    P = np.rint(p * m * 1024).astype(np.int64)
    Q = np.rint(q * n * 1024).astype(np.int64)
    scale = float(P.sum()) * float(Q.sum())
    M = signs * np.maximum(np.rint(w * scale).astype(np.int64), np.outer(P, Q))
    a, b = a * scale, b * scale
    block = np.block([[np.diag(a), M.astype(np.float64)], [M.T.astype(np.float64), np.diag(b)]])
    lack = max(0.0, -float(np.linalg.eigvalsh(block)[0])) * (1 + 1e-9) + 1 + scale * 1e-12
    a_whole, b_whole = (np.ceil(side + lack).astype(np.int64).tolist() for side in (a, b))
    whole = 2 * int(P.sum()) * int(Q.sum())
    bound = -(-whole // (sum(a_whole) + sum(b_whole)))
    proof = SpectralBound(
        bound,
        _tuple(where[0]),
        _tuple(where[1]),
        tuple(P.tolist()),
        tuple(Q.tolist()),
        M.astype(object),
        tuple(a_whole),
        tuple(b_whole),
        turned,
        "weighted Forster",
    )
    return proof if proof.holds(A) else None


def _block(a: tuple[int, ...], b: tuple[int, ...], M: NDArray[np.object_]) -> NDArray[np.object_]:
    m, n = M.shape
    block = np.zeros((m + n, m + n), dtype=object)
    block[:m, m:], block[m:, :m] = M, M.T
    for k, entry in enumerate((*a, *b)):
        block[k, k] = int(entry)
    return block


def _tuple(indices: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(int(index) for index in indices)
