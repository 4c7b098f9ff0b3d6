"""Count the cells of a central arrangement without listing them.

Deleting and restricting (Zaslavsky 1975) gives ``cells(A ∪ H) = cells(A) + cells(A restricted to H)``. Adding the
hyperplanes one after another and unfolding the recursion down to dimension two, where ``c`` distinct lines through the
origin make ``2 c`` cells, leaves nothing to do but to count distinct directions: two cells per elementary step.

The recursion only asks which rows are parallel in which quotient, a question about the *matroid* of the rows. It is
asked modulo a prime ``p``: what is independent modulo ``p`` is independent. What looks dependent modulo ``p`` is
checked modulo so many other primes that their product with ``p`` exceeds every minor (Hadamard): the answer is exact.

References
----------
.. [1] T. Zaslavsky, Facing up to arrangements: face-count formulas for partitions of space by hyperplanes, Memoirs of
   the AMS 154, 1975. Theorem A and its proof by deletion and restriction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from flint import fmpz_mat

from relucomb_solvers._jit import bare_kernel
from relucomb_solvers.arrangement import PRIME_BITS, arrange, determinant_bits, primes_for, residues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_ROUNDS = 256  # calls into the kernel per count, so that an interrupt is heard in between


def count_cells(rows: Sequence[Sequence[int]], *, skip_primes: int = 0) -> int:
    """Count the full-dimensional cells of an essential central arrangement of distinct hyperplanes.

    Parameters
    ----------
    rows
        ``m`` integer rows of length ``r`` that span and of which no two are parallel, as in
        :class:`~relucomb_solvers.arrangement.Arrangement`.
    skip_primes
        How many primes of the fixed list to leave out; the count does not depend on it.

    Notes
    -----
    Time is proportional to the number of cells (half a direction each) for any degenerate position; memory is
    ``O(r² m)``.

    Examples
    --------
    >>> count_cells([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)])
    14
    """
    m, rank = len(rows), len(rows[0]) if rows else 0
    if m == 0:
        return 1
    if rank <= 2:
        return 2 * m
    if m <= 2 * rank:  # few rows in many dimensions: the count may be astronomical, but some factors are plain
        free = _independent_of_the_rest(rows)
        if free:
            rest = [row for i, row in enumerate(rows) if i not in free]
            return (count_cells(arrange(rest).rows, skip_primes=skip_primes) if rest else 1) << len(free)
        if m == rank + 1:  # one dependence among all rows: only its two sign vectors are missing
            return (1 << m) - 2
    bits = determinant_bits(rows)
    while True:
        primes = np.array(primes_for(bits, skip_primes), dtype=np.int64)
        tables = residues(rows, primes.tolist())
        total = _count(tables, primes)
        if total >= 0:
            return total
        skip_primes += 1  # the first prime divides a minor that is not zero: not the wrong answer, but no answer


def _independent_of_the_rest(rows: Sequence[Sequence[int]]) -> set[int]:
    """Return the rows (by number) that are in no dependence."""
    echelon, _, rank = fmpz_mat([list(row) for row in rows]).transpose().rref()
    places = [[k for k in range(len(rows)) if echelon[i, k] != 0] for i in range(rank)]
    return {place[0] for place in places if len(place) == 1}


def _count(tables: NDArray[np.int64], primes: NDArray[np.int64]) -> int:
    """Return the number of cells, or -1 if the first prime makes different flats of dimension >= 2 coincide."""
    _, m, rank = tables.shape
    negative_inverse = -pow(int(primes[0]), -1, 1 << PRIME_BITS) % (1 << PRIME_BITS)
    space = (
        np.zeros((rank - 2, rank, m), dtype=np.int64),  # coordinates: level, coordinate, vector
        np.zeros((rank - 2, m), dtype=np.int64),  # leading coordinate: level, vector
        np.zeros((rank - 2, m), dtype=np.int64),  # row: level, vector
        np.zeros((5, m), dtype=np.int64),  # one vector's worth of scratch each
        np.zeros((2, 1 << (2 * m).bit_length()), dtype=np.int64),  # hash table: stamp, vector
        np.zeros((rank, rank), dtype=np.int64),  # a few rows, for the rank modulo another prime
        np.zeros(rank, dtype=np.int64),  # their numbers
        np.zeros(1, dtype=np.int64),  # stamp of the current use of the hash table
        np.zeros((2, rank), dtype=np.int64),  # of each level: number of vectors, the next one to restrict to
    )
    if not _load(tables, primes, negative_inverse, space):
        return -1
    total = 1
    bounds = np.unique((m * np.linspace(0, 1, _ROUNDS + 1) ** (1 / (rank - 1))).astype(np.int64))
    for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        part = _count_range(tables, primes, negative_inverse, space, first, last)
        if part < 0:
            return -1
        total += int(part)
    return total


# --- kernels ----------------------------------------------------------------------------------------------------------

_ZERO = cast(int, np.int64(0))  # numba would compile a kernel once more for a literal 0

_Space = tuple[
    "NDArray[np.int64]",
    "NDArray[np.int64]",
    "NDArray[np.int64]",
    "NDArray[np.int64]",
    "NDArray[np.int64]",
    "NDArray[np.int64]",
    "NDArray[np.int64]",
    "NDArray[np.int64]",
    "NDArray[np.int64]",
]


@bare_kernel
def _load(tables: NDArray[np.int64], primes: NDArray[np.int64], negative_inverse: int, space: _Space) -> bool:
    """Write the rows into level 0; False if two of them are parallel modulo the first prime, or one is zero."""
    coordinates, _, names, _, _, _, _, _, _ = space
    _, m, rank = tables.shape
    for i in range(m):
        names[0, i] = i
        for q in range(rank):
            coordinates[0, q, i] = tables[0, i, q]
    return bool(_group(tables, primes, negative_inverse, space, _ZERO, m) == m)


@bare_kernel
def _count_range(
    tables: NDArray[np.int64], primes: NDArray[np.int64], negative_inverse: int, space: _Space, first: int, last: int
) -> int:
    """Add up the restrictions to hyperplanes ``first .. last - 1`` of those before each; -1 if the prime is unfit."""
    coordinates, leads, names, _, _, _, chosen, _, levels = space
    p = primes[0]
    deepest = coordinates.shape[0] - 1
    ends, at = levels[0], levels[1]
    ends[0] = last
    at[0] = first
    level = _ZERO
    total = 0
    while level >= 0:
        j = at[level]
        if j == ends[level]:
            level -= 1
            continue
        at[level] += 1
        if j == 0:
            total += 1
            continue
        chosen[level] = names[level, j]
        if level == deepest:
            total += 2 * _count_directions(tables, primes, negative_inverse, space, level, j)
            continue
        dimension = coordinates.shape[1] - level
        lead = leads[level, j]
        source = coordinates[level]
        target = coordinates[level + 1]
        row = _ZERO
        for q in range(dimension):
            if q != lead:
                _eliminate(source, target, row, lead, q, j, p, negative_inverse)
                row += 1
        for i in range(j):
            names[level + 1, i] = names[level, i]
        distinct = _group(tables, primes, negative_inverse, space, level + 1, j)
        if distinct < 0:
            return -1
        total += 1
        level += 1
        ends[level] = distinct
        at[level] = 0
    return total


@bare_kernel
def _eliminate(
    source: NDArray[np.int64],
    target: NDArray[np.int64],
    row: int,
    lead: int,
    q: int,
    j: int,
    p: int,
    negative_inverse: int,
) -> None:
    """Write coordinate ``q`` of the vectors before ``j``, modulo vector ``j`` whose leading coordinate is a one."""
    entry = source[q, j]
    if q < lead or entry == 0:
        for i in range(j):
            target[row, i] = source[q, i]
    elif lead == 0:  # normal vectors have a zero or a one in coordinate 0
        for i in range(j):
            difference = source[q, i] - (entry if source[0, i] != 0 else 0)
            target[row, i] = difference + (p if difference < 0 else 0)
    else:
        for i in range(j):
            difference = source[q, i] - _times(source[lead, i], entry, p, negative_inverse)
            target[row, i] = difference + (p if difference < 0 else 0)


@bare_kernel
def _count_directions(
    tables: NDArray[np.int64], primes: NDArray[np.int64], negative_inverse: int, space: _Space, level: int, j: int
) -> int:
    """Count the distinct directions, modulo vector ``j``, of the vectors before it in three dimensions."""
    coordinates, leads, names, scratch, table, _, chosen, stamp, _ = space
    p = primes[0]
    source = coordinates[level]
    lead = leads[level, j]
    row = _ZERO
    for q in range(3):
        if q != lead:
            _eliminate(source, scratch, row, lead, q, j, p, negative_inverse)
            row += 1
    across, along, inverse = scratch[0], scratch[1], scratch[2]
    _invert_all(along, inverse, scratch[3], j, p, negative_inverse)
    for i in range(j):
        # the direction at infinity has a slope of its own, p
        inverse[i] = _times(across[i], inverse[i], p, negative_inverse) if along[i] != 0 else p
    stamp[0] += 1
    mask = table.shape[1] - 1
    size = coordinates.shape[1]
    distinct = 0
    for i in range(j):
        slope = inverse[i]
        slot = _slot(slope, mask)
        new = True
        while table[0, slot] == stamp[0]:
            other = table[1, slot]
            if inverse[other] == slope:
                chosen[size - 2] = names[level, i]
                chosen[size - 1] = names[level, other]
                if _are_dependent(tables, primes, space, size):
                    new = False
                    break
            slot = (slot + 1) & mask
        if new:
            table[0, slot] = stamp[0]
            table[1, slot] = i
            distinct += 1
    return distinct


@bare_kernel
def _group(
    tables: NDArray[np.int64], primes: NDArray[np.int64], negative_inverse: int, space: _Space, level: int, n: int
) -> int:
    """Bring the ``n`` vectors of a level to normal form and keep one of each; return how many, or -1 (see `_count`)."""
    coordinates, leads, names, scratch, table, _, chosen, stamp, _ = space
    p = primes[0]
    dimension = coordinates.shape[1] - level
    vectors = coordinates[level]
    for i in range(n):
        lead = 0
        while lead < dimension and vectors[lead, i] == 0:
            lead += 1
        if lead == dimension:
            return -1
        leads[level, i] = lead
        scratch[0, i] = vectors[lead, i]
    _invert_all(scratch[0], scratch[1], scratch[2], n, p, negative_inverse)
    stamp[0] += 1
    mask = table.shape[1] - 1
    distinct = 0
    for i in range(n):
        lead = leads[level, i]
        key = lead
        for q in range(lead, dimension):
            entry = _times(vectors[q, i], scratch[1, i], p, negative_inverse)
            vectors[q, i] = entry
            key = ((key * 5) ^ entry) & 0x3FFFFFFF
        slot = _slot(key, mask)
        new = True
        while table[0, slot] == stamp[0]:
            other = table[1, slot]
            q = 0
            while q < dimension and vectors[q, i] == vectors[q, other]:
                q += 1
            if q == dimension:
                chosen[level] = names[level, i]
                chosen[level + 1] = names[level, other]
                if not _are_dependent(tables, primes, space, level + 2):
                    return -1
                new = False
                break
            slot = (slot + 1) & mask
        if new:
            for q in range(dimension):
                vectors[q, distinct] = vectors[q, i]
            leads[level, distinct] = lead
            names[level, distinct] = names[level, i]
            table[0, slot] = stamp[0]
            table[1, slot] = distinct
            distinct += 1
    return distinct


@bare_kernel
def _slot(key: int, mask: int) -> int:
    """Scatter a key below ``2**30`` over the hash table."""
    return ((key * 0x1E3779B1) >> 17) & mask


@bare_kernel
def _are_dependent(tables: NDArray[np.int64], primes: NDArray[np.int64], space: _Space, n: int) -> bool:
    """Decide whether the first ``n`` chosen rows, dependent modulo the first prime, are dependent."""
    _, _, _, _, _, matrix, chosen, _, _ = space
    rank = tables.shape[2]
    for k in range(1, len(primes)):
        p = primes[k]
        for a in range(n):
            for q in range(rank):
                matrix[a, q] = tables[k, chosen[a], q]
        full = True
        for a in range(n):
            lead = 0
            while lead < rank and matrix[a, lead] == 0:
                lead += 1
            if lead == rank:
                full = False
                break
            for b in range(a + 1, n):
                factor = matrix[b, lead]
                if factor != 0:
                    for q in range(rank):
                        matrix[b, q] = (matrix[b, q] * matrix[a, lead] + (p - factor) * matrix[a, q]) % p
        if full:
            return False
    return True


@bare_kernel
def _times(a: int, b: int, p: int, negative_inverse: int) -> int:
    """Multiply in Montgomery's form: ``a b / 2**PRIME_BITS`` modulo ``p``."""
    product = a * b
    quotient = ((product & 0x3FFFFFFF) * negative_inverse) & 0x3FFFFFFF
    result = (product + quotient * p) >> 30
    return result - p if result >= p else result


