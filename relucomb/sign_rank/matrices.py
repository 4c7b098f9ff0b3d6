"""Sign matrices that have a name."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MOST_ENTRIES = 1 << 26


@dataclass(frozen=True, slots=True)
class Named:
    """A family of sign matrices.

    Attributes
    ----------
    describe
        What the matrix is, and what ``n`` means.
    build
        From ``n`` and a seed to the matrix.
    side
        From ``n`` to the number of rows, so that absurd sizes are refused before memory is asked for.
    legal
        Which ``n`` there are, in words.
    is_legal
        The same as a test.
    """

    describe: str
    build: Callable[[int, int], NDArray[np.int8]]
    side: Callable[[int], int]
    legal: str
    is_legal: Callable[[int], bool]


def sign_matrix(name: str, n: int, *, seed: int = 0) -> NDArray[np.int8]:
    """Build a sign matrix by its name.

    Parameters
    ----------
    name
        One of the table below.
    n
        Size: rows, or bits.
    seed
        For ``random``.

    Returns
    -------
    numpy.ndarray
        Entries -1 and 1, square.

    Raises
    ------
    ValueError
        There is no such name (near ones are told), or no such ``n``, or the matrix would have more than 2^26 entries.
    TypeError
        ``n`` or ``seed`` is not an integer.

    Notes
    -----
    ====================  ==============================================================================
    ``signed-identity``   ``n`` rows, -1 on the diagonal, else 1
    ``greater-than``      ``n`` rows, 1 where row ≥ column, else -1
    ``hadamard``          ``n`` = 2^k rows, Sylvester's: ``(-1)^⟨x, y⟩`` for ``x, y`` of ``k`` bits
    ``paley``             ``n`` rows, Paley's Hadamard matrix from the squares modulo a prime
    ``inner-product``     ``2^n`` rows, 1 where ``⟨x, y⟩`` modulo 2 is 1 (true), else -1
    ``disjointness``      ``2^n`` rows, 1 where ``x`` and ``y`` have no common 1, else -1
    ``equality``          ``2^n`` rows, 1 where ``x = y``, else -1
    ``random``            ``n`` rows, independent fair signs
    ====================  ==============================================================================

    Bit strings are the binary digits of the index of the row or column, the lowest digit being bit 0.

    Examples
    --------
    >>> sign_matrix("greater-than", 3)
    array([[ 1, -1, -1],
           [ 1,  1, -1],
           [ 1,  1,  1]], dtype=int8)
    """
    if name not in NAMES:
        near = difflib.get_close_matches(str(name), NAMES, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"legal are {', '.join(NAMES)}"
        raise ValueError(f"there is no sign matrix named {name!r}; {hint}")
    for what, value in (("n", n), ("seed", seed)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            raise TypeError(f"{what} must be an integer; got {value!r}")
    if seed < 0:
        raise ValueError(f"seed must not be negative; got {seed}")
    family, n = NAMES[name], int(n)
    if n > MOST_ENTRIES or (family.is_legal(n) and family.side(n) ** 2 > MOST_ENTRIES):
        raise ValueError(f"n = {n} is too large for {name}: more than 2^26 entries")
    if not family.is_legal(n):
        raise ValueError(f"n must be {family.legal} for {name}; got {n}")
    return np.ascontiguousarray(family.build(n, int(seed)), dtype=np.int8)


def _signed_identity(n: int, _: int) -> NDArray[np.int8]:
    return (1 - 2 * np.identity(n, dtype=np.int8)).astype(np.int8)


def _greater_than(n: int, _: int) -> NDArray[np.int8]:
    return np.where(np.arange(n)[:, None] >= np.arange(n), 1, -1).astype(np.int8)


def _common_bits(n: int) -> NDArray[np.int64]:
    x = np.arange(1 << n)
    common = x[:, None] & x
    return sum((common >> bit & 1 for bit in range(n)), start=np.zeros_like(common))


def _hadamard(n: int, _: int) -> NDArray[np.int8]:
    return (1 - 2 * (_common_bits(n.bit_length() - 1) % 2)).astype(np.int8)


def _inner_product(n: int, _: int) -> NDArray[np.int8]:
    return np.where(_common_bits(n) % 2, 1, -1).astype(np.int8)


def _disjointness(n: int, _: int) -> NDArray[np.int8]:
    return np.where(_common_bits(n), -1, 1).astype(np.int8)


def _equality(n: int, _: int) -> NDArray[np.int8]:
    return -_signed_identity(1 << n, 0)


def _paley(n: int, _: int) -> NDArray[np.int8]:
    p = _paley_prime(n)
    squares = {x * x % p for x in range(1, p)}
    character = np.array([0, *(1 if x in squares else -1 for x in range(1, p))])
    x = np.arange(p)
    core = character[(x[:, None] - x) % p]
    conference = np.zeros((p + 1, p + 1), dtype=np.int64)
    conference[0, 1:] = 1
    conference[1:, 0] = -1 if p % 4 == 3 else 1
    conference[1:, 1:] = core
    identity = np.identity(p + 1, dtype=np.int64)
    if p % 4 == 3:
        return (identity + conference).astype(np.int8)
    block, diagonal = np.array([[1, 1], [1, -1]]), np.array([[1, -1], [-1, -1]])
    return (np.kron(conference, block) + np.kron(identity, diagonal)).astype(np.int8)


def _paley_prime(n: int) -> int:
    """Return the prime of the first construction, else of the second, else 0."""
    if n >= 4 and (n - 1) % 4 == 3 and _is_prime(n - 1):
        return n - 1
    if n >= 12 and n % 2 == 0 and (n // 2 - 1) % 4 == 1 and _is_prime(n // 2 - 1):
        return n // 2 - 1
    return 0


def _is_prime(p: int) -> bool:
    return p > 1 and all(p % d for d in range(2, math.isqrt(p) + 1))


def _random(n: int, seed: int) -> NDArray[np.int8]:
    return (2 * np.random.default_rng(seed).integers(0, 2, size=(n, n)) - 1).astype(np.int8)


def _rows(n: int) -> int:
    return n


def _bits(n: int) -> int:
    return 1 << min(n, 64)


def _positive(n: int) -> bool:
    return n >= 1


_ROWS, _BITS = "a positive number of rows", "a positive number of bits"
NAMES: dict[str, Named] = {
    "signed-identity": Named("-1 on the diagonal, else 1; n rows", _signed_identity, _rows, _ROWS, _positive),
    "greater-than": Named("1 where row >= column; n rows", _greater_than, _rows, _ROWS, _positive),
    "hadamard": Named("Sylvester's; n rows", _hadamard, _rows, "a power of two", lambda n: n >= 1 and n & (n - 1) == 0),
    "paley": Named(
        "Paley's Hadamard matrix; n rows",
        _paley,
        _rows,
        "p + 1 or 2(p + 1) for a prime p of the form 4k + 3 or 4k + 1 (4, 8, 12, 20, 24, 28, 32, 36, ...)",
        lambda n: _paley_prime(n) > 0,
    ),
    "inner-product": Named("1 where <x, y> is odd; n bits", _inner_product, _bits, _BITS, _positive),
    "disjointness": Named("1 where x and y have no common 1; n bits", _disjointness, _bits, _BITS, _positive),
    "equality": Named("1 where x = y; n bits", _equality, _bits, _BITS, _positive),
    "random": Named("independent fair signs; n rows", _random, _rows, _ROWS, _positive),
}
"""The families by name."""
