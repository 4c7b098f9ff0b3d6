"""Tests of the engine that trains networks with one hidden layer, against a literal loop."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import naive_descent
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb_solvers import network_descent as engine

if TYPE_CHECKING:
    from numpy.typing import NDArray

pytestmark = pytest.mark.kernels

STEPS = 40


def problem(points: int = 7, n: int = 2, width: int = 2, output_bias: bool = True, seed: int = 0) -> engine.Problem:
    """Return Gaussian points with a constant and Gaussian labels."""
    random = np.random.default_rng(seed)
    rows = np.vstack([random.normal(size=(n, points)), np.ones(points)])
    return engine.Problem(rows, random.normal(size=points), width, output_bias)


def iterates(
    given: engine.Problem, rule: engine.Rule, start: NDArray[np.float64], random: engine.Source
) -> NDArray[np.float64]:
    """Run the engine one step per call and return all iterates."""
    state = engine.new_state(given, start, rule)
    found = [start.copy()]
    for _ in range(rule.total):
        assert engine.advance(given, rule, state, 1, random) == engine.CONTINUE
        found.append(state.parameters.copy())
    return np.array(found)


def source(seed: int) -> engine.Source:
    """Return the generators of a run."""
    return engine.new_source(np.random.SeedSequence(seed))


def start_of(given: engine.Problem) -> NDArray[np.float64]:
    """Return a start with all units alive."""
    return engine.draw_start(given, 2, np.random.default_rng(5))


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 3), st.booleans(), st.integers(0, 10**6))
def test_the_gradient_is_the_central_difference_in_fractions(width: int, output_bias: bool, seed: int) -> None:
    """Away from kinks the loss is quadratic in every number, so central differences are exact."""
    random = np.random.default_rng(seed)
    points = random.integers(-4, 5, (3, 5)) + 0.0
    points[2] = 1.0
    given_problem = engine.Problem(points, random.integers(-4, 5, 5) + 0.0, width, output_bias)
    parameters = random.integers(-9, 10, engine.count_parameters(given_problem)) + 0.5
    rows = [[Fraction(entry) for entry in row] for row in points.T.tolist()]
    labels = [Fraction(entry) for entry in given_problem.targets.tolist()]
    exact = [Fraction(entry) for entry in parameters.tolist()]
    values = [abs(sum(exact[i * 3 + e] * x[e] for e in range(3))) for x in rows for i in range(width)]
    if min(values) == 0:
        return
    expected = naive_descent.differences(rows, labels, exact, width, min(values) / 100)
    loss, gradient = engine.objective(given_problem)(parameters)
    assert loss == pytest.approx(float(naive_descent.loss(rows, labels, exact, width)), rel=1e-12)
    np.testing.assert_allclose(gradient, [float(entry) for entry in expected], rtol=1e-11, atol=1e-9)


def test_at_a_kink_the_unit_is_off() -> None:
    """The derivative of max(0, t) at 0 is taken as 0, as everybody does."""
    gradient = engine.objective(engine.Problem(np.array([[1.0]]), np.array([-3.0]), 1, False))(np.array([0.0, 2.0]))[1]
    assert gradient.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("schedule", engine.SCHEDULES)
@pytest.mark.parametrize("output_bias", [False, True])
def test_gradient_descent_is_the_literal_loop(schedule: str, output_bias: bool) -> None:
    """Every iterate, with each schedule."""
    given = problem(output_bias=output_bias)
    rule = engine.Rule(engine.GRADIENT, 0.05, STEPS, engine.SCHEDULES.index(schedule))
    found = iterates(given, rule, start_of(given), source(0))
    expected = naive_descent.gradient_descent(
        given.points.T.tolist(), given.targets.tolist(), start_of(given).tolist(), 2, STEPS, 0.05, schedule
    )
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


def test_adam_is_the_literal_loop() -> None:
    """Every iterate, with both means corrected."""
    given = problem()
    rule = engine.Rule(engine.ADAM, 0.02, STEPS)
    found = iterates(given, rule, start_of(given), source(0))
    expected = naive_descent.adam(
        given.points.T.tolist(), given.targets.tolist(), start_of(given).tolist(), 2, STEPS, 0.02
    )
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("batch", [1, 2, 3, 6])
def test_minibatches_are_the_literal_loop(batch: int) -> None:
    """Every epoch takes all points once, in the next order that is drawn; the last batch may be smaller."""
    given = problem(points=7)
    rule = engine.Rule(engine.GRADIENT, 0.05, STEPS, batch=batch)
    found = iterates(given, rule, start_of(given), source(3))
    random = source(3).orders
    orders = [random.permuted(np.arange(7)[None], axis=1)[0].tolist() for _ in range(STEPS)]
    expected = naive_descent.stochastic_gradient_descent(
        given.points.T.tolist(), given.targets.tolist(), start_of(given).tolist(), 2, orders, batch, 0.05
    )
    np.testing.assert_allclose(found, expected[: STEPS + 1], rtol=1e-10, atol=1e-12)


def test_noise_is_the_literal_loop() -> None:
    """The first p of p + 2 normal numbers, divided by the norm of all, are uniform in the ball; then p normal ones."""
    given = problem()
    p = engine.count_parameters(given)
    rule = engine.Rule(engine.GRADIENT, 0.05, STEPS, ball=0.5, gaussian=0.25)
    found = iterates(given, rule, start_of(given), source(3))
    drawn = source(3).noise.standard_normal((STEPS, 2 * p + 2))
    noises: list[Any] = [
        ((0.5 * row[:p] / np.linalg.norm(row[: p + 2])).tolist(), (0.25 * row[p + 2 :]).tolist()) for row in drawn
    ]
    expected = naive_descent.gradient_descent(
        given.points.T.tolist(), given.targets.tolist(), start_of(given).tolist(), 2, STEPS, 0.05, noises=noises
    )
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


RULES = {
    "gradient": engine.Rule(engine.GRADIENT, 0.05, 60),
    "batches": engine.Rule(engine.GRADIENT, 0.05, 60, 2, 3),
    "adam on batches": engine.Rule(engine.ADAM, 0.05, 60, 1, 3),
    "noise": engine.Rule(engine.GRADIENT, 0.05, 60, 0, 0, ball=0.1, gaussian=0.1),
    "noise on batches": engine.Rule(engine.GRADIENT, 0.05, 60, 0, 4, ball=0.1),
}


@pytest.mark.parametrize("name", RULES)
def test_a_run_that_is_cut_is_the_same_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither calls of a few steps nor smaller blocks of random numbers change anything."""
    given, rule = problem(), RULES[name]
    whole = engine.new_state(given, start_of(given), rule)
    engine.advance(given, rule, whole, 60, source(1))
    monkeypatch.setattr(engine, "BLOCK", 50)
    parts, random = engine.new_state(given, start_of(given), rule), source(1)
    for steps in (1, 7, 0, 30, 22):
        engine.advance(given, rule, parts, steps, random)
    assert whole.parameters.tolist() == parts.parameters.tolist()
    assert whole.best.tolist() == parts.best.tolist()
    assert whole.count.tolist() == parts.count.tolist()


