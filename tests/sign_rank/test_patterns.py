"""Counting of patterns: the bound by all patterns, never above the truth."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import relucomb as rc
from relucomb.sign_rank.patterns import count_patterns, most_patterns

from .matrices import low_rank_signs, sign_matrices


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_all_patterns_need_full_rank(n: int) -> None:
    """The matrix of all patterns has sign-rank n; so has the half of it that differs up to sign; both ways round."""
    cube = np.array(list(itertools.product([-1, 1], repeat=n)), dtype=np.int8)
    for A in (cube, cube[: len(cube) // 2], cube.T):
        proof = count_patterns(A)
        assert proof is not None
        assert proof.bound == n
        assert proof.holds(A)
    assert proof.turned == (n > 2)


@given(st.integers(1, 4), st.integers(0, 300))
def test_never_more_than_a_known_rank(rank: int, seed: int) -> None:
    """The signs of a matrix of known rank have no higher bound."""
    A = low_rank_signs(np.ones((16, 9)), rank, seed)
    proof = count_patterns(A)
    assert proof is None or (proof.bound <= rank and proof.holds(A))


@given(sign_matrices(12, 6))
def test_false_proofs_are_seen(A: np.ndarray) -> None:
    """One more is not proven by the same rows and columns, nor by some of the rows."""
    proof = count_patterns(A)
    if proof is not None:
        few = proof.rows[: most_patterns(len(proof.columns), proof.bound - 1)]
        assert not dataclasses.replace(proof, rows=few).holds(A)
        assert not dataclasses.replace(proof, rows=(0,) * 100).holds(A)
        assert not dataclasses.replace(proof, columns=proof.columns + proof.columns[:1]).holds(A)


def test_most_patterns_are_those_of_a_generic_arrangement() -> None:
    """Half the number of linear dichotomies of vectors in general position."""
    for rank, columns in itertools.product((1, 2, 3), (4, 5, 6)):
        vectors = [[t**k for k in range(rank)] for t in range(1, columns + 1)]
        assert 2 * most_patterns(columns, rank) == rc.count_dichotomies(vectors, hidden_bias=False)


def test_hadamard() -> None:
    """H_8 shows all patterns on four columns, H_16 on five."""
    for n, bound in ((8, 4), (16, 5)):
        proof = count_patterns(rc.sign_matrix("hadamard", n))
        assert proof is not None
        assert proof.bound == bound
