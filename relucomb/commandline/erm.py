"""``relucomb erm``: the certified best network with one hidden layer for a table of data."""

from __future__ import annotations

import shlex
import time
from typing import TYPE_CHECKING, Any

import relucomb
from relucomb.algorithm_one import ProgramLimitError
from relucomb.commandline.arguments import Widths, add_data, add_result, add_search, single_target, whole_number, widths
from relucomb.commandline.channels import open_channels, print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs, check_picture, write_results
from relucomb.commandline.predict import load_network
from relucomb.commandline.report import describe, result_document, result_text
from relucomb.commandline.telling import check_numbers
from relucomb.losses import LOSSES
from relucomb.reading import InputError, Table, read_table

if TYPE_CHECKING:
    import argparse

    from relucomb.commandline.channels import Channels
    from relucomb.erm_result import ERMResult, Verification
    from relucomb.networks import ReLUNetwork

METHODS = ("branch-and-bound", "enumerate")

DESCRIPTION = """\
Find a network f(x) = Σ ± relu(v·x + b) with the given number of hidden units
that minimises the mean loss over the data, and prove that no other is better."""

EXAMPLES = """\
examples:
  relucomb erm data.csv --width 3
      the best network with 3 hidden units; the last column is the target
  relucomb erm data.csv --width 2 --target price --features area,rooms
      choose the columns by name
  relucomb erm data.csv --width 1-4
      the certified curve: the least loss for each width from 1 to 4
  relucomb erm labels.csv --width 2 --loss hinge
      a classifier; the labels are -1 and 1
  relucomb erm data.csv --width 3 --time-limit 60 --gap 0.01
      stop after a minute, or as soon as the loss is proven within 1 %
  relucomb erm data.csv --width 2 --output net.json --plot fit.png
      write the network, and a picture if there are at most two features
  cut -d, -f2- data.csv | relucomb erm - --width 2 --json | jq .loss
      read standard input, print one JSON object

exit codes: 0 proven optimal, 2 bad usage or input, 3 stopped at a limit with a
network, 4 stopped without one, 1 internal error, 130 interrupted"""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "erm",
        help="certified best network for a data set",
        usage="relucomb erm DATA --width W [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    add_data(parser)
    problem = parser.add_argument_group("problem")
    problem.add_argument(
        "--width", type=widths, required=True, metavar="W", help="number of hidden units, 3, or a range, 1-4"
    )
    problem.add_argument("--loss", choices=tuple(LOSSES), default="squared", help="loss (default: %(default)s)")
    problem.add_argument("--output-bias", action="store_true", help="let the network add a constant at the end")
    problem.add_argument("--no-hidden-bias", action="store_true", help="leave the b in relu(v·x + b) out")
    search = parser.add_argument_group("search")
    search.add_argument("--method", choices=METHODS, default=METHODS[0], help="(default: %(default)s)")
    add_search(search, of_each="; a range shares the time")
    search.add_argument("--node-limit", type=whole_number(0), metavar="N", help="stop after N nodes (for each width)")
    search.add_argument("--warm-start", metavar="NET.json", help="a network to begin with")
    search.add_argument(
        "--program-limit", type=whole_number(1), metavar="N", help="most convex programmes for --method enumerate"
    )
    result = parser.add_argument_group("result")
    result.add_argument("--verify", action="store_true", help="recompute the loss in exact rational arithmetic")
    add_result(
        result,
        network="write the network (of a range, the widest)",
        plot="draw the fit of one or two features: .png, .svg or .pdf",
    )


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    picture = check_picture("--plot", arguments.plot)
    check_outputs(
        {"--output": arguments.output, "--plot": arguments.plot, "--log-file": arguments.log_file},
        {"the data": arguments.data, "--warm-start": arguments.warm_start},
    )
    table = read_table(arguments.data, single_target(arguments.target), arguments.features)
    _check_data(table, arguments)
    start = _warm_start(arguments.warm_start, table)
    with open_channels(arguments.log_file, quiet=arguments.quiet) as channels:
        channels.record(f"relucomb {relucomb.__version__}: relucomb {shlex.join(arguments.words)}")
        results, interrupted = _solve(table, arguments, start, channels)
        channels.headline("")
        verified: list[Verification] = []
        try:
            if arguments.verify:
                verified = [result.verify() for result in results]
        finally:  # whatever happens to the second look, the first result is told
            written = _tell(results, table, arguments, verified, picture, channels)
    if not written or not all(check.passed for check in verified):
        return ExitCode.INTERNAL_ERROR
    return ExitCode.INTERRUPTED if interrupted else _exit_code(results, arguments.width)


