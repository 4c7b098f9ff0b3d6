"""The exact mean squared distance of Algorithm 2 after every step, without drawing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relucomb.erm import check_whole
from relucomb.training.distributions import Discrete, Gaussian, StudentT, UniformBall
from relucomb.training.recording import check_positive, read_vector

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from relucomb.training.distributions import Distribution

    Floats = NDArray[np.float64]


def expected_squares(
    law: Distribution, w_star: ArrayLike, *, step: float, steps: int, w_1: ArrayLike | None = None
) -> Floats:
    """Return ``E‖w_t − w*‖²`` after ``0, ..., steps`` updates of Algorithm 2 with ``η|α| = step``.

    The second moments ``A_t = E e_t e_tᵀ`` of the error obey ``A' = A − h(ΣA + AΣ) + h² E[1{w*·x>0} (xᵀAx) x xᵀ]``, and
    the last term is a finite sum, or known for normal and spherical laws.

    Parameters
    ----------
    law
        A finite, normal, Student or spherical law.
    w_star, w_1
        The gate and the start (0 if not given).
    step, steps
        ``η|α|``, and the number of updates.

    Returns
    -------
    ndarray of float, shape (steps + 1,)

    Raises
    ------
    ValueError, TypeError
        No formula is known for the law (or its fourth moment is infinite), or an argument is not legal.

    Examples
    --------
    Gaussian points: the sharpened contraction is exact.

    >>> expected_squares(Gaussian.standard(3), [1, -2, 0.5], step=0.2, steps=2)
    array([5.25  , 4.725 , 4.2525])
    """
    check_whole("steps", steps, 0, 10**7)
    h = check_positive("step", step)
    target, start = read_vector(w_star, "w_star", law.n), read_vector(w_1, "w_1", law.n)
    moments = law.truncated_moments(target)
    quartic = _quartic(law, target)
    if moments is None or quartic is None or not np.isfinite(moments.fourth):
        raise ValueError(
            f"law is {type(law).__name__}; legal are finite, normal and spherical laws with fourth moments"
        )
    A = np.outer(start - target, start - target)
    squares = [float(np.trace(A))]
    with np.errstate(over="ignore", invalid="ignore"):  # of a step that is too long
        for _ in range(steps):
            drift = moments.covariance @ A
            A = A - h * (drift + drift.T) + h * h * quartic(A)
            squares.append(float(np.trace(A)))
    return np.array(squares)


def _quartic(law: Distribution, w_star: Floats) -> Callable[[Floats], Floats] | None:
    """Return the map ``A ↦ E[1{w*·x>0} (xᵀAx) x xᵀ]``."""
    if isinstance(law, Discrete):
        seen = law.points @ w_star > 0
        points = law.points[seen]
        shares = np.asarray(law.probabilities)[seen]
        return lambda A: (points * (shares * np.einsum("ij,ij->i", points @ A, points))[:, None]).T @ points
    if not w_star.any():
        return np.zeros_like
    if isinstance(law, Gaussian):
        C = law.covariance
        share = 0.5 if (C @ w_star).any() else 0.0
        return lambda A: share * (float(np.sum(C * A)) * C + 2 * C @ A @ C)
    if isinstance(law, UniformBall | StudentT):
        n = law.n
        # E‖x‖⁴ of the law, spread evenly over directions: E u_i u_j u_k u_l = (δδ + δδ + δδ)/(n(n + 2))
        moments = law.truncated_moments(w_star)
        factor = moments.fourth / (n * (n + 2))
        return lambda A: factor * (float(np.trace(A)) * np.eye(n) + 2 * A)
    return None
