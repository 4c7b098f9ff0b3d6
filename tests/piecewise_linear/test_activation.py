"""Tests of relucomb.piecewise_linear.activation: switching points, and five counts on the line."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import degenerate_networks
import naive_piecewise as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_input_networks import layers_of, networks

from relucomb.networks import ReLUNetwork
from relucomb.pieces.census import piece_census
from relucomb.piecewise_linear.activation import activation_breakpoints, count_pieces_on_line
from relucomb.piecewise_linear.function import PiecewiseLinear

ONE_INPUT = [widths for widths in degenerate_networks.ARCHITECTURES if widths[0] == 1]


@given(networks() | networks(outputs=2))
def test_counts_are_those_of_the_oracle(net: ReLUNetwork) -> None:
    """All five of them, for one output and for two."""
    assert count_pieces_on_line(net) == naive.counts(layers_of(net))


@given(networks())
def test_activation_breakpoints_are_where_patterns_change(net: ReLUNetwork) -> None:
    """They are the oracle's candidates with different patterns on both sides."""
    layers = layers_of(net)
    points = naive.switching_points(layers)
    patterns = [naive.pattern(layers, naive.inside(*interval)[0]) for interval in naive.affine_intervals(points)]
    expected = [x for x, left, right in zip(points, patterns, patterns[1:], strict=False) if left != right]
    assert list(activation_breakpoints(net)) == expected
    assert set(PiecewiseLinear.from_network(net).breakpoints) <= set(expected)


@given(networks(), st.integers(-3, 2), st.integers(1, 3))
def test_counts_on_intervals(net: ReLUNetwork, low: int, width: int) -> None:
    """They are monotone, and a wide interval has all that R has."""
    inner = count_pieces_on_line(net, (low, low + width))
    outer = count_pieces_on_line(net)
    assert all(inner[kind] <= outer[kind] for kind in outer)
    assert inner["maps"] <= inner["affine"] == inner["affine-closed"] <= inner["activation"] <= inner["patterns"]
    assert inner["affine"] == PiecewiseLinear.from_network(net).count_pieces((low, low + width))
    far = [abs(x) for x in naive.switching_points(layers_of(net))]
    end = max(far, default=Fraction(0)) + 1
    assert count_pieces_on_line(net, (-end, end)) == outer
    assert count_pieces_on_line(net, (-math.inf, end)) == outer


def test_patterns_at_single_points_count() -> None:
    """Two units that look away from each other from one point: silent together there and nowhere else."""
    net = ReLUNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    expected = {"patterns": 3, "activation": 2, "affine": 2, "affine-closed": 2, "maps": 2}
    assert count_pieces_on_line(net) == expected
    assert count_pieces_on_line(net, (0, 1)) == {**expected, "patterns": 2, "activation": 1} | dict.fromkeys(
        ("affine", "affine-closed", "maps"), 1
    )
    assert activation_breakpoints(net) == (0,)


def test_many_units() -> None:
    """More units than bits in a word; each switches at its own point."""
    net = ReLUNetwork([np.ones((100, 1)), np.ones((1, 100))], [-np.arange(100.0), [0.0]])
    assert activation_breakpoints(net) == tuple(range(100))
    assert set(count_pieces_on_line(net).values()) == {101}


@pytest.mark.parametrize("function", [activation_breakpoints, count_pieces_on_line])
def test_several_inputs_are_refused(function: Any) -> None:
    """One input; any number of outputs."""
    with pytest.raises(ValueError, match="one input; got 2 and 1"):
        function(ReLUNetwork([[[1, 1]]], [[0]]))
    with pytest.raises(TypeError, match="must be a ReLUNetwork"):
        function(3)


@pytest.mark.parametrize("interval", [(1, 1), (2, 1), (0, math.nan)])
def test_flat_intervals_are_refused(interval: Any) -> None:
    """As everywhere."""
    with pytest.raises(ValueError, match="interval"):
        count_pieces_on_line(ReLUNetwork([[[1]]], [[0]]), interval)


@pytest.mark.parametrize("seed", range(60))
def test_counts_agree_with_those_in_several_dimensions(seed: int) -> None:
    """Degenerate networks with one input, on R and on a box, in all five meanings."""
    net = degenerate_networks.any_network(seed, ONE_INPUT)
    box = degenerate_networks.any_box(seed, net)
    assert piece_census(net).counts == count_pieces_on_line(net)
    assert piece_census(net, domain=box).counts == count_pieces_on_line(net, box[0])
