"""Choose what the optimisers of a race are given: python scripts/tune_race.py [NAME ...].

Every candidate runs on instances that no table or test uses (teachers and noise of seeds from 1000 on), from the same
starts; the best is the one whose share of runs that reach the certified optimum is the largest, in the mean over the
instances. What it finds stands in relucomb/racing/competitors.py.
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

import relucomb as rc
from relucomb.racing.competitors import COMPETITORS
from relucomb.racing.race_result import Truth
from relucomb.racing.runs import run_seeds
from relucomb.racing.scaled_data import ScaledData, constant_loss, scale_data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relucomb.racing.competitors import Competitor

TOLERANCE = 1e-3
SIZES = ((30, 1, 2), (100, 1, 3), (30, 2, 1), (30, 2, 2), (100, 2, 2), (300, 2, 2), (30, 2, 3), (60, 3, 2))
RATES = {
    "gd": (0.03, 0.1, 0.2),
    "sgd": (0.03, 0.1),
    "adam": (0.003, 0.01, 0.03, 0.1, 0.2),
    "noisy-gd": (0.1, 0.2),
}
BATCHES = (16,)
NOISES = ((0.03, 0.003), (0.1, 0.003), (0.1, 0.001), (0.1, 0.01), (0.3, 0.001), (0.3, 0.003), (1.0, 0.003))
"""Radius of the ball and deviation of the normal numbers."""


class Instance(NamedTuple):
    """Data with what is proven of them."""

    data: ScaledData
    truth: Truth
    n: int


def main() -> None:
    """Run all candidates and print how they do, the best last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", metavar="NAME", nargs="*", default=list(RATES), help="optimisers (default: all)")
    parser.add_argument("--seeds", type=int, default=40, help="runs on each instance (default: %(default)s)")
    parser.add_argument("--steps", type=int, help="another number of steps")
    parser.add_argument("--workers", type=int, default=2, help="threads (default: %(default)s)")
    arguments = parser.parse_args()
    instances = list(made())
    for name in arguments.names:
        found = []
        for candidate in candidates(name):
            if arguments.steps:
                candidate = replace(candidate, steps=arguments.steps)
            shares = [share(candidate, instance, arguments.seeds, arguments.workers) for instance in instances]
            found.append((float(np.mean(shares)), told(candidate), " ".join(f"{100 * entry:4.0f}" for entry in shares)))
        for mean, words, details in sorted(found):
            print(f"{name:<9}{100 * mean:6.1f} %  {words:<60}{details}", flush=True)


def made() -> Iterator[Instance]:
    """Make the instances and prove their optima."""
    for seed, (points, n, width) in enumerate(SIZES, start=1000):
        for X, y, output_bias in (
            (*rc.teacher(points, n, width, 0.3, seed), False),
            (*rc.teacher(points, n, width, 0.1, seed + 100), True),
            (*rc.noise(min(points, 40), n, seed), False),
        ):
            kind = {"hidden_bias": True, "output_bias": output_bias}
            result = rc.erm(X, y, width, output_bias=output_bias, workers=2)
            floor = TOLERANCE * constant_loss(y, **kind)
            truth = Truth(result.lower_bound, result.loss, result.status == "optimal", TOLERANCE, floor)
            yield Instance(scale_data(X, y, width, **kind), truth, n)


def candidates(name: str) -> Iterator[Competitor]:
    """Return the optimiser with every combination of step size, schedule, batch and noise that is tried."""
    batches = BATCHES if name == "sgd" else (0,)
    noises = NOISES if name == "noisy-gd" else ((0.0, 0.0),)
    schedules = ("constant", "linear", "cosine")
    for rate, schedule, batch, (ball, gaussian) in itertools.product(RATES[name], schedules, batches, noises):
        yield replace(COMPETITORS[name], step_size=rate, schedule=schedule, batch=batch, ball=ball, gaussian=gaussian)


def told(candidate: Competitor) -> str:
    """Return what distinguishes a candidate."""
    fields = ("step_size", "schedule", "batch", "ball", "gaussian", "steps")
    return ", ".join(f"{field} {getattr(candidate, field)}" for field in fields if getattr(candidate, field))


def share(candidate: Competitor, instance: Instance, seeds: int, workers: int) -> float:
    """Return the share of runs that reach the optimum."""
    runs, _ = run_seeds(instance.data.problem, candidate, range(seeds), instance.n, workers)
    return float(instance.truth.reached([instance.data.loss(run.loss) for run in runs]).mean())


if __name__ == "__main__":
    main()
