"""Draw piecewise-linear functions on the line over one another: sawtooth functions, and what approximates them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.plots.rendering import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from relucomb.piecewise_linear.function import PiecewiseLinear

__all__ = ["MOST_PIECES", "STYLES", "plot_overlay", "render_overlay"]

MOST_PIECES = 20_000
"""Functions with more pieces in the window are not drawn: nobody would see them."""

STYLES: tuple[dict[str, Any], ...] = (
    {"color": "#0072B2", "linestyle": "-"},
    {"color": "#D55E00", "linestyle": (0, (6, 2))},
    {"color": "#009E73", "linestyle": (0, (1, 1.2))},
    {"color": "#CC79A7", "linestyle": (0, (5, 1.5, 1, 1.5))},
    {"color": "#000000", "linestyle": (0, (3, 1, 1, 1, 1, 1))},
    {"color": "#E69F00", "linestyle": "-"},
)
"""How the lines look, one after the other: colours of Okabe and Ito, told apart by their dashes too."""

_MARKED = 65  # breakpoints; more would hide the line


def plot_overlay(
    functions: Sequence[PiecewiseLinear],
    interval: tuple[float | Fraction, float | Fraction] = (0, 1),
    ax: Axes | None = None,
    *,
    labels: Sequence[str] | None = None,
    title: str | None = None,
) -> Axes:
    """Draw functions on the line over one another, with a mark at each breakpoint where there are few.

    Parameters
    ----------
    functions : sequence of PiecewiseLinear
        What to draw; the first is at the bottom.
    interval : tuple
        The part of the line to draw.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure if not given.
    labels : sequence of str, optional
        One for each function; the number of its pieces in the interval if not given.
    title : str, optional
        Title of the picture.

    Returns
    -------
    matplotlib.axes.Axes
        What was drawn on.

    Raises
    ------
    ValueError
        There is no function or one with too many pieces, the labels are not one for each, or the interval is empty.
    """
    low, high = Fraction(interval[0]), Fraction(interval[1])
    if not low < high:
        raise ValueError(f"interval must be a pair (low, high) with low < high; got ({low}, {high})")
    if not functions:
        raise ValueError("functions must have one function at least; got none")
    if labels is not None and len(labels) != len(functions):
        raise ValueError(f"labels must be one for each of {len(functions)} functions; got {len(labels)}")
    lines = [_corners(f, low, high) for f in functions]
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots(figsize=(9.0, 4.5), layout="constrained")
    for k, (x, y) in enumerate(lines):
        marked = len(x) <= _MARKED
        ax.plot(
            x,
            y,
            **STYLES[k % len(STYLES)],
            linewidth=2.2 if marked else 1.2,
            marker="o" if marked else None,
            markersize=4.5,
            markevery=slice(1, -1),
            label=_counted(len(x) - 1) if labels is None else labels[k].replace("$", r"\$"),
            zorder=2 + k,
        )
    ax.set_xlim(float(low), float(high))
    ax.margins(y=0.06)
    ax.set_xlabel("x")
    ax.grid(alpha=0.2)
    if len(functions) > 1 or labels is not None:
        # beside the picture: a sawtooth leaves no room in it
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    if title is not None:
        ax.set_title(title.replace("$", r"\$"))
    return ax


def render_overlay(
    functions: Sequence[PiecewiseLinear],
    image_format: str,
    interval: tuple[float | Fraction, float | Fraction] = (0, 1),
    *,
    labels: Sequence[str] | None = None,
    title: str | None = None,
) -> bytes:
    """Return the picture of :func:`plot_overlay` as the bytes of a file, 1200 by 600 pixels if it has pixels.

    Parameters
    ----------
    functions, interval, labels, title
        As in :func:`plot_overlay`.
    image_format : {"png", "svg", "pdf"}
        Format of the file. Equal pictures give equal bytes.

    Returns
    -------
    bytes
        Content of the file.

    Raises
    ------
    ValueError
        As in :func:`plot_overlay`.
    """

    def draw(figure: Any) -> None:
        plot_overlay(functions, interval, figure.subplots(), labels=labels, title=title)

    return render(draw, image_format, (9.0, 4.5))


def _corners(f: PiecewiseLinear, low: Fraction, high: Fraction) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the ends of the pieces in an interval and the values there, rounded only now."""
    count = f.count_pieces((low, high))
    if count > MOST_PIECES:
        raise ValueError(f"functions must have at most {MOST_PIECES} pieces to be drawn; got {count}")
    pieces = f.pieces((low, high))
    x = [piece.left for piece in pieces] + [pieces[-1].right]
    y = [piece.slope * piece.left + piece.intercept for piece in pieces]
    y.append(pieces[-1].slope * pieces[-1].right + pieces[-1].intercept)
    return np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)


def _counted(count: int) -> str:
    return f"{count} piece{'s' * (count != 1)}"
