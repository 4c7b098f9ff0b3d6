"""Tests of relucomb.families.formulas: the sympy expressions give what integer arithmetic gives, and print."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb.families import Montufar, Sawtooth
from relucomb.families.formulas import FORMULAS
from relucomb.families.theorems import corollary_2_3_3, theorem_2_3_1, theorem_2_3_6_distance, theorem_2_3_6_size
from relucomb.pieces.bounds import piece_upper_bounds
from relucomb.size_bounds import size_lower_bounds


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_prints_and_names_its_source(name: str) -> None:
    """LaTeX without the names of Python's functions, and a source."""
    formula = FORMULAS[name]
    assert formula.name == name
    assert formula.source
    latex = formula.latex()
    assert latex
    assert "operatorname" not in latex


@given(st.integers(2, 6), st.integers(1, 4))
def test_pieces_size_and_dimension_of_sawteeth(w: int, k: int) -> None:
    """The formulas in w and k are the counts of the family."""
    f = Sawtooth.equal_steps(w, k)
    assert FORMULAS["pieces on R"](w=w, k=k) == f.count_pieces()
    assert FORMULAS["pieces on [0, M]"](w=w, k=k) == f.count_pieces("core")
    assert FORMULAS["size of H"](w=w, k=k) == f.size
    assert FORMULAS["dimension of H"](w=w, k=k) == f.dimension
    assert f.count_pieces() <= FORMULAS["pieces on R, at most"](w=w, k=k)


@settings(deadline=None)
@given(st.integers(1, 3), st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_upper_bounds_on_pieces(n: int, hidden: list[int]) -> None:
    """Each named bound equals its formula."""
    for name, bound in piece_upper_bounds((n, *hidden, 1)).items():
        assert bound.formula is FORMULAS[f"pieces at most: {name}"]
        arguments: Any = {"widths": hidden} | (
            {"n": n} if sp.Symbol("n", integer=True, positive=True) in bound.formula.expression.free_symbols else {}
        )
        assert bound.formula(**arguments) == bound.value


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 5))
def test_lower_bounds_on_size(p: int, k: int) -> None:
    """Sympy rounds the roots up to the same integers."""
    for bound in size_lower_bounds(p, k).values():
        if bound.formula is not None:
            assert max(0, sp.ceiling(bound.formula(**bound.arguments))) == bound.value


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(2, 5), st.data())
def test_theorems(k: int, w: int, data: st.DataObject) -> None:
    """Theorems 2.3.1 and 2.3.6, rounded by sympy."""
    shallow = data.draw(st.integers(1, k))
    bound = theorem_2_3_1(k, w, shallow)["theorem"]
    assert bound.formula is not None
    assert max(0, sp.ceiling(bound.formula(**bound.arguments))) == bound.value
    delta = data.draw(st.fractions(Fraction(1, 20), Fraction(6, 25), max_denominator=25))
    bound = theorem_2_3_6_size(k, w, shallow, delta)["theorem"]
    assert bound.formula is not None
    assert sp.floor(bound.formula(**bound.arguments)) + 1 == bound.value
    p = data.draw(st.integers(1, 3))
    assert max(0, FORMULAS["Theorem 2.3.6, distance"](p=p, q=w**k)) == theorem_2_3_6_distance(p, w**k)
    sharper = FORMULAS["Theorem 2.3.6, distance before rounding"](p=p, q=w**k)
    assert max(0, sharper) == theorem_2_3_6_distance(p, w**k, published=False)


@pytest.mark.parametrize(
    ("k", "epsilon"), [(2, 1), (3, 1), (4, Fraction(1, 2)), (4, Fraction(3, 2)), (9, Fraction(1, 2))]
)
@pytest.mark.parametrize("published", [True, False])
def test_corollary(k: int, epsilon: Fraction, published: bool) -> None:
    """Corollary 2.3.3 as printed and corrected."""
    bound = corollary_2_3_3(k, epsilon, published=published)
    assert bound.formula is not None
    assert bound.formula.holds is bound.proven is not published
    assert sp.ceiling(bound.formula(**bound.arguments)) == bound.value


def test_zonotopes_and_rivals() -> None:
    """Vertices are twice what is printed; Montúfar's number is that of the construction."""
    assert FORMULAS["vertices"](m=5, n=3) == 2 * FORMULAS["vertices, printed"](m=5, n=3) == 22
    assert FORMULAS["ZONOTOPE pieces"](vertices=4, w=2, k=2) == 17
    assert FORMULAS["ZONOTOPE pieces"](vertices=2, w=2, k=2) == 10
    assert FORMULAS["ZONOTOPE pieces"](vertices=4, w=3, k=2) == 36
    assert FORMULAS["Montufar"](w=5, n=2, k=3) == Montufar(2, (5, 5, 5)).count_pieces()


def test_values_are_exact() -> None:
    """Integers as int, rationals as Fraction, roots as sympy numbers."""
    assert type(FORMULAS["Lemma 2.A.7"](p=9, k=2)) is int
    assert FORMULAS["Theorem 2.3.1"](k=1, w=3, shallow=1) == Fraction(1, 2)
    assert math.isclose(FORMULAS["Lemma 2.A.7"](p=2, k=2), math.sqrt(2) - 1)


def test_wrong_arguments() -> None:
    """A missing and an unknown argument are named."""
    with pytest.raises(TypeError, match=r"Lemma 2\.A\.7 needs p too"):
        FORMULAS["Lemma 2.A.7"](k=2)
    with pytest.raises(TypeError, match=r"Lemma 2.A.7 has no argument \['pieces'\]"):
        FORMULAS["Lemma 2.A.7"](k=2, pieces=3)


def test_sums_may_end_where_they_begin() -> None:
    """On the line a zonotope has 2 vertices, and a point is parted in 2 ways: sums from 0 to n - 1 = 0."""
    assert [FORMULAS["vertices"](n=1, m=m) for m in (1, 2, 5)] == [2, 2, 2]
    assert [FORMULAS["vertices, printed"](n=1, m=m) for m in (1, 2)] == [1, 1]


def test_partitions() -> None:
    """As printed for Theorem 2.4.1 and as Cover counts them, from one point on."""
    assert [FORMULAS["partitions, printed"](D=D, n=2) for D in (1, 2, 3, 4, 5)] == [0, 2, 6, 12, 20]
    assert [FORMULAS["partitions"](D=D, n=2) for D in (1, 2, 3, 4, 5)] == [2, 4, 8, 14, 22]
