"""``relucomb pwl``: the best continuous piecewise-linear function of one column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import relucomb
from relucomb.commandline.arguments import add_data, add_json, single_target, whole_number
from relucomb.commandline.channels import print_error, print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs, check_picture, write_results
from relucomb.commandline.formula import pieces_formula
from relucomb.commandline.report import data_document, data_text, describe
from relucomb.progress import format_duration
from relucomb.reading import InputError, read_table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from relucomb.networks import ReLUNetwork
    from relucomb.reading import Table

MOST_PIECES = 64

DESCRIPTION = """\
Fit a continuous piecewise-linear function of one column with at most P pieces,
with the least mean squared error of all such functions."""

EXAMPLES = """\
examples:
  relucomb pwl data.csv --pieces 3
      a table with one feature; the last column is the target
  relucomb pwl data.csv --pieces 3 --target price --features area
      choose the two columns by name
  relucomb pwl data.csv --pieces 4 --plot fit.png --output net.json
      draw it, and write it as a network"""


class Fit(Protocol):
    """What the command tells of a fit, as :func:`relucomb.fit_piecewise_linear` returns it."""

    @property
    def loss(self) -> float:
        """Mean squared error."""

    @property
    def breakpoints(self) -> Sequence[float]:
        """Where the pieces meet, rising: one less than there are pieces."""

    @property
    def slopes(self) -> Sequence[float]:
        """Slope of each piece."""

    @property
    def intercepts(self) -> Sequence[float]:
        """Value of each piece, continued, at 0."""

    @property
    def network(self) -> ReLUNetwork:
        """The same function as a network."""

    @property
    def seconds(self) -> float:
        """What it took."""

    @property
    def tolerance(self) -> float:
        """Relative accuracy of the loss."""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "pwl",
        help="best continuous piecewise-linear fit",
        usage="relucomb pwl DATA --pieces P [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    add_data(parser, features="the column to predict from (default: the only other one)")
    parser.add_argument(
        "--pieces", type=whole_number(1, MOST_PIECES), required=True, metavar="P", help="greatest number of pieces"
    )
    add_json(parser)
    parser.add_argument("--output", metavar="NET.json", help="write the function as a network")
    parser.add_argument("--plot", metavar="FIT.png", help="draw the fit: .png, .svg or .pdf")


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    picture = check_picture("--plot", arguments.plot)
    check_outputs({"--output": arguments.output, "--plot": arguments.plot}, {"the data": arguments.data})
    table = read_table(arguments.data, single_target(arguments.target), arguments.features)
    _check_data(table)
    fit = relucomb.fit_piecewise_linear(table.X[:, 0], table.y, arguments.pieces)
    failures = write_results(fit.network, table, arguments.output, arguments.plot, picture)
    if arguments.json:
        print_json("pwl", {**data_document(table), **_document(fit)})
    else:
        print_result(_text(fit, table))
    for failure in failures:
        print_error(f"relucomb pwl: error: {failure}")
    return ExitCode.INTERNAL_ERROR if failures else ExitCode.PROVEN


def _check_data(table: Table) -> None:
    n = len(table.feature_names)
    if n != 1:
        shown = ", ".join(table.feature_names[:20])
        raise InputError(
            f"{table.source}: {describe(n, 'feature')}, but a piecewise-linear fit has one; choose it with --features, "
            f"from {shown}"
        )


def _document(fit: Fit) -> dict[str, Any]:
    return {
        "status": "optimal",
        "loss": float(fit.loss),
        "pieces": len(fit.slopes),
        "breakpoints": [float(place) for place in fit.breakpoints],
        "slopes": [float(slope) for slope in fit.slopes],
        "intercepts": [float(intercept) for intercept in fit.intercepts],
        "network": fit.network.to_json(),
        "seconds": fit.seconds,
        "proof": "float",
        "tolerance": fit.tolerance,
    }


def _text(fit: Fit, table: Table) -> str:
    summary = [
        "status   optimal: no continuous function with so many linear pieces has a smaller loss",
        f"pieces   {len(fit.slopes)}",
        f"loss     {fit.loss:.8g}  (mean squared loss)",
        f"time     {format_duration(fit.seconds)}",
        f"proof    float (tolerance {fit.tolerance:g})",
    ]
    function = pieces_formula(fit.breakpoints, fit.slopes, fit.intercepts, table.feature_names[0])
    return "\n\n".join([data_text(table), "\n".join(summary), function])
