"""The best continuous piecewise-linear function of one variable with a given number of pieces, (2.6)–(2.8).

This is not the class of width-``w`` networks: a function with ``p`` pieces is a straight line plus ``p − 1`` kinks,

    f(x) = α + βx + Σ_k s_k c_k max(0, x − t_k),   c_k ≥ 0,

so it is fitted by the same branch and bound with ``p − 1`` units that all open to the right and a free line.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from relucomb.erm import TOLERANCE, absolute_tolerance, check_whole
from relucomb.erm_result import Status, Termination, relative_gap
from relucomb.networks import ReLUNetwork
from relucomb.rationals import as_floats

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from relucomb.erm_result import SearchProgress
    from relucomb.piecewise_linear.function import PiecewiseLinear

MOST_PIECES = 64


@dataclass(frozen=True, slots=True)
class PiecewiseLinearFit:
    """A continuous piecewise-linear function and what is proven of it.

    Attributes
    ----------
    breakpoints
        Where the pieces meet, increasing; one less than there are pieces.
    slopes, intercepts
        Of the pieces from left to right: ``f(x) = intercepts[k] + slopes[k] x`` on piece ``k``.
    loss, lower_bound, gap
        Mean squared (or absolute) loss, what is proven for every function with so many pieces, and the relative gap.
    status, termination
        ``optimal`` or, if a limit stopped the search, ``feasible``; and why the search ended.
    network
        The same function as a network with one hidden layer.
    nodes, seconds, tolerance
        Work, time, and the relative difference below which loss and bound are not told apart.
    """

    breakpoints: NDArray[np.float64]
    slopes: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    loss: float
    lower_bound: float
    gap: float
    status: Status
    termination: Termination
    network: ReLUNetwork
    nodes: int
    seconds: float
    tolerance: float

    @property
    def function(self) -> PiecewiseLinear:
        """The same function in exact arithmetic: these breakpoints and slopes, and the line of the first piece.

        Examples
        --------
        >>> fit_piecewise_linear([0, 1, 2, 3, 4], [0, 1, 2, 1, 0], 2).function.count_pieces()
        2
        """
        from relucomb.piecewise_linear.function import PiecewiseLinear

        x = Fraction(float(self.breakpoints[0])) if len(self.breakpoints) else Fraction(0)
        y = Fraction(float(self.intercepts[0])) + Fraction(float(self.slopes[0])) * x
        return PiecewiseLinear(self.breakpoints, self.slopes, anchor=(x, y))

    def __call__(self, x: ArrayLike) -> NDArray[np.float64]:
        """Evaluate the function at an array of numbers."""
        values = np.asarray(x, dtype=np.float64)
        piece = np.searchsorted(self.breakpoints, values)
        return np.asarray(self.intercepts[piece] + self.slopes[piece] * values)


def fit_piecewise_linear(
    x: ArrayLike,
    y: ArrayLike,
    pieces: int,
    *,
    loss: str = "squared",
    time_limit: float | None = None,
    gap: float = 0.0,
    abs_gap: float = 1e-9,
    workers: int = 1,
    seed: int = 0,
    callback: Callable[[SearchProgress], bool | None] | None = None,
) -> PiecewiseLinearFit:
    """Fit a continuous piecewise-linear function with at most ``pieces`` pieces, with proof of optimality.

    Parameters
    ----------
    x, y
        Arrays ``(D,)`` of finite numbers.
    pieces
        Greatest number ``p`` of linear pieces, at least 1.
    loss
        ``"squared"`` or ``"absolute"``.
    time_limit, gap, abs_gap, workers, seed, callback
        As in :func:`relucomb.erm`.

    Raises
    ------
    ValueError, TypeError
        An argument is not legal.

    Examples
    --------
    >>> fit = fit_piecewise_linear([0, 1, 2, 3, 4], [0, 1, 2, 1, 0], 2)
    >>> fit.breakpoints.round(6), fit.slopes.round(6), round(fit.loss, 9)
    (array([2.]), array([ 1., -1.]), 0.0)
    """
    from relucomb.branch_and_bound import solve_by_branch_and_bound

    start = time.perf_counter()
    points, labels = as_floats(np.ravel(np.asarray(x)), "x", ndim=1), as_floats(y, "y", ndim=1)
    if len(points) != len(labels) or len(points) == 0:
        raise ValueError(f"x has {len(points)} numbers and y has {len(labels)}; legal are equally many, at least one")
    check_whole("pieces", pieces, 1, MOST_PIECES)
    if loss not in ("squared", "absolute"):
        raise ValueError(f"loss is {loss!r}; legal are 'squared', 'absolute'")
    size = float(np.mean(labels**2)) if loss == "squared" else float(np.mean(np.abs(labels)))
    outcome = solve_by_branch_and_bound(
        points[:, None],
        labels,
        max(pieces - 1, 1),
        loss=loss,
        hidden_bias=True,
        output_bias=True,
        gap=gap,
        abs_gap=absolute_tolerance(abs_gap, size),
        time_limit=time_limit,
        workers=workers,
        seed=seed,
        callback=callback,
        skip_term=True,
        forbid_units=pieces == 1,
    )
    breakpoints, slopes, intercepts = _pieces(
        outcome.weights[:-1, 0],
        outcome.biases,
        outcome.signs,
        outcome.weights[-1, 0],
        outcome.output_bias,
        (float(points.min()), float(points.max())),
    )
    network = _as_network(breakpoints, slopes, intercepts)
    fit = np.searchsorted(breakpoints, points)
    residual = intercepts[fit] + slopes[fit] * points - labels
    mean = float(np.mean(residual**2)) if loss == "squared" else float(np.mean(np.abs(residual)))
    bound = min(outcome.lower_bound, mean)
    if mean - bound <= TOLERANCE * mean:
        bound = mean
    proven = mean - bound <= max(absolute_tolerance(abs_gap, size), gap * mean)
    return PiecewiseLinearFit(
        breakpoints,
        slopes,
        intercepts,
        mean,
        bound,
        relative_gap(mean, bound),
        Status.optimal if proven else Status.feasible,
        Termination[outcome.reason],
        network,
        outcome.nodes,
        time.perf_counter() - start,
        TOLERANCE,
    )


def _pieces(
    weights: NDArray[np.float64],
    biases: NDArray[np.float64],
    signs: NDArray[np.float64],
    slope: float,
    constant: float,
    window: tuple[float, float],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Breakpoints, slopes and intercepts of ``constant + slope·x + Σ s max(0, ax + b)``.

    Kinks outside the window of the data are left out: a unit is a straight line there, or nothing.
    """
    kinks: dict[float, float] = {}
    for a, b, s in zip(weights.tolist(), biases.tolist(), signs.tolist(), strict=True):
        if a < 0.0:  # max(0, t) = t + max(0, -t): turn the unit round
            slope += s * a
            constant += s * b
            a, b = -a, -b
        if a * window[0] + b >= 0.0:
            slope += s * a
            constant += s * b
        elif a * window[1] + b > 0.0:
            kinks[-b / a] = kinks.get(-b / a, 0.0) + s * a
    places = sorted(place for place, change in kinks.items() if change != 0.0)
    slopes, intercepts = [slope], [constant]
    for place in places:
        slopes.append(slopes[-1] + kinks[place])
        intercepts.append(intercepts[-1] - kinks[place] * place)
    return np.array(places), np.array(slopes), np.array(intercepts)


def _as_network(
    breakpoints: NDArray[np.float64], slopes: NDArray[np.float64], intercepts: NDArray[np.float64]
) -> ReLUNetwork:
    """Return the function as a network: one unit per kink, and one or two for the line itself (Corollary 2.A.1)."""
    changes = np.diff(slopes)
    hidden = [[abs(change)] for change in changes]
    biases = [-abs(change) * place for change, place in zip(changes, breakpoints, strict=True)]
    signs = [math.copysign(1.0, change) for change in changes]
    if slopes[0] != 0.0:
        hidden += [[1.0], [-1.0]]
        biases += [0.0, 0.0]
        signs += [slopes[0], -slopes[0]]
    if not hidden:
        hidden, biases, signs = [[0.0]], [0.0], [1.0]
    return ReLUNetwork([np.array(hidden), np.array([signs])], [np.array(biases), np.array([intercepts[0]])])
