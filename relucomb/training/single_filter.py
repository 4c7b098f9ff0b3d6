"""Definition 16: networks of one hidden layer whose units share one filter, such as a convolution."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.rationals import as_floats
from relucomb.training.noises import draw_rows
from relucomb.training.recording import RECORD, check_positive, read_points, read_vector, recorded_steps
from relucomb.training.result import Termination, TrainingResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from relucomb.training.noises import Noise

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SingleFilterNet:
    """The class ``f_w(x) = (1/k) Σ_i σ(wᵀ A_i x)``, with ``σ`` a leaky ReLU.

    Attributes
    ----------
    matrices
        Array ``(k, r, n)``: the ``A_i``.
    slope
        ``α ≥ 0``, the slope of ``σ`` below 0.

    Examples
    --------
    >>> net = SingleFilterNet.convolution(4, 2)
    >>> net.matrices.shape
    (3, 2, 4)
    >>> net([1.0, -1.0], [[3.0, 1.0, 2.0, 0.0]])  # (2 + 0 + 2)/3
    array([1.33333333])
    """

    matrices: Floats
    slope: float = 0.0

    def __post_init__(self) -> None:
        matrices = as_floats(self.matrices, "matrices", ndim=3)
        if matrices.size == 0:
            raise ValueError(f"matrices must have shape (k, r, n) with all at least 1; got {matrices.shape}")
        if not (math.isfinite(self.slope) and self.slope >= 0):
            raise ValueError(f"slope must be a finite number that is not negative; got {self.slope!r}")
        object.__setattr__(self, "matrices", matrices)

    @classmethod
    def convolution(cls, n: int, r: int, stride: int = 1, slope: float = 0.0) -> SingleFilterNet:
        """Return the filter of length r at all places of an input of length n: 0/1 matrices.

        Raises
        ------
        ValueError
            The filter is longer than the input, or a number is below 1.
        """
        if not 1 <= r <= n or stride < 1:
            raise ValueError(f"r must be from 1 to n and stride at least 1; got n={n}, r={r}, stride={stride}")
        return cls(np.array([np.eye(r, n, k) for k in range(0, n - r + 1, stride)]), slope)

    @classmethod
    def gate(cls, n: int, slope: float = 0.0) -> SingleFilterNet:
        """Return the single gate ``σ(w·x)``: one matrix, the identity."""
        return cls(np.eye(n)[None], slope)

    def __call__(self, w: ArrayLike, X: ArrayLike) -> Floats:
        """Return the outputs ``(S,)`` at points ``(S, n)``."""
        return self._outputs(read_vector(w, "w", self.matrices.shape[1]), self._views(X))

    def gradient(self, w: ArrayLike, X: ArrayLike, y: ArrayLike) -> Floats:
        """Return ``−(1/S) Σ_j (y_j − f_w(x_j)) ∂f_w(x_j)``: half the gradient of the mean squared loss.

        At a kink the derivative of ``σ`` is 1, as in Algorithm 3.

        Examples
        --------
        >>> SingleFilterNet.gate(1).gradient([1.0], [[2.0]], [0.0])
        array([4.])
        """
        points, labels = read_points(X, y)
        return self._gradient(read_vector(w, "w", self.matrices.shape[1]), self._views(points), labels)[1]

    def network(self, w: ArrayLike) -> ReLUNetwork:
        """Return the function for fixed weights as a ReLU network of k units, or 2k if the slope is not 0."""
        rows = np.einsum("krn,r->kn", self.matrices, read_vector(w, "w", self.matrices.shape[1]))
        k = len(rows)
        if self.slope == 0:
            return ReLUNetwork([rows, np.full((1, k), 1 / k)], [np.zeros(k), np.zeros(1)])
        outer = np.concatenate([np.full(k, 1 / k), np.full(k, -self.slope / k)])
        return ReLUNetwork([np.vstack([rows, -rows]), outer[None, :]], [np.zeros(2 * k), np.zeros(1)])

    def train(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        steps: int = 1000,
        step_size: float = 0.1,
        start: ArrayLike | None = None,
        w_star: ArrayLike | None = None,
        batch: int | None = None,
        noise_1: Noise | None = None,
        noise_2: Noise | None = None,
        seed: int = 0,
        record: int = RECORD,
        callback: Callable[[int, Floats], bool | None] | None = None,
    ) -> TrainingResult:
        """Run gradient descent, with Algorithm 3's noises if they are given. No theorem is known for it.

        Parameters
        ----------
        X, y
            Points ``(S, n)`` and labels ``(S,)``.
        steps, step_size
            Number of updates and ``η``.
        start
            Where to begin, ``(r,)``; drawn from the standard normal law if not given.
        w_star
            Weights from which distances are taken.
        batch
            So many points, drawn anew for every step, instead of all.
        noise_1, noise_2, seed, record, callback
            As for :func:`~relucomb.training.noisy_gradient_descent`.

        Examples
        --------
        >>> net = SingleFilterNet.convolution(3, 2)
        >>> X = np.random.default_rng(0).normal(size=(50, 3))
        >>> run = net.train(X, net([1.0, -2.0], X), w_star=[1.0, -2.0], steps=2000)
        >>> bool(run.best_loss < 1e-12)
        True
        """
        begin = time.perf_counter()
        points, labels = read_points(X, y)
        eta = check_positive("step_size", step_size)
        if batch is not None and not 1 <= batch <= len(labels):
            raise ValueError(f"batch must be from 1 to {len(labels)}, the number of points; got {batch}")
        r = self.matrices.shape[1]
        target = None if w_star is None else read_vector(w_star, "w_star", r)
        random = np.random.default_rng(seed)
        w: Floats = np.asarray(random.standard_normal(r)) if start is None else read_vector(start, "start", r)
        kept = recorded_steps(steps, record)
        views = self._views(points)
        trajectory, losses, best, end = [], [], (math.inf, 0, w.copy()), Termination.finished
        made = 0
        try:
            with np.errstate(all="ignore"):  # of a run that diverges
                for goal in kept:
                    while made < goal:
                        rows = slice(None) if batch is None else random.integers(0, len(labels), batch)
                        w -= eta * self._gradient(w, views[rows], labels[rows])[1]
                        w += self._noise(noise_1, random, -eta, 1) + self._noise(noise_2, random, math.sqrt(eta), 2)
                        made += 1
                    loss = float(np.mean((self._outputs(w, views) - labels) ** 2))
                    trajectory.append(w.copy())
                    losses.append(loss)
                    if loss < best[0]:
                        best = (loss, made, w.copy())
                    if not np.isfinite(w).all():
                        end = Termination.diverged
                        break
                    if callback is not None and made and callback(made, w.copy()):
                        end = Termination.callback
                        break
        except KeyboardInterrupt:
            if not losses:
                raise
            end = Termination.interrupted
        path = np.array(trajectory[: len(losses)])
        with np.errstate(all="ignore"):
            distances = np.full(len(path), math.nan) if target is None else np.linalg.norm(path - target, axis=1)
        kept = kept[: len(path)]
        return TrainingResult(
            algorithm="gradient descent on a single-filter network",
            parameters=path[-1],
            best=best[2],
            best_step=best[1],
            best_loss=best[0],
            updates=int(kept[-1]),
            steps=kept,
            trajectory=path,
            losses=np.array(losses),
            distances=distances,
            bounds=(),
            hypotheses=(),
            step_size=eta,
            termination=end,
            seed=seed,
            seconds=time.perf_counter() - begin,
            network=self.network(best[2]),
        )

    def _views(self, X: ArrayLike) -> Floats:
        """Return ``A_i x_j`` as an array ``(S, k, r)``."""
        points = as_floats(X, "X", ndim=2)
        if points.shape[1] != self.matrices.shape[2]:
            raise ValueError(f"X has {points.shape[1]} features; there must be {self.matrices.shape[2]}")
        return np.ascontiguousarray(np.einsum("krn,sn->skr", self.matrices, points))

    def _outputs(self, w: Floats, views: Floats) -> Floats:
        raw = views @ w
        return np.asarray(np.where(raw >= 0, raw, self.slope * raw).mean(axis=1))

    def _gradient(self, w: Floats, views: Floats, labels: Floats) -> tuple[float, Floats]:
        raw = views @ w
        slopes = np.where(raw >= 0, 1.0, self.slope)
        errors = (slopes * raw).mean(axis=1) - labels
        gradient = np.einsum("s,sk,skr->r", errors, slopes, views) / (len(labels) * views.shape[1])
        return float(np.mean(errors**2)), gradient

    def _noise(self, noise: Noise | None, random: np.random.Generator, factor: float, which: int) -> Floats:
        drawn = draw_rows(noise, random, 1, self.matrices.shape[1], f"noise_{which}")
        return np.asarray(factor * drawn.sum(axis=0))  # no rows for no noise
