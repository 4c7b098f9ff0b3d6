"""Tests of relucomb.networks: networks as functions, and the lemmas of appendix 2.A as exact identities."""

from __future__ import annotations

import copy
import itertools
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.networks import ReLUNetwork, maximum

small = st.integers(-3, 3)
points = st.lists(st.fractions(-4, 4, max_denominator=6), min_size=2, max_size=2)


def literal(net: ReLUNetwork, x: list[Fraction]) -> list[Fraction]:
    """Evaluate one point with Python's sums and nothing else."""
    for k, (W, b) in enumerate(zip(net.weights, net.biases, strict=True)):
        z = [max(Fraction(0), entry) for entry in x] if k else x
        x = [sum((p * q for p, q in zip(row, z, strict=True)), start) for row, start in zip(W, b, strict=True)]
    return x


@st.composite
def networks(draw: st.DrawFn, inputs: int = 2, outputs: int = 1) -> ReLUNetwork:
    """Draw a network of one to four layers with small integers and halves, kept exact."""
    widths = [inputs, *draw(st.lists(st.integers(1, 3), max_size=3)), outputs]
    weights, biases = [], []
    for n, m in itertools.pairwise(widths):
        weights.append(draw(st.lists(st.lists(small, min_size=n, max_size=n), min_size=m, max_size=m)))
        biases.append(draw(st.lists(st.fractions(-2, 2, max_denominator=2), min_size=m, max_size=m)))
    return ReLUNetwork(weights, biases)


def hat() -> ReLUNetwork:
    """Return the hat with top 1 at 1, zero outside [0, 2]."""
    return ReLUNetwork([[[1], [1], [1]], [[1, -2, 1]]], [[0, -1, -2], [0]])


def test_depth_size_and_widths() -> None:
    """They count affine layers, hidden units, and units layer by layer with both ends."""
    net = ReLUNetwork([np.ones((3, 2)), np.ones((4, 3)), np.ones((1, 4))], [np.zeros(3), np.zeros(4), np.zeros(1)])
    assert (net.depth, net.size, net.widths) == (3, 7, (2, 3, 4, 1))
    assert repr(net) == "<ReLUNetwork 2-3-4-1, float64>"
    affine = ReLUNetwork([[[1, 2]]], [[0]])
    assert (affine.depth, affine.size, affine.widths) == (1, 0, (2, 1))
    assert repr(affine) == "<ReLUNetwork 2-1, exact>"


def test_one_output_gives_a_vector_and_more_a_matrix() -> None:
    """The last axis is dropped exactly when there is one output, for floats and for fractions, for no point too."""
    one, two = ReLUNetwork([[[1.0]]], [[0.0]]), ReLUNetwork([[[1.0], [2.0]]], [[0.0, 0.0]])
    for count in (0, 1, 3):
        X = np.zeros((count, 1))
        assert one(X).shape == one.evaluate_exact(X).shape == (count,)
        assert two(X).shape == two.evaluate_exact(X).shape == (count, 2)


@given(networks(outputs=2), st.lists(points, max_size=4))
def test_exact_evaluation_is_the_definition(net: ReLUNetwork, X: list[list[Fraction]]) -> None:
    """Integers over a common denominator give what plain sums of fractions give."""
    assert net.evaluate_exact(np.array(X, dtype=object).reshape(-1, 2)).tolist() == [literal(net, x) for x in X]


@given(networks(), st.lists(st.tuples(small, small), min_size=1, max_size=4))
def test_float_evaluation_agrees_where_floats_are_exact(net: ReLUNetwork, X: list[tuple[int, int]]) -> None:
    """Small integers and halves are added and multiplied without rounding."""
    assert net(X).dtype == np.float64
    assert net(X).tolist() == net.evaluate_exact(X).tolist()


@given(networks(inputs=2), networks(inputs=2, outputs=2), points)
def test_composition(f: ReLUNetwork, g: ReLUNetwork, x: list[Fraction]) -> None:
    """Lemma 2.A.2: the value is f(g(x)); hidden layers and units add up."""
    h = f.compose(g)
    assert h.evaluate_exact([x])[0] == literal(f, literal(g, x))[0]
    assert h.depth == f.depth + g.depth - 1
    assert h.size == f.size + g.size


@given(networks(outputs=2), networks(outputs=2), points)
def test_addition(f: ReLUNetwork, g: ReLUNetwork, x: list[Fraction]) -> None:
    """Lemma 2.A.3: values add; so do sizes, apart from 2 units for each output and layer of padding."""
    h = f + g
    assert h.evaluate_exact([x]).tolist() == [[p + q for p, q in zip(literal(f, x), literal(g, x), strict=True)]]
    assert h.depth == max(f.depth, g.depth)
    assert h.size == f.size + g.size + 4 * abs(f.depth - g.depth)


