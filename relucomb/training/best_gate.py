"""The certified best gate: what every learning algorithm for one gate can be held against."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.branch_and_bound import solve_by_branch_and_bound
from relucomb.erm import EXACT, absolute_tolerance
from relucomb.erm_result import Status, Termination, relative_gap
from relucomb.losses import resolve_loss
from relucomb.networks import ReLUNetwork
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
    *,
    time_limit: float | None = None,
    gap: float = 0.0,
    workers: int = 1,
    seed: int = 0,
    callback: Callable[[SearchProgress], bool | None] | None = None,
) -> BestGate:
    """Find the gate ``max(0, w·x)`` of least mean squared loss, and prove that it is.

    Parameters
    ----------
    X, y
        Points ``(S, n)`` and labels ``(S,)``.
    time_limit, gap, workers, seed, callback
        As for :func:`relucomb.erm`, which searches all networks of one unit: with a bias, and with either sign.

    Raises
    ------
    ValueError, TypeError
        The data are not legal.

    Examples
    --------
    Labels that a negative output would fit: the best gate is 0 there.

    >>> found = best_gate([[1.0], [2.0], [-1.0]], [-1.0, -2.0, 3.0])
    >>> str(found.status), found.w, round(found.loss, 6)
    ('optimal', array([-3.]), 1.666667)
    """
    begin = time.perf_counter()
    points, labels = read_points(X, y)
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
    w = outcome.weights[0]
    loss = _loss(points, labels, w)
    bound = min(outcome.lower_bound, loss)
    if loss - bound <= TOLERANCE * loss:
        bound = loss  # floats cannot tell them apart
    proven = loss - bound <= max(abs_gap, gap * loss)
    reason = "inaccurate" if outcome.reason == "exhausted" and not proven else outcome.reason
    termination = Termination.gap_closed if proven and reason != "exhausted" else Termination[reason]
    return BestGate(
        status=Status.optimal if proven else Status.feasible,
        termination=termination,
        w=w,
        loss=loss,
        lower_bound=bound,
        gap=relative_gap(loss, bound),
        nodes=outcome.nodes,
        seconds=time.perf_counter() - begin,
    )


def _loss(points: Floats, labels: Floats, w: Floats) -> float:
    """Return the mean squared loss of a gate, from rationals for small data: weights may be large and cancel."""
    if points.size > EXACT:
        return float(np.mean((np.maximum(points @ w, 0.0) - labels) ** 2))
    gate = ReLUNetwork([w[None, :], np.ones((1, 1))], [np.zeros(1), np.zeros(1)])
    return float(resolve_loss("squared").exact_mean(gate.exact().evaluate_exact(points), labels))
