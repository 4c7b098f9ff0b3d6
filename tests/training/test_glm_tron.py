"""GLM-Tron: iterates against an exact oracle, bounds along runs, symmetries, strange input and interruptions."""

from __future__ import annotations

import math
from typing import Any

import naive_training as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.training import TrainingResult, custom_activation, glm_tron, leaky_relu

SMALL = st.integers(-3, 3)
SLOPES = st.sampled_from([0.0, 0.25, 1.0])
X = [[0.6, 0.8], [1.0, 0.0], [-0.8, 0.6]]
Y = [1.4, 1.0, 0.0]


@st.composite
def data(draw: st.DrawFn) -> tuple[list[list[int]], list[int], list[int]]:
    """Draw points, labels and a gate, all small integers."""
    n, S = draw(st.integers(1, 3)), draw(st.integers(1, 9))
    points = draw(st.lists(st.lists(SMALL, min_size=n, max_size=n), min_size=S, max_size=S))
    labels = draw(st.lists(SMALL, min_size=S, max_size=S))
    return points, labels, draw(st.lists(SMALL, min_size=n, max_size=n))


def consistent(run: TrainingResult) -> bool:
    """Say whether all that a run tells of its steps has one length, and ends at its last."""
    count = len(run.steps)
    lengths = {len(run.trajectory), len(run.losses), len(run.distances)}
    lengths |= {len(entry) for bound in run.bounds for entry in (bound.values, bound.observed)}
    last = np.array_equal(run.parameters, run.trajectory[-1], equal_nan=True)
    return lengths == {count} and run.updates == run.steps[-1] and last and run.best_step <= run.updates


def test_the_counterexample_of_the_source() -> None:
    """One point 0.1 and w* = 10: best risk 0.6825546 in the printed 20 updates, below 1/2 at iterate 36 of 200."""
    run = glm_tron([[0.1]], [1.0], w_star=[10], eps=0.5, record=1000)
    assert run.updates == 200
    risks = run.bounds[0].observed
    assert round(float(risks[19]), 7) == 0.6825546
    assert int(np.argmax(risks < 0.5)) + 1 == 36
    assert run.certified
    assert all(bound.holds for bound in run.bounds)


