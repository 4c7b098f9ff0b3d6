"""Tests of relucomb.families.montufar: folding the cube, then cutting it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import relucomb as rc
from relucomb.families import Montufar

CASES = [(1, (2, 2)), (1, (3, 2, 4)), (2, (2, 3)), (2, (4, 3)), (2, (5, 4)), (2, (4, 4, 3)), (3, (3, 4)), (3, (6, 5))]


@given(st.sampled_from([*CASES, (1, (1,)), (2, (4, 2))]), st.data())
def test_the_network_computes_the_definition(case: tuple[int, tuple[int, ...]], data: st.DataObject) -> None:
    """Folds and hinges, equal at every point; a folding layer uses n ⌊w/n⌋ units."""
    n, widths = case
    f = Montufar(n, widths)
    point = st.lists(st.fractions(-1, 2, max_denominator=12), min_size=n, max_size=n)
    points: Any = data.draw(st.lists(point, min_size=1, max_size=5))
    net = f.network()
    assert net.widths == (n, *(n * (w // n) for w in widths[:-1]), widths[-1], 1)
    assert net.evaluate_exact(points).tolist() == [f(x) for x in points]


@pytest.mark.parametrize(("n", "widths"), CASES)
def test_pieces_in_the_cube(n: int, widths: tuple[int, ...]) -> None:
    """As many activation regions as the theorem says, and as many pieces of the function."""
    f = Montufar(n, widths)
    cube = [(0, 1)] * n
    assert rc.count_pieces(f.network(), "activation", cube) == f.count_pieces(kind="activation")
    assert rc.count_pieces(f.network(), "affine", cube) == f.count_pieces()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_narrowest_last_layer_has_a_flat_region(n: int) -> None:
    """With n units some region is inactive and its copies merge: fewer pieces than regions, and no closed form."""
    f = Montufar(n, (2 * n, n))
    cube = [(0, 1)] * n
    assert rc.count_pieces(f.network(), "activation", cube) == f.count_pieces(kind="activation") == 4**n
    assert rc.count_pieces(f.network(), "affine", cube) < 4**n
    with pytest.raises(ValueError, match="kind must be 'activation'"):
        f.count_pieces()


@given(st.integers(1, 4), st.integers(0, 6), st.data())
def test_no_point_is_inactive_in_all_units(n: int, more: int, data: st.DataObject) -> None:
    """With more than n units in the last layer some unit is active everywhere, also outside the cube."""
    f = Montufar(n, (n + 1 + more,))
    point = data.draw(st.lists(st.fractions(-3, 3, max_denominator=20), min_size=n, max_size=n))
    W, b, weights = f._cuts()
    assert max(W @ point + b) > 0
    assert len(weights) == n + 1 + more
    assert isinstance(f(point), Fraction)


def test_bad_arguments() -> None:
    """Layers narrower than the input, no layer, no input, points and domains that do not fit."""
    with pytest.raises(ValueError, match="widths must be at least inputs = 2"):
        Montufar(2, (4, 1))
    with pytest.raises(ValueError, match="widths must be at least inputs = 2"):
        Montufar(2, ())
    with pytest.raises(ValueError, match="inputs must be at least 1; got 0"):
        Montufar(0, (1,))
    f = Montufar(2, (2, 3))
    with pytest.raises(ValueError, match="x must have 2 entries; got 1"):
        f([0])
    with pytest.raises(ValueError, match="no closed form for the pieces outside the cube"):
        f.count_pieces("all")
    with pytest.raises(ValueError, match="kind must be 'affine' or 'activation'"):
        f.count_pieces(kind="maps")  # type: ignore[arg-type]
