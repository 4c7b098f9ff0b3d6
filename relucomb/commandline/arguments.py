"""Argument types and the parser class shared by the sub-commands: every refusal is one line."""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from relucomb.commandline.channels import printable
from relucomb.commandline.exit_codes import ExitCode
from relucomb.reading import SEVERAL_TARGETS, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

WIDEST = 64  # hidden units; far beyond what can be proven, and a typing error such as 33 for 3 is still legal


class Parser(argparse.ArgumentParser):
    """A parser whose examples keep their layout and whose errors are one line."""

    def __init__(self, *args: object, **options: object) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        options.setdefault("allow_abbrev", False)  # so that a new option never changes what an old script means
        super().__init__(*args, **options)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Exit with one line that ends in where to read more."""
        line = " ".join(message.split())
        self.exit(ExitCode.BAD_INPUT, f"{self.prog}: error: {line} (see: {self.prog} --help)\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        # help and errors hold signs that not every terminal's encoding has
        stream = file or sys.stderr
        if message and stream is not None:
            stream.write(printable(message, stream))


@dataclass(frozen=True, slots=True)
class Widths:
    """The argument of ``--width``: one width, or a range of them."""

    lowest: int
    highest: int
    is_range: bool

    def __str__(self) -> str:
        return f"{self.lowest}-{self.highest}" if self.is_range else f"{self.lowest}"


def widths(text: str) -> Widths:
    """Read ``3`` or ``1-4``.

    Examples
    --------
    >>> str(widths("3")), str(widths("1-4"))
    ('3', '1-4')
    """
    low, dash, high = text.partition("-")
    is_range = bool(dash and low)
    bounds = [low, high] if is_range else [text]
    numbers = [_whole(bound) for bound in bounds]
    chosen = [number for number in numbers if number is not None and 1 <= number <= WIDEST]
    if len(chosen) < len(bounds) or chosen[0] > chosen[-1]:
        raise _refusal(f"a whole number from 1 to {WIDEST}, or a rising range of them such as 1-4", text)
    return Widths(chosen[0], chosen[-1], is_range)


def whole_number(lowest: int, highest: int | None = None) -> Callable[[str], int]:
    """Return an argument type for whole numbers in a range.

    Examples
    --------
    >>> whole_number(1, 8)("3")
    3
    """
    legal = f"a whole number from {lowest}" + (" on" if highest is None else f" to {highest}")

    def read(text: str) -> int:
        number = _whole(text)
        if number is None or number < lowest or (highest is not None and number > highest):
            raise _refusal(legal, text)
        return number

    return read


def nonnegative(text: str) -> float:
    """Read a finite number that is not negative.

    Examples
    --------
    >>> nonnegative("1e-6")
    1e-06
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise _refusal("a finite number that is not negative", text)
    return number


def names(text: str) -> list[str]:
    """Read column names separated by commas.

    Examples
    --------
    >>> names("bmi, s5")
    ['bmi', 's5']
    """
    chosen = [name.strip() for name in text.split(",")]
    if not all(chosen):
        raise _refusal("column names separated by commas, such as bmi,s5", text)
    return chosen


def add_data(
    parser: argparse.ArgumentParser,
    target: str = "the column to predict (default: the last column)",
    features: str = "the columns to predict from (default: all others)",
    *,
    required: bool = True,
) -> None:
    """Add the data file and the choice of its columns, with what they mean here."""
    kinds = "CSV file with a header, Parquet file, or - for standard input"
    parser.add_argument("data", metavar="DATA", nargs=None if required else "?", help=kinds)
    parser.add_argument("--target", metavar="NAME", action="append", help=target)
    parser.add_argument("--features", metavar="A,B,...", type=names, help=features)


def single_target(chosen: list[str] | None) -> str | None:
    """Return the one target column that was named, if any; two are refused with the reason."""
    if chosen is not None and len(chosen) > 1:
        raise InputError(f"--target was given {len(chosen)} times; {SEVERAL_TARGETS}")
    return None if chosen is None else chosen[0]


def add_json(parser: Any) -> None:
    """Add ``--json``."""
    parser.add_argument("--json", action="store_true", help="print exactly one JSON object instead of text")


def add_search(parser: Any, *, of_each: str = "") -> None:
    """Add the limits and means of a search.

    Parameters
    ----------
    parser
        A parser, or a group of one.
    of_each
        What the help of ``--time-limit`` adds.
    """
    parser.add_argument("--time-limit", type=nonnegative, metavar="SECONDS", help="stop then" + of_each)
    parser.add_argument(
        "--gap", type=nonnegative, default=0.0, metavar="R", help="relative gap to prove (default: %(default)s)"
    )
    parser.add_argument(
        "--abs-gap", type=nonnegative, default=1e-9, metavar="A", help="or absolute gap (default: %(default)s)"
    )
    parser.add_argument(
        "--workers", type=whole_number(1, 1024), default=1, metavar="K", help="threads (default: %(default)s)"
    )
    parser.add_argument("--seed", type=whole_number(0), default=0, metavar="S", help="(default: %(default)s)")


def add_result(parser: Any, *, network: str, plot: str) -> None:
    """Add the forms and places of the result, with what the help says of the network and of the picture."""
    add_json(parser)
    parser.add_argument("--output", metavar="NET.json", help=network)
    parser.add_argument("--plot", metavar="FIT.png", help=plot)
    parser.add_argument("--log-file", metavar="FILE", help="write progress and result to a file, too")
    parser.add_argument("--quiet", action="store_true", help="write nothing but errors to standard error")


def _whole(text: str) -> int | None:
    # int() also takes 1_000 and digits of other scripts, and a number of ten thousand digits is no count
    return int(text) if text.isascii() and text.strip().lstrip("+-").isdecimal() and len(text) <= 18 else None


def _refusal(legal: str, text: str) -> argparse.ArgumentTypeError:
    shown = text if len(text) <= 40 else text[:39] + "…"
    return argparse.ArgumentTypeError(f"must be {legal}; got {shown!r}")
