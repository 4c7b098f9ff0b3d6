"""The moments of the points that a gate sees as positive: what the step size of Theorem 3.3.1 is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relucomb.training.hypotheses import Hypothesis

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Sampler = Callable[[np.random.Generator, int], Floats]

SINGULAR = 1e-12
"""An eigenvalue below this share of the largest counts as zero."""


@dataclass(frozen=True, slots=True)
class TruncatedMoments:
    """Moments of ``1{w*·x > 0} x``, exact or estimated.

    Attributes
    ----------
    covariance
        Array ``(n, n)``: ``Σ = E[1{w*·x>0} x xᵀ]``.
    fourth
        ``c1 = E[1{w*·x>0} ‖x‖⁴]``; ``inf`` if it does not exist.
    weighted
        Array ``(n, n)``: ``M = E[1{w*·x>0} ‖x‖² x xᵀ]``, whose trace is ``c1``.
    probability
        ``P(w*·x > 0)``.
    covariance_error, fourth_error
        How far ``Σ`` may be off in spectral norm, and ``c1``; 0 if they are exact.
    confidence
        The probability with which those errors hold (1 if exact).
    origin
        How the numbers were found.
    """

    covariance: Floats
    fourth: float
    weighted: Floats
    probability: float
    covariance_error: float = 0.0
    fourth_error: float = 0.0
    confidence: float = 1.0
    origin: str = "closed form"

    @property
    def smallest_eigenvalue(self) -> float:
        """``λ_min(Σ)``, at least: the error is taken off."""
        return float(np.linalg.eigvalsh(self.covariance)[0]) - self.covariance_error

    @property
    def largest_fourth(self) -> float:
        """``c1``, at most: the error is added."""
        return self.fourth + self.fourth_error

    @property
    def weakest_direction(self) -> Floats:
        """The unit vector along which positive points vary least; its largest entry is positive."""
        direction: Floats = np.linalg.eigh(self.covariance)[1][:, 0]
        return np.asarray(direction * np.sign(direction[int(np.abs(direction).argmax())]))

    @property
    def relative_fourth(self) -> float:
        """``R²``, the least number with ``M ⪯ R² Σ``; ``inf`` if ``Σ`` is singular or ``M`` does not exist."""
        values, vectors = np.linalg.eigh(self.covariance)
        if not np.isfinite(self.weighted).all() or values[0] <= SINGULAR * max(values[-1], 0.0):
            return math.inf
        whitening = vectors / np.sqrt(values)
        return float(np.linalg.eigvalsh(whitening.T @ self.weighted @ whitening)[-1])

    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """Return the conditions of Theorem 3.3.1: a fourth moment, and positive points in every direction."""
        exists = Hypothesis("E‖x‖⁴ exists", bool(math.isfinite(self.fourth)), self.fourth, math.nan)
        largest = float(np.linalg.eigvalsh(self.covariance)[-1])
        least = self.smallest_eigenvalue
        definite = least > SINGULAR * max(largest, 0.0)
        remark = ""
        if not definite and not largest and not exists.holds:
            remark = "it does not exist"
        elif not definite:
            shown = ", ".join(f"{entry:.4g}" for entry in self.weakest_direction)
            remark = f"points with a positive label do not vary along ({shown})"
            if least + self.covariance_error > SINGULAR * max(largest, 0.0):
                remark = f"the estimate is too rough: it may be off by {self.covariance_error:.3g}; draw more samples"
        return (exists, Hypothesis("E[1{w*·x>0} x xᵀ] is positive definite", definite, least, 0.0, remark))


def moments_of_points(
    points: Floats, active: NDArray[np.bool_], weights: Floats | None = None, *, origin: str = "all points"
) -> TruncatedMoments:
    """Return the moments of a finite distribution: equal weights unless others are given.

    Parameters
    ----------
    points
        Array ``(N, n)``.
    active
        Array ``(N,)``: where the label is positive.
    weights
        Array ``(N,)`` of probabilities.

    Examples
    --------
    >>> moments = moments_of_points(np.eye(2), np.array([True, True]))
    >>> moments.covariance, moments.fourth, moments.smallest_eigenvalue
    (array([[0.5, 0. ],
           [0. , 0.5]]), 1.0, 0.5)
    """
    share = np.full(len(points), 1.0 / len(points)) if weights is None else weights
    seen, share = points[active], share[active]
    squares = np.einsum("ij,ij->i", seen, seen)
    covariance = (seen * share[:, None]).T @ seen
    weighted = (seen * (share * squares)[:, None]).T @ seen
    return TruncatedMoments(
        (covariance + covariance.T) / 2,
        float(share @ squares**2),
        (weighted + weighted.T) / 2,
        float(share.sum()),
        origin=origin,
    )


def estimate_moments(
    sampler: Sampler,
    w_star: Floats,
    *,
    samples: int = 100_000,
    seed: int = 0,
    confidence: float = 0.95,
    radius: float = math.inf,
) -> TruncatedMoments:
    """Estimate the moments from samples, and state the error.

    Parameters
    ----------
    sampler
        Called with a generator and a number, returns so many points as rows.
    w_star
        The weights of the gate, which decide which points count. (A learner who does not know them sees the same
        points: those whose label is positive.)
    samples, seed
        How many points, and the seed of numpy's default generator.
    confidence
        With what probability the stated errors are to hold.
    radius
        A number that no ``‖x‖`` exceeds, if there is one. With it the errors are proven (matrix Bernstein and
        Hoeffding inequalities); without it they are those of the central limit theorem, for large samples only.

    Raises
    ------
    ValueError
        There are fewer than 2 samples, the confidence is not between 0 and 1, or the sampler's points have a wrong
        shape, are not finite, or are longer than ``radius``.

    Examples
    --------
    >>> def on_circle(random, count):
    ...     angle = random.uniform(0, 2 * np.pi, count)
    ...     return np.column_stack([np.cos(angle), np.sin(angle)])
    >>> moments = estimate_moments(on_circle, np.array([1.0, 0.0]), radius=1.0)
    >>> abs(moments.smallest_eigenvalue + moments.covariance_error - 0.25) < moments.covariance_error < 0.02
    True
    """
    if samples < 2:
        raise ValueError(f"samples must be at least 2; got {samples}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1; got {confidence!r}")
    points = np.asarray(sampler(np.random.default_rng(seed), samples), dtype=np.float64)
    if points.shape != (samples, len(w_star)):
        raise ValueError(f"sampler must return an array {(samples, len(w_star))}; it returned {points.shape}")
    if not np.isfinite(points).all():
        raise ValueError("sampler must return finite points; it did not")
    squares = np.einsum("ij,ij->i", points, points)
    if float(squares.max()) > radius * radius * (1 + 1e-12):
        raise ValueError(f"radius is {radius:g}, but a point of length {math.sqrt(squares.max()):g} was drawn")
    found = moments_of_points(points, points @ w_star > 0)
    if math.isfinite(radius):
        errors = _bounded_errors(found, samples, len(w_star), radius, (1 - confidence) / 2)
        origin = f"{samples:,} samples, errors proven for ‖x‖ ≤ {radius:g}"
    else:
        errors = _asymptotic_errors(points, points @ w_star > 0, (1 - confidence) / 2)
        origin = f"{samples:,} samples, errors asymptotic"
    return TruncatedMoments(
        found.covariance, found.fourth, found.weighted, found.probability, *errors, confidence, origin
    )


def _bounded_errors(found: TruncatedMoments, N: int, n: int, radius: float, share: float) -> tuple[float, float]:
    """Return errors that fail with probability at most ``share`` each.

    Matrix Bernstein for ``X = 1 x xᵀ``, ``‖X − EX‖ ≤ R²`` and ``E(X − EX)² ⪯ R² Σ ⪯ R⁴``:
    ``P(‖mean − Σ‖ ≥ t) ≤ 2n exp(−N t² / (2v + 2R²t/3))``, with ``v = R⁴``; solved for ``t``. Hoeffding for ``1 ‖x‖⁴``.
    """
    log, square = math.log(2 * n / share), radius * radius
    linear = 2 * square * log / (3 * N)
    t = linear / 2 + math.sqrt(linear * linear / 4 + 2 * square * square * log / N)
    return t, square * square * math.sqrt(math.log(2 / share) / (2 * N))


def _asymptotic_errors(points: Floats, active: NDArray[np.bool_], share: float) -> tuple[float, float]:
    """Return errors by the central limit theorem: entry by entry for ``Σ``, in Frobenius norm together."""
    from scipy.stats import norm

    N, n = points.shape
    seen = points[active]
    squares = np.einsum("ij,ij->i", seen, seen)
    # Σ_ij Var(1 x_i x_j) = E[1 ‖x‖⁴] − ‖Σ‖²_F; all n(n+1)/2 entries at once by the union bound
    covariance = seen.T @ seen / N
    second = (seen**2).T @ (seen**2) / N
    deviations = np.sqrt(np.maximum(second - covariance**2, 0.0) / N)
    quantile = float(norm.ppf(1 - share / (n * (n + 1))))
    fourth = np.zeros(N)
    fourth[active] = squares**2
    return quantile * float(np.linalg.norm(deviations)), float(norm.ppf(1 - share / 2)) * float(
        fourth.std()
    ) / math.sqrt(N)
