"""Draw runs of learning algorithms beside what theorems say of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.plots.rendering import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from relucomb.training.exit_experiment import ExitExperiment
    from relucomb.training.result import Bound, TrainingResult
    from relucomb.training.sgd_experiment import SGDExperiment

    Floats = NDArray[np.float64]

__all__ = [
    "plot_contraction",
    "plot_exits",
    "plot_training",
    "render_contraction",
    "render_exits",
    "render_training",
]

_RUN: dict[str, Any] = {"color": "#0072B2", "linewidth": 1.8}
_TRUTH: dict[str, Any] = {"color": "#000000", "linewidth": 1.2, "linestyle": (0, (1, 1.5))}
_VARIANTS: dict[str, dict[str, Any]] = {
    "random-walk": {"color": "#000000", "linestyle": (0, (1, 1.2))},
    "corrected": {"color": "#D55E00", "linestyle": "-"},
    "sharp": {"color": "#009E73", "linestyle": (0, (6, 2))},
    "published": {"color": "#CC79A7", "linestyle": (0, (5, 1.5, 1, 1.5))},
}
_NAMES = {
    "random-walk": "no farther than a random walk",
    "corrected": "Theorem 3.4.1, corrected",
    "sharp": "Theorem 3.4.1, sharpened",
    "published": "Theorem 3.4.1, as printed",
}
_OF_SGD = {"corrected": "corrected", "sharp": "sharpened"}
_LEAST = 1e-300  # nothing below is drawn on a logarithmic axis
_FARTHEST = 1e100  # nor what is farther away
_SPAN = 1e-14  # nor what is smaller than this share of the largest: it is rounding


def plot_training(result: TrainingResult, figure: Figure, *, optimum: float | None = None) -> None:
    """Draw the loss of a run, and every quantity that a theorem bounds beside its bound.

    Parameters
    ----------
    result : TrainingResult
        The run.
    figure : matplotlib.figure.Figure
        Where to draw.
    optimum : float, optional
        A certified least loss, drawn as a line.
    """
    shown = _distinct(result.bounds)
    axes = figure.subplots(1, 1 + len(shown) if shown else 1, squeeze=False)[0]
    _draw_loss(axes[0], result, optimum)
    for ax, bounds in zip(axes[1:], shown, strict=False):
        for position, bound in enumerate(bounds):
            walk, sharp = "random walk" in bound.theorem, "sharpened" in bound.theorem
            style = _VARIANTS["random-walk" if walk else "sharp" if sharp else "corrected"]
            if position == 0:
                ax.plot(result.steps + 1, _positive(bound.observed), label="this run", **_RUN)
            ax.plot(result.steps + 1, _positive(bound.values), label=bound.theorem, **style)
        _finish(ax, bounds[0].quantity)


def plot_exits(experiment: ExitExperiment, ax: Axes, *, confidence: float = 0.95) -> Axes:
    """Draw how often runs left a ball of each radius, beside the bounds of Theorem 3.4.1.

    Parameters
    ----------
    experiment : ExitExperiment
        The runs.
    ax : matplotlib.axes.Axes
        Where to draw.
    confidence : float
        Of the band around the frequencies.
    """
    from relucomb.training.concentration import clopper_pearson

    start = math.sqrt(experiment.numbers["squared_distance"])
    runs = len(experiment.greatest)
    reach = {variant: curve for variant in _VARIANTS if len((curve := _bound_curve(experiment, variant))[0])}
    # runs that diverged count as outside of every ball that can be drawn
    inside = experiment.greatest[experiment.greatest < _FARTHEST]
    inside = inside if len(inside) else np.array([min(start, _FARTHEST)])
    low = float(np.quantile(inside, 0.02))
    high = max([float(inside.max()), *(float(radii[-1]) for radii, _ in reach.values() if radii[-1] < _FARTHEST)])
    if high - low <= 1e-6 * high:  # nothing moved
        low, high = 0.95 * low, 1.05 * high + 1e-6
    radii = np.unique(np.concatenate([np.linspace(low, high, 200), np.sort(inside)]))
    hits = [int((experiment.greatest > radius).sum()) for radius in radii]
    band = np.array([clopper_pearson(count, runs, confidence) for count in hits])
    ax.fill_between(radii, np.maximum(band[:, 0], 1e-12), band[:, 1], step="post", color="#0072B2", alpha=0.25, lw=0)
    label = f"share of {runs:,} runs, {100 * confidence:g} % band"
    ax.step(radii, [max(count / runs, 1e-12) for count in hits], where="post", label=label, **_RUN)
    for variant, (lengths, bounds) in reach.items():
        ax.plot(lengths, bounds, label=_NAMES[variant], linewidth=1.8, **_VARIANTS[variant])
    ax.set_yscale("log")
    ax.set_ylim(min(0.2 / runs, 1e-4), 1.6)
    ax.set_xlim(low, high)
    ax.set_xlabel(f"radius around w* (the start is at {start:.4g})")
    ax.set_ylabel(f"probability to leave within {experiment.steps:,} steps")
    _finish_axes(ax)
    return ax


def plot_contraction(experiments: Sequence[SGDExperiment], ax: Axes) -> Axes:
    """Draw the mean squared distance of runs of Algorithm 2 after every step, beside the bound of Theorem 3.3.1.

    Parameters
    ----------
    experiments : sequence of SGDExperiment
        Runs of one or several variants.
    ax : matplotlib.axes.Axes
        Where to draw.
    """
    for experiment in experiments:
        plan = experiment.schedule
        steps = np.arange(1, len(experiment.mean_squares) + 1)
        style = _VARIANTS[plan.variant]
        runs = len(experiment.final_squares)
        means = _positive(experiment.mean_squares, _SPAN**2)
        ax.plot(steps, means, linewidth=1.0, color=style["color"], alpha=0.7)
        spread = 2 * experiment.standard_errors
        ax.fill_between(
            steps,
            np.maximum(experiment.mean_squares - spread, _LEAST),
            experiment.mean_squares + spread,
            color=style["color"],
            alpha=0.2,
            lw=0,
        )
        if plan.variant == "published":
            ax.axvline(plan.T or 1, label=f"T as printed, no constant: {plan.T}", linewidth=1.5, **style)
        else:
            label = f"bound, {_OF_SGD[plan.variant]} (thin: mean of {runs:,} runs)"
            ax.plot(steps, experiment.bound, label=label, linewidth=1.8, **style)
    plan = experiments[0].schedule
    goal = plan.eps**2 * plan.delta
    ax.axhline(goal, label=f"ε²δ for ε = {plan.eps:g}, δ = {plan.delta:g}", **_TRUTH)
    ax.set_yscale("log")
    floor = min(float(entry.bound[-1]) or goal for entry in experiments)
    ax.set_ylim(max(min(floor, goal) * 1e-4, _LEAST), None)
    ax.set_xlabel("step t")
    ax.set_ylabel("E‖w_t − w*‖²")
    _finish_axes(ax)
    return ax


def render_training(
    result: TrainingResult, image_format: str, *, title: str | None = None, optimum: float | None = None
) -> bytes:
    """Return the picture of :func:`plot_training` as the bytes of a file.

    Parameters
    ----------
    result, optimum
        As for :func:`plot_training`.
    image_format : {"png", "svg", "pdf"}
        Format of the file.
    title : str, optional
        Title; the name of the algorithm if not given.
    """

    def draw(figure: Figure) -> None:
        plot_training(result, figure, optimum=optimum)
        figure.suptitle(result.algorithm if title is None else title)

    return render(draw, image_format, (5.0 * (1 + len(_distinct(result.bounds))), 4.6))


def render_exits(experiment: ExitExperiment, image_format: str, *, title: str | None = None) -> bytes:
    """Return the picture of :func:`plot_exits` as the bytes of a file."""

    def draw(figure: Figure) -> None:
        ax = plot_exits(experiment, figure.subplots())
        ax.set_title("How far noisy gradient descent strays" if title is None else title)

    return render(draw, image_format, (8.0, 5.4))


def render_contraction(experiments: Sequence[SGDExperiment], image_format: str, *, title: str | None = None) -> bytes:
    """Return the picture of :func:`plot_contraction` as the bytes of a file."""

    def draw(figure: Figure) -> None:
        ax = plot_contraction(experiments, figure.subplots())
        ax.set_title("Learning a ReLU gate by Algorithm 2" if title is None else title)

    return render(draw, image_format, (8.0, 5.4))


def _draw_loss(ax: Axes, result: TrainingResult, optimum: float | None) -> None:
    if np.isnan(result.losses).all():  # a stream has no training set
        ax.plot(result.steps + 1, _positive(result.distances), label="this run", **_RUN)
        _finish(ax, "‖w_t − w*‖")
        return
    ax.plot(result.steps + 1, _positive(result.losses), label="loss", **_RUN)
    best = np.minimum.accumulate(np.where(np.isnan(result.losses), math.inf, result.losses))
    ax.plot(
        result.steps + 1, _positive(best), color="#56B4E9", linewidth=1.2, linestyle=(0, (4, 2)), label="best so far"
    )
    if optimum is not None and optimum > 0:
        ax.axhline(optimum, label="certified optimum", **_TRUTH)
    _finish(ax, "mean squared loss")


def _finish(ax: Axes, quantity: str) -> None:
    ax.set_xscale("log")
    lines = np.concatenate([np.asarray(line.get_ydata(), dtype=float) for line in ax.lines])
    positive = lines[np.isfinite(lines) & (lines > 0)]
    if not math.isfinite(ax.dataLim.minposx):  # no curve, and nothing that would set limits
        ax.set_xlim(1, 10)
    if len(positive) and positive.max() > 3 * positive.min():
        ax.set_yscale("log")
    ax.set_xlabel("iterate (1 is the start)")
    ax.set_ylabel(quantity)
    _finish_axes(ax)


def _finish_axes(ax: Axes) -> None:
    ax.grid(visible=True, which="major", alpha=0.25)
    ax.legend(loc="best", fontsize="small", framealpha=0.9)


def _positive(values: Floats, span: float = _SPAN) -> Floats:
    """Return values for a logarithmic axis: NaN, which is not drawn, for what is 0, too far, or only rounding."""
    near = np.abs(values) < _FARTHEST
    largest = np.abs(values[near]).max(initial=0.0)
    drawn = near & (values > max(span * largest, _LEAST))
    return np.where(drawn, values, math.nan)


def _distinct(bounds: Sequence[Bound]) -> list[list[Bound]]:
    """Return the bounds that say something, those on one quantity together."""
    groups: dict[str, list[Bound]] = {}
    for bound in bounds:
        if np.isfinite(bound.values).any():
            groups.setdefault(bound.quantity, []).append(bound)
    return list(groups.values())


def _bound_curve(experiment: ExitExperiment, variant: str) -> tuple[Floats, Floats]:
    """Return radii and probabilities for many ``λ``, from a bound of 1 down to where no run could tell."""
    from relucomb.training.hypotheses import all_hold

    least = 0.02 / len(experiment.greatest)
    scale = max(experiment.numbers["squared_distance"], experiment.numbers["second_moment"], 1e-12)
    if not math.isfinite(experiment.variance if variant == "random-walk" else experiment.numbers["S1"]):
        return np.array([]), np.array([])
    if variant == "random-walk":
        scale = max(experiment.variance, math.sqrt(experiment.variance * experiment.numbers["squared_distance"]), 1e-12)
    found = [experiment.confinement(scale * 2.0**power, variant) for power in np.arange(-12.0, 14.0, 0.05)]
    valid = [entry for entry in found if math.isfinite(entry.radius) and all_hold(entry.hypotheses)]
    kept = [(entry.radius, entry.bound) for entry in valid if least < entry.bound < 1.5]
    radii, bounds = zip(*kept, strict=True) if kept else ((), ())
    return np.array(radii), np.array(bounds)
