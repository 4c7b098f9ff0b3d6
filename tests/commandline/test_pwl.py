"""``relucomb pwl``: what it says, writes and refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import relucomb
from relucomb.erm_result import Status, Termination
from relucomb.networks import ReLUNetwork
from relucomb.piecewise_fit import PiecewiseLinearFit

from .conftest import RELU

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Replace the fit by max(0, 2x - 2), and return the list of its calls."""
    calls: list[dict[str, Any]] = []

    def fit(x: Any, y: Any, pieces: int, **options: Any) -> PiecewiseLinearFit:
        calls.append({"x": x.tolist(), "y": y.tolist(), "pieces": pieces, **options})
        return PiecewiseLinearFit(
            breakpoints=np.array([1.0]),
            slopes=np.array([0.0, 2.0]),
            intercepts=np.array([0.0, -2.0]),
            loss=0.25,
            lower_bound=0.125,
            gap=0.5,
            status=Status.feasible if options["time_limit"] else Status.optimal,
            termination=Termination.time_limit if options["time_limit"] else Termination.exhausted,
            network=RELU,
            nodes=7,
            seconds=0.5,
            tolerance=1e-9,
        )

    monkeypatch.setitem(relucomb.__dict__, "fit_piecewise_linear", fit)
    return calls


def test_text(data: Path, command: Command, fits: list[dict[str, Any]]) -> None:
    """The function is told piece by piece."""
    outcome = command("pwl", data, "--pieces", 2)
    assert (outcome.code, outcome.err) == (0, "")
    assert f"{data}: 4 rows, y from x\n" in outcome.out
    assert "loss      0.25 (mean squared loss, 2 pieces)\n" in outcome.out
    assert outcome.out.endswith("f(x) = 0          for x ≤ 1\n       2·x − 2    for x ≥ 1\n")


def test_options_reach_the_fit(data: Path, command: Command, fits: list[dict[str, Any]]) -> None:
    """Every option becomes the argument of the same meaning, and a limit is told by the exit code."""
    options = ["--loss", "absolute", "--time-limit", "3", "--gap", "0.1", "--abs-gap", "0", "--workers", "2"]
    assert command("pwl", data, "--pieces", 2, *options, "--seed", 5).code == 3
    expected = {"loss": "absolute", "time_limit": 3.0, "gap": 0.1, "abs_gap": 0.0, "workers": 2, "seed": 5}
    table = {"x": [0, 1, 2, 3], "y": [0, 0, 2, 4], "pieces": 2, "callback": None}
    assert fits == [{**table, **expected}]


def test_the_real_fit(data: Path, command: Command) -> None:
    """Two pieces fit the data exactly."""
    document = json.loads(command("pwl", data, "--pieces", 2, "--json").out)
    assert document["status"] == "optimal"
    assert document["loss"] == pytest.approx(0, abs=1e-12)
    assert document["breakpoints"] == pytest.approx([1], abs=1e-6)


def test_json(data: Path, command: Command, fits: list[dict[str, Any]]) -> None:
    """--json prints one object."""
    document = json.loads(command("pwl", data, "--pieces", 2, "--json").out)
    assert document["command"] == "pwl"
    assert (document["loss"], document["lower_bound"]) == (0.25, 0.125)
    assert (document["breakpoints"], document["slopes"], document["intercepts"]) == ([1], [0, 2], [0, -2])
    assert ReLUNetwork.from_json(document["network"]) == RELU


def test_files(data: Path, tmp_path: Path, command: Command, fits: list[dict[str, Any]]) -> None:
    """The function can be written as a network and drawn."""
    net, picture = tmp_path / "net.json", tmp_path / "fit.png"
    assert command("pwl", data, "--pieces", 2, "--output", net, "--plot", picture).code == 0
    assert command("predict", net, data).out == "y\n0.0\n0.0\n2.0\n4.0\n"
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_refusals(data: Path, tmp_path: Path, refused: Refused, fits: list[dict[str, Any]]) -> None:
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
