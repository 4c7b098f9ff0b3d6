"""The table of Corollaries 2.3.3 (with ε = 1) and 2.3.4: depth k² + 1 against depth k + 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relucomb.families.formulas import FORMULAS
from relucomb.families.theorems import corollary_2_3_3, corollary_2_3_3_dimension, corollary_2_3_4
from relucomb.size_bounds import size_lower_bounds
from relucomb.tables.depth_separation import counted, uneven_sawtooth
from relucomb.tables.table import Column, Option, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relucomb.tables.table import Cell


def _rows(k: tuple[int, ...], limit: tuple[int]) -> Iterator[tuple[Cell, ...]]:
    for step in k:
        f = uneven_sawtooth(step, step * step)
        pieces = FORMULAS["pieces on R"](w=step, k=step * step)
        size, _, on_line = counted(f, limit[0])
        bounds = size_lower_bounds(pieces, step)
        yield (
            step,
            step * step + 1,
            step**3,
            size,
            corollary_2_3_3_dimension(step, 1, published=True),
            corollary_2_3_3_dimension(step, 1),
            f.dimension,
            FORMULAS["pieces on R, printed"](w=step, k=step * step),
            pieces,
            on_line,
            corollary_2_3_3(step, 1, published=True).value,
            corollary_2_3_4(step).value,
            bounds["sharpened"].value,
            bounds["serra"].value,
        )


RECIPE = Recipe(
    "ladder",
    "The ladder of Corollary 2.3.4: depth k² + 1 and size k^3 against depth k + 1",
    (
        Column("k", "k"),
        Column("depth", "depth"),
        Column("size", "printed", "size"),
        Column("size_counted", "counted", "size", counted=True),
        Column(
            "dimension_printed", "printed", "parameters of the family", FORMULAS["Corollary 2.3.3, dimension printed"]
        ),
        Column("dimension_exact", "exact", "parameters of the family", FORMULAS["Corollary 2.3.3, dimension"]),
        Column("dimension_counted", "counted", "parameters of the family", counted=True),
        Column("line_printed", "printed", "pieces on R", FORMULAS["pieces on R, printed"]),
        Column("line_exact", "exact", "pieces on R", FORMULAS["pieces on R"]),
        Column("line_counted", "counted", "pieces on R", counted=True),
        Column("least_2_3_3", "2.3.3 printed", "units at depth k + 1, at least", FORMULAS["Corollary 2.3.3, printed"]),
        Column("least_2_3_4", "2.3.4 printed", "units at depth k + 1, at least", FORMULAS["Corollary 2.3.4"]),
        Column("least_sharpened", "sharpened", "units at depth k + 1, at least", FORMULAS["Lemma 2.A.7 sharpened"]),
        Column("least_integer", "integer programme", "units at depth k + 1, at least"),
    ),
    _rows,
    {
        "k": Option((2, 3, 4, 5), 2, 12, "the step of the ladder"),
        "limit": Option((100_000,), 0, 10**7, "count no more pieces than this", single=True),
    },
    (
        "In the formulas of pieces, w = k and the number of layers is k²; in those of Corollary 2.3.3, epsilon = 1. "
        "– where the pieces are too many to count.",
    ),
)
