"""Lower bounds by counting: few dimensions cannot show many sign patterns.

If ``B`` has rank ``r``, the patterns of its rows on ``d`` columns are cells of a central arrangement of ``d``
hyperplanes in dimension ``r``: up to sign at most ``C(d-1, 0) + ... + C(d-1, r-1)``. All ``2^(d-1)`` patterns on ``d``
columns prove that the rank is at least ``d`` (the bound by the VC dimension, which moreover counts patterns up to
sign).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PatternCount:
    """Rows that differ up to sign on few columns, more than fit into ``bound - 1`` dimensions.

    Attributes
    ----------
    bound
        The lower bound.
    rows, columns
        The rows, and the columns on which no two of them are equal or opposite.
    turned
        Whether all this is about the transposed matrix.
    """

    bound: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    turned: bool = False

    def holds(self, A: NDArray[np.int8]) -> bool:
        """Count the patterns again."""
        signs = A.T if self.turned else A
        if self.bound < 2 or len(set(self.columns)) < len(self.columns) or not self.columns:
            return False
        patterns = {tuple(int(signs[i, j]) * int(signs[i, self.columns[0]]) for j in self.columns) for i in self.rows}
        return len(patterns) > most_patterns(len(self.columns), self.bound - 1)

    def renumbered(self, rows: list[int], columns: list[int]) -> PatternCount:
        """Return the proof for a matrix of which this one's is the submatrix with the given rows and columns."""
        lines, places = (columns, rows) if self.turned else (rows, columns)
        chosen = (tuple(lines[i] for i in self.rows), tuple(places[j] for j in self.columns))
        return PatternCount(self.bound, *chosen, self.turned)

    def describe(self) -> str:
        """Return a line for people."""
        lines, places = ("columns", "rows") if self.turned else ("rows", "columns")
        where = ", ".join(map(str, self.columns))
        possible = most_patterns(len(self.columns), self.bound - 1)
        told = f"{len(self.rows)} {lines} differ up to sign on {places} {where}"
        return f"{told}; {possible} is the most in rank {self.bound - 1}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "kind": "patterns",
            "bound": self.bound,
            "transposed": self.turned,
            "rows": list(self.rows),
            "columns": list(self.columns),
        }


def most_patterns(columns: int, rank: int) -> int:
    """Count the cells, up to sign, of a generic central arrangement.

    Examples
    --------
    >>> [most_patterns(4, rank) for rank in range(5)]
    [0, 1, 4, 7, 8]
    """
    return sum(math.comb(columns - 1, i) for i in range(rank))


def count_patterns(A: NDArray[np.int8], budget: int = 20_000) -> PatternCount | None:
    """Look for the best bound of this kind, by rows and by columns.

    Parameters
    ----------
    A
        Sign matrix.
    budget
        Sets of columns to look at, at most, for each size of a set that shows all patterns.

    Examples
    --------
    >>> import itertools
    >>> cube = np.array(list(itertools.product([-1, 1], repeat=4)), dtype=np.int8)
    >>> proof = count_patterns(cube)
    >>> proof.bound, len(proof.rows), proof.holds(cube)
    (4, 8, True)
    """
    proofs = [_count_rows(signs, turned, budget) for signs, turned in ((A, False), (np.ascontiguousarray(A.T), True))]
    found = [proof for proof in proofs if proof is not None]
    return max(found, key=lambda proof: proof.bound, default=None)


def diverse(A: NDArray[np.int8], size: int) -> list[int]:
    """Choose columns on which many rows differ up to sign, one after another.

    Examples
    --------
    >>> diverse(np.array([[1, 1, 1], [1, 1, -1], [1, -1, 1]], dtype=np.int8), 2)
    [0, 1]
    """
    chosen: list[int] = []
    left = list(range(A.shape[1]))
    if size >= len(left):
        return left
    for _ in range(size):
        best = max(left, key=lambda j: len(_different(A, (*chosen, j))))
        chosen.append(best)
        left.remove(best)
    return sorted(chosen)


def _count_rows(A: NDArray[np.int8], turned: bool, budget: int) -> PatternCount | None:
    best: PatternCount | None = None
    for columns in _thinned(A):
        rows = _different(A, columns)
        rank = next(rank for rank in range(len(columns) + 1) if most_patterns(len(columns), rank) >= len(rows))
        if rank > max(1, best.bound if best is not None else 0):
            best = PatternCount(rank, rows, columns, turned)
    size = best.bound + 1 if best is not None else 2
    while (shattered := _shattered(A, size, budget)) is not None:
        best = PatternCount(size, _different(A, shattered), shattered, turned)
        size += 1
    return best


def _different(A: NDArray[np.int8], columns: tuple[int, ...]) -> tuple[int, ...]:
    """Return the first row with each pattern up to sign."""
    small = A[:, columns]
    known: dict[bytes, int] = {}
    for i, row in enumerate(np.ascontiguousarray(small * small[:, :1])):
        known.setdefault(row.tobytes(), i)
    return tuple(known.values())


def _thinned(A: NDArray[np.int8]) -> Iterator[tuple[int, ...]]:
    """Yield all columns, then ever fewer, leaving out the one without which most patterns remain."""
    columns = tuple(range(A.shape[1]))
    while columns:
        yield columns
        if len(columns) > 40:  # leaving out columns one after another would take long, and seldom helps
            return
        fewer = [columns[:k] + columns[k + 1 :] for k in range(len(columns))]
        columns = max(fewer, key=lambda some: len(_different(A, some)) if some else 0)


def _shattered(A: NDArray[np.int8], size: int, budget: int) -> tuple[int, ...] | None:
    """Look for columns that show all patterns up to sign."""
    m, n = A.shape
    if size > n or 2 ** (size - 1) > m:
        return None
    looked = 0

    def extend(columns: tuple[int, ...], cells: list[int], masks: list[int]) -> tuple[int, ...] | None:
        nonlocal looked
        if len(columns) == size:
            return columns
        need = 1 << (size - len(columns) - 1)
        for j in range(columns[-1] + 1, n):
            looked += 1
            if looked > budget:
                return None
            parts = [part for cell in cells for part in (cell & masks[j], cell & ~masks[j])]
            if min(part.bit_count() for part in parts) >= need:
                found = extend((*columns, j), parts, masks)
                if found is not None:
                    return found
        return None

    for first in range(n - size + 1):
        turned = A * A[:, first : first + 1]
        masks = [sum(1 << i for i in np.flatnonzero(turned[:, j] > 0).tolist()) for j in range(n)]
        found = extend((first,), [(1 << m) - 1], masks)
        if found is not None:
            return found
    return None
