"""Tests of relucomb_solvers.cell_count."""

from __future__ import annotations

import itertools

import naive_dichotomies as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb_solvers.arrangement import arrange, primes_for
from relucomb_solvers.cell_count import count_cells

Rows = list[tuple[int, ...]]


@st.composite
def arrangements(draw: st.DrawFn) -> Rows:
    """Draw an essential arrangement with many coincidences."""
    width = draw(st.integers(1, 5))
    row = st.lists(st.integers(-1, 2), min_size=width, max_size=width)
    return arrange(draw(st.lists(row, min_size=1, max_size=9))).rows


@given(arrangements())
def test_count_is_the_number_of_realised_sign_vectors(rows: Rows) -> None:
    """Against the sign vectors that avoid all circuits."""
    assert count_cells(rows) == len(naive.dichotomies_by_circuits(rows, False))


@pytest.mark.kernels
def test_small_arrangements_by_hand() -> None:
    """Nothing, a point, lines through the origin, the coordinate planes with one more, the braid arrangement."""
    assert count_cells([]) == 1
    assert count_cells([(1,)]) == 2
    assert count_cells([(1, 0), (0, 1), (1, 1)]) == 6
    assert count_cells([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)]) == 14
    braid = [row for row in itertools.product((-1, 0, 1), repeat=5) if sorted(row) == [-1, 0, 0, 0, 1]]
    assert count_cells(arrange(braid).rows) == 120  # the orders of five numbers


@pytest.mark.parametrize("n", [2, 3, 4])
def test_type_b(n: int) -> None:
    """The hyperplanes x_i = 0, x_i = x_j and x_i = -x_j make 2^n n! cells, the signed orders."""
    rows = [row for row in itertools.product((-1, 0, 1), repeat=n) if 1 <= sum(map(abs, row)) <= 2]
    assert count_cells(arrange(rows).rows) == [8, 48, 384][n - 2]


@given(arrangements(), st.integers(1, 3))
def test_the_prime_does_not_matter(rows: Rows, skip: int) -> None:
    """The answer is that of the integers, not of a prime."""
    assert count_cells(rows, skip_primes=skip) == count_cells(rows)


def test_integers_that_vanish_modulo_the_primes() -> None:
    """A prime that divides a minor is left out; slopes that coincide modulo the prime only are told apart."""
    p, q = primes_for(40)
    general = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1), (1, 2, 4)]
    for factor in (p, q, p * q):
        rows = [(a, b * factor, c * factor) for a, b, c in general]
        assert count_cells(arrange(rows).rows) == naive.cover(5, 3)
        bent = [*general, (factor, factor + 1, factor + 3), (factor + 1, 2 * factor + 1, 3)]
        assert count_cells(bent) == len(naive.dichotomies_by_circuits(bent, False))
    wide = [(1, k * p, k * k, k * q, k**3) for k in range(8)]
    assert count_cells(wide) == len(naive.dichotomies_by_circuits(wide, False))


@pytest.mark.kernels
def test_two_dimensions_more() -> None:
    """The recursion goes through each level; the moment curve is in general position."""
    assert count_cells([(1, k, k**2, k**3) for k in range(9)]) == naive.cover(9, 4)
    assert count_cells([(1, k, k**2, k**3, k**4) for k in range(11)]) == naive.cover(11, 5)


def test_large_counts() -> None:
    """Ten million cells in four dimensions, a million in three."""
    rng = np.random.default_rng(0)
    for m, rank in ((300, 4), (1000, 3)):
        rows = [tuple(row) for row in rng.integers(-(10**6), 10**6, size=(m, rank)).tolist()]
        assert count_cells(rows) == naive.cover(m, rank)
