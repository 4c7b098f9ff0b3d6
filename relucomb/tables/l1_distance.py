"""The table of Theorem 2.3.6: how near p pieces come to a sawtooth of q pieces, in the L1 norm on [0, 1]."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from relucomb.families.formulas import FORMULAS
from relucomb.families.theorems import theorem_2_3_6_distance
from relucomb.tables.table import Column, Option, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relucomb.tables.table import Cell

DIGITS = 4
GAP = Fraction(1, 10**DIGITS)


def _rows(q: tuple[int, ...], p: tuple[int, ...]) -> Iterator[tuple[Cell, ...]]:
    from relucomb.families.approximation import best_sawtooth_approximation

    for teeth in q:
        for pieces in p:
            if pieces > teeth:
                continue
            best = best_sawtooth_approximation(pieces, teeth, gap=GAP / 2)
            proven = best.upper - best.lower <= GAP / 2
            yield (
                teeth,
                pieces,
                theorem_2_3_6_distance(pieces, teeth),
                theorem_2_3_6_distance(pieces, teeth, published=False),
                Fraction(ceil(best.upper / GAP), 10**DIGITS) if proven else None,
            )


RECIPE = Recipe(
    "l1-distance",
    "Least L1 distance on [0, 1] of p pieces from the sawtooth of q equal pieces",
    (
        Column("q", "q"),
        Column("p", "p"),
        Column("least_printed", "printed", "at least", FORMULAS["Theorem 2.3.6, distance"]),
        Column("least_sharper", "before rounding", "at least", FORMULAS["Theorem 2.3.6, distance before rounding"]),
        Column("computed", "computed", "distance", counted=True, digits=DIGITS),
    ),
    _rows,
    {
        "q": Option((2, 3, 4, 6), 1, 64, "pieces of the sawtooth, w^k"),
        "p": Option((1, 2, 3), 1, 64, "pieces of the approximation, at most q"),
    },
    (
        "Bounds below 0 are shown as 0. Computed by branch and bound with bounds proven in rational arithmetic, and "
        f"rounded up: the least distance is at most the number shown and at least that minus {2 * float(GAP):g}.",
    ),
)
