"""Circuits on other variables: permuted, or among more variables that do not matter."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from relucomb.boolean.circuits import Circuit

if TYPE_CHECKING:
    from collections.abc import Sequence


def on_variables(circuit: Circuit, places: Sequence[int], n: int) -> Circuit:
    """Return the circuit on ``n`` variables that feeds variable ``places[i]`` where variable ``i`` was.

    Parameters
    ----------
    circuit
        Any circuit.
    places
        Different numbers from 0 to ``n − 1``, one for each variable of the circuit.
    n
        Number of variables of the new circuit; those that are not in ``places`` get no wires.

    Raises
    ------
    ValueError
        The places are not of this kind.

    Examples
    --------
    >>> first = Circuit([([[2, 1]], [0], "LTF")])
    >>> on_variables(first, [2, 0], 3).layers[0].weights.tolist() == [[1, 0, 2]]
    True
    """
    chosen = [int(place) for place in places]
    if len(chosen) != circuit.n or len(set(chosen)) != len(chosen) or not set(chosen) <= set(range(n)):
        raise ValueError(f"places must be {circuit.n} different numbers from 0 to {n - 1}; got {chosen}")
    bottom, *others = circuit.layers
    weights = np.full((len(bottom.biases), n), Fraction(0), dtype=object)
    weights[:, chosen] = bottom.weights
    return Circuit(
        [(weights, bottom.biases, bottom.gate), *((layer.weights, layer.biases, layer.gate) for layer in others)]
    )