@bare_kernel
def _invert(a: int, p: int, negative_inverse: int) -> int:
    """Invert in Montgomery's form, by Fermat's little theorem."""
    power = (1 << 30) % p
    exponent = p - 2
    while exponent:
        if exponent & 1:
            power = _times(power, a, p, negative_inverse)
        a = _times(a, a, p, negative_inverse)
        exponent >>= 1
    return power


@bare_kernel
def _invert_all(
    values: NDArray[np.int64], out: NDArray[np.int64], scratch: NDArray[np.int64], n: int, p: int, negative_inverse: int
) -> None:
    """Invert ``n`` values with one inversion; zeros give nonsense. ``scratch`` is overwritten.

    Montgomery's trick (products up to each value, then back), in four interleaved chains because the processor can
    follow four at once.
    """
    one = (1 << 30) % p
    for i in range(n):
        before = scratch[i - 4] if i >= 4 else one
        scratch[i] = _times(before, values[i], p, negative_inverse) if values[i] != 0 else before
    whole = one
    for i in range(max(0, n - 4), n):
        out[i] = whole
        whole = _times(whole, scratch[i], p, negative_inverse)
    whole = _invert(whole, p, negative_inverse)
    for i in range(n - 1, max(0, n - 4) - 1, -1):
        out[i] = _times(out[i], whole, p, negative_inverse)
        whole = _times(whole, scratch[i], p, negative_inverse)
    # out[i] is now the inverse of the product of the chain up to value i
    for i in range(n - 1, -1, -1):
        running = out[i]
        if i >= 4:
            out[i] = _times(running, scratch[i - 4], p, negative_inverse)
            out[i - 4] = _times(running, values[i], p, negative_inverse) if values[i] != 0 else running
