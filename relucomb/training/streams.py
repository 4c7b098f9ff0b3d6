"""Streams of labelled points: rows of data drawn with replacement, a law, or a sampler of the user's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.training.distributions import Distribution
from relucomb.training.hypotheses import Hypothesis
from relucomb.training.realisability import realise
from relucomb.training.recording import read_points, read_vector
from relucomb.training.result import Termination

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Block = tuple[Floats, Floats, NDArray[np.int64]]
    Look = Callable[[int, Floats], bool | None]

BLOCK = 4096
"""Points drawn at a time."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Where labelled points come from.

    Attributes
    ----------
    n
        Dimension of the points.
    target
        The gate behind the labels, ``None`` if it is not known.
    points, labels
        The data, ``None`` if points are drawn from a law.
    hypothesis
        Whether the labels of data are a gate's; ``None`` for a law, whose labels are made by the gate.
    draw
        Called with a generator and a number, returns points, labels and the order in which to go through them.
    """

    n: int
    target: Floats | None
    points: Floats | None
    labels: Floats | None
    hypothesis: Hypothesis | None
    draw: Callable[[np.random.Generator, int], Block]

    def losses(self, trajectory: Floats) -> Floats:
        """Return the mean squared loss of gates ``(K, n)`` on the data; NaN if there are none."""
        if self.points is None or self.labels is None:
            return np.full(len(trajectory), math.nan)
        with np.errstate(all="ignore"):  # of a run that diverged
            outputs = np.maximum(trajectory @ self.points.T, 0.0)
            return np.asarray(np.mean((outputs - self.labels) ** 2, axis=1))

    def distances(self, trajectory: Floats) -> Floats:
        """Return the distances of gates ``(K, n)`` from the target; NaN if it is not known."""
        if self.target is None:
            return np.full(len(trajectory), math.nan)
        with np.errstate(all="ignore"):
            return np.asarray(np.linalg.norm(trajectory - self.target, axis=1))


def open_stream(
    source: ArrayLike | Distribution | Callable[[np.random.Generator, int], Any],
    y: ArrayLike | None,
    w_star: ArrayLike | None,
) -> Stream:
    """Return the stream of a source.

    Parameters
    ----------
    source
        Points ``(S, n)``, a law, or a function of a generator and a number that returns so many points.
    y
        Labels of an array of points; if missing they are made by ``w_star``.
    w_star
        The gate behind the labels. Of data with labels it is found if it is unique.

    Raises
    ------
    ValueError, TypeError
        What makes the labels is missing, or an argument is not legal.

    Examples
    --------
    >>> open_stream([[1.0], [-1.0]], [2.0, 0.0], None).target
    array([2.])
    """
    if not isinstance(source, Distribution) and not callable(source):
        return _rows(source, y, w_star)
    if y is not None:
        raise ValueError("y was given without points; labels of a law or a sampler are made by w_star")
    if w_star is None:
        raise ValueError("w_star must be given: it makes the labels of what is drawn")
    known = isinstance(source, Distribution)
    n = source.n if isinstance(source, Distribution) else len(np.asarray(w_star).reshape(-1))
    target = read_vector(w_star, "w_star", n)
    sampler: Any = source.sample if isinstance(source, Distribution) else source

    def draw(random: np.random.Generator, count: int) -> Block:
        points = np.ascontiguousarray(sampler(random, count), dtype=np.float64)
        if not known and points.shape != (count, n):
            raise ValueError(f"source must return an array {(count, n)}; it returned {points.shape}")
        return points, np.maximum(points @ target, 0.0), np.arange(count)

    return Stream(n, target, None, None, None, draw)


def run_stream(
    stream: Stream,
    update: Callable[..., object],
    start: Floats,
    step: float,
    kept: NDArray[np.int64],
    seed: int,
    callback: Look | None,
) -> tuple[Floats, Termination]:
    """Make updates, in blocks that do not depend on what is kept, and return the iterates that are.

    Parameters
    ----------
    stream
        Where points come from.
    update
        Called with points, labels, an order, the iterate (modified in place) and the step size.
    start, step
        The first iterate, and the step size.
    kept
        After how many updates an iterate is kept, from 0 up.
    seed
        Seed of all that is drawn.
    callback
        Called with the number of updates and the iterate at every kept step; stops the run if it returns ``True``.
    """
    random = np.random.default_rng(seed)
    w = start.copy()
    trajectory = [start.copy()]
    end = Termination.finished
    made, position = 0, BLOCK
    points, labels, order = np.zeros((0, len(start))), np.zeros(0), np.zeros(0, np.int64)
    try:
        for goal in kept[1:]:
            while made < goal:
                if position == BLOCK:
                    points, labels, order = stream.draw(random, BLOCK)
                    position = 0
                count = min(int(goal) - made, BLOCK - position)
                update(points, labels, order[position : position + count], w, step)
                made, position = made + count, position + count
            trajectory.append(w.copy())
            if not np.isfinite(w).all():
                end = Termination.diverged
                break
            if callback is not None and callback(made, w.copy()):
                end = Termination.callback
                break
    except KeyboardInterrupt:
        end = Termination.interrupted
    return np.array(trajectory), end


def made_by(w_star: Floats, points: Floats, labels: Floats) -> Hypothesis:
    """Return the condition that labels are those of ``w*``, up to rounding.

    Examples
    --------
    >>> print(made_by(np.array([2.0]), np.array([[1.0], [3.0]]), np.array([2.0, 5.0])))
    fails    y_i = max(0, w*·x_i): it is 1, 1 too far; point 1 has the label 5, not 6
    """
    outputs = points @ w_star
    rounding = 4 * points.shape[1] * np.finfo(float).eps * (np.abs(points) @ np.abs(w_star))
    beyond = np.abs(np.maximum(outputs, 0.0) - labels) - rounding
    row = int(beyond.argmax())
    worst = float(np.abs(np.maximum(outputs[row], 0.0) - labels[row]))
    wanted = f"point {row} has the label {labels[row]:.6g}, not {max(outputs[row], 0.0):.6g}"
    return Hypothesis("y_i = max(0, w*·x_i)", bool(beyond[row] <= 0), worst, 0.0, "" if beyond[row] <= 0 else wanted)


def _rows(source: Any, y: ArrayLike | None, w_star: ArrayLike | None) -> Stream:
    shape = np.shape(source)
    if y is None:
        if w_star is None:
            raise ValueError("y or w_star must be given: without either, points have no labels")
        points, _ = read_points(source, np.zeros(shape[0] if shape else 0))
        labels = np.maximum(points @ read_vector(w_star, "w_star", points.shape[1]), 0.0)
    else:
        points, labels = read_points(source, y)
    if w_star is not None:
        target: Floats | None = read_vector(w_star, "w_star", points.shape[1])
        hypothesis = made_by(read_vector(w_star, "w_star", points.shape[1]), points, labels)
    else:
        found = realise(points, labels)
        target = found.w if found.realised and found.unique else None
        hypothesis = found.hypothesis()

    def draw(random: np.random.Generator, count: int) -> Block:
        return points, labels, random.integers(0, len(labels), count)

    return Stream(points.shape[1], target, points, labels, hypothesis, draw)
