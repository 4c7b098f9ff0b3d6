"""The benchmark's rivals run in processes of their own."""

from __future__ import annotations

import importlib.util
import math
import sys
from pathlib import Path
from typing import Any

import pytest

import relucomb as rc


@pytest.fixture
def rival_process(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import the module from the folder of scripts."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "scripts"))
    yield importlib.import_module("benchmarks.rival_process")
    for name in [name for name in sys.modules if name.split(".")[0] == "benchmarks"]:
        del sys.modules[name]


@pytest.mark.skipif(importlib.util.find_spec("highspy") is None, reason="needs the extra bench")
def test_a_rival_answers_from_its_process(rival_process: Any) -> None:
    """HiGHS finds the optimum of a tiny instance, within its box."""
    X, y = rc.teacher(5, 1, 1, 0.3, 0)
    result = rival_process.solve_apart(X, y, 1, "absolute", 20.0)
    assert (result.solver, result.failure, result.proven) == ("HiGHS", "", True)
    assert result.loss == pytest.approx(rc.erm(X, y, 1, loss="absolute").loss, rel=1e-4)


def test_a_rival_that_dies_or_hangs_harms_nobody(rival_process: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed by the clock, by a signal or by an error: nothing is proven, and the result says how it ended."""
    X, y = rc.teacher(5, 1, 1, 0.3, 0)
    late = rival_process.solve_apart(X, y, 1, "absolute", 5.0, grace=-5.0)
    assert late.failure.startswith("killed after")
    assert not late.proven
    assert math.isinf(late.loss)
    for code, words in (("import os; os.abort()", "SIGABRT"), ("raise SystemExit('out of luck')", "out of luck")):
        real = rival_process.subprocess.run
        with monkeypatch.context() as patch:
            command = [sys.executable, "-c", code]
            patch.setattr(
                rival_process.subprocess, "run", lambda _, command=command, real=real, **k: real(command, **k)
            )
            assert words in rival_process.solve_apart(X, y, 1, "squared", 5.0).failure
