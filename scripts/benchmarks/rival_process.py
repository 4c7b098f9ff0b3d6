"""A rival in a process of its own: what its solver does to memory or to the clock ends with it.

    python -m benchmarks.rival_process < job.json > result.json

:func:`solve_apart` runs this command.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.rivals import SOLVER, Floats, RivalResult, solve_by_rival

GRACE = 30.0
"""Seconds beyond its cap after which a rival is killed: solvers look at the clock when they like."""


def solve_apart(X: Floats, y: Floats, width: int, loss: str, cap: float, grace: float = GRACE) -> RivalResult:
    """Solve as :func:`benchmarks.rivals.solve_by_rival`, in a fresh process that is killed after ``cap + grace``.

    A process that dies proves nothing; the result's ``failure`` says how it ended.
    """
    job = json.dumps({"X": X.tolist(), "y": y.tolist(), "width": width, "loss": loss, "cap": cap})
    command = [sys.executable, "-m", "benchmarks.rival_process"]
    try:
        done = subprocess.run(
            command,
            input=job,
            capture_output=True,
            text=True,
            cwd=Path(__file__).resolve().parents[1],
            timeout=max(0.0, cap + grace),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _failed(loss, cap + grace, f"killed after {cap + grace:g} s")
    if done.returncode != 0:
        code = done.returncode
        last = (done.stderr.strip().splitlines() or [""])[-1]
        return _failed(
            loss, cap, (signal.Signals(-code).name if code < 0 else f"exit code {code}") + f" {last}".rstrip()
        )
    return RivalResult(**json.loads(done.stdout.splitlines()[-1]))


def _failed(loss: str, seconds: float, failure: str) -> RivalResult:
    return RivalResult(SOLVER[loss], np.inf, 0.0, seconds, np.nan, np.nan, failure)


def main() -> int:
    """Read a job, solve it, write the result as the last line."""
    job = json.load(sys.stdin)
    result = solve_by_rival(np.array(job["X"]), np.array(job["y"]), job["width"], job["loss"], job["cap"])
    print(json.dumps(asdict(result)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
