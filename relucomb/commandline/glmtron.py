"""``relucomb glmtron``: train one gate by GLM-Tron, and hold it against the certified best gate."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import relucomb
from relucomb.atomic_write import write_atomically
from relucomb.commandline.arguments import add_data, add_result, nonnegative, single_target, whole_number
from relucomb.commandline.best_gate import best_gate_document, best_gate_text
from relucomb.commandline.channels import open_channels, print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs, check_picture, write_results
from relucomb.commandline.formula import formula
from relucomb.commandline.pieces import allow_leading_minus
from relucomb.commandline.quantities import exact_numbers, positive
from relucomb.commandline.report import data_document, data_text
from relucomb.commandline.telling import check_points
from relucomb.commandline.trajectory import trajectory_csv
from relucomb.networks import ReLUNetwork
from relucomb.reading import InputError, read_table

if TYPE_CHECKING:
    import argparse

    from numpy.typing import NDArray

    from relucomb.commandline.channels import Channels
    from relucomb.reading import Table
    from relucomb.training.best_gate import BestGate
    from relucomb.training.result import TrainingResult

    Floats = NDArray[np.float64]

ACTIVATIONS = ("relu", "leaky-relu", "identity")
SCALES: dict[str, bool | str] = {"none": False, "length": True, "spectral": "spectral"}

DESCRIPTION = """\
Train one gate σ(w·x) by GLM-Tron (Algorithm 4) and say what its theorems promise.
The certified best gate is found too, and the run is held against it: whatever the
labels are, they are that gate's with some noise."""

EXAMPLES = """\
examples:
  relucomb glmtron data.csv --scale length
      a gate without bias; points divided by the greatest norm, as the theorems
      need it; all numbers are told in the units of the data
  relucomb glmtron data.csv --bias --scale spectral --steps 10000
      with a bias (one more feature that is 1), and the longest useful steps
  relucomb glmtron data.csv --activation leaky-relu --slope 0.1
  relucomb glmtron data.csv --w-star 1,-2,0.5 --theta 0.1 --no-certify
      compare with given weights and a given bound on the noise
  relucomb glmtron data.csv --scale length --plot run.png --csv run.csv
      loss, effective risk and distance beside their bounds; the iterates

exit codes: 0 done, 2 bad usage or input, 3 the best gate is not certified within
the time limit, 1 internal error, 130 interrupted"""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "glmtron",
        help="train one gate, with bounds",
        usage="relucomb glmtron DATA [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    allow_leading_minus(parser)
    add_data(parser)
    gate = parser.add_argument_group("gate")
    gate.add_argument("--activation", choices=ACTIVATIONS, default="relu", help="(default: %(default)s)")
    gate.add_argument("--slope", type=nonnegative, metavar="A", help="slope of the leaky ReLU below 0 (default: 0.01)")
    gate.add_argument("--bias", action="store_true", help="add a feature that is 1")
    training = parser.add_argument_group("training")
    length = training.add_mutually_exclusive_group()
    length.add_argument("--steps", type=whole_number(0, 10**9), metavar="T", help="updates (default: 1000)")
    length.add_argument(
        "--eps", type=positive, metavar="E", help="as many updates as Theorem 3.5.2 asks for accuracy E"
    )
    size = training.add_mutually_exclusive_group()
    size.add_argument("--scale", choices=tuple(SCALES), default="none", help="unit of the points (default: none)")
    size.add_argument("--step-size", type=positive, metavar="S", help="a factor of the update instead")
    truth = parser.add_argument_group("what to compare with")
    truth.add_argument("--w-star", type=exact_numbers, metavar="A,B,...", help="weights (default: the best gate's)")
    truth.add_argument("--theta", type=nonnegative, metavar="T", help="bound on the noise (default: what it is)")
    truth.add_argument("--no-certify", action="store_true", help="do not search for the best gate")
    truth.add_argument("--time-limit", type=nonnegative, metavar="SECONDS", help="stop that search then")
    result = parser.add_argument_group("result")
    result.add_argument("--csv", metavar="FILE", help="write the iterates, one in each row")
    add_result(result, network="write the gate of least loss", plot="draw loss, risk and distance: .png, .svg or .pdf")