def test_the_best_iterate_is_kept() -> None:
    """Of all iterates of a run with noise, the one of least loss, and when it was."""
    given, rule = problem(), engine.Rule(engine.GRADIENT, 0.05, STEPS, gaussian=0.5)
    found = iterates(given, rule, start_of(given), source(2))
    losses = [naive_descent.loss(given.points.T, given.targets, row.tolist(), 2) for row in found]
    state = engine.new_state(given, start_of(given), rule)
    engine.advance(given, rule, state, STEPS, source(2))
    engine.measure(given, state)
    assert int(state.count[2]) == int(np.argmin(losses))
    assert state.best_loss[0] == pytest.approx(min(losses), rel=1e-12)
    assert state.best.tolist() == found[np.argmin(losses)].tolist()


def test_a_step_that_changes_nothing_ends_the_run() -> None:
    """All units are off, so the gradient is 0."""
    given = engine.Problem(np.array([[1.0, 2.0]]), np.array([1.0, 2.0]), 1, False)
    rule = engine.Rule(engine.GRADIENT, 0.1, 100)
    state = engine.new_state(given, np.array([-1.0, 1.0]), rule)
    assert engine.advance(given, rule, state, 100, source(0)) == engine.CONVERGED
    assert state.count[0] == 1


@pytest.mark.parametrize("batch", [0, 2])
def test_divergence_is_told_and_leaves_finite_parameters(batch: int) -> None:
    """Steps that are far too long end at the last finite iterate, without a warning."""
    given = problem()
    rule = engine.Rule(engine.GRADIENT, 1e6, 1000, batch=batch)
    state = engine.new_state(given, start_of(given), rule)
    assert engine.advance(given, rule, state, 1000, source(0)) == engine.DIVERGED
    assert np.isfinite(state.parameters).all()
    assert np.isfinite(state.best_loss[0])
    assert state.count[0] < 1000


def test_a_run_can_be_stopped_from_outside() -> None:
    """No step is made after the flag is set."""
    given = problem()
    rule = engine.Rule(engine.GRADIENT, 0.1, 100)
    state = engine.new_state(given, start_of(given), rule)
    stop = np.ones(1, np.uint8)
    assert engine.advance(given, rule, state, 100, source(0), stop) == engine.STOPPED
    assert state.count[0] == 0


def test_the_order_of_the_points_does_not_matter() -> None:
    """Gradient descent on permuted points makes the same steps, up to rounding."""
    given = problem(points=9)
    order = np.random.default_rng(0).permutation(9)
    other = given._replace(points=np.ascontiguousarray(given.points[:, order]), targets=given.targets[order])
    rule = engine.Rule(engine.GRADIENT, 0.05, STEPS)
    left = iterates(given, rule, start_of(given), source(0))
    right = iterates(other, rule, start_of(given), source(0))
    np.testing.assert_allclose(left, right, rtol=1e-10, atol=1e-12)


def test_the_first_weights_are_those_of_pytorch() -> None:
    """Uniform up to one over the root of the number of inputs: 2 features for hidden units, 400 for the output."""
    given = problem(width=400, output_bias=True)
    start = engine.draw_start(given, 2, np.random.default_rng(0))
    hidden, outer = np.abs(start[:1200]), np.abs(start[1200:])
    assert len(outer) == 401
    assert 0.95 / np.sqrt(2) < hidden.max() <= 1 / np.sqrt(2)
    assert 0.95 / 20 < outer.max() <= 1 / 20
