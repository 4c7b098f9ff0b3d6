from dataclasses import replace

import pytest

import relucomb as rc


def test_a_true_result_passes():
    """Exact loss and reference optimum agree with a solved tiny instance."""
    X, y = rc.teacher(6, 1, 1, 0.5, 0)
    check = rc.erm(X, y, 1).verify()
    assert check.passed
    assert check.reference_loss == pytest.approx(float(check.exact_loss), rel=1e-6)


@pytest.mark.parametrize("change", [{"loss": 0.5}, {"lower_bound": 99.0}])
def test_a_forged_result_fails(change):
    """A wrong loss or an impossible bound is found out."""
    X, y = rc.teacher(6, 1, 1, 0.5, 0)
    result = rc.erm(X, y, 1)
    assert not replace(result, **change).verify().passed


def test_a_bound_above_the_optimum_fails():
    """A network that is not optimal but claims to be is caught by the enumeration."""
    X, y = [[0.0], [1.0], [2.0]], [0.0, 1.0, 0.0]
    result = rc.erm(X, y, 1)
    zero = rc.ReLUNetwork([[[0.0]], [[1.0]]], [[0.0], [0.0]])
    forged = replace(result, network=zero, loss=1 / 3, lower_bound=1 / 3)
    assert not forged.verify().passed


def test_large_inputs_are_not_enumerated():
    """The remark says why the optimum was not re-derived."""
    X, y = rc.teacher(40, 2, 2, 0.3, 0)
    check = rc.erm(X, y, 2).verify()
    assert check.passed
    assert check.reference_loss is None
    assert "not enumerated" in check.remark or "too large" in check.remark
