"""Membership in a zonotope: exact decisions, their proofs, the gauge."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import naive_zonotopes as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc
from zonotopes.test_zonotope import generators


def check(B: Any, x: Any) -> None:
    """Compare with the oracle, check the proof, and the gauge by the point on the boundary."""
    Z = rc.Zonotope(B)
    found = Z.membership(x)
    assert found.inside == bool(found) == Z.contains(x) == naive.contains(B, x)
    assert found.verify(Z)
    assert found.point == tuple(Fraction(entry) for entry in x)
    assert (found.coefficients is None) == (found.direction is not None) == (not found)
    if found.gauge is None:
        assert naive.rank_of([*naive.exact_rows(B), found.point]) > Z.dimension
    elif found.gauge == 0:
        assert not any(x)
    else:
        assert found.inside == (found.gauge <= 1)
        boundary = [entry / found.gauge for entry in found.point]
        assert Z.membership(boundary).gauge == 1
        assert Z.contains(boundary)
        assert not Z.contains([entry * Fraction(1001, 1000) for entry in boundary])


@settings(max_examples=200)
@given(generators(most=6, dimensions=4), st.data())
def test_small_integers(B: list[list[int]], data: st.DataObject) -> None:
    """Points on a grid and signed sums, many on the boundary and out of the span, against all half-spaces."""
    n = len(B[0])
    if data.draw(st.booleans()):
        signs = data.draw(st.lists(st.integers(-1, 1), min_size=len(B), max_size=len(B)))
        x = [sum(s * b[q] for s, b in zip(signs, B, strict=True)) for q in range(n)]
    else:
        x = data.draw(st.lists(st.integers(-4, 4), min_size=n, max_size=n))
    check(B, x)


@given(st.data(), st.integers(1, 3))
def test_fractions_and_floats(data: st.DataObject, n: int) -> None:
    """Fractions and floats far apart in size are decided as the rationals that they are."""
    entry = st.one_of(
        st.fractions(-2, 2, max_denominator=5), st.sampled_from([0.1, 0.2, 0.3, 1e300, -1e-300, 5e-324, 0.0])
    )
    row = st.lists(entry, min_size=n, max_size=n)
    check(data.draw(st.lists(row, min_size=1, max_size=4)), data.draw(row))


def test_the_boundary_is_decided_to_the_last_bit() -> None:
    """0.1 + 0.2 in floats is more than 0.1 and 0.2 add up to, so it lies outside; fractions agree with decimals."""
    Z = rc.Zonotope([[0.1], [0.2]])
    assert not Z.contains([0.1 + 0.2])
    assert Z.contains([0.3])
    tenth = Fraction(1, 10)
    assert rc.Zonotope([[tenth], [2 * tenth]]).membership([3 * tenth]).gauge == 1


@pytest.mark.parametrize(("m", "n"), [(300, 3), (60, 6), (100, 9), (3, 3)])
def test_many_generators(m: int, n: int) -> None:
    """Vertices have gauge 1, and every point is inside or separated, with a proof."""
    rng = np.random.default_rng(m)
    Z = rc.Zonotope(rng.integers(-9, 10, size=(m, n)))
    for direction in rng.integers(-9, 10, size=(3, n)):
        vertex = Z.subgradient(direction)
        found = Z.membership(vertex)
        assert found.gauge == 1
        assert found.verify(Z)
        outside = Z.membership(vertex * 2 + 1)
        assert not outside
        assert outside.verify(Z)
        assert Z.contains(vertex // 2)


def test_highly_degenerate() -> None:
    """Many generators in few planes, where steps of length zero abound, come to an end."""
    rows = [[x, y, 0] for x in range(-3, 4) for y in range(-3, 4)] + [[0, y, z] for y in range(4) for z in range(4)]
    Z = rc.Zonotope(rows)
    for x in ([0, 0, 24], [1, 0, 0], [0, 84, 24], [84, 0, 0], [84, 108, 24], [85, 0, 0], [3, 108, 24]):
        found = Z.membership(x)
        assert found.verify(Z)
        assert found.inside == all(Z.support(facet.normal) >= np.dot(facet.normal, x) for facet in Z.facets())


def test_several_points() -> None:
    """An array of points gives an array of answers."""
    Z = rc.Zonotope([[1, 0], [0, 1]])
    answers = Z.contains([[0, 0], [1, 1], [1, 2]])
    assert isinstance(answers, np.ndarray)
    assert answers.tolist() == [True, True, False]
    assert Z.contains(np.empty((0, 2))).tolist() == []  # type: ignore[union-attr]


def test_the_origin_alone() -> None:
    """The zonotope of zero contains zero only."""
    Z = rc.Zonotope([[0, 0]])
    assert Z.membership([0, 0]).gauge == 0
    outside = Z.membership([0, -3])
    assert outside.gauge is None
    assert outside.verify(Z)


def test_a_wrong_proof_is_found_out() -> None:
    """Verification checks what the proof says and nothing else."""
    Z = rc.Zonotope([[1, 0], [0, 1]])
    inside, outside = Z.membership([1, 1]), Z.membership([2, 1])
    zero, one, two = Fraction(0), Fraction(1), Fraction(2)
    assert not replace(inside, coefficients=(one, zero)).verify(Z)
    assert not replace(inside, coefficients=(two, one), point=(two, one)).verify(Z)
    assert not replace(inside, coefficients=None).verify(Z)
    assert not replace(outside, direction=(zero, one)).verify(Z)
    assert not replace(outside, direction=None).verify(Z)


def test_refusals() -> None:
    """A point of another space, several points, or what is no number."""
    Z = rc.Zonotope([[1, 0], [0, 1]])
    with pytest.raises(ValueError, match=r"x must have shape \(2,\) or \(N, 2\)"):
        Z.contains([1])
    with pytest.raises(ValueError, match="x must have 1 dimension"):
        Z.membership([[1, 2]])
    with pytest.raises(ValueError, match="must be finite"):
        Z.contains([1.0, float("inf")])
