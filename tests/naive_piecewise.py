"""Slow oracle for piecewise-linear functions on R, from the definition alone; nothing here imports relucomb.

A function is something to call with a Fraction, together with points between which it is affine. Everything else is
read off its values: the line between two neighbouring points from the values at two points inside, a piece from lines
that are equal, a zero from the line on which it lies.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Piece = tuple[Fraction | None, Fraction | None, Fraction, Fraction]  # left, right, slope, intercept; None: no end


@dataclass(frozen=True)
class Naive:
    """A function and points between which it is affine, in any order, superfluous ones included."""

    value: Callable[[Fraction], Fraction]
    points: tuple[Fraction, ...]

    def __call__(self, x: Fraction | int) -> Fraction:
        """Evaluate."""
        return self.value(Fraction(x))


def from_slopes(breakpoints: Sequence[Any], slopes: Sequence[Any], anchor: tuple[Any, Any]) -> Naive:
    """Return the function by integrating its slope from the anchor."""
    marks = [Fraction(t) for t in breakpoints]

    def integral(x: Fraction) -> Fraction:
        """Return the integral of the slope from 0 to x."""
        low, high = min(x, Fraction(0)), max(x, Fraction(0))
        cuts = [low, *(t for t in marks if low < t < high), high]
        area = Fraction(0)
        for left, right in itertools.pairwise(cuts):
            middle = (left + right) / 2
            area += Fraction(slopes[sum(t < middle for t in marks)]) * (right - left)
        return area if x >= 0 else -area

    x0, y0 = Fraction(anchor[0]), Fraction(anchor[1])
    return Naive(lambda x: y0 + integral(x) - integral(x0), tuple(marks))


def affine_intervals(points: Iterable[Fraction]) -> list[tuple[Fraction | None, Fraction | None]]:
    """Return the intervals between neighbouring points, and the two outside."""
    marks: list[Fraction | None] = [None, *sorted(set(points)), None]
    return list(itertools.pairwise(marks))


def inside(left: Fraction | None, right: Fraction | None) -> tuple[Fraction, Fraction]:
    """Return two points inside an interval."""
    if left is None and right is None:
        return Fraction(0), Fraction(1)
    if left is None:
        return right - 2, right - 1
    if right is None:
        return left + 1, left + 2
    return (2 * left + right) / 3, (left + 2 * right) / 3


def line(f: Naive, left: Fraction | None, right: Fraction | None) -> tuple[Fraction, Fraction]:
    """Return slope and intercept on an interval on which the function is affine."""
    x, y = inside(left, right)
    slope = (f(y) - f(x)) / (y - x)
    return slope, f(x) - slope * x


def pieces(f: Naive, low: Fraction | None = None, high: Fraction | None = None) -> list[Piece]:
    """Return the maximal pieces on an interval."""
    ends = [end for end in (low, high) if end is not None]
    found: list[Piece] = []
    for left, right in affine_intervals([*f.points, *ends]):
        if (low is not None and (left is None or left < low)) or (high is not None and (right is None or right > high)):
            continue
        slope, intercept = line(f, left, right)
        if found and found[-1][2:] == (slope, intercept):
            left = found.pop()[0]
        found.append((left, right, slope, intercept))
    return found


def level_points(f: Naive, y: Fraction) -> list[Fraction]:
    """Return the points inside the affine intervals at which a non-constant function takes a value."""
    found = []
    for left, right in affine_intervals(f.points):
        slope, intercept = line(f, left, right)
        if slope != 0:
            x = (y - intercept) / slope
            if (left is None or left < x) and (right is None or x < right):
                found.append(x)
    return found


def compose(f: Naive, g: Naive) -> Naive:
    """Return f after g: it may bend where g does and where g takes the value of a breakpoint of f."""
    cuts = [x for t in f.points for x in level_points(g, t)]
    return Naive(lambda x: f(g(x)), (*g.points, *cuts))


def combine(f: Naive, g: Naive, operation: Callable[[Fraction, Fraction], Fraction]) -> Naive:
    """Return ``operation(f(x), g(x))``: sums, maxima and the like, which may bend where f and g cross."""
    difference = Naive(lambda x: f(x) - g(x), (*f.points, *g.points))
    return Naive(lambda x: operation(f(x), g(x)), (*f.points, *g.points, *level_points(difference, Fraction(0))))


def preimage(f: Naive, y: Fraction) -> tuple[list[Fraction], list[tuple[Fraction | None, Fraction | None]]]:
    """Return isolated points and maximal intervals where the function takes a value."""
    flat = [(left, right) for left, right, slope, intercept in pieces(f) if slope == 0 and intercept == y]
    candidates = {x for x in (*f.points, *level_points(f, y)) if f(x) == y}
    isolated = [x for x in sorted(candidates) if not any(_contains(interval, x) for interval in flat)]
    return isolated, flat


def _contains(interval: tuple[Fraction | None, Fraction | None], x: Fraction) -> bool:
    left, right = interval
    return (left is None or left <= x) and (right is None or x <= right)


def integral(f: Naive, low: Fraction, high: Fraction, power: int) -> Fraction:
    """Return the integral of ``|f| ** power`` by antiderivatives, power 1 or 2."""
    area = Fraction(0)
    marks = [low, *(x for x in sorted({*f.points, *level_points(f, Fraction(0))}) if low < x < high), high]
    for left, right in itertools.pairwise(marks):
        slope, intercept = line(f, left, right)
        if power == 1:
            part = slope * (right**2 - left**2) / 2 + intercept * (right - left)
            area += abs(part)
        else:
            area += slope**2 * (right**3 - left**3) / 3 + slope * intercept * (right**2 - left**2)
            area += intercept**2 * (right - left)
    return area


def supremum(f: Naive, low: Fraction, high: Fraction) -> Fraction:
    """Return the greatest value of ``|f|`` on an interval."""
    return max(abs(f(x)) for x in (low, high, *(x for x in f.points if low < x < high)))


Layers = list[tuple[list[list[Fraction]], list[Fraction]]]


def received(layers: Layers, x: Fraction) -> list[list[Fraction]]:
    """Return what the units of each layer receive at a point, the outputs last."""
    values, signals = [x], []
    for k, (weights, biases) in enumerate(layers):
        if k:
            values = [max(Fraction(0), value) for value in values]
        values = [
            sum((w * v for w, v in zip(row, values, strict=True)), b) for row, b in zip(weights, biases, strict=True)
        ]
        signals.append(values)
    return signals


def switching_points(layers: Layers) -> list[Fraction]:
    """Return all points at which a hidden unit may cross zero, found layer by layer."""
    points: list[Fraction] = []
    for k in range(len(layers) - 1):
        for unit in range(len(layers[k][1])):
            signal = Naive(lambda x, k=k, unit=unit: received(layers, x)[k][unit], tuple(points))
            points = [*points, *level_points(signal, Fraction(0))]
    return sorted(set(points))


def of_network(layers: Layers) -> Naive:
    """Return the function of a network with one input and one output."""
    return Naive(lambda x: received(layers, x)[-1][0], tuple(switching_points(layers)))


def pattern(layers: Layers, x: Fraction) -> tuple[bool, ...]:
    """Return which hidden units are active at a point."""
    return tuple(value > 0 for signals in received(layers, x)[:-1] for value in signals)


def counts(layers: Layers) -> dict[str, int]:
    """Return the number of pieces in five meanings, by looking at every point and every interval."""
    points = switching_points(layers)
    intervals = affine_intervals(points)
    between = [pattern(layers, inside(*interval)[0]) for interval in intervals]
    at = [pattern(layers, x) for x in points]
    lines = []
    for left, right in intervals:
        outputs = [Naive(lambda x, j=j: received(layers, x)[-1][j], ()) for j in range(len(layers[-1][1]))]
        lines.append(tuple(line(output, left, right) for output in outputs))
    affine = 1 + sum(before != after for before, after in itertools.pairwise(lines))
    return {
        "patterns": len({*at, *between}),
        "activation": len(set(between)),
        "affine": affine,
        "affine-closed": affine,
        "maps": len(set(lines)),
    }


def least_units(breakpoints: Sequence[Fraction], slopes: Sequence[Fraction]) -> int:
    """Return the least size of a network with one hidden layer and an output bias, by trying all directions of units.

    The function is minimal and has a breakpoint. Each breakpoint takes a unit that opens to one side.
    """
    kinks = [after - before for before, after in itertools.pairwise(slopes)]
    for opens_left in itertools.product((False, True), repeat=len(kinks)):
        if sum((-kink for kink, left in zip(kinks, opens_left, strict=True) if left), Fraction(0)) == slopes[0]:
            return len(breakpoints)
    return len(breakpoints) + 1
