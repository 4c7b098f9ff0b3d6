"""The bound by a random walk: exact walks, a literal minimisation, chi-squared tails, rounding, and the proxies."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import mpmath
import naive_training as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ncx2

from relucomb.training.noises import BallNoise, GaussianNoise, Noise, NoNoise, SignNoise
from relucomb.training.random_walk_bound import random_walk_bound, random_walk_radius, total_variance, variance_proxy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MP = mpmath.mp.clone()
MP.dps = 60
SMALL = st.integers(-3, 3)
RADII = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0)


@dataclass(frozen=True)
class TwoPoints:
    """``up`` with odds down : up, ``-down`` otherwise: the one centred law on two points, and not symmetric."""

    up: int
    down: int

    @property
    def bound(self) -> float:
        """The greater of the two."""
        return float(max(self.up, self.down))

    @property
    def second_moment(self) -> float:
        """The product."""
        return float(self.up * self.down)

    def tail(self, length: float) -> float:
        """Return the odds of the points that are farther away."""
        return float(sum(odds for value, odds in self.law() if abs(value) > length))

    def draw(self, random: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return independent rows."""
        up = random.random((count, 1)) < self.down / (self.up + self.down)
        return np.where(up, float(self.up), -float(self.down))

    def law(self) -> list[tuple[Fraction, Fraction]]:
        """Return the points with their odds."""
        whole = self.up + self.down
        return [(Fraction(self.up), Fraction(self.down, whole)), (Fraction(-self.down), Fraction(self.up, whole))]


def exit_odds(
    points: Sequence[int],
    target: int,
    start: int,
    roots: Sequence[Fraction],
    first: Sequence[tuple[Fraction, Fraction]],
    second: Sequence[tuple[Fraction, Fraction]],
    radius: Fraction,
) -> Fraction:
    """Return ``P(|w_t - w*| >= r for some t)`` in one dimension, exactly: the law of all w_t that are still inside."""
    rows = naive.matrix([[x] for x in points])
    labels = naive.outputs(rows, naive.relu, naive.vector([target]))
    inside: dict[Fraction, Fraction] = {Fraction(start): Fraction(1)}
    inside = {w: odds for w, odds in inside.items() if abs(w - target) < radius}
    for root in roots:
        following: dict[Fraction, Fraction] = defaultdict(Fraction)
        for w, odds in inside.items():
            for one, odds_1 in first:
                for two, odds_2 in second:
                    (end,) = naive.noisy_step(rows, labels, [w], root, [one], [two])
                    if abs(end - target) < radius:
                        following[end] += odds * odds_1 * odds_2
        inside = following
    return 1 - sum(inside.values(), Fraction(0))


def infimum(radius: float, n: int, squared_distance: float, variance: float) -> Any:
    """Return the minimum over p of the formula with 60 digits, by ternary search for the minimum."""
    square, start, V = MP.mpf(radius) ** 2, MP.mpf(squared_distance), MP.mpf(variance)

    def exponent(p: Any) -> Any:
        return -MP.mpf(n) / 2 * MP.log(p) - (1 - p) * (square - start / p) / (2 * V)

    low, high = MP.mpf(0), MP.mpf(1)
    for _ in range(280):
        left, right = (2 * low + high) / 3, (low + 2 * high) / 3
        if exponent(left) <= exponent(right):
            high = right
        else:
            low = left
    return min(MP.exp(exponent((low + high) / 2)), MP.mpf(1))


# --- the theorem -----------------------------------------------------------------------------------------------------


