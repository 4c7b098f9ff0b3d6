"""One point at a time: Algorithm 2, a step towards the label where the label is positive, and plain gradient steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relucomb_solvers._jit import kernel, reduction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def stream(points: Floats, labels: Floats, order: NDArray[np.int64], w: Floats, step: float) -> int:
    """Go through points in the given order: ``w ← w + step · 1[y > 0] (y − w·x) x``.

    Parameters
    ----------
    points, labels
        Arrays ``(N, n)``, contiguous by rows, and ``(N,)``.
    order
        Array of row numbers, one for each update.
    w
        Array ``(n,)``: the iterate, modified in place.
    step
        The step size ``η|α|``.

    Returns
    -------
    int
        How many labels were positive, so that their update moved the iterate.

    Examples
    --------
    >>> import numpy as np
    >>> w = np.zeros(2)
    >>> stream(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([2.0, 0.0]), np.array([0, 1, 0]), w, 0.5)
    2
    >>> w
    array([1.5, 0. ])
    """
    return int(_stream(points, labels, order, w, step))


def descend(points: Floats, labels: Floats, order: NDArray[np.int64], w: Floats, step: float) -> None:
    """Go through points in the given order: ``w ← w + step · 1[w·x ≥ 0] (y − w·x) x``, a step of plain SGD on a gate.

    Parameters
    ----------
    points, labels, order, w, step
        As for :func:`stream`.

    Examples
    --------
    >>> import numpy as np
    >>> w = np.array([-1.0])
    >>> descend(np.array([[1.0], [-1.0]]), np.array([2.0, 2.0]), np.array([0, 1]), w, 0.5)
    >>> w  # nothing moves at 1, where the gate is off
    array([-1.5])
    """
    _descend(points, labels, order, w, step)


def stream_many(
    points: Floats, labels: Floats, orders: NDArray[np.int64], w: Floats, step: float, target: Floats, squares: Floats
) -> None:
    """Do the same for many runs at once, and keep their squared distances from a target.

    Parameters
    ----------
    points, labels
        Arrays ``(N, n)`` and ``(N,)``.
    orders
        Array ``(runs, updates)`` of row numbers.
    w
        Array ``(runs, n)`` of iterates, modified in place.
    step
        The step size.
    target
        Array ``(n,)``.
    squares
        Array ``(runs, updates + 1)``: receives ``‖w_t − target‖²`` before and after every update.
    """
    _stream_many(points, labels, orders, w, step, target, squares)


@kernel
def _stream(points: Floats, labels: Floats, order: NDArray[np.int64], w: Floats, step: float) -> int:
    moved = 0
    for i in order:
        if labels[i] > 0.0:
            x = points[i]
            factor = step * (labels[i] - _product(x, w))
            for k in range(len(w)):
                w[k] += factor * x[k]
            moved += 1
    return moved


@kernel
def _descend(points: Floats, labels: Floats, order: NDArray[np.int64], w: Floats, step: float) -> None:
    for i in order:
        x = points[i]
        z = _product(x, w)
        if z >= 0.0:
            factor = step * (labels[i] - z)
            for k in range(len(w)):
                w[k] += factor * x[k]


@kernel
def _stream_many(
    points: Floats,
    labels: Floats,
    orders: NDArray[np.int64],
    w: Floats,
    step: float,
    target: Floats,
    squares: Floats,
) -> None:
    runs, updates = orders.shape
    for run in range(runs):
        current = w[run]
        squares[run, 0] = _square_distance(current, target)
        for t in range(updates):
            i = orders[run, t]
            if labels[i] > 0.0:
                x = points[i]
                factor = step * (labels[i] - _product(x, current))
                for k in range(len(current)):
                    current[k] += factor * x[k]
            squares[run, t + 1] = _square_distance(current, target)


@reduction
def _product(x: Floats, w: Floats) -> float:
    total = 0.0
    for k in range(len(w)):
        total += x[k] * w[k]
    return total


@reduction
def _square_distance(a: Floats, b: Floats) -> float:
    total = 0.0
    for k in range(len(a)):
        total += (a[k] - b[k]) ** 2
    return total
