"""Algorithm 2: iterates against an exact oracle, its bound, strange sources, interruptions."""

from __future__ import annotations

import math
from typing import Any

import naive_training as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.training import Discrete, Gaussian, StudentT, TrainingResult, relu_gate_sgd

X = np.array([[0.6, 0.8], [1.0, 0.0], [-0.8, 0.6]])
W = np.array([1.0, 2.0])
SMALL = st.integers(-3, 3)


def consistent(run: TrainingResult) -> bool:
    """Say whether all that a run tells of its steps has one length, and ends at its last."""
    count = len(run.steps)
    lengths = {len(run.trajectory), len(run.losses), len(run.distances)}
    lengths |= {len(entry) for bound in run.bounds for entry in (bound.values, bound.observed)}
    return lengths == {count} and run.updates == run.steps[-1] and run.best_step <= run.updates


def test_the_theorem_on_a_law() -> None:
    """Gaussian points: 274 updates reach the accuracy, and the bound is kept on the way."""
    run = relu_gate_sgd(Gaussian.standard(3), w_star=[1, -2, 0.5], eps=0.1)
    assert (run.updates, run.certified, run.bounds[0].probability) == (274, True, 0.95)
    assert run.distances[-1] <= 0.1
    assert np.isnan(run.losses).all()
    assert run.bounds[0].values[-1] <= 0.01
    np.testing.assert_allclose(run.bounds[0].observed, run.distances**2)


