"""Circuits of ReLU, threshold and affine gates on all points of a cube, in integers that provably fit.

Points are taken in blocks that share all but their lowest bits. The inner products of the first layer are then sums of
a number for the block and one from a table for the low bits, and each gate of a later layer is a sum of vectors.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from relucomb_solvers._jit import inner_kernel, kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Tables: TypeAlias = tuple[
        NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], NDArray[np.int64], NDArray[np.int64]
    ]

AFFINE, RELU, THRESHOLD = 0, 1, 2
"""Kinds of gates: the value itself, ``max(0, z)``, and +1 where ``z ≥ 0`` and −1 elsewhere."""

MOST_LOW_BITS = 11


@dataclass(frozen=True)
class IntegerCircuit:
    """A layered circuit with one output, with integers for weights.

    Attributes
    ----------
    inputs
        Number of variables; they are −1 or 1.
    layers
        For each layer the weights, the biases and the kind of its gates.
    """

    inputs: int
    layers: Sequence[tuple[Sequence[Sequence[int]], Sequence[int], int]]

    def greatest(self) -> int:
        """Bound every number that occurs, partial sums included.

        Examples
        --------
        >>> IntegerCircuit(2, [([[1, -2]], [5], RELU), ([[3]], [0], AFFINE)]).greatest()
        24
        """
        sizes, greatest = [1] * self.inputs, 1
        for weights, biases, kind in self.layers:
            sums = [
                sum(abs(w) * size for w, size in zip(row, sizes, strict=True)) + abs(b)
                for row, b in zip(weights, biases, strict=True)
            ]
            greatest = max(greatest, *sums)
            sizes = [1 if kind == THRESHOLD else size for size in sums]
        return greatest


def first_mismatch(circuit: IntegerCircuit, table: NDArray[np.uint8], true: int, false: int) -> tuple[int, int] | None:
    """Return the first point at which the output is not what a truth table says, and the output there.

    Parameters
    ----------
    circuit
        A circuit with one output.
    table
        The ``2^n`` bits of the truth table, packed, the lowest first. Bit ``i`` of the number of a point is 1 where
        variable ``i`` is 1.
    true, false
        The outputs that stand for the two bits.

    Returns
    -------
    tuple or None
        None if every output is right.

    Examples
    --------
    >>> conjunction = IntegerCircuit(2, [([[1, 1]], [-1], THRESHOLD)])
    >>> first_mismatch(conjunction, np.array([0b1000], dtype=np.uint8), 1, -1)
    >>> first_mismatch(conjunction, np.array([0b1001], dtype=np.uint8), 1, -1)
    (0, -1)
    """
    if circuit.greatest() >= 1 << 62:
        return _first_mismatch_in_long_integers(circuit, table, true, false)
    dtype = np.int32 if circuit.greatest() < 1 << 31 else np.int64
    low = min(MOST_LOW_BITS, circuit.inputs)
    blocks = 1 << (circuit.inputs - low)
    packed = _flat(circuit, low, dtype)
    workers = min(os.cpu_count() or 1, blocks)
    limits = [blocks * k // workers for k in range(workers + 1)]
    with ThreadPoolExecutor(workers) as pool:
        runs = [pool.submit(_search, *packed, table, true, false, low, a, b) for a, b in pairwise(limits)]
        for run in runs:
            place, value = run.result()
            if place >= 0:
                return int(place), int(value)
    return None


def outputs(circuit: IntegerCircuit) -> NDArray[Any]:
    """Return the outputs at all points: ``int64``, or Python integers if they need not fit.

    Examples
    --------
    >>> outputs(IntegerCircuit(2, [([[1, 1]], [0], RELU), ([[1]], [0], AFFINE)])).tolist()
    [0, 0, 0, 2]
    """
    if circuit.greatest() >= 1 << 62:
        return np.array([_output(circuit, k) for k in range(1 << circuit.inputs)], dtype=object)
    low = min(MOST_LOW_BITS, circuit.inputs)
    found = np.empty(1 << circuit.inputs, dtype=np.int64)
    _tabulate(*_flat(circuit, low, np.int64), low, found)
    return found


def _first_mismatch_in_long_integers(
    circuit: IntegerCircuit, table: NDArray[np.uint8], true: int, false: int
) -> tuple[int, int] | None:
    for k in range(1 << circuit.inputs):
        value = _output(circuit, k)
        if value != (true if table[k >> 3] >> (k & 7) & 1 else false):
            return k, value
    return None


def _output(circuit: IntegerCircuit, point: int) -> int:
    """Evaluate at one point in integers of any length."""
    values = [2 * (point >> i & 1) - 1 for i in range(circuit.inputs)]
    for weights, biases, kind in circuit.layers:
        sums = [
            sum(w * v for w, v in zip(row, values, strict=True)) + b for row, b in zip(weights, biases, strict=True)
        ]
        if kind == RELU:
            sums = [max(0, z) for z in sums]
        elif kind == THRESHOLD:
            sums = [1 if z >= 0 else -1 for z in sums]
        values = sums
    return values[0]


def _flat(circuit: IntegerCircuit, low: int, dtype: Any) -> Tables:
    """Return tables of the first layer's products, and the other layers' weights one after another."""
    first, biases, _ = circuit.layers[0]
    weights = np.array(first, dtype=np.int64).reshape(len(biases), circuit.inputs)
    signs = 2 * (np.arange(1 << low)[:, None] >> np.arange(low) & 1) - 1
    low_table = np.ascontiguousarray((weights[:, :low] @ signs.T).astype(dtype))
    high_weights = weights[:, low:].astype(dtype)
    widths = [len(b) for _, b, _ in circuit.layers]
    rest = [np.array(w, dtype=dtype).ravel() for w, _, _ in circuit.layers[1:]]
    return (
        low_table,
        np.ascontiguousarray(high_weights),
        np.concatenate([np.empty(0, dtype), *rest]).astype(dtype),
        np.concatenate([np.array(b, dtype=dtype) for _, b, _ in circuit.layers]),
        np.array(widths, dtype=np.int64),
        np.array([kind for _, _, kind in circuit.layers], dtype=np.int64),
    )


@kernel
def _search(
    low_table: NDArray[Any],
    high_weights: NDArray[Any],
    weights: NDArray[Any],
    biases: NDArray[Any],
    widths: NDArray[np.int64],
    kinds: NDArray[np.int64],
    table: NDArray[np.uint8],
    true: int,
    false: int,
    low: int,
    first: int,
    last: int,
) -> tuple[int, int]:
    """Look for a wrong output in some blocks."""
    size = low_table.shape[1]
    now = np.empty((widths.max(), size), dtype=low_table.dtype)
    new = np.empty((widths.max(), size), dtype=low_table.dtype)
    for block in range(first, last):
        in_new = _block(low_table, high_weights, weights, biases, widths, kinds, block, now, new)
        for k in range(size):
            point = block * size + k
            value = new[0, k] if in_new else now[0, k]
            bit = (table[point >> 3] >> (point & 7)) & 1
            if value != (true if bit == 1 else false):
                return point, int(value)
    return -1, 0


@kernel
def _tabulate(
    low_table: NDArray[Any],
    high_weights: NDArray[Any],
    weights: NDArray[Any],
    biases: NDArray[Any],
    widths: NDArray[np.int64],
    kinds: NDArray[np.int64],
    low: int,
    found: NDArray[np.int64],
) -> None:
    size = low_table.shape[1]
    now = np.empty((widths.max(), size), dtype=low_table.dtype)
    new = np.empty((widths.max(), size), dtype=low_table.dtype)
    for block in range(len(found) // size):
        in_new = _block(low_table, high_weights, weights, biases, widths, kinds, block, now, new)
        for k in range(size):
            found[block * size + k] = new[0, k] if in_new else now[0, k]


@inner_kernel
def _block(
    low_table: NDArray[Any],
    high_weights: NDArray[Any],
    weights: NDArray[Any],
    biases: NDArray[Any],
    widths: NDArray[np.int64],
    kinds: NDArray[np.int64],
    block: int,
    now: NDArray[Any],
    new: NDArray[Any],
) -> bool:
    """Evaluate all layers at the points of a block; tell which of the two buffers holds the output."""
    size = low_table.shape[1]
    zero = low_table[0, 0] - low_table[0, 0]
    for gate in range(widths[0]):
        base = biases[gate]
        for i in range(high_weights.shape[1]):
            if block >> i & 1:
                base += high_weights[gate, i]
            else:
                base -= high_weights[gate, i]
        row = now[gate]
        for k in range(size):
            row[k] = low_table[gate, k] + base
        _activate(row, kinds[0], zero)
    place, offset = 0, widths[0]
    in_new = False
    for layer in range(1, len(widths)):
        source, target = (new, now) if in_new else (now, new)
        for gate in range(widths[layer]):
            row = target[gate]
            for k in range(size):
                row[k] = biases[offset + gate]
            for i in range(widths[layer - 1]):
                weight = weights[place]
                place += 1
                if weight != 0:
                    _add_multiple(row, source[i], weight)
            _activate(row, kinds[layer], zero)
        offset += widths[layer]
        in_new = not in_new
    return in_new


@inner_kernel
def _add_multiple(row: NDArray[Any], other: NDArray[Any], weight: Any) -> None:
    for k in range(len(row)):
        row[k] += weight * other[k]


@inner_kernel
def _activate(row: NDArray[Any], kind: int, zero: Any) -> None:
    if kind == RELU:
        for k in range(len(row)):
            row[k] = max(row[k], zero)
    elif kind == THRESHOLD:
        for k in range(len(row)):
            row[k] = 1 if row[k] >= 0 else -1
