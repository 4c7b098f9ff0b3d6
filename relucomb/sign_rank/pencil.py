"""Sign-rank at most 1 or 2, decided exactly, with a proof either way.

Let ``B = U Vᵀ`` have rank 2. The rows of ``V`` are vectors in the plane, one for each column, and each row of ``U`` a
line through the origin that separates them. Turn vectors around so that all are on one side of the first row's line:
in the order of their angles every other line cuts them into a beginning and an end. So the sign-rank is at most 2 if
and only if, after columns are negated to make one row positive, there is an order of the columns in which every row
changes its sign at most once. If column ``e`` is the first in that order, the sides that do not contain ``e`` are
ends, and ends contain each other; conversely sets that form a chain are the ends of some order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.sign_rank.factorisation import Factorisation

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class MoreThanOne:
    """Two rows and two columns with an odd number of minus signs: a determinant that cannot be zero.

    The two products in ``b₁₁ b₂₂ - b₁₂ b₂₁`` have opposite signs, whatever the sizes of the entries.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    bound: int = 2

    def holds(self, A: NDArray[np.int8]) -> bool:
        """Check the four signs."""
        (i, k), (p, q) = self.rows, self.columns
        return self.bound == 2 and int(A[i, p]) * int(A[i, q]) * int(A[k, p]) * int(A[k, q]) == -1

    def describe(self) -> str:
        """Return a line for people."""
        return f"rows {_list(self.rows)} are neither equal nor opposite in columns {_list(self.columns)}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"kind": "determinant", "bound": self.bound, "rows": list(self.rows), "columns": list(self.columns)}


@dataclass(frozen=True, slots=True)
class MoreThanTwo:
    """For each of some columns, two rows that forbid it to be the first.

    Attributes
    ----------
    reference
        The row that is made positive by negating columns.
    conflicts
        Tuples ``(e, i, k, p, q)``, one for each column ``e`` of the set: when also rows are negated so that they are
        positive in column ``e``, row ``i`` is negative in ``p`` and positive in ``q``, and row ``k`` the other way
        round. The ends that the rows cut off an order that starts with ``e`` would not contain each other. All ``p``
        and ``q`` belong to the set, so that no column of it can be its first.
    """

    reference: int
    conflicts: tuple[tuple[int, int, int, int, int], ...]
    bound: int = 3

    def holds(self, A: NDArray[np.int8]) -> bool:
        """Check four products of signs for each column of the set."""
        columns = {conflict[0] for conflict in self.conflicts}
        if self.bound != 3 or not columns:
            return False
        signs = [[int(entry) * int(A[self.reference, j]) for j, entry in enumerate(row)] for row in A]
        for e, i, k, p, q in self.conflicts:
            if not {p, q} <= columns:
                return False
            if (signs[i][p] * signs[i][e], signs[i][q] * signs[i][e]) != (-1, 1):
                return False
            if (signs[k][p] * signs[k][e], signs[k][q] * signs[k][e]) != (1, -1):
                return False
        return True

    def renumbered(self, rows: list[int], columns: list[int]) -> MoreThanTwo:
        """Return the proof for a matrix of which this one's is the submatrix with the given rows and columns."""
        conflicts = [(columns[e], rows[i], rows[k], columns[p], columns[q]) for e, i, k, p, q in self.conflicts]
        return MoreThanTwo(rows[self.reference], tuple(conflicts))

    def describe(self) -> str:
        """Return a line for people."""
        rows = sorted({self.reference, *(row for _, i, k, _, _ in self.conflicts for row in (i, k))})
        columns = sorted(conflict[0] for conflict in self.conflicts)
        return f"no cyclic order of columns {_list(columns)} is cut once by each of the rows {_list(rows)}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        conflicts = [list(conflict) for conflict in self.conflicts]
        return {"kind": "cyclic order", "bound": self.bound, "reference": self.reference, "conflicts": conflicts}


