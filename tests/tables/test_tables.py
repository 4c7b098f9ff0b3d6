"""Tests of relucomb.tables: every table equals its committed copy, and what is counted equals the exact formula."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from relucomb import tables

if TYPE_CHECKING:
    from relucomb.tables.table import Table

EXACT = [name for name in tables.NAMES if name not in tables.MEASURED]
FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "tables"


@cache
def made(name: str) -> Table:
    """Return a table with its default numbers."""
    return tables.make(name)


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize(("style", "ending"), [("markdown", ".md"), ("csv", ".csv")])
def test_committed_copies(name: str, style: str, ending: str) -> None:
    """What scripts/make_tables.py writes is what is there; measured tables have their own tests."""
    assert made(name).render(style) == (FOLDER / f"{name}{ending}").read_text(encoding="utf-8")


def test_no_other_copies() -> None:
    """No file is left of a table that is no more."""
    made_here = {file.stem for file in FOLDER.iterdir() if not file.stem.startswith("sign-rank-")}
    assert made_here == {*tables.NAMES, *tables.LARGE}


COUNTED = {
    "depth-separation": {"size": "size", "core_exact": "core", "line_exact": "line"},
    "ladder": {"size": "size", "dimension_exact": "dimension", "line_exact": "line"},
    "zonotope-family": {"pieces_exact": "pieces", "montufar": "montufar", "telgarsky": "telgarsky"},
    "zonotope-vertices": {"exact": ""},
    "partitions": {"exact": ""},
}


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_counted_equals_the_exact_formula(name: str) -> None:
    """In every row in which it was counted, and in most it was."""
    for exact, counted in COUNTED[name].items():
        pairs = list(zip(made(name).column(exact), made(name).column(f"{counted}_counted".lstrip("_")), strict=True))
        known = [pair for pair in pairs if pair[1] is not None]
        assert len(known) >= 0.5 * len(pairs)
        assert all(formula == number for formula, number in known)


@pytest.mark.parametrize("name", EXACT)
def test_every_table_can_be_shown(name: str) -> None:
    """In all styles, with the formula of each column that has one; what is counted has none."""
    table = made(name)
    for style in ("text", "markdown", "latex", "json"):
        text = table.render(style)
        assert text.endswith("\n")
        for column, formula in table.formulas():
            assert not column.counted
            shown = str(formula.expression) if style == "text" else formula.latex()
            assert (shown.replace("\\", "\\\\") if style == "json" else shown) in text


def test_options_are_all_named() -> None:
    """The command has an option for each option of a table, and no other."""
    assert {option for name in tables.NAMES for option in tables.recipe(name).options} == set(tables.OPTIONS)


def test_unknown_tables_are_refused() -> None:
    """The legal names are listed."""
    with pytest.raises(ValueError, match=r"must be one of 'depth-separation', .*; got 'depth'"):
        tables.make("depth")
