"""Noises of known size: what Algorithm 3 adds to its steps, and what an adversary or nature does to labels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from relucomb.rationals import as_floats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@runtime_checkable
class Noise(Protocol):
    """A law on ``R^n`` with ``ξ ~ −ξ``, so that its mean is 0 and stays 0 when it is cut off at a length."""

    @property
    def bound(self) -> float:
        """The least number that no ``‖ξ‖`` exceeds; ``inf`` if there is none."""

    @property
    def second_moment(self) -> float:
        """``E‖ξ‖²``."""

    def tail(self, length: float) -> float:
        """Return ``P(‖ξ‖ > length)``, or a proven upper bound on it."""

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """Return independent vectors as rows ``(count, n)``; no rows at all for no noise."""


@dataclass(frozen=True, slots=True)
class NoNoise:
    """Always 0."""

    n: int

    def __post_init__(self) -> None:
        _check_dimension(self.n)

    @property
    def bound(self) -> float:
        """0."""
        return 0.0

    @property
    def second_moment(self) -> float:
        """0."""
        return 0.0

    def tail(self, length: float) -> float:
        """Return 0."""
        return 0.0

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """Return no rows."""
        return np.zeros((0, self.n))


@dataclass(frozen=True, slots=True)
class BallNoise:
    """Uniform on a ball around 0, or on its surface.

    Examples
    --------
    >>> BallNoise(2, 1.0).second_moment, BallNoise(2, 1.0).tail(0.5), BallNoise(2, 1.0, surface=True).tail(1.0)
    (0.5, 0.75, 0.0)
    """

    n: int
    radius: float
    surface: bool = False

    def __post_init__(self) -> None:
        _check_dimension(self.n)
        if not (math.isfinite(self.radius) and self.radius > 0):
            raise ValueError(f"radius must be a positive finite number; got {self.radius!r}")

    @property
    def bound(self) -> float:
        """The radius."""
        return self.radius

    @property
    def second_moment(self) -> float:
        """``R² n/(n + 2)``, on the surface ``R²``."""
        return self.radius**2 * (1.0 if self.surface else self.n / (self.n + 2))

    def tail(self, length: float) -> float:
        """Return the share of the ball that is farther away."""
        if length >= self.radius:
            return 0.0
        return 1.0 if self.surface or length < 0 else 1 - (length / self.radius) ** self.n

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """Return independent vectors as rows."""
        vectors = random.standard_normal((count, self.n))
        lengths = np.linalg.norm(vectors, axis=1)
        vectors *= (self.radius / np.where(lengths > 0, lengths, 1.0))[:, None]
        if not self.surface:
            vectors *= random.random((count, 1)) ** (1 / self.n)
        # rounding must not lead beyond the bound
        lengths = np.linalg.norm(vectors, axis=1)
        vectors /= np.maximum(lengths / self.radius, 1.0)[:, None]
        return vectors


@dataclass(frozen=True, slots=True)
class SignNoise:
    """Independent coordinates ``±size``, with equal odds.

    Examples
    --------
    >>> SignNoise(4, 0.5).bound, SignNoise(4, 0.5).second_moment
    (1.0, 1.0)
    """

    n: int
    size: float

    def __post_init__(self) -> None:
        _check_dimension(self.n)
        if not (math.isfinite(self.size) and self.size > 0):
            raise ValueError(f"size must be a positive finite number; got {self.size!r}")

    @property
    def bound(self) -> float:
        """``size √n``, the length of every draw."""
        return self.size * math.sqrt(self.n)

    @property
    def second_moment(self) -> float:
        """``n size²``."""
        return self.n * self.size**2

    def tail(self, length: float) -> float:
        """Return 0 from the bound on, 1 below it."""
        return 0.0 if length >= self.bound else 1.0

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """Return independent vectors as rows."""
        return np.asarray(self.size * (2.0 * random.integers(0, 2, (count, self.n)) - 1.0), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class GaussianNoise:
    """Independent normal coordinates with given standard deviations.

    Examples
    --------
    >>> noise = GaussianNoise([0.1, 0.1])
    >>> round(noise.tail(0.3), 6), round(noise.published_tail(0.3), 6)  # exp(−9/2) and 4 exp(−9/16)
    (0.011109, 2.279131)
    """

    deviations: Floats

    def __post_init__(self) -> None:
        deviations = as_floats(self.deviations, "deviations", ndim=1)
        if len(deviations) == 0 or (deviations < 0).any() or not deviations.any():
            raise ValueError(f"deviations must not be negative, and some positive; got {deviations.tolist()}")
        with np.errstate(all="ignore"):
            total = float(np.sum(deviations**2))
        if not 0 < total < math.inf:
            raise ValueError(f"deviations must have squares that floats can hold; got {deviations.tolist()}")
        object.__setattr__(self, "deviations", deviations)

    @property
    def n(self) -> int:
        """The dimension."""
        return len(self.deviations)

    @property
    def bound(self) -> float:
        """Infinite."""
        return math.inf

    @property
    def second_moment(self) -> float:
        """The sum of the variances."""
        return float(self.deviations @ self.deviations)

    def tail(self, length: float) -> float:
        """Return the tail of a chi-squared law for equal deviations, otherwise the best Chernoff bound.

        ``P(Σ σ_i² z_i² > C²) ≤ exp(−sC²) Π (1 − 2sσ_i²)^{−1/2}`` for every ``0 ≤ s < 1/(2 max σ_i²)``.
        """
        if length <= 0:
            return 1.0
        variances = self.deviations**2
        active = variances[variances > 0]
        if (active == active[0]).all():
            from scipy.stats import chi2

            return float(chi2.sf(length * length / active[0], len(active)))
        rates = np.linspace(0.0, 1.0, 2002)[:-1] / (2 * active.max())
        exponents = -rates * length * length - 0.5 * np.log1p(-2 * rates[:, None] * active).sum(axis=1)
        return float(np.exp(min(exponents.min(), 0.0)))

    def published_tail(self, length: float) -> float:
        """Return the bound that the source takes from Ledoux and Talagrand, ``4 exp(−C²/(8 Σσ_i²))``."""
        return 4 * math.exp(-length * length / (8 * self.second_moment))

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """Return independent vectors as rows."""
        return np.asarray(random.standard_normal((count, self.n)) * self.deviations, dtype=np.float64)


def draw_rows(noise: Noise | None, random: np.random.Generator, count: int, n: int, name: str) -> Floats:
    """Return draws of a noise as rows ``(count, n)``, or no rows for no noise.

    Raises
    ------
    ValueError
        The noise is one of another dimension.
    """
    if noise is None:
        return np.zeros((0, n))
    rows = np.ascontiguousarray(noise.draw(random, count), dtype=np.float64)
    if rows.shape not in ((count, n), (0, n)):
        raise ValueError(f"{name} must draw vectors of {n} entries, as many as there are weights; it drew {rows.shape}")
    return rows


LABEL_NOISES = ("none", "uniform", "signs", "adversarial", "gaussian", "student")
"""How labels may be disturbed."""


def label_noise(
    kind: str, points: ArrayLike, w_star: ArrayLike, size: float, random: np.random.Generator, *, freedom: float = 3.0
) -> Floats:
    """Return disturbances ``ξ_i`` of the labels of a gate.

    Parameters
    ----------
    kind
        ``"none"``; ``"uniform"`` on [−θ, θ]; ``"signs"``, ±θ by chance; ``"adversarial"``, ±θ with the signs that make
        ``‖(1/S) Σ ξ_i x_i‖`` large, as an enemy of GLM-Tron would; ``"gaussian"`` with deviation θ and ``"student"``
        with scale θ, which are not bounded.
    points, w_star
        Arrays ``(S, n)`` and ``(n,)``.
    size
        ``θ``.
    random
        A generator; the adversary does not use it.
    freedom
        Degrees of freedom of ``"student"``; for at most 2 it has no variance.

    Raises
    ------
    ValueError
        There is no such kind, or the size is negative.

    Examples
    --------
    >>> label_noise("adversarial", [[1.0], [0.5], [-1.0]], [2.0], 0.1, np.random.default_rng(0))
    array([-0.1, -0.1,  0.1])
    """
    if kind not in LABEL_NOISES:
        raise ValueError(f"kind is {kind!r}; legal are {', '.join(map(repr, LABEL_NOISES))}")
    if not (math.isfinite(size) and size >= 0):
        raise ValueError(f"size must be a finite number that is not negative; got {size!r}")
    x = as_floats(points, "points", ndim=2)
    S = len(x)
    if kind == "none" or size == 0:
        return np.zeros(S)
    if kind == "uniform":
        return random.uniform(-size, size, S)
    if kind == "signs":
        return np.asarray(size * (2.0 * random.integers(0, 2, S) - 1.0))
    if kind == "gaussian":
        return np.asarray(size * random.standard_normal(S))
    if kind == "student":
        return np.asarray(size * random.standard_t(freedom, S))
    return size * _worst_signs(x, as_floats(w_star, "w_star", ndim=1))


def _check_dimension(n: int) -> None:
    if n < 1:
        raise ValueError(f"n must be at least 1; got {n}")


def _worst_signs(x: Floats, w_star: Floats) -> Floats:
    """Return signs with a long ``Σ s_i x_i`` that points away from ``w*``: ascent from the signs of ``−w*·x_i``.

    Every round turns the signs towards the sum, which never gets shorter.
    """
    direction = -w_star if w_star.any() else np.ones_like(w_star)
    signs: Floats = np.where(x @ direction >= 0, 1.0, -1.0)
    for _ in range(100):
        turned: Floats = np.where(x @ (signs @ x) >= 0, 1.0, -1.0)
        if np.array_equal(turned, signs):
            break
        signs = turned
    return signs
