"""``relucomb predict``: the values of a network at the points of a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.commandline.arguments import add_json, names
from relucomb.commandline.channels import print_json, print_result
from relucomb.commandline.exit_codes import ExitCode
from relucomb.commandline.report import describe
from relucomb.network_files import FOREIGN, read_network
from relucomb.reading import InputError, read_points

if TYPE_CHECKING:
    import argparse

    from relucomb.networks import ReLUNetwork

DESCRIPTION = """\
Evaluate a network at the points of a table. A network written by relucomb erm
--output knows the names of its columns, and other columns of the table are
ignored; without names it reads the first columns of the table."""

EXAMPLES = """\
examples:
  relucomb erm data.csv --width 2 --output net.json
  relucomb predict net.json new.csv
      one column, named as the target was
  relucomb predict net.json new.csv --features area,rooms
      say which columns are its inputs
  relucomb predict net.json new.csv | paste -d, new.csv -
      beside the data"""


def add_parser(commands: Any) -> None:
    """Add the sub-command to the parser of ``relucomb``."""
    parser = commands.add_parser(
        "predict",
        help="values of a network at the points of a table",
        usage="relucomb predict NET.json DATA [options]",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "network", metavar="NET.json", help="network, as --output of relucomb erm writes it; also net.onnx, net.pt"
    )
    parser.add_argument("data", metavar="DATA", help="CSV or Parquet file, or - for standard input")
    parser.add_argument("--features", metavar="A,B,...", type=names, help="the columns that are its inputs, in order")
    add_json(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the sub-command."""
    network, columns, target = _load(arguments.network)
    inputs, outputs = network.widths[0], network.widths[-1]
    columns = arguments.features or columns
    points = read_points(arguments.data, features=columns)
    given = len(points.names)
    if given < inputs or (columns is not None and given > inputs):
        raise InputError(f"{points.source}: {describe(given, 'column')} for a network with {describe(inputs, 'input')}")
    values = network(points.X[:, :inputs].astype(np.float64)).reshape(-1, outputs)
    heads = [target] if outputs == 1 else [f"{target}_{k + 1}" for k in range(outputs)]
    if arguments.json:
        flat = values[:, 0].tolist() if outputs == 1 else values.tolist()
        document = {"source": points.source, "features": list(points.names[:inputs]), "target": target}
        print_json("predict", {**document, "predictions": flat})
    else:
        quoted = ['"' + head.replace('"', '""') + '"' if set(head) & set(',"\r\n') else head for head in heads]
        print_result("\n".join([",".join(quoted), *(",".join(map(repr, row)) for row in values.tolist())]))
    return ExitCode.PROVEN


def _load(path: str) -> tuple[ReLUNetwork, list[str] | None, str]:
    """Return the network, and the names of its columns and its target if the file tells them."""
    network = load_network(path)
    foreign = Path(path).suffix.lower() in FOREIGN
    document: dict[str, Any] = {} if foreign else json.loads(Path(path).read_bytes())
    columns: Any = document.get("feature_names")
    target = document.get("target_name", "prediction")
    known = isinstance(columns, list) and len(columns) == network.widths[0]
    return network, [str(name) for name in columns] if known else None, str(target)


def load_network(path: str) -> ReLUNetwork:
    """Read a network from a file that the user named.

    Raises
    ------
    InputError
        The file cannot be read or holds no network.
    """
    try:
        return read_network(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a file with a network") from None
    except (ValueError, ImportError) as error:
        raise InputError(str(error)) from None