@dataclass(frozen=True, slots=True)
class _Answer:
    """The run, and what is known of the best gate."""

    training: TrainingResult
    optimum: BestGate | None


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    picture = check_picture("--plot", arguments.plot)
    outputs = {"--output": arguments.output, "--plot": arguments.plot, "--csv": arguments.csv}
    check_outputs({**outputs, "--log-file": arguments.log_file}, {"the data": arguments.data})
    if arguments.slope is not None and arguments.activation != "leaky-relu":
        raise InputError(f"--slope {arguments.slope:g}: is of --activation leaky-relu, not {arguments.activation}")
    table = read_table(arguments.data, single_target(arguments.target), arguments.features)
    check_points(table.X, table.y, arguments.data)
    points = np.column_stack([table.X, np.ones(len(table.y))]) if arguments.bias else table.X
    if arguments.no_certify and arguments.time_limit is not None:
        raise InputError("--time-limit: is of the search for the best gate, which --no-certify leaves out")
    if arguments.no_certify and arguments.w_star is None and arguments.theta is not None:
        raise InputError("--theta: is a bound on the noise around --w-star, or around the best gate")
    if arguments.w_star is not None and len(arguments.w_star) != points.shape[1]:
        raise InputError(f"--w-star: has {len(arguments.w_star)} numbers; the gate has {points.shape[1]} weights")
    with open_channels(arguments.log_file, quiet=arguments.quiet) as channels:
        channels.record(f"relucomb {relucomb.__version__}: relucomb {shlex.join(arguments.words)}")
        answer = _train(points, table.y, arguments, channels)
        channels.headline("")
        failures = _write(answer, table, arguments, picture)
        text = _text(answer, table, arguments)
        channels.record(text)
        if arguments.json:
            print_json("glmtron", {**data_document(table), **_document(answer)})
        else:
            print_result(text)
        for failure in failures:
            channels.complain(f"relucomb glmtron: error: {failure}")
    if failures:
        return ExitCode.INTERNAL_ERROR
    stops = (answer.training.termination, answer.optimum.termination if answer.optimum else None)
    if any(stop == "interrupted" for stop in stops):
        return ExitCode.INTERRUPTED
    certified = answer.optimum is not None and answer.optimum.status == "optimal"
    return ExitCode.PROVEN if certified or arguments.no_certify else ExitCode.LIMIT


def _train(points: Floats, labels: Floats, arguments: argparse.Namespace, channels: Channels) -> _Answer:
    from relucomb.training import best_gate, glm_tron, leaky_relu

    activation: Any = arguments.activation if arguments.slope is None else leaky_relu(arguments.slope)
    optimum = None
    if not arguments.no_certify:
        limits: dict[str, Any] = {"time_limit": arguments.time_limit, "callback": channels.progress_table()}
        try:
            optimum = best_gate(points, labels, activation, **limits)
        except ValueError as error:  # a leaky gate with too many cells
            channels.note(f"the best gate is not certified: {error}")
    w_star: Any = None if arguments.w_star is None else [float(entry) for entry in arguments.w_star]
    if w_star is None and optimum is not None:
        w_star = optimum.w
    if arguments.eps is not None and w_star is None:
        raise InputError("--eps: the number of updates depends on ‖w*‖; give --w-star, or leave --no-certify out")
    training = glm_tron(
        points,
        labels,
        activation,
        steps=arguments.steps,
        eps=arguments.eps,
        w_star=w_star,
        theta=arguments.theta,
        scale=SCALES[arguments.scale],
        step_size=arguments.step_size,
    )
    return _Answer(training, optimum)


def _write(answer: _Answer, table: Table, arguments: argparse.Namespace, picture: str | None) -> list[str]:
    failures = []
    network = _network(answer, table, arguments)
    if network is not None:
        failures += write_results(network, table, arguments.output, None, None)
    try:
        if arguments.csv is not None:
            names = [*table.feature_names, "1"] if arguments.bias else list(table.feature_names)
            write_atomically(arguments.csv, trajectory_csv(answer.training, names))
        if picture is not None:
            from relucomb.plots.training import render_training

            optimum = None if answer.optimum is None else answer.optimum.lower_bound
            write_atomically(arguments.plot, render_training(answer.training, picture, optimum=optimum))
    except OSError as error:
        failures.append(f"{error.filename}: could not be written ({error.strerror})")
    return failures


def _network(answer: _Answer, table: Table, arguments: argparse.Namespace) -> ReLUNetwork | None:
    """Return the gate as a network of the table's own features: a feature that is 1 becomes a bias."""
    network = answer.training.network
    if network is None or not arguments.bias:
        return network
    n = len(table.feature_names)
    hidden = network.weights[0]
    return ReLUNetwork([hidden[:, :n], network.weights[1]], [hidden[:, n], network.biases[1]])


def _text(answer: _Answer, table: Table, arguments: argparse.Namespace) -> str:
    summary = answer.training.summary().replace("scale=True", "--scale length").replace("give w_star", "give --w-star")
    blocks = [data_text(table), summary]
    if not answer.training.bounds and arguments.scale == "none" and arguments.step_size is None:
        blocks.append("Points are used as they are; --scale length brings them into the unit ball of the theorems.")
    if answer.optimum is not None:
        blocks.append(best_gate_text(answer.optimum, answer.training.best_loss))
    network = _network(answer, table, arguments)
    if network is not None:
        blocks.append(formula(network, table.feature_names, np.abs(table.X).max(axis=0)))
    return "\n\n".join(blocks)


def _document(answer: _Answer) -> dict[str, Any]:
    return {**answer.training.to_dict(), **best_gate_document(answer.optimum, answer.training.best_loss)}
