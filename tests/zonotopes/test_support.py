"""Sides of directions, decided exactly in floats and in fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from relucomb.zonotopes.coordinates import integer_columns
from relucomb.zonotopes.support import exact_products, float_signs, lexicographic_signs

numbers = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 0.1, -0.2, 0.3, 1e200, -1e300, 1e-200, 5e-324]), st.integers(-3, 3).map(float)
)


@given(st.data(), st.integers(1, 4))
def test_signs_of_float_products(data: st.DataObject, n: int) -> None:
    """Rounding, overflow and underflow do not reach the signs."""
    row = st.lists(numbers, min_size=n, max_size=n)
    R, B = (np.array(data.draw(st.lists(row, min_size=1, max_size=5))) for _ in range(2))
    found = float_signs(R, B, *integer_columns(B))
    for k, r in enumerate(R.tolist()):
        for i, b in enumerate(B.tolist()):
            product = sum((Fraction(x) * Fraction(y) for x, y in zip(r, b, strict=True)), Fraction(0))
            assert found[k, i] == (product > 0) - (product < 0)


@given(st.data(), st.integers(1, 3))
def test_exact_products(data: st.DataObject, n: int) -> None:
    """Products are integers over one denominator for each direction, long ones too."""
    entry = st.one_of(st.fractions(-3, 3, max_denominator=7), st.just(Fraction(10**30, 3)))
    row = st.lists(entry, min_size=n, max_size=n)
    R, B = (np.array(data.draw(st.lists(row, min_size=1, max_size=4)), dtype=object) for _ in range(2))
    products, denominators = exact_products(R, *integer_columns(B))
    for k, r in enumerate(R):
        assert [Fraction(entry, denominators[k]) for entry in products[k].tolist()] == [(r * b).sum() for b in B]


def test_lexicographic_signs() -> None:
    """The first entry that is not zero decides."""
    assert lexicographic_signs([[0, 0, -1], [2, -5, 0], [0, 0, 0]]).tolist() == [-1, 1, 0]
