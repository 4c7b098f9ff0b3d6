"""Tests of facets and of gluing cells."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest

from relucomb.networks import ReLUNetwork
from relucomb.pieces.network_complex import NetworkComplex
from relucomb_solvers.gluing import facet_numbers, glued_at_facets, glued_at_points

if TYPE_CHECKING:
    from relucomb_solvers.polyhedral_complex import PolyhedralComplex

pytestmark = pytest.mark.kernels


def coordinate_planes(n: int) -> PolyhedralComplex:
    """Return the orthants of R^n."""
    net = ReLUNetwork([np.eye(n, dtype=int), np.ones((1, n), dtype=int)], [[0] * n, [0]])
    [part] = NetworkComplex.of(net, None).parts()
    return part


def neighbours(cells: PolyhedralComplex) -> set[tuple[int, int]]:
    """Return the pairs of cells that share a facet."""
    owners, facets = facet_numbers(cells, np.arange(len(cells)))
    pairs = set()
    for facet in set(facets.tolist()):
        sides = sorted(owners[facets == facet].tolist())
        assert len(sides) <= 2
        pairs |= set(itertools.combinations(sides, 2))
    return pairs


@pytest.mark.parametrize("n", [1, 2, 3])
def test_orthants_are_a_cube(n: int) -> None:
    """Orthants are neighbours where their signs differ in one place."""
    cells = coordinate_planes(n)
    patterns = cells.bits[:, 0].tolist()
    expected = {
        (i, j) for i, j in itertools.combinations(range(2**n), 2) if bin(patterns[i] ^ patterns[j]).count("1") == 1
    }
    assert neighbours(cells) == expected


def test_coincident_hyperplanes_make_one_facet() -> None:
    """Three units that vanish on one line, one of them turned round, separate the same two cells once."""
    net = ReLUNetwork([[[1, 0], [-2, 0], [3, 0], [0, 1]], [[1, 1, 1, 1]]], [[0, 0, 0, 0], [0]])
    [part] = NetworkComplex.of(net, None).parts()
    assert len(part) == 4
    assert len(neighbours(part)) == 4


def test_boxes_have_facets_on_their_walls() -> None:
    """A box cut once has a common facet and three others on either side."""
    net = ReLUNetwork([[[1, 0]], [[1]]], [[0], [0]])
    [part] = NetworkComplex.of(net, [(-1, 1), (0, 1)]).parts()
    owners, facets = facet_numbers(part, np.arange(2))
    assert np.bincount(owners).tolist() == [4, 4]
    assert len(set(facets.tolist())) == 7


def test_opposite_orthants_touch_in_the_origin() -> None:
    """Two opposite quadrants with one map are two pieces if glued along facets, one if glued where they touch."""
    cells = coordinate_planes(2)
    patterns = cells.bits[:, 0].tolist()
    maps = np.array([{0: 0, 3: 0, 1: 1, 2: 2}[pattern] for pattern in patterns])
    assert glued_at_facets(cells, maps)[0] == 4
    count, labels = glued_at_points(cells, maps)
    assert count == 3
    assert labels[patterns.index(0)] == labels[patterns.index(3)]


def test_all_alike_are_one() -> None:
    """With one map everywhere there is one component; with all different there are as many as cells."""
    for n in (1, 2, 3):
        cells = coordinate_planes(n)
        for glue in (glued_at_facets, glued_at_points):
            assert glue(cells, np.zeros(2**n, dtype=np.int64))[0] == 1
            assert glue(cells, np.arange(2**n))[0] == 2**n


def test_parallel_strips_touch_nowhere() -> None:
    """Rays at infinity that cells have in common are no points in common."""
    net = ReLUNetwork([[[1, 0], [1, 0], [0, 1]], [[1, 1, 1]]], [[0, -1, 0], [0]])
    [part] = NetworkComplex.of(net, None).parts()
    # left, middle and right strip, each above and below
    maps = np.array([0 if pattern & 3 in (0, 3) else 1 for pattern in part.bits[:, 0].tolist()])
    assert glued_at_points(part, maps)[0] == 3


def test_many_facets() -> None:
    """More facets than the first buffers hold: a cell with seventy sides."""
    angles = np.arange(70) * 2 * np.pi / 70
    net = ReLUNetwork([np.column_stack([np.cos(angles), np.sin(angles)]), np.ones((1, 70))], [np.full(70, -1.0), [0.0]])
    [part] = NetworkComplex.of(net, None).parts()
    inside = int(np.flatnonzero((part.bits == 0).all(axis=1))[0])
    owners, _ = facet_numbers(part, np.array([inside]))
    assert len(owners) == 70
