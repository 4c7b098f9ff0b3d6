"""The networks whose linear pieces bench_pieces.py counts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

import relucomb as rc

if TYPE_CHECKING:
    from numpy.typing import NDArray

Layers = list[tuple["NDArray[np.float64]", "NDArray[np.float64]"]]

GRID = 1024


@dataclass(frozen=True, slots=True)
class Instance:
    """A random network.

    Attributes
    ----------
    widths
        Numbers of inputs, of units in each hidden layer, of outputs.
    entries
        ``"k/1024"``: normal weights, rounded; ``"float"``: the same without rounding; ``"0…±m"``: integers.
    aim
        Seconds that a count should not exceed, if something is wanted.
    rivals
        Whether rivals are tried.
    glued
        Whether the pieces that need the whole complex in memory are counted too.
    """

    widths: tuple[int, ...]
    entries: str = "k/1024"
    aim: float | None = None
    rivals: bool = False
    glued: bool = True
    seed: int = 0

    @property
    def name(self) -> str:
        """The architecture as tables have it."""
        inputs, *hidden, outputs = self.widths
        return f"{inputs}-[{','.join(map(str, hidden))}]-{outputs}"

    def layers(self) -> Layers:
        """Draw weights and biases, floats that hold integers or multiples of 1/1024 exactly."""
        return draw(self.widths, self.entries, self.seed)

    def network(self) -> rc.ReLUNetwork:
        """Return the network."""
        return as_network(self.layers())


def draw(widths: tuple[int, ...], entries: str, seed: int) -> Layers:
    """Draw a network, layer after layer, weights before biases."""
    random = np.random.default_rng(seed)
    layers: Layers = []
    for fan_in, units in pairwise(widths):
        if entries.startswith("0…±"):
            most = int(entries.removeprefix("0…±"))
            weights = random.integers(-most, most, size=(units, fan_in), endpoint=True).astype(float)
            biases = random.integers(-most, most, size=units, endpoint=True).astype(float)
        else:
            weights = random.normal(size=(units, fan_in)) / np.sqrt(fan_in)
            biases = random.normal(size=units) / 2
            if entries == "k/1024":
                weights, biases = np.rint(GRID * weights) / GRID, np.rint(GRID * biases) / GRID
        layers.append((weights, biases))
    return layers


def as_network(layers: Layers) -> rc.ReLUNetwork:
    """Return the network with these layers."""
    return rc.ReLUNetwork([weights for weights, _ in layers], [biases for _, biases in layers])


def battery() -> list[Layers]:
    """Return thirty small networks in degenerate position."""
    return [draw((2, 4, 3, 1), "0…±2", seed) for seed in range(100, 130)]


INSTANCES = (
    Instance((2, 8, 8, 1), aim=0.02, rivals=True),
    Instance((2, 6, 6, 6, 1), rivals=True),
    Instance((2, 16, 16, 1), aim=0.1, rivals=True),
    Instance((2, 32, 1), rivals=True),
    Instance((3, 10, 10, 1), aim=0.3, rivals=True),
    Instance((4, 8, 8, 1), aim=0.5, rivals=True),
    Instance((2, 32, 32, 1), aim=1.0, rivals=True),
    Instance((2, 64, 64, 1), aim=20.0, rivals=True),
    Instance((2, 32, 32, 32, 1), aim=20.0, rivals=True),
    Instance((2, 16, 16, 1), "float"),
    Instance((3, 10, 10, 1), "float"),
    Instance((2, 64, 64, 1), "float"),
    Instance((4, 40, 1), "float"),
    Instance((2, 16, 16, 1), "0…±1"),
    Instance((3, 10, 10, 1), "0…±2"),
    Instance((2, 64, 64, 1), "0…±2"),
    Instance((4, 40, 1), "0…±1"),
    Instance((4, 40, 1)),
    Instance((3, 60, 60, 1)),
    Instance((2, 256, 256, 1)),
    Instance((2, 128, 128, 128, 1)),
    Instance((3, 100, 100, 1), glued=False),
)