@given(st.lists(st.lists(SMALL, min_size=2, max_size=2), min_size=1, max_size=5), st.integers(0, 5), st.integers(0, 20))
def test_iterates_are_the_oracles(points: list[list[int]], seed: int, updates: int) -> None:
    """The rows that the generator draws, one after another, in exact arithmetic."""
    target = [1, -2]
    run = relu_gate_sgd(points, w_star=target, step_size=0.25, alpha=-0.5, steps=updates, seed=seed, w_1=[0.5, 0.5])
    drawn = np.random.default_rng(seed).integers(0, len(points), 4096)[:updates]
    exact = naive.modified_sgd(
        naive.vector([0.5, 0.5]), [naive.vector(points[i]) for i in drawn], naive.vector(target), 0.25, -0.5
    )
    np.testing.assert_allclose(run.trajectory, np.array(exact, dtype=float), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("record", [2, 3, 17, 20_000])
def test_what_is_kept_does_not_change_the_run(record: int) -> None:
    """Blocks of points are drawn alike, also across their ends."""
    whole = relu_gate_sgd(Gaussian.standard(2), w_star=W, steps=9000, step_size=0.01, record=10_000)
    run = relu_gate_sgd(Gaussian.standard(2), w_star=W, steps=9000, step_size=0.01, record=record)
    np.testing.assert_array_equal(run.trajectory, whole.trajectory[run.steps])


@pytest.mark.parametrize("source", [X, Gaussian.standard(2), Discrete(X)])
def test_long_runs_are_not_told_as_exceeding_their_bound(source: Any) -> None:
    """The bound falls below rounding, where no run can follow it."""
    run = relu_gate_sgd(source, w_star=[1.1, 2.3], steps=30_000)
    assert run.certified
    assert run.bounds[0].values[-1] < 1e-40
    assert run.bounds[0].holds
    assert run.distances[-1] < 1e-12


@pytest.mark.parametrize("size", [1e-15, 1e-12, 3e-10])
def test_labels_that_are_nearly_a_gates(size: float) -> None:
    """They count as realised, and the bound allows for what is left of them."""
    labels = np.maximum(X @ [1.1, 2.3], 0) * (1 + size * np.array([1, -1, 1]))
    run = relu_gate_sgd(X, labels, steps=20_000)
    assert run.certified
    assert run.bounds[0].holds
    assert run.bounds[0].rounding < 1e-6 * size


@given(
    st.lists(st.lists(SMALL, min_size=2, max_size=2), min_size=2, max_size=8), st.lists(SMALL, min_size=2, max_size=2)
)
def test_a_unique_gate_is_found_and_a_bound_claimed(points: list[list[int]], target: list[int]) -> None:
    """Labels alone are enough if the positive points span the space; otherwise the reason is told."""
    labels = np.maximum(np.array(points) @ target, 0)
    run = relu_gate_sgd(points, labels, steps=10)
    positive = np.array(points)[labels > 0]
    spans = len(positive) > 0 and np.linalg.matrix_rank(positive) == 2
    assert run.certified is bool(spans)
    if spans:
        assert run.distances[0] == pytest.approx(np.linalg.norm(target))
    else:
        assert any("do not vary along" in entry.remark for entry in run.hypotheses)


def test_a_negative_label_is_named() -> None:
    """No gate makes it; the run is made without a bound."""
    run = relu_gate_sgd(X, [1.0, -2.0, 0.5], step_size=0.1, steps=5)
    assert not run.certified
    assert "the label of point 1 is negative" in str(run.hypotheses[0])


def test_a_wrong_label_is_named() -> None:
    """Given the gate, the label that it does not make is told."""
    run = relu_gate_sgd(X, [2.2, 1.0, 0.9], w_star=W, step_size=0.1, steps=5)
    assert not run.certified
    assert "point 2 has the label 0.9, not 0.4" in str(run.hypotheses[0])


def test_heavy_tails_have_no_schedule() -> None:
    """Without a step size nothing is run; with one a thousand updates are, and nothing is claimed."""
    law = StudentT(2, 3.0)
    assert relu_gate_sgd(law, w_star=W).updates == 0
    run = relu_gate_sgd(law, w_star=W, step_size=1e-3)
    assert (run.updates, run.certified) == (1000, False)
    assert any(entry.statement == "E‖x‖⁴ exists" and entry.holds is False for entry in run.hypotheses)


def test_steps_that_do_not_contract() -> None:
    """They are run, and the greatest contraction is told with the theorem's step."""
    run = relu_gate_sgd(Gaussian.standard(2), w_star=W, step_size=0.9, steps=20)
    assert not run.certified
    assert "η = 0.9 does not contract; the theorem's is 0.125" in run.hypotheses[-1].remark


def test_a_step_of_the_callers_has_its_own_contraction() -> None:
    """For the plane and η|α| = 1/4: 1 − 1/4 + 1/8."""
    run = relu_gate_sgd(Gaussian.standard(2), w_star=W, step_size=0.125, alpha=-2.0, steps=1)
    assert run.bounds[0].values[1] == pytest.approx(5 * 0.875 / 0.05)


def test_divergence() -> None:
    """It ends the run without a warning, and there is no network."""
    run = relu_gate_sgd(Gaussian.standard(2), w_star=W, step_size=1e3, steps=4000)
    assert run.termination == "diverged"
    assert run.network is None
    assert consistent(run)
    data = relu_gate_sgd(X, w_star=W, step_size=1e3, steps=4000, w_1=[1, 1])
    assert data.termination == "diverged"
    assert np.isfinite(data.best).all()
    assert data.network is not None


@pytest.mark.parametrize(("error", "end"), [(None, "callback"), (KeyboardInterrupt, "interrupted")])
@pytest.mark.parametrize("source", [X, Gaussian.standard(2)])
def test_a_run_that_is_stopped_is_consistent(source: Any, error: type[BaseException] | None, end: str) -> None:
    """By its callback or by Ctrl-C."""
    seen: list[int] = []

    def callback(made: int, w: Any) -> bool:
        seen.append(made)
        w[:] = math.nan  # is a copy
        if len(seen) == 3 and error is not None:
            raise error
        return len(seen) == 3

    run = relu_gate_sgd(source, w_star=W, steps=100, record=11, callback=callback)
    assert run.termination == end
    assert seen == [10, 20, 30]
    assert run.steps.tolist() == [0, 10, 20, 30]
    assert consistent(run)
    np.testing.assert_array_equal(run.trajectory, relu_gate_sgd(source, w_star=W, steps=100, record=11).trajectory[:4])


def test_no_steps() -> None:
    """The start is all there is."""
    run = relu_gate_sgd(X, w_star=W, steps=0, w_1=[3, 4])
    assert (run.updates, run.parameters.tolist()) == (0, [3, 4])
    assert consistent(run)


def test_a_sampler_of_the_users() -> None:
    """Moments are estimated, and the odds of the bound are those of both."""

    def sampler(random: np.random.Generator, count: int) -> Any:
        return random.standard_normal((count, 2))

    run = relu_gate_sgd(sampler, w_star=W, steps=50)
    assert run.bounds[0].probability == pytest.approx(0.95 * 0.95)
    assert run.bounds[0].holds


@pytest.mark.parametrize(
    ("source", "options", "error", "message"),
    [
        (X, {}, ValueError, "y or w_star must be given"),
        (Gaussian.standard(2), {}, ValueError, "w_star must be given"),
        (Gaussian.standard(2), {"y": [1.0], "w_star": W}, ValueError, "y was given without points"),
        (Gaussian.standard(2), {"w_star": [1.0]}, ValueError, "w_star has 1 entries; there must be 2"),
        ([1.0, 2.0], {"w_star": [1.0]}, ValueError, "X must have 2 dimensions"),
        (X, {"w_star": [1.0]}, ValueError, "w_star has 1 entries; there must be 2"),
        (X, {"y": [1.0]}, ValueError, "X has 3 points but y has 1 labels"),
        ([[math.nan, 1.0]], {"w_star": W}, ValueError, "X"),
        ([[1e200, 1.0]], {"w_star": W}, ValueError, "X has entries up to 1e.200"),
        (X, {"w_star": W, "w_1": [1.0]}, ValueError, "w_1 has 1 entries"),
        (X, {"w_star": W, "alpha": 1.0}, ValueError, "alpha must be a negative"),
        (X, {"w_star": W, "step_size": -1.0}, ValueError, "step_size is -1"),
        (X, {"w_star": W, "eps": 0}, ValueError, "eps is 0"),
        (X, {"w_star": W, "delta": 0}, ValueError, "delta is 0"),
        (X, {"w_star": W, "steps": -1}, ValueError, "steps is -1"),
        (X, {"w_star": W, "record": 1}, ValueError, "record is 1"),
        (X, {"w_star": W, "variant": "best"}, ValueError, "variant is 'best'"),
        (lambda random, count: np.zeros((count, 3)), {"w_star": W}, ValueError, "sampler must return an array"),
        (lambda random, count: np.zeros((count, 2)), {"w_star": W, "samples": 1}, ValueError, "samples must be at"),
    ],
)
def test_arguments_that_are_refused(source: Any, options: dict[str, Any], error: type[Exception], message: str) -> None:
    """The message names the argument."""
    with pytest.raises(error, match=message):
        relu_gate_sgd(source, **options)


def test_a_sampler_that_changes_its_mind() -> None:
    """Blocks of a wrong shape are refused in the middle of a run, too."""

    def sampler(random: np.random.Generator, count: int) -> Any:
        return random.standard_normal((count, 2 if count == 100 else 3))

    with pytest.raises(ValueError, match=r"source must return an array \(4096, 2\); it returned \(4096, 3\)"):
        relu_gate_sgd(sampler, w_star=W, samples=100, steps=5, step_size=0.1)
