"""Algorithm 1 finds and proves the optimum, says how much work it is, and stops when asked."""

from __future__ import annotations

import itertools
import logging
import math
from fractions import Fraction
from typing import Any

import cvxpy
import naive
import naive_floats
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb.algorithm_one import (
    ProgramLimitError,
    ReferenceOutcome,
    ReferenceProgress,
    count_programs,
    solve_by_enumeration,
)

SQUARE = [[-1, -1], [-1, 1], [1, -1], [1, 1]]
XOR = [-1, 1, 1, -1]


@st.composite
def tiny_problems(draw: st.DrawFn) -> dict[str, Any]:
    """Draw few points on a small grid, with labels and options: duplicates and collinear points abound."""
    n = draw(st.integers(1, 4))
    points = draw(st.lists(st.lists(st.integers(-2, 2), min_size=n, max_size=n), min_size=1, max_size=4))
    width = draw(st.integers(1, 3 if len(points) <= 3 else 2))
    labels = draw(st.lists(st.integers(-3, 3), min_size=len(points), max_size=len(points)))
    return {
        "X": points,
        "y": labels,
        "width": width,
        "hidden_bias": draw(st.booleans()),
        "output_bias": draw(st.booleans()),
    }


def assert_proven(outcome: ReferenceOutcome, problem: dict[str, Any], loss: str, optimum: float) -> None:
    """Check loss, bound and network against the optimum and the definition."""
    assert outcome.stopped_reason == "exhausted"
    assert outcome.failed == 0
    assert outcome.solved == outcome.programs
    assert outcome.loss == pytest.approx(optimum, abs=1e-9)
    assert outcome.lower_bound <= optimum + 1e-12
    assert outcome.loss - outcome.lower_bound <= 1e-8
    evaluated = naive.network_loss(
        problem["X"],
        problem["y"],
        outcome.weights,
        outcome.signs,
        outcome.output_bias,
        problem.get("hidden_bias", True),
        loss,
    )
    assert float(evaluated) == pytest.approx(outcome.loss, abs=1e-12)


@pytest.mark.parametrize("loss", ["squared", "absolute", "hinge"])
@settings(max_examples=12, deadline=None)
@given(tiny_problems())
def test_the_optimum_is_found_and_proven(loss: str, problem: dict[str, Any]) -> None:
    """Random degenerate data: the optimum is that of the oracle, which shares no code and no formulation."""
    if count_programs(problem["X"], problem["width"], hidden_bias=problem["hidden_bias"]) > 400:
        problem["width"] = 1
    if loss == "hinge":
        problem["y"] = [2 * (label > 0) - 1 for label in problem["y"]]
        optimum = naive_floats.enumerate_linear(**problem, loss="hinge")
    elif loss == "absolute":
        optimum = naive_floats.enumerate_linear(**problem)
    else:
        optimum = naive_floats.enumerate_squared(**problem)
    assert_proven(solve_by_enumeration(**problem, loss=loss), problem, loss, optimum)


@pytest.mark.parametrize("loss", ["huber", "logistic"])
@pytest.mark.parametrize("output_bias", [False, True])
def test_smooth_losses(loss: str, output_bias: bool) -> None:
    """Huber and logistic loss against a quasi-Newton reference."""
    for width, points in ((1, 5), (2, 3)):
        X, y = [[-2], [-1], [0], [2], [3]], [3, -2, 2, 0, -3] if loss == "huber" else [1, -1, 1, 1, -1]
        problem = {"X": X[:points], "y": y[:points], "output_bias": output_bias}
        optimum = naive_floats.enumerate_smooth(**problem, width=width, loss=loss)
        outcome = solve_by_enumeration(**problem, width=width, loss=loss)
        assert_proven(outcome, problem, loss, outcome.loss)
        assert outcome.loss == pytest.approx(optimum, abs=2e-6)


def test_separable_logistic_loss_has_no_minimiser() -> None:
    """The infimum 0 is not attained; the loss is tiny, the bound 0, and nothing overflows."""
    outcome = solve_by_enumeration([[-1], [1]], [-1, 1], 2, loss="logistic")
    assert 0 <= outcome.lower_bound <= outcome.loss <= 1e-8


