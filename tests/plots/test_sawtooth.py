"""Tests of relucomb.plots.sawtooth: corners and labels of what is drawn."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from matplotlib.figure import Figure

from relucomb.families import Sawtooth
from relucomb.piecewise_linear.function import PiecewiseLinear
from relucomb.plots.sawtooth import plot_overlay, render_overlay

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEETH = [Sawtooth.equal_steps(2, k).piecewise_linear() for k in (1, 2)]


def axes() -> Axes:
    """Return axes that no window knows of."""
    return Figure().subplots()


def test_corners_are_those_of_the_functions() -> None:
    """Nothing is sampled: four pieces have five ends."""
    ax = plot_overlay(TEETH, ax=axes())
    assert [line.get_xydata().tolist() for line in ax.lines] == [
        [[0, 0], [0.5, 1], [1, 0]],
        [[0, 0], [0.25, 1], [0.5, 0], [0.75, 1], [1, 0]],
    ]
    assert ax.get_legend_handles_labels()[1] == ["2 pieces", "4 pieces"]


def test_any_interval() -> None:
    """The part of the function there, ends of pieces or not."""
    ax = plot_overlay([TEETH[0]], (Fraction(-1, 2), Fraction(1, 4)), axes(), labels=["h, 5 $"], title="a $")
    assert ax.lines[0].get_xydata().tolist() == [[-0.5, 0], [0, 0], [0.25, 0.5]]
    assert ax.get_legend_handles_labels()[1] == [r"h, 5 \$"]
    assert ax.get_title() == r"a \$"


def test_many_pieces_have_no_marks() -> None:
    """They would hide the line."""
    ax = plot_overlay([Sawtooth.equal_steps(2, 8).piecewise_linear()], ax=axes())
    assert ax.lines[0].get_marker() == "None"
    assert ax.get_legend() is None


def test_equal_pictures_give_equal_bytes() -> None:
    """In every format that is a text, too."""
    assert render_overlay(TEETH, "svg") == render_overlay(TEETH, "svg")


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """No function, labels that do not fit, an empty interval, too many pieces."""
    with pytest.raises(ValueError, match="functions must have one function at least"):
        plot_overlay([])
    with pytest.raises(ValueError, match="labels must be one for each of 2 functions; got 1"):
        plot_overlay(TEETH, labels=["a"])
    with pytest.raises(ValueError, match="interval must be a pair"):
        plot_overlay(TEETH, (1, 1))
    monkeypatch.setattr("relucomb.plots.sawtooth.MOST_PIECES", 3)
    with pytest.raises(ValueError, match="at most 3 pieces to be drawn; got 4"):
        plot_overlay([PiecewiseLinear.from_points([0, 1, 2, 3, 4], [0, 1, 0, 1, 0])], (0, 4))
