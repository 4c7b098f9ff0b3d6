"""``relucomb boolean``: all measures of a Boolean function, exact and with proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.boolean.npn import MOST_VARIABLES as MOST_FOR_CANONICAL
from relucomb.boolean.npn import npn_canonical
from relucomb.boolean.properties import Direction, directions, values_by_weight
from relucomb.boolean.spectra import summarize_spectrum
from relucomb.commandline.arguments import add_json
from relucomb.commandline.channels import print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.functions import add_function, chosen_function, summary
from relucomb.commandline.quantities import number, numbers

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from relucomb.boolean.function import BooleanFunction

DESCRIPTION = """\
All measures of a Boolean function, exact: degrees, Chow parameters, influences,
spectrum, whether it is a threshold function (with integer weights, or with points
that prove that it is none), monotone, unate, symmetric, and its canonical form up
to symmetry. Variables are x_0, x_1, ...; 1 stands for +1 and true, 0 for -1 and
false. A truth table has the value at b_0 + 2 b_1 + 4 b_2 + ... in that place."""

EXAMPLES = """\
examples:
  relucomb boolean majority -n 5
  relucomb boolean threshold -n 6 --param k=2
  relucomb boolean --table 01101001 --spectrum
  relucomb boolean chattopadhyay_mande -n 12 --param blocks=2 --json
  printf '0 1 1 0' | relucomb boolean -

