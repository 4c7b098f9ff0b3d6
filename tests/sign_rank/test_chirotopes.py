"""Refutations of oriented matroids: right where the answer is known otherwise, checked, never above the truth."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc
from relucomb.sign_rank import chirotopes
from relucomb.sign_rank.chirotopes import NoMatroid, refute
from relucomb.sign_rank.factorisation import Factorisation
from relucomb.sign_rank.pencil import at_most_two
from relucomb.sign_rank.reduction import reduced

from .matrices import low_rank_signs, sign_matrices


def of(A: np.ndarray, rank: int, **options: object) -> chirotopes.Decision:
    """Ask for all rows and columns."""
    turned = bool(options.get("turned", False))
    m, n = A.T.shape if turned else A.shape
    return refute(A, list(range(m)), list(range(n)), rank, **options)  # type: ignore[arg-type]


@given(sign_matrices(6, 6), st.booleans())
def test_rank_two_is_decided(A: np.ndarray, turned: bool) -> None:
    """All oriented matroids of rank 2 come from vectors: the answer is that of the exact decision."""
    decision = of(A, 2, turned=turned)
    assert decision.satisfiable == isinstance(at_most_two(A), Factorisation)
    assert decision.refuted is None or decision.refuted.holds(A)


@settings(max_examples=30)
@given(st.integers(3, 4), st.integers(0, 1000))
def test_never_above_a_known_rank(rank: int, seed: int) -> None:
    """The signs of a matrix of known rank are topes of an oriented matroid of that rank."""
    A = low_rank_signs(np.ones((8, 7)), rank, seed)
    assert of(A, rank).satisfiable is True
    assert of(A, rank, turned=True).satisfiable is True


def test_rank_three_on_seven_columns_is_decided() -> None:
    """All of these come from vectors: wherever there is one, factors of rank 3 are found."""
    rng = np.random.default_rng(0)
    refuted = 0
    for _ in range(40):
        A = rng.choice(np.array([-1, 1], dtype=np.int8), (7, 7))
        found = rc.sign_rank(A)
        decision = of(A, 3)
        assert decision.satisfiable == (found.upper <= 3)
        refuted += decision.satisfiable is False
    assert refuted > 0


@pytest.fixture
def proof() -> tuple[np.ndarray, NoMatroid]:
    """Return a matrix of sign-rank 4 and the refutation of rank 3."""
    A = next(
        A
        for A in (rc.sign_matrix("random", 8, seed=seed) for seed in range(20))
        if len(reduced(A).rows) == 8 and of(A, 3).refuted is not None
    )
    refuted = of(A, 3).refuted
    assert refuted is not None
    return A, refuted


def test_false_proofs_are_seen(proof: tuple[np.ndarray, NoMatroid]) -> None:
    """The lemmas prove nothing for other bounds, other matrices, or if most of them are missing."""
    A, refuted = proof
    assert refuted.bound == 4
    assert refuted.holds(A)
    assert not dataclasses.replace(refuted, bound=5).holds(A)
    assert not dataclasses.replace(refuted, bound=2).holds(A)
    assert not refuted.holds(low_rank_signs(A, 3, 0))
    none = (np.array([], dtype=np.int32), np.array([0]))
    assert not dataclasses.replace(refuted, lemmas=none[0], ends=none[1]).holds(A)
    assert not dataclasses.replace(refuted, rows=()).holds(A)


def test_files_for_other_programs(proof: tuple[np.ndarray, NoMatroid]) -> None:
    """The clauses and the refutation in the usual formats; another solver agrees."""
    A, refuted = proof
    lines = refuted.dimacs(A).splitlines()
    assert lines[0] == f"p cnf 56 {len(lines) - 1}"
    drat = refuted.drat().splitlines()
    assert drat[-1] == "0"
    assert all(line.endswith(" 0") or line == "0" for line in lines[1:] + drat)
    solvers = pytest.importorskip("pysat.solvers")
    clauses = [[int(word) for word in line.split()[:-1]] for line in lines[1:]]
    with solvers.Solver(name="minisat22", bootstrap_with=clauses) as solver:
        assert solver.solve() is False


def test_the_second_solver(proof: tuple[np.ndarray, NoMatroid], monkeypatch: pytest.MonkeyPatch) -> None:
    """What the own search leaves open PySAT decides; its lemmas are checked by the same checker."""
    pytest.importorskip("pysat.solvers")
    A, _ = proof
    monkeypatch.setattr(chirotopes, "FIRST_CONFLICTS", 1)
    assert of(A, 3).satisfiable is None
    decision = of(A, 3, seconds=20)
    assert decision.refuted is not None
    assert decision.refuted.solver == "PySAT, Glucose 4"
    assert decision.refuted.holds(A)


def test_without_the_second_solver(proof: tuple[np.ndarray, NoMatroid], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PySAT the own search goes on, and the result says what might have helped."""
    A, _ = proof
    monkeypatch.setattr(chirotopes, "FIRST_CONFLICTS", 1)
    monkeypatch.setattr(chirotopes, "has_pysat", lambda: False)
    assert of(A, 3, seconds=20).satisfiable is False
    found = rc.sign_rank(A)
    assert any("python-sat" in remark for remark in found.remarks)
    assert found.verify()


def test_few_columns_need_no_search() -> None:
    """As many vectors as dimensions can show everything."""
    cube = np.array(list(itertools.product([-1, 1], repeat=3)), dtype=np.int8)
    assert of(cube, 3).satisfiable is True
    assert of(cube, 2).satisfiable is False
