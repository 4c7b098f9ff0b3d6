"""Slow, literal training of a network with one hidden layer, in floats or in fractions; imports nothing of relucomb.

Parameters are one list: the rows of hidden weights, the output weights, the constant if there is one. Points are rows.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Numbers = list[Any]


def output(x: Sequence[Any], parameters: Numbers, width: int) -> Any:
    """Σ a_i max(0, v_i·x), plus the constant if the parameters have one more entry."""
    d = len(x)
    total = parameters[-1] if len(parameters) > width * (d + 1) else 0
    for i in range(width):
        value = sum(parameters[i * d + e] * x[e] for e in range(d))
        total += parameters[width * d + i] * max(0, value)
    return total


def loss(points: Sequence[Sequence[Any]], labels: Sequence[Any], parameters: Numbers, width: int) -> Any:
    """Mean of the squares of f(x) − y."""
    return sum((output(x, parameters, width) - y) ** 2 for x, y in zip(points, labels, strict=True)) / len(labels)


def gradient(points: Sequence[Sequence[Any]], labels: Sequence[Any], parameters: Numbers, width: int) -> Numbers:
    """By the chain rule, point by point; the derivative of max(0, t) at 0 is 0."""
    total = [0 * parameters[0] for _ in parameters]
    for x, y in zip(points, labels, strict=True):
        d = len(x)
        slope = 2 * (output(x, parameters, width) - y) / len(labels)
        for i in range(width):
            value = sum(parameters[i * d + e] * x[e] for e in range(d))
            if value > 0:
                total[width * d + i] += slope * value
                for e in range(d):
                    total[i * d + e] += slope * parameters[width * d + i] * x[e]
        if len(parameters) > width * (d + 1):
            total[-1] += slope
    return total


def differences(
    points: Sequence[Sequence[Any]], labels: Sequence[Any], parameters: Numbers, width: int, step: Any
) -> Numbers:
    """Central differences: equal to the gradient wherever the loss is a quadratic between the two ends."""
    found = []
    for k in range(len(parameters)):
        ends = []
        for sign in (1, -1):
            moved = list(parameters)
            moved[k] += sign * step
            ends.append(loss(points, labels, moved, width))
        found.append((ends[0] - ends[1]) / (2 * step))
    return found


def falling(schedule: str, updates: int, total: int) -> float:
    """Share of the step size that is left after so many updates."""
    if schedule == "linear":
        return 1 - updates / total
    return 0.5 * (1 + math.cos(math.pi * updates / total)) if schedule == "cosine" else 1.0


def gradient_descent(
    points: Sequence[Sequence[float]],
    labels: Sequence[float],
    start: Sequence[float],
    width: int,
    steps: int,
    rate: float,
    schedule: str = "constant",
    noises: Iterable[tuple[Sequence[float], Sequence[float]]] | None = None,
) -> list[Numbers]:
    """All iterates of w ← w − η (g + ξ_1) + √η ξ_2; the noises are pairs (ξ_1, ξ_2), one for each step."""
    iterates = [list(start)]
    given = None if noises is None else list(noises)
    for t in range(steps):
        w = iterates[-1]
        eta = rate * falling(schedule, t, steps)
        g = gradient(points, labels, w, width)
        ball, normal = ([0.0] * len(w), [0.0] * len(w)) if given is None else given[t]
        iterates.append([w[k] - eta * (g[k] + ball[k]) + math.sqrt(eta) * normal[k] for k in range(len(w))])
    return iterates


def stochastic_gradient_descent(
    points: Sequence[Sequence[float]],
    labels: Sequence[float],
    start: Sequence[float],
    width: int,
    orders: Iterable[Sequence[int]],
    batch: int,
    rate: float,
) -> list[Numbers]:
    """All iterates over the epochs whose orders of points are given."""
    iterates = [list(start)]
    for order in orders:
        for begin in range(0, len(order), batch):
            chosen = order[begin : begin + batch]
            w = iterates[-1]
            g = gradient([points[j] for j in chosen], [labels[j] for j in chosen], w, width)
            iterates.append([w[k] - rate * g[k] for k in range(len(w))])
    return iterates


def adam(
    points: Sequence[Sequence[float]],
    labels: Sequence[float],
    start: Sequence[float],
    width: int,
    steps: int,
    rate: float,
) -> list[Numbers]:
    """All iterates of Algorithm 1 of Kingma and Ba, arXiv 1412.6980, with their constants."""
    iterates = [list(start)]
    m = [0.0] * len(start)
    v = [0.0] * len(start)
    for t in range(1, steps + 1):
        g = gradient(points, labels, iterates[-1], width)
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g, strict=True)]
        v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g, strict=True)]
        m_hat = [a / (1 - 0.9**t) for a in m]
        v_hat = [a / (1 - 0.999**t) for a in v]
        w = iterates[-1]
        iterates.append([w[k] - rate * m_hat[k] / (math.sqrt(v_hat[k]) + 1e-8) for k in range(len(w))])
    return iterates
