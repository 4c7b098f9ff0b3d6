"""Polynomials along an order of the columns."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from relucomb.sign_rank.orderings import by_order, polynomials

from .matrices import sign_matrices


@given(sign_matrices(6, 7), st.integers(0, 1000))
def test_any_order_gives_factors(A: np.ndarray, seed: int) -> None:
    """For any order and signs of the columns the polynomials have the signs, and the rank is the most changes + 1."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(A.shape[1])
    turns = rng.choice([-1, 1], A.shape[1])
    factors = polynomials(A, list(zip(order.tolist(), turns.tolist(), strict=True)))
    B = A[:, order] * turns
    assert factors.holds(A)
    assert factors.rank == 1 + (B[:, 1:] != B[:, :-1]).sum(axis=1).max()


@given(sign_matrices(7, 7))
def test_the_search(A: np.ndarray) -> None:
    """What the search finds has the signs and is no worse than the order given."""
    factors = by_order(A)
    assert factors.holds(A)
    assert factors.rank <= A.shape[1]


def test_hidden_orders_are_found() -> None:
    """Rows with one change, columns permuted and negated: two coefficients are enough."""
    rng = np.random.default_rng(5)
    A = np.where(np.arange(12)[:, None] >= np.arange(12), 1, -1) * rng.choice([-1, 1], 12)
    assert by_order(A[:, rng.permutation(12)].astype(np.int8)).rank == 2


def test_a_stopped_search_still_answers() -> None:
    """The first order counts even if there is no time for a better one."""
    A = np.random.default_rng(0).choice(np.array([-1, 1], dtype=np.int8), (9, 9))
    assert by_order(A, lambda: True).holds(A)
