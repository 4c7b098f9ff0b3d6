"""Draw a zonotope: a polygon with its generators, or a polyhedron with its faces."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.plots.rendering import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from relucomb.zonotopes.zonotope import Zonotope

__all__ = ["plot_zonotope", "render_zonotope"]

MOST_FACES = 20_000
"""More faces are not drawn: nobody would see them."""

_FACE, _MANY, _EDGE, _GENERATOR = "#56B4E9", "#E69F00", "#1A3A4F", "#D55E00"  # Okabe and Ito
_SHORTEST = 0.35  # of the sides of the box, relative to the longest
_LIGHT = np.array([-0.35, -0.6, 0.75]) / math.sqrt(0.35**2 + 0.6**2 + 0.75**2)


def plot_zonotope(
    zonotope: Zonotope, ax: Axes | None = None, *, names: Sequence[str] | None = None, title: str | None = None
) -> Axes:
    """Draw a zonotope in two or three dimensions.

    In the plane: the polygon, its vertices, and the generators as arrows from the origin. In space: the faces; those
    with more than four corners, where three or more generators lie in a plane, have a colour of their own.

    Parameters
    ----------
    zonotope : Zonotope
        In ``R^2`` or ``R^3``; it may be flat.
    ax : matplotlib.axes.Axes, optional
        Where to draw, with ``projection="3d"`` for a zonotope in ``R^3``; a new figure if not given.
    names : sequence of str, optional
        Names of the coordinates.
    title : str, optional
        Title of the picture; numbers of generators and vertices if not given.

    Returns
    -------
    matplotlib.axes.Axes
        What was drawn on.

    Raises
    ------
    ValueError
        The zonotope lies in another space, has more than 20,000 faces, or the names are not one for each coordinate.
    """
    n = zonotope.ambient_dimension
    names = [f"x{k + 1}" for k in range(n)] if names is None else list(names)
    check_drawable(zonotope)
    if len(names) != n:
        raise ValueError(f"names must name the {n} coordinates; got {len(names)} names")
    if ax is None:
        from matplotlib import pyplot

        kind = {"projection": "3d"} if n == 3 else {}
        _, ax = pyplot.subplots(figsize=(7.5, 6.0), layout="constrained", subplot_kw=kind)
    (_draw_in_plane if n == 2 else _draw_in_space)(ax, zonotope)
    for axis, name in zip("xyz", names, strict=False):
        getattr(ax, f"set_{axis}label")(name.replace("$", r"\$"))
    ax.set_title(_title(zonotope) if title is None else title.replace("$", r"\$"))
    return ax


def render_zonotope(
    zonotope: Zonotope, image_format: str, *, names: Sequence[str] | None = None, title: str | None = None
) -> bytes:
    """Return the picture of :func:`plot_zonotope` as the bytes of a file, 1000 by 800 pixels if it has pixels.

    Parameters
    ----------
    zonotope, names, title
        As in :func:`plot_zonotope`.
    image_format : {"png", "svg", "pdf"}
        Format of the file. Equal pictures give equal bytes.

    Returns
    -------
    bytes
        Content of the file.

    Raises
    ------
    ValueError
        As in :func:`plot_zonotope`.
    """
    check_drawable(zonotope)

    def draw(figure: Any) -> None:
        kind = {"projection": "3d"} if zonotope.ambient_dimension == 3 else {}
        plot_zonotope(zonotope, figure.add_subplot(**kind), names=names, title=title)

    return render(draw, image_format)


def check_drawable(zonotope: Zonotope) -> None:
    """Raise ``ValueError`` if :func:`plot_zonotope` would refuse the zonotope."""
    n = zonotope.ambient_dimension
    if n not in (2, 3):
        raise ValueError(f"zonotope must lie in R^2 or R^3 to be drawn; it lies in R^{n}")
    m = len(zonotope.merged())
    if n == 3 and m * (m - 1) > MOST_FACES:
        raise ValueError(f"zonotope may have {m * (m - 1)} faces; at most {MOST_FACES} are drawn")


def _title(zonotope: Zonotope) -> str:
    m, vertices = len(zonotope), zonotope.count_vertices()
    return f"{m} generator{'s' * (m != 1)}, {vertices} vert{'ex' if vertices == 1 else 'ices'}"


def _draw_in_plane(ax: Axes, zonotope: Zonotope) -> None:
    from relucomb.zonotopes.faces import outlines

    ((corners, directions),) = outlines(zonotope)
    if directions >= 2:
        ax.fill(*corners.T, facecolor=_FACE, alpha=0.3)
    ax.plot(*np.concatenate([corners, corners[:1]]).T, color=_EDGE, linewidth=1.6)
    ax.scatter(corners[:, 0], corners[:, 1], s=34 if len(corners) <= 60 else 8, color=_EDGE, zorder=3, label="vertices")
    for k, b in enumerate(zonotope.generators.astype(np.float64)):
        if b.any():
            ax.annotate(
                "",
                xy=tuple(b),
                xytext=(0.0, 0.0),
                arrowprops={"arrowstyle": "-|>", "color": _GENERATOR, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0},
                zorder=4,
            )
            if len(zonotope) <= 12:
                _name(ax, k, b)
    ax.set_aspect("equal", adjustable="datalim")
    ax.margins(0.08)
    ax.grid(alpha=0.25)
    ax.set_axisbelow(True)


def _name(ax: Axes, k: int, b: NDArray[np.float64]) -> None:
    """Write the number of a generator, counted from 1, at the tip of its arrow, beyond it."""
    away = b / np.linalg.norm(b)
    ax.annotate(
        f"{k + 1}",
        xy=tuple(b),
        xytext=tuple(9.0 * away),
        textcoords="offset points",
        ha="center",
        va="center",
        color=_GENERATOR,
        fontweight="bold",
        zorder=5,
    )


def _draw_in_space(ax: Any, zonotope: Zonotope) -> None:
    from matplotlib.colors import to_rgb
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection  # type: ignore[import-untyped]

    from relucomb.zonotopes.faces import outlines

    faces = outlines(zonotope)
    points = np.concatenate([corners for corners, _ in faces])
    if zonotope.dimension < 2:
        ax.plot(*points.T, color=_EDGE, linewidth=2.0, marker="o")
    else:
        colours = []
        for corners, directions in faces:
            base = np.array(to_rgb(_FACE if directions == 2 or zonotope.dimension == 2 else _MANY))
            colours.append(base * _brightness(corners, points))
        many = len(faces) > 400
        ax.add_collection3d(
            Poly3DCollection(
                [corners for corners, _ in faces],
                facecolors=colours,
                edgecolors=_EDGE,
                linewidths=0.3 if many else 0.8,
                alpha=1.0,
            )
        )
    low, high = points.min(axis=0), points.max(axis=0)
    reach = np.maximum(high - low, 0.05 * float((high - low).max()) or 1.0)
    for axis, start, end, size in zip("xyz", low, high, reach, strict=True):
        middle = (start + end) / 2
        getattr(ax, f"set_{axis}lim")(middle - 0.52 * size, middle + 0.52 * size)
    # true proportions, unless one side is so short that nothing would be seen of it
    shape = np.maximum(reach / reach.max(), _SHORTEST)
    ax.set_box_aspect(shape, zoom=0.9)
    for axis, share in zip("xyz", shape, strict=True):
        ax.locator_params(axis=axis, nbins=max(2, round(7 * share)))
    ax.view_init(elev=22, azim=-58)


def _brightness(corners: NDArray[np.float64], points: NDArray[np.float64]) -> float:
    """Return how bright a face looks under a light from above, in the proportions of the picture."""
    size = np.ptp(points, axis=0)
    size[size == 0] = 1.0
    shape = np.maximum(size / size.max(), _SHORTEST)
    seen = corners / size * shape
    across = np.cross(seen[1] - seen[0], seen[-1] - seen[0])
    outward = across / (np.linalg.norm(across) or 1.0)
    if outward @ seen.mean(axis=0) < 0:
        outward = -outward
    return float(0.72 + 0.28 * (outward @ _LIGHT))
