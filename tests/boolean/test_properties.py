"""Monotone, unate, symmetric: against the definitions, for all functions of up to three variables."""

from __future__ import annotations

import itertools

import pytest

from relucomb.boolean import BooleanFunction
from relucomb.boolean.properties import (
    Direction,
    directions,
    is_monotone,
    is_symmetric,
    is_unate,
    values_by_weight,
)


@pytest.mark.parametrize("n", range(4))
def test_all_functions(n: int) -> None:
    """Monotone functions by comparable points, unate ones by turning variables, symmetric ones by permutations."""
    monotone = []
    for number in range(1 << (1 << n)):
        f = BooleanFunction.from_integer(number, n)
        comparable = [(j, k) for j in range(1 << n) for k in range(1 << n) if j & k == j]
        rises = all(f.table[j] <= f.table[k] for j, k in comparable)
        assert is_monotone(f) == rises
        if rises:
            monotone.append(f)
        assert is_symmetric(f) == all(f.permute(order) == f for order in itertools.permutations(range(n)))
    assert len(monotone) == [2, 3, 6, 20][n]  # Dedekind's numbers
    unate = {
        f.negate_inputs(t) for f in monotone for size in range(n + 1) for t in itertools.combinations(range(n), size)
    }
    for number in range(1 << (1 << n)):
        f = BooleanFunction.from_integer(number, n)
        assert is_unate(f) == (f in unate)


def test_directions() -> None:
    """One variable of each kind: x_0 selects between x_1 and not x_2, and x_3 does not matter."""
    f = BooleanFunction.from_callable(lambda b: b[1] if b[0] else 1 - b[2], 4, "bits")
    assert directions(f) == (Direction.mixed, Direction.rising, Direction.falling, Direction.idle)
    assert directions(BooleanFunction([1])) == ()


def test_values_by_weight() -> None:
    """The value at each number of ones, if there is but one."""
    assert values_by_weight(BooleanFunction.from_name("parity", 5)) == (False, True) * 3
    assert values_by_weight(BooleanFunction([1])) == (True,)
    assert values_by_weight(BooleanFunction([0] * 8)) == (False,) * 4
    assert values_by_weight(BooleanFunction.from_name("greater_than", 4)) is None
