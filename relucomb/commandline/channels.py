"""Where a command's words go: the result to standard output, everything else to standard error and the log file."""

from __future__ import annotations

import json
import logging
import math
import sys
import warnings
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, TextIO

from relucomb.exceptions import RelucombError
from relucomb.progress import ProgressTable, stream_sink, terminal_sink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCHEMA_VERSION = 1

_ASCII = str.maketrans({"·": "*", "−": "-", "≥": ">=", "≤": "<=", "…": "...", "Σ": "sum of", "±": "+-", "∃": "E"})


class Channels:
    """Standard error and a log file, as a command uses them.

    Parameters
    ----------
    log : text stream or None
        The open log file.
    quiet : bool
        Write nothing to standard error.
    """

    def __init__(self, log: TextIO | None = None, *, quiet: bool = False) -> None:
        self._log = log
        self._quiet = quiet

    def note(self, text: str) -> None:
        """Write a line for the user who watches."""
        if not self._quiet:
            print_error(text)
        self.record(text)

    def complain(self, text: str) -> None:
        """Write an error, which ``quiet`` does not hide."""
        print_error(text)
        self.record(text)

    def record(self, text: str) -> None:
        """Write text to the log file only."""
        if self._log is not None:
            self._log.write(text + "\n")
            self._log.flush()

    def headline(self, text: str) -> None:
        """Announce a part of the work where its progress is shown."""
        if self._watched():
            self.note(text)
        else:
            self.record(text)

    def progress_table(self) -> ProgressTable | None:
        """Return the callback that shows a search, or None if nobody would see it."""
        sinks: list[Callable[[str, bool], None]] = []
        if self._watched():
            sinks.append(terminal_sink(sys.stderr))
        if self._log is not None:
            sinks.append(stream_sink(self._log))
        return ProgressTable(sinks) if sinks else None

    def _watched(self) -> bool:
        return not self._quiet and sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def open_channels(log_file: str | None, *, quiet: bool) -> Iterator[Channels]:
    """Open the log file and lead what the package logs and warns of to the user, until the command ends."""
    log = None if log_file is None else open(log_file, "w", encoding="utf-8")  # noqa: SIM115
    channels = Channels(log, quiet=quiet)
    handler = _ToChannels(channels)
    logger = logging.getLogger("relucomb")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = handler.show_warning
            yield channels
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        if log is not None:
            log.close()


class _ToChannels(logging.Handler):
    def __init__(self, channels: Channels) -> None:
        super().__init__(logging.INFO)
        self._channels = channels

    def emit(self, record: logging.LogRecord) -> None:
        self._channels.note(record.getMessage())

    def show_warning(self, message: Warning | str, *_: object, **__: object) -> None:
        self._channels.note(f"warning: {message}")


def print_error(text: str) -> None:
    """Write a line to standard error."""
    if sys.stderr is not None:
        sys.stderr.write(printable(text + "\n", sys.stderr))
        sys.stderr.flush()


class OutputError(RelucombError):
    """Standard output cannot be written."""


def print_result(text: str) -> None:
    """Write text to standard output.

    Raises
    ------
    BrokenPipeError
        The reader went away.
    OutputError
        The disk is full or standard output is closed.
    """
    if sys.stdout is None:
        raise OutputError("standard output is closed")
    try:
        sys.stdout.write(printable(text if text.endswith("\n") else text + "\n", sys.stdout))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"standard output could not be written ({error.strerror})") from None


def printable(text: str, stream: IO[str]) -> str:
    """Return the text, in ASCII if the encoding of the stream has no signs such as ``·``."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII).encode(encoding, "replace").decode(encoding)
    return text


def print_json(command: str, document: dict[str, Any]) -> None:
    """Write one JSON object to standard output: floats by ``repr``, null for what is not finite."""
    document = {"schema_version": SCHEMA_VERSION, "command": command, **document}
    print_result(json.dumps(_finite(document), allow_nan=False))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
