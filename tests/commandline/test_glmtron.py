"""``relucomb glmtron``: runs beside the certified gate, files, strange data and refusals."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import relucomb as rc
from relucomb import training

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return labels of max(0, a + b) with points of length at most 1."""
    path = tmp_path / "table.csv"
    path.write_text("a,b,y\n0.6,0.8,1.4\n1,0,1\n-0.8,0.6,0\n")
    return path


def test_the_text(table: Path, command: Command) -> None:
    """The run with its bounds, the certified gate, the distance between them, and the formula."""
    outcome = command("glmtron", table, "--steps", 300)
    assert (outcome.code, outcome.err) == (0, "")
    assert "algorithm   Algorithm 4 (GLM-Tron)" in outcome.out
    assert outcome.out.count("kept by this run") == 4
    assert "best gate   optimal: no gate of the class" in outcome.out
    assert "no gate has less than 0\n" in outcome.out
    assert "f(a, b) = + relu(1·a + 1·b)" in outcome.out


def test_json_is_one_object(table: Path, command: Command) -> None:
    """Of plain values, with the run and the certified gate."""
    outcome = command("glmtron", table, "--steps", 20, "--json")
    document = json.loads(outcome.out)
    assert outcome.out.count("\n") == 1
    assert (document["command"], document["updates"], document["termination"]) == ("glmtron", 20, "finished")
    assert document["best_gate"]["status"] == "optimal"
    assert document["lower_bound"] <= document["loss"]
    assert [bound["holds"] for bound in document["bounds"]] == [True] * 4


@pytest.mark.parametrize(("bias", "activation"), [(False, "relu"), (True, "relu"), (True, "leaky-relu")])
def test_files(table: Path, tmp_path: Path, command: Command, bias: bool, activation: str) -> None:
    """The network computes the best iterate, with a bias if there is one; iterates are rows; the picture is made."""
    net, rows, picture = tmp_path / "net.json", tmp_path / "run.csv", tmp_path / "run.png"
    options = ["--bias"] if bias else []
    outcome = command(
        "glmtron", table, "--scale", "length", "--steps", 40, "--activation", activation, *options,
        "--output", net, "--csv", rows, "--plot", picture, "--json",
    )  # fmt: skip
    assert outcome.code == 0
    document = json.loads(outcome.out)
    X = np.array([[0.6, 0.8], [1.0, 0.0], [-0.8, 0.6], [-2.0, 0.1]])
    z = np.column_stack([X, np.ones(4)])[:, : len(document["best"])] @ document["best"]
    expected = np.where(z >= 0, z, (0.01 if activation == "leaky-relu" else 0.0) * z)
    np.testing.assert_allclose(np.ravel(rc.read_network(net)(X)), expected, atol=1e-12)
    lines = list(csv.reader(rows.read_text().splitlines()))
    assert lines[0][-1] == ("w:1" if bias else "w:b")
    assert len(lines) == 1 + len(document["steps"])
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_long_points_are_told_in_the_words_of_the_command(tmp_path: Path, command: Command) -> None:
    """The option that helps is one of the command's."""
    path = tmp_path / "long.csv"
    path.write_text("a,y\n3,3\n-4,0\n")
    outcome = command("glmtron", path, "--steps", 3)
    assert outcome.code == 0
    assert "fails    ‖x_i‖ ≤ 1: it is 4, 3 too far; point 1 has ‖x‖ = 4; --scale length" in outcome.out
    assert "fails" not in command("glmtron", path, "--steps", 3, "--scale", "length").out


@pytest.mark.parametrize(
    "text",
    ["a,y\n0,0\n0,0\n", "a,y\n0,1\n", "a,b,y\n1,1,1\n", "a,y\n1,-1\n2,-2\n", "a,y\n1e-100,1\n", "a,y\n1,1e150\n"],
)
@pytest.mark.parametrize("scale", ["none", "length", "spectral"])
def test_strange_data(tmp_path: Path, command: Command, text: str, scale: str) -> None:
    """Zeros, one row, fewer rows than features, negative labels, tiny points, huge labels: one object, no warning."""
    path = tmp_path / "strange.csv"
    path.write_text(text)
    outcome = command("glmtron", path, "--steps", 5, "--scale", scale, "--json")
    assert outcome.code in (0, 3)
    assert outcome.err == ""
    assert json.loads(outcome.out)["updates"] <= 5


def test_given_weights_and_noise(table: Path, command: Command) -> None:
    """Nothing is certified then, and the number of updates follows from the accuracy."""
    outcome = command("glmtron", table, "--w-star", "2,0", "--eps", 0.25, "--theta", 2, "--no-certify", "--json")
    document = json.loads(outcome.out)
    assert document["best_gate"] is None
    assert document["updates"] == 16 or document["termination"] == "converged"
    assert document["lower_bound"] is None


def test_a_gate_that_is_not_certified_in_time(tmp_path: Path, command: Command) -> None:
    """Code 3, with the gap."""
    random = np.random.default_rng(0)
    path = tmp_path / "large.csv"
    X = random.normal(size=(200, 8))
    lines = [
        ",".join(f"{value!r}" for value in map(float, row)) for row in np.column_stack([X, random.normal(size=200)])
    ]
    path.write_text("\n".join([",".join("abcdefgh") + ",y", *lines]))
    outcome = command("glmtron", path, "--scale", "length", "--time-limit", 0, "--steps", 5, "--quiet")
    assert outcome.code == 3
    assert "best gate   feasible" in outcome.out


