"""The optimisers of a race: how each makes its steps unless a user says otherwise.

The numbers were chosen on instances of their own (``scripts/tune_race.py``), not on those of any table.
"""

from __future__ import annotations

from dataclasses import dataclass

from relucomb_solvers.network_descent import ADAM, GRADIENT, SCHEDULES, Problem, Rule


@dataclass(frozen=True, slots=True)
class Competitor:
    """An optimiser with what it is given.

    Attributes
    ----------
    name, title
        For programs and for people.
    steps
        Most updates (of L-BFGS: iterations) of a run.
    step_size
        Of the first step; ``None`` if the method chooses it itself.
    schedule
        ``"constant"``, or how the step size falls to 0: ``"linear"``, ``"cosine"``.
    adam
        Whether the steps are those of Adam.
    batch
        Most points per step, 0 for all; a batch has at most a quarter of all points, so that it is one.
    ball, gaussian
        Noise in every step: the radius of the ball, and the deviation of the normal numbers.
    single
        Whether it draws nothing, so that one run tells all, and is for width 1 only.

    Examples
    --------
    >>> COMPETITORS["adam"].title
    'Adam'
    """

    name: str
    title: str
    steps: int
    step_size: float | None = None
    schedule: str = "constant"
    adam: bool = False
    batch: int = 0
    ball: float = 0.0
    gaussian: float = 0.0
    single: bool = False

    def rule(self, problem: Problem) -> Rule:
        """Return the rule of its steps for the engine."""
        D = len(problem.targets)
        return Rule(
            ADAM if self.adam else GRADIENT,
            float(self.step_size or 0.0),
            self.steps,
            SCHEDULES.index(self.schedule),
            min(self.batch, -(-D // 4)) if self.batch else 0,
            ball=self.ball,
            gaussian=self.gaussian,
        )


COMPETITORS = {
    competitor.name: competitor
    for competitor in (
        Competitor("gd", "gradient descent", 50_000, 0.1),
        Competitor("sgd", "stochastic gradient descent", 50_000, 0.1, "linear", batch=16),
        Competitor("adam", "Adam", 50_000, 0.1, adam=True),
        Competitor("l-bfgs", "L-BFGS", 5_000),
        Competitor("glm-tron", "GLM-Tron", 50_000, single=True),
        Competitor("noisy-gd", "noisy gradient descent", 50_000, 0.2, "cosine", ball=0.1, gaussian=0.001),
    )
}
"""All optimisers by name."""

DEFAULT = ("gd", "sgd", "adam", "l-bfgs", "noisy-gd")
"""Those that race if nobody chooses."""
