"""Tests of what a race tells: counts, quantiles, words, plain values."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

import relucomb as rc
from relucomb.racing import Comparison, Record, Truth
from relucomb.training.concentration import clopper_pearson
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
        truth.missed(bottoms),
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


def test_undecided_runs_widen_what_is_told() -> None:
    """The interval begins with what is proven and ends with what is possible; restarts are of what is proven."""
    losses = [1.0, 1.0, 1.5, 1.5, 1.5, *[4.0] * 15]
    found = record(losses, OPEN, polished=[1.0, 1.0, 1.0, 1.5, 1.5, *[1.9] * 3, *[4.0] * 12])
    assert (found.hits, found.undecided, found.misses) == (2, 3, 15)
    assert (found.polished_hits, found.polished_undecided) == (3, 5)
    assert found.share_range == (0.1, 0.25)
    assert found.polished_range == (0.15, 0.4)
    assert found.interval() == (clopper_pearson(2, 20)[0], clopper_pearson(5, 20)[1])
    assert found.restarts() == 44
    none = record(losses[2:], OPEN)
    assert none.restarts() is None
    assert (none.interval() or (1.0, 0.0))[1] == clopper_pearson(3, 18)[1]
    closed = record(LOSSES, CLOSED)
    assert (closed.undecided, closed.polished_undecided) == (0, 0)
    assert closed.interval() == clopper_pearson(2, 5)


def test_the_summary_of_undecided_runs_shows_ranges() -> None:
    """No number that may be false; what is sure is printed as one number, and the columns stay below their heads."""
    some = record([1.0] * 2 + [1.5] * 13 + [4.0] * 25, OPEN, "gd", polished=[1.0] * 4 + [1.5] * 20 + [4.0] * 16)
    none = record([1.5] * 15 + [4.0] * 25, OPEN, "adam")
    sure = record([4.0] * 40, OPEN, "sgd")
    lines = race(OPEN, some, none, sure).summary().splitlines()
    [head] = [line for line in lines if "95 % interval" in line]
    rows = {line.split()[0]: line for line in lines if line[:1].strip()}
    for row, cells in {
        "gd": {"reached": "2 – 15", "share": "5.0 – 37.5 %", "polished": "10.0 – 60.0 %", "restarts": "≤ 90"},
        "adam": {"reached": "0 – 15", "share": "0.0 – 37.5 %", "polished": "0.0 – 37.5 %", "restarts": "≥ 10"},
        "sgd": {"reached": "0", "share": "0.0 %", "polished": "0.0 %", "restarts": "–"},
    }.items():
        for name, cell in cells.items():
            end = head.index(name) + len(name)
            assert rows[row][:end].endswith(f"  {cell}"), (row, name)
    low, high = (100 * bound for bound in (clopper_pearson(2, 40)[0], clopper_pearson(15, 40)[1]))
    assert f"{low:.1f} % – {high:.1f} %" in rows["gd"]
    assert "gaps are those to the best loss known" in "\n".join(lines)
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("truth", [CLOSED, OPEN, Truth(0.1, 0.1, True, 1e-8, 1e-12), Truth(0.0, 0.0, True, 0.1, 0.3)])
def test_no_run_both_reaches_and_misses(truth: Truth) -> None:
    """Even at the very edge of the tolerance, and with a closed proof every run does one of them."""
    edge = truth.best_known + truth.tolerance * max(truth.best_known, truth.floor)
    near = edge * (1 + np.finfo(float).eps * np.arange(-20, 21))
    losses = [*near, math.inf, math.nan, truth.best_known, truth.lower_bound]
    reached, missed = truth.reached(losses), truth.missed(losses)
    assert not (reached & missed).any()
    assert not truth.closed or (reached | missed).all()


def test_an_interruption_names_what_is_left_out() -> None:
    """Optimisers that were not run, and those of which no run was finished."""
    found = Comparison(
        rc.erm([[0], [1]], [0, 1], 1),
        (record([2.0], CLOSED, "gd"),),
        CLOSED,
        Termination.interrupted,
        1.5,
        not_run=("adam", "l-bfgs"),
        unfinished=("sgd",),
    )
    text = found.summary()
    assert "stopped   by the user; runs that were not finished by then are left out" in text
    assert "not run: adam, l-bfgs; no run finished: sgd" in text
    assert (found.to_dict()["not_run"], found.to_dict()["unfinished"]) == (["adam", "l-bfgs"], ["sgd"])
    assert "not run" not in race(CLOSED, record([2.0], CLOSED)).summary()


def test_without_runs_there_is_no_table() -> None:
    """No head without rows."""
    found = replace(race(CLOSED), termination=Termination.callback, unfinished=("gd",), not_run=("sgd",))
    text = found.summary()
    assert "stopped   by the callback; runs that were not finished by then are left out" in text
    assert "not run: sgd; no run finished: gd" in text
    assert "95 % interval" not in text


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
    assert (entry["undecided"], entry["polished_undecided"]) == (0, 0)
    assert (document["not_run"], document["unfinished"]) == ([], [])
    [entry] = race(OPEN, record([1.0, 1.5, 4.0], OPEN, polished=[1.0, 1.5, 1.9])).to_dict()["algorithms"]
    assert (entry["reached"], entry["undecided"], entry["missed"]) == (1, 1, 1)
    assert (entry["polished_reached"], entry["polished_undecided"]) == (1, 2)
    assert entry["interval"] == (clopper_pearson(1, 3)[0], clopper_pearson(2, 3)[1])


def test_records_are_found_by_name() -> None:
    """A wrong name is told the right ones."""
    found = race(CLOSED, record([2.0], CLOSED, "gd"))
    assert found["gd"].algorithm == "gd"
    with pytest.raises(KeyError, match="algorithm must be one of 'gd'; got 'adam'"):
        found["adam"]
