"""``relucomb signrank``: the sign-rank of a matrix of signs, as an interval with proofs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import relucomb
from relucomb.atomic_write import write_atomically
from relucomb.commandline.arguments import add_json, nonnegative, whole_number
from relucomb.commandline.channels import open_channels, print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs
from relucomb.reading import InputError
from relucomb.sign_rank.csv_matrix import is_file, read_sign_matrix
from relucomb.sign_rank.matrices import NAMES

if TYPE_CHECKING:
    import argparse

    import numpy as np
    from numpy.typing import NDArray

    from relucomb.sign_rank import SignRank

DESCRIPTION = """\
The sign-rank of a matrix of signs: the least rank of a real matrix with these
signs and without zeros. The answer is an interval; both ends are proven, and the
proofs are checked again in exact arithmetic before they are told. A file holds
one row of -1 and 1 (or +1) per line, separated by commas, without a header; the
signs + and - alone are legal, too. With --bits it holds 0 and 1: 1 means +1 and 0
means -1."""

EXAMPLES = """\
examples:
  relucomb signrank matrix.csv
  relucomb signrank signed-identity --n 5
  relucomb signrank hadamard --n 8 --time-limit 20
  relucomb signrank matrix.csv --output witness.csv
      write the matrix of least rank that was found, in fractions
  printf '1,0\\n1,1\\n' | relucomb signrank - --bits

named matrices (--n is the number of rows or, where it says so, of bits):
""" + "\n".join(f"  {name:16} {family.describe}" for name, family in NAMES.items())

CODES = """

exit codes: 0 the sign-rank is proven, 3 stopped with an interval, 2 bad usage or
input, 1 internal error, 130 interrupted (with an interval)"""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "signrank",
        help="the sign-rank of a matrix, with proofs",
        usage="relucomb signrank MATRIX.csv | NAME --n N [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES + CODES,
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "matrix", metavar="MATRIX", help="CSV file, - for standard input, or a name from the list below"
    )
    parser.add_argument("--n", type=whole_number(1), metavar="N", help="size of a named matrix")
    parser.add_argument("--bits", action="store_true", help="the file holds 0 and 1: 1 means +1 and 0 means -1")
    parser.add_argument("--time-limit", type=nonnegative, metavar="SECONDS", help="stop then (default: fixed effort)")
    parser.add_argument("--seed", type=whole_number(0), default=0, metavar="S", help="(default: %(default)s)")
    add_json(parser)
    parser.add_argument("--output", metavar="WITNESS.csv", help="write the matrix that proves the upper bound")
    parser.add_argument("--quiet", action="store_true", help="write nothing but errors to standard error")


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    source, signs = _matrix(arguments)
    inputs = {} if arguments.n is not None else {"the matrix": arguments.matrix}
    check_outputs({"--output": arguments.output}, inputs)
    with open_channels(None, quiet=arguments.quiet) as channels:
        found = relucomb.sign_rank(signs, arguments.time_limit, seed=arguments.seed)
        verified = found.verify()
        failure = _write(found, arguments.output)
        if arguments.json:
            entries = {**found.to_dict(), "verification": verified.to_dict()}
            print_json("signrank", {"source": source, **entries})
        else:
            m, n = signs.shape
            print_result(f"{source}: {m} x {n}\n{found.summary()}\n{verified}")
        if failure is not None:
            channels.complain(f"relucomb signrank: error: {failure}")
        if found.termination == "interrupted":
            channels.complain(f"relucomb signrank: interrupted: between {found.lower} and {found.upper}")
            return ExitCode.INTERRUPTED
        if failure is not None or not verified:
            return ExitCode.INTERNAL_ERROR
    return ExitCode.PROVEN if found.status == "closed" else ExitCode.LIMIT


def _matrix(arguments: argparse.Namespace) -> tuple[str, NDArray[np.int8]]:
    name, n = arguments.matrix, arguments.n
    if n is None and (name not in NAMES or is_file(name)):
        return read_sign_matrix(name, bits=arguments.bits)
    if n is None:
        raise InputError(f"{name}: --n is missing; it tells how large the named matrix is")
    if arguments.bits:
        raise InputError(f"{name}: --bits is about files; named matrices have signs already")
    if name not in NAMES and is_file(name):
        raise InputError(f"{name}: --n is about named matrices; a file tells its size itself")
    try:
        return f"{name}, n = {n}", relucomb.sign_matrix(name, n, seed=arguments.seed)
    except ValueError as error:
        raise InputError(str(error)) from None


def _write(found: SignRank, path: str | None) -> str | None:
    """Write the witness, and return why not if it cannot be written."""
    if path is None:
        return None
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([[str(entry) for entry in row] for row in found.witness])
    try:
        write_atomically(path, file.getvalue())
    except OSError as error:
        return f"{error.filename}: could not be written ({error.strerror})"
    return None
