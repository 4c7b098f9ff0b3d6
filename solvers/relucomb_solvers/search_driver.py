"""The driver of a branch and bound: rounds of work for one or more workers, limits, reports.

An engine is a module with the functions of :class:`Engine`. Workers are the threads of a
:class:`concurrent.futures.Executor` (kernels release the interpreter lock); a task is a pure function of what it gets,
so an executor of processes or of ``dask.distributed`` runs the same code. Work is cut by numbers of nodes and the
incumbent is exchanged between rounds only: for a given number of workers the same input takes the same path.

The last part of a limit is spent on closing: the search goes on, but solves the relaxations of the nodes with the least
bounds, which an undisturbed search leaves unfinished. That is what makes the bound of a stopped search mean something.
"""

from __future__ import annotations

import contextlib
import math
import time
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from relucomb_solvers.cone_search import FULL, Incumbent, Problem, Tolerances

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

ROUND_SECONDS = 0.1
FIRST_BUDGET, LAST_BUDGET = 64, 8192
CLOSING_SHARE, CLOSING_SECONDS = 0.2, 2.0
"""Part of a limit for closing; somebody who interrupts waits for a fifth of the time spent, but at most so long."""


class Engine(Protocol):
    """What the driver needs of an engine; trees are the engine's own."""

    def advance(
        self,
        problem: Problem,
        tree: Any,
        incumbent: Incumbent,
        slack: NDArray[np.float64],
        budget: int,
        stop: NDArray[np.uint8],
        leaves: Any,
        tol: Tolerances,
        closing: bool = False,
    ) -> int:
        """Explore up to ``budget`` nodes in place, or with ``closing`` raise their bounds; return why it came back."""

    def grow(self, tree: Any, capacity: int) -> Any:
        """Return a larger tree with the same contents."""

    def open_bound(self, tree: Any) -> float:
        """Least bound of open, pruned and unresolved nodes."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a search stands, in the engine's units (loss summed over points)."""

    nodes: int
    open: int
    loss: float
    bound: float
    unresolved: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop; ``None`` means never."""

    deadline: float | None = None
    nodes: int | None = None


def drive(
    engine: Engine,
    problem: Problem,
    trees: list[Any],
    incumbent: Incumbent,
    slack: NDArray[np.float64],
    tol: Tolerances,
    leaves: list[Any],
    limits: Limits,
    report: Callable[[State], bool],
    *,
    on_leaves: Callable[[Any, Any], None] | None = None,
    executor: Executor | None = None,
) -> tuple[str, State]:
    """Run the workers, one per tree, until nothing is open or a limit is reached.

    Returns
    -------
    reason
        ``"exhausted"``, ``"time_limit"``, ``"node_limit"``, ``"callback"`` or ``"interrupted"``.
    state
        The last state; ``incumbent`` holds the best network.
    """
    start = time.perf_counter()
    stop = np.zeros(1, np.uint8)
    pool: Executor | None = executor
    own_pool: ThreadPoolExecutor | None = None
    if pool is None and len(trees) > 1:
        pool = own_pool = ThreadPoolExecutor(len(trees))
    budget, closed = FIRST_BUDGET, False

    def work(most: float, deadline: float | None, *, closing: bool) -> None:
        nonlocal budget, closed
        if closing and not closed:  # nodes take longer from here on
            budget, closed = max(1, budget // 8), True
        _balance(trees)
        busy = [k for k, tree in enumerate(trees) if tree.count[0] > 0]
        each = int(max(1, min(budget, most / len(busy))))
        before = time.perf_counter()
        _round(engine, problem, trees, busy, incumbent, slack, each, stop, leaves, tol, pool, deadline, closing=closing)
        spent = time.perf_counter() - before
        if on_leaves is not None:
            for tree, buffer in zip(trees, leaves, strict=True):
                on_leaves(tree, buffer)
        if len(trees) > 1:
            budget = min(2 * budget, LAST_BUDGET)
        elif spent < 0.5 * ROUND_SECONDS:
            budget = min(4 * budget, 1 << 20)
        elif spent > 2 * ROUND_SECONDS:
            budget = max(1, int(budget * ROUND_SECONDS / spent))

    try:
        reason = _run(lambda: _state(engine, trees, incumbent, start), trees, slack, limits, report, work)
        if reason in ("callback", "interrupted"):
            seconds = time.perf_counter() - start
            deadline = time.perf_counter() + min(CLOSING_SECONDS, CLOSING_SHARE * seconds)
            with contextlib.suppress(KeyboardInterrupt):  # somebody is in a hurry
                while time.perf_counter() < deadline and _is_open(trees, float(incumbent.loss[0]), slack):
                    work(math.inf, deadline, closing=True)
        return reason, _state(engine, trees, incumbent, start)
    finally:
        stop[0] = 1
        if own_pool is not None:
            own_pool.shutdown(wait=True)


class _Work(Protocol):
    """One round of every worker."""

    def __call__(self, most: float, deadline: float | None, *, closing: bool) -> None:
        """Explore up to ``most`` nodes."""


def _run(
    look: Callable[[], State],
    trees: list[Any],
    slack: NDArray[np.float64],
    limits: Limits,
    report: Callable[[State], bool],
    work: _Work,
) -> str:
    """Work in rounds until nothing is open or a limit is reached; return why it ended."""
    begin = time.perf_counter()
    deadline, nodes = limits.deadline, limits.nodes
    closing_time = math.inf if deadline is None else deadline - CLOSING_SHARE * (deadline - begin)
    closing_nodes = math.inf if nodes is None else math.ceil((1 - CLOSING_SHARE) * nodes)
    try:
        while True:
            state = look()
            if report(state):
                return "callback"
            if not _is_open(trees, state.loss, slack):
                return "exhausted"
            if deadline is not None and time.perf_counter() >= deadline:
                return "time_limit"
            if nodes is not None and state.nodes >= nodes:
                return "node_limit"
            closing = state.nodes >= closing_nodes or time.perf_counter() >= closing_time
            left = math.inf if nodes is None else (nodes if closing else closing_nodes) - state.nodes
            work(left, deadline if closing or deadline is None else closing_time, closing=closing)
    except KeyboardInterrupt:
        return "interrupted"


def explore(
    engine: Engine,
    problem: Problem,
    tree: Any,
    incumbent: Incumbent,
    slack: NDArray[np.float64],
    budget: int,
    stop: NDArray[np.uint8],
    leaves: Any,
    tol: Tolerances,
    closing: bool = False,
) -> tuple[Any, Incumbent]:
    """One task of one worker: advance a tree, growing it as needed; return tree and incumbent."""
    last = int(tree.count[2]) + budget
    while True:
        code = engine.advance(problem, tree, incumbent, slack, last - int(tree.count[2]), stop, leaves, tol, closing)
        if code != FULL or tree.count[1] > problem.signs.shape[1] + 2:  # full may be the buffer of leaves
            return tree, incumbent
        tree = engine.grow(tree, 2 * len(tree.bound))


def give_half(tree: Any) -> Any:
    """Move every second open node, in the order of bounds, to a new tree of the same engine.

    A tree is a tuple of arrays over slots, with a ``heap`` of the open ones, a stack ``free`` of the unused ones, and
    the arrays ``count`` and ``floor`` of the search.
    """
    other = type(tree)(*(np.zeros_like(array) for array in tree))
    slots = tree.heap[: tree.count[0]].copy()
    slots = slots[np.lexsort((slots, tree.bound[slots]))]  # a sorted list is a heap
    keep, give = slots[::2], slots[1::2]
    n, capacity = len(give), len(tree.bound)
    for name, mine, its in zip(tree._fields, other, tree, strict=True):
        if name not in ("heap", "free", "count", "floor"):
            mine[:n] = its[give]
    other.heap[:n] = np.arange(n)
    other.free[: capacity - n] = np.arange(capacity - 1, n - 1, -1)
    other.count[:2] = n, capacity - n
    other.floor[:] = np.inf
    tree.heap[: len(keep)] = keep
    tree.free[tree.count[1] : tree.count[1] + n] = give
    tree.count[0] = len(keep)
    tree.count[1] += n
    return other


def _round(
    engine: Engine,
    problem: Problem,
    trees: list[Any],
    busy: list[int],
    incumbent: Incumbent,
    slack: NDArray[np.float64],
    budget: int,
    stop: NDArray[np.uint8],
    leaves: list[Any],
    tol: Tolerances,
    pool: Executor | None,
    deadline: float | None,
    *,
    closing: bool,
) -> None:
    stop[0] = 0
    if pool is None:
        for k in busy:
            trees[k], _ = explore(engine, problem, trees[k], incumbent, slack, budget, stop, leaves[k], tol, closing)
        return
    tasks = []
    for k in busy:
        copy = Incumbent(*(array.copy() for array in incumbent))
        tasks.append(
            pool.submit(explore, engine, problem, trees[k], copy, slack, budget, stop, leaves[k], tol, closing)
        )
    try:
        pending = set(tasks)
        while pending:
            _, pending = wait(pending, timeout=0.05)
            if deadline is not None and time.perf_counter() >= deadline:
                stop[0] = 1
    except KeyboardInterrupt:
        stop[0] = 1
        wait(tasks)
        raise
    finally:
        if all(task.done() for task in tasks):
            for k, task in zip(busy, tasks, strict=True):
                trees[k], found = task.result()
                if found.loss[0] < incumbent.loss[0]:
                    for mine, its in zip(incumbent, found, strict=True):
                        mine[...] = its


def _balance(trees: list[Any]) -> None:
    """Give every worker without open nodes half of the largest tree."""
    for k, tree in enumerate(trees):
        if tree.count[0] == 0:
            donor = max(range(len(trees)), key=lambda index: int(trees[index].count[0]))
            if trees[donor].count[0] < 2:
                return
            fresh = give_half(trees[donor])
            fresh.count[2:] += tree.count[2:]
            fresh.floor[:] = np.minimum(fresh.floor, tree.floor)
            trees[k] = fresh


def _state(engine: Engine, trees: list[Any], incumbent: Incumbent, start: float) -> State:
    loss = float(incumbent.loss[0])
    return State(
        nodes=sum(int(tree.count[2]) for tree in trees),
        open=sum(int(tree.count[0]) for tree in trees),
        loss=loss,
        bound=min(loss, *(engine.open_bound(tree) for tree in trees)),
        unresolved=sum(int(tree.count[4]) for tree in trees),
        seconds=time.perf_counter() - start,
    )


def _is_open(trees: list[Any], loss: float, slack: NDArray[np.float64]) -> bool:
    """Whether some open node may still hold a better network."""
    cutoff = loss - max(slack[0], slack[1] * loss)
    return any(tree.count[0] > 0 and tree.bound[tree.heap[0]] < cutoff for tree in trees)
