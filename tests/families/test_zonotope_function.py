"""Tests of relucomb.families.zonotope_function: the family of Theorem 2.3.10."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc
from relucomb.families import ZonotopeFunction

half = [[Fraction(1, 2)]]
small = st.integers(-2, 2)


@st.composite
def functions(draw: st.DrawFn) -> ZonotopeFunction:
    """Draw up to three small generators in one to three dimensions, zero and parallel ones included."""
    n = draw(st.integers(1, 3))
    row = st.lists(small, min_size=n, max_size=n)
    generators: Any = draw(st.lists(row, min_size=1, max_size=3).filter(lambda rows: any(map(any, rows))))
    a: Any = draw(
        st.lists(st.sampled_from([(Fraction(1, 2),), (Fraction(1, 3), Fraction(1, 2))]), min_size=1, max_size=2)
    )
    return ZonotopeFunction(a, generators)


@given(functions(), st.data())
def test_the_network_computes_the_definition(f: ZonotopeFunction, data: st.DataObject) -> None:
    """Depth k + 2 and size 2m + wk (Proposition 2.3.9), equal at every point."""
    point = st.lists(st.fractions(-2, 2, max_denominator=6), min_size=f.inputs, max_size=f.inputs)
    points: Any = data.draw(st.lists(point, min_size=1, max_size=5))
    net = f.network()
    assert net.widths == (f.inputs, *f.widths, 1)
    assert net.size == f.size
    assert net.depth == len(f.sawtooth.a) + 2
    assert net.evaluate_exact(points).tolist() == [f(x) for x in points]


@settings(max_examples=40, deadline=None)
@given(functions())
def test_pieces_are_counted_as_the_closed_form_says(f: ZonotopeFunction) -> None:
    """On all of R^n, generators in any position: the engine cuts the network's cells and glues them."""
    assert rc.count_pieces(f.network()) == f.count_pieces()


@given(functions())
def test_vertices_are_those_of_the_zonotope(f: ZonotopeFunction) -> None:
    """Counted as cells of the arrangement here, and by the zonotope's own algorithm there."""
    generators: Any = f.generators
    assert f.vertices == rc.Zonotope(generators).count_vertices()


def test_the_l1_norm_folded_twice() -> None:
    """Figure 2.2, left: 4 vertices times 4 pieces inside, 17 pieces in all."""
    f = ZonotopeFunction([*half, *half], [[0, 1], [1, 0]])
    assert (f.count_pieces("core"), f.count_pieces()) == (16, 17)
    assert rc.count_pieces(f.network()) == 17
    assert f.is_extremal


def test_figure_two_two_middle() -> None:
    """The four generators of the figure: c² and c³ are parallel to none, so 8 vertices, where the text prints 4."""
    quarter: Any = [[1, 2], [-2, 0], [0, -1], [-1, -1]]
    f = ZonotopeFunction([*half, *half], quarter, 4)
    assert (f.vertices, f.is_extremal) == (8, True)
    assert f.count_pieces() == 8 * 4 + 1 == rc.count_pieces(f.network())


@pytest.mark.parametrize(
    ("generators", "vertices", "outside"),
    [([[1, 1]], 2, 2), ([[1, 1], [2, 2], [0, 0]], 2, 2), ([[1, 0, 0], [0, 1, 0]], 4, 1), ([[3]], 2, 2)],
)
def test_flat_zonotopes(generators: Any, vertices: int, outside: int) -> None:
    """The outside is one piece, or two where all generators are parallel; parallel and zero ones change nothing."""
    f = ZonotopeFunction([*half, *half], generators)
    assert f.vertices == vertices
    assert f.count_pieces() == 4 * vertices + outside == rc.count_pieces(f.network())


def test_no_outside_piece_for_one_layer_or_odd_width() -> None:
    """There the last pieces inside go on."""
    third = [Fraction(1, 3), Fraction(2, 3)]
    for a in ([*half], [third, third]):
        f = ZonotopeFunction(a, [[1, 0], [0, 1]])
        assert f.count_pieces() == f.count_pieces("core") == rc.count_pieces(f.network())


def test_dimension() -> None:
    """Mn for the generators, k(w - 1) + 1 for the sawtooth."""
    f = ZonotopeFunction([[Fraction(1, 3), Fraction(2, 3)]] * 2, [[1, 0], [0, 1], [1, 1]])
    assert f.dimension == 6 + 5


def test_bad_arguments() -> None:
    """No generator but zeros, points of another dimension, bad parameters of the sawtooth."""
    with pytest.raises(ValueError, match="generators must have a row that is not zero"):
        ZonotopeFunction(half, [[0, 0]])
    with pytest.raises(ValueError, match="x must have 2 entries; got 3"):
        ZonotopeFunction(half, [[1, 0]])([1, 2, 3])
    with pytest.raises(ValueError, match=r"a\[0\] must satisfy"):
        ZonotopeFunction([[2]], [[1, 0]])