def _tell(
    results: list[ERMResult],
    table: Table,
    arguments: argparse.Namespace,
    verified: list[Verification],
    picture: str | None,
    channels: Channels,
) -> bool:
    """Write the files, print the result, and return whether all files were written."""
    widest = next((result for result in reversed(results) if result.network is not None), results[-1])
    failures = write_results(widest, table, arguments.output, arguments.plot, picture)
    text = result_text(results, table, verified)
    channels.record(text)
    if arguments.json:
        print_json("erm", result_document(results, table, arguments.width, verified))
    else:
        print_result(text)
    for failure in failures:
        channels.complain(f"relucomb erm: error: {failure}")
    return not failures


def _check_data(table: Table, arguments: argparse.Namespace) -> None:
    count, n = table.X.shape
    if count == 1:
        raise InputError(f"{table.source}: 1 row of data; a fit needs at least 2")
    if count < n:
        raise InputError(
            f"{table.source}: {count} rows for {n} features; there must be at least as many rows as features "
            "(--features chooses some)"
        )
    check_numbers(table)
    row = LOSSES[arguments.loss].offending_row(table.y)
    if row is not None:
        hint = "; write 0 as -1" if set(table.y) <= {0.0, 1.0} else ""
        raise InputError(
            f"{table.source}, {table.places[row]}, column {table.target_name!r}: the label is {table.y[row]:g}; "
            f"the {arguments.loss} loss needs labels -1 and 1{hint}"
        )
    if arguments.plot is not None and n > 2:
        raise InputError(
            f"--plot {arguments.plot}: {n} features cannot be drawn; legal are one or two (--features chooses them)"
        )


def _warm_start(path: str | None, table: Table) -> ReLUNetwork | None:
    if path is None:
        return None
    network = load_network(path)
    legal = (table.X.shape[1], 1)
    if (network.widths[0], network.widths[-1]) != legal or network.depth != 2:
        raise InputError(
            f"--warm-start {path}: the network has widths {'-'.join(map(str, network.widths))}; legal are "
            f"{legal[0]}-w-1, as {table.source} has {describe(legal[0], 'feature')}"
        )
    return network


def _solve(
    table: Table, arguments: argparse.Namespace, start: ReLUNetwork | None, channels: Channels
) -> tuple[list[ERMResult], bool]:
    """Return the result for every width, each seeding the next, and whether the user broke off."""
    asked: Widths = arguments.width
    deadline = None if arguments.time_limit is None else time.monotonic() + arguments.time_limit
    results: list[ERMResult] = []
    for width in range(asked.lowest, asked.highest + 1):
        if asked.is_range:
            channels.headline(f"width {width}")
        # the easy widths leave most of their share to the hard ones after them
        left = None if deadline is None else max(0.0, deadline - time.monotonic()) / (asked.highest + 1 - width)
        try:
            result = _solve_width(table, arguments, width, start, left, channels)
        except ProgramLimitError as error:
            refusal = str(error).replace("program_limit", "--program-limit")
            if not results:
                raise InputError(refusal) from None
            channels.complain(f"relucomb erm: error: {refusal}")
            return results, False
        except KeyboardInterrupt:
            if not results:
                raise
            return results, True
        results.append(result)
        if result.termination == "interrupted":
            return results, True
        start = result.network or start
    return results, False


def _solve_width(
    table: Table,
    arguments: argparse.Namespace,
    width: int,
    start: ReLUNetwork | None,
    time_limit: float | None,
    channels: Channels,
) -> ERMResult:
    options = {} if arguments.program_limit is None else {"program_limit": arguments.program_limit}
    return relucomb.erm(
        table.X,
        table.y,
        width,
        loss=arguments.loss,
        method=arguments.method,
        output_bias=arguments.output_bias,
        hidden_bias=not arguments.no_hidden_bias,
        time_limit=time_limit,
        node_limit=arguments.node_limit,
        gap=arguments.gap,
        abs_gap=arguments.abs_gap,
        warm_start=start,
        workers=arguments.workers,
        seed=arguments.seed,
        callback=channels.progress_table(),
        **options,
    )


def _exit_code(results: list[ERMResult], asked: Widths) -> ExitCode:
    if any(result.network is None for result in results):
        return ExitCode.NOTHING_FOUND
    complete = results[-1].width == asked.highest
    return ExitCode.PROVEN if complete and all(result.status == "optimal" for result in results) else ExitCode.LIMIT
