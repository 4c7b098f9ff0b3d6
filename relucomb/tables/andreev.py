"""The table of Theorem 2.5.4: what its chain proves about circuits for Andreev's function, for given numbers."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import sympy as sp

from relucomb.boolean.andreev_bound import andreev_bound
from relucomb.families.formulas import Formula, delta, epsilon, k
from relucomb.tables.table import Column, Option, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relucomb.tables.table import Cell

PRINTED = Formula(
    "Theorem 2.5.4, printed",
    (1 - delta) * (2 * sp.log(epsilon, 2) + k + 1),
    "Theorem 2.5.4",
    "n large; the constant is not known and is 1 here",
    holds=False,
)


def _rows(k: tuple[int, ...], epsilon: tuple[Fraction, ...], delta: tuple[Fraction, ...]) -> Iterator[tuple[Cell, ...]]:
    for share in epsilon:
        for loss in delta:
            for bits in k:
                n = 2 << bits
                printed = andreev_bound(n, share, loss, counting="maass", collapse=1)
                proven = andreev_bound(n, share, loss)
                yield (
                    bits,
                    share,
                    loss,
                    bits + 1,
                    _tenths(printed.log2_size_of_proof),
                    _log2(printed.size),
                    _log2(proven.size),
                    _tenths(printed.log2_gates_as_printed),
                    _tenths(printed.log2_gates_of_proof) if printed.size_of_proof_fits else None,
                    _log2(printed.gates),
                    _log2(proven.gates),
                )


def _log2(number: int) -> Fraction | None:
    return _tenths(math.log2(number)) if number > 0 else None


def _tenths(number: float) -> Fraction:
    return Fraction(round(number * 10), 10)


RECIPE = Recipe(
    "andreev",
    "Theorem 2.5.4 in numbers: ReLU gates for Andreev's function of n = 2^(k+1) variables at 1/2 + ε of its points",
    (
        Column("k", "k"),
        Column("epsilon", "ε"),
        Column("delta", "δ"),
        Column("variables", "log2 n"),
        Column("size_of_proof", "choice of the proof", "log2 of the size s", digits=1),
        Column("size_maass", "greatest, by Maass", "log2 of the size s", digits=1),
        Column("size_cells", "greatest, by cells", "log2 of the size s", digits=1),
        Column("gates_printed", "printed", "log2 of the gates, at least", PRINTED, digits=1),
        Column("gates_of_proof", "choice of the proof", "log2 of the gates, at least", digits=1),
        Column("gates_maass", "greatest s, by Maass", "log2 of the gates, at least", digits=1),
        Column("gates_proven", "proven, by cells", "log2 of the gates, at least", digits=1),
    ),
    _rows,
    {
        "k": Option((20, 30, 40, 60, 80, 100), 2, 2000, "n = 2^(k+1), so that there are k rows"),
        "epsilon": Option((Fraction(1, 10), Fraction(1, 4)), Fraction(0), Fraction(1, 2), "of agreement", whole=False),
        "delta": Option((Fraction(1, 10),), Fraction(0), Fraction(1, 2), "of the theorem", whole=False),
    },
    (
        "All but k, ε and δ are binary logarithms, rounded. Circuits with s gates or fewer are too few to agree with a "
        "random function of k bits. The columns by Maass have the constant 1 for the number of circuits and for Lemma "
        "2.6.1, which is not proven; those by cells have no hidden constants. – where nothing follows.",
    ),
)
