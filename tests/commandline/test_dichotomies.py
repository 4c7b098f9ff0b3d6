"""``relucomb dichotomies``: counted and listed, from exact coordinates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]


@pytest.fixture
def square(tmp_path: Path) -> Path:
    """Return the corners of a square, in tenths, and a column of text."""
    path = tmp_path / "square.csv"
    path.write_text("name,a,b\nA,0.1,0.1\nB,0.3,0.1\nC,0.1,0.3\nD,0.3,0.3\n")
    return path


def test_count(square: Path, command: Command) -> None:
    """All subsets of a square but the two diagonals can be cut off by a line."""
    outcome = command("dichotomies", square, "--features", "a,b")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "14 strict affine dichotomies of 4 points in 2 coordinates (a, b)\n"


def test_without_bias(square: Path, command: Command) -> None:
    """Lines through the origin see A and D in one direction: three directions, six half-planes."""
    outcome = command("dichotomies", square, "--features", "a,b", "--no-bias")
    assert outcome.out == "6 strict linear dichotomies of 4 points in 2 coordinates (a, b)\n"


def test_list(square: Path, command: Command) -> None:
    """Every dichotomy is a line of 0 and 1."""
    lines = command("dichotomies", square, "--features", "a,b", "--list").out.splitlines()
    assert len(lines) == len(set(lines)) == 14
    assert {"0110", "1001"} & set(lines) == set()
    assert all(len(line) == 4 and set(line) <= {"0", "1"} for line in lines)


def test_json(square: Path, command: Command) -> None:
    """--json gives the count, and with --list the dichotomies."""
    expected = {
        "schema_version": 1,
        "command": "dichotomies",
        "source": str(square),
        "points": 4,
        "coordinates": ["a", "b"],
        "hidden_bias": True,
        "count": 14,
    }
    assert json.loads(command("dichotomies", square, "--features", "a,b", "--json").out) == expected
    listed = json.loads(command("dichotomies", square, "--features", "a,b", "--json", "--list").out)
    assert {**listed, "dichotomies": None} == {**expected, "dichotomies": None}
    assert len(listed["dichotomies"]) == 14


def test_decimals_are_exact(tmp_path: Path, command: Command) -> None:
    """Three points in line in decimals, though not as floats, have 6 dichotomies and not 8."""
    path = tmp_path / "line.csv"
    path.write_text("x,y\n0.1,0.3\n0.2,0.2\n0.3,0.1\n")
    assert command("dichotomies", path).out.startswith("6 strict affine dichotomies of 3 points")


def test_target_is_left_out(square: Path, command: Command) -> None:
    """--target leaves one column out."""
    square.write_text("a,y\n1,7\n2,8\n3,9\n")
    assert "of 3 points in 1 coordinate (a)" in command("dichotomies", square, "--target", "y").out


def test_refusals(square: Path, refused: Refused) -> None:
    """Text, a missing column and a missing file are named."""
    assert "line 2, column 'name': 'A' is not a number" in refused("dichotomies", square)
    assert "no column named 'c'" in refused("dichotomies", square, "--target", "c")
    assert "no such file" in refused("dichotomies", square.parent / "none.csv")
