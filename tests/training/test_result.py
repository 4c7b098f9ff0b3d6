"""Bounds beside what was observed, and a run as text and as a document."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from relucomb.training import Bound, Certainty, Termination, TrainingResult, glm_tron


def bound(values: list[float], observed: list[float], rounding: float = 0.0) -> Bound:
    """Return a bound that always holds."""
    return Bound("Theorem 0", "q", np.array(values), np.array(observed), rounding=rounding)


@pytest.mark.parametrize(
    ("values", "observed", "holds"),
    [
        ([2.0, 1.0], [1.0, 1.0], True),
        ([2.0, 1.0], [1.0, 1.0 + 1e-13], True),
        ([2.0, 1.0], [1.0, 1.0 + 1e-11], False),
        ([math.inf, 1.0], [5.0, 0.0], True),
        ([2.0, 1.0], [math.nan, 0.0], True),
        ([2.0, 1.0], [math.nan, math.nan], None),
        ([2.0, 1.0], [0.0, math.inf], False),
        ([0.0], [0.0], True),
        ([0.0], [1e-300], False),
    ],
)
def test_a_bound_holds_wherever_it_can_be_observed(
    values: list[float], observed: list[float], holds: bool | None
) -> None:
    """Up to rounding of the values, and nowhere if nothing is known."""
    assert bound(values, observed).holds is holds


def test_rounding_of_the_arithmetic_is_allowed_for() -> None:
    """A bound that tends to 0 is not told apart from the rounding that the run says it has."""
    assert bound([1e-40], [1e-32], rounding=1e-31).holds
    assert not bound([1e-40], [1e-30], rounding=1e-31).holds


def test_a_bound_as_text_and_as_a_document() -> None:
    """The sense in which it holds, the odds, and whether the run kept it."""
    assert str(bound([1.0], [0.5])) == "Theorem 0: q ≤ 1 at the end, for every run; kept by this run"
    assert str(bound([1.0], [2.0])).endswith("EXCEEDED by this run")
    assert str(bound([1.0], [math.nan])).endswith("not observable")
    likely = replace(bound([1.0], [0.5]), certainty=Certainty.with_probability, probability=0.95)
    assert "with the stated probability (probability 0.95)" in str(likely)
    assert likely.to_dict()["certainty"] == "with_probability"
    assert likely.to_dict()["holds"] is True


@pytest.fixture
def run() -> TrainingResult:
    """Return a run with bounds."""
    return glm_tron([[0.6, 0.8], [1.0, 0.0], [-0.8, 0.6]], [1.4, 1.0, 0.0], w_star=[1, 1], steps=20)


def test_a_run_as_text(run: TrainingResult) -> None:
    """Algorithm, end, best iterate, loss, distance, every bound and every hypothesis have a line."""
    lines = run.summary().splitlines()
    assert lines[0] == "algorithm   Algorithm 4 (GLM-Tron)"
    assert lines[1] == "stopped     finished: all steps were made"
    assert [line.split()[0] for line in lines[2:6]] == ["updates", "best", "loss", "distance"]
    assert sum(line.startswith("bound  ") for line in lines) == len(run.bounds) == 4
    assert sum(line.startswith("hypothesis  ") for line in lines) == len(run.hypotheses)


def test_a_run_without_bounds_says_so() -> None:
    """And a run without w* has no distance."""
    text = glm_tron([[2.0]], [1.0], steps=2).summary()
    assert "bound       none applies" in text
    assert "distance" not in text


def test_long_vectors_are_cut(run: TrainingResult) -> None:
    """Eight entries are shown."""
    assert "1, 1, 1, 1, 1, 1, 1, 1, ...)" in replace(run, best=np.ones(9)).summary()
    assert "..." not in replace(run, best=np.ones(8)).summary()


def test_a_run_as_a_document(run: TrainingResult) -> None:
    """It is made of plain values of equal lengths."""
    document = json.loads(json.dumps(run.to_dict()))
    count = len(document["steps"])
    assert {len(document[name]) for name in ("trajectory", "losses", "distances")} == {count}
    assert {len(entry[name]) for entry in document["bounds"] for name in ("values", "observed")} == {count}
    assert document["termination"] == "finished"
    assert document["network"] is not None
    assert run.certified
    assert not replace(run, bounds=()).certified


def test_ends_are_words() -> None:
    """They compare with their names, as those of a search do."""
    assert Termination.diverged == "diverged"
    assert "smaller step size" in Termination.diverged.value
