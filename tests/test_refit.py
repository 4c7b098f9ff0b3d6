from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import relucomb as rc
from relucomb.precise_values import Units
from relucomb.refit import precise_loss, refit
from relucomb.standardisation import standardise

LOSSES = ["squared", "absolute", "hinge"]


def rational(rows):
    """Matrix of flint from rows of Fractions."""
    return flint.fmpq_mat([[flint.fmpq(t.numerator, t.denominator) for t in row] for row in rows])


def exact_least_squares(network, X, y):
    """Least mean squared loss with the activation pattern and the kinks at points of this network, in rationals."""
    values = X @ np.asarray(network.weights[0]).T + np.asarray(network.biases[0])
    signs = [int(s) for s in np.asarray(network.weights[1])[0]]
    points = [[Fraction(float(t)) for t in (*x, 1.0)] for x in X]
    rows = [
        [s * int(v > 1e-12) * t for s, v in zip(signs, at, strict=True) for t in x]
        for at, x in zip(values, points, strict=True)
    ]
    kinks = [
        [t * int(i == k) for k in range(len(signs)) for t in points[j]] for j, i in np.argwhere(np.abs(values) <= 1e-12)
    ]
    design, labels = rational(rows), rational([[Fraction(float(t))] for t in y])
    size, square = design.ncols(), design.transpose() * design
    system = [[square[i, j] for j in range(size)] for i in range(size)]
    kinks = [[flint.fmpq(t.numerator, t.denominator) for t in row] for row in kinks]
    system = [row + [kink[i] for kink in kinks] for i, row in enumerate(system)]
    system += [kink + [flint.fmpq(0)] * len(kinks) for kink in kinks]
    right = design.transpose() * labels
    right = flint.fmpq_mat([[right[i, 0]] for i in range(size)] + [[flint.fmpq(0)]] * len(kinks))
    best = flint.fmpq_mat(system).solve(right)
    residual = design * flint.fmpq_mat([[best[i, 0]] for i in range(size)]) - labels
    total = (residual.transpose() * residual)[0, 0] / len(y)
    return Fraction(int(total.p), int(total.q))


@pytest.mark.parametrize("seed", [0, 1, 3, 5])
def test_the_loss_is_the_best_of_its_pattern_to_the_last_digit(seed):
    """Squared loss: reported is the network's own, rounded once, and that is the rational optimum of the pattern."""
    X, y = rc.teacher(30, 2, 2, 0.3, seed)
    result = rc.erm(X, y, 2)
    own, best = result.verify().exact_loss, exact_least_squares(result.network, X, y)
    assert result.loss == float(own)
    assert abs(own - best) <= best / 10**15


def test_an_exact_fit_has_loss_zero():
    """Integer data that short weights fit: the loss is 0 and not 1e-20, and the proof is rational."""
    X, y = [[0, 0], [1, 0], [0, 1], [2, 1], [3, 0]], [0, 0, 0, 2, 2]
    result = rc.erm(X, y, 1)
    assert (result.loss, result.lower_bound, str(result.proof)) == (0, 0, "rational")


def test_a_fit_without_short_weights_is_as_good_as_floats_are():
    """Noise fitted by many units: what is left are the rounding errors of the weights."""
    X, y = rc.noise(6, 2, 0)
    assert rc.erm(X, y, 12).loss < 1e-30
    assert rc.erm(X, y, 12, loss="absolute").loss < 1e-15


HUGE = [
    (
        [[-1, 1], [0, 0], [1, 0], [0, -1], [0, 1], [1, 1], [1, 0]],
        [-1, 1, 1, 1, -1, 1, 1],
        True,
        Fraction(2, 7),
    ),
    ([[-1, 1, 0, 1], [0, 0, 1, 1], [0, 0, -1, 1]], [1, -1, 1], False, Fraction(1, 3)),
]


@pytest.mark.parametrize(("X", "y", "hidden_bias", "optimum"), HUGE)
def test_free_weights_do_not_grow_without_end(X, y, hidden_bias, optimum):
    """Hinge loss leaves weights free; of size 1e14 they lost the loss in rounding, and the proof with it."""
    result = rc.erm(X, y, 1, loss="hinge", hidden_bias=hidden_bias)
    assert result.status == "optimal"
    assert result.loss == float(optimum)
    assert np.abs(np.asarray(result.network.weights[0])).max() < 100


@pytest.mark.parametrize("loss", LOSSES)
@given(data=st.data())
def test_it_never_makes_a_network_worse(loss, data):
    """Any network of any data: the loss does not rise, signs stay, and so does a constant that is not free."""
    D, n, w = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 2)), data.draw(st.integers(1, 2))
    numbers = lambda size: np.array(data.draw(st.lists(st.integers(-3, 3), min_size=size, max_size=size)), float)  # noqa: E731
    X, y = numbers(D * n).reshape(D, n), numbers(D)
    y = np.where(y > 0, 1.0, -1.0) if loss == "hinge" else y
    hidden_bias, output_bias = data.draw(st.booleans()), data.draw(st.booleans())
    signs = np.array(data.draw(st.lists(st.sampled_from([-1.0, 1.0]), min_size=w, max_size=w)))
    units = Units(numbers(w * n).reshape(w, n) / 7, numbers(w) / 7 * hidden_bias, signs, float(output_bias))
    data = standardise(
        X, y, hidden_bias=hidden_bias, scale_labels=loss != "hinge", shift_labels=output_bias and loss != "hinge"
    )
    found = refit(units, X, y, data, loss=loss, output_bias=output_bias, bound=0.0)
    assert precise_loss(found, X, y, loss) <= precise_loss(units, X, y, loss)
    assert (found.signs == signs).all()
    assert output_bias or found.constant == 0
    assert hidden_bias or (found.biases == 0).all()
