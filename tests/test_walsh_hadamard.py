"""Tests of the transforms of truth tables."""

from __future__ import annotations

import numpy as np
import pytest

from relucomb_solvers import walsh_hadamard as module
from relucomb_solvers.walsh_hadamard import moebius, walsh_hadamard

pytestmark = pytest.mark.kernels


@pytest.mark.parametrize("n", range(7))
def test_transform_is_the_sum_it_stands_for(n: int) -> None:
    """For every set, the sum over all points of value times the product of its variables."""
    rng = np.random.default_rng(n)
    values = rng.integers(-5, 6, 1 << n).astype(np.int32)
    cube = 2 * (np.arange(1 << n)[:, None] >> np.arange(n) & 1) - 1
    expected = [
        sum(int(values[k]) * int(np.prod([cube[k, i] for i in range(n) if s >> i & 1])) for k in range(1 << n))
        for s in range(1 << n)
    ]
    assert walsh_hadamard(values).tolist() == expected


@pytest.mark.parametrize("block", [1, 2, 4, 8, 32])
def test_blocks_change_nothing(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the butterflies are divided between small and large strides."""
    values = np.random.default_rng(0).integers(-9, 10, 32).astype(np.int32)
    expected = walsh_hadamard(values)
    monkeypatch.setattr(module, "BLOCK", block)
    assert (walsh_hadamard(values) == expected).all()
    assert (walsh_hadamard(walsh_hadamard(values))[::-1] != 0).any()


def test_sums_that_do_not_fit_are_refused() -> None:
    """32 bits never wrap."""
    with pytest.raises(OverflowError, match=r"2\*\*31"):
        walsh_hadamard(np.full(2, 1 << 30, dtype=np.int32))


@pytest.mark.parametrize("n", range(6))
def test_moebius_transform_gives_the_polynomial(n: int) -> None:
    """The value at a point is the sum modulo two of the coefficients of the subsets of its ones."""
    values = np.random.default_rng(n).integers(0, 2, 1 << n).astype(np.uint8)
    coefficients = values.copy()
    moebius(coefficients)
    for k in range(1 << n):
        assert sum(int(coefficients[s]) for s in range(1 << n) if s & ~k == 0) % 2 == values[k]