@given(data(), SLOPES, st.sampled_from([0.25, 0.0625]), st.integers(0, 6))
def test_iterates_are_the_oracles(
    drawn: tuple[list[list[int]], list[int], list[int]], slope: float, step: float, updates: int
) -> None:
    """Compiled and as a function of the user's: all iterates, losses, the best of them, and the least risks."""
    points, labels, target = drawn
    X, y, w = naive.matrix(points), naive.vector(labels), naive.vector(target)
    sigma = naive.leaky_relu(slope)
    exact = naive.tron_iterates(X, y, sigma, updates, step)
    losses = [float(naive.empirical_loss(X, y, sigma, v)) for v in exact]
    risks = np.minimum.accumulate([float(naive.effective_loss(X, sigma, v, w)) for v in exact])
    chosen = leaky_relu(slope)
    for activation in (chosen, custom_activation(chosen, 1.0)):
        run = glm_tron(points, labels, activation, steps=updates, w_star=target, step_size=step)
        made = len(run.steps)
        assert made == updates + 1 or run.termination == "converged"
        np.testing.assert_allclose(run.trajectory, np.array(exact, dtype=float)[:made], rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(run.losses, losses[:made], rtol=1e-12, atol=1e-12)
        assert run.best_loss == pytest.approx(min(losses), abs=1e-12)
        assert losses[run.best_step] == pytest.approx(min(losses), abs=1e-12)
        for bound in run.bounds[::2]:
            np.testing.assert_allclose(bound.observed, risks[:made], rtol=1e-12, atol=1e-12)


@given(
    data(), SLOPES, st.sampled_from([True, "spectral", False]), st.integers(0, 60), st.sampled_from([1e-6, 1.0, 1e6])
)
def test_bounds_are_never_exceeded(
    drawn: tuple[list[list[int]], list[int], list[int]], slope: float, scale: Any, steps: int, unit: float
) -> None:
    """Whatever labels, activation, scale and unit are: a bound that is claimed is kept."""
    points, labels, target = drawn
    run = glm_tron(
        np.array(points) * unit, labels, leaky_relu(slope), w_star=np.array(target) / unit, scale=scale, steps=steps
    )
    assert all(bound.holds for bound in run.bounds)
    assert run.certified or not scale
    assert consistent(run)


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=9), st.integers(0, 99), st.sampled_from([0.0, 1e-17, 1e-3, 1.0]))
def test_bounds_survive_rounding(labels: list[float], seed: int, size: float) -> None:
    """Data in floats, noise that nearly cancels, w* = 0 and long runs: no bound is exceeded."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(len(labels), 2))
    for w in (np.zeros(2), random.normal(size=2)):
        for labels_of in (np.maximum(X @ w, 0) + size * np.array(labels), size * np.array(labels)):
            run = glm_tron(X, labels_of, w_star=w, scale=True, steps=3000, record=50)
            assert all(bound.holds for bound in run.bounds)


@given(data(), SLOPES)
def test_symmetries(drawn: tuple[list[list[int]], list[int], list[int]], slope: float) -> None:
    """Points in another order or all twice, coordinates in another order or with other signs, another unit."""
    points, labels = np.array(drawn[0], dtype=float), np.array(drawn[1], dtype=float)
    n = points.shape[1]
    run = glm_tron(points, labels, leaky_relu(slope), scale=True, steps=20)
    order, signs = np.arange(n)[::-1], np.where(np.arange(n) % 2, 1.0, -1.0)
    same = [
        (points[::-1], labels[::-1], run.parameters),
        (np.vstack([points, points]), np.concatenate([labels, labels]), run.parameters),
        (points[:, order] * signs, labels, run.parameters[order] * signs),
        (points * 1000.0, labels, run.parameters / 1000.0),
        (points, labels * 1000.0, run.parameters * 1000.0),
    ]
    for X, y, expected in same:
        other = glm_tron(X, y, leaky_relu(slope), scale=True, steps=20)
        np.testing.assert_allclose(other.parameters, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())


def test_scaling_is_told_in_the_units_of_the_user() -> None:
    """The run on X with scale=True is the run on X/c with weights divided by c."""
    plain = glm_tron(X, Y, steps=30, w_star=[1, 1])
    scaled = glm_tron(8 * np.array(X), Y, steps=30, w_star=[1 / 8, 1 / 8], scale=True)
    np.testing.assert_allclose(scaled.trajectory * 8, plain.trajectory, rtol=1e-12)
    np.testing.assert_allclose(scaled.losses, plain.losses, rtol=1e-9)
    np.testing.assert_allclose(scaled.bounds[0].values, plain.bounds[0].values)
    np.testing.assert_allclose(64 * scaled.bounds[1].values, plain.bounds[1].values)


@pytest.mark.parametrize(("scale", "step"), [(1, 0.25), (np.True_, 0.25), (0, 1.0), (np.False_, 1.0)])
def test_truth_values_of_any_kind(scale: Any, step: float) -> None:
    """1 and numpy's true divide by the greatest length, as true does."""
    assert glm_tron([[2.0], [1.0]], [1.0, 1.0], scale=scale, steps=1).step_size == step


def test_long_points_are_named_and_help_is_offered() -> None:
    """The theorem as printed is silent; the spectral one still applies if the step allows it."""
    run = glm_tron([[3.0, 4.0], [0.1, 0.0]], [1.0, 0.0], w_star=[0.1, 0.2], steps=3)
    told = next(entry for entry in run.hypotheses if entry.statement == "‖x_i‖ ≤ 1")
    assert told.holds is False
    assert told.violation == 4
    assert "point 0 has ‖x‖ = 5; scale=True" in told.remark
    assert not run.certified


@pytest.mark.parametrize(
    ("activation", "failing"),
    [
        (leaky_relu(-0.5), "σ is non-decreasing"),
        (leaky_relu(2.0), "L < 2"),
        (leaky_relu(3.0), "L < 2"),
        (custom_activation(np.sin, 1.0), "σ is non-decreasing"),
        (custom_activation(lambda z: 3 * z, 1.0), "σ is L-Lipschitz"),
    ],
)
def test_activations_outside_the_theory_run_without_a_bound(activation: Any, failing: str) -> None:
    """What fails is named."""
    run = glm_tron([[0.6], [-1.0]], [3.0, 2.0], activation, w_star=[8.0], steps=5)
    assert failing in [entry.statement for entry in run.hypotheses if entry.holds is False]
    assert not any(bound.theorem in ("Theorem 3.5.2", "Lemma 3.5.1") for bound in run.bounds)
    assert run.updates == 5 or run.termination == "converged"


def test_steps_outside_the_range_run_without_a_bound() -> None:
    """A step of 2/(LΛ) or more has none; a smaller one that the source does not allow has the sharpened ones."""
    assert not glm_tron([[1.0]], [1.0], w_star=[1], step_size=2.0, steps=3).certified
    names = [bound.theorem for bound in glm_tron([[1.0]], [1.0], w_star=[1], step_size=1.5, steps=3).bounds]
    assert names == ["Theorem 3.5.2, sharpened", "Lemma 3.5.1, sharpened"]


