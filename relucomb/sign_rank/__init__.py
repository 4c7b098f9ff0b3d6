"""Sign-rank: the least rank of a real matrix with given signs, as an interval with a proof at both ends.

The public function is :func:`relucomb.sign_rank`; its result is a :class:`SignRank`. Each idea has a file: the
reduction to rows and columns that matter, the exact decision of ranks 1 and 2, counting of patterns, Forster's bound
and its weighted form, oriented matroids; and for the upper bound orders of the columns and descent, rounded to
integers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from relucomb.sign_rank.entries import as_sign_matrix
from relucomb.sign_rank.result import SignRank, SignRankStatus, SignRankTermination, SignRankVerification
from relucomb.sign_rank.search import Search

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["SignRank", "SignRankStatus", "SignRankTermination", "SignRankVerification", "sign_rank"]


def sign_rank(A: ArrayLike, time_limit: float | None = None, *, seed: int = 0) -> SignRank:
    """Enclose the sign-rank of a matrix, the least rank of a real matrix with the same signs and no zeros.

    Parameters
    ----------
    A
        Sign matrix ``(m, n)``: entries -1 and 1, or bools (True is 1, False is -1).
    time_limit
        Seconds to go on while the interval is open; by default a fixed effort, which takes seconds for some dozen rows
        and columns and gives the same result in every run. Single steps may exceed the limit by some seconds.
    seed
        Of the random starts of the descents.

    Returns
    -------
    SignRank
        The interval, with a proof at both ends: ``result.verify()`` checks both in exact arithmetic. Ctrl-C is no
        exception but ends the search with what is known.

    Raises
    ------
    ValueError
        The matrix is empty, not two-dimensional or has entries other than -1 and 1 (a zero is named with its place), or
        an option is out of range.
    TypeError
        An entry or an option is not a number.

    Notes
    -----
    Whether the sign-rank is at most 1 or 2 is always decided. From 3 on the question is as hard as the existential
    theory of the reals, and the interval may stay open.

    Examples
    --------
    The signed identity has sign-rank 3 from four rows on:

    >>> result = sign_rank([[-1, 1, 1, 1], [1, -1, 1, 1], [1, 1, -1, 1], [1, 1, 1, -1]])
    >>> result.lower, result.upper
    (3, 3)
    >>> bool(result.verify())
    True
    """
    signs = as_sign_matrix(A)
    _check_options(time_limit, seed)
    search = Search(signs, time_limit, seed)
    try:
        termination = search.run()
    except KeyboardInterrupt:
        termination = SignRankTermination.interrupted
    return search.result(termination)


def _check_options(time_limit: float | None, seed: int) -> None:
    if time_limit is not None:
        if isinstance(time_limit, bool) or not isinstance(time_limit, (int, float, np.number)):
            raise TypeError(f"time_limit must be a number of seconds or None; got {time_limit!r}")
        if not math.isfinite(time_limit) or time_limit < 0:
            raise ValueError(f"time_limit must be finite and not negative; got {time_limit}")
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
        raise TypeError(f"seed must be an integer; got {seed!r}")
    if seed < 0:
        raise ValueError(f"seed must not be negative; got {seed}")
