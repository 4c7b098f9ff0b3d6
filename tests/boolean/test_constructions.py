"""Tests of the circuits of the sources: each is verified on its whole cube."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.boolean import constructions as build
from relucomb.boolean.circuits import Circuit
from relucomb.boolean.equality_lists import equality_list
from relucomb.boolean.function import BooleanFunction, points


def of_bits(f: object, n: int) -> BooleanFunction:
    """Tabulate a function of bits."""
    return BooleanFunction.from_callable(f, n, "bits")  # type: ignore[arg-type]


@pytest.mark.parametrize("n", range(1, 11))
@pytest.mark.parametrize("published", [False, True])
def test_parity(n: int, published: bool) -> None:
    """As many gates as bits, one more as printed."""
    circuit = build.parity_circuit(n, published=published)
    assert circuit.size == n + published
    assert circuit.kind == "Sum-of-ReLU"
    assert circuit.verify(of_bits(lambda b: b.sum() % 2, n))


@pytest.mark.parametrize("n", range(4, 15))
def test_short_parity(n: int) -> None:
    """A gate less than bits, from four bits on; three bits take three, as refutations prove."""
    circuit = build.short_parity_circuit(n)
    assert circuit.verify(of_bits(lambda b: b.sum() % 2, n))
    assert circuit.size == n - 1
    with pytest.raises(ValueError, match="n must be a whole number, at least 4; got 3"):
        build.short_parity_circuit(3)


@given(st.integers(1, 4).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, (1 << (1 << n)) - 1))))
def test_every_function_by_points_and_by_characters(drawn: tuple[int, int]) -> None:
    """Both circuits of Lemma 2.5.1 compute the function, with no more gates than the lemma says."""
    n, number = drawn
    f = BooleanFunction.from_integer(number, n)
    by_points, by_characters = build.indicator_circuit(f), build.fourier_circuit(f)
    assert by_points.verify(f)
    assert by_characters.verify(f)
    assert by_points.size <= max(1, 1 << (n - 1))
    sets = [bin(index).count("1") for index in np.flatnonzero(f.walsh_spectrum()).tolist()]
    assert by_characters.size == max(1, sum(sets))
    assert build.smaller_circuit(f).size <= max(1, build.gates_of_lemma(f))


@pytest.mark.parametrize("n", range(1, 9))
def test_conjunctions_and_disjunctions(n: int) -> None:
    """One ReLU gate each."""
    assert build.and_circuit(n).verify(of_bits(lambda b: b.min(), n))
    assert build.or_circuit(n).verify(of_bits(lambda b: b.max(), n))
    assert build.and_circuit(n).size == build.or_circuit(n).size == 1


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=6), st.fractions(-9, 9, max_denominator=3))
def test_an_ltf_gate_is_two_relu_gates(weights: list[int], threshold: Fraction) -> None:
    """Claim 4, also if points lie on the hyperplane or all are on one side."""
    gate = build.threshold_circuit(weights, threshold)
    circuit = build.relu_from_threshold(gate)
    assert circuit.size == 2
    assert circuit.kind == "Sum-of-ReLU"
    assert circuit.verify(gate.truth_table())


@given(st.integers(0, 10**6), st.booleans())
def test_ltf_circuits_become_relu_circuits(seed: int, affine_top: bool) -> None:
    """Layer by layer, with twice the gates; an affine output stays."""
    rng = np.random.default_rng(seed)
    layers: list[tuple[object, object, str]] = [
        (rng.integers(-3, 4, (3, 4)), rng.integers(-3, 4, 3), "LTF"),
        (rng.integers(-3, 4, (2, 3)), rng.integers(-3, 4, 2), "LTF"),
        (rng.integers(-3, 4, (1, 2)), rng.integers(-3, 4, 1), "affine" if affine_top else "LTF"),
    ]
    circuit = Circuit(layers)  # type: ignore[arg-type]
    relu = build.relu_from_threshold(circuit)
    assert relu.outputs().tolist() == circuit.outputs().tolist()
    assert relu.size == 2 * circuit.size
    with pytest.raises(ValueError, match="layer 0 has ReLU gates"):
        build.relu_from_threshold(relu)


@pytest.mark.parametrize("n", range(1, 12))
def test_binary_value(n: int) -> None:
    """Proposition 2.5.3: one gate, two as printed; 2^n values, so a sum of LTF gates needs n."""
    expected = [2 * k for k in range(1 << n)]
    for published in (False, True):
        circuit = build.binary_value_circuit(n, published=published)
        assert circuit.outputs().tolist() == expected
        assert circuit.size == 1 + published
    assert build.least_gates_of_sum_of_ltf([Fraction(value) for value in expected]) == n
    assert build.least_gates_of_sum_of_ltf([Fraction(1)]) == 0


def odd_max_bit(bits: list[int]) -> bool:
    """Return False if the largest index with a one, counted from 1, is odd."""
    ones = [i + 1 for i, bit in enumerate(bits) if bit]
    return not ones or max(ones) % 2 == 0


@pytest.mark.parametrize("n", range(1, 13))
def test_odd_max_bit(n: int) -> None:
    """One LTF gate."""
    circuit = build.odd_max_bit_circuit(n)
    assert circuit.size == 1
    assert circuit.verify(of_bits(lambda b: odd_max_bit(b.tolist()), n))


@pytest.mark.parametrize(("blocks", "pairs"), [(1, 1), (2, 1), (1, 3), (3, 2), (2, 3), (4, 1)])
def test_chattopadhyay_mande(blocks: int, pairs: int) -> None:
    """LTF-of-LTF of linear size, and as a circuit of ReLU gates of twice that."""

    def literal(b: np.ndarray) -> bool:
        ored = [bool((row[:, 0] ^ row[:, 1]).any()) for row in b.reshape(blocks, pairs, 2)]
        return odd_max_bit([int(value) for value in ored])

    f = of_bits(literal, 2 * blocks * pairs)
    circuit = build.chattopadhyay_mande_circuit(blocks, pairs)
    assert circuit.verify(f)
    assert circuit.size == f.n + 1
    relu = build.relu_from_threshold(circuit)
    assert relu.verify(f)
    assert relu.size == 2 * f.n + 2


@pytest.mark.parametrize(("blocks", "bits"), [(1, 1), (2, 1), (1, 3), (3, 2), (2, 3), (5, 1)])
def test_list_of_equalities(blocks: int, bits: int) -> None:
    """Two gates for each block, whatever its length."""
    circuit = build.equality_list_circuit(blocks, bits)
    assert circuit.verify(equality_list(blocks, bits))
    assert circuit.size == 2 * blocks + 1
    assert build.relu_from_threshold(circuit).verify(equality_list(blocks, bits))


@pytest.mark.parametrize(("rows", "table"), [([1], 2), ([1], 1), ([2, 3], 4), ([1, 1, 2], 8), ([2, 2], 3), ([4, 1], 2)])
def test_address_of_parities(rows: list[int], table: int) -> None:
    """The table bit at the address that the parities spell; −1 beyond the table."""

    def literal(b: np.ndarray) -> bool:
        address, start = 0, table
        for k, length in enumerate(rows):
            address |= int(b[start : start + length].sum() % 2) << k
            start += length
        return address < table and bool(b[address])

    circuit = build.address_circuit(rows, table)
    assert circuit.verify(of_bits(literal, table + sum(rows)))
    assert circuit.size == 2 * table + sum(rows)


@pytest.mark.parametrize("n", [4, 5, 7, 8, 9, 12, 16, 20])
def test_andreev_has_linear_size(n: int) -> None:
    """At most 3n/2 gates; for n a power of two the table has exactly n/2 bits."""
    circuit = build.andreev_circuit(n)
    assert circuit.n <= n
    assert circuit.size <= 3 * n / 2
    assert circuit.kind == "Sum-of-(ReLU)^2"


def test_bad_parameters() -> None:
    """Each is named."""
    with pytest.raises(ValueError, match="n must be a whole number, at least 1; got 0"):
        build.parity_circuit(0)
    with pytest.raises(ValueError, match="blocks"):
        build.chattopadhyay_mande_circuit(0, 1)
    with pytest.raises(ValueError, match="table must be from 1 to 2"):
        build.address_circuit([3], 3)
    with pytest.raises(ValueError, match=r"rows\[0\]"):
        build.address_circuit([0], 1)
    with pytest.raises(ValueError, match="at least 4"):
        build.andreev_circuit(3)
    assert points(1).tolist() == [[-1], [1]]
