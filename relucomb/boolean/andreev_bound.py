"""The lower bound for LTF-of-ReLU circuits against Andreev's function as numbers: every step of Theorem 2.5.4.

With ``k = ⌊log2(n/2)⌋`` rows of ``m = ⌊n/(2k)⌋`` bits the chain is this. Let a circuit with ``w`` ReLU gates agree with
Andreev's function at a share of the points.

1. There are at most N functions of ``k`` bits with circuits of ``s`` gates or fewer; by Claim 1 and a union bound a
   random function agrees with one of them at ``½ + ε/3`` or more of its points with probability at most
   ``N exp(−2ε²2^k/9)``, (2.10). Take ``s`` so that this is at most ``ε/3``, (2.11).
2. A random restriction of Definition 15 leaves a random function (Claim 2), and each gate survives with probability at
   most ``1 − η`` (Lemma 2.6.1), so that more than ``s`` gates survive with probability at most ``w(1 − η)/s``, (2.12).
3. So the share is at most ``½ + 2ε/3 + w(1 − η)/s`` (Claim 3), and above ``½ + ε`` only if ``w > εs/(3(1 − η))``.

The source leaves the constants of N, of ``1 − η`` and of ``s`` open; here they are arguments. Both of the first two can
also be had without hidden constants (``counting="cells"``, ``collapse=None``), and then the bound is a theorem.

Real numbers are enclosed in balls (python-flint) and rounded so that what is called a bound is one.
Source: A. Mukherjee, *A Study of the Mathematics of Deep Learning*, 2020, section 2.6.
"""

from __future__ import annotations

import math
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from relucomb.boolean.named import andreev_shape
from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flint import arb

Counting = Literal["cells", "maass"]

PRECISION = 256
"""Bits of the middle of a ball."""

MOST_BITS = 10**5
"""The greatest n has so many binary digits."""

MOST_EXACT = 14
"""Variables for which the probability of Claim 1 is counted exactly."""


@dataclass(frozen=True, slots=True)
class RandomAgreement:
    """Claim 1: how likely a random function agrees with a given one at ``½ + ε`` of the points or more.

    Attributes
    ----------
    exact
        The probability; None for more than 14 variables.
    log2_bound
        The binary logarithm of ``exp(−2^(n+1) ε²)``.
    """

    exact: Fraction | None
    log2_bound: float


@dataclass(frozen=True, slots=True)
class AndreevBound:
    """The numbers of the chain of Theorem 2.5.4.

    Attributes
    ----------
    n, epsilon, delta, theta
        What it is about; ``δ = θ/(2(2 + θ))``.
    rows, columns
        Of the matrix: ``k`` and ``m``.
    counting, maass, collapse
        The constants that were chosen.
    size
        The greatest ``s`` that (2.11) is proven for; −1 if there is none.
    log2_circuits
        Upper bound of the binary logarithm of the number of functions with circuits of so many gates.
    log2_failure
        That of the probability of (2.11), at most ``log2(ε/3)``.
    survival
        Upper bound of ``1 − η``: how likely one gate survives.
    gates
        Circuits that agree with Andreev's function at more than ``½ + ε`` of the points have so many ReLU gates at
        least; 0 if nothing follows.
    log2_epsilon_of_proof, log2_epsilon_as_printed
        Beyond which ε the proof and the theorem speak, ``√(2 log^(2+θ)(n/2)/n)`` and ``√(2 log^(2/(2−δ))(n)/n)``.
    log2_size_of_proof
        The ``s`` that the proof chooses, with the constant ``size_constant``.
    size_of_proof_fits
        Whether (2.11) is proven for it, rounded down, with the constants given.
    log2_gates_of_proof
        ``εs/(3(1 − η))`` for that ``s``.
    log2_gates_as_printed
        The theorem's ``ε^(2(1−δ)) n^(1−δ)``, with the constant 1.
    """

    n: int
    epsilon: Fraction
    delta: Fraction
    theta: Fraction
    rows: int
    columns: int
    counting: str
    maass: Fraction
    collapse: Fraction | None
    size: int
    log2_circuits: float
    log2_failure: float
    survival: float
    gates: int
    log2_epsilon_of_proof: float
    log2_epsilon_as_printed: float
    log2_size_of_proof: float
    size_of_proof_fits: bool
    log2_gates_of_proof: float
    log2_gates_as_printed: float

    @property
    def proven(self) -> bool:
        """Whether no constant was a guess, so that ``gates`` is a theorem."""
        return self.counting == "cells" and self.collapse is None


