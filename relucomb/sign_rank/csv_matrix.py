"""Sign matrices from CSV files: no header, one row per line, errors that name line and column."""

from __future__ import annotations

import csv
import difflib
import io
import os
import sys
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from relucomb.reading import InputError
from relucomb.sign_rank.matrices import NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIGNS = {"1": 1, "+1": 1, "+": 1, "1.0": 1, "-1": -1, "-": -1, "−1": -1, "−": -1, "-1.0": -1}
BITS = {"1": 1, "0": -1}
LAYOUT = "a sign matrix is a CSV file without a header: one row of -1 and 1 per line, separated by commas"


def is_file(name: str) -> bool:
    """Tell whether there is such a file; a file goes before a named matrix."""
    return name == "-" or os.path.exists(name)


def read_sign_matrix(name: str, *, bits: bool = False) -> tuple[str, NDArray[np.int8]]:
    r"""Read a sign matrix from a CSV file.

    Parameters
    ----------
    name
        Path, or ``-`` for standard input.
    bits
        Whether the file holds 0 and 1 instead of -1 and 1: 1 means 1 and 0 means -1.

    Returns
    -------
    source : str
        What to call it in messages.
    matrix : numpy.ndarray
        Entries -1 and 1.

    Raises
    ------
    InputError
        Naming the file, line and column, what was found and what is legal. Lines and columns count from 1.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "signs.csv"
    >>> _ = file.write_text("1,-1\n-1,+1\n")
    >>> read_sign_matrix(str(file))[1]
    array([[ 1, -1],
           [-1,  1]], dtype=int8)
    """
    source, content = _content(name)
    try:
        text = content.decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except UnicodeDecodeError as error:
        _fail(source, f"byte 0x{content[error.start]:02x} is not UTF-8 text")
    except csv.Error as error:
        _fail(source, f"not readable as CSV ({error})")
    if not lines:
        _fail(source, "empty")
    width = len(lines[0][1])
    legal = BITS if bits else SIGNS
    rows = []
    for number, cells in lines:
        if len(cells) != width:
            _fail(f"{source}, line {number}", f"{len(cells)} cells, but the first row has {width}")
        rows.append(
            [_entry(cell.strip(), legal, f"{source}, line {number}, column {k}") for k, cell in enumerate(cells, 1)]
        )
    return source, np.array(rows, dtype=np.int8)


def _entry(cell: str, legal: dict[str, int], place: str) -> int:
    if cell in legal:
        return legal[cell]
    shown = cell if len(cell) <= 40 else cell[:39] + "…"
    if legal is BITS:
        raise InputError(f"{place}: {shown!r}; with --bits legal are 0 and 1")
    try:
        zero = float(cell) == 0
    except ValueError:
        zero = False
    if zero:
        raise InputError(f"{place}: a zero; a sign matrix has none (--bits reads 0 as -1)")
    return _fail(place, f"{shown!r} is no sign" if cell else "an empty cell")


def _content(name: str) -> tuple[str, bytes]:
    if name == "-":
        if sys.stdin is None:
            raise InputError("<stdin>: standard input is closed; give a file")
        return "<stdin>", sys.stdin.buffer.read()
    try:
        with open(name, "rb") as file:
            return name, file.read()
    except FileNotFoundError:
        near = difflib.get_close_matches(name, NAMES, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"named matrices are {', '.join(NAMES)}"
        raise InputError(f"{name}: no such file and no such named matrix; {hint}") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror})") from None


def _fail(place: str, wrong: str) -> NoReturn:
    raise InputError(f"{place}: {wrong}; {LAYOUT}")
