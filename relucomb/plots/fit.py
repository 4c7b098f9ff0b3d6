"""Draw a fitted network over its data: a curve for one feature, a coloured surface for two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.plots.rendering import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    from relucomb.erm_result import ERMResult

__all__ = ["plot_fit", "render_fit"]

_MARGIN = 0.06  # of the range of the data, on each side
_GRID = 300  # the surface is drawn from so many values per axis
_LEVELS = 24
# of a classifier, whose labels are -1 and 1: each of -1, 0 and 1 in the middle of a band, beyond 2 it is only "sure"
_LABEL_LEVELS = np.linspace(-2.1, 2.1, 22)
_SEQUENTIAL, _DIVERGING = "viridis", "PuOr"  # both readable without colour vision, and in grey
_CURVE, _KINK, _POINT = "#D55E00", "#000000", "#0072B2"  # from the palette of Okabe and Ito
_BEND = 1e-9  # a change of slope below this, relative to the slopes, is no kink


def plot_fit(
    fit: ERMResult | ReLUNetwork,
    X: ArrayLike,
    y: ArrayLike,
    ax: Axes | None = None,
    *,
    feature_names: Sequence[str] | None = None,
    target_name: str = "y",
    title: str | None = None,
) -> Axes:
    """Draw the data, the fitted function, and where it bends.

    With one feature: the points, the curve and its kinks. With two features: the function as a coloured surface, the
    points coloured on the same scale, and for every hidden unit the line where it switches; the arrow on the line
    points to the side where the unit is active, and its sign is that of its output weight.

    Parameters
    ----------
    fit : ERMResult or ReLUNetwork
        A result with a network, or a network; one output, one or two inputs.
    X : array_like, shape (D, n)
        The points, ``n`` = 1 or 2.
    y : array_like, shape (D,)
        Their targets. If all are -1 or 1 the picture is that of a classifier, with its decision boundary.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure if not given.
    feature_names : sequence of str, optional
        Names of the columns of ``X``.
    target_name : str
        Name of the target.
    title : str, optional
        Title of the picture; what is proven of the fit if not given.

    Returns
    -------
    matplotlib.axes.Axes
        What was drawn on.

    Raises
    ------
    ValueError
        If there is no network, more than two features, or shapes that do not fit together.
    """
    network = _network_of(fit)
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
    _check(network, X, y)
    names = list(feature_names) if feature_names is not None else [f"x{k + 1}" for k in range(X.shape[1])]
    if len(names) != X.shape[1]:
        raise ValueError(f"feature_names must name the {X.shape[1]} columns of X; got {len(names)} names")
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots(figsize=(9.0, 6.0), layout="constrained")
    if X.shape[1] == 1:
        _draw_curve(ax, network, X[:, 0], y, target_name)
    else:
        _draw_surface(ax, network, X, y, target_name)
        ax.set_ylabel(_plain(names[1]))
    ax.set_xlabel(_plain(names[0]))
    ax.set_title(_title(fit) if title is None else _plain(title))
    return ax


def render_fit(
    fit: ERMResult | ReLUNetwork,
    X: ArrayLike,
    y: ArrayLike,
    image_format: str,
    *,
    feature_names: Sequence[str] | None = None,
    target_name: str = "y",
    title: str | None = None,
) -> bytes:
    """Return the picture of :func:`plot_fit` as the bytes of a file, 1200 by 800 pixels if it has pixels.

    Parameters
    ----------
    fit, X, y, feature_names, target_name, title
        As in :func:`plot_fit`.
    image_format : {"png", "svg", "pdf"}
        Format of the file. Equal pictures give equal bytes.

    Returns
    -------
    bytes
        Content of the file.

    Raises
    ------
    ValueError
        As in :func:`plot_fit`.
    """

    def draw(figure: Any) -> None:
        plot_fit(fit, X, y, figure.subplots(), feature_names=feature_names, target_name=target_name, title=title)

    return render(draw, image_format, (9.0, 6.0))


def _network_of(fit: ERMResult | ReLUNetwork) -> ReLUNetwork:
    network = fit if isinstance(fit, ReLUNetwork) else fit.network
    if network is None:
        raise ValueError("fit must have a network to draw; this search stopped before it found one")
    return network


def _check(network: ReLUNetwork, X: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    if X.ndim != 2 or X.shape[1] not in (1, 2) or not len(X):
        raise ValueError(f"X must have shape (D, 1) or (D, 2), as only one or two features can be drawn; got {X.shape}")
    if y.shape != (len(X),):
        raise ValueError(f"y must have shape ({len(X)},), one target for each row of X; got {y.shape}")
    if network.widths[0] != X.shape[1] or network.widths[-1] != 1:
        raise ValueError(
            f"fit must have {X.shape[1]} inputs, as X has columns, and 1 output; "
            f"got {network.widths[0]} inputs and {network.widths[-1]} outputs"
        )


def _title(fit: ERMResult | ReLUNetwork) -> str:
    if isinstance(fit, ReLUNetwork):
        return f"network of widths {'-'.join(map(str, fit.widths))}"
    bound = "" if fit.status.name == "optimal" else f", lower bound {fit.lower_bound:.5g}"
    proven = "proven optimal" if fit.status.name == "optimal" else "not proven optimal"
    return f"width {fit.width}, {fit.loss_name} loss {fit.loss:.5g}{bound}: {proven}"


def _plain(name: str) -> str:
    """Return the name so that matplotlib does not read a pair of dollar signs as mathematics."""
    return name.replace("$", r"\$")


def _window(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = _MARGIN * (high - low) or 0.5 * abs(low) or 1.0
    return low - margin, high + margin


def _is_labels(y: NDArray[np.float64]) -> bool:
    return bool(np.all(np.abs(y) == 1.0))


# --- one feature ------------------------------------------------------------------------------------------------


def _draw_curve(
    ax: Axes, network: ReLUNetwork, x: NDArray[np.float64], y: NDArray[np.float64], target_name: str
) -> None:
    low, high = _window(x)
    corners = _breakpoints(network, low, high)
    heights = network(corners[:, None])
    bends = np.flatnonzero(_bends(corners, heights)) + 1
    crowd = 0.75 if len(x) <= 150 else 0.45
    ax.scatter(x, y, s=30 if len(x) <= 150 else 18, color=_POINT, alpha=crowd, linewidths=0, label=f"data ({len(x)})")
    ax.plot(corners, heights, color=_CURVE, linewidth=2.4, label="fit", zorder=3)
    if len(bends):
        for k in bends:
            ax.axvline(corners[k], color=_KINK, linewidth=0.8, linestyle=(0, (4, 4)), alpha=0.45, zorder=1)
        count = f"{len(bends)} kink" + "s" * (len(bends) > 1)
        ax.plot(
            *(corners[bends], heights[bends]),
            linestyle="none",
            marker="D",
            markersize=8,
            markerfacecolor="white",
            markeredgecolor=_KINK,
            markeredgewidth=1.6,
            label=count,
            zorder=4,
        )
    if _is_labels(y):
        ax.axhline(0.0, color=_KINK, linewidth=1.0, label="decision at 0", zorder=1)
    ax.set_xlim(low, high)
    ax.set_ylim(*_heights(np.concatenate([y, network(x[:, None])]), heights[bends]))
    ax.set_ylabel(_plain(target_name))
    ax.grid(alpha=0.2)
    ax.legend(loc="best", framealpha=0.9)


def _heights(at_data: NDArray[np.float64], at_kinks: NDArray[np.float64]) -> tuple[float, float]:
    """Return the vertical range: the data decides; a kink may stretch it by half, a steep end not at all."""
    low, high = float(at_data.min()), float(at_data.max())
    half = 0.5 * (high - low)
    return _window(np.concatenate([at_data, np.clip(at_kinks, low - half, high + half)]))


def _breakpoints(network: ReLUNetwork, low: float, high: float) -> NDArray[np.float64]:
    """Return the ends of the window and every point in it where some unit of any layer switches."""
    points = np.array([low, high])
    layers = list(zip(network.weights, network.biases, strict=True))
    for depth in range(len(layers) - 1):
        values = points[:, None]
        for k, (W, b) in enumerate(layers[: depth + 1]):
            values = (np.maximum(values, 0.0) if k else values) @ W.astype(float).T + b.astype(float)
        # between neighbours every unit of this layer is affine, so a change of sign is one crossing
        before, after = values[:-1], values[1:]
        row, unit = np.nonzero((before < 0) != (after < 0))
        share = before[row, unit] / (before[row, unit] - after[row, unit])
        points = np.unique(np.concatenate([points, points[row] + share * (points[row + 1] - points[row])]))
    return points


def _bends(corners: NDArray[np.float64], heights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return for every inner corner whether the slope changes there: units may cancel."""
    slopes = np.diff(heights) / np.diff(corners)
    return np.asarray(np.abs(np.diff(slopes)) > _BEND * np.abs(slopes).max(initial=0.0))


