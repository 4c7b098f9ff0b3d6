"""Pictures of training: what is drawn, in every case that a run may end in, and equal bytes for equal runs."""

# mypy: disable-error-code="arg-type"
# lists are legal where arrays are declared

from __future__ import annotations

from functools import cache
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from relucomb.plots.training import (
    plot_contraction,
    plot_exits,
    plot_training,
    render_contraction,
    render_exits,
    render_training,
)
from relucomb.training import (
    Gaussian,
    SignNoise,
    TrainingResult,
    exit_experiment,
    glm_tron,
    noisy_gradient_descent,
    relu_gate_sgd,
    sgd_experiment,
)

mpl.use("agg")

X = [[0.6, 0.8], [1.0, 0.0], [-0.8, 0.6]]
MAGIC = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


def legend(ax: Any) -> list[str]:
    """Return the entries of a legend."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


def drawn(result: TrainingResult, **options: Any) -> list[Any]:
    """Return the axes of a picture of a run."""
    figure = Figure()
    plot_training(result, figure, **options)
    return list(figure.axes)


@cache
def runs() -> dict[str, TrainingResult]:
    """Return runs of all algorithms, with every end."""
    return {
        "certified": glm_tron(X, [1.4, 1.0, 0.0], w_star=[1, 1], steps=50),
        "no bounds": glm_tron(X, [1.4, 1.0, 0.0], steps=50),
        "no steps": glm_tron(X, [1.4, 1.0, 0.0], w_star=[1, 1], steps=0),
        "no loss": glm_tron(X, [0.0, 0.0, 0.0], w_star=[0, 0], steps=5),
        "diverged": glm_tron(X, [1.4, 1.0, 0.0], "identity", step_size=1e9, steps=500, w_star=[1, 1]),
        "stream": relu_gate_sgd(Gaussian.standard(2), w_star=[1, 1], steps=50),
        "long": relu_gate_sgd(X, w_star=[1, 1], steps=20_000),
        "noise": noisy_gradient_descent(X, w_star=[1, 1], steps=50, noise_2=SignNoise(2, 0.1)),
        "still": noisy_gradient_descent(np.zeros((1, 2)), w_star=[1, 1], steps=5),
    }


NAMES = ("certified", "no bounds", "no steps", "no loss", "diverged", "stream", "long", "noise", "still")


def test_all_runs_are_named() -> None:
    """Names are told apart from the runs, so that collecting the tests runs nothing."""
    assert tuple(runs()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_run_can_be_drawn(name: str) -> None:
    """Without a warning, with axes and curves that are named."""
    result = runs()[name]
    assert render_training(result, "png", optimum=0.1).startswith(MAGIC["png"])
    for ax in drawn(result):
        assert ax.get_xlabel() == "iterate (1 is the start)"
        assert ax.get_ylabel()
        assert legend(ax)


@pytest.mark.parametrize("image_format", list(MAGIC))
def test_equal_runs_are_equal_bytes(image_format: str) -> None:
    """In every format, with and without a title of the caller's."""
    run = runs()["no bounds"]
    first, second, other = (render_training(run, image_format, title=title) for title in ("a", "a", "b"))
    assert first == second != other
    assert first.startswith(MAGIC[image_format])


def test_bounds_are_drawn_beside_what_they_bound() -> None:
    """One axes for the loss, one for each bounded quantity; the certified optimum is a line."""
    axes = drawn(runs()["certified"], optimum=0.01)
    assert [ax.get_ylabel() for ax in axes] == ["mean squared loss", "least L̃ so far", "‖w_t − w*‖²"]
    assert legend(axes[0]) == ["loss", "best so far", "certified optimum"]
    assert legend(axes[1]) == ["this run", "Theorem 3.5.2", "Theorem 3.5.2, sharpened"]
    assert "certified optimum" not in legend(drawn(runs()["certified"], optimum=0.0)[0])
    assert len(drawn(runs()["no bounds"])) == 1


def test_a_stream_has_no_loss() -> None:
    """Its distance is drawn instead."""
    axes = drawn(runs()["stream"])
    assert [ax.get_ylabel() for ax in axes] == ["‖w_t − w*‖", "‖w_t − w*‖²"]


def test_formats_that_are_refused() -> None:
    """The legal ones are named."""
    with pytest.raises(ValueError, match="image_format must be one of 'png', 'svg', 'pdf'"):
        render_training(runs()["no bounds"], "gif")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"noise_2": SignNoise(1, 0.1)},
        {"step_size": 5.0},
        {"w_0": [1.0]},
        {"step_size": 1e3, "steps": 2000, "w_0": [2.0], "noise_2": SignNoise(1, 1.0)},
        {"step_size": 1e3, "steps": 60, "w_0": [2.0], "noise_2": SignNoise(1, 1.0)},
        {"w_star": [0.0]},
    ],
    ids=["still", "noise", "too long", "at the gate", "diverged", "far", "zero"],
)
def test_every_experiment_with_exits_can_be_drawn(options: dict[str, Any]) -> None:
    """Runs that stay, that start at the gate, that diverge, and bounds that do not exist."""
    arguments: dict[str, Any] = {"w_star": [1.0], "step_size": 0.1, "steps": 20, "runs": 9} | options
    found = exit_experiment([[1.0], [-1.0]], **arguments)
    assert render_exits(found, "png").startswith(MAGIC["png"])
    ax = plot_exits(found, Figure().subplots())
    low, high = ax.get_xlim()
    assert low < high < 1e101
    assert ax.get_xlabel().startswith("radius around w*")
    assert "probability to leave within" in ax.get_ylabel()
    assert legend(ax)[0] == "share of 9 runs, 95 % band"


@pytest.mark.parametrize("eps", [0.1, 1e-7])
@pytest.mark.parametrize("variants", [["corrected", "sharp", "published"], ["published"]])
@pytest.mark.parametrize("start", [None, [1.0, 1.0]])
def test_every_contraction_can_be_drawn(eps: float, variants: list[str], start: Any) -> None:
    """Accuracies whose bound spans more than floats have digits, a start at the gate, single variants."""
    law = Gaussian.standard(2)
    found = [sgd_experiment(law, [1, 1], eps=eps, w_1=start, variant=name, runs=5) for name in variants]
    ax = plot_contraction(found, Figure().subplots())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step t", "E‖w_t − w*‖²")
    assert len(legend(ax)) == len(variants) + 1
    assert legend(ax)[-1].startswith("ε²δ for ε = ")
    assert render_contraction(found, "png").startswith(MAGIC["png"])
    assert ax.get_ylim()[0] <= eps**2 * 0.05 <= ax.get_ylim()[1]


def test_small_mean_squares_are_no_rounding() -> None:
    """Squares of distances may be as small as the square of rounding: the whole run is drawn."""
    found = sgd_experiment(Gaussian.standard(2), [1, 1], eps=1e-9, runs=5)
    line = plot_contraction([found], Figure().subplots()).lines[0]
    assert np.nanmin(np.asarray(line.get_ydata(), dtype=float)) < 1e-22
