"""Tests of relucomb.piecewise_linear.proofs: equality of a network and a function, and what refutes it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_input_networks import networks

from relucomb.exceptions import RelucombError
from relucomb.networks import ReLUNetwork
from relucomb.piecewise_linear import proofs
from relucomb.piecewise_linear.function import PiecewiseLinear

places = st.fractions(-3, 3, max_denominator=4)


@given(networks())
def test_networks_equal_their_functions(net: ReLUNetwork) -> None:
    """The proof holds; it lists the points and equal values of both."""
    f = PiecewiseLinear.from_network(net)
    proof = f.prove_equal(net)
    assert proof
    assert proof.difference is None
    assert proof.function_values == proof.network_values == tuple(map(f, proof.points))
    assert set(f.breakpoints) <= set(proof.points)
    assert list(proof.points) == sorted(set(proof.points))


@given(networks(), places, places.filter(bool))
def test_a_bend_is_refuted(net: ReLUNetwork, place: Fraction, bend: Fraction) -> None:
    """Any other function is told apart, at a point where the two do differ."""
    f = PiecewiseLinear.from_network(net)
    for other in (f + PiecewiseLinear([place], [0, bend]), f + PiecewiseLinear([place], [bend, 0]), f + bend):
        proof = other.prove_equal(net)
        assert not proof
        assert proof.difference is not None
        assert other(proof.difference) != net.evaluate_exact([[proof.difference]])[0]


@given(networks(), st.sampled_from([1, 7]))
def test_blocks_of_points_make_no_difference(net: ReLUNetwork, block: int) -> None:
    """One segment at a time, or a few, gives the same proof and the same counterexample."""
    f = PiecewiseLinear.from_network(net)
    before = [other.prove_equal(net) for other in (f, f + 1)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proofs, "BLOCK", block)
        again = [other.prove_equal(net) for other in (f, f + 1)]
    assert [proof.network_values for proof in again] == [proof.network_values for proof in before]
    assert [proof.difference for proof in again] == [proof.difference for proof in before]


def test_a_tooth_between_breakpoints_is_seen() -> None:
    """A network that differs only inside one piece of the function has its own breakpoints there."""
    tooth = ReLUNetwork([[[1], [1], [1]], [[1, -2, 1]]], [[-1, Fraction(-3, 2), -2], [0]])
    proof = PiecewiseLinear([0, 3], [0, 0, 0]).prove_equal(tooth)
    assert proof.difference == Fraction(3, 2)
    assert repr(proof) == "<EqualityProof: different at x = 3/2, 5 points compared>"


def test_points_that_prove_nothing_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the points left out a kink, the check of the signs would say so."""
    nothing = np.array([], dtype=np.int64)
    net = ReLUNetwork([[[1], [1], [1]], [[1, -2, 1]]], [[-1, -2, -3], [0]])
    monkeypatch.setattr(proofs, "switching_points", lambda layers: (nothing, nothing))
    with pytest.raises(RelucombError, match="do not prove"):
        PiecewiseLinear.affine(0).prove_equal(net)
    far = ReLUNetwork([[[1]], [[1]]], [[-1000], [0]])
    with pytest.raises(RelucombError, match="do not prove"):
        PiecewiseLinear.affine(0).prove_equal(far)


def test_other_networks_are_refused() -> None:
    """Several inputs, and what is no network."""
    with pytest.raises(ValueError, match="one input and one output"):
        PiecewiseLinear.affine(0).prove_equal(ReLUNetwork([[[1, 1]]], [[0]]))
    with pytest.raises(TypeError, match="must be a ReLUNetwork"):
        PiecewiseLinear.affine(0).prove_equal(PiecewiseLinear.affine(0))  # type: ignore[arg-type]
