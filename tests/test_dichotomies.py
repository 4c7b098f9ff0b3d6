"""Tests of relucomb.dichotomies and of the engine relucomb_solvers.dichotomies."""

from __future__ import annotations

import itertools
import time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import naive_dichotomies as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc
from relucomb.dichotomies import packed_dichotomies
from relucomb_solvers import dichotomies as engine

if TYPE_CHECKING:
    from collections.abc import Iterable


def listed(X: Any, hidden_bias: bool = True) -> list[tuple[bool, ...]]:
    """List the dichotomies as tuples."""
    return [tuple(active.tolist()) for active in rc.dichotomies(X, hidden_bias=hidden_bias)]


def same_as(expected: set[tuple[bool, ...]], X: Any, hidden_bias: bool = True) -> None:
    """Check list and count against a set."""
    found = listed(X, hidden_bias)
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert rc.count_dichotomies(X, hidden_bias=hidden_bias) == len(expected)


@st.composite
def points(draw: st.DrawFn, most: int = 6, dimensions: int = 4, size: int = 2) -> list[list[int]]:
    """Draw points on a small grid, where duplicates, collinear and coplanar points abound."""
    n = draw(st.integers(1, dimensions))
    point = st.lists(st.integers(-size, size), min_size=n, max_size=n)
    return draw(st.lists(point, min_size=1, max_size=most))


def gaussian(D: int, n: int, seed: int = 0) -> np.ndarray:
    """Draw points in general position."""
    return np.random.default_rng(seed).normal(size=(D, n))


def grid(side: int, n: int) -> list[tuple[int, ...]]:
    """Return all points of a grid."""
    return list(itertools.product(range(side), repeat=n))


# --- known numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("X", "number"),
    [
        (gaussian(8, 2), 58),
        (gaussian(10, 2), 92),
        (gaussian(20, 2), 382),
        (gaussian(25, 5), 110_910),
        (gaussian(200, 1), 400),
        (grid(3, 2), 58),
        # threshold functions of n variables, OEIS A000609
        (grid(2, 1), 4),
        (grid(2, 2), 14),
        (grid(2, 3), 104),
        (grid(2, 4), 1882),
        (grid(2, 5), 94_572),
    ],
)
def test_known_numbers(X: Any, number: int) -> None:
    """Cover's numbers, the vertices of cubes and the 3x3 grid, both counted and listed."""
    assert rc.count_dichotomies(X) == number
    found = np.array(list(rc.dichotomies(X)))
    assert len(found) == len(np.unique(np.packbits(found, axis=1), axis=0)) == number


def test_threshold_functions_of_six_variables() -> None:
    """There are 15,028,134 of them (OEIS A000609)."""
    assert rc.count_dichotomies(grid(2, 6)) == 15_028_134


@pytest.mark.parametrize(("D", "n"), [(1, 1), (2, 1), (30, 1), (70, 2), (40, 3), (25, 4), (18, 6), (12, 11), (9, 14)])
@pytest.mark.parametrize("hidden_bias", [True, False])
def test_general_position_gives_covers_number(D: int, n: int, hidden_bias: bool) -> None:
    """Counted and listed, with more than one word of bits, with more dimensions than points, with one point."""
    X = gaussian(D, n, seed=D)
    expected = naive.cover(D, n + hidden_bias)
    assert rc.count_dichotomies(X, hidden_bias=hidden_bias) == expected
    assert len(set(listed(X, hidden_bias))) == expected


# --- the oracles ------------------------------------------------------------------------------------------------------


@given(points(), st.booleans())
def test_all_sign_vectors_that_have_a_solution(X: list[list[int]], hidden_bias: bool) -> None:
    """Each of the 2^D sign vectors is tried by Fourier-Motzkin elimination."""
    same_as(naive.dichotomies_by_elimination(X, hidden_bias), X, hidden_bias)


@settings(max_examples=200)
@given(points(most=9, dimensions=5), st.booleans())
def test_all_sign_vectors_that_avoid_the_circuits(X: list[list[int]], hidden_bias: bool) -> None:
    """Gordan's theorem reaches more points in more dimensions."""
    same_as(naive.dichotomies_by_circuits(X, hidden_bias), X, hidden_bias)


@given(points(most=7, dimensions=3), st.booleans())
def test_the_oracles_agree(X: list[list[int]], hidden_bias: bool) -> None:
    """Two literal methods that share nothing give one answer."""
    assert naive.dichotomies_by_circuits(X, hidden_bias) == naive.dichotomies_by_elimination(X, hidden_bias)


