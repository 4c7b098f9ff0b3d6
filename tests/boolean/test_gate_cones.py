"""Tests of the kinds of gates: cones, their rays, symmetries."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.boolean.function import BooleanFunction, points
from relucomb.boolean.gate_cones import gate_cones

CUBES = {n: np.column_stack([points(n).astype(int), np.ones(1 << n, dtype=int)]) for n in range(1, 5)}


@pytest.mark.parametrize(("n", "cones"), [(1, 3), (2, 13), (3, 103), (4, 1881)])
def test_a_cone_for_each_threshold_function(n: int, cones: int) -> None:
    """All but the one that is never true."""
    found = gate_cones(n)
    assert len(found.active) == cones
    assert len(found) == 2 * cones
    assert len(np.unique(found.active, axis=0)) == cones
    assert found.active.any(axis=1).all()


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_rays(n: int) -> None:
    """Each ray lies in its cones; those of a cone span the space; values are the gates of the rays."""
    found, cube = gate_cones(n), CUBES[n]
    sums = found.rays @ cube.T
    for ray in found.rays:
        assert np.linalg.matrix_rank(cube[cube @ ray == 0]) == n
    for cone, pattern in enumerate(found.active):
        members = found.members[found.starts[cone] : found.starts[cone + 1]]
        assert (sums[members][:, pattern] >= 0).all()
        assert (sums[members][:, ~pattern] <= 0).all()
        assert n == 4 or np.linalg.matrix_rank(found.rays[members]) == n + 1
    scale = np.maximum(sums, 0).max(axis=1) // np.maximum(found.values.max(axis=1), 1)
    assert (found.values * scale[:, None] == np.maximum(sums, 0)).all()


@given(
    st.integers(1, 3).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.integers(-6, 6), min_size=n + 1, max_size=n + 1))
    )
)
def test_every_gate_is_a_sum_of_gates_of_rays(drawn: tuple[int, list[int]]) -> None:
    """In the closure of some cone, also if it is 0 at some points: a non-negative combination of the rays there."""
    from scipy.optimize import nnls

    n, weights = drawn
    found, cube = gate_cones(n), CUBES[n]
    heights = cube @ np.array(weights)
    gate = np.maximum(heights, 0)
    inside = [
        cone
        for cone, pattern in enumerate(found.active)
        if (heights[pattern] >= 0).all() and (heights[~pattern] <= 0).all()
    ]
    if not (heights > 0).any():
        return
    assert inside
    for cone in inside:
        _, distance = nnls(found.rays_of(cone).T.astype(float), gate.astype(float))
        assert distance < 1e-9


@given(st.lists(st.integers(-5, 5), min_size=8, max_size=8), st.integers(0, 10**6))
def test_not_positive(functional: list[int], seed: int) -> None:
    """What is said of a kind holds for gates of that kind, and it is said where it holds for all rays."""
    found, cube = gate_cones(3), CUBES[3]
    g = np.array(functional)
    killed = found.not_positive(g)
    rng = np.random.default_rng(seed)
    for kind in rng.integers(0, len(found), 20).tolist():
        sign, cone = (1, kind) if kind < len(found.active) else (-1, kind - len(found.active))
        rays = found.rays[found.members[found.starts[cone] : found.starts[cone + 1]]]
        gate = np.maximum(cube @ (rng.integers(0, 4, len(rays)) @ rays), 0)
        assert not killed[kind] or sign * (g @ gate) <= 0
        each = [sign * (g @ np.maximum(cube @ ray, 0)) <= 0 for ray in rays]
        assert killed[kind] == all(each)


def test_orbits_are_those_of_all_symmetries() -> None:
    """Compared with every permutation and negation in turn."""
    found = gate_cones(3)
    index = {tuple(row): k for k, row in enumerate(found.active.tolist())}
    count = len(found.active)
    for number in (0b10010110, 0b11101000, 0b00010110, 0b00000111):
        f = BooleanFunction.from_integer(number, 3)
        orbits = found.orbits(f)
        for order in itertools.permutations(range(3)):
            for turned in itertools.product([False, True], repeat=3):
                names = [i for i in range(3) if turned[i]]
                image = f.negate_inputs(names).permute(order)
                if image not in (f, ~f):
                    continue
                for cone, pattern in enumerate(found.active):
                    moved = BooleanFunction(pattern).negate_inputs(names).permute(order).table.tolist()
                    kind = index[tuple(moved)]
                    assert orbits[cone] == orbits[kind if image == f else kind + count]


def test_too_many_variables() -> None:
    """Six have 15 million cones."""
    for n in (0, 6):
        with pytest.raises(ValueError, match="n must be from 1 to 5"):
            gate_cones(n)
