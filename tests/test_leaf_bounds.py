from pathlib import Path

import numpy as np
import pytest

import relucomb as rc
from relucomb.leaf_bounds import leaf_bound
from relucomb.reading import read_table
from relucomb_solvers.cone_search import Problem, Tolerances
from relucomb_solvers.simplicial_fan import sign_vectors

TOL = Tolerances()


def problem_of(y, bias):
    """Three points on a line with their constant, absolute loss, one unit."""
    points = np.array([[-1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    columns = np.ones((1, 3)) if bias else np.zeros((0, 3))
    return Problem(points, y, columns, -np.ones(3), np.ones(3), False, sign_vectors(1), float(np.abs(y).sum()))


@pytest.mark.parametrize("squared", [True, False])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_bound_is_the_optimum_of_the_leaf(bias, seed, squared):
    """No network of the leaf is below it, and the best of many is near it."""
    random = np.random.default_rng(seed)
    problem = problem_of(random.normal(size=3), bias)._replace(squared=squared)
    cones = np.array([[[0.0, 1.0], [0.7, 0.7]]])  # active at all three points
    for sign in range(2):
        proof = leaf_bound(problem, cones, sign, TOL)
        bound = proof.bound
        own = problem.signs[sign] @ np.maximum(proof.vectors @ problem.points, 0) + proof.linear @ problem.columns
        assert loss_of(own - problem.targets, squared) == pytest.approx(bound, abs=1e-9)
        weights = random.exponential(size=(20000, 2)) * random.choice([0.0, 0.3, 1.0], size=(20000, 2))
        outputs = problem.signs[sign][0] * (weights @ cones[0]) @ problem.points
        residual = outputs - problem.targets
        if bias:
            residual -= (np.mean if squared else np.median)(residual, axis=1, keepdims=True)
        best = float(loss_of(residual, squared).min())
        assert bound <= best + 1e-9
        assert best <= bound + 0.2


def loss_of(residual, squared):
    """Sum of the losses along the last axis."""
    return 0.5 * (residual**2).sum(axis=-1) if squared else np.abs(residual).sum(axis=-1)


def test_rays_that_nearly_coincide_are_told_apart():
    """In a cone as thin as 1e-7 the optimum of squared loss is that of its edges, to the last digits."""
    problem = problem_of(np.array([0.5, -1.0, 2.0]), False)._replace(squared=True)
    first, second = np.array([0.6, 0.8]), np.array([0.6, 0.8]) + 1e-7 * np.array([0.8, -0.6])
    proof = leaf_bound(problem, np.array([[first, second]]), 1, TOL)
    edges = []
    for ray in (first, second):
        output = ray @ problem.points
        edges.append(0.5 * (problem.targets @ problem.targets - (output @ problem.targets) ** 2 / (output @ output)))
    assert proof.bound == pytest.approx(min(edges), rel=1e-13)


def test_what_it_does_not_treat_is_not_proven():
    """A cone cut by a hyperplane: bound 0."""
    problem = problem_of(np.array([1.0, -2.0, 1.0]), False)
    cut = np.array([[[1.0, 0.5], [-1.0, 0.5]]])
    assert leaf_bound(problem, cut, 0, TOL).bound == 0
    assert leaf_bound(problem._replace(squared=True), cut, 0, TOL).bound == 0


def test_real_data_with_many_ties_is_proven():
    """Absolute loss on 442 patients, where kernels leave a leaf open; the optimum is known from one LP per interval."""
    table = read_table(Path(__file__).parents[1] / "docs" / "data" / "diabetes_bmi.csv")
    result = rc.erm(table.X, table.y, 1, loss="absolute", output_bias=True)
    assert result.status == "optimal"
    assert result.loss == pytest.approx(50.626906318083, rel=1e-9)
