"""The piecewise-linear function of a network with one input, and the points at which its units switch.

The layers are gone through one after another. Between two neighbouring breakpoints found so far every unit of a layer
is affine, with an integer slope and an integer intercept over one denominator for the whole layer. A unit switches
where it crosses zero; the events, in the order of x, add or subtract one column each from what the next layer
receives. So the work is that of the pieces times the width of the *next* layer, and only the last layer's output ever
has all pieces.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.piecewise_linear.arithmetic import (
    SAFE,
    alike,
    combination,
    greatest,
    lowest_terms,
    sorting_order,
)
from relucomb.piecewise_linear.calculus import PieceArrays, minimal
from relucomb.rationals import over_common_denominator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from relucomb.piecewise_linear.arithmetic import Integers

FLOAT_SAFE = 2**53


class IntegerLayer(NamedTuple):
    """An affine layer over one denominator: ``(weights · x + biases) / denominator``."""

    weights: Integers
    biases: Integers
    denominator: int


class Lines(NamedTuple):
    """What the units of a layer receive: ``(slope x + intercept) / denominator``, a row for each interval.

    The intervals are those between neighbouring breakpoints ``p / q``, one more than there are breakpoints; a column
    is a unit.
    """

    p: Integers
    q: Integers
    slope: Integers
    intercept: Integers
    denominator: int


def function_of(network: ReLUNetwork) -> PieceArrays:
    """Return the function of a network with one input and one output, in minimal form.

    Raises
    ------
    ValueError
        The network has several inputs or outputs.
    TypeError
        It is no network.

    Examples
    --------
    >>> function_of(ReLUNetwork([[[2]], [[3]]], [[-1], [0]])).p
    array([1])
    """
    lines = received_by_outputs(integer_layers(network))
    constant: Integers = np.asarray([lines.denominator])
    pieces = lowest_terms(*alike(lines.slope[:, 0], lines.intercept[:, 0], np.repeat(constant, len(lines.slope))))
    return minimal(lines.p, lines.q, *pieces)


def received_by_outputs(layers: list[IntegerLayer]) -> Lines:
    """Return the outputs of a network with one input, on the intervals on which all of them are affine."""
    lines = _first(layers[0])
    for layer in layers[1:]:
        lines = _without_fakes(rectified(lines, layer))
    return lines


def switching_points(layers: list[IntegerLayer]) -> tuple[Integers, Integers]:
    """Return points ``p / q`` between which every hidden unit is affine and keeps its sign."""
    lines = _first(layers[0])
    for layer in layers[1:]:
        lines = rectified(lines, layer)
    return lines.p, lines.q


def integer_layers(network: ReLUNetwork, *, one_output: bool = True) -> list[IntegerLayer]:
    """Return the layers of a network with one input as integers.

    Raises
    ------
    ValueError
        The network has several inputs, or several outputs where only one is allowed.
    TypeError
        It is no network.
    """
    if not isinstance(network, ReLUNetwork):
        raise TypeError(f"network must be a ReLUNetwork; got {type(network).__name__}")
    inputs, outputs = network.widths[0], network.widths[-1]
    if inputs != 1 or (one_output and outputs != 1):
        legal = "one input and one output" if one_output else "one input"
        raise ValueError(f"network must have {legal}; got {inputs} and {outputs}")
    exact = network.exact()
    layers = []
    for W, b in zip(exact.weights, exact.biases, strict=True):
        entries, common = over_common_denominator(np.hstack([W, b[:, None]]))
        entries = alike(entries)[0]
        layers.append(IntegerLayer(entries[:, :-1], entries[:, -1], common))
    return layers


def received(layers: list[IntegerLayer], p: Integers, q: Integers) -> Iterator[Integers]:
    """Yield for each layer what its units receive at the points ``p / q``, times a positive number for each point.

    The rows are the points; the number is ``q`` times the denominators of this layer and of all before it.
    """
    values, scale = p[:, None], np.asarray(q)
    for k, layer in enumerate(layers):
        if k:
            values = np.where(values > 0, values, 0)
        factors = factors_of_rank_one(layer.weights)
        if factors is None:
            terms: tuple[Integers, Integers | int] = product(values, layer.weights.T), 1
        else:
            terms = product(values, factors[1][:, None]), factors[0][None, :]
        values = combination(terms, (scale[:, None], layer.biases[None, :]))
        scale = combination((scale, layer.denominator))
        yield values


def factors_of_rank_one(weights: Integers) -> tuple[Integers, Integers] | None:
    """Return a column and a row of integers whose product the matrix is, if there are such.

    Composed networks have such layers, and multiplying by them takes as many steps as there are rows and columns.

    Examples
    --------
    >>> factors_of_rank_one(np.array([[2, 4], [-3, -6]]))
    (array([ 2, -3]), array([1, 2]))
    >>> factors_of_rank_one(np.array([[1, 0], [0, 1]])) is None
    True
    """
    nonzero = np.flatnonzero(weights)
    if not len(nonzero):
        return None
    i, j = divmod(int(nonzero[0]), weights.shape[1])
    row = weights[i] // np.gcd.reduce(weights[i])
    column = weights[:, j] // row[j]
    matrix = combination((column[:, None], row[None, :]))
    return (column, row) if bool((matrix == weights).all()) else None


def product(X: Integers, Y: Integers) -> Integers:
    """Return the matrix product of integers: by floats if no partial sum can round, in 64 bits if none can overflow.

    Examples
    --------
    >>> product(np.array([[1, 2]]), np.array([[3], [4]]))
    array([[11]])
    """
    bound = max(greatest(X), 1) * max(greatest(Y), 1) * max(X.shape[1], 1)
    if bound < FLOAT_SAFE:
        return np.asarray((X.astype(np.float64) @ Y.astype(np.float64)).astype(np.int64))
    X, Y = alike(X, Y)
    kind = np.int64 if bound < SAFE and X.dtype == np.int64 else object
    return np.asarray(X.astype(kind, copy=False) @ Y.astype(kind, copy=False))


def _first(layer: IntegerLayer) -> Lines:
    nothing = np.array([], dtype=np.int64)
    return Lines(nothing, nothing, layer.weights[:, 0][None, :], layer.biases[None, :], layer.denominator)


def rectified(lines: Lines, layer: IntegerLayer) -> Lines:
    """Return what the next layer receives after ``max(0, ·)``, on intervals on which no unit changes its sign."""
    before, after = _signs_at_the_ends(lines)
    row, unit = np.nonzero(before * after < 0)
    p, q = alike(*lowest_terms(*alike(-lines.intercept[row, unit], lines.slope[row, unit])))
    order = sorting_order(p, q, row)
    p, q, row, unit = p[order], q[order], row[order], unit[order]
    turn = np.where(after[row, unit] > 0, 1, -1)
    active = before > 0
    scale = layer.denominator
    slopes = _events(lines.slope, active, row, unit, turn, layer.weights)
    intercepts = _events(lines.intercept, active, row, unit, turn, layer.weights)
    intercepts = combination((intercepts, 1), (layer.biases[None, :], lines.denominator))
    # an interval of the result starts at an old breakpoint or at an event
    count = np.bincount(row, minlength=len(before))
    starts = np.cumsum(count + 1) - (count + 1)  # of the old intervals among the new ones
    at_event = np.ones(len(slopes), dtype=bool)
    at_event[starts] = False
    new_p, new_q = _interleaved(lines.p, p, at_event), _interleaved(lines.q, q, at_event)
    distinct = (new_p[1:] != new_p[:-1]) | (new_q[1:] != new_q[:-1])
    last = np.r_[distinct, np.ones(min(len(new_p), 1), dtype=bool)]  # units may switch at one point together
    rows = np.r_[True, last]
    return _reduced(Lines(new_p[last], new_q[last], slopes[rows], intercepts[rows], lines.denominator * scale))


def _signs_at_the_ends(lines: Lines) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the signs of the units right after the start and right before the end of each interval."""
    p, q = lines.p[:, None], lines.q[:, None]
    at = np.sign(combination((lines.slope[1:], p), (lines.intercept[1:], q))).astype(np.int64)
    direction = np.sign(lines.slope).astype(np.int64)
    level = np.sign(lines.intercept).astype(np.int64)
    left = np.where(direction[:1] != 0, -direction[:1], level[:1])  # at minus infinity
    right = np.where(direction[-1:] != 0, direction[-1:], level[-1:])
    before = np.vstack([left, np.where(at != 0, at, direction[1:])])
    after = np.vstack([np.where(at != 0, at, -direction[:-1]), right])
    return before, after


