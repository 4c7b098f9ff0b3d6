"""``relucomb zonotope``: what is told, listed, written, drawn and refused, and what Ctrl-C leaves."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import relucomb as rc
from relucomb.commandline import zonotope as module
from relucomb.commandline.zonotope import vector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]


@pytest.fixture
def generators(tmp_path: Path) -> Path:
    """Return three directions in space, one of them twice, and a row of zeros."""
    path = tmp_path / "generators.csv"
    path.write_text("name,x,y,z\nA,1,0,0\nB,0,0.5,0\nC,0,0,1/3\nD,0,0,0\nE,-2,0,0\n")
    return path


@pytest.fixture
def hexagon(tmp_path: Path) -> Path:
    """Return the generators of a hexagon."""
    path = tmp_path / "hexagon.csv"
    path.write_text("x,y\n1,0\n0,1\n1,1\n")
    return path


def test_text(generators: Path, command: Command) -> None:
    """Dimension, directions, vertices, position, volume and box."""
    outcome = command("zonotope", generators, "--target", "name")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        f"{generators}: 5 generators in 3 coordinates (x, y, z)",
        "dimension   3",
        "directions  3 (1 zero, 1 parallel)",
        "vertices    8 (possible for these: 8)",
        "extremal    no: generator 4 is zero",
        "volume      4",
        "box         |x| <= 3, |y| <= 1/2, |z| <= 1/3",
    ]


def test_extremal(hexagon: Path, command: Command) -> None:
    """General position is told, and a dependent set by its rows, counted from 1."""
    assert "extremal    yes: the generators are in general position" in command("zonotope", hexagon).out
    hexagon.write_text("x,y,z\n1,0,0\n0,1,0\n0,0,1\n1,1,0\n")
    assert "extremal    no: generators 1, 2, 4 are dependent" in command("zonotope", hexagon).out
    hexagon.write_text("x\n1\n2\n")
    assert "extremal    yes" in command("zonotope", hexagon).out
    hexagon.write_text("x,y\n0,0\n")
    out = command("zonotope", hexagon).out
    assert "vertices    1 (possible for these: 1)" in out
    assert "volume      0 (flat)" in out


def test_vertices(hexagon: Path, command: Command) -> None:
    """One line for each vertex after a header, with a sign for each generator."""
    lines = command("zonotope", hexagon, "--vertices").out.splitlines()
    start = lines.index("x,y,signs")
    assert lines[start - 1] == ""
    B = np.array([[1, 0], [0, 1], [1, 1]])
    for line in lines[start + 1 :]:
        *vertex, word = line.split(",")
        assert [int(entry) for entry in vertex] == (np.array(["-0+".index(s) - 1 for s in word]) @ B).tolist()
    assert len(set(lines[start + 1 :])) == 6


def test_json(generators: Path, command: Command) -> None:
    """One object; fractions are text, and the vertices come on demand."""
    told = json.loads(command("zonotope", generators, "--features", "x,y,z", "--json").out)
    assert told == {
        "schema_version": 1,
        "command": "zonotope",
        "source": str(generators),
        "generators": 5,
        "coordinates": ["x", "y", "z"],
        "dimension": 3,
        "directions": 3,
        "zero": 1,
        "parallel": 1,
        "max_vertices": 8,
        "extremal": False,
        "dependent": [4],
        "volume": 4,
        "half_widths": [3, "1/2", "1/3"],
        "support": [],
        "contains": [],
        "status": "complete",
        "vertices": 8,
        "at_least": 8,
    }
    listed = json.loads(command("zonotope", generators, "--features", "x,y,z", "--json", "--vertices").out)["list"]
    assert len(listed) == 8
    assert {"vertex": [3, "1/2", "-1/3"], "signs": "++-0-"} in listed


def test_support_and_membership(hexagon: Path, command: Command) -> None:
    """Directions and points are read exactly and answered with proofs."""
    arguments = ("--support", "1,1/2", "--contains=1.5,-0.5", "--contains", "2,2", "--contains=-3,0")
    told = json.loads(command("zonotope", hexagon, "--json", *arguments).out)
    assert told["support"] == [{"direction": [1, "1/2"], "value": 3}]
    assert [entry["inside"] for entry in told["contains"]] == [True, True, False]
    assert [entry["gauge"] for entry in told["contains"]] == [1, 1, "3/2"]
    factors = [Fraction(factor) for factor in told["contains"][1]["coefficients"]]
    assert factors == [1, 1, 1]
    r = [Fraction(entry) for entry in told["contains"][2]["direction"]]
    assert -3 * r[0] > abs(r[0]) + abs(r[1]) + abs(r[0] + r[1])
    out = command("zonotope", hexagon, *arguments).out
    assert "support     3 in direction (1, 1/2)" in out
    assert "contains    (2, 2) is inside (gauge 1): it is the sum with factors 1, 1, 1" in out
    assert "contains    (-3, 0) is outside (gauge 3/2): the direction" in out
    hexagon.write_text("x,y\n1,1\n")
    assert "(1, 0) is outside (not in the span)" in command("zonotope", hexagon, "--contains", "1,0").out


def test_files(hexagon: Path, tmp_path: Path, command: Command) -> None:
    """The vertices and the picture are written."""
    table, picture = tmp_path / "vertices.csv", tmp_path / "hexagon.svg"
    outcome = command("zonotope", hexagon, "--output", table, "--plot", picture)
    assert outcome.code == 0
    rows = table.read_text().splitlines()
    assert rows[0] == "x,y,signs"
    assert sorted(rows[1:]) == ["-2,-2,---", "-2,0,-+-", "0,-2,+--", "0,2,-++", "2,0,+-+", "2,2,+++"]
    assert picture.read_text().startswith("<?xml")


def test_a_file_that_cannot_be_written_in_the_end(
    hexagon: Path, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result is told all the same."""

    def fail(path: str, _: object) -> None:
        raise OSError(28, "No space left on device", path)

    monkeypatch.setattr(module, "write_atomically", fail)
    outcome = command("zonotope", hexagon, "--output", tmp_path / "v.csv")
    assert outcome.code == 1
    assert "vertices    6" in outcome.out
    assert "v.csv: could not be written (No space left on device)" in outcome.err


