"""The order of the search: cheap proofs first, then ever more effort at the two ends of the interval."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from relucomb.sign_rank.factorisation import Factorisation, expanded, rounded, transposed, trivial
from relucomb.sign_rank.orderings import by_order
from relucomb.sign_rank.patterns import count_patterns, diverse
from relucomb.sign_rank.pencil import at_most_two, more_than_one
from relucomb.sign_rank.reduction import reduced
from relucomb.sign_rank.result import NoZero, SignRank, SignRankStatus, SignRankTermination
from relucomb.sign_rank.spectral import LARGEST_PROGRAMME, forster, weighted_forster

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb.sign_rank.result import LowerProof

DESCENT = "descent, rounded"
STARTS, STEPS = 4, 600
"""Of the first descents; later ones take ever more."""
USUAL_ROUNDS = 5
"""Rounds of descents without a time limit."""
FEW_CLAUSES, MOST_CLAUSES = 60_000, 500_000
"""Of oriented matroids that are tried at the beginning, and later."""
PRODUCTS = 2_000_000_000
"""In a round of descents at most, unless it has a single start: some seconds."""
FEW_FOR_VECTORS = 25_000
"""Of oriented matroids that are refuted although they exist."""
LARGE = 2500
"""Entries from which on ranks are halved, not tried one after another."""


class Search:
    """What is known so far; every step can only improve it, so it may be stopped at any time.

    Parameters
    ----------
    A
        The sign matrix.
    time_limit
        Seconds, or None for the usual effort.
    seed
        Of the descents.
    """

    def __init__(self, A: NDArray[np.int8], time_limit: float | None, seed: int) -> None:
        self._start = time.monotonic()
        self._deadline = None if time_limit is None else self._start + time_limit
        self._seed = seed
        self._A = A
        self._reduction = reduced(A)
        self._small = self._reduction.matrix
        self._lower: LowerProof = NoZero()
        self._upper: Factorisation = trivial(self._small)
        self._remarks: list[str] = []
        self._tried: dict[int, set[int]] = {}

    def run(self) -> SignRankTermination:
        """Work until the interval is closed, the effort is spent or the time is up."""
        small = self._small.size < LARGE
        upper = (self._first_descents, self._order) if small else (self._order, self._first_descents)
        for step in (self._two, self._count, self._forster, self._first_matroids, *upper):
            if self._closed():
                return SignRankTermination.closed
            if self._late():
                return SignRankTermination.time_limit
            step()
        return self._rounds()

    def result(self, termination: SignRankTermination) -> SignRank:
        """Return what is known, for the whole matrix."""
        if self._closed():
            termination = SignRankTermination.closed
        return SignRank(
            lower=self._lower.bound,
            upper=self._upper.rank,
            lower_proof=self._lower,
            upper_proof=expanded(self._upper, self._reduction),
            status=SignRankStatus.closed if self._closed() else SignRankStatus.open,
            termination=termination,
            seconds=time.monotonic() - self._start,
            remarks=tuple(self._remarks),
            matrix=self._A,
        )

    # the steps

    def _two(self) -> None:
        if (proof := more_than_one(self._A)) is None:
            return
        self._raise(proof)
        if self._closed():
            return
        decided = at_most_two(self._small)
        if isinstance(decided, Factorisation):
            self._lessen(decided)
        else:
            # the proof is about the submatrix; its rows and columns have other numbers in the whole
            rows, columns = self._reduction.rows.tolist(), self._reduction.columns.tolist()
            self._raise(decided.renumbered(rows, columns))

    def _count(self) -> None:
        proof = count_patterns(self._small)
        if proof is not None:
            self._raise(proof.renumbered(self._reduction.rows.tolist(), self._reduction.columns.tolist()))

    def _forster(self) -> None:
        if min(self._small.shape) > self._lower.bound**2:  # the bound is at most the root of the smaller side
            proof = forster(self._A, self._reduction.rows, self._reduction.columns)
            if proof is not None:
                self._raise(proof)

    def _order(self) -> None:
        self._lessen(by_order(self._small, self._late))
        if not self._closed():
            self._lessen(transposed(by_order(np.ascontiguousarray(self._small.T), self._late)))

    def _first_descents(self) -> None:
        if self._small.size < LARGE:
            for rank in range(self._lower.bound, self._upper.rank):
                if self._late() or self._descend(rank, 0):
                    return
            return
        least = self._lower.bound
        while least < self._upper.rank and not self._late():
            rank = (least + self._upper.rank) // 2
            if not self._descend(rank, 0):
                least = rank + 1

    def _first_matroids(self) -> None:
        self._matroids(FEW_CLAUSES)

    def _matroids(self, most: int) -> None:
        """Refute oriented matroids of one rank after another, on the rows and on the columns."""
        while not self._closed() and not self._late() and self._lower.bound not in self._tried.get(most, ()):
            rank = self._lower.bound
            if rank < 3:
                return
            for turned in sorted((False, True), key=lambda turned: self._small.shape[0 if turned else 1]):
                proof = self._refuted(rank, turned, most)
                if proof is not None:
                    self._raise(proof)
                    break
            if self._lower.bound == rank:
                self._tried.setdefault(most, set()).add(rank)

    def _refuted(self, rank: int, turned: bool, most: int) -> LowerProof | None:
        from relucomb.sign_rank.chirotopes import has_pysat, refute
        from relucomb_solvers.chirotope_clauses import count_clauses

        small = self._small.T if turned else self._small
        rows, columns = self._reduction.rows.tolist(), self._reduction.columns.tolist()
        lines, places = (columns, rows) if turned else (rows, columns)
        m, n = small.shape
        affordable = next((k for k in range(n, rank, -1) if count_clauses(m, k, rank) <= most), 0)
        if not affordable:
            return None
        chosen = diverse(small, affordable)
        decision = refute(
            self._A,
            lines,
            [places[j] for j in chosen],
            rank,
            turned=turned,
            seconds=None if self._deadline is None else (self._deadline - time.monotonic()) / 3,
            stop=self._late,
        )
        if decision.satisfiable is None and not has_pysat():
            remark = "some oriented matroids were not decided; python-sat (the extra sat) may decide them"
            self._remarks = [*(known for known in self._remarks if known != remark), remark]
        return decision.refuted

    def _rounds(self) -> SignRankTermination:
        number = 0
        while not self._closed():
            if self._late():
                return SignRankTermination.time_limit
            if self._deadline is None and number == USUAL_ROUNDS:
                return SignRankTermination.effort
            if number == 0:
                self._matroids(MOST_CLAUSES)
            elif number == 1:
                self._weighted()
                self._realisable()
            number += 1
            while not self._closed() and self._descend(self._upper.rank - 1, number):
                pass
        return SignRankTermination.closed

    def _weighted(self) -> None:
        if min(self._small.shape) <= self._lower.bound**2:
            return
        if self._small.size > LARGEST_PROGRAMME:
            self._remarks.append(
                f"the weighted form of Forster's bound was not tried: more than {LARGEST_PROGRAMME} entries"
            )
            return
        where = (self._reduction.rows, self._reduction.columns)
        left = None if self._deadline is None else self._deadline - time.monotonic()
        proof = weighted_forster(self._A, *where, self._lower.bound, time_limit=left)
        if proof is not None:
            self._raise(proof)

    def _realisable(self) -> None:
        """Refute vectors where there are oriented matroids, if there are few clauses."""
        from relucomb.sign_rank.realisability import MOST_POLYNOMIALS, exclude
        from relucomb_solvers.chirotope_clauses import count_clauses

        rank = self._lower.bound
        if rank < 3 or self._closed():
            return
        rows, columns = self._reduction.rows.tolist(), self._reduction.columns.tolist()
        for turned in sorted((False, True), key=lambda turned: self._small.shape[0 if turned else 1]):
            lines, places = (columns, rows) if turned else (rows, columns)
            if count_clauses(len(lines), len(places), rank) <= FEW_FOR_VECTORS:
                most = MOST_POLYNOMIALS if self._deadline is None else None
                proof = exclude(self._A, lines, places, rank, turned=turned, most=most, stop=self._late)
                if proof is not None:
                    self._raise(proof)
                    return

    def _descend(self, rank: int, number: int) -> bool:
        from relucomb_solvers.sign_rank_descent import descend

        steps = STEPS << number // 2
        affordable = PRODUCTS // (self._small.size * rank * steps)
        starts = min(STARTS << number, max(1, affordable))
        seed = np.random.SeedSequence((self._seed, rank, number)).generate_state(1)[0]
        factors = descend(self._small, rank, starts, steps, int(seed), self._late)
        found = None if factors is None else rounded(self._small, *factors, DESCENT)
        if found is not None:
            self._lessen(found)
        return found is not None

    # the interval

    def _raise(self, proof: LowerProof) -> None:
        if proof.bound > self._lower.bound:
            self._lower = proof

    def _lessen(self, factors: Factorisation) -> None:
        if factors.rank < self._upper.rank:
            self._upper = factors

    def _closed(self) -> bool:
        return self._lower.bound == self._upper.rank

    def _late(self) -> bool:
        return self._deadline is not None and time.monotonic() >= self._deadline
