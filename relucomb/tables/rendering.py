"""Tables as text, Markdown, LaTeX, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
import re
import textwrap
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relucomb.tables.table import Cell, Column, Table

SCHEMA_VERSION = 1
_POWER = re.compile(r"([\w\]])\^(\w)")
_WIDTH = 100  # of notes in text
STYLES = ("text", "markdown", "latex", "csv", "json")

_LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "≥": r"$\ge$", "≤": r"$\le$", "·": r"$\cdot$", "–": "--",
    "δ": r"$\delta$", "ε": r"$\varepsilon$", "Π": r"$\prod$", "Σ": r"$\sum$", "²": r"$^2$",
}  # fmt: skip


def render(table: Table, style: str) -> str:
    """Return a table as text that ends in a line end.

    Parameters
    ----------
    table : Table
        What to show.
    style : {"text", "markdown", "latex", "csv", "json"}
        How: ``text`` in columns, ``markdown`` and ``latex`` (with the package booktabs), all with the formulas of the
        columns below; ``csv`` with a line of keys; ``json`` as one object.

    Raises
    ------
    ValueError
        The style is unknown.

    Examples
    --------
    >>> from relucomb.tables.table import Column, Table
    >>> table = Table("squares", "Squares", (Column("n", "n"), Column("square", "n²", "exact")), ((2, 4), (10, None)))
    >>> print(render(table, "text"))
    Squares
    <BLANKLINE>
        exact
     n     n²
     2      4
    10      –
    <BLANKLINE>
    >>> render(table, "csv").splitlines()
    ['n,square', '2,4', '10,']
    """
    if style not in STYLES:
        raise ValueError(f"style must be one of {', '.join(map(repr, STYLES))}; got {style!r}")
    makers = {"text": _text, "markdown": _markdown, "latex": _latex, "csv": _csv, "json": _json}
    return makers[style](table)


def _text(table: Table) -> str:
    cells = _cells(table)
    widths = [
        max(len(column.heading), *(len(row[place]) for row in cells), 0) for place, column in enumerate(table.columns)
    ]
    heads = []
    if any(column.group for column in table.columns):
        place = 0
        for group, columns in _groups(table.columns):
            # a group that is wider than its columns widens the first of them
            room = sum(widths[place : place + len(columns)]) + 2 * (len(columns) - 1)
            widths[place] += max(0, len(group) - room)
            heads.append(f"{group:>{max(room, len(group))}}")
            place += len(columns)
    lines = [table.title, ""]
    if heads:
        lines.append("  ".join(heads))
    sides = ["<" if label else ">" for label in _labels(table)]
    lines += [
        "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True))
        for row in ([column.heading for column in table.columns], *cells)
    ]
    formulas = [f"{column.name} = {formula.expression} ({formula.source})" for column, formula in table.formulas()]
    for block in (formulas, [line for note in table.notes for line in textwrap.wrap(note, _WIDTH)]):
        lines += ["", *block] if block else []
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _markdown(table: Table) -> str:
    heads = [column.name.replace("|", r"\|") for column in table.columns]
    lines = [f"# {table.title}", "", _bar(heads), _bar([":---" if label else "---:" for label in _labels(table)])]
    lines += [_bar(row) for row in _cells(table)]
    if table.formulas():
        lines += ["", "Formulas:", ""]
        lines += [f"- {column.name}: ${formula.latex()}$ ({formula.source})" for column, formula in table.formulas()]
    for note in table.notes:
        lines += ["", note]
    return "\n".join(lines) + "\n"


def _latex(table: Table) -> str:
    lines = [r"\begin{table}", r"\centering", rf"\caption{{{_escaped(table.title)}}}"]
    lines += [rf"\begin{{tabular}}{{{''.join('l' if label else 'r' for label in _labels(table))}}}", r"\toprule"]
    if any(column.group for column in table.columns):
        spans, rules, place = [], [], 1
        for group, columns in _groups(table.columns):
            spans += [rf"\multicolumn{{{len(columns)}}}{{c}}{{{_escaped(group)}}}"] if group else [""] * len(columns)
            if group:
                rules.append(rf"\cmidrule(lr){{{place}-{place + len(columns) - 1}}}")
            place += len(columns)
        lines += [" & ".join(spans).strip() + r" \\", " ".join(rules)]
    lines += [" & ".join(_escaped(column.heading) for column in table.columns) + r" \\", r"\midrule"]
    lines += [" & ".join(map(_escaped, row)) + r" \\" for row in _cells(table)]
    lines += [r"\bottomrule", r"\end{tabular}"]
    remarks = [
        f"{_escaped(column.name)}: ${formula.latex()}$ ({_escaped(formula.source)})."
        for column, formula in table.formulas()
    ]
    remarks += [_escaped(note) for note in table.notes]
    if remarks:
        lines += ["", r"\medskip", r"\begin{flushleft}\footnotesize", *(line + r" \\" for line in remarks[:-1])]
        lines += [remarks[-1], r"\end{flushleft}"]
    return "\n".join([*lines, r"\end{table}"]) + "\n"


def _csv(table: Table) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([["" if cell is None else str(cell) for cell in row] for row in table.rows])
    return file.getvalue()


def _json(table: Table) -> str:
    formulas = {column.key: formula for column, formula in table.formulas()}
    columns: list[dict[str, Any]] = []
    for column in table.columns:
        entry: dict[str, Any] = {"key": column.key, "heading": column.name, "counted": column.counted}
        if column.key in formulas:
            formula = formulas[column.key]
            entry |= {"formula": str(formula.expression), "latex": formula.latex()}
            entry |= {"source": formula.source, "holds": formula.holds}
        columns.append(entry)
    document = {
        "schema_version": SCHEMA_VERSION,
        "table": table.name,
        "title": table.title,
        "complete": table.complete,
        "columns": columns,
        "rows": [{c.key: _number(cell) for c, cell in zip(table.columns, row, strict=True)} for row in table.rows],
        "notes": list(table.notes),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _cells(table: Table) -> list[list[str]]:
    return [[_shown(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows]


def _shown(cell: Cell, column: Column) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    return str(cell) if column.digits is None else f"{float(cell):.{column.digits}f}"


def _labels(table: Table) -> list[bool]:
    """Say which columns hold labels and not numbers: they begin at the left."""
    return [any(isinstance(row[place], str) for row in table.rows) for place in range(len(table.columns))]


def _number(cell: Cell) -> int | str | None:
    if isinstance(cell, str):
        return cell
    return str(cell) if isinstance(cell, Fraction) and cell.denominator > 1 else None if cell is None else int(cell)


def _groups(columns: Sequence[Column]) -> list[tuple[str, list[Column]]]:
    return [(group, list(members)) for group, members in groupby(columns, key=lambda column: column.group)]


def _bar(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    r"""Return a text in LaTeX, with powers such as ``R^n`` as mathematics.

    Examples
    --------
    >>> _escaped("100 % of R^n")
    '100 \\% of $R^{n}$'
    """
    parts = _POWER.split(text)
    for place in range(0, len(parts), 3):
        parts[place] = "".join(_LATEX.get(sign, sign) for sign in parts[place])
    for place in range(1, len(parts), 3):
        parts[place : place + 2] = f"${parts[place]}^", f"{{{parts[place + 1]}}}$"
    return "".join(parts)
