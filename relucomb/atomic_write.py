"""Write a file completely or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path


def write_atomically(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write ``content`` to ``path`` so that nobody ever sees half of it.

    The content goes to a temporary file in the same directory, which then takes the place of ``path`` in one step. A
    full disk or an interrupt leaves what was there before, and no temporary file. What is not a regular file, such as
    ``/dev/stdout``, is written to directly.

    Parameters
    ----------
    path
        Where to write; a link is followed, and an existing file keeps its permissions.
    content
        Text, written as UTF-8 with its line ends as they are, or bytes.

    Raises
    ------
    OSError
        The file cannot be written; the error names ``path``.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "answer.txt"
    >>> write_atomically(file, "42")
    >>> file.read_text()
    '42'
    """
    data = content.encode() if isinstance(content, str) else content
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
        else:
            _replace(target, data)
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None


def _replace(target: Path, data: bytes) -> None:
    mode = _permissions(target)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # a full disk may show only here
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:  # an interrupt too must not leave the temporary file
        os.unlink(name)
        raise


def _permissions(target: Path) -> int:
    """Return the mode of the file there is, or that of a new file: temporary files are private, results are not."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)  # it can only be read by setting it
    os.umask(mask)
    return 0o666 & ~mask
