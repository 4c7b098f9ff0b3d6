"""The function of (2.9), in the two readings of ``OMB ∘ OR ∘ XOR_2``.

There are ``b`` blocks of ``x`` and of ``y``, of ``s`` bits each. OMB looks for the last block for which something
holds, and tells whether its number, counted from 1, is odd.

- If a one is what is true, it looks for the last block in which ``x`` and ``y`` *differ*. The sum over all pairs of
  bits of ``−(−(s + 1))^i (1 − x_j y_j)/2``, ``i`` the block of the pair, has the signs of this function, but for zeros:
  its sign-rank is at most ``bs + 1``.
- The source takes −1 for true in OR and XOR, and +1 for a one in OMB. So it looks for the last block in which ``x`` and
  ``y`` are *equal*: a decision list of equalities. This is the function whose sign-rank can be large.

Source: A. Mukherjee, *A Study of the Mathematics of Deep Learning*, 2020, section 2.5; the function is from
A. Chattopadhyay and N. Mande, 2017.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.boolean.function import BooleanFunction, check_variables, points

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def equality_list(blocks: int, bits: int) -> BooleanFunction:
    """Tell whether the last block in which ``x`` and ``y`` are equal has an odd number; false if there is none.

    The variables are those of ``x``, block after block, and then those of ``y``.

    Examples
    --------
    >>> f = equality_list(2, 1)
    >>> f([1, 0, 1, 1]), f([1, 1, 1, 1])  # equal in block 1 only; in both, the last being 2
    (True, False)
    """
    return _last_block(blocks, bits, lambda differ: ~differ)


def inequality_list(blocks: int, bits: int) -> BooleanFunction:
    """Tell whether the last block in which ``x`` and ``y`` differ has an odd number; false if there is none.

    Examples
    --------
    >>> f = inequality_list(2, 1)
    >>> f([1, 0, 0, 0]), f([1, 1, 0, 0])
    (True, False)
    """
    return _last_block(blocks, bits, lambda differ: differ)


def inequality_list_witness(blocks: int, bits: int) -> NDArray[np.object_]:
    """Return whole numbers with the signs of the matrix of :func:`inequality_list`.

    Their rank is at most ``blocks·bits + 1``.

    Examples
    --------
    >>> inequality_list_witness(1, 1).tolist()
    [[-1, 3], [3, -1]]
    """
    _check(blocks, bits)
    m = blocks * bits
    cube = points(m).astype(object)
    factors = np.array([-((-(bits + 1)) ** (j // bits + 1)) for j in range(m)], dtype=object)
    # the sum, times 2, less 1: where all pairs are equal the value is false; factors of block 1 are positive
    return np.asarray(sum(factors) - (cube * factors) @ cube.T - 1)


def _last_block(blocks: int, bits: int, holds: Callable[[NDArray[np.bool_]], NDArray[np.bool_]]) -> BooleanFunction:
    _check(blocks, bits)
    m = blocks * bits
    index = np.arange(1 << 2 * m, dtype=np.int64)
    different = (index ^ index >> m) & ((1 << m) - 1)
    value = np.zeros(len(index), dtype=np.bool_)
    for block in range(blocks):
        found = holds((different >> block * bits & ((1 << bits) - 1)) != 0)
        value = np.where(found, block % 2 == 0, value)
    return BooleanFunction(value)


def _check(blocks: int, bits: int) -> None:
    _at_least("blocks", blocks, 1)
    _at_least("bits", bits, 1)
    check_variables(2 * blocks * bits, "2 blocks bits")


def _at_least(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool | str) or value != int(value) or value < least:
        raise ValueError(f"{name} must be a whole number from {least} on; got {value!r}")
