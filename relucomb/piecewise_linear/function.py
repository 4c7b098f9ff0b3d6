"""Continuous piecewise-linear functions of one variable, exact over the rationals."""

from __future__ import annotations

import json
import math
import os
from fractions import Fraction
from numbers import Rational, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self, cast

import numpy as np

from relucomb.atomic_write import write_atomically
from relucomb.piecewise_linear import calculus as calculus
from relucomb.piecewise_linear import json as function_files
from relucomb.piecewise_linear import measures
from relucomb.piecewise_linear import values as function_values
from relucomb.piecewise_linear.arithmetic import SAFE, combination, from_fractions, greatest, to_fractions
from relucomb.piecewise_linear.construction import through_points, with_slopes
from relucomb.rationals import are_exact, as_entries, as_fractions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from relucomb.networks import ReLUNetwork
    from relucomb.piecewise_linear.arithmetic import Integers
    from relucomb.piecewise_linear.calculus import PieceArrays
    from relucomb.piecewise_linear.proofs import EqualityProof
    from relucomb.piecewise_linear.size import SmallestNetwork

    Numbers = ArrayLike | Sequence[float | Fraction]

MOST_SHOWN = 8  # breakpoints in repr
Number = float | Fraction


class LinearPiece(NamedTuple):
    """A piece: ``y = slope · x + intercept`` from ``left`` to ``right``, which may be ``-inf`` and ``inf``."""

    left: Number
    right: Number
    slope: Fraction
    intercept: Fraction


class Preimage(NamedTuple):
    """Where a function takes a value: isolated points, and closed intervals, which may be unbounded."""

    points: tuple[Fraction, ...]
    intervals: tuple[tuple[Number, Number], ...]


