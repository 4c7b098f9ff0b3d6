"""The result of a race: the certified optimum, and how near each run of each optimiser came."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.erm_result import Status
from relucomb.racing.restarts import restarts_needed
from relucomb.training.concentration import clopper_pearson
from relucomb.training.result import Termination

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb.erm_result import ERMResult, SearchProgress
    from relucomb.networks import ReLUNetwork

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class RaceProgress:
    """Where a race stands; what a callback gets.

    Attributes
    ----------
    stage
        ``"exact"`` for the exact solver, then the name of the optimiser that runs.
    finished, runs
        How many of its runs are finished, of how many.
    reached
        How many of those provably reach the optimum.
    best
        Their least loss; ``inf`` if there is none.
    seconds
        Time since the start of the race.
    search
        What the exact solver reports, while it runs.
    undecided
        How many of the finished runs neither provably reach nor provably miss the optimum.
    """

    stage: str
    finished: int
    runs: int
    reached: int
    best: float
    seconds: float
    search: SearchProgress | None = None
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class Truth:
    """What is proven of the least loss, and what counts as reaching it.

    Attributes
    ----------
    lower_bound, best_known
        The least loss lies between them.
    closed
        Whether they agree so nearly that every run either reaches the optimum or misses it.
    tolerance
        By what share of the optimum a loss may exceed it and still reach it.
    floor
        Losses below it count as this in that share: an exact fit has no share. It is ``tolerance`` times the loss
        of the best constant, so that a run reaches an exact fit if its residuals are ``tolerance`` times those.

    Examples
    --------
    >>> truth = Truth(0.5, 0.5, True, 0.01, 0.001)
    >>> truth.gaps([0.5, 0.504, 1.0]), truth.reached([0.5, 0.504, 1.0])
    (array([0.   , 0.008, 1.   ]), array([ True,  True, False]))
    """

    lower_bound: float
    best_known: float
    closed: bool
    tolerance: float
    floor: float

    def gaps(self, losses: Any) -> Floats:
        """Return by what share the losses exceed the best one known; ``inf`` for a loss that is none."""
        with np.errstate(invalid="ignore"):
            gaps = (np.asarray(losses, dtype=np.float64) - self.best_known) / max(self.best_known, self.floor)
        return np.where(np.isfinite(gaps), np.maximum(gaps, 0.0), math.inf)

    def reached(self, losses: Any) -> Booleans:
        """Say which losses provably reach the optimum."""
        return self._near(losses, self.best_known if self.closed else self.lower_bound)

    def missed(self, losses: Any) -> Booleans:
        """Say which losses provably miss it; without a closed proof there may be some that do neither."""
        return ~self._near(losses, self.best_known)

    def _near(self, losses: Any, least: float) -> Booleans:
        """Say which losses would reach an optimum of this loss; one rule for both, so that no run does both."""
        return np.asarray(np.asarray(losses) <= least + self.tolerance * max(least, self.floor))


@dataclass(frozen=True, slots=True)
class Record:
    """All runs of one optimiser; arrays have one entry for each run, in the order of the seeds.

    Attributes
    ----------
    algorithm, title
        Its name for programs and for people.
    seeds
        Seeds of the runs.
    losses
        Least mean loss that each run saw, in the user's units; ``inf`` if it saw none.
    gaps
        By what share of the best loss known, which is the optimum if the proof is closed, they exceed it.
    reached, missed
        Which runs provably reach the optimum, and which provably miss it. If the exact solver stopped at a limit, a run
        may do neither: it is undecided.
    polished
        Loss at the bottom of the basin that each run ended in.
    polished_reached, polished_missed
        Which of those provably reach the optimum, and which provably miss it.
    seconds, updates
        Time and number of steps.
    terminations
        How each run ended.
    step_size, steps
        Step size at the start (``None`` if the method chooses it) and most steps.
    deterministic
        Whether it draws nothing, so that one run tells all.
    network
        The best network of all runs, ``None`` if no run saw a finite loss.
    """

    algorithm: str
    title: str
    seeds: NDArray[np.int64]
    losses: Floats
    gaps: Floats
    reached: Booleans
    missed: Booleans
    polished: Floats
    polished_reached: Booleans
    polished_missed: Booleans
    seconds: Floats
    updates: NDArray[np.int64]
    terminations: tuple[Termination, ...]
    step_size: float | None
    steps: int
    deterministic: bool
    network: ReLUNetwork | None

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.seeds)

    @property
    def hits(self) -> int:
        """Number of runs that provably reach the optimum."""
        return int(self.reached.sum())

    @property
    def polished_hits(self) -> int:
        """Number of runs that provably end in the basin of the optimum."""
        return int(self.polished_reached.sum())

    @property
    def misses(self) -> int:
        """Number of runs that provably miss the optimum."""
        return int(self.missed.sum())

    @property
    def undecided(self) -> int:
        """Number of runs that neither provably reach nor provably miss the optimum, 0 with a closed proof."""
        return self.runs - self.hits - self.misses

    @property
    def polished_undecided(self) -> int:
        """Number of runs of whose basin neither is proven, 0 with a closed proof."""
        return self.runs - self.polished_hits - int(self.polished_missed.sum())

    @property
    def diverged(self) -> int:
        """Number of runs that left the range of floats; they count by the least loss they saw before."""
        return sum(end is Termination.diverged for end in self.terminations)

    @property
    def fraction(self) -> float:
        """Share of the runs that provably reach the optimum: the low end of :attr:`share_range`."""
        return self.hits / self.runs

    @property
    def share_range(self) -> tuple[float, float]:
        """Between which shares of the runs reach the optimum: equal numbers if none is undecided."""
        return self.fraction, (self.hits + self.undecided) / self.runs

    @property
    def polished_range(self) -> tuple[float, float]:
        """Between which shares of the runs end in the basin of the optimum."""
        return self.polished_hits / self.runs, (self.polished_hits + self.polished_undecided) / self.runs

    @property
    def best(self) -> float:
        """Least loss of all runs."""
        return float(self.losses.min())

    def interval(self, level: float = 0.95) -> tuple[float, float] | None:
        """Return the Clopper-Pearson interval for the probability that a run reaches the optimum.

        Its low end counts the runs that provably reach it, its high end all those that do not provably miss it, so that
        it holds whatever the undecided runs do. ``None`` for an optimiser that draws nothing, of which one run tells
        all.
        """
        if self.deterministic:
            return None
        low, _ = clopper_pearson(self.hits, self.runs, level)
        _, high = clopper_pearson(self.hits + self.undecided, self.runs, level)
        return low, high

    def restarts(self, share: float = 0.99) -> int | None:
        """Return how many runs it takes that one reaches the optimum with probability ``share``.

        The runs that provably reach it count, so that with undecided runs fewer may do. ``None`` if there are none.
        """
        return restarts_needed(self.fraction, share)

    def quantile(self, share: float) -> float:
        """Return the gap that ``share`` of the runs do not exceed."""
        return float(np.sort(self.gaps)[max(0, math.ceil(share * self.runs) - 1)])

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "algorithm": self.algorithm,
            "title": self.title,
            "step_size": self.step_size,
            "steps": self.steps,
            "runs": self.runs,
            "reached": self.hits,
            "missed": self.misses,
            "undecided": self.undecided,
            "fraction": self.fraction,
            "interval": self.interval(),
            "polished_reached": self.polished_hits,
            "polished_undecided": self.polished_undecided,
            "restarts": self.restarts(),
            "best": self.best,
            "diverged": self.diverged,
            "gap_quantiles": {f"{share:g}": self.quantile(share) for share in QUANTILES},
            "total_seconds": float(self.seconds.sum()),
            "seeds": self.seeds.tolist(),
            "losses": self.losses.tolist(),
            "gaps": self.gaps.tolist(),
            "polished": self.polished.tolist(),
            "seconds": self.seconds.tolist(),
            "terminations": [end.name for end in self.terminations],
            "network": None if self.network is None else self.network.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What :func:`relucomb.compare` returns.

    Attributes
    ----------
    optimum
        The exact result, with its proof.
    records
        One for each optimiser, in the order they were named; after an interruption those that have finished runs.
    truth
        What is proven, and what counts as reaching it. A run may have found a better network than an exact solver that
        was stopped.
    termination
        ``finished``, ``interrupted`` or ``callback``.
    seconds
        Time of the whole race.
    not_run
        Names of the optimisers that had not started when the race was stopped.
    unfinished
        Names of those that had started, but without a finished run.
    """

    optimum: ERMResult
    records: tuple[Record, ...]
    truth: Truth
    termination: Termination
    seconds: float = field(compare=False)
    not_run: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """``optimal`` if the least loss is proven as nearly as the tolerance demands, else ``feasible``."""
        return Status.optimal if self.truth.closed else Status.feasible

    def __getitem__(self, algorithm: str) -> Record:
        """Return the record of an optimiser.

        Raises
        ------
        KeyError
            It has no finished run.
        """
        for record in self.records:
            if record.algorithm == algorithm:
                return record
        legal = ", ".join(repr(record.algorithm) for record in self.records)
        raise KeyError(f"algorithm must be one of {legal}; got {algorithm!r}")

    def summary(self) -> str:
        """Return a table for people: the proof, then one line for each optimiser."""
        proof = self.optimum
        bound = "proven optimal" if self.truth.closed else f"not proven; no network is below {proof.lower_bound:.9g}"
        search = f"search    {proof.nodes:,} nodes in {proof.seconds:.3g} s"
        lines = [f"optimum   {self.truth.best_known:.9g} (mean squared loss, width {proof.width}): {bound}"]
        if proof.termination in ("interrupted", "callback"):
            lines.append(search)
        else:
            lines.append(f"{search}; the race took {self.seconds:.3g} s")
        if self.records:
            lines.append(self._what_counts())
        return "\n".join([*lines, *self._what_is_left_out(), *self._table()])

    def _what_counts(self) -> str:
        line = f"reached   within {100 * self.truth.tolerance:g} % of the optimum"
        if self.truth.floor > self.truth.best_known:
            line = f"reached   within {self.truth.tolerance * self.truth.floor:.3g} of the optimum"
            line += ": the fit is almost exact" if self.truth.closed else ""
        return line if self.truth.closed else f"{line}; gaps are those to the best loss known"

    def _what_is_left_out(self) -> list[str]:
        if self.termination is Termination.finished:
            return []
        who = "by the user" if self.termination is Termination.interrupted else "by the callback"
        if self.optimum.termination in ("interrupted", "callback"):
            lines = [f"stopped   {who} during the proof; no optimiser had started yet"]
        else:
            lines = [f"stopped   {who}; runs that were not finished by then are left out"]
        named = (("not run", self.not_run), ("no run finished", self.unfinished))
        told = "; ".join(f"{what}: {', '.join(names)}" for what, names in named if names)
        return [*lines, f"{'':<10}{told}"] if told else lines

    def _table(self) -> list[str]:
        """Return a head and a line for each optimiser, with wider columns where there are ranges."""
        if not self.records:
            return []
        rows = [_cells(record) for record in self.records]
        widths = [
            max(least, *(2 + len(row[place]) for row in rows)) for place, least in enumerate(_COLUMNS.values(), start=1)
        ]
        lines = ["", " " * 10 + "".join(f"{name:>{width}}" for name, width in zip(_COLUMNS, widths, strict=True))]
        for record, (name, *cells) in zip(self.records, rows, strict=True):
            lines.append(f"{name:<10}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)))
            if record.undecided:
                lines.append(
                    f"{'':<10}{record.undecided:>6} of them neither provably reach nor provably miss the optimum"
                )
            if record.diverged:
                lines.append(f"{'':<10}{record.diverged:>6} of them diverged")
        return lines

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; numbers that are not finite stay what they are."""
        optimum = self.optimum.to_dict()
        del optimum["schema_version"]
        return {
            "status": self.status.name,
            "termination": self.termination.name,
            "not_run": list(self.not_run),
            "unfinished": list(self.unfinished),
            "best_known": self.truth.best_known,
            "lower_bound": self.truth.lower_bound,
            "tolerance": self.truth.tolerance,
            "floor": self.truth.floor,
            "width": self.optimum.width,
            "seconds": self.seconds,
            "optimum": optimum,
            "algorithms": [record.to_dict() for record in self.records],
        }


_COLUMNS = {
    "runs": 6,
    "reached": 9,
    "share": 8,
    "95 % interval": 17,
    "polished": 10,
    "median gap": 12,
    "best gap": 11,
    "restarts": 10,
    "s per run": 11,
}
"""The head of the table, and how wide its columns are at least."""


def _cells(record: Record) -> tuple[str, ...]:
    """Return the name of an optimiser and what stands in its line."""
    interval = record.interval()
    return (
        record.algorithm,
        str(record.runs),
        f"{record.hits} – {record.hits + record.undecided}" if record.undecided else str(record.hits),
        _range(record.share_range),
        "–" if interval is None else f"{_percent(interval[0])} – {_percent(interval[1])}",
        _range(record.polished_range),
        _gap(record.quantile(0.5)),
        _gap(record.quantile(0.0)),
        _restarts(record),
        f"{np.median(record.seconds):.2g}",
    )


def _restarts(record: Record) -> str:
    """Return how many it takes; with undecided runs, how many suffice or else how many it takes at least."""
    enough = record.restarts()
    if enough is not None:
        return f"≤ {enough}" if record.undecided else str(enough)
    least = restarts_needed(record.share_range[1])
    return "–" if least is None else f"≥ {least}"


def _range(shares: tuple[float, float]) -> str:
    low, high = shares
    return _percent(low) if low == high else f"{100 * low:.1f} – {_percent(high)}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _gap(gap: float) -> str:
    if not math.isfinite(gap):
        return "none"
    return (
        "0 %"
        if gap < 1e-9
        else f"{100 * gap:.2g} %"
        if gap < 0.995
        else f"{100 * gap:.0f} %"
        if gap < 100
        else "> 9999 %"
    )