@given(
    st.lists(SMALL, min_size=1, max_size=3),
    SMALL,
    SMALL,
    st.lists(st.integers(1, 4), min_size=1, max_size=4),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.sampled_from(["first", "second", "both"]),
    st.sampled_from(RADII),
)
def test_no_exact_walk_passes_more_often(
    points: list[int],
    target: int,
    start: int,
    parts: list[int],
    one: tuple[int, int],
    two: tuple[int, int],
    which: str,
    radius: float,
) -> None:
    """Noise of two points with any mean-free odds, any steps up to 2/Λ, any points: the exact odds are below."""
    laws: list[list[tuple[Fraction, Fraction]]] = []
    noises: list[Noise] = []
    for name, (up, down) in (("first", one), ("second", two)):
        used = which in (name, "both")
        noises.append(TwoPoints(up, down) if used else NoNoise(1))
        laws.append(TwoPoints(up, down).law() if used else [(Fraction(0), Fraction(1))])
    largest = Fraction(sum(x * x for x in points), len(points)) or Fraction(1)
    # the longest √η that is rational with a small denominator, and quarters of it
    longest = Fraction(math.isqrt(int(2 / largest * 64**2)), 64)
    roots = [longest * part / 4 for part in parts]
    etas = np.array([float(root**2) for root in roots])
    true = exit_odds(points, target, start, roots, laws[0], laws[1], Fraction(radius))
    variance = total_variance(etas, *noises)
    bound = random_walk_bound(radius, n=1, squared_distance=float((start - target) ** 2), variance=variance)
    assert true <= Fraction(bound)


@pytest.mark.parametrize(("up", "down"), [(1, 1), (3, 1), (1, 3), (9, 1)])
@pytest.mark.parametrize("target", [-3, 0, 3])
@pytest.mark.parametrize("distance", [0, 4, 100])
def test_longest_steps_of_a_live_and_of_a_dead_gate(up: int, down: int, target: int, distance: int) -> None:
    """At η = 2/Λ a gate that is active is reflected at w*, and one that is not stands still: both stay below."""
    noise = TwoPoints(up, down)
    nothing = [(Fraction(0), Fraction(1))]
    variance = total_variance(np.ones(12), NoNoise(1), noise)
    for points in ([2, 0], [-2, 0], [0]):  # Λ is 2, 2 and 0; all w_t are whole numbers
        for more in (1, 5, 12):
            radius = Fraction(distance + more * max(up, down))
            start = target + distance
            true = exit_odds(points, target, start, [Fraction(1)] * 12, nothing, noise.law(), radius)
            bound = random_walk_bound(float(radius), n=1, squared_distance=float(distance**2), variance=variance)
            assert true <= Fraction(bound)


def test_printed_theorem_is_refuted_and_this_one_is_not() -> None:
    """Of the walks of ±0.99 from 100, 0.4545 pass 102.742 within 16 steps, as the reflection principle says."""
    odds = 2 * naive.walk_tail(1, 16, 4)
    assert float(odds) == pytest.approx(0.4545, abs=5e-5)
    law = [(Fraction(sign * 99, 100), Fraction(1, 2)) for sign in (-1, 1)]
    nothing = [(Fraction(0), Fraction(1))]
    assert exit_odds([0], 0, 100, [Fraction(1)] * 16, nothing, law, Fraction("102.742")) == odds
    assert random_walk_bound(102.742, n=1, squared_distance=1e4, variance=16 * 0.99**2) > float(odds)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 100])
@pytest.mark.parametrize("squared_distance", [0.0, 0.25, 9.0, 1e4])
@pytest.mark.parametrize("variance", [0.25, 4.0])
def test_normal_noise_without_data(n: int, squared_distance: float, variance: float) -> None:
    """The end of a normal walk is noncentral chi-squared: its tail is below the bound, with nearly its exponent."""
    ratio = 0.0
    for more in (0.01, 0.5, 1.0, 2.0, 4.0, 6.0):
        radius = math.sqrt(squared_distance + n * variance) + more * math.sqrt(variance)
        bound = random_walk_bound(radius, n=n, squared_distance=squared_distance, variance=variance)
        tail = float(ncx2.sf(radius**2 / variance, n, squared_distance / variance))
        assert tail <= bound
        ratio = math.log(bound) / math.log(tail)
    assert 0.7 < ratio < 1


