"""The sum of all determinants, with short integers and with long ones."""

from __future__ import annotations

import naive_zonotopes as naive
import numpy as np
import pytest

from relucomb.zonotopes.volume import sum_of_determinants


@pytest.mark.parametrize(("m", "n"), [(1, 1), (9, 1), (9, 2), (8, 3), (7, 4), (2, 3), (6, 5), (5, 5)])
@pytest.mark.parametrize("largest", [1, 99, 10**5, 10**9])
def test_all_determinants(m: int, n: int, largest: int) -> None:
    """64 bits or more, the sum is that of the literal determinants."""
    rows = np.random.default_rng(m * n).integers(-largest, largest, size=(m, n), endpoint=True).tolist()
    assert 2**n * sum_of_determinants(rows) == naive.volume(rows)
