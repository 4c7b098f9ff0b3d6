"""Files to be written are checked before the work (the rest is tested through ``relucomb erm``)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from relucomb.commandline.files import check_outputs, check_picture
from relucomb.reading import InputError

if TYPE_CHECKING:
    from pathlib import Path


def test_good_outputs_leave_no_trace(tmp_path: Path) -> None:
    """The check writes nothing that stays, and lets devices pass."""
    check_outputs({"--output": str(tmp_path / "a.json"), "--plot": None, "--log-file": os.devnull}, {"the data": "-"})
    check_outputs({"--output": os.devnull, "--log-file": os.devnull}, {"the data": None})
    assert list(tmp_path.iterdir()) == []


def test_relative_names_are_seen_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two spellings of one path are one file, whether it exists or not."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"--plot \./a.png: is also --output; every file serves once"):
        check_outputs({"--output": "a.png", "--plot": "./a.png"}, {})
    with pytest.raises(InputError, match="--output : is a directory"):
        check_outputs({"--output": ""}, {})


@pytest.mark.parametrize(("path", "ending"), [("a.png", "png"), ("b.tar.SVG", "svg"), ("c.pdf", "pdf"), (None, None)])
def test_pictures(path: str | None, ending: str | None) -> None:
    """The format is the ending of the name."""
    assert check_picture("--plot", path) == ending


@pytest.mark.parametrize("path", ["a", "a.jpg", ".png", ""])
def test_other_pictures(path: str) -> None:
    """Other endings are refused."""
    with pytest.raises(InputError, match=r"the name must end in \.png, \.svg, \.pdf"):
        check_picture("--plot", path)
