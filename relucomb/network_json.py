"""Networks as JSON: floats keep every bit, rationals are written as ``"p/q"``.

::

    {"format": "relucomb.ReLUNetwork", "version": 1,
     "weights": [[["1/1"], ["1/1"]], [["1/2", "-1/1"]]], "biases": [["0/1", "-1/3"], ["0/1"]]}

``weights`` holds one matrix for each layer, as a list of rows, and ``biases`` one list for each layer. Numbers may be
JSON numbers or such strings; unknown keys are ignored.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT = "relucomb.ReLUNetwork"
VERSION = 1

_RATIONAL = re.compile(r"[+-]?[0-9]+(/[0-9]+)?")


def encode(weights: tuple[NDArray[Any], ...], biases: tuple[NDArray[Any], ...]) -> dict[str, Any]:
    """Return the JSON object of a network.

    Examples
    --------
    >>> import numpy as np
    >>> encode((np.array([[Fraction(1, 3)]]),), (np.array([0.1]),))["weights"]
    [[['1/3']]]
    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "weights": [_encode_numbers(W) for W in weights],
        "biases": [_encode_numbers(b) for b in biases],
    }


def decode(document: Any) -> tuple[list[Any], list[Any]]:
    """Return weights and biases of a JSON object, as nested lists of integers, floats and fractions.

    Raises
    ------
    ValueError
        The object is not one of a network: a key is missing, another format or version, or an entry is not a number.

    Examples
    --------
    >>> decode({"weights": [[["1/3", 0.5]]], "biases": [[0]]})
    ([[[Fraction(1, 3), 0.5]]], [[0]])
    """
    if not isinstance(document, dict):
        raise ValueError(f"a network must be a JSON object; got {shorten(document)}")
    if document.get("format", FORMAT) != FORMAT:
        raise ValueError(f"'format' must be {FORMAT!r}; got {shorten(document['format'])}")
    if document.get("version", VERSION) != VERSION:
        raise ValueError(f"'version' must be {VERSION}; got {shorten(document['version'])}")
    parts = []
    for key in ("weights", "biases"):
        if not isinstance(document.get(key), list):
            got = shorten(document[key]) if key in document else "no such key"
            raise ValueError(f"{key!r} must be a list with one entry for each layer; got {got}")
        parts.append([decode_numbers(layer, f"{key}[{k}]") for k, layer in enumerate(document[key])])
    return parts[0], parts[1]


def _encode_numbers(array: NDArray[np.float64] | NDArray[np.object_]) -> Any:
    if array.dtype != object:
        return array.tolist()
    if array.ndim > 1:
        return [_encode_numbers(row) for row in array]
    return [f"{entry.numerator}/{entry.denominator}" for entry in array]


def decode_numbers(value: Any, place: str) -> Any:
    """Return the numbers of nested lists; ``place`` is what the message of an error calls the value."""
    if isinstance(value, list):
        return [decode_numbers(entry, f"{place}[{k}]") for k, entry in enumerate(value)]
    if isinstance(value, str) and _RATIONAL.fullmatch(value):
        try:
            return Fraction(value)
        except (ZeroDivisionError, ValueError) as error:  # division by zero; too many digits
            raise ValueError(f"{place} is {shorten(value)}, which is not a number: {error}") from None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise ValueError(f'{place} is {shorten(value)}; legal are numbers and texts like "-2/3"')


def shorten(value: Any) -> str:
    """Return a JSON value as text for a message, without its end if it is long."""
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:37] + "..."
