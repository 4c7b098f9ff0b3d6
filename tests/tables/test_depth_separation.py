"""Tests of relucomb.tables.depth_separation."""

from __future__ import annotations

from itertools import pairwise

from relucomb import tables
from relucomb.tables.depth_separation import counted, uneven_sawtooth


def test_steps_are_uneven() -> None:
    """A point of the simplex with no two steps alike, so that counts do not rest on symmetry."""
    f = uneven_sawtooth(4, 2)
    ends = [0, *f.a[0], f.M]
    steps = [after - before for before, after in pairwise(ends)]
    assert len(set(steps)) == 4
    assert sum(steps) == 1


def test_large_functions_are_not_counted() -> None:
    """Only the formulas are evaluated, however large they are."""
    assert counted(uneven_sawtooth(3, 2), 10) == (6, 9, 10)
    assert counted(uneven_sawtooth(3, 2), 9) == (None, None, None)
    table = tables.make("depth-separation", k=40, w=10, shallow=40)
    assert table.rows == ((40, 10, 40, 400, None, 10**40, None, 10**40, 10**40 + 2, None, 199, 361, 361),)


def test_shallow_networks_have_no_more_layers() -> None:
    """Rows with k' > k are left out."""
    assert tables.make("depth-separation", k=[1, 3], w=2, shallow=[2, 3]).column("shallow") == [2, 3]
