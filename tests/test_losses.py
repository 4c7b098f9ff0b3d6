"""Losses have their values, in floats, in rationals and as cvxpy expressions."""

from __future__ import annotations

import dataclasses
import pickle
from fractions import Fraction
from typing import Any

import cvxpy
import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb.losses import LOSSES, resolve_loss

RATIONAL = [name for name, loss in LOSSES.items() if loss.is_rational]
FRACTIONS = st.fractions(min_value=-4, max_value=4, max_denominator=5)


@pytest.mark.parametrize("name", LOSSES)
def test_values_are_the_definitions(name: str) -> None:
    """Every loss equals its formula point by point, in floats and as an expression."""
    loss = resolve_loss(name)
    predictions = np.array([-2.5, -0.5, 0.0, 0.25, 3.0])
    y = np.array([1.0, -1.0, 1.0, 1.0, -1.0])
    expected = [naive.point_loss(name, float(f), float(label)) for f, label in zip(predictions, y, strict=True)]
    assert loss.value(predictions, y) == pytest.approx(expected, rel=1e-14)
    assert loss.mean(predictions, y) == pytest.approx(sum(expected) / 5, rel=1e-14)
    variable = cvxpy.Variable(5)
    expression = loss.expression(variable, y)
    variable.value = predictions
    assert expression.shape == ()
    assert expression.value == pytest.approx(sum(expected), rel=1e-12)


@pytest.mark.parametrize("name", RATIONAL)
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(FRACTIONS, FRACTIONS), min_size=1, max_size=6))
def test_exact_values(name: str, pairs: list[tuple[Fraction, Fraction]]) -> None:
    """On Fractions the losses are the Fractions of the formula."""
    predictions, y = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if name == "hinge":
        y = [Fraction(1 if label > 0 else -1) for label in y]
    expected = [naive.point_loss(name, f, label) for f, label in zip(predictions, y, strict=True)]
    found = resolve_loss(name).exact(predictions, y)
    assert list(found) == expected
    assert all(type(value) is Fraction for value in found)
    assert resolve_loss(name).exact_mean(predictions, y) == sum(expected) / len(expected)


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if loss.degree is not None])
def test_degree(name: str) -> None:
    """Scaling predictions and labels by t scales the loss by t**degree."""
    loss, t = resolve_loss(name), 8.0
    f, y = np.array([1.0, -2.0, 0.5]), np.array([0.25, 3.0, -1.0])
    assert loss.degree is not None
    assert loss.mean(t * f, t * y) == t**loss.degree * loss.mean(f, y)


@pytest.mark.parametrize("name", LOSSES)
def test_duals_are_the_tightest_tangents(name: str) -> None:
    """For every legal slope the tangent lies below the loss and touches it (or comes near it far out)."""
    loss = resolve_loss(name)
    assert loss.dual is not None
    assert loss.slope_range is not None
    predictions = np.linspace(-40, 40, 16001)
    for label in (-1.0, 1.0):
        low, high = (float(end[0]) for end in loss.slope_range(np.array([label])))
        for slope in np.linspace(max(low, -3), min(high, 3), 13):
            height = loss.dual(np.array([slope]), np.array([label]))[0]
            gap = loss.value(predictions, np.full(predictions.shape, label)) - slope * predictions - height
            assert gap.min() >= -1e-12
            assert gap.min() <= 1e-4


def test_huber_is_smooth_at_one_and_not_halved() -> None:
    """The convention is cvxpy's: 1 at distance 1, slope 2 beyond."""
    assert list(resolve_loss("huber").exact([0, 1, 3], [0, 0, 0])) == [0, 1, 5]


def test_logistic_does_not_overflow() -> None:
    """A margin of a thousand on either side is an ordinary number."""
    assert resolve_loss("logistic").value([1000.0, -1000.0], [1, 1]) == pytest.approx([0.0, 1000.0])


def test_logistic_has_no_exact_value() -> None:
    """The refusal names the losses that have one."""
    with pytest.raises(
        ValueError, match="'logistic' has no rational values; exact are squared, absolute, hinge, huber"
    ):
        resolve_loss("logistic").exact([1], [1])


@pytest.mark.parametrize("name", ["hinge", "logistic"])
def test_labels_must_be_signs(name: str) -> None:
    """The first offending row is named; Fractions, floats and booleans that equal 1 are legal."""
    loss = resolve_loss(name)
    loss.check_labels([1, -1.0, Fraction(1)])
    with pytest.raises(ValueError, match=f"row 2 .* is 0.5; the {name} loss needs labels -1 and 1"):
        loss.check_labels([1, -1, 0.5, 7])
    assert loss.offending_row([1, -1, 0.5, 7]) == 2


def test_other_losses_take_any_label() -> None:
    """Real labels pass."""
    for name in ("squared", "absolute", "huber"):
        resolve_loss(name).check_labels([0.5, 7])


def test_unknown_names_are_refused_with_a_hint() -> None:
    """The message lists the names and guesses."""
    with pytest.raises(ValueError, match=r"one of squared, .*; got 'sqared'; did you mean 'squared'\?"):
        resolve_loss("sqared")
    with pytest.raises(TypeError, match=r"name or a function .* got int"):
        resolve_loss(3)  # type: ignore[arg-type]


def test_a_function_per_point_or_in_total() -> None:
    """A user's loss may give one loss per point or their sum; the mean is the same."""

    def each(predictions: Any, y: Any) -> Any:
        return cvxpy.power(cvxpy.abs(predictions - y), 1.5)

    def total(predictions: Any, y: Any) -> Any:
        return cvxpy.sum(each(predictions, y))

    f, y = np.array([1.0, 5.0]), np.array([0.0, 1.0])
    assert resolve_loss(each).value(f, y) == pytest.approx([1.0, 8.0])
    assert resolve_loss(each).mean(f, y) == pytest.approx(4.5)
    assert resolve_loss(total).mean(f, y) == pytest.approx(4.5)
    assert resolve_loss(total).name == "total"
    with pytest.raises(ValueError, match="'total' gives the total"):
        resolve_loss(total).value(f, y)
    variable = cvxpy.Variable(2)
    for function in (each, total):
        expression = resolve_loss(function).expression(variable, y)
        variable.value = f
        assert expression.value == pytest.approx(9.0)


def test_functions_that_break_the_contract_are_refused() -> None:
    """Not convex, of another shape, or no expression at all: each has its message."""
    variable, y = cvxpy.Variable(3), np.zeros(3)
    with pytest.raises(ValueError, match=r"must be convex .* got concave"):
        resolve_loss(lambda f, _: -cvxpy.square(f)).expression(variable, y)
    with pytest.raises(ValueError, match=r"must be convex .* got unknown"):
        resolve_loss(lambda f, _: cvxpy.sin(f) if hasattr(cvxpy, "sin") else cvxpy.log(cvxpy.exp(f))).expression(
            variable, y
        )
    with pytest.raises(ValueError, match=r"shape \(3,\), one loss per point, or a scalar, their sum; got shape \(2,\)"):
        resolve_loss(lambda f, _: f[:2]).expression(variable, y)
    with pytest.raises(TypeError, match="must return a cvxpy expression; got float"):
        resolve_loss(lambda *_: 1.0).expression(variable, y)


def test_losses_are_frozen() -> None:
    """Nobody changes the table by accident."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        resolve_loss("hinge").name = "other"  # type: ignore[misc]


def test_losses_travel_to_other_processes() -> None:
    """The named losses can be pickled."""
    for loss in LOSSES.values():
        assert pickle.loads(pickle.dumps(loss)).mean([2.0], [1.0]) == loss.mean([2.0], [1.0])
