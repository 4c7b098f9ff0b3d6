"""Tests of relucomb.families.theorems: the numbers of the theorems, and that the families respect them."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import relucomb as rc
from relucomb.families import Sawtooth, ZonotopeFunction
from relucomb.families.theorems import (
    corollary_2_3_3,
    corollary_2_3_3_dimension,
    corollary_2_3_4,
    theorem_2_3_1,
    theorem_2_3_6_distance,
    theorem_2_3_6_size,
    theorem_2_3_10,
)
from relucomb.size_bounds import size_lower_bounds


@given(st.integers(1, 6), st.integers(2, 6), st.data())
def test_every_bound_of_theorem_one_is_below_the_next(k: int, w: int, data: st.DataObject) -> None:
    """As printed ≤ sharpened ≤ integer programmes; at the full depth none exceeds the size of H itself."""
    shallow = data.draw(st.integers(1, k))
    bounds = theorem_2_3_1(k, w, shallow)
    assert bounds["theorem"].value <= bounds["published"].value <= bounds["product"].value
    assert bounds["sharpened"].value <= bounds["product"].value <= bounds["serra"].value
    assert theorem_2_3_1(k, w, k)["serra"].value <= w * k == Sawtooth.equal_steps(w, k).size


def test_one_hidden_layer_is_sharp() -> None:
    """With k' = 1 the integer programme is the number of breakpoints, and so many units are enough."""
    for w, k in product((2, 3, 4), (1, 2, 3)):
        f = Sawtooth.equal_steps(w, k)
        needed = theorem_2_3_1(k, w, 1)["serra"].value
        assert needed == f.count_pieces() - 1
        assert f.piecewise_linear().to_network().size == needed


def test_corollary_ladder() -> None:
    """Corollary 2.3.4 is Corollary 2.3.3 at ε = 1 as corrected, not as printed, and Theorem 2.3.1 at w = k."""
    for k in (2, 3, 4, 5):
        assert corollary_2_3_4(k).value == corollary_2_3_3(k, 1).value
        assert corollary_2_3_4(k).value == theorem_2_3_1(k * k, k, k)["theorem"].value
    assert [corollary_2_3_3(k, 1, published=True).value for k in (2, 3, 4)] == [1, 4, 7]


def test_the_dimension_is_that_of_the_family() -> None:
    """k² simplices of dimension k - 1 and M, not k³ - 1 and M."""
    for k in (2, 3):
        assert corollary_2_3_3_dimension(k, 1) == Sawtooth.equal_steps(k, k * k).dimension
        assert corollary_2_3_3_dimension(k, 1, published=True) == k**3
    assert corollary_2_3_3_dimension(4, Fraction(1, 2)) == Sawtooth.equal_steps(4, 8).dimension


@pytest.mark.parametrize("delta", [Fraction(1, 100), Fraction(1, 16), Fraction(1, 8), Fraction(24, 100)])
def test_approximation_respects_its_own_distance(delta: Fraction) -> None:
    """A size below the sharper bound cannot have the pieces that the distance δ needs, by brute force over widths."""
    for k, w, shallow in [(1, 3, 1), (2, 2, 1), (2, 3, 2), (3, 3, 2), (4, 2, 3)]:
        bounds = theorem_2_3_6_size(k, w, shallow, delta)
        q = w**k
        enough = next(p for p in range(1, q + 2) if theorem_2_3_6_distance(p, q, published=False) <= delta)
        by_hand = min(
            sum(widths)
            for layers in range(1, shallow + 1)
            for widths in product(range(1, enough + 1), repeat=layers)
            if rc.piece_upper_bounds((1, *widths, 1))["serra"].value >= enough
        )
        assert bounds["serra"].value == by_hand
        assert bounds["theorem"].proven is (bounds["theorem"].value <= bounds["serra"].value)


