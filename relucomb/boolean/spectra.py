"""What the spectrum of a function says: how many coefficients, how large, at which levels."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from relucomb.boolean.function import BooleanFunction

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class SpectrumSummary:
    """Measures of the Fourier coefficients of a function in signs.

    Attributes
    ----------
    coefficients
        How many are not zero.
    largest
        The greatest size of one.
    norm
        The sum of their sizes.
    levels
        The sum of their squares over the sets of 0, 1, ..., n variables; all together are 1 (Parseval).
    gates
        The sum of the sizes of the sets with a coefficient: the gates of the Sum-of-ReLU circuit that writes the
        function as the sum of its characters (Lemma 2.5.1).
    """

    coefficients: int
    largest: Fraction
    norm: Fraction
    levels: tuple[Fraction, ...]
    gates: int


def summarize_spectrum(f: BooleanFunction) -> SpectrumSummary:
    """Return the measures of the spectrum, exact.

    Examples
    --------
    >>> from relucomb.boolean import BooleanFunction
    >>> found = summarize_spectrum(BooleanFunction.from_name("majority", 3))
    >>> found.coefficients, found.largest, found.norm, [str(share) for share in found.levels], found.gates
    (4, Fraction(1, 2), Fraction(2, 1), ['0', '3/4', '0', '1/4'], 6)
    """
    spectrum, size = f.walsh_spectrum(), 1 << f.n
    squares = [0] * (f.n + 1)
    coefficients = gates = largest = norm = 0
    for start in range(0, size, BLOCK):
        values = np.abs(spectrum[start : start + BLOCK])
        present = np.flatnonzero(values)
        values, sets = values[present], np.bitwise_count(present + start)
        coefficients += len(present)
        gates += int(sets.sum(dtype=np.int64))
        largest = max(largest, int(values.max(initial=0)))
        norm += int(values.sum())
        for level in range(f.n + 1):  # no partial sum exceeds 4^n, because all squares together are 4^n
            squares[level] += int((values[sets == level] ** 2).sum())
    levels = tuple(Fraction(square, size * size) for square in squares)
    return SpectrumSummary(coefficients, Fraction(largest, size), Fraction(norm, size), levels, gates)
