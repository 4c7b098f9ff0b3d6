"""Tests of minimal circuits."""

from __future__ import annotations

import itertools
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from relucomb.boolean.function import BooleanFunction, points
from relucomb.boolean.minimal import minimal_circuit
from relucomb.boolean.npn import npn_classes
from relucomb.boolean.threshold import test_threshold
from relucomb.dichotomies import dichotomies
from relucomb_solvers.starting_cells import rational_matrix


def parity(n: int) -> BooleanFunction:
    """Return the parity of n bits."""
    return BooleanFunction(points(n, "bits").sum(axis=1) % 2)


@pytest.mark.parametrize(
    ("n", "circuit_class", "sizes"),
    [
        (1, "Sum-of-ReLU", {0: 1, 1: 1}),
        (2, "Sum-of-ReLU", {0: 1, 1: 2, 2: 1}),
        (3, "Sum-of-ReLU", {0: 1, 1: 3, 2: 9, 3: 1}),
        (2, "LTF-of-ReLU", {0: 1, 1: 2, 2: 1}),
        (3, "LTF-of-ReLU", {0: 1, 1: 5, 2: 7, 3: 1}),
    ],
)
def test_all_functions_up_to_symmetry(n: int, circuit_class: str, sizes: dict[int, int]) -> None:
    """Every class is decided, every circuit verified; the numbers of classes by size."""
    found = [minimal_circuit(entry.representative, circuit_class) for entry in npn_classes(n)]  # type: ignore[arg-type]
    assert all(result.verify() for result in found)
    assert all(result.status == "minimal" for result in found)
    assert Counter(result.upper for result in found) == sizes
    for result in found:
        assert len(result.losses) == result.lower
        assert list(result.losses) == sorted(result.losses, reverse=True)


def test_one_gate_by_linear_algebra() -> None:
    """That one gate is not enough, shown again without any search: no pattern of one unit spans the function."""
    bias = np.full((8, 1), Fraction(1), dtype=object)
    cube = np.hstack([np.vectorize(Fraction, otypes=[object])(points(3)), bias])
    for entry in npn_classes(3):
        f = entry.representative
        y = np.vectorize(Fraction, otypes=[object])(f.signs)[:, None]
        spanned = False
        for active in dichotomies(points(3)):
            columns = np.hstack([np.where(active[:, None], cube, Fraction(0)), bias])
            spanned |= rational_matrix(np.hstack([columns, y])).rank() == rational_matrix(columns).rank()
        if not spanned:
            assert minimal_circuit(f).lower >= 2


def test_one_gate_below_a_threshold_is_a_threshold_function() -> None:
    """LTF-of-ReLU with one gate computes the threshold functions and no others."""
    for entry in npn_classes(3):
        f = entry.representative
        assert (minimal_circuit(f, "LTF-of-ReLU").upper <= 1) == bool(test_threshold(f))


def test_parity_of_four_bits_takes_three_gates() -> None:
    """One gate less than the zigzag; two are not enough."""
    for circuit_class in ("Sum-of-ReLU", "LTF-of-ReLU"):
        found = minimal_circuit(parity(4), circuit_class)  # type: ignore[arg-type]
        assert (found.lower, found.upper) == (3, 3)
        assert found.verify()


def test_sizes_do_not_change_with_symmetries() -> None:
    """Turned, permuted and negated functions have minimal circuits of the same size."""
    f = BooleanFunction.from_integer(0b01101001_10010110 ^ 0b1011, 4)
    size = minimal_circuit(f).upper
    for order, turned in itertools.product([(1, 0, 3, 2), (3, 2, 1, 0)], [(0,), (1, 2)]):
        assert minimal_circuit(~f.permute(order).negate_inputs(turned)).upper == size


def test_limits_and_bad_arguments() -> None:
    """With no time there is an interval; unknown classes and sizes are refused."""
    found = minimal_circuit(parity(4), time_limit=1e-9)
    assert found.status == "interval"
    assert found.lower <= 3 <= found.upper
    assert found.verify()
    with pytest.raises(ValueError, match="circuit_class"):
        minimal_circuit(parity(2), "ReLU")  # type: ignore[arg-type]
    for n in (0, 11):
        with pytest.raises(ValueError, match="from 1 to 10 variables"):
            minimal_circuit(BooleanFunction([0] * (1 << n)))
