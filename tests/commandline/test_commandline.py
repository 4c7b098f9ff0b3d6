"""The command as a whole: help, version, unexpected failures, pipes and signals."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import relucomb
from relucomb.commandline import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Outcome, Search

    Command = Callable[..., Outcome]

COMMANDS = ("erm", "pwl", "dichotomies", "predict")
ROOT = Path(relucomb.__file__).parents[1]


def test_help_teaches_by_example(command: Command) -> None:
    """Every help has examples and fits a terminal of 80 columns, and the first help names every command."""
    front = command("--help")
    assert front.code == 0
    for name in COMMANDS:
        assert f"\n    {name}" in front.out
        own = command(name, "--help")
        assert own.code == 0
        assert "examples:" in own.out
        assert f"  relucomb {name} " in own.out
        assert max(map(len, own.out.splitlines())) <= 80
    assert max(map(len, front.out.splitlines())) <= 80


def test_help_can_be_printed_in_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal without the signs gets the help in ASCII."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["erm", "--help"]) == 0
    stream.seek(0)
    assert "f(x) = sum of +- relu(v*x + b)" in stream.read()


def test_version(command: Command) -> None:
    """--version prints name and version."""
    assert command("--version").out == f"relucomb {relucomb.__version__}\n"


def test_no_or_an_unknown_command(command: Command) -> None:
    """Without a command, or with a wrong one, one line says so."""
    for arguments, complaint in (((), "arguments are required: COMMAND"), (("emr",), "invalid choice: 'emr'")):
        outcome = command(*arguments)
        assert outcome.code == 2
        assert outcome.err.count("\n") == 1
        assert complaint in outcome.err


def test_internal_errors_are_one_line(
    data: Path, command: Command, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug of ours is one line and code 1, and a traceback only on request."""
    search.results = [ZeroDivisionError("by\nnought")]
    outcome = command("erm", data, "--width", 1)
    assert outcome.code == 1
    assert outcome.out == ""
    hint = "(set RELUCOMB_DEBUG=1 to see where it happened)"
    assert outcome.err == f"relucomb erm: internal error: ZeroDivisionError: by nought {hint}\n"
    monkeypatch.setenv("RELUCOMB_DEBUG", "1")
    assert main(["erm", str(data), "--width", "1"]) == 1


def test_traceback_on_request(
    data: Path, search: Search, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """RELUCOMB_DEBUG=1 shows the traceback."""
    monkeypatch.setenv("RELUCOMB_DEBUG", "1")
    search.results = [MemoryError()]
    assert main(["erm", str(data), "--width", "1"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_closed_or_full_standard_output(
    data: Path, search: Search, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result that cannot be printed is one line and code 1."""

    def full(_: str) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys.stdout, "write", full)
    assert main(["erm", str(data), "--width", "1"]) == 1
    assert "error: standard output could not be written (No space left on device)\n" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["erm", str(data), "--width", "1"]) == 1
    assert "error: standard output is closed\n" in capsys.readouterr().err


def test_termination_is_an_interrupt(data: Path, command: Command, search: Search) -> None:
    """SIGTERM ends a search as Ctrl-C does, and the old handler comes back."""
    before = signal.getsignal(signal.SIGTERM)

    search.results = [lambda: os.kill(os.getpid(), signal.SIGTERM)]
    assert command("erm", data, "--width", 1).code == 130
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert command("erm", data, "--width", 1).code == 130
    finally:
        signal.signal(signal.SIGINT, handler)
    assert signal.getsignal(signal.SIGTERM) is before


def run(arguments: list[str], **options: object) -> subprocess.Popen[bytes]:
    """Start the command in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'solvers'}"}
    program = [sys.executable, "-m", "relucomb", *arguments]
    return subprocess.Popen(program, stderr=subprocess.PIPE, env=environment, **options)  # type: ignore[call-overload]


def test_broken_pipe_is_quiet() -> None:
    """When the reader goes away, the command ends without a word, as a C program does."""
    reader, writer = os.pipe()
    os.close(reader)
    process = run(["--version"], stdout=writer)
    os.close(writer)
    error = process.communicate(timeout=60)[1]
    assert process.returncode == 141
    assert error == b""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_search_tells_what_it_has(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end a long search with its network, its bound and code 130."""
    data, log = tmp_path / "data.csv", tmp_path / "run.log"
    X, y = relucomb.noise(60, 2, seed=0)
    rows = "".join(f"{a!r},{b!r},{t!r}\n" for (a, b), t in zip(X.tolist(), y.tolist(), strict=True))
    data.write_text("a,b,y\n" + rows)
    process = run(["erm", str(data), "--width", "4", "--json", "--log-file", str(log)], stdout=subprocess.PIPE)
    for _ in range(3000):  # the first call compiles the kernels
        if log.exists() and "incumbent" in log.read_text(encoding="utf-8"):
            break
        time.sleep(0.1)
    process.send_signal(number)
    out, error = process.communicate(timeout=60)
    assert error == b""
    assert process.returncode == 130
    document = json.loads(out)
    assert (document["status"], document["termination"]) == ("feasible", "interrupted")
    assert 0 <= document["lower_bound"] < document["loss"] < 1.5


def test_module_is_the_command() -> None:
    """``python -m relucomb`` is the command."""
    process = run(["--version"], stdout=subprocess.PIPE)
    assert process.communicate(timeout=60)[0].decode().split() == ["relucomb", relucomb.__version__]
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("dichotomies", "points.csv", "--speed"), "relucomb dichotomies"),
        (("gate", "noisy", "--w-star", "1", "--eps", "1"), "relucomb gate noisy"),
    ],
)
def test_unknown_options_are_told_by_their_command(
    refused: Callable[..., str], words: tuple[str, ...], name: str
) -> None:
    """Its help is where to look."""
    line = refused(*words)
    assert line.startswith(f"{name}: error: unrecognized arguments: ")
    assert line.endswith(f"(see: {name} --help)")
