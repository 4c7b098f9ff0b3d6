"""Tests that run every engine on inputs so tiny that its kernels can run as plain Python or with bounds checks.

``.ci/run`` runs the tests with the mark ``kernels`` twice more: with ``NUMBA_DISABLE_JIT=1``, where an integer that
overflows or an index out of bounds is an error of Python, and with ``NUMBA_BOUNDSCHECK=1``.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import naive
import pytest

import relucomb as rc

pytestmark = pytest.mark.kernels

INSTANCES = {
    "hat": ([[0], [1], [2]], [0, 1, 0], 1),
    "zigzag": ([[0], [1], [2], [3]], [0, 1, 0, 1], 2),
    "exclusive or": ([[0, 0], [1, 0], [0, 1], [1, 1]], [0, 1, 1, 0], 1),
    "repeated point": ([[0], [0], [1], [1]], [0, 1, 2, 2], 1),
    "points on a line": ([[0, 0], [1, 1], [2, 2]], [1, 0, 2], 2),
    "more units than points": ([[0], [1]], [1, -1], 3),
}


@pytest.mark.parametrize("loss", ["squared", "absolute"])
@pytest.mark.parametrize("biases", [{}, {"output_bias": True}, {"hidden_bias": False}], ids=str)
@pytest.mark.parametrize("name", INSTANCES)
def test_the_optimum_is_that_of_the_exact_oracle(name: str, biases: dict[str, bool], loss: str) -> None:
    """Branch and bound proves the value that exact enumeration finds."""
    X, y, width = INSTANCES[name]
    result = rc.erm(X, y, width, loss=loss, **biases)
    assert result.status == "optimal"
    assert result.loss == pytest.approx(float(naive.exact_optimum(X, y, width, loss=loss, **biases).value), abs=1e-8)


@pytest.mark.parametrize("biases", [{}, {"output_bias": True}], ids=str)
def test_the_hinge_optimum_is_that_of_the_exact_oracle(biases: dict[str, bool]) -> None:
    """Labels −1 and 1 that no single unit parts."""
    X, y = [[0], [1], [2]], [1, -1, 1]
    result = rc.erm(X, y, 1, loss="hinge", **biases)
    assert result.status == "optimal"
    assert result.loss == pytest.approx(float(naive.exact_optimum(X, y, 1, loss="hinge", **biases).value), abs=1e-8)


def test_many_dimensions_and_few_points() -> None:
    """Three points in the corners of space can be fitted exactly."""
    result = rc.erm([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], [1, 2, 3], 1)
    assert result.status == "optimal"
    assert result.loss == pytest.approx(0, abs=1e-8)


def test_the_best_function_with_two_pieces() -> None:
    """A roof is found as it is."""
    fit = rc.fit_piecewise_linear([0, 1, 2, 3, 4], [0, 1, 2, 1, 0], 2)
    assert fit.loss == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("X", "number"),
    [
        ([[0], [1], [1], [2]], 6),
        ([[0, 0], [1, 0], [0, 1], [1, 1]], 14),
        (list(product(range(3), repeat=2)), 58),
        (list(product([0, 1], repeat=3)), 104),
        ([[Fraction(1, 3)], [Fraction(2, 3)], [10**20]], 6),
    ],
    ids=["line", "square", "grid", "cube", "large numbers"],
)
def test_dichotomies_are_counted_and_listed(X: Any, number: int) -> None:
    """Known numbers, by both engines, each dichotomy once."""
    assert rc.count_dichotomies(X) == number
    assert len({tuple(active) for active in rc.dichotomies(X)}) == number == sum(1 for _ in rc.dichotomies(X))
