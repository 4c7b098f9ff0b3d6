"""Laws of the points, with the moments that Theorem 3.3.1 needs in closed form where there is one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from relucomb.rationals import as_floats
from relucomb.training.moments import TruncatedMoments, moments_of_points

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@runtime_checkable
class Distribution(Protocol):
    """A law on ``R^n``.

    Attributes
    ----------
    n
        The dimension.
    radius
        The least number that no ``‖x‖`` exceeds; ``inf`` if there is none.
    """

    @property
    def n(self) -> int:
        """The dimension."""

    @property
    def radius(self) -> float:
        """The least number that no ``‖x‖`` exceeds."""

    def sample(self, random: np.random.Generator, count: int) -> Floats:
        """Return independent points as rows."""

    def truncated_moments(self, w_star: Floats) -> TruncatedMoments | None:
        """Return the moments of ``1{w*·x > 0} x``, ``None`` if no closed form is known."""


def _symmetric(covariance: Floats, weighted: Floats, w_star: Floats) -> TruncatedMoments:
    """Return the moments of a law with ``x ~ −x`` from those of all points: half of them.

    Where ``w*`` is orthogonal to everything that occurs, no label is positive and all moments vanish.
    """
    if not w_star.any() or not (covariance @ w_star).any():
        zero = np.zeros_like(covariance)
        return TruncatedMoments(zero, 0.0, zero, 0.0)
    return TruncatedMoments(covariance / 2, float(np.trace(weighted)) / 2, weighted / 2, 0.5)


@dataclass(frozen=True, slots=True)
class Gaussian:
    """The centred normal law with a covariance, which may be singular.

    Examples
    --------
    >>> moments = Gaussian.standard(3).truncated_moments(np.array([1.0, -2.0, 0.5]))
    >>> moments.smallest_eigenvalue, moments.fourth  # 1/2 and n(n + 2)/2
    (0.5, 7.5)
    """

    covariance: Floats

    def __post_init__(self) -> None:
        matrix = as_floats(self.covariance, "covariance", ndim=2)
        if matrix.shape[0] != matrix.shape[1] or len(matrix) == 0 or not np.array_equal(matrix, matrix.T):
            raise ValueError(f"covariance must be a symmetric square matrix; got shape {matrix.shape}")
        if np.linalg.eigvalsh(matrix)[0] < -1e-12 * max(1.0, float(np.abs(matrix).max())):
            raise ValueError("covariance must have no negative eigenvalue; it has one")
        object.__setattr__(self, "covariance", matrix)

    @classmethod
    def standard(cls, n: int) -> Gaussian:
        """Return the standard normal law on ``R^n``."""
        return cls(np.eye(n))

    @property
    def n(self) -> int:
        """The dimension."""
        return len(self.covariance)

    @property
    def radius(self) -> float:
        """Infinite, unless everything is 0."""
        return math.inf if self.covariance.any() else 0.0

    def sample(self, random: np.random.Generator, count: int) -> Floats:
        """Return independent points as rows."""
        standard = random.standard_normal((count, self.n))
        if np.array_equal(self.covariance, np.eye(self.n)):
            return standard
        values, vectors = np.linalg.eigh(self.covariance)
        root: Floats = standard @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
        return root

    def truncated_moments(self, w_star: Floats) -> TruncatedMoments:
        """Return ``Σ = C/2`` and ``M = (tr(C) C + 2C²)/2``, by Isserlis' theorem and symmetry."""
        C = self.covariance
        return _symmetric(C, float(np.trace(C)) * C + 2 * C @ C, w_star)


@dataclass(frozen=True, slots=True)
class StudentT:
    """The spherical law of Student with so many degrees of freedom: tails so heavy that high moments do not exist.

    Examples
    --------
    >>> StudentT(2, 4.0).truncated_moments(np.array([1.0, 0.0])).fourth
    inf
    """

    n: int
    freedom: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.freedom) and self.freedom > 0):
            raise ValueError(f"freedom must be a positive finite number; got {self.freedom!r}")
        _check_dimension(self.n)

    @property
    def radius(self) -> float:
        """Infinite."""
        return math.inf

    def sample(self, random: np.random.Generator, count: int) -> Floats:
        """Return independent points as rows."""
        shrink = np.sqrt(random.chisquare(self.freedom, count) / self.freedom)
        points: Floats = random.standard_normal((count, self.n)) / shrink[:, None]
        return points

    def truncated_moments(self, w_star: Floats) -> TruncatedMoments:
        """Return ``Σ = ν/(2(ν−2)) I`` and ``M = (n+2) ν²/(2(ν−2)(ν−4)) I``; infinite where they do not exist."""
        nu, n = self.freedom, self.n
        if not w_star.any():
            return _symmetric(np.eye(n), np.eye(n), w_star)
        if nu <= 2:
            infinite = np.diag(np.full(n, math.inf))
            return TruncatedMoments(np.zeros((n, n)), math.inf, infinite, 0.5, origin="closed form: no variance")
        second = nu / (nu - 2)
        fourth = (n + 2) * nu * nu / ((nu - 2) * (nu - 4)) if nu > 4 else math.inf
        if math.isinf(fourth):
            covariance = second * np.eye(n) / 2
            return TruncatedMoments(covariance, math.inf, np.diag(np.full(n, math.inf)), 0.5)
        return _symmetric(second * np.eye(n), fourth * np.eye(n), w_star)


