"""Matrices of Boolean functions."""

from __future__ import annotations

import numpy as np
import pytest

import relucomb as rc
from relucomb.sign_rank.communication import communication_matrix


def test_entries() -> None:
    """Every entry is the value at the point that row and column make up, for any division of the variables."""
    table = np.random.default_rng(0).integers(0, 2, 32)
    f = rc.boolean.BooleanFunction(table)
    for rows in ([0, 1], [3, 1], [], [4, 2, 0], [0, 1, 2, 3, 4]):
        A = communication_matrix(f, rows)
        others = [i for i in range(5) if i not in rows]
        assert A.shape == (2 ** len(rows), 2 ** len(others))
        for x in range(A.shape[0]):
            for y in range(A.shape[1]):
                point = sum((x >> k & 1) << i for k, i in enumerate(rows))
                point += sum((y >> k & 1) << i for k, i in enumerate(others))
                assert A[x, y] == 2 * table[point] - 1


def test_named_matrices_are_those_of_functions() -> None:
    """Inner product of two bits each."""
    table = [((k & 1) * (k >> 2 & 1) + (k >> 1 & 1) * (k >> 3 & 1)) % 2 for k in range(16)]
    f = rc.boolean.BooleanFunction(table)
    assert np.array_equal(communication_matrix(f), rc.sign_matrix("inner-product", 2))


@pytest.mark.parametrize("rows", [[0, 0], [5], [-1]])
def test_wrong_variables(rows: list[int]) -> None:
    """Variables are named once and exist."""
    with pytest.raises(ValueError, match="rows must be different variables from 0 to 4"):
        communication_matrix(rc.boolean.BooleanFunction([0, 1] * 16), rows)
