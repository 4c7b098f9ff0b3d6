"""Count the vertices of a zonotope one generator after another, so that there is always a proven lower bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flint import fmpz_mat

from relucomb_solvers.arrangement import arrange
from relucomb_solvers.cell_count import count_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def growing_counts(rows: Sequence[Sequence[int]]) -> Iterator[int]:
    """Yield how many vertices the zonotope of the first row has, of the first two, and so on.

    The last number is that of all rows, and each is a lower bound on it. A generator more adds as many vertices as the
    zonotope of those before it has when it is projected along the new one.

    Parameters
    ----------
    rows
        Rows of ``n`` Python integers, none zero, no two parallel.

    Examples
    --------
    >>> list(growing_counts([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]))
    [2, 4, 8, 14]
    """
    if not rows:
        yield 1
    total = 1
    for k, row in enumerate(rows):
        total += count_cells(arrange(_along(row, rows[:k])).rows) if k else 1
        yield total


def _along(direction: Sequence[int], rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return rows in coordinates of the space that is left when a direction is projected to zero."""
    null, nullity = fmpz_mat([list(direction)]).nullspace()
    space = fmpz_mat([[int(null[q, k]) for k in range(nullity)] for q in range(len(direction))])
    return [[int(entry) for entry in row] for row in (fmpz_mat([list(row) for row in rows]) * space).tolist()]
