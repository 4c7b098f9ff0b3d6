"""What the exit code of the command says; scripts may rely on it."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of ``relucomb``."""

    PROVEN = 0  # or, where nothing is to be proven, done
    INTERNAL_ERROR = 1  # also: a file or standard output that could not be written in the end
    BAD_INPUT = 2
    LIMIT = 3  # stopped at a limit, with an answer that is not proven optimal; or a check failed, with a counterexample
    NOTHING_FOUND = 4  # stopped at a limit without an answer
    INTERRUPTED = 130  # as a shell reports a program that Ctrl-C ended
    BROKEN_PIPE = 141  # as a shell reports a program whose reader went away
