"""Tests of circuits: what they are, their values, proofs on the cube, files."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.boolean.circuits import Circuit, Gate
from relucomb.boolean.function import BooleanFunction, points

if TYPE_CHECKING:
    from pathlib import Path

XOR = Circuit([([[1, 1], [1, 1]], [2, 0], "ReLU"), ([[1, -2]], [-1], "affine")])
MAJORITY = Circuit([([[1, 1, 1]], [0], Gate.LTF)])


def random_circuit(seed: int, top: str) -> Circuit:
    """Return a circuit of fractions on three variables."""
    rng = np.random.default_rng(seed)

    def numbers(*shape: int) -> list[object]:
        return np.vectorize(Fraction, otypes=[object])(rng.integers(-4, 5, shape), rng.integers(1, 4, shape)).tolist()  # type: ignore[no-any-return]

    middle = ("ReLU", "LTF", "affine")[seed % 3]
    return Circuit(
        [(numbers(3, 3), numbers(3), "ReLU"), (numbers(2, 3), numbers(2), middle), (numbers(1, 2), numbers(1), top)]
    )


def test_names_and_numbers_of_circuits() -> None:
    """Kinds as the papers write them; sums are no gates; weights counted as integers."""
    assert (XOR.kind, XOR.n, XOR.size, XOR.depth, XOR.wires, XOR.weight_size) == ("Sum-of-ReLU", 2, 2, 2, 6, 2)
    assert MAJORITY.kind == "LTF"
    one = [([[1]], [0], "ReLU")] * 3
    assert Circuit([*one, ([[1]], [0], "LTF")]).kind == "LTF-of-(ReLU)^3"
    assert Circuit([([[1]], [0], "LTF"), ([[1]], [0], "LTF")]).kind == "(LTF)^2"
    assert Circuit([([[Fraction(1, 3), 2]], [Fraction(1, 2)], "LTF")]).weight_size == 12
    assert repr(XOR) == "<Circuit Sum-of-ReLU: 2 variables, 2 gates, 6 wires>"


@given(st.integers(0, 10**6), st.sampled_from(["ReLU", "LTF", "affine"]))
def test_all_ways_to_evaluate_agree(seed: int, top: str) -> None:
    """Point by point in fractions, and all points at once in integers."""
    circuit = random_circuit(seed, top)
    assert circuit.outputs().tolist() == circuit.evaluate(points(3)).tolist()
    if top == "LTF":
        f = circuit.truth_table()
        assert f.signs.tolist() == circuit.outputs().tolist()
        assert BooleanFunction.from_circuit(circuit) == f
        assert circuit.verify(f)
        wrong = circuit.verify(f ^ BooleanFunction([0, 0, 0, 0, 0, 1, 0, 1]))
        assert not wrong
        assert wrong.counterexample == (1, -1, 1)
        assert wrong.output == f.signs[5]


def test_verification_of_sums() -> None:
    """The output must be the value itself, in signs or in bits; half of it is wrong."""
    parity = BooleanFunction([0, 1, 1, 0])
    assert XOR.verify(parity)
    assert not XOR.verify(parity, convention="bits")
    in_bits = Circuit([([[1, 1], [1, 1]], [2, 0], "ReLU"), ([[Fraction(1, 2), -1]], [0], "affine")])
    assert in_bits.verify(parity, convention="bits")
    half = Circuit([([[1, 1], [1, 1]], [2, 0], "ReLU"), ([[Fraction(1, 2), -1]], [Fraction(-1, 3)], "affine")])
    found = half.verify(parity)
    assert found.counterexample == (-1, -1)
    assert found.output == Fraction(-1, 3)
    with pytest.raises(ValueError, match="output at point 0 is -1/3"):
        half.truth_table()


def test_networks_and_circuits() -> None:
    """A Sum-of-ReLU circuit is a network and comes back; others are not."""
    net = XOR.to_network()
    assert net(points(2)).tolist() == [-1, 1, 1, -1]
    assert Circuit.from_network(net) == XOR
    with pytest.raises(ValueError, match="this one is LTF"):
        MAJORITY.to_network()


def test_files(tmp_path: Path) -> None:
    """Saved and loaded, the circuit is the same; broken files are told with their name."""
    circuit = random_circuit(3, "LTF")
    circuit.save(tmp_path / "c.json")
    assert Circuit.load(tmp_path / "c.json") == circuit
    assert hash(Circuit.load(tmp_path / "c.json")) == hash(circuit)
    for broken in (
        "{}",
        "[",
        '{"format": "relucomb.Circuit", "layers": 3}',
        '{"format": "relucomb.Circuit", "layers": [{}]}',
    ):
        (tmp_path / "b.json").write_text(broken)
        with pytest.raises(ValueError, match=r"b\.json does not hold a circuit"):
            Circuit.load(tmp_path / "b.json")
    document = json.loads(json.dumps(circuit.to_json()))
    document["layers"][0]["weights"][0][0] = "1/0"
    with pytest.raises(ValueError, match="not a number"):
        Circuit.from_json(document)


def test_graph_has_the_wires() -> None:
    """One edge for each weight that is not zero."""
    circuit = random_circuit(1, "LTF")
    graph = circuit.graph()
    assert graph.number_of_edges() == circuit.wires
    assert graph.number_of_nodes() == 3 + 3 + 2 + 1


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([], "one layer at least"),
        ([([[1, 1]], [0, 0], "LTF")], r"layers\[0\]: biases must have 1"),
        ([([[1, 1]], [0], "ReLU"), ([[1, 1]], [0], "LTF")], r"layers\[1\]: weights must have 1 column"),
        ([([[1], [1]], [0, 0], "LTF")], "last layer must have one gate"),
        ([([[1]], [0], "tanh")], "gate must be one of 'affine', 'ReLU', 'LTF'"),
        ([([[float("nan")]], [0], "LTF")], "finite"),
        ([([[]], [], "LTF")], "row and a column"),
    ],
)
def test_what_is_no_circuit_is_refused(layers: list[object], message: str) -> None:
    """Each message names the layer and what is legal."""
    with pytest.raises(ValueError, match=message):
        Circuit(layers)  # type: ignore[arg-type]


def test_wrong_partners() -> None:
    """Functions of other sizes, other objects, other conventions, too many variables."""
    with pytest.raises(ValueError, match="2 variables"):
        XOR.verify(BooleanFunction([0, 1]))
    with pytest.raises(TypeError, match="BooleanFunction"):
        XOR.verify([0, 1, 1, 0])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="convention"):
        XOR.verify(BooleanFunction([0, 1, 1, 0]), convention="floats")
    with pytest.raises(ValueError, match="at most 26"):
        Circuit([([[1] * 30], [0], "LTF")]).truth_table()
    with pytest.raises(ValueError, match="shape"):
        XOR.evaluate([[1, 1, 1]])