class PiecewiseLinear:
    """A continuous piecewise-linear function from R to R, exact over the rationals.

    Numbers may be integers, fractions or floats; a float is the rational it is. Functions do not change; every
    operation returns a new one, in minimal form: neighbouring pieces differ.

    Parameters
    ----------
    breakpoints
        Strictly increasing numbers ``(m,)``; there may be none.
    slopes
        ``m + 1`` slopes, from left to right.
    anchor
        A point ``(x, y)`` of the graph.

    Raises
    ------
    ValueError
        The lengths do not fit, the breakpoints do not increase, or a number is not finite.
    TypeError
        An entry is not a real number.

    Examples
    --------
    The hat with top 1 at x = 1, and two of them after one another:

    >>> hat = PiecewiseLinear([0, 1, 2], [0, 1, -1, 0])
    >>> hat(Fraction(1, 3)), hat(5)
    (Fraction(1, 3), Fraction(0, 1))
    >>> teeth = hat.compose(2 * hat)
    >>> teeth.breakpoints
    (Fraction(0, 1), Fraction(1, 2), Fraction(1, 1), Fraction(3, 2), Fraction(2, 1))
    >>> teeth.count_pieces(), teeth.count_pieces((0, 2))
    (6, 4)
    >>> teeth.distance(hat), teeth.arithmetic
    (Fraction(2, 3), 'int64')
    """

    __slots__ = ("_arrays", "_floats")
    __array_ufunc__ = None  # so that numpy's scalars leave `scalar * function` to this class

    _arrays: PieceArrays
    _floats: function_values.FloatArrays | None

    def __init__(self, breakpoints: Numbers, slopes: Numbers, anchor: tuple[Number, Number] = (0, 0)) -> None:
        p, q = _pairs(breakpoints, "breakpoints")
        top, bottom = _pairs(slopes, "slopes")
        if len(top) != len(p) + 1:
            raise ValueError(f"slopes must have one entry more than breakpoints, {len(p) + 1} entries; got {len(top)}")
        point = as_fractions(cast(Any, anchor), "anchor", ndim=1).tolist()
        if len(point) != 2:
            raise ValueError(f"anchor must be a point (x, y); got {len(point)} numbers")
        _check_increasing(p, q, "breakpoints")
        self._arrays = with_slopes((p, q), (top, bottom), (point[0], point[1]))
        self._floats = None

    @classmethod
    def _of(cls, arrays: PieceArrays) -> Self:
        function = cls.__new__(cls)
        function._arrays = arrays
        function._floats = None
        return function

    @classmethod
    def affine(cls, slope: Number, intercept: Number = 0) -> Self:
        """Return ``x -> slope · x + intercept``.

        Examples
        --------
        >>> PiecewiseLinear.affine(2, -1)(Fraction(1, 2))
        Fraction(0, 1)
        """
        return cls._of(calculus.affine(_number(slope, "slope"), _number(intercept, "intercept")))

    @classmethod
    def from_points(cls, x: Numbers, y: Numbers, left_slope: Number = 0, right_slope: Number = 0) -> Self:
        """Return the function that joins points by segments and continues outside with the slopes given.

        Parameters
        ----------
        x
            Strictly increasing numbers ``(m,)``, at least one.
        y
            The values there, ``(m,)``.
        left_slope, right_slope
            Slopes to the left of all points and to the right of them.

        Raises
        ------
        ValueError
            There is no point, the lengths differ, ``x`` does not increase, or a number is not finite.

        Examples
        --------
        >>> PiecewiseLinear.from_points([0, 1, 3], [0, 1, 0]).slopes
        (Fraction(0, 1), Fraction(1, 1), Fraction(-1, 2), Fraction(0, 1))
        """
        p, q = _pairs(x, "x")
        u, v = _pairs(y, "y")
        if len(p) != len(u) or len(p) == 0:
            raise ValueError(f"x has {len(p)} numbers and y has {len(u)}; legal are equally many, at least one")
        _check_increasing(p, q, "x")
        ends = _number(left_slope, "left_slope"), _number(right_slope, "right_slope")
        return cls._of(through_points((p, q), (u, v), *ends))

    @classmethod
    def from_network(cls, network: ReLUNetwork) -> Self:
        """Return the function of a network with one input and one output, of any depth, exactly and in minimal form.

        Raises
        ------
        ValueError
            The network has several inputs or outputs.
        TypeError
            It is no network.

        Examples
        --------
        >>> from relucomb.networks import ReLUNetwork
        >>> hat = ReLUNetwork([[[1], [1], [1]], [[1, -2, 1]]], [[0, -1, -2], [0]])
        >>> PiecewiseLinear.from_network(hat)
        PiecewiseLinear([0, 1, 2], [0, 1, -1, 0], anchor=(0, 0))
        """
        from relucomb.piecewise_linear.networks import function_of

        return cls._of(function_of(network))

    # what it is

    @property
    def breakpoints(self) -> tuple[Fraction, ...]:
        """Where the pieces meet, increasing."""
        return tuple(to_fractions(self._arrays.p, self._arrays.q))

    @property
    def slopes(self) -> tuple[Fraction, ...]:
        """Slopes of the pieces from left to right, one more than there are breakpoints."""
        return tuple(to_fractions(self._arrays.a, self._arrays.d))

    @property
    def intercepts(self) -> tuple[Fraction, ...]:
        """Values at 0 of the lines on which the pieces lie, from left to right."""
        return tuple(to_fractions(self._arrays.b, self._arrays.d))

    @property
    def values(self) -> tuple[Fraction, ...]:
        """Values at the breakpoints."""
        return tuple(to_fractions(*calculus.values_at_breakpoints(self._arrays)))

    @property
    def arithmetic(self) -> str:
        """By which arithmetic the function was computed: ``"int64"`` or ``"rational"``. Both are exact.

        ``"int64"`` says that all integers, numerators and denominators, fitted into 64 bits, which was checked before
        each operation; ``"rational"`` that somewhere on the way they did not, and were Python's integers.
        """
        return "rational" if self._arrays.wide else "int64"

    def minimal(self) -> Self:
        """Return the same function without breakpoints at which the slope stays the same.

        Examples
        --------
        >>> PiecewiseLinear([0, 1], [2, 2, 3]).minimal()
        PiecewiseLinear([1], [2, 3], anchor=(1, 2))
        """
        return self._of(_minimal(self._arrays))

    def pieces(self, interval: tuple[Number, Number] | None = None) -> list[LinearPiece]:
        """List the maximal pieces from left to right, on R or on an interval, to which they are cut.

        Parameters
        ----------
        interval
            ``(low, high)``, ``low < high``; both may be infinite.

        Raises
        ------
        ValueError
            The interval is empty or flat.

        Examples
        --------
        >>> hat = PiecewiseLinear([0, 1, 2], [0, 1, -1, 0])
        >>> for piece in hat.pieces((1, math.inf)):
        ...     print(*piece)
        1 2 -1 2
        2 inf 0 0
        """
        f = _minimal(self._arrays)
        ends = measures.interval_of(interval)
        first, last = measures.pieces_within(f, ends)
        inner: list[Number] = list(to_fractions(f.p[first:last], f.q[first:last]))
        low, high = ends
        marks = [-math.inf if low is None else low, *inner, math.inf if high is None else high]
        here = slice(first, last + 1)
        slopes, intercepts = to_fractions(f.a[here], f.d[here]), to_fractions(f.b[here], f.d[here])
        return list(map(LinearPiece, marks[:-1], marks[1:], slopes, intercepts))

    def count_pieces(self, interval: tuple[Number, Number] | None = None) -> int:
        """Count the maximal pieces, on R or in the interior of an interval, without listing them.

        Parameters and errors are those of :meth:`pieces`, whose length this is.
        """
        first, last = measures.pieces_within(_minimal(self._arrays), measures.interval_of(interval))
        return last - first + 1

    @property
    def lipschitz(self) -> Fraction:
        """The least Lipschitz constant: the greatest absolute slope."""
        f = self._arrays
        return measures.extremes(abs(f.a), f.d)[1]

    def __eq__(self, other: object) -> bool:
        """Equal as functions: fake breakpoints make no difference."""
        if not isinstance(other, PiecewiseLinear):
            return NotImplemented
        mine, theirs = _minimal(self._arrays), _minimal(other._arrays)
        return all(map(np.array_equal, mine[:5], theirs[:5]))

    def __hash__(self) -> int:
        return hash(tuple(entry for part in _minimal(self._arrays)[:5] for entry in part.tolist()))

    def __repr__(self) -> str:
        if len(self._arrays.p) > MOST_SHOWN:
            return f"<PiecewiseLinear, {len(self._arrays.a)} pieces, {self.arithmetic}>"
        breakpoints, slopes = (", ".join(map(_shown, numbers)) for numbers in (self.breakpoints, self.slopes))
        x = self.breakpoints[0] if self.breakpoints else Fraction(0)
        y = self.values[0] if self.breakpoints else self.intercepts[0]
        return f"PiecewiseLinear([{breakpoints}], [{slopes}], anchor=({_shown(x)}, {_shown(y)}))"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), tuple(self._arrays))

    # its values

    def __call__(self, x: Any) -> Any:
        """Evaluate: exactly at integers and fractions, in floats at floats.

        Parameters
        ----------
        x
            A number, or numbers in an array of any shape. If one is a fraction or none is a float, the values are
            exact.

        Returns
        -------
        Fraction, float or numpy.ndarray
            A number for a number; for an array one of the same shape, of floats or of fractions.

        Raises
        ------
        ValueError
            A number is not finite.
        TypeError
            An entry is not a real number.

        Examples
        --------
        >>> hat = PiecewiseLinear([0, 1, 2], [0, 1, -1, 0])
        >>> hat(Fraction(4, 3)), hat(0.25), hat(np.array([0.5, 1.5, 9.0]))
        (Fraction(2, 3), 0.25, array([0.5, 0.5, 0. ]))
        >>> hat([1, Fraction(1, 2)])
        array([Fraction(1, 1), Fraction(1, 2)], dtype=object)
        """
        entries = as_entries(x, "x")
        if are_exact([entries]):
            values: NDArray[Any] = self.evaluate_exact(entries)
        else:
            if self._floats is None:
                self._floats = function_values.float_arrays(self._arrays)
            values = function_values.in_floats(self._arrays, self._floats, entries)
        return values.item() if isinstance(x, Real) else values

    def evaluate_exact(self, x: Numbers) -> NDArray[np.object_]:
        """Evaluate in exact arithmetic, floats being the rationals they are.

        Returns
        -------
        numpy.ndarray
            Object array of fractions, of the shape of ``x``.

        Raises
        ------
        ValueError
            A number is not finite.
        TypeError
            An entry is not a real number.

        Examples
        --------
        >>> PiecewiseLinear([0], [0, 3]).evaluate_exact([0.25])
        array([Fraction(3, 4)], dtype=object)
        """
        points = as_fractions(cast(Any, x), "x")
        values = calculus.values_anywhere(self._arrays, *from_fractions(points.ravel().tolist()))
        return np.array(to_fractions(*values), dtype=object).reshape(points.shape)

    def preimage(self, y: Number) -> Preimage:
        """Return where the function takes the value ``y``.

        Returns
        -------
        Preimage
            ``points``, isolated and increasing, and ``intervals`` ``(low, high)`` on which it is ``y`` throughout.

        Examples
        --------
        >>> hat = PiecewiseLinear([0, 1, 2], [0, 1, -1, 0])
        >>> hat.preimage(Fraction(1, 2)).points
        (Fraction(1, 2), Fraction(3, 2))
        >>> hat.preimage(0)
        Preimage(points=(), intervals=((-inf, Fraction(0, 1)), (Fraction(2, 1), inf)))
        """
        f = _minimal(self._arrays)
        p, q, flat = measures.preimage(f, _number(y, "y"))
        at = [k for j in flat for k in (j - 1, j)]
        ends: list[Number] = [
            Fraction(int(f.p[k]), int(f.q[k])) if 0 <= k < len(f.p) else math.copysign(math.inf, k) for k in at
        ]
        return Preimage(tuple(to_fractions(p, q)), tuple(zip(ends[::2], ends[1::2], strict=True)))

    def zeros(self) -> Preimage:
        """Return where the function is zero: ``preimage(0)``."""
        return self.preimage(0)

    # functions from functions

    def compose(self, inner: PiecewiseLinear) -> Self:
        """Return ``x -> self(inner(x))``.

        Raises
        ------
        TypeError
            ``inner`` is no piecewise-linear function.

        Examples
        --------
        >>> hat = PiecewiseLinear([0, 1, 2], [0, 1, -1, 0])
        >>> hat.compose(PiecewiseLinear.affine(-1, 2)) == hat
        True
        """
        if not isinstance(inner, PiecewiseLinear):
            raise TypeError(f"inner must be a PiecewiseLinear; got {type(inner).__name__}")
        return self._of(calculus.compose(self._arrays, inner._arrays))

    def iterate(self, times: int) -> Self:
        """Return the composition of ``times`` copies of the function.

        Raises
        ------
        ValueError
            ``times`` is negative.
        TypeError
            It is no integer.

        Examples
        --------
        >>> PiecewiseLinear([0, Fraction(1, 2)], [0, 2, -2]).iterate(10).count_pieces((0, 1))
        1024
        """
        if isinstance(times, bool) or not isinstance(times, (int, np.integer)):
            raise TypeError(f"times must be an integer; got {times!r}")
        if times < 0:
            raise ValueError(f"times must be at least 0; got {times}")
        result = self.affine(1)
        for _ in range(int(times)):
            result = self.compose(result)
        return result

    def __add__(self, other: PiecewiseLinear | Number) -> Self:
        """Add a function or a number."""
        if not isinstance(other, (PiecewiseLinear, Real)):
            return NotImplemented
        return self._combined(Fraction(1), other, Fraction(1))

    def __radd__(self, other: Number) -> Self:
        return self + other

    def __sub__(self, other: PiecewiseLinear | Number) -> Self:
        """Subtract a function or a number."""
        if not isinstance(other, (PiecewiseLinear, Real)):
            return NotImplemented
        return self._combined(Fraction(1), other, Fraction(-1))

    def __rsub__(self, other: Number) -> Self:
        if not isinstance(other, Real):
            return NotImplemented
        return self._combined(Fraction(-1), other, Fraction(1))

    def _combined(self, mine: Fraction, other: PiecewiseLinear | Number, theirs: Fraction) -> Self:
        return self._of(calculus.linear_combination(self._arrays, mine, _arrays_of(other, "other"), theirs))

    def __mul__(self, factor: Number) -> Self:
        """Multiply the values by a number."""
        if not isinstance(factor, Real):
            return NotImplemented
        return self._of(calculus.multiple(self._arrays, _number(factor, "factor")))

    def __rmul__(self, factor: Number) -> Self:
        return self * factor

    def __truediv__(self, divisor: Number) -> Self:
        if not isinstance(divisor, Real):
            return NotImplemented
        return self * (1 / _number(divisor, "divisor"))

    def __neg__(self) -> Self:
        return self * -1

    def __abs__(self) -> Self:
        return self._of(calculus.compose(calculus.absolute(), self._arrays))

    def maximum(self, other: PiecewiseLinear | Number) -> Self:
        """Return the pointwise maximum with a function or a number.

        Raises
        ------
        TypeError
            ``other`` is neither.

        Examples
        --------
        >>> PiecewiseLinear.affine(1).maximum(0) == PiecewiseLinear([0], [0, 1])
        True
        """
        return self._extreme(other, low=False)

    def minimum(self, other: PiecewiseLinear | Number) -> Self:
        """Return the pointwise minimum with a function or a number; errors as for :meth:`maximum`."""
        return self._extreme(other, low=True)

    def _extreme(self, other: PiecewiseLinear | Number, low: bool) -> Self:
        theirs, one = _arrays_of(other, "other"), Fraction(1)
        excess = calculus.linear_combination(self._arrays, one, theirs, -one)
        part = calculus.compose(calculus.hinge(low), excess)
        return self._of(calculus.linear_combination(theirs, one, part, one))

    # how far apart

    def distance(
        self,
        other: PiecewiseLinear | Number,
        norm: float = 1,
        interval: tuple[Number, Number] | None = None,
    ) -> Number:
        """Return the distance to a function or a number in the L1, L2 or supremum norm.

        Parameters
        ----------
        other
            A function, or a number for a constant one.
        norm
            1, 2 or ``math.inf``.
        interval
            ``(low, high)``, ``low < high``; both may be infinite, and None is all of R.

        Returns
        -------
        Fraction or float
            The exact distance, or ``inf``; for ``norm=2`` a float, the root of :meth:`squared_distance`.

        Raises
        ------
        ValueError
            The norm is another one, or the interval is empty or flat.

        Examples
        --------
        >>> hat = PiecewiseLinear([0, 1, 2], [0, 1, -1, 0])
        >>> hat.distance(0), hat.distance(0, math.inf), hat.distance(1), hat.distance(1, 1, (0, 2))
        (Fraction(1, 1), Fraction(1, 1), inf, Fraction(1, 1))
        """
        if isinstance(norm, bool) or norm not in (1, 2, math.inf):
            raise ValueError(f"norm is {norm!r}; legal are 1, 2, math.inf")
        if norm == 2:
            square = self.squared_distance(other, interval)
            return function_values.root(square) if isinstance(square, Fraction) else square
        difference, ends = (self - other)._arrays, measures.interval_of(interval)
        if norm == math.inf:
            supremum = measures.supremum(difference, ends)
            return math.inf if supremum is None else supremum
        bounded = measures.support(difference, ends)
        if bounded is None:
            return math.inf
        if bounded[0] == bounded[1]:
            return Fraction(0)
        gap = calculus.compose(calculus.absolute(), difference)
        return measures.integral(measures.segments(gap, *bounded))

    def squared_distance(
        self, other: PiecewiseLinear | Number, interval: tuple[Number, Number] | None = None
    ) -> Number:
        """Return the exact integral of the squared difference, or ``inf``; see :meth:`distance`.

        Examples
        --------
        >>> PiecewiseLinear([0, 1, 2], [0, 1, -1, 0]).squared_distance(0)
        Fraction(2, 3)
        """
        difference = (self - other)._arrays
        bounded = measures.support(difference, measures.interval_of(interval))
        if bounded is None:
            return math.inf
        if bounded[0] == bounded[1]:
            return Fraction(0)
        return measures.integral_of_square(measures.segments(difference, *bounded))

    def integral(self, low: Number, high: Number) -> Fraction:
        """Return the integral from ``low`` to ``high``, with a sign.

        Raises
        ------
        ValueError
            ``low < high`` does not hold, or one is not finite.

        Examples
        --------
        >>> PiecewiseLinear([0], [-1, 1]).integral(-1, 2)
        Fraction(5, 2)
        """
        ends = _number(low, "low"), _number(high, "high")
        if not ends[0] < ends[1]:
            raise ValueError(f"low must be less than high; got {low} and {high}")
        return measures.integral(measures.segments(self._arrays, *ends))

    # networks

    def to_network(self) -> ReLUNetwork:
        """Return the smallest network with one hidden layer (Theorem 2.2.2); see :meth:`smallest_network`.

        Examples
        --------
        >>> net = PiecewiseLinear([0, 1, 2], [0, 1, -1, 0]).to_network()
        >>> net.widths, PiecewiseLinear.from_network(net).breakpoints == (0, 1, 2)
        ((1, 3, 1), True)
        """
        return self.smallest_network().network

    def smallest_network(self) -> SmallestNetwork:
        """Return the smallest network with one hidden layer, and why it is the smallest.

        Returns
        -------
        SmallestNetwork
            ``network``, ``units``, ``lower_bound`` and the ``reason``; see
            :func:`relucomb.piecewise_linear.size.smallest_network`.
        """
        from relucomb.piecewise_linear.size import smallest_network

        return smallest_network(_minimal(self._arrays))

    def prove_equal(self, network: ReLUNetwork) -> EqualityProof:
        """Decide whether a network with one input and one output computes this function, breakpoint by breakpoint.

        Returns
        -------
        EqualityProof
            True or False as a condition; with the points compared, the values there, and a point where the two
            differ if they do; see :func:`relucomb.piecewise_linear.proofs.prove_equal`.

        Raises
        ------
        ValueError
            The network has several inputs or outputs.

        Examples
        --------
        >>> hat = PiecewiseLinear([0, 1, 2], [0, 1, -1, 0])
        >>> proof = hat.prove_equal(hat.to_network())
        >>> proof.equal, len(proof.points)
        (True, 5)
        """
        from relucomb.piecewise_linear.proofs import prove_equal

        return prove_equal(_minimal(self._arrays), network)

    # files

    def to_json(self) -> dict[str, Any]:
        """Return the function as an object that ``json.dumps`` takes; numbers are written ``"p/q"``."""
        anchor = (self.breakpoints[0], self.values[0]) if len(self._arrays.p) else (Fraction(0), self.intercepts[0])
        return function_files.encode(self.breakpoints, self.slopes, anchor)

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """Make the function of such an object.

        Raises
        ------
        ValueError
            The object is not one of a piecewise-linear function; the message says where.

        Examples
        --------
        >>> hat = PiecewiseLinear([0, 1, 2], [0, 1, -1, 0])
        >>> PiecewiseLinear.from_json(hat.to_json()) == hat
        True
        """
        return cls(*function_files.decode(document))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the function to a JSON file, completely or not at all.

        Raises
        ------
        OSError
            The file cannot be written.
        """
        write_atomically(path, json.dumps(self.to_json()) + "\n")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a function from a JSON file.

        Raises
        ------
        OSError
            The file cannot be read.
        ValueError
            It does not hold a piecewise-linear function; the message names the file and the place.
        """
        try:
            return cls.from_json(json.loads(Path(path).read_bytes()))
        except (ValueError, TypeError, RecursionError) as error:
            raise ValueError(f"{os.fspath(path)} does not hold a piecewise-linear function: {error}") from error


