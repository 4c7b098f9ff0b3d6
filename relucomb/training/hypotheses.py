"""The conditions of a theorem, each with how a run stands to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A condition of a theorem: what is demanded, what is the case, and by how much it fails.

    Attributes
    ----------
    statement
        What the theorem demands, as a formula.
    holds
        Whether it is the case; ``None`` if nobody can tell from what was given.
    value, limit
        The number that is demanded something of, and what it may be at most (or at least); NaN if there is none.
    remark
        Where it fails, and what helps.

    Examples
    --------
    >>> print(Hypothesis("‖x_i‖ ≤ 1", False, 2.5, 1.0, "row 4"))
    fails    ‖x_i‖ ≤ 1: it is 2.5, 1.5 too far; row 4
    """

    statement: str
    holds: bool | None
    value: float = math.nan
    limit: float = math.nan
    remark: str = ""

    @property
    def violation(self) -> float:
        """How far the value is beyond the limit: 0 where the condition holds, NaN where nobody can tell."""
        if self.holds is None:
            return math.nan
        return 0.0 if self.holds else abs(self.value - self.limit)

    def __str__(self) -> str:
        word = {True: "holds", False: "fails", None: "unknown"}[self.holds]
        told = "" if math.isnan(self.value) else f": it is {self.value:.6g}"
        if self.holds is False and 0 < self.violation < math.inf:
            told += f", {self.violation:.3g} too far"
        return f"{word:<9}{self.statement}{told}" + (f"; {self.remark}" if self.remark else "")

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "statement": self.statement,
            "holds": self.holds,
            "value": self.value,
            "limit": self.limit,
            "violation": self.violation,
            "remark": self.remark,
        }


def at_most(statement: str, value: float, limit: float, remark: str = "", *, strictly: bool = False) -> Hypothesis:
    """Return the hypothesis that a value is at most a limit; the remark is only for the case that it fails.

    Examples
    --------
    >>> at_most("L < 2", 2.0, 2.0, strictly=True).holds, at_most("L ≤ 2", 2.0, 2.0).holds
    (False, True)
    """
    holds = value < limit if strictly else value <= limit
    return Hypothesis(statement, bool(holds), float(value), float(limit), "" if holds else remark)


def at_least(statement: str, value: float, limit: float, remark: str = "", *, strictly: bool = False) -> Hypothesis:
    """Return the hypothesis that a value is at least a limit; the remark is only for the case that it fails."""
    holds = value > limit if strictly else value >= limit
    return Hypothesis(statement, bool(holds), float(value), float(limit), "" if holds else remark)


def all_hold(hypotheses: Iterable[Hypothesis]) -> bool:
    """Say whether every one is known to hold."""
    return all(hypothesis.holds is True for hypothesis in hypotheses)
