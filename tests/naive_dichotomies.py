"""Slow oracles for dichotomies, written from the mathematics alone: nothing here imports relucomb.

A dichotomy of points ``x_1 .. x_D`` is the set of points with ``v . x~ > 0``, for a ``v`` with ``v . x~_j != 0`` for
every point whose ``x~_j`` is not zero; ``x~ = (x, 1)``, or ``x~ = x`` without bias. A point with ``x~ = 0`` is on the
False side of every dichotomy. Everything is exact: a float is the rational number that it is.

Two oracles decide for each of the ``2^D`` sign vectors whether it belongs to such a ``v``.

- :func:`dichotomies_by_elimination` asks the system ``s_j (v . x~_j) > 0`` itself (Fourier and Motzkin).
- :func:`dichotomies_by_circuits` uses Gordan's theorem: the system has no solution if and only if some non-negative
  combination of the rows ``s_j x~_j``, not all coefficients zero, vanishes; and if one vanishes, so does one whose rows
  are minimally dependent (Caratheodory). Those are few and can be listed once.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row = tuple[Fraction, ...]
Dichotomy = tuple[bool, ...]


def lifted_rows(X: Iterable[Iterable[Any]], hidden_bias: bool = True) -> list[Row]:
    """Return the rows ``x~_j`` as fractions."""
    return [tuple(Fraction(entry) for entry in x) + ((Fraction(1),) if hidden_bias else ()) for x in X]


def dichotomies_by_elimination(X: Iterable[Iterable[Any]], hidden_bias: bool = True) -> set[Dichotomy]:
    """Return all dichotomies, by trying each sign vector."""
    return _realised(lifted_rows(X, hidden_bias), has_strict_solution)


def has_strict_solution(rows: Sequence[Row]) -> bool:
    """Decide whether some ``v`` has ``v . a > 0`` for every row ``a`` (Fourier-Motzkin, last coordinate first)."""
    system = {primitive(row) for row in rows}
    if not system:
        return True
    if any(not any(row) for row in system):
        return False  # 0 > 0
    if not next(iter(system)):
        return False
    above = [row for row in system if row[-1] > 0]
    below = [row for row in system if row[-1] < 0]
    rest = [row[:-1] for row in system if row[-1] == 0]
    for a, b in itertools.product(above, below):
        rest.append(tuple(p * -b[-1] + q * a[-1] for p, q in zip(a[:-1], b[:-1], strict=True)))
    return has_strict_solution(rest)


def primitive(row: Row) -> Row:
    """Return the positive multiple of a row with coprime integer entries."""
    scale = math.lcm(*(entry.denominator for entry in row))
    integers = [int(entry * scale) for entry in row]
    divisor = math.gcd(*integers) or 1
    return tuple(Fraction(entry // divisor) for entry in integers)


def dichotomies_by_circuits(X: Iterable[Iterable[Any]], hidden_bias: bool = True) -> set[Dichotomy]:
    """Return all dichotomies: the sign vectors that agree with no circuit."""
    rows = lifted_rows(X, hidden_bias)
    circuits = list(signed_circuits([row for row in rows if any(row)]))

    def avoids_all(signed: Sequence[Row], signs: Sequence[int]) -> bool:
        return not any(all(signs[j] == sign for j, sign in circuit) for circuit in circuits)

    return _realised(rows, None, avoids_all)


def signed_circuits(rows: Sequence[Row]) -> Iterable[list[tuple[int, int]]]:
    """Yield the minimal dependent sets of rows with the signs of their dependence, in both orientations."""
    found: list[set[int]] = []
    for size in range(1, (len(rows[0]) if rows else 0) + 2):
        for chosen in itertools.combinations(range(len(rows)), size):
            if any(smaller <= set(chosen) for smaller in found):
                continue
            dependence = null_vector([rows[j] for j in chosen])
            if dependence is not None:
                found.append(set(chosen))
                signs = [1 if entry > 0 else -1 for entry in dependence]
                yield list(zip(chosen, signs, strict=True))
                yield [(j, -sign) for j, sign in zip(chosen, signs, strict=True)]


def null_vector(rows: Sequence[Row]) -> Row | None:
    """Return coefficients, not all zero, of a combination of the rows that vanishes; None if there are none."""
    left = [list(row) + [Fraction(int(j == k)) for k in range(len(rows))] for j, row in enumerate(rows)]
    width = len(rows[0])
    done = 0
    for column in range(width):
        hit = next((k for k in range(done, len(left)) if left[k][column]), None)
        if hit is None:
            continue
        left[done], left[hit] = left[hit], left[done]
        for k in range(done + 1, len(left)):
            factor = left[k][column] / left[done][column]
            left[k] = [a - factor * b for a, b in zip(left[k], left[done], strict=True)]
        done += 1
    return tuple(left[done][width:]) if done < len(left) else None


def _realised(rows: Sequence[Row], solvable: Any, agrees: Any = None) -> set[Dichotomy]:
    kept = [row for row in rows if any(row)]
    found = set()
    for signs in itertools.product((1, -1), repeat=len(kept)):
        if agrees is not None:
            possible = agrees(kept, signs)
        else:
            possible = solvable([tuple(sign * entry for entry in row) for sign, row in zip(signs, kept, strict=True)])
        if possible:
            sides = iter(signs)
            found.add(tuple(any(row) and next(sides) > 0 for row in rows))
    return found


def cover(D: int, d: int) -> int:
    """Count the dichotomies of ``D`` vectors in general position in dimension ``d`` (Cover 1965)."""
    return 2 * sum(math.comb(D - 1, k) for k in range(d))
