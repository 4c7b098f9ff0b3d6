"""Frequencies are held against a bound by the whole of their interval."""

from __future__ import annotations

import pytest

from relucomb.training import Frequency


@pytest.mark.parametrize(
    ("hits", "bound", "at_least", "refuted"),
    [
        (55, 0.2, False, True),
        (25, 0.2, False, False),
        (0, 0.0, False, False),
        (55, 0.9, True, True),
        (88, 0.9, True, False),
        (100, 1.0, True, False),
    ],
)
def test_only_a_whole_interval_refutes(hits: int, bound: float, at_least: bool, refuted: bool) -> None:
    """A frequency on the wrong side refutes nothing while the bound is in its interval."""
    found = Frequency("A", hits, 100, bound, at_least=at_least)
    assert found.refuted is refuted
    assert str(found).startswith("REFUTED    A: " if refuted else "consistent A: ")


def test_as_a_document() -> None:
    """The interval is part of it."""
    document = Frequency("A", 55, 100, 0.2, published=True).to_dict()
    assert (document["hits"], document["runs"], document["published"], document["refuted"]) == (55, 100, True, True)
    assert 0.44 < document["low"] < 0.55 < document["high"] < 0.66
