"""Tests of relucomb.plots.pieces: what is drawn, and what cannot be."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, permutations
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from relucomb.networks import ReLUNetwork
from relucomb.plots.pieces import outline, plot_pieces, render_pieces, window_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

mpl.use("agg")

# max(-y, min(0, -x)): three pieces from five regions
NET = ReLUNetwork([[[1, 0], [0, 1], [0, -1]], [[1, 0, 0], [1, -1, 1]], [[-1, 1]]], [[0, 0, 0], [0, 0], [0]])
HAT = ReLUNetwork([[[1], [1], [1], [1]], [[1, -2, 1, 0]]], [[0, -1, -2, -3], [0]])


def axes() -> Axes:
    """Return axes that no window knows of."""
    return Figure().subplots()


def collections(ax: Axes, kind: type) -> list[Any]:
    """Return what was drawn of one kind."""
    return [artist for artist in ax.collections if isinstance(artist, kind)]


def test_a_map_has_a_polygon_for_each_region() -> None:
    """Regions of one piece have one colour, neighbouring pieces have different ones, and they fill the window."""
    ax = plot_pieces(NET, ax=axes(), domain=[(-1, 1), (-2, 2)])
    (polygons,) = collections(ax, PolyCollection)
    outlines = [path.vertices[:-1] for path in polygons.get_paths()]
    assert len(outlines) == 5
    assert len({tuple(colour) for colour in polygons.get_facecolor().tolist()}) == 3
    areas = [area(corners) for corners in outlines]
    assert sum(areas) == pytest.approx(8.0)
    assert ax.get_xlim() == (-1, 1)
    assert ax.get_ylim() == (-2, 2)
    assert ax.get_title() == "network of widths 2-3-2-1: 3 linear pieces in this window"


def area(corners: Any) -> float:
    """Return the area of a polygon with its corners in order."""
    x, y = corners.T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def test_borders_are_thick_and_lines_inside_of_pieces_thin() -> None:
    """The plane is parted by four rays; where the function goes on, the line is only that of a unit."""
    ax = plot_pieces(NET, ax=axes(), domain=[(-1, 1), (-1, 1)])
    inner, border = (lines.get_segments() for lines in collections(ax, LineCollection))
    middle = {tuple(np.mean(segment, axis=0)) for segment in inner}
    assert middle == {(0.5, 0.0), (0.0, -0.5)}
    assert {tuple(np.mean(segment, axis=0)) for segment in border} == {(-0.5, 0.0), (0.0, 0.5), (0.5, 0.5)}


def test_a_curve_changes_its_colour_where_pieces_end() -> None:
    """Three kinks of the hat, and the switch of a unit that changes nothing."""
    ax = plot_pieces(HAT, ax=axes())
    labels = ax.get_legend_handles_labels()[1]
    assert labels == ["3 ends of pieces", "1 other switch of units"]
    curves = [line for line in ax.lines if line.get_marker() == "None"]
    assert len(curves) == 5
    colours = [line.get_color() for line in curves]
    assert [a == b for a, b in pairwise(colours)] == [False, False, False, True]


def test_windows() -> None:
    """Around all corners; but a few corners far away do not make the rest invisible."""
    assert window_of(HAT) == [(Fraction(-9, 20), Fraction(69, 20))]
    assert window_of(ReLUNetwork([[[1, 2]]], [[3]])) == [(-1, 1), (-1, 1)]
    places = [*range(40), 10**6]
    far = ReLUNetwork([[[1]] * 41, [[1] * 41]], [[-place for place in places], [0]])
    (window,) = window_of(far)
    assert window[1] < 100
    assert plot_pieces(far, ax=axes()).get_title() == "network of widths 1-41-1: 42 linear pieces, 41 in this window"


def testoutlines_are_in_order() -> None:
    """Whatever the order of the corners, and with corners that floats cannot tell apart."""
    tiny = Fraction(1, 10**30)
    square = [(Fraction(0), Fraction(0)), (Fraction(1), Fraction(0)), (Fraction(1), tiny), (Fraction(0), tiny)]
    for order in permutations(square):
        assert outline(order) == square


@pytest.mark.parametrize("kind", ["activation", "affine", "affine-closed", "maps"])
def test_all_kinds_that_can_be_seen(kind: str) -> None:
    """A picture for each, equal in every run."""
    assert render_pieces(NET, "svg", kind) == render_pieces(NET, "svg", kind)


def test_several_outputs_have_no_levels() -> None:
    """The map of two outputs has polygons and lines only."""
    both = ReLUNetwork([[[1, 0], [0, 1]], [[1, 0], [0, 1]]], [[0, 0], [0, 0]])
    ax = plot_pieces(both, ax=axes())
    assert len(ax.collections) == 3


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inputs, outputs, kinds and sizes that cannot be drawn, names that do not fit."""
    with pytest.raises(ValueError, match="got 3 inputs"):
        plot_pieces(ReLUNetwork([[[1, 1, 1]]], [[0]]))
    with pytest.raises(ValueError, match="got 2 outputs"):
        plot_pieces(ReLUNetwork([[[1], [1]]], [[0, 0]]))
    with pytest.raises(ValueError, match="must not be 'patterns'"):
        plot_pieces(NET, "patterns")
    with pytest.raises(ValueError, match="names must name the 2 inputs; got 1"):
        plot_pieces(NET, names=["a"])
    with pytest.raises(TypeError, match="got str"):
        plot_pieces("net")  # type: ignore[arg-type]
    monkeypatch.setattr("relucomb.plots.pieces.MOST_CELLS", 3)
    with pytest.raises(ValueError, match="net has 5 activation regions; at most 3 are drawn"):
        window_of(NET)
