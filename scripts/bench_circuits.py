"""Print how long circuits and the least numbers of gates take beside what is wanted, as a Markdown table.

    python scripts/bench_circuits.py            a few minutes
    python scripts/bench_circuits.py --quick    without the table for 4 variables

Wall seconds and processor time of all threads, compilation excluded. Every result is checked: circuits are verified at
all points, and numbers of gates are those of the committed tables, each proven twice.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb import tables
from relucomb.boolean import (
    BooleanFunction,
    Circuit,
    Refutation,
    minimal_circuit,
    named_circuit,
    npn_classes,
    refute,
    verify_circuit,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEADER = ("what", "result", "wall s", "CPU s", "wanted, s")
Row = tuple[str, str, float, float, str]
SIZES = {"sum": {0: 1, 1: 4, 2: 53, 3: 163, 4: 1}, "threshold": {0: 1, 1: 14, 2: 146, 3: 61}}


def timed(function: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return the result, the wall seconds and the processor time."""
    wall, processor = time.perf_counter(), time.process_time()
    result = function()
    return result, time.perf_counter() - wall, time.process_time() - processor


def require(holds: object, what: str) -> None:
    """Stop if a result is wrong."""
    if not holds:
        raise AssertionError(what)


def random_circuit(n: int, gates: int, kind: str) -> Circuit:
    """Return a circuit of one layer of gates with integer weights from −3 to 3, below a threshold gate."""
    rng = np.random.default_rng(0)
    below = (rng.integers(-3, 4, (gates, n)), rng.integers(-3, 4, gates), kind)
    return Circuit([below, (rng.integers(-3, 4, (1, gates)), [1], "LTF")])


def verifications(n: int) -> Iterator[Row]:
    """Measure verification at all points: of random circuits, and of Andreev's function."""
    for kind in ("ReLU", "LTF"):
        circuit = random_circuit(n, 100, kind)
        f = circuit.truth_table()
        found, wall, processor = timed(lambda c=circuit, f=f: c.verify(f))
        require(found, "a circuit does not compute its own truth table")
        yield f"verify 100 {kind} gates, n = {n}", f"{found.points:,} points", wall, processor, "5"
    circuit = named_circuit("andreev", n=n)
    found, wall, processor = timed(lambda: verify_circuit("andreev", circuit, n=n))
    require(found, "Andreev's circuit is wrong")
    yield f"Andreev's function, n = {n}, its table included", f"{circuit.size} gates", wall, processor, ""


def minimal_tables(*, quick: bool) -> Iterator[Row]:
    """Measure the tables of minimal circuits, proofs in integers and their checks included."""
    for n in (3,) if quick else (3, 4):
        table, wall, processor = timed(lambda n=n: tables.make("minimal-circuits", n=n))
        for key in ("sum", "threshold"):
            require(n < 4 or Counter(table.column(key)) == SIZES[key], "the sizes are not those of the committed table")
            require(None not in table.column(key), "a number is not proven")
        yield (
            f"least gates, both classes, n = {n}",
            f"{len(table.rows)} functions",
            wall,
            processor,
            "120" if n == 3 else "",
        )


def refutations() -> Iterator[Row]:
    """Measure proofs in integers, found and checked."""
    for n, gates in ((3, 2), (4, 2), (5, 2)):
        f = BooleanFunction.from_name("parity", n)
        refute(f, "Sum-of-ReLU", 1)  # the cones of gates, and compilation
        found, wall, processor = timed(lambda f=f, gates=gates: refute(f, "Sum-of-ReLU", gates))
        require(isinstance(found, Refutation), "parity has too few gates")
        told = f"{len(found.functionals)} functionals"
        yield f"refute {gates} gates for parity of {n} bits", told, wall, processor, ""
        checked, wall, processor = timed(found.verify)
        require(checked, "a proof is wrong")
        yield "check that", told, wall, processor, ""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="without the table for 4 variables")
    quick = parser.parse_args().quick
    random_circuit(14, 100, "ReLU").truth_table()  # compile
    random_circuit(14, 100, "LTF").truth_table()
    named_circuit("andreev", n=16).verify(BooleanFunction.from_name("andreev", 16))
    for entry in npn_classes(2):
        minimal_circuit(entry.representative)
        minimal_circuit(entry.representative, "LTF-of-ReLU")
    print("| " + " | ".join(HEADER) + " |")
    print("|---|---|--:|--:|--:|")
    for rows in (verifications(24), refutations(), minimal_tables(quick=quick)):
        for what, result, wall, processor, wanted in rows:
            print(f"| {what} | {result} | {wall:.3f} | {processor:.3f} | {wanted} |", flush=True)


if __name__ == "__main__":
    main()
