"""Write the tables of sign-ranks in docs/tables.

    python scripts/make_sign_rank_tables.py            all tables, up to 7 x 7: some minutes
    python scripts/make_sign_rank_tables.py --quick    up to 5 x 5: seconds

Every matrix of every class is enclosed by rc.sign_rank without a time limit, both proofs are checked again, and the
number of classes is compared with Burnside's lemma. Nothing in the tables depends on the speed of the machine.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import relucomb as rc
from relucomb.atomic_write import write_atomically
from relucomb.sign_rank.classes import classes, count_classes
from relucomb.sign_rank.reduction import reduced

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Results = dict[tuple[int, int], list[tuple[NDArray[np.int8], rc.SignRank]]]

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "tables"
COMMAND = "python scripts/make_sign_rank_tables.py"
SIZES = [(m, n) for n in range(1, 8) for m in range(1, n + 1)] + [(m, 8) for m in range(1, 7)]
NAMED = [
    *(("signed-identity", n) for n in (2, 3, 4, 5, 6, 8, 16, 32)),
    *(("greater-than", n) for n in (2, 4, 8, 16, 32)),
    *(("equality", n) for n in (1, 2, 3, 4)),
    *(("disjointness", n) for n in (1, 2, 3, 4)),
    *(("inner-product", n) for n in (1, 2, 3, 4)),
    *(("hadamard", n) for n in (2, 4, 8, 16, 32)),
    *(("paley", n) for n in (4, 8, 12, 20, 24)),
]


def checked(A: NDArray[np.int8]) -> rc.SignRank:
    """Return the interval, its proofs checked."""
    found = rc.sign_rank(A)
    if not found.verify():
        raise AssertionError(f"a proof does not hold: {A.tolist()}")
    return found


def told(found: rc.SignRank) -> str:
    """Return the interval in words."""
    return f"{found.lower}" if found.status == "closed" else f"{found.lower} to {found.upper}"


def signs(A: NDArray[np.int8]) -> str:
    """Return the matrix as a word for each row."""
    return " ".join("".join("+" if entry > 0 else "-" for entry in row) for row in A.tolist())


def by_size(sizes: list[tuple[int, int]]) -> tuple[str, Results]:
    """Return the table of all small sizes, and the results."""
    results: Results = {}
    lines = [
        "# Sign-ranks of all small sign matrices",
        "",
        f"Made by `{COMMAND}`.",
        "",
        "Classes of m x n sign matrices under permutations and negations of rows and columns (and transposition,",
        "if m = n), by sign-rank. Their numbers agree with Burnside's lemma. *Reduced* are the classes in which no",
        "two rows and no two columns are equal or opposite; the sign-rank of the others is that of a smaller",
        "matrix. Every value is proven at both ends, and each proof was checked by code that the search does not use.",
        "",
    ]
    ranks = range(1, 6)
    lines += ["| m x n | classes | " + " | ".join(f"rank {r}" for r in ranks) + " | open | reduced | largest |"]
    lines += ["|---|--:|" + "--:|" * len(ranks) + "--:|--:|--:|"]
    for m, n in sizes:
        listed = classes(m, n)
        if len(listed) != count_classes(m, n):
            raise AssertionError(f"{m} x {n}: {len(listed)} classes listed, {count_classes(m, n)} counted")
        results[m, n] = [(A, checked(A)) for A in listed]
        closed = Counter(found.lower for _, found in results[m, n] if found.status == "closed")
        if set(closed) - set(ranks):
            raise AssertionError("the table has too few columns")
        unknown = len(listed) - closed.total()
        small = sum(reduced(A).matrix.shape == (m, n) for A in listed)
        largest = max(found.upper for _, found in results[m, n])
        cells = [f"{m} x {n}", len(listed), *(closed[r] or "" for r in ranks), unknown or "", small, largest]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
        print(lines[-1], flush=True)
    return "\n".join(lines) + "\n", results


def each(m: int, n: int, results: list[tuple[NDArray[np.int8], rc.SignRank]]) -> str:
    """Return the table of one size, class by class."""
    lines = [
        f"# Sign-ranks of the {m} x {n} sign matrices",
        "",
        f"Made by `{COMMAND}`.",
        "",
        "One matrix of each class under permutations and negations of rows and columns"
        + (" and transposition" if m == n else "")
        + ": its rows, its",
        "sign-rank, and how the lower bound is proven.",
        "",
        "| rows | sign-rank | at least, because |",
        "|---|--:|---|",
    ]
    lines += [f"| `{signs(A)}` | {told(found)} | {found.lower_proof.describe()} |" for A, found in results]
    return "\n".join(lines) + "\n"


def largest(results: Results) -> str:
    """Return the table of the classes of largest sign-rank among the reduced ones, for square matrices."""
    lines = [
        "# Small sign matrices of sign-rank 4",
        "",
        f"Made by `{COMMAND}`.",
        "",
        "The reduced classes of sign-rank 4 among the sign matrices of size 5 x 5 (none), 5 x 6, 6 x 6 and 4 x n for n",
        "up to 8 (one). No sign matrix with up to 7 rows and columns has a larger sign-rank.",
        "",
        "| size | rows | sign-rank | at least, because |",
        "|---|---|--:|---|",
    ]
    for (m, n), found in results.items():
        if (m, n) in {(4, 4), (4, 5), (4, 6), (4, 7), (4, 8), (5, 5), (5, 6), (6, 6)}:
            lines += [
                f"| {m} x {n} | `{signs(A)}` | {told(one)} | {one.lower_proof.describe()} |"
                for A, one in found
                if one.upper >= 4 and reduced(A).matrix.shape == A.shape
            ]
    return "\n".join(lines) + "\n"


def named(families: list[tuple[str, int]]) -> str:
    """Return the table of named matrices."""
    lines = [
        "# Sign-ranks of named matrices",
        "",
        f"Made by `{COMMAND}`.",
        "",
        "Intervals with proofs at both ends, by `rc.sign_rank(rc.sign_matrix(name, n))` without a time limit. What the",
        "names mean is in `rc.sign_matrix`. An open interval says what these methods prove, not what is known.",
        "",
        "| name | n | size | sign-rank | at least, because | at most, because |",
        "|---|--:|--:|--:|---|---|",
    ]
    for name, n in families:
        A = rc.sign_matrix(name, n)
        found = checked(A)
        size = f"{A.shape[0]} x {A.shape[1]}"
        lines.append(
            f"| {name} | {n} | {size} | {told(found)} | {found.lower_proof.describe()} | {found.upper_proof.method} |"
        )
        print(lines[-1], flush=True)
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="up to 5 x 5, printed and not written")
    quick = parser.parse_args().quick
    table, results = by_size([size for size in SIZES if max(size) <= 5] if quick else SIZES)
    if quick:
        return
    FOLDER.mkdir(exist_ok=True)
    write_atomically(FOLDER / "sign-rank-small.md", table)
    write_atomically(FOLDER / "sign-rank-5x5.md", each(5, 5, results[5, 5]))
    write_atomically(FOLDER / "sign-rank-6x6.md", each(6, 6, results[6, 6]))
    write_atomically(FOLDER / "sign-rank-largest.md", largest(results))
    write_atomically(FOLDER / "sign-rank-named.md", named(NAMED))


if __name__ == "__main__":
    main()
