"""Tests of the way from a network to its complex and back."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import relucomb as rc
from relucomb.pieces.network_complex import NetworkComplex, patterns_of


def test_points_come_back_with_their_coordinates() -> None:
    """A ray with coordinates y stands for a point where the basis units have these values; directions likewise."""
    net = rc.ReLUNetwork([[[1, 2, 0], [2, 4, 0], [0, 1, 1]], [[1, 1, 1]]], [[3, 1, -1], [0]])
    source = NetworkComplex.of(net, None)
    assert source.basis == [0, 2]
    W, b = source.layers[0]
    for ray in [(1, 2, 3), (0, 0, 1), (-5, 7, 2)]:
        x = np.array(source.point(ray), dtype=object)
        assert (W @ x + b)[[0, 2]].tolist() == [Fraction(ray[0], ray[2]), Fraction(ray[1], ray[2])]
    move = np.array(source.direction((1, -2, 0)), dtype=object)
    assert (W @ move)[[0, 2]].tolist() == [1, -2]
    [line] = source.lines
    assert not (W @ np.array(line, dtype=object)).any()
    assert any(line)


def test_boxes_keep_the_inputs_as_coordinates() -> None:
    """On a box there are no lines, and rays are points as they stand."""
    source = NetworkComplex.of(rc.ReLUNetwork([[[0, 0]], [[1]]], [[1], [0]]), [(0, 1), (0, 1)])
    assert source.lines == []
    assert source.point((1, 2, 4)) == (Fraction(1, 4), Fraction(1, 2))


def test_what_is_no_network_is_refused() -> None:
    """The argument is named."""
    with pytest.raises(TypeError, match="net must be a ReLUNetwork; got int"):
        NetworkComplex.of(3, None)  # type: ignore[arg-type]


def test_patterns_are_cut_into_layers() -> None:
    """Bits beyond the first word, and layers of any width."""
    [pattern] = patterns_of(np.array([[1 << 63, 1]], dtype=np.uint64), (60, 5))
    assert pattern[0] == (False,) * 60
    assert pattern[1] == (False, False, False, True, True)
    assert patterns_of(np.zeros((1, 1), dtype=np.uint64), ()) == [()]
