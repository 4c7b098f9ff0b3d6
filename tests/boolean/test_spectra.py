"""Measures of spectra against their definitions."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from relucomb.boolean import BooleanFunction, spectra
from relucomb.boolean.spectra import summarize_spectrum

if TYPE_CHECKING:
    import pytest


@given(st.integers(0, 4).flatmap(lambda n: st.integers(0, (1 << (1 << n)) - 1).map(lambda k: (k, n))))
def test_definitions(f: tuple[int, int]) -> None:
    """Sums over all coefficients as fractions; the levels add up to one."""
    function = BooleanFunction.from_integer(*f)
    sets = [s for size in range(function.n + 1) for s in itertools.combinations(range(function.n), size)]
    coefficients = {s: function.fourier_coefficient(s) for s in sets}
    found = summarize_spectrum(function)
    assert found.coefficients == sum(c != 0 for c in coefficients.values())
    assert found.largest == max(map(abs, coefficients.values()))
    assert found.norm == sum(map(abs, coefficients.values()))
    assert found.gates == sum(len(s) for s, c in coefficients.items() if c)
    for level, share in enumerate(found.levels):
        assert share == sum((c**2 for s, c in coefficients.items() if len(s) == level), Fraction(0))
    assert sum(found.levels) == 1


def test_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spectrum in many blocks has the same measures."""
    f = BooleanFunction.from_name("tribes", 9, width=3)
    whole = summarize_spectrum(f)
    monkeypatch.setattr(spectra, "BLOCK", 32)
    assert summarize_spectrum(f) == whole


def test_inner_product_is_bent() -> None:
    """All coefficients have the same size 2^(-n/2), so that the norm is as large as can be."""
    found = summarize_spectrum(BooleanFunction.from_name("inner_product", 8))
    assert (found.coefficients, found.largest, found.norm) == (256, Fraction(1, 16), 16)