tenths = st.integers(-3, 3).map(lambda k: k * 0.1)
mixed = st.tuples(st.integers(-2, 2), st.integers(-12, 12)).map(lambda pair: pair[0] * 10.0 ** pair[1])
extreme = st.sampled_from([0.0, 1.0, -1.0, 1e300, -1e300, 1e-300, 5e-324, 1 + 2**-52])
nearly = st.tuples(st.integers(0, 2), st.integers(-1, 1)).map(lambda pair: pair[0] / 3 + pair[1] * 2.0**-53)
thirds = st.fractions(-2, 2, max_denominator=3)


@settings(max_examples=150)
@given(st.data(), st.sampled_from([tenths, mixed, extreme, nearly, thirds]), st.integers(1, 3), st.booleans())
def test_numbers_on_which_floats_lie(data: st.DataObject, entries: Any, n: int, hidden_bias: bool) -> None:
    """Nearly collinear, nearly equal, huge and tiny floats are the rationals they are; fractions too."""
    X = data.draw(st.lists(st.lists(entries, min_size=n, max_size=n), min_size=1, max_size=7))
    same_as(naive.dichotomies_by_circuits(X, hidden_bias), X, hidden_bias)


def test_three_points_that_only_look_collinear() -> None:
    """0.1 + 0.2 is not 0.3: as floats the middle point is off the line, as fractions it is on it."""
    X = [[0.0, 0.0], [0.1 + 0.2, 0.3], [1.0, 1.0]]
    assert rc.count_dichotomies(X) == len(listed(X)) == 8
    exact = [[Fraction(0), Fraction(0)], [Fraction(3, 10), Fraction(3, 10)], [Fraction(1), Fraction(1)]]
    assert rc.count_dichotomies(exact) == len(listed(exact)) == 6


# --- degenerate inputs ------------------------------------------------------------------------------------------------


def _lines_of_points() -> list[list[float]]:
    rng = np.random.default_rng(5)
    return [[float(x), float(y)] for x in range(6) for y in rng.integers(0, 9, size=6)]


@pytest.mark.parametrize(
    ("X", "hidden_bias"),
    [
        (grid(6, 2), True),
        (grid(9, 2), False),
        (grid(3, 3), True),
        (np.array(grid(7, 2)) * 0.1, True),
        (np.array(grid(3, 3)) * 0.1, True),
        (np.array(grid(2, 5)) - 0.5, False),
        (1e9 + np.array(grid(5, 2)) * 0.1, True),
        (_lines_of_points(), True),
        (np.repeat(gaussian(15, 2), 6, axis=0) + 1e-13 * gaussian(90, 2, seed=1), True),
        (np.concatenate([np.eye(4)[np.arange(24) % 4], gaussian(24, 1)], axis=1), True),
        (np.concatenate([gaussian(30, 3), -3 * gaussian(30, 3)]), False),
        (np.outer(gaussian(40, 1)[:, 0], [1.0, 2.0, -3.0]), True),
        (grid(4, 1) * 3, True),
        ([[2147483647, k, k * k] for k in range(20)], True),
    ],
    ids=lambda value: None if isinstance(value, bool) else "points",
)
def test_counting_and_listing_agree_on_degenerate_points(X: Any, hidden_bias: bool) -> None:
    """The two algorithms share only the reduction to distinct hyperplanes; random units are among the cells."""
    found = np.array(list(rc.dichotomies(X, hidden_bias=hidden_bias)))
    unique = {row.tobytes() for row in found}
    assert len(found) == len(unique) == rc.count_dichotomies(X, hidden_bias=hidden_bias)
    points = np.array(X, dtype=float)
    rng = np.random.default_rng(0)
    for _ in range(50):
        direction = rng.normal(size=points.shape[1])
        offsets = np.unique((points @ direction).round(6))
        bias = -rng.uniform(offsets[0] - 1, offsets[-1] + 1) if hidden_bias else 0.0
        values = points @ direction + bias
        if np.abs(values).min() > 1e-6 * np.abs(points).max():
            assert (values > 0).tobytes() in unique


def test_a_zero_vector_is_on_no_side() -> None:
    """The origin without bias is False in every dichotomy; with a bias it is a point like others."""
    X = [[0, 0], [1, 0], [0, 1]]
    assert sorted(listed(X, False)) == [(False, a, b) for a in (False, True) for b in (False, True)]
    assert rc.count_dichotomies(X) == 8
    assert listed([[0, 0], [0.0, 0]], False) == [(False, False)]
    assert rc.count_dichotomies([[0, 0]], hidden_bias=False) == 1


