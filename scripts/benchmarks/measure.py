"""One timed call of the product, and what many of them say together."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

import relucomb as rc
from benchmarks import page
from benchmarks.instances import PROOF, Instance
from benchmarks.local_search import descend_from_random_weights, hit_fraction

if TYPE_CHECKING:
    from collections.abc import Sequence

WANTED = {"gap": 1e-9, "abs_gap": 1e-12}
"""Proofs to a relative 1e-9: the default absolute gap would let small losses off with less."""


@dataclass(frozen=True, slots=True)
class Run:
    """One solve: wall and CPU seconds, and what it proved."""

    seed: int
    seconds: float
    cpu: float
    nodes: int
    status: str
    termination: str
    loss: float
    gap: float
    hits: float | None
    best_start: float | None

    @property
    def proven(self) -> bool:
        """Say whether the optimum is proven."""
        return self.status == "optimal"


def solve(instance: Instance, seed: int, limit: float, starts: int) -> Run:
    """Solve one instance, then see how far ``starts`` local searches come (none for piecewise-linear fits)."""
    X, y = instance.load(seed)
    begin, begin_cpu = time.perf_counter(), time.process_time()
    if instance.pieces:
        result = rc.fit_piecewise_linear(X[:, 0], y, instance.width, loss=instance.loss, time_limit=limit, **WANTED)
    else:
        search_seed = 0 if instance.drawn else seed
        result = rc.erm(X, y, instance.width, loss=instance.loss, time_limit=limit, seed=search_seed, **WANTED)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    hits, best = None, None
    if starts and not instance.pieces:
        losses = descend_from_random_weights(X, y, instance.width, instance.loss, starts=starts, seed=seed)
        best = float(losses.min())
        if result.status == "optimal":
            hits = hit_fraction(losses, result.loss, y)
    return Run(
        seed,
        seconds,
        cpu,
        result.nodes,
        str(result.status),
        str(result.termination),
        result.loss,
        result.gap,
        hits,
        best,
    )


def judge(runs: Sequence[Run], wanted: float | str | None, limit: float) -> str:
    """Compare with a target: "✓", "✗", or "?" if the limit ended what might still have reached it.

    A run without a proof counts as slower than any with one.
    """
    if wanted is None:
        return "–"
    if isinstance(wanted, str):
        return f"{PROOF} " + ("✓" if all(run.proven for run in runs) else "✗")
    median = statistics.median(run.seconds if run.proven else np.inf for run in runs)
    cut_short = limit < wanted and any(run.termination == "time_limit" for run in runs)
    mark = "✓" if median <= wanted else "?" if np.isinf(median) and cut_short else "✗"
    return f"{wanted:g} s {mark}"


def result_row(instance: Instance, runs: Sequence[Run], limit: float) -> list[str]:
    """Return the cells of the table of results."""
    times = [run.seconds for run in runs]
    proven = sum(run.proven for run in runs)
    median = statistics.median(run.seconds if run.proven else np.inf for run in runs)
    stopped = sorted({run.termination for run in runs if not run.proven})
    hits = [run.hits for run in runs if run.hits is not None]
    return [
        instance.name,
        page.seconds(median) if np.isfinite(median) else "no proof" if "inaccurate" in stopped else f"> {limit:g}",
        f"{page.seconds(min(times))}–{page.seconds(max(times))}",
        page.seconds(statistics.median(run.cpu for run in runs)),
        f"{statistics.median(run.nodes for run in runs):,.0f}",
        f"{proven} of {len(runs)}" + (f" ({', '.join(stopped)})" if stopped else ""),
        page.per_cent(max(run.gap for run in runs)),
        judge(runs, instance.reach, limit),
        judge(runs, instance.aim, limit),
        f"{page.per_cent(statistics.median(hits))}" if hits else "–",
    ]


HEADER = (
    "instance",
    "median s",
    "min–max s",
    "CPU s",
    "nodes",
    "proven",
    "worst gap",
    "reach",
    "aim",
    "starts that hit",
)

_CHILD = """
import json, time
begin = time.perf_counter()
import relucomb as rc
X, y = rc.teacher(20, 2, 1, 0.3, 0)
times = []
rc.erm(X, y, 1)
times.append(time.perf_counter() - begin)
rc.erm(X, y, 1, loss="absolute")
rc.fit_piecewise_linear(X[:, 0], y, 2)
X, y = rc.teacher(12, 5, 1, 0.3, 0)
rc.erm(X, y, 1)
times.append(time.perf_counter() - begin)
print(json.dumps(times))
"""


def warm_up() -> None:
    """Compile everything that is measured later, in this process."""
    X, y = rc.teacher(20, 2, 1, 0.3, 0)
    for loss in ("squared", "absolute"):
        rc.erm(X, y, 1, loss=loss)
    rc.erm(X, np.where(y > y.mean(), 1.0, -1.0), 1, loss="hinge")
    rc.fit_piecewise_linear(X[:, 0], y, 2)
    for n in (3, 5, 8):
        X, y = rc.teacher(12, n, 1, 0.3, 0)
        rc.erm(X, y, 1, time_limit=10.0)


def start_up() -> str:
    """Time a fresh interpreter up to its first answer, with no compiled kernels and with those of the run before."""
    rows = []
    with tempfile.TemporaryDirectory() as cache:
        for name in ("first call, nothing compiled", "later start"):
            done = subprocess.run(
                [sys.executable, "-c", _CHILD],
                env={**os.environ, "NUMBA_CACHE_DIR": cache},
                capture_output=True,
                text=True,
                check=True,
            )
            one, all_kernels = json.loads(done.stdout)
            rows.append([name, page.seconds(one), page.seconds(all_kernels)])
    header = ("fresh interpreter", "s to the first answer", "s with other losses, pwl and n = 5 too")
    return page.table(header, rows) + "\n\nWanted: the first call under 30 s, later starts under 1 s."


def peak_memory() -> float:
    """Return the greatest resident memory of this process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