def _restored(kind: type[PiecewiseLinear], parts: tuple[Any, ...]) -> PiecewiseLinear:
    return kind._of(calculus.PieceArrays(*parts))


def _minimal(arrays: PieceArrays) -> PieceArrays:
    return calculus.minimal(*arrays[:5])._replace(wide=arrays.wide)


def _number(value: Any, name: str) -> Fraction:
    return Fraction(as_fractions(value, name, ndim=0).item())


def _arrays_of(other: Any, name: str) -> PieceArrays:
    if isinstance(other, PiecewiseLinear):
        return other._arrays
    if not isinstance(other, Real):
        raise TypeError(f"{name} must be a PiecewiseLinear or a number; got {type(other).__name__}")
    return calculus.affine(Fraction(0), _number(other, name))


def _pairs(values: Numbers, name: str) -> tuple[Integers, Integers]:
    """Read numbers as numerators and denominators."""
    array = as_entries(cast(Any, values), name)
    if array.ndim == 1 and array.dtype.kind == "i" and greatest(array) < SAFE:
        return array.astype(np.int64), np.ones(len(array), dtype=np.int64)
    return from_fractions(as_fractions(array, name, ndim=1).tolist())


def _check_increasing(p: Integers, q: Integers, name: str) -> None:
    steps = combination((p[1:], q[:-1]), (p[:-1], -q[1:]))
    if (steps <= 0).any():
        k = int(np.flatnonzero(steps <= 0)[0])
        pair = [Fraction(int(p[j]), int(q[j])) for j in (k, k + 1)]
        raise ValueError(f"{name} must be strictly increasing; entry {k} is {pair[0]} and entry {k + 1} is {pair[1]}")


def _shown(number: Rational) -> str:
    return str(number.numerator) if number.denominator == 1 else f"Fraction({number.numerator}, {number.denominator})"
