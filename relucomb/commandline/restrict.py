"""``relucomb restrict``: how often a gate survives random restrictions, and what a restriction leaves of a circuit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relucomb.commandline.arguments import add_json, whole_number
from relucomb.commandline.channels import print_error, print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs
from relucomb.commandline.quantities import exact_numbers, number, numbers
from relucomb.commandline.report import describe
from relucomb.reading import InputError

if TYPE_CHECKING:
    import argparse
    from fractions import Fraction

    from relucomb.boolean.restricted_circuits import RestrictedCircuit
    from relucomb.boolean.restrictions import RandomRestriction, Restriction
    from relucomb.boolean.survival import GateKind, Survival, SurvivalEstimate
    from relucomb.boolean.survival_bounds import WorstSurvival

MOST_VARIABLES = 10**5

DESCRIPTION = """\
A random restriction leaves one variable of each part of a partition free and
fixes the others. With --weights: the probability that a gate survives it, that
is, is neither constant nor (a ReLU gate) linear on what is left; exact, or from
random restrictions with a Clopper-Pearson interval, beside c|P|/sqrt(n) and
beside what is proven for every gate. With a circuit from a file: the circuit
that a restriction leaves, without the gates that it settles."""

EXAMPLES = """\
examples:
  relucomb restrict --weights 3,2,2,1,1,1 --parts 2
      a gate 3x0 + 2x1 + ... >= 0; two parts of three neighbours
  relucomb restrict --weights 1 -n 10000 --parts 10 --trials 100000
      the same weight for all variables; also draw restrictions
  relucomb restrict --weights 1 -n 100 --parts 4 --bias=-1/2 --gate ReLU
  relucomb restrict circuit.json --rho '01**1*'
      fix variables of a circuit from a file; * is free
  relucomb restrict circuit.json --parts 2 --seed 5
      draw the restriction
  relucomb restrict circuit.json --andreev --output smaller.json
      of the form of Definition 15: one bit of each row stays free