def test_multiples_without_bias() -> None:
    """Positive multiples are on the same side, negative ones opposite."""
    found = listed([[1, 2], [3, 6], [-2, -4], [1, 0]], False)
    assert len(found) == rc.count_dichotomies([[1, 2], [3, 6], [-2, -4], [1, 0]], hidden_bias=False) == 4
    assert all(a == b and a != c for a, b, c, _ in found)


@pytest.mark.parametrize("X", [[[7]], [[0]], [[3.5, 1, 2]], [[0, 0, 0, 0]]])
def test_one_point_is_active_or_not(X: Any) -> None:
    """D = 1 with a bias."""
    assert sorted(listed(X)) == [(False,), (True,)]
    assert rc.count_dichotomies(X) == 2


def test_many_dimensions_and_few_points() -> None:
    """Independent points realise every subset, points with one dependence all but two: astronomical counts."""
    assert rc.count_dichotomies(gaussian(100, 120)) == 2**100
    assert rc.count_dichotomies(gaussian(100, 98)) == 2**100 - 2
    X = np.zeros((45, 40))
    X[:40] = np.eye(40)
    X[40:, :3] = gaussian(5, 3)  # 37 coordinates matter to one point only
    assert rc.count_dichotomies(X, hidden_bias=False) == 2**37 * naive.cover(8, 3)
    assert len(set(listed(gaussian(11, 20)))) == 2**11


# --- invariances ------------------------------------------------------------------------------------------------------


@given(points(most=8), st.booleans(), st.randoms(use_true_random=False))
def test_order_of_points_does_not_matter(X: list[list[int]], hidden_bias: bool, random: Any) -> None:
    """Permuting points permutes the entries of each dichotomy."""
    order = random.sample(range(len(X)), len(X))
    permuted = set(listed([X[j] for j in order], hidden_bias))
    assert permuted == {tuple(active[j] for j in order) for active in listed(X, hidden_bias)}


@given(points(most=8), st.integers(1, 5), st.integers(-3, 3), st.integers(-3, 3))
def test_affine_maps_do_not_matter(X: list[list[int]], scale: int, shear: int, shift: int) -> None:
    """With a bias, an invertible affine map of the points changes nothing; nor does reflection."""
    moved = [[-scale * x[0] + shift, *(entry + shear * x[0] for entry in x[1:])] for x in X]
    assert set(listed(moved)) == set(listed(X))


@given(points(most=8))
def test_the_opposite_of_a_dichotomy_follows_it(X: list[list[int]]) -> None:
    """Dichotomies come in pairs; points that are zero without bias stay False."""
    found = np.array(listed(X))
    assert (found[::2] != found[1::2]).all()
    zero = ~np.array(X, dtype=bool).any(axis=1)
    found = np.array(listed(X, False))
    assert not found[:, zero].any()
    if not zero.all():
        assert (found[::2, ~zero] != found[1::2, ~zero]).all()


@given(points(most=6), st.booleans())
def test_constant_columns_and_duplicates_do_not_matter(X: list[list[int]], hidden_bias: bool) -> None:
    """A repeated point is on the side of its twin; a repeated or (with bias) constant column adds no freedom."""
    found = listed(X, hidden_bias)
    twice = set(listed(X + X, hidden_bias))
    assert twice == {active + active for active in found}
    wider = [[*x, x[0], *([5] if hidden_bias else [])] for x in X]
    assert set(listed(wider, hidden_bias)) == set(found)


@pytest.mark.parametrize("scale", [1e-12, 1e12, 1e-300, 1e300, 2.0**-1000])
def test_scale_does_not_matter(scale: float) -> None:
    """Scaling by a power of two is exact; other factors round, but points in general position stay there."""
    X = gaussian(12, 2)
    assert rc.count_dichotomies(X * scale) == len(listed(X * scale)) == naive.cover(12, 3)
    assert rc.count_dichotomies(np.array(grid(4, 2)) * 2.0**-300) == rc.count_dichotomies(grid(4, 2))


# --- streaming and types ----------------------------------------------------------------------------------------------


def test_first_dichotomies_come_at_once() -> None:
    """There are about 10^13 of them; nobody waits for the last."""
    X = gaussian(2000, 4)
    next(iter(rc.dichotomies(X[:9])))  # compiled
    start = time.perf_counter()
    first = list(itertools.islice(rc.dichotomies(X), 5000))
    assert time.perf_counter() - start < 20
    assert len({active.tobytes() for active in first}) == 5000


def test_same_order_in_every_run() -> None:
    """The order does not depend on chance."""
    X = gaussian(15, 3)
    assert listed(X) == listed(X) == listed(X.copy())


