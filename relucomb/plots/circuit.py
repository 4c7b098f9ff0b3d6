"""Draw a circuit: its layers from left to right, gates as boxes, weights on the wires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.plots.rendering import render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from matplotlib.axes import Axes

    from relucomb.boolean.circuits import Circuit

__all__ = ["plot_circuit", "render_circuit"]

MOST_GATES = 32
"""A layer with more gates, or more variables, is drawn as one block."""

MOST_LABELS = 24
"""Wires between two layers that tell their weights; more are told by colour and width alone."""

_FILL = {"ReLU": "#CFE8F7", "LTF": "#FBE3C0", "affine": "#E8E8E8", "input": "#FFFFFF"}
_EDGE = {"ReLU": "#0072B2", "LTF": "#B36B00", "affine": "#555555", "input": "#333333"}
_POSITIVE, _NEGATIVE = "#0072B2", "#D55E00"  # weights; Okabe and Ito
_HALF = {"input": 0.32, "gate": 0.62, "block": 0.8}  # of the widths of boxes, in steps from gate to gate
_HEIGHT = 0.34  # half of that of a gate
_GAP, _SPREAD = 3.4, 0.22  # between layers, and more of it for each gate of the wider one


@dataclass(frozen=True, slots=True)
class _Column:
    """One layer on the page."""

    kind: str
    x: float
    y: np.ndarray[Any, np.dtype[np.float64]]
    texts: list[str]
    half: float
    block: bool


def plot_circuit(circuit: Circuit, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw a circuit with its layers from left to right.

    A gate tells what it does, and its bias unless that is 0. Wires with positive weights are blue and solid, with
    negative ones red and dashed; the larger the weight, the wider the wire. A layer of more than 32 gates is one block,
    and so are the wires at it.

    Parameters
    ----------
    circuit : Circuit
        Any circuit.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure of a suitable size if not given.
    title : str, optional
        Title of the picture; kind and sizes if not given.

    Returns
    -------
    matplotlib.axes.Axes
        What was drawn on.
    """
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots(figsize=figure_size(circuit), layout="constrained")
    columns = list(_columns(circuit))
    for k, layer in enumerate(circuit.layers):
        _draw_wires(ax, columns[k], columns[k + 1], layer.weights)
    for column in columns:
        _draw_column(ax, column)
    reach = max(2.2 if column.block else float(column.y.max()) + _HEIGHT for column in columns) + 0.3
    ax.set_xlim(-1.0, columns[-1].x + 1.6)
    ax.set_ylim(-reach, reach)
    ax.set_aspect("equal")
    ax.set_axis_off()
    counts = ((circuit.n, "variable"), (circuit.size, "gate"), (circuit.wires, "wire"))
    told = f"{circuit.kind}: " + ", ".join(f"{count:,} {noun}{'s' * (count != 1)}" for count, noun in counts)
    ax.set_title((told if title is None else f"{title}\n{told}").replace("$", r"\$"), fontsize=11)
    return ax


def render_circuit(circuit: Circuit, image_format: str, *, title: str | None = None) -> bytes:
    """Return the picture of :func:`plot_circuit` as the bytes of a file.

    Parameters
    ----------
    circuit, title
        As in :func:`plot_circuit`.
    image_format : {"png", "svg", "pdf"}
        Format of the file. Equal pictures give equal bytes.

    Returns
    -------
    bytes
        Content of the file.
    """

    def draw(figure: Any) -> None:
        plot_circuit(circuit, figure.subplots(), title=title)

    return render(draw, image_format, figure_size(circuit))


def figure_size(circuit: Circuit) -> tuple[float, float]:
    """Return width and height of a picture of the circuit."""
    columns = list(_columns(circuit))
    widest = max(5 if column.block else len(column.y) for column in columns)
    return max(6.0, 1.2 + 0.62 * (columns[-1].x + 2.6)), max(2.6, 0.9 + 0.62 * (widest + 0.6))


def _columns(circuit: Circuit) -> Iterator[_Column]:
    """Yield the layers, the variables first."""
    x = 0.0
    yield _column("input", x, [f"$x_{{{i}}}$" for i in range(circuit.n)], "variables")
    for layer in circuit.layers:
        kind = layer.gate.value
        names = [_gate_text("Σ" if kind == "affine" else kind, bias) for bias in layer.biases]
        shown = [count for count in layer.weights.shape if count <= MOST_GATES]
        x += _GAP + _SPREAD * max(shown, default=1)
        yield _column(kind, x, names, f"{kind} gates")


def _column(kind: str, x: float, names: list[str], noun: str) -> _Column:
    count = len(names)
    if count > MOST_GATES:
        return _Column(kind, x, np.zeros(1), [f"{count:,}\n{noun}"], _HALF["block"], True)
    places = np.arange(count, dtype=np.float64)[::-1] - (count - 1) / 2
    return _Column(kind, x, places, names, _HALF["input" if kind == "input" else "gate"], False)


