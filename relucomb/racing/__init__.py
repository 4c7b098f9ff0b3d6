"""Optimisers against the truth: how often they find the global optimum, which is proven."""

from __future__ import annotations

from relucomb.racing.comparison import compare
from relucomb.racing.competitors import COMPETITORS, DEFAULT, Competitor
from relucomb.racing.confidence import clopper_pearson, restarts_needed
from relucomb.racing.race_result import Comparison, RaceProgress, Record, Truth

__all__ = [
    "COMPETITORS",
    "DEFAULT",
    "Comparison",
    "Competitor",
    "RaceProgress",
    "Record",
    "Truth",
    "clopper_pearson",
    "compare",
    "restarts_needed",
]
