"""Piecewise-linear functions on ``R^n`` as sums of maxima, and as networks of the depth of Theorem 2.2.1."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

Affine = tuple[Fraction, ...]  # (a_1, ..., a_n, b) is the function a.x + b

MOST_GROUPS = 16
"""Largest number of minima whose maximum is written as a sum of maxima: the sum has two to this power terms."""


class SumOfMaxima:
    """The function ``Σ_j c_j max_{i ∈ S_j} ℓ_i`` of (2.1), with affine ``ℓ_i`` on ``R^n``.

    Every continuous piecewise-linear function has this form, with at most n + 1 functions in each maximum (Theorem
    2.2.1, after Wang and Sun): :meth:`reduced` brings longer ones to that length. Equal maxima are added up when the
    sum is made, and terms that cancel are dropped.

    Parameters
    ----------
    terms
        Triples ``(c, A, b)``, a number, a matrix ``(r, n)`` and a vector ``(r,)``: the term ``c · max(A x + b)``.
    inputs
        The dimension n; needed if there is no term.

    Raises
    ------
    ValueError
        The shapes do not fit together, a maximum is empty, or an entry is not finite.
    TypeError
        An entry is not a real number.

    Examples
    --------
    >>> f = SumOfMaxima([(1, [[0, 0], [1, 0], [0, 1]], [0, 0, 0])])
    >>> f
    <SumOfMaxima on R^2: 1 maximum of at most 3>
    >>> f.network()
    <ReLUNetwork 2-3-1-1, exact>
    >>> f.evaluate_exact([[-1, -2], [3, 5]])
    array([Fraction(0, 1), Fraction(5, 1)], dtype=object)

    References
    ----------
    S. Wang, X. Sun, "Generalization of hinging hyperplanes", IEEE Transactions on Information Theory 51, 2005.
    """

    __slots__ = ("_coefficients", "_inputs")

    _coefficients: dict[frozenset[Affine], Fraction]
    _inputs: int

    def __init__(self, terms: Iterable[tuple[Any, ArrayLike, ArrayLike]], inputs: int | None = None) -> None:
        sums: dict[frozenset[Affine], Fraction] = defaultdict(Fraction)
        for j, (c, A, b) in enumerate(terms):
            functions = _affine_functions(A, b, f"term {j}")
            n = len(functions[0]) - 1
            if inputs is not None and n != inputs:
                raise ValueError(f"term {j} must have {inputs} columns as the ones before; got {n}")
            inputs = n
            sums[frozenset(functions)] += Fraction(as_fractions(c, f"the coefficient of term {j}", ndim=0).item())
        if inputs is None:
            raise ValueError("inputs must be given if there is no term")
        self._inputs = inputs
        self._coefficients = {functions: c for functions, c in sums.items() if c}

    @classmethod
    def _of(cls, coefficients: dict[frozenset[Affine], Fraction], inputs: int) -> Self:
        made = cls.__new__(cls)
        made._inputs = inputs
        made._coefficients = {functions: c for functions, c in coefficients.items() if c}
        return made

    @classmethod
    def max(cls, A: ArrayLike, b: ArrayLike) -> Self:
        """Return ``max_i (A_i·x + b_i)``.

        Examples
        --------
        >>> SumOfMaxima.max([[1], [-1]], [0, 0]).network()([[-3], [2]])
        array([3., 2.])
        """
        return cls([(1, A, b)])

    @classmethod
    def max_of_minima(cls, groups: Sequence[tuple[ArrayLike, ArrayLike]]) -> Self:
        """Return ``max_g min_i (A^g_i·x + b^g_i)``, the form that every continuous piecewise-linear function has.

        By inclusion and exclusion the maximum is the sum of ``±`` the minima over all unions of groups, and a minimum
        is the negative of a maximum. The number of terms doubles with each group.

        Parameters
        ----------
        groups
            A pair ``(A, b)`` for each minimum, at most 16.

        Examples
        --------
        The smaller of |x| and 1:

        >>> f = SumOfMaxima.max_of_minima([([[1], [0]], [0, 1]), ([[-1], [0]], [0, 1])])
        >>> [str(value) for value in f.evaluate_exact([[-5], [-0.5], [0], [2]])]
        ['1', '1/2', '0', '1']
        """
        if not 1 <= len(groups) <= MOST_GROUPS:
            raise ValueError(
                f"groups must be 1 to {MOST_GROUPS}; got {len(groups)}. "
                "relucomb.maximum builds networks of any number, of greater depth"
            )
        minima = [_affine_functions(A, b, f"group {g}") for g, (A, b) in enumerate(groups)]
        if len({len(functions[0]) for functions in minima}) > 1:
            raise ValueError("groups must have one number of columns")
        sums: dict[frozenset[Affine], Fraction] = defaultdict(Fraction)
        for count in range(1, len(minima) + 1):
            for chosen in combinations(minima, count):
                union = frozenset(tuple(-entry for entry in function) for group in chosen for function in group)
                sums[union] += (-1) ** count
        return cls._of(sums, len(minima[0][0]) - 1)

    @property
    def inputs(self) -> int:
        """The dimension n."""
        return self._inputs

    @property
    def terms(self) -> list[tuple[Fraction, NDArray[np.object_], NDArray[np.object_]]]:
        """The triples ``(c, A, b)``, in a fixed order."""
        rows = [(c, _array(sorted(functions))) for functions, c in self._coefficients.items()]
        rows.sort(key=lambda term: (len(term[1]), term[1].tolist(), term[0]))
        return [(c, array[:, :-1], array[:, -1]) for c, array in rows]

    @property
    def longest(self) -> int:
        """The greatest number of functions in a maximum; 0 if there is no term."""
        return max(map(len, self._coefficients), default=0)

    @property
    def depth_of_theorem(self) -> int:
        """The depth of Theorem 2.2.1, ``⌈log(n + 1)⌉ + 1``: so many affine layers are enough for any function."""
        return self._inputs.bit_length() + 1

    def __repr__(self) -> str:
        count = len(self._coefficients)
        noun = "maximum" if count == 1 else "maxima"
        return f"<SumOfMaxima on R^{self._inputs}: {count} {noun} of at most {self.longest}>"

    def evaluate_exact(self, X: ArrayLike) -> NDArray[np.object_]:
        """Return the exact values at the points ``(N, n)``, from the definition."""
        points = as_fractions(X, "X", ndim=2)
        if points.shape[1] != self._inputs:
            raise ValueError(f"X must have shape (N, {self._inputs}), one row for each point; got {points.shape}")
        values = np.array([Fraction(0)] * len(points), dtype=object)
        for c, A, b in self.terms if len(points) else []:
            values += c * (points @ A.T + b).max(axis=1)
        return values

    def __add__(self, other: SumOfMaxima) -> Self:
        """Return the sum of two functions of as many inputs."""
        if not isinstance(other, SumOfMaxima):
            return NotImplemented
        if other._inputs != self._inputs:
            raise ValueError(f"the second summand must have {self._inputs} inputs; got {other._inputs}")
        sums = defaultdict(Fraction, self._coefficients)
        for functions, c in other._coefficients.items():
            sums[functions] += c
        return self._of(sums, self._inputs)

    def __mul__(self, factor: float | Fraction) -> Self:
        """Multiply by a number."""
        number: Any = factor
        c = as_fractions(number, "factor", ndim=0).item()
        return self._of({functions: c * mine for functions, mine in self._coefficients.items()}, self._inputs)

    def __rmul__(self, factor: float | Fraction) -> Self:
        return self * factor

    def __neg__(self) -> Self:
        return -1 * self

    def __sub__(self, other: SumOfMaxima) -> Self:
        return self + (-other)

    def reduced(self) -> Self:
        """Return the same function with at most n + 1 functions in each maximum.

        Take n + 2 functions of a longer maximum S. Their gradients are affinely dependent, so some convex combination
        of a part U of them differs from one of another part V by a constant, and U may be chosen to be below V. Then
        ``min U ≤ max V`` everywhere, hence ``min_{u ∈ U} max(u, max T) = max T`` for ``T = S - U``, and by inclusion
        and exclusion over the subsets W of U::

            max S = Σ_{W ⊊ U} (-1)^(|U| - |W| + 1) max (W ∪ T)

        All maxima on the right are shorter. The functions are taken in a fixed order, the first ones first, so that a
        maximum of r functions in a fixed dimension leads to no more than about ``r^(n+1)`` maxima.

        Examples
        --------
        Four functions on the line become a sum of maxima of two:

        >>> f = SumOfMaxima.max([[-1], [0], [1], [2]], [0, 0, -1, -3])
        >>> f.reduced()
        <SumOfMaxima on R^1: 5 maxima of at most 2>
        """
        most = self._inputs + 1
        sums = defaultdict(Fraction, self._coefficients)
        for size in range(self.longest, most, -1):
            for functions in [functions for functions in sums if len(functions) == size]:
                c = sums.pop(functions)
                for shorter, sign in _shorter(functions, most + 1) if c else []:
                    sums[shorter] += sign * c
        return self._of(sums, self._inputs)

    def network(self, *, reduce: bool = True) -> ReLUNetwork:
        """Return an exact network.

        Its depth is at most that of Theorem 2.2.1 (:attr:`depth_of_theorem`); ``network.depth`` and ``network.size``
        count what it really has.

        A maximum is ``ℓ_0 + max(0, ℓ_1 - ℓ_0, …)``, the affine parts of all maxima are added up, and the rest is a
        balanced tree of ``max(y, z) = z + max(0, y - z)``: one unit, and those that carry z to the next layer, none
        for a constant, one for a value that is never negative, and two for others.

        Parameters
        ----------
        reduce
            Shorten maxima of more than n + 1 functions first. Otherwise the depth is ``⌈log r⌉ + 1`` for the longest
            maximum, of r functions, which may be more than the theorem says.

        Examples
        --------
        >>> f = SumOfMaxima.max([[-1], [0], [1], [2]], [0, 0, -1, -3])
        >>> f.network(), f.network(reduce=False)
        (<ReLUNetwork 1-5-1, exact>, <ReLUNetwork 1-6-4-1, exact>)
        """
        sums = self.reduced() if reduce else self
        return _tree([(c, sorted(functions)) for functions, c in sums._coefficients.items()], self._inputs)


def _affine_functions(A: ArrayLike, b: ArrayLike, name: str) -> list[Affine]:
    matrix = as_fractions(A, f"A of {name}", ndim=2)
    vector = as_fractions(b, f"b of {name}", ndim=1)
    if 0 in matrix.shape or vector.shape != matrix.shape[:1]:
        raise ValueError(
            f"{name} must have a matrix with a row for each entry of its vector, one at least; "
            f"got shapes {matrix.shape} and {vector.shape}"
        )
    return [(*row, constant) for row, constant in zip(matrix.tolist(), vector.tolist(), strict=True)]


def _shorter(functions: frozenset[Affine], count: int) -> list[tuple[frozenset[Affine], int]]:
    """Return the maxima, with signs, that a maximum of at least n + 2 = count functions is the sum of."""
    first = sorted(functions)[:count]
    weights = _affine_dependence([function[:-1] for function in first])
    constant = sum((c * function[-1] for c, function in zip(weights, first, strict=True)), Fraction(0))
    lower = [function for c, function in zip(weights, first, strict=True) if c > 0]
    upper = [function for c, function in zip(weights, first, strict=True) if c < 0]
    if constant > 0 or (constant == 0 and len(upper) < len(lower)):
        lower = upper
    rest = functions.difference(lower)
    return [
        (rest.union(part), (-1) ** (len(lower) - size + 1))
        for size in range(len(lower))
        for part in combinations(lower, size)
    ]


def _affine_dependence(points: list[Affine]) -> list[Fraction]:
    """Return weights, not all 0, with sum 0 and weighted sum of the points 0; there are n + 2 points in ``R^n``."""
    vectors = [[*point, Fraction(1)] for point in points]
    reduced: list[tuple[int, list[Fraction], list[Fraction]]] = []  # pivot, vector, its weights in the points
    for i, vector in enumerate(vectors):
        row, weights = list(vector), [Fraction(int(i == j)) for j in range(len(points))]
        for pivot, other, others in reduced:
            factor = row[pivot] / other[pivot]
            if factor:
                row = [x - factor * y for x, y in zip(row, other, strict=True)]
                weights = [x - factor * y for x, y in zip(weights, others, strict=True)]
        leading = next((j for j, entry in enumerate(row) if entry), None)
        if leading is None:
            return weights
        reduced.append((leading, row, weights))
    raise AssertionError("n + 2 points in n dimensions are affinely dependent")


class _Value:
    """An affine function of the units of a layer, and whether it is known not to be negative."""

    __slots__ = ("constant", "nonnegative", "row")

    def __init__(self, row: NDArray[np.object_], constant: Fraction, nonnegative: bool) -> None:
        self.row, self.constant, self.nonnegative = row, constant, nonnegative

    def cost(self) -> int:
        """Return the number of units that carry the value to the next layer."""
        return 0 if not self.row.any() else 1 if self.nonnegative else 2

    def minus(self, other: _Value) -> _Value:
        return _Value(self.row - other.row, self.constant - other.constant, False)


class _Layer:
    """A hidden layer under construction: rows over the layer before, one for each unit."""

    def __init__(self) -> None:
        self.rows: list[NDArray[np.object_]] = []
        self.biases: list[Fraction] = []

    def unit(self, value: _Value, sign: int = 1) -> dict[int, int]:
        self.rows.append(sign * value.row)
        self.biases.append(sign * value.constant)
        return {len(self.rows) - 1: 1}

    def carried(self, value: _Value) -> tuple[dict[int, int], Fraction]:
        """Return the units, with signs, and the constant that make the value after this layer."""
        if not value.row.any():
            return {}, value.constant
        units = self.unit(value)
        if not value.nonnegative:
            units |= dict.fromkeys(self.unit(value, -1), -1)
        return units, Fraction(0)


def _tree(terms: list[tuple[Fraction, list[Affine]]], n: int) -> ReLUNetwork:
    """Build the network of a sum of maxima, all maxima layer by layer at once."""
    zeros = _array([[0] * n])[0]
    total = _Value(zeros, Fraction(0), False)  # of all maxima that are finished, and of all affine parts
    open_terms: list[tuple[Fraction, list[_Value]]] = []
    for c, functions in terms:
        base = _array([functions[0]])[0]
        others = [_array([function])[0] - base for function in functions[1:]]
        total = _Value(total.row + c * base[:-1], total.constant + c * base[-1], False)
        zero = _Value(zeros, Fraction(0), True)
        if others:
            open_terms.append((c, [*(_Value(row[:-1], row[-1], False) for row in others), zero]))
    weights, biases = [], []
    while open_terms:
        layer = _Layer()
        next_terms = [(c, [_joined(layer, pair) for pair in _pairs(values)]) for c, values in open_terms]
        sum_so_far = layer.carried(total)
        width = len(layer.rows)
        weights.append(np.array(layer.rows, dtype=object))
        biases.append(np.array(layer.biases, dtype=object))
        total = _value(*sum_so_far, False, width)
        open_terms = []
        for c, made in next_terms:
            values = [_value(*parts, width) for parts in made]
            if len(values) == 1:
                total = _Value(total.row + c * values[0].row, total.constant + c * values[0].constant, False)
            else:
                open_terms.append((c, values))
    weights.append(total.row[None, :])
    biases.append(np.array([total.constant], dtype=object))
    return ReLUNetwork(weights, biases)


def _pairs(values: list[_Value]) -> list[list[_Value]]:
    return [values[i : i + 2] for i in range(0, len(values), 2)]


def _joined(layer: _Layer, pair: list[_Value]) -> tuple[dict[int, int], Fraction, bool]:
    """Add the units of the maximum of a pair, or of carrying on a single one; return units, constant, sign known."""
    *others, base = sorted(pair, key=_Value.cost, reverse=True)
    units, constant = layer.carried(base)
    for other in others:
        units |= layer.unit(other.minus(base))
    return units, constant, any(value.nonnegative for value in pair)


def _value(units: dict[int, int], constant: Fraction, nonnegative: bool, width: int) -> _Value:
    row = _array([[units.get(i, 0) for i in range(width)]])[0]
    return _Value(row, constant, nonnegative)


def _array(rows: Sequence[Sequence[Any]]) -> NDArray[np.object_]:
    return np.array([[Fraction(entry) for entry in row] for row in rows], dtype=object)
