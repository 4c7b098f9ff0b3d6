"""Theorems on GLM-Tron as numbers: the counterexample to the printed one, and both sides of the lemma in rationals."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import naive_training as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.training import custom_activation, glm_tron_bound, leaky_relu, lemma_3_5_1, theorem_3_5_3_bound
from relucomb.training.glm_tron_bounds import best_risk_bound, distance_bound, spectral_norm

EIGHTHS = st.integers(-8, 8).map(lambda k: Fraction(k, 8))
SLOPES = st.sampled_from([0.0, 0.25, 1.0, 1.5])


def test_the_square_that_the_source_drops() -> None:
    """For ‖w*‖ = 10 and ε = 1/2 the printed 20 updates are too few; 200 are promised."""
    right, printed = glm_tron_bound(10, 0.5, 0, 1), glm_tron_bound(10, 0.5, 0, 1, published=True)
    assert (right.T, printed.T, right.threshold, printed.threshold) == (200, 20, 0.5, 0.5)
    assert printed.published


@given(
    st.integers(0, 40).map(lambda k: Fraction(k, 4)),
    st.integers(1, 16).map(lambda k: Fraction(k, 8)),
    st.integers(0, 8).map(lambda k: Fraction(k, 4)),
    st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(15, 8)]),
)
def test_promise_is_the_theorems(norm: Fraction, eps: Fraction, theta: Fraction, L: Fraction) -> None:
    """Number of steps, as printed and corrected, and the threshold."""
    steps, printed, threshold = naive.tron_promise(norm, eps, theta, L)
    numbers = (float(norm), float(eps), float(theta), float(L))
    found = glm_tron_bound(*numbers)
    assert steps == found.T
    assert found.threshold == pytest.approx(float(threshold))
    assert printed == glm_tron_bound(*numbers, published=True).T


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 5))
def test_units_do_not_matter(norm: int, scale: int, theta: int) -> None:
    """Points divided by c with step 1 and the points themselves with step 1/c² have one promise."""
    plain = glm_tron_bound(float(norm * scale), 0.5, float(theta), 1)
    other = glm_tron_bound(float(norm), 0.5 / scale**2, float(theta), 1, step=scale**-2.0, Lambda=float(scale**2))
    assert other.threshold == pytest.approx(plain.threshold)
    assert abs((other.T or 0) - (plain.T or 0)) <= 1  # rounding of a quotient that is whole


def test_what_is_too_much_to_count() -> None:
    """Huge weights ask for a number of steps that is none."""
    assert glm_tron_bound(1e200, 0.5, 0, 1).T is None
    assert glm_tron_bound(1e15, 1e-15, 0, 1).T is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"L": 2.0}, "step · L · Lambda must be less than 2; got 2"),
        ({"step": 4.0}, "step · L · Lambda must be less than 2; got 4"),
        ({"L": 0.0}, "L must be finite and positive"),
        ({"eps": 0.0}, "eps must be finite and positive"),
        ({"eps": math.nan}, "eps must be finite and positive"),
        ({"norm_w": -1.0}, "norm_w must be finite and not negative"),
        ({"norm_w": math.inf}, "norm_w must be finite and not negative"),
        ({"theta": -1.0}, "theta must be finite and not negative"),
    ],
)
def test_numbers_that_are_refused(change: dict[str, Any], message: str) -> None:
    """The message names the number and what is legal."""
    with pytest.raises(ValueError, match=message):
        glm_tron_bound(**({"norm_w": 1.0, "eps": 0.5, "theta": 0.0, "L": 1.0} | change))


@st.composite
def instances(draw: st.DrawFn) -> Any:
    """Draw points with ‖x‖ ≤ 1, labels, an iterate and a vector to compare with."""
    points = draw(st.lists(st.tuples(EIGHTHS, EIGHTHS).map(list), min_size=1, max_size=5))
    points = [x if naive.squared_norm(x) <= 1 else [entry / 2 for entry in x] for x in points]
    labels = draw(st.lists(EIGHTHS.map(lambda k: 4 * k), min_size=len(points), max_size=len(points)))
    return points, labels, *(draw(st.tuples(EIGHTHS, EIGHTHS).map(lambda w: [8 * k for k in w])) for _ in range(2))


@given(instances(), SLOPES, st.sampled_from([Fraction(1), Fraction(1, 2)]))
def test_lemma_in_rationals(data: Any, slope: float, step: Fraction) -> None:
    """Both sides are the oracle's, and the lemma holds: L = 3/2 included."""
    points, labels, w, target = data
    check = lemma_3_5_1(points, labels, w, target, leaky_relu(slope), step=step)
    left, (below, above) = naive.tron_lemma(
        points, labels, naive.leaky_relu(slope), max(1, slope), w, target, step, 1 / step
    )
    assert check.left == left
    assert below - Fraction(1, 10**12) <= check.right <= above
    assert check.holds


@given(instances(), SLOPES)
def test_sharp_lemma_in_rationals(data: Any, slope: float) -> None:
    """It holds with the smaller Λ, and its right side is never above the other's."""
    points, labels, w, target = data
    if not any(any(x) for x in points):
        return
    sharp = lemma_3_5_1(points, labels, w, target, leaky_relu(slope), sharp=True)
    plain = lemma_3_5_1(points, labels, w, target, leaky_relu(slope))
    assert sharp.holds
    assert sharp.left == plain.left
    assert sharp.right <= plain.right + Fraction(1, 10**12)


def test_the_lemma_needs_rational_values() -> None:
    """A function of the user's has none."""
    with pytest.raises(ValueError, match="activation is 'custom'; legal are the piecewise linear ones"):
        lemma_3_5_1([[1]], [1], [0], [1], custom_activation(np.tanh, 1.0))


def test_unrolled_bounds() -> None:
    """Without noise the distance never grows, with noise by as much in every step; risks fall with the updates."""
    steps = np.array([0, 1, 9])
    assert distance_bound(steps, 3.0, 0.0, 1.0, 1.0, 1.0).tolist() == [9, 9, 9]
    assert distance_bound(steps, 3.0, 0.5, 1.0, 1.0, 1.0).tolist() == [9, 16, 144]
    assert best_risk_bound(steps, 3.0, 0.0, 1.0, 1.0, 1.0).tolist() == pytest.approx([9, 4.5, 0.9])
    assert np.isinf(best_risk_bound(steps, 3.0, 0.0, 2.0, 1.0, 1.0)).all()
    assert np.isinf(distance_bound(steps, 3.0, 0.0, 3.0, 1.0, 1.0)).all()


@given(st.lists(st.lists(st.integers(-3, 3), min_size=2, max_size=2), min_size=1, max_size=6))
def test_spectral_norm_is_rounded_up(points: list[list[int]]) -> None:
    """It is above the greatest eigenvalue, by no more than rounding."""
    low, high = naive.largest_eigenvalue(naive.gram(naive.matrix(points)), Fraction(1, 10**15))
    value = Fraction(spectral_norm(np.array(points, dtype=float)))
    assert low <= value <= high * (1 + Fraction(1, 10**12)) + Fraction(1, 10**14)


def test_risk_of_the_labels() -> None:
    """The corrected bound is that of Minkowski; as printed the two are added."""
    assert theorem_3_5_3_bound(1.0, 4.0) == 9
    assert theorem_3_5_3_bound(1.0, 4.0, published=True) == 5
