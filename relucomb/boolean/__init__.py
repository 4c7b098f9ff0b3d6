"""Boolean functions and circuits, with proofs."""

from __future__ import annotations

from relucomb.boolean.function import BooleanFunction

__all__ = ["BooleanFunction"]
