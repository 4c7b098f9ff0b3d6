"""Boolean functions that have a name, for every number of variables for which they are defined.

Variables, points and values are as in :mod:`relucomb.boolean.function`: true is 1 or +1. Where a function reads a
number, its first variable is the lowest bit. Where it has two arguments ``x`` and ``y``, the first half of the
variables is ``x``. The first line of each docstring tells when the function is true.
"""

from __future__ import annotations

import difflib
import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.boolean.function import BooleanFunction, check_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    Rule = Callable[[NDArray[np.int64]], NDArray[Any]]

BLOCK = 1 << 18
"""Points that are computed at a time, so that 26 variables need little more memory than the table."""


def named_function(name: str, n: int, **parameters: Any) -> BooleanFunction:
    """Return a function by its name; :data:`NAMES` has them all.

    Parameters
    ----------
    name
        One of the names; hyphens and capitals do not matter.
    n
        Number of variables.
    parameters
        What else the function needs, such as ``k`` of ``threshold``.

    Raises
    ------
    ValueError
        There is no such name (near ones are told), no such function of ``n`` variables, or a parameter is missing,
        unknown or not legal.

    Examples
    --------
    >>> named_function("threshold", 3, k=2) == named_function("majority", 3)
    True
    """
    builder = NAMES.get(str(name).lower().replace("-", "_"))
    if builder is None:
        raise ValueError(f"there is no function named {name!r}; {_near(str(name), NAMES)}")
    known = inspect.signature(builder).parameters
    for parameter in parameters:
        if parameter == "n" or parameter not in known:
            takes = _near(parameter, parameters_of(name)) if parameters_of(name) else "it has none"
            raise ValueError(f"{name} has no parameter {parameter!r}; {takes}")
    for parameter in parameters_of(name):
        if known[parameter].default is inspect.Parameter.empty and parameter not in parameters:
            raise ValueError(f"{name} needs the parameter {parameter!r}")
    return builder(n, **parameters)


def parameters_of(name: str) -> list[str]:
    """Return the parameters that a named function has beside the number of variables.

    Examples
    --------
    >>> parameters_of("threshold"), parameters_of("parity")
    (['k'], [])
    """
    return list(inspect.signature(NAMES[str(name).lower().replace("-", "_")]).parameters)[1:]


def parity(n: int) -> BooleanFunction:
    """Tell whether the number of ones is odd.

    Examples
    --------
    >>> parity(2).table.tolist()
    [False, True, True, False]
    """
    return _tabulate(n, lambda k: np.bitwise_count(k) & 1)


def majority(n: int) -> BooleanFunction:
    """Tell whether there are as many ones as zeros or more; for even n a tie is true.

    In signs it is ``LTF(x_0 + ... + x_(n-1))``.

    Examples
    --------
    >>> majority(3).ones, majority(2).ones
    (4, 3)
    """
    return _tabulate(n, lambda k: 2 * np.bitwise_count(k) >= n)


def conjunction(n: int) -> BooleanFunction:
    """Tell whether all variables are 1."""
    return _tabulate(n, lambda k: k == (1 << n) - 1)


def disjunction(n: int) -> BooleanFunction:
    """Tell whether some variable is 1."""
    return _tabulate(n, lambda k: k != 0)


def xor2(n: int = 2) -> BooleanFunction:
    """Tell whether exactly one of two variables is 1; n is 2."""
    if n != 2:
        raise ValueError(f"n must be 2 for xor2 (parity is for any n); got {n}")
    return parity(2)


def threshold(n: int, k: int) -> BooleanFunction:
    """Tell whether k variables or more are 1.

    Examples
    --------
    >>> threshold(4, 3).ones
    5
    """
    least = _whole("k", k, 0, _variables(n) + 1)
    return _tabulate(n, lambda index: np.bitwise_count(index) >= least)


def odd_max_bit(n: int) -> BooleanFunction:
    """Tell whether the last 1 is at an odd place, places counted from 1; false where there is none.

    It is the threshold function ``4 x_1 − 8 x_2 + 16 x_3 − ... > 0`` of the bits.

    Examples
    --------
    >>> odd_max_bit(2).table.tolist()
    [False, True, False, False]
    """
    # the exponent of a float is the place of its highest bit, counted from 1, and 0 for 0
    return _tabulate(n, lambda k: np.frexp(k.astype(np.float64))[1] & 1)


