"""Tests of circuits of Definition 12: blocks against their definition, ranks and bounds."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from relucomb.boolean.circuits import Circuit
from relucomb.boolean.function import BooleanFunction, points
from relucomb.boolean.weight_restricted import (
    WeightRestriction,
    block_bounds,
    bottom_gates_needed,
    communication_matrix,
    count_groups,
    exact_rank,
    gate_blocks,
    gate_matrices,
    sign_rank_witness,
)

SHAPES = [(1, 1, (2,)), (2, 1, (3, 2)), (3, 2, (2, 2, 2)), (3, 9, (3, 1)), (4, 3, (2, 3)), (5, 2, (3,)), (6, 1, (2, 2))]


def blocks_by_definition(matrix: np.ndarray[Any, Any]) -> tuple[int, int]:
    """Try all partitions into contiguous groups of rows and columns; return the least that are constant on blocks."""
    size = len(matrix)

    def partitions() -> list[list[list[int]]]:
        found = []
        for cuts in itertools.product((False, True), repeat=size - 1):
            groups = [[0]]
            for i, cut in enumerate(cuts, start=1):
                if cut:
                    groups.append([])
                groups[-1].append(i)
            found.append(groups)
        return found

    best = [
        (len(rows), len(columns))
        for rows in partitions()
        for columns in partitions()
        if all(len({matrix[i, j] for i in r for j in c}) == 1 for r in rows for c in columns)
    ]
    return min(rows for rows, _ in best), min(columns for _, columns in best)


def test_block_counts_are_those_of_the_definition() -> None:
    """On random matrices with few values, and on gates."""
    random = np.random.default_rng(1)
    for size in (1, 2, 4):
        for _ in range(12):
            drawn: np.ndarray[Any, Any] = random.integers(0, 2, (size, size))
            matrix = drawn[np.sort(random.integers(0, size, size))]
            assert (count_groups(matrix), count_groups(matrix.T)) == blocks_by_definition(matrix)
    rule = WeightRestriction.random(2, 3, seed=0)
    circuit = rule.sample([3, 2], seed=1)
    for layer, found in zip(gate_matrices(circuit), gate_blocks(circuit, rule), strict=True):
        for gate, blocks in zip(layer, found, strict=True):
            ordered = gate[np.ix_(rule.order_x, rule.order_y)]
            assert (blocks.row_blocks, blocks.column_blocks) == blocks_by_definition(ordered)


@pytest.mark.parametrize(("m", "weight", "widths"), SHAPES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_sampled_circuits_keep_within_the_bounds(m: int, weight: int, widths: tuple[int, ...], seed: int) -> None:
    """They meet the condition, and blocks and ranks of all gates are at most what is proven."""
    rule = WeightRestriction.random(m, weight, seed)
    circuit = rule.sample(widths, seed)
    assert rule.violation(circuit) is None
    own = WeightRestriction.of_circuit(circuit)
    assert own is not None
    assert own.weight <= weight
    assert own.violation(circuit) is None
    bounds = block_bounds(m, weight, widths)
    found = gate_blocks(circuit, rule)
    for layer, bound in zip(found, [*bounds.blocks, bounds.common], strict=True):
        for gate in layer:
            assert gate.rank <= min(gate.row_blocks, gate.column_blocks)
            assert max(gate.row_blocks, gate.column_blocks) <= min(bound, bounds.common)
    signs = communication_matrix(circuit.truth_table())
    witness = sign_rank_witness(circuit)
    assert np.array_equal(witness > 0, signs > 0)
    assert not (witness == 0).any()
    assert exact_rank(witness) <= bounds.sign_rank <= bounds.sign_rank_by_rows <= bounds.sign_rank_published
    assert bottom_gates_needed(circuit.truth_table(), weight) <= widths[0]


def test_all_rows_can_be_different() -> None:
    """One gate with the weights 1, 2, 4 tells all eight rows apart; the bound has 3·4 + 1, cut to 8."""
    circuit = Circuit([([[1, 2, 4, 1, 2, 4]], [0], "ReLU"), ([[1]], [-1], "LTF")])
    rule = WeightRestriction.of_circuit(circuit)
    assert rule is not None
    [blocks] = gate_blocks(circuit, rule)[0]
    assert (blocks.row_blocks, blocks.rank) == (8, 7)
    assert block_bounds(3, 4, [1]).values == 8


def test_matrices_are_multiples_of_the_values() -> None:
    """Rational weights and biases above the bottom; each matrix is a positive multiple of the values."""
    given: list[Any] = [
        ([[1, -2, 3, 1], [0, 1, 1, 1]], [Fraction(1, 2), Fraction(-1, 3)], "ReLU"),
        ([[Fraction(1, 2), Fraction(-2, 3)], [1, 1]], [Fraction(1, 5), -1], "ReLU"),
        ([[1, -1]], [Fraction(1, 7)], "LTF"),
    ]
    circuit = Circuit(given)
    layers = gate_matrices(circuit)
    for k, matrices in enumerate(layers):
        for i, matrix in enumerate(matrices):
            rows: list[Any] = [(layer.weights, layer.biases, layer.gate) for layer in circuit.layers[: k + 1]]
            weights, biases, gate = rows[-1]
            rows[-1] = (weights[i : i + 1], biases[i : i + 1], gate if k < 2 else "affine")
            values = Circuit(rows).evaluate(points(4)).reshape(4, 4).T
            ratios = {Fraction(int(a)) / b for a, b in zip(matrix.ravel(), values.ravel(), strict=True) if b}
            assert len(ratios) == 1
            assert ratios.pop() > 0
            assert all((a == 0) == (b == 0) for a, b in zip(matrix.ravel(), values.ravel(), strict=True))


def test_exact_rank_against_sympy() -> None:
    """Random matrices of low rank with long entries."""
    random = np.random.default_rng(0)
    for rank in (1, 2, 3):
        left = random.integers(-3, 4, (6, rank)).astype(object) * 10**20
        right = random.integers(-3, 4, (rank, 5)).astype(object)
        assert exact_rank(left @ right) == sympy.Matrix((left @ right).tolist()).rank()


def test_equality_needs_many_bottom_gates() -> None:
    """All 2^m rows are different: (2^m - 1)/(mW) bottom gates, for every depth; one is enough if W is large."""
    equality = BooleanFunction.from_name("equality", 12)
    assert [bottom_gates_needed(equality, weight) for weight in (1, 2, 4, 100)] == [11, 6, 3, 1]
    assert bottom_gates_needed(BooleanFunction.from_name("parity", 12), 1) == 1


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: WeightRestriction((0, 1), (0, 0), 1), "order must have each index from 0 to 1 once"),
        (lambda: WeightRestriction((0, 1), (0, 1, 2, 3), 1), "order must have each index"),
        (lambda: WeightRestriction((0, 1), (0, 1), 0), "weight must be a whole number from 1"),
        (lambda: WeightRestriction.random(7, 1), "m must be from 1 to 6; got 7"),
        (lambda: WeightRestriction.random(2, 1).sample([]), "widths must have"),
        (lambda: gate_matrices(Circuit([([[1, 1, 1]], [0], "LTF")])), "even number of variables"),
        (lambda: gate_matrices(Circuit([([[1] * 14], [0], "LTF")])), "at most 12 variables"),
        (lambda: sign_rank_witness(Circuit([([[1, 1]], [0], "ReLU")])), "must be an LTF"),
        (lambda: communication_matrix(BooleanFunction([0] * 8)), "even number of variables"),
        (
            lambda: gate_blocks(Circuit([([[2, 1]], [0], "LTF")]), WeightRestriction((0, 1), (0, 1), 1)),
            "condition of Definition 12; bottom gate 0: a weight is greater than 1",
        ),
        (
            lambda: gate_blocks(Circuit([([[-1, 1]], [0], "LTF")]), WeightRestriction((0, 1), (0, 1), 1)),
            "the weights of x are not in the cone",
        ),
        (
            lambda: gate_blocks(Circuit([([[0.5, 1]], [0], "LTF")]), WeightRestriction((0, 1), (0, 1), 1)),
            "a weight is not whole",
        ),
        (
            lambda: gate_blocks(Circuit([([[1] * 4], [0], "LTF")]), WeightRestriction((0, 1), (0, 1), 1)),
            "the circuit has 4 variables, the condition is for 2",
        ),
    ],
)
def test_bad_input(make: Any, complaint: str) -> None:
    """What is wrong is told."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make()


def test_circuits_that_meet_no_restriction() -> None:
    """Opposite orders, or weights that are not whole."""
    assert WeightRestriction.of_circuit(Circuit([([[1, 1], [-1, 1]], [0, 0], "ReLU"), ([[1, 1]], [0], "LTF")])) is None
    assert WeightRestriction.of_circuit(Circuit([([[0.5, 1]], [0], "LTF")])) is None
