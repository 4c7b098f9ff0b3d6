"""The table of partitions of points by hyperplanes, which the proof of Theorem 2.4.1 bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relucomb.dichotomies import count_dichotomies
from relucomb.families.formulas import FORMULAS
from relucomb.tables.table import Column, Option, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relucomb.tables.table import Cell


def _rows(n: tuple[int, ...], points: tuple[int, ...], limit: tuple[int]) -> Iterator[tuple[Cell, ...]]:
    printed, cover = FORMULAS["partitions, printed"], FORMULAS["partitions"]
    for dimension in n:
        for count in points:
            exact = cover(n=dimension, D=count)
            curve = [[t**power for power in range(1, dimension + 1)] for t in range(count)]
            line = [[t] * dimension for t in range(count)]
            small = exact <= limit[0]
            yield (
                dimension,
                count,
                printed(n=dimension, D=count),
                exact,
                count_dichotomies(curve) if small else None,
                count_dichotomies(line) if small else None,
            )


RECIPE = Recipe(
    "partitions",
    "Partitions of D points of R^n by a hyperplane",
    (
        Column("n", "n"),
        Column("points", "D"),
        Column("printed", "printed", "in general position", FORMULAS["partitions, printed"]),
        Column("exact", "exact", "in general position", FORMULAS["partitions"]),
        Column("counted", "counted", "in general position", counted=True),
        Column("line_counted", "counted", "on a line", counted=True),
    ),
    _rows,
    {
        "n": Option((1, 2, 3, 4), 1, 30, "the dimension"),
        "points": Option((1, 2, 3, 4, 5, 6, 8, 10), 1, 1000, "D, the number of points"),
        "limit": Option((10_000_000,), 0, 10**9, "count no more partitions than this", single=True),
    },
    ("Strict partitions, each with the side on which a unit is active. The points lie on the moment curve.",),
)
