"""``relucomb gate`` without data: many runs beside the theorems, codes, pictures and refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from relucomb import training

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]

WALK = ("--w-star", 0, "--start", 100, "--law", "sphere:1e-4", "--points", 1, "--step-size", 1, "--steps", 16)


def test_all_variants_of_algorithm_2(tmp_path: Path, command: Command) -> None:
    """The printed number of steps is refuted, which is no failure; the others are consistent."""
    picture = tmp_path / "sgd.png"
    outcome = command("gate", "sgd", "--w-star", "1,-2,0.5", "--runs", 300, "--plot", picture)
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert sum(line.startswith("consistent Theorem 3.3.1") for line in lines) == 2
    assert any(line.startswith("REFUTED    Theorem 3.3.1, its O read with constant 1") for line in lines)
    assert "λ_min(E[1 x xᵀ])  0.5" in outcome.out
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_one_variant_as_json(command: Command) -> None:
    """One object with the schedule and the frequency."""
    outcome = command("gate", "sgd", "--w-star", "1,-2,0.5", "--runs", 50, "--variant", "corrected", "--json")
    assert outcome.out.count("\n") == 1
    (entry,) = json.loads(outcome.out)["variants"]
    assert (entry["variant"], entry["T"], entry["success"]["hits"]) == ("corrected", 275, 50)


@pytest.mark.parametrize("law", ["gaussian:2", "sphere", "ball", "cube:0.5", "box", "student:6"])
def test_every_law(command: Command, law: str) -> None:
    """Closed forms and estimates."""
    outcome = command(
        "gate", "sgd", "--w-star", "1,1", "--law", law, "--runs", 20, "--eps", 0.5, "--variant", "corrected"
    )
    assert (outcome.code, outcome.err) == (0, "")


@pytest.mark.parametrize("eps", [0.1, 1e-7])
@pytest.mark.parametrize("start", ["0,0", "1,1"])
def test_pictures_of_every_accuracy(tmp_path: Path, command: Command, eps: float, start: str) -> None:
    """Bounds that span more than floats have digits, and runs that have arrived before they start."""
    picture = tmp_path / "sgd.svg"
    outcome = command("gate", "sgd", "--w-star", "1,1", "--start", start, "--eps", eps, "--runs", 5, "--plot", picture)
    assert (outcome.code, outcome.err) == (0, "")
    assert picture.exists()


def test_the_walk_that_refutes_the_printed_theorem(tmp_path: Path, command: Command) -> None:
    """Two runs in five leave; the other variants are consistent."""
    picture = tmp_path / "exits.png"
    outcome = command("gate", "noisy", *WALK, "--noise-2", "signs:0.99", "--lam", 540, "--plot", picture, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    variants = json.loads(outcome.out)["variants"]
    assert [entry["variant"] for entry in variants] == ["random-walk", "corrected", "sharp", "published"]
    assert [entry["frequency"]["vacuous"] for entry in variants] == [False, True, False, False]
    frequencies = [entry["frequency"] for entry in variants]
    assert {entry["claim"].split(":")[0]: entry["refuted"] for entry in frequencies if entry["published"]} == {
        "Theorem 3.4.1, published": True
    }
    assert not any(entry["refuted"] for entry in frequencies if not entry["published"])
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--w-star", "1,2"),
        ("--w-star", "1,2", "--step-size", 5),
        ("--w-star", "0"),
        ("--w-star", 1, "--start", 3, "--step-size", 1e5, "--noise-2", "signs:1"),
        ("--w-star", "1,2", "--noise-1", "sphere:1", "--noise-2", "gaussian:0.1", "--workers", 2),
        ("--w-star", "1,2", "--noise-1", "gaussian:1"),
    ],
    ids=["still", "too long", "at the gate", "diverged", "noise", "unbounded"],
)
def test_every_end_can_be_drawn(tmp_path: Path, command: Command, arguments: tuple[object, ...]) -> None:
    """No warning, one object, a picture; unbounded first noise has no theorem but can be run."""
    picture = tmp_path / "exits.png"
    outcome = command("gate", "noisy", *arguments, "--runs", 9, "--steps", 300, "--plot", picture, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    assert json.loads(outcome.out)["runs"] == 9
    assert picture.exists()


def test_a_theorem_that_the_runs_refute_has_a_code(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code 3, unless it is as printed."""
    whole = training.sgd_experiment

    def wrong(*arguments: Any, **options: Any) -> Any:
        found = whole(*arguments, **options)
        found.final_squares[:] = 1e9
        return found

    monkeypatch.setattr(training, "sgd_experiment", wrong)
    arguments = ("gate", "sgd", "--w-star", "1,1", "--runs", 20, "--variant")
    assert command(*arguments, "corrected").code == 3
    assert command(*arguments, "published").code == 0


