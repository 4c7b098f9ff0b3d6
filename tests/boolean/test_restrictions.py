"""Tests of restrictions: what they leave, and how the random ones are distributed."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.boolean.function import BooleanFunction, points
from relucomb.boolean.named import andreev, andreev_shape
from relucomb.boolean.restrictions import RandomRestriction, Restriction, restricted_andreev_table

words = st.text("01*", min_size=1, max_size=6)


@given(words, st.data())
def test_a_restriction_evaluates_the_function_at_the_points_it_leaves(word: str, data: st.DataObject) -> None:
    """The function that is left has, at each point, the value of the whole one at the filled point."""
    rho = Restriction.from_string(word)
    f = BooleanFunction.from_integer(data.draw(st.integers(0, (1 << (1 << rho.n)) - 1)), rho.n)
    left = rho(f)
    assert left.n == len(rho.free)
    assert np.array_equal(left.table, f(rho.fill(points(left.n))))


@given(words)
def test_words_and_values(word: str) -> None:
    """The word, the entries in bits or signs and the values tell the same."""
    rho = Restriction.from_string(word)
    assert str(rho) == word
    assert rho == Restriction.from_values(rho.n, rho.values)
    assert rho == Restriction(tuple(None if letter == "*" else 2 * int(letter) - 1 for letter in word))
    assert sorted([*rho.free, *rho.values]) == list(range(rho.n))


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Restriction((1, 0, -1)), "mixes bits and signs"),
        (lambda: Restriction((2, None)), "2 is no value"),
        (lambda: Restriction.from_string("1?"), "must consist of 0, 1 and *; got '1?'"),
        (lambda: Restriction.from_values(2, {2: 1}), "the variables are 0 to 1; got 2"),
        (lambda: Restriction.from_values(-1, {}), "n must be a whole number from 0 on; got -1"),
        (lambda: Restriction((None, 1))(BooleanFunction([0, 1])), "f must have 2 variables"),
        (lambda: Restriction((None, 1)).fill([[1, 1]]), "must have shape (N, 1)"),
    ],
)
def test_bad_restrictions(make: Any, complaint: str) -> None:
    """What is wrong is told."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make()


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: RandomRestriction.of_partition([]), "must have a part"),
        (lambda: RandomRestriction.of_partition([[0, 1], [1, 2]]), "variable 1 is in part 0 and in part 1"),
        (lambda: RandomRestriction.of_partition([[0, 0]]), "variable 0 is in part 0 and in part 0"),
        (lambda: RandomRestriction.of_partition([[0, 1], [3, 4]]), "the variables are 0 to 3; got 4"),
        (lambda: RandomRestriction.of_partition([[0, 1], []], equal=False), "part 1 is empty"),
        (lambda: RandomRestriction.of_partition([[0, 1], [2]]), "the same size (or equal=False"),
        (lambda: RandomRestriction.of_partition([[-1, 0]]), "got -1"),
        (lambda: RandomRestriction(3, [[0]], {0: 1}), "variable 0 is in part 0 and in values"),
        (lambda: RandomRestriction(3, [[0]], {1: 2}), "2 is no value"),
        (lambda: RandomRestriction(0, []), "n must be a whole number from 1"),
        (lambda: RandomRestriction.blocks(7, 2), "must divide n = 7"),
        (lambda: RandomRestriction.andreev(3), "at least 4"),
        (lambda: RandomRestriction.andreev(8, x=[0, 1]), "x must have 4 entries"),
    ],
)
def test_bad_partitions(make: Any, complaint: str) -> None:
    """Sets that are no partition, and parts of unequal sizes where the source needs equal ones."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make()


@pytest.mark.parametrize(
    "rho",
    [
        RandomRestriction.blocks(4, 2),
        RandomRestriction.of_partition([[2], [0, 1, 3]], equal=False),
        RandomRestriction(5, [[1, 3]], {0: 0, 4: 1}),
        RandomRestriction(3, []),
    ],
)
def test_all_restrictions(rho: RandomRestriction) -> None:
    """As many as counted, all different, one free variable per part, the given values kept."""
    listed = list(rho)
    assert len(listed) == len(set(listed)) == rho.count
    for one in listed:
        assert all(sum(i in part for i in one.free) == 1 for part in rho.parts)
        assert len(one.free) == len(rho.parts)
        assert all(one.entries[i] == value for i, value in rho.values.items())


def test_samples_are_uniform() -> None:
    """16 restrictions, 8000 draws: chi-square below its 0.999 quantile, for a fixed seed."""
    rho = RandomRestriction.blocks(4, 2)
    random = np.random.default_rng(7)
    drawn = Counter(rho.sample(random) for _ in range(8000))
    assert set(drawn) == set(rho)
    assert sum((count - 500) ** 2 / 500 for count in drawn.values()) < 37.7


@pytest.mark.parametrize("n", [4, 5, 8, 9, 11])
def test_claim_2_at_all_restrictions(n: int) -> None:
    """What is left of Andreev's function is x, turned by the parities of the rows."""
    f = andreev(n)
    table, rows, _ = andreev_shape(n)
    random = np.random.default_rng(n)
    for x in random.integers(0, 2, (3, table)).tolist():
        for rho in RandomRestriction(n, RandomRestriction.andreev(n).parts, dict(enumerate(x))):
            left = rho(f)
            assert left == restricted_andreev_table(n, rho)
            even = all(sum(rho.entries[i] == 1 for i in part) % 2 == 0 for part in RandomRestriction.andreev(n).parts)
            if even:
                assert left.table.astype(int).tolist() == x[: 1 << rows]


def test_claim_2_the_table_left_is_uniform() -> None:
    """Over all restrictions of A_8 each function of two variables is left equally often."""
    left = Counter(restricted_andreev_table(8, rho) for rho in RandomRestriction.andreev(8))
    assert set(left.values()) == {RandomRestriction.andreev(8).count // 16}
    assert len(left) == 16


@pytest.mark.parametrize("n", [16, 22])
def test_claim_2_for_larger_tables(n: int) -> None:
    """Sampled, for larger tables."""
    f = andreev(n)
    random = np.random.default_rng(n)
    for _ in range(5):
        rho = RandomRestriction.andreev(n).sample(random)
        assert rho(f) == restricted_andreev_table(n, rho)


def test_not_of_the_form_of_definition_15() -> None:
    """A restriction that leaves a bit of the table free is refused."""
    with pytest.raises(ValueError, match="one bit of each row"):
        restricted_andreev_table(8, Restriction.from_string("*11000*0"))
