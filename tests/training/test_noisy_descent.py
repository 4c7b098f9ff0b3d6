"""Algorithm 3 and plain descent: iterates against an exact oracle, the radius, strange input, interruptions."""

# mypy: disable-error-code="arg-type"
# lists are legal where arrays are declared

from __future__ import annotations

import math
from typing import Any

import naive_training as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.training import (
    BallNoise,
    GaussianNoise,
    NoNoise,
    SignNoise,
    TrainingResult,
    gate_gradient_descent,
    noisy_gradient_descent,
)
from relucomb.training.noisy_descent import cut_off

X = np.array([[0.6, 0.8], [1.0, 0.0], [-0.8, 0.6]])
W = np.array([1.0, 2.0])
SMALL = st.integers(-3, 3)


@st.composite
def data(draw: st.DrawFn) -> tuple[list[list[int]], list[int], list[int], list[int]]:
    """Draw points, labels, a gate and a start, all small integers."""
    n, S = draw(st.integers(1, 3)), draw(st.integers(1, 6))
    points = draw(st.lists(st.lists(SMALL, min_size=n, max_size=n), min_size=S, max_size=S))
    labels = draw(st.lists(SMALL, min_size=S, max_size=S))
    return points, labels, *(draw(st.lists(SMALL, min_size=n, max_size=n)) for _ in range(2))  # type: ignore[return-value]


def consistent(run: TrainingResult) -> bool:
    """Say whether all that a run tells of its steps has one length, and ends at its last."""
    count = len(run.steps)
    lengths = {len(run.trajectory), len(run.losses), len(run.distances)}
    lengths |= {len(entry) for bound in run.bounds for entry in (bound.values, bound.observed)}
    return lengths == {count} and run.updates == run.steps[-1] and run.best_step <= run.updates


@given(data(), st.integers(0, 6), st.integers(0, 9))
def test_iterates_are_the_oracles(
    drawn: tuple[list[list[int]], list[int], list[int], list[int]], updates: int, seed: int
) -> None:
    """With both noises as drawn, in exact arithmetic: iterates, losses, the best of them."""
    points, labels, _, start = drawn
    n, root = len(start), 0.25
    first, second = SignNoise(n, 0.5), SignNoise(n, 0.25)
    run = noisy_gradient_descent(
        points, labels, w_0=start, steps=updates, step_size=root**2, noise_1=first, noise_2=second, seed=seed
    )
    generators = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(2)]
    matrix, y = naive.matrix(points), naive.vector(labels)
    drawn_1, drawn_2 = (noise.draw(g, 1024) for noise, g in zip((first, second), generators, strict=True))
    exact = [naive.vector(start)]
    for xi_1, xi_2 in zip(drawn_1[:updates], drawn_2[:updates], strict=True):
        exact.append(naive.noisy_step(matrix, y, exact[-1], root, naive.vector(xi_1), naive.vector(xi_2)))
    np.testing.assert_allclose(run.trajectory, np.array(exact, dtype=float), rtol=1e-9, atol=1e-12)
    losses = [float(naive.empirical_loss(matrix, y, naive.relu, w)) for w in exact]
    np.testing.assert_allclose(run.losses, losses, rtol=1e-9, atol=1e-12)
    assert run.best_loss == pytest.approx(min(losses), abs=1e-12)
    assert losses[run.best_step] == pytest.approx(min(losses), abs=1e-12)


@given(data(), st.integers(0, 6))
def test_without_noise_it_is_gradient_descent(
    drawn: tuple[list[list[int]], list[int], list[int], list[int]], updates: int
) -> None:
    """On half the loss, with derivative 1 at the kink."""
    points, labels, _, start = drawn
    run = gate_gradient_descent(points, labels, w_0=start, steps=updates, step_size=0.125)
    exact = [naive.vector(start)]
    for _ in range(updates):
        exact.append(naive.gradient_step(naive.matrix(points), naive.vector(labels), exact[-1], 0.0625, at_zero=1))
    np.testing.assert_allclose(run.trajectory, np.array(exact, dtype=float), rtol=1e-9, atol=1e-12)
    assert (run.algorithm, run.seed) == ("gradient descent", None)


