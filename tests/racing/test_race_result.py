"""Tests of what a race tells: counts, quantiles, words, plain values."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import relucomb as rc
from relucomb.racing import Comparison, Record, Truth
from relucomb.training.result import Termination


def record(losses: list[float], truth: Truth, name: str = "gd", polished: list[float] | None = None) -> Record:
    """Return a record with these losses."""
    values = np.array(losses)
    bottoms = values if polished is None else np.array(polished)
    ends = tuple(Termination.finished if math.isfinite(loss) else Termination.diverged for loss in losses)
    return Record(
        name,
        "gradient descent",
        np.arange(len(losses)),
        values,
        truth.gaps(values),
        truth.reached(values),
        truth.missed(values),
        bottoms,
        truth.reached(bottoms),
        np.full(len(losses), 0.5),
        np.full(len(losses), 100),
        ends,
        0.1,
        100,
        False,
        None,
    )


CLOSED = Truth(2.0, 2.0, True, 0.01, 0.001)
OPEN = Truth(1.0, 2.0, False, 0.01, 0.001)
LOSSES = [2.0, 2.019, 2.021, 4.0, math.inf]


def race(truth: Truth, *records: Record) -> Comparison:
    """Return a race with these records against an optimum of another problem."""
    return Comparison(rc.erm([[0], [1]], [0, 1], 1), records, truth, Termination.finished, 1.5)


def test_with_a_closed_proof_every_run_reaches_or_misses() -> None:
    """Up to 1 % above the optimum is reached; a loss that is none is missed."""
    assert CLOSED.reached(LOSSES).tolist() == [True, True, False, False, False]
    assert CLOSED.missed(LOSSES).tolist() == [False, False, True, True, True]
    assert CLOSED.gaps(LOSSES).tolist() == pytest.approx([0, 0.0095, 0.0105, 1, math.inf])


def test_without_one_a_run_may_do_neither() -> None:
    """Reached is what is near the bound, missed what is far above the best loss known."""
    losses = [1.0, 1.005, 1.5, 2.01, 2.05]
    assert OPEN.reached(losses).tolist() == [True, True, False, False, False]
    assert OPEN.missed(losses).tolist() == [False, False, False, False, True]


def test_near_zero_the_floor_is_what_is_compared() -> None:
    """Of an exact fit, 1 % would be nothing."""
    truth = Truth(0.0, 0.0, True, 0.01, 0.02)
    assert truth.reached([0.0, 1e-4, 3e-4]).tolist() == [True, True, False]
    assert truth.gaps([2e-4]).tolist() == pytest.approx([0.01])


def test_counts_and_quantiles() -> None:
    """Of five runs two reach, three miss, one diverged; quantiles are gaps of runs."""
    found = record(LOSSES, CLOSED)
    assert (found.runs, found.hits, found.misses, found.diverged, found.fraction) == (5, 2, 3, 1, 0.4)
    assert found.best == 2.0
    assert found.quantile(0.0) == 0.0
    assert found.quantile(0.4) == pytest.approx(0.0095)
    assert found.quantile(0.5) == pytest.approx(0.0105)
    assert found.quantile(1.0) == math.inf
    assert found.restarts() == 10
    low, high = found.interval() or (0.0, 0.0)
    assert low < 0.4 < high


def test_the_summary_has_a_line_for_each_optimiser() -> None:
    """Shares, intervals, and what else there is to say."""
    text = race(CLOSED, record(LOSSES, CLOSED, "gd"), record([2.0] * 3, CLOSED, "adam")).summary()
    lines = text.splitlines()
    assert any(line.split()[:5] == ["gd", "5", "2", "40.0", "%"] for line in lines)
    assert any(line.split()[:5] == ["adam", "3", "3", "100.0", "%"] for line in lines)
    assert "1 of them diverged" in text
    assert "proven optimal" in lines[0]
    assert max(map(len, lines)) <= 120
    undecided = race(OPEN, record([1.5, 1.0], OPEN)).summary()
    assert "not proven" in undecided
    assert "1 of them neither provably reach nor provably miss the optimum" in undecided
    exact = Truth(0.0, 0.0, True, 0.01, 0.02)
    assert "reached   within 0.0002 of the optimum" in race(exact, record([0.0], exact)).summary()


def test_plain_values() -> None:
    """What goes into JSON; the document is complete and holds what the record says."""
    document = race(CLOSED, record(LOSSES, CLOSED, polished=[2.0, 2.0, 2.0, 4.0, math.inf])).to_dict()
    json.dumps(document)
    [entry] = document["algorithms"]
    assert (entry["reached"], entry["missed"], entry["polished_reached"], entry["restarts"]) == (2, 3, 3, 10)
    assert entry["gap_quantiles"]["0.5"] == pytest.approx(0.0105)
    assert len(entry["losses"]) == len(entry["seeds"]) == len(entry["terminations"]) == 5
    assert document["optimum"]["status"] == "optimal"
    assert (document["best_known"], document["tolerance"]) == (2.0, 0.01)


def test_records_are_found_by_name() -> None:
    """A wrong name is told the right ones."""
    found = race(CLOSED, record([2.0], CLOSED, "gd"))
    assert found["gd"].algorithm == "gd"
    with pytest.raises(KeyError, match="algorithm must be one of 'gd'; got 'adam'"):
        found["adam"]