@given(st.lists(networks(outputs=2), min_size=1, max_size=5), points)
def test_maximum(nets: list[ReLUNetwork], x: list[Fraction]) -> None:
    """Lemma 2.A.4: the value is the greatest in each output; the depth grows by the height of the tree."""
    h = maximum(*nets)
    assert h.evaluate_exact([x]).tolist() == [
        [max(column) for column in zip(*(literal(f, x) for f in nets), strict=True)]
    ]
    assert h.depth <= max(f.depth for f in nets) + (len(nets) - 1).bit_length()


@pytest.mark.parametrize("m", range(1, 10))
def test_size_and_depth_of_the_maximum_of_m_coordinates(m: int) -> None:
    """Three units for each maximum of two, ⌈log m⌉ hidden layers; with m a power of two nothing is padded.

    The lemma allows ``4(2m - 1)`` units.
    """
    rows = np.eye(m, dtype=int)
    net = maximum(*(ReLUNetwork([rows[k : k + 1]], [[0]]) for k in range(m)))
    assert net.depth == 1 + (m - 1).bit_length()
    assert net.size <= 4 * (2 * m - 1)
    if m & (m - 1) == 0:
        assert net.size == 3 * (m - 1)
    x = [3, 1, 4, 1, 5, 9, 2, 6, 5][:m]
    assert net([x]) == [max(x)]


@given(networks(), st.fractions(-3, 3, max_denominator=4), points)
def test_numbers_scale_and_shift(f: ReLUNetwork, c: Fraction, x: list[Fraction]) -> None:
    """Multiples, constants, differences and the sign act on the value."""
    y = literal(f, x)[0]
    for net, value in [
        (c * f, c * y), (f * c, c * y), (f + c, y + c), (c + f, y + c), (-f, -y), (f - c, y - c), (c - f, c - y),
        (f - 2 * f, -y), (sum([f, f]), 2 * y),
    ]:  # fmt: skip
        assert net.evaluate_exact([x]).tolist() == [value]


def test_floats_stay_floats_until_a_fraction_comes() -> None:
    """Integers and floats leave a network in floats as it is; a fraction or an exact network makes it exact."""
    f = ReLUNetwork([[[0.5]], [[-1.0]]], [[0.0], [2.0]])
    for net in (f + 1, 2 * f, np.float64(2) * f, f + 0.5, -f, f - f, f.compose(f), maximum(f, f)):
        assert not net.is_exact
        assert net.weights[0].dtype == np.float64
    for net in (f + Fraction(1, 3), Fraction(1, 3) * f, f + hat(), f.compose(hat()), maximum(f, f, hat()), f.exact()):
        assert net.is_exact
        assert all(type(entry) is Fraction for W in net.weights for entry in W.flat)


def test_which_entries_make_a_network_exact() -> None:
    """A fraction anywhere, or integers everywhere."""
    assert ReLUNetwork([[[1]], [[2]]], [[0], [0]]).is_exact
    assert ReLUNetwork([[[0.5]], [[Fraction(1, 3)]]], [[0], [0]]).is_exact
    assert not ReLUNetwork([[[0.5]], [[-1]]], [[0], [0]]).is_exact
    assert ReLUNetwork([np.array([[2**70]], dtype=object)], [[0]]).evaluate_exact([[1]]).tolist() == [2**70]


def test_exact_composition_does_not_round() -> None:
    """Sixty tents after one another need 60 bits and more; the exact network has them, floats do not."""
    third = Fraction(1, 3)
    tent = ReLUNetwork([[[1], [1]], [[2, -4]]], [[0, Fraction(-1, 2)], [0]])
    net = tent
    for _ in range(59):
        net = net.compose(tent)
    assert net.evaluate_exact([[third]]).tolist() == [Fraction(2, 3)]
    assert net.size == 120
    assert net([[1 / 3]]).tolist() != [2 / 3]


def test_entries_cannot_be_changed_from_outside() -> None:
    """The arrays are copies, and read-only."""
    W = np.array([[1.0]])
    net = ReLUNetwork([W], [[0.5]])
    W[0, 0] = 7.0
    assert net([[1.0]]).tolist() == [1.5]
    with pytest.raises(ValueError, match="read-only"):
        net.weights[0][0, 0] = 7.0


def test_equality_is_that_of_the_entries() -> None:
    """Fractions and floats compare by value; shape, one entry or another type make a difference."""
    net = ReLUNetwork([[[0.5]]], [[0.25]])
    assert net == net.exact()
    assert hash(net) == hash(net.exact())
    assert net != ReLUNetwork([[[0.5]]], [[Fraction(1, 3)]])
    assert net != ReLUNetwork([[[0.5, 0.0]]], [[0.25]])
    assert net != 0.5
    assert ReLUNetwork([[[0.1]]], [[0]]) != ReLUNetwork([[[Fraction(1, 10)]]], [[0]])


