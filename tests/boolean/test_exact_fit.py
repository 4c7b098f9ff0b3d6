"""Tests of rational interpolation with given patterns."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb.boolean.exact_fit import fit_exactly

exact = np.vectorize(Fraction, otypes=[object])


def values_of(weights: np.ndarray, constant: Fraction, signs: np.ndarray, X: np.ndarray) -> list[Fraction]:
    """Evaluate the network as it is written."""
    return [
        constant
        + sum(
            int(s) * max(Fraction(0), sum((w * x for w, x in zip(row, [*point, 1], strict=True)), Fraction(0)))
            for s, row in zip(signs, weights, strict=True)
        )
        for point in X
    ]


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_values_of_a_network_are_fitted(seed: int) -> None:
    """Values that come from a network with these patterns have weights, and what is found has these values."""
    rng = np.random.default_rng(seed)
    n, width = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    X = exact(np.array(list(itertools.product([-1, 1], repeat=n))))
    weights = exact(rng.integers(-3, 4, (width, n + 1)), rng.integers(1, 4, (width, n + 1)))
    signs = rng.choice([-1, 1], width)
    heights = np.column_stack([X, exact(np.ones(len(X), dtype=int))]) @ weights.T
    y = np.array(values_of(weights, Fraction(1, 3), signs, X), dtype=object)
    found = fit_exactly(X, y, np.asarray(heights.T > 0, dtype=bool), signs)
    assert found is not None
    assert values_of(*found, signs, X) == y.tolist()


def test_forced_zeros() -> None:
    """Units that must vanish at a point where they may be active: |x| at −1, 0, 1 by two units active at 0."""
    X, y = exact([[-1], [0], [1]]), exact([1, 0, 1])
    active = np.array([[False, True, True], [True, True, False]])
    found = fit_exactly(X, y, active, np.array([1, 1]))
    assert found is not None
    assert values_of(*found, np.array([1, 1]), X) == [1, 0, 1]


@pytest.mark.parametrize("y", [[0, 1, 0], [1, 0, 0]])
def test_what_cannot_be_fitted(y: list[int]) -> None:
    """One unit that is active to the right is no hat and does not fall."""
    assert fit_exactly(exact([[0], [1], [2]]), exact(y), np.array([[False, True, True]]), np.array([1])) is None
