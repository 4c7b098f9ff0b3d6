"""Tests of races: on data whose optimum is known, with and without a closed proof, interrupted, and refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import relucomb as rc
from relucomb.erm_result import Status, Termination
from relucomb.exceptions import RelucombError
from relucomb.racing import DEFAULT, RaceProgress, comparison
from relucomb.racing.comparison import compare

HAT = ([[0], [1], [2], [3], [4]], [0, 1, 2, 1, 0])
ZIGZAG = ([[0], [1], [2], [3]], [0, 1, 0, 1])


def test_a_race_for_a_known_optimum() -> None:
    """The best two units on the zigzag leave 1/6, and every number of the records agrees with the losses."""
    race = compare(*ZIGZAG, 2, ["gd", "adam", "l-bfgs"], 30, steps=4000)
    assert race.optimum.status == "optimal"
    assert race.truth.best_known == pytest.approx(1 / 6, rel=1e-9)
    assert race.termination == "finished"
    assert [record.algorithm for record in race.records] == ["gd", "adam", "l-bfgs"]
    for record in race.records:
        assert record.runs == 30
        assert record.seeds.tolist() == list(range(30))
        assert (record.losses >= 1 / 6 * (1 - 1e-9)).all()
        np.testing.assert_allclose(record.gaps, np.maximum(0, record.losses * 6 - 1), atol=1e-8)
        assert record.reached.tolist() == (record.losses <= 1 / 6 * 1.001).tolist()
        assert (record.missed == ~record.reached).all()
        assert (record.polished <= record.losses).all()
        assert record.hits <= record.polished_hits
        assert record.network is not None
        X, y = np.array(ZIGZAG[0], float), np.array(ZIGZAG[1], float)
        assert record.best == pytest.approx(float(np.mean((record.network(X) - y) ** 2)), rel=1e-9)
    assert 0 < race["gd"].hits < 30
    assert race["gd"].polished_hits < 30


def test_an_exact_fit_is_reached_by_small_residuals() -> None:
    """Of an optimum 0 no share can be taken: residuals have to be 0.1 % of those of the best constant."""
    race = compare(*HAT, 2, ["l-bfgs"], 40, output_bias=True)
    assert race.optimum.loss == pytest.approx(0, abs=1e-12)
    record = race["l-bfgs"]
    constant = float(np.var(HAT[1]))
    assert record.reached.tolist() == (record.losses <= 1e-6 * constant + race.truth.best_known).tolist()
    assert 0 < record.hits < 40


@pytest.mark.parametrize("name", DEFAULT)
def test_every_optimiser_fits_one_unit(name: str) -> None:
    """From some of ten starts; seeds are the same whatever the number of threads, and whichever else runs."""
    X = np.linspace(-1, 1, 12)[:, None]
    y = np.maximum(0, 3 * X[:, 0] - 1)
    one = compare(X, y, 1, [name], 10, tolerance=0.01)[name]
    two = compare(X, y, 1, ["l-bfgs" if name == "gd" else "gd", name], [7, 2], tolerance=0.01, workers=3)[name]
    assert one.hits > 0
    assert two.losses.tolist() == one.losses[[7, 2]].tolist()
    assert two.polished.tolist() == one.polished[[7, 2]].tolist()


def test_glm_tron_runs_once_and_for_one_unit_only() -> None:
    """It draws nothing, so an interval for its chance would mean nothing."""
    X = np.linspace(-1, 1, 12)[:, None]
    race = compare(X, -np.maximum(0, X[:, 0] + 0.2), 1, ["glm-tron"], 50)
    record = race["glm-tron"]
    assert (record.runs, record.hits, record.interval(), record.restarts()) == (1, 1, None, 1)
    with pytest.raises(ValueError, match="'glm-tron', which learns a single unit; with it, width must be 1; got 2"):
        compare(X, X[:, 0], 2, ["gd", "glm-tron"])


def test_other_steps() -> None:
    """Step sizes and numbers of steps go to the optimisers they are for."""
    race = compare(*ZIGZAG, 1, ["gd", "adam"], 3, step_sizes={"adam": 0.5}, steps={"gd": 7})
    assert (race["gd"].steps, race["adam"].step_size) == (7, 0.5)
    assert race["gd"].updates.max() <= 7
    assert race["adam"].steps == comparison.COMPETITORS["adam"].steps
    both = compare(*ZIGZAG, 1, ["gd", "adam"], 3, steps=5)
    assert (both["gd"].steps, both["adam"].steps) == (5, 5)


def test_runs_that_diverge_count_as_misses() -> None:
    """They are counted, and their best loss before that is told."""
    race = compare(*ZIGZAG, 2, ["gd"], 5, step_sizes={"gd": 1e12})
    record = race["gd"]
    assert record.diverged >= 4  # a first step that kills all units ends a run, too
    assert record.hits == 0
    assert record.misses == 5
    assert np.isfinite(record.losses).all()
    assert f"{record.diverged} of them diverged" in race.summary()


def test_without_a_proof_runs_may_be_undecided() -> None:
    """A limit leaves an interval: below its lower end a loss would be a hit, above its upper end it is a miss."""
    X, y = rc.teacher(50, 2, 2, 0.3, 0)
    race = compare(X, y, 2, ["l-bfgs"], 20, time_limit=0.0)
    assert race.optimum.status == "feasible"
    assert not race.truth.closed
    record = race["l-bfgs"]
    assert record.hits == 0
    assert race.truth.best_known == min(race.optimum.loss, record.polished.min())
    undecided = record.undecided
    assert undecided == 20 - record.misses
    assert 0 < undecided < 20
    true = compare(X, y, 2, ["l-bfgs"], 20)["l-bfgs"]
    assert record.hits <= true.hits <= record.hits + undecided
    assert record.polished_hits <= true.polished_hits <= record.polished_hits + record.polished_undecided
    low, high = record.interval() or (1.0, 0.0)
    closer = true.interval() or (0.0, 1.0)
    assert low <= closer[0] < closer[1] <= high
    assert race.records[0].polished_undecided == int((~record.polished_missed & ~record.polished_reached).sum())
    assert record.missed.tolist() == (record.losses > race.truth.best_known * 1.001).tolist()
    assert f"{undecided} of them neither provably reach nor provably miss" in race.summary()


def test_a_network_below_the_bound_is_our_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong proof must not pass in silence."""
    true = comparison.erm

    def wrong(*arguments: Any, **options: Any) -> Any:
        result = true(*arguments, **options)
        return replace(result, loss=2 * result.loss, lower_bound=2 * result.lower_bound)

    monkeypatch.setattr(comparison, "erm", wrong)
    with pytest.raises(RelucombError, match=r"a network of loss 0\.16.* is below the proven bound 0\.33.*: the proof"):
        compare(*ZIGZAG, 2, ["l-bfgs"], 30)


