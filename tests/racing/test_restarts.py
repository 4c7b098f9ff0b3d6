"""Tests of how many attempts one success takes."""

from __future__ import annotations

import pytest

from relucomb.racing.restarts import restarts_needed


@pytest.mark.parametrize("fraction", [0.001, 0.02, 0.3, 0.9, 0.98])
def test_so_many_restarts_and_no_fewer(fraction: float) -> None:
    """All of them fail with probability at most 1 %, one fewer would not do."""
    needed = restarts_needed(fraction)
    assert needed is not None
    assert (1 - fraction) ** needed <= 0.01 < (1 - fraction) ** (needed - 1)


def test_never_and_always() -> None:
    """Who never succeeds needs infinitely many runs, who always does needs one."""
    assert (restarts_needed(0.0), restarts_needed(1.0), restarts_needed(0.995)) == (None, 1, 1)
