"""Read a table of points from a CSV or Parquet file, and say exactly what is wrong with one that cannot be used.

Every failure is an :class:`InputError` of one line that names the file, the row (for CSV the line in the file, counted
from 1), the column, and what would be legal. Two readers share one path:

- :func:`read_table` for fitting: features and a target, as 64-bit floats;
- :func:`read_points` for combinatorics: coordinates only, each cell the *rational that is written there*, so that
  ``0.1`` is one tenth and points on a decimal grid are collinear when they look collinear.
"""

from __future__ import annotations

import csv
import difflib
import io
import math
import os
import re
import sys
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import numpy as np

from relucomb.exceptions import RelucombError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

__all__ = ["InputError", "Points", "Table", "read_points", "read_table"]

Number = TypeVar("Number")

SEVERAL_TARGETS = (
    "there is one target column, because with two or more outputs an exact combinatorial search of this kind "
    "is impossible unless NP = ∃R (arXiv 2204.01368); fit each target in a run of its own"
)
_LAYOUT = "a CSV file has a header line with the column names, then one line of numbers per point"
_FLOAT_CELL = "every cell must be a finite number such as -1.5 or 2e-3"
_EXACT_CELL = "every cell must be a finite number such as -1.5 or 2e-3, or a fraction such as 1/3"
_PARQUET_MAGIC = b"PAR1"
# A cell of a few characters, say 1e999999999, must not become an integer of a gigabyte.
_LARGEST_EXPONENT = 400


class InputError(RelucombError, ValueError):
    """A file, a cell or an argument that cannot be used; the message is one line for the user."""


@dataclass(frozen=True, slots=True)
class Table:
    """Features and a target read from a file.

    Attributes
    ----------
    X : ndarray of float, shape (D, n)
        The features.
    y : ndarray of float, shape (D,)
        The target.
    feature_names : tuple of str
        Names of the ``n`` columns of ``X``.
    target_name : str
        Name of the target column.
    source : str
        The file, or ``<stdin>``.
    places : tuple of str
        Where each row stands in the source: ``"line 2"`` (CSV) or ``"row 1"`` (Parquet).
    """

    X: NDArray[np.float64]
    y: NDArray[np.float64]
    feature_names: tuple[str, ...]
    target_name: str
    source: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """Points read exactly.

    Attributes
    ----------
    X : ndarray of object, shape (D, n)
        The coordinates, as :class:`fractions.Fraction`.
    names : tuple of str
        Names of the ``n`` columns.
    source : str
        The file, or ``<stdin>``.
    """

    X: NDArray[np.object_]
    names: tuple[str, ...]
    source: str


def read_table(
    source: str | os.PathLike[str], target: str | None = None, features: Sequence[str] | None = None
) -> Table:
    r"""Read features and one target.

    Parameters
    ----------
    source : str or path
        A CSV file (UTF-8, comma separated, with a header) or a Parquet file; ``"-"`` is standard input.
    target : str, optional
        Name of the target column; the last column if not given.
    features : sequence of str, optional
        Names of the feature columns, in this order; all columns but the target if not given.

    Returns
    -------
    Table
        At least one row, at least one feature, every value finite.

    Raises
    ------
    InputError
        If the file cannot be read as such a table.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "points.csv"
    >>> _ = file.write_text("age,bmi,outcome\n59,32.1,151\n48,21.6,75\n")
    >>> table = read_table(file)
    >>> table.feature_names, table.target_name, table.X.tolist(), table.y.tolist()
    (('age', 'bmi'), 'outcome', [[59.0, 32.1], [48.0, 21.6]], [151.0, 75.0])
    """
    sheet = _read_sheet(source)
    if len(sheet.header) < 2:
        _fail(sheet.head, f"only one column, {sheet.header[0]!r}", "at least one feature and a target are needed")
    aim = len(sheet.header) - 1 if target is None else _find_target(sheet, target)
    chosen = _find_features(sheet, features, left_out=aim)
    columns = [*chosen, aim]
    values = np.array(_convert(sheet, columns, _as_float), dtype=np.float64).reshape(len(sheet.rows), len(columns))
    return Table(
        X=np.ascontiguousarray(values[:, :-1]),
        y=values[:, -1].copy(),
        feature_names=tuple(sheet.header[k] for k in chosen),
        target_name=sheet.header[aim],
        source=sheet.source,
        places=tuple(sheet.places),
    )