@given(
    data(),
    st.sampled_from(["random-walk", "sharp", "corrected"]),
    st.integers(1, 60),
    st.integers(0, 99),
    st.sampled_from([0.0, 1e-3, 0.1]),
    st.sampled_from([1e-6, 1.0, 1e6]),
)
def test_without_noise_the_bound_is_never_exceeded(
    drawn: tuple[list[list[int]], list[int], list[int], list[int]],
    variant: str,
    steps: int,
    seed: int,
    size: float,
    unit: float,
) -> None:
    """Nor with noise, if it may fail once in 10^9 times; the unit of the points does not matter."""
    points, _, target, start = drawn
    noise = SignNoise(len(start), size / unit * 0.5) if size else None
    run = noisy_gradient_descent(
        np.array(points) * unit,
        w_star=np.array(target) / unit,
        w_0=np.array(start) / unit,
        steps=steps,
        noise_1=noise,
        delta=1e-9,
        variant=variant,
        seed=seed,
    )
    assert all(bound.holds for bound in run.bounds)
    assert run.certified or variant == "corrected" or size
    assert consistent(run)


@pytest.mark.parametrize("scale", [1.0, 1e5, 1e-5])
def test_a_start_at_the_gate_stays_there_up_to_rounding(scale: float) -> None:
    """The radius is 0 then, and what rounding makes of it is allowed for."""
    random = np.random.default_rng(0)
    for _ in range(20):
        points, w = random.normal(size=(20, 3)), random.normal(size=3) * scale
        run = noisy_gradient_descent(points, w_star=w, w_0=w, steps=300)
        assert run.certified
        assert run.bounds[0].holds
        assert run.bounds[0].rounding < 1e-9 * scale


def test_step_sizes_of_every_kind() -> None:
    """One, one for each step, or half of the theorem's limit."""
    default = noisy_gradient_descent(2 * X, w_star=W, steps=8)
    assert default.step_size == pytest.approx(1 / (2 * 4 * math.sqrt(16)))
    etas = [0.5, 0.25, 0.125]
    assert noisy_gradient_descent(X, w_star=W, steps=3, step_size=etas).certified
    varied = noisy_gradient_descent(X, w_star=W, steps=3, step_size=etas, variant="sharp")
    assert math.isnan(varied.step_size)
    assert not varied.certified
    assert any(entry.statement == "η_t is constant" and entry.holds is False for entry in varied.hypotheses)
    by_hand = W * 0
    for eta, w in zip(etas, varied.trajectory, strict=False):
        np.testing.assert_allclose(w, by_hand, atol=1e-12)
        z = X @ by_hand
        by_hand = by_hand - eta * ((z >= 0) * (np.maximum(z, 0) - np.maximum(X @ W, 0))) @ X / 3
    np.testing.assert_allclose(varied.parameters, by_hand, atol=1e-12)
    assert noisy_gradient_descent(X, w_star=W, steps=2, step_size=[0.5, 0.5], variant="sharp").certified


@pytest.mark.parametrize(("variant", "condition"), [("sharp", "η ≤ 2/C²"), ("random-walk", "η_t ≤ 2/Λ")])
def test_steps_that_are_too_long_run_without_a_bound(variant: str, condition: str) -> None:
    """And the result says so."""
    run = noisy_gradient_descent(X, w_star=W, steps=5, step_size=9.0, variant=variant)
    assert not run.certified
    assert any(entry.statement == condition and entry.holds is False for entry in run.hypotheses)
    corrected = noisy_gradient_descent(X, w_star=W, steps=5, step_size=0.9, variant="corrected")
    assert not corrected.certified


def test_gaussian_noise_is_cut_off() -> None:
    """Half of the odds are for draws that are longer; unbounded first noise has no theorem."""
    run = noisy_gradient_descent(X, w_star=W, steps=50, noise_2=GaussianNoise([0.1, 0.1]), variant="sharp")
    assert run.certified
    assert 0.95 <= run.bounds[0].probability < 1
    other = noisy_gradient_descent(X, w_star=W, steps=50, noise_1=GaussianNoise([0.1, 0.1]), variant="sharp")
    assert not other.certified
    assert any(entry.statement == "‖ξ1‖ is bounded" and entry.holds is False for entry in other.hypotheses)


