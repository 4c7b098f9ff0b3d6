"""Tests of circuits on other variables."""

from __future__ import annotations

import itertools

import pytest

from relucomb.boolean.constructions import address_circuit, parity_circuit
from relucomb.boolean.function import BooleanFunction
from relucomb.boolean.wiring import on_variables


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_permutations_are_those_of_functions(order: tuple[int, ...]) -> None:
    """The new circuit computes the function whose variable order[i] is the old variable i."""
    circuit = address_circuit([1], 2)
    assert on_variables(circuit, order, 3).truth_table() == circuit.truth_table().permute(order)


def test_more_variables() -> None:
    """Those without wires do not matter."""
    circuit = on_variables(parity_circuit(2), [3, 1], 4)
    expected = BooleanFunction.from_callable(lambda b: (b[1] + b[3]) % 2, 4, "bits")
    assert circuit.verify(expected)
    assert (circuit.size, circuit.wires) == (2, 6)


@pytest.mark.parametrize("places", [[0], [0, 0], [0, 2], [-1, 0]])
def test_bad_places(places: list[int]) -> None:
    """Too few, equal ones, and ones out of range."""
    with pytest.raises(ValueError, match="places must be 2 different numbers from 0 to 1"):
        on_variables(parity_circuit(2), places, 2)
