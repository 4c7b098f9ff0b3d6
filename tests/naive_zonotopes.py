"""Slow oracles for zonotopes, written from the mathematics alone: nothing here imports relucomb.

The zonotope of ``b_1 .. b_m`` is ``{sum of lambda_i b_i : -1 <= lambda_i <= 1}``. Everything is exact: a float is the
rational number that it is. The vertices are found among all ``2^m`` signed sums: a sum is a vertex if and only if no
other sum is at least as far in some direction in which it is strictly the farthest, that is, if a linear functional
separates it strictly from all the others, which Fourier and Motzkin's elimination decides.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from naive_dichotomies import has_strict_solution, null_vector

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Vector = tuple[Fraction, ...]


def exact_rows(B: Iterable[Iterable[Any]]) -> list[Vector]:
    """Return the generators as fractions."""
    return [tuple(Fraction(entry) for entry in b) for b in B]


def combination(rows: Sequence[Vector], factors: Sequence[Any]) -> Vector:
    """Return the sum of factors times rows."""
    return tuple(
        sum((f * row[q] for f, row in zip(factors, rows, strict=True)), Fraction(0)) for q in range(len(rows[0]))
    )


def vertices(B: Iterable[Iterable[Any]]) -> set[Vector]:
    """Return the vertices: the signed sums that a functional tells strictly from all other signed sums."""
    rows = exact_rows(B)
    sums = {combination(rows, signs) for signs in itertools.product((-1, 1), repeat=len(rows))}
    found = set()
    for point in sums:
        others = [tuple(a - b for a, b in zip(point, other, strict=True)) for other in sums if other != point]
        if has_strict_solution(others):
            found.add(point)
    return found


def support(B: Iterable[Iterable[Any]], r: Iterable[Any]) -> Fraction:
    """Return the largest product of ``r`` with a signed sum."""
    rows, direction = exact_rows(B), tuple(Fraction(entry) for entry in r)
    return max(dot(direction, combination(rows, signs)) for signs in itertools.product((-1, 1), repeat=len(rows)))


def dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    """Return the scalar product."""
    return sum((p * q for p, q in zip(a, b, strict=True)), Fraction(0))


def volume(B: Iterable[Iterable[Any]]) -> Fraction:
    """Return ``2^n`` times the sum of the absolute values of all determinants of ``n`` generators."""
    rows = exact_rows(B)
    n = len(rows[0])
    return 2**n * sum((abs(determinant(chosen)) for chosen in itertools.combinations(rows, n)), Fraction(0))


def determinant(rows: Sequence[Vector]) -> Fraction:
    """Return the determinant, by the sum over all permutations."""
    n = len(rows)
    total = Fraction(0)
    for order in itertools.permutations(range(n)):
        inversions = sum(order[i] > order[j] for i, j in itertools.combinations(range(n), 2))
        total += (-1) ** inversions * math.prod((rows[i][order[i]] for i in range(n)), start=Fraction(1))
    return total


def contains(B: Iterable[Iterable[Any]], x: Iterable[Any]) -> bool:
    """Decide membership by the half-spaces: no direction that could be a facet's, or normal to all, separates ``x``.

    If a linear functional separates ``x`` from the zonotope, so does one that vanishes on as many independent
    generators as possible, one less than the rank, and is otherwise in their span; or, if ``x`` is not in the span of
    the generators, one that vanishes on all of them.
    """
    rows, point = exact_rows(B), tuple(Fraction(entry) for entry in x)
    n, rank = len(point), rank_of(rows)
    if rank_of([*rows, point]) > rank:
        return False
    normals = orthogonal(rows, n)
    for chosen in itertools.combinations(rows, max(rank - 1, 0)):
        # within the span of the generators: orthogonal to what is orthogonal to the span
        candidates = orthogonal([*chosen, *normals], n)
        if len(candidates) == 1:
            r = candidates[0]
            if abs(dot(r, point)) > sum(abs(dot(r, b)) for b in rows):
                return False
    return True


def rank_of(rows: Sequence[Vector]) -> int:
    """Return the rank, by elimination."""
    return len(rows[0]) - len(orthogonal(rows, len(rows[0])))


def orthogonal(rows: Sequence[Vector], n: int) -> list[Vector]:
    """Return a basis of the vectors that are orthogonal to all rows."""
    left = [list(row) for row in rows]
    pivots: list[int] = []
    for column in range(n):
        done = len(pivots)
        hit = next((k for k in range(done, len(left)) if left[k][column]), None)
        if hit is None:
            continue
        left[done], left[hit] = left[hit], left[done]
        left[done] = [entry / left[done][column] for entry in left[done]]
        for k in range(len(left)):
            if k != done:
                left[k] = [a - left[k][column] * b for a, b in zip(left[k], left[done], strict=True)]
        pivots.append(column)
    basis = []
    for free in (column for column in range(n) if column not in pivots):
        vector = [Fraction(0)] * n
        vector[free] = Fraction(1)
        for k, pivot in enumerate(pivots):
            vector[pivot] = -left[k][free]
        basis.append(tuple(vector))
    return basis


def is_extremal(B: Iterable[Iterable[Any]]) -> bool:
    """Decide whether any ``n`` generators are independent (all of them, if they are fewer)."""
    rows = exact_rows(B)
    size = min(len(rows), len(rows[0]))
    return all(null_vector(chosen) is None for chosen in itertools.combinations(rows, size))


def face_counts(B: Iterable[Iterable[Any]]) -> list[int]:
    """Count the faces of each dimension: the sets of vertices that are farthest in some direction.

    A face is told by the signs of ``<r, b_i>`` for its directions ``r``, zeros included; a sign vector with zeros
    occurs if and only if some ``r`` in the subspace on which the zeros vanish has the other signs strictly.
    """
    rows = exact_rows(B)
    n, rank = len(rows[0]), rank_of(rows)
    counts = [0] * (rank + 1)
    for signs in itertools.product((-1, 0, 1), repeat=len(rows)):
        zeros = [row for row, sign in zip(rows, signs, strict=True) if sign == 0]
        space = orthogonal(zeros, n)
        seen = [tuple(sign * dot(row, v) for v in space) for row, sign in zip(rows, signs, strict=True) if sign != 0]
        if has_strict_solution(seen):
            counts[rank_of(zeros) if zeros else 0] += 1
    return counts
