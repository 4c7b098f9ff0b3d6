"""Plain multi-start local search: what people run who have no exact solver."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]

HIT, FITTED = 1e-4, 1e-8
STARTS = 200


def hit_fraction(losses: Floats, optimum: float, y: Floats) -> float:
    """Return the share of ``losses`` within a relative 1e-4 of the optimum, or within 1e-8 of the mean of ``y²``.

    The second is for data that can be fitted exactly, where no descent arrives at 0.
    """
    return float(np.mean(losses <= optimum + max(HIT * abs(optimum), FITTED * float(np.mean(y * y)))))


def descend_from_random_weights(
    X: Floats, y: Floats, width: int, loss: str, *, starts: int = STARTS, seed: int = 0
) -> Floats:
    """Minimise over all raw weights with L-BFGS from standard normal ones; return the mean loss of every start.

    The points are standardised and the labels scaled first, as one would. At kinks of the units and of the loss some
    subgradient stands in for the gradient, as in every package for neural networks.
    """
    random = np.random.default_rng(seed)
    spread = X.std(axis=0)
    scale = 1.0 if loss == "hinge" else max(float(np.sqrt(np.mean(y * y))), 1e-300)
    points = np.hstack([(X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0), np.ones((len(X), 1))])
    targets = y / scale
    d = points.shape[1]

    def mean_loss(flat: Floats) -> tuple[float, Floats]:
        hidden, outer = flat[: width * d].reshape(width, d), flat[width * d :]
        raw = points @ hidden.T
        active = np.maximum(raw, 0.0)
        value, slope = _loss_and_slope(active @ outer, targets, loss)
        inner = (slope[:, None] * outer * (raw > 0)).T @ points
        return value, np.concatenate([inner.ravel(), active.T @ slope])

    found = np.empty(starts)
    for start in range(starts):
        begin = random.normal(size=width * (d + 1))
        found[start] = minimize(mean_loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": 2000}).fun
    return np.asarray(found * (scale**2 if loss == "squared" else scale))


def _loss_and_slope(outputs: Floats, targets: Floats, loss: str) -> tuple[float, Floats]:
    D = len(targets)
    if loss == "hinge":
        short = 1.0 - targets * outputs
        return float(np.maximum(short, 0.0).mean()), np.where(short > 0, -targets, 0.0) / D
    errors = outputs - targets
    if loss == "absolute":
        return float(np.abs(errors).mean()), np.sign(errors) / D
    return float(errors @ errors) / D, 2.0 * errors / D
