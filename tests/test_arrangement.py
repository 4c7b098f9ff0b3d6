"""Tests of relucomb_solvers.arrangement."""

from __future__ import annotations

import math

import pytest
import sympy
from flint import fmpz_mat
from hypothesis import given
from hypothesis import strategies as st

from relucomb_solvers.arrangement import arrange, determinant_bits, primes_for, residues


@st.composite
def matrices(draw: st.DrawFn, size: int = 3, square: bool = False) -> list[list[int]]:
    """Draw integer rows of one length."""
    width = draw(st.integers(1, 4))
    row = st.lists(st.integers(-size, size), min_size=width, max_size=width)
    return draw(st.lists(row, min_size=width if square else 1, max_size=width if square else 7))


@given(matrices())
def test_rows_go_to_their_hyperplanes(rows: list[list[int]]) -> None:
    """Two rows share a hyperplane just if they are parallel, and a side just if they point the same way."""
    found = arrange(rows)
    for j, a in enumerate(rows):
        assert (found.hyperplane[j] == -1) == (found.side[j] == 0) == (not any(a))
        for k, b in enumerate(rows[:j]):
            if any(a) and any(b):
                parallel = fmpz_mat([a, b]).rank() == 1
                assert (found.hyperplane[j] == found.hyperplane[k]) == parallel
                if parallel:
                    assert (sum(p * q for p, q in zip(a, b, strict=True)) > 0) == (found.side[j] == found.side[k])
    assert len(found.rows) == found.hyperplane.max() + 1


@given(matrices())
def test_the_arrangement_is_essential_and_has_the_same_dependences(rows: list[list[int]]) -> None:
    """The rows span the space they live in; sets of rows keep their ranks."""
    found = arrange(rows)
    assert found.rank == fmpz_mat(rows).rank()
    assert all(len(row) == found.rank and math.gcd(*row) == 1 for row in found.rows)
    if found.rows:
        assert fmpz_mat([list(row) for row in found.rows]).rank() == found.rank
    kept = [j for j in range(len(rows)) if found.side[j] != 0]
    for first in range(len(kept)):
        some = kept[first : first + 3]
        essential = [list(found.rows[found.hyperplane[j]]) for j in some]
        assert fmpz_mat([rows[j] for j in some]).rank() == fmpz_mat(essential).rank()


@given(matrices(size=10**30, square=True))
def test_hadamards_bound(rows: list[list[int]]) -> None:
    """No determinant is longer than the bound, nor is any entry."""
    bits = determinant_bits(rows)
    assert abs(int(fmpz_mat(rows).det())).bit_length() <= bits
    assert max(abs(entry).bit_length() for row in rows for entry in row) <= bits


@pytest.mark.parametrize("bits", [1, 29, 30, 100, 1000])
def test_primes_are_primes_and_enough(bits: int) -> None:
    """Their product exceeds twice what is to be decided; each fits the kernels' arithmetic."""
    primes = primes_for(bits)
    assert len(set(primes)) == len(primes)
    assert all(sympy.isprime(p) and 2**29 < p < 2**30 for p in primes)
    assert math.prod(primes) > 2 ** (bits + 1)
    assert primes_for(bits, skip=3)[:1] == primes_for(200)[3:4]


def test_residues_of_small_and_huge_integers() -> None:
    """Residues are least non-negative, also of negative integers and beyond 64 bits."""
    rows = [[5, -1], [10**40, -(10**40)]]
    primes = [101, 7]
    assert residues(rows, primes).tolist() == [[[entry % p for entry in row] for row in rows] for p in primes]
    assert residues([[5, -1]], [7]).tolist() == [[[5, 6]]]
