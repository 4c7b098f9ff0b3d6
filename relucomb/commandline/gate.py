"""``relucomb gate``: learn a ReLU gate by Algorithm 2 or 3, on data or many times beside their theorems."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import relucomb
from relucomb.commandline.arguments import Parser, add_data, add_json, nonnegative, single_target, whole_number
from relucomb.commandline.best_gate import best_gate_document, best_gate_text
from relucomb.commandline.channels import open_channels
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs, check_picture, write_results
from relucomb.commandline.gate_experiments import VARIANTS, run_exit_experiment, run_sgd_experiment
from relucomb.commandline.laws import law_word, make_noise, noise_word
from relucomb.commandline.pieces import allow_leading_minus
from relucomb.commandline.quantities import exact_numbers, positive, refusal
from relucomb.commandline.report import data_document, data_text
from relucomb.commandline.telling import check_points, tell, written
from relucomb.commandline.trajectory import trajectory_csv
from relucomb.reading import InputError, read_table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from relucomb.commandline.channels import Channels
    from relucomb.reading import Table
    from relucomb.training.best_gate import BestGate
    from relucomb.training.result import TrainingResult

MOST_RUNS = 1_000_000
NO_TABLE = "is of a run on data; name a table"

DESCRIPTION = """\
Learn a ReLU gate max(0, w·x), and see what the theorems on it are worth: many
runs beside the bound as printed, corrected, and sharpened. With a table of data,
one run on its labels, with the conditions that hold and those that fail."""

EXAMPLES = """\
examples:
  relucomb gate sgd --w-star 1,-2,0.5 --law gaussian --eps 0.1 --plot sgd.png
      Algorithm 2, Theorem 3.3.1: mean squared distance and success of 1000 runs
  relucomb gate sgd --w-star 1,1 --law student:5
  relucomb gate sgd data.csv --w-star 1,-2
      one run on the rows of a table
  relucomb gate noisy --w-star 0 --start 100 --law sphere:1e-4 --points 1
      --step-size 1 --steps 16 --noise-2 signs:0.99 --lam 540 --plot exits.png
      Algorithm 3, Theorem 3.4.1: how often runs leave the ball of radius r*
  relucomb gate noisy data.csv --noise-2 gaussian:0.01 --steps 5000 --csv run.csv
      one run on the labels of a table

A law is gaussian, sphere, ball, cube, box (from 0), each with :SIZE if it is
not 1, or student:FREEDOM. A noise is none, gaussian:S, ball:R, sphere:R, signs:S.
λ is by how much the square of the radius exceeds what is to be expected, k how far
a step of the martingale goes; a bound of 1 or more says nothing ("vacuous").

exit codes: 0 done, 2 bad usage or input, 3 a theorem that should hold was refuted
by the runs, or the best gate for the data is not certified within the time limit,
1 internal error, 130 interrupted"""


def add_parser(commands: Any) -> None:
    """Add the sub-command and its two algorithms to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "gate",
        help="theorems on one gate, put to the test",
        usage="relucomb gate {sgd,noisy} [DATA] [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    algorithms = parser.add_subparsers(dest="algorithm", metavar="ALGORITHM", required=True, parser_class=Parser)
    sgd = algorithms.add_parser(
        "sgd", prog="relucomb gate sgd", help="Algorithm 2: stochastic, Theorem 3.3.1", epilog=EXAMPLES
    )
    sgd.set_defaults(run=run, learn=_learn_by_sgd, experiment=run_sgd_experiment)
    _add_shared(sgd)
    sgd.add_argument("--eps", type=positive, default=0.1, metavar="E", help="accuracy (default: %(default)s)")
    sgd.add_argument("--delta", type=_share, default=0.05, metavar="D", help="odds to fail (default: %(default)s)")
    sgd.add_argument("--variant", choices=VARIANTS, help="of the theorem (default: all; of a run on data: corrected)")
    sgd.add_argument("--step-size", type=positive, metavar="S", help="of a run on data (default: the theorem's)")
    sgd.add_argument("--steps", type=whole_number(0, 10**9), metavar="T", help="of a run on data (default: as above)")
    noisy = algorithms.add_parser(
        "noisy", prog="relucomb gate noisy", help="Algorithm 3: gradients and noise, Theorem 3.4.1", epilog=EXAMPLES
    )
    noisy.set_defaults(run=run, learn=_learn_by_noisy_descent, experiment=run_exit_experiment)
    _add_shared(noisy)
    noisy.add_argument("--points", type=whole_number(1, 10**6), metavar="S", help="(default: 100)")
    noisy.add_argument("--steps", type=whole_number(1, 10**9), default=1000, metavar="T", help="(default: %(default)s)")
    noisy.add_argument("--step-size", type=positive, metavar="S", help="(default: half of the theorem's limit)")
    noisy.add_argument("--noise-1", type=noise_word, default=("none", None), metavar="NOISE", help="(default: none)")
    noisy.add_argument(
        "--noise-2", type=noise_word, default=("gaussian", 0.1), metavar="NOISE", help="(default: gaussian:0.1)"
    )
    noisy.add_argument("--delta", type=_share, default=0.05, metavar="D", help="odds to fail (default: %(default)s)")
    noisy.add_argument("--lam", type=positive, metavar="L", help="λ of the theorem (default: that of the odds)")
    noisy.add_argument("--workers", type=whole_number(1, 1024), metavar="K", help="threads (default: 1)")


