"""Slow oracle for the five counts of pieces, written from the mathematics alone: nothing here imports relucomb.

On the points that share the activations of all units before it, the input of a hidden unit is an affine function
``g(x)``. A pattern is a choice of bits, 1 for ``g(x) > 0`` and 0 for ``g(x) <= 0``; its region is the set of points of
the domain that satisfy all its conditions. The domain is R^n, or a closed box with interior. With that:

- ``patterns``: the patterns whose region is not empty.
- ``activation``: the patterns whose region has interior points. On such a region the network is one affine map; call
  the closure of the region a *cell*.
- ``maps``: the different maps of cells.
- ``affine``: glue cells of equal maps that share a facet, that is, meet in a set of dimension ``n - 1``; the classes of
  the equivalence generated. They are the maximal open connected sets on which the network is affine: the interior of
  the union of all cells of one map is connected across such facets and across nothing smaller.
- ``affine-closed``: glue cells of equal maps that have a point in common.

Everything is decided by one question, whether a finite system of strict and weak linear inequalities has a solution,
and that by the elimination of Fourier and Motzkin in exact rationals; a float is the rational number that it is.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Affine = tuple[Fraction, ...]  # (a_1, ..., a_n, c) is the function a.x + c
Condition = tuple[Affine, bool]  # the function is > 0 if True, >= 0 if False
Map = tuple[Affine, ...]  # one function for each output
Layer = tuple[list[list[Fraction]], list[Fraction]]
Domain: TypeAlias = "Sequence[tuple[Any, Any]] | None"

KINDS = ("patterns", "activation", "affine", "affine-closed", "maps")


# --- linear inequalities ----------------------------------------------------------------------------------------------


def has_solution(system: Iterable[Condition]) -> bool:
    """Decide whether some point satisfies all conditions, by eliminating one variable after another.

    A point ``(x_2, ..., x_n)`` extends to a solution if and only if every lower bound on ``x_1`` is below every upper
    bound, strictly so if one of the two is strict.
    """
    rows = strictest(system)
    if rows is None:
        return False
    if not rows:
        return True
    above = [(g, strict) for g, strict in rows if g[0] > 0]
    below = [(g, strict) for g, strict in rows if g[0] < 0]
    rest = [(g[1:], strict) for g, strict in rows if g[0] == 0]
    for (g, g_strict), (h, h_strict) in itertools.product(above, below):
        combined = tuple(g[0] * q - h[0] * p for p, q in zip(g[1:], h[1:], strict=True))
        rest.append((combined, g_strict or h_strict))
    return has_solution(rest)


def strictest(system: Iterable[Condition]) -> list[Condition] | None:
    """Return one condition for each normal, the one that implies the others; None if one cannot hold anywhere.

    Conditions without variables are decided. The normals of the others are scaled to coprime integers.
    """
    kept: dict[tuple[int, ...], tuple[Fraction, bool]] = {}
    for g, strict in system:
        *a, c = g
        if not any(a):
            if c < 0 or (strict and c == 0):
                return None
            continue
        scale = Fraction(math.lcm(*(p.denominator for p in a)), 1)
        scale /= math.gcd(*(int(p * scale) for p in a))
        normal = tuple(int(p * scale) for p in a)
        found = (c * scale, not strict)  # the least is the strictest
        kept[normal] = min(kept.get(normal, found), found)
    return [((*map(Fraction, normal), c), not weak) for normal, (c, weak) in kept.items()]


def dimension(system: Sequence[Affine]) -> int:
    """Return the dimension of the polyhedron ``{x : g(x) >= 0 for all g}``, -1 if it is empty.

    It is n minus the rank of the conditions that no point of it satisfies strictly.
    """
    weak: list[Condition] = [(g, False) for g in system]
    if not has_solution(weak):
        return -1
    tight = [g[:-1] for g in system if any(g[:-1]) and not has_solution([*weak, (g, True)])]
    return len(system[0]) - 1 - rank(tight)


def rank(rows: Sequence[Affine]) -> int:
    """Return the rank of a matrix."""
    matrix = [list(row) for row in rows]
    found = 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((i for i in range(found, len(matrix)) if matrix[i][column]), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        for i in range(found + 1, len(matrix)):
            factor = matrix[i][column] / matrix[found][column]
            matrix[i] = [p - factor * q for p, q in zip(matrix[i], matrix[found], strict=True)]
        found += 1
    return found


# --- patterns ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Region:
    """The region of a pattern: the points of the domain that satisfy all conditions of the bits."""

    bits: tuple[bool, ...]  # of the hidden units, layer after layer
    conditions: tuple[Condition, ...]
    outputs: Map

    def is_full_dimensional(self) -> bool:
        """Decide whether there are interior points; inside, a condition holds strictly or is a constant."""
        return has_solution((g, strict or any(g[:-1])) for g, strict in self.conditions)

    def closure(self) -> list[Affine]:
        """Return the functions that are non-negative on the closure (if there are interior points)."""
        return [g for g, _ in self.conditions if any(g[:-1])]


def layers_of(network: Any) -> list[Layer]:
    """Return weights and biases as fractions."""
    return [
        ([[Fraction(w) for w in row] for row in W.tolist()], [Fraction(c) for c in b.tolist()])
        for W, b in zip(network.weights, network.biases, strict=True)
    ]


def box_conditions(n: int, domain: Domain) -> list[Condition]:
    """Return ``x_i >= low_i`` and ``x_i <= high_i``."""
    conditions: list[Condition] = []
    for i, (low, high) in enumerate(() if domain is None else domain):
        if not Fraction(low) < Fraction(high):
            raise ValueError(f"side {i} of the box is empty or flat: {low}, {high}")
        unit = [Fraction(int(i == k)) for k in range(n)]
        conditions.append(((*unit, -Fraction(low)), False))
        conditions.append(((*(-u for u in unit), Fraction(high)), False))
    return conditions


def regions(network: Any, domain: Domain = None) -> list[Region]:
    """Return all regions that are not empty: bit by bit, dropping beginnings that no point has."""
    layers = layers_of(network)
    n = len(layers[0][0][0])
    identity = tuple(tuple(Fraction(int(i == k)) for k in range(n + 1)) for i in range(n))
    return list(_extend(layers, identity, (), tuple(box_conditions(n, domain))))


def regions_by_trying_all(network: Any, domain: Domain = None) -> list[Region]:
    """Return the same by trying each of the 2^size patterns."""
    layers = layers_of(network)
    n = len(layers[0][0][0])
    found = []
    for bits in itertools.product((True, False), repeat=sum(len(b) for _, b in layers[:-1])):
        values: Map = tuple(tuple(Fraction(int(i == k)) for k in range(n + 1)) for i in range(n))
        conditions = box_conditions(n, domain)
        remaining = iter(bits)
        for layer in layers[:-1]:
            inputs = after(layer, values)
            chosen = list(itertools.islice(remaining, len(inputs)))
            conditions += [condition(g, bit) for g, bit in zip(inputs, chosen, strict=True)]
            values = tuple(activated(g, bit) for g, bit in zip(inputs, chosen, strict=True))
        if has_solution(conditions):
            found.append(Region(bits, tuple(conditions), after(layers[-1], values)))
    return found


def _extend(
    layers: Sequence[Layer], values: Map, bits: tuple[bool, ...], conditions: tuple[Condition, ...]
) -> Iterator[Region]:
    inputs = after(layers[0], values)
    if len(layers) == 1:
        yield Region(bits, conditions, inputs)
        return
    beginnings: list[tuple[tuple[bool, ...], tuple[Condition, ...]]] = [((), conditions)]
    for g in inputs:
        beginnings = [
            ((*chosen, bit), longer)
            for chosen, shorter in beginnings
            for bit in (True, False)
            if has_solution(longer := (*shorter, condition(g, bit)))
        ]
    for chosen, longer in beginnings:
        outputs = tuple(activated(g, bit) for g, bit in zip(inputs, chosen, strict=True))
        yield from _extend(layers[1:], outputs, bits + chosen, longer)


def condition(g: Affine, bit: bool) -> Condition:
    """Return what a bit says about the input of its unit."""
    return (g, True) if bit else (tuple(-p for p in g), False)


def activated(g: Affine, bit: bool) -> Affine:
    """Return the output of a unit."""
    return g if bit else (Fraction(0),) * len(g)


def after(layer: Layer, values: Map) -> Map:
    """Apply an affine layer to affine functions."""
    return tuple(
        tuple(
            sum((w * g[k] for w, g in zip(row, values, strict=True)), c if k == len(values[0]) - 1 else Fraction(0))
            for k in range(len(values[0]))
        )
        for row, c in zip(*layer, strict=True)
    )


# --- pieces -----------------------------------------------------------------------------------------------------------


def share_facet(first: Region, second: Region) -> bool:
    """Decide whether two cells meet in a set of dimension n - 1."""
    n = len(first.outputs[0]) - 1
    return dimension(first.closure() + second.closure()) == n - 1


def touch(first: Region, second: Region) -> bool:
    """Decide whether two cells have a point in common."""
    return has_solution((g, False) for g in first.closure() + second.closure())


def glued(cells: Sequence[Region], related: Callable[[Region, Region], bool]) -> list[list[Region]]:
    """Return the classes of the equivalence that ``related`` generates among cells of equal maps."""
    classes: list[list[Region]] = []
    for cell in cells:
        joined = [c for c in classes if c[0].outputs == cell.outputs and any(related(cell, other) for other in c)]
        classes = [c for c in classes if not any(c is j for j in joined)]
        classes.append([cell, *itertools.chain.from_iterable(joined)])
    return classes


def full_dimensional(network: Any, domain: Domain = None) -> list[Region]:
    """Return the regions that have interior points."""
    return [region for region in regions(network, domain) if region.is_full_dimensional()]


def piece_counts(network: Any, domain: Domain = None) -> dict[str, int]:
    """Return all five counts.

    Parameters
    ----------
    network
        Anything with ``weights`` and ``biases``, lists of arrays of numbers that fractions can be made of.
    domain
        None for R^n, or n pairs ``(low, high)`` for the closed box.
    """
    return counts_of(regions(network, domain))


def counts_of(found: Sequence[Region]) -> dict[str, int]:
    """Return the five counts of all regions of a network."""
    cells = [region for region in found if region.is_full_dimensional()]
    return {
        "patterns": len(found),
        "activation": len(cells),
        "affine": len(glued(cells, share_facet)),
        "affine-closed": len(glued(cells, touch)),
        "maps": len({cell.outputs for cell in cells}),
    }
