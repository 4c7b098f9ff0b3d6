"""``relucomb minimal``: the least number of ReLU gates that compute a Boolean function, with proofs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from relucomb.commandline.arguments import add_json, nonnegative
from relucomb.commandline.channels import print_error, print_json, print_result
from relucomb.commandline.circuit import measures, write_circuit
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs, check_picture
from relucomb.commandline.functions import add_function, chosen_function
from relucomb.commandline.quantities import large
from relucomb.commandline.report import describe
from relucomb.progress import format_duration
from relucomb.reading import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from relucomb.boolean.circuits import Circuit
    from relucomb.boolean.minimal import MinimalCircuit

CLASSES = ("Sum-of-ReLU", "LTF-of-ReLU")

DESCRIPTION = """\
Find a circuit with the least number of ReLU gates that computes a Boolean
function on inputs -1 and 1, and prove that one gate less is not enough.
Sum-of-ReLU: a constant plus a weighted sum of gates is the value, -1 or 1.
LTF-of-ReLU: the sign of such a sum is the value; the threshold gate itself is
not counted."""

EXAMPLES = """\
examples:
  relucomb minimal parity -n 4
  relucomb minimal majority -n 5 --class LTF-of-ReLU
  relucomb minimal threshold -n 4 --param k=2 --json
  relucomb minimal --table 01101001 --draw parity.svg --output parity.json
  relucomb minimal majority -n 5 --exact
      of 5 variables, the proof in integers takes longer
  relucomb minimal parity -n 6 --time-limit 60
      an interval, if a minute is not enough

exit codes: 0 proven minimal, 3 stopped with an interval, 2 bad usage or input,
1 internal error, 130 interrupted (with an interval)"""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "minimal",
        help="least number of ReLU gates, with proofs",
        usage="relucomb minimal NAME -n N | FILE | --table 0110... [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    add_function(parser)
    parser.add_argument(
        "--class", dest="circuit_class", choices=CLASSES, default=CLASSES[0], help="(default: %(default)s)"
    )
    parser.add_argument(
        "--exact",
        action=argparse.BooleanOptionalAction,
        help="prove the lower bound again in integers; up to 5 variables (default: up to 4)",
    )
    parser.add_argument("--time-limit", type=nonnegative, metavar="SECONDS", help="stop then, with an interval")
    parser.add_argument("--output", metavar="FILE.json", help="write the circuit")
    parser.add_argument("--draw", metavar="FILE.png", help="draw the circuit: .png, .svg or .pdf")
    add_json(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    from relucomb.boolean.minimal import minimal_circuit

    picture = check_picture("--draw", arguments.draw)
    check_outputs({"--output": arguments.output, "--draw": arguments.draw}, {"the function": arguments.function})
    source, f = chosen_function(arguments)
    try:
        found = minimal_circuit(f, arguments.circuit_class, time_limit=arguments.time_limit, exact=arguments.exact)
    except ValueError as error:
        raise InputError(str(error)) from None
    verified = found.verify()  # the refutation, too
    failures = write_circuit(found.circuit, arguments.output, arguments.draw, picture, source)
    if arguments.json:
        print_json("minimal", {"source": source, **document(found, arguments.circuit_class), "verified": verified})
    else:
        print_result(text(source, found, arguments.circuit_class))
    for failure in failures:
        print_error(f"relucomb minimal: error: {failure}")
    if found.termination == "interrupted":
        print_error(f"relucomb minimal: interrupted: from {found.lower} to {describe(found.upper, 'gate')}")
        return ExitCode.INTERRUPTED
    if failures or not verified:
        return ExitCode.INTERNAL_ERROR
    return ExitCode.PROVEN if found.status == "minimal" else ExitCode.LIMIT


def text(source: str, found: MinimalCircuit, circuit_class: str) -> str:
    """Return what a person wants to know."""
    interval = f"{found.lower}" if found.lower == found.upper else f"from {found.lower} to {found.upper}"
    noun = "ReLU gate" if found.upper == 1 else "ReLU gates"
    lines = [source, f"{circuit_class}: {interval} {noun} ({found.status.value}; {format_duration(found.seconds)})"]
    if found.status != "minimal":
        lines.append(f"ended: {found.termination.value}")
    wires, weights = found.circuit.wires, large(found.circuit.weight_size)
    lines += ["", f"f(x) = {formula(found.circuit)}", f"{describe(wires, 'wire')}, integer weights up to {weights}"]
    lines.append(f"verified at all {1 << found.function.n:,} points")
    loss = "squared" if circuit_class == CLASSES[0] else "hinge"
    if found.losses:
        lines += ["", f"mean {loss} loss of every circuit with so many gates, at least:"]
        lines += [f"  {describe(gates, 'gate')}: {bound:.6g}" for gates, bound in enumerate(found.losses)]
    if found.refutation is not None:
        count = len(found.refutation.functionals)
        said = f"{describe(count, 'functional')} in integers refute circuits with {describe(found.lower - 1, 'gate')}"
        lines.append(f"proof of the lower bound: {said}; checked")
    elif found.lower > 0:
        lines.append(f"proof of the lower bound: {found.proof.value}")
    return "\n".join(lines)


def document(found: MinimalCircuit, circuit_class: str) -> dict[str, Any]:
    """Return the JSON object of a result."""
    return {
        "n": found.function.n,
        "table": "".join("1" if value else "0" for value in found.function.table),
        "class": circuit_class,
        "status": found.status.name,
        "termination": found.termination.name,
        "lower": found.lower,
        "upper": found.upper,
        "losses": list(found.losses),
        "proof": found.proof.name,
        "refutation": None if found.refutation is None else [list(g) for g in found.refutation.functionals],
        "seconds": found.seconds,
        "measures": measures(found.circuit),
        "formula": formula(found.circuit),
        "circuit": found.circuit.to_json(),
    }


def formula(circuit: Circuit) -> str:
    """Return a circuit with one layer below its output as a formula.

    Examples
    --------
    >>> from relucomb.boolean.circuits import Circuit
    >>> formula(Circuit([([[1, 1], [1, 1]], [2, 0], "ReLU"), ([[1, -2]], [-1], "affine")]))
    '-1 + relu(x0 + x1 + 2) - 2 relu(x0 + x1)'
    """
    below, top = circuit.layers
    names = [f"x{i}" for i in range(circuit.n)]
    gates = [f"relu({_sum(row, bias, names)})" for row, bias in zip(below.weights, below.biases, strict=True)]
    constant, weights = top.biases[0], top.weights[0]
    terms = _sum(weights, constant, gates, constant_first=True)
    return terms if top.gate.value == "affine" else f"LTF({terms})"


def _sum(weights: Sequence[Fraction], constant: Fraction, names: Sequence[str], *, constant_first: bool = False) -> str:
    terms = [(w, name) for w, name in zip(weights, names, strict=True) if w]
    if constant or not terms:
        terms.insert(0 if constant_first else len(terms), (constant, ""))
    shown = ""
    for w, name in terms:
        size = "" if abs(w) == 1 and name else f"{abs(w)} " if name else f"{abs(w)}"
        sign = (" - " if w < 0 else " + ") if shown else "-" if w < 0 else ""
        shown += f"{sign}{size}{name}"
    return shown