def test_the_theorem_on_approximation_fails_for_few_units() -> None:
    """One unit comes within 31/128 of the sawtooth of 16 pieces; the theorem says 127/512 is out of its reach."""
    delta = Fraction(127, 512)
    bounds = theorem_2_3_6_size(4, 2, 4, delta)
    assert (bounds["theorem"].value, bounds["theorem"].proven) == (2, False)
    assert bounds["serra"].value == 1
    unit = rc.ReLUNetwork([[[-16]], [[-1]]], [[Fraction(1, 2)], [Fraction(1, 2)]])  # type: ignore[list-item]
    sawtooth = Sawtooth.equal_steps(2, 4).piecewise_linear()
    distance = sawtooth.distance(rc.PiecewiseLinear.from_network(unit), norm=1, interval=(0, 1))
    assert distance == Fraction(31, 128) < delta


def test_approximation_at_a_root_that_is_an_integer() -> None:
    """The theorem excludes the threshold itself: 2 · 4 · (1 - 1/2) / 2 / 2 = 1 for k' = 1 needs 2 units or more."""
    bound = theorem_2_3_6_size(2, 2, 1, Fraction(1, 8))["theorem"]
    assert bound.formula is not None
    assert bound.formula(**bound.arguments) == Fraction(1, 2)
    assert bound.value == 1
    bound = theorem_2_3_6_size(3, 2, 1, Fraction(1, 8))["theorem"]
    assert bound.formula is not None
    assert bound.formula(**bound.arguments) == 1
    assert bound.value == 2


@given(st.lists(st.lists(st.integers(-2, 2), min_size=2, max_size=2), min_size=1, max_size=3), st.integers(1, 2))
def test_pieces_on_the_line_near_the_origin(generators: list[list[int]], k: int) -> None:
    """The bound "line" rests on a count of pieces: some line has as many, for generators in any position."""
    if not any(map(any, generators)):
        return
    rows: Any = generators
    f = ZonotopeFunction([[Fraction(1, 2)]] * k, rows)
    bound = theorem_2_3_10(f, 1)["line"]
    # along (17, 101) t + (e, 0) with a small e, no two generators that are not parallel kink at one point
    line = rc.ReLUNetwork([[[17], [101]]], [[Fraction(1, 10**6), 0]])  # type: ignore[list-item]
    pieces = rc.PiecewiseLinear.from_network(f.network().compose(line)).count_pieces()
    assert bound.value == size_lower_bounds(pieces, 1)["serra"].value


def test_theorem_ten() -> None:
    """The printed numbers are shown as not proven; the proven ones do not exceed the size of the family's network."""
    f = ZonotopeFunction([[Fraction(1, 2)]] * 3, [[1, 0], [0, 1], [1, 1], [1, -1]])
    for shallow in (1, 2, 3):
        bounds = theorem_2_3_10(f, shallow)
        assert [bounds[name].proven for name in bounds] == [False, False, True, True]
    assert bounds["line"].value <= f.size
    assert bounds["space"].value <= f.size


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: theorem_2_3_1(2, 2, 3), "hidden_layers must be from 1 to k = 2; got 3"),
        (lambda: theorem_2_3_1(2, 1, 1), "w at least 2; got k = 2 and w = 1"),
        (lambda: corollary_2_3_3(1, 1), "k must be at least 2"),
        (lambda: corollary_2_3_3(2, 0), "epsilon positive"),
        (lambda: corollary_2_3_3(2, 0.5), r"k\^\(1 \+ epsilon\) must be an integer"),
        (lambda: theorem_2_3_6_distance(0, 4), "p and q must be at least 1"),
        (lambda: theorem_2_3_6_size(2, 2, 1, 0.25), "delta must be more than 0 and less than 1/4; got 0.25"),
        (lambda: theorem_2_3_6_size(2, 2, 1, 0), "delta must be more than 0"),
        (lambda: theorem_2_3_10(ZonotopeFunction([[0.5], [0.2, 0.3]], [[1]]), 1), "a sawtooth of one width"),
    ],
)
def test_hypotheses_are_checked(call: Any, message: str) -> None:
    """Each theorem refuses what it does not say anything about."""
    with pytest.raises(ValueError, match=message):
        call()
