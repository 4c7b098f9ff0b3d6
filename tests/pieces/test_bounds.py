"""Tests of relucomb.pieces.bounds: upper bounds as their definitions say, and never below a count."""

from __future__ import annotations

from itertools import pairwise, product
from math import comb, prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc
from relucomb.pieces.bounds import ALL_KINDS, cells, serra

architectures = st.lists(st.integers(1, 5), min_size=1, max_size=4)


def serra_by_definition(n: int, hidden: list[int]) -> int:
    """Sum over the set J of the paper, written down literally."""
    total = 0
    for js in product(*(range(w + 1) for w in hidden)):
        limits = [
            min([n, *(w - j for w, j in zip(hidden[:layer], js[:layer], strict=True)), hidden[layer]])
            for layer in range(len(hidden))
        ]
        if all(j <= limit for j, limit in zip(js, limits, strict=True)):
            total += prod(comb(w, j) for w, j in zip(hidden, js, strict=True))
    return total


@given(st.integers(1, 5), architectures)
def test_serra_is_the_sum_of_the_paper(n: int, hidden: list[int]) -> None:
    """Theorem 1 of arXiv 1711.02114, layer by layer and literally."""
    assert serra(n, hidden) == serra_by_definition(n, hidden)


@given(st.integers(1, 5), architectures)
def test_bounds_are_ordered(n: int, hidden: list[int]) -> None:
    """Serra et al. ≤ Montúfar ≤ layer by layer ≤ all sign vectors; on the line the lemma is looser than the product."""
    bounds = {name: bound.value for name, bound in rc.piece_upper_bounds((n, *hidden, 1)).items()}
    assert bounds["serra"] <= bounds["bottleneck"] <= bounds["layers"] <= bounds["signs"]
    assert ("lemma" in bounds) is (n == 1)
    if n == 1:
        assert bounds["serra"] <= bounds["product"] <= bounds["lemma"]
        assert bounds["product"] == bounds["layers"] == prod(w + 1 for w in hidden)
        assert bounds["lemma"] == 2 ** (len(hidden) - 1) * (hidden[0] + 1) * prod(hidden[1:])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 2), st.lists(st.integers(1, 3), min_size=1, max_size=3), st.integers(1, 2), st.data())
def test_no_network_has_more_pieces(n: int, hidden: list[int], outputs: int, data: st.DataObject) -> None:
    """Each kind of piece is counted on networks of small integers and compared with the bounds that speak of it."""
    widths = [n, *hidden, outputs]
    weights, biases = [], []
    for fan_in, fan_out in pairwise(widths):
        size = fan_in * fan_out
        weights.append(
            np.array(data.draw(st.lists(st.integers(-3, 3), min_size=size, max_size=size))).reshape(fan_out, fan_in)
        )
        biases.append(np.array(data.draw(st.lists(st.integers(-3, 3), min_size=fan_out, max_size=fan_out))))
    net = rc.ReLUNetwork(weights, biases)
    counts = rc.piece_census(net).counts
    for bound in rc.piece_upper_bounds(net.widths).values():
        assert all(counts[kind] <= bound.value for kind in bound.kinds)
        assert set(bound.kinds) <= set(ALL_KINDS)


def test_sawteeth_and_generic_lines_reach_the_bounds() -> None:
    """The product is reached by two layers of two units; the layer bound by one layer in general position."""
    zigzag = rc.ReLUNetwork([[[1], [1]], [[2, -4], [2, -4]], [[1, -2]]], [[0, -1], [-1, -1.5], [0]])
    best = max(rc.count_pieces(net) for net in (zigzag, -zigzag))
    assert best <= rc.piece_upper_bounds((1, 2, 2, 1))["product"].value == 9
    rng = np.random.default_rng(0)
    net = rc.ReLUNetwork([rng.normal(size=(5, 2)), np.ones((1, 5))], [rng.normal(size=5), np.zeros(1)])
    assert rc.count_pieces(net) == cells(5, 2) == rc.piece_upper_bounds(net.widths)["serra"].value == 16


def test_wide_networks() -> None:
    """Widths in the hundreds take no time, and integers do not overflow."""
    bounds = rc.piece_upper_bounds((200, 300, 200, 300, 200, 10))
    assert bounds["signs"].value == 2**1000
    assert 10**200 < bounds["serra"].value < bounds["bottleneck"].value <= bounds["layers"].value


def test_no_hidden_layer() -> None:
    """An affine map has one piece in every sense."""
    assert {bound.value for bound in rc.piece_upper_bounds((1, 1)).values()} == {1}
    assert {bound.value for bound in rc.piece_upper_bounds((3, 2)).values()} == {1}


@pytest.mark.parametrize("widths", [(), (2,), (2, 0, 1), (0, 1), (1, -1, 1)])
def test_bad_widths(widths: Any) -> None:
    """Too few or not positive."""
    with pytest.raises(ValueError, match="widths must be positive"):
        rc.piece_upper_bounds(widths)


def test_widths_must_be_integers() -> None:
    """A float is refused even if it is whole."""
    with pytest.raises(TypeError):
        rc.piece_upper_bounds((1, 2.0, 1))  # type: ignore[arg-type]
