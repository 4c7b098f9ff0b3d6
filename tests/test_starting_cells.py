"""Tests of the cells that a complex starts from."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from relucomb_solvers.starting_cells import box, orthants, unit_coordinates


@pytest.mark.kernels
def test_orthants_cover_all_sign_vectors_in_blocks() -> None:
    """Blocks of any size list each sign vector of the coordinates once, with the rays that bound its orthant."""
    start = orthants([1, 3, 4])
    for most in (None, 1, 3, 4):
        seen = set()
        for pointer, members, bits in start.blocks(most, 1):
            assert most is None or len(bits) <= most
            for cell in range(len(bits)):
                rays = [start.rays[ray] for ray in members[pointer[cell] : pointer[cell + 1]]]
                pattern = int(bits[cell, 0])
                signs = [1 if pattern >> unit & 1 else -1 for unit in (1, 3, 4)]
                assert sorted(rays) == sorted(
                    [(0, 0, 0, 1), *(tuple(np.eye(4, dtype=int)[c] * signs[c]) for c in range(3))]
                )
                seen.add(pattern)
        assert len(seen) == 8


def test_masks_tell_what_vanishes() -> None:
    """A ray of an orthant lies on all coordinate hyperplanes but one, and at infinity unless it is the origin."""
    start = orthants([0, 2])
    assert [start.mask(ray, 3) for ray in range(5)] == [0b0101, 0b1100, 0b1100, 0b1001, 0b1001]


def test_box_has_its_corners() -> None:
    """Corners are integer vectors over their own denominators; each lies on one wall of every coordinate."""
    start = box([Fraction(-1), Fraction(1, 3)], [Fraction(1, 2), Fraction(2)])
    points = [tuple(Fraction(entry, ray[-1]) for entry in ray[:-1]) for ray in start.rays]
    assert set(points) == {(x, y) for x in (-1, Fraction(1, 2)) for y in (Fraction(1, 3), 2)}
    assert [bin(start.mask(ray, 1)).count("1") for ray in range(4)] == [2, 2, 2, 2]
    assert start.count == 1


def test_unit_coordinates_write_all_units_in_a_basis() -> None:
    """Every unit is the same function of the coordinates as it was of the inputs, and the coordinates are units."""
    rng = np.random.default_rng(3)
    weights = np.vectorize(Fraction, otypes=[object])(rng.integers(-2, 3, (7, 3)))
    weights[:, 2] = weights[:, 0] - weights[:, 1]  # rank two
    bias = np.vectorize(Fraction, otypes=[object])(rng.integers(-2, 3, 7))
    basis, mixed, constants = unit_coordinates(weights, bias)
    assert len(basis) == 2
    for _ in range(20):
        x = np.vectorize(Fraction, otypes=[object])(rng.integers(-5, 6, 3))
        z = weights @ x + bias
        assert (mixed @ z[basis] + constants == z).all()


def test_no_direction_at_all() -> None:
    """A layer of zeros has rank zero: one cell, one ray."""
    zeros = np.full((2, 3), Fraction(0), dtype=object)
    basis, mixed, constants = unit_coordinates(zeros, np.array([Fraction(1), Fraction(-1)], dtype=object))
    assert basis == []
    assert mixed.shape == (2, 0)
    assert constants.tolist() == [1, -1]
    assert orthants([]).rays == [(1,)]