def test_values_worked_out_by_hand() -> None:
    """0, 1, 0 on a line: 2/9 with one unit (the constant 1/3), 1/6 with an output bias, 0 with two units."""
    X, y = [[0], [1], [2]], [0, 1, 0]
    assert solve_by_enumeration(X, y, 1).loss == pytest.approx(2 / 9, abs=1e-12)
    assert solve_by_enumeration(X, y, 1, output_bias=True).loss == pytest.approx(1 / 6, abs=1e-12)
    assert solve_by_enumeration(X, y, 2).loss == pytest.approx(0, abs=1e-12)
    assert solve_by_enumeration(SQUARE, XOR, 1, output_bias=True).loss == pytest.approx(2 / 3, abs=1e-12)
    outcome = solve_by_enumeration(SQUARE, XOR, 1, output_bias=True, loss="hinge")
    assert outcome.loss == pytest.approx(1 / 2, abs=1e-12)


def test_the_literal_enumeration_finds_the_same() -> None:
    """All 2**w N**w programmes, or only the sets of different units: one optimum."""
    X, y = [[0], [1], [2], [3]], [1, -2, 2, 0]
    reduced, literal = solve_by_enumeration(X, y, 2), solve_by_enumeration(X, y, 2, literal=True)
    assert (reduced.programs, literal.programs) == (math.comb(16, 2), 2**2 * 8**2)
    assert literal.failed == 0
    assert literal.loss == pytest.approx(reduced.loss, abs=1e-12)
    assert literal.lower_bound == pytest.approx(reduced.lower_bound, abs=1e-9)


def test_more_units_than_cells() -> None:
    """One point has two cells and four signed units: the fifth unit and later ones are zero."""
    outcome = solve_by_enumeration([[3]], [-2], 6)
    assert outcome.programs == 1
    assert outcome.loss == pytest.approx(0, abs=1e-12)
    assert outcome.weights.shape == (6, 2)
    assert outcome.signs.shape == (6,)
    assert (outcome.weights[4:] == 0).all()


def test_published_algorithm_is_wrong_on_one_point() -> None:
    """The smallest counterexample: one point, one unit. Printed optimum 0, at a network whose loss is 1."""
    published = solve_by_enumeration([[0]], [1], 1, published=True)
    assert published.published_objective == pytest.approx(0, abs=1e-9)
    right = solve_by_enumeration([[0]], [1], 1)
    assert right.loss == pytest.approx(0, abs=1e-12)
    assert right.published_objective is None
    assert published.lower_bound == 0
    blind = solve_by_enumeration([[0], [0]], [1, -1], 1, published=True, loss="hinge")
    assert blind.programs == 2 * 2
    assert blind.published_objective == pytest.approx(0, abs=1e-9)
    assert blind.loss >= solve_by_enumeration([[0], [0]], [1, -1], 1, loss="hinge").loss == pytest.approx(1)


def test_published_objective_counts_units_one_by_one() -> None:
    """Two units that both see the point each pay alone: the printed optimum predicts 2 where 1 is wanted."""
    from relucomb.losses import LOSSES
    from relucomb.pattern_program import PatternProgram

    seen, signs = np.array([[True], [True]]), np.array([1, 1])
    program = PatternProgram(np.array([[1.0]]), np.array([1.0]), 2, LOSSES["squared"], published=True)
    solution = program.solve(seen, signs, polish_below=np.inf)
    weights, _ = solution.candidates[0]
    assert solution.value == pytest.approx(0, abs=1e-8)
    assert weights.sum() == pytest.approx(2, abs=1e-4)


def test_published_has_no_output_bias() -> None:
    """The combination is refused."""
    with pytest.raises(ValueError, match="published=True needs output_bias=False"):
        solve_by_enumeration([[0]], [1], 1, published=True, output_bias=True)


