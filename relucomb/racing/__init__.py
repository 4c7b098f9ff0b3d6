"""Optimisers against the truth: how often they find the global optimum, which is proven."""

from __future__ import annotations

from relucomb.racing.comparison import compare
from relucomb.racing.competitors import COMPETITORS, DEFAULT, Competitor
from relucomb.racing.race_result import Comparison, RaceProgress, Record, Truth
from relucomb.racing.restarts import restarts_needed

__all__ = [
    "COMPETITORS",
    "DEFAULT",
    "Comparison",
    "Competitor",
    "RaceProgress",
    "Record",
    "Truth",
    "compare",
    "restarts_needed",
]
