"""Dependent generators: the witness, where the search has to look for it."""

from __future__ import annotations

import numpy as np
import pytest

from relucomb.zonotopes.position import dependent_rows
from relucomb_solvers.arrangement import arrange


@pytest.mark.parametrize(
    ("rows", "witness"),
    [
        ([[1, 0], [0, 0], [0, 1]], (1,)),
        ([[1, 2], [3, 1], [-2, -4]], (0, 2)),
        ([[1, 0, 0], [0, 1, 0], [1, 1, 0]], (0, 1, 2)),
        ([[0], [1], [2]], (0,)),
        ([[1], [2], [-3]], None),
        ([[1, 0, 0], [0, 1, 0]], None),
        # dependent among the last three of many, where all planes along them are void
        ([[1, 1, 1, 1, 1], [1, 2, 4, 8, 16], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [1, 1, 0, 0, 0]], (2, 3, 4)),
        ([[1, t, t * t, t**3] for t in range(-4, 5)], None),
    ],
)
def test_witness(rows: list[list[int]], witness: tuple[int, ...] | None) -> None:
    """Zero before parallel before more; none in general position."""
    assert dependent_rows(rows, arrange(rows)) == witness


def test_one_dependence_among_many() -> None:
    """Any place is found."""
    rng = np.random.default_rng(0)
    for _ in range(10):
        rows = rng.integers(-(10**6), 10**6, size=(9, 5))
        places = np.sort(rng.choice(9, size=4, replace=False))
        rows[places[3]] = rows[places[:3]].sum(axis=0)
        table = rows.tolist()
        assert dependent_rows(table, arrange(table)) == tuple(places.tolist())
