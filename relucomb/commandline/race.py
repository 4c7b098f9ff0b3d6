"""``relucomb race``: how often common optimisers find the optimum that is proven."""

from __future__ import annotations

import csv
import io
import math
import shlex
import time
from typing import TYPE_CHECKING, Any

import relucomb
from relucomb.atomic_write import write_atomically
from relucomb.commandline.arguments import (
    WIDEST,
    add_data,
    add_json,
    names,
    nonnegative,
    single_target,
    whole_number,
)
from relucomb.commandline.channels import open_channels, print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs, check_picture
from relucomb.commandline.quantities import refusal
from relucomb.commandline.report import data_document, data_text, describe
from relucomb.progress import format_duration
from relucomb.reading import InputError, read_table

if TYPE_CHECKING:
    import argparse

    from relucomb.commandline.channels import Channels
    from relucomb.racing import Comparison, RaceProgress

MOST_SEEDS = 100_000
MOST_STEPS = 10**8

DESCRIPTION = """\
Prove the least mean squared loss of a network with the given number of hidden
units, and then let common optimisers look for it from many random starts: how
many of their runs reach the optimum, and how many end in its basin at least."""

EXAMPLES = """\
examples:
  relucomb race data.csv --width 2
      gd, sgd, adam, l-bfgs and noisy-gd, 200 runs each
  relucomb race data.csv --width 2 --algorithms gd,adam --seeds 1000
      choose the optimisers and the number of runs
  relucomb race data.csv --width 2 --step-size adam=0.01 --steps 50000
      other step sizes than the tuned ones, and more steps
  relucomb race data.csv --width 3 --time-limit 60 --tolerance 0.01
      stop the exact solver after a minute; count what is within 1 %
  relucomb race data.csv --width 2 --csv runs.csv --plot race.png
      write one row per run, and draw how near the runs came

exit codes: 0 the optimum is proven, 2 bad usage or input, 3 the exact solver
stopped at a limit, 1 internal error, 130 interrupted (after what is finished)"""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "race",
        help="optimisers against the certified optimum",
        usage="relucomb race DATA --width W [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    add_data(parser)
    problem = parser.add_argument_group("problem")
    problem.add_argument(
        "--width", type=whole_number(1, WIDEST), required=True, metavar="W", help="number of hidden units"
    )
    problem.add_argument("--output-bias", action="store_true", help="let the network add a constant at the end")
    problem.add_argument("--no-hidden-bias", action="store_true", help="leave the b in relu(v·x + b) out")
    race = parser.add_argument_group("race")
    race.add_argument(
        "--algorithms",
        type=names,
        metavar="A,B,...",
        help="of gd, sgd, adam, l-bfgs, noisy-gd (default: these) and, for width 1, glm-tron",
    )
    race.add_argument(
        "--seeds", type=whole_number(1, MOST_SEEDS), default=200, metavar="N", help="runs each (default: %(default)s)"
    )
    race.add_argument(
        "--tolerance",
        type=nonnegative,
        default=1e-3,
        metavar="R",
        help="share of the optimum by which a loss may exceed it (default: %(default)s)",
    )
    race.add_argument("--steps", type=whole_number(1, MOST_STEPS), metavar="N", help="steps of a run")
    race.add_argument(
        "--step-size", type=step_size, action="append", metavar="NAME=R", help="of one optimiser; may be repeated"
    )
    race.add_argument("--time-limit", type=nonnegative, metavar="SECONDS", help="stop the exact solver then")
    race.add_argument(
        "--workers", type=whole_number(1, 1024), default=1, metavar="K", help="threads (default: %(default)s)"
    )
    result = parser.add_argument_group("result")
    add_json(result)
    result.add_argument("--csv", metavar="FILE", help="write one row per run")
    result.add_argument("--plot", metavar="RACE.png", help="draw how near the runs came: .png, .svg or .pdf")
    result.add_argument("--log-file", metavar="FILE", help="write progress and result to a file, too")
    result.add_argument("--quiet", action="store_true", help="write nothing but errors to standard error")