@pytest.mark.parametrize("dimension", [2, 5])
@pytest.mark.parametrize("name", ["ball", "sphere", "signs", "normal"])
def test_drawn_runs_stay_within_the_radius(name: str, dimension: int) -> None:
    """Of 4000 runs on a gate, about as many as allowed leave at most; four standard deviations are for chance."""
    random = np.random.default_rng(5)
    noises: dict[str, Noise] = {
        "ball": BallNoise(dimension, 1.0),
        "sphere": BallNoise(dimension, 1.0, surface=True),
        "signs": SignNoise(dimension, 0.5),
        "normal": GaussianNoise(np.linspace(0.25, 1.0, dimension)),
    }
    X = random.integers(-2, 3, (4, dimension)).astype(float)
    target, start = np.ones(dimension), np.zeros(dimension)
    etas = 2 / float(np.linalg.eigvalsh(X.T @ X / 4)[-1]) * np.linspace(0.999, 0.25, 20)
    noise, runs = noises[name], 4000
    variance = total_variance(etas, noise, noise)
    w = np.tile(start, (runs, 1))
    greatest = np.linalg.norm(w - target, axis=1)
    for eta in etas:
        z = w @ X.T
        residuals = np.where(z >= 0, np.maximum(X @ target, 0) - z, 0.0)
        w = w + eta * (residuals @ X / 4 - noise.draw(random, runs)) + math.sqrt(eta) * noise.draw(random, runs)
        greatest = np.maximum(greatest, np.linalg.norm(w - target, axis=1))
    for delta in (0.5, 0.1, 0.01):
        radius = random_walk_radius(delta, n=dimension, squared_distance=float(dimension), variance=variance)
        assert (greatest >= radius).mean() <= delta + 4 * math.sqrt(delta / runs)


# --- the closed form -------------------------------------------------------------------------------------------------


@given(
    st.sampled_from([1, 2, 7, 1000]),
    st.sampled_from([0.0, 1e-6, 1.0, 1e4]),
    st.floats(-24.0, 3.0),
    st.floats(-3.0, 1.3),
)
def test_closed_form_is_the_infimum_rounded_up(n: int, squared_distance: float, power: float, more: float) -> None:
    """A literal minimisation over p with 60 digits is never above and next to never below, however small the noise."""
    variance = (squared_distance or 1.0) * 10**power
    radius = math.sqrt(squared_distance + n * variance) + math.sqrt(variance) * 10**more
    bound = random_walk_bound(radius, n=n, squared_distance=squared_distance, variance=variance)
    least = infimum(radius, n, squared_distance, variance)
    # 60 digits find the place of the minimum to 30, and its value to 55
    assert least * (1 - MP.mpf(10) ** -40) <= bound <= least * (1 + 1e-9) + 5e-324


@pytest.mark.parametrize(
    ("radius", "n", "squared_distance", "variance"),
    [
        (757.1626526324401, 5, 573295.2825413884, 1.0170496265401053e-26),
        (1.446338269483459, 10**6, 2.0918943897723974, 2.589292017517966e-32),
        (1 + 2**-50, 1, 1.0, 2.0**-102),
        (1e-100, 1, 1e-202, 1e-202),
        (1e200, 2, 1e199, 1e-300),
        (1e100, 1, 1.0, 1e160),
        (5e-324, 1, 0.0, 5e-324),
    ],
)
def test_nothing_cancels_and_nothing_overflows(radius: float, n: int, squared_distance: float, variance: float) -> None:
    """Where squares overflow, or the three of them differ by less than they are rounded by, the formula still holds."""
    square, start, V = MP.mpf(radius) ** 2, MP.mpf(squared_distance), MP.mpf(variance)
    if square <= start + n * V:
        assert random_walk_bound(radius, n=n, squared_distance=squared_distance, variance=variance) == 1.0
        return
    with MP.workdps(400):
        p = (n * V + MP.sqrt((n * V) ** 2 + 4 * square * start)) / (2 * square)
        least = MP.exp(-MP.mpf(n) / 2 * MP.log(p) - (1 - p) * (square - start / p) / (2 * V))
    bound = random_walk_bound(radius, n=n, squared_distance=squared_distance, variance=variance)
    assert least <= bound <= least * (1 + 1e-9) + 5e-324


