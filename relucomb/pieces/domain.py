"""The domain on which pieces are counted: all of R^n or a closed box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import ArrayLike


MOST_BOX_DIMENSIONS = 16


@dataclass(frozen=True, slots=True)
class Box:
    """A closed box with exact sides.

    Attributes
    ----------
    low, high
        The sides, one number for each coordinate; ``low < high``.
    """

    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]


def as_box(domain: ArrayLike | None, dimension: int) -> Box | None:
    """Read a domain: ``None`` for all of R^n, or one pair ``(low, high)`` for each coordinate.

    Raises
    ------
    ValueError
        There is not one pair for each coordinate, a side is not finite, or the box is empty or flat.
    TypeError
        A side is not a number.

    Examples
    --------
    >>> as_box([(0, 1), (-0.5, 2)], 2).high
    (Fraction(1, 1), Fraction(2, 1))
    """
    if domain is None:
        return None
    sides = as_fractions(domain, "domain")
    if sides.shape != (dimension, 2):
        legal = f"None or {dimension} pair{'s' * (dimension != 1)} (low, high), one for each input"
        raise ValueError(f"domain must be {legal}; got shape {sides.shape}")
    if dimension > MOST_BOX_DIMENSIONS:
        legal = f"None for networks with more than {MOST_BOX_DIMENSIONS} inputs (a box has 2**n corners)"
        raise ValueError(f"domain must be {legal}; got a box in {dimension} dimensions")
    for c, (low, high) in enumerate(sides):
        if not low < high:
            state = "flat" if low == high else "empty"
            raise ValueError(
                f"domain: the box is {state} in coordinate {c} (counted from 0), from {low} to {high}; "
                "low must be less than high"
            )
    return Box(tuple(sides[:, 0]), tuple(sides[:, 1]))
