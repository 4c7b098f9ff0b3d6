"""Tests of what the optimisers are given."""

from __future__ import annotations

import numpy as np
import pytest

from relucomb.racing.competitors import COMPETITORS, DEFAULT
from relucomb_solvers.network_descent import ADAM, SCHEDULES, Problem


def problem(points: int) -> Problem:
    """Return a problem with so many points."""
    return Problem(np.zeros((2, points)), np.zeros(points), 1, False)


def test_the_default_race() -> None:
    """Five optimisers take part; GLM-Tron, which is for one unit, has to be asked for."""
    assert set(DEFAULT) == set(COMPETITORS) - {"glm-tron"}
    assert all(name == competitor.name for name, competitor in COMPETITORS.items())


@pytest.mark.parametrize(("points", "batch"), [(1, 1), (3, 1), (10, 3), (40, 10), (64, 16), (1000, 16)])
def test_a_batch_is_at_most_a_quarter_of_the_points(points: int, batch: int) -> None:
    """Otherwise stochastic gradient descent would be gradient descent on small data."""
    assert COMPETITORS["sgd"].rule(problem(points)).batch == batch
    assert COMPETITORS["gd"].rule(problem(points)).batch == 0


def test_the_rule_has_the_numbers_of_the_competitor() -> None:
    """Step size, schedule, number of steps, noise."""
    for name in ("gd", "sgd", "adam", "noisy-gd"):
        competitor = COMPETITORS[name]
        rule = competitor.rule(problem(100))
        assert (rule.kind == ADAM) == (name == "adam")
        assert (rule.step_size, rule.total) == (competitor.step_size, competitor.steps)
        assert SCHEDULES[rule.schedule] == competitor.schedule
        assert (rule.ball > 0 and rule.gaussian > 0) == (name == "noisy-gd")
