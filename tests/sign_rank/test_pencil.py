"""Sign-rank at most 1 or 2: against the literal definition, and every proof checked."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb.sign_rank.factorisation import Factorisation
from relucomb.sign_rank.pencil import MoreThanOne, MoreThanTwo, at_most_two, more_than_one

from .matrices import has_pencil, low_rank_signs, sign_matrices


@settings(max_examples=60)
@given(sign_matrices(5, 4))
def test_decision_against_all_orders(A: np.ndarray) -> None:
    """The decision agrees with trying all orders and signs of the columns, and its proof holds."""
    decided = at_most_two(A)
    assert isinstance(decided, Factorisation) == has_pencil(A)
    assert decided.holds(A)


@given(sign_matrices(9, 9), st.integers(0, 1000))
def test_matrices_of_rank_two_are_recognised(A: np.ndarray, seed: int) -> None:
    """The signs of a matrix of rank 2 have sign-rank at most 2, and the transposed matrix, too."""
    signs = low_rank_signs(A, 2, seed)
    for side in (signs, signs.T):
        decided = at_most_two(side)
        assert isinstance(decided, Factorisation)
        assert decided.rank == 2
        assert decided.holds(side)


@given(sign_matrices(8, 8))
def test_transposition_changes_nothing(A: np.ndarray) -> None:
    """Rows and columns have the same part in the question."""
    assert isinstance(at_most_two(A), MoreThanTwo) == isinstance(at_most_two(A.T), MoreThanTwo)


@given(sign_matrices(6, 6))
def test_rank_one(A: np.ndarray) -> None:
    """Either all rows are equal up to sign, or a determinant proves the contrary."""
    proof = more_than_one(A)
    equal = all(np.array_equal(row, A[0]) or np.array_equal(row, -A[0]) for row in A)
    assert (proof is None) == equal
    assert proof is None or proof.holds(A)


def test_false_proofs_are_seen() -> None:
    """Nothing is proven by proofs that are tampered with."""
    A = (1 - 2 * np.identity(5)).astype(np.int8)
    proof = at_most_two(A)
    assert isinstance(proof, MoreThanTwo)
    assert proof.holds(A)
    assert not proof.holds(np.ones((5, 5), dtype=np.int8))
    assert not dataclasses.replace(proof, conflicts=proof.conflicts[1:]).holds(A)
    assert not dataclasses.replace(proof, conflicts=()).holds(A)
    assert not dataclasses.replace(proof, bound=4).holds(A)
    assert not MoreThanOne((0, 1), (2, 3)).holds(A)


@pytest.mark.parametrize("n", [1, 2, 3, 50])
def test_greater_than(n: int) -> None:
    """Greater-than is a pencil of any size, up to negated and permuted rows and columns."""
    rng = np.random.default_rng(n)
    A = np.where(np.arange(n)[:, None] >= np.arange(n), 1, -1)[rng.permutation(n)][:, rng.permutation(n)]
    A = (A * rng.choice([-1, 1], n) * rng.choice([-1, 1], n)[:, None]).astype(np.int8)
    decided = at_most_two(A)
    assert isinstance(decided, Factorisation)
    assert decided.holds(A)


def test_large_matrices_get_short_proofs() -> None:
    """A proof for a large matrix names few columns."""
    A = np.random.default_rng(0).choice(np.array([-1, 1], dtype=np.int8), (60, 60))
    proof = at_most_two(A)
    assert isinstance(proof, MoreThanTwo)
    assert proof.holds(A)
    assert len(proof.conflicts) <= 4
