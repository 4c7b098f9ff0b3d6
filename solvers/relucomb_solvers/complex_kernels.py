"""Cutting every cell of a polyhedral complex of cones by one piecewise-linear function: the kernels.

A cell is the list of its extreme rays. A ray carries a row of floats (its coordinates, then the values of the current
layer's units), a row of error bounds, and a mask: bit ``u`` is set if constraint ``u`` vanishes at the ray. Signs are
exact when they reach :func:`cut_cells`, so the combinatorics below them are exact too.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from relucomb_solvers._jit import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDING = 2.0**-53
EXACT_INTEGERS = 2.0**53


@kernel
def decide_signs(
    values: NDArray[np.float64],
    errors: NDArray[np.float64],
    column: int,
    count: int,
    signs: NDArray[np.int8],
    undecided: NDArray[np.int64],
) -> int:
    """Write the signs of one column where floats can tell them; return how many rays are left undecided."""
    left = 0
    for ray in range(count):
        value, error = values[ray, column], errors[ray, column]
        if value > error:
            signs[ray] = 1
        elif value < -error:
            signs[ray] = -1
        elif value == 0.0 and error == 0.0:
            signs[ray] = 0
        else:
            undecided[left] = ray
            left += 1
    return left


@kernel
def mark_zeros(masks: NDArray[np.uint64], signs: NDArray[np.int8], count: int, bit: int) -> None:
    """Set a bit in the mask of every ray at which the function vanishes."""
    word, flag = bit >> 6, np.uint64(1) << np.uint64(bit & 63)
    for ray in range(count):
        if signs[ray] == 0:
            masks[ray, word] |= flag


@kernel
def meet_edges(
    values: NDArray[np.float64],
    errors: NDArray[np.float64],
    exact: NDArray[np.bool_],
    masks: NDArray[np.uint64],
    edges: NDArray[np.int64],
    count: int,
    dimension: int,
    columns: int,
    column: int,
    bit: int,
    unit: float,
) -> None:
    """Append the rays in which a function, column ``column``, vanishes on edges with ends of opposite signs.

    ``unit`` is the power of two that makes the values of the layer integers, where they are. Two exact rays have an
    exact combination if it fits into the 53 bits of a float, and are combined with error bounds otherwise.
    """
    word, flag = bit >> 6, np.uint64(1) << np.uint64(bit & 63)
    for k in range(len(edges)):
        p, q, new = edges[k, 0], edges[k, 1], count + k
        for m in range(masks.shape[1]):
            masks[new, m] = masks[p, m] & masks[q, m]
        masks[new, word] |= flag
        exact[new] = exact[p] and exact[q] and _combine_exactly(values, p, q, new, dimension, columns, column, unit)
        if exact[new]:
            for c in range(columns):
                errors[new, c] = 0.0
        else:
            _combine(values, errors, p, q, new, dimension, columns, column)
        values[new, column] = 0.0
        errors[new, column] = 0.0


@inner_kernel
def _combine_exactly(
    values: NDArray[np.float64], p: int, q: int, new: int, dimension: int, columns: int, column: int, unit: float
) -> bool:
    """Combine two integer rays into a primitive one; tell whether that was exact."""
    a, b = abs(values[q, column]) * unit, abs(values[p, column]) * unit  # integers below 2**53
    divisor = float(math.gcd(int(a), int(b)))
    a /= divisor
    b /= divisor
    content = 0
    for c in range(dimension):
        if a * abs(values[p, c]) + b * abs(values[q, c]) >= EXACT_INTEGERS:
            return False
        values[new, c] = a * values[p, c] + b * values[q, c]
        content = math.gcd(content, int(abs(values[new, c])))
    limit = EXACT_INTEGERS / unit
    for c in range(dimension, columns):
        if a * abs(values[p, c]) + b * abs(values[q, c]) >= limit:
            return False
        values[new, c] = a * values[p, c] + b * values[q, c]
    if content > 1:
        divisor = float(content)
        for c in range(columns):
            values[new, c] /= divisor
    return True


@inner_kernel
def _combine(
    values: NDArray[np.float64],
    errors: NDArray[np.float64],
    p: int,
    q: int,
    new: int,
    dimension: int,
    columns: int,
    column: int,
) -> None:
    """Combine two rays in floats, with a bound on the error of every entry, and bring the result to size 1."""
    scale_p, scale_q = _scale(values, p, dimension), _scale(values, q, dimension)
    x, y = abs(values[q, column]) * scale_q, abs(values[p, column]) * scale_p
    slip_x, slip_y = errors[q, column] * scale_q, errors[p, column] * scale_p
    total = x + y
    alpha, beta = x / total, y / total
    room = total - slip_x - slip_y
    # with x* and y* the true values: |x/(x+y) - x*/(x*+y*)| <= (x|y*-y| + y|x*-x|) / ((x+y)(x*+y*))
    slip = np.inf if room <= 0.0 else (alpha * slip_y + beta * slip_x) / room * (1.0 + 16 * ROUNDING)
    slip += 4 * ROUNDING
    for c in range(columns):
        first, second = values[p, c] * scale_p, values[q, c] * scale_q
        error_first, error_second = errors[p, c] * scale_p, errors[q, c] * scale_q
        values[new, c] = alpha * first + beta * second
        if first == 0.0 and second == 0.0 and error_first == 0.0 and error_second == 0.0:
            errors[new, c] = 0.0
            continue
        spread = abs(first - second) + error_first + error_second
        size = alpha * abs(first) + beta * abs(second)
        bound = alpha * error_first + beta * error_second + slip * spread + 4 * ROUNDING * size
        errors[new, c] = bound * (1.0 + 32 * ROUNDING) + 1e-300
    scale = _scale(values, new, dimension)
    if scale != 1.0:
        for c in range(columns):
            values[new, c] *= scale
            errors[new, c] *= scale


@inner_kernel
def _scale(values: NDArray[np.float64], ray: int, dimension: int) -> float:
    """Return the power of two that brings the greatest coordinate into [1/2, 1)."""
    greatest = 0.0
    for c in range(dimension):
        greatest = max(greatest, abs(values[ray, c]))
    if greatest == 0.0 or not greatest < np.inf:
        return 1.0
    _, exponent = math.frexp(greatest)
    return math.ldexp(1.0, -exponent)


@kernel
def cut_cells(
    pointer: NDArray[np.int64],
    members: NDArray[np.int64],
    bits: NDArray[np.uint64],
    masks: NDArray[np.uint64],
    signs: NDArray[np.int8],
    count: int,
    dimension: int,
    bit: int,
    infinity_bit: int,
    faces: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64], NDArray[np.int64]]:
    """Cut each cell by the function whose signs at the rays are given.

    Parameters
    ----------
    pointer, members, bits
        The cells: rays ``members[pointer[c]:pointer[c + 1]]``, and the pattern so far.
    masks, signs, count
        Of the rays, ``count`` of them.
    dimension
        Of the cones.
    bit
        Number of the function; cells on whose interior it is positive get this bit.
    infinity_bit
        Number of the constraint that vanishes on the rays at infinity.
    faces
        Keep faces of cells that are regions of a pattern of their own: where the function is not negative on a cell
        but zero somewhere, and no strict constraint of the pattern forbids the place.

    Returns
    -------
    pointer, members, bits
        The cells of the finer complex; new rays are numbered from ``count`` on.
    edges : numpy.ndarray
        ``(new, 2)``: the rays whose span contains each new ray; the function is positive at the first.
    """
    cells = len(pointer) - 1
    words = masks.shape[1]
    new_pointer = np.empty(2 * cells + 1, dtype=np.int64)
    new_members = np.empty(2 * len(members) + 64, dtype=np.int64)
    new_bits = np.empty((2 * cells, bits.shape[1]), dtype=np.uint64)
    edges = np.empty((64, 2), dtype=np.int64)
    table = np.full(256, -1, dtype=np.int64)
    born = np.empty(64, dtype=np.int64)
    common = np.empty(words, dtype=np.uint64)
    word, flag = bit >> 6, np.uint64(1) << np.uint64(bit & 63)
    made, filled, found = 0, 0, 0
    new_pointer[0] = 0
    for cell in range(cells):
        first, last = pointer[cell], pointer[cell + 1]
        plus, minus = 0, 0
        for m in range(first, last):
            sign = signs[members[m]]
            plus += sign > 0
            minus += sign < 0
        fresh = 0
        if plus > 0 and minus > 0:
            for i in range(first, last):
                p = members[i]
                if signs[p] <= 0:
                    continue
                for j in range(first, last):
                    q = members[j]
                    if signs[q] >= 0 or not _are_adjacent(masks, members, first, last, p, q, dimension, common):
                        continue
                    if 2 * (found + 1) > len(table):
                        table = _rehashed(table, edges, found)
                    if found == len(edges):
                        edges = _longer_pairs(edges)
                    slot = _slot(table, edges, p, q)
                    if table[slot] < 0:
                        edges[found, 0], edges[found, 1] = p, q
                        table[slot] = found
                        found += 1
                    if fresh == len(born):
                        born = _longer(born, 2 * fresh)
                    born[fresh] = count + table[slot]
                    fresh += 1
        room = filled + 2 * (last - first + fresh)
        if room > len(new_members):
            new_members = _longer(new_members, 2 * room)
        touches = last - first - plus - minus > 0
        for side in (1, -1):
            keep = plus > 0 if side > 0 else minus > 0 or plus == 0 or (faces and touches)
            if not keep:
                continue
            start = filled
            for m in range(first, last):
                if signs[members[m]] * side >= 0:
                    new_members[filled] = members[m]
                    filled += 1
            for k in range(fresh):
                new_members[filled] = born[k]
                filled += 1
            is_face = side < 0 and minus == 0 and plus > 0
            if is_face and _is_forbidden(masks, new_members, start, filled, bits[cell], infinity_bit):
                filled = start
                continue
            for m in range(bits.shape[1]):
                new_bits[made, m] = bits[cell, m]
            if side > 0:
                new_bits[made, word] |= flag
            made += 1
            new_pointer[made] = filled
    return new_pointer[: made + 1].copy(), new_members[:filled].copy(), new_bits[:made].copy(), edges[:found].copy()


@inner_kernel
def _are_adjacent(
    masks: NDArray[np.uint64],
    members: NDArray[np.int64],
    first: int,
    last: int,
    p: int,
    q: int,
    dimension: int,
    common: NDArray[np.uint64],
) -> bool:
    """Tell whether two rays span an edge of the cell: no third ray lies on all constraints that both lie on."""
    tight = 0
    for m in range(len(common)):
        common[m] = masks[p, m] & masks[q, m]
        tight += _population(common[m])
    if tight < dimension - 2:
        return False
    for i in range(first, last):
        other = members[i]
        if other in (p, q):
            continue
        contained = True
        for m in range(len(common)):
            if masks[other, m] & common[m] != common[m]:
                contained = False
                break
        if contained:
            return False
    return True


@inner_kernel
def _population(word: np.uint64) -> int:
    total = 0
    while word != np.uint64(0):
        word &= word - np.uint64(1)
        total += 1
    return total


@inner_kernel
def _is_forbidden(
    masks: NDArray[np.uint64],
    members: NDArray[np.int64],
    start: int,
    stop: int,
    pattern: NDArray[np.uint64],
    infinity_bit: int,
) -> bool:
    """Tell whether a constraint that must be positive vanishes on the whole face (the last is: to be finite)."""
    for m in range(masks.shape[1]):
        strict = pattern[m] if m < len(pattern) else np.uint64(0)
        if infinity_bit >> 6 == m:
            strict |= np.uint64(1) << np.uint64(infinity_bit & 63)
        for i in range(start, stop):
            strict &= masks[members[i], m]
        if strict != np.uint64(0):
            return True
    return False


@inner_kernel
def _slot(table: NDArray[np.int64], edges: NDArray[np.int64], p: int, q: int) -> np.int64:
    """Return where the edge stands in the table, or the free slot where it belongs."""
    mixed = np.int64(p) * np.int64(0x1E3779B1) + np.int64(q) * np.int64(0x05EBCA77)  # below 2**63: rays fit in 32 bits
    mixed ^= mixed >> np.int64(27)
    slot = mixed & np.int64(len(table) - 1)
    while table[slot] >= 0 and (edges[table[slot], 0] != p or edges[table[slot], 1] != q):
        slot = (slot + 1) & (len(table) - 1)
    return slot


@inner_kernel
def _rehashed(table: NDArray[np.int64], edges: NDArray[np.int64], found: int) -> NDArray[np.int64]:
    larger = np.full(4 * len(table), -1, dtype=np.int64)
    for k in range(found):
        larger[_slot(larger, edges, edges[k, 0], edges[k, 1])] = k
    return larger


@inner_kernel
def _longer(array: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    larger = np.empty(length, dtype=np.int64)
    for k in range(len(array)):
        larger[k] = array[k]
    return larger


@inner_kernel
def _longer_pairs(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    larger = np.empty((2 * len(pairs), 2), dtype=np.int64)
    for k in range(len(pairs)):
        larger[k, 0], larger[k, 1] = pairs[k, 0], pairs[k, 1]
    return larger
