"""Small circuits that need no search: for threshold functions, symmetric functions, and all others."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from relucomb.boolean.circuits import Circuit, Gate
from relucomb.boolean.constructions import (
    relu_from_threshold,
    short_parity_circuit,
    smaller_circuit,
    threshold_circuit,
)
from relucomb.boolean.properties import values_by_weight

if TYPE_CHECKING:
    from relucomb.boolean.function import BooleanFunction


def known_circuit(f: BooleanFunction, *, threshold: bool) -> Circuit:
    """Return the smallest circuit with one layer of ReLU gates that the theory gives.

    Parameters
    ----------
    f
        A function of one variable at least.
    threshold
        Whether the output is an LTF gate; otherwise a sum.

    Examples
    --------
    >>> from relucomb.boolean.function import BooleanFunction
    >>> majority = BooleanFunction.from_name("majority", 5)
    >>> known_circuit(majority, threshold=False), known_circuit(majority, threshold=True)
    (<Circuit Sum-of-ReLU: 5 variables, 2 gates, 12 wires>, <Circuit LTF-of-ReLU: 5 variables, 2 gates, 6 wires>)
    """
    found = [smaller_circuit(f)]
    values = values_by_weight(f)
    if values is not None:
        found.append(_zigzag(values))
        if f.n >= 4 and len(set(values[::2])) == len(set(values[1::2])) == 1 and values[0] != values[1]:
            parity = short_parity_circuit(f.n)
            found.append(_negated(parity) if values[0] else parity)
    tested = f.is_threshold() if gates_below(found[-1]) > 1 else None
    if tested is not None and tested.weights is not None and tested.threshold is not None:
        gate = threshold_circuit(tested.weights, tested.threshold)
        if threshold:  # -max(0, -z) is at least 0 where z is
            below = gate.layers[0]
            return Circuit([(-below.weights, -below.biases, Gate.RELU), ([[-1]], [0], Gate.LTF)])
        found.append(relu_from_threshold(gate))
    best = min(found, key=gates_below)
    if not threshold:
        return best
    hidden, top = best.layers
    return Circuit([(hidden.weights, hidden.biases, hidden.gate), (top.weights, top.biases, Gate.LTF)])


def gates_below(circuit: Circuit) -> int:
    """Count the gates of the last but one layer that have a weight in the output."""
    return sum(1 for weight in circuit.layers[-1].weights.flat if weight)


def _negated(circuit: Circuit) -> Circuit:
    """Return the circuit with the sum at its end turned round."""
    *below, top = circuit.layers
    kept = [(layer.weights, layer.biases, layer.gate) for layer in below]
    return Circuit([*kept, (-top.weights, -top.biases, top.gate)])


def _zigzag(values: tuple[bool, ...]) -> Circuit:
    """Return a circuit of a symmetric function: the line through its values by number of ones, with its hinges."""
    n = len(values) - 1
    line = [Fraction(1 if value else -1) for value in values]
    slopes = [Fraction(0), *(line[k + 1] - line[k] for k in range(n))]
    hinges = [k for k in range(n) if slopes[k + 1] != slopes[k]] or [0]
    row = [Fraction(1, 2)] * n
    below = np.array([row] * len(hinges), dtype=object)
    biases = np.array([Fraction(n, 2) - k for k in hinges], dtype=object)
    top = np.array([[slopes[k + 1] - slopes[k] for k in hinges]], dtype=object)
    return Circuit([(below, biases, Gate.RELU), (top, np.array([line[0]], dtype=object), Gate.AFFINE)])
