"""Counting the vertices one generator after another."""

from __future__ import annotations

from hypothesis import given

import relucomb as rc
from zonotopes.test_zonotope import generators


@given(generators(most=6, dimensions=4))
def test_each_number_is_that_of_the_generators_so_far(B: list[list[int]]) -> None:
    """The numbers never fall, and the last one is the count."""
    Z = rc.Zonotope(B)
    merged = Z.merged()
    counts = list(Z.iter_counts())
    assert counts[-1] == Z.count_vertices()
    if Z.directions:
        prefixes = [rc.Zonotope(merged.generators[: k + 1]) for k in range(len(merged))]
        assert counts == [prefix.count_vertices() for prefix in prefixes]
    else:
        assert counts == [1]
