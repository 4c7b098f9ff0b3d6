"""Tests of the package relucomb.families: its names, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import relucomb as rc
from relucomb import families


@pytest.mark.parametrize("name", families.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """Each name can be reached by rc.families."""
    assert getattr(rc.families, name) is getattr(families, name)


def test_importing_the_families_does_not_import_sympy() -> None:
    """The formulas load sympy, and only on first use; the solvers load with the first search."""
    program = f"import sys; sys.path[:0] = {sys.path!r}\nimport relucomb\nrelucomb.families\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert "relucomb.families" in loaded
    assert not {"sympy", "scipy.optimize", "cvxpy"} & set(loaded)
