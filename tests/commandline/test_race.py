"""``relucomb race``: what it says, writes and refuses."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import relucomb
from relucomb.erm_result import Termination as Interrupted
from relucomb.racing import COMPETITORS
from relucomb.training.result import Termination

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]

QUICK = ("--width", 1, "--algorithms", "gd,l-bfgs", "--seeds", 6, "--steps", 500)


@pytest.fixture
def zigzag(tmp_path: Path) -> Path:
    """Return a small table that no single unit fits."""
    path = tmp_path / "zigzag.csv"
    path.write_text("x,y\n0,0\n1,1\n2,0\n3,1\n")
    return path


def test_text(zigzag: Path, command: Command) -> None:
    """The proof, then a line for each optimiser; nothing on standard error."""
    outcome = command("race", zigzag, *QUICK)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith(f"{zigzag}: 4 rows, y from x\n\noptimum   ")
    assert "proven optimal" in outcome.out
    assert [line.split()[0] for line in outcome.out.splitlines() if line[:1].strip()][-2:] == ["gd", "l-bfgs"]


def test_json_is_one_object(zigzag: Path, command: Command) -> None:
    """With everything that the text tells."""
    outcome = command("race", zigzag, *QUICK, "--json")
    document = json.loads(outcome.out)
    assert outcome.out.count("\n") == 1
    assert (document["schema_version"], document["command"], document["status"]) == (1, "race", "optimal")
    assert document["data"]["target"] == "y"
    assert [entry["algorithm"] for entry in document["algorithms"]] == ["gd", "l-bfgs"]
    assert all(entry["runs"] == 6 for entry in document["algorithms"])
    assert document["optimum"]["loss"] == pytest.approx(relucomb.erm([[0], [1], [2], [3]], [0, 1, 0, 1], 1).loss)


def test_rows_of_all_runs(zigzag: Path, tmp_path: Path, command: Command) -> None:
    """--csv writes one row per run, and --plot a picture."""
    runs, picture = tmp_path / "runs.csv", tmp_path / "race.png"
    outcome = command("race", zigzag, *QUICK, "--csv", runs, "--plot", picture, "--json", "--workers", 2)
    rows = list(csv.DictReader(runs.read_text().splitlines()))
    document = json.loads(outcome.out)
    assert len(rows) == 12
    for entry in document["algorithms"]:
        own = [row for row in rows if row["algorithm"] == entry["algorithm"]]
        assert [int(row["seed"]) for row in own] == list(range(6))
        assert [float(row["loss"]) for row in own] == entry["losses"]
        assert [float(row["polished"]) for row in own] == entry["polished"]
        assert sum(int(row["reached"]) for row in own) == entry["reached"]
        assert [row["termination"] for row in own] == entry["terminations"]
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_options_reach_the_race(zigzag: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every option becomes the argument of the same meaning."""
    true, calls = relucomb.compare, []

    def compare(X: Any, y: Any, width: int, **options: Any) -> Any:
        calls.append((width, options))
        return true(X, y, width, **options)

    monkeypatch.setitem(relucomb.__dict__, "compare", compare)
    options = ["--output-bias", "--no-hidden-bias", "--tolerance", "0.01", "--step-size", "gd=0.05", "--time-limit", 9]
    assert command("race", zigzag, *QUICK, *options, "--workers", 2).code == 0
    [(width, given)] = calls
    del given["callback"]
    assert width == 1
    assert given == {
        "algorithms": ["gd", "l-bfgs"],
        "seeds": 6,
        "steps": 500,
        "output_bias": True,
        "hidden_bias": False,
        "tolerance": 0.01,
        "step_sizes": {"gd": 0.05},
        "time_limit": 9.0,
        "workers": 2,
    }
    monkeypatch.setattr("relucomb.racing.comparison.DEFAULT", ("gd",))
    command("race", zigzag, "--width", 1, "--seeds", 1)
    assert "algorithms" not in calls[1][1]


def test_a_proof_that_is_not_closed(tmp_path: Path, command: Command) -> None:
    """Exit code 3, and the interval is told."""
    X, y = relucomb.teacher(50, 2, 2, 0.3, 0)
    path = tmp_path / "noise.csv"
    path.write_text("a,b,y\n" + "".join(f"{row[0]},{row[1]},{label}\n" for row, label in zip(X, y, strict=True)))
    log = tmp_path / "log.txt"
    options = ("--width", 2, "--algorithms", "l-bfgs", "--seeds", 9, "--time-limit", 0, "--log-file", log)
    outcome = command("race", path, *options)
    assert outcome.code == 3
    assert "not proven; no network is below" in outcome.out
    entry = json.loads(command("race", path, *options, "--json").out)["algorithms"][0]
    assert entry["reached"] == 0
    assert entry["undecided"] == 9 - entry["missed"] > 0
    assert f"  0 – {entry['undecided']}  " in outcome.out
    assert f"%  0.0 – {100 * entry['polished_undecided'] / 9:.1f} %  " in outcome.out
    assert entry["interval"][1] > entry["undecided"] / 9
    assert re.search(r"9 of 9 runs finished, 0 to [1-9] reach the optimum", log.read_text())


