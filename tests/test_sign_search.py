"""Tests of the branch and bound over signs, against the oracles and the search over cones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_floats import enumerate_linear, enumerate_squared
from numpy.typing import NDArray

from relucomb_solvers import cone_search, sign_search
from relucomb_solvers.cone_search import CONTINUE, EXHAUSTED, FULL, STOPPED, Incumbent, Problem, Tolerances

Floats = NDArray[np.float64]
LOSSES = ["squared", "absolute", "hinge"]


def _problem(
    X: Floats, y: Floats, width: int, loss: str, output_bias: bool = False, hidden_bias: bool = True, padding: int = 0
) -> tuple[Problem, float]:
    """Make the engine's problem with all sign classes, and the factor from its losses to mean losses."""
    points = np.vstack([X.T, np.ones((int(hidden_bias), len(X)))])
    points = points / max(1e-300, np.linalg.norm(points, axis=0).max())
    points = np.hstack([points, np.zeros((len(points), padding))])
    targets = np.concatenate([y, np.zeros(padding)])
    columns = np.concatenate([np.ones(len(X)), np.zeros(padding)])[None, :][: int(output_bias)]
    low, high = -np.ones(len(targets)), np.ones(len(targets))
    if loss == "hinge":
        low, high = np.where(targets > 0, -1.0, 0.0), np.where(targets < 0, 1.0, 0.0)
    signs = np.array([[1.0 if i < k else -1.0 for i in range(width)] for k in range(width + 1)])
    nothing = 0.5 * targets @ targets if loss == "squared" else np.maximum(-low * targets, -high * targets).sum()
    problem = Problem(points, targets, columns, low, high, loss == "squared", signs, float(nothing))
    return problem, (2.0 if loss == "squared" else 1.0) / len(X)


def _search(
    problem: Problem, width: int, budget: int = 100_000, capacity: int = 16
) -> tuple[sign_search.Tree, Incumbent]:
    """Run the search from scratch to its end."""
    d, D = problem.points.shape
    tol, slack = Tolerances(), np.array([1e-12 * problem.nothing, 1e-10])
    incumbent = cone_search.new_incumbent(width, d, len(problem.columns), problem.nothing)
    tree = sign_search.new_tree(width, d, len(problem.columns), D, capacity)
    sign_search.add_roots(problem, tree, incumbent, slack, tol)
    stop = np.zeros(1, np.uint8)
    while True:
        code = sign_search.advance(problem, tree, incumbent, slack, 1000, stop, None, tol)
        if code == FULL:
            tree = sign_search.grow(tree, 2 * len(tree.bound))
            continue
        if code == EXHAUSTED:
            return tree, incumbent
        assert code == CONTINUE
        assert tree.count[2] < budget


def _check(problem: Problem, factor: float, width: int, expected: float, accuracy: float = 1e-9) -> None:
    """Search, and compare optimum, bound and the network's own loss with the expected mean loss."""
    tree, incumbent = _search(problem, width)
    allowed = accuracy * max(expected, factor * problem.nothing)
    bound = min(sign_search.open_bound(tree), incumbent.loss[0]) * factor
    assert tree.count[4] == 0
    assert incumbent.loss[0] * factor == pytest.approx(expected, abs=allowed)
    assert bound == pytest.approx(expected, abs=allowed)
    f = incumbent.signs @ np.maximum(incumbent.vectors @ problem.points, 0.0) + incumbent.linear @ problem.columns
    t = f - problem.targets
    own = 0.5 * t @ t if problem.squared else np.maximum(problem.rho_low * t, problem.rho_high * t).sum()
    assert own == pytest.approx(incumbent.loss[0], abs=1e-12 * problem.nothing)


def _oracle(X: Floats, y: Floats, width: int, loss: str, hidden_bias: bool, output_bias: bool) -> float:
    if loss == "squared":
        return enumerate_squared(X, y, width, hidden_bias, output_bias)
    return enumerate_linear(X, y, width, hidden_bias, output_bias, loss)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("hidden_bias", "output_bias"), [(True, False), (True, True), (False, False), (False, True)])
