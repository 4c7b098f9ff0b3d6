"""Tests of relucomb.families.telgarsky: the repeated mirror map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import relucomb as rc
from relucomb.families import Sawtooth, Telgarsky

if TYPE_CHECKING:
    from fractions import Fraction

points = st.lists(st.fractions(-1, 2, max_denominator=64), min_size=1, max_size=6)


@given(st.integers(1, 5), points)
def test_the_network_computes_the_definition(stages: int, xs: list[Fraction]) -> None:
    """Two hidden layers and three units for each stage."""
    f = Telgarsky(stages)
    net = f.network()
    assert net.widths == (1, *f.widths, 1)
    assert net.size == f.size == 3 * stages
    rows: Any = [[x] for x in xs]
    assert net.evaluate_exact(rows).tolist() == [f(x) for x in xs]


@pytest.mark.parametrize("stages", [1, 2, 3, 6])
def test_pieces(stages: int) -> None:
    """2^stages on [0, 1], two flat ones beside it; counted on the network, and the function of the zeros and tops."""
    f = Telgarsky(stages)
    exact = rc.PiecewiseLinear.from_network(f.network())
    assert exact == f.piecewise_linear()
    assert exact.count_pieces() == f.count_pieces() == 2**stages + 2
    assert exact.count_pieces((0, 1)) == f.count_pieces("core") == 2**stages


@given(st.integers(1, 4), st.fractions(0, 1, max_denominator=64))
def test_it_is_the_sawtooth_of_two_equal_steps_on_the_interval(stages: int, x: Fraction) -> None:
    """The thesis' family contains it, with two thirds of the units and half the layers."""
    assert Telgarsky(stages)(x) == Sawtooth.equal_steps(2, stages)(x)


def test_the_theorem_counts_layers_and_nodes() -> None:
    """Theorem 1.1 there: 2k³ + 8 layers and 3k³ + 12 nodes."""
    for k in (1, 2, 3):
        f = Telgarsky.of_theorem(k)
        assert (len(f.widths), f.size) == (2 * k**3 + 8, 3 * k**3 + 12)


def test_bad_arguments() -> None:
    """No stage, no theorem for k = 0."""
    with pytest.raises(ValueError, match="stages must be at least 1; got 0"):
        Telgarsky(0)
    with pytest.raises(ValueError, match="k must be at least 1; got 0"):
        Telgarsky.of_theorem(0)
