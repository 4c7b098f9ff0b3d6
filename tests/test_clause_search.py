"""The search for solutions of clauses: against trying all assignments, with every refutation checked."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb_solvers.clause_proof import is_refutation
from relucomb_solvers.clause_search import solve

Clauses = list[list[int]]


def arrays(clauses: Clauses) -> tuple[np.ndarray, np.ndarray]:
    """Write clauses as literals and offsets."""
    flat = [literal for clause in clauses for literal in clause]
    return np.array(flat, dtype=np.int32), np.cumsum([0, *map(len, clauses)])


def random_clauses(variables: int, number: int, length: int, seed: int) -> Clauses:
    """Draw clauses of different variables."""
    rng = np.random.default_rng(seed)
    return [
        [int(v + 1) * int(rng.choice([-1, 1])) for v in rng.choice(variables, length, replace=False)]
        for _ in range(number)
    ]


def holds(clauses: Clauses, signs: tuple[int, ...]) -> bool:
    """Tell whether an assignment satisfies all clauses."""
    return all(any(signs[abs(k) - 1] * k > 0 for k in clause) for clause in clauses)


@given(st.integers(3, 7), st.integers(1, 60), st.integers(1, 3), st.integers(0, 10_000))
def test_against_all_assignments(variables: int, number: int, length: int, seed: int) -> None:
    """Solutions are solutions, refutations are refutations, and it is the right one of the two."""
    clauses = random_clauses(variables, number, length, seed)
    used = max(abs(k) for clause in clauses for k in clause)
    answer = solve(*arrays(clauses))
    exists = any(holds(clauses, signs) for signs in itertools.product((-1, 1), repeat=used))
    assert answer.satisfiable == exists
    if answer.model is not None:
        assert holds(clauses, tuple(answer.model.tolist()))
    else:
        assert is_refutation(*arrays(clauses), answer.lemmas, answer.offsets)


def pigeons(n: int) -> Clauses:
    """Put n + 1 pigeons into n holes."""
    inside = [[1 + n * p + h for h in range(n)] for p in range(n + 1)]
    apart = [[-inside[p][h], -inside[q][h]] for h in range(n) for q in range(n + 1) for p in range(q)]
    return inside + apart


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_pigeons(n: int) -> None:
    """There is one pigeon too many; restarts and forgetting do not spoil the proof."""
    answer = solve(*arrays(pigeons(n)))
    assert answer.satisfiable is False
    assert is_refutation(*arrays(pigeons(n)), answer.lemmas, answer.offsets)


def test_many_restarts() -> None:
    """Hard random clauses take several restarts, and clauses are forgotten; the proof is complete."""
    clauses = random_clauses(150, 800, 3, 1)
    answer = solve(*arrays(clauses))
    assert answer.satisfiable is False
    assert answer.conflicts > 1000
    assert is_refutation(*arrays(clauses), answer.lemmas, answer.offsets)


def test_limits() -> None:
    """A number of conflicts and the caller's stop end the search without an answer."""
    hard = arrays(pigeons(8))
    for answer in (solve(*hard, conflicts=50), solve(*hard, stop=lambda: True)):
        assert answer.satisfiable is None
        assert answer.model is None
    assert solve(*hard, conflicts=50).conflicts == 50


@pytest.mark.kernels
@pytest.mark.parametrize(
    ("clauses", "satisfiable"),
    [
        ([[1]], True),
        ([[1], [-1]], False),
        ([[-2]], True),
        ([[1, 2], [1, -2], [-1, 2]], True),
        ([[1, 2], [1, -2], [-1, 2], [-1, -2]], False),
        ([[1], [-1, 2], [-2, 3], [-3]], False),
        (pigeons(3), False),
    ],
)
def test_small_cases(clauses: Clauses, satisfiable: bool) -> None:
    """Units, chains of units, and clauses that need a decision."""
    answer = solve(*arrays(clauses))
    assert answer.satisfiable is satisfiable
    if not satisfiable:
        assert is_refutation(*arrays(clauses), answer.lemmas, answer.offsets)
