"""Many runs of Algorithm 3: exact exit probabilities of walks, the printed theorem refuted, threads, bad input."""

# mypy: disable-error-code="arg-type"
# lists are legal where arrays are declared

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from relucomb.training import BallNoise, GaussianNoise, SignNoise, exit_experiment, noisy_gradient_descent

X = [[0.6, 0.8], [1.0, 0.0], [-0.8, 0.6]]


def test_frequencies_agree_with_an_exact_walk() -> None:
    """A walk of ±1 leaves 3 within 9 steps with a probability that is counted over all signs."""
    found = exit_experiment([[0.0]], [0.0], step_size=1.0, steps=9, noise_2=SignNoise(1, 1.0), runs=20_000)
    signs = 2 * ((np.arange(2**9)[:, None] >> np.arange(9)) & 1) - 1
    greatest = np.abs(np.cumsum(signs, axis=1)).max(axis=1)
    for level in range(1, 9):
        exact = float((greatest > level).mean())
        assert abs(float((found.greatest > level).mean()) - exact) <= 5 * math.sqrt(exact * (1 - exact) / 20_000)


def test_the_printed_theorem_is_refuted_and_the_others_are_not() -> None:
    """The walk of ±0.99 from 100."""
    found = exit_experiment([[1e-4]], [0.0], w_0=[100.0], step_size=1.0, steps=16, noise_2=SignNoise(1, 0.99))
    assert found.frequency(540, "published").refuted
    assert found.frequency(540, "published").published
    for lam in (50.0, 540.0, 1500.0):
        assert not found.frequency(lam, "corrected").refuted
        assert not found.frequency(lam, "sharp").refuted


def test_acceptance_case() -> None:
    """500 runs in five dimensions: radius 2.55 and k 0.099 of the theorem, none farther than 1.1."""
    random = np.random.default_rng(0)
    points = random.normal(size=(20, 5))
    points /= np.linalg.norm(points, axis=1)[:, None]
    found = exit_experiment(
        points,
        np.full(5, 1 / math.sqrt(5)),
        step_size=1e-3,
        steps=100,
        noise_1=BallNoise(5, 0.1),
        noise_2=GaussianNoise(np.full(5, math.sqrt(1.04315e-4))),
        C_L=0.5,
        runs=500,
    )
    plan = found.confinement(5, "corrected")
    assert (round(plan.radius, 6), round(plan.k, 6)) == (2.549765, 0.09924)
    assert plan.bound <= 3.0751e-4
    assert found.greatest.max() < 1.1
    assert found.frequency(5).hits == 0


def test_a_run_is_that_of_the_algorithm() -> None:
    """The greatest distance of a trajectory with the same draws."""
    options: dict[str, Any] = {
        "step_size": 0.25,
        "steps": 40,
        "noise_1": SignNoise(2, 0.3),
        "noise_2": BallNoise(2, 0.2),
    }
    found = exit_experiment(X, [1, 2], runs=3, seed=4, **options)
    one, two = (np.random.default_rng(child) for child in np.random.SeedSequence((4, 2)).spawn(2))

    class Given:
        """A noise that was drawn before."""

        bound, second_moment = math.inf, 1.0

        def __init__(self, noise: Any, random: np.random.Generator) -> None:
            self.drawn = np.vstack([noise.draw(random, 40), np.zeros((2000, 2))])

        def tail(self, length: float) -> float:
            """Return nothing of use."""
            return 0.0

        def draw(self, random: np.random.Generator, count: int) -> Any:
            """Return the next rows."""
            rows, self.drawn = self.drawn[:count], self.drawn[count:]
            return rows

    run = noisy_gradient_descent(
        X, w_star=[1, 2], steps=40, step_size=0.25,
        noise_1=Given(options["noise_1"], one), noise_2=Given(options["noise_2"], two),
    )  # fmt: skip
    assert found.greatest[2] == pytest.approx(run.distances.max())


@pytest.mark.parametrize("workers", [2, 3])
@pytest.mark.parametrize("own", [False, True])
def test_workers_do_not_change_the_result(workers: int, own: bool) -> None:
    """Nor does an executor of the caller's, which is left open; progress counts every run."""
    options: dict[str, Any] = {"step_size": 0.25, "steps": 30, "noise_2": BallNoise(2, 0.2), "runs": 40}
    seen: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        many = exit_experiment(
            X, [1, 2], workers=workers, executor=pool if own else None, progress=seen.append, **options
        )
        assert pool.submit(int, 1).result() == 1
    np.testing.assert_array_equal(many.greatest, exit_experiment(X, [1, 2], **options).greatest)
    assert seen == list(range(1, 41))


