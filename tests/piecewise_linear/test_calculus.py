"""Tests of the arrays of piecewise-linear functions; the operations are tested with the class."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from relucomb.piecewise_linear import calculus as calculus
from relucomb.piecewise_linear.function import PiecewiseLinear

small = st.fractions(-3, 3, max_denominator=3)


@st.composite
def functions(draw: st.DrawFn) -> PiecewiseLinear:
    """Draw a function with up to four breakpoints."""
    breakpoints = sorted(draw(st.sets(small, max_size=4)))
    slopes = draw(st.lists(small, min_size=len(breakpoints) + 1, max_size=len(breakpoints) + 1))
    return PiecewiseLinear(breakpoints, slopes, (draw(small), draw(small)))


def check(f: calculus.PieceArrays) -> None:
    """Demand what the head of the module promises, and that the function is continuous and minimal."""
    assert len({part.dtype for part in f[:5]}) == 1
    assert len(f.a) == len(f.b) == len(f.d) == len(f.p) + 1 == len(f.q) + 1
    assert all(q > 0 and math.gcd(p, q) == 1 for p, q in zip(f.p.tolist(), f.q.tolist(), strict=True))
    pieces = list(zip(f.a.tolist(), f.b.tolist(), f.d.tolist(), strict=True))
    assert all(d > 0 and math.gcd(*piece, d) == 1 for *piece, d in pieces)
    places = [Fraction(int(p), int(q)) for p, q in zip(f.p, f.q, strict=True)]
    assert places == sorted(set(places))
    for x, before, after in zip(places, pieces, pieces[1:], strict=False):
        assert before != after
        assert (before[0] * x + before[1]) / before[2] == (after[0] * x + after[1]) / after[2]


@given(functions(), functions(), small, small)
def test_results_are_well_formed(f: PiecewiseLinear, g: PiecewiseLinear, r: Fraction, s: Fraction) -> None:
    """Sums, multiples and compositions: increasing breakpoints, lowest terms, continuity, one dtype."""
    check(calculus.linear_combination(f._arrays, r, g._arrays, s))
    check(calculus.multiple(f._arrays, r))
    check(calculus.compose(f._arrays, g._arrays))
    huge = (f * 10**40)._arrays
    check(huge)
    check(calculus.compose(huge, calculus.compose(g._arrays, huge)))


def test_wide_tells_of_python_integers_on_the_way() -> None:
    """A product that does not fit is remembered although the result fits; what follows is in 64 bits again."""
    big = calculus.affine(Fraction(2**40), Fraction(1))
    small = calculus.affine(Fraction(1, 2**40), Fraction(0))
    result = calculus.compose(small, calculus.multiple(big, Fraction(2**30)))
    assert result.wide
    assert result.a.dtype == np.int64
    assert not calculus.multiple(result, Fraction(1)).wide
