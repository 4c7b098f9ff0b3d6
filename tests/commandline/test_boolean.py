"""``relucomb boolean``: what it prints, as text and as JSON."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from relucomb.boolean import BooleanFunction, Transformation

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]

MAJORITY = """\
majority, n = 3: 3 variables, true at 4 of 8 points (balanced)
table       00010111
degree      3 over the reals, 2 over two elements
Chow        0, 4, 4, 4
influences  1/2, 1/2, 1/2; in total 3/2
spectrum    4 coefficients, the largest 1/2, sum of sizes 2
levels      0, 3/4, 0, 1/4
characters  6 ReLU gates (Lemma 2.5.1; 8 by points)
threshold   yes: true where x_0 + x_1 + x_2 >= 0
monotone    yes
symmetric   yes: 0011 at 0, 1, ... ones
canonical   11101000 (negate x_0, x_1, x_2)
"""


def test_text(command: Command) -> None:
    """Every measure of a majority."""
    outcome = command("boolean", "majority", "-n", 3)
    assert (outcome.code, outcome.out, outcome.err) == (0, MAJORITY, "")


def test_proofs_and_lists_in_the_text(command: Command) -> None:
    """A function that is nothing of all that, with the points that prove it; and its spectrum."""
    out = command("boolean", "--table", "0111 1001 0000 0000", "--spectrum").out
    assert "threshold   no: the true points" in out
    assert "monotone    no, and not unate: mixed in x_0, x_1, x_2" in out
    assert "symmetric   no" in out
    listed = out.partition("Fourier coefficients\n")[2].splitlines()
    f = BooleanFunction.from_string("0111100100000000")
    assert len(listed) == np.count_nonzero(f.walsh_spectrum())
    first, value = listed[0].split()
    assert (first, Fraction(value)) == ("{}", f.fourier_coefficient([]))


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["odd_max_bit", "-n", "4"], "monotone    no, but unate: it falls in x_1, x_3"),
        (["--table", "0110"], "monotone    no, and not unate: mixed in x_0, x_1"),
        (["--table", "0101"], "monotone    yes; x_1 do not matter"),
        (["--table", "1"], "threshold   yes: true where 0 >= -1"),
        (["--table", "00"], "threshold   yes: true where 0 >= 1"),
        (["parity", "-n", "7"], "canonical   for 6 variables at most"),
        (["--table", "0110"], "canonical   0110 (the function itself)"),
        (["parity", "-n", "12"], "mixed in x_0, x_1, x_2, x_3, x_4, x_5, x_6, x_7, ..."),
        (["--table", "1110"], "canonical   1000 (negate x_0, x_1; negate the value)"),
    ],
)
def test_lines(words: list[str], line: str, command: Command) -> None:
    """What a line says in special cases."""
    out = command("boolean", *words).out
    assert line in out, out


def test_json(command: Command) -> None:
    """All measures, exact; the proofs can be checked from the object alone."""
    outcome = command("boolean", "tribes", "-n", 6, "--param", "width=2", "--json", "--spectrum")
    assert (outcome.code, outcome.err) == (0, "")
    found: dict[str, Any] = json.loads(outcome.out)
    f = BooleanFunction.from_name("tribes", 6, width=2)
    assert (found["schema_version"], found["command"], found["source"]) == (1, "boolean", "tribes, n = 6, width = 2")
    assert BooleanFunction.from_string(found["table"]) == f
    assert (found["n"], found["ones"], found["balanced"]) == (6, 37, False)
    assert (found["real_degree"], found["algebraic_degree"]) == (6, 6)
    assert found["chow_parameters"] == list(f.chow_parameters)
    assert [Fraction(share) for share in found["influences"]] == list(f.influences)
    assert Fraction(found["total_influence"]) == f.total_influence
    assert sum(Fraction(share) for share in found["spectrum"]["levels"]) == 1
    for entry in found["coefficients"]:
        assert Fraction(entry["value"]) == f.fourier_coefficient(entry["variables"])
    assert len(found["coefficients"]) == found["spectrum"]["coefficients"]
    assert (found["monotone"], found["unate"], found["symmetric"]) == (True, True, False)
    assert (found["directions"], found["values_by_weight"]) == (["rising"] * 6, None)
    there = found["canonical"]
    symmetry = Transformation(tuple(there["order"]), tuple(there["negated_inputs"]), there["negated_output"])
    assert symmetry(f) == BooleanFunction.from_string(there["table"]) == f.npn_canonical().function
    proof = found["threshold"]
    assert (proof["is_threshold"], proof["weights"], proof["threshold"]) == (False, None, None)
    totals = {True: np.zeros(7, dtype=int), False: np.zeros(7, dtype=int)}
    for entry in proof["equal_sums"]:
        point = [int(bit) for bit in entry["point"]]
        assert f(point) == entry["value"]
        assert entry["factor"] > 0
        totals[entry["value"]] += entry["factor"] * np.array([*point, 1])
    assert (totals[True] == totals[False]).all()
    assert totals[True].any()


def test_json_of_a_threshold_function(command: Command) -> None:
    """Weights and bound decide every point; a large table is left out."""
    found = json.loads(command("boolean", "greater_than", "-n", 8, "--json").out)
    f = BooleanFunction.from_string(found["table"])
    proof = found["threshold"]
    signs = 2 * (np.arange(256)[:, None] >> np.arange(8) & 1) - 1
    assert ((signs @ np.array(proof["weights"]) >= proof["threshold"]) == f.table).all()
    assert (proof["equal_sums"], found["canonical"]) == (None, None)
    assert json.loads(command("boolean", "or", "-n", 17, "--json").out)["table"] is None


def test_refusals(refused: Refused) -> None:
    """One line each; more of them are in the tests of how functions are given."""
    assert "did you mean parity" in refused("boolean", "pairity", "-n", 3)
    assert "no power of two" in refused("boolean", "--table", "011")
    assert "30 variables would take a table of 128 MiB" in refused("boolean", "majority", "-n", 30)
    assert "argument -n" in refused("boolean", "majority", "-n", "three")
    assert "such as k=3" in refused("boolean", "threshold", "-n", 3, "--param", "k")
