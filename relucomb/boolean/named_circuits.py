"""The circuits of the sources by name, each with the function that it is to compute.

Names and variables are as in :mod:`relucomb.boolean.named`; a circuit is proven by :func:`verify_circuit`, which
compares it with that function at every point.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.boolean import constructions as build
from relucomb.boolean import named
from relucomb.boolean.circuits import Circuit, CircuitVerification
from relucomb.boolean.wiring import on_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from relucomb.boolean.function import BooleanFunction

MOST_VALUES = 20
"""Variables at most for comparing values that are not Boolean, which are kept as fractions."""


@dataclass(frozen=True, slots=True)
class Construction:
    """A circuit of the sources.

    Attributes
    ----------
    describe
        What it is, in a line.
    needs, may
        Names of the parameters that it needs, and of those that it may have.
    build
        Makes the circuit of the parameters.
    computes
        Makes the function of the same parameters; None if the values are not Boolean.
    """

    describe: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    build: Callable[..., Circuit]
    computes: Callable[..., BooleanFunction] | None


def named_circuit(name: str, **parameters: Any) -> Circuit:
    """Build a circuit by its name; :data:`CONSTRUCTIONS` has them all.

    Parameters
    ----------
    name
        One of the names; underscores are hyphens, and capitals do not matter.
    parameters
        What the construction needs.

    Raises
    ------
    ValueError
        There is no such name (near ones are told), or a parameter is missing, unknown or not legal.

    Examples
    --------
    >>> named_circuit("andreev", n=8)
    <Circuit Sum-of-(ReLU)^2: 8 variables, 12 gates, 36 wires>
    """
    return _construction(name, parameters).build(**parameters)


def function_of_circuit(name: str, **parameters: Any) -> BooleanFunction:
    """Return the function that a named circuit is to compute, made without the circuit.

    Raises
    ------
    ValueError
        As for :func:`named_circuit`; or the values are not Boolean.

    Examples
    --------
    >>> function_of_circuit("parity", n=2).table.tolist()
    [False, True, True, False]
    """
    computes = _construction(name, parameters).computes
    if computes is None:
        raise ValueError(f"{name} has values that are not Boolean")
    return computes(**parameters)


def verify_circuit(name: str, circuit: Circuit, **parameters: Any) -> CircuitVerification:
    """Compare a circuit at every point of the cube with what the named one is to compute.

    Parameters
    ----------
    name, parameters
        As for :func:`named_circuit`.
    circuit
        That circuit, or another that is said to do the same.

    Raises
    ------
    ValueError
        As for :func:`named_circuit`; or there are too many variables.

    Examples
    --------
    >>> bool(verify_circuit("binary-value", named_circuit("binary-value", n=5), n=5))
    True
    """
    construction = _construction(name, parameters)
    if construction.computes is not None:
        return circuit.verify(construction.computes(**parameters))
    if circuit.n > MOST_VALUES:
        raise ValueError(
            f"values that are not Boolean are compared for {MOST_VALUES} variables at most; got {circuit.n}"
        )
    found = circuit.outputs()
    wrong = np.flatnonzero(found != _binary_values(circuit.n))
    if len(wrong) == 0:
        return CircuitVerification(1 << circuit.n, None, None)
    point = int(wrong[0])
    signs = tuple(2 * (point >> i & 1) - 1 for i in range(circuit.n))
    return CircuitVerification(1 << circuit.n, signs, found[point])


def _binary_values(n: int) -> Any:
    """Return ``Σ_i 2^(i+1) (1 + x_i)/2``: twice the index."""
    return np.array([Fraction(2 * k) for k in range(1 << n)], dtype=object)


def _multiplexer(bits: int) -> Circuit:
    """Look a variable up whose number is written in others, which come first as in the named function."""
    if not 0 <= bits <= 10:
        raise ValueError(f"bits must be a whole number from 0 to 10; got {bits!r}")
    table = 1 << bits
    return on_variables(
        build.address_circuit([1] * bits, table), [*range(bits, bits + table), *range(bits)], bits + table
    )


def _chattopadhyay_mande(blocks: int, pairs: int) -> BooleanFunction:
    return named.chattopadhyay_mande(2 * blocks * pairs, blocks, "odd_max_bit_as_printed")


def _threshold(weights: Sequence[int | Fraction], threshold: int | Fraction) -> BooleanFunction:
    from relucomb.boolean.function import BooleanFunction, check_variables

    n = check_variables(len(weights))
    sums = np.array([-Fraction(threshold)], dtype=object)
    for weight in weights:  # the point with the next bit set comes after those without it
        sums = np.concatenate([sums - Fraction(weight), sums + Fraction(weight)])
    assert len(sums) == 1 << n
    return BooleanFunction(np.array([bool(total >= 0) for total in sums]))


def _construction(name: str, parameters: Mapping[str, Any]) -> Construction:
    key = str(name).lower().replace("_", "-")
    if key not in CONSTRUCTIONS:
        near = difflib.get_close_matches(key, CONSTRUCTIONS, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"legal are {', '.join(CONSTRUCTIONS)}"
        raise ValueError(f"there is no construction named {name!r}; {hint}")
    found = CONSTRUCTIONS[key]
    missing = [parameter for parameter in found.needs if parameter not in parameters]
    if missing:
        raise ValueError(f"{key} needs the parameter {missing[0]!r}")
    unknown = sorted(parameters.keys() - {*found.needs, *found.may})
    if unknown:
        raise ValueError(f"{key} has no parameter {unknown[0]!r}; it has {', '.join([*found.needs, *found.may])}")
    return found


CONSTRUCTIONS: dict[str, Construction] = {
    "parity": Construction(
        "parity by a zigzag of n gates, n + 1 as printed (2.D)",
        ("n",),
        ("published",),
        build.parity_circuit,
        lambda n, published=False: named.parity(n),
    ),
    "parity-short": Construction(
        "parity of n >= 4 bits by n - 1 gates",
        ("n",),
        (),
        build.short_parity_circuit,
        named.parity,
    ),
    "indicator": Construction(
        "any function, a gate for each point of the rarer value (2.5.1)",
        ("function",),
        (),
        lambda function: build.indicator_circuit(function),
        lambda function: function,
    ),
    "fourier": Construction(
        "any function, |S| gates for each Fourier character (2.5.1)",
        ("function",),
        (),
        lambda function: build.fourier_circuit(function),
        lambda function: function,
    ),
    "smaller": Construction(
        "the smaller of these two",
        ("function",),
        (),
        lambda function: build.smaller_circuit(function),
        lambda function: function,
    ),
    "and": Construction("conjunction by one gate", ("n",), (), build.and_circuit, named.conjunction),
    "or": Construction("disjunction by one gate", ("n",), (), build.or_circuit, named.disjunction),
    "threshold": Construction(
        "+1 where weights·x >= threshold: one LTF gate",
        ("weights", "threshold"),
        (),
        build.threshold_circuit,
        _threshold,
    ),
    "relu-from-threshold": Construction(
        "the same by two ReLU gates and the margin (2.C)",
        ("weights", "threshold"),
        (),
        lambda weights, threshold: build.relu_from_threshold(build.threshold_circuit(weights, threshold)),
        _threshold,
    ),
    "binary-value": Construction(
        "the number that the bits write, times 2: one gate, two as printed (2.5.3)",
        ("n",),
        ("published",),
        build.binary_value_circuit,
        None,
    ),
    "odd-max-bit": Construction(
        "ODD-MAX-BIT as printed (-1 for an odd place): one LTF gate",
        ("n",),
        (),
        build.odd_max_bit_circuit,
        named.odd_max_bit_as_printed,
    ),
    "chattopadhyay-mande": Construction(
        "OMB o OR o XOR as printed: LTF-of-LTF of linear size (2.5.6)",
        ("blocks", "pairs"),
        (),
        build.chattopadhyay_mande_circuit,
        _chattopadhyay_mande,
    ),
    "address": Construction(
        "multiplexer: the first bits tell which of the others is the value",
        ("bits",),
        (),
        _multiplexer,
        lambda bits: named.address(bits + (1 << bits)),
    ),
    "andreev": Construction(
        "Andreev's function (Definition 10): parities feed an address",
        ("n",),
        (),
        build.andreev_circuit,
        named.andreev,
    ),
}
"""The constructions by name."""
