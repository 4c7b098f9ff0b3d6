"""Tests of relucomb_solvers.cell_walk: the exact signs and the bounds under everything else."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpz_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb_solvers import cell_list, cell_walk

Rows = list[list[int]]


def walk_over(rows: Rows, functionals: int = 0) -> cell_walk.Walk:
    """Prepare a walk over rows of which the last are functionals."""
    return cell_list._allocate(rows, len(rows) - functionals, list(range(len(rows[0]))))


@st.composite
def matrices(draw: st.DrawFn) -> Rows:
    """Draw at least as many rows as columns, small or huge."""
    width = draw(st.integers(2, 5))
    entry = draw(st.sampled_from([st.integers(-1, 1), st.integers(-9, 9), st.integers(-(10**40), 10**40)]))
    row = st.lists(entry, min_size=width, max_size=width)
    return draw(st.lists(row, min_size=width + 1, max_size=width + 3).filter(lambda rows: any(map(any, rows))))


@settings(max_examples=300)
@given(matrices(), st.data())
def test_signs_of_determinants(rows: Rows, data: st.DataObject) -> None:
    """Residues and mixed base give the sign that big integers give."""
    walk = walk_over(rows)
    for _ in range(3):
        chosen = data.draw(st.permutations(range(len(rows))))[: len(rows[0])]
        value = int(fmpz_mat([rows[k] for k in chosen]).det())
        sign = cell_walk.orientation(walk.exact, np.array(chosen))
        assert sign == (value > 0) - (value < 0)


@settings(max_examples=200)
@given(matrices(), st.data())
def test_independence(rows: Rows, data: st.DataObject) -> None:
    """Ranks modulo several primes decide independence."""
    walk = walk_over(rows)
    count = data.draw(st.integers(1, len(rows[0])))
    chosen = data.draw(st.permutations(range(len(rows))))[:count]
    walk.exact.pick[:count] = chosen
    assert cell_walk._are_independent(walk.exact, count) == (fmpz_mat([rows[k] for k in chosen]).rank() == count)


@given(st.data(), st.integers(2, 4))
def test_perturbed_signs(data: st.DataObject, width: int) -> None:
    """Functionals that are not generic count as moved by infinitely little along the basis, the first ones most."""
    number = st.integers(-1, 1)
    row = st.lists(number, min_size=width, max_size=width)
    basis = np.eye(width, dtype=int).tolist()
    plain = data.draw(st.lists(row, min_size=1, max_size=width - 1))
    functionals = data.draw(st.lists(row, min_size=width - len(plain), max_size=width - len(plain)))
    rows = [*basis, *plain, *functionals]
    walk = walk_over(rows, len(functionals))
    small = [Fraction(1, 10 ** (3 * (width + 1) ** s)) for s in range(len(functionals))]
    moved = [[Fraction(entry) for entry in row] for row in plain]
    for e, functional in zip(small, functionals, strict=True):
        moved.append([entry + e ** (k + 1) for k, entry in enumerate(functional)])
    value = _determinant(moved)
    sign = cell_walk.orientation(walk.exact, np.arange(width, len(rows)))
    assert sign == (value > 0) - (value < 0)


def _determinant(matrix: list[list[Fraction]]) -> Fraction:
    if not matrix:
        return Fraction(1)
    head, *tail = matrix
    minors = [[row[:k] + row[k + 1 :] for row in tail] for k in range(len(head))]
    return sum(((-1) ** k * entry * _determinant(minors[k]) for k, entry in enumerate(head)), Fraction(0))


@settings(max_examples=300)
@given(st.data(), st.integers(2, 4))
def test_error_bounds_hold(data: st.DataObject, columns: int) -> None:
    """After a step of elimination every exact entry is as near to its float as the bound says."""
    nice = st.floats(-2, 2, allow_subnormal=False).map(lambda x: round(x, 3))
    errors = data.draw(st.lists(st.sampled_from([0.0, 1e-16, 1e-9, 1e-3]), min_size=columns, max_size=columns))
    error = np.array(errors)

    def exact(entries: np.ndarray) -> list[Fraction]:
        shifts = data.draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=columns, max_size=columns))
        return [Fraction(x) + s * Fraction(e) for x, s, e in zip(entries.tolist(), shifts, errors, strict=True)]

    pivot = np.array(data.draw(st.lists(nice, min_size=columns, max_size=columns)))
    row = np.array(data.draw(st.lists(nice, min_size=columns, max_size=columns)))
    true_pivot, true_row = exact(pivot), exact(row)
    bound = np.maximum(np.abs(pivot), np.abs(row))
    new_error, new_bound = np.zeros(columns), np.zeros(columns)
    for q in range(1, columns):
        ratio = cell_walk.step_bounds(error, bound, 0, q, pivot[0], pivot[q], new_error, new_bound, q)
        new = row[q] - row[0] * ratio
        assert abs(new) <= new_bound[q] or np.isinf(new_error[q])
        if not np.isinf(new_error[q]):
            true = true_row[q] - true_row[0] * true_pivot[q] / true_pivot[0]
            assert abs(true - Fraction(float(new))) <= Fraction(float(new_error[q]))


@pytest.mark.kernels
@pytest.mark.parametrize("n", [0, 1, 2, 31, 32, 399, 400, 3500])
@pytest.mark.parametrize("kind", ["spread", "clustered", "reversed", "equal"])
def test_sorting_keys(n: int, kind: str) -> None:
    """Few and many keys, in any distribution."""
    rng = np.random.default_rng(n)
    keys = rng.integers(0, 2**62, size=n)
    if kind == "clustered":
        keys = 2**61 + rng.integers(0, 1000, size=n)
    elif kind == "reversed":
        keys = np.sort(2**40 + rng.integers(0, 2**30, size=n))[::-1]
    elif kind == "equal":
        keys = np.full(n, 12345)
    room = np.zeros((2, max(n, 1)), dtype=np.int64)
    room[0, :n] = keys
    cell_walk._sort_keys(room, np.zeros(2048, dtype=np.int64), n)
    assert room[0, :n].tolist() == sorted(keys.tolist())


@pytest.mark.kernels
def test_inverses() -> None:
    """Euclid's algorithm modulo a prime."""
    p = 1063741817
    for a in (1, 2, 3, p - 1, p // 2, 123456789):
        assert a * cell_walk._invert(a, p) % p == 1
