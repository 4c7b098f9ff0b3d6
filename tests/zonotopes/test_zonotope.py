"""Tests of Zonotope: against literal oracles, against known numbers, under changes that change nothing."""

from __future__ import annotations

import itertools
import math
import pickle
import time
from fractions import Fraction
from typing import Any

import naive_zonotopes as naive
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import relucomb as rc


@st.composite
def generators(draw: st.DrawFn, most: int = 5, dimensions: int = 3, size: int = 2) -> list[list[int]]:
    """Draw generators on a small grid, where zero, parallel and dependent ones abound."""
    n = draw(st.integers(1, dimensions))
    row = st.lists(st.integers(-size, size), min_size=n, max_size=n)
    return draw(st.lists(row, min_size=1, max_size=most))


def points(array: Any) -> set[tuple[Fraction, ...]]:
    """Return the rows of an array as a set of exact points."""
    return {tuple(Fraction(entry) for entry in row) for row in array.tolist()}


def in_general_position(m: int, n: int, seed: int = 0) -> np.ndarray:
    """Draw floats."""
    return np.random.default_rng(seed).normal(size=(m, n))


def same_vertices(B: Any) -> None:
    """Compare vertices, sign vectors, count and blocks of generators with the oracle's."""
    Z = rc.Zonotope(B)
    expected = naive.vertices(B)
    found, signs = Z.vertices(signs=True)
    assert len(found) == len(signs) == Z.count_vertices() == len(expected) <= Z.max_vertices
    assert points(found) == points(Z.vertices()) == expected
    zero = [not any(row) for row in B]
    assert ((signs == 0) == zero).all()
    rows = naive.exact_rows(B)
    assert [tuple(v) for v in found.tolist()] == [naive.combination(rows, s) for s in signs.tolist()]
    blocks = list(Z.iter_vertices())
    assert np.array_equal(np.concatenate([v for v, _ in blocks]), found)
    assert np.array_equal(np.concatenate([s for _, s in blocks]), signs)


# --- the oracles ------------------------------------------------------------------------------------------------------


@given(generators())
def test_vertices_are_the_signed_sums_that_stick_out(B: list[list[int]]) -> None:
    """Each of the 2^m signed sums is tried against all others."""
    same_vertices(B)


@given(st.data(), st.integers(1, 3))
def test_vertices_of_fractions(data: st.DataObject, n: int) -> None:
    """Fractions stay fractions."""
    row = st.lists(st.fractions(-2, 2, max_denominator=4), min_size=n, max_size=n)
    B = data.draw(st.lists(row, min_size=1, max_size=4))
    B[0][0] += Fraction(1, 5)
    same_vertices(B)
    assert all(isinstance(entry, Fraction) for entry in rc.Zonotope(B).vertices().ravel().tolist())


extreme = st.sampled_from([0.0, 1.0, -1.0, 1e300, -1e300, 1e-300, 5e-324, 1 + 2**-52, 0.1, 0.2, 0.3])


@given(st.data(), st.integers(1, 3))
def test_vertices_of_floats_on_which_floats_lie(data: st.DataObject, n: int) -> None:
    """Signs are those of the rationals that the floats are, and coordinates are rounded once."""
    B = data.draw(st.lists(st.lists(extreme, min_size=n, max_size=n), min_size=1, max_size=4))
    exact = naive.vertices(B)
    found, signs = rc.Zonotope(B).vertices(signs=True)
    rows = naive.exact_rows(B)
    sums = [naive.combination(rows, s) for s in signs.tolist()]
    assert set(sums) == exact
    assert len(sums) == len(exact)
    assert found.dtype == np.float64
    assert found.tolist() == [[float(entry) for entry in x] for x in sums]


@given(generators(most=6), st.data())
def test_support_and_subgradient(B: list[list[int]], data: st.DataObject) -> None:
    """The support function is the largest product with a signed sum, and a subgradient attains it."""
    r = data.draw(st.lists(st.integers(-3, 3), min_size=len(B[0]), max_size=len(B[0])))
    Z = rc.Zonotope(B)
    value = naive.support(B, r)
    assert Z.support(r) == value
    assert isinstance(Z.support(r), int)
    assert Z.support([float(entry) for entry in r]) == float(value)
    assert Z.support([Fraction(entry, 3) for entry in r]) == value / 3
    vertex, middle = Z.subgradient(r), Z.subgradient(r, centre=True)
    assert naive.dot(r, vertex.tolist()) == naive.dot(r, middle.tolist()) == value
    face = [v for v in naive.vertices(B) if naive.dot(r, v) == value]
    assert tuple(vertex.tolist()) == max(face)
    assert middle.tolist() == [sum(entries, Fraction(0)) / len(face) for entries in zip(*face, strict=True)]


