"""Noisy gradient descent strays no farther than a random walk: a bound in the place of Theorem 3.4.1.

Notes
-----
Let ``e_t = w_t − w*`` for labels of a gate, and ``η_t ≤ 2/Λ`` with ``(1/S) Σ x_i x_iᵀ ⪯ Λ I``. The step of the gradient
alone does not lengthen ``e``: ``⟨e, g⟩ ≥ Q`` (Lemma 3.4.2) and ``‖g‖² ≤ ΛQ``, so that ``u = e − ηg`` has ``‖u‖ ≤ ‖e‖``.
Let the noise ``m = −ηξ1 + √η ξ2`` of a step, given the past, satisfy ``E exp⟨θ, m⟩ ≤ exp(v‖θ‖²/2)``. With a standard
normal ``z``, ``exp(s‖x‖²) = E exp(√(2s) ⟨z, x⟩)``, hence for ``2sv < 1``

    E exp(s‖u + m‖²) ≤ E_z exp(√(2s) ⟨z, u⟩ + sv‖z‖²) = (1 − 2sv)^(−n/2) exp(s‖u‖² / (1 − 2sv)).

So ``exp(s_t‖e_t‖²) (s_t/s_0)^(n/2)`` is a supermartingale if ``1/s_t = 1/s_0 + 2(v_1 + ... + v_t)``. When
``‖e_t‖ ≥ r`` for the first time, it is at least what it would be with the last, least ``s_t``. By Ville's inequality,
with ``V = Σ v_t`` and ``p = 1 − 2V s_T``,

    P(‖e_t‖ ≥ r for some t ≤ T) ≤ p^(−n/2) exp(−(1 − p)(r² − ‖e_0‖²/p) / (2V))    for every 0 < p < 1.

This is the Chernoff bound for the end of a random walk of variance ``V`` in every direction: neither the number of
steps nor a length where noise is cut off enters, noise need not be symmetric, and step sizes may vary.
"""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from relucomb.erm import check_whole
from relucomb.training.confinement import Confinement
from relucomb.training.hypotheses import at_most
from relucomb.training.noises import BallNoise, GaussianNoise, NoNoise, SignNoise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb.training.noises import Noise


def random_walk_bound(radius: float, *, n: int, squared_distance: float, variance: float) -> float:
    """Bound the probability that noisy gradient descent is ever as far from ``w*`` as a radius.

    Parameters
    ----------
    radius
        ``r``.
    n
        Dimension of the weights.
    squared_distance
        ``‖w_0 − w*‖²``.
    variance
        ``V``, the sum over all steps of the variance proxies of their noise (:func:`total_variance`).

    Returns
    -------
    float
        1 if nothing is known; never less than the formula for the numbers as they are: rounding is upwards.

    Raises
    ------
    ValueError, TypeError
        A number is negative or not finite, or ``n`` no dimension.

    Examples
    --------
    The walk of ±0.99 from 100 that refutes the printed theorem: 45 % of all runs pass 102.742.

    >>> round(random_walk_bound(102.742, n=1, squared_distance=1e4, variance=16 * 0.99**2), 4)
    0.7974
    """
    _check(n, radius=radius, squared_distance=squared_distance, variance=variance)
    # the three squares are exact, for their difference may be far less than the rounding of each
    square, start, spread = Fraction(radius) ** 2, Fraction(squared_distance), n * Fraction(variance)
    if square <= start + spread:
        return 1.0
    if variance == 0:
        return 0.0
    # with d² = a r² and nV = b r², the best p solves p² − bp − a = 0, and q = 1 − p
    a, b, c = (float(part / square) for part in (start, spread, square - start - spread))
    root = math.hypot(b, 2 * math.sqrt(a))
    p, q = (b + root) / 2, 2 * c / (2 - b + root)
    log = math.log(max(p, sys.float_info.min)) if p < 0.5 else math.log1p(-q)
    quotient = q * q / max(b, sys.float_info.min)
    rounding = 16 * sys.float_info.epsilon * (quotient + q - log)
    exponent = -0.5 * n * (quotient + q + log - rounding)
    return min(math.nextafter(math.exp(min(exponent, 0.0)), 1.0), 1.0)