def test_each_array_is_one_s_own() -> None:
    """Writing into what was yielded harms nobody."""
    X = grid(3, 2)
    expected = listed(X)
    found = []
    for active in rc.dichotomies(X):
        assert active.dtype == np.bool_
        assert active.shape == (9,)
        found.append(tuple(active.tolist()))
        active[:] = True
    assert found == expected


@pytest.mark.parametrize("D", [1, 63, 64, 65, 130])
def test_packed_blocks_hold_the_same_bits(D: int) -> None:
    """Bit j of the words is point j; what lies beyond D is 0."""
    X = gaussian(D, 1)
    X[D // 2] = X[0]
    blocks = np.concatenate(list(packed_dichotomies(X)))
    assert blocks.dtype == np.uint64
    assert blocks.shape[1] == (D + 63) // 64
    bits = np.unpackbits(blocks.view(np.uint8), axis=1, bitorder="little").astype(bool)
    assert [tuple(row) for row in bits[:, :D].tolist()] == listed(X)
    assert not bits[:, D:].any()


@pytest.mark.parametrize(
    "X",
    [
        np.array([[1, 2], [3, 4], [0, 0]], dtype=np.int8),
        np.array([[1, 2], [3, 4], [0, 0]], dtype=np.uint64),
        np.array([[1, 2], [3, 4], [0, 0]], dtype=np.float32),
        np.array([[1, 2], [3, 4], [0, 0]], dtype=np.longdouble),
        [[Fraction(1), 2.0], [3, np.int64(4)], [0, 0]],
        ((True, 2), (3, 4), (False, False)),
    ],
)
def test_all_real_types_are_read(X: Any) -> None:
    """Arrays of every real dtype and nested sequences of mixed numbers are legal."""
    assert rc.count_dichotomies(X) == len(listed(X)) == 8


def test_integers_beyond_64_bits_are_exact() -> None:
    """Three points on a line stay on it, however far out."""
    huge = 3**80
    X = [[huge, 2 * huge], [2 * huge, 4 * huge], [3 * huge, 6 * huge], [0, 1]]
    assert rc.count_dichotomies(X) == len(listed(X)) == 12
    X[1][1] += 1
    assert rc.count_dichotomies(X) == len(listed(X)) == 14


@pytest.mark.kernels
def test_engine_on_vectors() -> None:
    """Zero, parallel and opposite vectors are dealt with around the cells."""
    vectors = [[1, 0, 2], [0, 0, 0], [0, 1, 1], [-2, 0, -4], [1, 1, 0], [0, 2, 2], [1, 1, 3]]
    rows = [[Fraction(entry) for entry in row] for row in vectors]
    expected = naive.dichotomies_by_elimination(rows, False)
    blocks: Iterable[np.ndarray] = engine.packed_blocks(vectors, block_bytes=64)
    found = [tuple(row) for block in blocks for row in engine.unpack(block, 7).tolist()]
    assert len(found) == len(expected) == engine.count(vectors)
    assert set(found) == expected


# --- wrong input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [rc.dichotomies, rc.count_dichotomies, packed_dichotomies])
@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([[0.0, 1.0], [float("nan"), 2.0]], ValueError, r"X: .*row 1, column 0.* is nan; every entry must be finite"),
        ([[0.0, float("inf")]], ValueError, "X: .*row 0, column 1.* must be finite"),
        (np.array([[np.inf]]), ValueError, "X: .*row 0, column 0.* must be finite"),
        ([1, 2, 3], ValueError, r"X must have 2 dimensions; got shape \(3,\)"),
        (np.zeros((2, 2, 2)), ValueError, r"X must have 2 dimensions; got shape \(2, 2, 2\)"),
        (np.zeros((0, 2)), ValueError, r"X must have at least one row and one column; got shape \(0, 2\)"),
        (np.zeros((3, 0)), ValueError, r"X must have at least one row and one column; got shape \(3, 0\)"),
        ([[1, 2], [3]], ValueError, "X must be a rectangular array"),
        ([["a", "b"]], TypeError, "X: .*row 0, column 0.* legal are real numbers"),
        ([[1j]], TypeError, "X: .* legal are real numbers"),
        ([[None]], TypeError, "X: .* legal are real numbers"),
    ],
)
def test_wrong_points_are_named_at_once(function: Any, X: Any, error: type[Exception], message: str) -> None:
    """The error comes from the call, not from the first step of the iterator."""
    with pytest.raises(error, match=message):
        function(X)


@pytest.mark.parametrize("function", [rc.dichotomies, rc.count_dichotomies])
def test_hidden_bias_is_a_bool(function: Any) -> None:
    """A number passed by mistake is not taken for a truth value."""
    with pytest.raises(TypeError, match="hidden_bias must be True or False; got 3"):
        function([[1.0]], hidden_bias=3)
