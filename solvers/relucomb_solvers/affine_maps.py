"""Which cells of a complex have the same affine map: exactly, by residues modulo enough primes.

The map of a cell is the product of the layers with the rows of inactive units struck out. Its coefficients are integers
that are bounded in advance, so two maps are equal if their residues modulo primes with a greater product are.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from relucomb_solvers._jit import kernel
from relucomb_solvers.arrangement import primes_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from relucomb_solvers.homogeneous_layers import HomogeneousLayer


def number_maps(layers: Sequence[HomogeneousLayer], bits: NDArray[np.uint64]) -> tuple[NDArray[np.int64], int]:
    """Give equal numbers to cells with equal affine maps, and only to these.

    Parameters
    ----------
    layers
        All layers, the last one being the output.
    bits
        ``(cells, words)`` patterns of the hidden units.

    Returns
    -------
    numbers : numpy.ndarray
        ``(cells,)``, from 0.
    count : int
        How many different maps there are.
    """
    primes = primes_for(coefficient_bits(layers) + 1)  # of differences of coefficients
    numbers, count = distinct_rows(map_residues(layers, bits, primes[:1]))
    if len(primes) > 1 and count < len(bits):  # maps that differ modulo one prime are different
        twins = np.flatnonzero(np.bincount(numbers)[numbers] > 1)
        more, _ = distinct_rows(np.column_stack([numbers[twins], map_residues(layers, bits[twins], primes[1:])]))
        numbers[twins] = count + more
        numbers, count = distinct_rows(numbers[:, None])
    return numbers, count


def distinct_maps(layers: Sequence[HomogeneousLayer], bits: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return one row of residues for each different map: the same row for the same map in every call."""
    residues = map_residues(layers, bits, primes_for(coefficient_bits(layers) + 1))
    numbers, _ = distinct_rows(residues)
    return residues[np.unique(numbers, return_index=True)[1]]


