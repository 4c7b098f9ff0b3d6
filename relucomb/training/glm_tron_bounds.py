"""The theorems on GLM-Tron as numbers: Lemma 3.5.1, Theorems 3.5.2 and 3.5.3, Corollary 3.5.4.

Everything is told for an update of step size ``s``, ``w ← w + (s/S) Σ (y_i − σ(w·x_i)) x_i``; the source has ``s = 1``.
Points divided by ``c`` and updated with step size 1 are the points themselves updated with ``s = 1/c²``, so that one
statement serves data in any unit. ``Λ`` is a number with ``(1/S) Σ x_i x_iᵀ ⪯ Λ I``: the source takes
``max ‖x_i‖² ≤ 1``, the sharp variant the greatest eigenvalue.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.rationals import as_fractions
from relucomb.training.activations import Activation, resolve_activation
from relucomb.training.hypotheses import Hypothesis, at_most
from relucomb.training.inequality import Inequality

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

DIGITS = 2**120
"""Roots of rationals are enclosed to one part in so many."""


@dataclass(frozen=True, slots=True)
class GLMTronBound:
    """What Theorem 3.5.2 promises.

    Attributes
    ----------
    T
        So many updates are enough; ``None`` for more than can be counted.
    threshold
        Some iterate ``w_1, ..., w_{T+1}`` has an effective risk ``L̃`` below it.
    published
        Whether ``T`` is the printed one, without the square.
    """

    T: int | None
    threshold: float
    published: bool = False


def glm_tron_bound(
    norm_w: float,
    eps: float,
    theta: float,
    L: float,
    *,
    step: float = 1.0,
    Lambda: float = 1.0,
    published: bool = False,
) -> GLMTronBound:
    """Return the number of updates and the risk of Theorem 3.5.2.

    Parameters
    ----------
    norm_w
        ``‖w*‖`` (from the start ``w_1 = 0``; otherwise ``‖w_1 − w*‖``).
    eps
        The accuracy ``ε > 0``.
    theta
        Bound on the noise, ``|ξ_i| ≤ θ``; the sharp variant needs ``‖(1/S) Σ ξ_i x_i‖ ≤ θ√Λ`` only.
    L
        Lipschitz constant of the activation.
    step, Lambda
        ``s`` and ``Λ``, see the head of this module.
    published
        ``T = ‖w*‖/ε``, as printed: too few, since the potential is the square of the distance.

    Raises
    ------
    ValueError
        A number is not legal, or ``sLΛ ≥ 2``: then there is no bound.

    Examples
    --------
    >>> glm_tron_bound(10, 0.5, 0, 1)
    GLMTronBound(T=200, threshold=0.5, published=False)
    >>> glm_tron_bound(10, 0.5, 0, 1, published=True).T
    20
    """
    for name, value, least in (("norm_w", norm_w, 0), ("eps", eps, None), ("theta", theta, 0), ("L", L, None)):
        legal = "not negative" if least == 0 else "positive"
        if not math.isfinite(value) or value < 0 or (least is None and value == 0):
            raise ValueError(f"{name} must be finite and {legal}; got {value!r}")
    gain = decrease(L, step, Lambda)
    if gain <= 0:
        raise ValueError(f"step · L · Lambda must be less than 2; got {step * L * Lambda:.6g}")
    # η = ‖(1/S) Σ ξ_i x_i‖ ≤ θ √Λ
    loss = noise_term(theta * math.sqrt(Lambda), norm_w, L, step, Lambda)
    count = (norm_w if published else norm_w * norm_w) / eps
    return GLMTronBound(math.ceil(count) if count < 2**62 else None, (eps + loss) / gain, published)


def decrease(L: float, step: float, Lambda: float) -> float:
    """Return ``2s/L − s²Λ``, by which an update shortens the squared distance per unit of effective risk."""
    return 2 * step / L - step * step * Lambda


def noise_term(eta: float, W: float, L: float, step: float, Lambda: float) -> float:
    """Return ``s²η² + 2sηW(1 + sLΛ)``, by which noise may lengthen it."""
    return step * step * eta * eta + 2 * step * eta * W * (1 + step * L * Lambda)


def best_risk_bound(updates: NDArray[np.int64], W: float, eta: float, L: float, step: float, Lambda: float) -> Floats:
    """Return a bound on the least effective risk among the iterates up to so many updates.

    If all of them had a greater risk, every update but the last would have shortened the distance ``W``, and ``t + 1``
    times together by more than all of it.
    """
    gain = decrease(L, step, Lambda)
    if gain <= 0:
        return np.full(len(updates), math.inf)
    return np.asarray((W * W / (updates + 1) + noise_term(eta, W, L, step, Lambda)) / gain, dtype=np.float64)


def distance_bound(steps: NDArray[np.int64], W: float, eta: float, L: float, step: float, Lambda: float) -> Floats:
    """Return a bound on ``‖w_t − w‖²``: Lemma 3.5.1 unrolled, whatever the risks were."""
    if decrease(L, step, Lambda) < 0:
        return np.full(len(steps), math.inf)
    if eta == 0:
        return np.full(len(steps), W * W)
    # ‖e⁺‖² ≤ ‖e‖² + s²η² + 2sη‖e‖(1 + sLΛ) ≤ (‖e‖ + sη(1 + sLΛ))²
    lengths = W + steps * (step * eta * (1 + step * L * Lambda))
    return np.asarray(lengths**2, dtype=np.float64)


def conditions(
    points: Floats, activation: Activation, step: float, reach: float, *, sharp: bool
) -> tuple[float, tuple[Hypothesis, ...]]:
    """Return ``Λ`` and how the hypotheses of Lemma 3.5.1 stand.

    Parameters
    ----------
    points
        Array ``(S, n)``.
    activation
        The activation.
    step
        ``s``.
    reach
        The greatest ``|w·x_i|`` that occurs; a user's activation is examined up to there.
    sharp
        Whether ``Λ`` is the greatest eigenvalue of ``(1/S) Σ x_i x_iᵀ``, not ``max ‖x_i‖²``.
    """
    shape = activation.hypotheses(-reach, reach)
    squares = np.einsum("ij,ij->i", points, points)
    row = int(squares.argmax())
    L = activation.lipschitz
    if sharp:
        Lambda = spectral_norm(points)
        limit = at_most("sLΛ < 2", step * L * Lambda, 2.0, "a smaller step_size", strictly=True)
        return Lambda, (limit, *shape[1:])
    # in units in which the step is 1: ‖x_i‖ √s ≤ 1; rounding of the scale must not decide
    length = math.sqrt(float(squares[row]) * step)
    length = 1.0 if abs(length - 1) < 1e-12 else length
    advice = f"point {row} has ‖x‖ = {math.sqrt(squares[row]):.6g}; scale=True divides all points by that"
    name = "‖x_i‖ ≤ 1" if step == 1 else "√s ‖x_i‖ ≤ 1"
    return 1 / step, (at_most(name, length, 1.0, advice), *shape)


def spectral_norm(points: Floats) -> float:
    """Return the greatest eigenvalue of ``(1/S) Σ x_i x_iᵀ``, rounded up.

    Examples
    --------
    >>> round(spectral_norm(np.eye(2)), 9)
    0.5
    """
    value = float(np.linalg.norm(points, 2)) ** 2 / len(points)
    return value * (1 + 16 * len(points) * float(np.finfo(float).eps))


def lemma_3_5_1(
    X: ArrayLike,
    y: ArrayLike,
    w_t: ArrayLike,
    w: ArrayLike,
    activation: str | Activation = "relu",
    *,
    step: Any = 1,
    sharp: bool = False,
) -> Inequality:
    """Put ``‖w_{t+1} − w‖²`` beside ``‖w_t − w‖² − (2s/L − s²Λ) L̃ + s²η² + 2sηW(1 + sLΛ)``, in rationals.

    Parameters
    ----------
    X, y, w_t, w
        Points, labels, the iterate and any vector to compare with.
    activation
        The ReLU, a leaky ReLU or the identity.
    step
        ``s``; the source has 1.
    sharp
        Use the trace of ``(1/S) Σ x_i x_iᵀ`` where it is smaller than ``max ‖x_i‖²``: a rational upper bound on ``Λ``.

    Returns
    -------
    Inequality
        The right side is rounded down: its square roots are replaced by rationals just below them.

    Raises
    ------
    ValueError
        The activation is not piecewise linear.

    Examples
    --------
    >>> check = lemma_3_5_1([[1, 0], [0, 1]], [1, 2], [0, 0], [1, 1])
    >>> check.left, check.holds, round(float(check.right), 6)
    (Fraction(1, 4), True, 4.078427)
    """
    chosen = resolve_activation(activation)
    if chosen.slope is None:
        raise ValueError(
            f"activation is {chosen.name!r}; legal are the piecewise linear ones, whose values are rational"
        )
    points, labels = as_fractions(X, "X", ndim=2), as_fractions(y, "y", ndim=1)
    before, target = as_fractions(w_t, "w_t", ndim=1), as_fractions(w, "w", ndim=1)
    s, S, slope, L = Fraction(step), len(points), Fraction(chosen.slope), Fraction(chosen.lipschitz)
    outputs = [_gate(_dot(before, x), slope) for x in points]
    truths = [_gate(_dot(target, x), slope) for x in points]
    after = before + s * sum((points[i] * (labels[i] - outputs[i]) for i in range(S)), 0 * before) / S
    push = sum((points[i] * (labels[i] - truths[i]) for i in range(S)), 0 * before) / S
    risk = sum(((a - b) ** 2 for a, b in zip(outputs, truths, strict=True)), Fraction(0)) / S
    lengths = [_dot(x, x) for x in points]
    Lambda = min(max(lengths), sum(lengths, Fraction(0)) / S) if sharp else 1 / s
    left, start, eta2 = _dot(after - target, after - target), _dot(before - target, before - target), _dot(push, push)
    cross = 2 * s * (1 + s * L * Lambda) * _root_below(eta2 * start)
    right = start - (2 * s / L - s * s * Lambda) * risk + s * s * eta2 + cross
    name = "Lemma 3.5.1" + (", sharpened" if sharp else "")
    return Inequality(f"{name}: ‖w_(t+1) − w‖² ≤ ‖w_t − w‖² − (2/L − 1) L̃ + η² + 2ηW(L + 1)", left, right)


def theorem_3_5_3_bound(noise_square: float, risk: float, *, published: bool = False) -> float:
    """Bound the empirical risk ``E L_S(h_T)`` by ``E ξ²`` and a bound on the effective risk.

    Parameters
    ----------
    noise_square
        ``E ξ²``.
    risk
        A bound on ``L̃(h_T)`` for every noise: the threshold of Theorem 3.5.2.
    published
        ``E ξ² + risk``, as printed. Its proof drops ``(2/S) E Σ ξ_i (σ(w_T·x_i) − σ(w*·x_i))``, which is not 0, as
        ``w_T`` depends on the noise. It is true of fresh labels at the same points.

    Notes
    -----
    Without any assumption on the noise, ``√L_S ≤ √L̃ + √((1/S) Σ ξ_i²)`` (Minkowski), so that
    ``E L_S ≤ (√E ξ² + √risk)²``.

    Examples
    --------
    >>> theorem_3_5_3_bound(1.0, 4.0), theorem_3_5_3_bound(1.0, 4.0, published=True)
    (9.0, 5.0)
    """
    return noise_square + risk if published else (math.sqrt(noise_square) + math.sqrt(risk)) ** 2


def _gate(z: Fraction, slope: Fraction) -> Fraction:
    return z if z >= 0 else slope * z


def _dot(a: Any, b: Any) -> Fraction:
    return sum((p * q for p, q in zip(a, b, strict=True)), Fraction(0))


def _root_below(value: Fraction) -> Fraction:
    """Return a rational just below the root: to one part in 2^60 of it, or of 2^-60."""
    scaled = value.numerator * DIGITS // value.denominator
    return Fraction(math.isqrt(scaled), math.isqrt(DIGITS))
