"""Print how long zonotopes take, beside other ways to the same answer, as Markdown tables.

    python scripts/bench_zonotopes.py            about two minutes
    python scripts/bench_zonotopes.py --quick    about ten seconds

Processor time of the whole call from the array of generators to the answer, compilation excluded; the least of several
runs where they are short. The rivals run in the same session on the same generators, random integers up to 99:

- Qhull (scipy) on all 2^m signed sums, in floats;
- Qhull on the Minkowski sums, one generator after another: the hull of the vertices so far, moved both ways;
- trying the signs of ``r B^T`` for many random directions, in floats: fast, and misses vertices without notice.
"""

from __future__ import annotations

import argparse
import itertools
import math
import time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.spatial import ConvexHull

import relucomb as rc

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SIZES = [(3, 15), (3, 30), (3, 60), (4, 15), (4, 20), (4, 40), (5, 12), (5, 24), (6, 12), (3, 300), (6, 30)]
ALL_SUMS = 15  # generators; beyond that Qhull on all sums takes too long
INCREMENTAL = 4000  # vertices; likewise
DIRECTIONS = 100_000


def timed(function: Callable[[], Any]) -> tuple[Any, float]:
    """Return the result and the least processor time of up to five runs."""
    best = math.inf
    for _ in range(5):
        start = time.process_time()
        result = function()
        best = min(best, time.process_time() - start)
        if best > 0.5:
            break
    return result, best


def generators(n: int, m: int) -> NDArray[np.int64]:
    """Return random integers."""
    return np.random.default_rng(1000 * n + m).integers(-99, 99, size=(m, n), endpoint=True)


def qhull_on_all_sums(B: NDArray[np.int64]) -> int:
    """Count vertices as Qhull finds them among all signed sums."""
    sums = np.array(list(itertools.product((-1, 1), repeat=len(B)))) @ B
    return len(ConvexHull(sums).vertices)


def qhull_incremental(B: NDArray[np.int64]) -> int:
    """Count vertices of Minkowski sums, generator after generator."""
    n = B.shape[1]
    points = np.array(list(itertools.product((-1, 1), repeat=n))) @ B[:n]
    for b in B[n:]:
        both = np.concatenate([points - b, points + b])
        points = both[ConvexHull(both).vertices]
    return len(points)


def sampled(B: NDArray[np.int64]) -> int:
    """Count the vertices that random directions see first."""
    R = np.random.default_rng(0).normal(size=(DIRECTIONS, B.shape[1]))
    return len(np.unique(np.packbits(R @ B.T > 0, axis=1), axis=0))


def vertices_table(quick: bool) -> None:
    """Print the table of vertices."""
    head = ("n", "m", "vertices", "count, s", "list with signs, s", "the same, floats, s", "the same, fractions, s")
    rivals = ("Qhull on all sums, s", "Minkowski + Qhull, s", "found by sampling (s)")
    print_row([*head, *rivals], header=True)
    for n, m in SIZES[:5] if quick else SIZES:
        B = generators(n, m)
        number, counting = timed(lambda B=B: rc.Zonotope(B).count_vertices())
        listed, listing = timed(lambda B=B: len(rc.Zonotope(B).vertices(signs=True)[0]))
        if listed != number:
            raise AssertionError(f"n={n}, m={m}: counted {number}, listed {listed}")
        cells = [n, m, f"{number:,}", f"{counting:.4f}", f"{listing:.4f}"]
        if number <= 50_000:
            floats = B / 10  # these decimals are no short binary fractions
            _, rounded = timed(lambda floats=floats: rc.Zonotope(floats).vertices(signs=True))
            thirds = np.array([[Fraction(entry, 3) for entry in row] for row in B.tolist()], dtype=object)
            _, exact = timed(lambda thirds=thirds: rc.Zonotope(thirds).vertices(signs=True))
            cells += [f"{rounded:.4f}", f"{exact:.4f}"]
        else:
            cells += ["", ""]
        for rival, affordable in ((qhull_on_all_sums, m <= ALL_SUMS), (qhull_incremental, number <= INCREMENTAL)):
            if affordable:
                found, seconds = timed(lambda rival=rival, B=B: rival(B))
                cells.append(f"{seconds:.3f}" + ("" if found == number else f" (found {found:,})"))
            else:
                cells.append("")
        found, seconds = timed(lambda B=B: sampled(B))
        cells.append(f"{found:,} ({seconds:.2f})")
        print_row(cells)


