"""Print how long the measures of Boolean functions take beside what is wanted, as a Markdown table.

    python scripts/bench_boolean.py            about half a minute
    python scripts/bench_boolean.py --quick    without proofs checked again and without 5 variables

Processor time of one thread, compilation excluded. Every result is checked: known numbers, Parseval's identity, the
proofs of threshold functions point by point.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from relucomb.boolean import (
    BooleanFunction,
    is_unate,
    npn_classes,
    summarize_spectrum,
    test_by_extremal_points,
    test_threshold,
    threshold_functions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEADER = ("what", "result", "CPU s", "wanted, s")
Row = tuple[str, str, float, str]
Result = TypeVar("Result")


def timed(function: Callable[[], Result]) -> tuple[Result, float]:
    """Return the result and the processor time."""
    start = time.process_time()
    return function(), time.process_time() - start


def spectra() -> Iterator[Row]:
    """Measure spectra of random functions."""
    rng = np.random.default_rng(0)
    for n, wanted in ((20, ""), (24, "2")):
        f = BooleanFunction(rng.integers(0, 2, 1 << n, dtype=np.int8))
        spectrum, seconds = timed(f.walsh_spectrum)
        check(sum(int((part**2).sum()) for part in np.split(spectrum, 16)) == 4**n, "Parseval")
        yield f"Walsh–Hadamard spectrum, n = {n}", f"{np.count_nonzero(spectrum):,} coefficients", seconds, wanted
    found, seconds = timed(lambda: summarize_spectrum(f))
    yield "the same with its levels", f"{found.gates:,} gates by characters", seconds, ""


def threshold_tests(quick: bool) -> Iterator[Row]:
    """Measure the threshold test on all functions of 4 variables, and for many variables."""
    functions = [BooleanFunction.from_integer(number, 4) for number in range(1 << 16)]
    for name, test, wanted in (
        ("threshold test of all 4-bit functions", test_threshold, "10"),
        ("the same by extremal points", test_by_extremal_points, ""),
    ):
        found, seconds = timed(lambda test=test: [test(f) for f in functions])
        count = sum(map(bool, found))
        check(count == 1882, f"{count} threshold functions")
        yield name, f"{count:,} of {len(found):,}", seconds, wanted
        if not quick:
            proven, seconds = timed(lambda found=found: all(result.verify() for result in found))
            check(proven, "proofs")
            yield "their proofs checked, point by point", "all hold", seconds, ""
    for name, n, parameters in (
        ("odd_max_bit", 24, {}),
        ("majority", 23, {}),
        ("tribes", 20, {"width": 4}),
        ("inner_product", 24, {}),
    ):
        f = BooleanFunction.from_name(name, n, **parameters)
        result, seconds = timed(f.is_threshold)
        told = "yes" if result else f"no, {len(result.combination or ())} points" + " (unate)" * is_unate(f)
        yield f"is {name}, n = {n}, a threshold function", told, seconds, ""


def counts(quick: bool) -> Iterator[Row]:
    """Count threshold functions and classes."""
    for n, known in ((1, 4), (2, 14), (3, 104), (4, 1882), (5, 94572))[: 4 if quick else 5]:
        found, seconds = timed(lambda n=n: list(threshold_functions(n)))
        check(len(found) == known, f"{len(found)} threshold functions of {n} variables")
        yield f"all threshold functions, n = {n}", f"{known:,}", seconds, "minutes" if n == 5 else ""
    classes, seconds = timed(lambda: npn_classes(4))
    check(len(classes) == 222, "classes")
    yield "NPN classes of all 4-bit functions", f"{len(classes)}", seconds, "2"
    if not quick:
        classes, seconds = timed(lambda: npn_classes(5, functions=found))
        check(len(classes) == 63, "classes of threshold functions")
        yield "NPN classes of the threshold functions, n = 5", f"{len(classes)}", seconds, ""


def check(holds: bool, what: str) -> None:
    """Stop if a result is wrong."""
    if not holds:
        raise AssertionError(what)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="leave out what takes long")
    quick = parser.parse_args().quick
    small = BooleanFunction.from_name("parity", 9)  # compile
    for warm_up in (small.is_threshold, lambda: summarize_spectrum(small), lambda: list(threshold_functions(2))):
        warm_up()
    print("| " + " | ".join(HEADER) + " |")
    print("|---|---|--:|--:|")
    for part in (spectra(), threshold_tests(quick), counts(quick)):
        for what, result, seconds, wanted in part:
            print(f"| {what} | {result} | {seconds:.3f} | {wanted} |", flush=True)


if __name__ == "__main__":
    main()
