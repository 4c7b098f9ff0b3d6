"""Tests of the complex of a network: cells in parts, limits, exactness in any units."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.networks import ReLUNetwork
from relucomb.pieces.network_complex import NetworkComplex
from relucomb_solvers.polyhedral_complex import packed


def random_network(seed: int, widths: tuple[int, ...], spread: int = 2) -> ReLUNetwork:
    """Return a network of small integers: degenerate more often than not."""
    rng = np.random.default_rng(seed)
    weights = [rng.integers(-spread, spread + 1, (b, a)) for a, b in pairwise(widths)]
    return ReLUNetwork(weights, [rng.integers(-spread, spread + 1, len(W)) for W in weights])


def in_other_units(net: ReLUNetwork, seed: int, bits: int) -> ReLUNetwork:
    """Return the network with another scale for every input and every unit: the same cells, much longer numbers."""
    rng = random.Random(seed)

    def scales(count: int) -> Any:
        return np.array([Fraction(rng.getrandbits(bits) | 1, rng.getrandbits(bits) | 1) for _ in range(count)])

    weights, biases = [W.copy() for W in net.exact().weights], [b.copy() for b in net.exact().biases]
    biases[0] = biases[0] + weights[0] @ scales(net.widths[0])
    weights[0] = weights[0] * scales(net.widths[0])
    for k in range(len(weights) - 1):
        factor = scales(len(biases[k]))
        weights[k], biases[k] = weights[k] * factor[:, None], biases[k] * factor
        weights[k + 1] = weights[k + 1] / factor
    return ReLUNetwork(weights, biases)


def patterns(net: ReLUNetwork, **options: Any) -> list[tuple[int, ...]]:
    """Return the patterns of all cells, sorted."""
    return sorted(tuple(row) for part in NetworkComplex.of(net, None).parts(**options) for row in part.bits.tolist())


@pytest.mark.kernels
def test_an_arrangement_in_general_position_has_all_its_cells() -> None:
    """One hidden layer with generic hyperplanes: Σ_{j≤n} C(w, j) cells."""
    for n, w in ((1, 5), (2, 6), (3, 5), (4, 5)):
        [part] = NetworkComplex.of(random_network(n, (n, w, 1), spread=10**6), None).parts()
        assert len(part) == sum(math.comb(w, j) for j in range(n + 1))
        assert part.next_unit == part.units == w


@pytest.mark.parametrize("faces", [False, True])
def test_parts_make_up_the_whole(faces: bool) -> None:
    """Built in parts of any size, the complex has the same cells, each once."""
    for seed, widths in enumerate([(2, 6, 6, 1), (3, 5, 4, 1), (1, 5, 5, 1)]):
        net = random_network(seed, widths)
        whole = patterns(net, faces=faces)
        assert len(set(whole)) == len(whole)
        for most in (1, 2, 7, 1000):
            assert patterns(net, faces=faces, most_cells=most) == whole


@given(st.integers(0, 10**6), st.sampled_from([(2, 4, 3, 1), (1, 4, 4, 1), (3, 4, 3, 1), (2, 3, 3, 3, 1)]))
def test_long_numbers_change_nothing(seed: int, widths: tuple[int, ...]) -> None:
    """In units in which no number fits a float, so that exact arithmetic decides, the cells are the same."""
    net = random_network(seed, widths)
    for bits in (20, 90):
        other = in_other_units(net, seed, bits)
        for faces in (False, True):
            assert patterns(other, faces=faces) == patterns(net, faces=faces)


def test_long_numbers_in_parts() -> None:
    """Exact rays are computed also for parts that were split off before."""
    net = random_network(5, (2, 7, 6, 1))
    assert patterns(in_other_units(net, 1, 90), most_cells=4) == patterns(net)


def test_deep_networks_of_long_numbers() -> None:
    """Exponents beyond those of floats: twenty layers of weights with 60-bit numerators and denominators."""
    rng = random.Random(0)
    one = [[[Fraction(rng.getrandbits(60) | 1, rng.getrandbits(60) | 1)]] for _ in range(21)]
    net = ReLUNetwork(one, [[Fraction(-1, 7)] if k == 0 else [0] for k in range(21)])
    [part] = NetworkComplex.of(net, None).parts()
    assert sorted(part.bits[:, 0].tolist()) == [0, 2**20 - 1]


@pytest.mark.parametrize("scale", [1e-300, 1e300, 2.0**-1074])
def test_floats_of_every_size(scale: float) -> None:
    """The greatest and the least floats are rationals like others."""
    net = ReLUNetwork([[[scale], [1.0]], [[1.0, -scale]], [[1.0]]], [[-1.0, scale], [0.0], [0.0]])
    [part] = NetworkComplex.of(net, None).parts()
    simple = ReLUNetwork([[[1], [1]], [[1, -1]], [[1]]], [[-1 / Fraction(scale), Fraction(scale)], [0], [0]])
    [other] = NetworkComplex.of(simple, None).parts()
    assert sorted(part.bits[:, 0].tolist()) == sorted(other.bits[:, 0].tolist())


def test_poll_stops_with_what_is_certain() -> None:
    """The numbers reported never fall and never exceed the count; when told to, the last part is unfinished."""
    net = random_network(1, (2, 8, 8, 1), spread=100)
    count = len(patterns(net))
    for most in (None, 10):
        reports: list[int] = []

        def poll(cells: int, units: int, reports: list[int] = reports) -> bool:
            reports.append(cells)
            return len(reports) < 12

        parts = list(NetworkComplex.of(net, None).parts(most_cells=most, poll=poll))
        assert reports == sorted(reports)
        assert reports[-1] <= count
        assert len(reports) == 12
        assert parts[-1].next_unit < parts[-1].units
        finished: list[int] = []
        for part in NetworkComplex.of(net, None).parts(most_cells=most, poll=lambda c, u, f=finished: not f.append(c)):  # type: ignore[func-returns-value, misc]
            assert part.next_unit == part.units
        assert finished[-1] == count


def test_rays_lie_where_their_masks_say() -> None:
    """Each unit vanishes at exactly the rays whose mask has its bit; on each cell signs agree with the pattern."""
    net = random_network(7, (2, 5, 4, 1))
    source = NetworkComplex.of(net, None)
    [part] = source.parts()
    numbers = part.numbers.tolist()
    values = [part.rays.values(numbers, layer) for layer in range(2)]
    heights = [[*first, *second] for first, second in zip(*values, strict=True)]
    for ray, row in enumerate(heights):
        for unit, height in enumerate(row):
            assert (int(part.masks[ray, 0]) >> unit & 1) == (height == 0)
    for cell in range(len(part)):
        for ray in part.members[part.pointer[cell] : part.pointer[cell + 1]].tolist():
            for unit, height in enumerate(heights[ray]):
                active = int(part.bits[cell, 0]) >> unit & 1
                assert height >= 0 if active else height <= 0


def test_packed_words() -> None:
    """Integers of any length become words, the lowest first."""
    assert packed([1 << 70 | 5], 71).tolist() == [[5, 64]]
    assert packed([0], 0).tolist() == [[0]]
