"""Lower bounds of a convex programme of Algorithm 1, by weak duality from whatever a solver returns.

Fix patterns ``h_i`` and signs ``s_i``. Let ``g`` be a vector of slopes and ``mu_i >= 0`` prices with

    s_i X~' (h_i g) = X~' ((2 h_i - 1) mu_i)   for every unit i,   and   sum_j g_j = 0 if the output has a constant.

Then ``g . p >= 0`` for the outputs ``p`` of all weights that satisfy the constraints of eq. (2.5),
``(2 h_ij - 1) v_i . x~_j >= 0``, hence ``sum_j loss(p_j, y_j) >= sum_j inf_f (loss(f, y_j) - g_j f)``. A solver's dual
solution meets the conditions only nearly. It is repaired here by small least-squares corrections; what is left is
rounding, and is charged for weights far larger than those found.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from relucomb.losses import LOSSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from relucomb.losses import Loss

REPAIRS = 3
CUTOFF = 1e-13
"""Rounds of the repair, and the relative size of singular values that it regards as zero."""

ROUNDING = 8 * float(np.finfo(float).eps)
"""Relative error of the losses' duals, charged in full."""


def dual_bound(
    points: NDArray[np.float64],
    y: NDArray[np.float64],
    loss: Loss,
    patterns: NDArray[np.bool_],
    signs: NDArray[np.int_],
    *,
    slopes: NDArray[np.float64],
    prices: NDArray[np.float64],
    reach: float,
    output_bias: bool = False,
    nears: Sequence[float] = (1e-6,),
    outputs: NDArray[np.float64] | None = None,
) -> float:
    """Bound the mean loss over all weights with these patterns and signs from below.

    Parameters
    ----------
    points, y
        The points ``x~`` as rows ``(D, r)``, and the labels ``(D,)``.
    loss
        A loss with a dual.
    patterns, signs
        Arrays ``(w, D)`` and ``(w,)``.
    slopes, prices
        Approximate dual solution, ``(D,)`` and ``(w, D)``. Several corrections of it are tried: as it is, moving only
        as far as the interior of its bounds allows; and with what seems to be at a bound put there for good.
    reach
        The sum of absolute weights (and constant) up to which rounding is charged.
    output_bias
        Whether the output has a free constant.
    nears
        How close, relative to the largest entry, a slope or price must be to its bound to be put there.
    outputs
        Accurate optimal outputs ``(D,)``, if known: for the squared loss they give better slopes than the solver.

    Returns
    -------
    float
        The bound; ``-inf`` if the dual solution is not finite.

    Examples
    --------
    One point, label 1, and a unit that does not see it: the output is 0 and the loss 1.

    >>> from relucomb.losses import resolve_loss
    >>> one, unseen = np.array([[1.0]]), np.array([[False]])
    >>> bound = dual_bound(
    ...     one, np.ones(1), resolve_loss("squared"), unseen, np.array([1]),
    ...     slopes=np.array([-2.0]), prices=np.array([[0.0]]), reach=1.0,
    ... )
    >>> 1 - 1e-14 < bound < 1
    True
    """
    if loss.dual is None or loss.slope_range is None:
        raise ValueError(f"loss {loss.name!r} has no dual")
    count = len(y)
    low, high = loss.slope_range(y)
    low = np.concatenate([low, np.zeros(patterns.size)])
    high = np.concatenate([high, np.full(patterns.size, np.inf)])
    found = np.concatenate([slopes, prices.ravel()])
    if not np.isfinite(found).all():
        return -math.inf
    found = np.clip(found, low, high)
    starts = [(found, np.minimum(np.minimum(found - low, high - found), np.maximum(found, 1.0)))]
    for near in nears:
        margin = near * max(1.0, float(np.abs(found).max()))
        at_bounds = np.where(found - low <= margin, low, np.where(high - found <= margin, high, found))
        free = ((at_bounds > low) & (at_bounds < high)).astype(np.float64)
        starts.append((at_bounds, free))
    if outputs is not None and loss is LOSSES["squared"]:
        accurate = 2 * (outputs - y)
        fitted = _fit_prices(points, patterns, signs, accurate)
        free = np.concatenate([np.ones(count), (fitted > 0).ravel()])
        starts.append((np.concatenate([accurate, fitted.ravel()]), free))
    system = _stationarity(points, patterns, signs, output_bias)
    best = -math.inf
    for start, scale in starts:
        unknowns = start
        for _ in range(REPAIRS):  # every round gives a valid bound; a repair may cost more than it mends
            error = system @ unknowns
            terms = loss.dual(unknowns[:count], y)
            total = math.fsum(terms) - ROUNDING * float(np.abs(terms).sum())
            best = max(best, total - reach * float(np.abs(error).max(initial=0.0)))
            change = scale * np.linalg.lstsq(system * scale, error, rcond=CUTOFF)[0]
            unknowns = np.clip(unknowns - change, low, high)
    return best / count


def _fit_prices(
    points: NDArray[np.float64], patterns: NDArray[np.bool_], signs: NDArray[np.int_], slopes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the prices ``(w, D)`` that come nearest to meeting the conditions for given slopes."""
    from scipy.optimize import nnls

    prices = np.zeros(patterns.shape)
    for i, (pattern, sign) in enumerate(zip(patterns, signs, strict=True)):
        sides = (2.0 * pattern - 1.0)[:, None] * points
        try:
            prices[i] = nnls(sides.T, sign * points.T @ (pattern * slopes))[0]
        except RuntimeError:  # no convergence: these prices prove less, that is all
            continue
    return prices


def _stationarity(
    points: NDArray[np.float64], patterns: NDArray[np.bool_], signs: NDArray[np.int_], output_bias: bool
) -> NDArray[np.float64]:
    """Return the matrix of the conditions on (slopes, prices)."""
    count, rank = points.shape
    width = len(signs)
    system = np.zeros((width * rank + output_bias, count + width * count))
    for i, (pattern, sign) in enumerate(zip(patterns, signs, strict=True)):
        rows = slice(i * rank, (i + 1) * rank)
        system[rows, :count] = sign * (pattern[:, None] * points).T
        system[rows, (i + 1) * count : (i + 2) * count] = -((2.0 * pattern - 1.0)[:, None] * points).T
    if output_bias:
        system[-1, :count] = 1.0
    return system