def support_table() -> None:
    """Print the table of the support function."""
    print_row(["n", "m", "directions", "support, s", "numpy, s"], header=True)
    for n, m in ((2, 1000), (3, 1000), (4, 1000), (8, 1000)):
        rng = np.random.default_rng(n)
        R, B = rng.normal(size=(DIRECTIONS, n)), rng.normal(size=(m, n))
        Z = rc.Zonotope(B)
        _, own = timed(lambda Z=Z, R=R: Z.support(R))
        _, plain = timed(lambda R=R, B=B: np.abs(R @ B.T).sum(axis=1))
        print_row([n, m, f"{DIRECTIONS:,}", f"{own:.4f}", f"{plain:.3f}"])


def volume_table(quick: bool) -> None:
    """Print the table of volumes, against Qhull on the vertices and against all determinants in floats."""
    print_row(["n", "m", "volume, s", "Qhull on the vertices, s", "determinants, numpy, s"], header=True)
    for n, m in ((3, 30), (4, 20), (5, 24)) if quick else ((3, 30), (3, 300), (4, 20), (4, 60), (5, 24), (6, 20)):
        B = generators(n, m)
        volume, own = timed(lambda B=B: rc.Zonotope(B).volume())
        cells = [n, m, f"{own:.4f}"]
        Z = rc.Zonotope(B)
        if n <= 5 and Z.count_vertices() <= 30_000:
            hull, seconds = timed(lambda Z=Z: ConvexHull(Z.vertices()).volume)
            cells.append(f"{seconds:.3f} (off by {abs(hull / volume - 1):.0e})")
        else:
            cells.append("")
        if math.comb(m, n) <= 1_000_000:
            plain, seconds = timed(lambda B=B, n=n: all_determinants(B, n))
            cells.append(f"{seconds:.3f} (off by {abs(plain / volume - 1):.0e})")
        else:
            cells.append("")
        print_row(cells)


def all_determinants(B: NDArray[np.int64], n: int) -> float:
    """Add up all determinants in floats."""
    chosen = np.array(list(itertools.combinations(range(len(B)), n)))
    return float(2**n * np.abs(np.linalg.det(B[chosen].astype(float))).sum())


def membership_table(quick: bool) -> None:
    """Print the table of membership, beside a linear programme in floats."""
    from scipy.optimize import linprog

    print_row(["n", "m", "membership with exact proof, s", "HiGHS in floats, s"], header=True)
    for n, m in ((3, 100), (5, 200)) if quick else ((3, 100), (3, 1000), (5, 200), (10, 1000)):
        B = generators(n, m)
        Z = rc.Zonotope(B)
        x = Z.subgradient(np.arange(1, n + 1)) // 2
        found, own = timed(lambda Z=Z, x=x: Z.membership(x))
        if not found.verify(Z):
            raise AssertionError("the proof is wrong")
        _, plain = timed(lambda B=B, x=x, m=m: linprog(np.zeros(m), A_eq=B.T, b_eq=x, bounds=(-1, 1)))
        print_row([n, m, f"{own:.4f}", f"{plain:.4f}"])


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
    rc.Zonotope(generators(4, 12)).vertices(signs=True)  # compile
    rc.Zonotope(generators(4, 12)).count_vertices()
    vertices_table(quick)
    print()
    support_table()
    print()
    volume_table(quick)
    print()
    membership_table(quick)


if __name__ == "__main__":
    main()