def read_points(
    source: str | os.PathLike[str], target: str | None = None, features: Sequence[str] | None = None
) -> Points:
    r"""Read points exactly: every cell is the rational number that is written in it.

    Parameters
    ----------
    source : str or path
        As in :func:`read_table`; a Parquet float counts as the shortest decimal that denotes it.
    target : str, optional
        A column to leave out; by default every column is a coordinate.
    features : sequence of str, optional
        Names of the coordinates, in this order; all columns but ``target`` if not given.

    Returns
    -------
    Points
        At least one point with at least one coordinate.

    Raises
    ------
    InputError
        If the file cannot be read as such a table.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "points.csv"
    >>> _ = file.write_text("x,y\n0.1,1/3\n")
    >>> read_points(file).X.tolist()
    [[Fraction(1, 10), Fraction(1, 3)]]
    """
    sheet = _read_sheet(source)
    left_out = None if target is None else _find_target(sheet, target)
    chosen = _find_features(sheet, features, left_out=left_out)
    X = np.empty((len(sheet.rows), len(chosen)), dtype=np.object_)
    X[:] = np.array(_convert(sheet, chosen, _as_fraction), dtype=np.object_).reshape(X.shape)
    return Points(X=X, names=tuple(sheet.header[k] for k in chosen), source=sheet.source)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A rectangular table of text: what both formats become before a cell is read."""

    source: str
    head: str  # where the header stands, for messages
    header: tuple[str, ...]
    rows: list[list[str]]
    places: list[str]


def _fail(place: str, wrong: str, legal: str) -> NoReturn:
    raise InputError(f"{place}: {wrong}; {legal}")


# --- columns ----------------------------------------------------------------------------------------------------


def _find_target(sheet: _Sheet, target: str) -> int:
    if target.strip() in sheet.header:
        return sheet.header.index(target.strip())
    if "," in target:
        raise InputError(f"target {target!r}: several targets are refused; {SEVERAL_TARGETS}")
    return _find_column(sheet, target, "target")


def _find_features(sheet: _Sheet, features: Sequence[str] | None, left_out: int | None) -> list[int]:
    if features is None:
        chosen = [k for k in range(len(sheet.header)) if k != left_out]
    else:
        chosen = [_find_column(sheet, name, "feature") for name in features]
    for k in chosen:
        if k == left_out:
            _fail(sheet.head, f"column {sheet.header[k]!r} is both feature and target", "a column serves once")
        if chosen.count(k) > 1:
            _fail(sheet.head, f"feature {sheet.header[k]!r} is named twice", "a column serves once")
    if not chosen:
        _fail(sheet.head, "no feature column", "at least one is needed")
    return chosen


def _find_column(sheet: _Sheet, name: str, role: str) -> int:
    if name.strip() in sheet.header:
        return sheet.header.index(name.strip())
    lowered = {column.lower(): column for column in sheet.header}
    near = difflib.get_close_matches(name.strip().lower(), list(lowered), n=1)
    guess = f"did you mean {lowered[near[0]]!r}? " if near else ""
    shown = ", ".join(sheet.header[:20]) + (", ..." if len(sheet.header) > 20 else "")
    _fail(sheet.head, f"no column named {name!r} for the {role}", f"{guess}columns: {shown}")


# --- cells ------------------------------------------------------------------------------------------------------


def _convert(sheet: _Sheet, columns: Iterable[int], cell: Callable[[str], Number]) -> list[list[Number]]:
    chosen = list(columns)
    table = []
    for place, row in zip(sheet.places, sheet.rows, strict=True):
        numbers = []
        for k in chosen:
            try:
                numbers.append(cell(row[k]))
            except InputError as error:
                raise InputError(f"{sheet.source}, {place}, column {sheet.header[k]!r}: {error}") from None
        table.append(numbers)
    return table


def _as_float(text: str) -> float:
    value = _finite_float(text, _FLOAT_CELL)
    if value is None:
        raise InputError(f"{_shown(text)} is not a number; {_hint(text)}{_FLOAT_CELL}")
    return value


def _as_fraction(text: str) -> Fraction:
    if re.fullmatch(r"[+-]?\d{1,400}\s*/\s*0*[1-9]\d{0,399}", text):
        top, bottom = text.split("/")
        return Fraction(int(top), int(bottom))
    value = _finite_float(text, _EXACT_CELL)
    if value is None:
        raise InputError(f"{_shown(text)} is not a number; {_hint(text)}{_EXACT_CELL}")
    written = Decimal(text)
    if written and abs(written.adjusted()) > _LARGEST_EXPONENT:
        raise InputError(f"{_shown(text)} is too small; the exponent may be at most {_LARGEST_EXPONENT} in size")
    return Fraction(written)


def _finite_float(text: str, legal: str) -> float | None:
    """Return the number in a cell, None if it is text, an error if it is a number that cannot be used."""
    if not text:
        raise InputError(f"empty cell; {legal}")
    # float() also takes 1_000 and digits of other scripts, which in a data file are accidents
    if "_" in text or not text.isascii():
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    if math.isnan(value):
        raise InputError(f"{_shown(text)} is not a number (a missing value?); {legal}")
    if math.isinf(value):
        what = "infinite" if "n" in text.lower() else "too large for a 64-bit float"
        raise InputError(f"{_shown(text)} is {what}; {legal}")
    return value


def _hint(text: str) -> str:
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return "write the decimal sign as a point; "
    if "\N{MINUS SIGN}" in text or "\N{EN DASH}" in text:
        return "write the minus sign as an ASCII hyphen; "
    return ""


def _shown(text: str) -> str:
    return repr(text if len(text) <= 30 else text[:29] + "…")


# --- files ------------------------------------------------------------------------------------------------------


def _read_sheet(source: str | os.PathLike[str]) -> _Sheet:
    name, content = _read_bytes(source)
    if not content.strip(b" \t\r\n\xef\xbb\xbf"):
        _fail(name, "the file is empty", _LAYOUT)
    if content.startswith(_PARQUET_MAGIC) or name.lower().endswith((".parquet", ".pq")):
        sheet = _parquet_sheet(name, content)
    else:
        sheet = _csv_sheet(name, content)
    _check_header(sheet)
    if not sheet.rows:
        _fail(sheet.source, "a header but no rows of data", _LAYOUT)
    return sheet


def _read_bytes(source: str | os.PathLike[str]) -> tuple[str, bytes]:
    name = os.fspath(source)
    if name == "-":
        if sys.stdin is None:
            raise InputError("<stdin>: standard input is closed; give a file")
        return "<stdin>", sys.stdin.buffer.read()
    try:
        return name, Path(name).read_bytes()
    except FileNotFoundError:
        _fail(name, "no such file", "give a CSV or Parquet file, or - for standard input")
    except IsADirectoryError:
        _fail(name, "is a directory", "give a CSV or Parquet file, or - for standard input")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        _fail(name, f"cannot be read ({reason})", "give a CSV or Parquet file, or - for standard input")


def _csv_sheet(name: str, content: bytes) -> _Sheet:
    text = _decode(name, content)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for record in reader:
            if record and any(cell.strip() for cell in record):
                records.append((begins, [cell.strip() for cell in record]))
            elif len(record) > 1:  # ",,": a row of empty cells is wrong, an empty line is only empty
                records.append((begins, [""] * len(record)))
            begins = reader.line_num + 1
    except csv.Error as error:
        _fail(f"{name}, line {begins}", f"broken quoting or an endless cell ({error})", 'quote cells as "a ""b"" c"')
    first, header = records[0]
    _check_separator(f"{name}, line {first}", header)
    for line, record in records[1:]:
        if len(record) != len(header):
            _fail(
                f"{name}, line {line}",
                f"{_count(len(record), 'cell')}, but the header has {_count(len(header), 'column')}",
                "every row needs one cell per column",
            )
    return _Sheet(
        source=name,
        head=f"{name}, line {first}",
        header=tuple(header),
        rows=[record for _, record in records[1:]],
        places=[f"line {line}" for line, _ in records[1:]],
    )


def _decode(name: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        _fail(
            f"{name}, line {line}",
            f"byte 0x{content[error.start]:02x} is not UTF-8 text",
            "save the table as CSV in UTF-8 (or as Parquet)",
        )
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        _fail(f"{name}, line {line}", "a zero byte: not a text file", "save the table as CSV in UTF-8 (or as Parquet)")
    return text


def _check_separator(place: str, header: list[str]) -> None:
    if len(header) != 1:
        return
    for separator, spoken in ((";", "semicolons (;)"), ("\t", "tabs"), ("|", "bars (|)"), (" ", "blanks")):
        if separator in header[0]:
            _fail(place, f"one column, but the cells seem to be separated by {spoken}", "the separator is the comma")


def _check_header(sheet: _Sheet) -> None:
    if all(_is_numeric(name) for name in sheet.header):
        _fail(sheet.head, "no header: every cell of the first line is a number", _LAYOUT)
    for k, name in enumerate(sheet.header):
        if not name:
            _fail(sheet.head, f"column {k + 1} has no name", "every column needs a name of its own")
        if name in sheet.header[:k]:
            earlier = sheet.header.index(name) + 1
            _fail(
                sheet.head,
                f"columns {earlier} and {k + 1} are both named {name!r}",
                "every column needs a name of its own",
            )


def _is_numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _parquet_sheet(name: str, content: bytes) -> _Sheet:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        _fail(name, "reading Parquet needs pyarrow", "install it with: pip install 'relucomb[parquet]'")
    try:
        table = pq.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError) as error:
        _fail(name, f"not a readable Parquet file ({str(error).splitlines()[0]})", "write it again, or give CSV")
    columns = [[_parquet_cell(value.as_py()) for value in column] for column in table.columns]
    return _Sheet(
        source=name,
        head=name,
        header=tuple(str(column).strip() for column in table.column_names),
        rows=[list(row) for row in zip(*columns, strict=True)],
        places=[f"row {k + 1}" for k in range(table.num_rows)],
    )


def _parquet_cell(value: object) -> str:
    if value is None:
        return ""
    # repr of a float is read back as the same float; bool is 0 or 1, as in numpy
    return repr(float(value)) if isinstance(value, bool | float) else str(value).strip()


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
