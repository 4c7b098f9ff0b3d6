"""Activations: values, Lipschitz constants, and what a look at a user's function finds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.training import Activation, custom_activation, leaky_relu
from relucomb.training.activations import resolve_activation


@given(st.floats(-3, 3), st.floats(-10, 10))
def test_leaky_relu(slope: float, z: float) -> None:
    """It is z above 0 and slope z below, and its Lipschitz constant is the steeper of the two."""
    sigma = leaky_relu(slope)
    assert sigma(np.array([z]))[0] == (z if z >= 0 else slope * z)
    assert sigma.lipschitz == max(1, abs(slope))


@pytest.mark.parametrize(("slope", "name"), [(0, "relu"), (1, "identity"), (0.25, "leaky-relu (0.25)")])
def test_names(slope: float, name: str) -> None:
    """The ReLU and the identity are leaky ReLUs, too."""
    assert leaky_relu(slope).name == name


def test_resolving() -> None:
    """Names give activations, activations themselves, and a bare function is asked for its constant."""
    assert resolve_activation("relu").slope == 0
    assert resolve_activation(leaky_relu(0.5)).slope == 0.5
    with pytest.raises(ValueError, match="activation is 'tanh'; legal are 'relu', 'leaky-relu', 'identity'"):
        resolve_activation("tanh")
    with pytest.raises(TypeError, match="custom_activation"):
        resolve_activation(np.tanh)  # type: ignore[arg-type]


@pytest.mark.parametrize("slope", [float("nan"), float("inf")])
def test_slopes_that_are_refused(slope: float) -> None:
    """They must be finite."""
    with pytest.raises(ValueError, match="slope must be a finite number"):
        leaky_relu(slope)


@pytest.mark.parametrize("lipschitz", [0.0, -1.0, float("nan"), float("inf")])
def test_constants_that_are_refused(lipschitz: float) -> None:
    """A Lipschitz constant is positive and finite."""
    with pytest.raises(ValueError, match="lipschitz must be a positive finite number"):
        custom_activation(np.tanh, lipschitz)


def test_functions_that_are_refused() -> None:
    """What cannot be called, and what does not work elementwise."""
    with pytest.raises(TypeError, match="function must be callable"):
        custom_activation(3, 1.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"of shape \(2,\) it made shape \(\)"):
        custom_activation(lambda z: 0.0, 1.0)(np.zeros(2))


def verdicts(activation: Activation, reach: float = 2.0) -> dict[str, bool | None]:
    """Return what is found of an activation around 0."""
    return {entry.statement: entry.holds for entry in activation.hypotheses(-reach, reach)}


@pytest.mark.parametrize(
    ("activation", "failing"),
    [
        (leaky_relu(0.0), set()),
        (leaky_relu(1.9), set()),
        (leaky_relu(2.0), {"L < 2"}),
        (leaky_relu(-0.5), {"σ is non-decreasing"}),
        (custom_activation(np.tanh, 1.0), set()),
        (custom_activation(np.tanh, 2.5), {"L < 2"}),
        (custom_activation(np.sin, 1.0), {"σ is non-decreasing"}),
        (custom_activation(lambda z: 1.5 * z, 1.0), {"σ is L-Lipschitz"}),
        (custom_activation(np.square, 1.0), {"σ is non-decreasing", "σ is L-Lipschitz"}),
        (custom_activation(lambda z: np.where(z > 1, np.inf, z), 1.0), {"σ is finite"}),
        (custom_activation(lambda z: np.full_like(z, 3.0), 1.0), set()),
    ],
)
def test_what_a_look_finds(activation: Activation, failing: set[str]) -> None:
    """Falling, steep and infinite functions are found out; nothing is said against the others."""
    assert {statement for statement, holds in verdicts(activation).items() if holds is False} == failing


def test_failures_say_where_and_by_how_much() -> None:
    """Value, limit and place."""
    _, rises, steep = custom_activation(lambda z: -3 * z, 1.0).hypotheses(-1.0, 1.0)
    assert rises.value == pytest.approx(-3)
    assert steep.value == pytest.approx(3)
    assert steep.limit == 1.0
    assert "near" in steep.remark


@pytest.mark.parametrize("reach", [0.0, 1e-300, 1e-8, 1e8])
def test_no_reach_is_too_small_or_too_large(reach: float) -> None:
    """A function that keeps its word is believed at every scale, whatever rounding does."""
    assert all(holds for holds in verdicts(custom_activation(lambda z: 1.0 + z, 1.0), reach).values())


@pytest.mark.parametrize("value", [np.array([1, 2]), [0.5]])
def test_values_are_floats(value: Any) -> None:
    """Integers a function returns are floats."""
    assert custom_activation(lambda z: np.zeros(len(z), dtype=int), 1.0)(np.asarray(value)).dtype == np.float64
