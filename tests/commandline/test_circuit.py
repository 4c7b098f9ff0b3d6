"""``relucomb circuit``: constructions, files, verification, pictures and refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from relucomb.boolean.circuits import Circuit
from relucomb.boolean.function import BooleanFunction
from relucomb.boolean.named_circuits import CONSTRUCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]

ARGUMENTS = {
    "parity": ("-n", 6),
    "parity-short": ("-n", 6),
    "indicator": ("--function", "majority", "-n", 5),
    "fourier": ("--function", "threshold", "-n", 4, "--param", "k=3"),
    "smaller": ("--table", "01101001"),
    "and": ("-n", 5),
    "or": ("-n", 5),
    "threshold": ("--weights", "3,-2,1/2", "--threshold=-1/2"),
    "relu-from-threshold": ("--weights", "3,-2,1/2", "--threshold=-1/2"),
    "binary-value": ("-n", 6),
    "odd-max-bit": ("-n", 6),
    "chattopadhyay-mande": ("--blocks", 3, "--pairs", 2),
    "address": ("--bits", 2),
    "andreev": ("-n", 9),
}


@pytest.mark.parametrize("name", CONSTRUCTIONS)
def test_every_construction(name: str, command: Command) -> None:
    """Built and verified on the whole cube."""
    outcome = command("circuit", name, *ARGUMENTS[name], "--verify")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0].startswith(f"{name}, ")
    assert "depth" in lines[1]
    assert lines[2].startswith("verified at all ")


def test_the_text(command: Command) -> None:
    """What it is, its sizes, and only what was asked for."""
    outcome = command("circuit", "parity", "-n", 10, "--published")
    assert outcome.out == (
        "parity, n = 10, as printed\n"
        "Sum-of-ReLU of 10 variables, depth 2, size 11, 121 wires, integer weights up to 10\n"
    )


def test_relu_gates_for_ltf_gates(command: Command) -> None:
    """The circuit is another, and is verified, too."""
    document = json.loads(command("circuit", "odd-max-bit", "-n", 5, "--relu", "--verify", "--json").out)
    assert (document["kind"], document["size"], document["verification"]["passed"]) == ("Sum-of-ReLU", 2, True)
    assert document["source"] == "odd-max-bit, n = 5, LTF gates as ReLU gates"


def test_files(tmp_path: Path, command: Command) -> None:
    """What was written is read again and compared with a name, a table, a file with a table."""
    path, table = tmp_path / "circuit.json", tmp_path / "table.txt"
    assert command("circuit", "andreev", "-n", 8, "--output", path).code == 0
    assert Circuit.load(path).verify(BooleanFunction.from_name("andreev", 8))
    for extra in ((), ("--verify", "andreev")):
        outcome = command("circuit", path, *extra)
        assert outcome.code == 0
        assert outcome.out.splitlines()[0] == str(path)
    assert command("circuit", "threshold", "--weights", "1,1,1", "--threshold", 1, "--output", path).code == 0
    assert command("circuit", path, "--verify", "threshold", "--param", "k=2").code == 0
    assert command("circuit", path, "--verify", "--table", "00010111").code == 0
    table.write_text("0 0 0 1 0 1 1 1\n")
    assert command("circuit", path, "--verify", table).code == 0


def test_counterexamples(tmp_path: Path, command: Command) -> None:
    """A wrong circuit is code 3, with the point and the output."""
    path = tmp_path / "circuit.json"
    command("circuit", "or", "-n", 3, "--output", path)
    outcome = command("circuit", path, "--verify", "parity")
    assert outcome.code == 3
    assert outcome.out.splitlines()[2] == "WRONG: the output at (1, 1, -1) is 1"
    outcome = command("circuit", path, "--verify", "parity", "--json")
    assert outcome.code == 3
    told = json.loads(outcome.out)["verification"]
    assert (told["passed"], told["counterexample"], told["output"]) == (False, [1, 1, -1], 1)


@pytest.mark.parametrize(("name", "head"), [("c.png", b"\x89PNG"), ("c.svg", b"<?xml"), ("c.pdf", b"%PDF")])
def test_pictures(tmp_path: Path, command: Command, name: str, head: bytes) -> None:
    """The ending chooses the format."""
    assert command("circuit", "parity", "-n", 3, "--draw", tmp_path / name).code == 0
    assert (tmp_path / name).read_bytes().startswith(head)


def test_a_file_that_cannot_be_written_in_the_end(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result is told all the same, and the code is 1."""

    def full(path: str, content: object) -> None:
        raise OSError(28, "No space left on device", path)

    monkeypatch.setattr("relucomb.commandline.circuit.write_atomically", full)
    outcome = command("circuit", "parity", "-n", 3, "--output", tmp_path / "c.json")
    assert outcome.code == 1
    assert outcome.out.startswith("parity, n = 3\n")
    assert "could not be written (No space left on device)" in outcome.err


def test_refusals(tmp_path: Path, refused: Refused) -> None:
    """Unknown names, missing and superfluous parameters, too large circuits, wrong files."""
    assert "did you mean parity" in refused("circuit", "parrity", "-n", 3)
    assert "parity: -n is missing" in refused("circuit", "parity")
    assert "threshold: --threshold is missing" in refused("circuit", "threshold", "--weights", "1,2")
    assert "parity: --bits is not a parameter of it" in refused("circuit", "parity", "-n", 3, "--bits", 2)
    assert "and: --published is not" in refused("circuit", "and", "-n", 3, "--published")
    assert "parity: has no function to choose" in refused("circuit", "parity", "-n", 3, "--table", "01")
    assert "give a function" in refused("circuit", "fourier")
    assert "must be one number; got 2" in refused("circuit", "threshold", "--weights", "1", "--threshold", "1,2")
    assert "n must be at least 4" in refused("circuit", "andreev", "-n", 3).replace("a whole number, ", "")
    assert "weights, some" in refused("circuit", "indicator", "--function", "parity", "-n", 26)
    assert "weights, some" in refused("circuit", "chattopadhyay-mande", "--blocks", 512, "--pairs", 512)
    assert "has its own function" in refused("circuit", "parity", "--verify", "parity", "-n", 3)
    assert "26" in refused("circuit", "parity", "-n", 27, "--verify")
    assert "layer 0 has ReLU gates" in refused("circuit", "parity", "-n", 3, "--relu")
    path = tmp_path / "circuit.json"
    assert "cannot be read (No such file" in refused("circuit", path)
    path.write_text("{}")
    assert "does not hold a circuit" in refused("circuit", path)
    Circuit([([[1, 1]], [-1], "LTF")]).save(path)
    assert "-n: is for constructions" in refused("circuit", path, "-n", 2)
    assert "--published: is for constructions" in refused("circuit", path, "--published")
    assert "--verify is missing" in refused("circuit", path, "--table", "0001")
    assert "give a function" in refused("circuit", path, "--verify")
    assert "must have 2 variables as the circuit has; got 3" in refused(
        "circuit", path, "--verify", "--table", "01101001"
    )
    assert "is also the circuit" in refused("circuit", path, "--output", path)
    assert "must end in .png, .svg, .pdf" in refused("circuit", path, "--draw", tmp_path / "c.gif")
