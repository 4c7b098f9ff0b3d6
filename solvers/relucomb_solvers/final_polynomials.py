"""Oriented matroids that come from no vectors: biquadratic final polynomials.

Given the signs of all determinants of ``n`` vectors, two of the three terms of a Grassmann-Plücker relation have one
sign and the third the other; the third is the sum of the two in absolute value, hence larger than either. In
logarithms these are linear inequalities ``log|p| + log|q| > log|s| + log|t|`` between the determinants. If some of
them add up to ``0 > 0``, there are no such vectors [1]_. A linear programme in floats finds which; the multipliers are
then computed exactly.

References
----------
.. [1] J. Bokowski, J. Richter, On the finding of final polynomials, European Journal of Combinatorics 11, 1990.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb_solvers.chirotope_clauses import brackets

if TYPE_CHECKING:
    from numpy.typing import NDArray

Step = tuple[int, int, int]
"""A relation, the number of its smaller term, and a positive multiplier."""

TERMS = ((0, 1), (2, 3), (4, 5))
TURNS = (1, -1, 1)


def final_polynomial(signs: NDArray[np.int8], n: int, rank: int) -> list[Step] | None:
    """Look for inequalities that contradict each other.

    Parameters
    ----------
    signs
        Of all determinants, in lexicographic order; they satisfy all Grassmann-Plücker relations.
    n, rank
        Number and dimension of the vectors.

    Returns
    -------
    list of (int, int, int), or None
        Relations as numbered by :func:`~relucomb_solvers.chirotope_clauses.brackets`, the smaller term of each, and
        integer multipliers with which the inequalities add up to ``0 > 0``; None if there are none or they could not
        be made exact.

    Examples
    --------
    Five vectors in the plane always exist:

    >>> final_polynomial(np.ones(10, dtype=np.int8), 5, 2) is None
    True
    """
    relations, smaller, larger = _inequalities(signs, n, rank)
    table = np.abs(brackets(n, rank)) - 1
    count = len(relations)
    if count == 0:
        return None
    balance = np.zeros((len(signs), count), dtype=np.int64)
    for term, change in ((larger, 1), (smaller, -1)):
        for k in (0, 1):
            balance[table[relations, 2 * term + k], np.arange(count)] += change
    involved: NDArray[np.bool_] = np.zeros((len(signs), count), dtype=np.bool_)
    involved[table[relations].T, np.arange(count)] = True
    used = _contradiction(balance, np.arange(count))
    if used is None:
        return None
    for sign in range(len(signs)):  # leave out one sign after another: what needs few signs excludes much
        if involved[sign, used].any():
            spared: NDArray[np.bool_] = np.array(~involved[:, used].any(axis=1))
            spared[sign] = True
            without = _contradiction(balance, np.flatnonzero(~involved[spared].any(axis=0)))
            used = used if without is None else without
    multipliers = _kernel(balance[:, used])
    if multipliers is None:
        return None
    return [(int(relations[c]), int(smaller[c]), y) for c, y in zip(used.tolist(), multipliers, strict=True)]


def _contradiction(balance: NDArray[np.int64], allowed: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Return some of the allowed inequalities that seem to add up to ``0 > 0``, by a linear programme."""
    from scipy.optimize import linprog

    sparse: Any = importlib.import_module("scipy.sparse")  # the stubs of linprog know no sparse arrays

    if len(allowed) == 0:
        return None
    system = np.concatenate([balance[:, allowed], np.ones((1, len(allowed)), dtype=np.int64)])
    target = np.append(np.zeros(len(balance)), 1.0)
    solved = linprog(
        np.zeros(len(allowed)), A_eq=sparse.csr_array(system), b_eq=target, bounds=(0, None), method="highs-ds"
    )
    return None if solved.x is None else allowed[np.flatnonzero(solved.x > 1e-9)]


def _inequalities(
    signs: NDArray[np.int8], n: int, rank: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return relation, smaller and larger term of all inequalities."""
    table = brackets(n, rank)
    shown = np.sign(table) * signs[np.abs(table) - 1]
    terms = np.stack([turn * shown[:, a] * shown[:, b] for turn, (a, b) in zip(TURNS, TERMS, strict=True)], axis=1)
    larger = np.argmax(terms == -np.sign(terms.sum(axis=1, keepdims=True)), axis=1)
    relations = np.arange(len(table))
    return (
        np.concatenate([relations, relations]),
        np.concatenate([(larger + 1) % 3, (larger + 2) % 3]),
        np.concatenate([larger, larger]),
    )


def _kernel(matrix: NDArray[np.int64]) -> list[int] | None:
    """Return the positive integers, without common divisor, that span the kernel, if there are such."""
    import flint

    rows, columns = matrix.shape
    space, nullity = flint.fmpz_mat(rows, columns, [int(entry) for entry in matrix.flat]).nullspace()
    if nullity != 1:
        return None
    vector = [int(space[k, 0]) for k in range(columns)]
    common = int(np.gcd.reduce(np.array(vector, dtype=object)))
    vector = [entry // common for entry in vector] if vector[0] > 0 else [-entry // common for entry in vector]
    return vector if min(vector) > 0 else None
