"""Satisfiability of clauses by conflict-driven search, with a proof if there is no solution.

The usual search [1]_: two watched literals, learning at the first unique implication point, activities, saved phases,
restarts; clauses learned long ago and long are forgotten between restarts. What is learned is logged: every learned
clause follows from the clauses before it by unit propagation, so :mod:`relucomb_solvers.clause_proof` can check an
answer "unsatisfiable" without this file.

References
----------
.. [1] N. Eén and N. Sörensson, An extensible SAT-solver, SAT 2003.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relucomb_solvers._jit import inner_kernel, kernel

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

FIRST_EPISODE = 200
GROWTH = 1.2
LONGEST_EPISODE = 500
KEPT = 4_000
DECAY = 0.95
UNKNOWN, SATISFIABLE, UNSATISFIABLE = 0, 1, -1


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the search found.

    Attributes
    ----------
    satisfiable
        None if it was not decided.
    model
        Signs of the variables ``1, 2, ...``, -1 or 1, if there is a solution.
    lemmas, offsets
        The learned clauses as literals and offsets, as the clauses are given: a proof if there is none.
    conflicts
        How many conflicts it took.
    """

    satisfiable: bool | None
    model: NDArray[np.int8] | None
    lemmas: NDArray[np.int32]
    offsets: NDArray[np.int64]
    conflicts: int


