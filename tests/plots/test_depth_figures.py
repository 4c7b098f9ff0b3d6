"""Tests of relucomb.plots.depth_figures: what the figures say is counted."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from matplotlib.figure import Figure

from relucomb.families import ZonotopeFunction
from relucomb.plots.depth_figures import (
    GENERATORS,
    _bands,
    _reach,
    draw_figure_2_1,
    draw_figure_2_2,
    render_figure_2_1,
)


def test_figure_2_1() -> None:
    """Three pieces, two, and their product; the dotted line below is the function on top."""
    figure = Figure()
    draw_figure_2_1(figure)
    titles = [ax.get_title().rpartition(": ")[2] for ax in figure.axes]
    assert titles == ["3 pieces on [0, 1]", "2 pieces on [0, 1]", "6 pieces on [0, 1]"]
    top, _, bottom = figure.axes
    assert bottom.lines[1].get_xydata().tolist() == top.lines[0].get_xydata().tolist()
    assert render_figure_2_1("svg") == render_figure_2_1("svg")


def test_figure_2_2() -> None:
    """4, 8 and 8 linear pieces of the support function, with 4, 4 and 8 pieces of the sawtooth each."""
    figure = Figure()
    draw_figure_2_2(figure)
    assert [ax.get_title().splitlines()[1] for ax in figure.axes] == [
        "16 pieces above zero",
        "32 pieces above zero",
        "64 pieces above zero",
    ]


def test_bands_cover_the_polygon() -> None:
    """Their areas add up, each lies between its heights, and a flat face is one band."""
    triangle = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.35], [0.0, 1.0, 1.0]])
    bands = _bands(triangle)
    areas = []
    for height, band in bands:
        assert np.all(np.abs(band[:, 2] - height) <= 0.5 / 14 + 1e-9)
        x, y = band[:, 0], band[:, 1]
        areas.append(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)
    assert abs(sum(areas) - 0.5) < 1e-9
    assert len(bands) == 14


def test_the_window_is_as_large_as_the_positive_part() -> None:
    """Of the l1-norm the square with corners on the axes; of the figure's generators beyond 1."""
    folds = [[Fraction(1, 2)]]
    assert _reach(ZonotopeFunction(folds, [[0, 1], [1, 0]])) == 1
    f = ZonotopeFunction(folds, [list(row) for row in GENERATORS])
    reach = _reach(f)
    assert f.support([reach, 0]) >= 1
    assert f.support([0, reach]) >= 1