def test_absurd_sizes_are_announced(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many vertices are possible and how long it may take is told before; Ctrl-C tells a lower bound."""
    path = tmp_path / "many.csv"
    rows = np.random.default_rng(0).integers(-99, 99, size=(300, 6))
    path.write_text("\n".join(["a,b,c,d,e,f", *(",".join(map(str, row)) for row in rows.tolist())]))
    counts = list(zip(rc.Zonotope(rows).iter_counts(), range(12), strict=False))

    def interrupted(_: rc.Zonotope) -> Iterator[int]:
        yield from (count for count, _ in counts)
        raise KeyboardInterrupt

    monkeypatch.setattr(rc.Zonotope, "iter_counts", interrupted)
    outcome = command("zonotope", path)
    assert outcome.code == 130
    assert outcome.out == ""
    announced, ended = outcome.err.splitlines()
    most = rc.Zonotope(rows).max_vertices
    assert announced.startswith(f"up to {most:,} vertices; to count them may take about ")
    assert ended == f"relucomb zonotope: interrupted: at least {counts[-1][0]:,} vertices, at most {most:,}"
    told = json.loads(command("zonotope", path, "--json", "--quiet").out)
    assert (told["status"], told["vertices"], told["at_least"]) == ("interrupted", None, counts[-1][0])
    path.write_text("\n".join([",".join(f"c{k}" for k in range(400)), *(",".join("3" * 400) for _ in range(2))]))
    assert "vertices    2" in command("zonotope", path).out


def test_interrupted_list(hexagon: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was listed stays, and how far it got is told."""
    blocks = rc.Zonotope.iter_vertices

    def interrupted(zonotope: rc.Zonotope) -> Iterator[Any]:
        for vertices, signs in blocks(zonotope):
            yield vertices[:4], signs[:4]
            raise KeyboardInterrupt

    monkeypatch.setattr(rc.Zonotope, "iter_vertices", interrupted)
    outcome = command("zonotope", hexagon, "--vertices")
    assert outcome.code == 130
    assert outcome.err == "relucomb zonotope: interrupted: 6 vertices, 4 of them listed\n"
    assert len(outcome.out.split("x,y,signs\n")[1].splitlines()) == 4
    told = json.loads(command("zonotope", hexagon, "--vertices", "--json").out)
    assert (told["status"], told["vertices"], len(told["list"])) == ("interrupted", 6, 4)


def test_a_volume_that_takes_long(hexagon: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left out unless it is asked for."""
    hexagon.write_text("x,y,z\n1,0,0\n0,1,0\n0,0,1\n1,1,1\n")
    monkeypatch.setattr(module, "MOST_SORTS", 2)
    assert "volume      not computed, because it takes long" in command("zonotope", hexagon).out
    assert json.loads(command("zonotope", hexagon, "--json").out)["volume"] is None
    assert "volume      32" in command("zonotope", hexagon, "--volume").out


def test_long_numbers_are_shortened_in_text(hexagon: Path, command: Command) -> None:
    """In text, not in JSON."""
    hexagon.write_text("x,y\n1e300,0\n0,1e100\n")
    assert "volume      400000000000… (401 digits)" in command("zonotope", hexagon).out
    assert json.loads(command("zonotope", hexagon, "--json").out)["volume"] == 4 * 10**400


@pytest.mark.parametrize(
    ("number", "text"), [(999, "999"), (10**15, "1.00e15"), (2**200, "1.61e60"), (10**30, "1.00e30")]
)
def test_large_numbers(number: int, text: str) -> None:
    """Numbers that nobody can read are rounded down."""
    assert module._large(number) == text


@pytest.mark.parametrize("text", ["", "1,", "1,,2", "a", "1/0", "nan", "1e999", "1_0", "١"])
def test_vectors_are_refused(text: str, hexagon: Path, refused: Refused) -> None:
    """What is no list of numbers is told so."""
    assert "must be numbers separated by commas" in refused("zonotope", hexagon, f"--support={text}")


def test_vector() -> None:
    """Decimals, exponents and fractions are exact."""
    assert vector("1, -.5,+2/3,1e-2,3.") == [1, Fraction(-1, 2), Fraction(2, 3), Fraction(1, 100), 3]


def test_refusals(generators: Path, hexagon: Path, tmp_path: Path, refused: Refused) -> None:
    """Text in a cell, vectors of the wrong length, pictures that cannot be drawn, files in the way."""
    assert "line 2, column 'name': 'A' is not a number" in refused("zonotope", generators)
    assert "--contains 1,2,3: 3 numbers, but there are 2 coordinates (x, y)" in refused(
        "zonotope", hexagon, "--contains", "1,2,3"
    )
    assert "the name must end in .png" in refused("zonotope", hexagon, "--plot", tmp_path / "a.gif")
    assert "is also the generators" in refused("zonotope", hexagon, "--output", hexagon)
    hexagon.write_text("x\n1\n")
    assert "must lie in R^2 or R^3 to be drawn" in refused("zonotope", hexagon, "--plot", tmp_path / "a.png")
    hexagon.write_text("x,y\n1\n")
    assert "line 2: 1 cell, but the header has 2 columns" in refused("zonotope", hexagon)
