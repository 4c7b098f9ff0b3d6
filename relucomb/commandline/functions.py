"""The Boolean function that a command is about: a name with its size, a truth table, or a file with one."""

from __future__ import annotations

import argparse
import difflib
import inspect
import os
import sys
import textwrap
from typing import TYPE_CHECKING, Any

from relucomb.boolean.function import MOST_VARIABLES, BooleanFunction
from relucomb.boolean.named import NAMES, named_function
from relucomb.commandline.arguments import whole_number
from relucomb.reading import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

LAYOUT = "a truth table is 2^n values, either 0 and 1 or -1 and 1 (or + and -)"
_VALUES = {"0": 0, "1": 1, "-1": -1, "+1": 1, "+": 1, "-": -1, "−1": -1, "−": -1}


def summary() -> str:
    """Return the named functions with their parameters and what they are, for people.

    Examples
    --------
    >>> summary().splitlines()[4:6]
    ['  and', '      all variables are 1']
    """
    lines = ["named functions, true where:"]
    for name, builder in NAMES.items():
        told = (inspect.getdoc(builder) or "").partition("\n")[0].removeprefix("Tell whether ").rstrip(".")
        needed = [
            key if value.default is inspect.Parameter.empty else f"{key}={value.default}"
            for key, value in list(inspect.signature(builder).parameters.items())[1:]
        ]
        told = told.replace("``", "") + (f" [{', '.join(needed)}]" if needed else "")
        lines += [f"  {name}", textwrap.fill(told, 79, initial_indent=" " * 6, subsequent_indent=" " * 6)]
    return "\n".join(lines)


def add_function(parser: Any) -> None:
    """Add the function and how it may be given."""
    parser.add_argument(
        "function", metavar="FUNCTION", nargs="?", help="a name, a file with a truth table, or - for standard input"
    )
    parser.add_argument("-n", "--n", type=whole_number(0), metavar="N", help="number of variables of a named function")
    parser.add_argument(
        "--param", type=parameter, action="append", default=[], metavar="K=V", help="parameter of a named function"
    )
    parser.add_argument(
        "--table", metavar="0110...", help="the truth table itself, the value where all variables are 0 first"
    )


def parameter(text: str) -> tuple[str, int | str]:
    """Read ``name=value``: the type of an argument.

    Examples
    --------
    >>> parameter("k=3"), parameter("outer=odd_max_bit")
    (('k', 3), ('outer', 'odd_max_bit'))
    """
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"must be a name and a value, such as k=3; got {text!r}")
    whole = value.isascii() and value.removeprefix("-").isdecimal() and len(value) <= 18
    return name, int(value) if whole else value


def chosen_function(arguments: argparse.Namespace) -> tuple[str, BooleanFunction]:
    """Return the function that was asked for, and what to call it.

    Raises
    ------
    InputError
        Nothing or too much was given, there is no such name or file, or it has no truth table.
    """
    name, n, parameters = arguments.function, arguments.n, dict(arguments.param)
    if len(parameters) < len(arguments.param):
        raise InputError("--param: each parameter may be given once")
    if (name is None) == (arguments.table is None):
        given = "got none" if name is None else f"got {name} and --table"
        raise InputError(f"give a function, either by FUNCTION or by --table; {given}")
    known = name is not None and str(name).lower().replace("-", "_") in NAMES
    if known and (n is not None or not os.path.exists(name)):
        return _named(name, n, parameters)
    for option, value in (("-n", n), ("--param", parameters)):
        if value not in (None, {}) and (name is None or name == "-" or os.path.exists(name)):
            raise InputError(f"{option} is about named functions; a truth table tells its size itself")
    if name is None:
        return "--table", _table("--table", arguments.table)
    return _from_file(name)


def _named(name: str, n: int | None, parameters: dict[str, Any]) -> tuple[str, BooleanFunction]:
    if n is None and name.lower() != "xor2":
        raise InputError(f"{name}: -n is missing; it tells the number of variables")
    size = 2 if n is None else n
    try:
        f = named_function(name, size, **parameters)
    except ValueError as error:
        raise InputError(str(error)) from None
    return ", ".join([name, f"n = {size}", *(f"{key} = {value}" for key, value in parameters.items())]), f


def _from_file(name: str) -> tuple[str, BooleanFunction]:
    if name == "-":
        if sys.stdin is None:
            raise InputError("<stdin>: standard input is closed; give a file")
        source, content = "<stdin>", sys.stdin.buffer.read()
    else:
        try:
            with open(name, "rb") as file:
                source, content = name, file.read()
        except FileNotFoundError:
            near = difflib.get_close_matches(name.lower().replace("-", "_"), NAMES, n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else f"named functions are {', '.join(NAMES)}"
            raise InputError(f"{name}: no such file and no such named function; {hint}") from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise InputError(f"{name}: cannot be read ({reason}); give a file with a truth table") from None
    try:
        return source, _table(source, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{source}: byte 0x{content[error.start]:02x} is not UTF-8 text; {LAYOUT}") from None


def _table(source: str, text: str) -> BooleanFunction:
    """Read values with or without separators."""
    words = text.replace(",", " ").replace(";", " ").split()
    joined = "".join(words)
    if not joined:
        raise InputError(f"{source}: empty; {LAYOUT}")
    one_by_one = set(joined) <= {"0", "1"} or set(joined) <= {"+", "-"} or max(map(len, words)) > 2
    entries: Sequence[str] = joined if one_by_one else words
    if len(entries) > 1 << MOST_VARIABLES:
        raise InputError(f"{source}: {len(entries)} values; there may be 2^{MOST_VARIABLES} at most")
    values = []
    for place, entry in enumerate(entries, start=1):
        if entry not in _VALUES:
            raise InputError(f"{source}, value {place}: {entry!r}; {LAYOUT}")
        values.append(_VALUES[entry])
    if 0 in values and -1 in values:
        raise InputError(f"{source}: both 0 and -1; {LAYOUT}")
    if len(values) & (len(values) - 1):
        raise InputError(f"{source}: {len(values)} values, which is no power of two; {LAYOUT}")
    return BooleanFunction(values)
