"""The live table: which reports become lines, and how a line looks."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.erm_result import SearchProgress
from relucomb.progress import (
    HEADER,
    ProgressTable,
    format_count,
    format_duration,
    format_gap,
    format_row,
    stream_sink,
    terminal_sink,
)


@dataclass(frozen=True)
class Snapshot(SearchProgress):
    """A state of a search that exists only here."""

    nodes: int = 1000
    open: int = 10
    incumbent: float = 0.5
    lower_bound: float = 0.25
    gap: float = 0.5
    rate: float = 12345.0
    seconds: float = 0.0
    improved: bool = False


GOLDEN = """\
     nodes     open     incumbent         bound      gap      rate     time
*        0        1             -             -        -         -        -
*      120       34          14.5             0  100.00%         -        -
    350000    12000          14.5       7.12346   50.87%         -        -
*    80.0M    1.20M       14.2857       14.2857   3e-08%         -        -
     2.50G        0   1.23457e-12   1.23457e-12       0%         -        -
"""


def test_table_matches_the_golden_text() -> None:
    """A whole search, timeless, is written character by character as it was agreed on."""
    inf = float("inf")
    story = [
        Snapshot(0, 1, inf, -inf, inf, 0.0, 0.0, True),
        Snapshot(120, 34, 14.5, 0.0, 1.0, 1e4, 0.2, True),
        Snapshot(130, 34, 14.5, 0.0, 1.0, 1e4, 0.4, False),
        Snapshot(350_000, 12_000, 14.5, 7.1234567, 0.508727, 1e5, 2.0, False),
        Snapshot(80_000_000, 1_200_000, 14.285714, 14.285714, 3e-10, 1e6, 2.1, True),
        Snapshot(2_500_000_000, 0, 1.2345678e-12, 1.2345678e-12, 0.0, 1e6, 50.0, False),
    ]
    stream = io.StringIO()
    table = ProgressTable([stream_sink(stream)], timeless=True)
    for snapshot in story:
        table(snapshot)
    assert stream.getvalue() == GOLDEN


def test_times_and_rates_are_shown() -> None:
    """Outside timeless mode the last two columns carry rate and age."""
    assert format_row(Snapshot(seconds=83.21), news=False).split()[-2:] == ["12345/s", "83.2s"]
    assert format_row(Snapshot(rate=float("nan")), news=False).split()[-2] == "-"


@given(
    st.builds(
        Snapshot,
        nodes=st.integers(0, 10**17),
        open=st.integers(0, 10**17),
        incumbent=st.floats(0, allow_nan=False),
        lower_bound=st.floats(allow_nan=False),
        gap=st.floats(0),
        rate=st.floats(0, 1e17),
        seconds=st.floats(0, 1e8),
    ),
    st.booleans(),
)
def test_rows_fit_the_header(snapshot: Snapshot, news: bool) -> None:
    """No number makes a line longer than the header, 79 columns, or glues two columns together."""
    row = format_row(snapshot, news=news)
    assert len(row) == len(HEADER) <= 79
    assert len(row.lstrip("*").split()) == 7


def lines(snapshots: list[Snapshot]) -> list[str]:
    """Run a table over the snapshots and return what it wrote."""
    written: list[str] = []
    table = ProgressTable([lambda line, _: written.append(line)])
    for snapshot in snapshots:
        table(snapshot)
    return written


def test_lines_are_throttled_and_the_interval_grows() -> None:
    """Reports without news become at most two lines a second, and fewer as the search grows old."""
    early = lines([Snapshot(seconds=0.01 * k) for k in range(1001)])
    assert 15 <= len(early) <= 23
    late = lines([Snapshot(seconds=1000.0 + 0.1 * k) for k in range(1001)])
    assert len(late) == 1 + 11


def test_news_is_written_at_once_and_never_lost() -> None:
    """A new incumbent does not wait for the interval, and one swallowed by a burst still earns the next line a star."""
    written = lines([Snapshot(), Snapshot(seconds=0.1, improved=True), Snapshot(seconds=0.2)])
    assert [line[0] for line in written] == [" ", " ", "*"]
    burst = lines([Snapshot(seconds=1e-4 * k, improved=True) for k in range(1000)] + [Snapshot(seconds=0.16)])
    assert len(burst) <= 4
    assert burst[-1].startswith("*")


def test_header_is_repeated_every_twenty_lines() -> None:
    """The header comes back every twenty rows."""
    written = lines([Snapshot(seconds=0.1 * k, improved=True) for k in range(45)])
    assert [k for k, line in enumerate(written) if line == HEADER] == [0, 21, 42]


def test_the_table_never_stops_the_search() -> None:
    """The callback returns None, so the search goes on."""
    assert ProgressTable([])(Snapshot()) is None


def test_colour_obeys_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a new incumbent is coloured, unless NO_COLOR is set; a pipe never gets escape codes."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")

    def written(terminal: bool) -> str:
        stream = io.StringIO()
        monkeypatch.setattr(stream, "isatty", lambda: terminal, raising=False)
        sink = terminal_sink(stream)
        sink("news" + " " * 200 + "[end]", True)
        sink("plain", False)
        return stream.getvalue()

    plain = "news" + " " * 200 + "[end]\nplain\n"
    assert written(terminal=False) == plain
    assert "\x1b[1;32mnews" in written(terminal=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "32m" not in written(terminal=True)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.000s"),
        (9.9994, "9.999s"),
        (9.9996, "10.0s"),
        (99.9, "99.9s"),
        (99.96, "1m40s"),
        (3599.6, "1h00m"),
        (86399.0, "23h59m"),
        (86400.0, "1d00h"),
        (100000000.0, "1157d09h"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    """Durations change unit exactly where rounding would show an impossible number."""
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("number", "text"), [(999_999, "999999"), (999_999.6, "1.00M"), (9_996_000, "10.0M"), (999.6e6, "1.00G")]
)
def test_counts(number: float, text: str) -> None:
    """Counts change unit exactly where rounding would show a number too long."""
    assert format_count(number) == text


@pytest.mark.parametrize(("gap", "text"), [(5e-5, "0.01%"), (4.9e-5, "5e-03%"), (float("nan"), "-")])
def test_gaps(gap: float, text: str) -> None:
    """A gap that is not zero never looks like zero."""
    assert format_gap(gap) == text
