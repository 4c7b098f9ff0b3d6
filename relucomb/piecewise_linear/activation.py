"""Where the units of a network with one input switch, and its pieces in five meanings, by looking at each interval.

Nothing here enumerates regions: the points at which units change sign are found layer by layer, and the patterns are
read off at these points and between them. So this is a check on counts in several dimensions that shares no step with
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from relucomb.piecewise_linear.arithmetic import combination, from_fractions, lowest_terms, to_fractions
from relucomb.piecewise_linear.calculus import joined
from relucomb.piecewise_linear.measures import interval_of, ranks_of_ends
from relucomb.piecewise_linear.networks import integer_layers, received, received_by_outputs, switching_points

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from relucomb.networks import ReLUNetwork
    from relucomb.piecewise_linear.arithmetic import Integers
    from relucomb.piecewise_linear.networks import IntegerLayer


class _Patterns(NamedTuple):
    """The points ``p / q`` where units may switch, ends of the interval included, and the patterns there and between.

    Rows of ``between`` are the intervals from left to right; without an end there is one more on that side.
    """

    p: Integers
    q: Integers
    at: NDArray[np.bool_]
    between: NDArray[np.bool_]


def activation_breakpoints(network: ReLUNetwork) -> tuple[Fraction, ...]:
    """Return the points at which a hidden unit becomes active or inactive, increasing.

    A unit is active where it receives a positive number. The intervals between the points are the activation regions of
    full dimension; the function may well be affine across some of the points.

    Parameters
    ----------
    network
        A network with one input, and any number of outputs.

    Raises
    ------
    ValueError
        The network has several inputs.
    TypeError
        It is no network.

    Examples
    --------
    >>> from relucomb.networks import ReLUNetwork
    >>> activation_breakpoints(ReLUNetwork([[[2], [0]], [[1, 1]]], [[-1, 1], [0]]))
    (Fraction(1, 2),)
    """
    patterns = _patterns(integer_layers(network, one_output=False), (None, None))
    switch = (patterns.between[1:] != patterns.between[:-1]).any(axis=1)
    return tuple(to_fractions(patterns.p[switch], patterns.q[switch]))


def count_pieces_on_line(network: ReLUNetwork, interval: tuple[float, float] | None = None) -> dict[str, int]:
    """Count the pieces of a network with one input in all five meanings.

    Parameters
    ----------
    network
        A network with one input, and any number of outputs.
    interval
        ``(low, high)``, closed, ``low < high``; None is all of R.

    Returns
    -------
    dict
        By kind: ``"patterns"``, those at single points included; ``"activation"``, on intervals; ``"affine"`` and
        ``"affine-closed"``, the maximal intervals on which the function is affine, which in one dimension are the same;
        ``"maps"``, the different affine functions among them.

    Raises
    ------
    ValueError
        The network has several inputs, or the interval is empty or flat.
    TypeError
        It is no network.

    Examples
    --------
    >>> from relucomb.networks import ReLUNetwork
    >>> count_pieces_on_line(ReLUNetwork([[[1], [1], [1]], [[1, -2, 1]]], [[0, -1, -2], [0]]))
    {'patterns': 4, 'activation': 4, 'affine': 4, 'affine-closed': 4, 'maps': 3}
    """
    layers, ends = integer_layers(network, one_output=False), interval_of(interval)
    patterns = _patterns(layers, ends)
    lines = received_by_outputs(layers)
    first, last = ranks_of_ends((lines.p, lines.q), ends)
    rows = np.hstack([lines.slope, lines.intercept])[first : last + 1].tolist()
    affine = last - first + 1
    return {
        "patterns": _distinct(np.vstack([patterns.at, patterns.between])),
        "activation": _distinct(patterns.between),
        "affine": affine,
        "affine-closed": affine,
        "maps": len(set(map(tuple, rows))),
    }


def _distinct(patterns: NDArray[np.bool_]) -> int:
    return len({row.tobytes() for row in np.packbits(patterns, axis=1)})


def _patterns(layers: list[IntegerLayer], ends: tuple[Fraction | None, Fraction | None]) -> _Patterns:
    p, q = switching_points(layers)
    first, last = ranks_of_ends((p, q), ends)
    low, high = (from_fractions([end] if end is not None else []) for end in ends)
    p, q = joined(low[0], p[first:last], high[0]), joined(low[1], q[first:last], high[1])
    # the mediant of two fractions lies strictly between them
    inner = combination((p[1:], 1), (p[:-1], 1)), combination((q[1:], 1), (q[:-1], 1))
    left = (combination((p[:1], 1), (q[:1], -1)), q[:1]) if ends[0] is None else (p[:0], q[:0])
    right = (combination((p[-1:], 1), (q[-1:], 1)), q[-1:]) if ends[1] is None else (p[:0], q[:0])
    between = joined(left[0], inner[0], right[0]), joined(left[1], inner[1], right[1])
    if not len(p):
        between = np.array([0]), np.array([1])
    return _Patterns(p, q, _active(layers, p, q), _active(layers, *between))


def _active(layers: list[IntegerLayer], p: Integers, q: Integers) -> NDArray[np.bool_]:
    """Return for each point which hidden units receive a positive number there."""
    signals = list(received(layers, *lowest_terms(p, q)))[:-1]
    return np.hstack([np.zeros((len(p), 0), dtype=bool), *(signal > 0 for signal in signals)])
