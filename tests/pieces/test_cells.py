"""Tests of cells as polyhedra."""

from __future__ import annotations

from fractions import Fraction

import relucomb as rc


def only_cell(net: rc.ReLUNetwork, kind: str, domain: object, pattern: tuple[tuple[bool, ...], ...]) -> rc.Cell:
    """Return the cell of a pattern."""
    [cell] = [c for piece in rc.pieces(net, kind, domain) for c in piece.cells if c.pattern == pattern]  # type: ignore[arg-type]
    return cell


TRIANGLE = rc.ReLUNetwork([[[1, 0], [0, 1], [-1, -1]], [[1, 1, 1]]], [[0, 0, 2], [0]])
"""Three lines that bound the triangle (0, 0), (2, 0), (0, 2)."""


def test_a_triangle() -> None:
    """The bounded cell has its corners, three inequalities, no rays, no lines."""
    cell = only_cell(TRIANGLE, "activation", None, ((True, True, True),))
    assert set(cell.vertices) == {(0, 0), (2, 0), (0, 2)}
    assert cell.rays == cell.lines == ()
    A, b = cell.inequalities
    rows = {(tuple(map(int, row)), int(bound)) for row, bound in zip(A, b, strict=True)}
    assert rows == {((-1, 0), 0), ((0, -1), 0), ((1, 1), 2)}
    assert len(cell.equations[0]) == 0
    assert cell.interior_point == (Fraction(2, 3), Fraction(2, 3))
    assert cell.dimension == 2
    assert repr(cell) == "<Cell 111: 3 vertices, 0 rays, 0 lines>"


def test_an_unbounded_cell() -> None:
    """Opposite to a corner: one vertex, two rays, two inequalities, none for the line that only touches."""
    cell = only_cell(TRIANGLE, "activation", None, ((False, False, True),))
    assert cell.vertices == ((0, 0),)
    assert set(cell.rays) == {(-1, 0), (0, -1)}
    assert len(cell.inequalities[0]) == 2


def test_walls_of_a_box_are_inequalities() -> None:
    """On a box every cell is bounded, by walls where no unit bounds it."""
    cell = only_cell(TRIANGLE, "activation", [(-1, 3), (-1, 3)], ((False, False, True),))
    assert set(cell.vertices) == {(0, 0), (-1, 0), (0, -1), (-1, -1)}
    A, b = cell.inequalities
    rows = {(tuple(map(int, row)), int(bound)) for row, bound in zip(A, b, strict=True)}
    assert rows == {((1, 0), 0), ((0, 1), 0), ((-1, 0), 1), ((0, -1), 1)}


def test_cells_without_interior() -> None:
    """The regions of |x| where x = 0 and both units are off: a point on R, a line in the plane."""
    point = only_cell(rc.ReLUNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]]), "patterns", None, ((False, False),))
    assert point.vertices == ((0,),)
    assert point.dimension == 0
    assert len(point.inequalities[0]) == 0
    assert [row.tolist() for row in point.equations] == [[[1]], [0]]
    line = only_cell(
        rc.ReLUNetwork([[[1, 1], [-1, -1]], [[1, 1]]], [[-1, 1], [0]]), "patterns", None, ((False, False),)
    )
    assert line.dimension == 1
    assert line.lines in (((-1, 1),), ((1, -1),))
    A, b = line.equations
    assert (A @ line.interior_point == b).all()


def test_constraints_that_never_bind_are_left_out() -> None:
    """A unit that is constant, parallel or far away is no facet."""
    net = rc.ReLUNetwork([[[1, 0], [0, 0], [1, 0], [2, 0]], [[1, 1, 1, 1]]], [[0, 1, -5, 0], [0]])
    cells = [cell for piece in rc.pieces(net, "activation") for cell in piece.cells]
    assert sorted(len(cell.inequalities[0]) for cell in cells) == [1, 1, 2]
    assert all(len(cell.lines) == 1 for cell in cells)
