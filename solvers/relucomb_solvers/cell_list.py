"""The cells of a central arrangement as blocks of packed sign vectors: prepares and drives :mod:`cell_walk`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from flint import fmpz_mat

from relucomb_solvers import cell_walk
from relucomb_solvers.arrangement import determinant_bits, primes_for, residues
from relucomb_solvers.cell_walk import Determinants, Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

BLOCK_BYTES = 1 << 18
"""Default size of a block."""

_FUNCTIONAL_BITS = 16
_ROUNDING = 2.0**-53


def list_cells(
    rows: Sequence[Sequence[int]],
    *,
    block_bytes: int = BLOCK_BYTES,
    functionals: Sequence[Sequence[int]] | None = None,
) -> Iterator[NDArray[np.uint64]]:
    """Yield the sign vectors of the cells of an essential central arrangement of distinct hyperplanes, in blocks.

    Parameters
    ----------
    rows
        ``m`` integer rows of length ``r`` that span and of which no two are parallel, as in
        :class:`~relucomb_solvers.arrangement.Arrangement`.
    block_bytes
        Size of the blocks, roughly.
    functionals
        ``r - 1`` integer vectors of length ``r``: the generic functionals in the basis that the walk uses. They decide
        the order, not the set, and need not be generic. By default fixed pseudo-random ones.

    Yields
    ------
    numpy.ndarray
        ``(b, ceil(m / 64))`` words of 64 bits; bit ``i % 64`` of word ``i // 64`` is 1 where row ``i`` is positive.
        Each sign vector comes once, and its opposite right after it. The order is the same in every run. Each block is
        a new array.

    Notes
    -----
    Memory is ``O(r**3 m)`` and a block, however many cells there are.

    Examples
    --------
    >>> np.concatenate(list(list_cells([(1, 0), (0, 1)]))).ravel().tolist()
    [0, 3, 1, 2]
    """
    if not rows:
        yield np.zeros((1, 0), dtype=np.uint64)
        return
    m, rank = len(rows), len(rows[0])
    words = (m + 63) // 64
    capacity = max(2, block_bytes // (8 * words))
    matrix = fmpz_mat([list(row) for row in rows])
    basis, scales = _well_conditioned_basis(matrix)
    if functionals is None:
        functionals = _random_functionals(rank)
    exact = [*rows, *(_combination(f, scales, basis, rows) for f in functionals)]
    walk = _allocate(exact, m, basis)
    for stage in range(rank - 1):
        _enter(walk, matrix, exact, functionals, stage)
        while walk.where[0] >= 0:
            block = np.empty((capacity, words), dtype=np.uint64)
            written = cell_walk.advance(walk, block)
            if written:
                yield block[:written]
            if walk.where[3] == cell_walk.DEEPER:
                walk = _deepen(walk)
    last = _last_cell(walk, matrix, exact)
    yield np.stack([last, last ^ walk.full])


def _random_functionals(rank: int) -> list[list[int]]:
    generator = np.random.default_rng(rank)
    sizes = generator.integers(1 << (_FUNCTIONAL_BITS - 1), 1 << _FUNCTIONAL_BITS, size=(rank - 1, rank))
    numbers: list[list[int]] = (sizes * generator.choice([-1, 1], size=sizes.shape)).tolist()
    return numbers


def _combination(
    factors: Sequence[int], scales: Sequence[int], basis: Sequence[int], rows: Sequence[Sequence[int]]
) -> list[int]:
    """Return a positive multiple of the combination of the basis rows, each times two to its scale."""
    least = min(scales)
    weights = [factor << (scale - least) for factor, scale in zip(factors, scales, strict=True)]
    return [sum(w * rows[b][q] for w, b in zip(weights, basis, strict=True)) for q in range(len(factors))]


# --- coordinates ------------------------------------------------------------------------------------------------------


def _well_conditioned_basis(matrix: fmpz_mat) -> tuple[list[int], list[int]]:
    """Choose rows that form a basis in which floats see all rows well.

    Returns
    -------
    basis, scales
        The rows, by number, and the power of two that makes each as large as the others.
    """
    echelon, _, rank = matrix.transpose().rref()
    basis = [next(k for k in range(matrix.nrows()) if echelon[i, k] != 0) for i in range(rank)]
    for _ in range(3):
        table = _coordinates(matrix, _rows(matrix, basis))
        assert table is not None  # the rows form a basis
        coordinates, scales = _equilibrated(table)
        better, smallest = _spread(coordinates)
        if better is None or smallest > 0.01:
            break
        basis = better
    else:
        _, scales = _equilibrated(_coordinates(matrix, _rows(matrix, basis)) or [])
    return basis, scales


def _rows(matrix: fmpz_mat, numbers: Sequence[int]) -> list[list[int]]:
    return [[int(matrix[k, q]) for q in range(matrix.ncols())] for k in numbers]


def _coordinates(matrix: fmpz_mat, basis: Sequence[Sequence[int]]) -> list[list[int]] | None:
    """Return the coordinates of the rows of a matrix in a basis times a positive integer; None if it is no basis."""
    square = fmpz_mat([list(row) for row in basis])
    size = abs(int(square.det()))
    if size == 0:
        return None
    adjugate = fmpz_mat([[int((entry * size).p) for entry in row] for row in square.inv().tolist()])
    return [[int(entry) for entry in row] for row in (matrix * adjugate).tolist()]


def _equilibrated(table: Sequence[Sequence[int]]) -> tuple[NDArray[np.float64], list[int]]:
    """Divide rows and columns of integers by powers of two, so that they have usual sizes near 1 and none above.

    Returns
    -------
    floats
        The quotients, correctly rounded.
    scales
        The powers by which columns were divided.
    """
    lengths = np.array([[entry.bit_length() for entry in row] for row in table], dtype=np.float64)
    lengths[lengths == 0] = np.nan
    columns = np.zeros(lengths.shape[1], dtype=np.int64)
    several = lengths[(~np.isnan(lengths)).sum(axis=1) > 1]  # a row with one entry says nothing about columns
    for _ in range(4 if len(several) else 0):
        along = np.nanmax(several - columns, axis=1, keepdims=True)
        for q in range(len(columns)):
            sizes = (several - along)[:, q]
            sizes = sizes[~np.isnan(sizes)]
            columns[q] = round(float(np.median(sizes))) if len(sizes) else 0
    along = np.nanmax(lengths - columns, axis=1)
    floats = [
        [_scaled(entry, int(r + c)) for entry, c in zip(row, columns, strict=True)]
        for row, r in zip(table, along, strict=True)
    ]
    return np.array(floats, dtype=np.float64), columns.tolist()


def _scaled(entry: int, power: int) -> float:
    """Return ``entry / 2**power``, correctly rounded."""
    return entry / (1 << power) if power >= 0 else float(entry << -power)


def _spread(coordinates: NDArray[np.float64]) -> tuple[list[int] | None, float]:
    """Choose rows that span a large volume, greedily; None if floats cannot tell. Also say how flat they are."""
    left = coordinates / np.linalg.norm(coordinates, axis=1, keepdims=True)
    chosen = []
    smallest = 1.0
    for _ in range(coordinates.shape[1]):
        lengths = np.einsum("ij,ij->i", left, left)
        best = int(np.argmax(lengths))
        smallest = min(smallest, float(lengths[best]))
        if smallest < 1e-12:
            return None, smallest
        chosen.append(best)
        direction = left[best] / np.sqrt(lengths[best])
        left = left - np.outer(left @ direction, direction)
    return chosen, smallest


# --- the walk's memory ------------------------------------------------------------------------------------------------


def _allocate(exact_rows: Sequence[Sequence[int]], m: int, basis: Sequence[int]) -> Walk:
    """Make a walk with room for one depth."""
    rank = len(exact_rows[0])
    enough = [len(primes_for(determinant_bits(part))) for part in (exact_rows[:m], exact_rows)]
    primes = primes_for(determinant_bits(exact_rows))
    garner = np.zeros((len(primes), len(primes)), dtype=np.int64)
    for j, q in enumerate(primes):
        for i, p in enumerate(primes[:j]):
            garner[i, j] = pow(p, -1, q)
    words = (m + 63) // 64
    bit = np.uint64(1) << (np.arange(m, dtype=np.uint64) % np.uint64(64))
    full = np.zeros(words, dtype=np.uint64)
    np.bitwise_or.at(full, np.arange(m) >> 6, bit)

    def integers(*shape: int) -> NDArray[np.int64]:
        return np.zeros(shape, dtype=np.int64)

    def floats(*shape: int) -> NDArray[np.float64]:
        return np.zeros(shape, dtype=np.float64)

    exact = Determinants(
        tables=residues(exact_rows, primes),
        primes=np.array(primes, dtype=np.int64),
        garner=garner,
        enough=np.array([*enough, m], dtype=np.int64),
        basis=np.array(basis, dtype=np.int64),
        pick=integers(rank),
        fixed=integers(len(primes), rank, rank),
        frame=integers(len(primes), 3),
        pair=integers(len(primes), 2, len(exact_rows)),
        serial=integers(3 + len(exact_rows)),
        digits=integers(len(primes)),
        scratch=integers(2, rank),
    )
    return Walk(
        exact=exact,
        where=integers(4),
        stack=integers(rank),
        state=integers(1, 11),
        rows=integers(1, 6, m),
        spent=integers(1, rank, m),
        choice=integers(1, 3, rank),
        table=floats(1, rank, rank, m),
        error=floats(1, rank, rank),
        bound=floats(1, rank, rank),
        words=np.zeros((1, 3, words), dtype=np.uint64),
        bit=bit,
        full=full,
        keys=integers(2, m),
        counts=integers(2048),
    )


_PER_DEPTH = ("state", "rows", "spent", "choice", "table", "error", "bound", "words")


def _deepen(walk: Walk) -> Walk:
    """Add room for one more depth."""
    deeper: dict[str, Any] = {}
    for name in _PER_DEPTH:
        array = getattr(walk, name)
        deeper[name] = np.concatenate([array, np.zeros_like(array[:1])])
    return walk._replace(**deeper)


def _enter(
    walk: Walk, matrix: fmpz_mat, exact: Sequence[Sequence[int]], functionals: Sequence[Sequence[int]], stage: int
) -> None:
    """Set the walk to the start of ``T(A restricted to the first functionals, next functional)``."""
    m = len(walk.bit)
    rank, horizon = len(exact[0]) - stage, int(walk.exact.basis[0])
    stack = range(m, m + stage)
    # a basis of the functionals, h and some rows; the coordinates that belong to the stack are dropped
    kept = _complement([functionals[s] for s in range(stage + 1)])
    basis = [*(exact[walk.exact.basis[q]] for q in kept), exact[horizon], exact[m + stage], *(exact[s] for s in stack)]
    table = _coordinates(matrix, basis)
    others = np.delete(np.arange(m), horizon)
    if table is None or not all(any(row[:rank]) for row in table):  # far from generic: leave everything to exact signs
        walk.table[0, 0, :rank, : m - 1], walk.error[0, 0, :rank], walk.bound[0, 0, :rank] = 0.5, np.inf, 1.0
    else:
        floats, _ = _equilibrated([row[:rank] for row in table])
        walk.table[0, 0, :rank, : m - 1] = floats.T[:, others]
        walk.error[0, 0, :rank], walk.bound[0, 0, :rank] = _ROUNDING, 1.0
    walk.where[:] = 0, stage, stage, 0
    walk.stack[:stage] = stack
    walk.state[0] = 0
    walk.state[0, cell_walk.RANK], walk.state[0, cell_walk.SIZE] = rank, m - 1
    walk.state[0, cell_walk.HORIZON], walk.state[0, cell_walk.LEVEL] = horizon, -1
    walk.rows[0, cell_walk.NAME, : m - 1] = others


def _complement(functionals: Sequence[Sequence[int]]) -> list[int]:
    """Choose coordinates, never the first, that make a basis with it and the functionals, if floats see one."""
    left = np.array(functionals, dtype=np.float64)[:, 1:]
    columns = list(range(1, left.shape[1] + 1))
    for row in range(len(left)):
        pivot = int(np.argmax(np.abs(left[row])))
        if left[row, pivot] != 0:
            left = left - np.outer(left[:, pivot] / left[row, pivot], left[row])
        left = np.delete(left, pivot, axis=1)
        columns.pop(pivot)
    return columns


def _last_cell(walk: Walk, matrix: fmpz_mat, exact: Sequence[Sequence[int]]) -> NDArray[np.uint64]:
    """Return the cell through which the common zeros of all functionals pass."""
    m = len(walk.bit)
    table = _coordinates(matrix, [exact[walk.exact.basis[0]], *exact[m:]])
    if table is not None and all(row[0] for row in table):
        positive = [i for i, row in enumerate(table) if row[0] > 0]
    else:
        numbers = [[*range(m, len(exact)), i] for i in range(m)]
        positive = [i for i in range(m) if cell_walk.orientation(walk.exact, np.array(numbers[i], dtype=np.int64)) > 0]
    word = np.zeros_like(walk.full)
    np.bitwise_or.at(word, np.array(positive, dtype=np.int64) >> 6, walk.bit[positive])
    return word
