"""Noises: bounds, second moments and tails against samples and integrals; label noises; what is refused."""

# mypy: disable-error-code="arg-type"
# lists are legal where arrays are declared

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.training import BallNoise, GaussianNoise, NoNoise, SignNoise, label_noise
from relucomb.training.noises import Noise, draw_rows

NOISES: list[Noise] = [
    NoNoise(3),
    BallNoise(1, 2.0),
    BallNoise(3, 0.5),
    BallNoise(3, 0.5, surface=True),
    SignNoise(3, 0.25),
    GaussianNoise([0.5, 0.5]),
    GaussianNoise([0.1, 0.0, 2.0]),
]


@pytest.mark.parametrize("noise", NOISES, ids=repr)
def test_draws_are_within_the_bound_and_have_the_moments(noise: Noise) -> None:
    """40,000 draws: no length beyond the bound, mean 0 and second moment within five standard errors."""
    drawn = noise.draw(np.random.default_rng(0), 40_000)
    if not len(drawn):
        assert noise.bound == noise.second_moment == noise.tail(0.0) == 0
        return
    lengths = np.linalg.norm(drawn, axis=1)
    assert lengths.max() <= noise.bound
    squares = lengths**2
    assert abs(squares.mean() - noise.second_moment) <= 5 * squares.std() / 200 + 1e-12
    assert (np.abs(drawn.mean(axis=0)) <= 5 * drawn.std(axis=0) / 200).all()


@pytest.mark.parametrize("noise", NOISES, ids=repr)
@pytest.mark.parametrize("length", [0.0, 0.1, 0.3, 0.45, 1.0, 2.0, 5.0])
def test_tails_are_never_below_what_is_drawn(noise: Noise, length: float) -> None:
    """The share of draws beyond a length is at most the tail, up to five standard errors."""
    drawn = noise.draw(np.random.default_rng(1), 40_000)
    share = float((np.linalg.norm(drawn, axis=1) > length).mean()) if len(drawn) else 0.0
    tail = noise.tail(length)
    assert 0 <= tail <= 1
    assert share <= tail + 5 * math.sqrt(share * (1 - share) / 40_000)


@pytest.mark.parametrize("noise", [BallNoise(3, 0.5), BallNoise(2, 1.0), GaussianNoise([0.5, 0.5, 0.0])], ids=repr)
@pytest.mark.parametrize("length", [0.1, 0.3, 0.45])
def test_exact_tails(noise: Noise, length: float) -> None:
    """Where the tail is known exactly, draws agree with it on both sides."""
    drawn = noise.draw(np.random.default_rng(2), 40_000)
    share = float((np.linalg.norm(drawn, axis=1) > length).mean())
    assert abs(share - noise.tail(length)) <= 5 * math.sqrt(0.25 / 40_000)


@pytest.mark.parametrize("n", [1, 2, 5])
@pytest.mark.parametrize("length", [0.01, 1.0, 3.0, 20.0])
def test_equal_deviations_have_the_tail_of_chi_squared(n: int, length: float) -> None:
    """In two dimensions it is exp(−C²/(2σ²)); in one the error function; always at most the Chernoff bound."""
    sigma = 0.7
    tail = GaussianNoise(np.full(n, sigma)).tail(length)
    if n == 2:
        assert tail == pytest.approx(math.exp(-(length**2) / (2 * sigma**2)))
    if n == 1:
        assert tail == pytest.approx(math.erfc(length / sigma / math.sqrt(2)))
    nearly = GaussianNoise(np.append(np.full(n, sigma), 1e-9)).tail(length)
    assert tail <= nearly * (1 + 1e-12)


@pytest.mark.parametrize("deviations", [(1.0, 0.5), (1.0, 0.1), (3.0, 2.9)])
@pytest.mark.parametrize("length", [0.5, 1.0, 2.0, 4.0, 8.0])
def test_unequal_deviations_are_bounded_from_above(deviations: tuple[float, float], length: float) -> None:
    """The bound is above a literal integral over the angle, and no Chernoff bound of a coarse grid is better."""
    a, b = deviations
    angle = np.arange(100_000) * (2 * math.pi / 100_000)
    true = float(np.exp(-(length**2) / (2 * (a * a * np.cos(angle) ** 2 + b * b * np.sin(angle) ** 2))).mean())
    tail = GaussianNoise(list(deviations)).tail(length)
    assert true <= tail
    rates = np.arange(87) / 87 / (2 * a * a)
    bounds = np.exp(-rates * length**2) / np.sqrt((1 - 2 * rates * a * a) * (1 - 2 * rates * b * b))
    assert tail <= bounds.min() * (1 + 1e-9)