@pytest.mark.parametrize("workers", [1, 2])
def test_interruptions_leave_what_was_made(workers: int) -> None:
    """Ctrl-C after five runs."""

    def progress(made: int) -> None:
        if made == 5:
            raise KeyboardInterrupt

    options: dict[str, Any] = {"step_size": 0.25, "steps": 30, "noise_2": BallNoise(2, 0.2), "runs": 40}
    found = exit_experiment(X, [1, 2], workers=workers, progress=progress, **options)
    assert not found.complete
    assert len(found.greatest) == 5
    assert found.frequency(1.0, "sharp").runs == 5


def test_runs_that_diverge_count_as_exits() -> None:
    """What left the numbers left every ball."""
    found = exit_experiment(
        [[1.0], [-1.0]], [1.0], w_0=[2.0], step_size=1e3, steps=2000, noise_2=SignNoise(1, 1.0), runs=8
    )
    assert np.isinf(found.greatest).all()


def test_the_greatest_distance_counts_the_start() -> None:
    """Without noise no run goes farther."""
    found = exit_experiment(X, [1, 2], step_size=0.1, steps=50, runs=3)
    np.testing.assert_allclose(found.greatest, math.sqrt(5))


def test_a_length_of_the_callers() -> None:
    """Its tail is asked of the noise."""
    noise = GaussianNoise([0.1, 0.1])
    found = exit_experiment(X, [1, 2], step_size=0.1, steps=5, noise_2=noise, C_L=0.2, runs=2)
    assert found.numbers["C_L"] == 0.2
    assert found.numbers["tail"] == noise.tail(0.2)


def test_variants_without_a_radius() -> None:
    """A step that is too long is told as the reason."""
    found = exit_experiment(X, [1, 2], step_size=1.0, steps=50, runs=2)
    with pytest.raises(ValueError, match="variant 'corrected' has no radius here: fails    η < 1/"):
        found.frequency(1.0, "corrected")


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"X": [[math.nan, 0.0]]}, ValueError, "X"),
        ({"X": [1.0]}, ValueError, "X must have 2 dimensions"),
        ({"w_star": [1.0]}, ValueError, "w_star has 1 entries"),
        ({"w_0": [1.0]}, ValueError, "w_0 has 1 entries"),
        ({"step_size": 0}, ValueError, "step_size is 0"),
        ({"steps": 0}, ValueError, "steps is 0"),
        ({"runs": 0}, ValueError, "runs is 0"),
        ({"workers": 0}, ValueError, "workers is 0"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"runs": 1.5}, TypeError, "runs is 1.5"),
        ({"noise_1": BallNoise(1, 1.0)}, ValueError, "noise_1 must draw vectors of 2 entries"),
        ({"noise_2": BallNoise(3, 1.0)}, ValueError, "noise_2 must draw vectors of 2 entries"),
    ],
)
def test_arguments_that_are_refused(change: dict[str, Any], error: type[Exception], message: str) -> None:
    """The message names the argument."""
    arguments: dict[str, Any] = {"X": X, "w_star": [1, 2], "step_size": 0.1, "steps": 5, "runs": 2} | change
    with pytest.raises(error, match=message):
        exit_experiment(**arguments)


class _Cauchy:
    """A noise of which neither a bound nor a variance proxy is known."""

    bound = float("inf")
    second_moment = 1.0

    def tail(self, length: float) -> float:
        """Return what a test wants."""
        return 0.0 if length > 10 else 1.0

    def draw(self, random: np.random.Generator, count: int) -> Any:
        """Return Cauchy numbers."""
        return random.standard_cauchy((count, 1))


def test_without_a_variance_proxy_a_random_walk_says_nothing() -> None:
    """The frequency is refused with the reason, and the radius is infinite."""
    found = exit_experiment([[1.0]], [1.0], step_size=0.1, steps=5, noise_2=_Cauchy(), runs=3)
    assert found.confinement(1.0, "random-walk").radius == float("inf")
    with pytest.raises(ValueError, match=r"'random-walk' has no radius here: .*no v is known"):
        found.frequency(1.0, "random-walk")


def test_without_noise_nothing_strays() -> None:
    """However small λ is, the radius is beyond the start and the bound is 0."""
    found = exit_experiment([[1.0]], [1.0], step_size=0.1, steps=5, runs=2)
    assert found.confinement(1e-18, "random-walk").bound == 0
