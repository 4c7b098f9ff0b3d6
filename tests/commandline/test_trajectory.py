"""The iterates of a run as CSV."""

from __future__ import annotations

import csv
import io

from relucomb.commandline.trajectory import trajectory_csv
from relucomb.training import glm_tron, noisy_gradient_descent


def test_every_kept_iterate_is_a_row() -> None:
    """Updates, loss, distance, every bound, every weight: floats that are read back as they are."""
    run = glm_tron([[0.6, 0.8], [1.0, 0.0]], [1.4, 1.0], w_star=[1, 1], steps=7)
    rows = list(csv.reader(io.StringIO(trajectory_csv(run, ["a", "b, c"]))))
    assert rows[0][:3] == ["updates", "loss", "distance"]
    assert rows[0][3] == "least L̃ so far (Theorem 3.5.2)"
    assert rows[0][-2:] == ["w:a", "w:b, c"]
    assert [int(row[0]) for row in rows[1:]] == list(range(8))
    assert [float(row[1]) for row in rows[1:]] == run.losses.tolist()
    assert [[float(entry) for entry in row[-2:]] for row in rows[1:]] == run.trajectory.tolist()
    assert {len(row) for row in rows} == {3 + len(run.bounds) + 2}


def test_what_is_not_finite_is_empty() -> None:
    """Distances without w*, and iterates of a run that diverged."""
    run = noisy_gradient_descent([[1.0], [-1.0]], [1.0, 1.0], w_0=[2.0], step_size=1e3, steps=2000)
    last = trajectory_csv(run, ["x"]).splitlines()[-1]
    assert last == f"{run.updates},,,"
