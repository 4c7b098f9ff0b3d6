"""``relucomb pwl``: the best continuous piecewise-linear function of one column."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import relucomb
from relucomb.commandline.arguments import add_data, add_result, add_search, single_target, whole_number
from relucomb.commandline.channels import open_channels, print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs, check_picture, write_results
from relucomb.commandline.formula import pieces_formula
from relucomb.commandline.report import data_document, data_text, describe
from relucomb.commandline.telling import check_numbers
from relucomb.reading import InputError, read_table

if TYPE_CHECKING:
    import argparse

    from relucomb.piecewise_fit import PiecewiseLinearFit
    from relucomb.reading import Table

MOST_PIECES = 64

DESCRIPTION = """\
Fit a continuous piecewise-linear function of one column with at most P pieces
and the least mean loss, and prove that no other such function is better."""

EXAMPLES = """\
examples:
  relucomb pwl data.csv --pieces 3
      a table with one feature; the last column is the target
  relucomb pwl data.csv --pieces 3 --target price --features area
      choose the two columns by name
  relucomb pwl data.csv --pieces 4 --plot fit.png --output net.json
      draw it, and write it as a network
  relucomb pwl data.csv --pieces 4 --loss absolute --time-limit 60 --json
      the least mean absolute error, for a minute at most, as one JSON object

exit codes: 0 proven optimal, 2 bad usage or input, 3 stopped at a limit,
1 internal error, 130 interrupted"""


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
    parser.add_argument(
        "--loss", choices=("squared", "absolute"), default="squared", help="loss (default: %(default)s)"
    )
    add_search(parser.add_argument_group("search"))
    add_result(
        parser.add_argument_group("result"),
        network="write the function as a network",
        plot="draw the fit: .png, .svg or .pdf",
    )


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    picture = check_picture("--plot", arguments.plot)
    outputs = {"--output": arguments.output, "--plot": arguments.plot, "--log-file": arguments.log_file}
    check_outputs(outputs, {"the data": arguments.data})
    table = read_table(arguments.data, single_target(arguments.target), arguments.features)
    _check_data(table)
    with open_channels(arguments.log_file, quiet=arguments.quiet) as channels:
        channels.record(f"relucomb {relucomb.__version__}: relucomb {shlex.join(arguments.words)}")
        fit = relucomb.fit_piecewise_linear(
            table.X[:, 0],
            table.y,
            arguments.pieces,
            loss=arguments.loss,
            time_limit=arguments.time_limit,
            gap=arguments.gap,
            abs_gap=arguments.abs_gap,
            workers=arguments.workers,
            seed=arguments.seed,
            callback=channels.progress_table(),
        )
        channels.headline("")
        title = f"{describe(len(fit.slopes), 'piece')}, {arguments.loss} loss {fit.loss:.5g}: {_claim(fit)}"
        failures = write_results(fit.network, table, arguments.output, arguments.plot, picture, title)
        text = _text(fit, table, arguments.loss)
        channels.record(text)
        if arguments.json:
            print_json("pwl", {**data_document(table), **_document(fit, arguments.loss)})
        else:
            print_result(text)
        for failure in failures:
            channels.complain(f"relucomb pwl: error: {failure}")
    if failures:
        return ExitCode.INTERNAL_ERROR
    if fit.termination == "interrupted":
        return ExitCode.INTERRUPTED
    return ExitCode.PROVEN if fit.status == "optimal" else ExitCode.LIMIT


def _check_data(table: Table) -> None:
    check_numbers(table)
    n = len(table.feature_names)
    if n != 1:
        shown = ", ".join(table.feature_names[:20])
        raise InputError(
            f"{table.source}: {describe(n, 'feature')}, but a piecewise-linear fit has one; choose it with --features, "
            f"from {shown}"
        )


def _claim(fit: PiecewiseLinearFit) -> str:
    return "proven optimal" if fit.status == "optimal" else "not proven optimal"


def _document(fit: PiecewiseLinearFit, loss_name: str) -> dict[str, Any]:
    return {
        "status": fit.status.name,
        "termination": fit.termination.name,
        "loss": fit.loss,
        "lower_bound": fit.lower_bound,
        "gap": fit.gap,
        "pieces": len(fit.slopes),
        "breakpoints": fit.breakpoints.tolist(),
        "slopes": fit.slopes.tolist(),
        "intercepts": fit.intercepts.tolist(),
        "network": fit.network.to_json(),
        "nodes": fit.nodes,
        "seconds": fit.seconds,
        "proof": "float",
        "tolerance": fit.tolerance,
        "loss_name": loss_name,
    }


def _text(fit: PiecewiseLinearFit, table: Table, loss_name: str) -> str:
    pieces = describe(len(fit.slopes), "piece")
    summary = [
        f"status    {fit.status.name}: {_claim(fit)}",
        f"loss      {fit.loss:.9g} (mean {loss_name} loss, {pieces})",
        f"bound     {fit.lower_bound:.9g} (gap {fit.gap:.2e})",
        f"search    {fit.nodes:,} nodes in {fit.seconds:.3g} s",
        f"proof     float: dual bounds in floating point, tolerance {fit.tolerance:.0e}",
    ]
    function = pieces_formula(
        fit.breakpoints.tolist(), fit.slopes.tolist(), fit.intercepts.tolist(), table.feature_names[0]
    )
    return "\n\n".join([data_text(table), "\n".join(summary), function])