def step_size(text: str) -> tuple[str, float]:
    """Read the step size of an optimiser.

    Examples
    --------
    >>> step_size("adam=0.01")
    ('adam', 0.01)
    """
    name, _, number = text.partition("=")
    try:
        size = float(number)
    except ValueError:
        size = math.nan
    if not name or not 0 < size < math.inf:
        raise refusal("the name of an optimiser, = and a positive number, such as adam=0.01", text)
    return name.strip(), size


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    picture = check_picture("--plot", arguments.plot)
    outputs = {"--csv": arguments.csv, "--plot": arguments.plot, "--log-file": arguments.log_file}
    check_outputs(outputs, {"the data": arguments.data})
    table = read_table(arguments.data, single_target(arguments.target), arguments.features)
    with open_channels(arguments.log_file, quiet=arguments.quiet) as channels:
        channels.record(f"relucomb {relucomb.__version__}: relucomb {shlex.join(arguments.words)}")
        options: dict[str, Any] = {} if arguments.algorithms is None else {"algorithms": arguments.algorithms}
        try:
            race = relucomb.compare(
                table.X,
                table.y,
                arguments.width,
                seeds=arguments.seeds,
                output_bias=arguments.output_bias,
                hidden_bias=not arguments.no_hidden_bias,
                tolerance=arguments.tolerance,
                time_limit=arguments.time_limit,
                workers=arguments.workers,
                step_sizes=dict(arguments.step_size or []),
                steps=arguments.steps,
                callback=_Progress(channels),
                **options,
            )
        except ValueError as error:
            raise InputError(_in_terms_of_options(str(error))) from None
        channels.headline("")
        text = f"{data_text(table)}\n\n{race.summary()}"
        failures = _write(race, arguments.csv, arguments.plot, picture)
        channels.record(text)
        if arguments.json:
            print_json("race", {**data_document(table), **race.to_dict()})
        else:
            print_result(text)
        for failure in failures:
            channels.complain(f"relucomb race: error: {failure}")
    if failures:
        return ExitCode.INTERNAL_ERROR
    if race.termination == "interrupted":
        return ExitCode.INTERRUPTED
    return ExitCode.PROVEN if race.status == "optimal" else ExitCode.LIMIT


class _Progress:
    """Tells how the proof goes, and then one line for each optimiser whenever a tenth of its runs is finished."""

    def __init__(self, channels: Channels) -> None:
        self._channels, self._search = channels, channels.progress_table()
        self._stage, self._told = "", 0.0

    def __call__(self, progress: RaceProgress) -> None:
        if progress.search is not None:
            if self._search is not None:
                self._search(progress.search)
            return
        now = time.monotonic()
        complete = progress.finished == progress.runs
        if complete if progress.stage != self._stage else now - self._told >= 2.0 or complete:
            most = progress.reached + progress.undecided
            reached = f"{progress.reached} to {most}" if progress.undecided else f"{progress.reached}"
            self._channels.headline(
                f"{progress.stage:<9}{progress.finished:>6} of {describe(progress.runs, 'run')} finished, "
                f"{reached} reach the optimum{format_duration(progress.seconds):>10}"
            )
            self._told = now
        elif progress.stage != self._stage:
            self._told = now
        self._stage = progress.stage


def csv_of_runs(race: Comparison) -> str:
    """Return one row per run, losses with all their digits; what is not finite is left empty."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ["algorithm", "seed", "loss", "gap", "reached", "missed", "polished", "seconds", "updates", "termination"]
    )
    for record in race.records:
        rows = zip(
            record.seeds.tolist(),
            map(_cell, record.losses.tolist()),
            map(_cell, record.gaps.tolist()),
            record.reached.astype(int).tolist(),
            record.missed.astype(int).tolist(),
            map(_cell, record.polished.tolist()),
            (f"{seconds:.6f}" for seconds in record.seconds),
            record.updates.tolist(),
            (end.name for end in record.terminations),
            strict=True,
        )
        writer.writerows([record.algorithm, *row] for row in rows)
    return file.getvalue()


def _cell(number: float) -> str:
    return repr(number) if math.isfinite(number) else ""


def _write(race: Comparison, table: str | None, plot: str | None, picture: str | None) -> list[str]:
    """Write the files that were asked for, and return what could not be written and why."""
    try:
        if table is not None:
            write_atomically(table, csv_of_runs(race))
        if plot is not None and picture is not None and race.records:
            from relucomb.plots import render_race

            write_atomically(plot, render_race(race, picture))
    except OSError as error:
        return [f"{error.filename}: could not be written ({error.strerror})"]
    return []


def _in_terms_of_options(message: str) -> str:
    """Return a message about arguments of :func:`relucomb.compare` with the names of the options."""
    for argument in ("algorithms", "tolerance", "step_sizes"):
        if message.startswith(argument):
            option = argument.replace("_", "-").removesuffix("s") if argument == "step_sizes" else argument
            return f"--{option}{message.removeprefix(argument)}"
    if message.startswith(("y has a best constant", "y has only", "y differs")):
        return f"the target{message.removeprefix('y')}"
    return message
