"""``relucomb pieces``: the linear pieces of a network, counted exactly in five meanings, listed, drawn."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import relucomb
from relucomb.atomic_write import write_atomically
from relucomb.commandline.arguments import add_json, nonnegative
from relucomb.commandline.channels import open_channels, print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs, check_picture
from relucomb.commandline.predict import load_network
from relucomb.commandline.quantities import exact_numbers, intervals, large, numbers, rough_duration
from relucomb.commandline.report import describe
from relucomb.pieces.kinds import KINDS
from relucomb.progress import format_count, format_duration
from relucomb.reading import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from relucomb.commandline.channels import Channels
    from relucomb.networks import ReLUNetwork
    from relucomb.pieces.bounds import PieceBound
    from relucomb.pieces.census import CensusProgress, PieceCensus
    from relucomb.pieces.linear_pieces import Piece

    Box = list[tuple[Fraction, Fraction]]

COUNTED_PER_SECOND = 5e4  # activation regions, roughly; fewer where there are many units
WORTH_TELLING = 2.0  # seconds
SHORTEST_PAUSE, LONGEST_PAUSE, PAUSE_GROWTH = 0.5, 10.0, 0.05  # between two lines of progress, in seconds
MOST_DIGITS = 4000  # of a number in JSON; many readers refuse more

DESCRIPTION = """\
The linear pieces of a ReLU network, counted exactly: every weight is the rational
number it is, and no sign is decided by rounding. "Piece" has five meanings that
differ on degenerate networks; all are counted unless --kind chooses. Networks
are JSON files as relucomb writes them, ONNX files (.onnx) that are chains of
affine layers and ReLUs, and PyTorch state dicts (.pt, .pth) of linear layers."""

EXAMPLES = """\
kinds:
  patterns       activation patterns that occur, on sets without interior too
  activation     activation regions with interior
  affine         maximal open connected sets on which the function is affine
  affine-closed  the same with closed sets: pieces that touch anywhere are one
  maps           different affine maps of regions with interior

examples:
  relucomb pieces net.json
      all five counts, beside upper bounds for any network of these widths
  relucomb pieces net.onnx --box -1:1 --kind affine
      on a box: one interval for all inputs, or one for each (-1:1,0:2)
  relucomb pieces net.json --list
      one line for each piece: a point inside, patterns, the affine function
  relucomb pieces net.json --plot pieces.png
      draw the pieces of a network with one or two inputs
  relucomb pieces net.pt --slice 0,0,1 --along 1,0,0 --along 0,1,0
      on the plane through a point along two directions