def random_walk_radius(delta: float, *, n: int, squared_distance: float, variance: float) -> float:
    """Return the least radius that is left with a probability of at most ``delta``.

    Examples
    --------
    >>> round(random_walk_radius(0.05, n=1, squared_distance=1e4, variance=16 * 0.99**2), 3)
    109.768
    """
    if not 0 < delta < 1:
        raise ValueError(f"delta must be between 0 and 1; got {delta!r}")
    _check(n, squared_distance=squared_distance, variance=variance)
    low = math.hypot(math.sqrt(squared_distance), math.sqrt(n) * math.sqrt(variance))
    if variance == 0:
        return math.nextafter(low, math.inf)
    more = max(math.sqrt(variance), math.ulp(low))
    while random_walk_bound(low + more, n=n, squared_distance=squared_distance, variance=variance) > delta:
        more *= 2
    high = low + more
    for _ in range(200):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        inside = random_walk_bound(middle, n=n, squared_distance=squared_distance, variance=variance) <= delta
        low, high = (low, middle) if inside else (middle, high)
    return high


def random_walk_confinement(
    delta: float,
    *,
    n: int,
    squared_distance: float,
    variance: float,
    steps: NDArray[np.float64],
    spectral_norm: float,
) -> Confinement:
    """Return the least radius for given odds, with the condition on the step sizes.

    Parameters
    ----------
    delta, n, squared_distance, variance
        As for :func:`random_walk_radius`.
    steps
        The step sizes ``η_t``.
    spectral_norm
        ``Λ``.
    """
    radius = random_walk_radius(delta, n=n, squared_distance=squared_distance, variance=variance)
    return random_walk_at(
        radius, n=n, squared_distance=squared_distance, variance=variance, steps=steps, spectral_norm=spectral_norm
    )


def random_walk_at(
    radius: float,
    *,
    n: int,
    squared_distance: float,
    variance: float,
    steps: NDArray[np.float64],
    spectral_norm: float,
) -> Confinement:
    """Return the confinement within a radius: :func:`random_walk_bound` with the condition on the step sizes."""
    bound = random_walk_bound(radius, n=n, squared_distance=squared_distance, variance=variance)
    longest = float(steps.max(initial=0.0))
    condition = at_most("η_t ≤ 2/Λ", longest * spectral_norm, 2.0, "a smaller step")
    rise = radius * radius - squared_distance - n * variance
    return Confinement("random-walk", radius, math.sqrt(variance), rise, 0.0, bound, bound, len(steps), (condition,))


def total_variance(etas: NDArray[np.float64], noise_1: Noise, noise_2: Noise) -> float:
    """Return ``V = Σ η_t² v_1 + η_t v_2`` for the noises of all steps, which are all independent.

    Examples
    --------
    >>> total_variance(np.full(16, 1.0), NoNoise(1), SignNoise(1, 0.5))
    4.0
    """
    first, second = variance_proxy(noise_1), variance_proxy(noise_2)
    total = float(np.sum(etas * (etas * first + second)))
    return max(total, sys.float_info.min) if len(etas) and first + second > 0 else total


def variance_proxy(noise: Noise) -> float:
    """Return a ``v`` with ``E exp⟨θ, ξ⟩ ≤ exp(v‖θ‖²/2)``; ``inf`` if none is known.

    Normal coordinates have their greatest variance, signs their square, a sphere ``R²/n`` (term by term in the
    exponential series), a ball ``R²/(n + 2)`` (the projection of a sphere in two dimensions more). Any other centred
    noise that is bounded has the square of its bound (Hoeffding's lemma).

    Examples
    --------
    >>> variance_proxy(BallNoise(2, 1.0)), variance_proxy(BallNoise(2, 1.0, surface=True))
    (0.25, 0.5)
    """
    if isinstance(noise, NoNoise):
        return 0.0
    size, share = noise.bound, 1
    if isinstance(noise, GaussianNoise):
        size = float(np.max(noise.deviations))
    elif isinstance(noise, SignNoise):
        size = noise.size
    elif isinstance(noise, BallNoise):
        share = noise.n if noise.surface else noise.n + 2
    # noise that is too small to be squared is still noise
    return 0.0 if size == 0 else max(size * size / share, sys.float_info.min)


def _check(n: int, **numbers: float) -> None:
    check_whole("n", n, 1, None)
    for name, value in numbers.items():
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name} must be a finite number that is not negative; got {value!r}")
