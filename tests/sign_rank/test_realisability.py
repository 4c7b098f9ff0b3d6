"""Oriented matroids without vectors: certificates checked in integers, the Hadamard matrix of order 8."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

import relucomb as rc
from relucomb.sign_rank.realisability import FinalPolynomial, NoVectors, exclude, row_symmetries
from relucomb_solvers.chirotope_clauses import brackets, clauses
from relucomb_solvers.clause_search import solve
from relucomb_solvers.final_polynomials import final_polynomial

from .matrices import low_rank_signs


@pytest.fixture
def polynomial() -> FinalPolynomial:
    """Return what excludes the first oriented matroid for the Hadamard matrix of order 8."""
    answer = solve(*clauses(rc.sign_matrix("hadamard", 8), 4))
    assert answer.model is not None
    steps = final_polynomial(answer.model, 8, 4)
    assert steps is not None
    used = np.unique(np.abs(brackets(8, 4)[[relation for relation, _, _ in steps]]))
    return FinalPolynomial(tuple((used * answer.model[used - 1]).tolist()), tuple(steps))


def test_false_polynomials_are_seen(polynomial: FinalPolynomial) -> None:
    """Nothing is excluded by other signs, other relations, other multipliers, or too few signs."""
    assert polynomial.holds(8, 4)
    (relation, smaller, multiplier), *others = polynomial.steps
    assert not dataclasses.replace(polynomial, signs=polynomial.signs[1:]).holds(8, 4)
    assert not dataclasses.replace(polynomial, steps=tuple(others)).holds(8, 4)
    assert not dataclasses.replace(polynomial, steps=()).holds(8, 4)
    for wrong in (
        (relation, smaller, multiplier + 1),
        (relation, smaller, -multiplier),
        (relation, (smaller + 1) % 3, multiplier),
        (relation, (smaller + 2) % 3, multiplier),
        (10**6, smaller, multiplier),
        (relation, 3, multiplier),
    ):
        assert not dataclasses.replace(polynomial, steps=(wrong, *others)).holds(8, 4)
    turned = [tuple(-literal if k == j else literal for k, literal in enumerate(polynomial.signs)) for j in range(9)]
    assert not all(dataclasses.replace(polynomial, signs=signs).holds(8, 4) for signs in turned)


def test_vectors_never_have_the_excluded_signs(polynomial: FinalPolynomial) -> None:
    """No signs of determinants of random vectors, in any order, contain the excluded ones."""
    rng = np.random.default_rng(0)
    for _ in range(300):
        vectors = rng.normal(size=(8, 4))
        values = [np.linalg.det(vectors[list(chosen)]) for chosen in itertools.combinations(range(8), 4)]
        agree = {bool(values[abs(literal) - 1] * literal > 0) for literal in polynomial.signs}
        assert agree == {True, False}


@pytest.mark.parametrize("name", ["hadamard", "signed-identity", "greater-than"])
def test_symmetries(name: str) -> None:
    """Each symmetry permutes the rows up to sign; they are different, and a group has the right number of them."""
    A = rc.sign_matrix(name, 4)
    rows = {tuple(sign * entry for entry in row) for row in A.tolist() for sign in (1, -1)}
    found = list(row_symmetries(A))
    for permutation, signs in found:
        moved = np.empty_like(A)
        moved[:, list(permutation)] = A * np.array(signs)
        assert {tuple(row) for row in moved.tolist()} <= rows
    count = 0
    for permutation in itertools.permutations(range(4)):
        for signs in itertools.product((1, -1), repeat=4):
            moved = np.empty_like(A)
            moved[:, list(permutation)] = A * np.array(signs)
            count += {tuple(row) for row in moved.tolist()} <= rows
    assert len(set(found)) == len(found) == count // 2


def test_realisable_matroids_are_not_excluded() -> None:
    """Where the signs are those of a matrix of rank 4, nothing is proven."""
    for seed in range(3):
        A = low_rank_signs(np.ones((8, 8)), 4, seed)
        assert exclude(A, list(range(8)), list(range(8)), 4) is None


def test_hadamard_of_order_eight() -> None:
    """Its sign-rank is 5: all oriented matroids of rank 4 are excluded, and there is a matrix of rank 5."""
    H = rc.sign_matrix("hadamard", 8)
    proof = exclude(H, list(range(8)), list(range(8)), 4)  # checks the proof
    assert isinstance(proof, NoVectors)
    assert proof.bound == 5
    assert len(proof.symmetries) == 10_752
    assert not dataclasses.replace(proof, polynomials=()).holds(H)
    assert not dataclasses.replace(proof, symmetries=(((0, 0, 1, 2, 3, 4, 5, 6), (1,) * 8),)).holds(H)
    assert rc.sign_rank(H, 1).upper == 5
    assert str(proof.to_dict()["kind"]) == "final polynomials"