exit codes: 0 done, 2 bad usage or input, 1 internal error, 3 time limit,
130 interrupted (after 3 and 130 the counts are lower bounds)"""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "pieces",
        help="count the linear pieces of a network",
        usage="relucomb pieces NET [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    allow_leading_minus(parser)
    parser.add_argument("network", metavar="NET", help="network: .json, .onnx, .pt or .pth")
    parser.add_argument("--kind", metavar="KIND", default="all", help="one of the kinds below, or several with commas")
    parser.add_argument(
        "--box", metavar="LOW:HIGH,...", type=intervals, help="count on a closed box (default: all R^n)"
    )
    parser.add_argument("--slice", metavar="X,Y,...", type=exact_numbers, help="a point of the flat to count on")
    parser.add_argument(
        "--along", metavar="U,V,...", type=exact_numbers, action="append", default=[], help="a direction of the flat"
    )
    parser.add_argument("--list", action="store_true", help="list the pieces (of one kind; default: affine)")
    parser.add_argument("--plot", metavar="PIECES.png", help="draw them: .png, .svg or .pdf")
    parser.add_argument("--time-limit", type=nonnegative, metavar="SECONDS", help="stop then, with lower bounds")
    add_json(parser)
    parser.add_argument("--quiet", action="store_true", help="write nothing but errors to standard error")


def allow_leading_minus(parser: Any) -> None:
    """Let ``-1:1`` and ``-1,2`` be arguments of an option, as ``-1`` is; argparse has no public way to say so."""
    parser._negative_number_matcher = re.compile(r"-[\d.]")


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    picture = check_picture("--plot", arguments.plot)
    check_outputs({"--plot": arguments.plot}, {"the network": arguments.network})
    kinds = _kinds(arguments)
    net = sliced(load_network(arguments.network), arguments.slice, arguments.along)
    box = box_of(net, arguments.box)
    if picture is not None:
        _check_drawable(net, _one(kinds), arguments.plot)
    with open_channels(None, quiet=arguments.quiet) as channels:
        return _Run(arguments, net, box, kinds, channels).run(picture)


def _kinds(arguments: argparse.Namespace) -> list[str]:
    named = [kind.strip() for kind in arguments.kind.split(",")]
    if arguments.list and named == ["all"]:
        return ["affine"]
    kinds = list(KINDS) if named == ["all"] else list(dict.fromkeys(named))
    for kind in kinds:
        if kind not in KINDS:
            raise InputError(f"--kind {arguments.kind}: there is no kind {kind!r}; legal are {', '.join(KINDS)}, all")
    if arguments.list and len(kinds) > 1:
        raise InputError(f"--kind {arguments.kind}: --list lists the pieces of one kind; name one")
    return kinds


def _one(kinds: list[str]) -> str:
    """Return the kind to draw: the one that was named, else the usual meaning."""
    return kinds[0] if len(kinds) == 1 else "affine"


def sliced(net: ReLUNetwork, point: list[Fraction] | None, directions: list[list[Fraction]]) -> ReLUNetwork:
    """Return a network on the flat that ``--slice`` and ``--along`` say."""
    if point is None and not directions:
        return net
    n = net.widths[0]
    if not directions:
        raise InputError("--slice: give the directions of the flat too, each with --along")
    origin: Any = [0] * n if point is None else point
    for option, vector in (("--slice", origin), *(("--along", direction) for direction in directions)):
        if len(vector) != n:
            shown = ",".join(map(str, vector))
            raise InputError(f"{option} {shown}: {describe(len(vector), 'number')} for {describe(n, 'input')}")
    try:
        along: Any = directions
        return relucomb.slice_network(net, origin, along)
    except ValueError as error:
        raise InputError(f"--along: {error}") from None


def box_of(net: ReLUNetwork, given: Box | None) -> Box | None:
    """Return the box that ``--box`` says, one interval for each input."""
    if given is None:
        return None
    n = net.widths[0]
    shown = ",".join(f"{low}:{high}" for low, high in given)
    if len(given) not in (1, n):
        raise InputError(f"--box {shown}: {describe(len(given), 'interval')} for {describe(n, 'input')}; give 1 or {n}")
    for low, high in given:
        if not low < high:
            state = "flat" if low == high else "empty"
            raise InputError(f"--box {shown}: the interval {low}:{high} is {state}; LOW must be less than HIGH")
    return given * n if len(given) == 1 else given


def _check_drawable(net: ReLUNetwork, kind: str, path: str) -> None:
    from relucomb.plots.pieces import check_drawable

    try:
        check_drawable(net, kind)
    except ValueError as error:
        hint = " (--slice and --along make one)" if net.widths[0] > 2 else ""
        raise InputError(f"--plot {path}: {error}{hint}") from None


class _Run:
    """One run of the command, from the network to what is printed."""

    def __init__(
        self, arguments: argparse.Namespace, net: ReLUNetwork, box: Box | None, kinds: list[str], channels: Channels
    ) -> None:
        self.arguments = arguments
        self.net = net
        self.box: Any = box
        self.kinds = kinds
        self.channels = channels
        self.bounds = relucomb.piece_upper_bounds(net.widths)
        self.watched = not arguments.quiet and sys.stderr is not None and sys.stderr.isatty()
        self.next_line = SHORTEST_PAUSE
        self.listed = 0

    def run(self, picture: str | None) -> ExitCode:
        if Path(self.arguments.network).suffix.lower() in (".pt", ".pth"):
            self.channels.note("a state dict does not tell the activation: a ReLU is assumed between each two layers")
        self._announce()
        try:
            census = self._census()
        except ValueError as error:
            raise InputError(f"{self.arguments.network}: {error}") from None
        complete = census.status == "complete"
        try:
            listed = list(self._listed()) if self.arguments.list and complete else None
            image = self._drawn(picture) if complete else None
        except KeyboardInterrupt:
            self.channels.complain(f"relucomb pieces: interrupted: {self.listed} pieces listed")
            return ExitCode.INTERRUPTED
        self._tell(census, listed)
        if not self._write(image):
            return ExitCode.INTERNAL_ERROR
        if complete:
            return ExitCode.PROVEN
        interrupted = census.termination == "interrupted"
        reached = ", ".join(f"{kind} {census.lower_bounds[kind]:,}" for kind in self.kinds)
        self.channels.complain(f"relucomb pieces: {'interrupted' if interrupted else 'time limit'}: at least {reached}")
        return ExitCode.INTERRUPTED if interrupted else ExitCode.LIMIT

    # work

    def _announce(self) -> None:
        """Tell in advance how many regions are possible, where that may take a while."""
        possible = self._least("activation").value
        seconds = float(min(possible, 10**300)) / COUNTED_PER_SECOND
        if seconds > WORTH_TELLING:
            self.channels.note(
                f"up to {large(possible)} activation regions are possible, and to count so many may take about "
                f"{rough_duration(seconds)}; most networks have far fewer (Ctrl-C tells a lower bound)"
            )

    def _census(self) -> PieceCensus:
        limit = self.arguments.time_limit
        return relucomb.piece_census(
            self.net,
            self.kinds,
            self.box,
            time_limit=max(limit, 1e-9) if limit is not None else None,
            callback=self._progress if self.watched else None,
        )

    def _progress(self, progress: CensusProgress) -> None:
        if progress.seconds >= self.next_line:
            self.channels.note(
                f"{format_count(progress.cells):>9} regions, {progress.units_done} of {progress.units} units, "
                f"{format_duration(progress.seconds)}"
            )
            self.next_line = progress.seconds + min(max(SHORTEST_PAUSE, PAUSE_GROWTH * progress.seconds), LONGEST_PAUSE)

    def _listed(self) -> Iterator[dict[str, Any]]:
        """Yield the pieces, once they are printed if they are to be."""
        kind = self.kinds[0]
        if not self.arguments.json:
            for piece in relucomb.pieces(self.net, kind, self.box):
                print_result(_line(piece))
                self.listed += 1
            return
        if kind == "patterns":
            yield from map(_entry, relucomb.pieces(self.net, kind, self.box))
            return
        graph = relucomb.piece_graph(self.net, kind, self.box)
        for k, piece in graph.nodes(data="piece"):
            yield {**_entry(piece), "neighbours": sorted(graph[k])}

    def _drawn(self, picture: str | None) -> bytes | None:
        if picture is None:
            return None
        from relucomb.plots.pieces import render_pieces

        try:
            return render_pieces(self.net, picture, _one(self.kinds), self.box)
        except ValueError as error:
            self.channels.complain(f"relucomb pieces: --plot {self.arguments.plot}: not drawn: {error}")
            return None

    def _write(self, image: bytes | None) -> bool:
        if image is None:
            return True
        try:
            write_atomically(self.arguments.plot, image)
        except OSError as error:
            self.channels.complain(f"relucomb pieces: error: {error.filename}: could not be written ({error.strerror})")
            return False
        return True

    # words

    def _least(self, kind: str) -> PieceBound:
        return min((bound for bound in self.bounds.values() if kind in bound.kinds), key=lambda bound: bound.value)

    def _tell(self, census: PieceCensus, listed: list[dict[str, Any]] | None) -> None:
        if self.arguments.json:
            document = self._document(census)
            print_json("pieces", document if listed is None else {**document, "pieces": listed})
        elif listed is None:
            print_result(self._text(census))

    def _document(self, census: PieceCensus) -> dict[str, Any]:
        sliced = self.arguments.slice is not None or self.arguments.along
        return {
            "source": self.arguments.network,
            "widths": list(self.net.widths),
            "slice": {
                "origin": None if self.arguments.slice is None else numbers(self.arguments.slice),
                "directions": [numbers(direction) for direction in self.arguments.along],
            }
            if sliced
            else None,
            "box": None if self.box is None else [numbers(side) for side in self.box],
            "status": census.status.name,
            "termination": census.termination.name,
            "counts": {kind: census.counts.get(kind) for kind in self.kinds},
            "lower_bounds": census.lower_bounds,
            "upper_bounds": {
                name: {"value": _printable(bound.value), "source": bound.source, "kinds": list(bound.kinds)}
                for name, bound in self.bounds.items()
            },
            "proof": census.proof.name,
            "seconds": census.seconds,
        }

    def _text(self, census: PieceCensus) -> str:
        rows = [("kind", "pieces", "at most", "what is counted")]
        for kind in self.kinds:
            count = f"{census.lower_bounds[kind]:,}"
            told = count if kind in census.counts else f">= {count}"
            rows.append((kind, told, large(self._least(kind).value), KINDS[kind]))
        tight_first = sorted(self.bounds.items(), key=lambda item: item[1].value)
        bounds = [(name, large(bound.value), bound.source) for name, bound in tight_first]
        state = "exact" if census.status == "complete" else f"{census.status.value}: {census.termination.value}"
        return "\n".join(
            [
                self._head(),
                "",
                *_columns(rows, "<>><"),
                "",
                "upper bounds for any network of these widths:",
                *("  " + line for line in _columns(bounds, "<><")),
                "",
                f"proof: {census.proof.name}, no sign was decided by rounding; {state}; "
                f"{format_duration(census.seconds)}",
            ]
        )

    def _head(self) -> str:
        widths = "-".join(map(str, self.net.widths))
        n = self.net.widths[0]
        if self.box is None:
            place = "R" if n == 1 else f"R^{n}"
        else:
            place = "the box " + " x ".join(f"[{low}, {high}]" for low, high in self.box)
        flat = ", a slice," if self.arguments.along else ""
        units = describe(self.net.size, "hidden unit")
        return f"{self.arguments.network}: network {widths}, {units}{flat} on {place}"


def _columns(rows: Sequence[Sequence[str]], sides: str) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map("{:{}{}}".format, row, sides, widths)).rstrip() for row in rows]


def _line(piece: Piece) -> str:
    """Return the line of a piece: a point inside, the patterns of its cells, the affine function."""
    point = ", ".join(map(str, piece.interior_point))
    patterns = " ".join(_word(cell.pattern) for cell in piece.cells)
    values = [_affine(row, constant) for row, constant in zip(piece.matrix, piece.vector, strict=True)]
    return f"({point})  {patterns}  {'; '.join(values)}"


def _affine(row: Any, constant: Fraction) -> str:
    """Return ``2 x1 - x2 + 1/2``."""
    terms = [(c, f"x{k}") for k, c in enumerate(row, start=1) if c]
    if constant or not terms:
        terms.append((constant, ""))
    text = ""
    for value, name in terms:
        size = str(abs(value)) if not name or abs(value) != 1 else ""
        sign = ("-" if value < 0 else "") if not text else (" - " if value < 0 else " + ")
        text += sign + " ".join(part for part in (size, name) if part)
    return text


def _word(pattern: tuple[tuple[bool, ...], ...]) -> str:
    return "|".join("".join("01"[active] for active in layer) for layer in pattern) or "-"


def _entry(piece: Piece) -> dict[str, Any]:
    return {
        "interior_point": numbers(piece.interior_point),
        "matrix": [numbers(row) for row in piece.matrix],
        "vector": numbers(piece.vector),
        "cells": [
            {
                "pattern": _word(cell.pattern),
                "vertices": [numbers(vertex) for vertex in cell.vertices],
                "rays": [numbers(ray) for ray in cell.rays],
                "lines": [numbers(line) for line in cell.lines],
            }
            for cell in piece.cells
        ],
    }


def _printable(count: int) -> int | str:
    return count if count < 10**MOST_DIGITS else f"about {large(count)}"
