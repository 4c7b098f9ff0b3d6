"""Both sides of an inequality, computed: what a theorem claims, put beside what is the case."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Number = float | Fraction


@dataclass(frozen=True, slots=True)
class Inequality:
    """``left ≤ right`` as computed on given data.

    Attributes
    ----------
    claim
        The statement, with the number of the theorem.
    left, right
        Both sides, as fractions where the arithmetic was exact.
    published
        Whether these are the constants as printed in the source.
    strict
        Whether the claim is ``left < right``.

    Examples
    --------
    >>> check = Inequality("Lemma 0: a ≤ b", Fraction(1, 3), Fraction(1, 2))
    >>> check.holds, check.slack
    (True, Fraction(1, 6))
    """

    claim: str
    left: Number
    right: Number
    published: bool = False
    strict: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is so, for the two numbers as they are."""
        return bool(self.left < self.right) if self.strict else bool(self.left <= self.right)

    @property
    def slack(self) -> Number:
        """How much room is left; negative if it fails."""
        return self.right - self.left

    def __str__(self) -> str:
        sign = ("<" if self.strict else "≤") if self.holds else (">" if self.left > self.right else "=")
        told = " (as printed)" if self.published else ""
        verdict = "holds" if self.holds else "FAILS"
        return f"{verdict}  {self.claim}{told}: {float(self.left):.9g} {sign} {float(self.right):.9g}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "claim": self.claim,
            "left": float(self.left),
            "right": float(self.right),
            "published": self.published,
            "holds": self.holds,
        }
