"""The end of a command that trains."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

import pytest

from relucomb.commandline.telling import tell, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Channels:
    """Notes what is recorded and complained of."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def record(self, text: str) -> None:
        """Note a record."""
        self.told.append(("record", text))

    def complain(self, text: str) -> None:
        """Note a complaint."""
        self.told.append(("complain", text))


@pytest.mark.parametrize("as_json", [False, True])
def test_text_or_one_object(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """The log has the text in any case, and failures are complaints."""
    channels: Any = Channels()
    arguments = argparse.Namespace(json=as_json, algorithm="sgd")
    tell("the text", {"loss": float("nan")}, ["no space"], arguments, channels)
    out = capsys.readouterr().out
    if as_json:
        document = json.loads(out)
        assert (document["command"], document["loss"]) == ("gate", None)
    else:
        assert out == "the text\n"
    assert channels.told[0] == ("record", "the text")
    assert channels.told[1][0] == "complain"
    assert channels.told[1][1].endswith("error: no space")


def test_files(tmp_path: Path) -> None:
    """Nothing is made if nothing is asked for, and what cannot be written is told."""
    path = tmp_path / "file"
    assert written(None, lambda: 1 / 0) == []  # type: ignore[arg-type, return-value]
    assert written(str(path), lambda: b"content") == []
    assert path.read_bytes() == b"content"
    (failure,) = written(str(tmp_path / "no" / "file"), lambda: b"content")
    assert "could not be written" in failure


@pytest.mark.parametrize("command_line", [("erm", "--width", 1), ("pwl", "--pieces", 2)])
@pytest.mark.parametrize("cell", ["1e200", "1e-200"])
def test_numbers_beyond_squares_are_refused(
    tmp_path: Path, refused: Callable[..., str], command_line: tuple[object, ...], cell: str
) -> None:
    """One line names the file and the column's kind."""
    path = tmp_path / "far.csv"
    path.write_text(f"a,y\n1,{cell}\n2,{cell}\n3,0\n")
    name, *rest = command_line
    assert "far.csv: y has entries up to" in refused(name, path, *rest)
