"""Activations of a gate: ReLU, leaky ReLU, identity, or a function of the user's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.training.hypotheses import Hypothesis, at_most

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAK = 0.01
"""Slope below 0 of the leaky ReLU, unless another is asked for."""
PROBES = 4001
"""Places at which a user's function is examined."""


@dataclass(frozen=True, slots=True)
class Activation:
    """A function of one number, with what is known of it.

    Attributes
    ----------
    name
        What to call it.
    lipschitz
        ``L``: it changes by at most ``L`` times what its argument does.
    slope
        If the function is ``z`` for ``z ≥ 0`` and ``slope · z`` below, that slope; otherwise ``None``.
    function
        The function of an array, elementwise, if it is a user's; otherwise ``None``.

    Examples
    --------
    >>> leaky_relu(0.1)(np.array([-2.0, 3.0]))
    array([-0.2,  3. ])
    >>> resolve_activation("relu").lipschitz
    1.0
    """

    name: str
    lipschitz: float
    slope: float | None = None
    function: Callable[[Floats], Any] | None = None

    def __call__(self, z: Floats) -> Floats:
        """Return the values at an array of arguments."""
        if self.function is None:
            return np.where(z >= 0, z, self.slope * z)  # type: ignore[operator]
        values = np.asarray(self.function(z), dtype=np.float64)
        if values.shape != z.shape:
            raise ValueError(
                f"activation must work elementwise on arrays; of shape {z.shape} it made shape {values.shape}"
            )
        return values

    def hypotheses(self, low: float, high: float) -> tuple[Hypothesis, ...]:
        """Return how the function stands to the theory: ``L < 2``, and non-decreasing and Lipschitz from low to high.

        The word of the user is taken for a function of theirs, unless a look at some thousand places contradicts it.
        """
        size = at_most("L < 2", self.lipschitz, 2.0, "GLM-Tron need not converge", strictly=True)
        if self.function is None:
            falls = self.slope is not None and self.slope < 0
            return (size, Hypothesis("σ is non-decreasing", not falls, remark="it falls below 0" if falls else ""))
        places = np.linspace(low, high, PROBES) if high > low else np.array([low, low + 1.0])
        with np.errstate(all="ignore"):  # far out, where a run that diverged has been
            values = self(places)
        if not np.isfinite(values).all():
            place = places[int(np.flatnonzero(~np.isfinite(values))[0])]
            return (size, Hypothesis("σ is finite", False, remark=f"it is not at {place:.6g}"))
        quotients = np.diff(values) / np.diff(places)
        rounding = 16 * np.finfo(float).eps * float(np.abs(values).max(initial=0.0)) / float(places[1] - places[0])
        seen = f"as the caller says; nothing else was seen at {len(places)} places"
        least, place = float(quotients.min()), float(places[int(quotients.argmin())])
        rises = Hypothesis("σ is non-decreasing", True, math.nan, math.nan, seen)
        if least < -rounding:
            rises = Hypothesis("σ is non-decreasing", False, least, 0.0, f"it falls near {place:.6g}")
        steep, place = float(np.abs(quotients).max()), float(places[int(np.abs(quotients).argmax())])
        lipschitz = Hypothesis("σ is L-Lipschitz", True, math.nan, math.nan, seen)
        if steep > self.lipschitz + rounding:
            lipschitz = Hypothesis("σ is L-Lipschitz", False, steep, self.lipschitz, f"near {place:.6g}")
        return (size, rises, lipschitz)


def leaky_relu(slope: float = LEAK) -> Activation:
    """Return ``z`` for ``z ≥ 0`` and ``slope · z`` below; a slope of 0 is the ReLU, of 1 the identity.

    Raises
    ------
    ValueError
        The slope is not finite.
    """
    if not math.isfinite(slope):
        raise ValueError(f"slope must be a finite number; got {slope!r}")
    names = {0.0: "relu", 1.0: "identity"}
    return Activation(names.get(float(slope), f"leaky-relu ({slope:g})"), max(1.0, abs(slope)), float(slope))


def custom_activation(function: Callable[[Floats], Any], lipschitz: float, name: str = "custom") -> Activation:
    """Return a user's function of an array, with the Lipschitz constant that they vouch for.

    Raises
    ------
    TypeError
        The function cannot be called.
    ValueError
        The constant is not positive and finite.

    Examples
    --------
    >>> custom_activation(np.tanh, 1.0)(np.array([0.0]))
    array([0.])
    """
    if not callable(function):
        raise TypeError(f"function must be callable; got {function!r}")
    if not (math.isfinite(lipschitz) and lipschitz > 0):
        raise ValueError(f"lipschitz must be a positive finite number; got {lipschitz!r}")
    return Activation(name, float(lipschitz), None, function)


def resolve_activation(activation: str | Activation) -> Activation:
    """Return an activation by its name, or as it is.

    Raises
    ------
    ValueError
        There is none of that name.
    TypeError
        It is neither; a function needs its Lipschitz constant (:func:`custom_activation`).

    Examples
    --------
    >>> resolve_activation("identity").slope
    1.0
    """
    if isinstance(activation, Activation):
        return activation
    if not isinstance(activation, str):
        raise TypeError(
            f"activation is {activation!r}; legal are names and Activation (custom_activation(f, lipschitz) makes one)"
        )
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation is {activation!r}; legal are {', '.join(map(repr, ACTIVATIONS))}")
    return ACTIVATIONS[activation]


ACTIVATIONS = {"relu": leaky_relu(0.0), "leaky-relu": leaky_relu(), "identity": leaky_relu(1.0)}
"""The activations that have a name."""
