"""GLM-Tron for many noises, or for all of them: Theorems 3.5.2, 3.5.3 and Corollary 3.5.4 put to the test."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relucomb.erm import check_whole
from relucomb.training.activations import Activation, resolve_activation
from relucomb.training.frequency import Frequency
from relucomb.training.glm_tron_bounds import glm_tron_bound, theorem_3_5_3_bound
from relucomb.training.inequality import Inequality
from relucomb.training.noises import label_noise
from relucomb.training.recording import check_positive, read_points, read_vector

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

MOST_SIGNS = 16
"""All sign patterns of the noise of so many points are tried."""


@dataclass(frozen=True, slots=True)
class RiskExperiment:
    """What GLM-Tron did for many noises on the same points.

    Attributes
    ----------
    T, threshold
        Updates, and the effective risk that Theorem 3.5.2 promises for some iterate of every run.
    least_risks
        Array ``(runs,)``: least ``L̃`` over ``w_1, ..., w_{T+1}``.
    final_risks, final_losses
        Arrays ``(runs,)``: effective risk ``L̃`` and empirical risk ``L_S`` of ``w_{T+1}``.
    first_losses
        Array ``(runs,)``: empirical risk of the first iterate below the threshold; NaN if there is none.
    noise_squares
        Array ``(runs,)``: mean of ``ξ_i²``.
    published
        Whether ``T`` is the printed one.
    exhaustive
        Whether the runs are all patterns of equally likely noise, so that means are expectations.
    """

    T: int
    threshold: float
    least_risks: Floats
    final_risks: Floats
    final_losses: Floats
    first_losses: Floats
    noise_squares: Floats
    published: bool
    exhaustive: bool

    def theorem_3_5_2(self) -> Inequality:
        """Put the worst of the least effective risks beside the threshold."""
        worst = float(self.least_risks.max())
        claim = f"Theorem 3.5.2: L̃ < threshold within {self.T} updates, for every noise"
        return Inequality(claim, worst, self.threshold, self.published, strict=True)

    def theorem_3_5_3(self, *, published: bool = False, fixed: bool = False) -> Inequality:
        """Put the mean empirical risk beside the bound: of the first good iterate, or of the last of all (``fixed``).

        The corrected bound is a theorem for the first good iterate only: nothing bounds the effective risk of a fixed
        one.
        """
        losses = self.final_losses if fixed else self.first_losses
        bound = theorem_3_5_3_bound(float(self.noise_squares.mean()), self.threshold, published=published)
        which = f"w_{self.T + 1}" if fixed else "the first good iterate"
        return Inequality(f"Theorem 3.5.3: E L_S({which})", float(np.mean(losses)), bound, published)

    def dropped_term(self) -> tuple[float, float]:
        """Return ``E L_S − E ξ² − E L̃`` of the last iterate, which the source takes to be 0, and its standard error.

        The error is 0 if the runs are all noises there are.
        """
        terms = self.final_losses - self.noise_squares - self.final_risks
        spread = 0.0 if self.exhaustive else float(terms.std(ddof=1)) / math.sqrt(len(terms))
        return float(terms.mean()), spread


def risk_experiment(
    X: ArrayLike,
    w_star: ArrayLike,
    *,
    theta: float,
    eps: float,
    activation: str | Activation = "relu",
    noise: str = "signs",
    updates: int | None = None,
    published: bool = False,
    runs: int = 1000,
    seed: int = 0,
) -> RiskExperiment:
    """Run GLM-Tron for many noises of size ``θ`` at most.

    Parameters
    ----------
    X, w_star
        Points ``(S, n)`` with ``‖x_i‖ ≤ 1``, and the gate.
    theta, eps
        Bound on the noise, and the accuracy.
    activation
        The activation, with ``L < 2``.
    noise
        ``"signs"`` (±θ; all patterns if there are at most 16 points), ``"uniform"`` or ``"adversarial"``.
    updates
        Number of updates, ``⌈‖w*‖²/ε⌉`` if not given.
    published
        Make ``⌈‖w*‖/ε⌉`` of them, as printed.
    runs, seed
        How many noises are drawn.

    Raises
    ------
    ValueError, TypeError
        An argument is not legal; the message names it.

    Examples
    --------
    A printed theorem that fails: two points, fair signs, and the risk of a fixed iterate, over all four noises.

    >>> found = risk_experiment([[0.25], [-1.0]], [0.01], theta=1.0, eps=1e-6, updates=100)
    >>> print(found.theorem_3_5_3(published=True, fixed=True))
    FAILS  Theorem 3.5.3: E L_S(w_101) (as printed): 4.18845565 > 2.040001
    """
    points, _ = read_points(X, np.zeros(np.shape(X)[0] if np.ndim(X) else 0))
    target = read_vector(w_star, "w_star", points.shape[1])
    chosen = resolve_activation(activation)
    check_positive("eps", eps)
    check_whole("runs", runs, 1, None)
    _check_lengths(points)
    promised = glm_tron_bound(float(np.linalg.norm(target)), eps, theta, chosen.lipschitz, published=published)
    if updates is not None:
        check_whole("updates", updates, 0, None)
    T = promised.T if updates is None else updates
    if T is None or T > 10**7:
        raise ValueError(f"eps is {eps!r}: Theorem 3.5.2 then asks for more than 10,000,000 updates")
    noises, exhaustive = _noises(noise, points, target, theta, runs, seed)
    truth = chosen(points @ target)
    labels = truth + noises
    w = np.zeros((len(noises), points.shape[1]))
    least, first = np.full(len(noises), math.inf), np.full(len(noises), math.nan)
    risks = losses = np.zeros(len(noises))
    for update in range(T + 1):
        outputs = chosen(w @ points.T)
        risks, losses = np.mean((outputs - truth) ** 2, axis=1), np.mean((outputs - labels) ** 2, axis=1)
        first = np.where(np.isnan(first) & (risks < promised.threshold), losses, first)
        least = np.minimum(least, risks)
        if update < T:
            w = w + (labels - outputs) @ points / len(points)
    return RiskExperiment(
        T, promised.threshold, least, risks, losses, first, np.mean(noises**2, axis=1), published, exhaustive
    )


def corollary_3_5_4(
    X: ArrayLike,
    w_star: ArrayLike,
    *,
    deviation: float,
    delta: float,
    eps: float,
    runs: int = 1000,
    seed: int = 0,
) -> Frequency:
    """Run GLM-Tron on a ReLU gate with Gaussian noise, whose bound ``θ`` only holds with probability ``1 − δ``.

    Examples
    --------
    >>> print(corollary_3_5_4([[0.6], [-0.8], [1.0]], [2.0], deviation=0.1, delta=0.1, eps=0.1, runs=200))
    consistent Corollary 3.5.4: P(L̃ < 1.836 within 40 updates) ≥ 0.9: 200 of 200, probability in [0.9817, 1]
    """
    points, _ = read_points(X, np.zeros(np.shape(X)[0] if np.ndim(X) else 0))
    target = read_vector(w_star, "w_star", points.shape[1])
    check_whole("runs", runs, 1, None)
    _check_lengths(points)
    theta = gaussian_theta(len(points), deviation, delta)
    promised = glm_tron_bound(float(np.linalg.norm(target)), check_positive("eps", eps), theta, 1.0)
    if promised.T is None or promised.T > 10**7:
        raise ValueError(f"eps is {eps!r}: Theorem 3.5.2 then asks for more than 10,000,000 updates")
    noises = deviation * np.random.default_rng(seed).standard_normal((runs, len(points)))
    truth = np.maximum(points @ target, 0.0)
    w, least = np.zeros((runs, points.shape[1])), np.full(runs, math.inf)
    for update in range(promised.T + 1):
        outputs = np.maximum(w @ points.T, 0.0)
        least = np.minimum(least, np.mean((outputs - truth) ** 2, axis=1))
        if update < promised.T:
            w = w + (truth + noises - outputs) @ points / len(points)
    hits = int((least < promised.threshold).sum())
    claim = f"Corollary 3.5.4: P(L̃ < {promised.threshold:.4g} within {promised.T} updates) ≥ {1 - delta:g}"
    return Frequency(claim, hits, runs, 1 - delta, at_least=True)


def gaussian_theta(S: int, deviation: float, delta: float) -> float:
    """Return the ``θ`` that S independent normal variables all stay within with probability ``1 − δ``.

    Examples
    --------
    >>> round(gaussian_theta(1, 1.0, 0.05), 4)
    1.96
    """
    from scipy.stats import norm

    check_positive("deviation", deviation)
    check_positive("delta", delta, below=1)
    # P(|ξ| > θ) = 1 − (1 − δ)^(1/S) for each
    return deviation * float(norm.isf(-math.expm1(math.log1p(-delta) / S) / 2))


def _check_lengths(points: Floats) -> None:
    longest = float(np.linalg.norm(points, axis=1).max())
    if longest > 1 + 1e-12:
        raise ValueError(f"X must have rows of norm at most 1; the greatest is {longest:.6g}")


def _noises(kind: str, points: Floats, w_star: Floats, theta: float, runs: int, seed: int) -> tuple[Floats, bool]:
    """Return noises as rows, and whether they are all there are."""
    S = len(points)
    if kind not in ("signs", "uniform", "adversarial"):
        raise ValueError(f"noise is {kind!r}; legal are 'signs', 'uniform', 'adversarial': the theorem bounds it")
    if kind == "signs" and S <= MOST_SIGNS:
        return theta * np.array(list(itertools.product((-1.0, 1.0), repeat=S))), True
    if kind == "adversarial":
        return label_noise(kind, points, w_star, theta, np.random.default_rng(seed))[None, :], False
    random = np.random.default_rng(seed)
    return np.array([label_noise(kind, points, w_star, theta, random) for _ in range(runs)]), False
