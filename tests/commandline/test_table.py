"""``relucomb table``: formats, files, chosen numbers, interruptions and refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from relucomb import tables
from relucomb.commandline.table import STYLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]

CHOICE = ("partitions", "--n", "2", "--points", "3-4")
SMALL = tables.make("partitions", n=2, points=[3, 4])


def test_text_by_default(command: Command) -> None:
    """On standard output, with nothing on standard error."""
    outcome = command("table", *CHOICE)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == SMALL.render("text")


@pytest.mark.parametrize("style", STYLES)
def test_formats(command: Command, style: str) -> None:
    """Each by name."""
    assert command("table", *CHOICE, "--format", style).out == SMALL.render(style)


@pytest.mark.parametrize(("name", "style"), [("t.md", "markdown"), ("t.tex", "latex"), ("t.csv", "csv"), ("t", "text")])
def test_files(command: Command, tmp_path: Path, name: str, style: str) -> None:
    """The ending of the name chooses the format; a format that is named goes before it."""
    assert command("table", *CHOICE, "--output", tmp_path / name).out == ""
    assert (tmp_path / name).read_text(encoding="utf-8") == SMALL.render(style)
    command("table", *CHOICE, "--output", tmp_path / name, "--format", "json")
    assert (tmp_path / name).read_text(encoding="utf-8") == SMALL.render("json")


def test_json(command: Command) -> None:
    """One object, as every command has it."""
    document = json.loads(command("table", *CHOICE, "--json").out)
    assert (document["schema_version"], document["table"]) == (1, "partitions")
    assert [row["counted"] for row in document["rows"]] == [8, 14]


def test_list(command: Command) -> None:
    """All names, with their options and defaults."""
    out = command("table", "--list").out
    assert [line.partition(":")[0] for line in out.splitlines() if line[:1].strip()] == list(tables.NAMES)
    assert "  --delta    the distance (default: 1/100,1/8)" in out


def test_exact_options(command: Command) -> None:
    """0.125 is an eighth."""
    arguments = ("table", "l1-size", "--k", 4, "--w", 2, "--shallow", 1, "--format", "csv", "--delta")
    assert command(*arguments, "0.125").out == command(*arguments, "1/8").out


def test_an_interruption_keeps_the_rows(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 130 after the rows that are finished."""
    counted = tables.recipe("partitions").rows

    def broken_off(**options: Any) -> Any:
        yield next(counted(**options))
        raise KeyboardInterrupt

    recipe = tables.recipe("partitions")
    broken = type(recipe)(recipe.name, recipe.title, recipe.columns, broken_off, recipe.options)
    monkeypatch.setattr(tables, "recipe", lambda name: broken)
    outcome = command("table", *CHOICE, "--format", "csv")
    assert outcome.code == 130
    assert outcome.out.count("\n") == 2
    assert "interrupted: 1 rows are finished" in outcome.err


def test_refusals(refused: Refused, tmp_path: Path) -> None:
    """Unknown names and options, numbers out of range, formats that contradict each other."""
    assert "there is no table 'depth'; legal are depth-separation, ladder" in refused("table", "depth")
    assert "name a table: depth-separation" in refused("table")
    assert "--w: the table ladder has no such option; it has --k, --limit" in refused("table", "ladder", "--w", "2")
    assert "--k must be whole, from 2 to 12; got 13" in refused("table", "ladder", "--k", "2-13")
    assert "--delta must be between 0 and 1/4; got 1/4" in refused("table", "l1-size", "--delta", "0.25")
    assert "--format csv was given too" in refused("table", "ladder", "--json", "--format", "csv")
    assert "there is no directory" in refused("table", "ladder", "--output", tmp_path / "none" / "t.md")
    for text in ("", "a", "3-2", "1-5000", "1.5", "-1", "1,,2"):
        assert "must be whole numbers or ranges such as 1-4" in refused("table", "ladder", f"--k={text}")