@given(generators(most=5, dimensions=4))
def test_volume(B: list[list[int]]) -> None:
    """The volume is the sum of all determinants, each computed literally."""
    Z = rc.Zonotope(B)
    assert Z.volume() == naive.volume(B)
    assert isinstance(Z.volume(), int)
    assert rc.Zonotope(np.array(B) * 0.5).volume() == float(naive.volume(B) / 2 ** len(B[0]))
    huge = rc.Zonotope([[entry * 10**30 for entry in row] for row in B])
    assert huge.volume() == naive.volume(B) * 10 ** (30 * len(B[0]))


@given(generators(most=7, dimensions=5))
def test_extremality(B: list[list[int]]) -> None:
    """General position is decided as by all subsets; the witness is dependent, minimal and small."""
    Z = rc.Zonotope(B)
    extremal = naive.is_extremal(B)
    assert Z.is_extremal() == extremal
    if len(B[0]) > 1:
        assert extremal == (Z.count_vertices() == naive_maximum(len(B), len(B[0])))
    witness = Z.dependent_generators()
    assert (witness is None) == extremal
    if witness is not None:
        rows = naive.exact_rows(B)
        assert list(witness) == sorted(set(witness))
        assert 1 <= len(witness) <= len(B[0])
        assert naive.rank_of([rows[i] for i in witness]) == len(witness) - 1
        for left_out in witness:
            rest = [rows[i] for i in witness if i != left_out]
            assert not rest or naive.rank_of(rest) == len(rest)


def naive_maximum(m: int, n: int) -> int:
    """Return the generic number of vertices."""
    return 2 * sum(math.comb(m - 1, i) for i in range(n))


@settings(max_examples=40)
@given(generators(most=5), st.data())
def test_what_changes_nothing(B: list[list[int]], data: st.DataObject) -> None:
    """Permutation, signs, merging and splitting leave the set alone, and its vertices and volume with it."""
    Z = rc.Zonotope(B)
    order = data.draw(st.permutations(range(len(B))))
    signs = data.draw(st.lists(st.sampled_from([-1, 1]), min_size=len(B), max_size=len(B)))
    other = [[signs[i] * entry for entry in B[i]] for i in order]
    split = [*other[1:], [0] * len(B[0]), *([Fraction(-entry, 3) for entry in other[0]] for _ in range(3))]
    for changed in (rc.Zonotope(other), rc.Zonotope(split), Z.merged()):
        assert changed == Z
        assert hash(changed) == hash(Z)
        assert points(changed.vertices()) == points(Z.vertices())
        assert changed.volume() == Z.volume()
        assert changed.dimension == Z.dimension == naive.rank_of(naive.exact_rows(B))
    assert Z.merged().is_extremal() or not Z.is_extremal()
    longer = Z + rc.Zonotope([[1] + [0] * (len(B[0]) - 1)])
    assert longer != Z


@given(generators(most=5, dimensions=3), st.data())
def test_linear_maps(B: list[list[int]], data: st.DataObject) -> None:
    """A unimodular map moves the vertices and keeps number and volume; any map moves the support function."""
    n = len(B[0])
    shear = np.eye(n, dtype=int)
    for _ in range(data.draw(st.integers(0, 3))):
        i, j = data.draw(st.permutations(range(n)))[:2] if n > 1 else (0, 0)
        if i != j:
            shear[i] += data.draw(st.integers(-2, 2)) * shear[j]
    Z = rc.Zonotope(B)
    image = Z.image(shear)
    assert points(image.vertices()) == points(Z.vertices() @ shear.T)
    assert image.volume() == Z.volume()
    k = data.draw(st.integers(1, 3))
    A = data.draw(st.lists(st.lists(st.integers(-1, 1), min_size=n, max_size=n), min_size=k, max_size=k))
    r = data.draw(st.lists(st.integers(-2, 2), min_size=k, max_size=k))
    assert Z.image(A).support(r) == Z.support((np.array(r) @ np.array(A)).tolist())


@given(generators(), generators(), st.fractions(-3, 3, max_denominator=3))
def test_sum_and_multiple(B: list[list[int]], C: list[list[int]], factor: Fraction) -> None:
    """Support functions add up and are multiplied."""
    assume(len(B[0]) == len(C[0]))
    Z, other = rc.Zonotope(B), rc.Zonotope(C)
    R = np.random.default_rng(0).integers(-5, 5, size=(6, len(B[0])))
    assert ((Z + other).support(R) == Z.support(R) + other.support(R)).all()
    assert ((factor * Z).support(R) == abs(factor) * Z.support(R)).all()
    assert Z + other == other + Z
    assert Z * factor == Z * -factor


