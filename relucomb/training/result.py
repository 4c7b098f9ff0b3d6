"""What a run of a learning algorithm leaves: the iterates, their losses, and what theorems say of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.erm_result import Message

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb.networks import ReLUNetwork
    from relucomb.training.hypotheses import Hypothesis

    Floats = NDArray[np.float64]

ROUNDING = 1e-12
"""A quantity and its bound are not told apart below this share: both are computed in floats."""


class Termination(Message):
    """Why a run ended."""

    finished = "all steps were made"
    converged = "the step no longer changed the parameters"
    diverged = "the parameters left the range of floating-point numbers; a smaller step size may help"
    interrupted = "interrupted by the user; the result holds the steps made so far"
    callback = "the callback asked to stop"


class Certainty(Message):
    """In what sense a bound holds."""

    surely = "for every run"
    in_expectation = "for the mean over runs"
    with_probability = "for a run with the stated probability"


@dataclass(frozen=True, slots=True)
class Bound:
    """What a theorem says at every recorded step, beside what the run did.

    Attributes
    ----------
    theorem
        Its number and variant.
    quantity
        What is bounded, as a formula.
    values
        Array ``(K,)``: the bound; ``inf`` where the theorem says nothing.
    observed
        Array ``(K,)``: the quantity along this run; NaN where it cannot be observed.
    certainty, probability
        In what sense it holds, and the probability with which it does (1 for a bound that always holds).
    rounding
        What rounding of the arithmetic alone can make of the quantity, where the bound is 0 or tends to it.
    """

    theorem: str
    quantity: str
    values: Floats
    observed: Floats
    certainty: Certainty = Certainty.surely
    probability: float = 1.0
    rounding: float = 0.0

    @property
    def holds(self) -> bool | None:
        """Whether the run stays within the bound (up to rounding) wherever both are known; ``None`` if nowhere."""
        known = ~np.isnan(self.observed) & ~np.isnan(self.values)
        if not known.any():
            return None
        return bool((self.observed[known] <= self.values[known] * (1 + ROUNDING) + self.rounding).all())

    def __str__(self) -> str:
        told = {True: "kept by this run", False: "EXCEEDED by this run", None: "not observable"}[self.holds]
        odds = f" (probability {self.probability:.6g})" if self.certainty is Certainty.with_probability else ""
        return (
            f"{self.theorem}: {self.quantity} ≤ {self.values[-1]:.6g} at the end, {self.certainty.value}{odds}; {told}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "theorem": self.theorem,
            "quantity": self.quantity,
            "values": self.values.tolist(),
            "observed": self.observed.tolist(),
            "certainty": self.certainty.name,
            "probability": self.probability,
            "rounding": self.rounding,
            "holds": self.holds,
        }


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """A run of a learning algorithm.

    Attributes
    ----------
    algorithm
        Its name.
    parameters
        Array ``(p,)``: the last iterate.
    best, best_step, best_loss
        The iterate of least training loss, the number of updates before it, and its loss. Theorems of this kind promise
        one good iterate, not a good last one.
    updates
        How many updates were made.
    steps
        Array ``(K,)``: after how many updates the rows below were recorded; 0 is the start.
    trajectory
        Array ``(K, p)`` of iterates.
    losses
        Array ``(K,)`` of mean squared training losses; NaN where there is no training set (a stream).
    distances
        Array ``(K,)`` of distances from ``w*``; NaN if it was not given.
    bounds
        What theorems say; empty if none applies.
    hypotheses
        The conditions of those theorems; where one fails, the bound does not hold and is left out.
    step_size
        The step size; NaN if it varied.
    termination
        Why the run ended.
    seed
        Seed of what was drawn; ``None`` if nothing was.
    seconds
        How long it took.
    network
        The best iterate as a ReLU network, ``None`` if it is none.
    """

    algorithm: str
    parameters: Floats
    best: Floats
    best_step: int
    best_loss: float
    updates: int
    steps: NDArray[np.int64]
    trajectory: Floats
    losses: Floats
    distances: Floats
    bounds: tuple[Bound, ...]
    hypotheses: tuple[Hypothesis, ...]
    step_size: float
    termination: Termination
    seed: int | None
    seconds: float
    network: ReLUNetwork | None = None

    @property
    def certified(self) -> bool:
        """Whether some theorem's hypotheses are all known to hold, so that its bound is there."""
        return bool(self.bounds)

    def summary(self) -> str:
        """Return a few lines for people."""
        shown = ", ".join(f"{entry:.6g}" for entry in self.best[:8]) + (", ..." if len(self.best) > 8 else "")
        lines = [
            f"algorithm   {self.algorithm}",
            f"stopped     {self.termination.name}: {self.termination.value}",
            f"updates     {self.updates:,} in {self.seconds:.3g} s, step size {self.step_size:.6g}",
            f"best        ({shown}) after {self.best_step:,} updates",
        ]
        if not math.isnan(self.best_loss):
            lines.append(f"loss        {self.best_loss:.9g} (mean squared, best iterate)")
        if not np.isnan(self.distances).all():
            lines.append(
                f"distance    {self.distances[0]:.6g} from w* at the start, {self.distances[-1]:.6g} at the end"
            )
        lines += [f"bound       {bound}" for bound in self.bounds] or ["bound       none applies"]
        lines += [f"hypothesis  {hypothesis}" for hypothesis in self.hypotheses]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "algorithm": self.algorithm,
            "termination": self.termination.name,
            "parameters": self.parameters.tolist(),
            "best": self.best.tolist(),
            "best_step": self.best_step,
            "best_loss": self.best_loss,
            "updates": self.updates,
            "steps": self.steps.tolist(),
            "trajectory": self.trajectory.tolist(),
            "losses": self.losses.tolist(),
            "distances": self.distances.tolist(),
            "bounds": [bound.to_dict() for bound in self.bounds],
            "hypotheses": [hypothesis.to_dict() for hypothesis in self.hypotheses],
            "step_size": self.step_size,
            "seed": self.seed,
            "seconds": self.seconds,
            "network": None if self.network is None else self.network.to_json(),
        }
