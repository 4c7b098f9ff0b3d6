"""``relucomb circuit``: the circuits of the sources, counted, verified on the whole cube, drawn."""

from __future__ import annotations

import argparse
import json
import os
import time
from typing import TYPE_CHECKING, Any

from relucomb.atomic_write import write_atomically
from relucomb.commandline.arguments import add_json, whole_number
from relucomb.commandline.channels import print_error, print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs, check_picture
from relucomb.commandline.functions import chosen_function, parameter
from relucomb.commandline.quantities import exact_numbers, large, number
from relucomb.progress import format_duration
from relucomb.reading import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from relucomb.boolean.circuits import Circuit, CircuitVerification
    from relucomb.boolean.function import BooleanFunction

    Comparison = Callable[[Circuit], CircuitVerification]

NUMBERS = ("n", "bits", "blocks", "pairs", "weights", "threshold")
MOST_WEIGHTS = 1 << 24
"""Entries of a weight matrix; more would take gigabytes."""

DESCRIPTION = """\
Build a circuit of ReLU, threshold (LTF) and affine gates on inputs -1 and 1,
tell its size, verify it at all 2^n points against the function that it is to
compute, draw it, write it. Or do so with a circuit from a file. Variables are
counted from 0; true is +1 and false is -1."""

EXAMPLES = """\
constructions (with theorem or appendix, and what they need):
  parity               a zigzag of n gates (2.D)                   -n
  parity-short         n - 1 gates, from n = 4 on                  -n
  indicator            a gate for each point (Lemma 2.5.1)         a function
  fourier              |S| gates for each character (2.5.1)        a function
  smaller              the smaller of these two                    a function
  and, or              one gate                                    -n
  threshold            +1 where weights·x >= threshold, one LTF    --weights
  relu-from-threshold  the same by two ReLU gates (2.C)            --weights
  binary-value         the number that the bits write (2.5.3)      -n
  odd-max-bit          as printed: -1 for an odd place, one LTF    -n
  chattopadhyay-mande  OMB of ORs of XORs, LTF-of-LTF (2.5.6)      --blocks
  address              multiplexer                                 --bits
  andreev              Definition 10, of linear size               -n
A function is --function NAME -n N (with --param k=3 and such), or --table 0110.

examples:
  relucomb circuit parity -n 10 --verify
  relucomb circuit parity -n 10 --published --verify
      with the gate too many that the printed construction has
  relucomb circuit fourier --function majority -n 5 --verify
  relucomb circuit smaller --table 01101001 --draw circuit.svg
  relucomb circuit relu-from-threshold --weights 3,2,2,1 --threshold 1
  relucomb circuit chattopadhyay-mande --blocks 3 --pairs 2 --relu --verify
      ReLU gates for the LTF gates
  relucomb circuit andreev -n 16 --verify --output andreev.json
  relucomb circuit andreev.json --verify andreev
      a circuit from a file against a named function

exit codes: 0 done, and verified if so asked; 3 the circuit is wrong at a
point, which is told; 2 bad usage or input, 1 internal error, 130 interrupted"""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "circuit",
        help="build, verify and draw circuits",
        usage="relucomb circuit CONSTRUCTION | FILE.json [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    parser.add_argument("construction", metavar="CONSTRUCTION", help="a name from the list below, or a JSON file")
    numbers = parser.add_argument_group("parameters")
    numbers.add_argument("-n", "--n", type=whole_number(1, 4096), metavar="N", help="number of variables")
    numbers.add_argument("--function", metavar="NAME", help="a named function, or a file with a truth table")
    numbers.add_argument("--table", metavar="0110...", help="a truth table, the value at index 0 first")
    numbers.add_argument(
        "--param", type=parameter, action="append", default=[], metavar="K=V", help="parameter of a named function"
    )
    numbers.add_argument("--weights", metavar="1,-2,1/2", type=exact_numbers, help="of a threshold gate")
    numbers.add_argument("--threshold", metavar="T", type=exact_numbers, help="of that gate")
    numbers.add_argument("--bits", type=whole_number(1, 10), metavar="K", help="of the address")
    numbers.add_argument("--blocks", type=whole_number(1, 512), metavar="B", help="arguments of ODD-MAX-BIT")
    numbers.add_argument("--pairs", type=whole_number(1, 512), metavar="P", help="exclusive ors in each block")
    numbers.add_argument("--published", action="store_true", help="as printed, where one gate is superfluous")
    numbers.add_argument("--relu", action="store_true", help="replace each LTF gate by two ReLU gates (2.C)")
    result = parser.add_argument_group("result")
    result.add_argument(
        "--verify",
        nargs="?",
        const="",
        metavar="NAME",
        help="compare with the function at all points; of a file, with this one or --table",
    )
    result.add_argument("--draw", metavar="FILE.png", help="draw the circuit: .png, .svg or .pdf")
    result.add_argument("--output", metavar="FILE.json", help="write the circuit")
    add_json(result)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    from relucomb.boolean.constructions import relu_from_threshold

    picture = check_picture("--draw", arguments.draw)
    is_file = _is_file(arguments.construction)
    inputs = {"the circuit": arguments.construction} if is_file else {}
    check_outputs({"--output": arguments.output, "--draw": arguments.draw}, inputs)
    try:
        source, circuit, compare = _from_file(arguments) if is_file else _named(arguments)
        if arguments.relu:
            circuit = relu_from_threshold(circuit)
        start = time.perf_counter()
        found = None if compare is None else compare(circuit)
        seconds = time.perf_counter() - start
    except ValueError as error:
        raise InputError(str(error)) from None
    failures = write_circuit(circuit, arguments.output, arguments.draw, picture, source)
    if arguments.json:
        print_json("circuit", {"source": source, **measures(circuit), "verification": _told(found, seconds)})
    else:
        lines = [source, measures_text(circuit)]
        if found is not None:
            lines.append(_verdict(found, seconds))
        print_result("\n".join(lines))
    for failure in failures:
        print_error(f"relucomb circuit: error: {failure}")
    if failures:
        return ExitCode.INTERNAL_ERROR
    return ExitCode.PROVEN if found is None or found else ExitCode.LIMIT