def test_an_interrupted_proof_ends_the_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to race against, but what the solver knows is told."""
    true = comparison.erm

    def interrupted(*arguments: Any, **options: Any) -> Any:
        result = true(*arguments, **options)
        return replace(result, status=Status.feasible, termination=Termination.interrupted, lower_bound=0.0)

    monkeypatch.setattr(comparison, "erm", interrupted)
    race = compare(*ZIGZAG, 2, ["gd", "adam"], 5)
    assert race.termination == "interrupted"
    assert race.records == ()
    assert (race.not_run, race.unfinished) == (("gd", "adam"), ())
    text = race.summary()
    assert "stopped   by the user during the proof; no optimiser had started yet" in text
    assert "not run: gd, adam" in text
    assert not any(words in text for words in ("the race took", "95 % interval", "left out", "reached "))


def test_an_interrupted_race_tells_what_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    """The optimisers before and the finished runs of the present one."""
    true = comparison.run_seeds

    def interrupt(problem: Any, competitor: Any, seeds: Any, *rest: Any) -> Any:
        if competitor.name == "gd":
            return true(problem, competitor, seeds, *rest)
        return true(problem, competitor, seeds[:2], *rest)[0], comparison.Termination.interrupted

    monkeypatch.setattr(comparison, "run_seeds", interrupt)
    race = compare(*ZIGZAG, 2, ["gd", "adam", "sgd"], 5, steps=50)
    assert race.termination == "interrupted"
    assert [(record.algorithm, record.runs) for record in race.records] == [("gd", 5), ("adam", 2)]
    assert "stopped   by the user" in race.summary()
    assert (race.not_run, race.unfinished) == (("sgd",), ())


def test_an_optimiser_without_a_finished_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no record, but has begun."""
    monkeypatch.setattr(comparison, "run_seeds", lambda *_: ([], comparison.Termination.interrupted))
    race = compare(*ZIGZAG, 2, ["gd", "adam", "sgd"], 5, steps=50)
    assert (race.records, race.unfinished, race.not_run) == ((), ("gd",), ("adam", "sgd"))


