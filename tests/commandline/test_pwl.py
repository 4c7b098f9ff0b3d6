"""``relucomb pwl``: what it says, writes and refuses."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import relucomb
from relucomb.networks import ReLUNetwork

from .conftest import RELU

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any, int]]:
    """Replace the fit by max(0, 2x - 2), and return the list of its calls."""
    calls: list[tuple[Any, Any, int]] = []

    def fit(x: Any, y: Any, pieces: int) -> SimpleNamespace:
        calls.append((x.tolist(), y.tolist(), pieces))
        return SimpleNamespace(
            loss=0.25,
            breakpoints=[1.0],
            slopes=[0.0, 2.0],
            intercepts=[0.0, -2.0],
            network=RELU,
            seconds=0.5,
            tolerance=1e-9,
        )

    monkeypatch.setitem(relucomb.__dict__, "fit_piecewise_linear", fit)
    return calls


def test_text(data: Path, command: Command, fits: list[object]) -> None:
    """The function is told piece by piece."""
    outcome = command("pwl", data, "--pieces", 2)
    assert (outcome.code, outcome.err) == (0, "")
    assert f"{data}: 4 rows, y from x\n" in outcome.out
    assert "loss     0.25  (mean squared loss)\n" in outcome.out
    assert outcome.out.endswith("f(x) = 0          for x ≤ 1\n       2·x − 2    for x ≥ 1\n")
    assert fits == [([0, 1, 2, 3], [0, 0, 2, 4], 2)]


def test_json(data: Path, command: Command, fits: list[object]) -> None:
    """--json prints one object."""
    document = json.loads(command("pwl", data, "--pieces", 2, "--json").out)
    assert document["command"] == "pwl"
    assert document["loss"] == 0.25
    assert (document["breakpoints"], document["slopes"], document["intercepts"]) == ([1], [0, 2], [0, -2])
    assert ReLUNetwork.from_json(document["network"]) == RELU


def test_files(data: Path, tmp_path: Path, command: Command, fits: list[object]) -> None:
    """The function can be written as a network and drawn."""
    net, picture = tmp_path / "net.json", tmp_path / "fit.png"
    assert command("pwl", data, "--pieces", 2, "--output", net, "--plot", picture).code == 0
    assert command("predict", net, data).out == "y\n0.0\n0.0\n2.0\n4.0\n"
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_refusals(data: Path, tmp_path: Path, refused: Refused, fits: list[object]) -> None:
    """No pieces, too many features and unusable files are refused before the work."""
    for pieces in ("0", "-1", "65", "1-3", "x"):
        assert "--pieces: must be a whole number from 1 to 64; got" in refused("pwl", data, "--pieces", pieces)
    assert "arguments are required: --pieces" in refused("pwl", data)
    assert "there is no directory" in refused("pwl", data, "--pieces", 2, "--output", tmp_path / "none" / "net.json")
    assert "is also the data" in refused("pwl", data, "--pieces", 2, "--output", data)
    assert "no such file" in refused("pwl", tmp_path / "none.csv", "--pieces", 2)
    data.write_text("a,b,y\n1,2,3\n")
    line = refused("pwl", data, "--pieces", 2)
    assert "2 features, but a piecewise-linear fit has one; choose it with --features, from a, b" in line
    assert not fits