def random_agreement(n: int, epsilon: Fraction | float) -> RandomAgreement:
    """Evaluate Claim 1: the probability for a random function of ``n`` variables, and the bound.

    Raises
    ------
    ValueError
        ``epsilon`` is not between 0 and ½, or n is less than 1.

    Examples
    --------
    >>> found = random_agreement(3, Fraction(1, 4))
    >>> found.exact, round(2**found.log2_bound, 3)
    (Fraction(37, 256), 0.368)
    """
    _check_whole("n", n, 1, MOST_BITS)
    share = _between("epsilon", epsilon, Fraction(1, 2), inclusive=True)
    with _precision():
        exponent = -(_real(2) ** (n + 1)) * _real(share) ** 2 / _real(2).log()
        bound = _up(exponent)
    exact = None
    if n <= MOST_EXACT:
        size = 1 << n
        least = math.ceil((Fraction(1, 2) + share) * size)
        ways, total = math.comb(size, least), 0
        for k in range(least, size + 1):
            total += ways
            ways = ways * (size - k) // (k + 1)
        exact = Fraction(total, 1 << size)
    return RandomAgreement(exact, bound)


def log2_circuits(bits: int, gates: int, counting: Counting = "cells", maass: Fraction | float = 1) -> float:
    """Return an upper bound of the binary logarithm of the number of functions with LTF-of-ReLU circuits.

    Parameters
    ----------
    bits, gates
        The circuits have so many inputs and ReLU gates; wires from the inputs to the output gate are allowed.
    counting
        ``"maass"`` is ``c·(wn + 2w + 2)² log2(wn + 2w + 2)``, as the source has it from W. Maass, 1997, with a constant
        ``c`` that is not known. ``"cells"`` is ``wn² + w + n(w + 1)(n + 1)``, proven: factors of gates may be ±1; there
        are at most ``2^(n²)`` ways in which one gate can part the inputs; given all that, the argument of the output
        gate is linear in ``(w + 1)(n + 1)`` weights, which gives ``2^(n(w+1)(n+1))`` sign vectors at ``2^n`` points.
    maass
        The constant ``c``.

    Examples
    --------
    >>> log2_circuits(20, 3), log2_circuits(20, 3, "maass") > 2 * log2_circuits(20, 3)
    (2883.0, True)
    """
    _check_whole("bits", bits, 2, MOST_BITS)
    _check_whole("gates", gates, 0, None)
    with _precision():
        return _up(_log2_circuits(bits, gates, _check_counting(counting), _positive("maass", maass)))


def agreement_bound(epsilon: Fraction | float, gates: int, size: int, survival: Fraction | float) -> Fraction:
    """Return the bound of Claim 3, ``½ + 2ε/3 + w(1 − η)/s``, for ``w`` gates.

    Examples
    --------
    >>> agreement_bound(Fraction(1, 10), 100, 50, Fraction(1, 1000))
    Fraction(853, 1500)
    """
    _check_whole("size", size, 1, None)
    _check_whole("gates", gates, 0, None)
    share = _between("epsilon", epsilon, Fraction(1, 2), inclusive=True)
    return Fraction(1, 2) + 2 * share / 3 + gates * _exact("survival", survival) / size