def test_progress_tells_undecided_runs() -> None:
    """What neither reaches nor misses the optimum by what is proven then."""
    X, y = rc.teacher(50, 2, 2, 0.3, 0)
    seen: list[RaceProgress] = []
    race = compare(X, y, 2, ["l-bfgs"], 20, time_limit=0.0, callback=seen.append)
    assert seen[-1].reached == 0
    assert seen[-1].undecided >= race["l-bfgs"].undecided > 0


def test_ctrl_c_while_runs_are_polished(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is polished by then is told."""
    true = comparison.polisher

    def polisher(*arguments: Any, **options: Any) -> Any:
        polish, calls = true(*arguments, **options), []

        def once(units: Any) -> Any:
            calls.append(units)
            if len(calls) == 4:
                raise KeyboardInterrupt
            return polish(units)

        return once

    monkeypatch.setattr(comparison, "polisher", polisher)
    race = compare(*ZIGZAG, 2, ["gd", "adam"], 5, steps=50)
    assert race.termination == "interrupted"
    assert [record.seeds.tolist() for record in race.records] == [[0, 1, 2]]


def test_a_small_tolerance_asks_for_a_closer_proof() -> None:
    """Even the least tolerance leaves no run undecided."""
    X, y = rc.teacher(20, 1, 1, 0.1, 0)
    race = compare(X, 1e-3 * y, 1, ["l-bfgs"], 5, tolerance=1e-8)
    assert race.status == "optimal"
    assert race["l-bfgs"].hits + race["l-bfgs"].misses == 5
    assert race["l-bfgs"].polished_hits > 0


def test_a_callback_sees_the_race_and_can_stop_it() -> None:
    """First the proof, then each optimiser up to its last run."""
    seen: list[RaceProgress] = []
    compare(*ZIGZAG, 2, ["gd", "adam"], 4, steps=10, callback=seen.append)
    stages = [progress.stage for progress in seen]
    assert [stage for stage in dict.fromkeys(stages) if stage != "exact"] == ["gd", "adam"]
    assert (seen[-1].finished, seen[-1].runs) == (4, 4)
    race = compare(*ZIGZAG, 2, ["gd", "adam"], 4, steps=10, callback=lambda progress: progress.stage == "gd")
    assert race.termination == "callback"
    assert len(race.records) <= 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"X": [[0], [float("nan")], [2], [3]]}, "X: the entry in row 1, column 0 .* is nan"),
        ({"y": [0, 1, 0, float("inf")]}, r"y: the entry \[3\] .* is inf"),
        ({"y": [[0, 1]] * 4}, "y has shape"),
        ({"y": [0, 1]}, "X has 4 points but y has 2"),
        ({"X": [], "y": []}, "X"),
        ({"y": [2, 2, 2, 2]}, "y has a best constant of loss 0: its labels are constant.* that are not all equal$"),
        ({"y": [0.1] * 3, "X": [[0], [1], [2]]}, "its labels are constant"),  # their mean is not 0.1 in floats
        ({"y": [2, 2, 2, 2], "hidden_bias": False, "output_bias": True}, "labels that are not all equal$"),
        ({"y": [0, 0, 0, 0], "hidden_bias": False}, "y has only the label 0, .* legal are labels that are not all 0$"),
        ({"y": [1e-144, 1e-144 * (1 + 1e-15), 1e-144, 1e-144]}, "y differs from its best constant by at most .*1e-145"),
        ({"X": [[1e200], [1], [2], [3]]}, "X has entries up to 1e.200"),
        ({"X": [[1e-200], [0], [2e-200], [3e-200]]}, "X has entries up to 3e-200"),
        ({"y": [1e200, 1, 2, 3]}, "y has entries up to 1e.200"),
        ({"y": [1e-200, 0, 2e-200, 0]}, "y has entries up to 2e-200"),
        ({"width": 0}, "width is 0; legal is a whole number from 1"),
        ({"algorithms": ["sgdd"]}, "algorithms has 'sgdd'; legal are 'gd', 'sgd', 'adam', 'l-bfgs', "),
        ({"algorithms": ["gd", "gd"]}, "algorithms has 'gd' twice"),
        ({"algorithms": []}, "algorithms is empty"),
        ({"seeds": 0}, "seeds is 0; legal is a whole number from 1"),
        ({"seeds": -3}, "seeds is -3"),
        ({"seeds": []}, "seeds is empty"),
        ({"seeds": [1, -1]}, "an entry of seeds is -1"),
        ({"seeds": [1, 1]}, "seeds has an entry twice"),
        ({"tolerance": -0.1}, "tolerance is -0.1"),
        ({"tolerance": 0}, "tolerance is 0"),
        ({"tolerance": 2.0}, "tolerance is 2.0; legal is a number from 1e-08 to 1"),
        ({"time_limit": -1}, "time_limit is -1"),
        ({"workers": 0}, "workers is 0"),
        ({"step_sizes": {"gd": 0.0}}, "the step size of 'gd' is 0.0; legal is a positive"),
        ({"step_sizes": {"l-bfgs": 0.1}}, "step_sizes has 'l-bfgs', which chooses its steps itself"),
        ({"step_sizes": {"adam": 0.1}}, "step_sizes has 'adam'; legal are those that race: 'gd', 'l-bfgs'"),
        ({"steps": 0}, "steps is 0"),
        ({"steps": {"gd": -1}}, "steps is -1"),
    ],
)
def test_wrong_input_is_refused(changed: dict[str, Any], message: str) -> None:
    """The message names the argument, what it got, and what is legal."""
    arguments: dict[str, Any] = {"X": ZIGZAG[0], "y": ZIGZAG[1], "width": 1, "algorithms": ["gd", "l-bfgs"], "seeds": 2}
    with pytest.raises(ValueError, match=message):
        compare(**{**arguments, **changed})


def test_labels_that_are_legal() -> None:
    """Squares need not vary; without biases labels may be equal, since the best constant function is 0."""
    assert compare(ZIGZAG[0], [1, -1, 1, -1], 1, ["l-bfgs"], 2).records
    assert compare(ZIGZAG[0], [2, 2, 2, 2], 1, ["l-bfgs"], 2, hidden_bias=False).records


@pytest.mark.parametrize(
    "changed", [{"seeds": 1.5}, {"seeds": "200"}, {"tolerance": "x"}, {"width": 1.0}, {"steps": 2.5}]
)
def test_wrong_types_are_refused(changed: dict[str, Any]) -> None:
    """A number that is none is a TypeError."""
    arguments: dict[str, Any] = {"X": ZIGZAG[0], "y": ZIGZAG[1], "width": 1, "algorithms": ["gd"], "seeds": 2}
    with pytest.raises(TypeError, match=next(iter(changed))):
        compare(**{**arguments, **changed})


def test_labels_of_any_size() -> None:
    """Shares do not depend on the units of the data."""
    X, y = rc.teacher(15, 1, 1, 0.2, 0)
    plain = compare(X, y, 1, ["l-bfgs"], 5)["l-bfgs"]
    for factor, shift in ((1e-120, 0.0), (1e120, 0.0), (1.0, 1e6)):
        other = compare(3e5 * X + shift, factor * y, 1, ["l-bfgs"], 5)["l-bfgs"]
        assert other.hits == plain.hits
        assert (other.losses / factor**2).tolist() == pytest.approx(plain.losses.tolist(), rel=1e-5)
