"""Print how many dichotomies are counted and listed per second, as a Markdown table.

    python scripts/bench_dichotomies.py            about two minutes
    python scripts/bench_dichotomies.py --quick    about ten seconds

One thread; processor time of the whole call, reading the points included, compilation excluded. Listing means that each
sign vector is written once, as bits, and dropped. The last column is the usual trick in numpy, for comparison: try the
hyperplanes through all sets of n points with all signs for these points, and remove duplicates. It needs points in
general position and memory for all sign vectors.
"""

from __future__ import annotations

import argparse
import itertools
import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.dichotomies import count_dichotomies, packed_dichotomies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

COUNT_ONLY = 60_000_000  # cells; listing stops here
NUMPY_ONLY = 120_000
HEADER = ("points", "n", "D", "dichotomies", "count, s", "count, M/s", "list, s", "list, M/s", "numpy list, M/s")


def instances(quick: bool) -> Iterator[tuple[str, int, int, Any]]:
    """Yield name, n, D and points."""
    sizes = {
        1: (100, 10_000),
        2: (100, 1000, 20_000),
        3: (50, 200, 1000),
        4: (40, 80, 250),
        5: (25, 50, 100),
        8: (20, 32),
    }
    for n, counts in sizes.items():
        for D in counts[:1] if quick else counts:
            yield "Gaussian", n, D, np.random.default_rng(D).normal(size=(D, n))
    for n, side in ((2, 20), (3, 5), (5, 2), *(() if quick else ((6, 2),))):
        points = np.array(list(itertools.product(range(side), repeat=n)))
        yield "integer grid", n, len(points), points
        if side > 2:
            yield "grid times 0.1 in floats", n, len(points), points * 0.1


def by_subsets(X: NDArray[np.float64]) -> int:
    """Count dichotomies of points in general position by listing them, in plain numpy."""
    D, n = X.shape
    lifted = np.hstack([X, np.ones((D, 1))])
    subsets = np.array(list(itertools.combinations(range(D), n)))
    normals = np.linalg.svd(lifted[subsets])[2][:, -1]
    signs = normals @ lifted.T > 0
    found = []
    for pattern in itertools.product((False, True), repeat=n):
        chosen = signs.copy()
        np.put_along_axis(chosen, subsets, np.broadcast_to(pattern, subsets.shape), axis=1)
        found += [np.packbits(chosen, axis=1), np.packbits(~chosen, axis=1)]
    return len(np.unique(np.concatenate(found), axis=0))


def timed(function: Callable[[], int]) -> tuple[int, float]:
    """Return the result and the least processor time: of several runs if they are short."""
    best = math.inf
    for _ in range(3):
        start = time.process_time()
        result = function()
        best = min(best, time.process_time() - start)
        if best > 0.5:
            break
    return result, best


def row(name: str, n: int, D: int, X: Any) -> tuple[str, ...]:
    """Measure one instance."""
    number, counting = timed(lambda: count_dichotomies(X))
    cells = [name, str(n), str(D), f"{number:,}", f"{counting:.4f}", f"{number / counting / 1e6:.1f}"]
    if number <= COUNT_ONLY:
        listed, listing = timed(lambda: sum(len(block) for block in packed_dichotomies(X)))
        if listed != number:
            raise AssertionError(f"{name}, n={n}, D={D}: counted {number}, listed {listed}")
        cells += [f"{listing:.4f}", f"{number / listing / 1e6:.2f}"]
    else:
        cells += ["", ""]
    if name == "Gaussian" and number <= NUMPY_ONLY and n < D:
        found, usual = timed(lambda: by_subsets(X))
        if found != number:
            raise AssertionError(f"numpy found {found} of {number}")
        cells.append(f"{number / usual / 1e6:.3f}")
    else:
        cells.append("")
    return tuple(cells)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only the smallest sizes")
    quick = parser.parse_args().quick
    for X in (np.zeros((1, 1)), np.random.default_rng(0).normal(size=(6, 3))):  # compile
        count_dichotomies(X)
        list(packed_dichotomies(X))
    print("| " + " | ".join(HEADER) + " |")
    print("|---|" + "--:|" * (len(HEADER) - 1))
    for instance in instances(quick):
        print("| " + " | ".join(row(*instance)) + " |", flush=True)


if __name__ == "__main__":
    main()
