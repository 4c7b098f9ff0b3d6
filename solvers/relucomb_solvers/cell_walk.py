"""List the sign vectors of the cells of a central arrangement, one after another, storing none of them.

Write ``A`` for the rows, ``r`` for their rank. A functional ``g`` is *generic* if no ray (flat of dimension one) of the
arrangement lies in ``G = {g = 0}``. Then up to sign

    cells(A)  =  T(A, g)  +  cells(A restricted to G),      T(A, g) = {cells whose closure has g > 0 off the origin},

and the same again for the second part with another generic functional, until the rank is one. Fix a hyperplane ``h`` of
``A``. A cell of ``T(A, g)`` is a bounded polytope of the slice ``g = 1`` on one side of ``h``; ``|h|`` has exactly one
maximal vertex on it, a ray ``w`` off ``h`` (two would span a plane that meets ``h`` and ``G`` in the same ray, against
genericity), and each cell at such a ray ``w`` along which ``|h| / g`` decreases from ``w`` is bounded. Hence

    T(A, g)  =  the disjoint union over rays w off h, oriented by g(w) > 0, of  signs of A at w  x  T(A_w on h, g),

where ``A_w`` are the hyperplanes through ``w``, and they are looked at where they cut ``h``. (This is Weisner's theorem
on the Möbius function, made into a bijection.) If ``A_w`` has just ``r - 1`` hyperplanes, ``T`` has one element, and
its signs are those of the coefficients of one row in a basis of others. If it has more, the same recursion lists it.

The rays are visited along lines: for independent ``F`` of ``r - 2`` rows (depth first, by Gauss-Jordan steps on all
rows at once; each flat from its first basis only) the rows are ``a = sum of lambda_j a_j + P g + Q h``, so on the line
``F = 0, g = 1`` with coordinate ``t = h`` the row ``a`` vanishes at ``t = -P / Q``. The crossings are sorted, and
walking away from ``t = 0`` one sign changes at a time. A cell costs about ``r`` steps of sorting plus its own bits.

Nothing is decided by rounding: every float has a rigorous error bound (one per column and level), and what the bound
leaves open is decided by the sign of a determinant of integers, from its residues modulo enough primes. Generic
functionals are random; should one happen not to be generic, it is perturbed symbolically.

References
----------
.. [1] T. Zaslavsky, Facing up to arrangements, Memoirs of the AMS 154, 1975.
.. [2] C. Greene and T. Zaslavsky, On the interpretation of Whitney numbers through arrangements of hyperplanes,
   zonotopes, non-Radon partitions, and orientations of graphs, Trans. AMS 280, 1983. Theorem 3.1 counts ``T(A, g)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from relucomb_solvers._jit import bare_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Determinants(NamedTuple):
    """The rows as exact integers, by residues; ``N`` rows, the first ``m`` hyperplanes, then the functionals."""

    tables: NDArray[np.int64]  # (primes, N, r): residues
    primes: NDArray[np.int64]  # (primes,)
    garner: NDArray[np.int64]  # (primes, primes): inverse of prime i modulo prime j, for i < j
    enough: NDArray[np.int64]  # (3,): primes that decide a determinant without and with functionals; m
    basis: NDArray[np.int64]  # (r,): rows that form a basis, for perturbations
    pick: NDArray[np.int64]  # (r,): numbers of the rows of the determinant in question
    fixed: NDArray[np.int64]  # (primes, r, r): the first r - 2 of them, reduced
    frame: NDArray[np.int64]  # (primes, 3): the two columns that are left, and the factor of their minor
    pair: NDArray[np.int64]  # (primes, 2, N): entries of the rows in these columns once reduced
    serial: NDArray[np.int64]  # (3 + N,): serial number of the fixed rows, the last one given, primes in use; and of
    # the fixed rows for which each row was reduced
    digits: NDArray[np.int64]  # (primes,): scratch
    scratch: NDArray[np.int64]  # (2, r)


class Walk(NamedTuple):
    """All that a walk knows. It may be left and taken up again at any cell.

    Arrays that begin with ``depth`` hold one entry per depth of the recursion into rays with many hyperplanes. A
    *level* is a number of rows chosen into ``F``; a *column* is a coordinate, of which the last belong to h and g.
    """

    exact: Determinants
    where: NDArray[np.int64]  # (4,): depth, functionals in the stack, number of the functional g, event
    stack: NDArray[np.int64]  # (r,): functionals and rows on whose common zeros the present depth lives
    state: NDArray[np.int64]  # (depth, 11): see RANK .. SERIAL
    rows: NDArray[np.int64]  # (depth, 6, m): see NAME .. Q_SIGN
    spent: NDArray[np.int64]  # (depth, level, m): 1 if the row spans a flat that was tried already
    choice: NDArray[np.int64]  # (depth, 3, level): see CHOSEN .. PIVOT_SIGN
    table: NDArray[np.float64]  # (depth, level, column, m): the rows
    error: NDArray[np.float64]  # (depth, level, column): bound on the errors
    bound: NDArray[np.float64]  # (depth, level, column): bound on the entries
    words: NDArray[np.uint64]  # (depth, 3, words): see OUTER .. HERE
    bit: NDArray[np.uint64]  # (m,): the bit of each row in its word
    full: NDArray[np.uint64]  # (words,): the bits of all rows
    keys: NDArray[np.int64]  # (2, m): scratch
    counts: NDArray[np.int64]  # (2048,): scratch


DONE, FULL, DEEPER = 0, 1, 2
"""Events that end a call of :func:`advance`: no cell left, ``out`` is full, one more depth must be allocated."""

# state of a depth: dimension; the row h; number of other rows; number of chosen rows, or -1 before the first line;
# direction of the walk along the line, or 0 between lines; next crossing; numbers of crossings in all, before t = 0 and
# up to t = 0; sign of the determinant of (stack, F, h, g), or 0 while unknown; serial number of (stack, F)
RANK, HORIZON, SIZE, LEVEL, AHEAD, SPOT, COUNT, BEFORE, UP_TO, ORIENTATION, SERIAL = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
# of each row at a depth: its number, in increasing order; level at which the chosen rows spanned it, or 0; then about
# the line: the k-th crossing from below, whether it coincides with the one before, signs of P and Q
NAME, JOINED, ORDER, TIED, P_SIGN, Q_SIGN = 0, 1, 2, 3, 4, 5
# of each level: the chosen row, the next candidate, the sign of the chosen row's own entry
CHOSEN, FOLLOWING, PIVOT_SIGN = 0, 1, 2
# sign vectors: what shallower depths know, the signs at t = 0 (where they are not zero), the signs at the present place
OUTER, START, HERE = 0, 1, 2

_ZERO = cast(int, np.int64(0))  # numba would compile a kernel once more for a literal 0
_NO_BIT = np.uint64(0)  # signs are coin tosses to a processor: choosing a value is faster than branching
_KEY_BITS = 62


@bare_kernel
def advance(walk: Walk, out: NDArray[np.uint64]) -> int:
    """Write sign vectors into the rows of ``out`` until it is full; return how many. ``walk`` is modified in place.

    ``walk.where[3]`` then tells why: `DONE`, `FULL`, or `DEEPER` if more depths must be allocated first.
    """
    n = _ZERO
    while walk.where[0] >= 0:
        depth = walk.where[0]
        ahead = walk.state[depth, AHEAD]
        if ahead == 0:
            if _find_line(walk, depth):
                _sort_crossings(walk, depth)
                _face(walk, depth, ahead + 1)
            else:
                walk.where[0] -= 1
            continue
        n, event = _follow(walk, depth, out, n)
        if event == DONE and ahead == 1:
            _face(walk, depth, -ahead)
        elif event == DONE:
            walk.state[depth, AHEAD] = 0
        elif event == FULL or depth + 1 == len(walk.state):
            walk.where[3] = event
            return n
        else:
            _descend(walk, depth)
    walk.where[3] = DONE
    return n


# --- along a line -----------------------------------------------------------------------------------------------------


@bare_kernel
def _follow(walk: Walk, depth: int, out: NDArray[np.uint64], n: int) -> tuple[int, int]:
    """Walk from crossing to crossing, writing the cell of each simple ray and its opposite.

    Return the number of rows of ``out`` written so far and the event: `DONE` at the end of the line, `FULL`, or
    `DEEPER` in front of a ray with more hyperplanes through it than its dimension needs.
    """
    state, rows, choice, here, bit = (
        walk.state[depth],
        walk.rows[depth],
        walk.choice[depth],
        walk.words[depth, HERE],
        walk.bit,
    )
    ahead, at, wanted = state[AHEAD], state[SPOT], state[RANK] - 2
    end = state[COUNT] if ahead == 1 else -1
    last = choice[CHOSEN, wanted - 1] if wanted > 0 else -1
    table, error = walk.table[depth, wanted], walk.error[depth, wanted]
    spanned = 0
    for i in range(state[SIZE]):
        spanned += rows[JOINED, i] != 0
    while at != end:
        i = rows[ORDER, at]
        name = rows[NAME, i]
        after = at + ahead
        if spanned == wanted and (after == end or rows[TIED, after if ahead == 1 else at] == 0):
            if i > last:
                if n + 2 > out.shape[0]:
                    state[SPOT] = at
                    return n, FULL
                for w in range(len(here)):
                    out[n, w] = here[w]
                for level in range(wanted):
                    coefficient = table[level, i]
                    if abs(coefficient) > error[level]:
                        sign = choice[PIVOT_SIGN, level] if coefficient > 0 else -choice[PIVOT_SIGN, level]
                    else:
                        sign = _coefficient_sign(walk, depth, level, i)
                    other = rows[NAME, choice[CHOSEN, level]]
                    out[n, other >> 6] |= bit[other] if sign != rows[P_SIGN, i] else _NO_BIT
                for w in range(len(here)):
                    out[n + 1, w] = out[n, w] ^ walk.full[w]
                n += 2
            here[name >> 6] ^= bit[name]
            at = after
            continue
        least = i
        while after != end and rows[TIED, after if ahead == 1 else after + 1] == 1:
            least = min(least, rows[ORDER, after])
            after += ahead
        if least > last:
            state[SPOT] = at
            return n, DEEPER
        while at != after:
            name = rows[NAME, rows[ORDER, at]]
            here[name >> 6] ^= bit[name]
            at += ahead
    state[SPOT] = at
    return n, DONE


@bare_kernel
def _face(walk: Walk, depth: int, ahead: int) -> None:
    """Stand just above ``t = 0``, facing up (1), or just below, facing down (-1)."""
    walk.state[depth, AHEAD] = ahead
    walk.state[depth, SPOT] = walk.state[depth, UP_TO] if ahead == 1 else walk.state[depth, BEFORE] - 1
    here = walk.words[depth, HERE]
    for w in range(len(here)):
        here[w] = walk.words[depth, START, w]
    if ahead == 1:
        name = walk.state[depth, HORIZON]
        here[name >> 6] |= walk.bit[name]
    for k in range(walk.state[depth, BEFORE], walk.state[depth, UP_TO]):
        i = walk.rows[depth, ORDER, k]
        if walk.rows[depth, Q_SIGN, i] == ahead:
            name = walk.rows[depth, NAME, i]
            here[name >> 6] |= walk.bit[name]


# --- into rays with many hyperplanes ----------------------------------------------------------------------------------


@bare_kernel
def _descend(walk: Walk, depth: int) -> None:
    """Enter the arrangement of the rows through the ray at hand, and step past that ray at this depth."""
    inner = depth + 1
    state, rows, keys, member = walk.state[depth], walk.rows[depth], walk.keys[0], walk.keys[1]
    here, outer = walk.words[depth, HERE], walk.words[inner, OUTER]
    for w in range(len(here)):
        outer[w] = here[w]
    for i in range(state[SIZE]):
        member[i] = rows[JOINED, i]
    ahead, at = state[AHEAD], state[SPOT]
    end = state[COUNT] if ahead == 1 else -1
    tied = True
    while tied:
        i = rows[ORDER, at]
        member[i] = 1
        name = rows[NAME, i]
        outer[name >> 6] &= ~walk.bit[name]
        here[name >> 6] ^= walk.bit[name]
        at += ahead
        tied = at != end and rows[TIED, at if ahead == 1 else at + 1] == 1
    state[SPOT] = at
    count = 0
    for i in range(state[SIZE]):
        if member[i] != 0:
            keys[count] = i
            if count > 0:
                walk.rows[inner, NAME, count - 1] = rows[NAME, i]
            count += 1
    walk.stack[walk.where[1] + depth] = state[HORIZON]
    walk.state[inner, RANK] = state[RANK] - 1
    walk.state[inner, SIZE] = count - 1
    walk.state[inner, HORIZON] = rows[NAME, keys[0]]
    walk.state[inner, LEVEL] = -1
    walk.state[inner, AHEAD] = 0
    _restrict(walk, depth)
    walk.where[0] = inner


@bare_kernel
def _restrict(walk: Walk, depth: int) -> None:
    """Write level 0 of the next depth: the rows ``keys[1:]`` where h is zero; the next h, ``keys[0]``, is an axis."""
    inner = depth + 1
    rank, size, keys = walk.state[inner, RANK], walk.state[inner, SIZE], walk.keys[0]
    source, target = walk.table[depth, 0], walk.table[inner, 0]
    error, bound = walk.error[depth, 0], walk.bound[depth, 0]
    new_error, new_bound = walk.error[inner, 0], walk.bound[inner, 0]
    column = 0
    for q in range(1, rank - 1):
        if abs(source[q, keys[0]]) > abs(source[column, keys[0]]):
            column = q
    own = source[column, keys[0]]
    place = _ZERO
    for q in range(rank + 1):
        if q == column or q == rank - 1:  # the column of h is dropped
            continue
        if q == rank:  # that of g stays last, after that of the next h
            place = rank - 1
        ratio = step_bounds(error, bound, column, q, own, source[q, keys[0]], new_error, new_bound, place)
        for i in range(size):
            target[place, i] = source[q, keys[i + 1]] - source[column, keys[i + 1]] * ratio
        place += 1
    for i in range(size):
        target[rank - 2, i] = source[column, keys[i + 1]] * (1.0 if own > 0 else -1.0)
    new_error[rank - 2] = error[column] if abs(own) > 2 * error[column] else np.inf
    new_bound[rank - 2] = bound[column]


@bare_kernel
def step_bounds(
    error: NDArray[np.float64],
    bound: NDArray[np.float64],
    column: int,
    q: int,
    own: float,
    entry: float,
    new_error: NDArray[np.float64],
    new_bound: NDArray[np.float64],
    place: int,
) -> float:
    """Return ``entry / own`` for the step ``x_q - x_column * (entry / own)``, and write the bounds that hold after it.

    Every true entry of column ``c`` is within ``error[c]`` of its float, and no float exceeds ``bound[c]``. The new
    column is number ``place``. Infinite errors follow if the pivot ``own`` may be zero; ``2.3e-16`` exceeds twice the
    unit roundoff.
    """
    if not abs(own) > 2 * error[column]:
        new_error[place] = np.inf
        new_bound[place] = bound[q]
        return 0.0
    ratio = entry / own
    size = abs(ratio)
    shift = (error[q] + size * error[column]) / (abs(own) - error[column]) * 1.001 + 2.3e-16 * size
    new_bound[place] = (bound[q] + size * bound[column]) * 1.001
    new_error[place] = (
        error[q] + size * error[column] + shift * (bound[column] + error[column]) + 2.3e-16 * new_bound[place]
    ) * 1.001
    return ratio


# --- lines ------------------------------------------------------------------------------------------------------------


@bare_kernel
def _find_line(walk: Walk, depth: int) -> bool:
    """Choose the next rows F: independent modulo h, and the first basis of their span; False if none is left."""
    state, joined, spent = walk.state[depth], walk.rows[depth, JOINED], walk.spent[depth]
    following = walk.choice[depth, FOLLOWING]
    wanted, size, level = state[RANK] - 2, state[SIZE], state[LEVEL]
    state[ORIENTATION], state[SERIAL] = 0, -1
    if wanted == 0 and level == 0:
        return False
    if level == -1:
        for k in range(size):
            joined[k] = 0
            spent[0, k] = 0
        following[0] = 0
        level = _ZERO
    else:
        level -= 1
        _forget(walk, depth, level + 1)
    while level < wanted:
        i = following[level]
        if i > size - 1 - (wanted - level):  # too few rows would remain for the rest of F and a crossing
            if level == 0:
                return False
            _forget(walk, depth, level)
            level -= 1
            continue
        following[level] = i + 1
        if joined[i] != 0 or spent[level, i] != 0 or not _choose(walk, depth, level, i):
            continue
        if _span(walk, depth, level + 1, i):
            level += 1
            following[level] = i + 1
            for k in range(size):
                spent[level, k] = 0
        else:
            _forget(walk, depth, level + 1)
    state[LEVEL] = level
    return True


@bare_kernel
def _forget(walk: Walk, depth: int, level: int) -> None:
    """Undo the span of the chosen row number ``level`` (counted from 1)."""
    joined = walk.rows[depth, JOINED]
    for i in range(walk.state[depth, SIZE]):
        if joined[i] == level:
            joined[i] = 0


@bare_kernel
def _choose(walk: Walk, depth: int, level: int, i: int) -> bool:
    """Make row ``i`` a unit vector by column operations; False if it depends on the chosen rows and h."""
    free, size = walk.state[depth, RANK] - 2, walk.state[depth, SIZE]
    source, target = walk.table[depth, level], walk.table[depth, level + 1]
    error, bound = walk.error[depth, level], walk.bound[depth, level]
    new_error, new_bound = walk.error[depth, level + 1], walk.bound[depth, level + 1]
    column = level
    for q in range(level + 1, free):
        if abs(source[q, i]) > abs(source[column, i]):
            column = q
    own = source[column, i]
    if not abs(own) > error[column]:
        n = _pick_rows(walk, depth, level)
        walk.exact.pick[n] = walk.state[depth, HORIZON]
        walk.exact.pick[n + 1] = walk.rows[depth, NAME, i]
        if not _are_independent(walk.exact, n + 2):
            return False
    for q in range(free + 2):
        if q != column:
            place = column if q == level else q
            ratio = step_bounds(error, bound, column, q, own, source[q, i], new_error, new_bound, place)
            for k in range(size):
                target[place, k] = source[q, k] - source[column, k] * ratio
    for k in range(size):
        target[level, k] = source[column, k]
    new_error[level] = error[column] if abs(own) > 2 * error[column] else np.inf
    new_bound[level] = bound[column]
    walk.choice[depth, CHOSEN, level] = i
    walk.choice[depth, PIVOT_SIGN, level] = 1 if own > 0 else -1
    return True


@bare_kernel
def _span(walk: Walk, depth: int, level: int, i: int) -> bool:
    """Note which rows the chosen ones span since row ``i`` was added; False if one of them comes before ``i``."""
    last = walk.state[depth, RANK] - 1
    table, error, joined = walk.table[depth, level], walk.error[depth, level], walk.rows[depth, JOINED]
    first = True
    for k in range(walk.state[depth, SIZE]):
        if abs(table[last, k]) > error[last] or joined[k] != 0:
            continue
        if k != i:
            clear = False
            for q in range(level, last):
                clear |= abs(table[q, k]) > error[q]
            if clear:
                continue
            n = _pick_rows(walk, depth, level)
            walk.exact.pick[n] = walk.rows[depth, NAME, k]
            if _are_independent(walk.exact, n + 1):
                continue
        joined[k] = level
        first &= k >= i
        walk.spent[depth, level - 1, k] = 1
    return first


@bare_kernel
def _pick_rows(walk: Walk, depth: int, level: int) -> int:
    """Pick the rows (not the functionals) of the stack and the first ``level`` chosen ones; return how many."""
    pick = walk.exact.pick
    for s in range(depth):
        pick[s] = walk.stack[walk.where[1] + s]
    for t in range(level):
        pick[depth + t] = walk.rows[depth, NAME, walk.choice[depth, CHOSEN, t]]
    return depth + level


# --- crossings --------------------------------------------------------------------------------------------------------


@bare_kernel
def _sort_crossings(walk: Walk, depth: int) -> None:
    """Sort the rows that F does not span by ``-P / Q``, and note their signs at 0 in the words ``START``."""
    state, rows, keys = walk.state[depth], walk.rows[depth], walk.keys[0]
    rank, size, functional = state[RANK], state[SIZE], walk.exact.enough[2] + walk.where[2]
    p, q = walk.table[depth, rank - 2, rank - 1], walk.table[depth, rank - 2, rank - 2]
    p_error, q_error = walk.error[depth, rank - 2, rank - 1], walk.error[depth, rank - 2, rank - 2]
    start = walk.words[depth, START]
    for w in range(len(start)):
        start[w] = walk.words[depth, OUTER, w]
    index_bits = 1
    while size >> index_bits:
        index_bits += 1
    scale = 0.49 * float(1 << (_KEY_BITS - index_bits))
    count = before = zero = _ZERO
    least = np.inf
    for i in range(size):
        if rows[JOINED, i] != 0:
            continue
        name = rows[NAME, i]
        p_sign = 1 if p[i] > 0 else -1
        q_sign = 1 if q[i] > 0 else -1
        if not (abs(p[i]) > p_error and abs(q[i]) > q_error):
            if not abs(p[i]) > p_error:
                p_sign = _line_sign(walk, depth, state[HORIZON], name)
            if not abs(q[i]) > q_error:
                q_sign = _line_sign(walk, depth, name, functional)
        rows[P_SIGN, i], rows[Q_SIGN, i] = p_sign, q_sign
        start[name >> 6] |= walk.bit[name] if p_sign > 0 else _NO_BIT
        side = -p_sign * q_sign
        whole = abs(p[i]) + abs(q[i])
        least = min(least, whole)
        # monotone in -P / Q, and between -1 and 1
        place = side * (abs(p[i]) / whole if 0 < whole < np.inf else 0.5)
        keys[count] = (np.int64((1.01 + place) * scale) << index_bits) | i
        count += 1
        before += side < 0
        zero += side == 0
    state[COUNT], state[BEFORE], state[UP_TO] = count, before, before + zero
    _sort_keys(walk.keys, walk.counts, count)
    margin = 1.005 * scale  # keys on the same side that differ by more are in the right order
    if least > 2 * (p_error + q_error):
        doubt = 2 * (p_error + q_error) / (least - p_error - q_error) * 1.001 + 1e-15
        margin = min(margin, 2 * doubt * scale + 4.0)
    first = _ZERO
    for k in range(count):
        rows[ORDER, k] = keys[k] & ((1 << index_bits) - 1)
        rows[TIED, k] = 0
        if k > 0 and float((keys[k] >> index_bits) - (keys[k - 1] >> index_bits)) > margin:
            if k - first > 1:
                _sort_cluster(walk, depth, first, k)
            first = k
    if count - first > 1:
        _sort_cluster(walk, depth, first, count)


@bare_kernel
def _sort_keys(keys: NDArray[np.int64], counts: NDArray[np.int64], n: int) -> None:
    """Sort ``keys[0, :n]``, below ``2**62`` and usually spread out: leading digits first, the rest by insertion."""
    digit = 6 if n < 400 else 8 if n < 3000 else 11
    low = _KEY_BITS if n < 32 else _KEY_BITS - 2 * digit
    while True:
        source, target = keys[0], keys[1]
        for shift in range(low, _KEY_BITS, digit):
            for d in range(1 << digit):
                counts[d] = 0
            for k in range(n):
                counts[(source[k] >> shift) & ((1 << digit) - 1)] += 1
            total = 0
            for d in range(1 << digit):
                total, counts[d] = total + counts[d], total
            for k in range(n):
                d = (source[k] >> shift) & ((1 << digit) - 1)
                target[counts[d]] = source[k]
                counts[d] += 1
            source, target = target, source
        if low == 0 and ((_KEY_BITS + digit - 1) // digit) % 2 == 1:
            for k in range(n):
                target[k] = source[k]
        moves = 0
        for k in range(1, n):
            key = keys[0, k]
            at = k
            while at > 0 and keys[0, at - 1] > key:
                keys[0, at] = keys[0, at - 1]
                at -= 1
            keys[0, at] = key
            moves += k - at
            if moves > 8 * n + 200:
                break
        if moves <= 8 * n + 200:
            return
        low = 0  # all digits then


@bare_kernel
def _sort_cluster(walk: Walk, depth: int, start: int, stop: int) -> None:
    """Sort crossings too close for floats, by binary insertion, and note which of them coincide."""
    order = walk.rows[depth, ORDER]
    for k in range(start + 1, stop):
        i = order[k]
        low, high = start, k
        if _compare(walk, depth, order[k - 1], i) <= 0:
            low = k
        while low < high:
            middle = (low + high) // 2
            if _compare(walk, depth, order[middle], i) <= 0:
                low = middle + 1
            else:
                high = middle
        for back in range(k, low, -1):
            order[back] = order[back - 1]
        order[low] = i
    for k in range(start + 1, stop):
        walk.rows[depth, TIED, k] = 1 if _compare(walk, depth, order[k - 1], order[k]) == 0 else 0


@bare_kernel
def _compare(walk: Walk, depth: int, a: int, b: int) -> int:
    """Return the sign of the difference of the crossings of rows ``a`` and ``b``."""
    rows, rank = walk.rows[depth], walk.state[depth, RANK]
    side = -rows[P_SIGN, a] * rows[Q_SIGN, a]
    other = -rows[P_SIGN, b] * rows[Q_SIGN, b]
    if side != other:
        return 1 if side > other else -1
    if side == 0:
        return 0
    p, q = walk.table[depth, rank - 2, rank - 1], walk.table[depth, rank - 2, rank - 2]
    p_error, q_error = walk.error[depth, rank - 2, rank - 1], walk.error[depth, rank - 2, rank - 2]
    left, right = q[a] * p[b], p[a] * q[b]
    doubt = q_error * (abs(p[a]) + abs(p[b]) + p_error) + p_error * (abs(q[a]) + abs(q[b]) + q_error)
    doubt = 1.001 * doubt + 5e-16 * (abs(left) + abs(right))
    if abs(left - right) > doubt:
        sign = 1 if left > right else -1
    else:
        sign = _line_sign(walk, depth, rows[NAME, a], rows[NAME, b])
    return int(sign * rows[Q_SIGN, a] * rows[Q_SIGN, b])


@bare_kernel
def _line_sign(walk: Walk, depth: int, a: int, b: int) -> int:
    """Return the sign of the determinant of (stack, F, a, b) relative to that of (stack, F, h, g)."""
    sign = _absolute_line_sign(walk, depth, a, b)
    if sign != 0 and walk.state[depth, ORIENTATION] == 0:
        functional = walk.exact.enough[2] + walk.where[2]
        walk.state[depth, ORIENTATION] = _absolute_line_sign(walk, depth, walk.state[depth, HORIZON], functional)
    return int(sign * walk.state[depth, ORIENTATION])


@bare_kernel
def _absolute_line_sign(walk: Walk, depth: int, a: int, b: int) -> int:
    """Return the sign of the determinant of (stack, F, a, b)."""
    exact, stage = walk.exact, walk.where[1]
    functionals = stage > 0 or max(a, b) >= exact.enough[2]
    primes = exact.enough[1] if functionals else exact.enough[0]
    if exact.serial[0] != walk.state[depth, SERIAL] or exact.serial[2] < primes:
        n = stage + depth
        for s in range(n):
            exact.pick[s] = walk.stack[s]
        for t in range(walk.state[depth, RANK] - 2):
            exact.pick[n + t] = walk.rows[depth, NAME, walk.choice[depth, CHOSEN, t]]
        _fix(exact, primes)
        walk.state[depth, SERIAL] = exact.serial[0]
    sign = _pair_sign(exact, a, b)
    if sign == 0 and functionals:
        exact.pick[-2], exact.pick[-1] = a, b
        return _perturbed_sign(exact)
    return sign


@bare_kernel
def _coefficient_sign(walk: Walk, depth: int, level: int, i: int) -> int:
    """Return the sign of the coefficient of chosen row number ``level`` in row ``i``."""
    horizon, functional = walk.state[depth, HORIZON], walk.exact.enough[2] + walk.where[2]
    sign = _absolute_line_sign(walk, depth, horizon, functional)
    original = walk.choice[depth, CHOSEN, level]
    walk.choice[depth, CHOSEN, level] = i
    walk.state[depth, SERIAL] = -1
    sign *= _absolute_line_sign(walk, depth, horizon, functional)
    walk.choice[depth, CHOSEN, level] = original
    walk.state[depth, SERIAL] = -1
    return sign


# --- exact signs ------------------------------------------------------------------------------------------------------


@bare_kernel
def orientation(exact: Determinants, rows: NDArray[np.int64]) -> int:
    """Return the sign of the determinant of ``r >= 2`` rows, given by their numbers; functionals may be among them."""
    for k in range(len(rows)):
        exact.pick[k] = rows[k]
    _fix(exact, exact.enough[1])
    sign = _pair_sign(exact, rows[-2], rows[-1])
    return sign if sign != 0 else _perturbed_sign(exact)


@bare_kernel
def _perturbed_sign(exact: Determinants) -> int:
    """Return the sign of a determinant of picked rows that vanishes, with infinitely little added to the functionals.

    Functional number ``s`` stands for ``g_s + e_s b_1 + e_s**2 b_2 + ...`` with the basis ``b`` and infinitely small
    ``e_0 >> e_1 >> ...``; the terms of the expansion are tried from the largest to the smallest. If the other rows are
    dependent, all terms vanish.
    """
    rank, rows = len(exact.pick), exact.enough[2]
    original, power = exact.scratch[0], exact.scratch[1]  # power: by number of the functional
    for k in range(rank):
        original[k], power[k] = exact.pick[k], 0
    n = _ZERO
    for k in range(rank):
        if original[k] < rows:
            exact.pick[n] = original[k]
            n += 1
    if not _are_independent(exact, n):
        return 0
    sign = 0
    while sign == 0:
        s = 0
        while power[s] == rank:
            power[s] = 0
            s += 1
        power[s] += 1
        for k in range(rank):
            exact.pick[k] = original[k]
            if original[k] >= rows and power[original[k] - rows] > 0:
                exact.pick[k] = exact.basis[power[original[k] - rows] - 1]
        _fix(exact, exact.enough[1])
        sign = _pair_sign(exact, exact.pick[-2], exact.pick[-1])
    return sign


@bare_kernel
def _fix(exact: Determinants, primes: int) -> None:
    """Reduce the first ``r - 2`` picked rows, modulo so many primes, for determinants in which only two rows change."""
    rank = len(exact.pick)
    exact.serial[1] += 1
    exact.serial[0], exact.serial[2] = exact.serial[1], primes
    for k in range(primes):
        p, matrix, frame = exact.primes[k], exact.fixed[k], exact.frame[k]
        for a in range(rank):
            for q in range(rank):
                matrix[a, q] = exact.tables[k, exact.pick[a], q] if a < rank - 2 else 0
        frame[2] = 1
        for a in range(rank - 2):
            lead = 0
            while lead < rank and matrix[a, lead] == 0:
                lead += 1
            if lead == rank:
                frame[2] = 0
                break
            frame[2] = frame[2] * matrix[a, lead] % p
            inverse = _invert(matrix[a, lead], p)
            for q in range(rank):
                matrix[a, q] = matrix[a, q] * inverse % p
            for b in range(rank - 2):
                factor = p - matrix[b, lead]
                if b != a:
                    for q in range(rank):
                        matrix[b, q] = (matrix[b, q] + factor * matrix[a, q]) % p
            matrix[rank - 2, a] = lead
            matrix[rank - 1, lead] = 1
        # the columns that are left, and the sign of the permutation (leads, columns that are left)
        if frame[2] != 0:
            left = 0
            for q in range(rank):
                if matrix[rank - 1, q] == 0:
                    frame[left] = q
                    matrix[rank - 2, rank - 2 + left] = q
                    left += 1
            for a in range(rank):
                for b in range(a):
                    if matrix[rank - 2, b] > matrix[rank - 2, a]:
                        frame[2] = p - frame[2]


@bare_kernel
def _pair_sign(exact: Determinants, a: int, b: int) -> int:
    """Return the sign of the determinant of the fixed rows, row ``a`` and row ``b``, from its residues."""
    serial, primes, digits = exact.serial, exact.primes, exact.digits
    for row in (a, b):
        if serial[3 + row] != serial[0]:
            serial[3 + row] = serial[0]
            _reduce(exact, row)
    nothing = True
    for k in range(serial[2]):
        p, x, y = primes[k], exact.pair[k, 0], exact.pair[k, 1]
        digits[k] = (x[a] * y[b] % p + (p - x[b]) * y[a] % p) % p * exact.frame[k, 2] % p
        nothing &= digits[k] == 0
    if nothing:
        return 0
    for k in range(serial[2]):  # Garner: digits to the mixed base of the primes
        for j in range(k):
            digits[k] = (digits[k] + 2 * primes[k] - digits[j]) * exact.garner[j, k] % primes[k]
    for k in range(serial[2] - 1, -1, -1):  # half of the product of the primes has the digits (prime - 1) / 2
        if digits[k] != primes[k] // 2:
            return 1 if digits[k] < primes[k] // 2 else -1
    return 1


@bare_kernel
def _reduce(exact: Determinants, row: int) -> None:
    """Reduce a row by the fixed ones and note what is left of it."""
    rank = len(exact.pick)
    for k in range(exact.serial[2]):
        p, matrix, entries = exact.primes[k], exact.fixed[k], exact.tables[k, row]
        if exact.frame[k, 2] != 0:
            for side in range(2):
                q = exact.frame[k, side]
                entry = entries[q]
                for a in range(rank - 2):
                    entry = (entry + (p - matrix[a, q]) * entries[matrix[rank - 2, a]]) % p
                exact.pair[k, side, row] = entry


@bare_kernel
def _invert(a: int, p: int) -> int:
    """Invert modulo a prime (Euclid)."""
    old, new, left, right = 0, 1, p, a
    while right > 1:
        quotient = left // right
        old, new = new, old - quotient * new
        left, right = right, left - quotient * right
    return new + p if new < 0 else new


@bare_kernel
def _are_independent(exact: Determinants, n: int) -> bool:
    """Decide whether the first ``n`` picked rows, none of them a functional, are independent."""
    rank = len(exact.pick)
    exact.serial[0] = 0
    for k in range(exact.enough[0]):
        p, matrix = exact.primes[k], exact.fixed[0]
        for a in range(n):
            for q in range(rank):
                matrix[a, q] = exact.tables[k, exact.pick[a], q]
        independent = True
        for a in range(n):
            lead = 0
            while lead < rank and matrix[a, lead] == 0:
                lead += 1
            if lead == rank:
                independent = False
                break
            for b in range(a + 1, n):
                factor = p - matrix[b, lead]
                for q in range(lead, rank):
                    matrix[b, q] = (matrix[b, q] * matrix[a, lead] + factor * matrix[a, q]) % p
        if independent:
            return True
    return False
