"""Print how well and how fast sign-ranks are enclosed, as Markdown tables.

    python scripts/bench_sign_rank.py            a minute or two
    python scripts/bench_sign_rank.py --quick    some seconds

Random sign matrices (fixed seeds), without a time limit; processor time, compilation excluded. Every proof is checked
again, and the time of the check is given. Beside the lower bounds stands Forster's bound in floats.
"""

from __future__ import annotations

import argparse
import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

import relucomb as rc

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZES = [(5, 200), (6, 200), (7, 200), (8, 200), (9, 50), (10, 50), (12, 20), (16, 5), (20, 2), (32, 1)]
NAMED = [("hadamard", 8), ("paley", 12), ("hadamard", 16), ("disjointness", 4), ("inner-product", 4)]


def measured(A: NDArray[np.int8], time_limit: float | None = None) -> tuple[rc.SignRank, float, float]:
    """Return the result and the processor times of the search and of the check."""
    start = time.process_time()
    found = rc.sign_rank(A, time_limit)
    middle = time.process_time()
    if not found.verify():
        raise AssertionError(f"a proof does not hold: {A.tolist()}")
    return found, middle - start, time.process_time() - middle


def forster(A: NDArray[np.int8]) -> int:
    """Return Forster's bound in floats."""
    return math.ceil(math.sqrt(A.size) / np.linalg.norm(A.astype(float), 2) - 1e-9)


def random_table(quick: bool) -> None:
    """Print the table of random matrices."""
    print_row(
        ["n x n", "matrices", "closed", "intervals", "median, s", "longest, s", "check, median, s", "Forster, mean"],
        header=True,
    )
    for n, number in SIZES[:5] if quick else SIZES:
        number = min(number, 20) if quick else number
        matrices = [rc.sign_matrix("random", n, seed=seed) for seed in range(number)]
        results = [measured(A) for A in matrices]
        intervals: dict[str, int] = {}
        for found, _, _ in results:
            told = str(found.lower) if found.status == "closed" else f"{found.lower}-{found.upper}"
            intervals[told] = intervals.get(told, 0) + 1
        closed = sum(found.status == "closed" for found, _, _ in results)
        searches, checks = ([result[k] for result in results] for k in (1, 2))
        print_row(
            [
                n,
                number,
                f"{100 * closed / number:.0f} %",
                ", ".join(f"{told}: {count}" for told, count in sorted(intervals.items())),
                f"{np.median(searches):.4f}",
                f"{max(searches):.3f}",
                f"{np.median(checks):.4f}",
                f"{np.mean([forster(A) for A in matrices]):.2f}",
            ]
        )


def named_table(quick: bool) -> None:
    """Print the table of matrices with names, with a time limit."""
    print_row(["matrix", "sign-rank", "s", "check, s", "at least, because"], header=True)
    for name, n in NAMED[:2] if quick else NAMED:
        found, search, check = measured(rc.sign_matrix(name, n))
        told = f"{found.lower} to {found.upper}"
        print_row([f"{name} {n}", told, f"{search:.2f}", f"{check:.3f}", found.lower_proof.describe()])


def print_row(cells: list[Any], *, header: bool = False) -> None:
    """Print a row of a table, and the line below the first one."""
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    if header:
        print("|" + "--:|" * len(cells))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only the smallest sizes")
    quick = parser.parse_args().quick
    for seed in range(8):
        rc.sign_rank(rc.sign_matrix("random", 8, seed=seed)).verify()  # compile
    random_table(quick)
    print()
    named_table(quick)


if __name__ == "__main__":
    main()