def odd_max_bit_as_printed(n: int) -> BooleanFunction:
    """Tell whether ODD-MAX-BIT as printed is +1: where the usual one is false.

    Before (2.9) it is −1 where ``Σ_{i=1..n} (−1)^(i+1) 2^i (1 + x_i) ≥ ½``. See the errata: the condition takes +1 for
    a one, the value takes −1 for true.

    Examples
    --------
    >>> odd_max_bit_as_printed(3) == ~odd_max_bit(3)
    True
    """

    def rule(k: NDArray[np.int64]) -> NDArray[np.bool_]:
        # 2^i (1 + x_i) = 4 · 2^(i-1) b_i: the bits of the index at odd places less those at even ones, times 4
        odd = sum(1 << i for i in range(0, n, 2))
        even = sum(1 << i for i in range(1, n, 2))
        return np.asarray(2 * 4 * ((k & odd) - (k & even)) < 1)

    return _tabulate(n, rule)


def andreev(n: int) -> BooleanFunction:
    """Tell whether the entry of ``x`` is 1 whose number the parities of the rows of ``a`` spell; n from 4 on.

    ``A_n(x, a) = x_bin(z)`` with ``z_i`` the parity of row ``i`` (Definition 10). With ``h = ⌊n/2⌋``,
    ``r = ⌊log2(n/2)⌋`` and ``c = ⌊n/(2r)⌋`` variable ``j < h`` is ``x_j``, and entry ``j`` of row ``i`` of ``a`` is
    variable ``h + i c + j``, all counted from 0. Row ``i`` gives bit ``i`` of the number, which is less than
    ``2^r ≤ h``. The other variables do not matter: ``x_j`` from ``j = 2^r`` on, and the last ``n − h − rc``.

    Examples
    --------
    >>> andreev_shape(8), andreev_shape(11)
    ((4, 2, 2), (5, 2, 2))
    >>> andreev(8)([0, 0, 1, 0, 1, 1, 0, 1])  # the rows 11 and 01 give the number 2
    True
    """
    table, rows, columns = andreev_shape(n)

    def rule(k: NDArray[np.int64]) -> NDArray[np.int64]:
        address = np.zeros(len(k), dtype=np.int64)
        for i in range(rows):
            row = k >> (table + i * columns) & ((1 << columns) - 1)
            address |= (np.bitwise_count(row) & 1).astype(np.int64) << i
        return np.asarray(k >> address & 1)

    return _tabulate(n, rule)


def andreev_shape(n: int) -> tuple[int, int, int]:
    """Return the length of ``x`` and the numbers of rows and columns of ``a`` in Andreev's function.

    Examples
    --------
    >>> andreev_shape(16), andreev_shape(1 << 20)
    ((8, 3, 2), (524288, 19, 27594))
    """
    if n < 4:
        raise ValueError(f"n must be at least 4 for andreev, or its matrix has no row; got {n}")
    rows = int(n).bit_length() - 2  # ⌊log2(n/2)⌋, also for odd n
    return n // 2, rows, n // (2 * rows)


