"""Tables as data: columns that say what they are and where their formula is from, rows of exact numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from relucomb.families.formulas import Formula

Cell = int | Fraction | str | None
"""An entry: an exact number, a label, or None where there is none."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    key
        Its name for programs: small letters, digits and underscores.
    heading
        Its name for people.
    group
        What it has in common with its neighbours of the same group; empty if nothing.
    formula
        The formula that gives its numbers, if one does.
    counted
        Whether its numbers are counted on the object itself, by an algorithm that knows no formula.
    digits
        Show fractions as decimals with so many digits; as they are if None.
    """

    key: str
    heading: str
    group: str = ""
    formula: Formula | None = None
    counted: bool = False
    digits: int | None = None

    @property
    def name(self) -> str:
        """Group and heading together."""
        return f"{self.group}: {self.heading}" if self.group else self.heading


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what ``relucomb table`` prints.

    Attributes
    ----------
    name, title
        What it is called, for programs and for people.
    columns
        One for each entry of a row.
    rows
        Exact numbers, or labels; None where a number is not defined or was not counted.
    notes
        What a reader must know, one sentence each.
    complete
        Whether all rows are there: an interruption may leave fewer.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    complete: bool = True

    def render(self, style: str = "text") -> str:
        """Return the table as text that ends in a line end.

        Parameters
        ----------
        style : {"text", "markdown", "latex", "csv", "json"}
            How.

        Raises
        ------
        ValueError
            The style is unknown.
        """
        from relucomb.tables.rendering import render

        return render(self, style)

    def column(self, key: str) -> list[Cell]:
        """Return the entries of a column.

        Raises
        ------
        ValueError
            There is no such column.
        """
        keys = [column.key for column in self.columns]
        if key not in keys:
            raise ValueError(f"key must be one of {', '.join(map(repr, keys))}; got {key!r}")
        return [row[keys.index(key)] for row in self.rows]

    def formulas(self) -> list[tuple[Column, Formula]]:
        """Return the columns that have a formula, with it."""
        return [(column, column.formula) for column in self.columns if column.formula is not None]


@dataclass(frozen=True, slots=True)
class Option:
    """A parameter of a table that a user may choose: some numbers.

    Attributes
    ----------
    default
        The numbers of the committed table.
    low, high
        The least and the greatest legal number.
    meaning
        What it is, in a few words.
    whole
        Whether the numbers must be whole; otherwise they may be any rationals, and the limits themselves are excluded.
    single
        Whether it is one number.
    """

    default: tuple[int | Fraction, ...]
    low: int | Fraction
    high: int | Fraction
    meaning: str
    whole: bool = True
    single: bool = False

    def checked(self, name: str, values: Any) -> tuple[int | Fraction, ...]:
        """Return the numbers that were chosen.

        Raises
        ------
        ValueError
            There is none, more than one for a single number, or one that is not legal.
        TypeError
            One is not a number.
        """
        given = [values] if not hasattr(values, "__iter__") else list(values)
        exact = [Fraction(entry) for entry in as_fractions(given, name, ndim=1).tolist()]
        if not exact or (self.single and len(exact) > 1):
            raise ValueError(f"{name} must have {'one number' if self.single else 'a number'}; got {len(exact)}")
        for entry in exact:
            if self.whole and not (entry.denominator == 1 and self.low <= entry <= self.high):
                raise ValueError(f"{name} must be whole, from {self.low} to {self.high}; got {entry}")
            if not self.whole and not self.low < entry < self.high:
                raise ValueError(f"{name} must be between {self.low} and {self.high}; got {entry}")
        return tuple(int(entry) if self.whole else entry for entry in exact)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a table is made.

    Attributes
    ----------
    name, title, columns, notes
        Of the table.
    rows
        Called with the chosen numbers of every option by name, yields the rows.
    options
        What may be chosen.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[..., Iterator[tuple[Cell, ...]]]
    options: Mapping[str, Option] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def make(self, *, interruptible: bool = False, **choices: int | Sequence[int] | Sequence[Fraction]) -> Table:
        """Make the table.

        Parameters
        ----------
        interruptible
            Whether Ctrl-C ends it with the rows there are, instead of an exception.
        **choices
            A number or several for some of the options.

        Raises
        ------
        ValueError
            There is no such option, or its value is not legal.
        """
        unknown = sorted(choices.keys() - self.options.keys())
        if unknown:
            legal = ", ".join(self.options) or "none"
            raise ValueError(f"the table {self.name!r} has no option {unknown[0]!r}; it has {legal}")
        chosen = {
            name: option.checked(name, choices[name]) if name in choices else option.default
            for name, option in self.options.items()
        }
        rows = []
        complete = True
        try:
            for row in self.rows(**chosen):
                assert len(row) == len(self.columns)
                rows.append(row)
        except KeyboardInterrupt:
            if not interruptible:
                raise
            complete = False
        return Table(self.name, self.title, self.columns, tuple(rows), self.notes, complete)
