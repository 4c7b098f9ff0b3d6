"""Figures 2.1 and 2.2: a composition of two sawtooth functions, and functions of the zonotope family as surfaces."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.plots.pieces import outline
from relucomb.plots.rendering import render
from relucomb.plots.sawtooth import plot_overlay

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from relucomb.families import ZonotopeFunction

    Points = NDArray[np.float64]

__all__ = ["draw_figure_2_1", "draw_figure_2_2", "render_figure_2_1", "render_figure_2_2"]

_H1, _H2, _BOTH = "#D55E00", "#009E73", "#0072B2"
_LIGHT = np.array([0.6, 0.8])  # slopes that rise in this direction are bright
_BANDS = 14  # into which faces are cut to be coloured by height
_HALF = Fraction(1, 2)
_QUARTER = Fraction(1, 4)
GENERATORS = ((_QUARTER, _HALF), (-_HALF, Fraction(0)), (Fraction(0), -_QUARTER), (-_QUARTER, -_QUARTER))
"""The generators ``c_1, …, c_4`` of Figure 2.2."""


def draw_figure_2_1(figure: Figure) -> None:
    """Draw two functions h and their composition, one below the other, with the pieces counted.

    Top: three pieces on [0, 1]; middle: two; bottom: their composition, with the top function dotted. For every piece
    of the dotted graph, there is a full copy of the graph in the middle.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        An empty figure.
    """
    from relucomb.families import Sawtooth

    first: Any = [Fraction(1, 4), Fraction(5, 8)]
    second: Any = [Fraction(2, 5)]
    shown: list[tuple[Any, str, str]] = [
        ([first], r"$h_{\mathbf{a}^1}$", _H1),
        ([second], r"$h_{\mathbf{a}^2}$", _H2),
        ([first, second], r"$H_{\mathbf{a}^1,\mathbf{a}^2} = h_{\mathbf{a}^2} \circ h_{\mathbf{a}^1}$", _BOTH),
    ]
    panels = figure.subplots(3, 1, sharex=True)
    for ax, (vectors, name, colour) in zip(panels, shown, strict=True):
        f = Sawtooth(vectors).piecewise_linear()
        functions = [f, Sawtooth([first]).piecewise_linear()] if len(vectors) > 1 else [f]
        plot_overlay(functions, (0, 1), ax)
        ax.lines[0].set(color=colour, linestyle="-")
        for dotted in ax.lines[1:]:
            dotted.set(color=_H1, linestyle=(0, (1, 1.5)), linewidth=1.8, marker="", zorder=1)
        if ax.get_legend() is not None:
            ax.get_legend().remove()
        ax.set_title(f"{name}: {f.count_pieces((0, 1))} pieces on [0, 1]")
        ax.set_yticks([0, 0.5, 1])
        ax.set_xlabel("")
    panels[-1].set_xlabel("x")


def draw_figure_2_2(figure: Figure) -> None:
    """Draw three functions of the zonotope family as surfaces, the part above zero, with the pieces counted.

    Left: the sawtooth of two layers of the l1-norm. Middle: the same of four generators. Right: three layers.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        An empty figure.
    """
    from relucomb.families import ZonotopeFunction

    cross: Any = [[0, 1], [1, 0]]
    generators: Any = [list(row) for row in GENERATORS]
    folds: Any = [[_HALF]]
    shown = [
        (ZonotopeFunction(folds * 2, cross), "k = 2, generators of the l1-norm"),
        (ZonotopeFunction(folds * 2, generators), "k = 2, four generators"),
        (ZonotopeFunction(folds * 3, generators), "k = 3, the same generators"),
    ]
    for place, (f, name) in enumerate(shown, start=1):
        _draw_surface(figure.add_subplot(1, 3, place, projection="3d"), f, name)


def render_figure_2_1(image_format: str) -> bytes:
    """Return :func:`draw_figure_2_1` as the bytes of a file."""
    return render(draw_figure_2_1, image_format, (7.5, 8.0))


def render_figure_2_2(image_format: str) -> bytes:
    """Return :func:`draw_figure_2_2` as the bytes of a file."""
    return render(draw_figure_2_2, image_format, (15.0, 5.6))


def _draw_surface(ax: Any, f: ZonotopeFunction, name: str) -> None:
    """Draw the exact pieces of the function where it is positive, coloured by height and lit by slope."""
    from matplotlib import colormaps
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection  # type: ignore[import-untyped]

    import relucomb

    reach = _reach(f)
    box: Any = [(-reach, reach)] * 2
    net = f.network()
    bands: list[Points] = []
    colours = []
    positive = 0
    for piece in relucomb.pieces(net, "affine", box):
        if not (piece.matrix.any() or piece.vector.any()):
            continue  # zero outside of the zonotope
        positive += 1
        slope = piece.matrix[0].astype(np.float64)
        light = 0.8 + 0.2 * float(slope @ _LIGHT) / (float(np.linalg.norm(slope)) or 1.0)
        for cell in piece.cells:
            corners = np.array(outline(cell.vertices), dtype=np.float64)
            for height, band in _bands(np.column_stack([corners, net(corners)])):
                bands.append(band)
                colours.append([*(light * np.array(colormaps["viridis"](0.1 + 0.85 * height)[:3])), 1.0])
    # edges in the colour of the face, or hairlines of background would show between bands
    ax.add_collection3d(Poly3DCollection(bands, facecolors=colours, edgecolors=colours, linewidths=0.4))
    side = float(reach)
    ticks = [-1, 0, 1]
    ax.set(xlim=(-side, side), ylim=(-side, side), zlim=(0, 1), xticks=ticks, yticks=ticks, zticks=[0, 0.5, 1])
    ax.set(xlabel="x1", ylabel="x2")
    ax.set_box_aspect((1, 1, 0.5), zoom=0.86)
    ax.view_init(elev=50, azim=-62)
    ax.set_title(f"{name}:\n{positive} pieces above zero", y=1.0)


def _bands(polygon: Points) -> list[tuple[float, Points]]:
    """Cut a polygon in space into bands of nearly equal height, and return their middle heights with them."""
    edges = np.linspace(0.0, 1.0, _BANDS + 1)
    parts = []
    for low, high in pairwise(edges):
        part = _above(_above(polygon, low, 1.0), high, -1.0)
        if len(part) >= 3:
            parts.append((float(low + high) / 2, part))
    return parts


def _above(polygon: Points, level: float, sign: float) -> Points:
    """Return the part of a polygon above a level, or below if the sign is negative."""
    kept: list[Points] = []
    for start, end in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        before, after = (sign * (corner[2] - level) for corner in (start, end))
        if before >= 0:
            kept.append(start)
        if before * after < 0:
            kept.append(start + before / (before - after) * (end - start))
    return np.array(kept).reshape(-1, 3)


def _reach(f: ZonotopeFunction) -> Fraction:
    """Return the least r such that ``γ(x) ≤ M`` only for x in ``[-r, r]^2``."""
    from relucomb.zonotopes.zonotope import Zonotope

    # γ bends at the normals of the generators, so the corners of that polygon lie there
    rows: Any = [list(row) for row in f.generators]
    normals = [(-row[1], row[0]) for row in rows]
    gauge = Zonotope(rows)
    reaches = [max(map(abs, normal)) * f.sawtooth.M / Fraction(gauge.support(normal)) for normal in normals]
    return Fraction(max(reaches))
