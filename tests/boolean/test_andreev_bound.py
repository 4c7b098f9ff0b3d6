"""Tests of the chain of Theorem 2.5.4 against brute force and against the same formulas in other arithmetic."""

from __future__ import annotations

import itertools
import math
import re
from fractions import Fraction
from typing import Any, cast

import pytest

from relucomb.boolean.andreev_bound import agreement_bound, andreev_bound, log2_circuits, random_agreement
from relucomb.boolean.threshold import threshold_functions

TENTH = Fraction(1, 10)


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("epsilon", [Fraction(1, 8), Fraction(1, 4), Fraction(3, 7), Fraction(1, 2)])
def test_claim_1(n: int, epsilon: Fraction) -> None:
    """The exact probability is that over all functions, and at most the bound."""
    size = 1 << n
    near = sum(
        Fraction(sum(g), size) >= Fraction(1, 2) + epsilon for g in itertools.product((0, 1), repeat=size)
    )  # g tells where the two functions agree
    found = random_agreement(n, epsilon)
    assert found.exact == Fraction(near, 1 << size)
    assert found.exact <= Fraction(2**found.log2_bound)
    assert math.isclose(2**found.log2_bound, math.exp(-(2 ** (n + 1)) * float(epsilon) ** 2))


def test_claim_1_for_many_variables() -> None:
    """The exact number is below the bound; beyond 14 variables there is the bound only, however small."""
    for n in (8, 14):
        found = random_agreement(n, Fraction(1, 20))
        assert found.exact is not None
        assert math.log2(found.exact.numerator) - math.log2(found.exact.denominator) <= found.log2_bound
    assert random_agreement(15, TENTH).exact is None
    assert random_agreement(90_000, TENTH).log2_bound < -1e300


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_count_of_circuits_without_gates(n: int) -> None:
    """Circuits without ReLU gates are the threshold functions."""
    assert sum(1 for _ in threshold_functions(n)) <= 2 ** log2_circuits(n, 0)


def test_the_count_of_circuits() -> None:
    """The explicit count and that of the source, in floats; every function of 2 bits has a circuit of 1 gate."""
    assert log2_circuits(2, 1) >= 4
    assert log2_circuits(7, 5) == 5 * 49 + 5 + 7 * 6 * 8
    assert math.isclose(log2_circuits(7, 5, "maass", 3), 3 * 47**2 * math.log2(47))
    for gates in (3, 30, 300):
        assert log2_circuits(20, gates) < log2_circuits(20, gates, "maass")


@pytest.mark.parametrize("counting", ["cells", "maass"])
@pytest.mark.parametrize("exponent", [20, 25, 31])
@pytest.mark.parametrize("collapse", [None, 1, Fraction(4, 5)])
def test_the_chain(counting: Any, exponent: int, collapse: Fraction | None) -> None:
    """The greatest size that fits, and the gates of Claim 3, once more in floats."""
    found = andreev_bound(2**exponent, TENTH, counting=counting, collapse=collapse)
    k, m = exponent - 1, 2**exponent // (2 * (exponent - 1))
    assert (found.rows, found.columns) == (k, m)

    def failure(size: int) -> float:
        return float(log2_circuits(k, size, counting) - 0.02 / 9 * math.ldexp(1, k) * math.log2(math.e))

    assert found.size >= 0
    assert failure(found.size) <= math.log2(0.1 / 3) < failure(found.size + 1)
    assert math.isclose(found.log2_failure, failure(found.size), rel_tol=1e-9)
    survival = k * math.sqrt(2 / math.pi / (m - 1)) if collapse is None else float(collapse) * math.sqrt(k / m)
    assert math.isclose(found.survival, survival)
    assert found.proven == (counting == "cells" and collapse is None)
    if found.size:
        chance = Fraction(found.survival)
        assert agreement_bound(TENTH, found.gates - 1, found.size, chance) <= Fraction(6, 10) + Fraction(1, 10**12)
        assert agreement_bound(TENTH, found.gates + 1, found.size, chance) > Fraction(6, 10)
    else:
        assert found.gates == 0


def test_the_choice_of_the_proof() -> None:
    """s, epsilon and the printed bound in floats; (2.11) holds for s only when n is large."""
    n, delta = 2.0**41, 0.1
    theta = 4 * delta / (1 - 2 * delta)
    found = andreev_bound(2**41, TENTH, Fraction(1, 10), counting="maass", collapse=1)
    assert found.theta == Fraction(1, 2)
    assert found.delta == found.theta / (2 * (2 + found.theta))
    size = (0.01 * n / 2) ** (1 / (2 + theta)) / 40
    assert math.isclose(2**found.log2_size_of_proof, size)
    assert found.size_of_proof_fits
    assert not andreev_bound(2**31, TENTH, counting="maass", collapse=1).size_of_proof_fits
    assert math.isclose(2**found.log2_epsilon_of_proof, math.sqrt(2 * 40 ** (2 + theta) / n))
    assert math.isclose(2**found.log2_epsilon_as_printed, math.sqrt(2 * 41 ** (2 / (2 - delta)) / n))
    assert math.isclose(2**found.log2_gates_as_printed, (0.01 * n) ** 0.9, rel_tol=1e-9)
    assert math.isclose(2**found.log2_gates_of_proof, 0.1 * size / 3 / found.survival, rel_tol=1e-9)


def test_far_beyond_floats() -> None:
    """For n = 2^3000 the numbers are whole numbers of thousands of digits, and logarithms."""
    found = andreev_bound(2**3000, Fraction(1, 100))
    assert found.gates > 2**4400
    assert found.size > 2**2900
    assert found.log2_failure <= math.log2(1 / 300)


@pytest.mark.parametrize("n", [4, 5, 7, 100])
def test_small_n(n: int) -> None:
    """Nothing follows for small n."""
    found = andreev_bound(n, Fraction(1, 2))
    assert found.gates == 0
    assert found.size <= 0


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: andreev_bound(3, 0.1), "n must be a whole number from 4"),
        (lambda: andreev_bound(1 << 10**6, 0.1), "n must have at most 100000 binary digits; got 1000001"),
        (lambda: andreev_bound(16, 0), "epsilon must be greater than 0 and at most 1/2; got 0"),
        (lambda: andreev_bound(16, 0.6), "epsilon must be"),
        (lambda: andreev_bound(16, 0.1, 0.5), "delta must be greater than 0 and less than 1/2"),
        (lambda: andreev_bound(16, 0.1, counting=cast("Any", "all")), "counting must be"),
        (lambda: andreev_bound(16, 0.1, maass=0), "maass must be greater than 0"),
        (lambda: andreev_bound(16, 0.1, collapse=-1), "collapse must be greater than 0"),
        (lambda: andreev_bound(16, float("nan")), "finite"),
        (lambda: agreement_bound(0.1, 1, 0, 0), "size must be a whole number from 1"),
        (lambda: random_agreement(0, 0.1), "n must be a whole number from 1"),
        (lambda: log2_circuits(1, 1), "bits must be a whole number from 2"),
    ],
)
def test_bad_input(make: Any, complaint: str) -> None:
    """What is wrong is told."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make()