def measures(circuit: Circuit) -> dict[str, Any]:
    """Return kind, depth and sizes of a circuit."""
    return {
        "kind": circuit.kind,
        "variables": circuit.n,
        "depth": circuit.depth,
        "size": circuit.size,
        "wires": circuit.wires,
        "weight_size": circuit.weight_size,
    }


def measures_text(circuit: Circuit) -> str:
    """Return the same in words."""
    told = measures(circuit)
    words = [f"{told['kind']} of {told['variables']:,} variables", f"depth {told['depth']}", f"size {told['size']:,}"]
    words += [f"{told['wires']:,} wires", f"integer weights up to {large(told['weight_size'])}"]
    return ", ".join(words)


def write_circuit(circuit: Circuit, output: str | None, draw: str | None, picture: str | None, title: str) -> list[str]:
    """Write the file and the picture that were asked for, and return what could not be written and why."""
    try:
        if output is not None:
            write_atomically(output, json.dumps(circuit.to_json()) + "\n")
        if draw is not None and picture is not None:
            from relucomb.plots.circuit import render_circuit

            write_atomically(draw, render_circuit(circuit, picture, title=title))
    except OSError as error:
        return [f"{error.filename}: could not be written ({error.strerror})"]
    return []


def _is_file(word: str) -> bool:
    return word.endswith(".json") or os.path.sep in word


def _named(arguments: argparse.Namespace) -> tuple[str, Circuit, Comparison | None]:
    """Return what a construction is called with its parameters, the circuit, and how to verify it."""
    from relucomb.boolean.named_circuits import named_circuit, verify_circuit

    if arguments.verify:
        raise InputError(f"--verify {arguments.verify}: a construction has its own function; names are for files")
    name = arguments.construction.lower().replace("_", "-")
    told, parameters = _parameters(name, arguments)
    _check_size(name, parameters)
    circuit = named_circuit(name, **parameters)
    title = ", ".join([name, *told, *["LTF gates as ReLU gates"] * arguments.relu])
    if arguments.verify is None:
        return title, circuit, None
    return title, circuit, lambda built: verify_circuit(name, built, **parameters)


