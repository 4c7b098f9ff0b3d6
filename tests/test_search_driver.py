import time

import numpy as np
from test_cone_search import TOL, problem_of, start

from relucomb_solvers import cone_search, search_driver
from relucomb_solvers.search_driver import Limits, drive, give_half


def run(limits=None, report=lambda state: False, workers=1):
    """Drive a small search; return why it ended, its state and its incumbent."""
    problem = problem_of(5, points=14)
    tree, incumbent, slack, leaves = start(problem, every=False)
    trees = [tree] + [cone_search.new_tree(2, 3, 0, 4096) for _ in range(workers - 1)]
    buffers = [leaves] + [cone_search.new_leaves(2, 3, 64, every=False) for _ in range(workers - 1)]
    reason, state = drive(cone_search, problem, trees, incumbent, slack, TOL, buffers, limits or Limits(), report)
    return reason, state, incumbent


def test_runs_to_the_end_with_any_number_of_workers():
    """One, two and three workers prove the same optimum."""
    ends = [run(workers=workers) for workers in (1, 2, 3)]
    assert {reason for reason, _, _ in ends} == {"exhausted"}
    losses = [float(incumbent.loss[0]) for _, _, incumbent in ends]
    assert max(losses) - min(losses) <= 1e-8 * losses[0]


def test_limits():
    """Nodes, time and the reporter stop it; the state says how far it came."""
    reason, state, _ = run(Limits(nodes=0))
    assert reason == "node_limit"
    assert state.open > 0
    assert run(Limits(deadline=time.perf_counter()))[0] == "time_limit"
    assert run(report=lambda state: True)[0] == "callback"


def test_stopped_searches_have_a_bound(monkeypatch):
    """The last part of a limit, and the moment after an interrupt, go into the bounds of open nodes."""
    optimum = float(run()[2].loss[0])

    def interrupt(state):
        if state.nodes > 100:
            raise KeyboardInterrupt
        return False

    monkeypatch.setattr(search_driver, "CLOSING_SHARE", 0.0)
    assert run(report=interrupt)[1].bound == 0.0
    monkeypatch.undo()
    assert run(Limits(nodes=800))[1].nodes < 900
    ends = [run(Limits(nodes=800))]
    monkeypatch.setattr(search_driver, "CLOSING_SHARE", 100.0)
    ends.append(run(report=interrupt))
    for reason, state, incumbent in ends:
        assert reason in ("node_limit", "interrupted")
        assert 0.3 * incumbent.loss[0] < state.bound <= optimum * (1 + 1e-9)


def test_a_second_interrupt_ends_at_once(monkeypatch):
    """Ctrl-C while the bounds are raised: what is known by then is returned."""
    rounds = 0

    def interrupted(*_):
        nonlocal rounds
        rounds += 1
        raise KeyboardInterrupt

    monkeypatch.setattr(search_driver, "_balance", interrupted)
    monkeypatch.setattr(search_driver, "CLOSING_SHARE", 1e6)
    reason, state, _ = run()
    assert (reason, rounds) == ("interrupted", 2)
    assert state.open > 0


def test_interrupt_keeps_the_incumbent():
    """Ctrl-C in a report ends the search with what is known."""

    def interrupt(state):
        if state.nodes > 100:
            raise KeyboardInterrupt
        return False

    reason, state, incumbent = run(report=interrupt)
    assert reason == "interrupted"
    assert state.bound <= incumbent.loss[0]


def test_give_half_loses_nothing():
    """The open nodes of both trees together are those of the one before."""
    problem = problem_of(5, points=14)
    tree, *_ = start(problem, every=False)
    before = sorted(tree.bound[tree.heap[: tree.count[0]]])
    open_before, free_before = int(tree.count[0]), int(tree.count[1])
    other = give_half(tree)
    after = [*tree.bound[tree.heap[: tree.count[0]]], *other.bound[other.heap[: other.count[0]]]]
    assert sorted(after) == before
    assert tree.count[0] + other.count[0] == open_before
    assert tree.count[1] == free_before + other.count[0]
    assert len(np.unique([*tree.heap[: tree.count[0]], *tree.free[: tree.count[1]]])) == len(tree.bound)
