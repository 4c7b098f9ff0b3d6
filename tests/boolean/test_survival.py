"""Tests of survival probabilities against all restrictions, one by one."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relucomb.boolean import survival
from relucomb.boolean.circuits import Circuit
from relucomb.boolean.function import points
from relucomb.boolean.restrictions import RandomRestriction
from relucomb.boolean.survival import GateKind, estimate_survival, lemma_bound, survival_probability

GATES: tuple[GateKind, ...] = ("LTF", "ReLU")
partitions = st.sampled_from(
    [
        RandomRestriction.blocks(4, 2),
        RandomRestriction.blocks(6, 3),
        RandomRestriction.blocks(3, 3),
        RandomRestriction.of_partition([[2, 0, 1]]),
        RandomRestriction.of_partition([[4], [0, 3, 2, 1]], equal=False),
        RandomRestriction(5, [[1, 3]], {0: 0}),
        RandomRestriction(4, [], {0: 1}),
    ]
)


def by_listing(weights: list[Any], bias: Any, rho: RandomRestriction, gate: str) -> Fraction:
    """Evaluate the gate's argument at every point of every restricted cube."""
    survived = 0
    for one in rho:
        cube = one.fill(points(len(one.free))).astype(object)
        heights = [sum(w * x for w, x in zip(weights, point, strict=True)) + bias for point in cube.tolist()]
        if gate == "LTF":
            survived += len({z >= 0 for z in heights}) == 2
        else:
            survived += not (all(z >= 0 for z in heights) or all(z <= 0 for z in heights))
    return Fraction(survived, rho.count)


@settings(deadline=None, max_examples=60)
@given(partitions, st.data(), st.sampled_from(GATES))
def test_exact_probability(rho: RandomRestriction, data: st.DataObject, gate: GateKind) -> None:
    """The same as trying all restrictions; small weights, so that zeros and ties abound."""
    weights = data.draw(st.lists(st.integers(-3, 3), min_size=rho.n, max_size=rho.n))
    bias = data.draw(st.fractions(-4, 4, max_denominator=2))
    assert survival_probability(weights, bias, rho, gate).probability == by_listing(weights, bias, rho, gate)


@settings(deadline=None, max_examples=20)
@given(st.data(), st.sampled_from(GATES))
def test_the_two_ways_of_counting_agree(data: st.DataObject, gate: GateKind) -> None:
    """Large and rational weights, counted sum by sum, are right too, and so are small ones counted so."""
    rho = RandomRestriction(6, [[0, 1], [2, 3]])
    sizes = st.one_of(st.integers(-(10**30), 10**30), st.fractions(-9, 9, max_denominator=10**6))
    weights = data.draw(st.lists(sizes, min_size=6, max_size=6))
    assert survival_probability(weights, 1, rho, gate).probability == by_listing(weights, 1, rho, gate)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survival, "MOST_DENSE_BITS", 0)
        small = [int(w) % 3 - 1 for w in weights]
        assert survival_probability(small, 1, rho, gate).probability == by_listing(small, 1, rho, gate)


def test_where_the_two_gates_differ() -> None:
    """max(0, x - 1) is 0 at all points and removable; [x - 1 >= 0] is no constant."""
    rho = RandomRestriction.blocks(1, 1)
    assert survival_probability([1], -1, rho, "ReLU").probability == 0
    assert survival_probability([1], -1, rho, "LTF").probability == 1


