"""Strategies for sign matrices, and slow literal oracles."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays


def sign_matrices(rows: int, columns: int) -> st.SearchStrategy[np.ndarray]:
    """Draw sign matrices with up to so many rows and columns."""
    shapes = st.tuples(st.integers(1, rows), st.integers(1, columns))
    return shapes.flatmap(lambda shape: arrays(np.int8, shape, elements=st.sampled_from([-1, 1])))


def low_rank_signs(A: np.ndarray, rank: int, seed: int) -> np.ndarray:
    """Return the signs of a random integer matrix of the shape of ``A`` and of low rank, no entry zero."""
    rng = np.random.default_rng(seed)
    m, n = A.shape
    while True:
        product = rng.integers(-9, 10, (m, rank)) @ rng.integers(-9, 10, (rank, n))
        if np.all(product):
            return np.sign(product).astype(np.int8)


def has_pencil(A: np.ndarray) -> bool:
    """Decide literally whether some order and signs of the columns leave at most one change in each row."""
    n = A.shape[1]
    for order in itertools.permutations(range(n)):
        for turns in itertools.product((1, -1), repeat=n):
            B = A[:, order] * np.array(turns)
            if np.all((B[:, :-1] != B[:, 1:]).sum(axis=1) <= 1):
                return True
    return False
