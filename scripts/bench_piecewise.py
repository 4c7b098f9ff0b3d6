"""Print how long piecewise-linear functions with many pieces take, as Markdown tables.

    python scripts/bench_piecewise.py            about a minute
    python scripts/bench_piecewise.py --quick    a few seconds

Processor time of all threads. The functions are the sawtooths of Definition 5: w teeth on [0, 1], k times after each
other, w^k pieces there. "equal" steps are i/w, "1/1000" are drawn from the multiples of 1/1000. Every count is checked
against w^k. The first table makes the function by composition, counts its pieces, reads the function of the network
with k hidden layers of width w, and proves both equal at all breakpoints. The last column is the composition with
fractions of Python in a plain loop, for comparison, up to 20,000 pieces. The second table is about functions with 10^6
pieces.
"""

from __future__ import annotations

import argparse
import math
import time
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

import relucomb as rc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Points = list[tuple[Fraction, Fraction]]
HEADER = (
    "w",
    "k",
    "steps",
    "pieces",
    "arithmetic",
    "compose, s",
    "count, s",
    "of network, s",
    "prove, s",
    "fractions, s",
)
PLAIN = 20_000
SIZES = ((2, 10), (10, 4), (2, 17), (10, 5), (316, 2), (2, 20), (10, 6))


def steps_of(w: int, kind: str) -> list[Fraction]:
    """Return w - 1 points of (0, 1)."""
    if kind == "equal":
        return [Fraction(i, w) for i in range(1, w)]
    chosen = np.random.default_rng(w).choice(np.arange(1, 1000), w - 1, replace=False)
    return [Fraction(int(i), 1000) for i in sorted(chosen)]


def sawtooth(steps: Sequence[Fraction]) -> rc.PiecewiseLinear:
    """Return h_a with M = 1."""
    x = [Fraction(0), *steps, Fraction(1)]
    slopes = [Fraction((-1) ** i) / (t - s) for i, (s, t) in enumerate(pairwise(x))]
    return rc.PiecewiseLinear(x[:-1], [0, *slopes])


def tower(h: rc.PiecewiseLinear, k: int) -> rc.ReLUNetwork:
    """Return the network of k copies after one another."""
    one = h.to_network()
    net = one
    for _ in range(k - 1):
        net = one.compose(net)
    return net


def plain_composition(outer: Points, inner: Points) -> Points:
    """Compose functions on [0, 1], given by the points where they bend, with fractions in loops."""
    result = [inner[0]]
    for (s, u), (t, v) in pairwise(inner):
        for x, y in outer if u < v else outer[::-1]:
            if u < x <= v or v <= x < u:
                result.append((s + (x - u) * (t - s) / (v - u), y))
    return result


def timed(function: Callable[[], Any]) -> tuple[Any, float]:
    """Return the result and the processor time."""
    start = time.process_time()
    result = function()
    return result, time.process_time() - start


def row(w: int, k: int, kind: str) -> tuple[str, ...]:
    """Measure one tower of sawtooths."""
    h = sawtooth(steps_of(w, kind))
    f, composing = timed(lambda: h.iterate(k))
    pieces, counting = timed(lambda: f.count_pieces((0, 1)))
    net = tower(h, k)
    g, reading = timed(lambda: rc.PiecewiseLinear.from_network(net))
    proof, proving = timed(lambda: f.prove_equal(net))
    if pieces != w**k or f != g or not proof:
        raise AssertionError(f"w={w}, k={k}, {kind}: {pieces} pieces, {proof}")
    cells = [str(w), str(k), kind, f"{pieces:,}", f.arithmetic]
    cells += [f"{seconds:.3f}" for seconds in (composing, counting, reading, proving)]
    if w**k > PLAIN:
        return (*cells, "")
    teeth = [(x, h(x)) for x in [*h.breakpoints, Fraction(1)]]

    def plain() -> Points:
        """Compose k times."""
        result = teeth
        for _ in range(k - 1):
            result = plain_composition(teeth, result)
        return result

    points, seconds = timed(plain)
    if len(points) != pieces + 1:
        raise AssertionError(f"fractions in loops gave {len(points) - 1} pieces, not {pieces}")
    return (*cells, f"{seconds:.3f}")


def operations(pieces: int) -> list[tuple[str, str, float]]:
    """Measure single operations on two functions with so many pieces."""
    k = round(math.log10(pieces))
    f = sawtooth(steps_of(10, "equal")).iterate(k)
    g = sawtooth([Fraction(1, 3)]).iterate(math.ceil(math.log2(pieces)))
    x = np.random.default_rng(0).random(10**6)
    tasks: dict[str, Callable[[], Any]] = {
        "f + g": lambda: f + g,
        "max(f, g)": lambda: f.maximum(g),
        "L1 distance of f and 1/2 on [0, 1]": lambda: f.distance(Fraction(1, 2), 1, (0, 1)),
        "squared L2 distance of f and 1/2 on [0, 1]": lambda: f.squared_distance(Fraction(1, 2), (0, 1)),
        "supremum of abs(f - g) on [0, 1]": lambda: f.distance(g, math.inf, (0, 1)),
        "all x with f(x) = 1/3": lambda: f.preimage(Fraction(1, 3)),
        "10^6 values in floats": lambda: f(x),
        "smallest network with one hidden layer": f.smallest_network,
    }
    rows = []
    for name, task in tasks.items():
        result, seconds = timed(task)
        rows.append((name, result.arithmetic if isinstance(result, rc.PiecewiseLinear) else "", seconds))
    return rows


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="at most 10^4 pieces")
    quick = parser.parse_args().quick
    print("| " + " | ".join(HEADER) + " |")
    print("|--:|--:|---|--:|---|" + "--:|" * 5)
    for w, k in SIZES[:2] if quick else SIZES:
        for kind in ("equal", "1/1000"):
            print("| " + " | ".join(row(w, k, kind)) + " |", flush=True)
    pieces = 10**4 if quick else 10**6
    print(f"\n| operation on functions with {pieces:,} pieces | arithmetic | s |\n|---|---|--:|")
    for name, arithmetic, seconds in operations(pieces):
        print(f"| {name} | {arithmetic} | {seconds:.3f} |", flush=True)


if __name__ == "__main__":
    main()