@given(st.integers(1, 9), st.integers(0, 9), st.integers(1, 9), st.integers(0, 40))
def test_monotone(n: int, squared_distance: int, variance: int, radius: int) -> None:
    """Farther is less likely; more dimensions, a farther start and more noise are worse."""

    def bound(r: float, n: int, d: float, V: float) -> float:
        return random_walk_bound(r, n=n, squared_distance=d, variance=V)

    here = bound(radius, n, squared_distance, variance)
    assert 0 < here <= 1
    assert bound(radius + 1, n, squared_distance, variance) <= here
    assert bound(radius, n + 1, squared_distance, variance) >= here
    assert bound(radius, n, squared_distance + 1, variance) >= here
    assert bound(radius, n, squared_distance, variance + 1) >= here


@given(st.integers(1, 9), st.integers(0, 99), st.integers(1, 99), st.integers(0, 99), st.integers(-300, 300))
def test_units_do_not_matter(n: int, squared_distance: int, variance: int, radius: int, power: int) -> None:
    """Lengths times a power of 2 leave the odds as they are, to the last digit."""
    unit = 2.0**power
    there = random_walk_bound(
        radius * unit, n=n, squared_distance=squared_distance * unit**2, variance=variance * unit**2
    )
    assert there == random_walk_bound(radius, n=n, squared_distance=squared_distance, variance=variance)


@pytest.mark.parametrize(("n", "squared_distance", "variance"), [(1, 9.0, 0.0), (1, 7.0, 2.0), (4, 1.0, 2.0)])
def test_nothing_is_known_up_to_the_root_mean_square(n: int, squared_distance: float, variance: float) -> None:
    """Where r² = d² + nV the bound is 1, beyond it is less; without noise it is 0 there."""
    assert random_walk_bound(3.0, n=n, squared_distance=squared_distance, variance=variance) == 1.0
    beyond = random_walk_bound(3.001, n=n, squared_distance=squared_distance, variance=variance)
    assert beyond < 1
    assert (beyond == 0) is (variance == 0)


# --- the radius ------------------------------------------------------------------------------------------------------


@given(
    st.floats(1e-12, 0.999),
    st.integers(1, 20),
    st.sampled_from([0.0, 1e-9, 1.0, 1e4]),
    st.sampled_from([1e-300, 1e-30, 1e-6, 1.0, 1e6]),
)
def test_radius_is_the_least(delta: float, n: int, squared_distance: float, variance: float) -> None:
    """The odds at the radius are small enough, and a little before it they are not."""
    radius = random_walk_radius(delta, n=n, squared_distance=squared_distance, variance=variance)
    assert random_walk_bound(radius, n=n, squared_distance=squared_distance, variance=variance) <= delta
    before = radius * (1 - 2.0**-50)
    assert random_walk_bound(before, n=n, squared_distance=squared_distance, variance=variance) > delta


@pytest.mark.parametrize("squared_distance", [0.0, 2.0, 1e4, 1e300])
def test_radius_without_noise_is_that_of_the_start(squared_distance: float) -> None:
    """It is the next number above the distance of the start, which no run leaves."""
    radius = random_walk_radius(0.05, n=3, squared_distance=squared_distance, variance=0.0)
    assert radius == math.nextafter(math.sqrt(squared_distance), math.inf)
    assert random_walk_bound(radius, n=3, squared_distance=squared_distance, variance=0.0) == 0.0


