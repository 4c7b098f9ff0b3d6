"""The experiments of ``relucomb gate``: many runs beside what Theorems 3.3.1 and 3.4.1 say."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

import relucomb
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.laws import make_law, make_noise
from relucomb.commandline.telling import tell, written
from relucomb.reading import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from relucomb.commandline.channels import Channels
    from relucomb.training.exit_experiment import ExitExperiment
    from relucomb.training.frequency import Frequency
    from relucomb.training.sgd_experiment import SGDExperiment

VARIANTS = ("corrected", "sharp", "published")


def run_sgd_experiment(arguments: argparse.Namespace, picture: str | None, channels: Channels) -> ExitCode:
    """Run Algorithm 2 many times with the schedule of every variant of Theorem 3.3.1."""
    from relucomb.training import sgd_experiment

    for option in ("steps", "step_size"):
        if getattr(arguments, option) is not None:
            raise InputError(f"--{option.replace('_', '-')}: is of a run on data; the theorem chooses it here")
    w_star = arguments.w_star
    _same_length(arguments)
    law, runs = make_law(arguments.law or ("gaussian", None), len(w_star)), arguments.runs or 1000
    chosen = VARIANTS if arguments.variant is None else (arguments.variant,)
    found: list[SGDExperiment] = []
    interrupted = False
    try:
        for variant in chosen:
            experiment = sgd_experiment(
                law,
                _floats(w_star),
                eps=arguments.eps,
                delta=arguments.delta,
                w_1=None if arguments.start is None else _floats(arguments.start),
                variant=variant,
                runs=runs,
                seed=arguments.seed,
                progress=_Told(channels, runs, variant),
            )
            found.append(experiment)
            if not experiment.complete:
                interrupted = True
                break
    except ValueError as error:
        raise InputError(f"gate sgd: {error}") from None
    except KeyboardInterrupt:
        if not found:
            raise
        interrupted = True

    def draw(ending: str) -> bytes:
        from relucomb.plots.training import render_contraction

        return render_contraction(found, ending)

    failures = [] if picture is None else written(arguments.plot, lambda: draw(picture))
    frequencies = [entry.success() for entry in found]
    plans = [entry.schedule for entry in found]
    lines = [f"{'variant':<11}{'step size':>12}{'contraction':>14}{'T':>9}{'E‖w_T−w*‖²':>14}{'bound':>12}"]
    for plan, entry in zip(plans, found, strict=True):
        numbers = f"{plan.step_size:>12.6g}{plan.contraction:>14.9g}{plan.T:>9}"
        lines.append(f"{plan.variant:<11}{numbers}{entry.mean_squares[-1]:>14.4g}{entry.bound[-1]:>12.4g}")
    parts = [_moments_text(plans[0].moments), "\n".join(lines), "\n".join(map(str, frequencies))]
    if interrupted:
        missing = ", ".join(chosen[len(found) :]) or "none"
        made = len(found[-1].final_squares)
        parts.append(f"interrupted: {made:,} of {runs:,} runs of {plans[-1].variant}; variants not run: {missing}")
    text = "\n\n".join(parts)
    document = {
        **_head(arguments, "Algorithm 2", runs, interrupted),
        "eps": arguments.eps,
        "delta": arguments.delta,
        "variants": [
            {
                "variant": plan.variant,
                "step_size": plan.step_size,
                "contraction": plan.contraction,
                "T": plan.T,
                "runs": len(entry.final_squares),
                "mean_square": float(entry.mean_squares[-1]),
                "bound": float(entry.bound[-1]),
                "success": frequency.to_dict(),
            }
            for plan, entry, frequency in zip(plans, found, frequencies, strict=True)
        ],
    }
    return _close(text, document, failures, frequencies, interrupted, arguments, channels)


def _moments_text(moments: Any) -> str:
    lines = [
        f"λ_min(E[1 x xᵀ])  {moments.smallest_eigenvalue:.6g}",
        f"E[1 ‖x‖⁴]         {moments.largest_fourth:.6g}",
        f"R²                {moments.relative_fourth:.6g}",
    ]
    told = f"moments           {moments.origin}"
    return "\n".join([*lines, told + ("" if moments.confidence == 1 else f", confidence {moments.confidence:g}")])


def run_exit_experiment(arguments: argparse.Namespace, picture: str | None, channels: Channels) -> ExitCode:
    """Run Algorithm 3 many times and count how often the radius of Theorem 3.4.1 is left."""
    from relucomb.training import exit_experiment

    _same_length(arguments)
    n = len(arguments.w_star)
    runs, count = arguments.runs or 1000, arguments.points or 100
    law = make_law(arguments.law or ("gaussian", None), n)
    points = law.sample(np.random.default_rng(arguments.seed), count)
    largest = float(np.max(np.einsum("ij,ij->i", points, points)))
    eta = arguments.step_size or 1 / (2 * largest * math.sqrt(2 * arguments.steps))
    experiment = exit_experiment(
        points,
        _floats(arguments.w_star),
        w_0=None if arguments.start is None else _floats(arguments.start),
        step_size=eta,
        steps=arguments.steps,
        noise_1=make_noise(arguments.noise_1, n),
        noise_2=make_noise(arguments.noise_2, n),
        runs=runs,
        seed=arguments.seed,
        workers=arguments.workers or 1,
        progress=_Told(channels, runs, "runs"),
    )

    def draw(ending: str) -> bytes:
        from relucomb.plots.training import render_exits

        return render_exits(experiment, ending)

    failures = [] if picture is None else written(arguments.plot, lambda: draw(picture))
    frequencies: list[Frequency] = []
    lines = [f"{'variant':<12}{'λ':>14}{'radius':>14}{'k':>14}{'bound':>12}"]
    remarks: list[str] = []
    variants: list[dict[str, Any]] = []
    for variant in ("random-walk", *VARIANTS):
        lam = _lam(experiment, variant, arguments)
        found = None if lam is None else experiment.confinement(lam, variant)
        if found is None or lam is None or not math.isfinite(found.radius):
            remarks.append(f"{variant}: {_why_no_radius(experiment, variant, arguments)}")
            variants.append({"variant": variant, "radius": None, "remark": remarks[-1]})
            continue
        failing = [f"{variant}: {entry}" for entry in found.hypotheses if entry.holds is not True]
        remarks += failing
        if not failing:
            numbers = f"{lam:>14.6g}{found.radius:>14.6g}{found.k:>14.6g}{found.bound:>12.4g}"
            lines.append(f"{variant:<12}{numbers}")
            frequencies.append(experiment.frequency(lam, variant))
            told = {"lam": lam, "radius": found.radius, "k": found.k, "bound": found.bound}
            variants.append({"variant": variant, **told, "frequency": frequencies[-1].to_dict()})
    greatest = experiment.greatest
    start = math.sqrt(experiment.numbers["squared_distance"])
    head = (
        f"{len(greatest):,} runs of {arguments.steps:,} steps of {eta:.6g} in {experiment.seconds:.3g} s: "
        f"‖w_t − w*‖ from {start:.6g} to at most {greatest.max():.6g} (median {np.median(greatest):.6g})"
    )
    if not experiment.complete:
        head += f"\ninterrupted: {len(greatest):,} of {runs:,} runs"
    if not frequencies:
        lines = ["no variant of Theorem 3.4.1 says anything here"]
    text = "\n\n".join(filter(None, [head, "\n".join(lines), "\n".join(map(str, frequencies)), "\n".join(remarks)]))
    document = {
        **_head(arguments, "Algorithm 3", runs, not experiment.complete),
        "runs": len(greatest),
        "points": count,
        "steps": arguments.steps,
        "step_size": eta,
        "greatest": greatest.tolist(),
        "variants": variants,
    }
    return _close(text, document, failures, frequencies, not experiment.complete, arguments, channels)


def _why_no_radius(experiment: ExitExperiment, variant: str, arguments: argparse.Namespace) -> str:
    """Return which condition fails."""
    if not math.isfinite(experiment.variance if variant == "random-walk" else experiment.numbers["S1"]):
        return "no bound on the noise is known"
    failing = [str(entry) for entry in experiment.confinement(1.0, variant).hypotheses if entry.holds is not True]
    return "; ".join(failing) or f"no λ makes the probability at most {arguments.delta:g}"


def _head(arguments: argparse.Namespace, algorithm: str, runs: int, interrupted: bool) -> dict[str, Any]:
    """Return what every JSON object of an experiment begins with."""
    name, number = arguments.law or ("gaussian", None)
    start = arguments.start
    return {
        "version": relucomb.__version__,
        "algorithm": algorithm,
        "termination": "interrupted" if interrupted else "finished",
        "w_star": _floats(arguments.w_star),
        "start": [0.0] * len(arguments.w_star) if start is None else _floats(start),
        "law": name if number is None else f"{name}:{number:g}",
        "runs_asked": runs,
        "seed": arguments.seed,
    }


class _Told:
    """Tells who watches, every two seconds, how many runs are done."""

    def __init__(self, channels: Channels, runs: int, what: str) -> None:
        self._channels, self._runs, self._what = channels, runs, what
        self._last = time.perf_counter()

    def __call__(self, done: int) -> None:
        now = time.perf_counter()
        if now - self._last >= 2.0:
            self._last = now
            self._channels.headline(f"{self._what}: {done:,} of {self._runs:,} done")


def _lam(experiment: ExitExperiment, variant: str, arguments: argparse.Namespace) -> float | None:
    """Return λ: as asked for, or the one with the odds asked for."""
    from relucomb.training import radius_for, random_walk_radius

    if not math.isfinite(experiment.variance if variant == "random-walk" else experiment.numbers["S1"]):
        return None
    if arguments.lam is not None:
        return float(arguments.lam)
    if variant == "random-walk":
        squared, spread = experiment.numbers["squared_distance"], experiment.numbers["n"] * experiment.variance
        radius = random_walk_radius(
            arguments.delta, n=experiment.numbers["n"], squared_distance=squared, variance=experiment.variance
        )
        return max(0.0, float(radius * radius - squared - spread))
    numbers = experiment.numbers | ({"C": experiment.spectral} if variant == "sharp" else {})
    found = radius_for(arguments.delta, variant=variant, **numbers)
    return None if found is None else found.lam


def _close(
    text: str,
    document: dict[str, Any],
    failures: Sequence[str],
    frequencies: Sequence[Frequency],
    interrupted: bool,
    arguments: argparse.Namespace,
    channels: Channels,
) -> ExitCode:
    """Tell the result; a theorem that the runs refute is worth an exit code, unless it is as printed."""
    tell(text, document, failures, arguments, channels)
    if failures:
        return ExitCode.INTERNAL_ERROR
    if interrupted:
        return ExitCode.INTERRUPTED
    refuted = any(entry.refuted and not entry.published for entry in frequencies)
    return ExitCode.LIMIT if refuted else ExitCode.PROVEN


def _same_length(arguments: argparse.Namespace) -> None:
    n = len(arguments.w_star)
    if arguments.start is not None and len(arguments.start) != n:
        raise InputError(f"--start: has {len(arguments.start)} numbers; the gate has {n} weights")


def _floats(values: Any) -> list[float]:
    return [float(entry) for entry in values]
