"""The oracles agree with one another and with values worked out by hand or published."""

from __future__ import annotations

from fractions import Fraction

import naive
import naive_floats
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SQUARE = [[-1, -1], [-1, 1], [1, -1], [1, 1]]
XOR = [-1, 1, 1, -1]


@st.composite
def tiny_data(draw: st.DrawFn) -> tuple[list[list[int]], list[int]]:
    """Draw up to five points on a small grid (so that duplicates and collinear points abound) and labels."""
    n = draw(st.integers(1, 2))
    points = draw(st.lists(st.lists(st.integers(-2, 2), min_size=n, max_size=n), min_size=1, max_size=5))
    labels = draw(st.lists(st.integers(-3, 3), min_size=len(points), max_size=len(points)))
    return points, labels


def patterns_of_cells(X: list[list[int]], hidden_bias: bool) -> set[tuple[bool, ...]]:
    """Turn the sign vectors of the cells into activation patterns."""
    return {tuple(s > 0 for s in cell) for cell in naive.cells(tuple(naive.lifted_rows(X, hidden_bias)))}


def test_published_numbers_of_dichotomies() -> None:
    """Cover's 58 for D=8 in the plane; 104 for the vertices of the 3-cube, 58 for the 3x3 grid."""
    rng = np.random.default_rng(3)
    assert len(naive.strict_dichotomies(rng.normal(size=(8, 2)))) == naive.cover_count(8, 2) == 58
    cube = [[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    grid = [[x, y] for x in range(3) for y in range(3)]
    assert len(patterns_of_cells(cube, True)) == 104
    assert len(patterns_of_cells(grid, True)) == 58
    assert len(naive.strict_dichotomies(grid)) == 58


def test_four_points_have_fourteen_dichotomies() -> None:
    """Four general points of the plane have 14 dichotomies, where the source's 2 C(D, n) says 12."""
    found = naive.strict_dichotomies(SQUARE)
    assert len(found) == 14
    assert (True, False, False, True) not in found


@settings(max_examples=60, deadline=None)
@given(tiny_data(), st.booleans())
def test_elimination_and_cells_find_the_same_dichotomies(data: tuple[list[list[int]], list[int]], bias: bool) -> None:
    """Fourier-Motzkin over all sign vectors and the recursion over rays agree, degenerate points included."""
    assert naive.strict_dichotomies(data[0], bias) == patterns_of_cells(data[0], bias)


def test_one_unit_on_three_points_by_hand() -> None:
    """On 0, 1, 2 with labels 0, 1, 0: one unit reaches 2/9 (the constant 1/3), two units interpolate."""
    X, y = [[0], [1], [2]], [0, 1, 0]
    assert naive.exact_optimum(X, y, 1).value == Fraction(2, 9)
    assert naive.exact_optimum(X, y, 2).value == 0
    assert naive.exact_optimum(X, y, 1, loss="absolute").value == Fraction(1, 3)
    # with an output bias the last point gets a unit of its own, and the constant 1/2 serves the other two
    assert naive.exact_optimum(X, y, 1, output_bias=True).value == Fraction(1, 6)


def test_exclusive_or_by_hand() -> None:
    """XOR with an output bias: two units interpolate; one unit serves one corner, the constant the other three."""
    assert naive.exact_optimum(SQUARE, XOR, 2, output_bias=True).value == 0
    assert naive.exact_optimum(SQUARE, XOR, 1, output_bias=True, loss="hinge").value == Fraction(1, 2)
    # the constant is the other corners' mean 1/3: 4/9 + 4/9 + 16/9 over four points
    assert naive.exact_optimum(SQUARE, XOR, 1, output_bias=True).value == Fraction(2, 3)


@pytest.mark.parametrize("loss", ["squared", "absolute", "hinge"])
@settings(max_examples=15, deadline=None)
@given(tiny_data(), st.booleans(), st.booleans(), st.integers(1, 2))
def test_floats_agree_with_rationals(
    loss: str, data: tuple[list[list[int]], list[int]], hidden_bias: bool, output_bias: bool, width: int
) -> None:
    """The mid-speed references, with and without shared proofs, find the exact optimum."""
    X, y = data[0][:4], [2 * (label > 0) - 1 if loss == "hinge" else label for label in data[1][:4]]
    exact = float(naive.exact_optimum(X, y, width, hidden_bias, output_bias, loss).value)
    for share in (True, False):
        if loss == "squared":
            found = naive_floats.enumerate_squared(X, y, width, hidden_bias, output_bias, share)
        else:
            found = naive_floats.enumerate_linear(X, y, width, hidden_bias, output_bias, loss, share)
        assert found == pytest.approx(exact, abs=1e-10)


def test_shared_proofs_change_nothing_on_larger_data() -> None:
    """D=7, n=2, width 2, noise labels: pruned and unpruned searches agree, and width 3 is no worse."""
    rng = np.random.default_rng(5)
    X, y = rng.integers(-9, 10, (7, 2)), rng.integers(-9, 10, 7)
    pruned = naive_floats.enumerate_squared(X, y, 2)
    assert pruned == pytest.approx(naive_floats.enumerate_squared(X, y, 2, share_proofs=False), rel=1e-10)
    assert naive_floats.enumerate_squared(X, y, 3) <= pruned


def test_opposite_signs_in_one_cell_are_an_affine_fit() -> None:
    """Labels that are affine in x and change sign need two opposite units with one pattern: loss 0."""
    X = [[0, 0], [1, 0], [0, 1], [2, 3]]
    y = [3 * a - 2 * b - 1 for a, b in X]
    assert naive.exact_optimum(X, y, 2).value == 0
    assert naive_floats.enumerate_squared(X, y, 2) == pytest.approx(0, abs=1e-12)


def test_network_loss_is_the_definition() -> None:
    """Hand evaluation of a small network with every loss."""
    X, y, weights, signs = [[0], [2]], [1, -1], [[1, Fraction(1, 2)], [1, -1]], [1, -1]
    assert naive.network_predictions(X, weights, signs, 1) == (Fraction(3, 2), Fraction(5, 2))
    assert naive.network_loss(X, y, weights, signs, 1) == Fraction(25, 4)
    assert naive.network_loss(X, y, weights, signs, 1, loss="absolute") == 2
    assert naive.network_loss(X, y, weights, signs, 1, loss="hinge") == Fraction(7, 4)
    assert naive.network_loss(X, y, weights, signs, 1, loss="huber") == Fraction(25, 8)
    expected = (np.log1p(np.exp(-1.5)) + np.log1p(np.exp(2.5))) / 2
    assert naive.network_loss(X, y, weights, signs, 1, loss="logistic") == pytest.approx(expected)


def test_smooth_reference_reaches_the_squared_optimum_where_huber_is_squared() -> None:
    """Labels in [-1/2, 1/2] leave every optimal residual below 1, where huber and squared loss coincide."""
    X, y = [[0], [1], [2], [3]], [0.5, -0.25, 0.5, -0.5]
    huber = naive_floats.enumerate_smooth(X, y, 1)
    assert huber == pytest.approx(float(naive.exact_optimum(X, y, 1).value), abs=1e-7)
