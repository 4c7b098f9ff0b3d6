"""The certified best gate: what every learning algorithm for one gate can be held against."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.branch_and_bound import solve_by_branch_and_bound
from relucomb.erm import EXACT, absolute_tolerance, check_size
from relucomb.erm_result import Status, Termination, relative_gap
from relucomb.losses import resolve_loss
from relucomb.networks import ReLUNetwork
from relucomb.training.activations import Activation, resolve_activation
from relucomb.training.best_leaky_gate import search_cells
from relucomb.training.recording import read_points

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from relucomb.erm_result import SearchProgress

    Floats = NDArray[np.float64]

TOLERANCE = 1e-9
ABS_GAP = 1e-9


@dataclass(frozen=True, slots=True)
class BestGate:
    """The gate of least mean squared loss, and what is proven for all gates.

    Attributes
    ----------
    status, termination
        As of an :class:`~relucomb.erm_result.ERMResult`.
    w
        Array ``(n,)`` of weights.
    loss, lower_bound, gap
        Mean squared loss of this gate; no gate has a smaller one than the bound; the relative gap between them.
    nodes, seconds
        Nodes of the search, and time.
    """

    status: Status
    termination: Termination
    w: Floats
    loss: float
    lower_bound: float
    gap: float
    nodes: int
    seconds: float

    def excess(self, loss: float) -> float:
        """Return by how much a loss is above what is proven to be possible."""
        return max(0.0, loss - self.lower_bound)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "status": self.status.name,
            "termination": self.termination.name,
            "w": self.w.tolist(),
            "loss": self.loss,
            "lower_bound": self.lower_bound,
            "gap": self.gap,
            "nodes": self.nodes,
            "seconds": self.seconds,
        }


def best_gate(
    X: ArrayLike,
    y: ArrayLike,
    activation: str | Activation = "relu",
    *,
    time_limit: float | None = None,
    gap: float = 0.0,
    workers: int = 1,
    seed: int = 0,
    callback: Callable[[SearchProgress], bool | None] | None = None,
) -> BestGate:
    """Find the gate ``σ(w·x)`` of least mean squared loss, and prove that it is.

    Parameters
    ----------
    X, y
        Points ``(S, n)`` and labels ``(S,)``.
    activation
        The ReLU, a leaky ReLU or the identity. A leaky gate is found by looking at all cells of weights, whose number
        grows like ``S^(n−1)``.
    time_limit, gap, workers, seed, callback
        As for :func:`relucomb.erm`, which searches all networks of one unit: with a bias, and with either sign. All but
        the first are of the ReLU only.

    Raises
    ------
    ValueError, TypeError
        The data are not legal, the activation is a user's function, or there are too many cells for a leaky gate.

    Examples
    --------
    Labels that a negative output would fit: the best gate is 0 there.

    >>> found = best_gate([[1.0], [2.0], [-1.0]], [-1.0, -2.0, 3.0])
    >>> str(found.status), found.w, round(found.loss, 6)
    ('optimal', array([-3.]), 1.666667)
    """
    begin = time.perf_counter()
    points, labels = read_points(X, y)
    check_size("y", labels)
    chosen = resolve_activation(activation)
    if chosen.slope is None:
        raise ValueError(f"activation is {chosen.name!r}; legal are the ReLU, leaky ReLUs and the identity")
    if chosen.slope != 0:
        deadline = math.inf if time_limit is None else begin + time_limit
        found = search_cells(points, labels, chosen.slope, deadline=deadline)
        return _judged(points, labels, chosen.slope, found.w, found.lower_bound, found.reason, found.cells, 0.0, begin)
    abs_gap = absolute_tolerance(ABS_GAP, float(np.mean(labels**2)))
    outcome = solve_by_branch_and_bound(
        points,
        labels,
        1,
        loss="squared",
        hidden_bias=False,
        output_bias=False,
        gap=gap,
        abs_gap=abs_gap,
        time_limit=time_limit,
        workers=workers,
        seed=seed,
        callback=callback,
        only_positive=True,
    )
    w, bound = outcome.weights[0], outcome.lower_bound
    return _judged(points, labels, 0.0, w, bound, outcome.reason, outcome.nodes, gap, begin)


def _judged(
    points: Floats,
    labels: Floats,
    slope: float,
    w: Floats,
    bound: float,
    reason: str,
    nodes: int,
    gap: float,
    begin: float,
) -> BestGate:
    """Recompute the loss and compare it with the bound."""
    loss = _loss(points, labels, slope, w)
    size = float(np.mean(labels**2))
    abs_gap = absolute_tolerance(ABS_GAP, size)
    bound = min(bound, loss)
    if loss - bound <= TOLERANCE * loss:
        bound = loss  # floats cannot tell them apart
    proven = loss - bound <= max(abs_gap, gap * loss)
    negligible = loss - bound <= 1e-3 * TOLERANCE * TOLERANCE * size  # as are squares of rounding
    if reason == "exhausted" and not proven:
        reason = "inaccurate"
    termination = Termination.gap_closed if proven and reason != "exhausted" else Termination[reason]
    return BestGate(
        status=Status.optimal if proven else Status.feasible,
        termination=termination,
        w=w,
        loss=loss,
        lower_bound=bound,
        gap=0.0 if negligible else relative_gap(loss, bound),
        nodes=nodes,
        seconds=time.perf_counter() - begin,
    )


def _loss(points: Floats, labels: Floats, slope: float, w: Floats) -> float:
    """Return the mean squared loss of a gate, from rationals for small data: weights may be large and cancel."""
    if points.size > EXACT:
        raw = points @ w
        return float(np.mean((np.where(raw >= 0, raw, slope * raw) - labels) ** 2))
    gate = ReLUNetwork([np.array([w, -w]), np.array([[1.0, -slope]])], [np.zeros(2), np.zeros(1)])
    return float(resolve_loss("squared").exact_mean(gate.exact().evaluate_exact(points), labels))
