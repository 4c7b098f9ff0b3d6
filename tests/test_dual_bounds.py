"""Dual bounds are below the optimum whatever they are made of, and reach it from good dual solutions."""

from __future__ import annotations

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb.dual_bounds import dual_bound
from relucomb.losses import LOSSES, resolve_loss

X = np.array([[0.0], [1.0], [2.0], [4.0]])
LIFTED = np.hstack([X, np.ones((4, 1))])
Y = np.array([1.0, -1.0, 1.0, 1.0])
PATTERN = np.array([[False, False, True, True], [True, True, False, False]])
SIGNS = np.array([1, -1])


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("output_bias", [False, True])
@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(-3, 3), min_size=4, max_size=4),
    st.lists(st.floats(0, 3), min_size=8, max_size=8),
    st.lists(st.integers(-4, 4), min_size=5, max_size=5),
)
def test_any_dual_values_give_a_valid_bound(
    name: str, output_bias: bool, slopes: list[float], prices: list[float], numbers: list[int]
) -> None:
    """Weights that satisfy the constraints never cost less than a bound made of arbitrary numbers."""
    loss = resolve_loss(name)
    bound = dual_bound(
        LIFTED,
        Y,
        loss,
        PATTERN,
        SIGNS,
        slopes=np.array(slopes),
        prices=np.array(prices).reshape(2, 4),
        reach=100.0,
        output_bias=output_bias,
    )
    # the two units bend between 1 and 2, at 1 + q / 8
    bend, first, second = 1 + (numbers[0] + 4) / 8, abs(numbers[1]) / 2, abs(numbers[2]) / 2
    constant = float(numbers[3]) if output_bias else 0.0
    outputs = first * np.maximum(X[:, 0] - bend, 0) - second * np.maximum(bend - X[:, 0], 0) + constant
    assert bound <= loss.mean(outputs, Y) + 1e-12


def test_a_rough_dual_solution_is_repaired_to_the_optimum() -> None:
    """Perturbed by 1e-7, the optimal slopes and prices of a small fit prove its value to 1e-11."""
    y = np.array([0.0, 1.0, 3.0, 3.0])
    pattern, signs = np.array([[False, True, True, True]]), np.array([1])
    optimum = naive.project_exactly(
        [naive.rationals(out) for out in ([0, 1, 2, 4], [0, 0, 1, 3])], naive.rationals(y)
    )  # the rays of the cell bend at 0 and at 1
    outputs = sum(float(m) * np.array(out) for m, out in zip(optimum[1], ([0, 1, 2, 4], [0, 0, 1, 3]), strict=True))
    slopes = 2 * (outputs - y)
    prices = np.zeros((1, 4))
    lean = LIFTED.T @ (pattern[0] * slopes)
    prices[0, :2] = np.linalg.solve((np.array([-1.0, 1.0])[:, None] * LIFTED[:2]).T, lean)
    assert (prices >= -1e-12).all()
    rng = np.random.default_rng(0)
    bound = dual_bound(
        LIFTED,
        y,
        LOSSES["squared"],
        pattern,
        signs,
        slopes=slopes + 1e-7 * rng.normal(size=4),
        prices=prices + 1e-7 * rng.random((1, 4)),
        reach=100.0,
        outputs=outputs,
    )
    assert bound == pytest.approx(float(optimum[0]) / 4, abs=1e-11)


def test_values_that_are_not_finite_prove_nothing() -> None:
    """A solver that failed returns nan; the bound is then minus infinity."""
    bound = dual_bound(
        LIFTED,
        Y,
        LOSSES["squared"],
        PATTERN,
        SIGNS,
        slopes=np.full(4, np.nan),
        prices=np.zeros((2, 4)),
        reach=1.0,
    )
    assert bound == -np.inf


def test_a_loss_without_dual_is_refused() -> None:
    """A user's loss has no dual to evaluate."""
    with pytest.raises(ValueError, match="'<lambda>' has no dual"):
        dual_bound(
            LIFTED,
            Y,
            resolve_loss(lambda f, _: f),
            PATTERN,
            SIGNS,
            slopes=np.zeros(4),
            prices=np.zeros((2, 4)),
            reach=1.0,
        )
