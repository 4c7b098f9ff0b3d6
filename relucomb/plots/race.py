"""Draw a race: for each optimiser, which share of its runs came how near to the certified optimum."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.plots.rendering import render

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from relucomb.racing.race_result import Comparison, Record

__all__ = ["plot_race", "render_race"]

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#000000")  # of Okabe and Ito
_MARKERS = ("o", "s", "^", "D", "v", "P")
_LINES = ("-", (0, (5, 2)), (0, (1, 1.2)), (0, (6, 2, 1, 2)), (0, (3, 1)), (0, (8, 3)))
_DECADES = 3  # below the tolerance: what is nearer than that is drawn at the left edge
_FEWEST_DECADES = 1  # above the tolerance


def plot_race(race: Comparison, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw for each optimiser the share of its runs whose gap to the optimum is at most so large.

    The thick line at the left is the certified optimum, with all runs that hit it more exactly than the axis shows. The
    thin one is the tolerance: where a curve crosses it is the share of runs that reach the optimum. Runs without a
    finite loss stand nowhere. Colours, dashes, markers and the order of the legend all tell the optimisers apart.

    Parameters
    ----------
    race : Comparison
        What :func:`relucomb.compare` returned, with at least one record.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure if not given.
    title : str, optional
        Title of the picture; what is proven if not given.

    Returns
    -------
    matplotlib.axes.Axes
        What was drawn on.

    Raises
    ------
    ValueError
        There is no finished run.
    """
    if not race.records:
        raise ValueError("race must have a record to draw; this one stopped before a run was finished")
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots(figsize=(9.0, 6.0), layout="constrained")
    tolerance = race.truth.tolerance
    left = tolerance * 10.0**-_DECADES
    largest = max((gap for record in race.records for gap in record.gaps if math.isfinite(gap)), default=0.0)
    right = max(tolerance * 10.0**_FEWEST_DECADES, 1.6 * largest)
    ax.axvspan(left, tolerance, color="0.93", linewidth=0, zorder=0)
    ax.axvline(left, color="black", linewidth=4.0, zorder=1)
    ax.axvline(tolerance, color="black", linewidth=1.2, zorder=2)
    order = sorted(race.records, key=lambda record: -record.fraction)
    for record in order:
        _draw(ax, record, race.records.index(record), left, right)
    ax.set_xscale("log")
    ax.set_xlim(left / 1.5, right)
    ax.set_ylim(0.0, 1.04)
    ax.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    ax.set_xlabel("loss above the optimum, as a share of it")
    ax.set_ylabel("runs that come so near")
    ticks = [tick for tick in 10.0 ** np.arange(-16.0, 17.0) if 1.1 * left <= tick <= right]
    ax.set_xticks([left, *ticks], ["optimum", *map(_power, ticks)])
    text: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": "small", "color": "0.25"}
    ax.text(math.sqrt(left * tolerance), 1.005, "reach it", **text)
    ax.text(math.sqrt(tolerance * right), 1.005, "miss it", **text)
    ax.grid(alpha=0.25, which="major")
    ax.set_axisbelow(True)
    place: dict[str, Any] = (
        {"loc": "lower right"} if order[0].fraction > 0.55 else {"loc": "center left", "bbox_to_anchor": (0.03, 0.6)}
    )
    ax.legend(framealpha=0.95, **place).set_zorder(5)
    ax.set_title(_title(race) if title is None else title.replace("$", r"\$"))
    return ax


def render_race(race: Comparison, image_format: str, *, title: str | None = None) -> bytes:
    """Return the picture of :func:`plot_race` as the bytes of a file, 1200 by 800 pixels if it has pixels.

    Parameters
    ----------
    race, title
        As in :func:`plot_race`.
    image_format : {"png", "svg", "pdf"}
        Format of the file. Equal pictures give equal bytes.

    Raises
    ------
    ValueError
        As in :func:`plot_race`.
    """

    def draw(figure: Any) -> None:
        plot_race(race, figure.subplots(), title=title)

    return render(draw, image_format, (9.0, 6.0))


def _draw(ax: Axes, record: Record, place: int, left: float, right: float) -> None:
    gaps = np.sort(record.gaps[np.isfinite(record.gaps)])
    shares = np.arange(1, len(gaps) + 1) / record.runs
    x = np.concatenate([[left], np.maximum(gaps, left), [right]])
    y = np.concatenate([[0.0], shares, [shares[-1] if len(shares) else 0.0]])
    style = place % len(_COLOURS)
    low, high = record.share_range
    reach = f"{100 * low:.3g} %" if low == high else f"{100 * low:.3g} to {100 * high:.3g} %"
    ax.step(
        x,
        y,
        where="post",
        color=_COLOURS[style],
        linestyle=_LINES[style],
        marker=_MARKERS[style],
        markevery=max(1, len(x) // 12),
        markersize=6,
        linewidth=2.0,
        label=f"{record.title}: {reach} of {record.runs}",
        zorder=3,
    )


def _power(tick: float) -> str:
    return f"$10^{{{round(math.log10(tick))}}}$"


def _title(race: Comparison) -> str:
    loss, width = race.truth.best_known, race.optimum.width
    if race.truth.closed:
        return f"width {width}: the optimum is {loss:.5g}, proven"
    return f"width {width}: the optimum is between {race.truth.lower_bound:.5g} and {loss:.5g}"