@pytest.mark.parametrize("length", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("n", [1, 4])
def test_the_tail_of_the_source_is_weaker(n: int, length: float) -> None:
    """4 exp(−C²/(8 Σσ²)) is never below the exact tail."""
    noise = GaussianNoise(np.full(n, 0.25))
    assert noise.tail(length) <= noise.published_tail(length)


def test_tails_at_the_ends() -> None:
    """Everything is longer than a negative length, and the surface is at the radius."""
    assert BallNoise(2, 1.0).tail(-1.0) == GaussianNoise([1.0]).tail(-1.0) == GaussianNoise([1.0]).tail(0.0) == 1
    assert BallNoise(2, 1.0, surface=True).tail(0.999) == 1
    assert BallNoise(2, 1.0, surface=True).tail(1.0) == SignNoise(4, 0.5).tail(1.0) == 0
    assert SignNoise(4, 0.5).tail(0.999) == 1


@pytest.mark.parametrize("size", [0.0, -1.0, math.nan, math.inf])
@pytest.mark.parametrize("law", [BallNoise, SignNoise])
def test_sizes_that_are_refused(law: Any, size: float) -> None:
    """They must be positive and finite."""
    with pytest.raises(ValueError, match="must be a positive finite number"):
        law(2, size)


@pytest.mark.parametrize("deviations", [[], [-1.0], [0.0, 0.0], [math.nan], [1e-200], [1e200], [[1.0]]])
def test_deviations_that_are_refused(deviations: Any) -> None:
    """Not negative, some positive, with squares that floats can hold."""
    with pytest.raises(ValueError, match="deviations"):
        GaussianNoise(deviations)


def test_rows_of_a_wrong_dimension_are_refused() -> None:
    """A kernel would read beyond them."""
    random = np.random.default_rng(0)
    assert draw_rows(None, random, 3, 2, "noise_1").shape == (0, 2)
    assert draw_rows(NoNoise(2), random, 3, 2, "noise_1").shape == (0, 2)
    assert draw_rows(SignNoise(2, 1.0), random, 3, 2, "noise_1").shape == (3, 2)
    with pytest.raises(ValueError, match=r"noise_1 must draw vectors of 2 entries, .*; it drew \(3, 1\)"):
        draw_rows(SignNoise(1, 1.0), random, 3, 2, "noise_1")


@pytest.mark.parametrize("kind", ["none", "uniform", "signs", "adversarial"])
def test_bounded_label_noise(kind: str) -> None:
    """None of it is longer than θ, and signs are ±θ."""
    X = np.random.default_rng(0).normal(size=(200, 3))
    noise = label_noise(kind, X, [1.0, -1.0, 2.0], 0.25, np.random.default_rng(1))
    assert noise.shape == (200,)
    assert np.abs(noise).max() <= 0.25
    if kind in ("signs", "adversarial"):
        assert set(np.abs(noise)) == {0.25}


@given(st.lists(st.lists(st.integers(-3, 3), min_size=2, max_size=2), min_size=1, max_size=8))
def test_the_adversary_pushes_no_less_than_its_first_guess(points: list[list[int]]) -> None:
    """The sum of ξ_i x_i is at least as long as for the signs of −w*·x_i, and signs cannot be improved one by one."""
    X, w = np.array(points, dtype=float), np.array([1.0, -2.0])
    noise = label_noise("adversarial", X, w, 1.0, np.random.default_rng(0))
    assert np.linalg.norm(noise @ X) >= np.linalg.norm(np.where(X @ -w >= 0, 1.0, -1.0) @ X) - 1e-12


@pytest.mark.parametrize("kind", ["gaussian", "student"])
def test_unbounded_label_noise(kind: str) -> None:
    """The median of its size is that of the law."""
    noise = label_noise(kind, np.zeros((40_000, 1)), [0.0], 2.0, np.random.default_rng(0), freedom=1.0)
    median = 2.0 * (0.6744897501960817 if kind == "gaussian" else 1.0)
    assert np.median(np.abs(noise)) == pytest.approx(median, rel=0.03)


def test_label_noise_that_is_refused() -> None:
    """An unknown kind and a negative size."""
    with pytest.raises(ValueError, match="kind is 'pink'; legal are 'none', 'uniform'"):
        label_noise("pink", [[1.0]], [1.0], 1.0, np.random.default_rng(0))
    with pytest.raises(ValueError, match="size must be a finite number that is not negative"):
        label_noise("uniform", [[1.0]], [1.0], -1.0, np.random.default_rng(0))
