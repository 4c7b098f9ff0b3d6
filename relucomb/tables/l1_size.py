"""The table of Theorem 2.3.6: units that a network needs to come within δ of the sawtooth in the L1 norm."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from relucomb.families.formulas import FORMULAS
from relucomb.families.theorems import theorem_2_3_6_size
from relucomb.size_bounds import size_lower_bounds
from relucomb.tables.table import Column, Option, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relucomb.tables.table import Cell


def _rows(
    k: tuple[int, ...], w: tuple[int, ...], shallow: tuple[int, ...], delta: tuple[Fraction, ...]
) -> Iterator[tuple[Cell, ...]]:
    for width in w:
        for layers in k:
            for few in shallow:
                if few > layers:
                    continue
                exactly = size_lower_bounds(width**layers, few)["serra"].value
                for distance in delta:
                    bounds = theorem_2_3_6_size(layers, width, few, distance)
                    least = (bounds["theorem"].value, bounds["serra"].value, exactly)
                    yield (layers, width, few, distance, layers * width, *least)


RECIPE = Recipe(
    "l1-size",
    "Units of a network with k' hidden layers at L1 distance at most δ from the equal sawtooth of w^k pieces",
    (
        Column("k", "k"),
        Column("w", "w"),
        Column("shallow", "k'"),
        Column("delta", "δ"),
        Column("size", "size of H", formula=FORMULAS["size of H"]),
        Column("least_printed", "printed", "units, at least", FORMULAS["Theorem 2.3.6, size"]),
        Column("least_integer", "integer programme", "units, at least"),
        Column("least_exactly", "for distance 0", "units, at least"),
    ),
    _rows,
    {
        "k": Option((4, 6), 1, 40, "hidden layers of the sawtooth"),
        "w": Option((2, 3), 2, 1000, "width of each"),
        "shallow": Option((1, 2, 3), 1, 40, "hidden layers of the shallow network, at most k"),
        "delta": Option((Fraction(1, 100), Fraction(1, 8)), Fraction(0), Fraction(1, 4), "the distance", whole=False),
    },
    (
        "Constants are at distance 1/4. The printed bound, which demands strictly more, is rounded up to whole units. "
        "The integer programme takes the number of pieces that the bound on the distance before rounding demands. "
        "For distance 0, the w^k pieces on [0, 1] are needed.",
    ),
)
