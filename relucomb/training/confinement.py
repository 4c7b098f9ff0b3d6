"""Theorem 3.4.1: how far noisy gradient descent strays from the gate that made the labels, and how likely."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.rationals import as_fractions
from relucomb.training.hypotheses import Hypothesis, all_hold, at_most
from relucomb.training.inequality import Inequality

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

VARIANTS = ("corrected", "sharp", "published")


@dataclass(frozen=True, slots=True)
class Confinement:
    """``P(‖w_i − w*‖ > radius for some i ≤ i_max) ≤ bound``.

    Attributes
    ----------
    variant
        ``"published"``: the exponent with ``k`` as printed, no bound if ``k > 1``; ``"corrected"``: with ``k²``;
        ``"sharp"``: a better drift, range and union, see :func:`noisy_gd_radius`; ``"random-walk"``: another theorem,
        :mod:`relucomb.training.random_walk_bound`.
    radius
        ``r*``; ``inf`` if there is none.
    k
        What bounds the steps of the martingale; for ``"sharp"`` the length of the interval that they lie in, for
        ``"random-walk"`` the deviation of the walk's end in every direction.
    lam
        ``λ``: how much the martingale must rise before the radius can be passed.
    tail
        ``P(‖ξ2‖ > C_L)``.
    exponential
        The second term of the bound, without its factor.
    bound
        The probability; it may exceed 1, and then says nothing.
    i_max
        The number of steps.
    hypotheses
        The conditions.
    """

    variant: str
    radius: float
    k: float
    lam: float
    tail: float
    exponential: float
    bound: float
    i_max: int
    hypotheses: tuple[Hypothesis, ...]

    @property
    def certified(self) -> bool:
        """Whether the conditions hold and the variant is a theorem."""
        return all_hold(self.hypotheses) and self.variant != "published"


def noisy_gd_radius(
    n: int,
    C: float,
    S1: float,
    C_L: float,
    eta: float,
    i_max: int,
    lam: float,
    squared_distance: float,
    *,
    tail: float = 0.0,
    second_moment: float | None = None,
    variant: str = "corrected",
    published: bool = False,
) -> Confinement:
    """Compute the radius and the probability of Theorem 3.4.1.

    Parameters
    ----------
    n
        Dimension; ``E‖ξ2‖² < n``.
    C
        ``max ‖x_i‖``. The sharp variant needs only ``C² ≥ λ_max((1/S) Σ x_i x_iᵀ)``.
    S1, C_L
        Bound on ``‖ξ1‖``, and the length at which ``ξ2`` is cut off.
    eta, i_max
        Step size and number of steps.
    lam
        ``λ > 0``.
    squared_distance
        ``‖w_0 − w*‖²``.
    tail
        ``P(‖ξ2‖ > C_L)``, or a bound on it.
    second_moment
        ``E‖ξ2‖²``, if it is known; used by the sharp variant and to check ``E‖ξ2‖² < n``.
    variant
        ``"corrected"``, ``"sharp"`` or ``"published"``.
    published
        The same as the variant ``"published"``.

    Raises
    ------
    ValueError
        A number is not finite or has the wrong sign, or there is no such variant.

    Notes
    -----
    All variants need labels of a gate, and noises that are independent, centred, and ``ξ2`` symmetric (the source does
    not say so; without it the noise that is cut off need not be centred).

    Sharp: with ``e = w − w*``, ``‖e − ηg‖ ≤ ‖e‖`` for ``η ≤ 2/C²``, since ``⟨e, g⟩ ≥ Q`` (Lemma 3.4.2) and
    ``‖g‖² ≤ C² Q``. So the squared distance drifts by at most ``ηv + η²S1²`` with ``v = min(C_L², E‖ξ2‖²)``, and given
    the past, its step lies in an interval of length ``4rb`` (``(r + b)²`` if ``r < b``), ``b = ηS1 + √η C_L``.
    Hoeffding's lemma for intervals gives ``exp(−2λ²/(i k²))``; a process that is stopped at the radius needs no sum
    over the steps.

    Examples
    --------
    >>> spec = dict(n=5, C=1, S1=0.1, C_L=0.5, eta=1e-3, i_max=100, lam=5, squared_distance=1)
    >>> found = noisy_gd_radius(**spec)
    >>> round(found.radius, 6), round(found.k, 7), round(found.bound, 8)
    (2.549765, 0.09924, 0.00030751)
    >>> print(f"{noisy_gd_radius(**spec, variant='sharp').bound:.3g}")
    1.27e-09
    """
    if published:
        variant = "published"
    if variant not in VARIANTS:
        raise ValueError(f"variant is {variant!r}; legal are {', '.join(map(repr, VARIANTS))}")
    _check({"n": n, "eta": eta, "i_max": i_max, "lam": lam}, positive=True)
    _check({"C": C, "S1": S1, "C_L": C_L, "squared_distance": squared_distance, "tail": tail}, positive=False)
    small = at_most(
        "E‖ξ2‖² < n", C_L * C_L if second_moment is None else second_moment, float(n), "draw less noise", strictly=True
    )
    if variant == "sharp":
        return _sharp(C, S1, C_L, eta, i_max, lam, squared_distance, tail, second_moment)
    conditions = (
        at_most("C_L < √n", C_L, math.sqrt(n), "cut the noise off earlier", strictly=True),
        at_most("η < 1/(C²√(2 i_max))", C * C * eta * math.sqrt(2 * i_max), 1.0, "a smaller step", strictly=True),
    ) + ((small,) if second_moment is not None else ())
    shrink = 1 - 2 * i_max * eta * eta * C**4
    if shrink <= 0:
        return Confinement(variant, math.inf, math.inf, lam, tail, 1.0, math.inf, i_max, conditions)
    square = (lam + squared_distance + i_max * (eta * n + 2 * eta * eta * S1 * S1)) / shrink
    r = math.sqrt(square)
    k = 2 * math.sqrt(eta) * C_L * (r + eta * (C * C * r + S1))
    k += eta * (2 * S1 * r + n + 2 * C * C * square + 2 * eta * (C**4 * square + S1 * S1))
    exponential = math.exp(-lam * lam / (2 * i_max * (k if variant == "published" else k * k)))
    return Confinement(variant, r, k, lam, tail, exponential, i_max * (tail + exponential), i_max, conditions)


def _sharp(
    C: float,
    S1: float,
    C_L: float,
    eta: float,
    i_max: int,
    lam: float,
    squared_distance: float,
    tail: float,
    second_moment: float | None,
) -> Confinement:
    condition = at_most("η ≤ 2/C²", eta * C * C, 2.0, "a smaller step")
    variance = C_L * C_L if second_moment is None else min(C_L * C_L, second_moment)
    r = math.sqrt(lam + squared_distance + i_max * (eta * variance + eta * eta * S1 * S1))
    b = eta * S1 + math.sqrt(eta) * C_L
    length = 4 * r * b if r >= b else (r + b) ** 2
    exponential = math.exp(-2 * lam * lam / (i_max * length * length)) if length > 0 else 0.0
    cut_off = -math.expm1(i_max * math.log1p(-tail)) if tail < 1 else 1.0
    return Confinement("sharp", r, length, lam, tail, exponential, cut_off + exponential, i_max, (condition,))


def radius_for(delta: float, *, variant: str = "corrected", tail: float = 0.0, **numbers: Any) -> Confinement | None:
    """Return the confinement with the least ``λ`` whose probability is at most ``delta``, ``None`` if there is none.

    Parameters
    ----------
    delta
        The probability that may be lost.
    variant, tail, **numbers
        As for :func:`noisy_gd_radius`, without ``lam``.

    Examples
    --------
    >>> found = radius_for(0.05, n=5, C=1, S1=0.1, C_L=0.5, eta=1e-3, i_max=100, squared_distance=1)
    >>> round(found.radius, 4), round(found.bound, 6)
    (2.1879, 0.05)
    """

    def at(lam: float) -> Confinement:
        return noisy_gd_radius(lam=lam, variant=variant, tail=tail, **numbers)

    unit = _unit(**numbers)  # the answer must not depend on the unit of the weights
    low, high = 0.0, unit
    while not at(high).bound <= delta:  # the exponent grows with λ, to a limit in the first two variants
        low, high = high, 2 * high
        if high > 1e12 * unit:
            return None
    for _ in range(100):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if at(middle).bound <= delta:
            high = middle
        else:
            low = middle
    return at(high)


def _unit(squared_distance: float, eta: float, i_max: int, n: int, C_L: float, S1: float, **others: Any) -> float:
    """Return a square of the size that distances have: of the start, and of what noise does in all steps."""
    noise = C_L * C_L + eta * S1 * S1
    size = squared_distance + i_max * eta * (noise if noise > 0 else n)
    return size if 0 < size < math.inf else 1.0


def lemma_3_4_2(X: ArrayLike, w: ArrayLike, w_star: ArrayLike) -> Inequality:
    """Put ``(1/S) Σ 1[w·x_i ≥ 0] (relu(w*·x_i) − relu(w·x_i))²`` beside ``⟨w − w*, g⟩``, exactly.

    Examples
    --------
    >>> check = lemma_3_4_2([[1, 0], [0, 1]], [1, 1], [2, -1])
    >>> check.left, check.right
    (Fraction(1, 1), Fraction(3, 2))
    """
    points, here, target = as_fractions(X, "X", ndim=2), as_fractions(w, "w", ndim=1), as_fractions(w_star, "w_star")
    left = right = Fraction(0)
    for x in points:
        a, b = sum(target * x, Fraction(0)), sum(here * x, Fraction(0))
        if b >= 0:
            gap = max(a, Fraction(0)) - b
            left += gap * gap
            right += (a - b) * gap
    claim = "Lemma 3.4.2: (1/S) Σ 1[w·x_i ≥ 0] (relu(w*·x_i) − relu(w·x_i))² ≤ ⟨w − w*, g⟩"
    return Inequality(claim, left / len(points), right / len(points))


def lemma_3_4_3(squares: Floats, found: Confinement, drift: float) -> Inequality:
    """Put the largest step of ``z_t = ‖w'_t − w*‖² − t · drift`` beside ``k``.

    Parameters
    ----------
    squares
        Squared distances after 0, 1, 2, ... steps with the noise cut off; what comes after the radius was passed is
        left out, because the process stops there.
    found
        The confinement.
    drift
        ``2η²(C⁴r*² + S1²) + ηn`` (:func:`drift_of`).
    """
    passed = np.flatnonzero(squares >= found.radius**2)
    path = squares[: int(passed[0]) + 1] if len(passed) else squares
    steps = np.abs(np.diff(path) - drift)
    return Inequality("Lemma 3.4.3: max |z_{t+1} − z_t| ≤ k", float(steps.max(initial=0.0)), found.k)


def drift_of(n: int, C: float, S1: float, eta: float, radius: float) -> float:
    """Return ``2η²(C⁴r*² + S1²) + ηn``, by which the squared distance drifts at most in a step."""
    return 2 * eta * eta * (C**4 * radius * radius + S1 * S1) + eta * n


def _check(numbers: dict[str, float], *, positive: bool) -> None:
    for name, value in numbers.items():
        if not math.isfinite(value) or value < 0 or (positive and value == 0):
            legal = "a positive finite number" if positive else "a finite number that is not negative"
            raise ValueError(f"{name} must be {legal}; got {value!r}")
