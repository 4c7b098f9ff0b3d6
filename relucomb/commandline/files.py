"""Files that a command is to write: checked before the work, written whole or not at all after it."""

from __future__ import annotations

import importlib.util
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from relucomb.atomic_write import write_atomically
from relucomb.networks import ReLUNetwork
from relucomb.reading import InputError

if TYPE_CHECKING:
    from relucomb.erm_result import ERMResult
    from relucomb.reading import Table

PICTURES = ("png", "svg", "pdf")


def check_outputs(outputs: dict[str, str | None], inputs: dict[str, str | None]) -> None:
    """Check that every output can be written and is no input and no other output.

    Parameters
    ----------
    outputs, inputs : dict of str to str or None
        Path for each option; None if the option was not given.

    Raises
    ------
    InputError
        Naming the option, the path and the reason.
    """
    taken = {os.path.realpath(path): option for option, path in inputs.items() if path not in (None, "-")}
    for option, path in outputs.items():
        if path is None:
            continue
        other = taken.setdefault(os.path.realpath(path), option)
        if other != option and (not os.path.exists(path) or os.path.isfile(path)):
            raise InputError(f"{option} {path}: is also {other}; every file serves once")
        _check_writable(option, path)


def check_picture(option: str, path: str | None) -> str | None:
    """Return the format of a picture by the ending of its name, and check that it can be drawn at all."""
    if path is None:
        return None
    ending = Path(path).suffix.lower().lstrip(".")
    if ending not in PICTURES:
        raise InputError(f"{option} {path}: the name must end in {', '.join('.' + known for known in PICTURES)}")
    if importlib.util.find_spec("matplotlib") is None:
        raise InputError(f"{option} {path}: drawing needs matplotlib; install it with: pip install 'relucomb[plot]'")
    return ending


def write_results(
    fit: ERMResult | ReLUNetwork,
    table: Table,
    output: str | None,
    plot: str | None,
    picture: str | None,
    title: str | None = None,
) -> list[str]:
    """Write the network and the picture that were asked for.

    Parameters
    ----------
    fit : ERMResult or ReLUNetwork
        A network, or a result with one.
    table : Table
        The data; the network's file tells the names of its columns.
    output, plot : str or None
        Paths of the network and of the picture.
    picture : str or None
        Format of the picture.
    title : str or None
        Its title; what is proven of a result if not given.

    Returns
    -------
    list of str
        What could not be written and why; no exception, because the result must still be told.
    """
    network = fit if isinstance(fit, ReLUNetwork) else fit.network
    if network is None:
        return []
    try:
        if output is not None:
            document = {**network.to_json(), "feature_names": table.feature_names, "target_name": table.target_name}
            write_atomically(output, json.dumps(document, allow_nan=False, ensure_ascii=False) + "\n")
        if plot is not None and picture is not None:
            from relucomb.plots import render_fit

            names, target = table.feature_names, table.target_name
            image = render_fit(fit, table.X, table.y, picture, feature_names=names, target_name=target, title=title)
            write_atomically(plot, image)
    except OSError as error:
        return [f"{error.filename}: could not be written ({error.strerror})"]
    return []


def _check_writable(option: str, path: str) -> None:
    place = f"{option} {path}"
    try:
        target = Path(os.path.realpath(path))
        if not path or target.is_dir():
            raise InputError(f"{place}: is a directory; give the name of a file")
        if not target.parent.is_dir():
            raise InputError(f"{place}: there is no directory {str(target.parent)!r}; create it first")
        if target.exists() and not os.access(target, os.W_OK):
            raise InputError(f"{place}: the file must not be overwritten (no permission)")
        if not target.exists() or target.is_file():  # a terminal or a pipe is written to directly
            # the only honest test: permissions, read-only media and odd names all show here
            handle, probe = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
            os.close(handle)
            os.unlink(probe)
    except OSError as error:
        raise InputError(f"{place}: cannot be written ({error.strerror})") from None
