"""The iterates of a run as CSV."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relucomb.training.result import TrainingResult


def trajectory_csv(result: TrainingResult, names: Sequence[str]) -> str:
    """Return one row for each kept iterate: the number of updates, loss, distance, bounds, weights.

    Parameters
    ----------
    result : TrainingResult
        The run.
    names : sequence of str
        Names of the weights.

    Examples
    --------
    >>> from relucomb.training import glm_tron
    >>> run = glm_tron([[1.0]], [2.0], steps=1)
    >>> print(trajectory_csv(run, ["x"]), end="")
    updates,loss,distance,w:x
    0,4.0,,0.0
    1,0.0,,2.0
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    bounds = [f"{bound.quantity} ({bound.theorem})" for bound in result.bounds]
    writer.writerow(["updates", "loss", "distance", *bounds, *(f"w:{name}" for name in names)])
    for k, step in enumerate(result.steps.tolist()):
        values = [result.losses[k], result.distances[k], *(bound.values[k] for bound in result.bounds)]
        writer.writerow([step, *map(_cell, values), *map(_cell, result.trajectory[k])])
    return file.getvalue()


def _cell(value: float) -> str:
    return repr(float(value)) if math.isfinite(value) else ""