def andreev_bound(
    n: int,
    epsilon: Fraction | float,
    delta: Fraction | float = Fraction(1, 10),
    *,
    counting: Counting = "cells",
    maass: Fraction | float = 1,
    collapse: Fraction | float | None = None,
    size_constant: Fraction | float = 1,
) -> AndreevBound:
    """Evaluate the chain of Theorem 2.5.4.

    Parameters
    ----------
    n
        Number of variables of Andreev's function, 4 or more; may have 100000 binary digits.
    epsilon
        From 0 to ½, without 0: circuits are to agree at more than ``½ + ε`` of the points.
    delta
        Of the theorem, between 0 and ½. It matters only for what is printed, and for the choice of ``s`` in the proof.
    counting, maass
        The number of circuits, see :func:`log2_circuits`.
    collapse
        The constant ``c`` of Lemma 2.6.1, ``1 − η = c·k/√(km)``: the k rows have km bits, and the table is fixed. If
        None, the proven ``k √(2/(π(m − 1)))``, which is ``√k`` times what is true; see
        :mod:`relucomb.boolean.survival_bounds`.
    size_constant
        The constant of the proof's choice ``s = c·(ε²n/2)^(1/(2+θ)) / log2(n/2)``.

    Raises
    ------
    ValueError
        A number is not legal.

    Examples
    --------
    Without hidden constants, from n = 2^75 on the number of gates proven for ε = 1/10 is more than n:

    >>> [andreev_bound(2**j, Fraction(1, 10)).gates > 2**j for j in (74, 75)]
    [False, True]
    """
    _check_whole("n", n, 4, None)
    if int(n).bit_length() > MOST_BITS:
        raise ValueError(f"n must have at most {MOST_BITS} binary digits; got {int(n).bit_length()}")
    share = _between("epsilon", epsilon, Fraction(1, 2), inclusive=True)
    loss = _between("delta", delta, Fraction(1, 2), inclusive=False)
    _check_counting(counting)
    factors = _positive("maass", maass), _positive("size_constant", size_constant)
    lemma = None if collapse is None else _positive("collapse", collapse)
    with _precision():
        return _Chain(int(n), share, loss, counting, *factors, lemma).bound()


class _Chain:
    """The chain for one choice of numbers, in balls."""

    def __init__(
        self,
        n: int,
        epsilon: Fraction,
        delta: Fraction,
        counting: Counting,
        maass: Fraction,
        size_constant: Fraction,
        collapse: Fraction | None,
    ) -> None:
        self.n, self.epsilon, self.delta, self.counting = n, epsilon, delta, counting
        self.maass, self.size_constant, self.collapse = maass, size_constant, collapse
        self.theta = 4 * delta / (1 - 2 * delta)
        _, self.rows, self.columns = andreev_shape(n)
        self.share = _real(epsilon)
        self.wanted = _log2(self.share / 3)

    def log2_failure(self, size: int) -> arb:
        """Return the logarithm of the bound of (2.11)."""
        hoeffding = 2 * self.share**2 * _real(2) ** self.rows / 9
        return _log2_circuits(max(self.rows, 2), size, self.counting, self.maass) - hoeffding / _real(2).log()

    def fits(self, size: int) -> bool:
        """Tell whether (2.11) is proven for circuits of this size."""
        return bool(self.log2_failure(size) <= self.wanted)

    def greatest_size(self) -> int:
        """Return the greatest size for which it is."""
        if not self.fits(0):
            return -1
        high = 1
        while self.fits(high):
            high *= 2
        low = high // 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.fits(middle) else (low, middle)
        return low

    def survival(self) -> arb:
        """Return the bound of the probability that a gate survives."""
        if self.collapse is not None:
            return _real(self.collapse) * (_real(self.rows) / self.columns).sqrt()
        if self.columns == 1:
            return _real(1)
        from flint import arb

        return self.rows * (2 / (arb.pi() * (self.columns - 1))).sqrt()

    def bound(self) -> AndreevBound:
        """Return all numbers."""
        size, survival = self.greatest_size(), self.survival()
        gates = _floor(self.share * size / (3 * survival)) + 1 if size > 0 else 0
        theta, loss, half = _real(self.theta), _real(self.delta), _real(Fraction(self.n, 2))
        chosen = _real(self.size_constant) * (self.share**2 * half) ** (1 / (2 + theta)) / _log2(half)
        whole = _floor(chosen)
        log2_n = _log2(_real(self.n))
        return AndreevBound(
            n=self.n,
            epsilon=self.epsilon,
            delta=self.delta,
            theta=self.theta,
            rows=self.rows,
            columns=self.columns,
            counting=self.counting,
            maass=self.maass,
            collapse=self.collapse,
            size=size,
            log2_circuits=_up(_log2_circuits(max(self.rows, 2), max(size, 0), self.counting, self.maass)),
            log2_failure=_up(self.log2_failure(max(size, 0))),
            survival=_up(survival),
            gates=gates,
            log2_epsilon_of_proof=_up((1 - log2_n + (2 + theta) * _log2(_log2(half))) / 2),
            log2_epsilon_as_printed=_up((1 - log2_n + 2 / (2 - loss) * _log2(log2_n)) / 2),
            log2_size_of_proof=_up(_log2(chosen)),
            size_of_proof_fits=self.fits(whole),
            log2_gates_of_proof=_up(_log2(self.share * chosen / (3 * survival))),
            log2_gates_as_printed=_up((1 - loss) * (2 * _log2(self.share) + log2_n)),
        )


