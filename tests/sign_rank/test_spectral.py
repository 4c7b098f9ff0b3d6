"""Forster's bound and its weighted form: never above the truth, exact, known values."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import relucomb as rc
from relucomb.sign_rank.spectral import forster, is_positive_semidefinite, weighted_forster

from .matrices import low_rank_signs


def everything(A: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all rows and all columns."""
    return np.arange(A.shape[0]), np.arange(A.shape[1])


@pytest.mark.parametrize(("n", "bound"), [(2, 2), (4, 2), (8, 3), (16, 4), (32, 6)])
def test_hadamard(n: int, bound: int) -> None:
    """For Hadamard matrices the bound is √n, rounded up."""
    H = rc.sign_matrix("hadamard", n)
    proof = forster(H, *everything(H))
    assert proof is not None
    assert proof.bound == bound
    assert proof.holds(H)
    assert not proof.holds(-H)


def test_a_bound_that_is_claimed_too_high_is_seen() -> None:
    """The same integers do not prove one more."""
    H = rc.sign_matrix("hadamard", 16)
    proof = forster(H, *everything(H))
    assert proof is not None
    assert not dataclasses.replace(proof, bound=5).holds(H)
    assert not dataclasses.replace(proof, row_diagonal=(0,) * 16).holds(H)
    assert not dataclasses.replace(proof, rows=(0,) * 16).holds(H)
    assert not dataclasses.replace(proof, column_weights=(2,) * 16).holds(H)


@given(st.integers(1, 4), st.integers(0, 200))
def test_never_more_than_a_known_rank(rank: int, seed: int) -> None:
    """The signs of a matrix of known rank have no higher bound."""
    A = low_rank_signs(np.ones((9, 7)), rank, seed)
    proof = forster(A, *everything(A))
    assert proof is None or proof.bound <= rank


def test_the_weighted_form_gains() -> None:
    """Random signs, 20 x 20: 2.6 becomes more than 3; on a matrix of rank 3 nothing above 3 is proven."""
    A = rc.sign_matrix("random", 20, seed=1)
    plain = forster(A, *everything(A))
    weighted = weighted_forster(A, *everything(A), 3)
    assert plain is not None
    assert plain.bound == 3
    assert weighted is not None
    assert weighted.bound == 4
    assert weighted.holds(A)
    low = low_rank_signs(np.ones((11, 11)), 3, 0)
    assert weighted_forster(low, *everything(low), 3) is None


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 1000))
def test_semidefiniteness(n: int, rank: int, seed: int) -> None:
    """Gram matrices are semidefinite; less a little on the diagonal, singular ones are not."""
    G = np.random.default_rng(seed).integers(-3, 4, (n, rank)).astype(object)
    gram = 4 * (G @ G.T)
    assert is_positive_semidefinite(gram)
    assert not is_positive_semidefinite(gram - np.identity(n, dtype=object)) or rank >= n
    assert not is_positive_semidefinite(-gram) or not gram.any()


def test_asymmetric_matrices_are_not_semidefinite() -> None:
    """Only symmetric matrices count."""
    assert not is_positive_semidefinite(np.array([[1, 1], [0, 1]], dtype=object))
