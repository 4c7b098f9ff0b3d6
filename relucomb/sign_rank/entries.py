"""Sign matrices at the door: entries -1 and 1, nothing else."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.rationals import as_entries

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def as_sign_matrix(A: ArrayLike, name: str = "A") -> NDArray[np.int8]:
    """Read a sign matrix.

    Parameters
    ----------
    A
        Matrix ``(m, n)`` with entries -1 and 1 of any type of numbers, or of bools: True is 1 and False is -1.
    name
        What the caller calls it; it appears in the messages.

    Returns
    -------
    numpy.ndarray
        The signs, shape ``(m, n)``, read-only.

    Raises
    ------
    ValueError
        The matrix is empty or not two-dimensional, or an entry is 0 or any number other than -1 and 1. The message
        gives row and column, from 0 on, as the array is indexed.
    TypeError
        An entry is not a real number.

    Examples
    --------
    >>> as_sign_matrix([[1, -1.0], [-1, 1]])
    array([[ 1, -1],
           [-1,  1]], dtype=int8)
    >>> as_sign_matrix([[True, False]])
    array([[ 1, -1]], dtype=int8)
    """
    entries = as_entries(A, name)
    if entries.ndim != 2:
        raise ValueError(f"{name} must be a matrix; got shape {entries.shape}")
    if entries.size == 0:
        raise ValueError(f"{name} must have at least one row and one column; got shape {entries.shape}")
    if entries.dtype == np.bool_ or all(isinstance(entry, (bool, np.bool_)) for entry in entries.flat):
        signs = np.where(entries.astype(np.bool_), 1, -1).astype(np.int8)
    else:
        for place, entry in np.ndenumerate(entries):
            _check(entry, place, name)
        signs = entries.astype(np.int8)
    signs.flags.writeable = False
    return signs


def _check(entry: Any, place: tuple[int, ...], name: str) -> None:
    where = f"{name}[{', '.join(map(str, place))}]"
    if isinstance(entry, (bool, np.bool_)) or not isinstance(entry, (int, float, np.number, Fraction)):
        kind = type(entry).__name__
        raise TypeError(f"{where} is {entry!r} ({kind}); legal are the numbers -1 and 1, or bools throughout")
    if isinstance(entry, np.complexfloating):
        raise TypeError(f"{where} is {entry}; legal are the real numbers -1 and 1")
    if entry == 0:
        raise ValueError(f"{where} is 0; a sign matrix has no zeros, its entries are -1 and 1")
    if entry not in (-1, 1):
        told = "not a number" if isinstance(entry, (float, np.floating)) and math.isnan(entry) else f"{entry}"
        raise ValueError(f"{where} is {told}; the entries of a sign matrix are -1 and 1")
