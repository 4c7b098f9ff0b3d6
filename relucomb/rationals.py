"""Exact input: arrays of integers, floats and fractions as the rational numbers they are.

A float is a rational number with a power of two below the line, so nothing is lost by reading it as one. Exact arrays
are object arrays of :class:`fractions.Fraction` or of Python integers, which never round and never overflow;
:func:`as_floats` is the one way back.
"""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from numbers import Integral, Rational
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def as_fractions(values: ArrayLike, name: str = "values", *, ndim: int | None = None) -> NDArray[np.object_]:
    """Read an array as exact rationals.

    Parameters
    ----------
    values
        Array or nested sequence of integers, floats, fractions or decimals; a float is the rational it is.
    name
        What the caller calls the array; it appears in the messages.
    ndim
        Number of dimensions to insist on.

    Returns
    -------
    numpy.ndarray
        Object array of :class:`fractions.Fraction`, same shape.

    Raises
    ------
    ValueError
        An entry is not finite, the rows have different lengths, or the number of dimensions is wrong.
    TypeError
        An entry is not a real number.

    Examples
    --------
    >>> as_fractions([0.5, 3, 0.1])
    array([Fraction(1, 2), Fraction(3, 1),
           Fraction(3602879701896397, 36028797018963968)], dtype=object)
    """
    array = as_entries(values, name)
    _check_dimensions(array, name, ndim)
    entries = [_as_fraction(value, name, k, array.shape) for k, value in enumerate(array.ravel().tolist())]
    return np.array(entries, dtype=object).reshape(array.shape)


def as_floats(values: ArrayLike, name: str = "values", *, ndim: int | None = None) -> NDArray[np.float64]:
    """Read an array as finite floats; each exact entry is rounded once, to the nearest.

    Parameters, shape and errors are those of :func:`as_fractions`; an entry beyond the range of floats is a
    ``ValueError``. The array returned is always a copy.

    Examples
    --------
    >>> as_floats([Fraction(1, 3), 2, 0.5])
    array([0.33333333, 2.        , 0.5       ])
    """
    array = as_entries(values, name)
    _check_dimensions(array, name, ndim)
    if array.dtype.kind not in "fiub":
        array = as_fractions(array, name)
    try:
        with np.errstate(over="ignore"):  # of a long double; reported below
            floats = array.astype(np.float64)
    except OverflowError:
        floats = np.array([math.inf if abs(entry) > sys.float_info.max else 0.0 for entry in array.flat])
    if not np.isfinite(floats).all():
        position = int(np.flatnonzero(~np.isfinite(floats))[0])
        place = _place(name, position, array.shape)
        raise ValueError(f"{place} is {array.flat[position]}; every entry must be finite as a float")
    return floats


def as_integer_rows(X: ArrayLike, name: str = "X") -> NDArray[np.object_]:
    """Replace each row by the shortest integer vector on its ray.

    Each row is multiplied by a positive rational, so ``v·x`` keeps its sign for every ``v``, and rows on one ray
    become equal. To keep the sign of ``v·x + b``, append the column of ones *before* calling this.

    Parameters
    ----------
    X
        Array ``(D, n)`` of integers, floats or fractions.
    name
        What the caller calls the array; it appears in the messages.

    Returns
    -------
    numpy.ndarray
        Object array ``(D, n)`` of Python integers; the entries of a row have no common divisor. A row of zeros stays.

    Raises
    ------
    ValueError
        ``X`` is not two-dimensional or an entry is not finite.
    TypeError
        An entry is not a real number.

    Examples
    --------
    >>> as_integer_rows([[0.5, 0.75, 1], [-6, 4, 2], [0, 0, 0]])
    array([[2, 3, 4],
           [-3, 2, 1],
           [0, 0, 0]], dtype=object)
    """
    rows = as_fractions(X, name, ndim=2)
    integers = np.empty(rows.shape, dtype=object)
    for j, row in enumerate(rows):
        numerators, _ = over_common_denominator(row)
        integers[j] = numerators // (math.gcd(*numerators) or 1)
    return integers


def over_common_denominator(values: NDArray[np.object_]) -> tuple[NDArray[np.object_], int]:
    """Write fractions as integers over their least common denominator.

    Parameters
    ----------
    values
        Object array of :class:`fractions.Fraction`, of any shape.

    Returns
    -------
    numerators : numpy.ndarray
        Object array of Python integers, same shape.
    denominator : int
        Positive; ``values = numerators / denominator``.

    Examples
    --------
    >>> over_common_denominator(as_fractions([0.5, 0.75, 1]))
    (array([2, 3, 4], dtype=object), 4)
    """
    entries: list[Fraction] = values.ravel().tolist()
    denominator = math.lcm(*(entry.denominator for entry in entries))
    numerators = [entry.numerator * (denominator // entry.denominator) for entry in entries]
    return np.array(numerators, dtype=object).reshape(values.shape), denominator


def as_entries(values: ArrayLike, name: str) -> NDArray[Any]:
    """Make an array without rounding any entry.

    numpy reads the list ``[2**63, -1]`` as floats; here everything that is not an array yet becomes an object array,
    and a ragged list is an error.

    Raises
    ------
    ValueError
        The rows have different lengths.

    Examples
    --------
    >>> as_entries([2**63, -1], "x")
    array([9223372036854775808, -1], dtype=object)
    """
    try:
        array = np.asarray(values) if hasattr(values, "__array__") else np.array(values, dtype=object)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array of numbers: {error}") from None
    if array.dtype == object and any(isinstance(entry, (list, tuple, np.ndarray)) for entry in array.flat):
        raise ValueError(f"{name} must be a rectangular array of numbers: its rows have different lengths")
    return array


def are_exact(arrays: list[NDArray[Any]]) -> bool:
    """Tell whether numbers that belong together are to be kept as fractions: one is a fraction, or none is a float.

    Examples
    --------
    >>> are_exact([as_entries([1, 2], "a")]), are_exact([as_entries([1, 2.0], "a")])
    (True, False)
    >>> are_exact([as_entries([1, 2.0], "a"), as_entries([Fraction(1, 3)], "b")])
    True
    """
    floats = False
    for array in arrays:
        if array.dtype.kind == "f":
            floats = True
        elif array.dtype.kind not in "iub":
            kinds = {type(entry) for entry in array.flat}
            if not all(issubclass(kind, (Integral, float, np.floating)) for kind in kinds):
                return True
            floats |= any(issubclass(kind, (float, np.floating)) for kind in kinds)
    return not floats


def _check_dimensions(array: NDArray[Any], name: str, ndim: int | None) -> None:
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension{'s' * (ndim != 1)}; got shape {array.shape}")


def _as_fraction(value: Any, name: str, position: int, shape: tuple[int, ...]) -> Fraction:
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if not hasattr(value, "as_integer_ratio"):  # floats of every length and decimals have it
        kind = type(value).__name__
        raise TypeError(f"{_place(name, position, shape)} is {value!r} ({kind}); legal are real numbers")
    try:
        return Fraction(*value.as_integer_ratio())
    except (ValueError, OverflowError):
        raise ValueError(f"{_place(name, position, shape)} is {value}; every entry must be finite") from None


def _place(name: str, position: int, shape: tuple[int, ...]) -> str:
    """Say where entry number ``position`` of an array stands, counting from 0 as Python does."""
    if not shape:
        return name
    index = [int(i) for i in np.unravel_index(position, shape)]
    if len(index) == 2:
        return f"{name}: the entry in row {index[0]}, column {index[1]} (counted from 0)"
    return f"{name}: the entry {index} (counted from 0)"