@pytest.mark.parametrize("noise", [GaussianNoise([0.1, 2.0]), GaussianNoise([1e-30]), BallNoise(2, 3.0), NoNoise(2)])
@pytest.mark.parametrize("odds", [0.5, 1e-3, 1e-30])
def test_cut_off(noise: Any, odds: float) -> None:
    """The length is exceeded with at most the odds asked for, and a shorter one is not enough."""
    length, tail = cut_off(noise, odds)
    assert tail <= odds
    assert tail == noise.tail(length)
    if math.isinf(noise.bound):
        assert noise.tail(length * (1 - 1e-9)) > odds
    else:
        assert (length, tail) == (noise.bound, 0)


def test_labels_that_no_gate_makes() -> None:
    """Negative ones are named, inconsistent ones say by how much; the run is made without a bound."""
    run = noisy_gradient_descent(X, [1.0, -2.0, 0.5], steps=5)
    assert "the label of point 1 is negative" in str(run.hypotheses[0])
    run = noisy_gradient_descent([[1.0], [2.0]], [1.0, 3.0], steps=5)
    assert run.hypotheses[0].violation == pytest.approx(1 / 3)
    run = noisy_gradient_descent(X, [2.2, 1.0, 0.9], w_star=W, steps=5)
    assert "point 2 has the label 0.9, not 0.4" in str(run.hypotheses[0])
    assert not run.certified


def test_labels_without_a_unique_gate() -> None:
    """Without w* nothing can be compared."""
    run = noisy_gradient_descent([[1.0, 0.0]], [1.0], steps=5)
    assert run.bounds == ()
    assert np.isnan(run.distances).all()
    assert any(entry.statement == "w* is known" and entry.holds is None for entry in run.hypotheses)


def test_divergence() -> None:
    """Points on both sides keep a gate alive while it grows; the end is told without a warning."""
    run = noisy_gradient_descent([[1.0], [-1.0]], [1.0, 1.0], w_0=[2.0], step_size=1e3, steps=2000)
    assert run.termination == "diverged"
    assert np.isfinite(run.best).all()
    assert run.network is not None
    assert consistent(run)
    other = noisy_gradient_descent(
        [[1.0], [-1.0]], w_star=[1.0], w_0=[2.0], step_size=1e3, steps=2000, noise_2=SignNoise(1, 1e-3)
    )
    assert other.termination == "diverged"


@pytest.mark.parametrize(("error", "end"), [(None, "callback"), (KeyboardInterrupt, "interrupted")])
def test_a_run_that_is_stopped_is_consistent(error: type[BaseException] | None, end: str) -> None:
    """By its callback or by Ctrl-C: what was recorded so far is that of the whole run."""
    seen: list[int] = []

    def callback(made: int, w: Any) -> bool:
        seen.append(made)
        w[:] = math.nan  # is a copy
        if len(seen) == 3 and error is not None:
            raise error
        return len(seen) == 3

    options: dict[str, Any] = {"w_star": W, "steps": 100, "record": 11, "noise_2": BallNoise(2, 0.01)}
    run = noisy_gradient_descent(X, callback=callback, **options)
    whole = noisy_gradient_descent(X, **options)
    assert run.termination == end
    assert run.steps.tolist() == [0, 10, 20, 30]
    assert consistent(run)
    np.testing.assert_array_equal(run.trajectory, whole.trajectory[:4])
    np.testing.assert_array_equal(run.losses, whole.losses[:4])


@pytest.mark.parametrize("record", [2, 5, 200])
def test_what_is_kept_does_not_change_the_run(record: int) -> None:
    """Noises have generators of their own, which do not care how much is drawn at a time."""
    options: dict[str, Any] = {"w_star": W, "steps": 100, "noise_1": BallNoise(2, 0.1), "noise_2": SignNoise(2, 0.1)}
    whole = noisy_gradient_descent(X, record=1000, **options)
    run = noisy_gradient_descent(X, record=record, **options)
    np.testing.assert_array_equal(run.trajectory, whole.trajectory[run.steps])
    assert (run.best_step, run.best_loss) == (whole.best_step, whole.best_loss)


