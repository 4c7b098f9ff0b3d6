"""Canonical forms: the same for equivalent matrices, different for others."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from relucomb_solvers.sign_matrix_classes import canonical, decode, encode

SHAPES = st.tuples(st.integers(1, 5), st.integers(1, 6))
MATRICES = SHAPES.flatmap(lambda shape: arrays(np.int8, shape, elements=st.sampled_from([-1, 1])))


@given(MATRICES, st.integers(0, 10_000))
def test_symmetries(A: np.ndarray, seed: int) -> None:
    """Permuting and negating rows and columns does not change the form, which is a fixed point."""
    rng = np.random.default_rng(seed)
    m, n = A.shape
    B = A[rng.permutation(m)][:, rng.permutation(n)] * rng.choice([-1, 1], n) * rng.choice([-1, 1], m)[:, None]
    form = canonical(A)
    assert np.array_equal(canonical(B.astype(np.int8)), form)
    assert np.array_equal(canonical(form), form)
    assert np.all(form[0] == 1)
    assert np.all(form[:, 0] == 1)


@pytest.mark.kernels
def test_forms_are_orbits() -> None:
    """For 2 x 3 and 3 x 3, by moving each matrix in all ways."""
    for m, n in ((2, 3), (3, 3)):
        forms: dict[bytes, set[bytes]] = {}
        matrices = [np.array(signs, dtype=np.int8).reshape(m, n) for signs in itertools.product((1, -1), repeat=m * n)]
        for A in matrices[:: 1 if n * m < 9 else 7]:
            orbit = frozenset(
                (A[list(sigma)][:, list(tau)] * np.array(a)[:, None] * np.array(b)).astype(np.int8).tobytes()
                for sigma in itertools.permutations(range(m))
                for tau in itertools.permutations(range(n))
                for a in itertools.product((1, -1), repeat=m)
                for b in itertools.product((1, -1), repeat=n)
            )
            form = canonical(A).tobytes()
            assert form in orbit
            assert forms.setdefault(form, set(orbit)) == orbit


def test_bits() -> None:
    """Encoding and decoding are inverse."""
    for row in itertools.product((1, -1), repeat=4):
        assert decode(np.array([encode(list(row))]), 4).tolist() == [list(row)]


def test_too_many_columns() -> None:
    """The table of permutations would be too large."""
    with pytest.raises(ValueError, match="at most 9 columns; got 10"):
        canonical(np.ones((2, 10), dtype=np.int8))
