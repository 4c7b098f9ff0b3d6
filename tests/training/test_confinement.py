"""Theorem 3.4.1: constants, monotonicity, and bounds against exactly computed probabilities of small walks."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import naive_training as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.training import lemma_3_4_2, lemma_3_4_3, noisy_gd_radius, radius_for
from relucomb.training.confinement import drift_of

SPEC: dict[str, Any] = {"n": 5, "C": 1, "S1": 0.1, "C_L": 0.5, "eta": 1e-3, "i_max": 100, "squared_distance": 1}


def test_values_of_the_source() -> None:
    """Radius, k and bound, for the Gaussian of variance 1.04315e-4 and the tail that the source takes for it."""
    tail = 4 * math.exp(-(0.5**2) / (8 * 5 * 1.04315e-4))
    found = noisy_gd_radius(**SPEC, lam=5, tail=0.0)
    assert (round(found.radius, 6), round(found.k, 7), round(found.bound, 8)) == (2.549765, 0.0992400, 0.00030751)
    assert noisy_gd_radius(**SPEC, lam=5, tail=tail).bound == pytest.approx(3.0751e-4, rel=1e-4)
    assert found.certified


def test_the_exponent_as_printed() -> None:
    """K in the place of k²: a larger bound while k < 1, and no theorem in any case."""
    printed = noisy_gd_radius(**SPEC, lam=5, variant="published")
    right = noisy_gd_radius(**SPEC, lam=5)
    assert (printed.radius, printed.k) == (right.radius, right.k)
    assert printed.exponential == pytest.approx(math.exp(-25 / (200 * right.k)))
    assert not printed.certified


@given(
    st.integers(1, 5),
    st.integers(0, 8).map(lambda k: k / 4),
    st.integers(0, 4).map(lambda k: k / 4),
    st.integers(0, 4).map(lambda k: k / 8),
    st.integers(1, 8).map(lambda k: k / 64),
    st.integers(1, 60),
    st.integers(1, 40).map(lambda k: k / 2),
    st.integers(0, 9),
    st.sampled_from([0.0, 1e-3, 0.5, 1.0]),
)
def test_constants_agree_with_a_literal_computation(
    n: int, C: float, S1: float, C_L: float, eta: float, i_max: int, lam: float, start: float, tail: float
) -> None:
    """Radius, k and bound of all three variants."""
    numbers: dict[str, Any] = {"n": n, "C": C, "S1": S1, "C_L": C_L, "eta": eta, "i_max": i_max}
    numbers |= {"lam": lam, "squared_distance": start, "tail": tail}
    for printed in (False, True):
        found = noisy_gd_radius(**numbers, variant="published" if printed else "corrected")
        if 1 - 2 * i_max * eta**2 * C**4 <= 0:
            assert found.radius == found.bound == math.inf
            assert not found.certified
            continue
        other = naive.confinement(n, C, S1, C_L, eta, i_max, lam, start, tail, printed)
        np.testing.assert_allclose((found.radius, found.k, found.bound), other, rtol=1e-12)
    sharp = noisy_gd_radius(**numbers, variant="sharp", second_moment=C_L**2 / 2)
    assert sharp.certified is (eta * C * C <= 2)
    if sharp.certified:
        other = naive.sharp_confinement(C * C, S1, C_L, C_L**2 / 2, eta, i_max, lam, start, tail)
        np.testing.assert_allclose((sharp.radius, sharp.k, sharp.bound), other, rtol=1e-12)


def exit_probability(x: Fraction, start: Fraction, radius: float, steps: int, size: Fraction) -> Fraction:
    """Return the exact probability that w, with one point x, w* = 0, eta = 1 and noise ±size, leaves the radius.

    The gate is ``max(0, w x)`` with labels 0, so that a step multiplies w by ``1 - x²`` where ``w x >= 0``.
    """
    places, gone = {start: Fraction(1)}, Fraction(0)
    for step in range(steps + 1):
        gone += sum((mass for w, mass in places.items() if abs(w) > Fraction(radius)), Fraction(0))
        places = {w: mass for w, mass in places.items() if abs(w) <= Fraction(radius)}
        if step == steps:
            break
        following: dict[Fraction, Fraction] = {}
        for w, mass in places.items():
            kept = w * (1 - x * x) if w * x >= 0 else w
            for sign in (1, -1):
                following[kept + sign * size] = following.get(kept + sign * size, Fraction(0)) + mass / 2
        places = following
    return gone


@pytest.mark.parametrize("variant", ["corrected", "sharp"])
@pytest.mark.parametrize("start", [Fraction(0), Fraction(3), Fraction(-20), Fraction(100)])
@pytest.mark.parametrize("x", [Fraction(0), Fraction(1, 8)])
def test_bounds_are_above_exact_probabilities(variant: str, start: Fraction, x: Fraction) -> None:
    """A walk of ±63/64, with and without a point that draws it back: for all λ, the bound is not below."""
    steps, size = 10, Fraction(63, 64)
    for lam in [float(k * k) * 2.5 for k in range(1, 40)]:
        found = noisy_gd_radius(
            1, float(x), 0.0, float(size), 1.0, steps, lam, float(start) ** 2, second_moment=float(size) ** 2,
            variant=variant,
        )  # fmt: skip
        assert found.certified
        if found.bound < 1:
            assert exit_probability(x, start, found.radius, steps, size) <= Fraction(found.bound)


def test_the_printed_bound_is_exceeded() -> None:
    """Sixteen steps of ±0.99 from 100 leave the radius with probability 0.4, the bound as printed says 1e-18."""
    size, start = Fraction(99, 100), Fraction(100)
    found = noisy_gd_radius(1, 1e-4, 0.0, 0.99, 1.0, 16, 540, 1e4, second_moment=0.99**2, variant="published")
    probability = exit_probability(Fraction(0), start, found.radius, 16, size)
    assert found.k > 1
    assert found.bound < 1e-15
    assert float(probability) > 0.3


@pytest.mark.parametrize("variant", ["corrected", "sharp", "published"])
@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
@pytest.mark.parametrize("delta", [1e-6, 0.05, 0.9])
def test_the_least_radius(variant: str, unit: float, delta: float) -> None:
    """It keeps the odds asked for, a shorter one does not, and for the sharp variant weights may have any unit."""
    if variant == "sharp":
        numbers = {**SPEC, "S1": 0.1 * unit, "C_L": 0.5 * unit, "squared_distance": unit**2}
    else:
        numbers = {**SPEC, "squared_distance": 1.0}
    found = radius_for(delta, variant=variant, **numbers)
    assert found is not None
    assert found.bound <= delta
    assert noisy_gd_radius(**numbers, lam=found.lam * (1 - 1e-9), variant=variant).bound > delta
    if variant == "sharp":
        same = radius_for(delta, variant=variant, **SPEC)
        assert same is not None
        assert found.radius == pytest.approx(unit * same.radius)


def test_no_radius_keeps_impossible_odds() -> None:
    """The tail of the noise alone may be too much; so may a step that is too long."""
    assert radius_for(0.05, tail=0.01, **SPEC) is None
    assert radius_for(0.05, tail=0.01, variant="sharp", **SPEC) is None
    assert radius_for(0.05, **{**SPEC, "eta": 1.0}) is None


def test_without_noise_the_sharp_radius_is_the_start() -> None:
    """The distance never grows then, whatever the number of steps."""
    found = radius_for(1e-9, variant="sharp", n=3, C=1, S1=0, C_L=0, eta=0.5, i_max=10**9, squared_distance=4.0)
    assert found is not None
    assert found.radius == pytest.approx(2.0, rel=1e-12)
    assert found.bound == 0


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        ({"C_L": 2.5}, "C_L < √n"),
        ({"C_L": math.sqrt(5)}, "C_L < √n"),
        ({"eta": 0.2}, "η < 1/(C²√(2 i_max))"),
        ({"second_moment": 5.0}, "E‖ξ2‖² < n"),
    ],
)
def test_conditions_that_fail_are_told(change: dict[str, float], failing: str) -> None:
    """Each is named, and nothing is certified."""
    found = noisy_gd_radius(**{**SPEC, **change}, lam=5)
    assert [entry.statement for entry in found.hypotheses if not entry.holds] == [failing]
    assert not found.certified


@pytest.mark.parametrize("name", ["n", "eta", "i_max", "lam"])
@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf])
def test_numbers_that_must_be_positive(name: str, value: float) -> None:
    """The message names the argument."""
    with pytest.raises(ValueError, match=f"^{name} must be a positive finite number; got"):
        noisy_gd_radius(**{**SPEC, "lam": 5, name: value})


@pytest.mark.parametrize("name", ["C", "S1", "C_L", "squared_distance", "tail"])
@pytest.mark.parametrize("value", [-1, math.nan, math.inf])
def test_numbers_that_must_not_be_negative(name: str, value: float) -> None:
    """Zero is legal for them."""
    with pytest.raises(ValueError, match=f"^{name} must be a finite number that is not negative; got"):
        noisy_gd_radius(**{**SPEC, "lam": 5, "tail": 0.0, name: value})
    assert noisy_gd_radius(**{**SPEC, "lam": 5, "tail": 0.0, name: 0}).bound >= 0


def test_variants_that_are_refused() -> None:
    """There are three."""
    with pytest.raises(ValueError, match="variant is 'right'; legal are 'corrected', 'sharp', 'published'"):
        noisy_gd_radius(**SPEC, lam=5, variant="right")


POINTS = st.lists(st.lists(st.integers(-3, 3), min_size=2, max_size=2), min_size=1, max_size=6)
PAIR = st.lists(st.integers(-3, 3).map(lambda k: Fraction(k, 2)), min_size=2, max_size=2)


@given(POINTS, PAIR, PAIR)
def test_lemma_3_4_2_in_rationals(points: list[list[int]], w: list[Fraction], target: list[Fraction]) -> None:
    """Both sides are those of a literal computation, and the lemma holds."""
    check = lemma_3_4_2(points, w, target)  # type: ignore[arg-type]
    right, left = naive.angle_lemma(naive.matrix(points), target, w)
    assert (check.left, check.right) == (left, right)
    assert check.holds
    assert check.left >= 0


def test_lemma_3_4_3_along_a_run() -> None:
    """The largest step of the compensated distance is put beside k, up to where the radius is passed."""
    found = noisy_gd_radius(**SPEC, lam=5)
    drift = drift_of(5, 1, 0.1, 1e-3, found.radius)
    assert drift == pytest.approx(2e-6 * (found.radius**2 + 0.01) + 5e-3)
    inside = lemma_3_4_3(np.array([1.0, 1.05, 0.99]), found, drift)
    assert inside.left == pytest.approx(0.06 + drift)
    assert inside.holds
    outside = np.array([1.0, 1.0, found.radius**2, 100.0])
    assert lemma_3_4_3(outside, found, drift).left == pytest.approx(found.radius**2 - 1 - drift)
    assert lemma_3_4_3(np.array([1.0]), found, drift).left == 0


def test_published_is_a_variant() -> None:
    """The flag that other theorems have does the same here."""
    spec: dict[str, Any] = {"n": 1, "C": 0.1, "S1": 0.0, "C_L": 0.5, "eta": 1.0, "i_max": 4, "lam": 2.0}
    flagged = noisy_gd_radius(**spec, squared_distance=100.0, published=True)
    assert flagged == noisy_gd_radius(**spec, squared_distance=100.0, variant="published")
    assert flagged.bound < noisy_gd_radius(**spec, squared_distance=100.0).bound
