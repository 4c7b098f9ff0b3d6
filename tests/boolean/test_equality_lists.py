"""Tests of the two readings of (2.9)."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pytest

from relucomb.boolean.equality_lists import equality_list, inequality_list, inequality_list_witness
from relucomb.boolean.named import chattopadhyay_mande, odd_max_bit
from relucomb.boolean.weight_restricted import communication_matrix, exact_rank

SHAPES = [(1, 1), (1, 3), (2, 1), (2, 2), (3, 1), (3, 2), (4, 1)]


@pytest.mark.parametrize(("blocks", "bits"), SHAPES)
def test_against_the_definition(blocks: int, bits: int) -> None:
    """Block by block, at every point."""
    m = blocks * bits
    equal, unequal = (
        communication_matrix(equality_list(blocks, bits)),
        communication_matrix(inequality_list(blocks, bits)),
    )
    for i, j in itertools.product(range(1 << m), repeat=2):
        differ = [(i ^ j) >> k * bits & ((1 << bits) - 1) != 0 for k in range(blocks)]
        last = max((k + 1 for k in range(blocks) if differ[k]), default=0)
        assert unequal[i, j] == (1 if last % 2 else -1)
        last = max((k + 1 for k in range(blocks) if not differ[k]), default=0)
        assert equal[i, j] == (1 if last % 2 else -1)


@pytest.mark.parametrize(("blocks", "bits"), SHAPES)
def test_the_composition_of_named_functions_is_the_list_of_inequalities(blocks: int, bits: int) -> None:
    """Up to the order of the variables, which are neighbours there."""
    m = blocks * bits
    interleaved = [(k // 2) + (k % 2) * m for k in range(2 * m)]
    composed = chattopadhyay_mande(2 * m, blocks)
    assert composed.permute(interleaved) == inequality_list(blocks, bits)


@pytest.mark.parametrize(("blocks", "bits"), SHAPES)
def test_the_list_of_inequalities_has_a_small_sign_rank(blocks: int, bits: int) -> None:
    """The witness has the signs, no zero, and rank at most m + 1."""
    witness = inequality_list_witness(blocks, bits)
    signs = communication_matrix(inequality_list(blocks, bits))
    assert np.array_equal(np.where(witness > 0, 1, -1), signs)
    assert not (witness == 0).any()
    assert exact_rank(witness) <= blocks * bits + 1


def test_bits_of_one_make_both_alike() -> None:
    """With blocks of one bit, equality is inequality with y turned round."""
    f = inequality_list(3, 1).negate_inputs([3, 4, 5])
    assert f == equality_list(3, 1)
    assert odd_max_bit(1).ones == 1


@pytest.mark.parametrize(("blocks", "bits"), [(2, 2), (3, 2), (1, 3), (4, 1)])
def test_all_rows_of_the_list_of_equalities_are_different(blocks: int, bits: int) -> None:
    """So 2^m - 1 steps of rows are needed, whatever the sign-rank is."""
    matrix = communication_matrix(equality_list(blocks, bits))
    assert len(np.unique(matrix, axis=0)) == len(matrix)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: equality_list(0, 1), "blocks must be a whole number from 1"),
        (lambda: inequality_list(1, 0), "bits must be a whole number from 1"),
        (lambda: equality_list(7, 2), "at most 26"),
    ],
)
def test_bad_input(make: Any, complaint: str) -> None:
    """What is wrong is told."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make()
