"""Tests of relucomb.piecewise_linear.json: what files may hold."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from relucomb.piecewise_linear.function import PiecewiseLinear
from relucomb.piecewise_linear.json import decode, encode

GOOD: dict[str, Any] = {"breakpoints": ["0/1", 1], "slopes": [0.5, "-1/2", "+3"], "anchor": [0, "1/3"]}


def test_numbers_in_all_forms() -> None:
    """Fractions as texts, integers and floats; unknown keys are ignored."""
    assert decode({**GOOD, "note": "x"}) == (
        [0, 1],
        [Fraction(1, 2), Fraction(-1, 2), 3],
        [0, Fraction(1, 3)],
    )
    f = PiecewiseLinear.from_json(GOOD)
    assert PiecewiseLinear.from_json(f.to_json()) == f
    assert encode(*decode({**GOOD, "slopes": [1, 2, 3]})[:2], (Fraction(0), Fraction(1)))["slopes"] == [
        "1/1",
        "2/1",
        "3/1",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "relucomb.ReLUNetwork"}, "'format' must be 'relucomb.PiecewiseLinear'"),
        ({"version": 2}, "'version' must be 1; got 2"),
        ({"breakpoints": 3}, "'breakpoints' must be a list of numbers; got 3"),
        ({"slopes": None}, "'slopes' must be a list of numbers; got null"),
        ({"slopes": [True, 1, 2]}, r"slopes\[0\] is true"),
        ({"slopes": ["1/0", 1, 2]}, r"slopes\[0\] is .*not a number"),
        ({"anchor": ["x", 1]}, r"anchor\[0\] is"),
        ({"anchor": [1]}, "anchor must be a point"),
        ({"slopes": [1, 2]}, "slopes must have one entry more"),
        ({"breakpoints": [1, 1]}, "strictly increasing"),
        ({"breakpoints": [[1], [2]]}, "breakpoints must have 1 dimension"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(change: dict[str, Any], message: str) -> None:
    """The key, what was found, and what is legal."""
    with pytest.raises(ValueError, match=message):
        PiecewiseLinear.from_json({**GOOD, **change})


def test_no_object_and_missing_keys() -> None:
    """They are named too."""
    with pytest.raises(ValueError, match=r"must be a JSON object; got \[\]"):
        PiecewiseLinear.from_json([])
    for key in GOOD:
        with pytest.raises(ValueError, match=f"'{key}' must be a list of numbers; got no such key"):
            PiecewiseLinear.from_json({k: v for k, v in GOOD.items() if k != key})