def test_radius_with_next_to_no_noise_and_with_much() -> None:
    """The search ends where a deviation is below the rounding of the distance, and where squares nearly overflow."""
    assert random_walk_radius(0.05, n=1, squared_distance=1e4, variance=1e-30) == math.nextafter(100.0, math.inf)
    assert 1e154 < random_walk_radius(0.05, n=1, squared_distance=1e308, variance=1e308) < 1e155


# --- the proxies -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3, 8, 50])
@pytest.mark.parametrize("surface", [False, True])
def test_proxy_of_balls_is_the_least(n: int, surface: bool) -> None:
    """E exp⟨θ, ξ⟩ is a series of Bessel's, below the exponential; nothing less than the variance would do."""
    noise = BallNoise(n, 1.5, surface=surface)
    proxy = variance_proxy(noise)
    assert proxy == pytest.approx(noise.second_moment / n)
    order = MP.mpf(n if surface else n + 2) / 2
    for length in (0.01, 0.5, 1.0, 3.0, 10.0, 40.0):
        x = MP.mpf(1.5) * length
        true = MP.gamma(order) * (2 / x) ** (order - 1) * MP.besseli(order - 1, x)
        assert 1 < true < MP.exp(MP.mpf(proxy) * MP.mpf(length) ** 2 / 2 * (1 + 1e-15))


def test_bessel_series_are_those_of_the_laws() -> None:
    """In one dimension the sphere gives cosh and the ball sinh(x)/x; in three the sphere does, too."""
    for x in (MP.mpf(1) / 3, MP.mpf(5)):
        series = {
            k: MP.gamma(MP.mpf(k) / 2) * (2 / x) ** (MP.mpf(k) / 2 - 1) * MP.besseli(MP.mpf(k) / 2 - 1, x)
            for k in (1, 3, 5)
        }
        assert MP.almosteq(series[1], MP.cosh(x))
        assert MP.almosteq(series[3], MP.sinh(x) / x)
        # the ball in three dimensions has density 3/4 (1 − z²) along any line
        assert MP.almosteq(series[5], MP.quad(lambda z, x=x: MP.exp(x * z) * (1 - z * z) * 3 / 4, [-1, 1]), 1e-30)


@given(st.lists(st.integers(-8, 8), min_size=1, max_size=5), st.integers(1, 3))
def test_proxy_of_signs(theta: list[int], size: int) -> None:
    """The product of the cosh is below the exponential."""
    true = MP.fprod(MP.cosh(size * MP.mpf(entry) / 2) for entry in theta)
    proxy = variance_proxy(SignNoise(len(theta), float(size)))
    assert true <= MP.exp(MP.mpf(proxy) * sum(MP.mpf(entry) ** 2 / 4 for entry in theta) / 2)
    assert proxy == size**2


@given(
    st.lists(st.tuples(st.integers(0, 4), SMALL), min_size=1, max_size=5).filter(lambda rows: any(s for s, _ in rows))
)
def test_proxy_of_unequal_normals(rows: list[tuple[int, int]]) -> None:
    """The exponent Σ σ_i²θ_i²/2 is at most that of the greatest deviation, and reaches it in one direction."""
    deviations = [s for s, _ in rows]
    proxy = variance_proxy(GaussianNoise(np.array(deviations, dtype=float)))
    assert sum((s * t) ** 2 for s, t in rows) <= proxy * sum(t * t for _, t in rows)
    assert proxy == max(deviations) ** 2


@given(st.integers(1, 30), st.integers(1, 30), st.floats(-4.0, 4.0))
def test_proxy_of_bounded_noise_needs_only_mean_0(up: int, down: int, theta: float) -> None:
    """However lopsided two points are, the square of the greater serves them."""
    noise = TwoPoints(up, down)
    true = sum(MP.mpf(p.numerator) / p.denominator * MP.exp(theta * MP.mpf(int(value))) for value, p in noise.law())
    assert true <= MP.exp(MP.mpf(variance_proxy(noise)) * MP.mpf(theta) ** 2 / 2) * (1 + MP.mpf(10) ** -50)


