"""``relucomb gate`` on a table: both algorithms, files, strange labels and refusals."""

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
    """Return labels of max(0, a + b)."""
    path = tmp_path / "table.csv"
    path.write_text("a,b,y\n0.6,0.8,1.4\n1,0,1\n-0.8,0.6,0\n")
    return path


@pytest.mark.parametrize("algorithm", ["sgd", "noisy"])
def test_text_and_files(table: Path, tmp_path: Path, command: Command, algorithm: str) -> None:
    """The run is told, the network computes its best iterate, iterates are rows, and the picture is made."""
    net, rows, picture = tmp_path / "net.json", tmp_path / "run.csv", tmp_path / "run.svg"
    outcome = command(
        "gate", algorithm, table, "--steps", 50, "--output", net, "--csv", rows, "--plot", picture, "--json"
    )
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.count("\n") == 1
    document = json.loads(outcome.out)
    assert (document["command"], document["updates"]) == ("gate", 50)
    assert document["bounds"][0]["holds"]
    X = np.array([[0.6, 0.8], [1.0, 0.0], [-0.8, 0.6]])
    np.testing.assert_allclose(np.ravel(rc.read_network(net)(X)), np.maximum(X @ document["best"], 0), atol=1e-12)
    assert len(list(csv.reader(rows.read_text().splitlines()))) == 52
    assert picture.read_bytes().startswith(b"<?xml")
    text = command("gate", algorithm, table, "--steps", 50).out
    assert "table.csv: 3 rows, y from a, b" in text
    assert "kept by this run" in text


def test_noise_and_start(table: Path, command: Command) -> None:
    """Words for noises, a start and the gate behind the labels; equal seeds give equal runs."""
    arguments = ("gate", "noisy", table, "--noise-1", "ball:0.1", "--noise-2", "signs:0.01", "--start", "1,2", "--json")
    first, second = (json.loads(command(*arguments, "--w-star", "1,1", "--steps", 9).out) for _ in range(2))
    assert first["trajectory"] == second["trajectory"]
    assert first["trajectory"][0] == [1, 2]
    assert first["algorithm"].startswith("Algorithm 3")


@pytest.mark.parametrize("algorithm", ["sgd", "noisy"])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,y\n1,-1\n2,3\n", "the label of point 0 is negative"),
        ("a,y\n1,1\n2,3\n", "any gate is that far off"),
        ("a,b,y\n1,1,1\n2,2,2\n", "w* is known"),
        ("a,y\n0,0\n0,0\n", "w* is known"),
    ],
)
def test_labels_without_a_theorem(tmp_path: Path, command: Command, algorithm: str, text: str, told: str) -> None:
    """They are run all the same, and the reason is told."""
    path = tmp_path / "strange.csv"
    path.write_text(text)
    outcome = command("gate", algorithm, path, "--step-size", 0.1, "--steps", 5)
    assert (outcome.code, outcome.err) == (0, "")
    assert told in outcome.out
    assert "bound       none applies" in outcome.out


def test_divergence(tmp_path: Path, command: Command) -> None:
    """A step that is too long ends in one object with nulls, no warning, and a picture."""
    path, picture = tmp_path / "two.csv", tmp_path / "run.png"
    path.write_text("a,y\n1,1\n-1,1\n")
    outcome = command(
        "gate", "noisy", path, "--start", "2", "--step-size", 1e3, "--steps", 2000, "--json", "--plot", picture
    )
    assert (outcome.code, outcome.err) == (0, "")
    document = json.loads(outcome.out)
    assert document["termination"] == "diverged"
    assert document["network"] is not None
    assert picture.exists()


@pytest.mark.parametrize(("algorithm", "name"), [("sgd", "relu_gate_sgd"), ("noisy", "noisy_gradient_descent")])
def test_interruption(
    table: Path, command: Command, monkeypatch: pytest.MonkeyPatch, algorithm: str, name: str
) -> None:
    """Ctrl-C is code 130, with what was made so far."""
    whole = getattr(training, name)

    def interrupted(*arguments: Any, **options: Any) -> Any:
        def callback(made: int, w: Any) -> bool:
            raise KeyboardInterrupt

        return whole(*arguments, **options, callback=callback)

    monkeypatch.setattr(training, name, interrupted)
    outcome = command("gate", algorithm, table, "--steps", 5)
    assert outcome.code == 130
    assert "interrupted" in outcome.out


@pytest.mark.parametrize("algorithm", ["sgd", "noisy"])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--w-star", "1"), "--w-star: has 1 numbers; the gate has 2 weights"),
        (("--start", "1,2,3"), "--start: has 3 numbers; the gate has 2 weights"),
        (("--step-size", 0), "--step-size"),
        (("--steps", -1), "--steps"),
        (("--delta", 1), "a number between 0 and 1"),
        (("--delta", 0), "a number between 0 and 1"),
        (("--seed", -1), "--seed"),
        (("--law", "pink"), "--law"),
        (("--plot", "run.gif"), "--plot"),
        (("--csv", "no/such/run.csv"), "there is no directory"),
    ],
)
def test_refusals(table: Path, refused: Refused, algorithm: str, arguments: tuple[object, ...], message: str) -> None:
    """One line that names the option."""
    assert message in refused("gate", algorithm, table, *arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gate",), "ALGORITHM"),
        (("gate", "adam"), "invalid choice: 'adam'"),
        (("gate", "sgd"), "--w-star: name the gate to be learnt"),
        (("gate", "noisy"), "--w-star: name the gate to be learnt"),
        (("gate", "sgd", "--w-star", "1", "--output", "net.json"), "--output: is of a run on data; name a table"),
        (("gate", "noisy", "--w-star", "1", "--csv", "run.csv"), "--csv: is of a run on data; name a table"),
    ],
)
def test_refusals_without_data(refused: Refused, arguments: tuple[object, ...], message: str) -> None:
    """What only data have is refused, and so is nothing at all."""
    assert message in refused(*arguments)


@pytest.mark.parametrize("algorithm", ["sgd", "noisy"])
def test_points_whose_squares_overflow(tmp_path: Path, refused: Refused, algorithm: str) -> None:
    """They are refused in one line, too."""
    path = tmp_path / "huge.csv"
    path.write_text("a,y\n1e200,1\n2e200,1\n")
    assert "squares" in refused("gate", algorithm, path)


@pytest.mark.parametrize("algorithm", ["sgd", "noisy"])
def test_runs_on_data_stand_beside_the_certified_gate(tmp_path: Path, command: Command, algorithm: str) -> None:
    """Unless it is not wanted; a search that is stopped costs the exit code."""
    path = tmp_path / "data.csv"
    path.write_text("a,y\n1,-3\n2,5\n")
    document = json.loads(command("gate", algorithm, path, "--json").out)
    assert document["best_gate"]["status"] == "optimal"
    assert document["lower_bound"] == pytest.approx(12.1)
    assert "best gate" not in command("gate", algorithm, path, "--no-certify").out
