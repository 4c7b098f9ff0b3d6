"""The checker of refutations accepts proofs and nothing else."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb_solvers.clause_proof import is_refutation


def arrays(clauses: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Write clauses as literals and offsets."""
    flat = [literal for clause in clauses for literal in clause]
    return np.array(flat, dtype=np.int32), np.cumsum([0, *map(len, clauses)])


def checked(clauses: list[list[int]], lemmas: list[list[int]]) -> bool:
    """Check lemmas given as lists."""
    return is_refutation(*arrays(clauses), *arrays(lemmas))


SQUARE = [[1, 2], [1, -2], [-1, 2], [-1, -2]]


@pytest.mark.kernels
def test_what_is_a_proof() -> None:
    """Lemmas by unit propagation, contradictions at the root, lemmas that are not needed."""
    assert checked(SQUARE, [[1]])
    assert checked(SQUARE, [[2]])
    assert checked(SQUARE, [[1, 2], [1]])
    assert checked([[1], [-1]], [])
    assert checked([[1], [-1, 2], [-2]], [])
    assert checked([[-2], [-1, 2], [1]], [])


@pytest.mark.kernels
def test_what_is_none() -> None:
    """No lemmas, lemmas that do not follow, lemmas that follow but do not suffice, and zeros."""
    assert not checked(SQUARE, [])
    assert not checked(SQUARE[:3], [[1]])
    assert not checked(SQUARE[:3], [[-1], [1]])
    assert not checked([[1, 2]], [[1], [-1]])
    assert not checked([[1, 2, 3]], [[1]])
    assert not checked([], [])
    assert not checked(SQUARE, [[0]])


@given(st.lists(st.lists(st.integers(-4, 4).filter(bool), min_size=1, max_size=3), min_size=1, max_size=30), st.data())
def test_never_accepts_a_proof_for_clauses_with_a_solution(clauses: list[list[int]], data: st.DataObject) -> None:
    """Whatever the lemmas are."""
    lemmas = data.draw(st.lists(st.lists(st.integers(-4, 4).filter(bool), max_size=3), max_size=10))
    clauses = [list(dict.fromkeys(clause)) for clause in clauses]
    solvable = any(
        all(any(signs[abs(k) - 1] * k > 0 for k in clause) for clause in clauses)
        for signs in itertools.product((-1, 1), repeat=4)
    )
    if solvable:
        assert not checked(clauses, lemmas)


@given(st.lists(st.lists(st.integers(-4, 4).filter(bool), min_size=1, max_size=3), min_size=1, max_size=60))
def test_all_cases_are_a_proof(clauses: list[list[int]]) -> None:
    """If there is no solution, the negations of all assignments, longest first, prove it."""
    clauses = [list(dict.fromkeys(clause)) for clause in clauses]
    lemmas = [
        [-s * (v + 1) for v, s in enumerate(signs)]
        for length in (4, 3, 2, 1)
        for signs in itertools.product((-1, 1), repeat=length)
    ]
    solvable = any(
        all(any(signs[abs(k) - 1] * k > 0 for k in clause) for clause in clauses)
        for signs in itertools.product((-1, 1), repeat=4)
    )
    assert checked(clauses, lemmas) == (not solvable)
