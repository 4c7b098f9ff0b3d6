"""One programme of Algorithm 1: its optimum, its bound and its polished weights."""

from __future__ import annotations

from typing import Any

import cvxpy
import naive
import numpy as np
import pytest

from relucomb.losses import LOSSES, resolve_loss
from relucomb.pattern_program import PatternProgram, free_infimum

X = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, 1.0]])  # the points 0, 1, 2, 3 with the bias column
SUFFIX = np.array([[False, True, True, True]])
PLUS = np.array([1])


def network_mean(program: PatternProgram, candidate: tuple[np.ndarray, float], signs: np.ndarray) -> float:
    """Evaluate the network of a candidate, not the programme's linear outputs."""
    weights, constant = candidate
    return program.loss.mean(signs @ np.maximum(weights @ program.points.T, 0) + constant, program.y)


@pytest.mark.parametrize("name", ["squared", "absolute", "hinge"])
@pytest.mark.parametrize("output_bias", [False, True])
def test_one_unit_against_the_exact_cone(name: str, output_bias: bool) -> None:
    """Bound, value and polished network agree with rational arithmetic on every pattern and sign."""
    y = np.array([1.0, -1.0, 1.0, 1.0])
    program = PatternProgram(X, y, 1, LOSSES[name], output_bias=output_bias)
    labels = naive.rationals(y)
    points = [[int(x)] for x in X[:, 0]]
    patterns = sorted(naive.cells(tuple(naive.lifted_rows(points))))
    units = naive.signed_units(points)
    assert len(units) == 2 * len(patterns) == 16
    for k, (sign, own) in enumerate(units):
        generators = [out for _, out in own] + naive.bias_generators(4, output_bias)
        fit = (
            naive.project_exactly(generators, labels)
            if name == "squared"
            else naive.fit_linearly(generators, labels, name)
        )
        exact = float(fit[0]) / 4
        pattern = np.array([[side > 0 for side in patterns[k // 2]]])
        solution = program.solve(pattern, np.array([sign]), polish_below=np.inf)
        assert solution.value == pytest.approx(exact, abs=1e-8)
        assert exact - 1e-9 <= solution.bound <= exact + 1e-14
        best = min(network_mean(program, candidate, np.array([sign])) for candidate in solution.candidates)
        assert best <= exact + 1e-9


@pytest.mark.parametrize("name", LOSSES)
def test_programmes_are_parametrised(name: str) -> None:
    """All programmes of a run share one compiled form (cvxpy's DPP rules), also as printed in the source."""
    y = np.array([1.0, -1.0, 1.0, 1.0])
    assert PatternProgram(X, y, 2, LOSSES[name], output_bias=True)._problem.is_dcp(dpp=True)
    assert PatternProgram(X, y, 2, LOSSES[name], published=True)._problem.is_dcp(dpp=True)


def test_opposite_units_of_one_cell() -> None:
    """Their difference is free on the cell: a singular programme, solved and proven all the same."""
    y = np.array([0.0, -5.0, 1.0, 4.0])
    program = PatternProgram(X, y, 2, LOSSES["squared"])
    solution = program.solve(np.vstack([SUFFIX, SUFFIX]), np.array([1, -1]), polish_below=np.inf)
    rest = y[1:] - X[1:] @ np.linalg.lstsq(X[1:], y[1:], rcond=None)[0]
    exact = float(rest @ rest) / 4
    assert solution.bound == pytest.approx(exact, abs=1e-8)
    assert solution.bound <= exact + 1e-12
    assert min(network_mean(program, c, np.array([1, -1])) for c in solution.candidates) == pytest.approx(exact)


def test_points_that_bound_nothing() -> None:
    """Without hidden bias the origin is on every hyperplane; it costs its loss and constrains nobody."""
    points, y = np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 1.0, 2.0])
    program = PatternProgram(points, y, 1, LOSSES["squared"])
    solution = program.solve(np.array([[False, True, True]]), PLUS, polish_below=np.inf)
    assert solution.bound == pytest.approx(1 / 3, abs=1e-9)
    nothing = PatternProgram(np.zeros((3, 1)), y, 1, LOSSES["squared"])
    assert nothing.solve(np.zeros((1, 3), dtype=bool), PLUS, polish_below=0.0).bound == pytest.approx(2.0, abs=1e-9)


def test_published_objective_ignores_points_that_nobody_sees() -> None:
    """As printed, the unseen point is free of charge; no bound for networks is claimed."""
    y = np.array([7.0, 1.0, 2.0, 3.0])
    program = PatternProgram(X, y, 1, LOSSES["squared"], published=True)
    solution = program.solve(SUFFIX, PLUS, polish_below=np.inf)
    assert solution.value == pytest.approx(0, abs=1e-8)
    assert solution.bound == -np.inf


def test_users_losses_may_be_any_convex_expression() -> None:
    """Whatever cvxpy accepts of a variable is accepted, and the solver's value is believed less a margin."""

    def asymmetric(predictions: Any, y: Any) -> Any:
        return cvxpy.norm1(cvxpy.pos(predictions - y)) + 3 * cvxpy.norm1(cvxpy.neg(predictions - y))

    loss = resolve_loss(asymmetric)
    program = PatternProgram(X, np.array([1.0, 1.0, 0.0, 0.0]), 1, loss)
    solution = program.solve(SUFFIX, PLUS, polish_below=np.inf)
    # the first point is out of reach (3), and lifting the second to h costs h twice and thrice more: 3 + 3
    assert solution.value == pytest.approx(6 / 4, abs=1e-6)
    assert solution.bound == pytest.approx(6 / 4, abs=1e-4)
    assert solution.bound < 6 / 4
    assert free_infimum(loss, program.y) == pytest.approx(0, abs=1e-4)


def test_unbounded_losses_are_refused() -> None:
    """A linear loss has no optimum."""
    loss = resolve_loss(lambda predictions, _: -predictions)
    assert free_infimum(loss, np.zeros(4)) == -np.inf
    with pytest.raises(ValueError, match="is unbounded below on these data"):
        PatternProgram(X, np.zeros(4), 1, loss).solve(SUFFIX, PLUS, polish_below=0.0)


def test_unknown_solvers_are_refused() -> None:
    """The message lists the installed ones."""
    with pytest.raises(ValueError, match=r"solver must be one of .*CLARABEL.*; got 'GUROBIX'"):
        PatternProgram(X, np.zeros(4), 1, LOSSES["squared"], solver="GUROBIX")


def test_another_solver_is_checked_just_the_same() -> None:
    """OSQP is far less accurate; its bound is still below the optimum."""
    y = np.array([0.0, 1.0, 3.0, 3.0])
    exact = PatternProgram(X, y, 1, LOSSES["squared"]).solve(SUFFIX, PLUS, polish_below=np.inf).value
    solution = PatternProgram(X, y, 1, LOSSES["squared"], solver="OSQP").solve(SUFFIX, PLUS, polish_below=np.inf)
    assert exact - 1e-2 <= solution.bound <= exact + 1e-9