@given(generators(most=6), st.data())
def test_network(B: list[list[int]], data: st.DataObject) -> None:
    """The network has 2m units and the values of the support function, exactly (Lemma 2.3.8)."""
    r = data.draw(st.lists(st.fractions(-3, 3, max_denominator=3), min_size=len(B[0]), max_size=len(B[0])))
    net = rc.Zonotope(B).network()
    assert net.widths == (len(B[0]), 2 * len(B), 1)
    assert net.is_exact
    assert net.evaluate_exact([r])[0] == naive.support(B, r)


def test_network_of_floats() -> None:
    """Floats stay floats."""
    Z = rc.Zonotope(in_general_position(4, 3))
    R = in_general_position(10, 3, seed=1)
    assert not Z.network().is_exact
    np.testing.assert_allclose(Z.network()(R), Z.support(R), rtol=1e-14)


# --- known numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "count"), [(1, 2), (2, 6), (3, 32), (4, 370), (5, 11_292), (6, 1_066_044)])
def test_resonance_arrangement(n: int, count: int) -> None:
    """The sum of all segments with 0-1 generators (OEIS A034997)."""
    Z = rc.Zonotope([row for row in itertools.product([0, 1], repeat=n) if any(row)])
    assert Z.count_vertices() == count
    if n <= 5:
        found = Z.vertices()
        assert len(found) == len(np.unique(found, axis=0)) == count


@pytest.mark.parametrize(("m", "n"), [(1, 1), (7, 1), (1, 4), (3, 5), (12, 2), (30, 3), (20, 4), (12, 6), (70, 3)])
def test_generic_numbers(m: int, n: int) -> None:
    """Generators in general position make 2 sum of C(m-1, i) vertices, twice what Theorem 2.3.7 prints."""
    for Z in (rc.Zonotope(in_general_position(m, n)), rc.Zonotope.moment_curve(n, m)):
        assert Z.count_vertices() == len(Z.vertices()) == Z.max_vertices == naive_maximum(m, n)
        assert Z.is_extremal()


def test_permutahedron() -> None:
    """The roots e_i - e_j span a hyperplane; their zonotope has n! vertices, and volume 0 in R^n."""
    roots = [[(k == i) - (k == j) for k in range(5)] for i, j in itertools.combinations(range(5), 2)]
    Z = rc.Zonotope(roots)
    assert (Z.dimension, Z.ambient_dimension, Z.count_vertices(), Z.volume()) == (4, 5, 120, 0)
    assert not Z.is_extremal()
    expected = {tuple(Fraction(2 * entry - 4) for entry in p) for p in itertools.permutations(range(5))}
    assert points(Z.vertices()) == expected


def test_cube() -> None:
    """The unit vectors make the cube [-1, 1]^n."""
    Z = rc.Zonotope(np.eye(10, dtype=int))
    assert Z.count_vertices() == 1024
    assert Z.volume() == 1024
    assert sorted(Z.vertices().tolist()) == [list(v) for v in itertools.product([-1, 1], repeat=10)]
    assert rc.Zonotope(np.eye(200)).count_vertices() == 2**200


@given(st.integers(1, 4), st.integers(1, 9), st.integers(0, 5))
def test_random_extremal(n: int, m: int, seed: int) -> None:
    """Random generators are extremal, and the same for the same seed."""
    Z = rc.Zonotope.random_extremal(n, m, seed)
    assert (len(Z), Z.ambient_dimension) == (m, n)
    assert naive.is_extremal(Z.generators)
    assert np.array_equal(Z.generators, rc.Zonotope.random_extremal(n, m, seed).generators)


# --- degenerate and extreme input -------------------------------------------------------------------------------------


def test_the_origin() -> None:
    """Generators that are all zero make the origin: one vertex, without signs."""
    for B in ([[0]], [[0.0, 0.0], [0.0, 0.0]]):
        Z = rc.Zonotope(B)
        vertices, signs = Z.vertices(signs=True)
        assert vertices.tolist() == [[0] * len(B[0])]
        assert signs.tolist() == [[0] * len(B)]
        assert (Z.dimension, Z.count_vertices(), Z.max_vertices, Z.volume()) == (0, 1, 1, 0)
        assert Z.support([1] * len(B[0])) == 0
        assert len(Z.merged()) == 1
        assert not Z.is_extremal()
        assert Z.dependent_generators() == (0,)


