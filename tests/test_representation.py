"""Tests of relucomb.representation: sums of maxima, their reduction, and networks of the depth of Theorem 2.2.1."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import ceil, log2
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc
from relucomb.representation import SumOfMaxima

small = st.integers(-3, 3)


@st.composite
def matrices(draw: st.DrawFn, n: int, rows: int) -> tuple[Any, Any]:
    """Draw a matrix and a vector of small integers, with repeated and parallel rows often enough."""
    count = draw(st.integers(1, rows))
    A = draw(st.lists(st.lists(small, min_size=n, max_size=n), min_size=count, max_size=count))
    return A, draw(st.lists(small, min_size=count, max_size=count))


@st.composite
def sums(draw: st.DrawFn, rows: int = 6) -> SumOfMaxima:
    """Draw one to three terms on R^1 to R^3."""
    n = draw(st.integers(1, 3))
    terms = draw(st.lists(st.tuples(st.fractions(-2, 2, max_denominator=2), matrices(n, rows)), min_size=1, max_size=3))
    return SumOfMaxima([(c, A, b) for c, (A, b) in terms])


def literal(f: SumOfMaxima, x: list[Fraction]) -> Fraction:
    """Evaluate with Python's sums and maxima and nothing else."""
    value = Fraction(0)
    for c, A, b in f.terms:
        value += c * max(sum((p * q for p, q in zip(row, x, strict=True)), s) for row, s in zip(A, b, strict=True))
    return value


@given(sums(), st.data())
def test_evaluation_is_the_definition(f: SumOfMaxima, data: st.DataObject) -> None:
    """Exact values at rational points."""
    point = st.lists(st.fractions(-4, 4, max_denominator=5), min_size=f.inputs, max_size=f.inputs)
    points: Any = data.draw(st.lists(point, min_size=1, max_size=5))
    assert f.evaluate_exact(points).tolist() == [literal(f, x) for x in points]


@settings(deadline=None)
@given(sums(), st.data())
def test_reduction_shortens_and_keeps_the_function(f: SumOfMaxima, data: st.DataObject) -> None:
    """At most n + 1 functions in each maximum, the same value everywhere."""
    reduced = f.reduced()
    assert reduced.longest <= f.inputs + 1
    point = st.lists(st.fractions(-9, 9, max_denominator=5), min_size=f.inputs, max_size=f.inputs)
    points: Any = data.draw(st.lists(point, min_size=1, max_size=8))
    assert reduced.evaluate_exact(points).tolist() == f.evaluate_exact(points).tolist()


@settings(max_examples=60, deadline=None)
@given(sums(), st.booleans(), st.data())
def test_networks_are_equal_and_of_the_depth_of_the_theorem(f: SumOfMaxima, reduce: bool, data: st.DataObject) -> None:
    """Depth ≤ ⌈log(n+1)⌉ + 1 when reduced, ⌈log r⌉ + 1 otherwise; equal at every point."""
    net = f.network(reduce=reduce)
    assert net.is_exact
    longest = f.inputs + 1 if reduce else max(1, f.longest)
    assert net.depth <= ceil(log2(longest)) + 1
    assert f.depth_of_theorem == ceil(log2(f.inputs + 1)) + 1
    point = st.lists(st.fractions(-9, 9, max_denominator=5), min_size=f.inputs, max_size=f.inputs)
    points: Any = data.draw(st.lists(point, min_size=1, max_size=8))
    assert net.evaluate_exact(points).tolist() == f.evaluate_exact(points).tolist()


@settings(max_examples=30, deadline=None)
@given(sums(rows=4).filter(lambda f: f.inputs <= 2))
def test_networks_are_equal_everywhere(f: SumOfMaxima) -> None:
    """The difference of the network and of the tree of binary maxima is one piece, the zero map."""
    zero: Any = zero_network(f.inputs)
    tree = zero
    for c, A, b in f.terms:
        leaves = [rc.ReLUNetwork([row[None, :]], [[s]]) for row, s in zip(A, b, strict=True)]
        tree = tree + c * rc.maximum(*leaves)
    [piece] = rc.pieces(f.network() - tree)
    assert not piece.matrix.any()
    assert not piece.vector.any()


def zero_network(n: int) -> rc.ReLUNetwork:
    """Return the affine network of the zero function."""
    return rc.ReLUNetwork([[[0] * n]], [[0]])


@given(st.lists(matrices(2, 3), min_size=1, max_size=4), st.lists(st.tuples(small, small), min_size=1, max_size=5))
def test_maxima_of_minima(groups: list[tuple[Any, Any]], points: list[tuple[int, int]]) -> None:
    """Inclusion and exclusion gives the lattice form, groups of any shape, repeated ones included."""
    f = SumOfMaxima.max_of_minima(groups)
    expected = [
        max(min(a * x + c * y + s for (a, c), s in zip(A, b, strict=True)) for A, b in groups) for x, y in points
    ]
    assert f.evaluate_exact(points).tolist() == expected
    assert f.network().evaluate_exact(points).tolist() == expected


