"""The page with the results: its parts between markers, and the machine they were measured on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from relucomb.atomic_write import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
PACKAGES = {"relucomb": "relucomb", "numpy": "numpy", "numba": "numba", "PySCIPOpt": "pyscipopt", "highspy": "highspy"}


def replace_part(name: str, text: str, page: Path = PAGE) -> None:
    """Put ``text`` between ``<!-- name:begin -->`` and ``<!-- name:end -->`` of the page.

    Raises
    ------
    ValueError
        The page does not have both markers once.
    """
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    old = page.read_text(encoding="utf-8")
    part = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if len(part.findall(old)) != 1:
        raise ValueError(f"{page.name} must have one part between {begin} and {end}")
    new = part.sub(lambda _: f"{begin}\n{text.strip()}\n{end}", old)
    write_atomically(page, new.encode("utf-8"))


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, the first column to the left and the others to the right."""
    lines = [header, ["---", *["--:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def machine(packages: Mapping[str, str] = PACKAGES, *, day: bool = True) -> str:
    """Name processor, cores, load, versions and, unless told not to, the day in one line.

    ``packages`` are the names to show, and for each that of its distribution.
    """
    versions = []
    for name, package in packages.items():
        try:
            versions.append(f"{name} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    when = f"{time.strftime('%Y-%m-%d')}: " if day else ""
    return (
        f"{when}{_processor()}, {os.cpu_count()} cores{load} at the start, "
        f"{platform.system()}, Python {platform.python_version()}, {', '.join(versions)}."
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        found = re.search(r"^model name\s*:\s*(.*)$", information.read_text(encoding="utf-8"), re.MULTILINE)
        if found:
            return found.group(1).strip()
    return platform.processor() or platform.machine()


def seconds(value: float) -> str:
    """Write seconds with as many digits as mean something.

    >>> seconds(0.00345), seconds(1.234), seconds(123.4)
    ('0.0035', '1.2', '123')
    """
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"


def per_cent(share: float) -> str:
    """Write a share.

    >>> per_cent(0.0), per_cent(0.005), per_cent(0.78)
    ('0 %', '0.5 %', '78 %')
    """
    return f"{100 * share:.2g} %" if share < 0.995 else f"{100 * share:.0f} %"
