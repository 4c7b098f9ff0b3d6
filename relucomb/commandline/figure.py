"""``relucomb figure``: pictures of the theory of depth, drawn from exact functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import relucomb
from relucomb.atomic_write import write_atomically
from relucomb.commandline.channels import print_error, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.files import check_outputs, check_picture
from relucomb.commandline.pieces import allow_leading_minus, box_of, sliced
from relucomb.commandline.predict import load_network
from relucomb.commandline.quantities import exact_numbers, intervals
from relucomb.commandline.table import whole_numbers
from relucomb.reading import InputError, read_points

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

DESCRIPTION = """\
Draw a figure of the theory of depth. All pieces are counted, all corners exact;
only the ink is rounded."""

EXAMPLES = """\
figures:
  2.1        two sawtooth functions and their composition (Lemma 2.3.5)
  2.2        three functions of the zonotope family as surfaces (Theorem 2.3.10)
  sawtooth   sawtooth functions over one another: --w, --k, or --steps
  pieces     the pieces of a network with one or two inputs: --network, --kind,
             --box, --slice, --along
  zonotope   a zonotope in two or three dimensions: --generators, or --n and --m

examples:
  relucomb figure 2.2 --output figure.pdf
  relucomb figure sawtooth --w 3 --k 1-3
  relucomb figure sawtooth --steps 1/4,5/8 --steps 2/5
      h of the first vector, then the second after the first, and so on
  relucomb figure pieces --network net.json --box -1:1
  relucomb figure zonotope --n 3 --m 7 --output zonotope.svg

exit codes: 0 done, 2 bad usage or input, 1 internal error, 130 interrupted"""


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure: the options that belong to it, and how it is drawn."""

    options: tuple[str, ...]
    draw: Callable[[argparse.Namespace, str], bytes]


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "figure",
        help="draw a figure of the theory",
        usage="relucomb figure NAME [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    allow_leading_minus(parser)
    parser.add_argument("name", metavar="NAME", help="one of the figures below")
    parser.add_argument("--output", metavar="FILE", help=".png, .svg or .pdf (default: figure-NAME.png)")
    parser.add_argument("--w", metavar="2", type=whole_numbers, help="width of the layers of the sawtooth (default: 2)")
    parser.add_argument(
        "--k", metavar="1-4", type=whole_numbers, help="numbers of layers of the sawtooth (default: 1-3)"
    )
    parser.add_argument(
        "--steps", metavar="A,B,...", type=exact_numbers, action="append", help="a vector of Definition 5"
    )
    parser.add_argument("--network", metavar="NET", help="network: .json, .onnx, .pt or .pth")
    parser.add_argument("--kind", metavar="KIND", help="what a piece is (default: affine)")
    parser.add_argument("--box", metavar="LOW:HIGH,...", type=intervals, help="the part to draw")
    parser.add_argument("--slice", metavar="X,Y,...", type=exact_numbers, help="a point of the flat to draw")
    parser.add_argument(
        "--along", metavar="U,V,...", type=exact_numbers, action="append", help="a direction of the flat"
    )
    parser.add_argument("--generators", metavar="DATA", help="table of generators, one in each row")
    parser.add_argument("--n", metavar="3", type=whole_numbers, help="dimension of random generators (default: 3)")
    parser.add_argument("--m", metavar="6", type=whole_numbers, help="their number (default: 6)")


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    name = arguments.name
    if name not in FIGURES:
        raise InputError(f"there is no figure {name!r}; legal are {', '.join(FIGURES)}")
    figure = FIGURES[name]
    for other in FIGURES.values():
        for option in other.options:
            if option not in figure.options and getattr(arguments, option) is not None:
                legal = ", ".join(f"--{own}" for own in figure.options) or "--output only"
                raise InputError(f"--{option}: the figure {name} has no such option; it has {legal}")
    path = f"figure-{name}.png" if arguments.output is None else arguments.output
    picture = check_picture("--output", path) or "png"
    check_outputs({"--output": path}, {"--network": arguments.network, "--generators": arguments.generators})
    try:
        image = figure.draw(arguments, picture)
    except ValueError as error:
        raise InputError(f"figure {name}: {error}") from None
    try:
        write_atomically(path, image)
    except OSError as error:
        print_error(f"relucomb figure: error: {error.filename}: could not be written ({error.strerror})")
        return ExitCode.INTERNAL_ERROR
    print_result(path)
    return ExitCode.PROVEN


def _figure_2_1(arguments: argparse.Namespace, picture: str) -> bytes:
    from relucomb.plots.depth_figures import render_figure_2_1

    return render_figure_2_1(picture)


def _figure_2_2(arguments: argparse.Namespace, picture: str) -> bytes:
    from relucomb.plots.depth_figures import render_figure_2_2

    return render_figure_2_2(picture)


def _sawtooth(arguments: argparse.Namespace, picture: str) -> bytes:
    from relucomb.families import Sawtooth
    from relucomb.plots.sawtooth import MOST_PIECES, render_overlay

    if arguments.steps is not None:
        if arguments.w is not None or arguments.k is not None:
            raise InputError("--steps: says what --w and --k say too; give one or the others")
        shown = [(k, Sawtooth(arguments.steps[:k])) for k in range(1, len(arguments.steps) + 1)]
        title = "Compositions of h"
    else:
        w, layers = _one("--w", arguments.w, 2), arguments.k or [1, 2, 3]
        for k in layers:
            if k < 1 or k > 100 or w > MOST_PIECES or w**k > MOST_PIECES:
                raise InputError(f"--k {k}: {w}^{k} pieces; legal are 1 to {MOST_PIECES} with at least one layer")
        shown = [(k, Sawtooth.equal_steps(w, k)) for k in layers]
        title = f"Sawtooth functions of k layers of width {w}"
    functions = [f.piecewise_linear() for _, f in shown]
    labels = [f"k = {k}: {f.count_pieces((0, 1))} pieces" for (k, _), f in zip(shown, functions, strict=True)]
    return render_overlay(functions, picture, labels=labels, title=title)


def _pieces(arguments: argparse.Namespace, picture: str) -> bytes:
    from relucomb.plots.pieces import render_pieces

    if arguments.network is None:
        raise InputError("figure pieces: name a network with --network")
    net = sliced(load_network(arguments.network), arguments.slice, arguments.along or [])
    box: Any = box_of(net, arguments.box)
    return render_pieces(net, picture, arguments.kind or "affine", box)


def _zonotope(arguments: argparse.Namespace, picture: str) -> bytes:
    from relucomb.plots.zonotope import render_zonotope

    if arguments.generators is not None:
        if arguments.n is not None or arguments.m is not None:
            raise InputError("--generators: says what --n and --m say too; give one or the others")
        points = read_points(arguments.generators, None, None)
        return render_zonotope(relucomb.Zonotope(points.X), picture, names=points.names)
    zonotope = relucomb.Zonotope.random_extremal(_one("--n", arguments.n, 3), _one("--m", arguments.m, 6))
    return render_zonotope(zonotope, picture)


def _one(option: str, given: list[int] | None, default: int) -> int:
    if given is not None and len(given) > 1:
        raise InputError(f"{option}: must be one number; got {len(given)}")
    return default if given is None else given[0]


FIGURES = {
    "2.1": _Figure((), _figure_2_1),
    "2.2": _Figure((), _figure_2_2),
    "sawtooth": _Figure(("w", "k", "steps"), _sawtooth),
    "pieces": _Figure(("network", "kind", "box", "slice", "along"), _pieces),
    "zonotope": _Figure(("generators", "n", "m"), _zonotope),
}
"""The figures by name."""