def test_the_function_of_proposition_two_five_two() -> None:
    """max(0, x1, x2) takes two hidden layers, three units and one."""
    net = SumOfMaxima.max([[0, 0], [1, 0], [0, 1]], [0, 0, 0]).network()
    assert net.widths == (2, 3, 1, 1)
    grid: Any = list(product(range(-2, 3), repeat=2))
    assert net.evaluate_exact(grid).tolist() == [max(0, *point) for point in grid]


@pytest.mark.parametrize("r", [2, 3, 4, 5, 8, 9])
def test_sizes_of_single_maxima(r: int) -> None:
    """On R^(r-1) nothing is reduced; the tree has ⌈log r⌉ hidden layers and fewer units than the lemma's 4(2r-1)."""
    A = np.eye(r - 1, dtype=int)
    net = SumOfMaxima.max([[0] * (r - 1), *A.tolist()], [0] * r).network()
    assert net.depth == ceil(log2(r)) + 1
    assert net.size <= 3 * (r - 1) + 2 * net.depth < 4 * (2 * r - 1)


def test_affine_functions_and_constants_need_no_layer() -> None:
    """Maxima of one function have depth 1; equal maxima that cancel leave nothing."""
    assert SumOfMaxima.max([[1, 2]], [3]).network() == rc.ReLUNetwork([[[1, 2]]], [[3]])
    f = SumOfMaxima.max([[1], [2]], [0, 0])
    assert (f - f).terms == []
    assert (f - f).longest == 0
    assert (f - f).network() == zero_network(1)
    assert SumOfMaxima([], inputs=2).network() == zero_network(2)


def test_dominated_and_repeated_functions() -> None:
    """A function below another disappears; a repeated one counts once."""
    f = SumOfMaxima.max([[1], [1], [1], [0]], [0, 0, -5, 0])
    assert f.longest == 3
    assert f.reduced().longest == 2
    assert f.reduced().network().size <= 3


def test_a_long_maximum_in_the_plane() -> None:
    """Twenty tangents of a parabola-like surface reduce in seconds to maxima of three."""
    A: Any = [[t, t * t % 7] for t in range(20)]
    f = SumOfMaxima.max(A, [-(t * t) for t in range(20)])
    net = f.network()
    assert net.depth == 3
    grid: Any = list(product(range(-4, 45, 7), repeat=2))
    assert net.evaluate_exact(grid).tolist() == f.evaluate_exact(grid).tolist()


def test_arithmetic() -> None:
    """Sums, differences and multiples are those of the functions."""
    f, g = SumOfMaxima.max([[1], [0]], [0, 0]), SumOfMaxima.max([[-1], [0]], [0, 0])
    points: Any = [[-2], [0], [3]]
    assert (f + g).evaluate_exact(points).tolist() == [2, 0, 3]
    assert (f - g).evaluate_exact(points).tolist() == [-2, 0, 3]
    assert (Fraction(1, 2) * f).evaluate_exact(points).tolist() == [0, 0, Fraction(3, 2)]
    assert repr(f + g) == "<SumOfMaxima on R^1: 2 maxima of at most 2>"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SumOfMaxima([]), "inputs must be given if there is no term"),
        (lambda: SumOfMaxima.max([[1, 2]], [1, 2]), r"term 0 must have a matrix with a row for each entry"),
        (lambda: SumOfMaxima.max(np.zeros((0, 2)), []), r"one at least; got shapes \(0, 2\) and \(0,\)"),
        (lambda: SumOfMaxima([(1, [[1]], [0]), (1, [[1, 2]], [0])]), "term 1 must have 1 columns"),
        (lambda: SumOfMaxima.max([[float("nan")]], [0]), "every entry must be finite"),
        (lambda: SumOfMaxima.max_of_minima([]), "groups must be 1 to 16; got 0"),
        (lambda: SumOfMaxima.max_of_minima([([[1]], [0])] * 17), "groups must be 1 to 16; got 17"),
        (lambda: SumOfMaxima.max_of_minima([([[1]], [0]), ([[1, 2]], [0])]), "one number of columns"),
        (lambda: SumOfMaxima.max([[1]], [0]) + SumOfMaxima.max([[1, 2]], [0]), "must have 1 inputs; got 2"),
        (lambda: SumOfMaxima.max([[1]], [0]).evaluate_exact([[1, 2]]), r"X must have shape \(N, 1\)"),
    ],
)
def test_bad_arguments(call: Any, message: str) -> None:
    """The message names the term and what is legal."""
    with pytest.raises(ValueError, match=message):
        call()
