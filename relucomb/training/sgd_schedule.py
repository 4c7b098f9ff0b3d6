"""Theorem 3.3.1: the step size of Algorithm 2, the contraction it gives, and how many steps are enough."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from relucomb.training.hypotheses import Hypothesis, all_hold, at_most
from relucomb.training.inequality import Inequality
from relucomb.training.moments import TruncatedMoments, estimate_moments
from relucomb.training.recording import check_positive, read_vector
from relucomb.training.recursion import least_steps

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from relucomb.training.distributions import Distribution

    Floats = NDArray[np.float64]

VARIANTS = ("corrected", "sharp", "published")


@dataclass(frozen=True, slots=True)
class SGDSchedule:
    """What the theorem says for a law of the points and a start.

    Attributes
    ----------
    variant
        ``"corrected"``: the theorem with its constants written out; ``"sharp"``: with ``R²`` in the place of ``c1/λ``;
        ``"published"``: its number of steps read without a hidden constant, which is too small.
    step_size
        ``η``; 0 if the theorem's conditions fail.
    contraction
        ``E‖w_{t+1} − w*‖² ≤ contraction · ‖w_t − w*‖²``.
    T
        So many iterates are enough (``T − 1`` updates), ``None`` if the conditions fail.
    start
        ``‖w_1 − w*‖²``.
    eps, delta
        The promise is ``P(‖w_T − w*‖² ≤ ε²) ≥ 1 − δ``.
    alpha
        The constant of the algorithm, negative.
    moments
        The moments that all this was computed from.
    hypotheses
        The conditions.
    """

    variant: str
    step_size: float
    contraction: float
    T: int | None
    start: float
    eps: float
    delta: float
    alpha: float
    moments: TruncatedMoments
    hypotheses: tuple[Hypothesis, ...]

    @property
    def certified(self) -> bool:
        """Whether the conditions hold (with the confidence of the moments, if they are estimated)."""
        return all_hold(self.hypotheses)

    def bound(self, updates: NDArray[np.int64]) -> Floats:
        """Return the bound on ``E‖w − w*‖²`` after so many updates."""
        return np.asarray(self.start * self.contraction**updates, dtype=np.float64)


def relu_sgd_schedule(
    law: Distribution | TruncatedMoments,
    w_star: ArrayLike,
    *,
    eps: float,
    delta: float,
    w_1: ArrayLike | None = None,
    alpha: float = -1.0,
    variant: str = "corrected",
    published: bool = False,
    samples: int = 100_000,
    seed: int = 0,
) -> SGDSchedule:
    """Compute step size, contraction and number of steps of Theorem 3.3.1.

    Parameters
    ----------
    law
        The law of the points, or moments that are known already.
    w_star, w_1
        The gate to be learnt and the start (0 if not given), ``(n,)``.
    eps, delta
        The promise is ``P(‖w_T − w*‖² ≤ ε²) ≥ 1 − δ``.
    alpha
        The constant ``α < 0`` of Algorithm 2.
    variant
        Which constants: see :class:`SGDSchedule`.
    published
        The same as the variant ``"published"``.
    samples, seed
        For laws without a closed form: :func:`~relucomb.training.moments.estimate_moments`.

    Raises
    ------
    ValueError, TypeError
        An argument is not legal.

    Notes
    -----
    With ``h = η|α|``, ``e = w − w*``: ``E‖e⁺‖² = eᵀ(I − 2hΣ + h²M)e``. The theorem uses ``M ⪯ c1 I``: for ``h = λ/c1``
    the contraction is ``1 − λ²/c1``. From ``M ⪯ R² Σ``, ``h = 1/R²`` gives ``1 − λ/R²``, which is never worse: for
    Gaussian points ``1 − 1/(2(n + 2))`` and not ``1 − 1/(2n(n + 2))``.

    Examples
    --------
    >>> from relucomb.training.distributions import Gaussian
    >>> exact = relu_sgd_schedule(Gaussian.standard(3), [1, -2, 0.5], eps=0.1, delta=0.05)
    >>> round(1 / exact.step_size, 9), round(exact.contraction, 9), exact.T
    (15.0, 0.966666667, 275)
    >>> relu_sgd_schedule(Gaussian.standard(3), [1, -2, 0.5], eps=0.1, delta=0.05, variant="sharp").T
    89
    """
    if published:
        variant = "published"
    if variant not in VARIANTS:
        raise ValueError(f"variant is {variant!r}; legal are {', '.join(map(repr, VARIANTS))}")
    check_positive("eps", eps)
    check_positive("delta", delta, below=1)
    if not (math.isfinite(alpha) and alpha < 0):
        raise ValueError(f"alpha must be a negative finite number; got {alpha!r}")
    n = len(law.covariance) if isinstance(law, TruncatedMoments) else law.n
    target, begin = read_vector(w_star, "w_star", n), read_vector(w_1, "w_1", n)
    moments = moments_of(law, target, samples=samples, seed=seed)
    hypotheses = moments.hypotheses()
    with np.errstate(over="ignore"):
        start = float(np.sum((begin - target) ** 2))
    if not math.isfinite(start):
        raise ValueError("w_star is so far from w_1 that the square of the distance is not finite as a float")
    if not all_hold(hypotheses):
        return SGDSchedule(variant, 0.0, 1.0, None, start, eps, delta, alpha, moments, hypotheses)
    step, contraction = best_step(moments, sharp=variant == "sharp")
    goal = eps * eps * delta
    if variant == "published":
        T: int | None = max(1, math.ceil(math.log(start / goal))) if start > goal else 1
    else:
        T = _iterates(_rate(moments, sharp=variant == "sharp"), start, goal)
    return SGDSchedule(variant, step / -alpha, contraction, T, start, eps, delta, alpha, moments, hypotheses)


def moments_of(
    law: Distribution | TruncatedMoments, w_star: Floats, *, samples: int = 100_000, seed: int = 0
) -> TruncatedMoments:
    """Return the moments of a law: in closed form if there is one, otherwise estimated."""
    if isinstance(law, TruncatedMoments):
        return law
    known = law.truncated_moments(w_star)
    return known or estimate_moments(law.sample, w_star, samples=samples, seed=seed, radius=law.radius)


def best_step(moments: TruncatedMoments, *, sharp: bool) -> tuple[float, float]:
    """Return ``η|α|`` and the contraction: of the theorem, or sharpened (for exact moments only).

    Estimated moments enter with their errors, against us. ``M`` has no stated error, so that the sharp step falls back
    to the theorem's for them.
    """
    contraction = 1 - _rate(moments, sharp=sharp)
    if sharp and moments.confidence == 1.0:
        return 1 / moments.relative_fourth, contraction
    return moments.smallest_eigenvalue / moments.largest_fourth, contraction


def _rate(moments: TruncatedMoments, *, sharp: bool) -> float:
    """Return 1 minus the contraction, with all its digits: a contraction near 1 is 1 as a float."""
    least = moments.smallest_eigenvalue
    if sharp and moments.confidence == 1.0:
        return min(1.0, least / moments.relative_fourth)
    return min(1.0, least * least / moments.largest_fourth)


def contraction_of(moments: TruncatedMoments, step: float) -> float:
    """Return the contraction for any ``h = η|α|``: the greatest eigenvalue of ``I − 2hΣ + h²M``, or a bound on it.

    Examples
    --------
    >>> from relucomb.training.distributions import Gaussian
    >>> moments = Gaussian.standard(3).truncated_moments(np.ones(3))
    >>> round(contraction_of(moments, 1 / 5), 9)
    0.9
    """
    if moments.confidence == 1.0 and np.isfinite(moments.weighted).all():
        matrix = np.eye(len(moments.covariance)) - 2 * step * moments.covariance + step * step * moments.weighted
        return float(np.linalg.eigvalsh(matrix)[-1])
    return 1 - 2 * step * moments.smallest_eigenvalue + step * step * moments.largest_fourth


def step_hypothesis(moments: TruncatedMoments, eta: float, alpha: float) -> Hypothesis:
    """Return the condition that the step size contracts at all."""
    contraction = contraction_of(moments, -alpha * eta)
    remark = f"η = {eta:.6g} does not contract; the theorem's is {best_step(moments, sharp=False)[0] / -alpha:.6g}"
    return at_most("‖I − 2η|α|Σ + η²α²M‖ < 1", contraction, 1.0, remark, strictly=True)


def one_step(moments: TruncatedMoments, step: float, error: Floats) -> float:
    """Return ``E‖w_{t+1} − w*‖²`` given ``w_t − w* = error``, exactly as far as the moments are."""
    matrix = np.eye(len(error)) - 2 * step * moments.covariance + step * step * moments.weighted
    return float(error @ matrix @ error)


def theorem_3_3_1_contraction(moments: TruncatedMoments, error: ArrayLike, *, sharp: bool = False) -> Inequality:
    """Put ``E‖w_{t+1} − w*‖²`` beside ``contraction · ‖w_t − w*‖²`` for the step size of the theorem.

    Examples
    --------
    >>> from relucomb.training.distributions import Discrete
    >>> law = Discrete([[1, 0], [1, 1], [0, -1]])
    >>> print(theorem_3_3_1_contraction(law.truncated_moments(np.array([1.0, 2.0])), [1, 1]))
    holds  Theorem 3.3.1: E‖w' − w*‖² ≤ α‖w − w*‖²: 1.76286376 ≤ 1.98054693
    """
    offset = read_vector(error, "error", len(moments.covariance))
    step, contraction = best_step(moments, sharp=sharp)
    name = "Theorem 3.3.1" + (", sharpened" if sharp else "")
    claim = f"{name}: E‖w' − w*‖² ≤ α‖w − w*‖²"
    return Inequality(claim, one_step(moments, step, offset), contraction * float(offset @ offset))


def theorem_3_3_1_moments(moments: TruncatedMoments) -> Inequality:
    """Put ``n² λ_min²`` beside ``c1``: why the step size is not too large, and why ``T`` hides a factor of ``n²``.

    Examples
    --------
    >>> from relucomb.training.distributions import Gaussian
    >>> print(theorem_3_3_1_moments(Gaussian.standard(3).truncated_moments(np.ones(3))))
    holds  Theorem 3.3.1: n² λ_min² ≤ c1: 2.25 ≤ 7.5
    """
    n = len(moments.covariance)
    return Inequality("Theorem 3.3.1: n² λ_min² ≤ c1", n * n * moments.smallest_eigenvalue**2, moments.fourth)


def _iterates(rate: float, start: float, goal: float) -> int | None:
    """Return the least ``T`` with ``(1 − rate)^(T−1) · start ≤ goal``: Lemma 3.E.1 with ``c2 = 0``."""
    return least_steps(Fraction(rate), Fraction(0), Fraction(start), Fraction(goal))
