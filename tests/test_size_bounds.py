"""Tests of relucomb.size_bounds: integer programmes against brute force, roots in integers, bounds against nets."""

from __future__ import annotations

import itertools
from math import prod
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import relucomb as rc
from relucomb import size_bounds
from relucomb.pieces.bounds import cells, serra
from relucomb.size_bounds import ceiling_of_root, size_lower_bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction


def compositions(k: int, total: int) -> Iterator[tuple[int, ...]]:
    """Yield all k positive integers of a sum."""
    if k == 1:
        yield (total,)
        return
    for first in range(1, total - k + 2):
        for rest in compositions(k - 1, total - first):
            yield (first, *rest)


def least_sum(bound: Callable[[tuple[int, ...]], int], p: int, k: int) -> int:
    """Return the least sum of k widths whose bound is at least p, by trying all."""
    total = k
    while all(bound(widths) < p for widths in compositions(k, total)):
        total += 1
    return total


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_integer_programmes_on_the_line(k: int) -> None:
    """Both equal brute force over all widths."""
    for p in range(1, 45):
        bounds = size_lower_bounds(p, k)
        assert bounds["product"].value == least_sum(lambda widths: prod(w + 1 for w in widths), p, k)
        assert bounds["serra"].value == least_sum(lambda widths: serra(1, widths), p, k)


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize("k", [1, 2, 3])
def test_integer_programmes_in_space(n: int, k: int) -> None:
    """Both equal brute force over all widths."""
    for p in range(1, 150, 4):
        bounds = size_lower_bounds(p, k, n)
        assert bounds["product"].value == least_sum(lambda widths: prod(cells(w, n) for w in widths), p, k)
        assert bounds["serra"].value == least_sum(lambda widths: serra(n, widths), p, k)
        assert set(bounds) == {"product", "serra"}


def test_a_search_that_stops_still_gives_a_lower_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no architecture to try the value is that of the product."""
    full = size_lower_bounds(3000, 3, 2)
    monkeypatch.setattr(size_bounds, "SEARCH_LIMIT", 0)
    stopped = size_lower_bounds(3000, 3, 2)
    assert stopped["serra"].value == stopped["product"].value <= full["serra"].value


@given(st.integers(1, 10**6), st.integers(1, 8))
def test_bounds_on_the_line_are_ordered(p: int, k: int) -> None:
    """As printed ≤ sharpened unless a width would vanish; the integer programmes are the greatest."""
    bounds = {name: bound.value for name, bound in size_lower_bounds(p, k).items()}
    assert bounds["published"] <= bounds["product"]
    assert bounds["sharpened"] <= bounds["product"] <= bounds["serra"]
    assert bounds["product"] >= k


@given(
    st.fractions(0, 20, max_denominator=7),
    st.fractions(0, 500, max_denominator=5),
    st.integers(1, 6),
    st.fractions(-9, 9, max_denominator=6),
)
def test_roots_are_rounded_up_exactly(factor: Fraction, radicand: Fraction, degree: int, shift: Fraction) -> None:
    """The value is the least s with s - shift ≥ factor · root, checked by raising both sides to the power."""
    s = ceiling_of_root(factor, radicand, degree, shift)
    power = factor**degree * radicand
    assert s >= shift
    assert (s - shift) ** degree >= power
    assert s - 1 < shift or (s - 1 - shift) ** degree < power


@pytest.mark.parametrize("k", [2, 3, 7])
def test_roots_near_integers(k: int) -> None:
    """Where floats round p^(1/k) to an integer, integers do not."""
    base = 10**30
    assert ceiling_of_root(1, base**k, k, 0) == base
    assert ceiling_of_root(1, base**k + 1, k, 0) == base + 1
    assert ceiling_of_root(1, base**k - 1, k, 0) == base


@given(st.lists(st.integers(1, 3), min_size=1, max_size=3), st.data())
def test_networks_respect_the_bounds(hidden: list[int], data: st.DataObject) -> None:
    """No network of one input with small integers is smaller than its own number of pieces allows."""
    widths = [1, *hidden, 1]
    weights: Any = []
    biases: Any = []
    for fan_in, fan_out in itertools.pairwise(widths):
        row = st.lists(st.integers(-3, 3), min_size=fan_in, max_size=fan_in)
        weights.append(data.draw(st.lists(row, min_size=fan_out, max_size=fan_out)))
        biases.append(data.draw(st.lists(st.integers(-3, 3), min_size=fan_out, max_size=fan_out)))
    net = rc.ReLUNetwork(weights, biases)
    pieces = rc.PiecewiseLinear.from_network(net).count_pieces()
    assert all(bound.value <= net.size for bound in size_lower_bounds(pieces, len(hidden)).values())


def test_the_published_bound_is_the_weakest_and_has_its_formula() -> None:
    """Lemma 2.A.7 for 10 pieces and 2 hidden layers: √10 - 1 rounded up, against 2 (√10 - 1)."""
    bounds = size_lower_bounds(10, 2)
    assert (bounds["published"].value, bounds["sharpened"].value) == (3, 5)
    assert str(bounds["published"].formula(**bounds["published"].arguments)) == "-1 + sqrt(10)"  # type: ignore[misc]
    assert bounds["product"].formula is None


@pytest.mark.parametrize("arguments", [(0, 1), (1, 0), (1, 1, 0), (-3, 1)])
def test_bad_arguments(arguments: tuple[int, ...]) -> None:
    """Pieces, layers and inputs are positive."""
    with pytest.raises(ValueError, match="must be at least 1; got"):
        size_lower_bounds(*arguments)


def test_arguments_must_be_integers() -> None:
    """Floats are refused."""
    with pytest.raises(TypeError):
        size_lower_bounds(2.0, 1)  # type: ignore[arg-type]
