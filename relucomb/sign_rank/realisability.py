"""Lower bounds where oriented matroids exist but come from no vectors.

Where the clauses of :mod:`relucomb.sign_rank.chirotopes` have a solution, its signs of determinants may still be those
of no vectors; a biquadratic final polynomial proves that. It uses only some of the signs, so it excludes all solutions
with these; and as it does not depend on the names of the vectors, or on which of them are negated, it excludes their
images under permutations and negations, too. Clauses that say so are added until there is no solution left, or one
that is not excluded. The permutations and negations that pay are those that keep the set of rows.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb_solvers.chirotope_clauses import bracket, brackets, clauses
from relucomb_solvers.clause_proof import is_refutation
from relucomb_solvers.clause_search import solve
from relucomb_solvers.final_polynomials import TERMS, TURNS, final_polynomial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

MOST_SYMMETRIES = 11_000
MOST_POLYNOMIALS = 60
"""Without a time limit."""
CONFLICTS = 20_000
"""In a search for one solution."""

Symmetry = tuple[tuple[int, ...], tuple[int, ...]]
"""Vector ``j`` becomes vector ``permutation[j]``, times ``signs[j]``."""


@dataclass(frozen=True, slots=True)
class FinalPolynomial:
    """Signs of some determinants that no vectors have.

    Attributes
    ----------
    signs
        Literals: ``k`` or ``-k`` for the sign of the ``k``-th determinant.
    steps
        Relations, the number of the smaller of their terms, and positive integer multipliers.
    """

    signs: tuple[int, ...]
    steps: tuple[tuple[int, int, int], ...]

    def holds(self, n: int, rank: int) -> bool:
        """Check that the inequalities follow from the signs, and that they add up to ``0 > 0``."""
        table = brackets(n, rank)
        sign = {abs(literal): 1 if literal > 0 else -1 for literal in self.signs}
        if len(sign) != len(self.signs) or not self.steps:
            return False
        total = dict.fromkeys(sign, 0)
        for relation, smaller, multiplier in self.steps:
            if not 0 <= relation < len(table) or smaller not in (0, 1, 2) or multiplier <= 0:
                return False
            literals = [int(literal) for literal in table[relation]]
            if any(abs(literal) not in sign for literal in literals):
                return False
            shown = [sign[abs(literal)] * (1 if literal > 0 else -1) for literal in literals]
            terms = [turn * shown[a] * shown[b] for turn, (a, b) in zip(TURNS, TERMS, strict=True)]
            # three terms that add up to zero: the one whose sign is alone is larger than either other
            if abs(sum(terms)) != 1 or terms[smaller] != sum(terms):
                return False
            larger = terms.index(-sum(terms))
            for term, factor in ((larger, multiplier), (smaller, -multiplier)):
                for place in TERMS[term]:
                    total[abs(literals[place])] += factor
        return not any(total.values())


@dataclass(frozen=True, slots=True, eq=False)
class NoVectors:
    """No vectors of dimension ``bound - 1``, one for each of some columns, show the patterns of some rows.

    Attributes
    ----------
    bound
        The lower bound.
    rows, columns
        The submatrix.
    polynomials
        What excludes signs of determinants.
    symmetries
        Permutations and negations of the vectors, under which all of that is repeated.
    lemmas, ends
        The refutation of all the clauses together.
    turned
        Whether all this is about the transposed matrix.
    """

    bound: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    polynomials: tuple[FinalPolynomial, ...]
    symmetries: tuple[Symmetry, ...]
    lemmas: NDArray[np.int32]
    ends: NDArray[np.int64]
    turned: bool = False

    def holds(self, A: NDArray[np.int8]) -> bool:
        """Check every final polynomial in integers, make all clauses again, and check the refutation."""
        n, rank = len(self.columns), self.bound - 1
        if not 2 <= rank <= n or not self.rows:
            return False
        if not all(polynomial.holds(n, rank) for polynomial in self.polynomials):
            return False
        for permutation, signs in self.symmetries:
            if sorted(permutation) != list(range(n)) or len(signs) != n or not set(signs) <= {-1, 1}:
                return False
        given = (A.T if self.turned else A)[np.ix_(self.rows, self.columns)]
        images = _images(self.symmetries, n, rank)
        all_clauses = _joined(clauses(given, rank), [_excluded(one, images) for one in self.polynomials])
        return is_refutation(*all_clauses, self.lemmas, self.ends)

    def describe(self) -> str:
        """Return a line for people."""
        what, where = ("columns", "rows") if self.turned else ("rows", "columns")
        none = f"no vectors of dimension {self.bound - 1} for {len(self.columns)} {where} show {len(self.rows)} {what}"
        means = f"{len(self.polynomials)} final polynomials, {len(self.symmetries)} symmetries"
        return f"{none} ({means}, {len(self.ends) - 1} lemmas)"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; variable ``k`` is the ``k``-th tuple of columns in lexicographic order."""
        pairs = zip(self.ends[:-1].tolist(), self.ends[1:].tolist(), strict=True)
        return {
            "kind": "final polynomials",
            "bound": self.bound,
            "transposed": self.turned,
            "rows": list(self.rows),
            "columns": list(self.columns),
            "polynomials": [
                {"signs": list(one.signs), "steps": [list(step) for step in one.steps]} for one in self.polynomials
            ],
            "symmetries": [[list(permutation), list(signs)] for permutation, signs in self.symmetries],
            "lemmas": [self.lemmas[start:end].tolist() for start, end in pairs],
        }


