"""``relucomb table``: the tables of the theory of depth, regenerated with counted numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relucomb import tables
from relucomb.atomic_write import write_atomically
from relucomb.commandline.arguments import add_json
from relucomb.commandline.channels import print_error, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs
from relucomb.commandline.quantities import exact_numbers, refusal
from relucomb.reading import InputError

if TYPE_CHECKING:
    import argparse

    from relucomb.tables.table import Option, Table

STYLES = {"text": ".txt", "markdown": ".md", "latex": ".tex", "csv": ".csv", "json": ".json"}
MOST_NUMBERS = 1000  # of one option

DESCRIPTION = """\
Regenerate a table of the theory of depth: numbers as printed, by the exact
formula, and counted on the networks, zonotopes or points themselves, side by
side. A number that was not counted because it is too large is shown as –."""

EXAMPLES = """\
tables:
  depth-separation   Theorems 2.3.1, 2.3.2: pieces of H; units with fewer layers
  ladder             Corollaries 2.3.3, 2.3.4: depth k^2 + 1 against k + 1
  l1-distance        Theorem 2.3.6: how near p pieces come to a sawtooth
  l1-size            Theorem 2.3.6: units to come within delta
  zonotope-family    Theorem 2.3.10 against Montufar et al. and Telgarsky
  zonotope-vertices  Theorem 2.3.7: vertices of generic zonotopes
  partitions         partitions of points by a hyperplane (Theorem 2.4.1)
  andreev            Theorem 2.5.4: gates for Andreev's function
  minimal-circuits   least number of ReLU gates for Boolean functions
  race               optimisers against the certified optimum (takes minutes)

examples:
  relucomb table --list
      names, titles, and the options of each
  relucomb table depth-separation --k 1-5 --w 3 --shallow 1-2
      choose the numbers: 3, or 1-5, or 2,4,8
  relucomb table ladder --format latex --output ladder.tex
      with the packages booktabs and amsmath
  relucomb table zonotope-vertices --n 4 --m 5-20 --format csv

exit codes: 0 done, 2 bad usage or input, 1 internal error, 130 interrupted
(after the rows that are finished)"""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "table",
        help="regenerate a table of the theory",
        usage="relucomb table NAME [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    parser.add_argument("name", metavar="NAME", nargs="?", help="one of the tables below")
    parser.add_argument("--list", action="store_true", help="tell the names, titles and options of the tables")
    parser.add_argument("--format", choices=list(STYLES), help="(default: by the ending of --output, else text)")
    parser.add_argument("--output", metavar="FILE", help="write the table to a file instead of standard output")
    add_json(parser)
    numbers = parser.add_argument_group("numbers (of some tables; --list tells which)")
    for name in tables.OPTIONS:
        if name in ("delta", "epsilon"):
            numbers.add_argument(f"--{name}", metavar="1/8,0.1", type=exact_numbers)
        else:
            numbers.add_argument(f"--{name}", metavar="1-4", type=whole_numbers)


def whole_numbers(text: str) -> list[int]:
    """Read whole numbers and ranges of them, separated by commas.

    Examples
    --------
    >>> whole_numbers("2,4-6")
    [2, 4, 5, 6]
    """
    legal = "whole numbers or ranges such as 1-4, separated by commas"
    chosen: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*([0-9]{1,9})(?:-([0-9]{1,9}))?\s*", part, re.ASCII)
        if match is None:
            raise refusal(legal, text)
        first, last = int(match[1]), int(match[2] or match[1])
        if first > last or len(chosen) + last - first >= MOST_NUMBERS:
            raise refusal(f"{legal}, rising and at most {MOST_NUMBERS}", text)
        chosen += range(first, last + 1)
    return chosen


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    if arguments.list:
        print_result("\n\n".join(map(_described, tables.NAMES)))
        return ExitCode.PROVEN
    if arguments.name is None:
        raise InputError(f"name a table: {', '.join(tables.NAMES)}")
    if arguments.name not in tables.NAMES:
        raise InputError(f"there is no table {arguments.name!r}; legal are {', '.join(tables.NAMES)}")
    style = _style(arguments)
    check_outputs({"--output": arguments.output}, {})
    table = _made(arguments)
    text = table.render(style)
    if arguments.output is None:
        print_result(text)
    else:
        try:
            write_atomically(arguments.output, text)
        except OSError as error:
            print_error(f"relucomb table: error: {error.filename}: could not be written ({error.strerror})")
            return ExitCode.INTERNAL_ERROR
    if not table.complete:
        print_error(f"relucomb table: interrupted: {len(table.rows)} rows are finished")
        return ExitCode.INTERRUPTED
    return ExitCode.PROVEN


def _style(arguments: argparse.Namespace) -> str:
    chosen: str | None = arguments.format
    if arguments.json:
        if chosen not in (None, "json"):
            raise InputError(f"--json: is a short form of --format json; --format {chosen} was given too")
        return "json"
    if chosen is None and arguments.output is not None:
        ending = Path(arguments.output).suffix.lower()
        return next((style for style, known in STYLES.items() if known == ending), "text")
    return chosen or "text"


def _made(arguments: argparse.Namespace) -> Table:
    recipe = tables.recipe(arguments.name)
    choices = {name: getattr(arguments, name) for name in tables.OPTIONS if getattr(arguments, name) is not None}
    for name in choices:
        if name not in recipe.options:
            legal = ", ".join(f"--{option}" for option in recipe.options)
            raise InputError(f"--{name}: the table {recipe.name} has no such option; it has {legal}")
    try:
        checked: dict[str, Any] = {name: recipe.options[name].checked(f"--{name}", choices[name]) for name in choices}
    except ValueError as error:
        raise InputError(str(error)) from None
    return recipe.make(interruptible=True, **checked)


def _described(name: str) -> str:
    recipe = tables.recipe(name)
    lines = [f"{name}: {recipe.title}"]
    lines += [
        f"  --{option:<8} {value.meaning} (default: {_listed(value)})" for option, value in recipe.options.items()
    ]
    return "\n".join(lines)


def _listed(option: Option) -> str:
    return ",".join(map(str, option.default))
