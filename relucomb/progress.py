"""The live table of a search: one line when the incumbent improves, else one line per interval.

:func:`format_row` turns one report of the search into one line and knows nothing of clocks or terminals, so that it
can be compared with a golden text. :class:`ProgressTable` is the callback that decides which reports become lines and
hands them to *sinks*: a terminal (:func:`terminal_sink`), a log file (:func:`stream_sink`), or a list in a test.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from relucomb.erm_result import SearchProgress

__all__ = ["HEADER", "ProgressTable", "format_count", "format_duration", "format_gap", "format_row"]

HEADER = f"{'':1}{'nodes':>9}{'open':>9}{'incumbent':>14}{'bound':>14}{'gap':>9}{'rate':>10}{'time':>9}"

ROWS_PER_HEADER = 20
SHORTEST_INTERVAL = 0.5  # seconds between two lines without news ...
LONGEST_INTERVAL = 10.0  # ... growing with the age of the search, so that a day's log stays readable
INTERVAL_GROWTH = 0.05
NEWS_INTERVAL = 0.05  # a burst of incumbents at the start becomes a few lines, not hundreds


class ProgressTable:
    """Callback of a search that writes a table of its progress.

    Parameters
    ----------
    sinks : sequence of callables
        Each is called with a line and whether it announces a new incumbent.
    timeless : bool
        Leave rate and time out, so that two equal searches write equal tables.

    Examples
    --------
    >>> from relucomb.erm_result import SearchProgress
    >>> table = ProgressTable([lambda line, news: print(line.rstrip())], timeless=True)
    >>> table(SearchProgress(nodes=12, open=3, incumbent=0.5, lower_bound=0.25, gap=0.5, rate=9.0, seconds=0.1,
    ...                      improved=True))
         nodes     open     incumbent         bound      gap      rate     time
    *       12        3           0.5          0.25   50.00%         -        -
    """

    def __init__(self, sinks: Sequence[Callable[[str, bool], None]], *, timeless: bool = False) -> None:
        self._sinks = list(sinks)
        self._timeless = timeless
        self._rows = 0
        self._last = -math.inf
        self._news = False

    def __call__(self, progress: SearchProgress) -> None:
        """Write a line if one is due; return None, which lets the search go on."""
        self._news = self._news or progress.improved
        if progress.seconds >= self._last + self._pause(progress.seconds):
            self._write(progress)

    def _pause(self, seconds: float) -> float:
        if self._news:
            return NEWS_INTERVAL
        return min(max(SHORTEST_INTERVAL, INTERVAL_GROWTH * seconds), LONGEST_INTERVAL)

    def _write(self, progress: SearchProgress) -> None:
        if self._rows % ROWS_PER_HEADER == 0:
            self._send(HEADER, False)
        self._send(format_row(progress, news=self._news, timeless=self._timeless), self._news)
        self._rows += 1
        self._last = progress.seconds
        self._news = False

    def _send(self, line: str, news: bool) -> None:
        for sink in self._sinks:
            sink(line, news)


def stream_sink(stream: TextIO) -> Callable[[str, bool], None]:
    """Return a sink that writes plain lines and flushes each, so that a log can be followed while it grows."""

    def sink(line: str, news: bool) -> None:
        stream.write(line + "\n")
        stream.flush()

    return sink


def terminal_sink(stream: TextIO) -> Callable[[str, bool], None]:
    """Return a sink that writes new incumbents in colour where the terminal and ``NO_COLOR`` allow it."""
    from rich.console import Console  # takes a tenth of a second, and only a terminal needs it

    console = Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def sink(line: str, news: bool) -> None:
        console.print(line, style="bold green" if news else None)

    return sink


def format_row(progress: SearchProgress, *, news: bool, timeless: bool = False) -> str:
    """Return one line of the table, as wide as :data:`HEADER`.

    Parameters
    ----------
    progress : SearchProgress
        State of the search.
    news : bool
        Whether the incumbent is new, which a star in the first column says.
    timeless : bool
        Leave rate and time out.
    """
    rate = "-" if timeless or not math.isfinite(progress.rate) else f"{format_count(progress.rate)}/s"
    time = "-" if timeless else format_duration(progress.seconds)
    return (
        f"{'*' if news else '':1}{format_count(progress.nodes):>9}{format_count(progress.open):>9}"
        f"{_format_loss(progress.incumbent):>14}{_format_loss(progress.lower_bound):>14}"
        f"{format_gap(progress.gap):>9}{rate:>10}{time:>9}"
    )


def format_count(number: float) -> str:
    """Return a count in at most seven characters.

    Examples
    --------
    >>> [format_count(number) for number in (0, 999_999, 1_000_000, 23_456_789, 5e15)]
    ['0', '999999', '1.00M', '23.5M', '5000T']
    """
    if number < 999_999.5:
        return f"{number:.0f}"
    for unit in "MGT":
        number /= 1e6 if unit == "M" else 1e3
        if number < 999.5 or unit == "T":
            break
    return f"{number:.{2 if number < 9.995 else 1 if number < 99.95 else 0}f}{unit}"


def format_gap(gap: float) -> str:
    """Return a relative gap in per cent, in at most eight characters.

    Examples
    --------
    >>> [format_gap(gap) for gap in (0.0, 3e-9, 0.125, 1.0, 500.0, float("inf"))]
    ['0%', '3e-07%', '12.50%', '100.00%', '>9999%', '-']
    """
    if not math.isfinite(gap):
        return "-"
    if gap == 0:
        return "0%"
    if gap >= 99.99:
        return ">9999%"
    return f"{100 * gap:.2f}%" if gap >= 5e-5 else f"{100 * gap:.0e}%"


def format_duration(seconds: float) -> str:
    """Return a duration in at most seven characters.

    Examples
    --------
    >>> [format_duration(seconds) for seconds in (0.00123, 0.5, 59.96, 754.0, 18_420.0, 273_600.0)]
    ['0.001s', '0.500s', '60.0s', '12m34s', '5h07m', '3d04h']
    """
    if seconds < 9.9995:
        return f"{seconds:.3f}s"
    if seconds < 99.95:
        return f"{seconds:.1f}s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02}s"
    if whole < 86_400:
        return f"{whole // 3600}h{whole % 3600 // 60:02}m"
    return f"{whole // 86_400}d{whole % 86_400 // 3600:02}h"


def _format_loss(loss: float) -> str:
    return f"{loss:.6g}" if math.isfinite(loss) else "-"