def test_an_interruption_is_reported(zigzag: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is finished is told, and the exit code is 130."""
    true = relucomb.compare

    def compare(*arguments: Any, **options: Any) -> Any:
        race = true(*arguments, **options)
        return replace(race, termination=Termination.interrupted, records=race.records[:1])

    monkeypatch.setitem(relucomb.__dict__, "compare", compare)
    outcome = command("race", zigzag, *QUICK)
    assert outcome.code == 130
    assert "stopped   by the user" in outcome.out
    assert "\ngd " in outcome.out


def test_an_interruption_during_the_proof(zigzag: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has started: there is no table, and no race that took time."""
    true = relucomb.compare

    def compare(*arguments: Any, **options: Any) -> Any:
        race = true(*arguments, **options)
        optimum = replace(race.optimum, termination=Interrupted.interrupted)
        changes = {"records": (), "not_run": ("gd", "l-bfgs")}
        return replace(race, optimum=optimum, termination=Termination.interrupted, **changes)

    monkeypatch.setitem(relucomb.__dict__, "compare", compare)
    outcome = command("race", zigzag, *QUICK)
    assert outcome.code == 130
    assert outcome.out.endswith("no optimiser had started yet\n          not run: gd, l-bfgs\n")
    assert "the race took" not in outcome.out


def test_progress_goes_to_the_log(zigzag: Path, tmp_path: Path, command: Command) -> None:
    """Each optimiser says when it is done; the result follows."""
    log = tmp_path / "log.txt"
    outcome = command("race", zigzag, *QUICK, "--log-file", log)
    lines = log.read_text().splitlines()
    assert lines[0].startswith("relucomb ")
    assert any(line.startswith("gd            6 of 6 runs finished, ") for line in lines)
    assert outcome.out.strip() in log.read_text()


def test_refusals(zigzag: Path, tmp_path: Path, refused: Refused) -> None:
    """One line with the name of the option, what it got, and what is legal."""
    start = ("race", zigzag, "--width", 1)
    assert "there is no" not in refused(*start, "--algorithms", "newton")
    line = refused(*start, "--algorithms", "newton")
    assert "--algorithms has 'newton'; legal are " in line
    assert all(name in line for name in COMPETITORS)
    assert "--step-size has 'adam'; legal are those that race" in refused(
        *QUICK[:0], *start, "--algorithms", "gd", "--step-size", "adam=0.1"
    )
    assert "--step-size: must be the name of an optimiser" in refused(*start, "--step-size", "adam")
    assert "--step-size: must be the name of an optimiser" in refused(*start, "--step-size", "adam=-1")
    assert "--tolerance is 0.0" in refused(*start, "--tolerance", 0)
    assert "--seeds: must be a whole number from 1" in refused(*start, "--seeds", 0)
    assert "--width" in refused("race", zigzag)
    assert "width must be 1; got 2" in refused("race", zigzag, "--width", 2, "--algorithms", "glm-tron")
    assert "is also the data" in refused(*start, "--csv", zigzag)
    assert "the name must end in" in refused(*start, "--plot", tmp_path / "race.gif")
    flat = tmp_path / "flat.csv"
    flat.write_text("x,y\n0,2\n1,2\n")
    line = refused("race", flat, "--width", 1)
    assert "labels are constant" in line
    assert "legal are labels that are not all equal" in line


@pytest.mark.parametrize("size", ["1e200", "1e-200"])
@pytest.mark.parametrize("column", ["X", "y"])
def test_cells_whose_squares_leave_the_floats_are_refused(
    tmp_path: Path, refused: Refused, size: str, column: str
) -> None:
    """In one line that names where they are."""
    path = tmp_path / "sizes.csv"
    row = "{0}e{1},{2}\n" if column == "X" else "{2},{0}e{1}\n"
    path.write_text("x,y\n" + "".join(row.format(k, size[2:], k * k) for k in range(1, 5)))
    assert f"error: {column} has entries up to 4e" in refused("race", path, "--width", 1)
