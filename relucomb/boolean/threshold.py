"""Threshold functions: integer weights prove that a function is one, equal sums of points that it is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from relucomb.boolean.function import BooleanFunction, points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


MOST_FOR_PAIRS = 8


@dataclass(frozen=True, slots=True)
class ThresholdTest:
    """Whether a function is a threshold function (a linear threshold function, LTF), with the proof.

    The result is true in a condition if the function is one.

    Attributes
    ----------
    function
        The function in question.
    weights, threshold
        Integers with ``f(x) = +1`` where ``weights·x ≥ threshold`` and −1 elsewhere, ``x`` in signs; or None. No point
        lies on the hyperplane.
    combination
        If there are none: positive integers by index of a point, so that true and false points have the same weighted
        sum and the same total; or None.
    """

    function: BooleanFunction
    weights: tuple[int, ...] | None
    threshold: int | None
    combination: dict[int, int] | None

    def __bool__(self) -> bool:
        return self.weights is not None

    def verify(self) -> bool:
        """Check the proof at every point, in integers."""
        cube = points(self.function.n).astype(object)
        signs = self.function.signs.astype(object)
        if self.weights is not None and self.threshold is not None:
            heights = cube @ np.array(self.weights, dtype=object) - self.threshold
            return all((height >= 0) == (sign > 0) and height != 0 for height, sign in zip(heights, signs, strict=True))
        if not self.combination or any(factor <= 0 for factor in self.combination.values()):
            return False
        index = np.array(list(self.combination))
        signed = signs[index] * np.array(list(self.combination.values()), dtype=object)
        return not any([signed.sum(), *(signed @ cube[index])])


def test_threshold(f: BooleanFunction) -> ThresholdTest:
    """Decide whether a function is a threshold function.

    Returns
    -------
    ThresholdTest
        Already checked; see there for the proof that it carries.

    Notes
    -----
    Two true points and two false ones with the same sum are a proof against, and for up to 8 variables there always are
    such if the function is no threshold function. The Chow parameters are often weights. What is left goes to a linear
    programme whose answer is checked in integers.

    Examples
    --------
    >>> found = test_threshold(BooleanFunction([0, 0, 0, 1]))
    >>> bool(found), found.weights, found.threshold
    (True, (1, 1), 1)
    >>> test_threshold(BooleanFunction([0, 1, 1, 0])).combination
    {0: 1, 1: 1, 2: 1, 3: 1}
    >>> found.verify()
    True
    """
    from relucomb_solvers.rational_lp import decide

    for quick_way in (_by_pairs, _by_chow_parameters):
        found = quick_way(f)
        if found is not None:
            return found
    signs = f.signs.astype(int)
    rows = np.column_stack([points(f.n), np.full(1 << f.n, -1)]).astype(int) * signs[:, None]
    certificate = decide([tuple(row) for row in rows.tolist()])
    if certificate.solution is not None:
        *weights, threshold = certificate.solution
        return ThresholdTest(f, tuple(weights), threshold, None)
    return ThresholdTest(f, None, None, certificate.combination)


test_threshold.__test__ = False  # type: ignore[attr-defined]  # a function of the library, not a test


def _by_pairs(f: BooleanFunction) -> ThresholdTest | None:
    """Look for two true and two false points with the same sum."""
    if f.n > MOST_FOR_PAIRS:
        return None
    codes = _codes(f.n)
    true, false = np.flatnonzero(f.table), np.flatnonzero(~f.table)
    sums_of_true, sums_of_false = (np.add.outer(codes[side], codes[side]).ravel() for side in (true, false))
    reached = np.zeros(3**f.n, dtype=np.bool_)
    reached[sums_of_true] = True
    common = np.flatnonzero(reached[sums_of_false])
    if len(common) == 0:
        return None
    at_false = int(common[0])
    at_true = int(np.flatnonzero(sums_of_true == sums_of_false[at_false])[0])
    combination: dict[int, int] = {}
    for side, place in ((true, at_true), (false, at_false)):
        for k in divmod(place, len(side)):
            combination[int(side[k])] = combination.get(int(side[k]), 0) + 1
    return ThresholdTest(f, None, None, dict(sorted(combination.items())))


@cache
def _codes(n: int) -> NDArray[np.int64]:
    """Return a number for each point, so that equal sums of two numbers are equal sums of two points."""
    return points(n, "bits").astype(np.int64) @ 3 ** np.arange(n, dtype=np.int64)


def _by_chow_parameters(f: BooleanFunction) -> ThresholdTest | None:
    """Try the Chow parameters as weights."""
    weights = f.chow_parameters[1:]
    divisor = math.gcd(*weights) or 1
    weights = tuple(weight // divisor for weight in weights)
    heights = points(f.n).astype(np.int64) @ np.array(weights, dtype=np.int64)
    true, false = heights[f.table], heights[~f.table]
    low = int(true.min()) if len(true) else int(heights.max()) + 1
    if len(false) and int(false.max()) >= low:
        return None
    # halfway between the two sides, so that no point lies on the hyperplane: twice the weights, if need be
    high = int(false.max()) if len(false) else low - 2
    if low - high < 2:
        weights, low, high = tuple(2 * weight for weight in weights), 2 * low, 2 * high
    return ThresholdTest(f, weights, (low + high) // 2, None)


def threshold_functions(n: int) -> Iterator[BooleanFunction]:
    """Iterate over all threshold functions of ``n`` variables: 4, 14, 104, 1882, 94572 for n = 1, ..., 5.

    They are the strict dichotomies of the cube by affine hyperplanes.

    Examples
    --------
    >>> sum(1 for _ in threshold_functions(3))
    104
    """
    from relucomb.dichotomies import dichotomies

    return (BooleanFunction(active) for active in dichotomies(points(n)))
