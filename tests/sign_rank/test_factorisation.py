"""Integer factors: rounding, repeating, checking."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from relucomb.sign_rank.factorisation import Factorisation, expanded, rounded, transposed, trivial
from relucomb.sign_rank.reduction import reduced

from .matrices import sign_matrices


@given(sign_matrices(6, 6))
def test_the_trivial_factorisation(A: np.ndarray) -> None:
    """The matrix itself has the smaller side as rank; so has its transpose."""
    factors = trivial(A)
    assert factors.rank == min(A.shape)
    assert factors.holds(A)
    assert transposed(factors).holds(A.T)


@given(sign_matrices(6, 6))
def test_expansion(A: np.ndarray) -> None:
    """Factors of the reduced matrix become factors of the whole one."""
    small = reduced(A)
    factors = expanded(trivial(small.matrix), small)
    assert factors.holds(A)
    assert factors.rank == min(small.matrix.shape)


@given(sign_matrices(6, 6), st.integers(1, 4), st.integers(0, 1000))
def test_rounding_keeps_signs(A: np.ndarray, rank: int, seed: int) -> None:
    """Factors in floats are rounded to integers with the same signs of the products, if these are clear."""
    rng = np.random.default_rng(seed)
    U, V = rng.normal(size=(A.shape[0], rank)), rng.normal(size=(A.shape[1], rank))
    signs = np.where(U @ V.T > 0, 1, -1).astype(np.int8)
    if np.abs(U @ V.T).min() > 1e-3:
        factors = rounded(signs, U, V, "test")
        assert factors is not None
        assert factors.holds(signs)
    wrong = signs.copy()
    wrong[0, 0] *= -1
    assert rounded(wrong, U, V, "test") is None
    assert rounded(signs, U * np.inf, V, "test") is None


def test_witness_and_false_factors() -> None:
    """The product is an array of fractions; wrong signs, zeros and wrong shapes do not pass."""
    A = np.array([[1, -1], [1, 1]], dtype=np.int8)
    factors = trivial(A)
    assert factors.matrix().tolist() == [[Fraction(1), Fraction(-1)], [Fraction(1), Fraction(1)]]
    assert not factors.holds(-A)
    assert not factors.holds(np.ones((3, 2), dtype=np.int8))
    zero = Factorisation(np.array([[1], [0]], dtype=object), np.array([[1], [1]], dtype=object), "wrong")
    assert not zero.holds(np.ones((2, 2), dtype=np.int8))


def test_integers_of_any_length() -> None:
    """The check does not overflow."""
    huge = Factorisation(np.array([[2**200]], dtype=object), np.array([[-(2**300)]], dtype=object), "huge")
    assert huge.holds(np.array([[-1]], dtype=np.int8))
    assert not huge.holds(np.array([[1]], dtype=np.int8))
