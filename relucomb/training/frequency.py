"""How often something happened in independent runs, beside what a theorem says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from relucomb.training.concentration import clopper_pearson


@dataclass(frozen=True, slots=True)
class Frequency:
    """A frequency with its confidence interval, and a bound on the probability.

    Attributes
    ----------
    claim
        The statement that is put to the test.
    hits, runs
        How often it happened in how many independent runs.
    bound
        The bound on its probability: from above, or from below if ``at_least``.
    published
        Whether the bound is the one that is printed.
    at_least
        Whether the bound is from below.
    confidence
        Of the interval.

    Examples
    --------
    >>> print(Frequency("P(tails) ≤ 0.2", 55, 100, 0.2))
    REFUTED    P(tails) ≤ 0.2: 55 of 100, probability in [0.4473, 0.6497]
    """

    claim: str
    hits: int
    runs: int
    bound: float
    published: bool = False
    at_least: bool = False
    confidence: float = 0.95

    @property
    def interval(self) -> tuple[float, float]:
        """The interval of Clopper and Pearson, which holds the probability with at least the given confidence."""
        return clopper_pearson(self.hits, self.runs, self.confidence)

    @property
    def refuted(self) -> bool:
        """Whether the whole interval is on the wrong side of the bound."""
        low, high = self.interval
        return high < self.bound if self.at_least else low > self.bound

    @property
    def vacuous(self) -> bool:
        """Whether the bound says nothing: every probability is within."""
        return self.bound <= 0 if self.at_least else self.bound >= 1

    def __str__(self) -> str:
        low, high = self.interval
        word = "REFUTED" if self.refuted else "vacuous" if self.vacuous else "consistent"
        return f"{word:<11}{self.claim}: {self.hits} of {self.runs}, probability in [{low:.4g}, {high:.4g}]"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        low, high = self.interval
        return {
            "claim": self.claim,
            "hits": self.hits,
            "runs": self.runs,
            "low": low,
            "high": high,
            "confidence": self.confidence,
            "bound": self.bound,
            "published": self.published,
            "vacuous": self.vacuous,
            "refuted": self.refuted,
        }
