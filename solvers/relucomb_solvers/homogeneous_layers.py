"""Hidden layers as integer linear maps on homogeneous coordinates ``(x, t)``, and beside them as floats with bounds.

A layer's pre-activations are ``z = W a + b t``, where ``a`` are the activations before it (for the first layer, the
coordinates). Multiplying a layer by a positive number changes no sign, so denominators are cleared layer by layer, and
the next layer's bias grows by as much. The floats are the integers times a power of two that keeps them near 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import fmpz_mat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_MANTISSA = 53
_GREATEST_EXPONENT = 900


@dataclass(frozen=True)
class HomogeneousLayer:
    """One affine layer on homogeneous coordinates.

    Attributes
    ----------
    weights
        ``(units, inputs)`` Python integers.
    bias
        ``units`` Python integers, to be multiplied by ``t``.
    shift, exponent
        The floats are the weights times ``2**-shift`` and the bias times ``2**-exponent``; so values in floats are the
        integer values times ``2**-exponent``, the sum of the shifts up to here.
    """

    weights: list[list[int]]
    bias: list[int]
    shift: int
    exponent: int

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.bias)

    @cached_property
    def integers(self) -> fmpz_mat:
        """The weights with the bias as last column."""
        return fmpz_mat([[*row, b] for row, b in zip(self.weights, self.bias, strict=True)])

    @cached_property
    def floats(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Weights and bias in floats, correctly rounded."""
        weights = [[rounded(entry, -self.shift) for entry in row] for row in self.weights]
        bias = [rounded(entry, -self.exponent) for entry in self.bias]
        return np.array(weights).reshape(self.units, -1), np.array(bias)

    @cached_property
    def is_exact(self) -> bool:
        """Whether the floats are the integers, up to powers of two that floats can hold."""
        entries = [*self.bias, *(entry for row in self.weights for entry in row)]
        return self.exponent <= _GREATEST_EXPONENT and all(abs(entry) < 2**_MANTISSA for entry in entries)


def homogeneous_layers(layers: Sequence[tuple[NDArray[Any], NDArray[Any]]]) -> list[HomogeneousLayer]:
    """Clear the denominators of layers of fractions.

    Parameters
    ----------
    layers
        Pairs of object arrays ``(units, inputs)`` and ``(units,)`` of :class:`fractions.Fraction`.

    Examples
    --------
    >>> half = np.array([[Fraction(1, 2)]], dtype=object), np.array([Fraction(1)], dtype=object)
    >>> [(layer.weights, layer.bias) for layer in homogeneous_layers([half, half])]
    [([[1]], [2]), ([[1]], [4])]
    """
    found = []
    grown, exponent = Fraction(1), 0  # integer activations so far are ``grown`` times the true ones
    for weights, bias in layers:
        offsets = [entry * grown for entry in bias]
        scale = math.lcm(*(entry.denominator for entry in weights.flat), *(entry.denominator for entry in offsets))
        numerators = [[int(entry * scale) for entry in row] for row in weights]
        constants = [int(entry * scale) for entry in offsets]
        content = math.gcd(*constants, *(entry for row in numerators for entry in row)) or 1  # keeps the numbers small
        numerators = [[entry // content for entry in row] for row in numerators]
        constants = [entry // content for entry in constants]
        shift = max((abs(entry) for row in numerators for entry in row), default=0).bit_length()
        exponent += shift
        found.append(HomogeneousLayer(numerators, constants, shift, exponent))
        grown *= Fraction(scale, content)
    return found


def rounded(integer: int, exponent: int = 0) -> float:
    """Return ``integer * 2**exponent`` as a float, rounded to the nearest, however long the integer is.

    Beyond the range of floats it is infinite.

    Examples
    --------
    >>> rounded(3 << 5000, -5000)
    3.0
    """
    excess = max(0, abs(integer).bit_length() - 64)
    # what is cut off leaves its mark in the last bit, so that rounding is to the nearest all the same
    cut = int(integer & ((1 << excess) - 1) != 0)
    try:
        return math.ldexp(float((integer >> excess) | cut), exponent + excess)
    except OverflowError:
        return math.inf if integer > 0 else -math.inf
