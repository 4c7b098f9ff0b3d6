"""The matrix of a Boolean function whose variables are divided between rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from relucomb.boolean.function import BooleanFunction


def communication_matrix(f: BooleanFunction, rows: Sequence[int] | None = None) -> NDArray[np.int8]:
    """Return the sign matrix of a Boolean function, to be given to :func:`relucomb.sign_rank`.

    Parameters
    ----------
    f
        A :class:`relucomb.boolean.BooleanFunction` of ``n`` variables.
    rows
        The variables that belong to the rows, each once; the first half by default. The others belong to the columns.

    Returns
    -------
    numpy.ndarray
        1 where ``f`` is true, else -1. Bit ``i`` of the row's index is the variable ``rows[i]``; the columns' indices
        have the other variables in increasing order. Bit 1 is the value +1.

    Raises
    ------
    ValueError
        ``rows`` names a variable twice, or one that there is not.

    Examples
    --------
    >>> import relucomb as rc
    >>> parity = rc.boolean.BooleanFunction.from_string("0110")
    >>> communication_matrix(parity)
    array([[-1,  1],
           [ 1, -1]], dtype=int8)
    """
    chosen = list(range(f.n // 2)) if rows is None else [int(i) for i in rows]
    if len(set(chosen)) < len(chosen) or not set(chosen) <= set(range(f.n)):
        raise ValueError(f"rows must be different variables from 0 to {f.n - 1}; got {list(rows or ())}")
    others = [i for i in range(f.n) if i not in chosen]
    x, y = _spread(chosen), _spread(others)
    return np.ascontiguousarray(f.signs[x[:, None] + y], dtype=np.int8)


def _spread(variables: list[int]) -> NDArray[np.int64]:
    """Return the indices of the points in which only these variables are 1, in the order of their bits."""
    points = np.zeros(1, dtype=np.int64)
    for variable in variables:
        points = np.concatenate([points, points + (1 << variable)])
    return points
