"""What commands on data share: numbers that can be computed with, files written, the result told in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relucomb.atomic_write import write_atomically
from relucomb.commandline.channels import print_json, print_result
from relucomb.reading import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from relucomb.commandline.channels import Channels
    from relucomb.reading import Table


def tell(
    text: str,
    document: dict[str, Any],
    failures: Sequence[str],
    arguments: argparse.Namespace,
    channels: Channels,
) -> None:
    """Write the result to standard output and the log, and what could not be written to standard error."""
    channels.record(text)
    if arguments.json:
        print_json("gate", document)
    else:
        print_result(text)
    for failure in failures:
        channels.complain(f"relucomb gate: error: {failure}")


def check_points(X: Any, y: Any, source: str) -> None:
    """Refuse points that no gate can be trained on, as input that is bad."""
    from relucomb.training.recording import read_points

    try:
        read_points(X, y)
    except ValueError as error:
        raise InputError(f"{source}: {error}") from None


def check_numbers(table: Table) -> None:
    """Refuse features or labels whose squares floats cannot hold, as input that is bad."""
    from relucomb.erm import check_sizes

    try:
        check_sizes(table.X, table.y)
    except ValueError as error:
        raise InputError(f"{table.source}: {error}") from None


def written(path: str | None, content: Callable[[], bytes]) -> list[str]:
    """Write a file if one is asked for, and return what went wrong."""
    if path is None:
        return []
    try:
        write_atomically(path, content())
    except OSError as error:
        return [f"{error.filename}: could not be written ({error.strerror})"]
    return []
