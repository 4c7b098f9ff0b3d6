"""Final polynomials: never for signs that come from vectors."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from relucomb_solvers.chirotope_clauses import clauses
from relucomb_solvers.clause_search import solve
from relucomb_solvers.final_polynomials import final_polynomial


@pytest.mark.parametrize(("n", "rank"), [(6, 3), (7, 3), (7, 4), (8, 4)])
def test_vectors_have_none(n: int, rank: int) -> None:
    """The determinants of random vectors contradict nothing."""
    rng = np.random.default_rng(n * rank)
    for _ in range(3):
        vectors = rng.normal(size=(n, rank))
        values = [np.linalg.det(vectors[list(chosen)]) for chosen in itertools.combinations(range(n), rank)]
        assert final_polynomial(np.sign(values).astype(np.int8), n, rank) is None


def test_hadamard_matrices_have_one() -> None:
    """An oriented matroid of rank 4 with the rows of the Hadamard matrix of order 8 as topes comes from no vectors."""
    H = np.array([[1]], dtype=np.int8)
    for _ in range(3):
        H = np.block([[H, H], [H, -H]])
    answer = solve(*clauses(H, 4))
    assert answer.model is not None
    steps = final_polynomial(answer.model, 8, 4)
    assert steps is not None
    assert all(multiplier > 0 for _, _, multiplier in steps)


def test_too_few_vectors() -> None:
    """Without relations there is nothing to contradict."""
    assert final_polynomial(np.ones(4, dtype=np.int8), 4, 3) is None
