"""The threshold test for many variables: what a function does at its minimal true and maximal false points decides.

A function that rises in a variable at one point and falls in it at another is no threshold function, and the four
points prove it. All others are monotone once some variables are negated. Weights for a monotone function may be assumed
positive for the variables that matter; then the minimal true points and the maximal false ones imply all others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relucomb.boolean.properties import Direction, directions
from relucomb.boolean.threshold import ThresholdTest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb.boolean.function import BooleanFunction


def test_by_extremal_points(f: BooleanFunction) -> ThresholdTest:
    """Decide whether a function is a threshold function, by its extremal points.

    Returns
    -------
    ThresholdTest
        As :func:`relucomb.boolean.threshold.test_threshold`, with perhaps another proof.

    Examples
    --------
    >>> from relucomb.boolean import BooleanFunction
    >>> found = test_by_extremal_points(BooleanFunction.from_name("odd_max_bit", 20))
    >>> found.weights[:4], bool(found)
    ((1, -1, 3, -5), True)
    >>> test_by_extremal_points(BooleanFunction.from_name("inner_product", 20)).combination
    {1024: 1, 1025: 1, 3074: 1, 3075: 1}
    """
    from relucomb_solvers.rational_lp import decide

    kinds = directions(f)
    if Direction.mixed in kinds:
        return ThresholdTest(f, None, None, _four_points(f, kinds.index(Direction.mixed)))
    system = _extremal_points(f, kinds)
    if not system.variables:
        return ThresholdTest(f, (0,) * f.n, -1 if f.table[0] else 1, None)
    shares = [int(f.influence(i) * (1 << f.n)) for i in system.variables]  # the Chow parameters, but for the sign
    factors = [share // math.gcd(*shares) for share in shares]
    low, high = (side @ np.array(factors) for side in (system.true, system.false))
    if low.min() > high.max():
        return _with_weights(f, kinds, system, [2 * factor for factor in factors], int(low.min() + high.max()))
    rows = [(*x, -1) for x in system.true.tolist()] + [(*(-b for b in x), 1) for x in system.false.tolist()]
    positive = np.identity(len(system.variables) + 1, dtype=np.int64)[:-1]
    certificate = decide([*rows, *(tuple(row) for row in positive.tolist())])
    if certificate.solution is not None:
        *weights, threshold = certificate.solution
        return _with_weights(f, kinds, system, weights, threshold)
    assert certificate.combination is not None
    return ThresholdTest(f, None, None, _of_points(f, system, certificate.combination))


test_by_extremal_points.__test__ = False  # type: ignore[attr-defined]  # a function of the library, not a test


@dataclass(frozen=True)
class _System:
    """Minimal true and maximal false points of a function that was made monotone.

    Attributes
    ----------
    variables
        Those that matter.
    turned
        The set of negated variables, as an index.
    true, false
        The points in signs, in the variables that matter.
    true_index, false_index
        Their indices in the monotone function; variables that do not matter are 0.
    """

    variables: list[int]
    turned: int
    true: NDArray[np.int64]
    false: NDArray[np.int64]
    true_index: NDArray[np.int64]
    false_index: NDArray[np.int64]


def _four_points(f: BooleanFunction, variable: int) -> dict[int, int]:
    """Return two true and two false points with the same sum, from an edge that rises and one that falls."""
    pairs = f.table.reshape(-1, 2, 1 << variable)
    found: list[int] = []
    for edges in (pairs[:, 0] < pairs[:, 1], pairs[:, 0] > pairs[:, 1]):
        high, low = divmod(int(edges.argmax()), 1 << variable)
        first = high << (variable + 1) | low
        found += [first, first | 1 << variable]
    return dict.fromkeys(sorted(found), 1)


def _extremal_points(f: BooleanFunction, kinds: tuple[Direction, ...]) -> _System:
    turned = sum(1 << i for i, kind in enumerate(kinds) if kind is Direction.falling)
    variables = [i for i, kind in enumerate(kinds) if kind is not Direction.idle]
    table = f.negate_inputs(i for i in range(f.n) if turned >> i & 1).table
    minimal, maximal = table.copy(), ~table
    for i in range(f.n):
        values, least, greatest = (each.reshape(-1, 2, 1 << i) for each in (table, minimal, maximal))
        if kinds[i] is Direction.idle:
            least[:, 1] = greatest[:, 1] = False
        else:
            least[:, 1] &= ~values[:, 0]
            greatest[:, 0] &= values[:, 1]
    true_index, false_index = np.flatnonzero(minimal), np.flatnonzero(maximal)
    shifts = np.array(variables, dtype=np.int64)
    true, false = (2 * (index[:, None] >> shifts & 1) - 1 for index in (true_index, false_index))
    return _System(variables, turned, true, false, true_index, false_index)


def _with_weights(
    f: BooleanFunction, kinds: tuple[Direction, ...], system: _System, factors: list[int], threshold: int
) -> ThresholdTest:
    weights = [0] * f.n
    for i, factor in zip(system.variables, factors, strict=True):
        weights[i] = -factor if kinds[i] is Direction.falling else factor
    divisor = math.gcd(*weights, threshold)
    return ThresholdTest(f, tuple(weight // divisor for weight in weights), threshold // divisor, None)


def _of_points(f: BooleanFunction, system: _System, by_row: dict[int, int]) -> dict[int, int]:
    """Write a combination of rows as one of points: ``2 e_i`` is the difference of the ends of an edge."""
    index = np.concatenate([system.true_index, system.false_index]).tolist()
    table = f.table
    combination: dict[int, int] = {}
    for row, factor in by_row.items():
        if row < len(index):
            ends = [(index[row] ^ system.turned, 2 * factor)]
        else:
            variable = system.variables[row - len(index)]
            pairs = table.reshape(-1, 2, 1 << variable)
            high, low = divmod(int((pairs[:, 0] != pairs[:, 1]).argmax()), 1 << variable)
            first = high << (variable + 1) | low
            ends = [(first, factor), (first | 1 << variable, factor)]
        for point, share in ends:
            combination[point] = combination.get(point, 0) + share
    divisor = math.gcd(*combination.values())
    return {point: factor // divisor for point, factor in sorted(combination.items())}
