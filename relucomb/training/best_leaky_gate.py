"""The certified best leaky gate: one convex programme on each cell of weights, most of them excluded at once.

On the weights that put the same points on the positive side, ``σ(w·x)`` is linear in ``w``, so that the loss is a
least-squares problem under linear inequalities. Without them it is a bound; all cells have theirs from products of
matrices. Where it is below the best loss known, the inequalities decide, in the form of a least distance.
"""

from __future__ import annotations

import itertools
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.dichotomies import dichotomies
from relucomb.standardisation import standardise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_CELLS = 5_000_000
BATCH, ENTRIES = 4096, 4_000_000
ROUNDING = 1e-14
"""Share of the sum of squares that the evaluation of a bound may be off."""
EQUAL = 1e-12
"""Cells whose bound is below the best loss by less than this share of it are not looked at; the bound counts it."""


@dataclass(frozen=True, slots=True)
class LeafSearch:
    """What a search over all cells found.

    Attributes
    ----------
    w
        Array ``(n,)`` of weights.
    lower_bound
        What is proven for all weights; 0 if the search was stopped.
    cells
        Number of cells that were looked at.
    reason
        ``"exhausted"``, ``"time_limit"`` or ``"interrupted"``.
    """

    w: Floats
    lower_bound: float
    cells: int
    reason: str


