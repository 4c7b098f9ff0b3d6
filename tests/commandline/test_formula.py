"""Networks as formulas."""

from __future__ import annotations

from fractions import Fraction

import pytest

from relucomb.commandline.formula import LINE_WIDTH, formula, pieces_formula
from relucomb.networks import ReLUNetwork


@pytest.mark.parametrize(
    ("network", "names", "text"),
    [
        (ReLUNetwork([[[1.0]], [[1.0]]], [[0.0], [0.0]]), ["x"], "f(x) = + relu(x)"),
        (ReLUNetwork([[[-1.0]], [[-1.0]]], [[1.0], [0.0]]), ["x"], "f(x) = − relu(−x + 1)"),
        (
            ReLUNetwork([[[2.5e-7]], [[-3.0]]], [[-1e9], [-2.0]]),
            ["x"],
            "f(x) = − 3·relu(2.5e−07·x − 1e+09)\n       − 2",
        ),
        (ReLUNetwork([[[0.0]], [[1.0]]], [[2.0], [0.0]]), ["x"], "f(x) = + relu(2)"),
        (ReLUNetwork([[[0.0]], [[1.0]]], [[-2.0], [0.0]]), ["x"], "f(x) = 0"),
        (ReLUNetwork([[[1.0]], [[0.0]]], [[1.0], [-7.0]]), ["x"], "f(x) = −7"),
        (ReLUNetwork([[[2.0, -1.0]]], [[0.5]]), ["a b", "c"], 'f("a b", c) = 2·"a b" − c + 0.5'),
        (ReLUNetwork([[[Fraction(1, 3)]], [[1]]], [[0], [0]]), ["x"], "f(x) = + relu(0.333333·x)"),
        (ReLUNetwork([[[1.0] * 5], [[1.0]]], [[0.0], [0.0]]), list("abcde"), "f(x) = + relu(a + b + c + d + e)"),
        (ReLUNetwork([[[1.0]], [[1.0]], [[1.0]]], [[0.0]] * 3), ["x"], "f(x) = network of widths 1-1-1-1"),
        (ReLUNetwork([[[1.0], [1.0]]], [[0.0, 0.0]]), ["x"], "f(x) = network of widths 1-2"),
    ],
)
def test_formulas(network: ReLUNetwork, names: list[str], text: str) -> None:
    """Signs, ones, zeros, constants and odd names are written as a mathematician would."""
    assert formula(network, names) == text


def test_rounding_errors_are_left_out() -> None:
    """What is beyond the printed digits at every point is not printed, and a unit that is nothing else neither."""
    net = ReLUNetwork([[[1e-14, 2.0], [1e-14, 1e-15]], [[1.0, -1.0]]], [[1.0, -1.0], [0.0]])
    assert "e−14" in formula(net, ["a", "b"])
    assert formula(net, ["a", "b"], [5.0, 1.0]) == "f(a, b) = + relu(2·b + 1)"
    assert "e−14" in formula(net, ["a", "b"], [1e9, 1.0])


def test_long_units_are_folded_between_terms() -> None:
    """A unit of many features continues on the next line, indented, and never between a sign and its number."""
    names = [f"feature_{k}" for k in range(12)]
    net = ReLUNetwork([[[-1.23456e-5] * 12] * 2, [[1.0, -1.0]]], [[0.5, 0.5], [0.0]])
    lines = formula(net, names).splitlines()
    assert len(lines) > 4
    assert all(len(line) <= LINE_WIDTH for line in lines)
    assert all(not line.rstrip().endswith("−") for line in lines)
    assert lines[1].startswith(" " * 14 + "− 1.23456e−05·")


def test_pieces_are_listed_with_their_ranges() -> None:
    """A piecewise-linear function is told from left to right; one piece needs no range."""
    text = pieces_formula([-1.0, 2.5], [0.0, 1.0, -2.0], [-1.0, 0.0, 7.5], "body mass")
    assert text.splitlines() == [
        'f("body mass") = −1                      for "body mass" ≤ −1',
        '                 "body mass"             for −1 ≤ "body mass" ≤ 2.5',
        '                 −2·"body mass" + 7.5    for "body mass" ≥ 2.5',
    ]
    assert pieces_formula([], [2.0], [0.0], "x") == "f(x) = 2·x"