def test_agrees_with_enumeration(loss: str, hidden_bias: bool, output_bias: bool) -> None:
    """The optimum of noise in the plane equals that of the enumeration of all patterns."""
    for seed, D in enumerate([3, 5, 7]):
        generator = np.random.default_rng(seed)
        X, y = generator.integers(-9, 10, (D, 2)).astype(float), generator.integers(-9, 10, D).astype(float)
        y = np.where(y > 0, 1.0, -1.0) if loss == "hinge" else y
        problem, factor = _problem(X, y, 2, loss, output_bias, hidden_bias, padding=1)
        _check(problem, factor, 2, _oracle(X, y, 2, loss, hidden_bias, output_bias))


@pytest.mark.parametrize("loss", LOSSES)
@settings(max_examples=12)
@given(data=st.data())
def test_agrees_on_degenerate_data(loss: str, data: st.DataObject) -> None:
    """Duplicates, collinear points, points at zero, few points and wide networks change nothing."""
    D = data.draw(st.integers(1, 6))
    width = data.draw(st.integers(1, 2))
    hidden_bias, output_bias = data.draw(st.booleans()), data.draw(st.booleans())
    entries = st.lists(st.integers(-1, 1), min_size=2, max_size=2)
    X = np.array(data.draw(st.lists(entries, min_size=D, max_size=D)), float)
    y = np.array(data.draw(st.lists(st.integers(-3, 3), min_size=D, max_size=D)), float)
    y = np.where(y > 0, 1.0, -1.0) if loss == "hinge" else y
    problem, factor = _problem(X, y, width, loss, output_bias, hidden_bias)
    _check(problem, factor, width, _oracle(X, y, width, loss, hidden_bias, output_bias))


@pytest.mark.parametrize("loss", LOSSES)
def test_equal_points_with_different_labels_are_resolved(loss: str) -> None:
    """Leaves that force a unit to vanish: the relaxation must not stop at weights with wrong signs."""
    y = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
    y = np.where(y > 0, 1.0, -1.0) if loss == "hinge" else y
    X = np.zeros((5, 2))
    problem, factor = _problem(X, y, 1, loss, output_bias=True)
    _check(problem, factor, 1, _oracle(X, y, 1, loss, True, True))


def _teacher(D: int, n: int, seed: int) -> tuple[Floats, Floats]:
    generator = np.random.default_rng(seed)
    X, V = generator.normal(size=(D, n)), generator.normal(size=(2, n + 1))
    f = np.array([1.0, -1.0]) @ np.maximum(V @ np.vstack([X.T, np.ones(D)]), 0.0)
    return X, f / f.std() + 0.3 * generator.normal(size=D)


def _cone_search(problem: Problem, width: int) -> float:
    """Optimum by the search over cones, from roots that are the orthants of all units."""
    d = len(problem.points)
    tol, slack = Tolerances(), np.array([1e-12 * problem.nothing, 1e-10])
    fans = np.array([np.diag([1.0 - 2.0 * (k >> a & 1) for a in range(d)]) for k in range(2**d)])
    index = np.stack(np.meshgrid(*[np.arange(len(fans))] * width, indexing="ij"), -1).reshape(-1, width)
    cones = np.ascontiguousarray(np.tile(fans[index], (len(problem.signs), 1, 1, 1)))
    sign = np.repeat(np.arange(len(problem.signs)), len(index))
    incumbent = cone_search.new_incumbent(width, d, len(problem.columns), problem.nothing)
    starts = np.random.default_rng(0).normal(size=(32, width, d))
    cone_search.multistart(problem, starts, np.arange(32) % len(problem.signs), 60, incumbent, tol)
    tree = cone_search.new_tree(width, d, len(problem.columns), 100_000)
    leaves = cone_search.new_leaves(width, d, 4096, every=False)
    cone_search.add_roots(problem, tree, cones, sign, incumbent, slack, leaves, tol)
    code = cone_search.advance(problem, tree, incumbent, slack, 90_000, np.zeros(1, np.uint8), leaves, tol)
    assert code == EXHAUSTED
    return float(incumbent.loss[0])