def solve(
    literals: NDArray[np.int32],
    offsets: NDArray[np.int64],
    conflicts: int = 1 << 62,
    stop: Callable[[], bool] = lambda: False,
) -> Answer:
    """Decide whether clauses have a solution.

    Parameters
    ----------
    literals, offsets
        Clause ``c`` is ``literals[offsets[c]:offsets[c + 1]]``; a literal is ``k`` or ``-k`` for a variable ``k >= 1``.
        No variable occurs twice in a clause; no clause is empty.
    conflicts
        How many conflicts to spend at most.
    stop
        Asked between restarts; True ends the search.

    Examples
    --------
    >>> solve(np.array([1, 2, -1, 2, -2], dtype=np.int32), np.array([0, 2, 4, 5])).satisfiable
    False
    >>> solve(np.array([1, 2, -1, 2], dtype=np.int32), np.array([0, 2, 4])).model
    array([1, 1], dtype=int8)
    """
    variables = int(np.abs(literals).max(initial=1))
    coded = np.where(literals > 0, 2 * (literals - 1), -2 * literals - 1).astype(np.int32)
    original = np.asarray(offsets, dtype=np.int64)
    known: tuple[NDArray[np.int32], NDArray[np.int64]] = (np.empty(0, np.int32), np.zeros(1, np.int64))
    log: list[tuple[NDArray[np.int32], NDArray[np.int64]]] = []
    activity = np.zeros(variables)
    phase = np.ones(variables, dtype=np.int8)
    spent, length = 0, float(FIRST_EPISODE)
    while True:
        allowed = min(int(length), conflicts - spent)
        arena = np.concatenate([coded, known[0], np.empty(allowed * variables, np.int32)])
        starts = np.concatenate([original, known[1][1:] + original[-1], np.empty(allowed, np.int64)])
        number = len(original) + len(known[1]) - 2
        status, learned = _episode(arena, starts, number, variables, activity, phase, allowed, DECAY)
        spent += learned
        fresh_starts = starts[number : number + learned + 1]
        fresh = (arena[fresh_starts[0] : fresh_starts[-1]].copy(), fresh_starts - fresh_starts[0])
        log.append(fresh)
        if status != UNKNOWN or spent >= conflicts or stop():
            break
        known = _kept(_joined([known, fresh]))
        length = min(length * GROWTH, LONGEST_EPISODE)
    lemmas, ends = _joined(log)
    return Answer(
        satisfiable=None if status == UNKNOWN else status == SATISFIABLE,
        model=phase.copy() if status == SATISFIABLE else None,
        lemmas=np.where(lemmas % 2 == 0, lemmas // 2 + 1, -(lemmas // 2) - 1).astype(np.int32),
        offsets=ends,
        conflicts=spent,
    )


def _joined(parts: list[tuple[NDArray[np.int32], NDArray[np.int64]]]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    lengths = np.concatenate([np.diff(offsets) for _, offsets in parts])
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return np.concatenate([literals for literals, _ in parts]), offsets


def _kept(known: tuple[NDArray[np.int32], NDArray[np.int64]]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Forget clauses once there are too many, long and old ones first."""
    literals, offsets = known
    lengths = np.diff(offsets)
    if len(lengths) <= KEPT:
        return known
    age = np.arange(len(lengths))[::-1]
    chosen = np.sort(np.argsort(lengths + age * (8 / KEPT), kind="stable")[: KEPT // 2])
    return _joined([(literals[offsets[c] : offsets[c + 1]], np.array([0, lengths[c]])) for c in chosen.tolist()])


@kernel
def _episode(
    arena: NDArray[np.int32],
    starts: NDArray[np.int64],
    number: int,
    variables: int,
    activity: NDArray[np.float64],
    phase: NDArray[np.int8],
    allowed: int,
    decay: float,
) -> tuple[int, int]:
    """Search from the root until a solution, a contradiction, or so many conflicts; return the status and their number.

    Literals are coded: variable ``v`` is ``2 v``, its negation ``2 v + 1``. Learned clauses are appended to the arena.
    ``activity`` and ``phase`` are modified in place; after success ``phase`` is the solution.
    """
    head = np.full(2 * variables, -1, dtype=np.int64)
    link = np.full(2 * (number + allowed), -1, dtype=np.int64)
    value = np.zeros(2 * variables, dtype=np.int8)  # of literals: 1 true, -1 false
    level = np.zeros(variables, dtype=np.int64)
    reason = np.full(variables, -1, dtype=np.int64)
    trail = np.empty(variables, dtype=np.int64)
    limits = np.empty(variables + 1, dtype=np.int64)
    seen = np.zeros(variables, dtype=np.bool_)
    learned = np.empty(variables, dtype=np.int32)
    size, depth, ahead, conflicts, bump = 0, 0, 0, 0, 1.0
    for clause in range(number):
        first = starts[clause]
        if starts[clause + 1] - first == 1:
            literal = arena[first]
            if value[literal] < 0:
                return -1, 0
            if value[literal] == 0:
                size = _assign(literal, -1, 0, value, level, reason, trail, size)
        else:
            _watch(clause, arena, starts, head, link)
    while True:
        conflict, ahead, size = _propagate(arena, starts, head, link, value, level, reason, trail, size, ahead, depth)
        if conflict >= 0:
            if depth == 0:
                return -1, conflicts
            if conflicts == allowed:
                return 0, conflicts
            count, back = _analyse(
                conflict, arena, starts, level, reason, trail, size, depth, seen, learned, activity, bump
            )
            bump /= decay
            if bump > 1e100:
                activity *= 1e-100
                bump *= 1e-100
            size = _undo(limits[back], trail, size, value, phase)
            depth, ahead = back, size
            clause = number + conflicts
            first = starts[clause]
            for k in range(count):
                arena[first + k] = learned[k]
            starts[clause + 1] = first + count
            conflicts += 1
            if count > 1:
                _watch(clause, arena, starts, head, link)
            size = _assign(learned[0], clause if count > 1 else -1, depth, value, level, reason, trail, size)
        elif size == variables:
            for v in range(variables):
                phase[v] = value[2 * v]
            return 1, conflicts
        else:
            chosen = -1
            for v in range(variables):
                if value[2 * v] == 0 and (chosen < 0 or activity[v] > activity[chosen]):
                    chosen = v
            limits[depth] = size
            depth += 1
            literal = 2 * chosen if phase[chosen] > 0 else 2 * chosen + 1
            size = _assign(literal, -1, depth, value, level, reason, trail, size)


@inner_kernel
def _assign(
    literal: int,
    why: int,
    depth: int,
    value: NDArray[np.int8],
    level: NDArray[np.int64],
    reason: NDArray[np.int64],
    trail: NDArray[np.int64],
    size: int,
) -> int:
    value[literal] = 1
    value[literal ^ 1] = -1
    level[literal >> 1] = depth
    reason[literal >> 1] = why
    trail[size] = literal
    return size + 1


@inner_kernel
def _undo(to: int, trail: NDArray[np.int64], size: int, value: NDArray[np.int8], phase: NDArray[np.int8]) -> int:
    for k in range(to, size):
        literal = trail[k]
        phase[literal >> 1] = 1 if literal & 1 == 0 else -1
        value[literal] = 0
        value[literal ^ 1] = 0
    return to


@inner_kernel
def _watch(
    clause: int, arena: NDArray[np.int32], starts: NDArray[np.int64], head: NDArray[np.int64], link: NDArray[np.int64]
) -> None:
    """Put the first two literals of a clause on the lists of what is watched."""
    for k in range(2):
        literal = arena[starts[clause] + k]
        link[2 * clause + k] = head[literal]
        head[literal] = 2 * clause + k


@inner_kernel
def _propagate(
    arena: NDArray[np.int32],
    starts: NDArray[np.int64],
    head: NDArray[np.int64],
    link: NDArray[np.int64],
    value: NDArray[np.int8],
    level: NDArray[np.int64],
    reason: NDArray[np.int64],
    trail: NDArray[np.int64],
    size: int,
    ahead: int,
    depth: int,
) -> tuple[int, int, int]:
    """Assign what follows; return a clause that is false (or -1), how far the trail was followed, and its length."""
    while ahead < size:
        false = trail[ahead] ^ 1
        ahead += 1
        before = -1
        node = head[false]
        while node >= 0:
            following = link[node]
            clause = node >> 1
            first = starts[clause]
            if arena[first] == false:
                arena[first] = arena[first + 1]
                arena[first + 1] = false
            other = arena[first]
            moved = False
            if value[other] <= 0:
                for k in range(first + 2, starts[clause + 1]):
                    literal = arena[k]
                    if value[literal] >= 0:
                        arena[k] = false
                        arena[first + 1] = literal
                        if before < 0:
                            head[false] = following
                        else:
                            link[before] = following
                        link[node] = head[literal]
                        head[literal] = node
                        moved = True
                        break
                if not moved:
                    if value[other] < 0:
                        return clause, ahead, size
                    size = _assign(other, clause, depth, value, level, reason, trail, size)
            if not moved:
                before = node
            node = following
    return -1, ahead, size


@inner_kernel
def _analyse(
    conflict: int,
    arena: NDArray[np.int32],
    starts: NDArray[np.int64],
    level: NDArray[np.int64],
    reason: NDArray[np.int64],
    trail: NDArray[np.int64],
    size: int,
    depth: int,
    seen: NDArray[np.bool_],
    learned: NDArray[np.int32],
    activity: NDArray[np.float64],
    bump: float,
) -> tuple[int, int]:
    """Write the learned clause, asserting literal first, highest other level second; return length and level."""
    count, open_here, position = 1, 0, size
    clause, implied = conflict, -1
    while True:
        for k in range(starts[clause], starts[clause + 1]):
            literal = arena[k]
            v = literal >> 1
            if literal != implied and not seen[v] and level[v] > 0:
                seen[v] = True
                activity[v] += bump
                if level[v] == depth:
                    open_here += 1
                else:
                    learned[count] = literal
                    count += 1
        position -= 1
        while not seen[trail[position] >> 1]:
            position -= 1
        implied = trail[position]
        clause = reason[implied >> 1]
        seen[implied >> 1] = False
        open_here -= 1
        if open_here == 0:
            break
    learned[0] = implied ^ 1
    back, where = 0, 1
    for k in range(1, count):
        v = learned[k] >> 1
        seen[v] = False
        if level[v] > back:
            back, where = level[v], k
    if count > 1:
        learned[1], learned[where] = learned[where], learned[1]
    return count, back