@pytest.mark.parametrize(("weights", "bias"), [([0] * 4, 0), ([0] * 4, -1), ([1] * 4, 100), ([1] * 4, -100)])
def test_gates_that_never_survive(weights: list[int], bias: int) -> None:
    """Constant gates are always settled."""
    for gate in GATES:
        assert survival_probability(weights, bias, RandomRestriction.blocks(4, 2), gate).probability == 0


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize(
    ("weights", "bias", "rho"),
    [
        ([1] * 60, 0, RandomRestriction.blocks(60, 3)),
        (list(range(1, 41)), 3, RandomRestriction.blocks(40, 4)),
        ([2**k for k in range(18)], Fraction(1, 3), RandomRestriction.blocks(18, 2)),
        ([3**k for k in range(50)], 0, RandomRestriction.of_partition([range(k, 50, 10) for k in range(10)])),
        ([0, 1, 5, -2, 7, 7, 1], 0, RandomRestriction(7, [[1, 2, 3], [5, 6]], {0: 1})),
    ],
)
def test_intervals_contain_the_exact_value(
    weights: list[int], bias: Fraction, rho: RandomRestriction, gate: GateKind
) -> None:
    """For fixed seeds the Clopper-Pearson interval contains the exact probability, where that can be counted."""
    found = estimate_survival(weights, bias, rho, gate, trials=20_000, seed=3, confidence=0.999)
    assert found.low <= found.survived / found.trials <= found.high
    decided = weights[-1] > 10**20  # 3^k: the last weight decides unless it is free
    exact = Fraction(1, 5) if decided else survival_probability(weights, bias, rho, gate).probability
    assert found.low <= exact <= found.high
    again = estimate_survival(weights, bias, rho, gate, trials=20_000, seed=3, confidence=0.999)
    assert again == found


def test_sums_beyond_64_bits_do_not_wrap() -> None:
    """Multiplied by 2^80 a gate survives the same restrictions, and so the same number of them."""
    weights = [5, -3, 8, 1, 1, 2, 9, -4, 4]
    rho = RandomRestriction.blocks(9, 3)
    for gate in GATES:
        small = estimate_survival(weights, 1, rho, gate, trials=2000)
        assert estimate_survival([w << 80 for w in weights], 1 << 80, rho, gate, trials=2000) == small
        for nearly in (2**58, 2**61):  # on either side of the limit of 64 bits
            assert estimate_survival([w * nearly for w in weights], nearly, rho, gate, trials=2000) == small


def test_equal_weights_and_many_variables() -> None:
    """With n = 10^4 equal weights the constant is that of the central binomial coefficients, sqrt(2 / pi)."""
    found = survival_probability([1] * 10_000, 0, RandomRestriction.blocks(10_000, 10))
    assert abs(found.constant - (2 / np.pi) ** 0.5) < 0.002
    assert abs(found.constant * lemma_bound(RandomRestriction.blocks(10_000, 10)) - float(found.probability)) < 1e-12
    drawn = estimate_survival([1] * 10_000, 0, RandomRestriction.blocks(10_000, 10), trials=20_000)
    assert drawn.constants[0] < found.constant < drawn.constants[1]


def test_agrees_with_the_gate_of_a_circuit() -> None:
    """The LTF gate of a circuit is forced exactly where its restricted truth table is constant."""
    weights, bias = [3, -1, 2, 2, -5, 1], -2
    f = Circuit([([weights], [bias], "LTF")]).truth_table()
    rho = RandomRestriction.blocks(6, 2)
    alive = sum(one(f).ones not in (0, 4) for one in rho)
    assert survival_probability(weights, bias, rho).probability == Fraction(alive, rho.count)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda rho: survival_probability([1, 2], 0, rho), "weights must have 4 entries"),
        (lambda rho: survival_probability([1, 2, 3, float("nan")], 0, rho), "finite"),
        (lambda rho: survival_probability([1] * 4, float("inf"), rho), "finite"),
        (lambda rho: survival_probability([1] * 4, 0, rho, cast("Any", "AND")), "gate must be"),
        (lambda rho: estimate_survival([1] * 4, 0, rho, trials=0), "trials must be a whole number"),
        (lambda rho: estimate_survival([1] * 4, 0, rho, confidence=1.0), "confidence must be between"),
        (
            lambda _: survival_probability([3**k for k in range(60)], 0, RandomRestriction.blocks(60, 2)),
            "estimate_survival draws restrictions instead",
        ),
    ],
)
def test_bad_input(make: Any, complaint: str) -> None:
    """What is wrong is told."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make(RandomRestriction.blocks(4, 2))
