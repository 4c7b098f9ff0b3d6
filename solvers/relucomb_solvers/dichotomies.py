"""Strict dichotomies of a list of vectors: which of them lie on the positive side of a hyperplane through the origin.

A dichotomy belongs to a full-dimensional cell of the arrangement ``{v : v·a = 0}`` of the vectors ``a`` and conversely.
This module deals with what is not geometry: vectors that are zero or multiples of one another, and packing. The cells
are counted by :mod:`~relucomb_solvers.cell_count` and listed by :mod:`~relucomb_solvers.cell_list`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relucomb_solvers._jit import kernel
from relucomb_solvers.arrangement import arrange
from relucomb_solvers.cell_count import count_cells
from relucomb_solvers.cell_list import BLOCK_BYTES, list_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray


def count(vectors: Sequence[Sequence[int]]) -> int:
    """Count the strict dichotomies of ``D`` integer vectors.

    Parameters
    ----------
    vectors
        ``D >= 1`` rows of ``d >= 1`` Python integers of any size and in any position.

    Examples
    --------
    >>> count([[1, 0], [0, 1], [1, 1], [0, 0], [-2, 0]])
    6
    """
    return count_cells(arrange(vectors).rows)


def packed_blocks(vectors: Sequence[Sequence[int]], block_bytes: int = BLOCK_BYTES) -> Iterator[NDArray[np.uint64]]:
    """Yield the strict dichotomies of ``D`` integer vectors as bits, a block at a time.

    Parameters
    ----------
    vectors
        ``D >= 1`` rows of ``d >= 1`` Python integers of any size and in any position.
    block_bytes
        Size of the blocks, roughly. Nothing else grows with the number of dichotomies.

    Yields
    ------
    numpy.ndarray
        ``(b, ceil(D / 64))`` words; bit ``j % 64`` of word ``j // 64`` is 1 where vector ``j`` is on the positive side.
        Zero vectors and the bits beyond ``D`` are 0. Each dichotomy comes once, in an order that is the same in every
        run, with its opposite right after it. Each block is a new array.

    Examples
    --------
    >>> [int(word) for block in packed_blocks([[1, 0], [0, 0], [0, 1]]) for word in block[:, 0]]
    [0, 5, 1, 4]
    """
    arrangement = arrange(vectors)
    cells = list_cells(arrangement.rows, block_bytes=block_bytes)
    if (arrangement.side == 1).all() and len(arrangement.rows) == len(vectors):
        yield from cells
        return
    words = (len(vectors) + 63) // 64
    for block in cells:
        spread = np.zeros((len(block), words), dtype=np.uint64)
        _spread(block, arrangement.hyperplane, arrangement.side, spread)
        yield spread


def unpack(block: NDArray[np.uint64], D: int) -> NDArray[np.bool_]:
    """Turn a block of :func:`packed_blocks` into booleans ``(b, D)``.

    Examples
    --------
    >>> unpack(np.array([[5]], dtype=np.uint64), 4).tolist()
    [[True, False, True, False]]
    """
    octets = block.astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(octets, axis=1, count=D, bitorder="little").view(np.bool_)


# --- kernels ----------------------------------------------------------------------------------------------------------


@kernel
def _spread(
    block: NDArray[np.uint64], hyperplane: NDArray[np.int64], side: NDArray[np.int8], spread: NDArray[np.uint64]
) -> None:
    """Copy the bit of each vector's hyperplane, turned over where the vector points the other way."""
    one = np.uint64(1)
    for j in range(len(hyperplane)):
        if side[j] == 0:
            continue
        source, shift = hyperplane[j] >> 6, np.uint64(hyperplane[j] & 63)
        target, bit = j >> 6, one << np.uint64(j & 63)
        flip = bit if side[j] < 0 else np.uint64(0)
        for k in range(block.shape[0]):
            spread[k, target] |= (bit if (block[k, source] >> shift) & one else np.uint64(0)) ^ flip
