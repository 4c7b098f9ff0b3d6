import itertools

import numpy as np
import pytest
from scipy.optimize import minimize

import relucomb as rc


def best_by_search(x, y, pieces):
    """Search from every tuple of data points as breakpoints: an upper bound on the optimum from another method."""

    def loss(places):
        columns = [np.ones_like(x), x, *(np.maximum(x - place, 0) for place in places)]
        A = np.stack(columns, axis=1)
        return float(np.mean((A @ np.linalg.lstsq(A, y, rcond=None)[0] - y) ** 2))

    inner = np.unique(x)
    middles = (inner[1:] + inner[:-1]) / 2
    best = np.inf
    for places in itertools.combinations(middles, pieces - 1):
        best = min(best, loss(places))
        if pieces > 1:
            best = min(best, float(minimize(loss, places, method="Nelder-Mead").fun))
    return best


@pytest.mark.parametrize("pieces", [1, 2, 3])
@pytest.mark.parametrize("seed", [0, 1])
def test_no_breakpoints_are_better(pieces, seed):
    """A search over breakpoints from every start finds nothing better, and nearly as good."""
    random = np.random.default_rng(seed)
    x, y = random.normal(size=8), random.normal(size=8)
    fit = rc.fit_piecewise_linear(x, y, pieces)
    assert fit.status == "optimal"
    assert len(fit.slopes) <= pieces
    assert fit.loss <= best_by_search(x, y, pieces) + 1e-9
    assert fit.loss == pytest.approx(float(np.mean((fit(x) - y) ** 2)))


def test_more_pieces_are_never_worse():
    """The losses fall, and every fit is a network, too."""
    random = np.random.default_rng(3)
    x = np.sort(random.uniform(-3, 3, size=60))
    y = np.sin(2 * x) + 0.1 * random.normal(size=60)
    losses = []
    for pieces in range(1, 6):
        fit = rc.fit_piecewise_linear(x, y, pieces)
        assert fit.status == "optimal"
        np.testing.assert_allclose(fit.network(x[:, None]), fit(x), atol=1e-9)
        losses.append(fit.loss)
    assert all(after <= before + 1e-12 for before, after in itertools.pairwise(losses))


def test_straight_and_broken_lines_are_found_exactly():
    """Data on a line, on a hat, at one place, and one point."""
    x = np.arange(6.0)
    assert rc.fit_piecewise_linear(x, 2 * x + 1, 1).loss < 1e-20
    assert rc.fit_piecewise_linear(x, np.abs(x - 2.5), 2).loss < 1e-20
    assert rc.fit_piecewise_linear([1, 1, 1], [0, 1, 2], 2).loss == pytest.approx(2 / 3)
    assert rc.fit_piecewise_linear([1], [5], 1).loss < 1e-20


def test_absolute_loss():
    """An outlier costs its distance only."""
    fit = rc.fit_piecewise_linear(np.arange(7.0), [0, 1, 2, 30, 4, 5, 6], 1, loss="absolute")
    assert fit.loss == pytest.approx(27 / 7, rel=1e-6)


@pytest.mark.parametrize("arguments", [([1, 2], [1], 1), ([], [], 1), ([1, 2], [1, 2], 0), ([1, np.nan], [1, 2], 1)])
def test_wrong_arguments(arguments):
    """Numbers that do not match, nothing at all, no pieces, not a number."""
    with pytest.raises(ValueError, match=r"legal|x"):
        rc.fit_piecewise_linear(*arguments)


@pytest.mark.parametrize("pieces", [1, 2, 4])
def test_the_exact_function_agrees_with_the_fit(pieces):
    """Same pieces, and the same values up to the rounding of the floats."""
    random = np.random.default_rng(pieces)
    x, y = np.sort(random.normal(size=12)), random.normal(size=12)
    fit = rc.fit_piecewise_linear(x, y, pieces)
    assert fit.function.count_pieces() == len(fit.slopes)
    np.testing.assert_allclose(fit.function(x), fit(x), rtol=1e-9, atol=1e-9)
