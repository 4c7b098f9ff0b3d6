"""Argument types: what they read and what they refuse."""

from __future__ import annotations

import argparse
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.commandline.arguments import WIDEST, Parser, names, nonnegative, single_target, whole_number, widths
from relucomb.reading import InputError


@given(st.integers(1, WIDEST), st.integers(1, WIDEST))
def test_widths(low: int, high: int) -> None:
    """One width or a rising range of widths is read, a falling range is not."""
    assert str(widths(str(low))) == str(low)
    if low <= high:
        chosen = widths(f"{low}-{high}")
        assert (chosen.lowest, chosen.highest, chosen.is_range, str(chosen)) == (low, high, True, f"{low}-{high}")
    else:
        with pytest.raises(argparse.ArgumentTypeError, match="a rising range"):
            widths(f"{low}-{high}")


@given(st.text(max_size=50))
def test_nothing_crashes_the_types(text: str) -> None:
    """Whatever is typed is read or refused in words."""
    for read in (widths, whole_number(0), whole_number(1, 9), nonnegative, names):
        with contextlib.suppress(argparse.ArgumentTypeError):
            read(text)


@pytest.mark.parametrize("text", ["1_0", "１", "", " ", "+", "1e3", "9" * 30])
def test_whole_numbers_are_plain(text: str) -> None:
    """What Python reads as a number but nobody writes is refused."""
    with pytest.raises(argparse.ArgumentTypeError, match="must be a whole number from 0 on"):
        whole_number(0)(text)


def test_single_target() -> None:
    """No target and one target pass, two do not."""
    assert single_target(None) is None
    assert single_target(["y"]) == "y"
    with pytest.raises(InputError, match=r"--target was given 2 times; .* NP = ∃R"):
        single_target(["y", "z"])


def test_errors_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The parser says what is wrong in one line and where to read more."""
    parser = Parser(prog="tool")
    parser.add_argument("--speed", type=whole_number(1, 9))
    with pytest.raises(SystemExit) as stop:
        parser.parse_args(["--speed", "0"])
    assert stop.value.code == 2
    line = "tool: error: argument --speed: must be a whole number from 1 to 9; got '0' (see: tool --help)\n"
    assert capsys.readouterr().err == line
