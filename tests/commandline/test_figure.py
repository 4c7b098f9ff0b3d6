"""``relucomb figure``: every figure is written, and what cannot be drawn is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relucomb.commandline.figure import FIGURES
from relucomb.networks import ReLUNetwork

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]

NET = ReLUNetwork([[[1, 0, 0], [0, 1, 0]], [[1, 1]]], [[0, 0], [0]])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a network and some generators."""
    monkeypatch.chdir(tmp_path)
    NET.save("net.json")
    (tmp_path / "generators.csv").write_text("a,b\n1,0\n1,1\n0,2\n")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("2.1",),
        ("2.2",),
        ("sawtooth",),
        ("sawtooth", "--w", 3, "--k", "1-2"),
        ("sawtooth", "--steps", "1/4,5/8", "--steps", "0.4"),
        ("pieces", "--network", "net.json", "--along", "1,0,0", "--along", "0,-1,1", "--box", "-1:1"),
        ("zonotope",),
        ("zonotope", "--n", 2, "--m", 5),
        ("zonotope", "--generators", "generators.csv"),
    ],
    ids=lambda arguments: "-".join(map(str, arguments[:2])),
)
def test_every_figure_is_written(folder: Path, command: Command, arguments: tuple[object, ...]) -> None:
    """Its name is told on standard output."""
    outcome = command("figure", *arguments)
    name = f"figure-{arguments[0]}.png"
    assert (outcome.code, outcome.out, outcome.err) == (0, f"{name}\n", "")
    assert (folder / name).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("ending", "head"), [("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_formats(folder: Path, command: Command, ending: str, head: bytes) -> None:
    """The ending of the file chooses the format."""
    assert command("figure", "sawtooth", "--output", f"saw.{ending}").code == 0
    assert (folder / f"saw.{ending}").read_bytes().startswith(head)


def test_refusals(refused: Refused) -> None:
    """Unknown names, options of other figures, what cannot be drawn, missing files."""
    assert f"there is no figure '2.3'; legal are {', '.join(FIGURES)}" in refused("figure", "2.3")
    assert "--k: the figure 2.1 has no such option; it has --output only" in refused("figure", "2.1", "--k", 3)
    assert "--n: the figure pieces has no such option; it has --network" in refused("figure", "pieces", "--n", 3)
    assert "name a network with --network" in refused("figure", "pieces")
    assert "got 3 inputs" in refused("figure", "pieces", "--network", "net.json")
    assert "kind must be one of" in refused(
        "figure", "pieces", "--network", "net.json", "--along", "1,0,0", "--kind", "regions"
    )
    assert "--k 20: 2^20 pieces" in refused("figure", "sawtooth", "--k", 20)
    assert "--w: must be one number; got 2" in refused("figure", "sawtooth", "--w", "2,3")
    assert "give one or the others" in refused("figure", "sawtooth", "--w", 2, "--steps", "0.5")
    assert "0 < a_1 < ... < a_p < M" in refused("figure", "sawtooth", "--steps", "0.5,0.25")
    assert "give one or the others" in refused("figure", "zonotope", "--generators", "generators.csv", "--n", 2)
    assert "it lies in R^4" in refused("figure", "zonotope", "--n", 4)
    assert "no such file" in refused("figure", "zonotope", "--generators", "none.csv")
    assert "the name must end in .png" in refused("figure", "2.1", "--output", "a.gif")
