"""``relucomb minimal``: results, files, limits, interruptions and refusals."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from relucomb.boolean import minimal
from relucomb.boolean.circuits import Circuit
from relucomb.boolean.function import BooleanFunction
from relucomb.boolean.refutation import Refutation
from relucomb.commandline.minimal import formula
from relucomb.erm_result import Termination

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]


def test_the_text(command: Command) -> None:
    """Numbers, formula, measures, and the proof."""
    outcome = command("minimal", "parity", "-n", 2)
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0] == "parity, n = 2"
    assert lines[1].startswith("Sum-of-ReLU: 2 ReLU gates (the circuit has the least number of gates; ")
    assert lines[3].startswith("f(x) = ")
    assert lines[5] == "verified at all 4 points"
    assert lines[7] == "mean squared loss of every circuit with so many gates, at least:"
    assert lines[8:10] == ["  0 gates: 1", "  1 gate: 0.666667"]
    assert lines[10].startswith("proof of the lower bound: 3 functionals in integers refute circuits with 1 gate; ")
    without = command("minimal", "parity", "-n", 2, "--no-exact").out.splitlines()
    assert without[10] == "proof of the lower bound: dual bounds in floating point"


def test_json_and_files(tmp_path: Path, command: Command) -> None:
    """The circuit in the object and the one in the file compute the function."""
    path, picture = tmp_path / "circuit.json", tmp_path / "circuit.png"
    arguments = ("minimal", "--table", "01101001", "--class", "LTF-of-ReLU")
    document = json.loads(command(*arguments, "--json", "--output", path, "--draw", picture).out)
    assert (document["lower"], document["upper"], document["status"]) == (3, 3, "minimal")
    assert len(document["losses"]) == 3
    assert document["verified"]
    f = BooleanFunction.from_string("01101001")
    assert Refutation(f, "LTF-of-ReLU", 2, tuple(map(tuple, document["refutation"]))).verify()
    assert Circuit.load(path).verify(f)
    assert Circuit.from_json(document["circuit"]).verify(f)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_constants_need_no_gate(command: Command) -> None:
    """Nothing is to be proven then."""
    outcome = command("minimal", "--table", "1111")
    assert outcome.code == 0
    assert "Sum-of-ReLU: 0 ReLU gates" in outcome.out
    assert "f(x) = 1\n0 wires, integer weights up to 1\n" in outcome.out
    assert "loss" not in outcome.out


def test_a_limit(command: Command) -> None:
    """An open interval is code 3."""
    outcome = command("minimal", "parity", "-n", 4, "--time-limit", 0)
    assert outcome.code == 3
    assert "Sum-of-ReLU: from 1 to 3 ReLU gates (a circuit, and a lower bound that it does not reach; " in outcome.out
    assert "ended: the time limit was reached" in outcome.out


def test_interruption(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is code 130, with the interval on both channels."""
    whole = minimal._try_width

    def interrupted(f: BooleanFunction, width: int, *others: Any) -> Any:
        if width == 2:
            return replace_bound(whole(f, width, *others))
        return whole(f, width, *others)

    def replace_bound(attempt: Any) -> Any:
        return attempt._replace(bound=0.0, circuit=None, termination=Termination.interrupted)

    monkeypatch.setattr(minimal, "_try_width", interrupted)
    outcome = command("minimal", "parity", "-n", 3)
    assert outcome.code == 130
    assert "from 2 to 3 ReLU gates" in outcome.out
    assert outcome.err == "relucomb minimal: interrupted: from 2 to 3 gates\n"


def test_formulas() -> None:
    """Signs, ones, fractions and nothing at all."""
    assert formula(Circuit([([[0, 0]], [0], "ReLU"), ([[0]], [1], "affine")])) == "1"
    assert formula(Circuit([([[0, Fraction(1, 2)]], [0], "ReLU"), ([[-1]], [0], "LTF")])) == "LTF(-relu(1/2 x1))"
    assert formula(Circuit([([[-1, 3]], [-2], "ReLU"), ([[2]], [-1], "affine")])) == "-1 + 2 relu(-x0 + 3 x1 - 2)"


def test_a_circuit_that_fails_its_check(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be an error of ours, and the code says so."""
    whole = minimal.minimal_circuit

    def wrong(f: BooleanFunction, *others: Any, **options: Any) -> Any:
        return replace(whole(f, *others, **options), function=~f)

    monkeypatch.setattr(minimal, "minimal_circuit", wrong)
    assert command("minimal", "or", "-n", 2).code == 1


def test_refusals(tmp_path: Path, refused: Refused) -> None:
    """Too many variables, unknown names and classes."""
    assert "from 1 to 10 variables; got 11" in refused("minimal", "parity", "-n", 11)
    assert "exact is possible for 5 variables at most; got 6" in refused("minimal", "parity", "-n", 6, "--exact")
    assert "-n is missing" in refused("minimal", "parity")
    assert "give a function" in refused("minimal")
    assert "invalid choice: 'ReLU'" in refused("minimal", "parity", "-n", 2, "--class", "ReLU")
    assert "there is no directory" in refused("minimal", "or", "-n", 2, "--output", tmp_path / "no" / "c.json")
