"""Tests of relucomb.tables.table: options are checked, and an interruption leaves the finished rows."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from relucomb.tables.table import Column, Option, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator


def squares(n: tuple[int, ...], stop: tuple[int]) -> Iterator[tuple[int, ...]]:
    """Yield rows until one is interrupted."""
    for number in n:
        if number == stop[0]:
            raise KeyboardInterrupt
        yield number, number**2


RECIPE = Recipe(
    "squares",
    "Squares",
    (Column("n", "n"), Column("square", "square", counted=True)),
    squares,
    {"n": Option((1, 2, 3), 1, 9, "numbers"), "stop": Option((0,), 0, 9, "where to stop", single=True)},
)


def test_choices() -> None:
    """Defaults, one number, several numbers."""
    assert RECIPE.make().rows == ((1, 1), (2, 4), (3, 9))
    assert RECIPE.make(n=5).rows == ((5, 25),)
    assert RECIPE.make(n=range(8, 10)).column("square") == [64, 81]


def test_interruptions() -> None:
    """The rows that are finished, if they are wanted; else the exception."""
    table = RECIPE.make(stop=3, interruptible=True)
    assert (table.complete, len(table.rows)) == (False, 2)
    assert RECIPE.make().complete
    with pytest.raises(KeyboardInterrupt):
        RECIPE.make(stop=3)


def test_refusals() -> None:
    """Unknown options and columns, numbers out of range, fractions, too many or too few."""
    with pytest.raises(ValueError, match="has no option 'm'; it has n, stop"):
        RECIPE.make(m=3)
    with pytest.raises(ValueError, match="n must be whole, from 1 to 9; got 10"):
        RECIPE.make(n=[1, 10])
    with pytest.raises(ValueError, match="n must be whole, from 1 to 9; got 1/2"):
        RECIPE.make(n=0.5)
    with pytest.raises(ValueError, match="n must have a number; got 0"):
        RECIPE.make(n=[])
    with pytest.raises(ValueError, match="stop must have one number; got 2"):
        RECIPE.make(stop=[1, 2])
    with pytest.raises(TypeError):
        RECIPE.make(n="a")
    with pytest.raises(ValueError, match="key must be one of 'n', 'square'; got 'cube'"):
        RECIPE.make().column("cube")


def test_open_intervals() -> None:
    """Rational numbers may not be the ends."""
    share = Option((Fraction(1, 2),), 0, 1, "a share", whole=False)
    assert share.checked("share", [0.25, Fraction(1, 3)]) == (Fraction(1, 4), Fraction(1, 3))
    with pytest.raises(ValueError, match="share must be between 0 and 1; got 1"):
        share.checked("share", 1)
