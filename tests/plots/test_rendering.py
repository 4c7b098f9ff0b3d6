"""Tests of relucomb.plots.rendering."""

from __future__ import annotations

from typing import Any

import pytest

from relucomb.plots.rendering import render


def diagonal(figure: Any) -> None:
    """Draw a line."""
    figure.subplots().plot([0, 1], [0, 1])


@pytest.mark.parametrize(("image_format", "head"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_equal_pictures_give_equal_bytes(image_format: str, head: bytes) -> None:
    """No date and no random names in the file."""
    picture = render(diagonal, image_format)
    assert picture.startswith(head)
    assert render(diagonal, image_format) == picture


def test_other_formats_are_refused() -> None:
    """The message lists the legal ones."""
    with pytest.raises(ValueError, match="must be one of 'png', 'svg', 'pdf'; got 'gif'"):
        render(diagonal, "gif")