def _gate_text(name: str, bias: Fraction) -> str:
    if bias == 0:
        return name
    shown = _short(abs(bias))
    return f"{name}\n{'+' if bias > 0 else '−'} {shown}"


def _short(value: Fraction) -> str:
    """Return a number in few letters: exact if that is short, else rounded."""
    exact = str(value)
    return exact if len(exact) <= 6 else f"{float(value):.3g}"


def _draw_column(ax: Axes, column: _Column) -> None:
    from matplotlib.patches import FancyBboxPatch

    tall = 2.2 if column.block else _HEIGHT
    for y, text in zip(column.y.tolist(), column.texts, strict=True):
        style = "circle,pad=0" if column.kind == "input" and not column.block else "round,pad=0,rounding_size=0.14"
        ax.add_patch(
            FancyBboxPatch(
                (column.x - column.half, y - tall),
                2 * column.half,
                2 * tall,
                boxstyle=style,
                facecolor=_FILL[column.kind],
                edgecolor=_EDGE[column.kind],
                linewidth=1.2,
                zorder=3,
            )
        )
        lines = text.count("\n")
        ax.text(
            column.x,
            y,
            text,
            ha="center",
            va="center",
            fontsize=8 if column.block else 7 if lines else 8.5,
            linespacing=1.0,
            zorder=4,
        )


def _draw_wires(ax: Axes, left: _Column, right: _Column, weights: np.ndarray[Any, Any]) -> None:
    """Draw the wires between two layers, or one band for all of them if one is a block."""
    x0, x1 = left.x + left.half, right.x - right.half
    wires = [(j, i, w) for i, row in enumerate(weights) for j, w in enumerate(row) if w]
    if left.block or right.block:
        low, high = (2.0 if left.block else left.y.max() + 0.3), (2.0 if right.block else right.y.max() + 0.3)
        ax.fill([x0, x1, x1, x0], [-low, -high, high, low], color="#999999", alpha=0.25, linewidth=0, zorder=1)
        ax.text((x0 + x1) / 2, 0.0, f"{len(wires):,}\nwires", ha="center", va="center", fontsize=8, zorder=2)
        return
    sizes = np.array([abs(float(w)) for _, _, w in wires])
    largest = float(sizes.max(initial=0.0)) or 1.0
    labelled = len(wires) <= MOST_LABELS
    heights = np.array([(left.y[j], right.y[i]) for j, i, _ in wires]).reshape(-1, 2)
    shares = _label_places(heights, x1 - x0) if labelled else []
    for k, (_, _, w) in enumerate(wires):
        colour = _POSITIVE if w > 0 else _NEGATIVE
        ax.plot(
            (x0, x1),
            heights[k],
            color=colour,
            linestyle="-" if w > 0 else (0, (5, 2)),
            linewidth=(0.7 if labelled else 0.4) + 1.3 * float(sizes[k]) / largest,
            alpha=1.0 if labelled else 0.55,
            solid_capstyle="round",
            zorder=1,
        )
        if labelled:
            ax.text(
                x0 + shares[k] * (x1 - x0),
                heights[k, 0] + shares[k] * (heights[k, 1] - heights[k, 0]),
                ("−" if w < 0 else "") + _short(abs(w)),
                fontsize=7,
                ha="center",
                va="center",
                color=colour,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
                zorder=2,
            )


def _label_places(heights: np.ndarray[Any, Any], length: float) -> list[float]:
    """Return for each wire the share of its way at which its label is far from other wires and labels."""
    candidates = np.linspace(0.1, 0.9, 41)
    placed: list[tuple[float, float]] = []
    shares = []
    lengths = np.hypot(length, heights[:, 1] - heights[:, 0])
    for k, (low, high) in enumerate(heights.tolist()):
        spots = np.column_stack([candidates * length, low + candidates * (high - low)])
        others = np.delete(heights, k, axis=0)
        on_others = others[:, :1] + candidates * (others[:, 1:] - others[:, :1])
        # half a letter beside a wire is enough, two letters beside a label
        room = np.abs(on_others - spots[:, 1]) * (length / np.delete(lengths, k)[:, None]) / 0.16
        free = np.minimum(room.min(axis=0, initial=1.0), 1.0)
        if placed:
            apart = np.abs(spots[:, None] - np.array(placed)) / (0.55, 0.3)
            free = np.minimum(free, np.minimum(apart.max(axis=2).min(axis=1), 1.0))
        best = int((free - 0.02 * np.abs(candidates - 0.5)).argmax())
        placed.append((float(spots[best, 0]), float(spots[best, 1])))
        shares.append(float(candidates[best]))
    return shares