"""

MOST_SHOWN = 8
"""Points and variables that a line of text shows; --json has all."""

MOST_FOR_TABLE = 16
"""Variables of a function whose table is a part of the JSON object."""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "boolean",
        help="all measures of a Boolean function",
        usage="relucomb boolean NAME -n N [--param K=V] | FILE | --table 0110... [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES + summary(),
    )
    parser.set_defaults(run=run)
    add_function(parser)
    parser.add_argument("--spectrum", action="store_true", help="list the Fourier coefficients that are not zero")
    add_json(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    source, f = chosen_function(arguments)
    document = {"source": source, **measures(f)}
    if arguments.json:
        if arguments.spectrum:
            listed = [{"variables": members, "value": number(value)} for members, value in _coefficients(f)]
            document["coefficients"] = listed
        print_json("boolean", document)
    else:
        print_result(_text(f, document))
        if arguments.spectrum:
            print_result("\nFourier coefficients")
            for members, value in _coefficients(f):
                print_result(f"  {'{' + ','.join(map(str, members)) + '}':24} {value}")
    return ExitCode.PROVEN


def measures(f: BooleanFunction) -> dict[str, Any]:
    """Return all measures in the form of JSON; fractions are text."""
    spectrum = summarize_spectrum(f)
    kinds = directions(f)
    weights = values_by_weight(f)
    return {
        "n": f.n,
        "table": _word(f.table.tolist()) if f.n <= MOST_FOR_TABLE else None,
        "ones": f.ones,
        "balanced": 2 * f.ones == 1 << f.n,
        "real_degree": f.real_degree,
        "algebraic_degree": f.algebraic_degree,
        "chow_parameters": list(f.chow_parameters),
        "influences": numbers(f.influences),
        "total_influence": number(f.total_influence),
        "spectrum": {
            "coefficients": spectrum.coefficients,
            "largest": number(spectrum.largest),
            "norm": number(spectrum.norm),
            "levels": numbers(spectrum.levels),
            "gates": spectrum.gates,
        },
        "threshold": _threshold(f),
        "directions": [kind.value for kind in kinds],
        "monotone": set(kinds) <= {Direction.idle, Direction.rising},
        "unate": Direction.mixed not in kinds,
        "symmetric": weights is not None,
        "values_by_weight": None if weights is None else _word(weights),
        "canonical": _canonical(f),
    }


def _threshold(f: BooleanFunction) -> dict[str, Any]:
    found = f.is_threshold()
    proof: list[dict[str, Any]] = []
    if found.combination is not None:
        points = found.combination.items()
        proof = [
            {"point": _bits(k, f.n), "value": bool(value), "factor": factor}
            for (k, factor), value in zip(points, f.table[list(found.combination)], strict=True)
        ]
    return {
        "is_threshold": bool(found),
        "weights": None if found.weights is None else list(found.weights),
        "threshold": found.threshold,
        "equal_sums": proof or None,
    }


def _canonical(f: BooleanFunction) -> dict[str, Any] | None:
    if f.n > MOST_FOR_CANONICAL:
        return None
    form, there = npn_canonical(f)
    return {
        "table": _word(form.table.tolist()),
        "negated_inputs": list(there.turned),
        "order": list(there.order),
        "negated_output": there.negated,
    }


def _coefficients(f: BooleanFunction) -> Iterator[tuple[list[int], Any]]:
    """Yield variables and value of each coefficient that is not zero, small sets first."""
    present = np.flatnonzero(f.walsh_spectrum())
    for k in present[np.argsort(np.bitwise_count(present), kind="stable")].tolist():
        members = [i for i in range(f.n) if k >> i & 1]
        yield members, f.fourier_coefficient(members)


def _text(f: BooleanFunction, document: dict[str, Any]) -> str:
    spectrum = document["spectrum"]
    lines = [
        f"{document['source']}: {_plural(f.n, 'variable')}, true at {f.ones:,} of {1 << f.n:,} points"
        + (" (balanced)" if document["balanced"] else ""),
    ]
    if f.n <= 5:
        lines.append(f"table       {document['table']}")
    lines += [
        f"degree      {document['real_degree']} over the reals, {document['algebraic_degree']} over two elements",
        f"Chow        {_several(document['chow_parameters'])}",
        f"influences  {_several(document['influences']) or 'none'}; in total {document['total_influence']}",
        f"spectrum    {_plural(spectrum['coefficients'], 'coefficient')}, the largest {spectrum['largest']}, "
        f"sum of sizes {spectrum['norm']}",
        f"levels      {_several(spectrum['levels'])}",
        f"characters  {spectrum['gates']:,} ReLU gates (Lemma 2.5.1; {1 << f.n:,} by points)",
        f"threshold   {_threshold_text(document['threshold'])}",
        f"monotone    {_monotone_text(document)}",
        f"symmetric   {_symmetric_text(document['values_by_weight'])}",
        f"canonical   {_canonical_text(document['canonical'])}",
    ]
    return "\n".join(lines)


def _threshold_text(found: dict[str, Any]) -> str:
    if found["is_threshold"]:
        terms = [_term(weight, i) for i, weight in enumerate(found["weights"]) if weight]
        left = " ".join(terms).removeprefix("+ ") or "0"
        return f"yes: true where {left} >= {found['threshold']}"
    sides = []
    for value in (True, False):
        chosen = [entry for entry in found["equal_sums"] if entry["value"] is value]
        words = [(f"{e['factor']}·" if e["factor"] > 1 else "") + e["point"] for e in chosen[:MOST_SHOWN]]
        sides.append(" + ".join(words) + (" + ..." if len(chosen) > MOST_SHOWN else ""))
    return f"no: the true points {sides[0]} are in sum the false points {sides[1]}"


def _term(weight: int, i: int) -> str:
    size = "" if abs(weight) == 1 else f"{abs(weight)} "
    return f"{'-' if weight < 0 else '+'} {size}x_{i}"


def _monotone_text(document: dict[str, Any]) -> str:
    kinds = document["directions"]
    if document["monotone"]:
        told = "yes"
    elif document["unate"]:
        told = f"no, but unate: it falls in {_variables(kinds, 'falling')}"
    else:
        told = f"no, and not unate: mixed in {_variables(kinds, 'mixed')}"
    return told + (f"; {_variables(kinds, 'idle')} do not matter" if "idle" in kinds else "")


def _symmetric_text(values: str | None) -> str:
    return "no" if values is None else f"yes: {values} at 0, 1, ... ones"


def _canonical_text(found: dict[str, Any] | None) -> str:
    if found is None:
        return f"for {MOST_FOR_CANONICAL} variables at most"
    steps = []
    if found["negated_inputs"]:
        steps.append(f"negate {', '.join(f'x_{i}' for i in found['negated_inputs'])}")
    if found["order"] != sorted(found["order"]):
        steps.append(f"take the variables in the order {' '.join(map(str, found['order']))}")
    if found["negated_output"]:
        steps.append("negate the value")
    return f"{found['table']} ({'; '.join(steps) or 'the function itself'})"


def _variables(kinds: Sequence[str], wanted: str) -> str:
    chosen = [f"x_{i}" for i, kind in enumerate(kinds) if kind == wanted]
    return ", ".join(chosen[:MOST_SHOWN]) + (", ..." if len(chosen) > MOST_SHOWN else "")


def _several(values: Sequence[Any]) -> str:
    return ", ".join(map(str, values))


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _bits(index: int, n: int) -> str:
    """Return the values of the variables at a point, the first variable first."""
    return "".join("1" if index >> i & 1 else "0" for i in range(n))


def _word(values: Sequence[bool]) -> str:
    return "".join("1" if value else "0" for value in values)
