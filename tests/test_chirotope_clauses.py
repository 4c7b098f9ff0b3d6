"""Clauses of oriented matroids: true of vectors, and few enough to be counted."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from relucomb_solvers.chirotope_clauses import clauses, count_clauses


def determinant(rows: list[list[int]]) -> int:
    """Return the determinant by Laplace's expansion."""
    if not rows:
        return 1
    minors = ([row[:k] + row[k + 1 :] for row in rows[1:]] for k in range(len(rows)))
    return sum((-1) ** k * rows[0][k] * determinant(minor) for k, minor in enumerate(minors))


@given(st.integers(2, 4), st.integers(0, 3), st.integers(0, 10_000))
def test_vectors_satisfy_the_clauses(rank: int, more: int, seed: int) -> None:
    """Signs of determinants of integer vectors, and patterns that vectors show, satisfy every clause."""
    rng = np.random.default_rng(seed)
    vectors = rng.integers(-5, 6, (rank + more, rank)).tolist()
    values = [determinant([vectors[j] for j in S]) for S in itertools.combinations(range(rank + more), rank)]
    products = rng.integers(-5, 6, (6, rank)) @ np.array(vectors).T
    assume(all(values) and products.all())
    if values[0] < 0:
        values = [-value for value in values]
    literals, offsets = clauses(np.sign(products).astype(np.int8), rank)
    for start, end in itertools.pairwise(offsets.tolist()):
        assert any(values[abs(k) - 1] * k > 0 for k in literals[start:end].tolist())


@given(st.integers(2, 4), st.integers(0, 3), st.integers(1, 4), st.integers(0, 10_000))
def test_a_pattern_that_vectors_do_not_show_breaks_a_clause(rank: int, more: int, dimension: int, seed: int) -> None:
    """A sign vector satisfies Cramer's clauses of vectors exactly if some linear form has these signs."""
    rng = np.random.default_rng(seed)
    vectors = rng.integers(-5, 6, (rank + more, rank)).tolist()
    values = [determinant([vectors[j] for j in S]) for S in itertools.combinations(range(rank + more), rank)]
    assume(all(values))
    turn = 1 if values[0] > 0 else -1
    import relucomb as rc

    shown = {tuple(pattern.tolist()) for pattern in rc.dichotomies(vectors, hidden_bias=False)}
    for pattern in itertools.product((False, True), repeat=rank + more):
        signs = np.array([[1 if active else -1 for active in pattern]], dtype=np.int8)
        literals, offsets = clauses(signs, rank)
        satisfied = all(
            any(turn * values[abs(k) - 1] * k > 0 for k in literals[start:end].tolist())
            for start, end in itertools.pairwise(offsets.tolist())
        )
        assert satisfied == (pattern in shown)


@pytest.mark.parametrize(("m", "n", "rank"), [(1, 2, 2), (3, 5, 2), (4, 6, 3), (2, 7, 5), (1, 3, 3)])
def test_count(m: int, n: int, rank: int) -> None:
    """The number of clauses is what is announced."""
    literals, offsets = clauses(np.ones((m, n), dtype=np.int8), rank)
    assert len(offsets) - 1 == count_clauses(m, n, rank)
    assert len(literals) == offsets[-1]