def search_cells(points: Floats, labels: Floats, slope: float, *, deadline: float = math.inf) -> LeafSearch:
    """Find the least mean squared loss of ``σ(w·x)``, ``σ(z) = z`` for ``z ≥ 0`` and ``slope · z`` below.

    Parameters
    ----------
    points, labels
        Arrays ``(S, n)`` and ``(S,)``.
    slope
        Not 0: then outputs determine ``w`` (up to what no point sees), and every programme has one solution.
    deadline
        Time of :func:`time.perf_counter` at which to stop.

    Raises
    ------
    ValueError
        There are too many cells to look at all.

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0], [-1.0]]), np.array([1.0, 2.0, -3.0])
    >>> found = search_cells(X, y, 0.5)  # (w − 1)² + (2w − 2)² + (w/2 − 3)² is least at 26/21
    >>> round(float(found.w[0]), 6), round(found.lower_bound, 6)
    (1.238095, 1.984127)
    """
    S, n = points.shape
    most = 2 * sum(math.comb(S - 1, k) for k in range(n))  # Cover's number, in general position
    if slope != 1 and most > MOST_CELLS:
        raise ValueError(
            f"X may have {most:,} dichotomies, a convex programme each; legal are up to {MOST_CELLS:,} (drop features)"
        )
    data = standardise(points, labels, hidden_bias=False, scale_labels=True, shift_labels=False)
    state = _State(data.points, data.targets, slope)
    reason = "exhausted"
    try:
        source = dichotomies(points, hidden_bias=False) if slope != 1 else iter([np.ones(len(points), dtype=bool)])
        size = max(16, min(BATCH, ENTRIES // points.size))
        while batch := list(itertools.islice(source, size)):
            state.bound_cells(np.array(batch))
            if time.perf_counter() > deadline:
                reason = "time_limit"
                break
        if reason == "exhausted":
            state.settle()
    except KeyboardInterrupt:
        reason = "interrupted"
    bound = min(state.loss * (1 - EQUAL), state.proven) if reason == "exhausted" else 0.0
    w = data.user_units(state.w[None, :], 0.0)[0][0]
    return LeafSearch(w, bound * data.scale**2 / len(labels), state.cells, reason)


class _State:
    """The best weights so far, and the cells that may hold better ones; losses are sums, in scaled units.

    No solver is believed. For any ``w`` and ``μ ≥ 0``, with ``A`` the points times the slopes of a cell and ``C`` times
    its signs, ``‖Av − y‖² − 2μ·Cv`` is at least ``‖Aw − y‖² − 2μ·Cw − ‖Aᵀ(Aw − y) − Cᵀμ‖²/κ`` for all ``v``, with ``κ``
    below the least eigenvalue of ``AᵀA``. That bounds the loss in the cell from what is evaluated, not solved.
    """

    def __init__(self, points: Floats, targets: Floats, slope: float) -> None:
        self.points, self.targets, self.slope = points, targets, slope
        self.w = np.zeros(points.shape[1])
        self.loss = self._size = float(targets @ targets)
        self.proven = math.inf
        self.cells = 0
        self._open: list[tuple[float, NDArray[np.bool_]]] = []
        least = float(np.linalg.eigvalsh(points.T @ points)[0])
        self._kappa = min(1.0, slope * slope) * least * (1 - 1e-9)

    def bound_cells(self, active: NDArray[np.bool_]) -> None:
        """Solve the least squares of many cells without their inequalities; keep those that may be better."""
        self.cells += len(active)
        if not self.points.any():
            self.proven = min(self.proven, self.loss)
            return
        factors = np.where(active, 1.0, self.slope)
        # orthogonal factors: products of A with itself would square the ratio of the slopes
        Q, R = np.linalg.qr(factors[:, :, None] * self.points)
        diagonal = np.abs(np.diagonal(R, axis1=1, axis2=2)).min(axis=1)
        R[diagonal == 0] = np.eye(R.shape[1])  # a slope that vanished beside 1: any weights, the bound will tell
        solutions = np.linalg.solve(R, (self.targets @ Q)[:, :, None])[:, :, 0]
        raw = solutions @ self.points.T
        bounds = self._bounds(factors, raw, np.zeros_like(raw), raw)
        losses = np.sum((self._outputs(raw) - self.targets) ** 2, axis=1)
        best = int(losses.argmin())
        self.keep(solutions[best], float(losses[best]))
        inside = np.where(active, raw >= 0, raw <= 0).all(axis=1) | (self.slope == 1)  # the identity has no cells
        self.proven = min(self.proven, float(bounds[inside].min(initial=math.inf)))
        rest = ~inside & (bounds < self.loss * (1 - EQUAL))
        self._open += [(float(bound), cell) for bound, cell in zip(bounds[rest], active[rest], strict=True)]

    def settle(self) -> None:
        """Solve the cells that are left, most promising first, until none can hold better weights."""
        self._open.sort(key=lambda entry: entry[0])
        for bound, cell in self._open:
            if bound >= self.loss * (1 - EQUAL):
                break
            factors, sides = np.where(cell, 1.0, self.slope), np.where(cell, 1.0, -1.0)
            best = bound
            for w, multipliers in _constrained(self.points, self.targets, factors, sides):
                raw = self.points @ w
                self.keep(w, float(np.sum((self._outputs(raw) - self.targets) ** 2)))
                dual = self._bounds(factors[None], raw[None], multipliers[None], (sides * raw)[None], sides)
                best = max(best, float(dual[0]))
                if best >= self.loss * (1 - EQUAL):
                    break
            self.proven = min(self.proven, best)

    def keep(self, w: Floats, loss: float) -> None:
        """Keep weights if they are better."""
        if loss < self.loss:
            self.w, self.loss = w, loss

    def _outputs(self, raw: Floats) -> Floats:
        return np.where(raw >= 0, raw, self.slope * raw)

    def _bounds(
        self, factors: Floats, raw: Floats, multipliers: Floats, slack: Floats, sides: Floats | float = 0.0
    ) -> Floats:
        """Return the bound of the class docstring for rows of weights with products ``raw``, rounded down."""
        residuals = factors * raw - self.targets
        gradients = (factors * residuals - sides * multipliers) @ self.points
        values = np.sum(residuals**2, axis=1) - 2 * np.sum(multipliers * slack, axis=1)
        lost = np.sum(gradients**2, axis=1) / self._kappa if self._kappa > 0 else np.full(len(raw), math.inf)
        bounds: Floats = np.maximum(values - lost - ROUNDING * self._size, 0.0)
        return np.where(np.isfinite(bounds), bounds, 0.0)


def _constrained(points: Floats, targets: Floats, factors: Floats, sides: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Minimise ``‖A w − y‖²`` under ``s_i p_i·w ≥ 0``; yield weights and multipliers of one solver after the other.

    With ``A = QR`` and ``z = Rw − Qᵀy`` it is the least ``‖z‖`` under ``Gz ≥ h``, which non-negative least squares
    solve (Lawson and Hanson, *Solving Least Squares Problems*, chapter 23). One solver of scipy may end too early.
    """
    from scipy.optimize import lsq_linear, nnls

    bounded: Any = lsq_linear
    Q, R = np.linalg.qr(factors[:, None] * points)
    if not np.diagonal(R).all():
        return
    shift = Q.T @ targets
    G = np.linalg.solve(R.T, (sides[:, None] * points).T).T
    h = -G @ shift
    size = max(float(np.abs(h).max(initial=0.0)), 1e-300)
    system, wanted = np.vstack([G.T, h / size]), np.append(np.zeros(len(R)), 1.0)
    for solve in (
        lambda: nnls(system, wanted, maxiter=100 * system.shape[1])[0],
        lambda: bounded(system, wanted, bounds=(0.0, np.inf), method="bvls", tol=1e-15).x,
    ):
        try:
            u = np.maximum(solve(), 0.0)
        except RuntimeError:  # too many iterations: the next may do, and without any the bound stays what it is
            continue
        rest = system @ u - wanted
        if rest[-1] < 0:  # otherwise only rounding: 0 is always feasible
            z = size * rest[:-1] / -rest[-1]
            yield np.linalg.solve(R, z + shift), size * u / -rest[-1]
