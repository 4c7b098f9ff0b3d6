"""Faces of zonotopes: counted, and the facets with their normals."""

from __future__ import annotations

import math
from fractions import Fraction

import naive_zonotopes as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc
from relucomb.zonotopes.faces import polygon
from zonotopes.test_zonotope import generators


@settings(max_examples=50)
@given(generators(most=4, dimensions=4))
def test_faces_are_counted_as_by_all_covectors(B: list[list[int]]) -> None:
    """Each of the 3^m sign vectors is tried; the counts satisfy Euler's relation."""
    Z = rc.Zonotope(B)
    counts = [Z.count_faces(k) for k in range(Z.dimension + 1)]
    assert counts == naive.face_counts(B)
    assert sum((-1) ** k * count for k, count in enumerate(counts)) == 1
    assert counts[0] == Z.count_vertices()
    assert len(Z.facets()) == (counts[-2] if len(counts) > 1 else 0)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_cube(n: int) -> None:
    """The cube has 2^(n-k) C(n, k) faces of dimension k."""
    Z = rc.Zonotope(np.eye(n, dtype=int))
    assert [Z.count_faces(k) for k in range(n + 1)] == [2 ** (n - k) * math.comb(n, k) for k in range(n + 1)]
    normals = {facet.normal for facet in Z.facets()}
    assert normals == {tuple(Fraction(e) for e in s * row) for row in np.eye(n, dtype=int) for s in (1, -1)}


def test_generic() -> None:
    """In general position every n - 1 generators span the facets of a pair of parallel ones."""
    Z = rc.Zonotope.moment_curve(4, 9)
    assert Z.count_faces(3) == 2 * math.comb(9, 3)
    assert sum((-1) ** k * Z.count_faces(k) for k in range(5)) == 1


@given(generators(most=5, dimensions=3), st.booleans())
def test_facets_describe_the_zonotope(B: list[list[int]], floats: bool) -> None:
    """Every vertex satisfies all inequalities, and each facet has as many vertices as its zonotope."""
    Z = rc.Zonotope(np.array(B) * 0.1 if floats else B)
    vertices = Z.exact().vertices()
    facets = Z.facets()
    for facet, opposite in zip(facets[::2], facets[1::2], strict=True):
        assert opposite.normal == tuple(-entry for entry in facet.normal)
        assert facet.offset == opposite.offset == Z.exact().support(facet.normal) > 0
    for facet in facets:
        values = vertices @ np.array(facet.normal, dtype=object)
        assert values.max() == facet.offset
        own = rc.Zonotope(Z.exact().generators[list(facet.generators)]) if facet.generators else None
        assert (values == facet.offset).sum() == (1 if own is None else own.count_vertices())
        assert Z.dimension == 1 + (0 if own is None else own.dimension)
        assert all(entry.denominator == 1 for entry in facet.normal)
        assert math.gcd(*(int(entry) for entry in facet.normal)) == 1


@given(generators(most=6, dimensions=2, size=3))
def test_polygon_goes_round(B: list[list[int]]) -> None:
    """The vertices of a zonogon, each once, and every corner a turn to the left."""
    Z = rc.Zonotope(B).merged()
    if Z.dimension < 2:
        return
    rows = Z.generators.astype(np.int64)
    corners = polygon(rows, rows)
    assert sorted(corners.tolist()) == sorted(Z.vertices().tolist())
    steps = np.roll(corners, -1, axis=0) - corners
    turns = steps[:, 0] * np.roll(steps, -1, axis=0)[:, 1] - steps[:, 1] * np.roll(steps, -1, axis=0)[:, 0]
    assert (turns > 0).all()


@pytest.mark.parametrize("dimension", [-1, 3, 1.5, None])
def test_dimension_out_of_range(dimension: object) -> None:
    """The legal range is told."""
    with pytest.raises(ValueError, match="dimension must be a whole number from 0 to 2"):
        rc.Zonotope([[1, 0], [0, 1]]).count_faces(dimension)  # type: ignore[arg-type]
