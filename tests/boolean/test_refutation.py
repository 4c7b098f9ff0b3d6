"""Tests of proofs in integers that some gates are not enough."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb.boolean.circuits import Circuit
from relucomb.boolean.function import BooleanFunction
from relucomb.boolean.gate_cones import gate_cones
from relucomb.boolean.npn import npn_classes
from relucomb.boolean.refutation import Refutation, UndecidedError, refute

if TYPE_CHECKING:
    from relucomb.boolean.refutation import CircuitClass

CLASSES: tuple[CircuitClass, ...] = ("Sum-of-ReLU", "LTF-of-ReLU")


def decided(f: BooleanFunction, circuit_class: CircuitClass) -> tuple[Circuit, Refutation | None]:
    """Return a circuit with the least number of gates, and the proof that one less is not enough."""
    proof = None
    for gates in itertools.count():
        found = refute(f, circuit_class, gates)
        if isinstance(found, Circuit):
            return found, proof
        proof = found
    raise AssertionError


@pytest.mark.parametrize(
    ("n", "circuit_class", "sizes"),
    [
        (1, "Sum-of-ReLU", {0: 1, 1: 1}),
        (2, "Sum-of-ReLU", {0: 1, 1: 2, 2: 1}),
        (3, "Sum-of-ReLU", {0: 1, 1: 3, 2: 9, 3: 1}),
        (2, "LTF-of-ReLU", {0: 1, 1: 2, 2: 1}),
        (3, "LTF-of-ReLU", {0: 1, 1: 5, 2: 7, 3: 1}),
    ],
)
def test_all_functions_up_to_symmetry(n: int, circuit_class: CircuitClass, sizes: dict[int, int]) -> None:
    """Circuits and proofs without the search over weights: the same numbers, everything checked."""
    found: Counter[int] = Counter()
    for entry in npn_classes(n):
        f = entry.representative
        if f.ones in (0, 1 << n):
            found[0] += 1
            continue
        circuit, proof = decided(f, circuit_class)
        assert circuit.verify(f)
        assert proof is not None
        assert proof.verify()
        assert proof.gates + 1 == circuit.layers[0].weights.shape[0]
        found[proof.gates + 1] += 1
    assert found == sizes


def test_parity_of_four_bits() -> None:
    """Two gates are not enough for either class; the proof is short."""
    for circuit_class in CLASSES:
        found = refute(BooleanFunction.from_name("parity", 4), circuit_class, 2)
        assert isinstance(found, Refutation)
        assert found.verify()
        assert len(found.functionals) < 100


def test_proofs_hold_for_any_kinds_of_gates() -> None:
    """Without symmetries and without the recursion: each pair of kinds is refuted, for the parity of three bits."""
    f = BooleanFunction.from_name("parity", 3)
    found = refute(f, "Sum-of-ReLU", 2)
    assert isinstance(found, Refutation)
    cones = gate_cones(3)
    moved = []
    for order in itertools.permutations(range(3)):
        for names in itertools.chain.from_iterable(itertools.combinations(range(3), k) for k in range(4)):
            for functional in found.functionals:
                g = np.array(functional).reshape(2, 2, 2).transpose(order)
                g = np.flip(g, [axis for axis in range(3) if axis in names])
                moved.append(g.ravel() * (-1 if len(names) % 2 else 1))
    killed = np.array([cones.not_positive(g) for g in np.unique(moved, axis=0)]).astype(np.float32)
    assert (killed.T @ killed > 0).all()


def test_wrong_proofs_are_found_out() -> None:
    """A functional left out, changed, of another length; too many gates; another function or class."""
    f = BooleanFunction.from_name("parity", 3)
    found = refute(f, "LTF-of-ReLU", 2)
    assert isinstance(found, Refutation)
    assert found.verify()
    assert replace(found, circuit_class="Sum-of-ReLU").verify()  # with the right signs it serves for sums, too
    first, *others = found.functionals
    assert not replace(found, functionals=()).verify()
    assert not replace(found, functionals=(first,)).verify()
    assert not replace(found, functionals=(tuple(-entry for entry in first), *others)).verify()
    assert not replace(found, functionals=(tuple(entry + 1 for entry in first), *others)).verify()
    assert not replace(found, functionals=(first[:4], *others)).verify()
    assert not replace(found, functionals=((1 << 40,) * 8, *others)).verify()
    assert not replace(found, gates=3).verify()
    assert not replace(found, function=~f).verify()
    assert not replace(found, circuit_class="ReLU").verify()  # type: ignore[arg-type]
    majority = BooleanFunction.from_name("majority", 3)
    summed = refute(majority, "Sum-of-ReLU", 1)
    assert isinstance(summed, Refutation)
    assert summed.verify()
    assert not replace(summed, circuit_class="LTF-of-ReLU").verify()  # one gate is enough there


@settings(max_examples=30)
@given(st.integers(0, 2**16 - 1), st.sampled_from(CLASSES), st.integers(0, 2))
def test_of_four_bits_either_a_circuit_or_a_proof(number: int, circuit_class: CircuitClass, gates: int) -> None:
    """Both are checked; a constant always has a circuit but never a gate."""
    f = BooleanFunction.from_integer(number, 4)
    if f.ones in (0, 16):
        return
    found = refute(f, circuit_class, gates)
    if isinstance(found, Circuit):
        assert found.verify(f)
        assert found.layers[0].weights.shape[0] <= gates
    else:
        assert found.verify()


def test_limits() -> None:
    """Of time, and of the number of functionals."""
    f = BooleanFunction.from_name("parity", 4)
    with pytest.raises(UndecidedError, match="the time is over"):
        refute(f, "Sum-of-ReLU", 2, deadline=0.0)
    with pytest.raises(UndecidedError, match="more than 3 functionals"):
        refute(f, "Sum-of-ReLU", 2, most=3)
