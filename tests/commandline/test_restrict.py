"""``relucomb restrict``: gates, circuits, refusals."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from relucomb.boolean.circuits import Circuit
from relucomb.boolean.constructions import andreev_circuit, parity_circuit
from relucomb.boolean.named import andreev
from relucomb.boolean.restrictions import Restriction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]


def test_a_gate(command: Command) -> None:
    """The exact probability, in words and as JSON."""
    outcome = command("restrict", "--weights", "1,1,1,1", "--parts", 2)
    assert outcome.code == 0
    assert "survives with probability 3/4 = 0.75, exactly" in outcome.out
    assert "the worst gate for this partition: from 0.75 to 0.75" in outcome.out
    told = json.loads(command("restrict", "--weights", 1, "-n", 4, "--parts", 2, "--gate", "ReLU", "--json").out)
    assert (told["probability"], told["exact"], told["gate"], told["part_size"]) == (0.5, "1/2", "ReLU", 2)
    assert told["lemma_bound"] == 1.0
    assert told["estimate"] is None
    assert (told["worst_attained"], told["worst_bound"]) == (0.75, 0.75)


def test_random_restrictions(command: Command) -> None:
    """The interval contains the exact value; the same seed gives the same numbers."""
    words = ("restrict", "--weights", "3,1,4,1,5,9,2,6", "--bias=-1/2", "--parts", 2, "--trials", 5000, "--json")
    told = json.loads(command(*words).out)
    assert told["estimate"]["low"] <= told["probability"] <= told["estimate"]["high"]
    assert told == json.loads(command(*words).out)
    assert "between" in command(*words[:-1]).out


def test_without_an_exact_count(command: Command) -> None:
    """Exit code 3, and the interval."""
    weights = ",".join(str(3**k) for k in range(60))
    outcome = command("restrict", "--weights", weights, "--parts", 2, "--trials", 500, "--json")
    assert outcome.code == 3
    told = json.loads(outcome.out)
    assert told["probability"] is None
    assert told["estimate"]["trials"] == 500
    assert "too many different sums" in command("restrict", "--weights", weights, "--parts", 2, "--trials", 9).out


def test_andreev_partition(command: Command) -> None:
    """The table and what is left over are fixed at random, too."""
    told = json.loads(command("restrict", "--weights", 1, "-n", 16, "--andreev", "--json").out)
    assert (told["variables"], told["parts"], told["part_size"]) == (16, 3, 2)
    assert Fraction(told["exact"]) <= Fraction(told["worst_bound"])


def test_a_circuit(tmp_path: Path, command: Command) -> None:
    """What is left computes the restricted function."""
    path, output = tmp_path / "andreev.json", tmp_path / "left.json"
    andreev_circuit(8).save(path)
    outcome = command("restrict", path, "--andreev", "--seed", 3, "--json", "--output", output)
    told = json.loads(outcome.out)
    rho = Restriction.from_string(told["rho"])
    assert told["free"] == list(rho.free)
    left = Circuit.load(output)
    assert left == Circuit.from_json(told["circuit"])
    assert left.verify(rho(andreev(8)))
    removed = sum(len(gates) for gates in [*told["zero"], *told["linear"], *told["forced"]])
    assert told["size_left"] + removed == told["size"] == 12


def test_a_circuit_in_words(tmp_path: Path, command: Command) -> None:
    """Gates left and removed, layer by layer."""
    path = tmp_path / "parity.json"
    parity_circuit(4).save(path)
    out = command("restrict", path, "--rho", "11**").out
    assert "restriction 11**: 2 variables free\n1 of 4 gates survive\n  layer 0: 1 left, 3 linear\n" in out
    assert out.endswith("left: Sum-of-ReLU, 3 gates, 2 gates of it only to carry linear parts\n")
    assert command("restrict", path, "--parts", 2).code == 0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "give either the --weights of a gate or a circuit"),
        (("--weights", "1,2"), "give either --parts or --andreev"),
        (("--weights", "1,2", "--parts", "1", "--andreev"), "give either --parts or --andreev"),
        (("--weights", "1,2,3", "--parts", "2"), "parts must divide n = 3"),
        (("--weights", "1,2,3", "-n", "4", "--parts", "2"), "4 weights or a single one must be given; got 3"),
        (("--weights", "1,2", "--andreev"), "n must be at least 4"),
        (("--weights", "1,2", "--parts", "1", "--rho", "1*"), "--rho: is about a circuit"),
        (("--weights", "1,2", "--parts", "1", "--bias", "1,2"), "--bias: takes one number; got 2"),
        (("--weights", "1,2", "--parts", "1", "--trials", "9", "--confidence", "1"), "confidence must be between"),
        (("missing.json", "--rho", "1*"), "missing.json: cannot be read"),
        (("missing.json", "--rho", "1*", "--trials", "4"), "--trials: is about a gate"),
    ],
)
def test_refusals(words: tuple[str, ...], complaint: str, refused: Refused) -> None:
    """One line each."""
    assert complaint in refused("restrict", *words)


def test_bad_restrictions_of_a_circuit(tmp_path: Path, refused: Refused) -> None:
    """The restriction must fit, and the file must hold a circuit."""
    path = tmp_path / "parity.json"
    parity_circuit(3).save(path)
    assert "rho must have 3 variables" in refused("restrict", path, "--rho", "1*")
    assert "must leave a variable free" in refused("restrict", path, "--rho", "101")
    assert "must consist of 0, 1 and *" in refused("restrict", path, "--rho", "1?*")
    assert "leave --parts and --andreev out" in refused("restrict", path, "--rho", "1**", "--parts", 3)
    path.write_text("{}")
    assert "does not hold a circuit" in refused("restrict", path, "--rho", "1*")