def test_users_losses_per_point_and_in_total() -> None:
    """The quantile loss as a vector and as a sum: the same programme; the mean is reported."""

    def each(predictions: Any, y: Any) -> Any:
        return cvxpy.maximum(0.9 * (y - predictions), 0.1 * (predictions - y))

    X, y = [[0], [1], [2], [3]], [0.0, 1.0, 0.0, 2.0]
    vector = solve_by_enumeration(X, y, 1, loss=each)
    total = solve_by_enumeration(X, y, 1, loss=lambda f, labels: cvxpy.sum(each(f, labels)))
    assert vector.loss == pytest.approx(total.loss, abs=1e-8)
    predictions = [float(p) for p in naive.network_predictions(X, vector.weights, vector.signs, vector.output_bias)]
    by_hand = sum(max(0.9 * (b - a), 0.1 * (a - b)) for a, b in zip(predictions, y, strict=True)) / 4
    assert vector.loss == pytest.approx(by_hand, abs=1e-9)
    assert vector.lower_bound <= vector.loss <= vector.lower_bound + 3e-5
    assert vector.tolerance == 1e-5


def test_users_losses_that_are_not_convex_are_refused_at_once() -> None:
    """Before anything is enumerated."""
    calls: list[ReferenceProgress] = []
    with pytest.raises(ValueError, match="must be convex in the predictions"):
        solve_by_enumeration([[0], [1]], [0, 1], 1, loss=lambda f, _: cvxpy.sqrt(f), callback=calls.append)
    assert not calls


@pytest.mark.parametrize("factor", [1e-12, 1e12])
def test_huge_and_tiny_units_of_measurement(factor: float) -> None:
    """Scaling points or labels scales the answer, to the last digits."""
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(5, 2)), rng.normal(size=5)
    plain = solve_by_enumeration(X, y, 1)
    stretched = solve_by_enumeration(X * [factor, 1.0], y, 1)
    assert stretched.loss == pytest.approx(plain.loss, rel=1e-12)
    scaled = solve_by_enumeration(X, y * factor, 1)
    assert scaled.loss == pytest.approx(plain.loss * factor**2, rel=1e-12)
    assert scaled.lower_bound == pytest.approx(plain.loss * factor**2, rel=1e-9)


def test_constant_columns_and_far_offsets() -> None:
    """A constant column is part of the bias; points far from the origin are not lost in rounding."""
    X, y = np.array([[0.0], [1.0], [2.0]]), [0, 1, 0]
    constant = np.hstack([X, np.full((3, 1), 0.1)])
    assert solve_by_enumeration(constant, y, 1).loss == pytest.approx(2 / 9, abs=1e-12)
    assert solve_by_enumeration(X + 2.0**30, y, 1).loss == pytest.approx(2 / 9, abs=1e-6)


def test_exact_input() -> None:
    """Fractions are legal points and labels."""
    X = [[Fraction(0)], [Fraction(1, 3)], [Fraction(2, 3)]]
    assert solve_by_enumeration(X, [Fraction(0), Fraction(1), Fraction(0)], 1).loss == pytest.approx(2 / 9, abs=1e-12)


def test_points_at_the_origin_without_hidden_bias() -> None:
    """The origin is on every hyperplane; if all points are there, the zero network is best."""
    assert solve_by_enumeration([[0], [0]], [1, 3], 2, hidden_bias=False).loss == 5
    outcome = solve_by_enumeration([[0], [0]], [1, 3], 1, hidden_bias=False, output_bias=True)
    assert outcome.loss == pytest.approx(1, abs=1e-12)
    assert outcome.output_bias == pytest.approx(2, abs=1e-9)


def test_counts() -> None:
    """C(2 N, w) sets, or 2**w N**w tuples as printed, with N = 14 for a square."""
    assert count_programs(SQUARE, 1) == 28
    assert count_programs(SQUARE, 2) == math.comb(28, 2)
    assert count_programs(SQUARE, 2, literal=True) == 2**2 * 14**2
    assert count_programs([[5]], 9) == 1


