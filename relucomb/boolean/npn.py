"""Functions up to symmetry: permuted inputs (P), negated inputs (N), negated output (the second N).

The canonical form of a function is the one of least number (:meth:`BooleanFunction.to_integer`) among all that the
symmetries make of it. It comes with the symmetry that leads there, so that circuits and proofs can be carried back.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from relucomb.boolean.function import BooleanFunction, check_variables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Group = Literal["P", "NP", "NPN"]

MOST_VARIABLES = 6
"""There are 2^n n! symmetries of the inputs: 46,080 for 6 variables; a table of 64 values is one machine word."""

MOST_FOR_ALL = 4
"""Five variables have 2^32 functions, in 616,126 classes."""


@dataclass(frozen=True, slots=True)
class Transformation:
    """A symmetry of functions: negate inputs, then permute them, then perhaps negate the output.

    Attributes
    ----------
    order
        The permutation, as in :meth:`BooleanFunction.permute`.
    turned
        The variables that are negated first.
    negated
        Whether the output is negated.

    Examples
    --------
    >>> conjunction = BooleanFunction([0, 0, 0, 1])
    >>> both = Transformation(order=(0, 1), turned=(0, 1), negated=True)
    >>> both(conjunction).table.tolist()
    [False, True, True, True]
    >>> both.inverse()(both(conjunction)) == conjunction
    True
    """

    order: tuple[int, ...]
    turned: tuple[int, ...]
    negated: bool

    def __call__(self, f: BooleanFunction) -> BooleanFunction:
        """Apply it to a function."""
        moved = f.negate_inputs(self.turned).permute(self.order)
        return ~moved if self.negated else moved

    def inverse(self) -> Transformation:
        """Return the symmetry that undoes this one."""
        back = sorted(range(len(self.order)), key=self.order.__getitem__)
        turned = tuple(place for place, i in enumerate(back) if i in self.turned)
        return Transformation(tuple(back), turned, self.negated)


class Canonical(NamedTuple):
    """The canonical form of a function, and the symmetry that makes it from the function."""

    function: BooleanFunction
    transformation: Transformation


class NPNClass(NamedTuple):
    """A class of functions up to symmetry: its canonical form, and how many of the functions in question are in it."""

    representative: BooleanFunction
    size: int


def npn_canonical(f: BooleanFunction, group: Group = "NPN") -> Canonical:
    """Return the function of least number that the symmetries make of a function.

    Parameters
    ----------
    f
        A function of 6 variables at most.
    group
        ``"P"``, permuted inputs; ``"NP"``, also negated ones; ``"NPN"``, also a negated output.

    Returns
    -------
    Canonical
        With ``transformation(f) == function``.

    Raises
    ------
    ValueError
        There are more variables, or there is no such group.

    Examples
    --------
    >>> found = npn_canonical(BooleanFunction.from_name("or", 3))
    >>> found.function.to_integer(), found.transformation
    (1, Transformation(order=(0, 1, 2), turned=(), negated=True))
    >>> npn_canonical(BooleanFunction.from_name("or", 3), "NP").function.to_integer()
    127
    """
    n, numbers = f.n, _orbit(f, _check_group(group))
    row, negated = int(numbers.argmin()), False
    if group == "NPN":
        highest = int(numbers.argmax())
        negated = _full(n) - int(numbers[highest]) < int(numbers[row])
        row = highest if negated else row
    place, mask = divmod(row, 1 if group == "P" else 1 << n)
    order = next(itertools.islice(itertools.permutations(range(n)), place, None))
    transformation = Transformation(order, tuple(i for i in range(n) if mask >> i & 1), negated)
    return Canonical(transformation(f), transformation)


def npn_classes(n: int, group: Group = "NPN", functions: Iterable[BooleanFunction] | None = None) -> list[NPNClass]:
    """Return the classes of all functions, or of given ones, up to symmetry, in the order of their canonical forms.

    Parameters
    ----------
    n
        Number of variables: up to 4 for all functions, up to 6 for given ones.
    group
        As in :func:`npn_canonical`.
    functions
        Functions of ``n`` variables.

    Raises
    ------
    ValueError
        There are too many variables, a function has others, or there is no such group.

    Examples
    --------
    >>> [len(npn_classes(n)) for n in range(1, 5)]
    [2, 4, 14, 222]
    >>> [(found.representative.to_integer(), found.size) for found in npn_classes(2)]
    [(0, 2), (1, 8), (3, 4), (6, 2)]
    """
    numbers = _numbers(n, functions)
    labels = _labels(n, numbers, _check_group(group))
    representatives, sizes = np.unique(labels, return_counts=True)
    return [
        NPNClass(BooleanFunction.from_integer(number, n), size)
        for number, size in zip(representatives.tolist(), sizes.tolist(), strict=True)
    ]


def npn_labels(n: int, group: Group = "NPN") -> NDArray[np.uint64]:
    """Return, for every function of up to 4 variables by its number, the number of its canonical form.

    Examples
    --------
    >>> npn_labels(2).tolist()
    [0, 1, 1, 3, 1, 3, 6, 1, 1, 6, 3, 1, 3, 1, 1, 0]
    """
    return _labels(n, _numbers(n, None), _check_group(group))


def _labels(n: int, numbers: NDArray[np.uint64], group: Group) -> NDArray[np.uint64]:
    """Return the number of the canonical form for each of some rising numbers, one orbit after the other."""
    labels = np.zeros(len(numbers), dtype=np.uint64)
    done = np.zeros(len(numbers), dtype=np.bool_)
    first = 0
    while first < len(numbers) and not done[first:].all():
        first += int(done[first:].argmin())
        orbit = _orbit(BooleanFunction.from_integer(int(numbers[first]), n), group)
        if group == "NPN":
            orbit = np.concatenate([orbit, np.uint64(_full(n)) - orbit])
        places = np.minimum(np.searchsorted(numbers, orbit), len(numbers) - 1)
        places = places[numbers[places] == orbit]
        labels[places] = orbit.min()
        done[places] = True
    return labels


def _numbers(n: int, functions: Iterable[BooleanFunction] | None) -> NDArray[np.uint64]:
    if functions is None:
        if check_variables(n) > MOST_FOR_ALL:
            raise ValueError(f"n must be at most {MOST_FOR_ALL} for the classes of all functions; got {n}")
        return np.arange(1 << (1 << n), dtype=np.uint64)
    chosen = set()
    for f in functions:
        if f.n != n:
            raise ValueError(f"all functions must have {n} variables; got one of {f.n}")
        chosen.add(f.to_integer())
    return np.array(sorted(chosen), dtype=np.uint64)


def _orbit(f: BooleanFunction, group: Group) -> NDArray[np.uint64]:
    """Return the numbers of what the symmetries of the inputs make of a function, one row of ``_moves`` each."""
    if f.n > MOST_VARIABLES:
        raise ValueError(f"a canonical form is for {MOST_VARIABLES} variables at most; got {f.n}")
    moves = _moves(f.n)
    packed = np.packbits(f.table[moves[:: 1 << f.n] if group == "P" else moves], axis=1, bitorder="little")
    numbers = np.zeros((len(packed), 8), dtype=np.uint8)
    numbers[:, : packed.shape[1]] = packed
    return numbers.view("<u8")[:, 0].astype(np.uint64)


@cache
def _moves(n: int) -> NDArray[np.uint8]:
    """Return, for each permutation and each set of negated inputs in turn, where the value at each index comes from."""
    index = np.arange(1 << n)
    rows = []
    for order in itertools.permutations(range(n)):
        moved = np.zeros_like(index)
        for place, i in enumerate(order):
            moved |= (index >> i & 1) << place
        rows.append(moved ^ index[:, None])
    return np.concatenate(rows).astype(np.uint8)


def _full(n: int) -> int:
    return (1 << (1 << n)) - 1


def _check_group(group: Group) -> Group:
    if group not in ("P", "NP", "NPN"):
        raise ValueError(f"group must be 'P', 'NP' or 'NPN'; got {group!r}")
    return group
