"""Tests of relucomb.tables.rendering: golden texts of a small table in all styles."""

from __future__ import annotations

import csv
import json
from fractions import Fraction

import pytest

from relucomb.families.formulas import FORMULAS
from relucomb.tables.rendering import render
from relucomb.tables.table import Column, Table

TABLE = Table(
    "small",
    "A & B_1 in R^n, 100 %",
    (
        Column("k", "k"),
        Column("size", "exact", "size, printed and counted", FORMULAS["size of H"]),
        Column("counted", "counted", "size, printed and counted", counted=True),
        Column("share", "share", digits=3),
    ),
    ((1, 20, 20, Fraction(1, 4)), (10, Fraction(1, 3), None, None)),
    ("Note: δ ≥ 0.",),
)


def test_text() -> None:
    """Right-aligned columns under heads that span their group."""
    assert render(TABLE, "text") == (
        "A & B_1 in R^n, 100 %\n"
        "\n"
        "    size, printed and counted\n"
        " k             exact  counted  share\n"
        " 1                20       20  0.250\n"
        "10               1/3        –      –\n"
        "\n"
        "size, printed and counted: exact = k*w (Theorem 2.3.2)\n"
        "\n"
        "Note: δ ≥ 0.\n"
    )


def test_markdown() -> None:
    """A table, the formulas as a list, the notes."""
    assert render(TABLE, "markdown") == (
        "# A & B_1 in R^n, 100 %\n"
        "\n"
        "| k | size, printed and counted: exact | size, printed and counted: counted | share |\n"
        "| ---: | ---: | ---: | ---: |\n"
        "| 1 | 20 | 20 | 0.250 |\n"
        "| 10 | 1/3 | – | – |\n"
        "\n"
        "Formulas:\n"
        "\n"
        "- size, printed and counted: exact: $k w$ (Theorem 2.3.2)\n"
        "\n"
        "Note: δ ≥ 0.\n"
    )


def test_latex() -> None:
    """Signs that mean something in LaTeX are escaped, powers are mathematics."""
    assert render(TABLE, "latex").splitlines() == [
        r"\begin{table}",
        r"\centering",
        r"\caption{A \& B\_1 in $R^{n}$, 100 \%}",
        r"\begin{tabular}{rrrr}",
        r"\toprule",
        r"& \multicolumn{2}{c}{size, printed and counted} & \\",
        r"\cmidrule(lr){2-3}",
        r"k & exact & counted & share \\",
        r"\midrule",
        r"1 & 20 & 20 & 0.250 \\",
        r"10 & 1/3 & -- & -- \\",
        r"\bottomrule",
        r"\end{tabular}",
        "",
        r"\medskip",
        r"\begin{flushleft}\footnotesize",
        r"size, printed and counted: exact: $k w$ (Theorem 2.3.2). \\",
        r"Note: $\delta$ $\ge$ 0.",
        r"\end{flushleft}",
        r"\end{table}",
    ]


def test_csv() -> None:
    """Keys, exact numbers, nothing where there is none."""
    rows = list(csv.DictReader(render(TABLE, "csv").splitlines()))
    assert rows[0] == {"k": "1", "size": "20", "counted": "20", "share": "1/4"}
    assert rows[1] == {"k": "10", "size": "1/3", "counted": "", "share": ""}


def test_json() -> None:
    """One object with a version; formulas as expressions and in LaTeX; fractions as texts."""
    document = json.loads(render(TABLE, "json"))
    assert document["schema_version"] == 1
    assert document["rows"] == [
        {"k": 1, "size": 20, "counted": 20, "share": "1/4"},
        {"k": 10, "size": "1/3", "counted": None, "share": None},
    ]
    assert document["columns"][1] == {
        "key": "size",
        "heading": "size, printed and counted: exact",
        "counted": False,
        "formula": "k*w",
        "latex": "k w",
        "source": "Theorem 2.3.2",
        "holds": True,
    }
    assert document["complete"] is True


def test_an_empty_table_has_its_heads() -> None:
    """An interruption before the first row leaves that."""
    empty = Table("empty", "Empty", TABLE.columns, ())
    assert render(empty, "csv") == "k,size,counted,share\n"
    assert "exact  counted  share" in render(empty, "text")


def test_other_styles_are_refused() -> None:
    """The message lists the legal ones."""
    with pytest.raises(ValueError, match="must be one of 'text', 'markdown', 'latex', 'csv', 'json'; got 'html'"):
        TABLE.render("html")
