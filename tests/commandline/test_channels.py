"""Where a command's words go."""

from __future__ import annotations

import io
import json
import logging
import sys
from typing import TYPE_CHECKING

import pytest

from relucomb.commandline.channels import Channels, open_channels, print_json, print_result, printable
from relucomb.erm_result import SearchProgress

if TYPE_CHECKING:
    from pathlib import Path

REPORT = SearchProgress(nodes=1, open=2, incumbent=0.5, lower_bound=0.25, gap=0.5, rate=1.0, seconds=0.0, improved=True)


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Let standard error be a terminal without colours, and return what it shows."""
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    return stream


def test_a_terminal_sees_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the progress table is written."""
    stream = on_terminal(monkeypatch)
    table = Channels().progress_table()
    assert table is not None
    table(REPORT)
    header, row = stream.getvalue().splitlines()
    assert header.split() == ["nodes", "open", "incumbent", "bound", "gap", "rate", "time"]
    assert row.split() == ["*", "1", "2", "0.5", "0.25", "50.00%", "1/s", "0.000s"]


def test_a_pipe_and_quiet_see_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal, or with --quiet, there is no table to compute."""
    assert Channels().progress_table() is None
    stream = on_terminal(monkeypatch)
    channels = Channels(quiet=True)
    assert channels.progress_table() is None
    channels.headline("width 1")
    channels.note("nothing")
    assert stream.getvalue() == ""


def test_the_log_file_sees_everything(tmp_path: Path) -> None:
    """The log file gets table, notes and what the package logs, without colour, also with --quiet."""
    with open_channels(str(tmp_path / "run.log"), quiet=True) as channels:
        channels.headline("width 1")
        table = channels.progress_table()
        assert table is not None
        table(REPORT)
        logging.getLogger("relucomb.somewhere").info("%d programmes", 7)
    lines = (tmp_path / "run.log").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "width 1"
    assert lines[2].startswith("*        1")
    assert lines[3] == "7 programmes"


def test_logging_is_put_back() -> None:
    """After the command the logger is as before, also after an error."""
    logger = logging.getLogger("relucomb")
    before = (logger.level, list(logger.handlers))
    with pytest.raises(ZeroDivisionError), open_channels(None, quiet=False):
        raise ZeroDivisionError
    assert (logger.level, list(logger.handlers)) == before


def test_json_has_no_infinities(capsys: pytest.CaptureFixture[str]) -> None:
    """What is not finite becomes null, everything else keeps every bit."""
    print_json("test", {"a": [float("inf"), 0.1, {"b": float("nan")}], "c": (1, "é")})
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    document = json.loads(out)
    assert document == {"schema_version": 1, "command": "test", "a": [None, 0.1, {"b": None}], "c": [1, "é"]}


def test_signs_survive_any_encoding(capsys: pytest.CaptureFixture[str]) -> None:
    """In ASCII the signs of a formula become ASCII, in Latin-1 what fits stays."""
    assert printable("−2·x ≥ ∃", io.TextIOWrapper(io.BytesIO(), encoding="ascii")) == "-2*x >= E"
    assert printable("café", io.TextIOWrapper(io.BytesIO(), encoding="latin-1")) == "café"
    assert printable("名", io.TextIOWrapper(io.BytesIO(), encoding="ascii")) == "?"
    print_result("−2·x")
    assert capsys.readouterr().out == "−2·x\n"
