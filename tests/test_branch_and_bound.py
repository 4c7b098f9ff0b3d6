import numpy as np
import pytest

import relucomb as rc
from relucomb import branch_and_bound
from relucomb.branch_and_bound import solve_by_branch_and_bound

OPTIONS = {"loss": "squared", "hidden_bias": True, "output_bias": False, "gap": 0.0, "abs_gap": 1e-9}


def test_pruned_nodes_cover_the_proof():
    """Recorded leaves carry bounds that are not above the optimum's tolerance, and their least is the bound."""
    X, y = rc.teacher(15, 2, 2, 0.3, 0)
    outcome = solve_by_branch_and_bound(X, y, 2, record_pruned=True, **OPTIONS)
    pruned = outcome.pruned
    assert len(pruned.bounds) == len(pruned.cones) == len(pruned.signs) > 100
    loss = rc.erm(X, y, 2).loss
    assert pruned.bounds.min() >= loss - 1e-8
    assert outcome.lower_bound == pytest.approx(loss, rel=1e-7)


def test_engines_agree(monkeypatch):
    """Cones and signs prove the same optimum."""
    X, y = rc.teacher(20, 2, 2, 0.4, 3)
    losses = []
    for choice in (True, False):
        monkeypatch.setattr(branch_and_bound, "prefers_signs", lambda *_, choice=choice: choice)
        result = rc.erm(X, y, 2)
        assert result.status == "optimal"
        losses.append(result.loss)
    assert losses[0] == pytest.approx(losses[1], rel=1e-8)


def test_equal_points_are_one_with_their_mean_label():
    """Repeated points with different labels cost their variance, whatever the width."""
    X, y = np.repeat([[0.0], [1.0], [3.0]], 2, axis=0), np.array([0.0, 2.0, 1.0, 1.0, -1.0, 3.0])
    result = rc.erm(X, y, 3)
    assert result.status == "optimal"
    assert result.loss == pytest.approx((1 + 1 + 4 + 4) / 6)


def test_many_units_interpolate():
    """Far more units than points: an exact fit, at once."""
    X, y = rc.noise(6, 2, 0)
    result = rc.erm(X, y, 12)
    assert result.status == "optimal"
    assert result.loss < 1e-9


def test_many_dimensions_and_few_points():
    """Ten features: the search over signs takes over."""
    X, y = rc.teacher(14, 10, 1, 0.3, 0)
    result = rc.erm(X, y, 1)
    assert result.status == "optimal"
