"""Seeded synthetic data on which solvers are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def teacher(
    points: int, n: int, width: int, noise: float, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Labels of a random network with one hidden layer, scaled to unit variance, plus Gaussian noise.

    Parameters
    ----------
    points, n
        Number of Gaussian points and their dimension.
    width
        Hidden units of the teacher, with alternating output signs.
    noise
        Standard deviation of the noise.
    seed
        Seed of numpy's default generator.

    Returns
    -------
    X, y
        Arrays ``(points, n)`` and ``(points,)``.

    Examples
    --------
    >>> X, y = teacher(30, 2, 2, 0.3, seed=0)
    >>> X.shape, y.shape
    ((30, 2), (30,))
    """
    random = np.random.default_rng(seed)
    X = random.normal(size=(points, n))
    weights, biases = random.normal(size=(width, n)), 0.5 * random.normal(size=width)
    signs = np.where(np.arange(width) % 2 == 0, 1.0, -1.0)
    signal = np.maximum(X @ weights.T + biases, 0.0) @ signs
    return X, signal / max(float(signal.std()), 1e-12) + noise * random.normal(size=points)


def noise(points: int, n: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gaussian points with labels that have nothing to do with them: the hard case for every pruning.

    Examples
    --------
    >>> X, y = noise(20, 3, seed=0)
    >>> X.shape, y.shape
    ((20, 3), (20,))
    """
    random = np.random.default_rng(seed)
    return random.normal(size=(points, n)), random.normal(size=points)