def test_the_count_is_announced_before_the_start(caplog: pytest.LogCaptureFixture) -> None:
    """In the log, and in the first call of the callback."""
    calls: list[ReferenceProgress] = []
    with caplog.at_level(logging.INFO, logger="relucomb"):
        outcome = solve_by_enumeration(SQUARE, XOR, 1, callback=calls.append)
    assert "28 convex programmes to solve (14 dichotomies, width 1)" in caplog.text
    assert (calls[0].programs, calls[0].solved) == (28, 0)
    assert [call.solved for call in calls] == list(range(29))
    assert calls[-1].incumbent == outcome.loss
    assert all(later.incumbent <= sooner.incumbent for sooner, later in itertools.pairwise(calls))


def test_too_many_programmes_are_refused() -> None:
    """The message says how many, the limit, and what to do; it comes before the work."""
    rng = np.random.default_rng(2)
    with pytest.raises(ProgramLimitError, match=r"at least .* more than program_limit=100,000 .*; raise") as caught:
        solve_by_enumeration(rng.normal(size=(60, 2)), rng.normal(size=60), 3)
    assert caught.value.limit == 100_000
    assert caught.value.programs > 100_000
    with pytest.raises(ValueError, match=r"at least 28 convex programmes for width 1, more than program_limit=27 "):
        solve_by_enumeration(SQUARE, XOR, 1, program_limit=27)
    assert solve_by_enumeration(SQUARE, XOR, 1, program_limit=28).solved == 28


def test_time_limit() -> None:
    """No time: the zero network, its loss, and the infimum as bound."""
    outcome = solve_by_enumeration(SQUARE, XOR, 2, time_limit=0)
    assert (outcome.stopped_reason, outcome.solved) == ("time_limit", 0)
    assert (outcome.loss, outcome.lower_bound) == (1.0, 0.0)
    assert outcome.weights.shape == (2, 3)


def test_a_callback_stops_the_run() -> None:
    """The incumbent is returned, with the infimum as bound, since nothing else is proven."""
    outcome = solve_by_enumeration(SQUARE, XOR, 1, callback=lambda progress: progress.solved == 5)
    assert (outcome.stopped_reason, outcome.solved) == ("callback", 5)
    assert outcome.lower_bound == 0
    assert outcome.loss <= 1
    immediately = solve_by_enumeration(SQUARE, XOR, 1, callback=lambda _: True)
    assert (immediately.stopped_reason, immediately.solved) == ("callback", 0)


def test_an_interrupt_returns_the_incumbent() -> None:
    """Ctrl-C in the middle is a status."""

    def interrupt(progress: ReferenceProgress) -> None:
        if progress.solved == 3:
            raise KeyboardInterrupt

    outcome = solve_by_enumeration(SQUARE, XOR, 1, callback=interrupt)
    assert (outcome.stopped_reason, outcome.solved) == ("interrupted", 3)
    assert outcome.lower_bound == 0


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"width": 0}, ValueError, "width must be at least 1; got 0"),
        ({"width": 1.5}, TypeError, "width must be an integer; got float"),
        ({"width": True}, TypeError, "width must be an integer; got bool"),
        ({"program_limit": 0}, ValueError, "program_limit must be at least 1; got 0"),
        ({"time_limit": -1}, ValueError, "time_limit must be a number of seconds"),
        ({"time_limit": math.nan}, ValueError, "time_limit must be a number of seconds"),
        ({"y": [1]}, ValueError, "y must have one label for each of the 4 rows of X; got 1"),
        ({"X": np.zeros((0, 2)), "y": []}, ValueError, "X must have at least one row"),
        ({"X": np.zeros((4, 0))}, ValueError, "X must have at least one row and one column"),
        ({"X": [[math.inf]] * 4}, ValueError, "X: the entry in row 0"),
        ({"loss": "hinge", "y": [1, 1, 0, 1]}, ValueError, "the label in row 2 .* needs labels -1 and 1"),
        ({"loss": "zero-one"}, ValueError, "loss must be one of"),
        ({"solver": "NOPE"}, ValueError, "solver must be one of"),
    ],
)
def test_wrong_arguments_are_named(change: dict[str, Any], error: type[Exception], message: str) -> None:
    """Each message names the argument, what it got and what is legal."""
    arguments: dict[str, Any] = {"X": SQUARE, "y": XOR, "width": 1, **change}
    with pytest.raises(error, match=message):
        solve_by_enumeration(**arguments)