def _add_shared(parser: Parser) -> None:
    allow_leading_minus(parser)
    add_data(parser, required=False)
    parser.add_argument("--w-star", type=exact_numbers, metavar="A,B,...", help="the gate to be learnt")
    parser.add_argument("--start", type=exact_numbers, metavar="A,B,...", help="where runs begin (default: 0)")
    parser.add_argument("--law", type=law_word, metavar="LAW", help="(default: gaussian)")
    parser.add_argument("--runs", type=whole_number(2, MOST_RUNS), metavar="R", help="(default: 1000)")
    parser.add_argument("--seed", type=whole_number(0), default=0, metavar="S", help="(default: %(default)s)")
    parser.add_argument("--no-certify", action="store_true", default=None, help="of a run on data: no best gate")
    parser.add_argument("--time-limit", type=nonnegative, metavar="SECONDS", help="of the search for the best gate")
    add_json(parser)
    parser.add_argument("--output", metavar="NET.json", help="write the gate of a run on data")
    parser.add_argument("--csv", metavar="FILE", help="write the iterates of a run on data")
    parser.add_argument("--plot", metavar="FILE", help="draw runs beside bounds: .png, .svg or .pdf")
    parser.add_argument("--log-file", metavar="FILE", help="write the result to a file, too")
    parser.add_argument("--quiet", action="store_true", help="write nothing but errors to standard error")


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    picture = check_picture("--plot", arguments.plot)
    outputs = {"--output": arguments.output, "--plot": arguments.plot, "--csv": arguments.csv}
    check_outputs({**outputs, "--log-file": arguments.log_file}, {"the data": arguments.data})
    with open_channels(arguments.log_file, quiet=arguments.quiet) as channels:
        channels.record(f"relucomb {relucomb.__version__}: relucomb {shlex.join(arguments.words)}")
        if arguments.data is not None:
            return _on_data(arguments, picture, channels)
        _refuse(arguments, ("output", "csv", "target", "features", "no_certify", "time_limit"), NO_TABLE)
        if arguments.w_star is None:
            raise InputError("--w-star: name the gate to be learnt, such as 1,-2,0.5 (or a table of data)")
        code: ExitCode = arguments.experiment(arguments, picture, channels)
        return code


def _refuse(arguments: argparse.Namespace, options: Sequence[str], reason: str) -> None:
    for option in options:
        if getattr(arguments, option, None) is not None:
            raise InputError(f"--{option.replace('_', '-')}: {reason}")


def _on_data(arguments: argparse.Namespace, picture: str | None, channels: Channels) -> ExitCode:
    _refuse(arguments, ("law", "runs", "points", "workers", "lam"), "is of experiments, which have no table of data")
    table = read_table(arguments.data, single_target(arguments.target), arguments.features)
    check_points(table.X, table.y, arguments.data)
    n = len(table.feature_names)
    for option in ("w_star", "start"):
        given = getattr(arguments, option)
        if given is not None and len(given) != n:
            raise InputError(f"--{option.replace('_', '-')}: has {len(given)} numbers; the gate has {n} weights")
    result: TrainingResult = arguments.learn(table, arguments)
    optimum = None if arguments.no_certify or result.termination == "interrupted" else _certify(table, arguments)
    failures = []
    if result.network is not None:
        failures += write_results(result.network, table, arguments.output, None, None)

    def draw(ending: str) -> bytes:
        from relucomb.plots.training import render_training

        return render_training(result, ending)

    failures += written(arguments.csv, lambda: trajectory_csv(result, table.feature_names).encode())
    if picture is not None:
        failures += written(arguments.plot, lambda: draw(picture))
    summary = result.summary().replace("give w_star", "give --w-star")
    parts = [data_text(table), summary]
    if optimum is not None:
        parts.append(best_gate_text(optimum, result.best_loss))
    certified = best_gate_document(optimum, result.best_loss)
    document = {**data_document(table), **result.to_dict(), **certified}
    tell("\n\n".join(parts), document, failures, arguments, channels)
    if failures:
        return ExitCode.INTERNAL_ERROR
    if any(entry is not None and entry.termination == "interrupted" for entry in (result, optimum)):
        return ExitCode.INTERRUPTED
    proven = arguments.no_certify or (optimum is not None and optimum.status == "optimal")
    return ExitCode.PROVEN if proven else ExitCode.LIMIT


def _certify(table: Table, arguments: argparse.Namespace) -> BestGate:
    from relucomb.training import best_gate

    try:
        return best_gate(table.X, table.y, time_limit=arguments.time_limit)
    except ValueError as error:
        raise InputError(f"{arguments.data}: {error}") from None


def _learn_by_sgd(table: Table, arguments: argparse.Namespace) -> TrainingResult:
    from relucomb.training import relu_gate_sgd

    return relu_gate_sgd(
        table.X,
        table.y,
        w_star=_floats(arguments.w_star),
        w_1=_floats(arguments.start),
        eps=arguments.eps,
        delta=arguments.delta,
        steps=arguments.steps,
        step_size=arguments.step_size,
        variant=arguments.variant or "corrected",
        seed=arguments.seed,
    )


def _learn_by_noisy_descent(table: Table, arguments: argparse.Namespace) -> TrainingResult:
    from relucomb.training import noisy_gradient_descent

    n = len(table.feature_names)
    return noisy_gradient_descent(
        table.X,
        table.y,
        w_star=_floats(arguments.w_star),
        w_0=_floats(arguments.start),
        steps=arguments.steps,
        step_size=arguments.step_size,
        noise_1=make_noise(arguments.noise_1, n),
        noise_2=make_noise(arguments.noise_2, n),
        delta=arguments.delta,
        seed=arguments.seed,
    )


def _share(text: str) -> float:
    number = nonnegative(text)
    if not 0 < number < 1:
        raise refusal("a number between 0 and 1", text)
    return number


def _floats(values: Any) -> list[float] | None:
    return None if values is None else [float(entry) for entry in values]
