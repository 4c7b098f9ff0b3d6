"""Tests of the comparison of affine maps by residues."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from relucomb_solvers.affine_maps import coefficient_bits, distinct_maps, distinct_rows, map_residues, number_maps
from relucomb_solvers.arrangement import primes_for
from relucomb_solvers.homogeneous_layers import HomogeneousLayer, homogeneous_layers

pytestmark = pytest.mark.kernels


def fractions(array: object) -> np.ndarray:
    """Return an object array of fractions."""
    return np.vectorize(Fraction, otypes=[object])(np.asarray(array, dtype=object))


def layers_of(widths: tuple[int, ...], seed: int, spread: int = 3) -> list[HomogeneousLayer]:
    """Return layers of random integers."""
    rng = np.random.default_rng(seed)
    shapes = list(zip(widths[1:], widths[:-1], strict=True))
    spans = [
        (rng.integers(-spread, spread + 1, shape), rng.integers(-spread, spread + 1, shape[0])) for shape in shapes
    ]
    return homogeneous_layers([(fractions(W), fractions(b)) for W, b in spans])


def exact_map(layers: list[HomogeneousLayer], pattern: int) -> tuple[int, ...]:
    """Multiply the layers along a pattern, in integers."""
    inputs = len(layers[0].weights[0])
    rows = [[int(r == c) for c in range(inputs)] + [0] for r in range(inputs)]
    unit = 0
    for depth, layer in enumerate(layers):
        rows = [
            [sum(w * row[c] for w, row in zip(weights, rows, strict=True)) for c in range(inputs)]
            + [sum(w * row[inputs] for w, row in zip(weights, rows, strict=True)) + bias]
            for weights, bias in zip(layer.weights, layer.bias, strict=True)
        ]
        if depth < len(layers) - 1:
            rows = [[(pattern >> (unit + i) & 1) * entry for entry in row] for i, row in enumerate(rows)]
            unit += layer.units
    return tuple(entry for row in rows for entry in row)


@pytest.mark.parametrize("widths", [(2, 3, 1), (2, 3, 2, 2), (1, 8, 9, 1), (3, 1), (2, 2, 2, 2, 1)])
def test_residues_are_those_of_the_maps(widths: tuple[int, ...]) -> None:
    """For every pattern the residues are the exact coefficients modulo the primes."""
    layers = layers_of(widths, seed=1, spread=10**8)
    units = sum(widths[1:-1])
    chosen = sorted({k * 37 % (1 << units) for k in range(64)})
    primes = primes_for(60)
    found = map_residues(layers, np.array([[pattern] for pattern in chosen], dtype=np.uint64), primes)
    for pattern, row in zip(chosen, found.tolist(), strict=True):
        assert row == [entry % p for p in primes for entry in exact_map(layers, pattern)]
        assert max(map(abs, exact_map(layers, pattern))) < 1 << coefficient_bits(layers)


def test_equal_maps_and_only_these_get_equal_numbers() -> None:
    """Also if the maps differ by a multiple of the first prime, which one residue cannot tell."""
    p = primes_for(1)[0]
    layers = [HomogeneousLayer([[1], [1], [1]], [0, 0, 0], 1, 1), HomogeneousLayer([[1, 1 + p, 1]], [0], 31, 32)]
    bits = np.array([[1], [2], [4], [1], [3]], dtype=np.uint64)
    numbers, count = number_maps(layers, bits)
    assert count == 3
    assert len({numbers[0], numbers[2], numbers[3]}) == 1
    assert len(set(numbers.tolist())) == 3
    assert sorted(set(numbers.tolist())) == [0, 1, 2]
    assert len(distinct_maps(layers, bits)) == 3


def test_rows_are_numbered_by_equality() -> None:
    """Any array of integers, none at all, or rows without entries."""
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 3, (50, 3))
    numbers, count = distinct_rows(rows)
    assert count == len({tuple(row) for row in rows.tolist()})
    for i in range(50):
        for j in range(50):
            assert (numbers[i] == numbers[j]) == (rows[i] == rows[j]).all()
    assert distinct_rows(np.empty((0, 2), dtype=np.int64))[1] == 0
    assert distinct_rows(np.empty((4, 0), dtype=np.int64))[1] == 1
