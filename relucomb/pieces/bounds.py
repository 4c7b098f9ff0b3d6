"""Upper bounds on the number of pieces of any network of a given architecture, in exact integers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import comb, prod
from operator import index
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relucomb.families.formulas import Formula

ALL_KINDS = ("patterns", "activation", "affine", "affine-closed", "maps")
"""The kinds of pieces that :func:`relucomb.count_pieces` knows, the most numerous first."""


@dataclass(frozen=True, slots=True)
class PieceBound:
    """An upper bound on the number of pieces.

    Attributes
    ----------
    name
        Its key in the dictionary that :func:`piece_upper_bounds` returns.
    value
        The bound.
    source
        Where it is proven.
    kinds
        The kinds of pieces whose number it bounds.
    """

    name: str
    value: int
    source: str
    kinds: tuple[str, ...]

    @property
    def formula(self) -> Formula:
        """The formula of the bound, a sympy expression."""
        from relucomb.families.formulas import FORMULAS

        return FORMULAS[f"pieces at most: {self.name}"]


def piece_upper_bounds(widths: Sequence[int]) -> dict[str, PieceBound]:
    """Return the known upper bounds on the number of pieces of a network with these widths.

    The bounds hold for every network of the architecture, on all of ``R^n`` as on any convex part of it. They are
    computed exactly, in time polynomial in the widths.

    Parameters
    ----------
    widths
        Number of inputs, of units in each hidden layer, of outputs, as ``ReLUNetwork.widths`` has them.

    Returns
    -------
    dict
        The bounds by name, the loosest first: for networks of one input ``"lemma"`` (Lemma 2.A.6) and
        ``"product"`` (the product of the ``w_i + 1``); always ``"signs"`` (2 to the number of units),
        ``"layers"`` (each layer cuts each region by at most so many hyperplanes in ``R^n``), ``"bottleneck"``
        (Montúfar: a layer after a narrow one cuts in few dimensions) and ``"serra"`` (Serra,
        Tjandraatmadja and Ramalingam, Theorem 1), which is the least of those.

    Raises
    ------
    ValueError
        Fewer than two widths are given, or one is not positive.
    TypeError
        A width is not an integer.

    Examples
    --------
    >>> bounds = piece_upper_bounds((2, 3, 3, 1))
    >>> {name: bound.value for name, bound in bounds.items()}
    {'signs': 64, 'layers': 49, 'bottleneck': 49, 'serra': 40}
    >>> {name: bound.value for name, bound in piece_upper_bounds((1, 4, 3, 1)).items()}
    {'signs': 128, 'lemma': 30, 'product': 20, 'layers': 20, 'bottleneck': 20, 'serra': 20}
    """
    n, hidden = _checked(widths)
    proper = ALL_KINDS[1:]
    bounds = [PieceBound("signs", 2 ** sum(hidden), "one pattern for each subset of the units", ALL_KINDS)]
    if n == 1:
        bounds += [
            PieceBound("lemma", _lemma(hidden), "Lemma 2.A.6", proper),
            PieceBound("product", prod(w + 1 for w in hidden), "each unit cuts each piece once", proper),
        ]
    narrowest = list(accumulate([n, *hidden], min))[:-1]
    layers = prod(cells(w, n) for w in hidden)
    bottleneck = prod(cells(w, d) for w, d in zip(hidden, narrowest, strict=True))
    bounds += [
        PieceBound("layers", layers, "T. Zaslavsky 1975, layer by layer", proper),
        PieceBound("bottleneck", bottleneck, "G. Montúfar, arXiv 1710.00641", proper),
        PieceBound("serra", serra(n, hidden), "T. Serra et al., arXiv 1711.02114, Theorem 1", proper),
    ]
    return {bound.name: bound for bound in bounds}


def cells(w: int, n: int) -> int:
    """Return ``Σ_{j≤n} C(w, j)``, the greatest number of cells that w hyperplanes can part ``R^n`` into.

    Examples
    --------
    >>> cells(3, 2)
    7
    """
    return sum(comb(w, j) for j in range(min(n, w) + 1))


def serra(n: int, hidden: Sequence[int]) -> int:
    """Return ``Σ Π_l C(w_l, j_l)`` over all ``j_l ≤ min(n, w_1 - j_1, …, w_{l-1} - j_{l-1}, w_l)``.

    The sum is taken layer by layer: what later layers may do depends only on the minimum so far.

    Examples
    --------
    >>> serra(2, [3, 3]), serra(1, [1, 1, 1])
    (40, 4)
    """
    ways = {n: 1}
    for w in hidden:
        ways = serra_layer(ways, w)
    return sum(ways.values())


def serra_layer(ways: dict[int, int], w: int) -> dict[int, int]:
    """Add a layer of width w to the partial sums, which are sorted by the dimension that is left."""
    after: dict[int, int] = {}
    for dimension, count in ways.items():
        for j in range(min(dimension, w) + 1):
            left = min(dimension, w - j)
            after[left] = after.get(left, 0) + count * comb(w, j)
    return after


def _lemma(hidden: Sequence[int]) -> int:
    return 2 ** (len(hidden) - 1) * (hidden[0] + 1) * prod(hidden[1:]) if hidden else 1


def _checked(widths: Sequence[int]) -> tuple[int, list[int]]:
    numbers = [index(w) for w in widths]
    if len(numbers) < 2 or min(numbers) < 1:
        raise ValueError(
            f"widths must be positive: inputs, hidden layers, outputs, as ReLUNetwork.widths; got {tuple(widths)}"
        )
    return numbers[0], numbers[1:-1]
