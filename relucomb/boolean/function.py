"""Boolean functions by their truth tables: evaluated, transformed, restricted, composed; every number exact.

The conventions hold for the whole package. Variables are counted from 0. The point with index ``k`` has bit ``i`` of
``k`` for variable ``i``; bit 1 is the value +1 of the variable and bit 0 is −1, so ``x_i = 2 b_i − 1``. A value of the
function is *true*, 1 in bits and +1 in signs, or *false*, 0 and −1.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from relucomb.rationals import as_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import ArrayLike, NDArray

    from relucomb.boolean.circuits import Circuit
    from relucomb.boolean.npn import Canonical
    from relucomb.boolean.threshold import ThresholdTest

Convention = Literal["signs", "bits"]

MOST_VARIABLES = 26
"""A table of more variables would take more than 64 MiB, and its transform four times that."""


class BooleanFunction:
    """A function from ``{−1, 1}^n`` (or ``{0, 1}^n``) to two values, by its truth table.

    Functions do not change; every operation returns a new one.

    Parameters
    ----------
    table
        ``2^n`` values in the order of the index, either all bits (or booleans) or all signs.

    Raises
    ------
    ValueError
        The length is no power of two, there are more than 26 variables, or an entry is neither bit nor sign (bits and
        signs must not be mixed: 0 beside −1 is an error).

    Examples
    --------
    >>> conjunction = BooleanFunction([0, 0, 0, 1])
    >>> conjunction
    <BooleanFunction of 2 variables, true at 1 of 4 points>
    >>> conjunction([[1, 1], [-1, 1]]).tolist(), conjunction([[1, 1], [0, 1]]).tolist()
    ([True, False], [True, False])
    >>> conjunction.fourier_coefficient([0, 1])
    Fraction(1, 2)
    """

    __slots__ = ("__dict__", "_packed", "n")

    n: int

    def __init__(self, table: ArrayLike) -> None:
        values = _truth_values(as_entries(table, "table"))
        self.n = _variables(len(values))
        self._packed = np.packbits(values, bitorder="little")
        self._packed.flags.writeable = False

    @classmethod
    def from_callable(cls, f: Callable[[NDArray[np.int8]], Any], n: int, convention: Convention = "signs") -> Self:
        """Tabulate a function of one point.

        Parameters
        ----------
        f
            Gets an array of ``n`` signs, or of bits if so said, and returns a bit, a boolean or a sign.
        n
            Number of variables.
        convention
            What ``f`` gets.

        Examples
        --------
        >>> BooleanFunction.from_callable(lambda x: x.sum() > 0, 3).table.tolist()
        [False, False, False, True, False, True, True, True]
        """
        if convention not in ("signs", "bits"):
            raise ValueError(f"convention must be 'signs' or 'bits'; got {convention!r}")
        return cls([f(point) for point in points(check_variables(n), convention)])

    @classmethod
    def from_string(cls, table: str) -> Self:
        """Read a truth table of the digits 0 and 1, the value at index 0 first.

        Examples
        --------
        >>> BooleanFunction.from_string("0110") == BooleanFunction([-1, 1, 1, -1])
        True
        """
        if not set(table) <= {"0", "1"}:
            raise ValueError(f"table must consist of the digits 0 and 1; got {table!r}")
        return cls([digit == "1" for digit in table])

    @classmethod
    def from_name(cls, name: str, n: int, **parameters: Any) -> BooleanFunction:
        """Return a named function; see :func:`relucomb.boolean.named.named_function`.

        Examples
        --------
        >>> BooleanFunction.from_name("threshold", 4, k=3).ones
        5
        """
        from relucomb.boolean.named import named_function

        return named_function(name, n, **parameters)

    @classmethod
    def from_circuit(cls, circuit: Circuit) -> Self:
        """Return the function that a circuit computes, from its outputs at all points.

        Raises
        ------
        ValueError
            At some point the output is neither +1 nor −1.

        Examples
        --------
        >>> from relucomb.boolean import Circuit
        >>> BooleanFunction.from_circuit(Circuit([([[1, 1]], [-1], "LTF")])).table.tolist()
        [False, False, False, True]
        """
        return cls(circuit.truth_table().table)

    @classmethod
    def from_integer(cls, number: int, n: int) -> Self:
        """Return the function whose value at index ``k`` is bit ``k`` of a number.

        Examples
        --------
        >>> BooleanFunction.from_integer(0b1000, 2) == BooleanFunction([0, 0, 0, 1])
        True
        """
        size = 1 << check_variables(n)
        if not 0 <= number < 1 << size:
            raise ValueError(f"number must be at least 0 and less than 2**{size} for {n} variables; got {number}")
        raw = np.frombuffer(number.to_bytes(-(-size // 8), "little"), dtype=np.uint8)
        return cls(np.unpackbits(raw, count=size, bitorder="little"))

    # its values

    @property
    def table(self) -> NDArray[np.bool_]:
        """The ``2^n`` values as booleans, in the order of the index."""
        return np.unpackbits(self._packed, count=1 << self.n, bitorder="little").view(np.bool_)

    @property
    def signs(self) -> NDArray[np.int8]:
        """The ``2^n`` values as signs: ``int8``, +1 for true and −1 for false."""
        return 2 * self.table.view(np.int8) - np.int8(1)

    @cached_property
    def ones(self) -> int:
        """At how many points the function is true."""
        return int(np.bitwise_count(self._packed).sum())

    def to_integer(self) -> int:
        """Return the number whose bit ``k`` is the value at index ``k``."""
        return int.from_bytes(self._packed.tobytes(), "little")

    def __call__(self, X: ArrayLike) -> NDArray[np.bool_] | bool:
        """Evaluate at points, ``(N, n)``, or at one, ``(n,)``: bits or signs.

        Raises
        ------
        ValueError
            The shape is wrong, or an entry is neither bit nor sign.
        """
        entries = as_entries(X, "X")
        if entries.ndim not in (1, 2) or entries.shape[-1] != self.n:
            raise ValueError(f"X must have shape (N, {self.n}) or ({self.n},); got {entries.shape}")
        bits = _truth_values(entries.reshape(-1), "X").reshape(entries.shape)
        index = bits.astype(np.int64) @ (1 << np.arange(self.n, dtype=np.int64))
        found = self._packed[index >> 3] >> (index & 7).astype(np.uint8) & 1
        return found.astype(np.bool_) if entries.ndim == 2 else bool(found)

    # its spectrum

    def walsh_spectrum(self) -> NDArray[np.int64]:
        """Return ``W[S] = Σ_x f(x) Π_{i in S} x_i`` in signs: ``2^n`` times the Fourier coefficients, exact.

        The set ``S`` is the index whose bits are its members.
        """
        from relucomb_solvers.walsh_hadamard import walsh_hadamard

        return walsh_hadamard(self.signs.astype(np.int32)).astype(np.int64)

    def fourier_coefficient(self, variables: Iterable[int]) -> Fraction:
        """Return the Fourier coefficient of a set of variables: the mean of ``f(x) Π x_i``, in signs.

        Examples
        --------
        >>> majority = BooleanFunction.from_callable(lambda x: x.sum() > 0, 3)
        >>> majority.fourier_coefficient([0]), majority.fourier_coefficient([0, 1, 2])
        (Fraction(1, 2), Fraction(-1, 2))
        """
        index = sum(1 << self._variable(i) for i in set(variables))
        return Fraction(int(self._spectrum[index]), 1 << self.n)

    @cached_property
    def _spectrum(self) -> NDArray[np.int64]:
        return self.walsh_spectrum()

    @cached_property
    def real_degree(self) -> int:
        """Degree of the polynomial over the reals that is the function: the size of the largest set in the spectrum."""
        return _largest_set(self._spectrum)

    @cached_property
    def algebraic_degree(self) -> int:
        """Degree of the polynomial over the field of two elements; 0 for constants.

        Examples
        --------
        >>> parity = BooleanFunction([0, 1, 1, 0])
        >>> parity.real_degree, parity.algebraic_degree
        (2, 1)
        """
        from relucomb_solvers.walsh_hadamard import moebius

        coefficients = self.table.view(np.uint8).copy()
        moebius(coefficients)
        return _largest_set(coefficients)

    @cached_property
    def chow_parameters(self) -> tuple[int, ...]:
        """``Σ_x f(x)`` and then ``Σ_x f(x) x_i`` for each variable, in signs; they determine a threshold function."""
        return tuple(int(self._spectrum[index]) for index in [0, *(1 << i for i in range(self.n))])

    def influence(self, variable: int) -> Fraction:
        """Return the share of points at which the value changes with the variable.

        Examples
        --------
        >>> BooleanFunction([0, 0, 0, 1]).influence(0)
        Fraction(1, 2)
        """
        i = self._variable(variable)
        pairs = self.table.reshape(-1, 2, 1 << i)
        return Fraction(int((pairs[:, 0] != pairs[:, 1]).sum()) * 2, 1 << self.n)

    @property
    def influences(self) -> tuple[Fraction, ...]:
        """The influence of each variable."""
        return tuple(self.influence(i) for i in range(self.n))

    @property
    def total_influence(self) -> Fraction:
        """The sum of the influences: the mean number of neighbours with another value."""
        return sum(self.influences, Fraction(0))

    def correlation(self, other: BooleanFunction) -> Fraction:
        """Return the mean of the product with another function, in signs.

        Examples
        --------
        >>> BooleanFunction([0, 1, 1, 1]).correlation(BooleanFunction([0, 0, 0, 1]))
        Fraction(0, 1)
        """
        different = (self ^ other).ones
        return Fraction((1 << self.n) - 2 * different, 1 << self.n)

    def is_threshold(self) -> ThresholdTest:
        """Decide whether the function is a threshold function; true in a condition if it is, and with the proof.

        Examples
        --------
        >>> found = BooleanFunction.from_name("majority", 3).is_threshold()
        >>> bool(found), found.weights, found.threshold
        (True, (1, 1, 1), 0)
        """
        from relucomb.boolean.extremal_points import test_by_extremal_points
        from relucomb.boolean.threshold import MOST_FOR_PAIRS, test_threshold

        return test_threshold(self) if self.n <= MOST_FOR_PAIRS else test_by_extremal_points(self)

    def npn_canonical(self) -> Canonical:
        """Return the canonical form up to symmetry, and the symmetry; see :func:`relucomb.boolean.npn.npn_canonical`.

        Examples
        --------
        >>> BooleanFunction([1, 1, 1, 0]).npn_canonical().function.table.tolist()
        [True, False, False, False]
        """
        from relucomb.boolean.npn import npn_canonical

        return npn_canonical(self)

    # functions from functions

    def restrict(self, values: Mapping[int, int]) -> BooleanFunction:
        """Fix variables; those that are left keep their order.

        Parameters
        ----------
        values
            Bits or signs by variable.

        Examples
        --------
        >>> BooleanFunction([0, 1, 1, 0]).restrict({1: 1}).table.tolist()
        [True, False]
        """
        bits = dict(
            zip(
                (self._variable(i) for i in values),
                _truth_values(as_entries(list(values.values()), "values"), "values").tolist() if values else [],
                strict=True,
            )
        )
        cube = self.table.reshape((2,) * self.n)  # the last axis is variable 0
        chosen = tuple(int(bits[i]) if i in bits else slice(None) for i in reversed(range(self.n)))
        return BooleanFunction(np.asarray(cube[chosen]).reshape(-1))

    def compose(self, inner: BooleanFunction) -> BooleanFunction:
        """Return the block composition ``f(g(x_1), ..., g(x_n))`` on disjoint blocks of variables, one after another.

        Raises
        ------
        ValueError
            The composition has more than 26 variables.

        Examples
        --------
        >>> parity = BooleanFunction([0, 1, 1, 0])
        >>> parity.compose(parity).n, parity.compose(parity).ones
        (4, 8)
        """
        block = inner.n
        n = check_variables(self.n * block, "the number of variables of the composition")
        index = np.arange(1 << n, dtype=np.int64)
        outer = np.zeros(1 << n, dtype=np.int64)
        values = inner.table
        for i in range(self.n):
            outer |= values[index >> (i * block) & ((1 << block) - 1)].astype(np.int64) << i
        return BooleanFunction(self.table[outer])

    def permute(self, order: Iterable[int]) -> BooleanFunction:
        """Return the function ``x -> f(x[order[0]], x[order[1]], ...)``.

        Examples
        --------
        >>> first = BooleanFunction([0, 1, 0, 1])
        >>> first.permute([1, 0]).table.tolist()
        [False, False, True, True]
        """
        axes = [self._variable(i) for i in order]
        if sorted(axes) != list(range(self.n)):
            raise ValueError(f"order must have each variable from 0 to {self.n - 1} once; got {axes}")
        index = np.arange(1 << self.n, dtype=np.int64)
        moved = np.zeros(1 << self.n, dtype=np.int64)
        for place, i in enumerate(axes):
            moved |= (index >> i & 1) << place
        return BooleanFunction(self.table[moved])

    def negate_inputs(self, variables: Iterable[int]) -> BooleanFunction:
        """Return the function with some variables turned round: ``x_i`` replaced by ``−x_i``."""
        mask = sum(1 << self._variable(i) for i in set(variables))
        return BooleanFunction(self.table[np.arange(1 << self.n, dtype=np.int64) ^ mask])

    def __invert__(self) -> BooleanFunction:
        return BooleanFunction(~self.table)

    def __and__(self, other: BooleanFunction) -> BooleanFunction:
        return BooleanFunction(self.table & self._alike(other).table)

    def __or__(self, other: BooleanFunction) -> BooleanFunction:
        return BooleanFunction(self.table | self._alike(other).table)

    def __xor__(self, other: BooleanFunction) -> BooleanFunction:
        return BooleanFunction(self.table ^ self._alike(other).table)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BooleanFunction):
            return NotImplemented
        return self.n == other.n and bool((self._packed == other._packed).all())

    def __hash__(self) -> int:
        return hash((self.n, self._packed.tobytes()))

    def __repr__(self) -> str:
        plural = "" if self.n == 1 else "s"
        return f"<BooleanFunction of {self.n} variable{plural}, true at {self.ones} of {1 << self.n} points>"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.table,)

    def _variable(self, variable: int) -> int:
        if not 0 <= variable < self.n:
            raise ValueError(f"a variable must be from 0 to {self.n - 1}; got {variable}")
        return int(variable)

    def _alike(self, other: object) -> BooleanFunction:
        if not isinstance(other, BooleanFunction):
            raise TypeError(f"the other function must be a BooleanFunction; got {type(other).__name__}")
        if other.n != self.n:
            raise ValueError(f"both functions must have the same number of variables; got {self.n} and {other.n}")
        return other


def points(n: int, convention: Convention = "signs") -> NDArray[np.int8]:
    """Return all points of the cube in the order of the index, ``(2^n, n)``.

    Examples
    --------
    >>> points(2).tolist()
    [[-1, -1], [1, -1], [-1, 1], [1, 1]]
    """
    bits = (np.arange(1 << n, dtype=np.int64)[:, None] >> np.arange(n) & 1).astype(np.int8)
    return bits if convention == "bits" else 2 * bits - np.int8(1)


def check_variables(n: int, name: str = "n") -> int:
    """Return a number of variables that a table can have.

    Raises
    ------
    ValueError
        It is negative, no whole number, or more than 26; the message says what memory the table would take.
    """
    if isinstance(n, bool) or n != int(n) or n < 0:
        raise ValueError(f"{name} must be a whole number from 0 to {MOST_VARIABLES}; got {n!r}")
    if n > MOST_VARIABLES:
        size = f"2**{int(n) - 33} GiB" if n >= 33 else f"{2 ** (int(n) - 23)} MiB"
        raise ValueError(f"{name} must be at most {MOST_VARIABLES}; {n} variables would take a table of {size}")
    return int(n)


def _truth_values(entries: NDArray[Any], name: str = "table") -> NDArray[np.bool_]:
    """Read bits or signs, told apart by whether there is a −1."""
    if entries.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional; got shape {entries.shape}")
    true, zero, minus = entries == 1, entries == 0, entries == -1
    legal = true | zero | minus
    if not np.all(legal):
        k = int(np.flatnonzero(~np.asarray(legal, dtype=bool))[0])
        raise ValueError(f"{name}: entry {k} (counted from 0) is {entries[k]!r}; legal are bits 0, 1 or signs -1, 1")
    if np.any(zero) and np.any(minus):
        raise ValueError(f"{name} mixes bits and signs: it has both 0 and -1")
    return np.asarray(true, dtype=np.bool_)


def _variables(length: int) -> int:
    if length == 0 or length & (length - 1):
        raise ValueError(f"table must have a power of two of entries, 2**n for n variables; got {length}")
    return check_variables(length.bit_length() - 1)


def _largest_set(coefficients: NDArray[Any]) -> int:
    present = np.flatnonzero(coefficients).astype(np.uint64)
    return int(np.bitwise_count(present).max(initial=0))
