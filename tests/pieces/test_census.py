"""Tests of counting in all meanings at once, with limits."""

from __future__ import annotations

import functools
import itertools
import os
import signal
from typing import TYPE_CHECKING

import numpy as np
import pytest

import relucomb as rc
from relucomb.pieces.kinds import KINDS

if TYPE_CHECKING:
    from relucomb.pieces.census import CensusProgress


def random_network(seed: int, widths: tuple[int, ...]) -> rc.ReLUNetwork:
    """Return a network of integers in general position."""
    rng = np.random.default_rng(seed)
    weights = [rng.integers(-999, 1000, (b, a)) for a, b in itertools.pairwise(widths)]
    return rc.ReLUNetwork(weights, [rng.integers(-999, 1000, len(W)) for W in weights])


NET = random_network(0, (2, 8, 8, 1))


@functools.cache
def counted() -> dict[str, int]:
    """Return the counts of the network, one by one."""
    return {kind: rc.count_pieces(NET, kind) for kind in KINDS}


def test_all_counts_at_once() -> None:
    """The same numbers as one by one, in any selection."""
    census = rc.piece_census(NET)
    assert census.counts == census.lower_bounds == counted()
    assert census.status == "complete"
    assert census.termination == "exhausted"
    assert census.proof == "rational"
    for kinds in itertools.combinations(KINDS, 2):
        assert rc.piece_census(NET, kinds).counts == {kind: counted()[kind] for kind in kinds}


@pytest.mark.parametrize("stop_after", [1, 5, 12, 16, 20, 33])
@pytest.mark.parametrize("kinds", [None, ["patterns"], ["activation"], ["maps"], ["affine"]])
def test_stopped_counts_are_lower_bounds(stop_after: int, kinds: list[str] | None) -> None:
    """Whenever a callback stops the count, what is reported is at most the truth, and more than nothing."""
    calls: list[CensusProgress] = []

    def stop(progress: CensusProgress) -> bool:
        calls.append(progress)
        return len(calls) >= stop_after

    census = rc.piece_census(NET, kinds, callback=stop)
    assert census.termination == ("callback" if len(calls) >= stop_after else "exhausted")
    assert set(census.lower_bounds) == set(kinds or KINDS)
    for kind, bound in census.lower_bounds.items():
        assert 1 <= bound <= counted()[kind]
        if census.status == "complete":
            assert bound == counted()[kind]
    assert all(census.counts[kind] == counted()[kind] for kind in census.counts)
    if stop_after == 12:
        assert min(census.lower_bounds.values()) > 1


def test_time_limit() -> None:
    """A limit that is over at once leaves lower bounds."""
    census = rc.piece_census(NET, time_limit=1e-9)
    assert census.status == "partial"
    assert census.termination == "time_limit"
    assert census.counts == {}
    with pytest.raises(ValueError, match="time_limit must be positive"):
        rc.piece_census(NET, time_limit=0)


def test_interrupt_leaves_lower_bounds_and_the_handler() -> None:
    """Ctrl-C half-way ends the count, and the next Ctrl-C does what it did before."""
    before = signal.getsignal(signal.SIGINT)
    calls: list[CensusProgress] = []

    def press(progress: CensusProgress) -> None:
        calls.append(progress)
        if len(calls) == 10:
            os.kill(os.getpid(), signal.SIGINT)

    census = rc.piece_census(NET, callback=press)
    assert census.termination == "interrupted"
    assert 1 < census.lower_bounds["activation"] <= counted()["activation"]
    assert signal.getsignal(signal.SIGINT) is before


def test_progress_never_falls() -> None:
    """The number of certain cells grows, and time too."""
    calls: list[CensusProgress] = []
    rc.piece_census(NET, ["activation"], callback=calls.append)
    assert [call.cells for call in calls] == sorted(call.cells for call in calls)
    assert [call.seconds for call in calls] == sorted(call.seconds for call in calls)
    assert calls[-1].cells == counted()["activation"]
    assert calls[-1].units == 16


def test_bad_arguments() -> None:
    """An unknown kind is named."""
    with pytest.raises(ValueError, match="kinds: an entry must be one of"):
        rc.piece_census(NET, ["affine", "linear"])
