"""The table of Theorem 2.3.7: vertices of zonotopes of generators in general position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relucomb.families.formulas import FORMULAS
from relucomb.tables.table import Column, Option, Recipe
from relucomb.zonotopes.zonotope import Zonotope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relucomb.tables.table import Cell


def _rows(n: tuple[int, ...], m: tuple[int, ...], limit: tuple[int]) -> Iterator[tuple[Cell, ...]]:
    for dimension in n:
        for count in m:
            exact = FORMULAS["vertices"](n=dimension, m=count)
            zonotope = Zonotope.moment_curve(dimension, count)
            yield (
                dimension,
                count,
                FORMULAS["vertices, printed"](n=dimension, m=count),
                exact,
                zonotope.count_vertices() if exact <= limit[0] else None,
            )


RECIPE = Recipe(
    "zonotope-vertices",
    "Vertices of the zonotope of m generators in general position in R^n",
    (
        Column("n", "n"),
        Column("m", "m"),
        Column("printed", "printed", "vertices", FORMULAS["vertices, printed"]),
        Column("exact", "exact", "vertices", FORMULAS["vertices"]),
        Column("counted", "counted", "vertices", counted=True),
    ),
    _rows,
    {
        "n": Option((1, 2, 3, 4, 5), 1, 30, "the dimension"),
        "m": Option((1, 2, 3, 4, 6, 8, 12), 1, 1000, "generators"),
        "limit": Option((10_000_000,), 0, 10**9, "count no more vertices than this", single=True),
    },
    ("Generators lie on the moment curve. Theorem 2.3.7 prints half of the number.",),
)
