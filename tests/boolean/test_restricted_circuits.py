"""Tests of circuits under restrictions: same values, and gates removed exactly where they are settled."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb.boolean.circuits import Circuit, Gate
from relucomb.boolean.constructions import andreev_circuit, chattopadhyay_mande_circuit, parity_circuit
from relucomb.boolean.function import points
from relucomb.boolean.named import andreev
from relucomb.boolean.restricted_circuits import restrict_circuit
from relucomb.boolean.restrictions import RandomRestriction, Restriction

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTIONS: dict[Gate, Callable[[Fraction], Fraction]] = {
    Gate.AFFINE: lambda z: z,
    Gate.RELU: lambda z: max(z, Fraction(0)),
    Gate.LTF: lambda z: Fraction(1 if z >= 0 else -1),
}


@st.composite
def circuits(draw: st.DrawFn) -> Circuit:
    """Return small circuits of all kinds, with zeros and ties."""
    before = draw(st.integers(1, 4))
    layers: list[Any] = []
    widths = [*draw(st.lists(st.integers(1, 3), max_size=2)), 1]
    for width in widths:
        weights = [[draw(st.integers(-2, 2)) for _ in range(before)] for _ in range(width)]
        biases = [draw(st.fractions(-3, 3, max_denominator=2)) for _ in range(width)]
        layers.append((weights, biases, draw(st.sampled_from(list(Gate)))))
        before = width
    return Circuit(layers)


def arguments(circuit: Circuit, rho: Restriction) -> list[list[list[Fraction]]]:
    """Return the argument of every gate at every point that is left: layer, gate, point."""
    values = [[Fraction(int(x)) for x in point] for point in rho.fill(points(len(rho.free)))]
    found = []
    for layer in circuit.layers:
        heights = [
            [sum((w * v for w, v in zip(row, value, strict=True)), bias) for value in values]
            for row, bias in zip(layer.weights.tolist(), layer.biases.tolist(), strict=True)
        ]
        found.append(heights)
        apply = FUNCTIONS[layer.gate]
        values = [[apply(heights[i][p]) for i in range(len(heights))] for p in range(len(values))]
    return found


@settings(deadline=None, max_examples=150)
@given(circuits(), st.data())
def test_values_and_removed_gates(circuit: Circuit, data: st.DataObject) -> None:
    """The circuit that is left agrees at all points; each gate is judged as its arguments say."""
    word = data.draw(st.text("01*", min_size=circuit.n, max_size=circuit.n).filter(lambda word: "*" in word))
    rho = Restriction.from_string(word)
    left = restrict_circuit(circuit, rho)
    cube = points(len(rho.free))
    assert left.circuit.n == len(rho.free)
    assert left.circuit.evaluate(cube).tolist() == circuit.evaluate(rho.fill(cube)).tolist()
    for k, (layer, heights) in enumerate(zip(circuit.layers, arguments(circuit, rho), strict=True)):
        alive = 0
        for i, z in enumerate(heights):
            if layer.gate is Gate.RELU:
                assert (i in left.zero[k]) == all(value <= 0 for value in z)
                assert (i in left.linear[k]) == (all(value >= 0 for value in z) and any(z))
                alive += any(value < 0 for value in z) and any(value > 0 for value in z)
            elif layer.gate is Gate.LTF:
                assert (i in left.constant[k]) == (len({value >= 0 for value in z}) == 1)
                alive += len({value >= 0 for value in z}) == 2
        assert left.gates[k] == alive
    assert left.size <= left.circuit.size <= left.size + left.carriers


@pytest.mark.parametrize("n", [4, 8, 16])
def test_andreev(n: int) -> None:
    """The circuit of Andreev's function, restricted, computes the restricted function.

    A parity gate counts ones from a whole number on; with one bit of its row free its argument never changes sign.
    """
    circuit, f = andreev_circuit(n), andreev(n)
    random = np.random.default_rng(0)
    for _ in range(4):
        rho = RandomRestriction.andreev(n).sample(random)
        left = restrict_circuit(circuit, rho)
        assert left.circuit.verify(rho(f))
        assert left.gates[0] == 0
        assert left.size < circuit.size


def test_circuits_of_thresholds() -> None:
    """LTF gates are forced, above them the output too."""
    circuit = chattopadhyay_mande_circuit(2, 2)
    for word in ("0101****", "****0011", "*0*1*0*1", "1111111*"):
        rho = Restriction.from_string(word)
        left = restrict_circuit(circuit, rho)
        assert left.circuit.verify(rho(circuit.truth_table()))
        assert left.size + sum(map(len, left.constant)) == circuit.size


def test_many_free_variables() -> None:
    """One layer of gates is judged from the weights, for any number of free variables; more layers are refused."""
    left = restrict_circuit(parity_circuit(40), Restriction((1,) * 10 + (None,) * 30))
    assert left.linear[0] == tuple(range(11))
    assert left.zero[0] == ()
    assert left.size == 29
    assert left.circuit.n == 30
    deep = Circuit([([[1] * 14], [0], "ReLU"), ([[1]], [-1], "LTF")])
    with pytest.raises(ValueError, match="for 12 free variables at most"):
        restrict_circuit(deep, Restriction((None,) * 14))


@pytest.mark.parametrize(
    ("word", "complaint"), [("1*", "rho must have 3 variables"), ("101", "must leave a variable free")]
)
def test_bad_restrictions(word: str, complaint: str) -> None:
    """What does not fit is told."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        restrict_circuit(parity_circuit(3), Restriction.from_string(word))
