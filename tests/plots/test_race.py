"""The picture of a race: what is drawn where, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

import relucomb as rc
from relucomb.plots import plot_race, render_race

if TYPE_CHECKING:
    from relucomb.racing import Comparison

mpl.use("agg")


@pytest.fixture(scope="module")
def race() -> Comparison:
    """Two optimisers on the zigzag."""
    return rc.compare([[0], [1], [2], [3]], [0, 1, 0, 1], 2, ["gd", "l-bfgs"], 20, steps=2000)


@pytest.fixture(autouse=True)
def _close_figures() -> object:
    """Leave no figure open."""
    from matplotlib import pyplot

    yield
    pyplot.close("all")


def test_curves_are_the_distributions_of_the_gaps(race: Comparison) -> None:
    """Where a curve crosses the tolerance is the share of runs that reach the optimum."""
    ax = plot_race(race)
    curves = {line.get_label(): np.asarray(line.get_xydata()) for line in ax.lines if "%" in str(line.get_label())}
    assert len(curves) == 2
    for record in race.records:
        [curve] = [data for label, data in curves.items() if str(label).startswith(record.title + ":")]
        assert curve[curve[:, 0] <= race.truth.tolerance, 1].max() == pytest.approx(record.fraction)
        assert curve[-1, 1] == 1.0
        assert (np.diff(curve[:, 0]) >= 0).all()
    assert ax.get_xscale() == "log"
    low, high = ax.get_xlim()
    assert low < race.truth.tolerance < high


def test_the_optimum_and_the_tolerance_are_marked(race: Comparison) -> None:
    """Two vertical lines; the axis names the optimum."""
    ax = plot_race(race)
    upright = [line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1]
    assert race.truth.tolerance in upright
    assert min(upright) == pytest.approx(race.truth.tolerance / 1000)
    assert "optimum" in [label.get_text() for label in ax.get_xticklabels()]
    assert ax.get_title() == f"width 2: the optimum is {race.truth.best_known:.5g}, proven"


def test_optimisers_differ_without_colour(race: Comparison) -> None:
    """By dashes and markers; the legend is ordered by success."""
    ax = plot_race(race)
    styles = {(str(line.get_linestyle()), line.get_marker()) for line in ax.lines if "%" in str(line.get_label())}
    assert len(styles) == 2
    legend = ax.get_legend()
    assert legend is not None
    first = max(race.records, key=lambda record: record.fraction)
    assert legend.get_texts()[0].get_text().startswith(first.title)


def test_an_open_proof_is_said_to_be_open(race: Comparison) -> None:
    """The title has the interval."""
    truth = replace(race.truth, closed=False, lower_bound=0.125)
    assert plot_race(replace(race, truth=truth)).get_title() == "width 2: the optimum is between 0.125 and 0.16667"


@pytest.mark.parametrize(("image_format", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_files(race: Comparison, image_format: str, start: bytes) -> None:
    """Equal pictures give equal bytes."""
    image = render_race(race, image_format, title="costs $5")
    assert image.startswith(start)
    assert image == render_race(race, image_format, title="costs $5")


def test_losses_that_are_none_are_not_drawn(race: Comparison) -> None:
    """A run that diverged at once stands nowhere, and the curve ends below 100 %."""
    record = race.records[0]
    gaps = record.gaps.copy()
    gaps[:5] = np.inf
    ax = plot_race(replace(race, records=(replace(record, gaps=gaps),)))
    [curve] = [np.asarray(line.get_xydata()) for line in ax.lines if "%" in str(line.get_label())]
    assert curve[-1, 1] == pytest.approx(0.75)


def test_no_records_no_picture(race: Comparison) -> None:
    """A race that was interrupted before its first run has nothing to draw."""
    with pytest.raises(ValueError, match="race must have a record to draw"):
        plot_race(replace(race, records=()))


def test_the_legend_tells_what_is_undecided() -> None:
    """Of a race whose proof was stopped, the share is a range."""
    X, y = rc.dataset("iris_sepal_length")
    race = rc.compare(X, y, 2, ["l-bfgs"], seeds=20, time_limit=0.0)
    assert race["l-bfgs"].undecided > 0
    texts = [text.get_text() for text in plot_race(race, Figure().subplots()).get_legend().get_texts()]
    assert any(" to " in text for text in texts)
