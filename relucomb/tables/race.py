"""The table of races: how many runs of common optimisers reach the global optimum that is proven."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from relucomb.tables.table import Column, Option, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from relucomb.racing import Comparison
    from relucomb.tables.table import Cell

    Data = tuple[NDArray[np.float64], NDArray[np.float64]]

ALGORITHMS = ("gd", "sgd", "adam", "l-bfgs", "noisy-gd")
NOISE = 0.3
SEED = 0
TIME_LIMIT = 120.0
"""Seconds for each proof."""
HARDEST, MOST_POINTS = 5, 200
"""Greatest sum of n and w, less by one for more points than that: proofs beyond take many minutes."""


def _rows(
    points: tuple[int, ...], n: tuple[int, ...], w: tuple[int, ...], runs: tuple[int], steps: tuple[int]
) -> Iterator[tuple[Cell, ...]]:
    from relucomb.racing import compare

    for name, (X, y) in _data(points, n):
        for width in w:
            if X.shape[1] + width > HARDEST - (len(X) > MOST_POINTS):
                continue
            race = compare(
                X,
                y,
                width,
                ALGORITHMS,
                runs[0],
                steps={name: steps[0] for name in ALGORITHMS if name != "l-bfgs"},
                time_limit=TIME_LIMIT,
                workers=os.cpu_count() or 1,
            )
            if race.termination == "interrupted":
                raise KeyboardInterrupt
            yield (name, *X.shape, width, _optimum(race), runs[0], *_counts(race))


def _data(points: tuple[int, ...], n: tuple[int, ...]) -> Iterator[tuple[str, Data]]:
    from relucomb import instances
    from relucomb.datasets import DATASETS, dataset

    for name in DATASETS:
        X, y = dataset(name)
        if X.shape[1] in n:
            yield name, (X, y)
    for D in points:
        for dimension in n:
            yield "teacher", instances.teacher(D, dimension, 2, NOISE, SEED)
    for dimension in n:
        yield "noise", instances.noise(points[0], dimension, SEED)


def _optimum(race: Comparison) -> str:
    truth = race.truth
    return f"{truth.best_known:.6g}" if truth.closed else f"{truth.lower_bound:.6g}–{truth.best_known:.6g}"


def _counts(race: Comparison) -> tuple[Cell, ...]:
    best = min(record.quantile(0.0) for record in race.records)
    polished = max(record.polished_hits for record in race.records)
    return (*(record.hits for record in race.records), polished, _share(best))


def _share(gap: float) -> str:
    return "0 %" if gap < 1e-5 else f"{100 * gap:.2g} %"


RECIPE = Recipe(
    "race",
    "How many runs of common optimisers reach the certified optimum",
    (
        Column("data", "data"),
        Column("points", "D"),
        Column("n", "n"),
        Column("w", "w"),
        Column("optimum", "optimum"),
        Column("runs", "runs"),
        Column("gd", "gd", "reach it"),
        Column("sgd", "sgd", "reach it"),
        Column("adam", "adam", "reach it"),
        Column("lbfgs", "l-bfgs", "reach it"),
        Column("noisy_gd", "noisy-gd", "reach it"),
        Column("polished", "best", "polished"),
        Column("best_gap", "best gap of all"),
    ),
    _rows,
    {
        "points": Option((30, 100), 2, 10_000, "D, the number of points of teachers; of noise the first of them"),
        "n": Option((1, 2, 3), 1, 8, "the dimension; data sets have 1 or 2"),
        "w": Option((1, 2, 3), 1, 8, "the number of hidden units"),
        "runs": Option((200,), 1, 100_000, "the number of runs of each optimiser", single=True),
        "steps": Option((50_000,), 1, 10**8, "the number of steps of a run", single=True),
    },
    (
        "The optimum is the least mean squared loss of a network with w hidden units with biases and no output bias, "
        f"proven by rc.erm; a proof not closed within {TIME_LIMIT:g} seconds shows as an interval, "
        "and then only runs that provably reach the optimum are counted. "
        "A run reaches it if its loss exceeds it by at most 0.1 %.",
        "All optimisers start a seed at the same weights and get standardised data; step sizes are the "
        "defaults of rc.compare. Polished: how many runs of the best optimiser end in a basin of the optimum, that is, "
        "reach it when a descent to a stationary point follows. The best gap is that of the best of all runs of all "
        "optimisers.",
        f"Teachers have two units and noise of deviation {NOISE:g}; the labels of noise have nothing to do with the "
        f"points. Rows with n + w > {HARDEST}, and with n + w = {HARDEST} and more than {MOST_POINTS} points, are left "
        "out, because their proofs take long. Counts may differ by a few between machines, since rounding decides "
        "where some runs go.",
    ),
)