def test_a_segment() -> None:
    """In one dimension everything is parallel, and the volume is the length."""
    Z = rc.Zonotope([[2], [0], [-3]])
    vertices, signs = Z.vertices(signs=True)
    assert sorted(zip(vertices.tolist(), signs.tolist(), strict=True)) == [([-5], [-1, 0, 1]), ([5], [1, 0, -1])]
    assert Z.volume() == 10
    assert Z.merged().generators.tolist() == [[5]]


def test_integers_beyond_64_bits() -> None:
    """Coordinates that do not fit become Python integers; just below they do not."""
    assert rc.Zonotope([[2**61, 1], [1, 2**60]]).vertices().dtype == np.int64
    big = 2**62
    found = rc.Zonotope([[big, 0], [big, big + 1]]).vertices()
    assert found.dtype == object
    assert points(found) == {(2 * big * s, (big + 1) * s) for s in (1, -1)} | {(0, s * (big + 1)) for s in (1, -1)}
    long = [[3**200, -(7**150)], [5**100, 2**500 + 1], [1, 1]]
    same_vertices(long)


def test_floats_are_the_rationals_that_they_are() -> None:
    """(0.1, 0.3) and (0.2, 0.6) are parallel, (0.3, 0.9) and (0.1, 0.3) are not, though in decimals they are."""
    assert rc.Zonotope([[0.1, 0.3], [0.2, 0.6]]).count_vertices() == 2
    assert rc.Zonotope([[0.1, 0.3], [0.3, 0.9]]).count_vertices() == 4
    tenth = Fraction(1, 10)
    assert rc.Zonotope([[tenth, 3 * tenth], [3 * tenth, 9 * tenth]]).count_vertices() == 2


def test_merging_floats() -> None:
    """A sum of floats that is no float makes the merged zonotope exact instead of wrong."""
    assert rc.Zonotope([[0.5, 1.5], [-0.25, -0.75]]).merged().generators.tolist() == [[0.75, 2.25]]
    Z = rc.Zonotope([[1.0, 2.0], [2.0**-60, 2.0**-59]])
    assert Z.merged().is_exact
    assert Z.merged() == Z


def test_support_of_floats_at_the_ends_of_their_range() -> None:
    """Overflow on the way is avoided, beyond the range is refused, and signs survive underflow."""
    Z = rc.Zonotope([[1e200, -1e200], [1.0, 1.0]])
    assert Z.support([1e150, 1e150]) == 2e150
    with pytest.raises(ValueError, match="must be finite as a float"):
        Z.support([1e150, -1e150])
    tiny = rc.Zonotope([[1e-200, 1e-200], [-1e-200, 2e-200]])
    assert tiny.subgradient([1e-200, 0.0]).tolist() == [2e-200, -1e-200]
    assert rc.Zonotope([[0.1, 0.2, 0.3]]).subgradient([1.0, 1.0, -1.0]).tolist() == [0.1, 0.2, 0.3]


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_support_of_many_directions(n: int) -> None:
    """The compiled sums agree with the plain ones."""
    Z = rc.Zonotope(in_general_position(300, n))
    R = in_general_position(8000, n, seed=1)
    np.testing.assert_allclose(Z.support(R), np.abs(R @ Z.generators.T).sum(axis=1), rtol=1e-13)
    assert Z.support(np.empty((0, n))).shape == (0,)
    assert Z.subgradient(np.empty((0, n))).shape == (0, n)


def test_subgradients_of_floats_are_vertices() -> None:
    """In general position each direction sees a vertex, as it is listed, bit by bit."""
    Z = rc.Zonotope(in_general_position(9, 3))
    seen = {tuple(x) for x in Z.subgradient(in_general_position(3000, 3, seed=2)).tolist()}
    listed = {tuple(x) for x in Z.vertices().tolist()}
    assert seen <= listed
    assert len(seen) > len(listed) // 2


# --- speed and memory -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("m", "n", "seconds"), [(20, 4, 0.1), (60, 3, 0.5), (40, 4, 5.0), (24, 5, 10.0)])
def test_speed(m: int, n: int, seconds: float) -> None:
    """Counted and listed with signs within the times asked for."""
    Z = rc.Zonotope(np.random.default_rng(m).integers(-999, 999, size=(m, n)))
    Z.vertices()  # compiles
    Z = rc.Zonotope(Z.generators)
    start = time.process_time()
    found, signs = Z.vertices(signs=True)
    assert time.process_time() - start < seconds
    assert len(found) == len(signs) == Z.count_vertices() == Z.max_vertices
    assert np.array_equal(signs.astype(np.int64) @ Z.generators.astype(np.int64), found)


