"""Numbers in words for people: counts beyond all bounds, rough durations, exact numbers as text."""

from __future__ import annotations

import argparse
import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from relucomb.progress import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterable

_PRINTED = 10**15  # greater counts are shown by their leading digits
_NUMBER = re.compile(r"[+-]?(\d{1,400}/0*[1-9]\d{0,399}|(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,2})?)")


def large(number: int) -> str:
    """Return a count, or its leading digits if it is very large.

    Examples
    --------
    >>> large(1234567), large(2**100), large(2**100_000)
    ('1,234,567', '1.26e30', '9.99e30102')
    """
    if number < _PRINTED:
        return f"{number:,}"
    power = int((number.bit_length() - 1) * math.log10(2))  # exact to one
    lead = number // 10 ** (power - 2)
    if lead >= 1000:
        power, lead = power + 1, lead // 10
    return f"{lead / 100:.2f}e{power}"


def rough_duration(seconds: float) -> str:
    """Return how long something may take, which nobody knows exactly.

    Examples
    --------
    >>> [rough_duration(seconds) for seconds in (3.2, 5000.0, 3e9, math.inf)]
    ['3 seconds', '1h23m', '1e+02 years', 'more than 1e+300 years']
    """
    if seconds < 100:
        return f"{seconds:.0f} seconds"
    if seconds < 3e7:
        return format_duration(seconds)
    years = seconds / 3.15e7
    return f"{years:.0e} years" if years < 1e300 else "more than 1e+300 years"


def exact_numbers(text: str) -> list[Fraction]:
    """Read exact numbers separated by commas: the type of an argument.

    Examples
    --------
    >>> print(*exact_numbers("1,-0.5,2/3"))
    1 -1/2 2/3
    """
    cells = [cell.strip() for cell in text.split(",")]
    if not all(cell.isascii() and _NUMBER.fullmatch(cell) for cell in cells):
        raise refusal("numbers separated by commas, such as 1,-0.5,2/3", text)
    return [Fraction(cell) for cell in cells]


def intervals(text: str) -> list[tuple[Fraction, Fraction]]:
    """Read intervals ``LOW:HIGH`` separated by commas: the type of an argument.

    Examples
    --------
    >>> [(str(low), str(high)) for low, high in intervals("-1:1,0:2/3")]
    [('-1', '1'), ('0', '2/3')]
    """
    sides = [part.split(":") for part in text.split(",")]
    flat = [cell.strip() for side in sides for cell in side]
    if any(len(side) != 2 for side in sides) or not all(cell.isascii() and _NUMBER.fullmatch(cell) for cell in flat):
        raise refusal("intervals LOW:HIGH separated by commas, such as -1:1,0:2.5", text)
    return [(Fraction(low.strip()), Fraction(high.strip())) for low, high in sides]


def positive(text: str) -> float:
    """Read a positive finite number: the type of an argument.

    Examples
    --------
    >>> positive("1e-3")
    0.001
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise refusal("a positive finite number", text)
    return number


def refusal(legal: str, text: str) -> argparse.ArgumentTypeError:
    """Return the error of an argument that is not legal."""
    shown = text if len(text) <= 40 else text[:39] + "…"
    return argparse.ArgumentTypeError(f"must be {legal}; got {shown!r}")


def number(value: Any) -> int | str:
    """Return an integer, or a fraction as text, as in the files of networks.

    Examples
    --------
    >>> number(Fraction(4, 2)), number(Fraction(1, 3))
    (2, '1/3')
    """
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else str(exact)


def numbers(values: Iterable[Any]) -> list[int | str]:
    """Return :func:`number` of each."""
    return [number(value) for value in values]
