"""Check proofs that clauses have no solution: every lemma must follow by unit propagation.

A lemma is accepted if assuming the contrary, all its literals false, leads to a contradiction by unit propagation in
the clauses and the lemmas before it (reverse unit propagation); in the end the same must be true of the empty clause.
This is the format of DRAT proofs without deletions and without the rule RAT. The check shares no code with the
searches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relucomb_solvers._jit import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


UNFINISHED, REFUTED = 0, 1
AT_A_TIME = 500
"""Lemmas."""


def is_refutation(
    literals: NDArray[np.int32], offsets: NDArray[np.int64], lemmas: NDArray[np.int32], ends: NDArray[np.int64]
) -> bool:
    """Tell whether lemmas prove that clauses have no solution.

    Parameters
    ----------
    literals, offsets
        The clauses; clause ``c`` is ``literals[offsets[c]:offsets[c + 1]]``, literals are ``k`` or ``-k``, ``k >= 1``.
    lemmas, ends
        The lemmas in the same form.

    Examples
    --------
    >>> clauses = np.array([1, 2, 1, -2, -1, 2, -1, -2], dtype=np.int32), np.array([0, 2, 4, 6, 8])
    >>> is_refutation(*clauses, np.array([1], dtype=np.int32), np.array([0, 1]))
    True
    >>> is_refutation(*clauses, np.array([], dtype=np.int32), np.array([0]))
    False
    """
    if np.any(literals == 0) or np.any(lemmas == 0):
        return False
    both = np.concatenate([literals, lemmas]).astype(np.int32)
    starts = np.concatenate([offsets, ends[1:] + offsets[-1]]).astype(np.int64)
    given, number, variables = len(offsets) - 1, len(starts) - 1, int(np.abs(both).max(initial=0))
    value = np.zeros(2 * variables + 1, dtype=np.int8)
    first_watch = np.full(2 * variables + 1, -1, dtype=np.int64)
    next_watch = np.full(2 * number, -1, dtype=np.int64)
    trail = np.empty(variables, dtype=np.int64)
    state = (value, first_watch, next_watch, trail)
    size, clause, outcome = 0, 0, UNFINISHED
    while outcome == UNFINISHED and clause < number:  # in parts, so that Ctrl-C is seen
        last = max(given, clause) + AT_A_TIME
        outcome, size = _check(both, starts, given, clause, min(last, number), variables, *state, size)
        clause = last
    return outcome == REFUTED


@kernel
def _check(
    arena: NDArray[np.int32],
    starts: NDArray[np.int64],
    given: int,
    first: int,
    last: int,
    variables: int,
    value: NDArray[np.int8],
    first_watch: NDArray[np.int64],
    next_watch: NDArray[np.int64],
    trail: NDArray[np.int64],
    size: int,
) -> tuple[int, int]:
    """Go through some clauses and lemmas; return what is known then, and the length of the trail.

    A literal ``x`` is looked up at ``variables + x``. All arrays but ``starts`` are modified in place.
    """
    for clause in range(first, last):
        begin, end = starts[clause], starts[clause + 1]
        if clause >= given:
            # assume the contrary; a literal that is true already is a contradiction at once
            certain = size
            contradiction = False
            for k in range(begin, end):
                state = value[variables + arena[k]]
                if state > 0:
                    contradiction = True
                    break
                if state == 0:
                    value[variables + arena[k]] = -1
                    value[variables - arena[k]] = 1
                    trail[size] = -arena[k]
                    size += 1
            if not contradiction:
                contradiction, size = _follow(
                    arena, starts, value, first_watch, next_watch, trail, certain, size, variables
                )
            for k in range(certain, size):
                value[variables + trail[k]] = 0
                value[variables - trail[k]] = 0
            size = certain
            if not contradiction:
                return -1, size
        # now the clause may be used; literals that are not false for certain go first, to be watched
        free = 0
        for k in range(begin, end):
            if value[variables + arena[k]] >= 0:
                arena[begin + free], arena[k] = arena[k], arena[begin + free]
                free += 1
        if free == 0:
            return 1, size
        if end - begin > 1:
            for k in range(2):
                place = variables + arena[begin + k]
                next_watch[2 * clause + k] = first_watch[place]
                first_watch[place] = 2 * clause + k
        if free == 1 and value[variables + arena[begin]] == 0:
            value[variables + arena[begin]] = 1
            value[variables - arena[begin]] = -1
            trail[size] = arena[begin]
            contradiction, size = _follow(
                arena, starts, value, first_watch, next_watch, trail, size, size + 1, variables
            )
            if contradiction:
                return 1, size
    return 0, size


@inner_kernel
def _follow(
    arena: NDArray[np.int32],
    starts: NDArray[np.int64],
    value: NDArray[np.int8],
    first_watch: NDArray[np.int64],
    next_watch: NDArray[np.int64],
    trail: NDArray[np.int64],
    done: int,
    size: int,
    variables: int,
) -> tuple[bool, int]:
    """Propagate the trail from ``done`` on; return whether a clause became false, and the length of the trail."""
    while done < size:
        lost = -trail[done]
        done += 1
        node = first_watch[variables + lost]
        first_watch[variables + lost] = -1
        while node >= 0:
            following = next_watch[node]
            clause = node // 2
            begin = starts[clause]
            if arena[begin] == lost:
                arena[begin], arena[begin + 1] = arena[begin + 1], lost
            partner = arena[begin]
            target = lost
            if value[variables + partner] <= 0:
                for k in range(begin + 2, starts[clause + 1]):
                    if value[variables + arena[k]] >= 0:
                        target = arena[k]
                        arena[k], arena[begin + 1] = lost, target
                        break
            next_watch[node] = first_watch[variables + target]
            first_watch[variables + target] = node
            if target == lost and value[variables + partner] <= 0:
                if value[variables + partner] < 0:
                    while following >= 0:  # the rest of the list must not be lost
                        node, following = following, next_watch[following]
                        next_watch[node] = first_watch[variables + lost]
                        first_watch[variables + lost] = node
                    return True, size
                value[variables + partner] = 1
                value[variables - partner] = -1
                trail[size] = partner
                size += 1
            node = following
    return False, size
