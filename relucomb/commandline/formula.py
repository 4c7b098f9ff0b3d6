"""A network with one hidden layer as a formula in the names of the user's columns."""

from __future__ import annotations

import re
import textwrap
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relucomb.networks import ReLUNetwork

LINE_WIDTH = 79
DIGITS = 6
NOISE = 1e-10
_GLUE = "\N{NO-BREAK SPACE}"  # between a sign and its number, where no line may break


def formula(network: ReLUNetwork, names: Sequence[str], sizes: Sequence[float] | None = None) -> str:
    """Write a network as a formula, one hidden unit per line, rounded to six digits.

    Parameters
    ----------
    network : ReLUNetwork
        A network with at most one hidden layer and one output.
    names : sequence of str
        Names of the inputs.
    sizes : sequence of float, optional
        Greatest absolute value of each input. If given, terms are left out that are nothing but rounding errors: less
        than 1e-10 of the greatest term of their unit wherever the inputs may be.

    Returns
    -------
    str
        Lines of at most 79 columns where the names allow it. A network of another shape is only named by its widths.

    Examples
    --------
    >>> from relucomb.networks import ReLUNetwork
    >>> print(formula(ReLUNetwork([[[0.5, -1.0], [0.0, 3.0]], [[1.0, -1.0]]], [[0.0, -2.0], [7.0]]), ["bmi", "s5"]))
    f(bmi, s5) = + relu(0.5·bmi − s5)
                 − relu(3·s5 − 2)
                 + 7
    """
    names = [_quoted(name) for name in names]
    head = f"f({', '.join(names)}) = " if len(names) <= 4 else "f(x) = "
    if network.depth > 2 or network.widths[-1] != 1:
        return f"{head}network of widths {'-'.join(map(str, network.widths))}"
    lines: list[str] = []
    for text in _terms(network, names, sizes):
        first = head if not lines else " " * len(head)
        lines += textwrap.wrap(
            text,
            LINE_WIDTH,
            initial_indent=first,
            subsequent_indent=" " * (len(head) + len("+ relu(")),
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines).replace(_GLUE, " ")


def pieces_formula(
    breakpoints: Sequence[float], slopes: Sequence[float], intercepts: Sequence[float], name: str
) -> str:
    """Write a piecewise-linear function, one piece per line.

    Examples
    --------
    >>> print(pieces_formula([1.0], [0.0, 2.0], [3.0, 1.0], "bmi"))
    f(bmi) = 3            for bmi ≤ 1
             2·bmi + 1    for bmi ≥ 1
    """
    name = _quoted(name)
    head = f"f({name}) = "
    terms = [_affine([slope], intercept, [name]) for slope, intercept in zip(slopes, intercepts, strict=True)]
    ends = [_number(place) for place in breakpoints]
    if not ends:
        return (head + terms[0]).replace(_GLUE, " ")
    ranges = [
        f"{name} ≤ {ends[0]}",
        *(f"{low} ≤ {name} ≤ {high}" for low, high in pairwise(ends)),
        f"{name} ≥ {ends[-1]}",
    ]
    wide = max(map(len, terms))
    lines = [f"{term:<{wide}}    for {where}" for term, where in zip(terms, ranges, strict=True)]
    return (head + ("\n" + " " * len(head)).join(lines)).replace(_GLUE, " ")


def _terms(network: ReLUNetwork, names: Sequence[str], sizes: Sequence[float] | None) -> list[str]:
    """Return the summands, each beginning with its sign: the units, then what is affine."""
    output, constant = network.weights[-1][0].astype(float), float(network.biases[-1][0])
    if network.depth == 1:
        return [_affine(output, constant, names)]
    terms = []
    inner, biases = network.weights[0].astype(float), network.biases[0].astype(float)
    if sizes is not None:
        reach = np.abs(inner) * np.asarray(sizes)
        greatest = np.maximum(reach.max(axis=1), np.abs(biases))
        inner = np.where(reach > NOISE * greatest[:, None], inner, 0.0)
    for factor, v, b in zip(output, inner, biases, strict=True):
        if factor and (v.any() or b > 0):
            size = "" if abs(factor) == 1 else f"{_number(abs(factor))}·"
            terms.append(f"{_sign(factor)}{_GLUE}{size}relu({_affine(v, b, names)})")
    if constant or not terms:
        terms.append(f"{_sign(constant)}{_GLUE}{_number(abs(constant))}" if terms else _number(constant))
    return terms


def _affine(v: Sequence[float], b: float, names: Sequence[str]) -> str:
    parts = [
        (weight, name if abs(weight) == 1 else f"{_number(abs(weight))}·{name}")
        for weight, name in zip(v, names, strict=True)
        if weight
    ]
    if b or not parts:
        parts.append((b, _number(abs(b))))
    (first, text), *others = parts
    return ("−" if first < 0 else "") + text + "".join(f" {_sign(w)}{_GLUE}{term}" for w, term in others)


def _sign(number: float) -> str:
    return "−" if number < 0 else "+"


def _number(value: float) -> str:
    return f"{value:.{DIGITS}g}".replace("-", "−")


def _quoted(name: str) -> str:
    """Return a name that is no word in quotes, so that the formula can still be read."""
    return name if re.fullmatch(r"[^\W\d][\w.]*", name) else f'"{name}"'