@pytest.mark.parametrize("theta", [0.1, 0.3, 7.0])
def test_theta_is_not_refuted_by_rounding(theta: float) -> None:
    """Labels with a noise of exactly θ satisfy |ξ| ≤ θ, though floats make more of it."""
    w = np.array([1.1, 2.3])
    labels = np.maximum(np.array(X) @ w, 0) + theta * np.array([1, -1, 1])
    run = glm_tron(X, labels, w_star=w, theta=theta, steps=10)
    assert all(entry.holds for entry in run.hypotheses)
    assert len(run.bounds) == 4


def test_theta_that_is_too_small() -> None:
    """It is told, and the theorem that uses it says nothing; that of the true push does."""
    run = glm_tron([[1.0]], [2.0], w_star=[1.0], theta=0.5, steps=3)
    told = next(entry for entry in run.hypotheses if "θ" in entry.statement)
    assert (told.holds, told.value, told.limit) == (False, 1.0, 0.5)
    assert {bound.theorem.split(", ")[1] for bound in run.bounds} == {"sharpened"}


def test_without_a_gate_to_compare_with() -> None:
    """There is no bound and no distance, and it is said what would help."""
    run = glm_tron(X, Y, steps=5)
    assert run.bounds == ()
    assert np.isnan(run.distances).all()
    assert any(entry.holds is None and "give w_star" in entry.remark for entry in run.hypotheses)


@pytest.mark.parametrize("activation", ["identity", custom_activation(lambda z: z, 1.0)])
def test_a_cycle_is_not_convergence(activation: Any) -> None:
    """Iterates that alternate look equal if every second is kept."""
    run = glm_tron([[1.0]], [1.0], activation, step_size=2.0, steps=8, record=5)
    assert run.trajectory[:, 0].tolist() == [0, 0, 0, 0, 0]
    assert run.termination == "finished"


@pytest.mark.parametrize("activation", ["identity", custom_activation(lambda z: z, 1.0)])
@pytest.mark.parametrize("record", [2, 7, 1000])
def test_convergence_ends_a_run(activation: Any, record: int) -> None:
    """One update reaches the label, the next changes nothing."""
    run = glm_tron([[1.0]], [1.0], activation, steps=50, record=record)
    assert run.termination == "converged"
    assert run.parameters.tolist() == [1.0]
    assert (run.best_step, run.best_loss) == (1, 0.0)
    assert consistent(run)


@pytest.mark.parametrize("activation", ["identity", "leaky-relu", custom_activation(lambda z: z, 1.0)])
@pytest.mark.parametrize("w_star", [None, [1.0, 1.0]])
def test_divergence_ends_a_run(activation: Any, w_star: Any) -> None:
    """It is said without a warning, and the best iterate is a finite one."""
    run = glm_tron(
        [[1.0, 2.0], [3.0, 1.0], [-5.0, 5.0]], [1, 2, 3], activation, step_size=1e6, steps=3000, w_star=w_star
    )
    assert run.termination == "diverged"
    assert np.isfinite(run.best).all()
    assert consistent(run)
    assert "a smaller step size" in run.summary()


@pytest.mark.parametrize("activation", ["relu", custom_activation(lambda z: np.maximum(z, 0), 1.0)])
@pytest.mark.parametrize(("error", "end"), [(None, "callback"), (KeyboardInterrupt, "interrupted")])
@pytest.mark.parametrize("at", [1, 5, 40])
def test_a_run_that_is_stopped_is_consistent(
    activation: Any, error: type[BaseException] | None, end: str, at: int
) -> None:
    """By its callback or by Ctrl-C: what was recorded so far, and not a step more."""
    seen: list[int] = []

    def callback(made: int, w: Any) -> bool:
        seen.append(made)
        w[:] = math.nan  # is a copy
        if len(seen) == at and error is not None:
            raise error
        return len(seen) == at

    run = glm_tron(X, Y, activation, steps=400, record=101, w_star=[1, 1], callback=callback)
    assert run.termination == end
    assert consistent(run)
    assert run.updates == seen[-1] == 4 * at
    whole = glm_tron(X, Y, activation, steps=400, record=101, w_star=[1, 1])
    np.testing.assert_array_equal(run.trajectory, whole.trajectory[: at + 1])
    np.testing.assert_array_equal(run.losses, whole.losses[: at + 1])
    assert [bound.holds for bound in run.bounds] == [True] * 4