def _events(
    lines: Integers,
    active: NDArray[np.bool_],
    row: NDArray[np.int64],
    unit: NDArray[np.int64],
    turn: NDArray[np.int64],
    weights: Integers,
) -> Integers:
    """Return ``weights · (active part of the lines)`` at the start of each interval and after each event in it."""
    base = product(np.where(active, lines, 0), weights.T)
    steps = combination((weights.T[unit], combination((lines[row, unit], turn))[:, None]))
    count = np.bincount(row, minlength=len(base))
    starts = np.cumsum(count + 1) - (count + 1)
    old = np.repeat(np.arange(len(base)), count + 1)
    bound = max(greatest(lines), 1) * max(greatest(weights), 1) * (lines.shape[1] + 1)
    kind = object if bound >= SAFE or base.dtype == object or steps.dtype == object else np.int64
    changes = np.zeros((len(old), base.shape[1]), dtype=kind)
    is_event = np.ones(len(old), dtype=bool)
    is_event[starts] = False
    changes[is_event] = steps
    # the running sum of 64-bit integers may wrap round, but its differences within an interval are below the bound
    running = np.cumsum(changes, axis=0)
    return np.asarray(base.astype(kind, copy=False)[old] + (running - running[starts][old]))


def _interleaved(old: Integers, new: Integers, at_event: NDArray[np.bool_]) -> Integers:
    """Return the starts of all intervals but the first: those of the old ones, and the events."""
    old, new = alike(old, new)
    starts = np.zeros(len(at_event), dtype=old.dtype)
    starts[at_event] = new
    starts[np.r_[False, ~at_event[1:]]] = old
    return starts[1:]


def _reduced(lines: Lines) -> Lines:
    """Divide everything by what it shares with the denominator."""
    divisor = lines.denominator
    for part in (lines.slope, lines.intercept):
        if divisor > 1:
            divisor = math.gcd(divisor, int(np.gcd.reduce(part.ravel())))
    if divisor == 1:
        return lines
    kind = np.int64 if divisor < SAFE else object
    slope, intercept = (
        alike((part if part.dtype == kind else part.astype(object)) // divisor)[0]
        for part in (lines.slope, lines.intercept)
    )
    return Lines(lines.p, lines.q, slope, intercept, lines.denominator // divisor)


def _without_fakes(lines: Lines) -> Lines:
    """Leave out the breakpoints at which nothing changes for any unit."""
    bends = ((lines.slope[1:] != lines.slope[:-1]) | (lines.intercept[1:] != lines.intercept[:-1])).any(axis=1)
    if bends.all():
        return lines
    rows = np.r_[True, bends]
    return lines._replace(p=lines.p[bends], q=lines.q[bends], slope=lines.slope[rows], intercept=lines.intercept[rows])