@dataclass(frozen=True, slots=True)
class UniformBall:
    """The uniform law on a ball around 0, or on its surface.

    Examples
    --------
    >>> UniformBall(2, surface=True).truncated_moments(np.array([1.0, 0.0])).smallest_eigenvalue
    0.25
    """

    n: int
    radius: float = 1.0
    surface: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.radius) and self.radius > 0):
            raise ValueError(f"radius must be a positive finite number; got {self.radius!r}")
        _check_dimension(self.n)

    def sample(self, random: np.random.Generator, count: int) -> Floats:
        """Return independent points as rows."""
        points = random.standard_normal((count, self.n))
        points *= self.radius / np.linalg.norm(points, axis=1)[:, None]
        if not self.surface:
            points *= random.random((count, 1)) ** (1 / self.n)
        return points

    def truncated_moments(self, w_star: Floats) -> TruncatedMoments:
        """Return half of ``E‖x‖² = R² n/(n+2)`` and ``E‖x‖⁴ = R⁴ n/(n+4)``; on the surface of ``R²`` and ``R⁴``."""
        n, square = self.n, self.radius**2
        second = square if self.surface else square * n / (n + 2)
        fourth = square**2 if self.surface else square**2 * n / (n + 4)
        return _symmetric(second / n * np.eye(n), fourth / n * np.eye(n), w_star)


@dataclass(frozen=True, slots=True)
class UniformBox:
    """The uniform law on a box: a closed form if it is centred at 0, or if the gate is active on all of it.

    Examples
    --------
    >>> cube = UniformBox([0.0, 0.0], [1.0, 1.0])
    >>> round(cube.truncated_moments(np.array([1.0, 2.0])).smallest_eigenvalue, 6)  # 1/12
    0.083333
    >>> cube.truncated_moments(np.array([1.0, -1.0])) is None
    True
    """

    low: Floats
    high: Floats

    def __post_init__(self) -> None:
        low, high = as_floats(self.low, "low", ndim=1), as_floats(self.high, "high", ndim=1)
        if len(low) != len(high) or len(low) == 0 or not (low < high).all():
            raise ValueError(f"low must be below high in every coordinate; got {low.tolist()} and {high.tolist()}")
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    @property
    def n(self) -> int:
        """The dimension."""
        return len(self.low)

    @property
    def radius(self) -> float:
        """The length of the farthest corner."""
        return float(np.linalg.norm(np.maximum(np.abs(self.low), np.abs(self.high))))

    def sample(self, random: np.random.Generator, count: int) -> Floats:
        """Return independent points as rows."""
        points: Floats = random.uniform(self.low, self.high, (count, self.n))
        return points

    def truncated_moments(self, w_star: Floats) -> TruncatedMoments | None:
        """Return the moments of all points, or half of them if the box is centred; otherwise ``None``."""
        covariance, weighted = self._moments()
        if np.array_equal(self.low, -self.high):
            return _symmetric(covariance, weighted, w_star)
        corner = np.where(w_star > 0, self.low, self.high)
        if w_star.any() and float(corner @ w_star) >= 0:
            return TruncatedMoments(covariance, float(np.trace(weighted)), weighted, 1.0)
        if float(np.where(w_star > 0, self.high, self.low) @ w_star) <= 0:
            zero = np.zeros_like(covariance)
            return TruncatedMoments(zero, 0.0, zero, 0.0)
        return None

    def _moments(self) -> tuple[Floats, Floats]:
        """Return ``E x xᵀ`` and ``E ‖x‖² x xᵀ`` of the whole box, from the powers of each coordinate."""
        m1, m2, m3, m4 = (
            (self.high ** (k + 1) - self.low ** (k + 1)) / ((k + 1) * (self.high - self.low)) for k in range(1, 5)
        )
        covariance = np.outer(m1, m1)
        np.fill_diagonal(covariance, m2)
        total = float(m2.sum())
        # E[x_k² x_i x_j]: k apart from both, k = i, k = j
        weighted = np.outer(m1, m1) * (total - m2[:, None] - m2[None, :]) + np.outer(m3, m1) + np.outer(m1, m3)
        np.fill_diagonal(weighted, m2 * (total - m2) + m4)
        return covariance, weighted


@dataclass(frozen=True, slots=True)
class Discrete:
    """A finite distribution: points, each with a probability. All moments are sums.

    Examples
    --------
    >>> Discrete([[1, 0], [0, 1], [-1, -1]]).truncated_moments(np.array([1.0, 1.0])).probability
    0.666666...
    """

    points: Floats
    probabilities: Floats | None = None

    def __post_init__(self) -> None:
        points = as_floats(self.points, "points", ndim=2)
        if points.size == 0:
            raise ValueError(f"points must be at least one, with at least one coordinate; got shape {points.shape}")
        given: ArrayLike = np.full(len(points), 1 / len(points)) if self.probabilities is None else self.probabilities
        shares = as_floats(given, "probabilities", ndim=1)
        if len(shares) != len(points) or (shares < 0).any() or abs(float(shares.sum()) - 1) > 1e-9:
            raise ValueError("probabilities must be one for each point, not negative, and sum to 1")
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "probabilities", shares / shares.sum())

    @property
    def n(self) -> int:
        """The dimension."""
        return int(self.points.shape[1])

    @property
    def radius(self) -> float:
        """The length of the longest point that occurs."""
        assert self.probabilities is not None
        return float(np.linalg.norm(self.points[self.probabilities > 0], axis=1).max())

    def sample(self, random: np.random.Generator, count: int) -> Floats:
        """Return independent points as rows."""
        drawn: Floats = self.points[random.choice(len(self.points), count, p=self.probabilities)]
        return drawn

    def truncated_moments(self, w_star: Floats) -> TruncatedMoments:
        """Return the sums over the points with ``w*·x > 0``."""
        return moments_of_points(self.points, self.points @ w_star > 0, self.probabilities, origin="finite sum")


def _check_dimension(n: int) -> None:
    if n < 1:
        raise ValueError(f"n must be at least 1; got {n}")