@pytest.mark.parametrize("activation", ["relu", custom_activation(lambda z: np.maximum(z, 0), 1.0)])
def test_no_steps(activation: Any) -> None:
    """The start is looked at."""
    run = glm_tron(X, Y, activation, steps=0, w_star=[1, 1])
    assert (run.updates, run.best_step) == (0, 0)
    assert run.losses[0] == pytest.approx((1.4**2 + 1) / 3)
    assert consistent(run)


@pytest.mark.parametrize("record", [2, 3, 10, 200])
def test_what_is_kept_does_not_change_the_run(record: int) -> None:
    """Best iterate, last iterate and least risk do not depend on it."""
    labels = [1.4, 1.3, -0.5]
    whole = glm_tron(X, labels, steps=100, w_star=[1, 1], record=1000)
    run = glm_tron(X, labels, steps=100, w_star=[1, 1], record=record)
    np.testing.assert_array_equal(run.parameters, whole.parameters)
    assert (run.best_step, run.best_loss) == (whole.best_step, whole.best_loss)
    assert run.bounds[0].observed[-1] == whole.bounds[0].observed[-1]
    np.testing.assert_array_equal(run.trajectory, whole.trajectory[run.steps])


@pytest.mark.parametrize("points", [[[0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])
@pytest.mark.parametrize("scale", [False, True, "spectral"])
def test_points_at_the_origin(points: list[list[float]], scale: Any) -> None:
    """Nothing moves, and nothing is divided by 0."""
    run = glm_tron(points, np.ones(len(points)), scale=scale, w_star=[1, 1])
    assert run.termination == "converged"
    assert run.best_loss == 1
    assert all(bound.holds for bound in run.bounds)


@pytest.mark.parametrize("activation", ["relu", leaky_relu(0.25), "identity"])
def test_the_network_is_the_best_gate(activation: Any) -> None:
    """It computes the best iterate's outputs; a function of the user's has none."""
    run = glm_tron(X, [1.4, 1.3, -0.5], activation, steps=9)
    sigma = leaky_relu({"relu": 0.0, "identity": 1.0}.get(activation, 0.25) if isinstance(activation, str) else 0.25)
    assert run.network is not None
    np.testing.assert_allclose(np.ravel(run.network(np.array(X))), sigma(np.array(X) @ run.best), atol=1e-15)
    assert glm_tron(X, Y, custom_activation(np.tanh, 1.0), steps=1).network is None


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"X": [[math.nan, 0.0]] * 3}, ValueError, "X"),
        ({"X": [1.0, 2.0, 3.0]}, ValueError, "X must have 2 dimensions"),
        ({"y": [1.0, 2.0]}, ValueError, "X has 3 points but y has 2 labels"),
        ({"X": [[1e200, 0.0]] * 3, "scale": True}, ValueError, "X"),
        ({"X": [[1e200, 0.0]] * 3}, ValueError, "X"),
        ({"w_star": [1.0]}, ValueError, "w_star has 1 entries; there must be 2"),
        ({"w_star": [1.0, math.inf]}, ValueError, "w_star"),
        ({"theta": -1.0}, ValueError, "theta must be a finite number that is not negative"),
        ({"theta": math.nan}, ValueError, "theta must be a finite number that is not negative"),
        ({"scale": "norm"}, ValueError, "scale is 'norm'; legal are False, True, 'spectral'"),
        ({"scale": True, "step_size": 1.0}, ValueError, "scale and step_size were both given"),
        ({"step_size": 0.0}, ValueError, "step_size is 0.0"),
        ({"steps": -1}, ValueError, "steps is -1"),
        ({"steps": 1.5}, TypeError, "steps is 1.5"),
        ({"record": 1}, ValueError, "record is 1"),
        ({"eps": 0.1}, ValueError, "eps was given without w_star"),
        ({"eps": 0.1, "w_star": [1, 1], "steps": 3}, ValueError, "steps and eps were both given"),
        ({"eps": -0.1, "w_star": [1, 1]}, ValueError, "eps is -0.1"),
        ({"activation": "tanh"}, ValueError, "activation is 'tanh'"),
        ({"activation": np.tanh}, TypeError, "custom_activation"),
    ],
)
def test_arguments_that_are_refused(change: dict[str, Any], error: type[Exception], message: str) -> None:
    """The message names the argument and what is legal."""
    arguments: dict[str, Any] = {"X": X, "y": Y} | change
    with pytest.raises(error, match=message):
        glm_tron(**arguments)


def test_number_of_updates_in_other_units() -> None:
    """With scale=True, ε asks for as many updates as on the scaled points."""
    assert glm_tron(X, Y, w_star=[2, 0], eps=0.25).updates == 16
    assert glm_tron(4 * np.array(X), Y, w_star=[0.5, 0], eps=0.25, scale=True).updates == 16
