"""Tests of relucomb.piecewise_linear.size: the smallest network with one hidden layer."""

from __future__ import annotations

from fractions import Fraction

import naive_piecewise as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.piecewise_linear.function import PiecewiseLinear

slopes = st.integers(-3, 3).map(Fraction) | st.fractions(-2, 2, max_denominator=3)


@st.composite
def functions(draw: st.DrawFn) -> PiecewiseLinear:
    """Draw a function with up to six pieces, in minimal form."""
    breakpoints = sorted(draw(st.sets(st.fractions(-3, 3, max_denominator=3), max_size=5)))
    count = len(breakpoints) + 1
    anchor = draw(slopes), draw(slopes)
    return PiecewiseLinear(breakpoints, draw(st.lists(slopes, min_size=count, max_size=count)), anchor).minimal()


@given(functions())
def test_the_size_is_the_least_and_the_network_is_equal(f: PiecewiseLinear) -> None:
    """No choice of directions does with less; equality is proven at the breakpoints, and the way back leads home."""
    found = f.smallest_network()
    assert found.is_smallest
    assert found.units == found.network.size == found.lower_bound
    assert found.network.depth == 2
    assert found.network.is_exact
    if f.breakpoints:
        assert found.units == naive.least_units(f.breakpoints, f.slopes)
    else:
        assert found.units == (2 if f.slopes[0] else 1)
    proof = f.prove_equal(found.network)
    assert proof
    assert len(proof.points) == max(len(f.breakpoints), 1) + 2
    assert PiecewiseLinear.from_network(found.network) == f == PiecewiseLinear.from_network(f.to_network())


@given(functions().filter(lambda f: len(f.breakpoints) > 0))
def test_a_flat_end_saves_a_unit(f: PiecewiseLinear) -> None:
    """Corollary 2.A.1, for both ends."""
    for end in (0, -1):
        flat = f - PiecewiseLinear.affine(f.slopes[end])
        assert flat.smallest_network().units == len(flat.slopes) - 1


def test_a_slope_between_saves_a_unit_too() -> None:
    """Neither end is flat, but the kink at 1 undoes the slope at the left end."""
    f = PiecewiseLinear([0, 1], [-2, -1, 1])
    assert f.slopes[0] != 0 != f.slopes[-1]
    assert f.smallest_network().units == 2


def test_a_line_takes_two_units() -> None:
    """The theorem's bound p = 1 fails for it."""
    assert PiecewiseLinear.affine(3, 1).smallest_network().units == 2
    assert PiecewiseLinear.affine(0, 1).smallest_network().units == 1


@pytest.mark.parametrize("pieces", [100, 1000])
def test_functions_with_many_pieces(pieces: int) -> None:
    """Decided by hopeless partial sums, by a table of sums, or by a flat end."""
    rng = np.random.default_rng(pieces)
    breakpoints = np.arange(pieces - 1)
    integral = PiecewiseLinear(breakpoints, rng.permutation(np.arange(2, pieces + 2)))
    assert integral.smallest_network().is_smallest
    odd = PiecewiseLinear(breakpoints, 2 * rng.permutation(pieces) + 1) * 2 + PiecewiseLinear.affine(1)
    assert odd.smallest_network().units == pieces
    values = [Fraction(int(n), int(d)) for n, d in rng.integers(1, 10**9, (pieces - 1, 2))]
    generic = PiecewiseLinear.from_points(breakpoints, values, 1, Fraction(1, 3))
    assert generic.smallest_network().is_smallest


def test_what_cannot_be_decided_is_said() -> None:
    """Many kinks of many digits: the network has p units, and the bound says p - 1."""
    rng = np.random.default_rng(0)
    f = PiecewiseLinear(range(200), [int(x) << 60 | int(y) for x, y in rng.integers(1, 2**60, (201, 2))])
    found = f.smallest_network()
    assert not found.is_smallest
    assert (found.units, found.lower_bound) == (201, 200)
    assert "too large to decide" in found.reason
    assert f.prove_equal(found.network)
