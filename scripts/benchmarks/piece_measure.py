"""Time and memory of rc.count_pieces: warm, in a fresh interpreter, in a process of its own."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import relucomb as rc
from benchmarks.piece_networks import as_network, draw

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.piece_networks import Instance

ENOUGH = 1.0
"""Seconds of runs after which three of them are enough; fast ones are repeated up to :data:`MOST_RUNS` times."""

MOST_RUNS = 9
SCRIPTS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Timing:
    """What was returned, and medians of wall and CPU seconds over the runs."""

    value: Any
    seconds: float
    cpu: float


def timed(function: Callable[[], Any]) -> Timing:
    """Call three to nine times."""
    times: list[tuple[float, float]] = []
    while len(times) < 3 or (len(times) < MOST_RUNS and sum(wall for wall, _ in times) < ENOUGH):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        value = function()
        times.append((time.perf_counter() - begin, time.process_time() - begin_cpu))
    seconds, cpu = (statistics.median(column) for column in zip(*times, strict=True))
    return Timing(value, seconds, cpu)


def warm_up() -> None:
    """Compile everything that is measured later, in this process."""
    for inputs in (1, 2, 3):
        net = as_network(draw((inputs, 4, 3, 1), "k/1024", 0))
        rc.piece_census(net)
        rc.count_pieces(net, "activation", [(-1, 1)] * inputs)
    square = as_network(draw((2, 4, 3, 1), "0…±1", 0))
    rc.piece_census(square)


_START_UP = """
import json, time
begin, begin_cpu = time.perf_counter(), time.process_time()
import relucomb as rc
net = rc.ReLUNetwork([[[1, 0], [1, 2], [3, -1]], [[1, -2, 1]]], [[0, 1, 2], [0]])
times = []
for kind in ("activation", "affine"):
    rc.count_pieces(net, kind)
    times.append((time.perf_counter() - begin, time.process_time() - begin_cpu))
print(json.dumps(times))
"""


def start_up() -> list[tuple[str, list[list[float]]]]:
    """Time a fresh interpreter up to its first counts, with no compiled kernels and with those of the run before.

    Returns wall and CPU seconds until the first count of the kind "activation", and then of "affine".
    """
    with tempfile.TemporaryDirectory() as cache:
        return [
            (name, json.loads(_child(_START_UP, NUMBA_CACHE_DIR=cache)))
            for name in ("first call, nothing compiled", "later start")
        ]


_PEAK = """
import json, sys
import benchmarks
import relucomb as rc
from benchmarks.piece_networks import Instance

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

*what, kind = json.loads(sys.argv[1])
net = Instance(*what).network()
rc.count_pieces(rc.ReLUNetwork([[[1, 0], [1, 2], [3, -1]], [[1, -2, 1]]], [[0, 1, 2], [0]]), kind)
before = peak()
rc.count_pieces(net, kind)
print(json.dumps([before, peak()]))
"""


def peak_memory(instance: Instance, kind: str) -> tuple[float, float] | None:
    """Return the greatest resident memory of a process that counts, before that and in all, in MiB.

    It is read from ``/proc``, since what ``getrusage`` tells of a process includes its parent's; None elsewhere.
    """
    if not Path("/proc/self/status").exists():
        return None
    what = json.dumps([instance.widths, instance.entries, kind])
    before, after = json.loads(_child(_PEAK, what))
    return before / 2**10, after / 2**10


def _child(program: str, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, **environment},
        cwd=SCRIPTS,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
