"""``relucomb zonotope``: vertices, volume and more of the zonotope of the generators in a table."""

from __future__ import annotations

import argparse
import csv
import io
import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

import relucomb
from relucomb.atomic_write import write_atomically
from relucomb.commandline.arguments import add_data, add_json, single_target
from relucomb.commandline.channels import open_channels, print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs, check_picture
from relucomb.commandline.report import describe
from relucomb.progress import format_duration
from relucomb.reading import InputError, read_points

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from relucomb.commandline.channels import Channels
    from relucomb.reading import Points

COUNTED_PER_SECOND = 5e7
LISTED_PER_SECOND = 1e5
WORTH_TELLING = 2.0  # seconds
MOST_SORTS = 20_000  # of a volume, or of a search for dependent generators: a second or two

DESCRIPTION = """\
The zonotope of generators, one in each row: all sums of the rows with factors
between -1 and 1. Its dimension, how many vertices it has (exactly), whether that
is the most possible, its volume and its size. Every cell counts as the rational
number that is written in it; zero, parallel and dependent rows are legal."""

EXAMPLES = """\
examples:
  relucomb zonotope generators.csv
      count the vertices; volume, position of the generators, bounding box
  relucomb zonotope generators.csv --vertices
      list them, each with the sign of every generator
  relucomb zonotope generators.csv --output vertices.csv --plot zonotope.png
      write them to a file; draw it (two or three coordinates)
  relucomb zonotope generators.csv --support=1,-1/2,0 --contains=0.5,-1,2
      the largest product with a direction; is a point inside, and why
      (mind the = before a minus sign)

exit codes: 0 done, 2 bad usage or input, 1 internal error, 130 interrupted
(what was found until then is told)"""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "zonotope",
        help="vertices and volume of a zonotope",
        usage="relucomb zonotope DATA [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    add_data(parser, target="a column to leave out (default: none)", features="the coordinates (default: all columns)")
    parser.add_argument("--vertices", action="store_true", help="list the vertices with their sign vectors")
    for option, what in (("--support", "tell the support function there"), ("--contains", "tell whether it is inside")):
        parser.add_argument(option, metavar="X,Y,...", type=vector, action="append", default=[], help=what)
    parser.add_argument("--volume", action="store_true", help="compute the volume even if it takes long")
    add_json(parser)
    parser.add_argument("--output", metavar="VERTICES.csv", help="write the vertices and their sign vectors")
    parser.add_argument("--plot", metavar="ZONOTOPE.png", help="draw it: .png, .svg or .pdf")
    parser.add_argument("--quiet", action="store_true", help="write nothing but errors to standard error")


def vector(text: str) -> list[Fraction]:
    """Read exact numbers separated by commas.

    Examples
    --------
    >>> print(*vector("1,-0.5,2/3"))
    1 -1/2 2/3
    """
    cells = [cell.strip() for cell in text.split(",")]
    number = r"[+-]?(\d{1,400}/0*[1-9]\d{0,399}|(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,2})?)"
    if not all(cell.isascii() and re.fullmatch(number, cell) for cell in cells):
        shown = text if len(text) <= 40 else text[:39] + "…"
        raise argparse.ArgumentTypeError(f"must be numbers separated by commas, such as 1,-0.5,2/3; got {shown!r}")
    return [Fraction(cell) for cell in cells]


@dataclass
class _Found:
    """What is known of the vertices."""

    at_least: int = 0
    listed: int = 0
    complete: bool = False
    interrupted: bool = False


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    picture = check_picture("--plot", arguments.plot)
    check_outputs({"--output": arguments.output, "--plot": arguments.plot}, {"the generators": arguments.data})
    points = read_points(arguments.data, single_target(arguments.target), arguments.features)
    zonotope = relucomb.Zonotope(points.X)
    _check_vectors(arguments, points)
    if picture is not None:
        from relucomb.plots.zonotope import check_drawable

        try:
            check_drawable(zonotope)
        except ValueError as error:
            raise InputError(f"--plot {arguments.plot}: {error}") from None
    with open_channels(None, quiet=arguments.quiet) as channels:
        return _Run(arguments, points, zonotope, channels).run(picture)


def _check_vectors(arguments: argparse.Namespace, points: Points) -> None:
    n = len(points.names)
    for option, vectors in (("--support", arguments.support), ("--contains", arguments.contains)):
        for given in vectors:
            if len(given) != n:
                shown = ",".join(map(str, given))
                raise InputError(
                    f"{option} {shown}: {describe(len(given), 'number')}, but there are {n} coordinates "
                    f"({', '.join(points.names)})"
                )