@pytest.mark.parametrize("output_bias", [False, True])
def test_agrees_with_cone_search(output_bias: bool) -> None:
    """Teacher data in the plane have the same optimum by both engines."""
    for seed in range(2):
        X, y = _teacher(20, 2, seed)
        problem, factor = _problem(X, y, 2, "squared", output_bias)
        _check(problem, factor, 2, factor * _cone_search(problem, 2))


def test_many_dimensions_are_solved() -> None:
    """A network with eight inputs fits nine points exactly, and with four inputs the gap of 30 points closes."""
    X, y = _teacher(9, 8, 0)
    problem, factor = _problem(X, y, 2, "squared")
    _check(problem, factor, 2, 0.0)
    problem, _ = _problem(*_teacher(30, 4, 1), 2, "squared")
    tree, incumbent = _search(problem, 2)
    assert tree.count[4] == 0
    assert sign_search.open_bound(tree) >= incumbent.loss[0] * (1 - 1e-9)


def test_padding_and_order_change_nothing() -> None:
    """Zero points, permuted points and twice the points (with half the loss each) have the same optimum."""
    X, y = _teacher(12, 3, 3)
    problem, _ = _problem(X, y, 2, "squared")
    loss = _search(problem, 2)[1].loss[0]
    padded, _ = _problem(X, y, 2, "squared", padding=4)
    assert _search(padded, 2)[1].loss[0] == pytest.approx(loss, rel=1e-9)
    turned, _ = _problem(X[::-1], y[::-1], 2, "squared")
    assert _search(turned, 2)[1].loss[0] == pytest.approx(loss, rel=1e-9)
    twice, _ = _problem(np.repeat(X, 2, axis=0), np.repeat(y, 2), 2, "squared")
    assert _search(twice, 2)[1].loss[0] == pytest.approx(2 * loss, rel=1e-9)


def test_stop_and_leaves() -> None:
    """The stop flag is obeyed, the pruned nodes are reported with their bounds, and a full buffer is told."""
    X, y = _teacher(12, 2, 0)
    problem, _ = _problem(X, y, 2, "squared")
    tol, slack = Tolerances(), np.array([0.0, 1e-10])
    optimum = _search(problem, 2)[1]
    tree = sign_search.new_tree(2, 3, 0, 12, 1000)
    sign_search.add_roots(problem, tree, optimum, slack, tol)
    assert tree.count[0] == 3
    assert sign_search.open_bound(tree) == 0.0
    assert sign_search.advance(problem, tree, optimum, slack, 9, np.ones(1, np.uint8), None, tol) == STOPPED
    leaves = sign_search.Leaves(np.zeros((7, 2, 12), np.int8), np.zeros(7, np.int64), np.zeros(7))
    stop, reported, rounds = np.zeros(1, np.uint8), 0, 0
    while True:
        code = sign_search.advance(problem, tree, optimum, slack, 1000, stop, leaves, tol)
        reported += int(tree.count[6])
        assert (leaves.bound[: tree.count[6]] >= optimum.loss[0] * (1 - 1e-9)).all()
        tree.count[6] = 0
        rounds += 1
        if code != FULL:
            break
    assert code == EXHAUSTED
    assert rounds > 1
    assert reported == tree.count[3]


def test_grow_keeps_everything() -> None:
    """A tree that grew has the open nodes and counters of the old one."""
    problem, _ = _problem(*_teacher(20, 3, 0), 2, "squared")
    small, large = _search(problem, 2, capacity=8), _search(problem, 2, capacity=4096)
    assert small[1].loss[0] == large[1].loss[0]
    assert (small[0].count[2:] == large[0].count[2:]).all()
