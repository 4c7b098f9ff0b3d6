"""Lower bounds from oriented matroids: no vectors of dimension ``r`` could have determinants of any signs.

If ``B`` of rank at most ``r`` has the signs of ``A``, the rows of ``A`` are sign patterns of ``n`` vectors in
dimension ``r``, which may be moved into general position without changing a sign. The signs of their determinants
satisfy the clauses of :mod:`relucomb_solvers.chirotope_clauses`. A refutation of the clauses proves that the sign-rank
is more than ``r``.

A solution of the clauses is a uniform oriented matroid with the rows among its topes. It comes from vectors, so that
the sign-rank is at most ``r``, if ``r ≤ 2``, ``r ≥ n - 2`` or ``r = 3`` and ``n ≤ 8`` [1]_; else it may or may not.

References
----------
.. [1] A. Björner, M. Las Vergnas, B. Sturmfels, N. White, G. Ziegler, Oriented Matroids, 2nd ed., 1999, sections 6.6,
8.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb_solvers.chirotope_clauses import clauses
from relucomb_solvers.clause_proof import is_refutation
from relucomb_solvers.clause_search import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

FIRST_CONFLICTS = 5_000
"""Of the own search; beyond that, if there is time, PySAT is asked if it is installed."""


@dataclass(frozen=True, slots=True, eq=False)
class NoMatroid:
    """No uniform oriented matroid of rank ``bound - 1`` on some columns has some rows among its topes.

    Attributes
    ----------
    bound
        The lower bound.
    rows, columns
        The submatrix.
    lemmas, ends
        The refutation: clauses that follow one after another by unit propagation, the last ones from contradictory
    ones. solver
        What found it; this proves nothing and need not be believed.
    turned
        Whether all this is about the transposed matrix.
    """

    bound: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    lemmas: NDArray[np.int32]
    ends: NDArray[np.int64]
    solver: str
    turned: bool = False

    def holds(self, A: NDArray[np.int8]) -> bool:
        """Make the clauses again and check the refutation lemma by lemma."""
        if not 2 <= self.bound - 1 <= len(self.columns) or not self.rows:
            return False
        return is_refutation(*self._clauses(A), self.lemmas, self.ends)

    def dimacs(self, A: NDArray[np.int8]) -> str:
        """Return the clauses in the format that SAT solvers read."""
        literals, offsets = self._clauses(A)
        head = f"p cnf {int(np.abs(literals).max())} {len(offsets) - 1}\n"
        return head + _lines(literals, offsets)

    def drat(self) -> str:
        """Return the refutation in the format that checkers of DRAT proofs read."""
        return _lines(self.lemmas, self.ends) + "0\n"

    def describe(self) -> str:
        """Return a line for people."""
        what, where = ("columns", "rows") if self.turned else ("rows", "columns")
        none = f"no uniform oriented matroid of rank {self.bound - 1} on {len(self.columns)} {where}"
        proof = f"refuted by {len(self.ends) - 1} lemmas, {self.solver}"
        return f"{none} has {len(self.rows)} {what} as topes ({proof})"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; variable ``k`` is the ``k``-th tuple of columns in lexicographic order."""
        pairs = zip(self.ends[:-1].tolist(), self.ends[1:].tolist(), strict=True)
        return {
            "kind": "oriented matroid",
            "bound": self.bound,
            "transposed": self.turned,
            "rows": list(self.rows),
            "columns": list(self.columns),
            "lemmas": [self.lemmas[start:end].tolist() for start, end in pairs],
            "solver": self.solver,
        }

    def _clauses(self, A: NDArray[np.int8]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        signs = (A.T if self.turned else A)[np.ix_(self.rows, self.columns)]
        return clauses(signs, self.bound - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """What is known of the clauses: a refutation, or whether they have a solution (None: not decided)."""

    refuted: NoMatroid | None
    satisfiable: bool | None


def refute(
    A: NDArray[np.int8],
    rows: list[int],
    columns: list[int],
    rank: int,
    *,
    turned: bool = False,
    seconds: float | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Decision:
    """Look for a uniform oriented matroid of a rank that has the rows of a submatrix as topes, or refute it.

    Parameters
    ----------
    A
        The sign matrix; if ``turned``, rows and columns are those of its transpose.
    rows, columns
        The submatrix.
    rank
        The rank, at least 2; with fewer columns there is nothing to refute.
    turned
        Whether the transposed matrix is meant.
    seconds
        Time to spend if the own search does not decide soon; None to leave it at that.
    stop
        Asked now and then; True ends the search.

    Examples
    --------
    >>> A = np.array([[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]], dtype=np.int8)
    >>> refute(A, [0, 1, 2, 3], [0, 1, 2, 3], 2).refuted.holds(A)
    True
    >>> refute(A, [0, 1, 2, 3], [0, 1, 2, 3], 3).satisfiable
    True
    """
    if rank >= len(columns):
        return Decision(None, True)
    signs = (A.T if turned else A)[np.ix_(rows, columns)]
    literals, offsets = clauses(signs, rank)
    answer = solve(literals, offsets, FIRST_CONFLICTS, stop)
    satisfiable, lemmas, ends, solver = answer.satisfiable, answer.lemmas, answer.offsets, "own search"
    if satisfiable is None and seconds is not None and not stop():
        if has_pysat():
            satisfiable, lemmas, ends = _ask_pysat(literals, offsets, time.monotonic() + seconds, stop)
            solver = "PySAT, Glucose 4"
        else:
            end = time.monotonic() + seconds
            answer = solve(literals, offsets, stop=lambda: stop() or time.monotonic() > end)
            satisfiable, lemmas, ends = answer.satisfiable, answer.lemmas, answer.offsets
    if satisfiable is not False:
        return Decision(None, satisfiable)
    proof = NoMatroid(rank + 1, tuple(rows), tuple(columns), lemmas, ends, solver, turned)
    return Decision(proof, False) if proof.holds(A) else Decision(None, None)


def has_pysat() -> bool:
    """Tell whether python-sat (the extra ``sat``) is installed."""
    return importlib.util.find_spec("pysat") is not None


def _ask_pysat(
    literals: NDArray[np.int32], offsets: NDArray[np.int64], end: float, stop: Callable[[], bool]
) -> tuple[bool | None, NDArray[np.int32], NDArray[np.int64]]:
    """Return whether the clauses have a solution, and the lemmas of Glucose."""
    solvers: Any = importlib.import_module("pysat.solvers")
    values, pairs = literals.tolist(), zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    with solvers.Solver(
        name="glucose4", bootstrap_with=[values[start:end] for start, end in pairs], with_proof=True
    ) as solver:
        answers: list[bool | None] = []
        thread = threading.Thread(target=lambda: answers.append(solver.solve_limited(expect_interrupt=True)))
        thread.start()  # so that Ctrl-C is seen here at once
        try:
            while thread.is_alive() and time.monotonic() < end and not stop():
                thread.join(0.05)
        finally:
            solver.interrupt()
            thread.join()
        satisfiable = answers[0] if answers else None
        told = solver.get_proof() if satisfiable is False else []
    steps = [[int(word) for word in line.split()] for line in told if not line.startswith("d")]
    lemmas = [step[:-1] for step in steps if len(step) > 1]
    ends = np.concatenate([[0], np.cumsum([len(lemma) for lemma in lemmas], dtype=np.int64)])
    flat = np.array([literal for lemma in lemmas for literal in lemma], dtype=np.int32)
    return satisfiable, flat, ends.astype(np.int64)


def _lines(literals: NDArray[np.int32], offsets: NDArray[np.int64]) -> str:
    values, ends = literals.tolist(), offsets.tolist()
    return "".join(" ".join(map(str, [*values[start:end], 0])) + "\n" for start, end in itertools.pairwise(ends))