class _Run:
    """One run of the command, from the generators to what is printed."""

    def __init__(
        self, arguments: argparse.Namespace, points: Points, zonotope: relucomb.Zonotope, channels: Channels
    ) -> None:
        self.arguments = arguments
        self.points = points
        self.zonotope = zonotope
        self.most = zonotope.max_vertices
        self.channels = channels
        self.found = _Found()

    def run(self, picture: str | None) -> ExitCode:
        lists = self.arguments.vertices or self.arguments.output is not None
        self._announce(lists)
        document: dict[str, Any] = {}
        vertices: list[tuple[list[Fraction], str]] = []
        failures: list[str] = []
        try:
            document = self._facts()
            self._count()
            document |= self._position() | self._measures()
            if self.arguments.vertices and not self.arguments.json:
                print_result(self._text(document) + "\n\n" + self._header())
            keeps = self.arguments.json or self.arguments.output is not None
            if lists:
                for block in self._listed():
                    vertices += block if keeps else []
            failures = self._write(vertices, picture)
        except KeyboardInterrupt:
            self.found.interrupted = True
        self._tell(document, vertices)
        for failure in failures:
            self.channels.complain(f"relucomb zonotope: error: {failure}")
        if self.found.interrupted:
            self.channels.complain(f"relucomb zonotope: interrupted: {self._progress(lists)}")
            return ExitCode.INTERRUPTED
        return ExitCode.INTERNAL_ERROR if failures else ExitCode.PROVEN

    # work

    def _announce(self, lists: bool) -> None:
        """Tell in advance how many vertices are possible, where that takes a while."""
        most = float(min(self.most, 10**300))
        seconds = most / COUNTED_PER_SECOND + (most / LISTED_PER_SECOND if lists else 0)
        if seconds > WORTH_TELLING:
            what = "count and list" if lists else "count"
            takes = f"about {_duration(seconds)}"
            self.channels.note(
                f"up to {_large(self.most)} vertices; to {what} them may take {takes} (Ctrl-C tells what is found)"
            )

    def _count(self) -> None:
        if self.most <= COUNTED_PER_SECOND:
            self.found.at_least = self.zonotope.count_vertices()
        else:
            for number in self.zonotope.iter_counts():
                self.found.at_least = number
        self.found.complete = True

    def _facts(self) -> dict[str, Any]:
        zero = sum(not any(row) for row in self.points.X.tolist())
        return {
            "dimension": self.zonotope.dimension,
            "directions": self.zonotope.directions,
            "zero": zero,
            "parallel": len(self.zonotope) - zero - self.zonotope.directions,
            "max_vertices": self.most,
        }

    def _position(self) -> dict[str, Any]:
        m, n = self.points.X.shape
        distinct = self.zonotope.directions
        cheap = distinct < m or self.zonotope.dimension < min(m, n) or math.comb(m, max(n - 2, 0)) <= MOST_SORTS
        if n == 1:
            extremal = not any(not any(row) for row in self.points.X.tolist())
        else:
            extremal = distinct == m and self.zonotope.dimension == min(m, n) and self.found.at_least == self.most
        dependent = self.zonotope.dependent_generators() if not extremal and cheap else None
        return {"extremal": extremal, "dependent": None if dependent is None else [k + 1 for k in dependent]}

    def _measures(self) -> dict[str, Any]:
        n = len(self.points.names)
        sorts = math.comb(self.zonotope.directions, max(n - 2, 0))
        flat = self.zonotope.dimension < n
        volume = self.zonotope.volume() if flat or self.arguments.volume or sorts <= MOST_SORTS else None
        support = [{"direction": _exact(r), "value": _number(self.zonotope.support(r))} for r in self.arguments.support]
        contains = []
        for x in self.arguments.contains:
            told = self.zonotope.membership(x)
            contains.append(
                {
                    "point": _exact(x),
                    "inside": told.inside,
                    "gauge": None if told.gauge is None else _number(told.gauge),
                    "coefficients": None if told.coefficients is None else _exact(told.coefficients),
                    "direction": None if told.direction is None else _exact(told.direction),
                }
            )
        return {
            "volume": None if volume is None else _number(volume),
            "half_widths": _exact(self.zonotope.support(np.eye(n, dtype=np.int64))),
            "support": support,
            "contains": contains,
        }

    def _listed(self) -> Iterator[list[tuple[list[Fraction], str]]]:
        """Yield the vertices in blocks, once they are printed if they are to be."""
        prints = self.arguments.vertices and not self.arguments.json
        for block, signs in self.zonotope.iter_vertices():
            vertices = list(zip(block.tolist(), _words(signs), strict=True))
            if prints:
                print_result("\n".join(_row(*vertex) for vertex in vertices))
            self.found.listed += len(vertices)
            yield vertices

    def _write(self, vertices: Sequence[tuple[list[Fraction], str]], picture: str | None) -> list[str]:
        try:
            if self.arguments.output is not None:
                rows = [self._header(), *(_row(*vertex) for vertex in vertices)]
                write_atomically(self.arguments.output, "\n".join(rows) + "\n")
            if picture is not None:
                from relucomb.plots import render_zonotope

                image = render_zonotope(self.zonotope, picture, names=self.points.names)
                write_atomically(self.arguments.plot, image)
        except OSError as error:
            return [f"{error.filename}: could not be written ({error.strerror})"]
        return []

    # words

    def _tell(self, document: dict[str, Any], vertices: Sequence[tuple[list[Fraction], str]]) -> None:
        if self.arguments.json:
            found = self.found
            counted: dict[str, Any] = {"status": "interrupted" if found.interrupted else "complete"}
            counted |= {"vertices": found.at_least if found.complete else None, "at_least": found.at_least}
            if self.arguments.vertices:
                counted["list"] = [{"vertex": _exact(vertex), "signs": word} for vertex, word in vertices]
            print_json("zonotope", {**self._source(), **document, **counted})
        elif not self.arguments.vertices and "volume" in document:
            print_result(self._text(document))

    def _progress(self, lists: bool) -> str:
        if not self.found.complete:
            return f"at least {self.found.at_least:,} vertices, at most {_large(self.most)}"
        told = f"{self.found.at_least:,} vertices"
        return f"{told}, {self.found.listed:,} of them listed" if lists else told

    def _source(self) -> dict[str, Any]:
        return {
            "source": self.points.source,
            "generators": len(self.points.X),
            "coordinates": list(self.points.names),
        }

    def _text(self, document: dict[str, Any]) -> str:
        names = self.points.names
        lines = [
            f"{self.points.source}: {describe(len(self.points.X), 'generator')} in "
            f"{describe(len(names), 'coordinate')} ({', '.join(names)})",
            f"dimension   {document['dimension']}",
            f"directions  {self._merging(document)}",
            f"vertices    {self.found.at_least:,} (possible for these: {_large(self.most)})",
            f"extremal    {self._extremality(document)}",
            f"volume      {self._volume(document)}",
        ]
        bounds = [f"|{name}| <= {_shown(half)}" for name, half in zip(names, document["half_widths"], strict=True)]
        lines.append(f"box         {', '.join(bounds)}")
        lines += [
            f"support     {_shown(entry['value'])} in direction ({_several(entry['direction'])})"
            for entry in document["support"]
        ]
        for entry in document["contains"]:
            proof = (
                f"it is the sum with factors {_several(entry['coefficients'])}"
                if entry["inside"]
                else f"the direction ({_several(entry['direction'])}) separates it"
            )
            gauge = "not in the span" if entry["gauge"] is None else f"gauge {_shown(entry['gauge'])}"
            where = "inside" if entry["inside"] else "outside"
            lines.append(f"contains    ({_several(entry['point'])}) is {where} ({gauge}): {proof}")
        return "\n".join(lines)

    def _header(self) -> str:
        file = io.StringIO()
        csv.writer(file, lineterminator="").writerow([*self.points.names, "signs"])
        return file.getvalue()

    @staticmethod
    def _merging(document: dict[str, Any]) -> str:
        left_out = [f"{document[kind]} {kind}" for kind in ("zero", "parallel") if document[kind]]
        return str(document["directions"]) + (f" ({', '.join(left_out)})" if left_out else "")

    @staticmethod
    def _extremality(document: dict[str, Any]) -> str:
        if document["extremal"]:
            return "yes: the generators are in general position"
        rows = document["dependent"]
        if rows is None:
            return "no"
        if len(rows) == 1:
            return f"no: generator {rows[0]} is zero"
        return f"no: generators {', '.join(map(str, rows))} are dependent"

    def _volume(self, document: dict[str, Any]) -> str:
        if document["volume"] is None:
            return "not computed, because it takes long (--volume computes it)"
        flat = self.zonotope.dimension < len(self.points.names)
        return _shown(document["volume"]) + (" (flat)" if flat else "")


