"""Seeded small networks and boxes that break assumptions of general position; the same seed, the same network.

A network starts with integers from -2 to 2 as weights and biases, where parallel rows, zeros and several hyperplanes
through one point are frequent already. Then some of the degeneracies below are forced upon it, in this order:

==================  ====================================================================================================
central             all biases zero: all hyperplanes of the first layer pass through the origin
sparse              about two thirds of the weights zero
axis-parallel       rows of the first layer are multiples of unit vectors, so that boxes can have faces on kinks
opposite pairs      rows and biases of the first layer come in pairs of opposites, and the other layers have no bias:
                    cells of equal maps then often meet in a corner only
zero row            a hidden unit without inputs; its bias decides whether it is dead or constant
dead unit           a hidden unit that is never active but reads the others (only behind the first hidden layer)
parallel            a unit's row is a multiple of another's, also a negative one
coincident          row and bias are multiples of another unit's: one hyperplane, for a positive factor equal bits
duplicate           row, bias and outgoing weights are those of another unit
cancelling          row and bias are those of another unit, outgoing weights the opposite: both vanish from the function
unused unit         outgoing weights zero: bits that the function does not show
zero output         a row of the output layer is zero (only biases are left)
constant            the whole output layer is zero: one piece
fractions           every number divided by 2, 3 or 5
dyadic floats       every number divided by 4 or 8, as a float
decimal floats      every number divided by 10, as a float, which hardly ever is that rational
==================  ====================================================================================================
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb import ReLUNetwork

if TYPE_CHECKING:
    from collections.abc import Sequence

ARCHITECTURES: tuple[tuple[int, ...], ...] = (
    (1, 1, 1),
    (1, 3, 1),
    (1, 2, 2, 1),
    (1, 2, 2, 2),
    (1, 2, 2, 2, 1),
    (1, 4, 3, 1),
    (2, 1, 1),
    (2, 3, 1),
    (2, 3, 2),
    (2, 2, 2, 1),
    (2, 3, 2, 1),
    (2, 1, 3, 1),
    (2, 2, 1, 2, 1),
    (2, 4, 3, 1),
    (3, 1, 2, 1),
    (3, 3, 1),
    (3, 2, 2, 1),
    (3, 3, 2, 2),
)

NUMBERS = ("fractions", "dyadic floats", "decimal floats")
DEGENERACIES = (
    "central",
    "sparse",
    "axis-parallel",
    "opposite pairs",
    "zero row",
    "dead unit",
    "parallel",
    "coincident",
    "duplicate",
    "cancelling",
    "unused unit",
    "zero output",
    "constant",
    *NUMBERS,
)

Arrays = list[np.ndarray[Any, Any]]


def degenerate_network(seed: int, widths: Sequence[int], degeneracies: Sequence[str]) -> ReLUNetwork:
    """Return the network of a seed with the degeneracies named."""
    unknown = set(degeneracies) - set(DEGENERACIES)
    if unknown:
        raise ValueError(f"unknown degeneracies: {sorted(unknown)}")
    rng = np.random.default_rng([seed, *widths])
    weights: Arrays = [rng.integers(-2, 3, (b, a)) for a, b in itertools.pairwise(widths)]
    biases: Arrays = [rng.integers(-2, 3, b) for b in widths[1:]]
    for name in DEGENERACIES:
        if name in degeneracies and name not in NUMBERS:
            _force(name, rng, weights, biases)
    chosen = [name for name in NUMBERS if name in degeneracies]
    if not chosen:
        return ReLUNetwork([W.tolist() for W in weights], [b.tolist() for b in biases])
    divided = np.vectorize(lambda number: _divided(chosen[-1], number, rng), otypes=[object])
    return ReLUNetwork([divided(W) for W in weights], [divided(b) for b in biases])


def any_network(seed: int, architectures: Sequence[Sequence[int]] = ARCHITECTURES) -> ReLUNetwork:
    """Return a network of one of the architectures with up to three degeneracies."""
    rng = np.random.default_rng([seed, 1])
    widths = architectures[int(rng.integers(len(architectures)))]
    names = rng.choice(DEGENERACIES, size=int(rng.integers(4)), replace=False).tolist()
    return degenerate_network(seed, widths, names)


def touching_network(seed: int) -> ReLUNetwork:
    """Return a network of a kind where cells of one map often (one seed in eight) touch without sharing a facet."""
    rng = np.random.default_rng([seed, 3])
    widths = ((2, 4, 2, 1), (2, 4, 3, 1), (2, 4, 4, 1))[int(rng.integers(3))]
    return degenerate_network(seed, widths, [("opposite pairs",), ("central",)][seed % 2])


def any_box(seed: int, network: ReLUNetwork) -> list[tuple[Fraction, Fraction]]:
    """Return a closed box with some faces on kinks of the first layer that are parallel to them, if there are any.

    The other faces lie at small integers and halves.
    """
    rng = np.random.default_rng([seed, 2])
    W, b = network.exact().weights[0], network.exact().biases[0]
    box = []
    for i in range(W.shape[1]):
        kinks = [-c / row[i] for row, c in zip(W, b, strict=True) if row[i] and np.count_nonzero(row) == 1]
        ends = {Fraction(int(p), int(q)) for p, q in zip(rng.integers(-4, 5, 4), rng.integers(1, 3, 4), strict=True)}
        ends |= {Fraction(0), Fraction(1)}
        low, high = sorted(rng.choice(np.array(sorted(ends), dtype=object), 2, replace=False))
        if kinks and rng.integers(4):
            kink = kinks[int(rng.integers(len(kinks)))]
            low, high = [(kink, kink + high - low), (kink - high + low, kink)][int(rng.integers(2))]
            if rng.integers(2) and len(set(kinks)) > 1:  # both faces on kinks
                low, high = sorted(rng.choice(np.array(sorted(set(kinks)), dtype=object), 2, replace=False))
        box.append((low, high))
    return box


def _divided(name: str, number: int, rng: np.random.Generator) -> Fraction | float:
    match name:
        case "fractions":
            return Fraction(number, int(rng.choice([2, 3, 5])))
        case "dyadic floats":
            return number / int(rng.choice([4, 8]))
        case _:
            return number / 10


def _force(name: str, rng: np.random.Generator, weights: Arrays, biases: Arrays) -> None:
    """Change integer weights and biases in place."""
    hidden = len(weights) - 1
    layer = int(rng.integers(hidden))
    W, b, out = weights[layer], biases[layer], weights[layer + 1]
    unit, other = (int(u) for u in rng.permutation(len(b))[[0, -1]])  # the same one if there is only one
    factor = int(rng.choice([-2, -1, 1, 2]))
    match name:
        case "central":
            for vector in biases:
                vector[:] = 0
        case "sparse":
            for matrix in weights:
                matrix[rng.integers(3, size=matrix.shape) > 0] = 0
        case "axis-parallel":
            keep = rng.integers(weights[0].shape[1], size=len(weights[0]))
            weights[0][np.arange(weights[0].shape[1]) != keep[:, None]] = 0
        case "opposite pairs":
            for odd in range(1, len(weights[0]), 2):
                weights[0][odd], biases[0][odd] = -weights[0][odd - 1], -biases[0][odd - 1]
            for vector in biases[1:]:
                vector[:] = 0
        case "zero row":
            W[unit] = 0
        case "dead unit":
            layer = int(rng.integers(1, hidden)) if hidden > 1 else 0
            weights[layer][0] = -abs(weights[layer][0]) if layer else 0
            biases[layer][0] = -abs(biases[layer][0])
        case "parallel":
            W[unit] = factor * W[other]
        case "coincident":
            W[unit], b[unit] = factor * W[other], factor * b[other]
        case "duplicate":
            W[unit], b[unit], out[:, unit] = W[other], b[other], out[:, other]
        case "cancelling":
            W[unit], b[unit], out[:, unit] = W[other], b[other], -out[:, other]
        case "unused unit":
            out[:, unit] = 0
        case "zero output":
            weights[-1][int(rng.integers(len(weights[-1])))] = 0
        case "constant":
            weights[-1][:] = 0
