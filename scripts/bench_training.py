"""Measure the training of gates and races of optimisers beside what is wanted and beside plain numpy.

    python scripts/bench_training.py            about two minutes
    python scripts/bench_training.py --write    the same, and replaces the tables of docs/benchmarks.md
    python scripts/bench_training.py --quick    smaller numbers, nothing to quote

Wall time, compilation excluded. Rates of numpy and of memory are measured in turn with ours, five times; ratios are
medians over those turns, because the machine may be shared.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING

import numpy as np
from benchmarks import page
from threadpoolctl import threadpool_limits

import relucomb as rc
from relucomb.training import BallNoise, Gaussian, GaussianNoise, exit_experiment, glm_tron, relu_gate_sgd
from relucomb_solvers import gate_sgd
from relucomb_solvers import glm_tron as tron

if TYPE_CHECKING:
    from collections.abc import Callable

TURNS = 5


def seconds_of(function: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def in_turn(*functions: Callable[[], object]) -> list[list[float]]:
    """Return the times of each function over some turns, one after the other in every turn."""
    for function in functions:
        function()
    turns = [[seconds_of(function) for function in functions] for _ in range(TURNS)]
    return [list(column) for column in zip(*turns, strict=True)]


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median over the turns of our time divided by theirs."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def glm_tron_rows(quick: bool) -> list[list[str]]:
    """Measure an update of GLM-Tron beside two reads of the matrix and beside two products of numpy."""
    rows = []
    for S, n in ((10_000, 50), (100_000, 50), (1_000, 10)):
        random = np.random.default_rng(0)
        X = random.normal(size=(S, n))
        X /= np.linalg.norm(X, axis=1).max()
        y = np.maximum(X @ random.normal(size=n), 0.0)
        updates = max(1, (2_000_000 if quick else 20_000_000) // (S * n))
        gate, flat, w = tron.Gate(X, y, y, 0.0), X.reshape(-1), np.zeros(n)

        def ours(gate: tron.Gate = gate, n: int = n, updates: int = updates) -> None:
            tron.advance(gate, tron.new_trace(np.zeros(n)), 1.0, 0, updates)

        def read(flat: np.ndarray = flat, updates: int = updates) -> None:
            for _ in range(2 * updates):
                flat @ flat

        def products(X: np.ndarray = X, y: np.ndarray = y, w: np.ndarray = w, updates: int = updates) -> None:
            for _ in range(updates):
                (y - np.maximum(X @ w, 0.0)) @ X

        with threadpool_limits(1):
            times = in_turn(ours, read, products)
        each = 1e6 * statistics.median(times[0]) / updates
        rows.append(
            [f"{S:,} × {n}", f"{each:.0f} µs", f"{ratio(times[0], times[1]):.2f}", f"{ratio(times[0], times[2]):.2f}"]
        )
    return rows


def stream_rows(quick: bool) -> list[list[str]]:
    """Measure steps per second of Algorithm 2, and of the same loop in numpy."""
    n, steps = 10, 500_000 if quick else 5_000_000
    w_star = np.random.default_rng(0).normal(size=n)
    step = 1 / (n * (n + 2))
    X = np.random.default_rng(1).normal(size=(10_000, n))
    y = np.maximum(X @ w_star, 0.0)
    law = Gaussian.standard(n)

    def plain(count: int = 20_000) -> None:
        random, w = np.random.default_rng(0), np.zeros(n)
        for _ in range(count):
            x = random.standard_normal(n)
            label = max(0.0, float(w_star @ x))
            if label > 0:
                w += step * (label - w @ x) * x

    def numbers_only(count: int = steps) -> None:
        random, buffer = np.random.default_rng(0), np.empty((4096, n))
        for _ in range(count // 4096):
            random.standard_normal(out=buffer)

    def engine() -> None:
        order = np.random.default_rng(0).integers(0, len(X), steps)
        gate_sgd.stream(X, y, order, np.zeros(n), step)

    drawn = in_turn(lambda: relu_gate_sgd(law, w_star=w_star, steps=steps), plain, numbers_only)
    data = in_turn(lambda: relu_gate_sgd(X, y, steps=steps), engine)
    return [
        ["Gaussian points, drawn", f"{steps / statistics.median(drawn[0]) / 1e6:.1f}", "5"],
        ["rows of data", f"{steps / statistics.median(data[0]) / 1e6:.1f}", "5"],
        ["the engine alone, rows of data", f"{steps / statistics.median(data[1]) / 1e6:.1f}", ""],
        ["drawing 10 normal numbers a step, alone", f"{steps / statistics.median(drawn[2]) / 1e6:.1f}", ""],
        ["the loop in numpy", f"{20_000 / statistics.median(drawn[1]) / 1e6:.2f}", ""],
    ]


def whole_rows(quick: bool) -> list[list[str]]:
    """Measure whole tasks: many noisy runs, a race, one run of GLM-Tron."""
    random = np.random.default_rng(0)
    X = random.normal(size=(100, 5))
    X /= np.linalg.norm(X, axis=1).max()
    runs, steps = (100, 2_000) if quick else (1000, 10_000)

    def noisy(workers: int) -> float:
        return seconds_of(
            lambda: exit_experiment(
                X,
                np.ones(5),
                step_size=1e-3,
                steps=steps,
                noise_1=BallNoise(5, 0.1),
                noise_2=GaussianNoise([0.01] * 5),
                runs=runs,
                workers=workers,
            )
        )

    points, labels = rc.teacher(100, 2, 2, 0.3, seed=0)
    rc.compare(points, labels, 2, seeds=2)
    big = random.normal(size=(10_000, 50))
    big /= np.linalg.norm(big, axis=1).max()
    answers = np.maximum(big @ np.ones(50), 0.0)
    seeds = 20 if quick else 200
    noisy(1)
    return [
        [f"{runs} noisy runs of {steps:,} steps, S = 100, n = 5, 2 threads", page.seconds(noisy(2)), "20"],
        ["the same, 1 thread", page.seconds(noisy(1)), ""],
        [
            f"race of 5 algorithms × {seeds} seeds, D = 100, n = 2, w = 2, proof included, 2 threads",
            page.seconds(seconds_of(lambda: rc.compare(points, labels, 2, seeds=seeds, workers=2))),
            "60",
        ],
        [
            "GLM-Tron, 1000 updates at 10,000 × 50, all recorded",
            page.seconds(seconds_of(lambda: glm_tron(big, answers, w_star=np.ones(50), steps=1000))),
            "",
        ],
    ]


def fairness_rows(quick: bool) -> list[list[str]]:
    """Compare our optimisers with scikit-learn's on the same data: nobody is to say that ours were hobbled."""
    from warnings import catch_warnings, simplefilter

    from sklearn.neural_network import MLPRegressor

    rows = []
    for seed in range(1 if quick else 3):
        points, labels = rc.teacher(100, 2, 2, 0.3, seed=seed)
        race = rc.compare(points, labels, 2, ("l-bfgs", "adam"), seeds=200, output_bias=True, workers=2)
        optimum = race.optimum.loss
        standard = (points - points.mean(axis=0)) / points.std(axis=0)
        scaled = (labels - labels.mean()) / labels.std()
        cells = [f"teacher {seed}"]
        for ours, solver, options in (
            ("l-bfgs", "lbfgs", {"max_iter": 10_000, "max_fun": 10**6, "tol": 1e-10}),
            ("adam", "adam", {"max_iter": 2_000, "learning_rate_init": 0.01, "n_iter_no_change": 2_000, "tol": 1e-12}),
        ):
            hits = 0
            trials = 20 if quick or solver == "adam" else 200
            for start in range(trials):
                size = {"hidden_layer_sizes": (2,), "batch_size": 100, "alpha": 0.0}
                model = MLPRegressor(**size, solver=solver, random_state=start, **options)
                with catch_warnings():
                    simplefilter("ignore")
                    model.fit(standard, scaled)
                loss = float(np.mean((model.predict(standard) - scaled) ** 2)) * labels.var()
                hits += loss <= optimum * (1 + 1e-3)
            cells += [page.per_cent(race[ours].fraction), page.per_cent(hits / trials)]
        rows.append(cells)
    return rows


def main() -> None:
    """Print the tables, and write them if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller numbers")
    parser.add_argument("--write", action="store_true", help="replace the tables of docs/benchmarks.md")
    arguments = parser.parse_args()
    quick = arguments.quick
    machine = page.machine({"relucomb": "relucomb", "numpy": "numpy", "numba": "numba", "scikit-learn": "scikit-learn"})
    heads = {
        "tron": ("points", "an update", "ratio to two reads of them", "ratio to two products of numpy, one thread"),
        "stream": ("Algorithm 2, n = 10", "million steps a second", "wanted"),
        "whole": ("whole tasks", "s", "wanted, s"),
        "fair": ("reached within 0.1 %", "L-BFGS, ours", "scikit-learn's", "Adam, ours", "scikit-learn's"),
    }
    parts = [page.table(heads[key], rows(quick)) for key, rows in PARTS.items()]
    text = "\n\n".join([f"Measured on {machine}", *parts])
    print(text)
    if arguments.write:
        page.replace_part("training", text)


PARTS = {"tron": glm_tron_rows, "stream": stream_rows, "whole": whole_rows, "fair": fairness_rows}

if __name__ == "__main__":
    main()