def test_copies_and_pickles_are_equal_and_read_only() -> None:
    """Networks travel to other processes."""
    for net in (hat(), ReLUNetwork([[[0.1]]], [[-0.0]])):
        for twin in (pickle.loads(pickle.dumps(net)), copy.deepcopy(net)):
            assert twin == net
            assert twin.is_exact == net.is_exact
            assert not twin.weights[0].flags.writeable


@pytest.mark.parametrize(
    ("weights", "biases", "message"),
    [
        ([], [], "one layer at least; got 0 weights and 0 biases"),
        ([[[1]]], [[0], [0]], "got 1 weights and 2 biases"),
        ([[1, 2]], [[0]], r"weights\[0\] must have 2 dimensions; got shape \(2,\)"),
        ([[[1, 2]]], [0], r"biases\[0\] must have 1 dimension; got shape \(\)"),
        ([[[1, 2], [3]]], [[0, 0]], r"weights\[0\] must be a rectangular array"),
        ([[[1, 2]]], [[0, 0]], r"biases\[0\] must have shape \(1,\), as weights\[0\] has 1 rows; got \(2,\)"),
        ([[[1], [2]], [[1]]], [[0, 0], [0]], r"weights\[1\] must have 2 columns, .* got shape \(1, 1\)"),
        ([np.zeros((0, 2))], [np.zeros(0)], r"weights\[0\] must have at least one row and one column; .* \(0, 2\)"),
        ([[[1.0, np.nan]]], [[0]], r"weights\[0\]: the entry in row 0, column 1 .* is nan; every entry must be finite"),
        ([[[1.0]]], [[np.inf]], r"biases\[0\]: the entry \[0\] .* is inf; every entry must be finite"),
    ],
)
def test_wrong_entries_are_named(weights: Any, biases: Any, message: str) -> None:
    """Each message names the array, what it got and what is legal."""
    with pytest.raises(ValueError, match=message):
        ReLUNetwork(weights, biases)


@pytest.mark.parametrize("entry", ["1", None, 1j])
def test_entries_that_are_no_numbers_are_type_errors(entry: object) -> None:
    """Texts are not read as numbers."""
    with pytest.raises(TypeError, match=r"weights\[0\]: the entry in row 0, column 0 .* legal are real numbers"):
        ReLUNetwork([[[entry]]], [[0.0]])


@pytest.mark.parametrize("X", [[1.0, 2.0], 3.0, [[1.0, 2.0]], np.zeros((2, 1, 1))])
def test_points_of_another_shape_are_refused(X: Any) -> None:
    """The message says which shape is legal or what was got."""
    for evaluate in (hat().__call__, hat().evaluate_exact):
        with pytest.raises(ValueError, match=r"X must have (2 dimensions|shape \(N, 1\))"):
            evaluate(X)


def test_points_that_are_not_finite_are_refused() -> None:
    """The message names row and column."""
    for evaluate in (hat().__call__, hat().evaluate_exact):
        with pytest.raises(ValueError, match="X: the entry in row 1, column 0 "):
            evaluate([[0.0], [float("nan")]])


def test_networks_that_do_not_fit_are_refused() -> None:
    """Composition, sum and maximum name the ends they need."""
    wide = ReLUNetwork([[[1, 2]]], [[0]])
    double = ReLUNetwork([[[1], [2]]], [[0, 0]])
    with pytest.raises(ValueError, match="inner must have 2 outputs, as many as this has inputs; got 1"):
        wide.compose(hat())
    with pytest.raises(ValueError, match="must have 1 inputs and 1 outputs as the first; got 2 and 1"):
        hat() + wide
    with pytest.raises(ValueError, match="argument 3 must have 1 inputs and 1 outputs as the first; got 1 and 2"):
        maximum(hat(), hat(), double)
    with pytest.raises(TypeError, match="argument 2 must be a ReLUNetwork; got int"):
        maximum(hat(), 0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="inner must be a ReLUNetwork; got list"):
        hat().compose([hat()])  # type: ignore[arg-type]
    for wrong in (lambda: hat() + "1", lambda: hat() * hat(), lambda: None + hat(), lambda: hat() - [1]):
        with pytest.raises(TypeError):
            wrong()


def test_an_exact_entry_beyond_the_floats_is_an_error_only_in_floats() -> None:
    """Rationals have no largest number."""
    net = ReLUNetwork([[[10**400]]], [[0]])
    assert net.evaluate_exact([[Fraction(1, 10**400)]]).tolist() == [1]
    with pytest.raises(ValueError, match=r"weights\[0\]: .* must be finite as a float"):
        net([[1.0]])
