"""The tables of the theory of depth, regenerated: as printed, by the exact formula, and counted, side by side.

Formulas are those of :mod:`relucomb.families.formulas`; what is called *counted* is counted on networks, zonotopes or
points by algorithms that know no formula.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relucomb.tables.table import Recipe, Table

__all__ = ["LARGE", "MEASURED", "NAMES", "OPTIONS", "make", "recipe"]

NAMES = {
    "depth-separation": "depth_separation",
    "ladder": "ladder",
    "l1-distance": "l1_distance",
    "l1-size": "l1_size",
    "zonotope-family": "zonotope_family",
    "zonotope-vertices": "zonotope_vertices",
    "partitions": "partitions",
    "andreev": "andreev",
    "minimal-circuits": "minimal_circuits",
    "race": "race",
}
"""The names of the tables, with the module of each."""

MEASURED = ("race",)
"""Tables that take minutes and hold measurements in floats: another machine may find slightly other numbers."""

LARGE: dict[str, tuple[str, dict[str, tuple[int, ...]]]] = {"minimal-circuits-4": ("minimal-circuits", {"n": (4,)})}
"""Committed tables with other numbers than the default, which take minutes: their names, and what makes them."""

OPTIONS = ("k", "w", "shallow", "n", "m", "p", "q", "delta", "epsilon", "points", "limit", "runs", "steps")
"""The names of all options that some table has."""


def recipe(name: str) -> Recipe:
    """Return how a table is made: its columns and options.

    Raises
    ------
    ValueError
        There is no such table.

    Examples
    --------
    >>> recipe("partitions").options["points"].meaning
    'D, the number of points'
    """
    if name not in NAMES:
        raise ValueError(f"name must be one of {', '.join(map(repr, NAMES))}; got {name!r}")
    found: Recipe = importlib.import_module(f"relucomb.tables.{NAMES[name]}").RECIPE
    return found


def make(name: str, **choices: Any) -> Table:
    """Make a table.

    Parameters
    ----------
    name
        One of :data:`NAMES`.
    **choices
        Numbers for some of the options of the table, one or several each.

    Raises
    ------
    ValueError
        There is no such table or option, or a value is not legal.

    Examples
    --------
    Four points in the plane: 12 partitions are printed, 14 there are.

    >>> print(make("partitions", n=2, points=[3, 4]).render("csv"), end="")
    n,points,printed,exact,counted,line_counted
    2,3,6,8,8,6
    2,4,12,14,14,8
    """
    return recipe(name).make(**choices)
