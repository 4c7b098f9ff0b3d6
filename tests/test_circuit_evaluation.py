"""Tests of circuits on all points of a cube."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from relucomb_solvers import circuit_evaluation as module
from relucomb_solvers.circuit_evaluation import AFFINE, RELU, THRESHOLD, IntegerCircuit, first_mismatch, outputs

pytestmark = pytest.mark.kernels


def random_circuit(n: int, kinds: list[int], seed: int, spread: int = 3) -> IntegerCircuit:
    """Return a circuit of integers with four gates in each layer but the last."""
    rng = np.random.default_rng(seed)
    widths = [n, *[4] * (len(kinds) - 1), 1]
    layers = [
        (rng.integers(-spread, spread + 1, (b, a)).tolist(), rng.integers(-spread, spread + 1, b).tolist(), kind)
        for (a, b), kind in zip(pairwise(widths), kinds, strict=True)
    ]
    return IntegerCircuit(n, layers)


def by_hand(circuit: IntegerCircuit, point: int) -> int:
    """Evaluate as the definition says."""
    values = [1 if point >> i & 1 else -1 for i in range(circuit.inputs)]
    for weights, biases, kind in circuit.layers:
        sums = [
            b + sum(w * v for w, v in zip(row, values, strict=True)) for row, b in zip(weights, biases, strict=True)
        ]
        values = [{AFFINE: z, RELU: z if z > 0 else 0, THRESHOLD: 1 if z >= 0 else -1}[kind] for z in sums]
    return values[0]


CIRCUITS = [[AFFINE], [THRESHOLD], [RELU, AFFINE], [THRESHOLD, THRESHOLD], [RELU, RELU, THRESHOLD], [AFFINE, RELU]]


@pytest.mark.parametrize("kinds", CIRCUITS)
@pytest.mark.parametrize("low_bits", [0, 2, 11])
def test_outputs_are_those_of_the_definition(kinds: list[int], low_bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All kinds of layers, with blocks of one point, of four, of all."""
    monkeypatch.setattr(module, "MOST_LOW_BITS", low_bits)
    for n in (1, 2, 5):
        circuit = random_circuit(n, kinds, seed=n)
        expected = [by_hand(circuit, k) for k in range(1 << n)]
        assert outputs(circuit).tolist() == expected
        assert max(map(abs, expected)) <= circuit.greatest()


@pytest.mark.parametrize("spread", [3, 10**6, 10**12, 10**30])
def test_mismatches_are_found_where_they_are(spread: int) -> None:
    """In 32 bits, in 64, and beyond: a right table has none, and each single wrong bit is found."""
    rng = np.random.default_rng(1)
    n = 5
    weights = [[int(spread * x) for x in rng.uniform(-1, 1, n)] for _ in range(4)]
    circuit = IntegerCircuit(n, [(weights, [spread] * 4, RELU), ([[3, -1, 2, -2]], [-spread], THRESHOLD)])
    values = [by_hand(circuit, k) for k in range(1 << n)]
    table = np.packbits([value == 1 for value in values], bitorder="little")
    assert first_mismatch(circuit, table, 1, -1) is None
    for k in (0, 7, 31):
        wrong = table.copy()
        wrong[k >> 3] ^= 1 << (k & 7)
        assert first_mismatch(circuit, wrong, 1, -1) == (k, values[k])


def test_the_first_of_many_mismatches() -> None:
    """Whatever the division among threads, the least point is reported."""
    circuit = IntegerCircuit(13, [([[0] * 13], [1], THRESHOLD)])
    table = np.full(1 << 10, 255, dtype=np.uint8)
    table[5] = 0b11110111
    table[900] = 0
    assert first_mismatch(circuit, table, 1, -1) == (43, 1)
