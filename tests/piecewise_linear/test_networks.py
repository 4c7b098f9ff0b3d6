"""Tests of relucomb.piecewise_linear.networks: the function of a network with one input, of any depth."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import naive_piecewise as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_input_networks import layers_of, networks

from relucomb.networks import ReLUNetwork
from relucomb.piecewise_linear.function import PiecewiseLinear
from relucomb.piecewise_linear.networks import factors_of_rank_one, product


def sawtooth(steps: list[Fraction]) -> PiecewiseLinear:
    """Return the function h of Definition 5 with M = 1 and these steps in (0, 1), by hand."""
    x = [Fraction(0), *steps, Fraction(1)]
    y = [Fraction(k % 2) for k in range(len(x))]
    slopes = [(v - u) / (t - s) for (s, t), (u, v) in zip(pairwise(x), pairwise(y), strict=True)]
    return PiecewiseLinear(x[:-1], [0, *slopes])


def tower(steps: list[list[Fraction]]) -> ReLUNetwork:
    """Return the network of the composition of such functions, one hidden layer for each."""
    net = sawtooth(steps[0]).to_network()
    for more in steps[1:]:
        net = sawtooth(more).to_network().compose(net)
    return net


@given(networks())
def test_the_function_of_a_network_is_that_of_the_oracle(net: ReLUNetwork) -> None:
    """Dead units, coincident kinks, zero rows, constants, tiny and huge numbers: same pieces."""
    f = PiecewiseLinear.from_network(net)
    found = [
        (*(None if abs(end) == math.inf else end for end in (left, right)), slope, intercept)
        for left, right, slope, intercept in f.pieces()
    ]
    assert found == naive.pieces(naive.of_network(layers_of(net)))


@given(networks(), networks(), st.fractions(-9, 9, max_denominator=7))
def test_operations_on_networks_and_on_functions_agree(f: ReLUNetwork, g: ReLUNetwork, x: Fraction) -> None:
    """Composition and sum, and the exact values."""
    F, G = PiecewiseLinear.from_network(f), PiecewiseLinear.from_network(g)
    assert PiecewiseLinear.from_network(f.exact().compose(g.exact())) == F.compose(G)
    assert PiecewiseLinear.from_network(f.exact() + g.exact()) == F + G
    assert F(x) == f.evaluate_exact([[x]])[0]


@given(networks())
def test_the_number_of_pieces_is_bounded_by_the_widths(net: ReLUNetwork) -> None:
    """Lemma 2.A.6, and the sharper product of all (w + 1)."""
    pieces, widths = PiecewiseLinear.from_network(net).count_pieces(), net.widths[1:-1]
    assert pieces <= math.prod(w + 1 for w in widths)
    if widths:
        assert pieces <= 2 ** (len(widths) - 1) * (widths[0] + 1) * math.prod(widths[1:])


@pytest.mark.parametrize("width", [1, 2, 3])
def test_random_networks_reach_the_oracle_in_floats_too(width: int) -> None:
    """Weights from a normal distribution: long numerators, general position."""
    rng = np.random.default_rng(width)
    for _ in range(5):
        widths = [1, width, width + 1, width, 1]
        weights = [rng.normal(size=(m, n)) for n, m in pairwise(widths)]
        net = ReLUNetwork(weights, [rng.normal(size=m) for m in widths[1:]])
        f = PiecewiseLinear.from_network(net)
        assert len(f.pieces()) == len(naive.pieces(naive.of_network(layers_of(net))))
        assert f.breakpoints == f.minimal().breakpoints


@pytest.mark.parametrize(
    ("weights", "biases", "expected"),
    [
        ([[[0]]], [[5]], PiecewiseLinear.affine(0, 5)),
        ([[[2]]], [[5]], PiecewiseLinear.affine(2, 5)),
        ([[[1]], [[0]]], [[0], [5]], PiecewiseLinear.affine(0, 5)),
        ([[[0]], [[1]]], [[-1], [5]], PiecewiseLinear.affine(0, 5)),
        ([[[1], [1]], [[1, -1]]], [[0, 0], [0]], PiecewiseLinear.affine(0)),
        ([[[1], [-1]], [[1, -1]]], [[0, 0], [0]], PiecewiseLinear.affine(1)),
        ([[[1], [2]], [[2, -1]], [[1]]], [[0, 0], [0], [1]], PiecewiseLinear.affine(0, 1)),
        ([[[1], [-1]], [[1, 1]], [[1]]], [[0, 0], [0], [0]], PiecewiseLinear([0], [-1, 1])),
        ([[[1]], [[1], [1]], [[1, 1]]], [[0], [0, -1], [0]], PiecewiseLinear([0, 1], [0, 1, 2])),
    ],
    ids=["constant", "line", "unused", "dead", "cancelling", "opposite", "flat zero", "touching zero", "kept flat"],
)
def test_degenerate_networks(weights: Any, biases: Any, expected: PiecewiseLinear) -> None:
    """Units that do nothing, and kinks that cancel, leave no trace."""
    assert PiecewiseLinear.from_network(ReLUNetwork(weights, biases)) == expected


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("w", [2, 3, 4, 5])
def test_towers_have_as_many_pieces_as_they_should(w: int, k: int) -> None:
    """w^k on [0, 1]; on R one or two more (w + 1 for k = 1)."""
    rng = np.random.default_rng(10 * w + k)
    for steps in (
        [[Fraction(j, w) for j in range(1, w)]] * k,
        [sorted({Fraction(int(j), 97) for j in rng.choice(np.arange(1, 97), w - 1, replace=False)}) for _ in range(k)],
    ):
        f = PiecewiseLinear.from_network(tower(steps))
        expected = PiecewiseLinear.affine(1)
        for step in steps:
            expected = sawtooth(step).compose(expected)
        assert f == expected
        assert f.count_pieces((0, 1)) == w**k
        assert f.count_pieces() == w**k + (1 if w % 2 or k == 1 else 2)


@pytest.mark.parametrize(("w", "k"), [(10, 5), (2, 17), (316, 2)])
def test_networks_with_a_hundred_thousand_pieces(w: int, k: int) -> None:
    """They are counted as networks, not by the formula, in 64 bits."""
    f = PiecewiseLinear.from_network(tower([[Fraction(j, w) for j in range(1, w)]] * k))
    assert (f.count_pieces((0, 1)), f.arithmetic) == (w**k, "int64")


def test_other_networks_are_refused() -> None:
    """One input and one output; the message says how many there are."""
    with pytest.raises(ValueError, match="one input and one output; got 2 and 1"):
        PiecewiseLinear.from_network(ReLUNetwork([[[1, 1]]], [[0]]))
    with pytest.raises(ValueError, match="one input and one output; got 1 and 2"):
        PiecewiseLinear.from_network(ReLUNetwork([[[1], [1]]], [[0, 0]]))


@pytest.mark.parametrize("size", [1, 2**26, 2**31, 2**32, 2**61, 2**70])
def test_products_do_not_round_or_overflow(size: int) -> None:
    """Floats, 64-bit integers and Python's integers give the same product."""
    rng = np.random.default_rng(0)
    X, Y = (rng.integers(-3, 4, shape).astype(object) * size + 1 for shape in ((4, 3), (3, 2)))
    narrow = [array.astype(np.int64) if size < 2**60 else array for array in (X, Y)]
    assert (product(*narrow) == X @ Y).all()


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=3), st.lists(st.integers(-3, 3), min_size=1, max_size=3))
def test_matrices_of_rank_one_are_factored(column: list[int], row: list[int]) -> None:
    """Also with huge entries; with one entry changed, or all zero, they are not."""
    for scale in (1, 10**30):
        matrix = np.outer(np.array(column, dtype=object), np.array(row, dtype=object)) * scale
        factors = factors_of_rank_one(matrix)
        if not any(column) or not any(row):
            assert factors is None
            continue
        assert factors is not None
        assert (np.outer(*factors) == matrix).all()
    assert factors_of_rank_one(np.array([[1, 2, 3], [2, 4, 7]])) is None
