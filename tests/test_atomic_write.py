"""Tests of relucomb.atomic_write."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from relucomb.atomic_write import write_atomically


@pytest.mark.parametrize("content", ["α\n", "line\r\n", b"\x00\xff", ""])
def test_content_arrives_as_it_is(content: str | bytes, tmp_path: Path) -> None:
    """Texts are UTF-8 with their own line ends, bytes are bytes, and nothing else is left in the directory."""
    write_atomically(tmp_path / "file", content)
    assert (tmp_path / "file").read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_an_interrupt_or_a_full_disk_leaves_the_old_file(
    failure: BaseException, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old content stays, no temporary file does, and the error names the file that was asked for."""
    file = tmp_path / "file"
    file.write_text("old")

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(failure)) as caught:
        write_atomically(file, "new")
    assert file.read_text() == "old"
    assert os.listdir(tmp_path) == ["file"]
    if isinstance(failure, OSError):
        assert caught.value.filename == str(file)


def test_a_new_file_is_as_readable_as_any_other(tmp_path: Path) -> None:
    """Temporary files are private; the result has the permissions of a file just opened."""
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "file", "text")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_old_file_keeps_its_permissions(tmp_path: Path) -> None:
    """Writing again does not open a private file to others."""
    file = tmp_path / "file"
    file.touch()
    file.chmod(0o600)
    write_atomically(file, "text")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_is_followed(tmp_path: Path) -> None:
    """The link stays a link, the file behind it changes."""
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_atomically(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "text"


def test_what_is_not_a_regular_file_is_not_replaced(tmp_path: Path) -> None:
    """A device stays a device, and a directory is an error that names it."""
    write_atomically(os.devnull, "text")
    assert not Path(os.devnull).is_file()
    with pytest.raises(IsADirectoryError) as caught:
        write_atomically(tmp_path, "text")
    assert caught.value.filename == str(tmp_path)