def test_interruption(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C after the first variant leaves it, with code 130; before, there is nothing to tell."""
    whole = training.sgd_experiment

    def interrupted(*arguments: Any, **options: Any) -> Any:
        if options["variant"] == "sharp":
            raise KeyboardInterrupt
        return whole(*arguments, **options)

    monkeypatch.setattr(training, "sgd_experiment", interrupted)
    outcome = command("gate", "sgd", "--w-star", "1,1", "--runs", 5)
    assert outcome.code == 130
    assert "consistent Theorem 3.3.1, corrected" in outcome.out
    outcome = command("gate", "sgd", "--w-star", "1,1", "--variant", "sharp")
    assert (outcome.code, outcome.out) == (130, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sgd", "--w-star", "1,1", "--law", "student:3"), "law does not satisfy the theorem: fails E‖x‖⁴ exists"),
        (("sgd", "--w-star", "0,0"), "positive definite"),
        (("sgd", "--w-star", "1,1", "--start", "1"), "--start: has 1 numbers; the gate has 2 weights"),
        (("sgd", "--w-star", "1,1", "--steps", 5), "--steps: is of a run on data"),
        (("sgd", "--w-star", "1,1", "--step-size", 1), "--step-size: is of a run on data"),
        (("sgd", "--w-star", "1,1", "--runs", 1), "--runs"),
        (("sgd", "--w-star", "1,1", "--eps", 1e-300), "gate sgd"),
        (("noisy", "--w-star", "1,1", "--start", "1"), "--start: has 1 numbers; the gate has 2 weights"),
        (("noisy", "--w-star", "1,1", "--steps", 0), "--steps"),
        (("noisy", "--w-star", "1,1", "--points", 0), "--points"),
        (("noisy", "--w-star", "1,1", "--noise-2", "gaussian"), "--noise-2"),
        (("noisy", "--w-star", "1,1", "--lam", 0), "--lam"),
        (("noisy", "--w-star", "1,1", "--workers", 0), "--workers"),
    ],
)
def test_refusals(refused: Refused, arguments: tuple[object, ...], message: str) -> None:
    """One line that names the option or the condition."""
    assert message in " ".join(refused("gate", *arguments).split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("gate", "sgd", "--w-star", "1,2", "--runs", 5000), "interrupted: 1,000 of 5,000 runs of corrected"),
        (("gate", "noisy", "--w-star", "1,2", "--runs", 50, "--steps", 5), "interrupted: 1 of 50 runs"),
    ],
)
def test_an_interruption_is_told(
    command: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], told: str
) -> None:
    """What is finished is reported, of how many runs; the exit code is that of Ctrl-C."""

    def stop(self: object, done: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("relucomb.commandline.gate_experiments._Told.__call__", stop)
    outcome = command(*arguments)
    assert outcome.code == 130
    assert told in outcome.out
    document = json.loads(command(*arguments, "--json").out)
    assert document["termination"] == "interrupted"
    assert document["runs_asked"] == arguments[arguments.index("--runs") + 1]
