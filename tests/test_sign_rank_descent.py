"""Descent to factors with given signs."""

from __future__ import annotations

import numpy as np
import pytest

from relucomb_solvers.sign_rank_descent import MARGIN, descend


@pytest.mark.kernels
@pytest.mark.parametrize("rank", [1, 2])
def test_signs_of_low_rank_are_found(rank: int) -> None:
    """The signs of a matrix of low rank are found at that rank, with the margin."""
    rng = np.random.default_rng(rank)
    A = np.sign(rng.normal(size=(5, rank)) @ rng.normal(size=(rank, 4))).astype(np.int8)
    found = descend(A, rank, 20, 300, seed=0)
    assert found is not None
    U, V = found
    assert U.shape == (5, rank)
    assert V.shape == (4, rank)
    assert np.all(A * (U @ V.T) >= MARGIN)


@pytest.mark.kernels
def test_what_does_not_exist_is_not_found() -> None:
    """Signs of higher sign-rank are not claimed."""
    A = (1 - 2 * np.identity(4)).astype(np.int8)
    assert descend(A, 2, 3, 200, seed=0) is None


def test_seeds_and_stops() -> None:
    """The same seed gives the same factors; the caller may stop."""
    A = np.random.default_rng(0).choice(np.array([-1, 1], dtype=np.int8), (6, 6))
    one, two = (descend(A, 4, 5, 500, seed=3) for _ in range(2))
    assert one is not None
    assert two is not None
    assert np.array_equal(one[0], two[0])
    assert descend(A, 4, 5, 500, seed=3, stop=lambda: True) is None