def _number(value: Any) -> int | str:
    """Return an integer, or a fraction as text, as in the files of networks."""
    if isinstance(value, int):
        return value
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else str(exact)


def _exact(values: Sequence[Any] | NDArray[Any]) -> list[int | str]:
    return [_number(value) for value in values]


def _shown(value: int | str) -> str:
    text = str(value)
    if len(text) <= 30:
        return text
    try:
        return f"{text[:12]}… (about {float(Fraction(value)):.6g})"
    except OverflowError:
        return f"{text[:12]}… ({describe(len(text), 'digit')})"


def _several(values: Sequence[int | str]) -> str:
    return ", ".join(map(str, values))


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} seconds"
    return format_duration(seconds) if seconds < 3e7 else f"{seconds / 3.15e7:.0e} years"


def _large(number: int) -> str:
    if number < 10**15:
        return f"{number:,}"
    power = int((number.bit_length() - 1) * math.log10(2))  # exact to one
    lead = number // 10 ** (power - 3)
    if lead >= 10_000:
        power, lead = power + 1, lead // 10
    return f"{lead / 1000:.2f}e{power}"


def _words(signs: NDArray[np.int8]) -> list[str]:
    letters = np.ascontiguousarray(np.frombuffer(b"-0+", dtype=np.uint8)[signs + 1])
    words: list[str] = letters.view(f"S{signs.shape[1]}")[:, 0].astype(str).tolist()
    return words


def _row(vertex: Sequence[Any], word: str) -> str:
    return ",".join(map(str, vertex)) + "," + word
