"""Tests of circuits that need no search."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.boolean.constructions import smaller_circuit
from relucomb.boolean.function import BooleanFunction
from relucomb.boolean.known_circuits import gates_below, known_circuit


@given(st.integers(0, 2**16 - 1), st.booleans())
def test_they_compute_the_function(number: int, threshold: bool) -> None:
    """With no more gates than the circuits of Lemma 2.5.1."""
    f = BooleanFunction.from_integer(number, 4)
    circuit = known_circuit(f, threshold=threshold)
    assert circuit.verify(f)
    assert circuit.kind == ("LTF-of-ReLU" if threshold else "Sum-of-ReLU")
    assert gates_below(circuit) <= gates_below(smaller_circuit(f))


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_symmetric_functions(n: int) -> None:
    """A gate for each change of slope, so at most n."""
    for values in itertools.product([False, True], repeat=n + 1):
        f = BooleanFunction.from_callable(lambda b, v=values: v[b.sum()], n, "bits")  # type: ignore[misc]
        for threshold in (False, True):
            circuit = known_circuit(f, threshold=threshold)
            assert circuit.verify(f)
            assert gates_below(circuit) <= n


@pytest.mark.parametrize("n", [4, 5, 8])
def test_parity_and_its_negation(n: int) -> None:
    """One gate less than bits."""
    for f in (BooleanFunction.from_name("parity", n), ~BooleanFunction.from_name("parity", n)):
        for threshold in (False, True):
            circuit = known_circuit(f, threshold=threshold)
            assert circuit.verify(f)
            assert gates_below(circuit) == n - 1


@pytest.mark.parametrize("n", [1, 3, 7, 10])
def test_threshold_functions(n: int) -> None:
    """Two gates for a sum at most, one below a threshold gate; constants need none."""
    for name in ("majority", "odd_max_bit", "and"):
        f = BooleanFunction.from_name(name, n)
        assert gates_below(known_circuit(f, threshold=False)) <= 2
        assert gates_below(known_circuit(f, threshold=True)) == 1
    for constant in (BooleanFunction([0] * (1 << n)), BooleanFunction([1] * (1 << n))):
        for threshold in (False, True):
            assert gates_below(known_circuit(constant, threshold=threshold)) == 0
            assert known_circuit(constant, threshold=threshold).verify(constant)