def test_interruption(table: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the run is code 130, with what was made so far."""
    whole = training.glm_tron

    def interrupted(*arguments: Any, **options: Any) -> Any:
        def callback(made: int, w: Any) -> bool:
            raise KeyboardInterrupt

        return whole(*arguments, **options, callback=callback)

    monkeypatch.setattr(training, "glm_tron", interrupted)
    outcome = command("glmtron", table, "--steps", 50)
    assert outcome.code == 130
    assert "stopped     interrupted" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--slope", 0.1), "--slope 0.1: is of --activation leaky-relu, not relu"),
        (("--w-star", "1"), "--w-star: has 1 numbers; the gate has 2 weights"),
        (("--w-star", "1,2", "--bias"), "--w-star: has 2 numbers; the gate has 3 weights"),
        (("--w-star", "1,x"), "must be numbers separated by commas"),
        (("--w-star", "1e400,1"), "must be numbers separated by commas"),
        (("--eps", 0.1, "--no-certify"), "--eps: the number of updates depends on ‖w*‖"),
        (("--eps", 0.1, "--activation", "identity", "--no-certify"), "--eps: the number of updates depends on ‖w*‖"),
        (("--eps", 0), "--eps"),
        (("--eps", 0.1, "--steps", 5), "not allowed with argument"),
        (("--scale", "length", "--step-size", 1), "not allowed with argument"),
        (("--steps", -1), "--steps"),
        (("--steps", 1.5), "--steps"),
        (("--activation", "tanh"), "invalid choice: 'tanh'"),
        (("--theta", -1), "--theta"),
        (("--plot", "run.gif"), "--plot"),
        (("--output", "no/such/net.json"), "there is no directory"),
    ],
)
def test_refusals(table: Path, refused: Refused, arguments: tuple[object, ...], message: str) -> None:
    """One line that names the option."""
    assert message in refused("glmtron", table, *arguments)


@pytest.mark.parametrize("text", ["", "a,y\n", "a,y\n1\n", "a,y\nx,1\n", "a,y\nnan,1\n", "a,y\n1e400,1\n"])
def test_broken_tables(tmp_path: Path, refused: Refused, text: str) -> None:
    """Empty, ragged, words, not finite."""
    path = tmp_path / "broken.csv"
    path.write_text(text)
    assert "broken.csv" in refused("glmtron", path)
    assert "missing.csv" in refused("glmtron", tmp_path / "missing.csv")


def test_points_whose_squares_overflow(tmp_path: Path, refused: Refused) -> None:
    """They are refused in one line, too."""
    path = tmp_path / "huge.csv"
    path.write_text("a,y\n1e200,1\n2e200,1\n")
    assert "squares" in refused("glmtron", path, "--no-certify")


@pytest.mark.parametrize("activation", ["leaky-relu", "identity"])
def test_other_gates_are_certified_too(table: Path, command: Command, activation: str) -> None:
    """The best gate of that activation, and the run above it."""
    document = json.loads(command("glmtron", table, "--activation", activation, "--json").out)
    assert document["best_gate"]["status"] == "optimal"
    assert document["best_gate"]["loss"] <= document["loss"] * (1 + 1e-9)


def test_too_many_cells(tmp_path: Path, command: Command) -> None:
    """A leaky gate of nine features is trained, but not certified, which costs the exit code."""
    path = tmp_path / "wide.csv"
    rows = np.random.default_rng(0).normal(size=(60, 10))
    path.write_text("\n".join([",".join("abcdefghij"), *(",".join(map(str, row)) for row in rows)]))
    outcome = command("glmtron", path, "--activation", "leaky-relu", "--scale", "length")
    assert outcome.code == 3
    assert "the best gate is not certified: X may have" in outcome.err
    assert "best gate" not in outcome.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--no-certify", "--time-limit", 3), "--time-limit: is of the search for the best gate"),
        (("--no-certify", "--theta", 1), "--theta: is a bound on the noise"),
    ],
)
def test_options_without_effect_are_refused(
    table: Path, refused: Refused, arguments: tuple[object, ...], told: str
) -> None:
    """In one line."""
    assert told in refused("glmtron", table, *arguments)


@pytest.mark.parametrize("cell", ["1e200", "1e-200"])
def test_squares_beyond_floats_are_refused(tmp_path: Path, refused: Refused, cell: str) -> None:
    """Of points, in one line."""
    path = tmp_path / "far.csv"
    path.write_text(f"a,y\n{cell},1\n{cell},2\n")
    assert "squares must be in the range of floats" in refused("glmtron", path)


def test_points_outside_the_unit_ball_get_a_hint(tmp_path: Path, command: Command) -> None:
    """Beside the hypothesis that fails."""
    path = tmp_path / "long.csv"
    path.write_text("a,y\n3,3\n-4,0\n")
    assert "--scale length brings them into the unit ball" in command("glmtron", path, "--steps", 3).out
