"""The whole search: known sign-ranks, invariances, limits, interruption."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc
from relucomb.sign_rank.search import Search

from .matrices import low_rank_signs, sign_matrices


@pytest.mark.parametrize(
    ("name", "n", "known"),
    [
        ("signed-identity", 1, 1),
        ("signed-identity", 2, 1),
        ("signed-identity", 3, 2),
        ("signed-identity", 4, 3),
        ("signed-identity", 9, 3),
        ("greater-than", 1, 1),
        ("greater-than", 17, 2),
        ("hadamard", 2, 2),
        ("hadamard", 4, 3),
        ("equality", 4, 3),
    ],
)
def test_known_values(name: str, n: int, known: int) -> None:
    """Signed identity, greater-than and small Hadamard matrices."""
    found = rc.sign_rank(rc.sign_matrix(name, n))
    assert (found.lower, found.upper) == (known, known)
    assert found.status == "closed"
    assert found.termination == "closed"
    assert found.verify()


@settings(max_examples=40)
@given(sign_matrices(6, 6), st.randoms(use_true_random=False))
def test_proofs_hold_and_symmetries_change_nothing(A: np.ndarray, random: object) -> None:
    """Every interval is proven; permutations, negations, repetitions and transposition lead to compatible ones."""
    found = rc.sign_rank(A, 0.5)
    assert found.verify()
    assert 1 <= found.lower <= found.upper <= min(A.shape)
    rng = np.random.default_rng(random.randint(0, 99))  # type: ignore[attr-defined]
    m, n = A.shape
    rows, columns = np.append(rng.permutation(m), 0), np.append(rng.permutation(n), n - 1)
    B = A[np.ix_(rows, columns)] * rng.choice([-1, 1], n + 1) * rng.choice([-1, 1], m + 1)[:, None]
    other = rc.sign_rank(B.T, 0.5)
    assert other.verify()
    assert max(found.lower, other.lower) <= min(found.upper, other.upper)


@settings(max_examples=20)
@given(st.integers(1, 4), st.integers(0, 100))
def test_signs_of_low_rank(rank: int, seed: int) -> None:
    """The interval of the signs of a matrix of known rank does not begin above it."""
    found = rc.sign_rank(low_rank_signs(np.ones((7, 7)), rank, seed), 0.5)
    assert found.lower <= rank
    assert found.verify()


def test_the_same_seed_gives_the_same_result() -> None:
    """Without a time limit nothing depends on the clock."""
    A = rc.sign_matrix("random", 7)
    one, two = rc.sign_rank(A), rc.sign_rank(A)
    assert (one.lower, one.upper) == (two.lower, two.upper)
    assert np.array_equal(one.witness, two.witness)


def test_no_time() -> None:
    """A limit of 0 leaves the trivial interval, proven."""
    found = rc.sign_rank(rc.sign_matrix("hadamard", 8), 0)
    assert (found.lower, found.upper) == (1, 8)
    assert found.termination == "time_limit"
    assert found.status == "open"
    assert found.verify()
    assert "time limit" in found.summary()


def test_time_limit_is_kept() -> None:
    """A matrix that cannot be closed in a second takes about a second."""
    found = rc.sign_rank(rc.sign_matrix("hadamard", 16), 1)
    assert found.termination == "time_limit"
    assert found.lower >= 4
    assert found.seconds < 20
    assert found.verify()


@pytest.mark.parametrize("step", ["_two", "_count", "_order", "_first_descents", "_rounds"])
def test_interruption_returns_the_interval(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Ctrl-C at any step ends the search with what is proven."""

    def interrupt(self: Search) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Search, step, interrupt)
    found = rc.sign_rank(rc.sign_matrix("hadamard", 8), 1)
    assert found.termination == "interrupted"
    assert found.verify()


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"time_limit": -1}, ValueError, "time_limit must be finite and not negative; got -1"),
        ({"time_limit": float("nan")}, ValueError, "time_limit"),
        ({"time_limit": "1"}, TypeError, "time_limit must be a number of seconds"),
        ({"time_limit": True}, TypeError, "time_limit"),
        ({"seed": 1.5}, TypeError, "seed must be an integer"),
        ({"seed": -1}, ValueError, "seed must not be negative"),
    ],
)
def test_wrong_options(options: dict[str, object], error: type[Exception], told: str) -> None:
    """Options are checked before the work."""
    with pytest.raises(error, match=told):
        rc.sign_rank([[1]], **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "first",
    ["import relucomb.sign_rank", "from relucomb.sign_rank.result import SignRank", "from relucomb import sign_rank"],
)
def test_the_function_is_not_hidden_by_the_package(first: str) -> None:
    """rc.sign_rank is the function whatever was imported before."""
    program = f"""
import sys; sys.path[:0] = {sys.path!r}
{first}
import relucomb as rc
import relucomb.sign_rank.search
print(rc.sign_rank([[1, -1]]).upper, type(sys.modules["relucomb.sign_rank"]).__name__)
"""
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert told.split() == ["1", "module"]
