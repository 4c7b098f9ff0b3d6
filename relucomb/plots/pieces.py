"""Draw the linear pieces of a network: a map of the plane, or a coloured curve over the line."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.plots.rendering import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    Point = tuple[Fraction, ...]
    Window = list[tuple[Fraction, Fraction]]

__all__ = ["MOST_CELLS", "check_drawable", "outline", "plot_pieces", "render_pieces", "window_of"]

MOST_CELLS = 20_000
"""More activation regions are not drawn: nobody would see them."""

# light tints of the palette of Okabe and Ito, told apart without colour vision by their lightness
_FILLS = ("#BFE3F7", "#FCE3B0", "#8FCBB8", "#E8A57C", "#F3EFA0", "#9DB4DC", "#E3C3D8", "#C9C9C9")
_CURVES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
_BORDER, _INNER, _LEVEL = "#1A1A1A", "#666666", "#FFFFFF"
_MARGIN = Fraction(3, 20)  # of the range of the corners, on each side
_TRIMMED, _FAR = 20, 3  # one corner in so many may be outside on each side if the others are so much closer together
_GRID = 400
_LEVELS = 22


def plot_pieces(
    net: ReLUNetwork,
    kind: str = "affine",
    domain: ArrayLike | None = None,
    ax: Axes | None = None,
    *,
    names: Sequence[str] | None = None,
    title: str | None = None,
) -> Axes:
    """Draw the linear pieces of a network with one or two inputs.

    In the plane: every piece in a colour that differs from those of its neighbours, thick lines between pieces, thin
    lines between activation regions of one piece, and white level lines of the function. On the line: the graph of the
    function, with marks where pieces end, and hollow ones where activation regions of one piece do.

    Parameters
    ----------
    net : ReLUNetwork
        One or two inputs; one output if there is one input.
    kind : str
        What a piece is, as for :func:`relucomb.count_pieces`; not ``"patterns"``.
    domain : array_like, optional
        The part to draw, one pair ``(low, high)`` for each input; see :func:`window_of` if not given.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure if not given.
    names : sequence of str, optional
        Names of the inputs.
    title : str, optional
        Title of the picture; the number of pieces if not given.

    Returns
    -------
    matplotlib.axes.Axes
        What was drawn on.

    Raises
    ------
    ValueError
        The network has more inputs or outputs than can be drawn or too many regions, ``kind`` or the domain is not
        legal, or the names are not one for each input.
    """
    import relucomb

    check_drawable(net, kind)
    n = net.widths[0]
    names = [f"x{k + 1}" for k in range(n)] if names is None else list(names)
    if len(names) != n:
        raise ValueError(f"names must name the {n} inputs; got {len(names)} names")
    window: Any = window_of(net) if domain is None else domain
    graph = relucomb.piece_graph(net, kind, window)
    sides = [(float(low), float(high)) for low, high in np.asarray(window, dtype=object)]
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots(figsize=(7.5, 6.0), layout="constrained")
    if n == 1:
        _draw_curve(ax, net, graph)
    else:
        _draw_map(ax, net, graph, sides)
        ax.set_ylabel(_plain(names[1]))
        ax.set_ylim(*sides[1])
    ax.set_xlim(*sides[0])
    ax.set_xlabel(_plain(names[0]))
    ax.set_title(_title(net, kind, len(graph), domain is None) if title is None else _plain(title))
    return ax


def render_pieces(
    net: ReLUNetwork,
    image_format: str,
    kind: str = "affine",
    domain: ArrayLike | None = None,
    *,
    names: Sequence[str] | None = None,
    title: str | None = None,
) -> bytes:
    """Return the picture of :func:`plot_pieces` as the bytes of a file, 1000 by 800 pixels if it has pixels.

    Parameters
    ----------
    net, kind, domain, names, title
        As in :func:`plot_pieces`.
    image_format : {"png", "svg", "pdf"}
        Format of the file. Equal pictures give equal bytes.

    Returns
    -------
    bytes
        Content of the file.

    Raises
    ------
    ValueError
        As in :func:`plot_pieces`.
    """

    def draw(figure: Any) -> None:
        plot_pieces(net, kind, domain, figure.subplots(), names=names, title=title)

    return render(draw, image_format)


def check_drawable(net: ReLUNetwork, kind: str = "affine") -> None:
    """Raise ``ValueError`` if :func:`plot_pieces` would refuse the network whatever its pieces are."""
    if not isinstance(net, ReLUNetwork):
        raise TypeError(f"net must be a ReLUNetwork; got {type(net).__name__}")
    inputs, outputs = net.widths[0], net.widths[-1]
    if inputs > 2:
        raise ValueError(f"net must have one or two inputs to be drawn, as a slice of it has; got {inputs} inputs")
    if inputs == 1 and outputs > 1:
        raise ValueError(f"net must have one output to be drawn over the line; got {outputs} outputs")
    if kind == "patterns":
        raise ValueError("kind must not be 'patterns' in a picture: regions without interior cannot be seen")


def window_of(net: ReLUNetwork) -> Window:
    """Return a box around the corners of the activation regions, with a margin.

    If a few corners are very far away, they are left out, and some regions may be out of sight.

    Raises
    ------
    ValueError
        There are more regions than :data:`MOST_CELLS`.

    Examples
    --------
    >>> net = ReLUNetwork([[[1], [1]], [[1, 1]]], [[0, -2], [0]])
    >>> [(str(low), str(high)) for low, high in window_of(net)]
    [('-3/10', '23/10')]
    """
    import relucomb

    count = relucomb.count_pieces(net, "activation")
    if count > MOST_CELLS:
        raise ValueError(f"net has {count} activation regions; at most {MOST_CELLS} are drawn")
    corners = {corner for piece in relucomb.pieces(net, "activation") for corner in piece.cells[0].vertices}
    sides = []
    for coordinate in range(net.widths[0]):
        values = sorted(corner[coordinate] for corner in corners) or [Fraction(0)]
        low, high = values[0], values[-1]
        outside = len(values) // _TRIMMED
        near, far = values[outside], values[-1 - outside]
        if near < far and high - low > _FAR * (far - near):
            low, high = near, far
        margin = _MARGIN * (high - low) or Fraction(1)
        sides.append((low - margin, high + margin))
    return sides


def _title(net: ReLUNetwork, kind: str, here: int, whole: bool) -> str:
    import relucomb

    noun = {"activation": "activation region", "maps": "affine map"}.get(kind, "linear piece")
    count = relucomb.count_pieces(net, kind) if whole else here
    told = f"{count} {noun}{'s' * (count != 1)}"
    if kind == "affine-closed":
        told += " (closed)"
    place = "" if count == here and whole else " in this window" if not whole else f", {here} in this window"
    return f"network of widths {'-'.join(map(str, net.widths))}: {told}{place}"


def _plain(name: str) -> str:
    return name.replace("$", r"\$")


# --- the plane --------------------------------------------------------------------------------------------------


def _draw_map(ax: Axes, net: ReLUNetwork, graph: networkx.Graph, sides: list[tuple[float, float]]) -> None:
    from matplotlib.collections import LineCollection, PolyCollection

    colours = _colours(graph)
    polygons, fills = [], []
    owners: dict[frozenset[Point], list[int]] = {}
    for number, piece in graph.nodes(data="piece"):
        for cell in piece.cells:
            corners = outline(cell.vertices)
            polygons.append(np.array(corners, dtype=np.float64))
            fills.append(_FILLS[colours[number] % len(_FILLS)])
            for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
                owners.setdefault(frozenset((start, end)), []).append(number)
    many = len(polygons) > 600
    # an edge in the colour of the polygon, or hairlines of background would show between neighbours
    ax.add_collection(PolyCollection(polygons, facecolors=fills, edgecolors=fills, linewidths=0.4))
    if net.widths[-1] == 1:
        _draw_levels(ax, net, sides)
    inner: list[Any] = []
    border: list[Any] = []
    for edge, pieces in owners.items():
        if len(pieces) > 1:  # others lie on the sides of the window
            (inner if pieces[0] == pieces[1] else border).append(np.array(sorted(edge), dtype=np.float64))
    ax.add_collection(LineCollection(inner, colors=_INNER, linewidths=0.6 if many else 0.8, linestyles=(0, (2, 2))))
    ax.add_collection(LineCollection(border, colors=_BORDER, linewidths=0.5 if many else 1.4, capstyle="round"))


def _draw_levels(ax: Axes, net: ReLUNetwork, sides: list[tuple[float, float]]) -> None:
    from matplotlib.ticker import MaxNLocator

    across, up = np.meshgrid(*(np.linspace(low, high, _GRID) for low, high in sides))
    values = net(np.column_stack([across.ravel(), up.ravel()])).reshape(across.shape)
    low, high = float(values.min()), float(values.max())
    if high - low > 1e-9 * max(abs(low), abs(high)):
        levels = MaxNLocator(_LEVELS).tick_values(low, high)
        ax.contour(across, up, values, levels, colors=_LEVEL, linewidths=0.9, alpha=0.75, linestyles="solid")


def _colours(graph: networkx.Graph) -> dict[int, int]:
    """Return a number for each piece that differs from those of its neighbours; the plane seldom needs more than 5."""
    import networkx

    strategy = "DSATUR" if len(graph) <= 3000 else "largest_first"
    colours: dict[int, int] = networkx.greedy_color(graph, strategy=strategy)
    return colours


def outline(corners: Sequence[Point]) -> list[Point]:
    """Return the corners of a convex polygon in order, decided exactly.

    Examples
    --------
    >>> outline([(0, 0), (1, 1), (1, 0), (0, 1)])
    [(0, 0), (1, 0), (1, 1), (0, 1)]
    """
    points = sorted(corners)
    halves = []
    for order in (points, points[::-1]):
        half: list[Point] = []
        for point in order:
            while len(half) >= 2 and _turn(half[-2], half[-1], point) <= 0:
                half.pop()
            half.append(point)
        halves.append(half[:-1])
    return halves[0] + halves[1]


def _turn(a: Point, b: Point, c: Point) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


# --- the line ---------------------------------------------------------------------------------------------------


def _draw_curve(ax: Axes, net: ReLUNetwork, graph: networkx.Graph) -> None:
    parts = sorted(
        (*sorted(vertex[0] for vertex in cell.vertices), number)
        for number, piece in graph.nodes(data="piece")
        for cell in piece.cells
    )
    cuts = np.array([float(left) for left, _, _ in parts] + [float(parts[-1][1])])
    heights = net(cuts[:, None])
    colours = _line_colours(graph)
    for k, (_, _, number) in enumerate(parts):
        colour = _CURVES[colours[number] % len(_CURVES)]
        ax.plot(cuts[k : k + 2], heights[k : k + 2], color=colour, linewidth=2.4, solid_capstyle="round", zorder=2)
    size = 7.0 if len(parts) <= 60 else max(1.5, 7.0 * math.sqrt(60 / len(parts)))
    ends = [k for k in range(1, len(parts)) if parts[k - 1][2] != parts[k][2]]
    inner = [k for k in range(1, len(parts)) if parts[k - 1][2] == parts[k][2]]
    style: dict[str, Any] = {"linestyle": "none", "marker": "D", "markeredgecolor": _BORDER, "zorder": 3}
    if ends:
        label = f"{len(ends)} end{'s' * (len(ends) > 1)} of pieces"
        ax.plot(cuts[ends], heights[ends], markersize=size, markerfacecolor=_BORDER, label=label, **style)
    if inner:
        label = f"{len(inner)} other switch{'es' * (len(inner) > 1)} of units"
        ax.plot(cuts[inner], heights[inner], markersize=size, markerfacecolor="white", label=label, **style)
    if ends or inner:
        ax.legend(loc="best", framealpha=0.9)
    ax.grid(alpha=0.2)
    ax.set_ylabel("f")
    ax.margins(y=0.08)


def _line_colours(graph: networkx.Graph) -> dict[int, int]:
    """Return alternating colours from left to right; pieces of one map, which may be apart, have one colour."""
    first: dict[int, Fraction] = {
        number: min(vertex[0] for cell in piece.cells for vertex in cell.vertices)
        for number, piece in graph.nodes(data="piece")
    }
    colours: dict[int, int] = {}
    for number in sorted(first, key=lambda number: first[number]):
        taken = {colours[other] for other in graph[number] if other in colours}
        colours[number] = next(colour for colour in range(len(graph) + 1) if colour not in taken)
    return colours
