"""``relucomb signrank``: files, names, exit codes."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from relucomb.sign_rank.search import Search

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]


def test_a_file(tmp_path: Path, command: Command) -> None:
    """The text tells the interval, the proofs, and that they were checked."""
    path = tmp_path / "signs.csv"
    path.write_text("-1,1,1,1\n1,-1,1,1\n1,1,-1,1\n1,1,1,-1\n")
    outcome = command("signrank", path)
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0] == f"{path}: 4 x 4"
    assert lines[1].startswith("sign-rank 3 (")
    assert lines[2].startswith("at least 3: no cyclic order")
    assert lines[3].startswith("at most 3: integer matrices 4 x 3 and 3 x 4")
    assert lines[4].startswith("verified yes")


def test_a_name(command: Command) -> None:
    """Named matrices need --n."""
    assert "greater-than, n = 5: 5 x 5\nsign-rank 2 " in command("signrank", "greater-than", "--n", 5).out


def test_bits(tmp_path: Path, command: Command, refused: Refused) -> None:
    """0 is -1 with --bits, and an error without."""
    path = tmp_path / "bits.csv"
    path.write_text("1,0\n1,1\n")
    assert command("signrank", path, "--bits").out.splitlines()[1].startswith("sign-rank 2")
    assert "line 1, column 2: a zero; a sign matrix has none" in refused("signrank", path)


def test_json_and_witness(tmp_path: Path, command: Command) -> None:
    """--json is one object with both proofs; --output writes the witness."""
    path = tmp_path / "witness.csv"
    outcome = command("signrank", "signed-identity", "--n", 6, "--json", "--output", path)
    told = json.loads(outcome.out)
    assert (told["command"], told["lower"], told["upper"], told["status"]) == ("signrank", 3, 3, "closed")
    assert told["verification"]["passed"]
    rows = [[Fraction(cell) for cell in row] for row in csv.reader(path.read_text().splitlines())]
    witness = np.array(rows, dtype=float)
    assert np.array_equal(np.sign(witness), 1 - 2 * np.identity(6))
    assert np.linalg.matrix_rank(witness) == 3


def test_a_limit(command: Command) -> None:
    """An open interval is exit code 3."""
    outcome = command("signrank", "hadamard", "--n", 8, "--time-limit", 0)
    assert outcome.code == 3
    assert "sign-rank 1 to 8" in outcome.out
    assert "ended: the time limit was reached" in outcome.out


def test_interruption(monkeypatch: pytest.MonkeyPatch, command: Command) -> None:
    """Ctrl-C is exit code 130, with the interval."""

    def interrupt(self: Search) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Search, "_order", interrupt)
    outcome = command("signrank", "hadamard", "--n", 8)
    assert outcome.code == 130
    assert "sign-rank 4 to 5" in outcome.out
    assert outcome.err == "relucomb signrank: interrupted: between 4 and 5\n"


def test_refusals(tmp_path: Path, refused: Refused) -> None:
    """Unknown names, missing and superfluous options, files that cannot be written."""
    path = tmp_path / "signs.csv"
    path.write_text("1,-1\n")
    assert "did you mean hadamard?" in refused("signrank", "hadamrd", "--n", 4)
    assert "did you mean hadamard?" in refused("signrank", "hadamrd")
    assert "--n is missing" in refused("signrank", "hadamard")
    assert "n must be a power of two" in refused("signrank", "hadamard", "--n", 5)
    assert "--n is about named matrices" in refused("signrank", path, "--n", 5)
    assert "--bits is about files" in refused("signrank", "hadamard", "--n", 4, "--bits")
    assert "is also the matrix" in refused("signrank", path, "--output", path)
    assert "there is no directory" in refused("signrank", path, "--output", tmp_path / "no" / "witness.csv")
    assert "--n" in refused("signrank", "hadamard", "--n", "x")
