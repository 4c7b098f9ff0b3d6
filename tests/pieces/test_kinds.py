"""Tests of the kinds of pieces."""

from __future__ import annotations

import pytest

from relucomb.pieces.kinds import KINDS, check_kind


def test_kinds_are_known_by_name() -> None:
    """Each kind is itself; everything else is refused with the list of those that exist."""
    assert [check_kind(kind) for kind in KINDS] == list(KINDS)
    for wrong in ("Affine", "", None, 3):
        with pytest.raises(ValueError, match="'patterns', 'activation', 'affine', 'affine-closed', 'maps'"):
            check_kind(wrong)
