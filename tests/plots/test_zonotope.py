"""Pictures of zonotopes: what is drawn where, and what is refused."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

import relucomb as rc
from relucomb.plots import plot_zonotope, render_zonotope
from relucomb.zonotopes.faces import outlines

mpl.use("agg")


@pytest.fixture(autouse=True)
def _close_figures() -> object:
    """Leave no figure open."""
    from matplotlib import pyplot

    yield
    pyplot.close("all")


def test_polygon() -> None:
    """The outline passes through all vertices in turn, and each generator that is not zero has an arrow."""
    Z = rc.Zonotope([[0.25, 0.5], [-0.5, 0], [0, 0], [0, -0.25], [-0.25, -0.25]])
    ax = plot_zonotope(Z, names=["cost", "$"])
    outline = ax.lines[0].get_xydata()
    assert outline[0].tolist() == outline[-1].tolist()
    assert sorted(outline[:-1].tolist()) == sorted(Z.vertices().tolist())
    arrows = [text.xy for text in ax.texts if text.arrow_patch is not None]
    assert sorted(arrows) == sorted(tuple(b) for b in Z.generators.tolist() if any(b))
    assert ax.get_xlabel() == "cost"
    assert ax.get_ylabel() == r"\$"
    assert ax.get_title() == "5 generators, 8 vertices"


@pytest.mark.parametrize(
    "B",
    [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 1, 1]],
        np.random.default_rng(1).normal(size=(9, 3)),
        np.random.default_rng(2).integers(-1, 2, size=(12, 3)),
        [[1e-3, 0, 0], [0, 1e3, 0], [0, 0, 1], [1e-3, 1e3, 1]],
        [[1, 0, 1], [0, 1, 1], [1, 1, 2]],
        [[0, 0, 1], [0, 1, 1], [0, 1, 2]],
    ],
)
def test_polyhedron(B: Any) -> None:
    """The faces are the facets; their corners are the vertices; together they have no hole."""
    Z = rc.Zonotope(B)
    ax: Any = plot_zonotope(Z)
    faces = [corners for corners, _ in outlines(Z)]
    assert len(ax.collections[0].get_facecolor()) == len(faces)
    vertices = Z.vertices().astype(float)
    scale = np.abs(vertices).max(axis=0) + (np.abs(vertices).max(axis=0) == 0)

    def number(point: np.ndarray) -> int:
        distance = np.abs((vertices - point) / scale).max(axis=1)
        assert distance.min() < 1e-9
        return int(distance.argmin())

    rounds = [[number(point) for point in np.unique(face, axis=0)] for face in faces]
    assert set().union(*rounds) == set(range(len(vertices)))
    if Z.dimension == 3:
        assert len(faces) == Z.count_faces(2) == len(Z.facets())
        ends = [[number(point) for point in face] for face in faces]
        edges = [frozenset(pair) for face in ends for pair in zip(face, [*face[1:], face[0]], strict=True)]
        assert all(edges.count(edge) == 2 for edge in set(edges))
        assert len(set(edges)) == Z.count_faces(1)


@pytest.mark.parametrize(
    "B", [[[0, 0]], [[1, 2], [-1, -2]], [[0, 0, 0]], [[1, 2, 3]], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]
)
def test_flat_ones_are_drawn(B: Any) -> None:
    """A point, a segment, a polygon in space."""
    assert render_zonotope(rc.Zonotope(B), "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("image_format", ["png", "svg", "pdf"])
def test_equal_pictures_give_equal_bytes(image_format: str) -> None:
    """Nothing in the file depends on the time of day."""
    Z = rc.Zonotope.moment_curve(3, 5)
    assert render_zonotope(Z, image_format) == render_zonotope(Z, image_format, title="5 generators, 22 vertices")


def test_refusals() -> None:
    """Other dimensions, too many faces, names that do not fit."""
    with pytest.raises(ValueError, match=r"must lie in R\^2 or R\^3 to be drawn; it lies in R\^4"):
        plot_zonotope(rc.Zonotope.moment_curve(4, 4))
    with pytest.raises(ValueError, match="may have 39800 faces; at most 20000 are drawn"):
        render_zonotope(rc.Zonotope.moment_curve(3, 200), "png")
    with pytest.raises(ValueError, match="names must name the 2 coordinates; got 1"):
        plot_zonotope(rc.Zonotope([[1, 0]]), names=["x"])