def chattopadhyay_mande(n: int, blocks: int, outer: str = "odd_max_bit") -> BooleanFunction:
    """Tell whether ODD-MAX-BIT of as many ORs as blocks, each of n/(2 blocks) XORs of pairs, is true (2.9).

    It is ``OMB_b ∘ OR_m ∘ XOR_2`` of n = 2bm variables, for any number ``b`` of blocks that divides n/2. The two
    arguments of the function are interleaved: the XORs take the pairs of neighbours. As printed, ``m`` is
    ``b^(1/3) + log2 b`` (see :func:`chattopadhyay_mande_size`) and the outer function ``"odd_max_bit_as_printed"``,
    which turns the value round.

    Examples
    --------
    >>> chattopadhyay_mande(8, blocks=2)([0, 1, 0, 0, 0, 0, 1, 1])  # XOR 1000, OR 10: the last 1 is at place 1
    True
    """
    _variables(n)
    blocks = _whole("blocks", blocks, 1)
    if n % (2 * blocks):
        raise ValueError(f"n must be a multiple of 2 · blocks = {2 * blocks} for chattopadhyay_mande; got {n}")
    outers = {"odd_max_bit": odd_max_bit, "odd_max_bit_as_printed": odd_max_bit_as_printed}
    if outer not in outers:
        raise ValueError(f"outer must be {' or '.join(outers)}; got {outer!r}")
    return outers[outer](blocks).compose(disjunction(n // (2 * blocks))).compose(xor2())


def chattopadhyay_mande_size(blocks: int) -> tuple[int, int]:
    """Return the size ``m`` of the OR and the number ``2bm`` of variables of (2.9), roots and logarithms rounded up.

    Examples
    --------
    >>> [chattopadhyay_mande_size(b) for b in (1, 2, 8, 64)]
    [(1, 2), (3, 12), (5, 80), (10, 1280)]
    """
    blocks = _whole("blocks", blocks, 1)
    root = next(r for r in range(max(int(blocks ** (1 / 3)) - 1, 0), blocks + 1) if r**3 >= blocks)
    fan_in = root + (blocks - 1).bit_length()
    return fan_in, 2 * blocks * fan_in


def inner_product(n: int) -> BooleanFunction:
    """Tell whether ``x`` and ``y`` have an odd number of ones in common; n is even.

    Examples
    --------
    >>> inner_product(4).ones
    6
    """
    half = _half(n, "inner_product")
    return _tabulate(n, lambda k: np.bitwise_count(k & k >> half & ((1 << half) - 1)) & 1)


def disjointness(n: int) -> BooleanFunction:
    """Tell whether ``x`` and ``y`` have no one in common; n is even.

    Examples
    --------
    >>> disjointness(4).ones
    9
    """
    half = _half(n, "disjointness")
    return _tabulate(n, lambda k: (k & k >> half & ((1 << half) - 1)) == 0)


def equality(n: int) -> BooleanFunction:
    """Tell whether ``x`` and ``y`` are equal; n is even."""
    half = _half(n, "equality")
    return _tabulate(n, lambda k: k & ((1 << half) - 1) == k >> half)


def greater_than(n: int) -> BooleanFunction:
    """Tell whether the number ``x`` is greater than the number ``y``; n is even.

    Examples
    --------
    >>> greater_than(4).ones
    6
    """
    half = _half(n, "greater_than")
    return _tabulate(n, lambda k: k & ((1 << half) - 1) > k >> half)


def address(n: int) -> BooleanFunction:
    """Tell whether that one of the last 2^k variables is 1 whose number the first k spell; n = k + 2^k.

    A multiplexer.

    Examples
    --------
    >>> address(6)([1, 0, 0, 1, 0, 0])  # the number 1: the second of 0, 1, 0, 0
    True
    """
    _variables(n)
    bits = next((k for k in range(5) if k + (1 << k) == n), None)
    if bits is None:
        raise ValueError(f"n must be k + 2^k for address, that is 1, 3, 6, 11 or 20; got {n}")
    return _tabulate(n, lambda index: index >> (bits + (index & ((1 << bits) - 1))) & 1)


def tribes(n: int, width: int) -> BooleanFunction:
    """Tell whether all variables of some block of ``width`` neighbours are 1; ``width`` divides n.

    Examples
    --------
    >>> tribes(4, width=2).ones
    7
    """
    _variables(n)
    width = _whole("width", width, 1)
    if n % width:
        raise ValueError(f"n must be a multiple of the width {width} for tribes; got {n}")
    return disjunction(n // width).compose(conjunction(width))


def hidden_weighted_bit(n: int) -> BooleanFunction:
    """Tell whether the w-th variable is 1, where w is the number of ones; false for w = 0.

    Examples
    --------
    >>> hidden_weighted_bit(3).table.tolist()
    [False, True, False, True, False, False, True, True]
    """
    return _tabulate(n, lambda k: 2 * k >> np.bitwise_count(k).astype(np.int64) & 1)


NAMES: dict[str, Callable[..., BooleanFunction]] = {
    "address": address,
    "and": conjunction,
    "andreev": andreev,
    "chattopadhyay_mande": chattopadhyay_mande,
    "disjointness": disjointness,
    "equality": equality,
    "greater_than": greater_than,
    "hidden_weighted_bit": hidden_weighted_bit,
    "inner_product": inner_product,
    "majority": majority,
    "odd_max_bit": odd_max_bit,
    "odd_max_bit_as_printed": odd_max_bit_as_printed,
    "or": disjunction,
    "parity": parity,
    "threshold": threshold,
    "tribes": tribes,
    "xor2": xor2,
}
"""From a name to the function that builds it: ``NAMES["parity"](n)``."""


def _tabulate(n: int, rule: Rule) -> BooleanFunction:
    """Apply a rule for arrays of points, given by their indices, to all points."""
    size = 1 << _variables(n)
    table = np.empty(size, dtype=np.bool_)
    for start in range(0, size, BLOCK):
        stop = min(start + BLOCK, size)
        table[start:stop] = rule(np.arange(start, stop, dtype=np.int64))
    return BooleanFunction(table)


def _variables(n: int) -> int:
    if check_variables(n) < 1:
        raise ValueError(f"n must be at least 1; got {n}")
    return int(n)


def _half(n: int, name: str) -> int:
    if _variables(n) % 2:
        raise ValueError(f"n must be even for {name}, half of the variables for each argument; got {n}")
    return n // 2


def _whole(name: str, value: int, least: int, most: int | None = None) -> int:
    legal = f"a whole number from {least}" + (" on" if most is None else f" to {most}")
    if isinstance(value, bool | str) or value != int(value) or value < least or (most is not None and value > most):
        raise ValueError(f"{name} must be {legal}; got {value!r}")
    return int(value)


def _near(name: str, names: Iterable[str]) -> str:
    legal = list(names)
    near = difflib.get_close_matches(name.lower().replace("-", "_"), legal, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else f"legal are {', '.join(legal)}"