# --- two features -----------------------------------------------------------------------------------------------


def _draw_surface(
    ax: Axes, network: ReLUNetwork, X: NDArray[np.float64], y: NDArray[np.float64], target_name: str
) -> None:
    from matplotlib.colors import Normalize
    from matplotlib.patheffects import withStroke
    from matplotlib.ticker import MaxNLocator

    (left, right), (bottom, top) = _window(X[:, 0]), _window(X[:, 1])
    across, up = np.meshgrid(np.linspace(left, right, _GRID), np.linspace(bottom, top, _GRID))
    surface = network(np.column_stack([across.ravel(), up.ravel()])).reshape(across.shape)
    labels = _is_labels(y)
    levels = _LABEL_LEVELS if labels else MaxNLocator(_LEVELS).tick_values(*_colour_range(network(X), y))
    # rounding errors on a plateau must not be torn apart by a level that has just its height
    grain = 1e-9 * (levels[-1] - levels[0])
    surface = grain * np.round(surface / grain)
    palette: dict[str, Any] = {
        "cmap": _DIVERGING if labels else _SEQUENTIAL,
        "norm": Normalize(levels[0], levels[-1]),
    }
    filled = ax.contourf(across, up, surface, levels, extend="both", **palette)
    if labels:
        _draw_boundary(ax, across, up, surface)
    for group, marker in _markers(y):
        ax.scatter(
            X[group, 0],
            X[group, 1],
            c=y[group],
            marker=marker,
            label=f"{_plain(target_name)} = {y[group][0]:+g}".replace("-", "−"),
            s=46 if len(y) <= 150 else 30,
            edgecolors="white",
            linewidths=0.7,
            path_effects=[withStroke(linewidth=2.2, foreground="black")],  # seen on dark and on light
            zorder=3,
            **palette,
        )
    steps = MaxNLocator(8).tick_values(-2.0, 2.0) if labels else MaxNLocator(8).tick_values(levels[0], levels[-1])
    ticks = [tick for tick in steps if levels[0] <= tick <= levels[-1]]
    bar = ax.figure.colorbar(filled, ax=ax, label=_plain(target_name), ticks=ticks)
    bar.ax.tick_params(labelsize="small")
    _draw_switches(ax, network, (left, right, bottom, top))
    if labels:
        ax.legend(loc="best", framealpha=0.9).set_zorder(7)
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)