def at_most_two(A: NDArray[np.int8]) -> Factorisation | MoreThanTwo:
    """Decide whether the sign-rank is at most 2.

    Parameters
    ----------
    A
        Sign matrix, any shape.

    Returns
    -------
    Factorisation or MoreThanTwo
        Integer factors of rank 2 (rank 1 is not looked for), or a proof that there are none, on few columns.

    Examples
    --------
    >>> J, I = np.ones((4, 4), dtype=np.int8), np.identity(4, dtype=np.int8)
    >>> at_most_two(np.triu(2 * J) - J).rank
    2
    >>> at_most_two(J - 2 * I).describe()
    'no cyclic order of columns 0, 1, 2, 3 is cut once by each of the rows 1, 2, 3'
    """
    signs = A * A[0]
    for e in range(A.shape[1]):
        if (ends := _chain(signs, e)) is not None:
            return _cuts(A, e, ends)
    rows, columns = _shrunk(A)
    signs = A[np.ix_(rows, columns)] * A[rows[0], columns]
    conflicts = [_conflict(signs, e) for e in range(len(columns))]
    return MoreThanTwo(0, tuple(conflicts)).renumbered(rows, columns)


def more_than_one(A: NDArray[np.int8]) -> MoreThanOne | None:
    """Return two rows and two columns that prove that the sign-rank is not 1, if it is not.

    Examples
    --------
    >>> more_than_one(np.array([[1, 1], [1, -1]], dtype=np.int8)).rows
    (0, 1)
    >>> more_than_one(np.ones((3, 3), dtype=np.int8)) is None
    True
    """
    turned = A * A[:, :1] * A[0] * A[0, 0]  # first row and first column positive
    negative = np.argwhere(turned < 0)
    return MoreThanOne((0, int(negative[0, 0])), (0, int(negative[0, 1]))) if len(negative) else None


def _chain(signs: NDArray[np.int8], e: int) -> NDArray[np.bool_] | None:
    """Return the sides without column ``e``, if they contain each other."""
    ends = signs != signs[:, e : e + 1]
    inside = ends[np.argsort(ends.sum(axis=1), kind="stable")]
    return ends if not np.any(inside[:-1] & ~inside[1:]) else None


def _cuts(A: NDArray[np.int8], e: int, ends: NDArray[np.bool_]) -> Factorisation:
    """Put the columns on the points 0, 2, 4, ... of a line and the cuts between them."""
    n = A.shape[1]
    points = np.empty(n, dtype=np.int64)
    points[np.argsort(ends.sum(axis=0), kind="stable")] = 2 * np.arange(n)
    cuts = 2 * (n - ends.sum(axis=1)) - 1
    turns = A[:, e].astype(np.int64) * A[0, e]
    left = np.stack([turns * cuts, -turns], axis=1)
    right = A[0].astype(np.int64)[:, None] * np.stack([np.ones(n, dtype=np.int64), points], axis=1)
    return Factorisation(left.astype(object), right.astype(object), "cuts of a cyclic order")


def _conflict(signs: NDArray[np.int8], e: int) -> tuple[int, int, int, int, int]:
    """Return ``(e, i, k, p, q)``: two sides without ``e`` that do not contain each other, and columns that show it."""
    ends = signs != signs[:, e : e + 1]
    order = np.argsort(ends.sum(axis=1), kind="stable")
    inside = ends[order]
    position = int(np.flatnonzero((inside[:-1] & ~inside[1:]).any(axis=1))[0])
    i, k = (int(row) for row in order[position : position + 2])
    p = int(np.flatnonzero(ends[i] & ~ends[k])[0])
    q = int(np.flatnonzero(ends[k] & ~ends[i])[0])
    return e, i, k, p, q


def _shrunk(A: NDArray[np.int8]) -> tuple[list[int], list[int]]:
    """Return rows and columns of a submatrix that is still no pencil; no block of rows or columns can be spared."""
    kept = [list(range(side)) for side in A.shape]

    def is_pencil() -> bool:
        small = A[np.ix_(*kept)]
        return any(_chain(small * small[0], e) is not None for e in range(small.shape[1]))

    for axis in (0, 1):
        block = len(kept[axis]) // 2
        while block:
            start = 0
            while start < len(kept[axis]):
                spared = kept[axis]
                kept[axis] = spared[:start] + spared[start + block :]
                if not kept[axis] or is_pencil():
                    kept[axis] = spared
                    start += block
            block //= 2
    return kept[0], kept[1]


def _list(indices: Any) -> str:
    return ", ".join(map(str, indices))
