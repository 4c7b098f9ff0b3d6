"""Losses: the value of a prediction, exactly where that is possible, and the same as a cvxpy expression.

The loss of a network is always the **mean** over the points. With prediction ``f`` and label ``y`` the losses are

=========  =====================================  ==============  =========
name       one point                              labels          exact
=========  =====================================  ==============  =========
squared    ``(f - y)**2`` (no factor 1/2)         real            yes
absolute   ``|f - y|``                            real            yes
hinge      ``max(0, 1 - y f)``                    -1 and +1       yes
logistic   ``log(1 + exp(-y f))``                 -1 and +1       no
huber      ``t**2`` where ``t = |f - y| <= 1``,   real            yes
           ``2 t - 1`` beyond
=========  =====================================  ==============  =========

The Huber loss is ``cvxpy.huber`` with its default ``M = 1``, that is, twice what some other packages call by this name.
"""

from __future__ import annotations

import difflib
import importlib
import math
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

_NO_POINTS = "loss {!r} gives the total over the points, not each point's loss"


@dataclass(frozen=True)
class Loss:
    """A convex loss of predictions against labels.

    Attributes
    ----------
    name
        What messages and results call the loss.
    pointwise
        Maps predictions and labels, both ``(D,)``, to the ``(D,)`` losses; for a user's loss possibly to their total.
    build
        Maps a cvxpy expression of the predictions and the labels ``(D,)`` to the cvxpy expression of the losses.
    is_rational
        Whether rational predictions and labels have a rational loss.
    needs_signs
        Whether the labels must be -1 or +1.
    infimum
        A lower bound on the mean loss whatever the predictions are; ``-inf`` if nothing is known.
    degree
        ``p`` such that the loss of ``(t f, t y)`` is ``t**p`` times that of ``(f, y)`` for ``t > 0``; ``None`` if there
        is no such ``p``.
    dual
        For a slope ``g`` of the loss, maps ``g`` and ``y``, both ``(D,)``, to the ``(D,)`` values of
        ``inf_f loss(f, y) - g f``, so that the loss is at least that plus ``g f`` for every ``f``; ``None`` for a
        user's loss. Every ``g`` in ``slope_range(y)`` is legal.
    slope_range
        Maps ``y`` to the least and the greatest legal slopes, ``(D,)`` each, possibly infinite.

    Examples
    --------
    >>> hinge = resolve_loss("hinge")
    >>> hinge.value(np.array([0.5, 3.0]), np.array([1, -1]))
    array([0.5, 4. ])
    >>> hinge.exact_mean([Fraction(1, 3), 3], [1, -1])
    Fraction(7, 3)
    """

    name: str
    pointwise: Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]
    build: Callable[[Any, NDArray[np.float64]], Any]
    is_rational: bool
    needs_signs: bool
    infimum: float
    degree: int | None
    dual: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]] | None = None
    slope_range: Callable[[NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]] | None = None

    def value(self, predictions: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Return the ``(D,)`` losses of the points as floats.

        Raises
        ------
        ValueError
            The loss is a user's function that gives only the total.
        """
        losses = self._evaluate(predictions, y)
        if losses.size != np.size(y):
            raise ValueError(_NO_POINTS.format(self.name))
        return losses.reshape(np.shape(y))

    def mean(self, predictions: ArrayLike, y: ArrayLike) -> float:
        """Return the mean loss over the points."""
        losses = self._evaluate(predictions, y)
        return math.fsum(np.atleast_1d(losses)) / np.size(y)

    def exact(self, predictions: ArrayLike, y: ArrayLike) -> NDArray[np.object_]:
        """Return the ``(D,)`` losses as an object array of Fractions; a float is the rational it is.

        Raises
        ------
        ValueError
            The loss is not rational (logistic, or a user's function).
        """
        if not self.is_rational:
            raise ValueError(f"loss {self.name!r} has no rational values; exact are {', '.join(_exact_names())}")
        losses = self.pointwise(as_fractions(predictions, "predictions"), as_fractions(y, "y"))
        return as_fractions(losses, "losses")

    def exact_mean(self, predictions: ArrayLike, y: ArrayLike) -> Fraction:
        """Return the mean loss as a Fraction; errors as in :meth:`exact`."""
        losses = self.exact(predictions, y)
        return sum(losses.tolist(), Fraction(0)) / losses.size

    def expression(self, predictions: Any, y: NDArray[np.float64], *, per_point: bool = False) -> Any:
        """Build the **total** loss as a convex scalar cvxpy expression.

        Parameters
        ----------
        predictions
            cvxpy expression of shape ``(D,)``, affine in the variables.
        y
            Labels ``(D,)``.
        per_point
            Build the ``(D,)`` losses of the points instead of their sum.

        Raises
        ------
        TypeError
            The loss is a user's function and does not return a cvxpy expression.
        ValueError
            The expression has the wrong shape, or is not convex by the rules of disciplined convex programming.
        """
        cvxpy = _cvxpy()
        losses = self.build(predictions, y)
        if not isinstance(losses, cvxpy.Expression):
            raise TypeError(f"loss {self.name!r} must return a cvxpy expression; got {type(losses).__name__}")
        if losses.shape not in ((), (1,), (len(y),)):
            raise ValueError(
                f"loss {self.name!r} must return an expression of shape ({len(y)},), one loss per point, or a scalar, "
                f"their sum; got shape {losses.shape}"
            )
        if not losses.is_convex():
            raise ValueError(
                f"loss {self.name!r} must be convex in the predictions by cvxpy's rules; got {losses.curvature.lower()}"
            )
        if per_point and losses.size != len(y):
            raise ValueError(_NO_POINTS.format(self.name))
        return losses if per_point else cvxpy.sum(losses)

    def offending_row(self, y: ArrayLike) -> int | None:
        """Return the first row (counted from 0) whose label is not legal for this loss, or ``None``."""
        if not self.needs_signs:
            return None
        wrong = [row for row, label in enumerate(np.ravel(np.asarray(y)).tolist()) if label not in (-1, 1)]
        return wrong[0] if wrong else None

    def check_labels(self, y: ArrayLike) -> None:
        """Check that the labels are legal for this loss.

        Raises
        ------
        ValueError
            A label is not -1 or +1 and the loss needs that; the message names the first such row.

        Examples
        --------
        >>> resolve_loss("hinge").check_labels([1, 0, -1])
        Traceback (most recent call last):
            ...
        ValueError: y: the label in row 1 (counted from 0) is 0; the hinge loss needs labels -1 and 1
        """
        row = self.offending_row(y)
        if row is not None:
            label = np.ravel(np.asarray(y)).tolist()[row]
            raise ValueError(
                f"y: the label in row {row} (counted from 0) is {label}; the {self.name} loss needs labels -1 and 1"
            )

    def _evaluate(self, predictions: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        arrays = (np.asarray(values, dtype=np.float64) for values in (predictions, y))
        return np.asarray(self.pointwise(*arrays), dtype=np.float64)


def resolve_loss(loss: str | Loss | Callable[[Any, NDArray[np.float64]], Any]) -> Loss:
    """Find a loss by its name, or make one of a user's function.

    Parameters
    ----------
    loss
        ``"squared"``, ``"absolute"``, ``"hinge"``, ``"logistic"`` or ``"huber"``; a :class:`Loss`; or a function
        ``loss(predictions, y)`` that takes a cvxpy expression of shape ``(D,)`` and the array of labels and returns a
        convex cvxpy expression: either of shape ``(D,)``, one loss per point, or a scalar, which is taken as the
        **sum** over the points. The mean is formed here. Convexity is checked when the programme is built.

    Raises
    ------
    ValueError
        No loss has this name.
    TypeError
        ``loss`` is neither a name nor callable.

    Examples
    --------
    >>> resolve_loss("squared").mean([1.0, 2.0], [0, 0])
    2.5
    >>> def quantile(predictions, y):
    ...     import cvxpy
    ...     return cvxpy.maximum(0.9 * (y - predictions), 0.1 * (predictions - y))
    >>> resolve_loss(quantile).value([1.0, 2.0], [0, 3]).round(3)
    array([0.1, 0.9])
    """
    if isinstance(loss, Loss):
        return loss
    if isinstance(loss, str):
        if loss in LOSSES:
            return LOSSES[loss]
        close = difflib.get_close_matches(loss.lower(), LOSSES, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"loss must be one of {', '.join(LOSSES)} or a function; got {loss!r}{hint}")
    if not callable(loss):
        raise TypeError(f"loss must be a name or a function of (predictions, y); got {type(loss).__name__}")
    return _from_function(loss)


def _from_function(function: Callable[[Any, NDArray[np.float64]], Any]) -> Loss:
    """Wrap a user's cvxpy function; its values are those of the expression at constant predictions."""
    name = getattr(function, "__name__", type(function).__name__)

    def pointwise(predictions: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        cvxpy = _cvxpy()
        expression = function(cvxpy.Constant(predictions), y)
        value = expression.value if isinstance(expression, cvxpy.Expression) else expression
        if value is None:
            raise TypeError(f"loss {name!r} has no value at given predictions; it must depend on nothing else")
        losses = np.asarray(value, dtype=np.float64)
        return losses.reshape(() if losses.size == 1 else y.shape)

    return Loss(name, pointwise, function, is_rational=False, needs_signs=False, infimum=-math.inf, degree=None)


def _squared(predictions: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
    return np.asarray((predictions - y) ** 2)


def _absolute(predictions: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(abs(predictions - y))


def _hinge(predictions: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.maximum(1 - y * predictions, 0))


def _logistic(predictions: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.logaddexp(0.0, -y * predictions))


def _huber(predictions: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
    t = abs(predictions - y)
    return np.asarray(np.where(t <= 1, t * t, 2 * t - 1))


def _build_squared(predictions: Any, y: NDArray[np.float64]) -> Any:
    return _cvxpy().square(predictions - y)


def _build_absolute(predictions: Any, y: NDArray[np.float64]) -> Any:
    return _cvxpy().abs(predictions - y)


def _build_hinge(predictions: Any, y: NDArray[np.float64]) -> Any:
    return _cvxpy().pos(1 - _cvxpy().multiply(y, predictions))


def _build_logistic(predictions: Any, y: NDArray[np.float64]) -> Any:
    return _cvxpy().logistic(_cvxpy().multiply(-y, predictions))


def _build_huber(predictions: Any, y: NDArray[np.float64]) -> Any:
    return _cvxpy().huber(predictions - y)


def _dual_quadratic(slopes: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Serve the squared loss, and the Huber loss, whose tangents of slope at most 2 touch its quadratic part."""
    return -slopes * y - slopes * slopes / 4


def _dual_absolute(slopes: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    return -slopes * y


def _dual_hinge(slopes: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    return -slopes * y


def _dual_logistic(slopes: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.clip(-slopes * y, 0.0, 1.0)
    inner = np.where((share > 0) & (share < 1), share, 0.5)
    entropy = -inner * np.log(inner) - (1 - inner) * np.log1p(-inner)
    return np.where(inner == share, entropy, 0.0)


def _slopes_within(bound: float, y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.full(y.shape, -bound), np.full(y.shape, bound)


def _slopes_of_margin(y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.minimum(-y, 0.0), np.maximum(-y, 0.0)


LOSSES = {
    "squared": Loss(
        name="squared",
        pointwise=_squared,
        build=_build_squared,
        is_rational=True,
        needs_signs=False,
        infimum=0.0,
        degree=2,
        dual=_dual_quadratic,
        slope_range=partial(_slopes_within, math.inf),
    ),
    "absolute": Loss(
        name="absolute",
        pointwise=_absolute,
        build=_build_absolute,
        is_rational=True,
        needs_signs=False,
        infimum=0.0,
        degree=1,
        dual=_dual_absolute,
        slope_range=partial(_slopes_within, 1.0),
    ),
    "hinge": Loss(
        name="hinge",
        pointwise=_hinge,
        build=_build_hinge,
        is_rational=True,
        needs_signs=True,
        infimum=0.0,
        degree=None,
        dual=_dual_hinge,
        slope_range=_slopes_of_margin,
    ),
    "logistic": Loss(
        name="logistic",
        pointwise=_logistic,
        build=_build_logistic,
        is_rational=False,
        needs_signs=True,
        infimum=0.0,
        degree=None,
        dual=_dual_logistic,
        slope_range=_slopes_of_margin,
    ),
    "huber": Loss(
        name="huber",
        pointwise=_huber,
        build=_build_huber,
        is_rational=True,
        needs_signs=False,
        infimum=0.0,
        degree=None,
        dual=_dual_quadratic,
        slope_range=partial(_slopes_within, 2.0),
    ),
}


def _exact_names() -> list[str]:
    return [name for name, loss in LOSSES.items() if loss.is_rational]


def _cvxpy() -> Any:
    """Import cvxpy when it is first needed: it takes more than a second."""
    return importlib.import_module("cvxpy")
