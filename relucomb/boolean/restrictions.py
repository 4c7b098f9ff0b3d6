"""Restrictions: some variables get values, the others stay free; and the random ones of the lower bounds.

Variables and values are as in :mod:`relucomb.boolean.function`: variables are counted from 0, values may be given as
bits or as signs, and are kept as signs.
Source: A. Mukherjee, *A Study of the Mathematics of Deep Learning*, 2020, section 2.6.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from relucomb.boolean.function import BooleanFunction
from relucomb.boolean.named import andreev_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Restriction:
    """Values for some variables; the others are free and keep their order.

    Parameters
    ----------
    entries
        For each variable its value, or None if it is free. Values are all bits or all signs.

    Raises
    ------
    ValueError
        An entry is neither None nor bit nor sign, or there are both 0 and −1.

    Examples
    --------
    >>> rho = Restriction((1, None, 0))
    >>> str(rho), rho.free, rho.values
    ('1*0', (1,), {0: 1, 2: -1})
    >>> rho == Restriction.from_string("1*0")
    True
    >>> rho(BooleanFunction.from_name("parity", 3)).table.tolist()
    [True, False]
    """

    entries: tuple[int | None, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", _signs(self.entries, "entries"))

    @classmethod
    def from_string(cls, word: str) -> Self:
        """Read a word of the letters 0, 1 and ``*``, the first for variable 0.

        Raises
        ------
        ValueError
            It has another letter.
        """
        if not set(word) <= set("01*"):
            raise ValueError(f"word must consist of 0, 1 and *; got {word!r}")
        return cls(tuple(None if letter == "*" else int(letter) for letter in word))

    @classmethod
    def from_values(cls, n: int, values: Mapping[int, int]) -> Self:
        """Return the restriction of ``n`` variables that gives values to some.

        Raises
        ------
        ValueError
            A key is no variable, or a value is neither bit nor sign.

        Examples
        --------
        >>> str(Restriction.from_values(3, {2: -1}))
        '**0'
        """
        variables = _whole("n", n, 0)
        for i in values:
            if not 0 <= i < variables:
                raise ValueError(f"values: the variables are 0 to {variables - 1}; got {i}")
        return cls(tuple(values.get(i) for i in range(variables)))

    @property
    def n(self) -> int:
        """Number of variables."""
        return len(self.entries)

    @property
    def free(self) -> tuple[int, ...]:
        """The variables without a value."""
        return tuple(i for i, entry in enumerate(self.entries) if entry is None)

    @property
    def values(self) -> dict[int, int]:
        """The values, as signs, by variable."""
        return {i: entry for i, entry in enumerate(self.entries) if entry is not None}

    def __call__(self, f: BooleanFunction) -> BooleanFunction:
        """Return the function that is left of ``f``.

        Raises
        ------
        ValueError
            The function has another number of variables.
        """
        if f.n != self.n:
            raise ValueError(f"f must have {self.n} variables as the restriction has; got {f.n}")
        return f.restrict(self.values)

    def fill(self, Y: ArrayLike) -> NDArray[np.int8]:
        """Return the points of the whole cube, in signs, that belong to points in signs of the free variables.

        Examples
        --------
        >>> Restriction((1, None, -1)).fill([[1], [-1]]).tolist()
        [[1, 1, -1], [1, -1, -1]]
        """
        free = np.asarray(Y, dtype=np.int8)
        if free.ndim != 2 or free.shape[1] != len(self.free):
            raise ValueError(
                f"Y must have shape (N, {len(self.free)}), a column for each free variable; got {free.shape}"
            )
        full = np.empty((len(free), self.n), dtype=np.int8)
        full[:, list(self.free)] = free
        for i, value in self.values.items():
            full[:, i] = value
        return full

    def __str__(self) -> str:
        return "".join("*" if entry is None else "1" if entry > 0 else "0" for entry in self.entries)


@dataclass(frozen=True, slots=True)
class RandomRestriction:
    """Restrictions with equal probabilities: one variable of each part stays free, chosen at random.

    Of the others, those in ``values`` have the value given there, and the rest get values at random.

    Parameters
    ----------
    n
        Number of variables.
    parts
        Disjoint sets of variables, none of them empty.
    values
        Bits or signs by variable, for variables in none of the parts.

    Raises
    ------
    ValueError
        Parts overlap, one is empty, a variable is not from 0 to n − 1, or has a value although it is in a part.

    Examples
    --------
    >>> rho = RandomRestriction.of_partition([[0, 1], [2, 3]])
    >>> rho.count, str(rho.sample(seed=0))
    (16, '1*0*')
    >>> sorted(str(rho) for rho in RandomRestriction.of_partition([[0, 1]]))
    ['*0', '*1', '0*', '1*']
    """

    n: int
    parts: tuple[tuple[int, ...], ...]
    values: Mapping[int, int]

    def __init__(self, n: int, parts: Iterable[Iterable[int]], values: Mapping[int, int] | None = None) -> None:
        variables = _whole("n", n, 1)
        chosen = tuple(tuple(part) for part in parts)
        given = dict(values or {})
        seen: dict[int, str] = {}
        named = [(f"part {k}", part) for k, part in enumerate(chosen)] + [("values", tuple(given))]
        for name, members in named:
            if name != "values" and not members:
                raise ValueError(f"parts: {name} is empty; each part must have a variable to leave free")
            for i in members:
                if isinstance(i, bool) or i != int(i) or not 0 <= i < variables:
                    raise ValueError(f"parts: the variables are 0 to {variables - 1}; got {i!r} in {name}")
                if i in seen:
                    raise ValueError(f"parts: variable {i} is in {seen[i]} and in {name}")
                seen[i] = name
        signs = _signs(tuple(given.values()), "values")
        object.__setattr__(self, "n", variables)
        object.__setattr__(self, "parts", tuple(tuple(int(i) for i in part) for part in chosen))
        object.__setattr__(self, "values", dict(zip((int(i) for i in given), signs, strict=True)))

    @classmethod
    def of_partition(cls, parts: Iterable[Iterable[int]], *, equal: bool = True) -> Self:
        """Return the random restriction of a partition of all variables: the distribution of Lemma 2.6.1.

        Parameters
        ----------
        parts
            Each variable from 0 on in exactly one of them.
        equal
            Whether all parts must have the same size, as in the lemma.

        Raises
        ------
        ValueError
            The sets are no partition, or their sizes differ.
        """
        chosen = [tuple(part) for part in parts]
        sizes = sorted({len(part) for part in chosen})
        if not chosen:
            raise ValueError("parts must have a part at least; got none")
        if equal and len(sizes) > 1:
            raise ValueError(f"parts must have the same size (or equal=False must be given); got sizes {sizes}")
        n = sum(len(part) for part in chosen)
        try:
            return cls(n, chosen)
        except ValueError as error:
            raise ValueError(f"{error}; a partition has each variable from 0 to {n - 1} once") from None

    @classmethod
    def blocks(cls, n: int, parts: int) -> Self:
        """Return the random restriction of the partition into blocks of neighbours.

        Raises
        ------
        ValueError
            The number of parts does not divide the number of variables.

        Examples
        --------
        >>> RandomRestriction.blocks(6, 2).parts
        ((0, 1, 2), (3, 4, 5))
        """
        variables, count = _whole("n", n, 1), _whole("parts", parts, 1)
        if variables % count:
            raise ValueError(f"parts must divide n = {variables}, so that all parts have the same size; got {count}")
        size = variables // count
        return cls(variables, [range(k * size, (k + 1) * size) for k in range(count)])

    @classmethod
    def andreev(cls, n: int, x: Sequence[int] | None = None) -> Self:
        """Return the random restriction of Definition 15: one bit of each row of the matrix stays free.

        Parameters
        ----------
        n
            Number of variables of Andreev's function; at least 4. The variables are those of
            :func:`relucomb.boolean.named.andreev`.
        x
            The ``⌊n/2⌋`` bits or signs of the table; at random if not given.

        Raises
        ------
        ValueError
            There is no such function, or ``x`` has another length.

        Examples
        --------
        >>> RandomRestriction.andreev(8).parts
        ((4, 5), (6, 7))
        >>> str(RandomRestriction.andreev(8, x=[0, 1, 1, 0]).sample(seed=1))
        '0110*10*'
        """
        table, rows, columns = andreev_shape(n)
        if x is not None and len(x) != table:
            raise ValueError(f"x must have {table} entries, floor(n/2); got {len(x)}")
        starts = [table + i * columns for i in range(rows)]
        return cls(n, [range(start, start + columns) for start in starts], {} if x is None else dict(enumerate(x)))

    @property
    def size(self) -> int | None:
        """The number of variables of each part; None if they differ."""
        sizes = {len(part) for part in self.parts}
        return sizes.pop() if len(sizes) == 1 else None

    @property
    def random(self) -> tuple[int, ...]:
        """The variables outside all parts that get a value at random."""
        given = {i for part in self.parts for i in part} | self.values.keys()
        return tuple(i for i in range(self.n) if i not in given)

    @property
    def count(self) -> int:
        """How many restrictions there are, all of the same probability."""
        return math.prod(len(part) for part in self.parts) << (self.n - len(self.values) - len(self.parts))

    def sample(self, seed: int | np.random.Generator | None = None) -> Restriction:
        """Draw a restriction."""
        random = np.random.default_rng(seed)
        free = {part[int(random.integers(len(part)))] for part in self.parts}
        signs = (2 * random.integers(0, 2, self.n) - 1).tolist()
        return Restriction(tuple(None if i in free else self.values.get(i, signs[i]) for i in range(self.n)))

    def __iter__(self) -> Iterator[Restriction]:
        """Iterate over all restrictions; each has the probability ``1 / count``."""
        for free in itertools.product(*self.parts):
            entries: list[int | None] = [self.values.get(i) for i in range(self.n)]
            fixed = [i for i in range(self.n) if i not in free and i not in self.values]
            for signs in itertools.product((-1, 1), repeat=len(fixed)):
                for i, sign in zip(fixed, signs, strict=True):
                    entries[i] = sign
                yield Restriction(tuple(entries))


def restricted_andreev_table(n: int, rho: Restriction) -> BooleanFunction:
    """Return what Claim 2 says that a restriction leaves of Andreev's function, without its truth table.

    It is the table ``x``, read at the address that the free bits give, each turned round if the other bits of its row
    have an odd sum: exactly ``x`` where all these sums are even. Free bit ``i`` is that of row ``i``.

    Raises
    ------
    ValueError
        The restriction is not of the form of Definition 15.

    Examples
    --------
    >>> rho = Restriction.from_string("0110" + "0*" + "*0")
    >>> restricted_andreev_table(8, rho).table.astype(int).tolist()
    [0, 1, 1, 0]
    """
    table, rows, columns = andreev_shape(n)
    starts = [table + i * columns for i in range(rows)]
    ranges = [range(0, table), *(range(start, start + columns) for start in starts)]
    if rho.n != n or [sum(i in part for i in rho.free) for part in ranges] != [0] + [1] * rows:
        raise ValueError(f"rho must leave free one bit of each row of the matrix of Andreev's function; got {rho}")
    shift = 0
    for k, part in enumerate(ranges[1:]):
        shift |= (sum(rho.entries[i] == 1 for i in part) & 1) << k
    return BooleanFunction([rho.entries[address ^ shift] == 1 for address in range(1 << rows)])


def _signs(entries: Sequence[Any], name: str) -> tuple[int | None, ...]:
    """Read bits or signs as signs; None stays."""
    kinds = {entry for entry in entries if entry is not None}
    for entry in kinds:
        if entry not in (-1, 0, 1):
            raise ValueError(f"{name}: {entry!r} is no value; legal are bits 0, 1 or signs -1, 1")
    if {0, -1} <= kinds:
        raise ValueError(f"{name} mixes bits and signs: it has both 0 and -1")
    return tuple(None if entry is None else 1 if entry == 1 else -1 for entry in entries)


def _whole(name: str, value: int, least: int) -> int:
    if isinstance(value, bool | str) or value != int(value) or value < least:
        raise ValueError(f"{name} must be a whole number from {least} on; got {value!r}")
    return int(value)
