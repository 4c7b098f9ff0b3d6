"""All counts of the linear pieces of a network at once, with limits, progress and lower bounds on interruption."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relucomb.erm_result import Message, ProofLevel
from relucomb.pieces.kinds import KINDS, check_kind
from relucomb.pieces.network_complex import NetworkComplex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from numpy.typing import ArrayLike, NDArray

    from relucomb.networks import ReLUNetwork
    from relucomb_solvers.polyhedral_complex import PolyhedralComplex

CELLS_AT_A_TIME = 1 << 11
"""Few, so that their rays stay in the cache and memory small; a part of so many cells is divided."""

PROBES = 1 << 12
"""How many cells of an unfinished complex are probed for different affine maps."""

_PROBE_BITS = 30


class CensusStatus(Message):
    """What is known.

    Examples
    --------
    >>> CensusStatus.complete == "complete"
    True
    """

    complete = "every count asked for is exact"
    partial = "some counts are lower bounds"


class CensusTermination(Message):
    """Why the count ended."""

    exhausted = "every cell was visited"
    time_limit = "the time limit was reached; raise time_limit to go on"
    interrupted = "interrupted by the user"
    callback = "the callback asked to stop"


@dataclass(frozen=True, slots=True)
class CensusProgress:
    """Where a count stands; what a callback gets.

    Attributes
    ----------
    cells
        Number of cells (or patterns) that are certain by now.
    units_done, units
        Hidden units by which the part at hand is cut, and all of them.
    seconds
        Time since the start.
    """

    cells: int
    units_done: int
    units: int
    seconds: float


@dataclass(frozen=True, slots=True)
class PieceCensus:
    """Counts of the linear pieces of a network.

    Attributes
    ----------
    counts
        The exact number for each kind asked for; a kind that was not finished is missing.
    lower_bounds
        For each kind asked for, a number that is proven to be reached; the count itself if it is known.
    status, termination
        Whether all counts are exact, and why the count ended.
    proof
        Always ``rational``: no sign was decided by rounded arithmetic.
    seconds
        Time used.
    """

    counts: dict[str, int]
    lower_bounds: dict[str, int]
    status: CensusStatus
    termination: CensusTermination
    proof: ProofLevel
    seconds: float


def piece_census(
    net: ReLUNetwork,
    kinds: Sequence[str] | None = None,
    domain: ArrayLike | None = None,
    *,
    time_limit: float | None = None,
    callback: Callable[[CensusProgress], object] | None = None,
    interruptible: bool = True,
) -> PieceCensus:
    """Count the linear pieces of a network in several meanings at once.

    Parameters
    ----------
    net, domain
        As for :func:`count_pieces`.
    kinds
        Which counts; all five by default.
    time_limit
        Seconds after which to stop with lower bounds.
    callback
        Called with a :class:`CensusProgress` after every unit of every part; stops the count if it returns True.
    interruptible
        Whether Ctrl-C ends the count with lower bounds (in the main thread), instead of an exception.

    Returns
    -------
    PieceCensus

    Raises
    ------
    ValueError
        A kind is unknown, the domain is no box, empty or flat, or ``time_limit`` is not positive.
    TypeError
        ``net`` is no :class:`ReLUNetwork`.

    Notes
    -----
    The cells of an unfinished complex are unions of cells of the finished one, so their number is a lower bound. For
    kinds that glue cells, the lower bound is the number of different affine maps around points inside some of them.

    Examples
    --------
    >>> from relucomb import ReLUNetwork
    >>> ridge = ReLUNetwork([[[1], [1], [-1]], [[1, 0, 1]]], [[0, 0, 0], [0]])
    >>> piece_census(ridge).counts
    {'patterns': 3, 'activation': 2, 'affine': 2, 'affine-closed': 2, 'maps': 2}
    """
    wanted = list(KINDS) if kinds is None else [check_kind(kind, "kinds: an entry") for kind in kinds]
    if time_limit is not None and not time_limit > 0:
        raise ValueError(f"time_limit must be positive or None; got {time_limit!r}")
    source = NetworkComplex.of(net, domain)
    with _interrupts(interruptible) as interrupted:
        watch = _Watch(source.hidden_units, time_limit, callback, interrupted)
        counts, bounds = _count_all(source, set(wanted), watch)
    status = CensusStatus.complete if all(kind in counts for kind in wanted) else CensusStatus.partial
    return PieceCensus(
        {kind: counts[kind] for kind in wanted if kind in counts},
        {kind: counts.get(kind, bounds[kind]) for kind in wanted},
        status,
        watch.termination,
        ProofLevel.rational,
        watch.seconds,
    )


class _Watch:
    """Decides after every unit whether to go on, and remembers why not."""

    def __init__(
        self,
        units: int,
        time_limit: float | None,
        callback: Callable[[CensusProgress], object] | None,
        interrupted: threading.Event,
    ) -> None:
        self._units, self._time_limit, self._callback, self._interrupted = units, time_limit, callback, interrupted
        self._start = time.perf_counter()
        self.termination = CensusTermination.exhausted
        self.cells = 1

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._start

    @property
    def halted(self) -> bool:
        return bool(self.termination != "exhausted")

    def __call__(self, cells: int, units_done: int) -> bool:
        self.cells = cells
        if self._interrupted.is_set():
            self.termination = CensusTermination.interrupted
        elif self._time_limit is not None and self.seconds > self._time_limit:
            self.termination = CensusTermination.time_limit
        elif self._callback is not None:
            stop = self._callback(CensusProgress(cells, units_done, self._units, self.seconds))
            if stop is True:
                self.termination = CensusTermination.callback
        return not self.halted


def _count_all(source: NetworkComplex, wanted: set[str], watch: _Watch) -> tuple[dict[str, int], dict[str, int]]:
    counts: dict[str, int] = {}
    bounds = dict.fromkeys(KINDS, 1)
    if wanted & {"affine", "affine-closed"}:
        _count_glued(source, wanted, watch, counts, bounds)
    elif wanted & {"activation", "maps"}:
        _count_in_parts(source, "maps" in wanted, watch, counts, bounds)
    if "patterns" in wanted and not watch.halted:
        cells = sum(len(part) for part in source.parts(faces=True, most_cells=CELLS_AT_A_TIME, poll=watch))
        known = bounds if watch.halted else counts
        known["patterns"] = watch.cells if watch.halted else cells
    least = 1
    for kind in reversed(KINDS):  # the counts can only fall from one kind to the next
        least = bounds[kind] = max(least, bounds[kind], counts.get(kind, 1))
    return counts, bounds


def _count_glued(
    source: NetworkComplex, wanted: set[str], watch: _Watch, counts: dict[str, int], bounds: dict[str, int]
) -> None:
    """Count on the whole complex at once."""
    from relucomb_solvers.affine_maps import number_maps
    from relucomb_solvers.gluing import glued_at_facets, glued_at_points

    [part] = source.parts(poll=watch)
    bounds["activation"] = len(part)
    if part.next_unit < part.units:
        bounds["maps"] = len(_maps_around(source, part))
        return
    counts["activation"] = len(part)
    maps, counts["maps"] = number_maps(source.homogeneous, part.bits)
    if "affine" in wanted:
        counts["affine"] = glued_at_facets(part, maps)[0]
    if "affine-closed" in wanted:
        counts["affine-closed"] = glued_at_points(part, maps)[0]


def _count_in_parts(
    source: NetworkComplex, with_maps: bool, watch: _Watch, counts: dict[str, int], bounds: dict[str, int]
) -> None:
    """Count without holding more than a part of the cells at a time."""
    from relucomb_solvers.affine_maps import distinct_maps

    cells, maps = 0, set[bytes]()
    for part in source.parts(most_cells=CELLS_AT_A_TIME, poll=watch):
        cells += len(part)
        if not with_maps:
            continue
        if part.next_unit == part.units:
            maps.update(row.tobytes() for row in distinct_maps(source.homogeneous, part.bits))
        else:
            maps.update(_maps_around(source, part))
    known = bounds if watch.halted else counts
    known["activation"] = watch.cells if watch.halted else cells
    if with_maps:
        known["maps"] = max(1, len(maps))


def _maps_around(source: NetworkComplex, part: PolyhedralComplex) -> set[bytes]:
    """Return the different affine maps around points inside some of the cells of an unfinished complex."""
    from relucomb_solvers.affine_maps import distinct_maps

    chosen = np.unique(np.linspace(0, len(part) - 1, min(len(part), PROBES)).astype(np.int64))
    inside = _points_inside(part, chosen)
    bits = [pattern for pattern in part.rays.patterns(inside) if pattern is not None]
    return {row.tobytes() for row in distinct_maps(source.homogeneous, _packed(bits, part.bits.shape[1]))}


def _points_inside(part: PolyhedralComplex, chosen: NDArray[np.int64]) -> list[tuple[int, ...]]:
    """Return a homogeneous integer point for each of some cells, inside it up to rounding.

    Whether it really is inside does not matter: every point tells a pattern that occurs around it.
    """
    points = []
    for cell in chosen.tolist():
        rays = part.places[part.members[part.pointer[cell] : part.pointer[cell + 1]]]
        rays = rays / np.abs(rays).max(axis=1, keepdims=True)
        # different weights, lest the point lie on a plane of symmetry
        place = np.arange(2.0, len(rays) + 2.0) @ rays / len(rays)
        points.append(tuple(int(entry) for entry in np.rint(place * 2.0**_PROBE_BITS)))
    return [point for point in points if point[-1] > 0]


def _packed(patterns: list[int], words: int) -> NDArray[np.uint64]:
    from relucomb_solvers.polyhedral_complex import packed

    return packed(patterns, 64 * words)


@contextmanager
def _interrupts(catch: bool) -> Iterator[threading.Event]:
    """Turn Ctrl-C into an event that is looked at between two steps, so that what is known by then is consistent."""
    interrupted = threading.Event()
    if not catch or threading.current_thread() is not threading.main_thread():
        yield interrupted
        return

    def note(number: int, frame: FrameType | None) -> None:
        interrupted.set()

    before = signal.getsignal(signal.SIGINT)
    if not callable(before):  # ignored, as in a shell's background job
        yield interrupted
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