exit codes: 0 done, 3 only the interval is known because there are too many
different sums for an exact count, 2 bad usage or input, 1 internal error,
130 interrupted"""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "restrict",
        help="restrict gates and circuits, at random or not",
        usage="relucomb restrict --weights W --parts P [options] | CIRCUIT.json [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    parser.add_argument("circuit", metavar="CIRCUIT.json", nargs="?", help="a circuit, as relucomb circuit writes it")
    gates = parser.add_argument_group("a gate")
    gates.add_argument("--weights", metavar="1,-2,1/2", type=exact_numbers, help="of the gate; one stands for all")
    gates.add_argument("-n", "--n", type=whole_number(1, MOST_VARIABLES), metavar="N", help="how many, if one is given")
    gates.add_argument("--bias", metavar="B", type=exact_numbers, help="(default: 0)")
    gates.add_argument("--gate", choices=["LTF", "ReLU"], help="(default: LTF)")
    gates.add_argument("--constant", metavar="C", type=exact_numbers, help="c in c|P|/sqrt(n) (default: 1)")
    gates.add_argument("--trials", type=whole_number(1, 10**8), metavar="T", help="random restrictions (default: none)")
    gates.add_argument("--confidence", metavar="0.99", type=exact_numbers, help="of the interval (default: 0.99)")
    chosen = parser.add_argument_group("the restriction")
    chosen.add_argument("--parts", type=whole_number(1), metavar="P", help="parts of neighbours, all of one size")
    chosen.add_argument("--andreev", action="store_true", help="that of Definition 15, for Andreev's function")
    chosen.add_argument("--rho", metavar="01**1*", help="this one: 0, 1 or * for each variable")
    chosen.add_argument("--seed", type=whole_number(0), default=0, metavar="S", help="(default: %(default)s)")
    parser.add_argument("--output", metavar="FILE.json", help="write the circuit that is left")
    add_json(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    if (arguments.circuit is None) == (arguments.weights is None):
        raise InputError("give either the --weights of a gate or a circuit from a file")
    try:
        return _gate(arguments) if arguments.weights is not None else _circuit(arguments)
    except ValueError as error:
        raise InputError(str(error)) from None


def _refuse(arguments: argparse.Namespace, names: tuple[str, ...], where: str) -> None:
    for name in names:
        if getattr(arguments, name):
            raise InputError(f"--{name}: is {where}")


def _single(name: str, values: list[Fraction] | None, default: int | str) -> Fraction:
    from fractions import Fraction

    if values is None:
        return Fraction(default)
    if len(values) != 1:
        raise InputError(f"--{name}: takes one number; got {len(values)}")
    return values[0]


def _gate(arguments: argparse.Namespace) -> ExitCode:
    from relucomb.boolean.survival import TooManySumsError, estimate_survival, lemma_bound, survival_probability
    from relucomb.boolean.survival_bounds import worst_survival

    _refuse(arguments, ("rho", "output"), "about a circuit from a file")
    weights = arguments.weights
    if arguments.n is not None and len(weights) == 1:
        weights = weights * arguments.n
    elif arguments.n not in (None, len(weights)):
        raise InputError(f"-n: {arguments.n} weights or a single one must be given; got {len(weights)}")
    rho = _random(arguments, len(weights))
    bias = _single("bias", arguments.bias, 0)
    gate: GateKind = arguments.gate or "LTF"
    constant = _single("constant", arguments.constant, 1)
    confidence = _single("confidence", arguments.confidence, "0.99")
    drawn = None
    trials = arguments.trials
    exact: Survival | None = None
    try:
        exact = survival_probability(weights, bias, rho, gate)
    except TooManySumsError:
        trials = trials or 100_000
    if trials:
        drawn = estimate_survival(
            weights, bias, rho, gate, trials=trials, seed=arguments.seed, confidence=float(confidence)
        )
    lemma = lemma_bound(rho, float(constant))
    assert rho.size is not None
    worst = worst_survival(len(rho.parts), rho.size) if len(rho.parts) * rho.size <= MOST_VARIABLES else None
    if arguments.json:
        print_json("restrict", _gate_document(rho, gate, exact, drawn, lemma, worst))
    else:
        print_result(_gate_text(rho, gate, exact, drawn, lemma, worst))
    return ExitCode.PROVEN if exact is not None else ExitCode.LIMIT


def _random(arguments: argparse.Namespace, n: int) -> RandomRestriction:
    from relucomb.boolean.restrictions import RandomRestriction

    if arguments.andreev == (arguments.parts is not None):
        raise InputError("give either --parts or --andreev")
    return RandomRestriction.andreev(n) if arguments.andreev else RandomRestriction.blocks(n, arguments.parts)


def _gate_document(
    rho: RandomRestriction,
    gate: str,
    exact: Survival | None,
    drawn: SurvivalEstimate | None,
    lemma: float,
    worst: WorstSurvival | None,
) -> dict[str, Any]:
    document: dict[str, Any] = {
        "gate": gate,
        "variables": rho.n,
        "parts": len(rho.parts),
        "part_size": rho.size,
        "probability": None,
        "constant": None,
        "lemma_bound": lemma,
        "worst_attained": None,
        "worst_bound": None,
        "estimate": None,
    }
    if exact is not None:
        document |= {"probability": float(exact.probability), "constant": exact.constant}
        if exact.probability.denominator.bit_length() <= 4096:
            document["exact"] = number(exact.probability)
    if worst is not None:
        document |= {"worst_attained": float(worst.attained), "worst_bound": float(worst.bound)}
    if drawn is not None:
        document["estimate"] = {
            "survived": drawn.survived,
            "trials": drawn.trials,
            "low": drawn.low,
            "high": drawn.high,
            "confidence": drawn.confidence,
        }
    return document


def _gate_text(
    rho: RandomRestriction,
    gate: str,
    exact: Survival | None,
    drawn: SurvivalEstimate | None,
    lemma: float,
    worst: WorstSurvival | None,
) -> str:
    lines = [f"{gate} gate of {describe(rho.n, 'variable')}, {describe(len(rho.parts), 'part')} of {rho.size}"]
    if exact is None:
        lines.append("survives: too many different sums for an exact count")
    else:
        short = exact.probability.denominator < 10**12
        told = f"{exact.probability} = " if short and exact.probability.denominator > 1 else ""
        lines.append(f"survives with probability {told}{float(exact.probability):.6g}, exactly")
        lines.append(f"  that is {exact.constant:.4f} |P|/sqrt(n)")
    if drawn is not None:
        lines.append(
            f"survived {drawn.survived} of {drawn.trials} random restrictions: between {drawn.low:.6g} and "
            f"{drawn.high:.6g} with confidence {drawn.confidence:g}"
        )
    lines.append(f"bound c|P|/sqrt(n): {lemma:.6g}")
    if worst is not None:
        low, high = worst.constants
        lines.append(
            f"the worst gate for this partition: from {float(worst.attained):.6g} to {float(worst.bound):.6g}, "
            f"that is {low:.4f} to {high:.4f} |P|/sqrt(n)"
        )
    return "\n".join(lines)


def _circuit(arguments: argparse.Namespace) -> ExitCode:
    from relucomb.boolean.circuits import Circuit
    from relucomb.boolean.restricted_circuits import restrict_circuit

    _refuse(arguments, ("n", "bias", "gate", "constant", "trials", "confidence"), "about a gate given by --weights")
    check_outputs({"--output": arguments.output}, {"the circuit": arguments.circuit})
    try:
        circuit = Circuit.load(arguments.circuit)
    except OSError as error:
        raise InputError(f"{arguments.circuit}: cannot be read ({error.strerror})") from None
    rho = _chosen(arguments, circuit.n)
    left = restrict_circuit(circuit, rho)
    if arguments.output is not None:
        try:
            left.circuit.save(arguments.output)
        except OSError as error:
            print_error(f"relucomb restrict: error: {error.filename}: could not be written ({error.strerror})")
            return ExitCode.INTERNAL_ERROR
    if arguments.json:
        print_json("restrict", _circuit_document(arguments.circuit, circuit.size, rho, left))
    else:
        print_result(_circuit_text(circuit.size, rho, left))
    return ExitCode.PROVEN


def _chosen(arguments: argparse.Namespace, n: int) -> Restriction:
    from relucomb.boolean.restrictions import Restriction

    if arguments.rho is None:
        return _random(arguments, n).sample(arguments.seed)
    if arguments.andreev or arguments.parts is not None:
        raise InputError("--rho: is a restriction already; leave --parts and --andreev out")
    return Restriction.from_string(arguments.rho)


def _circuit_document(source: str, size: int, rho: Restriction, left: RestrictedCircuit) -> dict[str, Any]:
    return {
        "source": source,
        "rho": str(rho),
        "free": numbers(rho.free),
        "size": size,
        "size_left": left.size,
        "gates": list(left.gates),
        "zero": [list(gates) for gates in left.zero],
        "linear": [list(gates) for gates in left.linear],
        "forced": [list(gates) for gates in left.constant],
        "carriers": left.carriers,
        "circuit": left.circuit.to_json(),
    }


def _circuit_text(size: int, rho: Restriction, left: RestrictedCircuit) -> str:
    lines = [f"restriction {rho}: {describe(len(rho.free), 'variable')} free"]
    lines.append(f"{left.size} of {describe(size, 'gate')} survive")
    for k, gates in enumerate(left.gates):
        removed = [("zero", left.zero[k]), ("linear", left.linear[k]), ("constant", left.constant[k])]
        told = ", ".join(f"{len(which)} {name}" for name, which in removed if which)
        if gates or told:
            lines.append(f"  layer {k}: {gates} left" + (f", {told}" if told else ""))
    carriers = f", {describe(left.carriers, 'gate')} of it only to carry linear parts" if left.carriers else ""
    lines.append(f"left: {left.circuit.kind}, {describe(left.circuit.size, 'gate')}{carriers}")
    return "\n".join(lines)
