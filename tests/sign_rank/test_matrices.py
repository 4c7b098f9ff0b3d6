"""Named sign matrices: literal definitions, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import relucomb as rc
from relucomb.sign_rank.matrices import NAMES


@pytest.mark.parametrize("n", [1, 2, 3])
def test_matrices_of_bit_strings(n: int) -> None:
    """Inner product, disjointness and equality, entry by entry."""
    inner, disjoint, equal = (rc.sign_matrix(name, n) for name in ("inner-product", "disjointness", "equality"))
    for x in range(2**n):
        for y in range(2**n):
            common = sum((x >> i & 1) * (y >> i & 1) for i in range(n))
            assert inner[x, y] == (1 if common % 2 else -1)
            assert disjoint[x, y] == (1 if common == 0 else -1)
            assert equal[x, y] == (1 if x == y else -1)


@pytest.mark.parametrize(("name", "n"), [("hadamard", 1), ("hadamard", 16), ("paley", 4), ("paley", 12), ("paley", 20)])
def test_hadamard_matrices(name: str, n: int) -> None:
    """Different rows are orthogonal."""
    H = rc.sign_matrix(name, n).astype(int)
    assert np.array_equal(H @ H.T, n * np.identity(n))


@pytest.mark.parametrize("n", [28, 36])
def test_paley_of_the_second_kind(n: int) -> None:
    """Primes 13 and 17 have the form 4k + 1."""
    H = rc.sign_matrix("paley", n).astype(int)
    assert np.array_equal(H @ H.T, n * np.identity(n))


def test_random_matrices_have_seeds() -> None:
    """The same seed gives the same matrix, another one another."""
    one, two, other = (rc.sign_matrix("random", 20, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)
    assert set(one.ravel().tolist()) == {-1, 1}


@pytest.mark.parametrize("name", NAMES)
def test_all_are_sign_matrices(name: str) -> None:
    """Every family has a member at n = 4."""
    A = rc.sign_matrix(name, 4)
    assert A.dtype == np.int8
    assert A.shape[0] == A.shape[1]
    assert set(A.ravel().tolist()) <= {-1, 1}


@pytest.mark.parametrize(
    ("name", "n", "told"),
    [
        ("hadamrd", 8, "no sign matrix named 'hadamrd'; did you mean hadamard?"),
        ("xyz", 8, "legal are signed-identity, greater-than"),
        ("hadamard", 6, "n must be a power of two for hadamard; got 6"),
        ("hadamard", 0, "must be a power of two"),
        ("paley", 16, "n must be p \\+ 1"),
        ("greater-than", 0, "n must be a positive number of rows"),
        ("equality", -1, "n must be a positive number of bits"),
        ("equality", 10**9, "too large"),
        ("inner-product", 14, "n = 14 is too large for inner-product"),
        ("random", 10_000, "too large"),
    ],
)
def test_refusals(name: str, n: int, told: str) -> None:
    """Unknown names are told with near ones, sizes with what is legal."""
    with pytest.raises(ValueError, match=told):
        rc.sign_matrix(name, n)


def test_wrong_types() -> None:
    """Sizes and seeds are integers."""
    with pytest.raises(TypeError, match="n must be an integer"):
        rc.sign_matrix("random", 2.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="n must be an integer"):
        rc.sign_matrix("random", True)
    with pytest.raises(ValueError, match="seed must not be negative"):
        rc.sign_matrix("random", 2, seed=-1)
