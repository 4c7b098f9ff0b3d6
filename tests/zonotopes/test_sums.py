"""Tests of the engine relucomb_solvers.zonotope_sums."""

from __future__ import annotations

import numpy as np
import pytest

from relucomb_solvers import zonotope_sums


@pytest.mark.kernels
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 9])
def test_both_ways_agree(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels and matrix products give the sums, up to rounding."""
    rng = np.random.default_rng(n)
    R, B = rng.normal(size=(50, n)), rng.normal(size=(17, n))
    expected = np.abs(R @ B.T).sum(axis=1)
    np.testing.assert_allclose(zonotope_sums.absolute_sums(R, B), expected, rtol=1e-14)
    monkeypatch.setattr(zonotope_sums, "_WORTH_A_KERNEL", 0)
    monkeypatch.setattr(zonotope_sums, "_BLOCK", 40)
    np.testing.assert_allclose(zonotope_sums.absolute_sums(R, B), expected, rtol=1e-14)
    assert zonotope_sums.absolute_sums(R[:0], B).shape == (0,)
