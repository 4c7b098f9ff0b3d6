"""The table of Theorems 2.3.1 and 2.3.2: what k layers of width w do, and what k' of them would need."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from relucomb.families import Sawtooth
from relucomb.families.formulas import FORMULAS
from relucomb.families.theorems import theorem_2_3_1
from relucomb.tables.table import Column, Option, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relucomb.tables.table import Cell


def uneven_sawtooth(w: int, k: int) -> Sawtooth:
    """Return a member of the family whose steps are all different: nothing may depend on their being equal.

    Examples
    --------
    >>> [str(entry) for entry in uneven_sawtooth(3, 1).a[0]]
    ['1/6', '1/2']
    """
    total = w * (w + 1) // 2
    steps: Any = [Fraction(i * (i + 1) // 2, total) for i in range(1, w)]
    return Sawtooth([steps] * k)


def counted(f: Sawtooth, limit: int) -> tuple[int | None, int | None, int | None]:
    """Count the units of the network and its pieces on [0, M] and on R, unless there will be more than a limit."""
    from relucomb.piecewise_linear.function import PiecewiseLinear

    if f.count_pieces() > limit:
        return None, None, None
    network = f.network()
    function = PiecewiseLinear.from_network(network)
    return network.size, function.count_pieces((0, f.M)), function.count_pieces()


def _rows(
    k: tuple[int, ...], w: tuple[int, ...], shallow: tuple[int, ...], limit: tuple[int]
) -> Iterator[tuple[Cell, ...]]:
    core, printed, everywhere = (FORMULAS[f"pieces on {where}"] for where in ("[0, M]", "R, printed", "R"))
    for width in w:
        for layers in k:
            f = uneven_sawtooth(width, layers)
            size, inside, on_line = counted(f, limit[0])
            pieces = (
                core(k=layers, w=width), inside,
                printed(k=layers, w=width), everywhere(k=layers, w=width), on_line,
            )  # fmt: skip
            for few in shallow:
                if few <= layers:
                    bounds = theorem_2_3_1(layers, width, few)
                    least = tuple(bounds[name].value for name in ("theorem", "sharpened", "serra"))
                    yield (layers, width, few, FORMULAS["size of H"](k=layers, w=width), size, *pieces, *least)


RECIPE = Recipe(
    "depth-separation",
    "Depth separation: H has k hidden layers of width w; networks with k' hidden layers need more units",
    (
        Column("k", "k"),
        Column("w", "w"),
        Column("shallow", "k'"),
        Column("size", "exact", "size of H", FORMULAS["size of H"]),
        Column("size_counted", "counted", "size of H", counted=True),
        Column("core_exact", "printed = exact", "pieces on [0, M]", FORMULAS["pieces on [0, M]"]),
        Column("core_counted", "counted", "pieces on [0, M]", counted=True),
        Column("line_printed", "printed", "pieces on R", FORMULAS["pieces on R, printed"]),
        Column("line_exact", "exact", "pieces on R", FORMULAS["pieces on R"]),
        Column("line_counted", "counted", "pieces on R", counted=True),
        Column("least_printed", "printed", "units with k' layers, at least", FORMULAS["Theorem 2.3.1"]),
        Column("least_sharpened", "sharpened", "units with k' layers, at least", FORMULAS["Lemma 2.A.7 sharpened"]),
        Column("least_integer", "integer programme", "units with k' layers, at least"),
    ),
    _rows,
    {
        "k": Option((1, 2, 3, 4), 1, 40, "hidden layers"),
        "w": Option((2, 3, 4), 2, 1000, "width of each"),
        "shallow": Option((1, 2, 3), 1, 40, "hidden layers of the shallow network, at most k"),
        "limit": Option((100_000,), 0, 10**7, "count no more pieces than this", single=True),
    },
    (
        "Counted on the network of a function with steps that are all different; lower bounds are rounded up to whole "
        "units. The sharpened bound and the integer programme (the least sum of widths that the bound of Serra et al. "
        "allows) take the exact number p of pieces on R and k' layers in place of k.",
    ),
)