def test_pull_to_one_side_is_not_covered() -> None:
    """Bounded noise whose mean is not 0 breaks the bound: a walk that always steps outwards has gone farther."""
    certain = exit_odds(
        [0], 0, 0, [Fraction(1)] * 25, [(Fraction(0), Fraction(1))], [(Fraction(1), Fraction(1))], Fraction(25)
    )
    assert certain == 1
    assert random_walk_bound(25.0, n=1, squared_distance=0.0, variance=25.0) < 1e-3


@given(st.lists(st.integers(1, 16), min_size=0, max_size=6), st.integers(1, 4), st.integers(1, 4))
def test_total_of_varying_steps(sixteenths: list[int], one: int, two: int) -> None:
    """It is Σ η² v_1 + η v_2, exactly where floats are exact, and 0 for no steps."""
    etas = [Fraction(part, 16) for part in sixteenths]
    total = total_variance(np.array(etas, dtype=float), SignNoise(1, float(one)), SignNoise(1, float(two)))
    assert Fraction(total) == sum((eta**2 * one**2 + eta * two**2 for eta in etas), Fraction(0))


def test_total_of_noise_that_is_none_or_too_much_or_hardly_any() -> None:
    """No noise is 0, noise without a known proxy infinite; what cannot be squared counts as more than it is."""
    etas = np.full(3, 0.5)
    assert total_variance(etas, NoNoise(2), NoNoise(2)) == 0.0
    assert total_variance(np.zeros(0), BallNoise(2, 1.0), NoNoise(2)) == 0.0
    for many in (BallNoise(2, 1e200), SignNoise(2, 1e200)):
        assert total_variance(etas, NoNoise(2), many) == math.inf
    for few in (BallNoise(2, 1e-200), SignNoise(2, 1e-200)):
        assert variance_proxy(few) > 0
        assert 0 < total_variance(etas * 1e-200, few, NoNoise(2)) < 1e-300


def test_unbounded_noise_has_no_proxy() -> None:
    """A law that is neither bounded nor known to be normal gets infinity, of which nothing is promised."""

    class Unbounded(TwoPoints):
        @property
        def bound(self) -> float:
            return math.inf

    assert variance_proxy(Unbounded(1, 1)) == math.inf
    with pytest.raises(ValueError, match=r"^variance must be a finite number"):
        random_walk_bound(1.0, n=1, squared_distance=0.0, variance=math.inf)


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["radius", "squared_distance", "variance"])
@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_numbers_must_not_be_negative(name: str, value: float) -> None:
    """The message names the number, in both functions."""
    numbers: dict[str, Any] = {"n": 1, "radius": 1.0, "squared_distance": 1.0, "variance": 1.0} | {name: value}
    with pytest.raises(ValueError, match=f"^{name} must be a finite number that is not negative; got"):
        random_walk_bound(**numbers)
    if name != "radius":
        del numbers["radius"]
        with pytest.raises(ValueError, match=f"^{name} must be a finite number that is not negative; got"):
            random_walk_radius(0.05, **numbers)


@pytest.mark.parametrize(("n", "error"), [(0, ValueError), (-1, ValueError), (1.5, TypeError), (True, TypeError)])
def test_dimension_must_be_a_whole_number(n: Any, error: type[Exception]) -> None:
    """The message names it."""
    with pytest.raises(error, match=r"^n is "):
        random_walk_bound(2.0, n=n, squared_distance=1.0, variance=1.0)
    with pytest.raises(error, match=r"^n is "):
        random_walk_radius(0.05, n=n, squared_distance=1.0, variance=1.0)


@pytest.mark.parametrize("delta", [0.0, 1.0, -0.1, math.nan])
def test_odds_must_be_between_0_and_1(delta: float) -> None:
    """The message names delta."""
    with pytest.raises(ValueError, match=r"^delta must be between 0 and 1"):
        random_walk_radius(delta, n=1, squared_distance=1.0, variance=1.0)