def test_many_vertices_are_listed_in_blocks() -> None:
    """Blocks come at once, however many vertices there are."""
    Z = rc.Zonotope(in_general_position(400, 6))
    assert Z.max_vertices > 10**11
    vertices, signs = next(Z.iter_vertices())
    assert vertices.shape == (len(signs), 6)
    np.testing.assert_allclose(signs @ Z.generators, vertices, atol=1e-9)


def test_too_many_vertices_for_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are refused as soon as too many are counted, not when the memory is full; a loose bound refuses nothing."""
    with pytest.raises(MemoryError, match=r"vertices do not fit in memory; iter_vertices\(\) stores none"):
        rc.Zonotope(np.eye(200)).vertices()
    monkeypatch.setattr("relucomb.zonotopes.zonotope.physical_memory", lambda: 4000)
    Z = rc.Zonotope([row for row in itertools.product([0, 1], repeat=4) if any(row)])
    with pytest.raises(MemoryError, match="at least"):
        Z.vertices(signs=True)
    grid = rc.Zonotope([[x, y, 0] for x in range(3) for y in range(1, 3)] + [[0, 0, 1]])
    assert grid.max_vertices * 24 > 500
    monkeypatch.setattr("relucomb.zonotopes.zonotope.physical_memory", lambda: 500)
    assert len(grid.vertices()) == 16


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("B", "error", "message"),
    [
        ([], ValueError, "generators must have one row per generator, at least one"),
        ([[]], ValueError, "at least one column"),
        ([1, 2], ValueError, "generators must have 2 dimensions"),
        ([[1, 2], [3]], ValueError, "different lengths"),
        ([[1, float("nan")]], ValueError, "row 0, column 1"),
        ([[1], [float("inf")]], ValueError, "must be finite"),
        ([["a", 1]], TypeError, "legal are real numbers"),
        ([[1j]], TypeError, "legal are real numbers"),
        (None, ValueError, "generators must have 2 dimensions"),
    ],
)
def test_bad_generators(B: Any, error: type[Exception], message: str) -> None:
    """Each refusal names the argument and what is legal."""
    with pytest.raises(error, match=message):
        rc.Zonotope(B)


def test_bad_arguments() -> None:
    """Directions, matrices and numbers that do not fit."""
    Z = rc.Zonotope([[1, 0], [0, 1]])
    with pytest.raises(ValueError, match=r"r must have shape \(2,\) or \(N, 2\)"):
        Z.support([1, 2, 3])
    with pytest.raises(ValueError, match="must be finite"):
        Z.support([1.0, float("nan")])
    with pytest.raises(ValueError, match=r"r must have shape"):
        Z.subgradient(1)
    with pytest.raises(ValueError, match=r"matrix must have shape \(k, 2\)"):
        Z.image([[1, 2, 3]])
    with pytest.raises(ValueError, match="must lie in one space"):
        _ = Z + rc.Zonotope([[1]])
    with pytest.raises(TypeError):
        _ = Z + 1
    with pytest.raises(TypeError):
        _ = Z * "a"
    with pytest.raises(ValueError, match="n must be a whole number from 1 on; got 0"):
        rc.Zonotope.moment_curve(0, 3)
    with pytest.raises(TypeError, match="m must be a whole number"):
        rc.Zonotope.random_extremal(2, 2.5)  # type: ignore[arg-type]
    assert Z != 3


def test_multiples_of_floats() -> None:
    """Integers and floats leave floats floats, a fraction makes them exact."""
    Z = rc.Zonotope([[0.5, 1.0]])
    assert not (2 * Z).is_exact
    assert not (Z * 0.5).is_exact
    assert (Z * Fraction(1, 3)).generators.tolist() == [[Fraction(1, 6), Fraction(1, 3)]]
    assert (rc.Zonotope([[1, 2]]) * 0.5).generators.tolist() == [[Fraction(1, 2), 1]]
    assert not (Z + Z).is_exact
    assert (Z + rc.Zonotope([[1, 2]])).is_exact


def test_it_is_a_value() -> None:
    """Generators cannot be changed, a copy by pickle is equal, and the representation says what it is."""
    Z = rc.Zonotope([[0.5, 1.0]])
    with pytest.raises(ValueError, match="read-only"):
        Z.generators[0, 0] = 3.0
    assert pickle.loads(pickle.dumps(Z)) == Z
    assert Z.exact() == Z
    assert repr(Z) == "<Zonotope of 1 generator in R^2, float64>"
    assert repr(rc.Zonotope([[1], [2]])) == "<Zonotope of 2 generators in R^1, exact>"