def _log2_circuits(bits: int, gates: int, counting: Counting, maass: Fraction) -> arb:
    if counting == "cells":
        return _real(gates * bits**2 + gates + bits * (gates + 1) * (bits + 1))
    inner = gates * bits + 2 * gates + 2
    return _real(maass) * inner**2 * _log2(_real(inner))


@contextmanager
def _precision() -> Iterator[None]:
    from flint import ctx

    with ctx.workprec(PRECISION):
        yield


def _real(value: int | Fraction) -> arb:
    from flint import arb, fmpq

    return arb(value) if isinstance(value, int) else arb(fmpq(value.numerator, value.denominator))


def _log2(value: arb) -> arb:
    return value.log() / _real(2).log()


def _up(value: arb) -> float:
    """Return a float that is not less."""
    from flint import arb

    exact = value.upper()
    rounded = max(float(exact), -sys.float_info.max)
    return rounded if bool(arb(rounded) >= exact) else math.nextafter(rounded, math.inf)


def _floor(value: arb) -> int:
    """Return a whole number that is not greater, and the next one down if the ball is not wide."""
    mantissa, exponent = value.lower().man_exp()
    return int(mantissa) << int(exponent) if exponent >= 0 else int(mantissa) >> int(-exponent)


def _check_counting(counting: Counting) -> Counting:
    if counting not in ("cells", "maass"):
        raise ValueError(f"counting must be 'cells' or 'maass'; got {counting!r}")
    return counting


def _check_whole(name: str, value: int, least: int, most: int | None) -> None:
    legal = f"a whole number from {least}" + (" on" if most is None else f" to {most}")
    if isinstance(value, bool | str) or value != int(value) or value < least or (most is not None and value > most):
        raise ValueError(f"{name} must be {legal}; got {value!r}")


def _between(name: str, value: Fraction | float, high: Fraction, *, inclusive: bool) -> Fraction:
    exact = _exact(name, value)
    if not 0 < exact <= high or (exact == high and not inclusive):
        raise ValueError(
            f"{name} must be greater than 0 and {'at most' if inclusive else 'less than'} {high}; got {value}"
        )
    return exact


def _positive(name: str, value: Fraction | float) -> Fraction:
    exact = _exact(name, value)
    if exact <= 0:
        raise ValueError(f"{name} must be greater than 0; got {value}")
    return exact


def _exact(name: str, value: Fraction | float) -> Fraction:
    return Fraction(as_fractions(np.array([value], dtype=object), name).tolist()[0])
