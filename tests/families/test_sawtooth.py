"""Tests of relucomb.families.sawtooth: the definition, its network and its closed forms agree."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import relucomb as rc
from relucomb.families import Sawtooth


@st.composite
def sawteeth(draw: st.DrawFn) -> Sawtooth:
    """Draw one to three vectors of one to three entries, all multiples of M/12."""
    M = draw(st.fractions(Fraction(1, 3), 3, max_denominator=3))
    vectors = draw(st.lists(st.sets(st.integers(1, 11), min_size=1, max_size=3), min_size=1, max_size=3))
    a: Any = [[M * entry / 12 for entry in sorted(vector)] for vector in vectors]
    return Sawtooth(a, M)


def test_definition_five_by_hand() -> None:
    """The values at the breakpoints, on the left and beyond M are those of the definition, for p = 1 and p = 2."""
    h = Sawtooth([[Fraction(1, 4)]], 2)
    assert [h(x) for x in (-1, 0, Fraction(1, 8), Fraction(1, 4), 2)] == [0, 0, 1, 2, 0]
    assert h(2 + Fraction(7, 4)) == -2
    h = Sawtooth([[Fraction(1, 4), Fraction(1, 2)]], 2)
    assert [h(x) for x in (-1, 0, Fraction(1, 4), Fraction(3, 8), Fraction(1, 2), 2, Fraction(7, 2))] == [
        0, 0, 2, 1, 0, 2, 4,
    ]  # fmt: skip


@given(sawteeth(), st.lists(st.fractions(-4, 8, max_denominator=24), min_size=1, max_size=8))
def test_the_network_computes_the_definition(f: Sawtooth, points: list[Fraction]) -> None:
    """Theorem 2.3.2: k hidden layers of width w, equal at every point."""
    net = f.network()
    assert net.widths == (1, *f.widths, 1)
    assert net.is_exact
    assert net.size == f.size == sum(f.widths)
    rows: Any = [[x] for x in points]
    assert net.evaluate_exact(rows).tolist() == [f(x) for x in points]


@given(sawteeth())
def test_knots_alternate(f: Sawtooth) -> None:
    """On [0, M] the function runs from 0 to M and back as often as the closed form says (Lemma 2.3.5)."""
    knots = f.knots()
    assert (knots[0], knots[-1]) == (0, f.M)
    assert all(left < right for left, right in pairwise(knots))
    assert len(knots) - 1 == f.count_pieces("core")
    assert [f(x) for x in knots] == [f.M * (i % 2) for i in range(len(knots))]
    middles = [(left + right) / 2 for left, right in pairwise(knots)]
    assert all(f(x) == f.M / 2 for x in middles)


@given(sawteeth())
def test_pieces_are_counted_as_the_closed_form_says(f: Sawtooth) -> None:
    """On R and on [0, M], for the network, for the function composed exactly, and by enumeration of cells."""
    by_network = rc.PiecewiseLinear.from_network(f.network())
    assert by_network == f.piecewise_linear()
    assert by_network.count_pieces() == f.count_pieces()
    assert by_network.count_pieces((0, f.M)) == f.count_pieces("core")
    if f.count_pieces() <= 20:
        box: Any = [(0, f.M)]
        assert rc.count_pieces(f.network()) == f.count_pieces()
        assert rc.count_pieces(f.network(), domain=box) == f.count_pieces("core")


@pytest.mark.parametrize(("w", "k"), [(w, k) for w in (2, 3, 4, 5) for k in (1, 2, 3, 4)])
def test_pieces_on_the_line(w: int, k: int) -> None:
    """W + 1 for one layer; else w^k + 1 if w is odd and w^k + 2 if it is even."""
    expected = w + 1 if k == 1 else w**k + 1 + (w % 2 == 0)
    f = Sawtooth.equal_steps(w, k)
    assert f.count_pieces() == expected == rc.PiecewiseLinear.from_network(f.network()).count_pieces()
    assert f.count_pieces("core") == w**k


def test_figure_two_one() -> None:
    """Layers of different widths, as in Figure 2.1: 2 · 3 pieces."""
    f = Sawtooth([[Fraction(1, 4), Fraction(1, 2)], [Fraction(1, 2)]])
    assert f.widths == (3, 2)
    assert f.count_pieces("core") == 6
    assert f.dimension == 4


def test_a_million_pieces() -> None:
    """Built, counted and compared with the closed form; the values at a few knots are right."""
    f = Sawtooth.equal_steps(10, 6)
    exact = f.piecewise_linear()
    assert exact.count_pieces() == f.count_pieces() == 10**6 + 2
    assert all(exact(Fraction(i, 10**6)) == i % 2 == f(Fraction(i, 10**6)) for i in (0, 1, 2, 333333, 999999, 10**6))


@pytest.mark.parametrize(
    ("a", "M", "message"),
    [
        ([], 1, "a must have one vector at least; got none"),
        ([[]], 1, r"a\[0\] must have one entry at least"),
        ([[0.5], [0.5, 0.5]], 1, r"a\[1\] must satisfy 0 < a_1 < ... < a_p < M = 1; got \(1/2, 1/2\)"),
        ([[0.5, 0.25]], 1, r"a\[0\] must satisfy"),
        ([[0]], 1, r"a\[0\] must satisfy"),
        ([[1]], 1, r"a\[0\] must satisfy"),
        ([[0.5]], 0, "M must be positive; got 0"),
        ([[0.5]], float("nan"), "every entry must be finite"),
    ],
)
def test_points_outside_the_simplex_are_refused(a: Any, M: Any, message: str) -> None:
    """The message says which vector and what is legal."""
    with pytest.raises(ValueError, match=message):
        Sawtooth(a, M)


def test_other_bad_arguments() -> None:
    """Widths and numbers of layers that make no sawtooth, and unknown domains."""
    with pytest.raises(ValueError, match="w must be at least 2 and k at least 1; got w = 1 and k = 1"):
        Sawtooth.equal_steps(1, 1)
    with pytest.raises(ValueError, match="domain must be 'core' or 'all'; got 'box'"):
        Sawtooth([[0.5]]).count_pieces("box")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="legal are real numbers"):
        Sawtooth([["x"]])
