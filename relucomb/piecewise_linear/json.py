"""Piecewise-linear functions as JSON, with all numbers written ``"p/q"``.

::

    {"format": "relucomb.PiecewiseLinear", "version": 1,
     "breakpoints": ["0/1", "1/2"], "slopes": ["0/1", "2/1", "-2/1"], "anchor": ["0/1", "0/1"]}

There is one slope more than breakpoints, and the anchor is a point of the graph. Numbers may also be JSON numbers, and
unknown keys are ignored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relucomb.network_json import decode_numbers, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

FORMAT = "relucomb.PiecewiseLinear"
VERSION = 1


def encode(
    breakpoints: Iterable[Fraction], slopes: Iterable[Fraction], anchor: tuple[Fraction, Fraction]
) -> dict[str, Any]:
    """Return the JSON object of a function.

    Examples
    --------
    >>> from fractions import Fraction
    >>> encode([Fraction(1, 2)], [Fraction(0), Fraction(2)], (Fraction(0), Fraction(0)))["slopes"]
    ['0/1', '2/1']
    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "breakpoints": list(map(_text, breakpoints)),
        "slopes": list(map(_text, slopes)),
        "anchor": list(map(_text, anchor)),
    }


def decode(document: Any) -> tuple[list[Any], list[Any], Any]:
    """Return breakpoints, slopes and anchor of a JSON object, as lists of integers, floats and fractions.

    Raises
    ------
    ValueError
        The object is not one of a function: a key is missing, another format or version, or an entry is not a number.

    Examples
    --------
    >>> decode({"breakpoints": ["1/2"], "slopes": [0, 1.5], "anchor": [0, 0]})
    ([Fraction(1, 2)], [0, 1.5], [0, 0])
    """
    if not isinstance(document, dict):
        raise ValueError(f"a piecewise-linear function must be a JSON object; got {shorten(document)}")
    for key, legal in (("format", FORMAT), ("version", VERSION)):
        if document.get(key, legal) != legal:
            raise ValueError(f"{key!r} must be {legal!r}; got {shorten(document[key])}")
    parts = []
    for key in ("breakpoints", "slopes", "anchor"):
        if not isinstance(document.get(key), list):
            got = shorten(document[key]) if key in document else "no such key"
            raise ValueError(f"{key!r} must be a list of numbers; got {got}")
        parts.append(decode_numbers(document[key], key))
    return parts[0], parts[1], parts[2]


def _text(number: Fraction) -> str:
    return f"{number.numerator}/{number.denominator}"
