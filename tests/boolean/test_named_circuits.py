"""Tests of the circuits by name: each against its function, on whole cubes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.boolean.function import BooleanFunction
from relucomb.boolean.named_circuits import CONSTRUCTIONS, function_of_circuit, named_circuit, verify_circuit

MAJORITY = BooleanFunction.from_name("majority", 5)

CASES: dict[str, list[dict[str, Any]]] = {
    "parity": [{"n": n, "published": printed} for n in (1, 2, 7, 12) for printed in (False, True)],
    "parity-short": [{"n": n} for n in (4, 5, 11)],
    "indicator": [{"function": MAJORITY}],
    "fourier": [{"function": MAJORITY}],
    "smaller": [{"function": MAJORITY}, {"function": ~MAJORITY}],
    "and": [{"n": n} for n in range(1, 12)],
    "or": [{"n": n} for n in range(1, 12)],
    "threshold": [{"weights": [3, -2, Fraction(1, 2)], "threshold": Fraction(1, 2)}],
    "relu-from-threshold": [{"weights": [3, -2, Fraction(1, 2)], "threshold": Fraction(1, 2)}],
    "binary-value": [{"n": n, "published": printed} for n in (1, 2, 9) for printed in (False, True)],
    "odd-max-bit": [{"n": n} for n in range(1, 13)],
    "chattopadhyay-mande": [{"blocks": b, "pairs": p} for b, p in ((1, 1), (2, 1), (1, 3), (3, 2), (2, 3), (6, 1))],
    "address": [{"bits": bits} for bits in range(4)],
    "andreev": [{"n": n} for n in range(4, 21)],
}


def test_every_construction_has_cases() -> None:
    """None is left out."""
    assert set(CASES) == set(CONSTRUCTIONS)


@pytest.mark.parametrize(("name", "parameters"), [(name, case) for name, cases in CASES.items() for case in cases])
def test_circuits_compute_their_functions(name: str, parameters: dict[str, Any]) -> None:
    """At every point of the cube."""
    circuit = named_circuit(name, **parameters)
    found = verify_circuit(name, circuit, **parameters)
    assert found
    assert found.points == 1 << circuit.n
    if CONSTRUCTIONS[name].computes is not None:
        assert circuit.verify(function_of_circuit(name, **parameters))


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=5), st.fractions(-6, 6, max_denominator=3))
def test_threshold_gates(weights: list[int], threshold: Fraction) -> None:
    """Also if points lie on the hyperplane, and by two ReLU gates."""
    parameters: dict[str, Any] = {"weights": weights, "threshold": threshold}
    for name in ("threshold", "relu-from-threshold"):
        assert verify_circuit(name, named_circuit(name, **parameters), **parameters)


def test_wrong_circuits_are_found_out() -> None:
    """With the first point at which they are wrong."""
    found = verify_circuit("parity", named_circuit("or", n=3), n=3)
    assert not found
    assert found.counterexample == (1, 1, -1)
    assert found.output == 1
    found = verify_circuit("binary-value", named_circuit("parity", n=3), n=3)
    assert (found.counterexample, found.output) == ((-1, -1, -1), -1)


def test_names_and_parameters_are_checked() -> None:
    """Near names are told, and which parameters there are."""
    assert named_circuit("Odd_Max_Bit", n=3).size == 1
    with pytest.raises(ValueError, match=r"no construction named 'parrity'; did you mean parity"):
        named_circuit("parrity", n=3)
    with pytest.raises(ValueError, match="legal are parity, parity-short"):
        named_circuit("zzz")
    with pytest.raises(ValueError, match="chattopadhyay-mande needs the parameter 'pairs'"):
        named_circuit("chattopadhyay-mande", blocks=2)
    with pytest.raises(ValueError, match="and has no parameter 'published'; it has n"):
        named_circuit("and", n=2, published=True)
    with pytest.raises(ValueError, match="bits must be a whole number from 0 to 10; got -1"):
        named_circuit("address", bits=-1)
    with pytest.raises(ValueError, match="not Boolean"):
        function_of_circuit("binary-value", n=2)
    with pytest.raises(ValueError, match="for 20 variables at most; got 21"):
        verify_circuit("binary-value", named_circuit("binary-value", n=21), n=21)