def _colour_range(predicted: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Return the scale shared by points and surface: what occurs at the data, not at a far corner of the window."""
    low, high = float(min(predicted.min(), y.min())), float(max(predicted.max(), y.max()))
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        half = 0.5 * abs(high) or 0.5
        return low - half, high + half
    return low, high


def _markers(y: NDArray[np.float64]) -> list[tuple[NDArray[np.bool_], str]]:
    if _is_labels(y):
        return [(group, marker) for group, marker in ((y > 0, "o"), (y < 0, "s")) if group.any()]
    return [(np.full(len(y), True), "o")]


def _draw_boundary(
    ax: Axes, across: NDArray[np.float64], up: NDArray[np.float64], surface: NDArray[np.float64]
) -> None:
    if surface.min() < 0 < surface.max():
        ax.contour(across, up, surface, [0.0], colors="black", linewidths=2.4)
        ax.plot([], [], color="black", linewidth=2.4, label="decision at 0")


def _draw_switches(ax: Axes, network: ReLUNetwork, window: tuple[float, float, float, float]) -> None:
    """Draw, for every unit of the first layer, the line where it switches, with its name and an arrow to its side."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=3.5, foreground="white")]
    signs = np.sign(network.weights[1][0].astype(float)) if network.depth == 2 else None
    taken: list[NDArray[np.float64]] = []
    for unit, (v, b) in enumerate(zip(network.weights[0].astype(float), network.biases[0].astype(float), strict=True)):
        ends = _clip(v, b, window)
        if ends is None or network.depth == 1 or (signs is not None and signs[unit] == 0):
            continue
        sign = "" if signs is None else " +" if signs[unit] > 0 else " −"
        ax.plot(*ends.T, color=_KINK, linewidth=1.5, linestyle=(0, (6, 3)), path_effects=halo, zorder=4)
        _annotate(ax, f"unit {unit + 1}{sign}", ends, v, window, taken)


def _clip(v: NDArray[np.float64], b: float, window: tuple[float, float, float, float]) -> NDArray[np.float64] | None:
    """Return the two ends of ``v·x + b = 0`` inside the window, as rows, or None if it does not cross it."""
    left, right, bottom, top = window
    ends = []
    for axis, levels, (low, high) in ((0, (left, right), (bottom, top)), (1, (bottom, top), (left, right))):
        if v[1 - axis] == 0:
            continue
        for level in levels:
            other = -(v[axis] * level + b) / v[1 - axis]
            if low <= other <= high:
                ends.append((level, other) if axis == 0 else (other, level))
    if len(ends) < 2:
        return None
    line = np.array(ends)
    scaled = line / [right - left, top - bottom]
    far = max(range(1, len(line)), key=lambda k: math.dist(scaled[0], scaled[k]))
    return line[[0, far]] if math.dist(scaled[0], scaled[far]) > 1e-6 else None


def _annotate(
    ax: Axes,
    text: str,
    ends: NDArray[np.float64],
    v: NDArray[np.float64],
    window: tuple[float, float, float, float],
    taken: list[NDArray[np.float64]],
) -> None:
    """Write a unit's name on its line, away from the names before it, and an arrow to the side where it is active."""
    left, right, bottom, top = window
    size = np.array([right - left, top - bottom])
    shares = np.array([0.12, 0.88, 0.25, 0.75, 0.4, 0.6])
    places = ends[0] + shares[:, None] * (ends[1] - ends[0])

    def room(place: NDArray[np.float64]) -> float:
        unit = (place - [left, bottom]) / size
        edge = float(min(unit.min(), (1 - unit).min(), 0.08))
        return edge + min((float(np.abs(unit - other).max()) for other in taken), default=0.3)

    place = max(places, key=room)
    taken.append((place - [left, bottom]) / size)
    # the gradient in the picture, where both sides of the window are as long as they look (3 to 2)
    looks = np.array([1.5, 1.0])
    gradient = v * size / looks
    step = gradient / np.linalg.norm(gradient) * 0.055 * size / looks
    ax.annotate(
        "",
        xy=tuple(place + step),
        xytext=tuple(place),
        arrowprops={"arrowstyle": "-|>", "color": _KINK, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0},
        zorder=5,
    )
    pull = -gradient / np.linalg.norm(gradient)
    beyond = (place - 2.0 * step - [left, bottom]) / size
    if beyond.min() < 0 or beyond.max() > 1:  # in a corner the name stands before the arrow instead of behind it
        place, pull = place + step, -pull
    ax.annotate(
        text,
        xy=tuple(place),
        xytext=tuple(5.0 * pull),
        textcoords="offset points",
        ha="center" if abs(pull[0]) < 0.4 else "left" if pull[0] > 0 else "right",
        va="center" if abs(pull[1]) < 0.4 else "bottom" if pull[1] > 0 else "top",
        fontsize="small",
        bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": _KINK, "linewidth": 0.6, "alpha": 0.9},
        zorder=6,
    )
