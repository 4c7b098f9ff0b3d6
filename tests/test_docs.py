"""Tests of the documentation: links lead somewhere (the examples run as doctests)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link names a file in the project, and its anchor a heading there."""
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} links to {link}"
        assert target.is_relative_to(ROOT), f"{page.name} links out of the project: {link}"
        assert not anchor or anchor in anchors(target), f"{page.name} links to {link}: no such heading"


def test_every_page_can_be_reached() -> None:
    """The index names every page of the documentation."""
    listed = {
        (ROOT / "docs" / link.partition("#")[0]).resolve()
        for link in LINK.findall((ROOT / "docs/index.md").read_text())
    }
    assert {page.resolve() for page in (ROOT / "docs").rglob("*.md")} - {ROOT / "docs/index.md"} <= listed


def test_the_architecture_names_every_module() -> None:
    """A reader of the folder listing finds a line about each file."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    modules = [*(ROOT / "relucomb").iterdir(), *(ROOT / "solvers" / "relucomb_solvers").glob("*.py")]
    names = {
        path.name + "/" if path.is_dir() else path.name for path in modules if not path.name.startswith(("__", "."))
    }
    assert not {name for name in names - {"py.typed"} if name not in text}
