"""The Boolean function that a command is about: names, tables and files, and what is refused."""

from __future__ import annotations

import argparse
import io
import os
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from relucomb.boolean import BooleanFunction
from relucomb.boolean.named import NAMES
from relucomb.commandline.functions import add_function, chosen_function, parameter, summary
from relucomb.reading import InputError

if TYPE_CHECKING:
    from pathlib import Path


def chosen(*words: str) -> tuple[str, BooleanFunction]:
    """Return what the words of a command line mean."""
    parser = argparse.ArgumentParser()
    add_function(parser)
    return chosen_function(parser.parse_args(words))


def test_names() -> None:
    """A name with its size and parameters; xor2 has a size of its own."""
    assert chosen("majority", "-n", "3") == ("majority, n = 3", BooleanFunction.from_name("majority", 3))
    source, f = chosen("Threshold", "--n", "4", "--param", "k=3")
    assert (source, f.ones) == ("Threshold, n = 4, k = 3", 5)
    assert chosen("xor2")[1].table.tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    "text", ["0110", "0 1 1 0", "0,1,1,0", "01\n10\n", "-1 1 1 -1", "-1,+1,+1,-1", "-++-", "− + + −", "\ufeff0;1;1;0"]
)
def test_tables_in_files(text: str, tmp_path: Path) -> None:
    """Bits or signs, with or without separators, over any number of lines."""
    path = tmp_path / "table.txt"
    path.write_text(text, encoding="utf-8")
    assert chosen(str(path)) == (str(path), BooleanFunction([0, 1, 1, 0]))
    if text[0] in "01":
        assert chosen("--table", text)[1] == BooleanFunction([0, 1, 1, 0])


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads it; a closed one is told."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"0001\n")))
    assert chosen("-") == ("<stdin>", BooleanFunction([0, 0, 0, 1]))
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(InputError, match="standard input is closed"):
        chosen("-")


def test_a_file_with_the_name_of_a_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without -n it is the file, with -n the function."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parity").write_text("1")
    assert chosen("parity")[1].n == 0
    assert chosen("parity", "-n", "2")[1].n == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "got none"),
        (["parity", "--table", "01"], "got parity and --table"),
        (["parity"], "parity: -n is missing"),
        (["pairity", "-n", "3"], "pairity: no such file and no such named function; did you mean parity"),
        (["no/such/file"], "no/such/file: no such file and .*; named functions are address, and"),
        (["parity", "-n", "40"], "n must be at most 26; 40 variables would take a table of 2.*GiB"),
        (["threshold", "-n", "4"], "needs the parameter 'k'"),
        (["threshold", "-n", "4", "--param", "k=x"], "k must be a whole number from 0 to 5; got 'x'"),
        (["threshold", "-n", "4", "--param", "k=1", "--param", "k=2"], "each parameter may be given once"),
        (["--table", "011"], "3 values, which is no power of two"),
        (["--table", "0a11"], "value 2: 'a'"),
        (["--table", "0,2"], "value 2: '2'"),
        (["--table", "0,-1"], "both 0 and -1"),
        (["--table", "  "], "--table: empty"),
        (["--table", "01", "-n", "1"], "-n is about named functions"),
        (["-", "--param", "k=1"], "--param is about named functions"),
        ([os.curdir], "cannot be read"),
        (["a\0b"], "cannot be read"),
    ],
)
def test_refusals(words: list[str], message: str) -> None:
    """Each message names what is wrong and what is legal."""
    with pytest.raises(InputError, match=message):
        chosen(*words)


def test_what_is_no_text(tmp_path: Path) -> None:
    """Bytes that are no text are told."""
    path = tmp_path / "table.bin"
    path.write_bytes(b"01\xff0")
    with pytest.raises(InputError, match="byte 0xff is not UTF-8"):
        chosen(str(path))


def test_parameters() -> None:
    """Whole numbers are numbers, everything else is text; a name alone is refused."""
    assert parameter("k = -3") == ("k", -3)
    assert parameter("outer=x") == ("outer", "x")
    for wrong in ("k", "k=", "=3"):
        with pytest.raises(argparse.ArgumentTypeError, match="such as k=3"):
            parameter(wrong)


def test_the_summary_has_every_name() -> None:
    """Each with a line of its own that fits, and the parameters that it needs."""
    lines = summary().splitlines()
    assert [line.strip() for line in lines if line.startswith("  ") and line[2] != " "] == list(NAMES)
    assert max(map(len, lines)) <= 79
    assert any(line.endswith("[k]") for line in lines)
