"""``relucomb dichotomies``: count or list the ways a hyperplane can divide the points of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import relucomb
from relucomb.commandline.arguments import add_data, add_json, single_target
from relucomb.commandline.channels import print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.report import describe
from relucomb.reading import read_points

if TYPE_CHECKING:
    import argparse

    import numpy as np
    from numpy.typing import NDArray

DESCRIPTION = """\
Count the strict dichotomies of points: the sets of points on the positive side
of a hyperplane that passes through none of them. The count is exact: every cell
counts as the rational number that is written in it, so points on a decimal grid
are in line when they look so. Every column is a coordinate; --target leaves one
out."""

EXAMPLES = """\
examples:
  relucomb dichotomies points.csv
      by affine hyperplanes (hidden units with a bias)
  relucomb dichotomies points.csv --no-bias
      by hyperplanes through the origin
  relucomb dichotomies data.csv --target price --list
      leave a column out; one line of 0 and 1 for each dichotomy, a sign per row
  printf 'x,y\\n0,0\\n1,0\\n0,1\\n1,1\\n' | relucomb dichotomies -
      the square: 14, all subsets but the two diagonals"""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "dichotomies",
        help="count the linear dichotomies of points",
        usage="relucomb dichotomies DATA [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    add_data(parser, target="a column to leave out (default: none)", features="the coordinates (default: all columns)")
    parser.add_argument(
        "--no-bias", "--no-hidden-bias", action="store_true", help="only hyperplanes through the origin"
    )
    parser.add_argument("--list", action="store_true", help="list them, one line of 0 and 1 each")
    add_json(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    points = read_points(arguments.data, single_target(arguments.target), arguments.features)
    bias = not arguments.no_bias
    document = {
        "source": points.source,
        "points": len(points.X),
        "coordinates": list(points.names),
        "hidden_bias": bias,
    }
    if not arguments.list:
        count = relucomb.count_dichotomies(points.X, hidden_bias=bias)
        if arguments.json:
            print_json("dichotomies", {**document, "count": count})
        else:
            kind = "affine" if bias else "linear"
            where = f"{describe(len(points.X), 'point')} in {describe(len(points.names), 'coordinate')}"
            print_result(f"{count} strict {kind} dichotomies of {where} ({', '.join(points.names)})")
    elif arguments.json:
        listed = [_word(pattern) for pattern in relucomb.dichotomies(points.X, hidden_bias=bias)]
        print_json("dichotomies", {**document, "count": len(listed), "dichotomies": listed})
    else:
        for pattern in relucomb.dichotomies(points.X, hidden_bias=bias):
            print_result(_word(pattern))
    return ExitCode.PROVEN


def _word(pattern: NDArray[np.bool_]) -> str:
    return "".join("1" if active else "0" for active in pattern.tolist())
