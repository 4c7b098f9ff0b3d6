"""The table of Theorem 2.3.10: pieces of ZONOTOPE^n_{k,w,m} beside rivals of the same depth and size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relucomb.families import Montufar, Sawtooth, ZonotopeFunction
from relucomb.families.formulas import FORMULAS
from relucomb.tables.depth_separation import uneven_sawtooth
from relucomb.tables.table import Column, Option, Recipe
from relucomb.zonotopes.zonotope import Zonotope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relucomb.tables.table import Cell


def _rows(
    n: tuple[int, ...], k: tuple[int, ...], w: tuple[int, ...], m: tuple[int, ...], limit: tuple[int]
) -> Iterator[tuple[Cell, ...]]:
    from relucomb.pieces.linear_pieces import count_pieces

    printed, proposition, exact = (
        FORMULAS[f"ZONOTOPE pieces{name}"] for name in (", printed", ", Proposition 2.3.9", "")
    )
    for inputs in n:
        for layers in k:
            for width in w:
                for count in m:
                    generators = Zonotope.moment_curve(inputs, count).generators
                    steps: Any = uneven_sawtooth(width, layers).a
                    f = ZonotopeFunction(steps, generators)
                    numbers = {"n": inputs, "k": layers, "w": width, "m": count}
                    pieces = exact(k=layers, w=width, vertices=FORMULAS["vertices"](n=inputs, m=count))
                    counted = count_pieces(f.network()) if pieces <= limit[0] else None
                    yield (
                        inputs, layers, width, count, FORMULAS["ZONOTOPE size"](k=layers, w=width, m=count),
                        printed(**numbers), proposition(**numbers), pieces, counted,
                        *_rivals(inputs, layers + 1, f.size, limit[0]),
                    )  # fmt: skip


def _rivals(n: int, layers: int, size: int, limit: int) -> tuple[Cell, ...]:
    """Return the width of rivals with so many layers and at most so many units, and their pieces."""
    from relucomb.pieces.linear_pieces import count_pieces
    from relucomb.piecewise_linear.function import PiecewiseLinear

    width = size // layers
    montufar: tuple[Cell, Cell] = (None, None)
    if width >= n:
        formula = FORMULAS["Montufar"](n=n, k=layers, w=width)
        network = Montufar(n, (width,) * layers).network()
        montufar = (formula, count_pieces(network, domain=[(0, 1)] * n) if formula <= limit else None)
    pieces = FORMULAS["Telgarsky"](w=width, k=layers)
    counted = None
    if width >= 2 and pieces <= limit:
        function = PiecewiseLinear.from_network(Sawtooth.equal_steps(width, layers).network())
        counted = function.count_pieces((0, 1))
    return (width, *montufar, pieces, counted)


RECIPE = Recipe(
    "zonotope-family",
    "The zonotope family against Montúfar et al. and Telgarsky, with equally many layers and at most as many units",
    (
        Column("n", "n"),
        Column("k", "k"),
        Column("w", "w"),
        Column("m", "m"),
        Column("size", "size", formula=FORMULAS["ZONOTOPE size"]),
        Column("pieces_printed", "2.3.10 printed", "pieces on R^n", FORMULAS["ZONOTOPE pieces, printed"]),
        Column("pieces_proposition", "2.3.9 printed", "pieces on R^n", FORMULAS["ZONOTOPE pieces, Proposition 2.3.9"]),
        Column("pieces_exact", "exact", "pieces on R^n", FORMULAS["ZONOTOPE pieces"]),
        Column("pieces_counted", "counted", "pieces on R^n", counted=True),
        Column("rival_width", "width", "rivals"),
        Column("montufar", "printed", "Montúfar on [0, 1]^n", FORMULAS["Montufar"]),
        Column("montufar_counted", "counted", "Montúfar on [0, 1]^n", counted=True),
        Column("telgarsky", "printed", "Telgarsky on [0, 1]", FORMULAS["Telgarsky"]),
        Column("telgarsky_counted", "counted", "Telgarsky on [0, 1]", counted=True),
    ),
    _rows,
    {
        "n": Option((2, 3), 1, 6, "inputs"),
        "k": Option((1, 2), 1, 12, "hidden layers of the sawtooth"),
        "w": Option((2, 3), 2, 100, "width of each"),
        "m": Option((2, 3, 4), 1, 100, "generators"),
        "limit": Option((20_000,), 0, 10**6, "count no more pieces than this", single=True),
    },
    (
        "Pieces are maximal open connected sets on which the function is affine. Generators lie on the moment curve, "
        "in general position; v is the number of vertices of their zonotope. The rivals have k + 1 hidden layers of "
        "equal width, the greatest that needs no more units; in their formulas, w is that width and k the number of "
        "layers. Montúfar's construction needs a width of n at least. Telgarsky's, O(w^k) for k layers of width w, is "
        "represented by the sawtooth of equal steps.",
    ),
)