def exclude(
    A: NDArray[np.int8],
    rows: list[int],
    columns: list[int],
    rank: int,
    *,
    turned: bool = False,
    most: int | None = MOST_POLYNOMIALS,
    stop: Callable[[], bool] = lambda: False,
) -> NoVectors | None:
    """Exclude one solution of the clauses after another, with its images, until there is none.

    Parameters
    ----------
    A, rows, columns, rank, turned
        As for :func:`~relucomb.sign_rank.chirotopes.refute`.
    most
        Final polynomials at most, None for no limit.
    stop
        Asked now and then; True ends the search.

    Returns
    -------
    NoVectors or None
        A proof, checked; None as soon as a solution is not excluded by a final polynomial.
    """
    signs = (A.T if turned else A)[np.ix_(rows, columns)]
    n = len(columns)
    if not 2 <= rank < n:
        return None
    given = clauses(signs, rank)
    added: list[tuple[NDArray[np.int32], NDArray[np.int64]]] = []
    polynomials: list[FinalPolynomial] = []
    symmetries: tuple[Symmetry, ...] = ()
    images = np.empty((0, 0), dtype=np.int32)
    while not stop() and (most is None or len(polynomials) <= most):
        answer = solve(*_joined(given, added), CONFLICTS, stop)
        if answer.satisfiable is False:
            chosen = (tuple(rows), tuple(columns), tuple(polynomials), symmetries)
            proof = NoVectors(rank + 1, *chosen, answer.lemmas, answer.offsets, turned)
            return proof if proof.holds(A) else None
        steps = None if answer.model is None else final_polynomial(answer.model, n, rank)
        if steps is None or answer.model is None:
            return None
        used = np.unique(np.abs(brackets(n, rank)[[relation for relation, _, _ in steps]]))
        literals = tuple((used * answer.model[used - 1]).tolist())
        polynomials.append(FinalPolynomial(literals, tuple(steps)))
        if not symmetries:
            symmetries = tuple(itertools.islice(row_symmetries(signs), MOST_SYMMETRIES))
            images = _images(symmetries, n, rank)
        added.append(_excluded(polynomials[-1], images))
    return None


def row_symmetries(A: NDArray[np.int8]) -> Iterator[Symmetry]:
    """Iterate over the permutations with signs of the columns that map the set of rows and their negatives to itself.

    The identity comes first; of a symmetry and its negative only one is listed.

    Examples
    --------
    >>> A = np.array([[1, 1, 1], [1, -1, 1]], dtype=np.int8)
    >>> for symmetry in row_symmetries(A):
    ...     print(symmetry)
    ((0, 1, 2), (1, 1, 1))
    ((2, 1, 0), (1, 1, 1))
    ((0, 1, 2), (1, -1, 1))
    ((2, 1, 0), (1, -1, 1))
    """
    m, n = A.shape
    source = A * A[0]

    def patterns(B: NDArray[np.int8], chosen: list[int]) -> list[bytes]:
        small = B[:, chosen]
        return sorted(row.tobytes() for row in np.ascontiguousarray(small * small[:, :1]))

    known = [patterns(source, list(range(k + 1))) for k in range(n)]

    def extend(target: NDArray[np.int8], chosen: list[int]) -> Iterator[list[int]]:
        if len(chosen) == n:
            yield chosen
            return
        for j in range(n):
            if j not in chosen and patterns(target, [*chosen, j]) == known[len(chosen)]:
                yield from extend(target, [*chosen, j])

    for k in range(m):
        # row 0 becomes row k or its negative, which fixes the signs
        for chosen in extend(A * A[k], []):
            yield tuple(chosen), tuple(int(A[k, chosen[j]]) * int(A[0, j]) for j in range(n))


def _images(symmetries: tuple[Symmetry, ...], n: int, rank: int) -> NDArray[np.int32]:
    """Return what each symmetry makes of the literal of each determinant."""
    tuples = np.array(list(itertools.combinations(range(n), rank)))
    images = np.empty((len(symmetries), len(tuples)), dtype=np.int32)
    known: dict[tuple[int, ...], NDArray[np.int32]] = {}
    for row, (permutation, signs) in zip(images, symmetries, strict=True):
        if permutation not in known:
            moved = [bracket(n, [permutation[j] for j in chosen]) for chosen in tuples.tolist()]
            known[permutation] = np.array(moved, dtype=np.int32)
        row[:] = known[permutation] * np.array(signs)[tuples].prod(axis=1)
    return images


def _excluded(polynomial: FinalPolynomial, images: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the clauses that exclude the signs, their images, and the opposite of all these (a reflection)."""
    literals = np.array(polynomial.signs, dtype=np.int32)
    moved = -np.sign(literals) * images[:, np.abs(literals) - 1]
    table = np.unique(np.sort(np.concatenate([moved, -moved]), axis=1), axis=0).astype(np.int32)
    return table.ravel(), np.arange(len(table) + 1, dtype=np.int64) * len(literals)


def _joined(
    first: tuple[NDArray[np.int32], NDArray[np.int64]], more: list[tuple[NDArray[np.int32], NDArray[np.int64]]]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    literals, offsets = first
    for added, ends in more:
        offsets = np.concatenate([offsets, ends[1:] + offsets[-1]])
        literals = np.concatenate([literals, added])
    return literals, offsets
