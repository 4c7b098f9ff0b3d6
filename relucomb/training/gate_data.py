"""Data of one gate: points from a law, labels from a gate, noise of a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relucomb.erm import check_whole
from relucomb.training.activations import Activation, resolve_activation
from relucomb.training.noises import label_noise
from relucomb.training.recording import read_vector

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from relucomb.training.distributions import Distribution

    Floats = NDArray[np.float64]


def gate_data(
    law: Distribution,
    w_star: ArrayLike,
    count: int,
    *,
    activation: str | Activation = "relu",
    noise: str = "none",
    theta: float = 0.0,
    unit_ball: bool = False,
    seed: int = 0,
) -> tuple[Floats, Floats]:
    """Draw points and label them by a gate, with noise.

    Parameters
    ----------
    law
        Law of the points, whose moments are known.
    w_star
        The gate, ``(n,)``.
    count
        Number of points.
    activation, noise, theta
        The activation, and kind and size of the noise (:func:`~relucomb.training.noises.label_noise`).
    unit_ball
        Divide the points by the greatest norm among them, as GLM-Tron's theorems need it.
    seed
        Seed of numpy's default generator.

    Returns
    -------
    X, y
        Arrays ``(count, n)`` and ``(count,)``.

    Examples
    --------
    >>> from relucomb.training.distributions import StudentT
    >>> X, y = gate_data(StudentT(2, 3.0), [1, -1], 50, noise="adversarial", theta=0.1, unit_ball=True)
    >>> X.shape, round(float(np.linalg.norm(X, axis=1).max()), 9)
    ((50, 2), 1.0)
    """
    check_whole("count", count, 1, None)
    random = np.random.default_rng(seed)
    target, chosen = read_vector(w_star, "w_star", law.n), resolve_activation(activation)
    X = law.sample(random, count)
    if unit_ball:
        X = X / max(float(np.linalg.norm(X, axis=1).max()), np.finfo(float).tiny)
    return X, chosen(X @ target) + label_noise(noise, X, target, theta, random)
