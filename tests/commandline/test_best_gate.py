"""A run beside the certified best gate, as text and as part of a JSON object."""

from __future__ import annotations

import math

import numpy as np

from relucomb.commandline.best_gate import best_gate_document, best_gate_text
from relucomb.erm_result import Status, Termination
from relucomb.training.best_gate import BestGate

PROVEN = BestGate(Status.optimal, Termination.exhausted, np.ones(1), 2.0, 2.0, 0.0, 5, 0.1)
STOPPED = BestGate(Status.feasible, Termination.time_limit, np.ones(1), 2.0, 1.0, 0.5, 5, 0.1)


def test_a_certified_gate() -> None:
    """How far the run is above it, and that no gate is better."""
    text = best_gate_text(PROVEN, 3.0)
    assert "best gate   optimal" in text
    assert "no gate has less than 2" in text
    assert text.endswith("this run    3, 1 (50 %) above the best gate")


def test_a_search_that_was_stopped() -> None:
    """Why, how far the run is above the best gate known, and at most above the optimum."""
    text = best_gate_text(STOPPED, 3.0)
    assert "search      time_limit" in text
    assert text.endswith("1 (50 %) above the best gate, at most 2 (200 %) above the optimum")


def test_a_share_of_nothing_is_not_told() -> None:
    """Above a loss that is 0 or all but 0 there is only a difference."""
    exact = BestGate(Status.optimal, Termination.exhausted, np.ones(1), 1e-34, 0.0, 0.0, 5, 0.1)
    assert best_gate_text(exact, 0.5).endswith("this run    0.5, 0.5 above the best gate")


def test_the_document() -> None:
    """A run is optimal if it is at the bound; without a certified gate there is no bound."""
    assert best_gate_document(PROVEN, 2.0)["status"] == "optimal"
    assert best_gate_document(PROVEN, 3.0)["gap"] == 1 / 3
    nothing = best_gate_document(None, math.nan)
    assert (nothing["status"], nothing["lower_bound"], nothing["best_gate"]) == ("feasible", None, None)
