"""Tests of minimal circuits."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from relucomb.boolean import minimal
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
        assert result.proof == "rational"
        assert (result.refutation is not None) == (result.lower >= 2)


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


@pytest.mark.parametrize(("n", "upper"), [(5, 4), (6, 5)])
def test_parity_of_more_bits(n: int, upper: int) -> None:
    """One gate less than bits, found by local search within a limit; two are not enough."""
    found = minimal_circuit(parity(n), "LTF-of-ReLU", time_limit=5)
    assert found.verify()
    assert found.upper <= upper
    assert found.status == "interval"
    assert found.termination == "time_limit"
    assert found.proof == "float" or found.lower <= 1


def test_majority_is_proven_for_many_bits() -> None:
    """Two gates for a sum, and one is not enough."""
    for n in (3, 4, 5):
        found = minimal_circuit(BooleanFunction.from_name("majority", n))
        assert (found.lower, found.upper) == (2 if n > 2 else 1, 2)
        assert found.proof == ("rational" if n <= 4 else "float")


def test_exact_proofs_on_demand() -> None:
    """They can be left out, and asked for where they are not the rule."""
    assert minimal_circuit(parity(3), exact=False).proof == "float"
    assert minimal_circuit(parity(3), exact=False).refutation is None
    with pytest.raises(ValueError, match="exact is possible for 5 variables at most; got 6"):
        minimal_circuit(parity(6), exact=True)


def test_false_proofs_are_not_verified() -> None:
    """A refutation of another function, of fewer gates, or none where one is claimed."""
    found = minimal_circuit(parity(3))
    assert found.verify()
    assert found.refutation is not None
    assert not replace(found, refutation=None).verify()
    assert not replace(found, refutation=replace(found.refutation, gates=1)).verify()
    assert not replace(found, refutation=replace(found.refutation, functionals=())).verify()
    assert not replace(found, upper=4).verify()
    assert not replace(found, function=~parity(3)).verify()


@pytest.mark.parametrize("when", [0, 1, 2])
def test_interruptions_give_an_interval(when: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the search for any number of gates, or in the proof in integers, keeps what is known."""
    calls = 0
    whole = minimal._try_width

    def interrupted(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > when:
            raise KeyboardInterrupt
        return whole(*arguments)

    monkeypatch.setattr(minimal, "_try_width", interrupted)
    found = minimal_circuit(parity(3))
    assert found.lower == 1 + when
    assert found.upper == 3
    assert found.verify()
    assert found.termination == ("interrupted" if when < 2 else "exhausted")


def test_a_signal_in_the_search() -> None:
    """SIGINT while the search runs: the interval so far."""
    threading.Timer(3.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    found = minimal_circuit(parity(6))
    assert found.termination == "interrupted"
    assert found.status == "interval"
    assert found.verify()


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
