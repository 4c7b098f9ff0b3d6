"""The command ``relucomb``: one sub-command per capability, one file per sub-command.

The result goes to standard output, everything else to standard error; the exit code says how far the answer is proven
(:class:`~relucomb.commandline.exit_codes.ExitCode`). Whatever is wrong with the input is told in one line.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

import relucomb
from relucomb.commandline import (
    boolean,
    circuit,
    dichotomies,
    erm,
    figure,
    gate,
    glmtron,
    minimal,
    pieces,
    predict,
    pwl,
    race,
    restrict,
    signrank,
    table,
    zonotope,
)
from relucomb.commandline.arguments import Parser
from relucomb.commandline.channels import OutputError, print_error
from relucomb.commandline.exit_codes import ExitCode
from relucomb.reading import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

__all__ = ["main"]

DESCRIPTION = """\
Exact solvers for small ReLU networks: every answer says how far it is proven."""

EXAMPLES = """\
examples:
  relucomb erm data.csv --width 3      certified best fit with 3 hidden units
  relucomb erm data.csv --width 1-4    ... with 1, 2, 3 and 4 hidden units
  relucomb pwl data.csv --pieces 3     best continuous piecewise-linear fit
  relucomb glmtron data.csv            train one gate, with bounds
  relucomb gate sgd ...                theorems on gates, put to the test
  relucomb race data.csv --width 2     optimisers against the certified optimum
  relucomb dichotomies points.csv      count the linear dichotomies of points
  relucomb pieces net.json             count the linear pieces of a network
  relucomb zonotope generators.csv     vertices and volume of a zonotope
  relucomb boolean majority -n 5       all measures of a Boolean function
  relucomb circuit parity -n 5         build, verify, draw a circuit
  relucomb minimal parity -n 4         least number of gates, with a proof
  relucomb restrict circuit.json ...   fix variables, at random or not
  relucomb signrank matrix.csv         the sign-rank of a matrix, with proofs
  relucomb table depth-separation      regenerate a table of the theory
  relucomb figure 2.2                  draw a figure of the theory
  relucomb predict net.json new.csv    evaluate a network
  relucomb erm --help                  more about one command"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments without the name of the program; those of the process if not given.

    Returns
    -------
    int
        See :class:`~relucomb.commandline.exit_codes.ExitCode`.

    Examples
    --------
    >>> main(["--version"])
    relucomb 0.1.0
    0
    """
    name = "relucomb"
    try:
        words = sys.argv[1:] if argv is None else list(argv)
        arguments, unknown = _parser().parse_known_args(words, argparse.Namespace(words=words))
        name = " ".join(filter(None, ["relucomb", arguments.command, getattr(arguments, "algorithm", None)]))
        if unknown:  # told by the command that does not know them, and not by the parser of all commands
            told = f"error: unrecognized arguments: {' '.join(unknown)} (see: {name} --help)"
            return _complain(name, told, ExitCode.BAD_INPUT)
        with _termination_as_interrupt():
            return int(arguments.run(arguments))
    except SystemExit as stop:  # help, version, bad usage: argparse has said it
        return _flushed(int(stop.code or 0))
    except InputError as error:
        return _complain(name, f"error: {error}", ExitCode.BAD_INPUT)
    except KeyboardInterrupt:
        return _complain(name, "interrupted before there was a result", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        return _leave_pipe()
    except OutputError as error:
        return _complain(name, f"error: {error}", ExitCode.INTERNAL_ERROR)
    except Exception as error:  # the last resort: one line instead of a traceback, and how to see the traceback
        if os.environ.get("RELUCOMB_DEBUG"):
            traceback.print_exc()
        told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        hint = "set RELUCOMB_DEBUG=1 to see where it happened"
        return _complain(name, f"internal error: {told} ({hint})", ExitCode.INTERNAL_ERROR)


def _parser() -> Parser:
    parser = Parser(prog="relucomb", description=DESCRIPTION, epilog=EXAMPLES)
    parser.add_argument("--version", action="version", version=f"relucomb {relucomb.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for command in (
        erm,
        pwl,
        glmtron,
        gate,
        race,
        dichotomies,
        pieces,
        zonotope,
        boolean,
        circuit,
        minimal,
        restrict,
        signrank,
        table,
        figure,
        predict,
    ):
        command.add_parser(commands)
    return parser


def _complain(name: str, text: str, code: ExitCode) -> int:
    print_error(f"{name}: {' '.join(text.split())}")
    return int(code)


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _leave_pipe()
    return code


def _leave_pipe() -> int:
    """Make standard output harmless, or the interpreter would complain when it closes it."""
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return int(ExitCode.BROKEN_PIPE)


@contextmanager
def _termination_as_interrupt() -> Iterator[None]:
    """Let SIGTERM do what Ctrl-C does, so that a batch system's signal still gets the incumbent."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        handler = signal.getsignal(signal.SIGINT)
        if not callable(handler):  # ignored, as in a shell's background job
            raise KeyboardInterrupt
        handler(number, frame)

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
