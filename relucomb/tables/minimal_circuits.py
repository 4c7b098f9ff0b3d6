"""The table of minimal circuits: the least number of ReLU gates for every Boolean function of few variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relucomb.tables.table import Column, Option, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relucomb.boolean.function import BooleanFunction
    from relucomb.boolean.refutation import CircuitClass
    from relucomb.tables.table import Cell


def _rows(n: tuple[int, ...]) -> Iterator[tuple[Cell, ...]]:
    from relucomb.boolean.constructions import gates_of_lemma
    from relucomb.boolean.npn import npn_classes

    for variables in n:
        for f, functions in npn_classes(variables):
            told = (f.to_integer(), functions, f.ones, f.real_degree, gates_of_lemma(f))
            yield (variables, *told, _least(f, "Sum-of-ReLU"), _least(f, "LTF-of-ReLU"))


def _least(f: BooleanFunction, circuit_class: CircuitClass) -> int | None:
    """Return the least number of gates if it is proven in integers."""
    from relucomb.boolean.minimal import minimal_circuit

    found = minimal_circuit(f, circuit_class)
    return found.lower if found.status == "minimal" and found.proof == "rational" and found.verify() else None


RECIPE = Recipe(
    "minimal-circuits",
    "The least number of ReLU gates for every Boolean function of n variables, up to symmetry",
    (
        Column("n", "n"),
        Column("function", "function"),
        Column("functions", "functions"),
        Column("ones", "true points"),
        Column("degree", "degree"),
        Column("lemma", "Lemma 2.5.1", "gates"),
        Column("sum", "Sum-of-ReLU", "gates", counted=True),
        Column("threshold", "LTF-of-ReLU", "gates", counted=True),
    ),
    _rows,
    {"n": Option((1, 2, 3), 1, 4, "the number of variables; 4 take a minute or two")},
    (
        "Symmetries permute and negate variables and negate the value; neither number of gates changes. "
        "The function is the one of least number in its class: bit k of the number is the value at point k, whose "
        "bit i is variable i. The degree is that of the real polynomial. Lemma 2.5.1 gives the lesser of 2^n and the "
        "sum of the sizes of the sets in the spectrum.",
        "Every number is proven: a circuit verified at all points, and functionals in integers that refute all "
        "circuits with one gate less. The threshold gate of LTF-of-ReLU is not counted.",
    ),
)