@pytest.mark.parametrize("points", [X, np.zeros((2, 2))])
def test_no_steps_and_points_at_the_origin(points: Any) -> None:
    """The start is looked at; a step size of 1 is as good as any where nothing moves."""
    run = noisy_gradient_descent(points, w_star=W, steps=0)
    assert (run.updates, run.best_step) == (0, 0)
    assert consistent(run)
    run = noisy_gradient_descent(points, w_star=W, steps=3)
    assert run.certified
    assert consistent(run)


def test_symmetries() -> None:
    """Points in another order or all twice, coordinates in another order or with other signs."""
    random = np.random.default_rng(3)
    points, labels, start = random.normal(size=(7, 3)), random.normal(size=7), random.normal(size=3)
    order, signs = np.array([2, 0, 1]), np.array([1.0, -1.0, -1.0])
    options: dict[str, Any] = {"steps": 30, "step_size": 0.1}
    run = gate_gradient_descent(points, labels, w_0=start, **options).parameters
    for X, y, w, expected in (
        (points[::-1], labels[::-1], start, run),
        (np.vstack([points, points]), np.concatenate([labels, labels]), start, run),
        (points[:, order] * signs, labels, start[order] * signs, run[order] * signs),
    ):
        np.testing.assert_allclose(gate_gradient_descent(X, y, w_0=w, **options).parameters, expected, atol=1e-12)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, ValueError, "y or w_star must be given"),
        ({"y": [1.0]}, ValueError, "X has 3 points but y has 1 labels"),
        ({"w_star": [1.0]}, ValueError, "w_star has 1 entries"),
        ({"w_star": W, "w_0": [math.nan, 1.0]}, ValueError, "w_0"),
        ({"w_star": W, "steps": -1}, ValueError, "steps is -1"),
        ({"w_star": W, "record": 1}, ValueError, "record is 1"),
        ({"w_star": W, "step_size": 0}, ValueError, "step_size is 0"),
        ({"w_star": W, "step_size": [0.1], "steps": 2}, ValueError, "step_size must be one positive number, or one"),
        ({"w_star": W, "step_size": [0.1, -0.1], "steps": 2}, ValueError, "step_size must be one positive number"),
        ({"w_star": W, "step_size": [[0.1]], "steps": 1}, ValueError, "step_size"),
        ({"w_star": W, "delta": 1.0}, ValueError, "delta is 1.0"),
        ({"w_star": W, "variant": "published"}, ValueError, "variant is 'published'; legal are .*'sharp', 'corrected'"),
        ({"w_star": W, "noise_1": BallNoise(1, 1.0)}, ValueError, "noise_1 must draw vectors of 2 entries"),
        ({"w_star": W, "noise_2": GaussianNoise([1.0] * 3)}, ValueError, "noise_2 must draw vectors of 2 entries"),
    ],
)
def test_arguments_that_are_refused(options: dict[str, Any], error: type[Exception], message: str) -> None:
    """The message names the argument."""
    with pytest.raises(error, match=message):
        noisy_gradient_descent(X, **options)


def test_plain_descent_takes_no_noise() -> None:
    """It says who does."""
    with pytest.raises(ValueError, match="noise_2 was given; noisy_gradient_descent takes it"):
        gate_gradient_descent(X, [1, 2, 3], noise_2=BallNoise(2, 1.0))


def test_acceptance_run() -> None:
    """Five dimensions, 100 steps, both noises: the walk stays within 1.2 of w* where the radius is 2.55."""
    random = np.random.default_rng(0)
    points = random.normal(size=(20, 5))
    points /= np.linalg.norm(points, axis=1)[:, None]
    target = np.full(5, 1 / math.sqrt(5))
    for seed in range(20):
        run = noisy_gradient_descent(
            points,
            w_star=target,
            steps=100,
            step_size=1e-3,
            noise_1=BallNoise(5, 0.1),
            noise_2=GaussianNoise(np.full(5, math.sqrt(1.04315e-4))),
            variant="corrected",
            seed=seed,
        )
        assert run.certified
        assert run.distances.max() < 1.2 < run.bounds[0].values[0]
