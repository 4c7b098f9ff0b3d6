"""Draw how solve time grows with D, w and n, beside how often plain local search finds the optimum.

    python scripts/plot_scaling.py --write           # measure, draw docs/images/scaling.png, tell docs/benchmarks.md
    python scripts/plot_scaling.py --redraw          # draw again from docs/images/scaling.csv
    python scripts/plot_scaling.py --largest 30 --limit 5 --image elsewhere.png

The numbers behind the picture go into a CSV file beside it.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, geometric_mean
from typing import TYPE_CHECKING

from benchmarks import measure, page
from benchmarks.local_search import descend_from_random_weights, hit_fraction

import relucomb as rc
from relucomb.atomic_write import write_atomically

if TYPE_CHECKING:
    from matplotlib.axes import Axes

IMAGE = Path(__file__).resolve().parent.parent / "docs" / "images" / "scaling.png"
SIZES = (10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000)
SERIES = ((2, 1), (2, 2), (2, 3), (3, 2))
"""Dimension and width."""

# Okabe and Ito's colours, told apart by the colour-blind; the markers differ too
STYLE = {(2, 1): ("#0072B2", "o"), (2, 2): ("#E69F00", "s"), (2, 3): ("#D55E00", "^"), (3, 2): ("#009E73", "D")}


@dataclass(frozen=True, slots=True)
class Measured:
    """One data set: seconds to the proof (or to the limit), and the share of starts that hit the optimum."""

    n: int
    width: int
    points: int
    seed: int
    seconds: float
    proven: bool
    starts: int
    hits: float


def main() -> int:
    """Measure and draw."""
    options = _arguments()
    table = options.image.with_suffix(".csv")
    if options.redraw:
        measured = _read(table)
    else:
        measured = _measure(options)
        _write(table, measured)
    _draw(measured, options.image)
    if options.write:
        page.replace_part(
            "scaling",
            f"![Time to the proof against the number of points, and the share of local searches that hit]"
            f"(images/scaling.png)\n\n{page.machine()} At most {options.limit:g} s per solve, "
            f"seeds 0–{options.seeds - 1}, {options.starts} starts of local search for each data set; numbers in "
            f"[scaling.csv](images/scaling.csv).",
        )
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for one solve (default 60)")
    parser.add_argument("--seeds", type=int, default=2, help="data sets per point of the plot (default 2)")
    parser.add_argument("--starts", type=int, default=200, help="local searches per data set (default 200)")
    parser.add_argument("--largest", type=int, default=SIZES[-1], help=f"largest D (default {SIZES[-1]})")
    parser.add_argument("--image", type=Path, default=IMAGE, help="the picture (default docs/images/scaling.png)")
    parser.add_argument("--redraw", action="store_true", help="measure nothing, draw from the CSV file")
    parser.add_argument("--write", action="store_true", help="tell in docs/benchmarks.md what was measured")
    options = parser.parse_args()
    if options.write and (options.redraw or options.image != IMAGE):
        parser.error("--write tells of a new measurement in docs/images; leave out --redraw and --image")
    return options


def _measure(options: argparse.Namespace) -> list[Measured]:
    """Follow every series up to the size at which no seed is proven any more."""
    measure.warm_up()
    measured: list[Measured] = []
    for n, width in SERIES:
        for points in (size for size in SIZES if size <= options.largest):
            for seed in range(options.seeds):
                X, y = rc.teacher(points, n, width, 0.3, seed)
                result = rc.erm(X, y, width, time_limit=options.limit)
                if result.termination == "interrupted":
                    raise KeyboardInterrupt  # the solver takes Ctrl-C as the wish for what it has
                hits = math.nan
                if result.status == "optimal" and options.starts:
                    losses = descend_from_random_weights(X, y, width, "squared", starts=options.starts, seed=seed)
                    hits = hit_fraction(losses, result.loss, y)
                one = Measured(n, width, points, seed, result.seconds, result.status == "optimal", options.starts, hits)
                print(one, file=sys.stderr, flush=True)
                measured.append(one)
            if not any(one.proven for one in measured[-options.seeds :]):
                break
    return measured


def _write(path: Path, measured: list[Measured]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["n", "width", "points", "seed", "seconds", "proven", "starts", "hits"])
    for one in measured:
        values = (
            one.n,
            one.width,
            one.points,
            one.seed,
            f"{one.seconds:.4g}",
            int(one.proven),
            one.starts,
            f"{one.hits:g}",
        )
        writer.writerow(values)
    write_atomically(path, text.getvalue())


def _read(path: Path) -> list[Measured]:
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Measured(
                int(row["n"]),
                int(row["width"]),
                int(row["points"]),
                int(row["seed"]),
                float(row["seconds"]),
                row["proven"] == "1",
                int(row["starts"]),
                float(row["hits"]),
            )
            for row in csv.DictReader(file)
        ]


def _draw(measured: list[Measured], image: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"font.size": 13, "axes.spines.top": False, "axes.spines.right": False})
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5), dpi=100, layout="constrained")
    starts = max((one.starts for one in measured), default=0) or 1
    floor = 0.5 / starts
    for series in SERIES:
        some = [one for one in measured if (one.n, one.width) == series]
        if some:
            _draw_series(left, right, series, some, floor)
    sizes = sorted({one.points for one in measured})
    for axes in (left, right):
        axes.set(xscale="log", yscale="log", xlabel="points D")
        ticks = [size for size in (10, 20, 50, 100, 200, 500, 1000) if sizes[0] <= size <= sizes[-1]]
        axes.set_xticks(ticks, [str(size) for size in ticks])
        axes.set_xticks([], minor=True)
        axes.grid(True, which="major", color="0.9")
        axes.set_axisbelow(True)
    left.set_ylabel("seconds to the proof")
    left.set_title("Certified optimum: time", fontsize=14)
    left.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    left.plot([], [], "o", color="0.3", markerfacecolor="white", markersize=7, label="no proof")
    figure.legend(loc="outside lower center", ncols=len(SERIES) + 1, frameon=False, fontsize=12)
    right.set_title("Plain multi-start local search: luck", fontsize=14)
    right.set_ylabel("starts that hit the optimum")
    shares = [share for share in (0.001, 0.01, 0.1, 1.0) if share > 1.5 * floor]
    right.set_yticks([floor, *shares], ["none", *(f"{100 * share:g} %" for share in shares)])
    right.set_yticks([], minor=True)
    right.set_ylim(0.7 * floor, 1.4)
    right.axhline(1.4 * floor, color="0.6", linewidth=1, linestyle=":")
    figure.savefig(image)
    plt.close(figure)


def _draw_series(left: Axes, right: Axes, series: tuple[int, int], some: list[Measured], floor: float) -> None:
    colour, marker = STYLE[series]
    text = f"n = {series[0]}, w = {series[1]}"
    sizes = sorted({one.points for one in some})
    means = [geometric_mean(one.seconds for one in some if one.points == size) for size in sizes]
    left.plot(sizes, means, color=colour, linewidth=2)
    left.plot([], [], color=colour, marker=marker, linewidth=2, markersize=7, label=text)
    for one in some:
        face = colour if one.proven else "white"
        left.plot(one.points, one.seconds, marker, color=colour, markerfacecolor=face, markersize=7)
    apart = 1.02 ** (2 * list(STYLE).index(series) - 3)  # many are at "none"
    known = [one for one in some if not math.isnan(one.hits)]
    solved = sorted({one.points for one in known})
    shares = [fmean(one.hits for one in known if one.points == size) for size in solved]
    right.plot([size * apart for size in solved], [max(share, floor) for share in shares], color=colour, linewidth=2)
    for one in known:
        right.plot(one.points * apart, max(one.hits, floor), marker, color=colour, markersize=7)


if __name__ == "__main__":
    sys.exit(main())