def distinct_rows(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Return a number for each row, from 0, that is the same for equal rows, and how many there are.

    Examples
    --------
    >>> distinct_rows(np.array([[1, 2], [0, 5], [1, 2]]))
    (array([1, 0, 1]), 2)
    """
    if len(rows) == 0 or rows.shape[1] == 0:
        return np.zeros(len(rows), dtype=np.int64), min(1, len(rows))
    order = np.lexsort(rows.T[::-1])
    ordered = rows[order]
    starts = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])
    numbers = np.empty(len(rows), dtype=np.int64)
    numbers[order] = np.cumsum(starts) - 1
    return numbers, int(starts.sum())


def map_residues(
    layers: Sequence[HomogeneousLayer], bits: NDArray[np.uint64], primes: Sequence[int]
) -> NDArray[np.int64]:
    """Return the coefficients of the affine maps modulo primes, ``(cells, primes * outputs * (inputs + 1))``."""
    widths = np.array([len(layers[0].weights[0]), *(layer.units for layer in layers)], dtype=np.int64)
    entries = [[*itertools.chain(*layer.weights), *layer.bias] for layer in layers]
    flat = np.array([[entry % p for entry in itertools.chain(*entries)] for p in primes], dtype=np.int64)
    offsets = np.cumsum([0, *(len(part) for part in entries)])
    found = np.empty((len(bits), len(primes) * int(widths[-1] * (widths[0] + 1))), dtype=np.int64)
    _multiply(bits, flat, offsets, widths, np.array(primes, dtype=np.int64), found)
    return found


def coefficient_bits(layers: Sequence[HomogeneousLayer]) -> int:
    """Bound the coefficients of every affine map, in bits.

    Examples
    --------
    >>> from relucomb_solvers.homogeneous_layers import HomogeneousLayer
    >>> coefficient_bits([HomogeneousLayer([[3], [-2]], [1, 1], 2, 2), HomogeneousLayer([[1, -1]], [5], 1, 3)])
    3
    """
    greatest = [max((abs(entry) for entry in row), default=0) for row in layers[0].weights]
    constants = [abs(entry) for entry in layers[0].bias]
    for layer in layers[1:]:
        rows = [[abs(entry) for entry in row] for row in layer.weights]
        greatest = [sum(map(int.__mul__, row, greatest)) for row in rows]
        constants = [sum(map(int.__mul__, row, constants)) for row in rows]
        constants = [constant + abs(entry) for constant, entry in zip(constants, layer.bias, strict=True)]
    return max(*greatest, *constants, 1).bit_length()


@kernel
def _multiply(
    bits: NDArray[np.uint64],
    flat: NDArray[np.int64],
    offsets: NDArray[np.int64],
    widths: NDArray[np.int64],
    primes: NDArray[np.int64],
    found: NDArray[np.int64],
) -> None:
    """Multiply the layers from the output backwards, modulo each prime, along the active units of each cell.

    The product of the output with the last hidden layer is kept from cell to cell: neighbours in the list differ in few
    units of that layer.
    """
    depth = len(widths) - 1
    inputs, outputs = widths[0], widths[depth]
    widest = widths.max()
    row = np.empty(widest, dtype=np.int64)
    before = np.empty(widest, dtype=np.int64)
    hidden = widths[depth - 1] if depth > 1 else 0
    first_unit = 0
    for layer in range(1, depth - 1):
        first_unit += widths[layer]
    behind = widths[depth - 2] if depth > 1 else 0
    product = np.zeros((len(primes), outputs, behind + 1), dtype=np.int64)  # of the active units, none at first
    active = np.zeros(hidden, dtype=np.bool_)
    last, top = offsets[depth - 2], offsets[depth - 1]
    for cell in range(len(bits)):
        for i in range(hidden):
            u = first_unit + i
            on = (bits[cell, u >> 6] >> np.uint64(u & 63)) & np.uint64(1) != np.uint64(0)
            if on == active[i]:
                continue
            active[i] = on
            for k in range(len(primes)):
                p = primes[k]
                for out in range(outputs):
                    factor = flat[k, top + out * hidden + i]
                    if not on:
                        factor = p - factor
                    for j in range(behind):
                        product[k, out, j] = (product[k, out, j] + factor * flat[k, last + i * behind + j]) % p
                    product[k, out, behind] = (
                        product[k, out, behind] + factor * flat[k, last + hidden * behind + i]
                    ) % p
        place = 0
        for k in range(len(primes)):
            p = primes[k]
            for out in range(outputs):
                constant = flat[k, top + outputs * widths[depth - 1] + out]
                if depth == 1:
                    for j in range(inputs):
                        row[j] = flat[k, top + out * inputs + j]
                else:
                    for j in range(behind):
                        row[j] = product[k, out, j]
                    constant = (constant + product[k, out, behind]) % p
                unit = first_unit
                for layer in range(depth - 3, -1, -1):
                    start, fan_in, fan_out = offsets[layer], widths[layer], widths[layer + 1]
                    unit -= fan_out
                    for j in range(fan_in):
                        before[j] = 0
                    pending = 0
                    for i in range(fan_out):
                        u = unit + i
                        if (bits[cell, u >> 6] >> np.uint64(u & 63)) & np.uint64(1) == np.uint64(0) or row[i] == 0:
                            continue
                        factor = row[i]
                        for j in range(fan_in):
                            before[j] += factor * flat[k, start + i * fan_in + j]
                        constant = (constant + factor * flat[k, start + fan_out * fan_in + i]) % p
                        pending += 1
                        if pending == 6:  # seven products of 30-bit numbers and a residue fit into 63 bits
                            pending = 0
                            for j in range(fan_in):
                                before[j] %= p
                    for j in range(fan_in):
                        row[j] = before[j] % p
                for j in range(inputs):
                    found[cell, place] = row[j]
                    place += 1
                found[cell, place] = constant
                place += 1