def _parameters(name: str, arguments: argparse.Namespace) -> tuple[list[str], dict[str, Any]]:
    """Return the parameters of a construction, in words and as they are."""
    from relucomb.boolean.named_circuits import CONSTRUCTIONS

    if name not in CONSTRUCTIONS:
        return [], {}  # the construction will be refused with near names
    construction = CONSTRUCTIONS[name]
    given: dict[str, Any] = {key: getattr(arguments, key) for key in NUMBERS if getattr(arguments, key) is not None}
    told = []
    if "function" in construction.needs:
        described, given["function"] = _function(arguments.function, arguments, given.pop("n", None))
        told.append(described)
    elif arguments.function is not None or arguments.table is not None or arguments.param:
        raise InputError(f"{name}: has no function to choose; --function, --table and --param are for others")
    if arguments.published:
        given["published"] = True
    if len(given.get("threshold", [0])) != 1:
        raise InputError(f"--threshold: must be one number; got {len(given['threshold'])}")
    for key in construction.needs:
        if key not in given:
            raise InputError(f"{name}: {_option(key)} is missing")
    for key in given:
        if key not in (*construction.needs, *construction.may):
            raise InputError(f"{name}: {_option(key)} is not a parameter of it")
    for key, value in given.items():
        if key == "published":
            told.append("as printed")
        elif key != "function":
            told.append(f"{key} = {','.join(map(str, value)) if isinstance(value, list) else value}")
    if "threshold" in given:
        given["threshold"] = given["threshold"][0]
    return told, given


def _option(key: str) -> str:
    return "-n" if key == "n" else f"--{key}"


def _check_size(name: str, parameters: dict[str, Any]) -> None:
    """Refuse what would not fit in memory, by a bound on the entries of the first weight matrix."""
    if "function" in parameters:
        n = parameters["function"].n
        entries = n << max(n - 1, 0) if name == "indicator" else n * n << max(n - 1, 0)
    elif "blocks" in parameters:
        entries = (2 * parameters["blocks"] * parameters["pairs"]) ** 2
    else:
        entries = parameters.get("n", 1) ** 2
    if entries > MOST_WEIGHTS:
        raise InputError(
            f"{name}: up to {entries:,} weights, some {entries >> 24:,} GiB; at most {MOST_WEIGHTS:,} are built"
        )


def _from_file(arguments: argparse.Namespace) -> tuple[str, Circuit, Comparison | None]:
    """Return the path of a circuit, the circuit, and how to verify it."""
    from relucomb.boolean.circuits import Circuit

    path = arguments.construction
    for key in (*NUMBERS, "function"):
        if getattr(arguments, key) is not None:
            raise InputError(f"{_option(key)}: is for constructions; {path} is the whole circuit")
    if arguments.published:
        raise InputError(f"--published: is for constructions; {path} is the whole circuit")
    try:
        circuit = Circuit.load(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    if arguments.verify is None:
        if arguments.table is not None or arguments.param:
            raise InputError("--table and --param tell what to compare with; --verify is missing")
        return path, circuit, None
    name = arguments.verify or None
    sized = name is None or name == "-" or os.path.exists(name)
    _, f = _function(name, arguments, None if sized else circuit.n)
    return path, circuit, lambda built: built.verify(f)


def _function(name: str | None, arguments: argparse.Namespace, n: int | None) -> tuple[str, BooleanFunction]:
    """Return the function that a name or ``--table`` gives, as the other commands read it."""
    return chosen_function(argparse.Namespace(function=name, n=n, param=arguments.param, table=arguments.table))


def _verdict(found: CircuitVerification, seconds: float) -> str:
    if found:
        return f"verified at all {found.points:,} points ({format_duration(seconds)})"
    assert found.counterexample is not None
    point = ", ".join(map(str, found.counterexample))
    return f"WRONG: the output at ({point}) is {found.output}"


def _told(found: CircuitVerification | None, seconds: float) -> dict[str, Any] | None:
    if found is None:
        return None
    output = None if found.output is None else number(found.output)
    return {
        "passed": bool(found),
        "points": found.points,
        "counterexample": None if found.counterexample is None else list(found.counterexample),
        "output": output,
        "seconds": seconds,
    }
