"""The table of minimal circuits: what is known otherwise, and a sample of the large committed copy."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from relucomb import tables
from relucomb.boolean.circuits import Circuit
from relucomb.boolean.constructions import gates_of_lemma, indicator_circuit
from relucomb.boolean.function import BooleanFunction
from relucomb.boolean.minimal import minimal_circuit
from relucomb.boolean.npn import npn_classes
from relucomb.boolean.refutation import refute
from relucomb.boolean.threshold import test_threshold as decide_threshold

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "tables"
COPY = list(csv.DictReader((FOLDER / "minimal-circuits-4.csv").read_text(encoding="utf-8").splitlines()))
ROWS = [{key: int(cell) for key, cell in row.items()} for row in COPY]


def test_small_functions() -> None:
    """All functions are in some class, each number is proven, and one gate below a threshold gate is a half-space."""
    table = tables.make("minimal-circuits")
    keys = [column.key for column in table.columns]
    for n in (1, 2, 3):
        rows = [dict(zip(keys, row, strict=True)) for row in table.rows if row[0] == n]
        assert sum(int(row["functions"] or 0) for row in rows) == 1 << (1 << n)
        for row in rows:
            f = BooleanFunction.from_integer(int(row["function"] or 0), n)
            assert (row["threshold"] in (0, 1)) == bool(decide_threshold(f))
            assert row["threshold"] is not None
            assert row["sum"] is not None
            assert row["threshold"] <= row["sum"] <= max(indicator_circuit(f).size, 1)
            assert row["sum"] <= gates_of_lemma(f)


def test_the_copy_for_four_bits_has_every_class() -> None:
    """What does not depend on the search is the same for all 222 classes; the sizes are those that are told."""
    expected = [(entry.representative, entry.size) for entry in npn_classes(4)]
    assert len(ROWS) == len(expected) == 222
    for row, (f, functions) in zip(ROWS, expected, strict=True):
        told = (row["function"], row["functions"], row["ones"], row["degree"], row["lemma"])
        assert told == (f.to_integer(), functions, f.ones, f.real_degree, gates_of_lemma(f))
        assert (row["threshold"] <= 1) == bool(decide_threshold(f))
        assert row["threshold"] <= row["sum"] <= row["lemma"]
    assert Counter(row["sum"] for row in ROWS) == {0: 1, 1: 4, 2: 53, 3: 163, 4: 1}
    assert Counter(row["threshold"] for row in ROWS) == {0: 1, 1: 14, 2: 146, 3: 61}


@pytest.mark.parametrize("place", range(7, 222, 24))
def test_a_sample_of_four_bits_is_made_again(place: int) -> None:
    """Every 24th class, with its proofs."""
    row = ROWS[place]
    f = BooleanFunction.from_integer(row["function"], 4)
    for circuit_class, key in (("Sum-of-ReLU", "sum"), ("LTF-of-ReLU", "threshold")):
        found = minimal_circuit(f, circuit_class)  # type: ignore[arg-type]
        assert found.lower == found.upper == row[key]
        assert found.proof == "rational"
        assert found.verify()


def test_the_function_of_four_gates() -> None:
    """A bit plus a multiplexer: three gates under a threshold gate, but not as a sum."""
    [row] = [row for row in ROWS if row["sum"] == 4]
    f = BooleanFunction.from_callable(lambda b: b[3] ^ (b[2] if b[0] else b[1]), 4, "bits")
    assert f.npn_canonical().function.to_integer() == row["function"]
    assert row["threshold"] == 3
    assert isinstance(refute(f, "LTF-of-ReLU", 3), Circuit)
    assert minimal_circuit(f, exact=False).losses[3] > 0.04


def test_more_variables_are_refused() -> None:
    """Five have 616,126 classes."""
    with pytest.raises(ValueError, match="n must be whole, from 1 to 4; got 5"):
        tables.make("minimal-circuits", n=5)
