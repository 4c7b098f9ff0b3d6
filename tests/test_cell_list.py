"""Tests of relucomb_solvers.cell_list."""

from __future__ import annotations

import itertools
import tracemalloc

import naive_dichotomies as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb_solvers.arrangement import arrange
from relucomb_solvers.cell_count import count_cells
from relucomb_solvers.cell_list import list_cells

Rows = list[tuple[int, ...]]


@st.composite
def arrangements(draw: st.DrawFn, most: int = 9) -> Rows:
    """Draw an essential arrangement with many coincidences."""
    width = draw(st.integers(1, 5))
    row = st.lists(st.integers(-2, 2), min_size=width, max_size=width)
    return arrange(draw(st.lists(row, min_size=1, max_size=most))).rows


def sign_vectors(rows: Rows, **options: object) -> list[tuple[bool, ...]]:
    """List the cells as tuples of booleans."""
    words = np.concatenate(list(list_cells(rows, **options)))  # type: ignore[arg-type]
    bits = np.unpackbits(words.view(np.uint8), axis=1, count=len(rows), bitorder="little")
    return [tuple(row) for row in bits.astype(bool).tolist()]


@settings(max_examples=150)
@given(arrangements())
def test_cells_are_the_realised_sign_vectors(rows: Rows) -> None:
    """Against the sign vectors that avoid all circuits; each comes once."""
    found = sign_vectors(rows)
    assert len(found) == len(set(found))
    assert set(found) == naive.dichotomies_by_circuits(rows, False)


@settings(max_examples=150)
@given(arrangements(most=8), st.data())
def test_functionals_need_not_be_generic(rows: Rows, data: st.DataObject) -> None:
    """Whatever functionals are given, even dependent ones or rows, the set of cells is the same."""
    rank = len(rows[0]) if rows else 1
    functional = st.lists(st.integers(-1, 1), min_size=rank, max_size=rank).filter(any)
    functionals = data.draw(st.lists(functional, min_size=rank - 1, max_size=rank - 1))
    found = sign_vectors(rows, functionals=functionals)
    assert len(found) == len(set(found)) == count_cells(rows)
    assert set(found) == set(sign_vectors(rows))


@given(arrangements(), st.sampled_from([8, 24, 100]))
def test_blocks_only_cut_the_sequence(rows: Rows, block_bytes: int) -> None:
    """A walk that stops after every other cell goes on where it stopped."""
    assert sign_vectors(rows, block_bytes=block_bytes) == sign_vectors(rows)


@pytest.mark.kernels
def test_small_arrangements_by_hand() -> None:
    """No hyperplane, a point, the octants, a degenerate arrangement of rank 4."""
    assert [block.shape for block in list_cells([])] == [(1, 0)]
    assert sorted(sign_vectors([(1,)])) == [(False,), (True,)]
    octants = sign_vectors([(1, 0, 0), (0, 1, 0), (0, 0, 1)])
    assert sorted(octants) == list(itertools.product((False, True), repeat=3))
    cube = [(a, b, c, 1) for a, b, c in itertools.product((0, 1), repeat=3)]
    assert len(set(sign_vectors(cube))) == 104


@pytest.mark.kernels
def test_rays_with_many_hyperplanes_in_many_dimensions() -> None:
    """Pencils within pencils: planes through an axis, and one that cuts them, once more in each dimension."""
    rows = [(1, k, 0, 0, 0) for k in range(4)] + [(0, 0, 1, 0, 0), (0, 1, 1, 0, 0), (0, 0, 0, 1, 0), (1, 1, 1, 1, 1)]
    found = sign_vectors(rows)
    assert len(found) == len(set(found)) == count_cells(rows)
    assert set(found) == naive.dichotomies_by_circuits(rows, False)


@pytest.mark.parametrize("offset", [0, 10**9, 10**17, 10**30])
def test_far_from_the_origin(offset: int) -> None:
    """Rows that floats cannot tell apart as they stand are moved to where they can."""
    rng = np.random.default_rng(1)
    small = rng.integers(-50, 50, size=(40, 2)).tolist()
    rows = arrange([[x + offset, y - 3 * offset, 1] for x, y in small]).rows
    found = sign_vectors(rows)
    assert len(found) == len(set(found)) == count_cells(rows) == count_cells(arrange([[*p, 1] for p in small]).rows)


def test_rows_nearly_dependent_beyond_the_precision_of_floats() -> None:
    """All points nearly on one line, or nearly in one place: every decision is taken in integers."""
    fine = 10**40
    line = [(k * fine, 2 * k * fine + k * k * k, fine) for k in range(12)]
    assert len(set(sign_vectors(arrange(line).rows))) == naive.cover(12, 3)
    pairs = [(a * fine + e, a * a * fine + e * e * a, fine) for a in range(5) for e in (0, 1)]
    rows = arrange(pairs).rows
    assert set(sign_vectors(rows)) == naive.dichotomies_by_circuits(rows, False)
    pairs = [(a * fine + e, a * a * fine + e * e, a**3 * fine - e, fine) for a in range(5) for e in (0, 1)]
    rows = arrange(pairs).rows
    assert set(sign_vectors(rows)) == naive.dichotomies_by_circuits(rows, False)


def test_memory_does_not_grow_with_the_number_of_cells() -> None:
    """A million cells pass through less than a few megabytes."""
    rng = np.random.default_rng(2)
    rows = [tuple(row) for row in rng.integers(-(10**6), 10**6, size=(150, 4)).tolist()]
    number = sum(len(block) for block in list_cells(rows[:20]))
    tracemalloc.start()
    number = sum(len(block) for block in list_cells(rows))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert number == naive.cover(150, 4) == 1_102_900
    assert peak < 8e6
