"""Tests of relucomb's list of public names and of what importing it costs."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import relucomb as rc

HEAVY = {"numpy", "scipy", "numba", "cvxpy", "sympy", "networkx", "matplotlib", "sklearn", "flint", "rich"}


def run(program: str) -> str:
    """Run a program in an interpreter of its own, with the path of this one."""
    setup = f"import sys; sys.path[:0] = {sys.path!r}\n"
    return subprocess.run([sys.executable, "-c", setup + program], check=True, capture_output=True, text=True).stdout


def test_importing_the_package_imports_nothing_heavy() -> None:
    """The libraries behind the solvers load on first use."""
    assert not HEAVY & set(run("import relucomb; print(*sys.modules)").split())


@pytest.mark.parametrize("name", rc.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """Each name of the table can be fetched, and dir() shows it."""
    assert getattr(rc, name) is not None
    assert name in dir(rc)


@pytest.mark.parametrize("name", ["erm", "dichotomies"])
@pytest.mark.parametrize("first", ["import relucomb.{0}", "from relucomb import {0}", "pass"])
def test_a_function_is_not_hidden_by_the_module_of_its_name(name: str, first: str) -> None:
    """relucomb.erm is the function whatever was imported before."""
    program = f"{first.format(name)}\nimport relucomb\nprint(callable(relucomb.{name}))\nimport relucomb.{name}\n"
    assert run(program + f"print(callable(relucomb.{name}))").split() == ["True", "True"]
    assert importlib.import_module(f"relucomb.{name}").__name__ == f"relucomb.{name}"


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A wrong name is reported as by any module."""
    with pytest.raises(AttributeError, match="module 'relucomb' has no attribute 'perceptron'"):
        _ = rc.perceptron
