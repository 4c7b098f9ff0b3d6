"""Tests of relucomb.two_layer: every answer carries a certificate, and every certificate is checked."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc
from relucomb.two_layer import is_two_layer

small = st.integers(-2, 2)


@st.composite
def networks(draw: st.DrawFn, inputs: int, hidden: int) -> rc.ReLUNetwork:
    """Draw a network of small integers; zero rows and coincident hyperplanes are frequent."""
    widths = [inputs, *(draw(st.integers(1, 3)) for _ in range(hidden)), 1]
    weights: Any = []
    biases: Any = []
    for fan_in, fan_out in pairwise(widths):
        weights.append(
            draw(st.lists(st.lists(small, min_size=fan_in, max_size=fan_in), min_size=fan_out, max_size=fan_out))
        )
        biases.append(draw(st.lists(small, min_size=fan_out, max_size=fan_out)))
    return rc.ReLUNetwork(weights, biases)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 3).flatmap(lambda n: networks(n, 2)))
def test_certificates_hold(net: rc.ReLUNetwork) -> None:
    """Two hidden layers in any position: the network of one hidden layer is equal, or the kink does change."""
    answer = is_two_layer(net)
    assert answer.verify()
    assert bool(answer) is (answer.network is not None)
    assert str(answer)
    if net.widths[0] == 1:
        assert answer  # Theorem 2.2.2


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3).flatmap(lambda n: st.tuples(networks(n, 1), networks(n, 0))))
def test_sums_of_units_are_recognised(pair: tuple[rc.ReLUNetwork, rc.ReLUNetwork]) -> None:
    """One hidden layer, disguised by a maximum with itself and with an affine function added, is found again."""
    net, affine = pair
    answer = is_two_layer(rc.maximum(net, net) + affine)
    assert answer
    assert answer.verify()
    assert answer.network is not None
    assert answer.network.size <= max(1, net.size + 2)


@settings(max_examples=40, deadline=None)
@given(networks(1, 2))
def test_on_the_line_the_network_has_a_unit_for_each_piece(net: rc.ReLUNetwork) -> None:
    """No more units than pieces, as Theorem 2.2.2 says; two for an affine function."""
    answer = is_two_layer(net)
    function = rc.PiecewiseLinear.from_network(net)
    assert answer.network is not None
    assert answer.network.size <= max(2, function.count_pieces())
    assert rc.PiecewiseLinear.from_network(answer.network) == function


def maxima(A: Any, b: Any) -> rc.SumOfMaxima:
    """Shorten the calls below."""
    return rc.SumOfMaxima.max(A, b)


def test_proposition_two_five_two() -> None:
    """max(0, x1, x2) is no sum of ReLUs: its kinks are half-lines that end in the origin."""
    answer = is_two_layer(maxima([[0, 0], [1, 0], [0, 1]], [0, 0, 0]))
    assert not answer
    assert answer.verify()
    assert answer.jumps is not None
    assert answer.jumps[0] != 0 == answer.jumps[1]
    assert "not computed by one hidden layer" in str(answer)


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (maxima([[1, 1], [1, -1], [-1, 1], [-1, -1]], [0, 0, 0, 0]), 4),  # |x| + |y|
        (maxima([[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]), 4),  # max(|x|, |y|): kinks x = y and x = -y
        (maxima([[0, 0], [1, 0]], [0, 0]), 1),
        (maxima([[0, 0], [1, 0], [1, 0]], [0, 0, -5]), 1),
        (maxima([[0, 0], [1, 0], [2, 0]], [0, 0, -1]), 2),  # parallel kinks
        (maxima([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]], [0, 0, 0, 0]), 2),  # max(0, x) + max(0, y) in space
        (maxima([[3, 4]], [5]), 2),  # affine
        (maxima([[0, 0]], [5]), 1),  # constant
    ],
)
def test_sums_of_relus(f: rc.SumOfMaxima, expected: int) -> None:
    """Computed by one hidden layer, of no more units than expected."""
    answer = is_two_layer(f)
    assert answer
    assert answer.verify()
    assert answer.network is not None
    assert answer.network.size <= expected


@pytest.mark.parametrize(
    "f",
    [
        maxima([[0, 0], [1, 0], [0, 1], [1, 1]], [0, 0, 0, -1]),  # a square of kinks cut off
        maxima([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [0, 0, 0]),  # a line of corners in space
        maxima([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0, 0]),
        rc.SumOfMaxima.max_of_minima([([[1, 0], [0, 1]], [0, 0])]) + maxima([[0, 0], [1, 0]], [0, 0]),
        rc.SumOfMaxima.max_of_minima([([[1, 0], [0, 1], [0, 0]], [0, 0, 0])]),
    ],
)
def test_others(f: rc.SumOfMaxima) -> None:
    """Min(x, y) + max(0, x) is one, by min(x, y) = y - max(0, y - x); the other kinks stop."""
    answer = is_two_layer(f)
    assert answer.verify()
    assert bool(answer) is (f.longest == 2)


def test_a_jump_that_changes_without_stopping() -> None:
    """2 max(0, x) where y > 0 and max(0, x) elsewhere, made continuous: the kink x = 0 goes on with another jump."""
    # max(0, x) + max(0, min(x, y)): across x = 0 the gradient jumps by 2 where y > 0, and by 1 where y < 0
    f = maxima([[0, 0], [1, 0]], [0, 0]) + rc.SumOfMaxima.max_of_minima([([[1, 0], [0, 1]], [0, 0]), ([[0, 0]], [0])])
    answer = is_two_layer(f)
    assert not answer
    assert answer.verify()


def test_a_ridge_along_a_whole_line_that_is_missing_elsewhere() -> None:
    """|x| - |x + |y|| and the like: hyperplanes that two layers bend and unbend."""
    x, y = rc.ReLUNetwork([[[1, 0]]], [[0]]), rc.ReLUNetwork([[[0, 1]]], [[0]])
    f = rc.maximum(x, -x) - rc.maximum(x + rc.maximum(y, -y), -x - rc.maximum(y, -y))
    answer = is_two_layer(f)
    assert not answer
    assert answer.verify()


def test_kinks_that_cancel_are_no_kinks() -> None:
    """A deep network of an affine function has no kink at all."""
    x = rc.ReLUNetwork([[[1, 2]]], [[3]])
    answer = is_two_layer(rc.maximum(x, x) - rc.maximum(x, x - 1) + x)
    assert answer
    assert answer.network is not None
    assert answer.verify()


def test_float_weights_are_the_rationals_they_are() -> None:
    """0.1 + 0.2 is not 0.3: two hyperplanes that nearly coincide are two."""
    net = rc.ReLUNetwork([[[1.0, 0.0], [1.0, 0.0]], [[1.0, 1.0]]], [[0.1 + 0.2, 0.3], [0.0]])
    answer = is_two_layer(net)
    assert answer.network is not None
    assert answer.network.size == 2
    assert answer.verify()


def test_false_certificates_are_refused() -> None:
    """A wrong network, a wrong jump, a point beside the hyperplane and no certificate at all fail."""
    yes = is_two_layer(maxima([[0, 0], [1, 0]], [0, 0]))
    assert yes.network is not None
    assert not dataclasses.replace(yes, network=2 * yes.network).verify()
    no = is_two_layer(maxima([[0, 0], [1, 0], [0, 1]], [0, 0, 0]))
    assert no.jumps is not None
    assert no.points is not None
    assert not dataclasses.replace(no, jumps=(no.jumps[0], no.jumps[0])).verify()
    assert not dataclasses.replace(no, jumps=(no.jumps[0] + 1, no.jumps[1])).verify()
    beside = tuple(entry + 1 for entry in no.points[1])
    assert not dataclasses.replace(no, points=(no.points[0], beside)).verify()
    assert not dataclasses.replace(no, points=(no.points[0], (Fraction(0), Fraction(0)))).verify()
    assert not dataclasses.replace(no, hyperplane=None).verify()


def test_bad_arguments() -> None:
    """Two outputs, and things that are no function."""
    with pytest.raises(ValueError, match="f must have one output; got 2"):
        is_two_layer(rc.ReLUNetwork([np.eye(2)], [[0, 0]]))
    with pytest.raises(TypeError, match="f must be a ReLUNetwork or a SumOfMaxima; got int"):
        is_two_layer(3)  # type: ignore[arg-type]
