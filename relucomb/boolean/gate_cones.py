"""The kinds of ReLU gates on a cube: which points each is positive at, and the rays of the cone of its weights.

The weights ``a`` (with the bias) for which ``a·(x, 1)`` is at least 0 on a set of points of the cube and at most 0 on
the others form a polyhedral cone. The sets of strict dichotomies have cones with interior, which cover all weights. On
such a cone the gate is linear in ``a``, so what holds for sums of the gates of its rays holds for all of it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from relucomb.boolean.function import points
from relucomb.dichotomies import dichotomies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from relucomb.boolean.function import BooleanFunction

MOST_VARIABLES = 5
"""Six variables have 15 million dichotomies."""

GENERATORS = 16
"""Symmetries that are looked at; as a rule they generate all others."""

_CHUNK = 4096


@dataclass(frozen=True, eq=False)
class GateCones:
    """The cones of gates on a cube.

    A *kind* of gate is a cone with the sign of the gate's output weight: kind ``k`` is cone ``k`` with +1, kind
    ``k + len(active)`` the same with −1. The cone of the gate that is nowhere positive is left out.

    Attributes
    ----------
    active
        ``(C, 2^n)`` booleans: where the gates of each cone may be positive.
    rays
        ``(R, n + 1)`` integers, the rays of all cones with the bias last.
    values
        ``(R, 2^n)`` integers: the gate of each ray at all points of the cube, over its greatest common divisor.
    members, starts
        The rays of cone ``k`` are ``members[starts[k]:starts[k + 1]]``.
    """

    active: NDArray[np.bool_]
    rays: NDArray[np.int64]
    values: NDArray[np.int64]
    members: NDArray[np.int64]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of kinds."""
        return 2 * len(self.active)

    def rays_of(self, cone: int) -> NDArray[np.int64]:
        """Return the gates of the rays of a cone, as rows of ``values``."""
        return np.asarray(self.values[self.members[self.starts[cone] : self.starts[cone + 1]]])

    def not_positive(self, functional: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for each kind whether ``Σ_x functional(x) gate(x) ≤ 0`` for all gates of that kind, exactly.

        Parameters
        ----------
        functional
            ``(2^n,)`` integers of a size that cannot overflow: below ``2^40``.
        """
        sums = (self.values @ functional)[self.members]
        greatest = np.maximum.reduceat(sums, self.starts[:-1])
        least = np.minimum.reduceat(sums, self.starts[:-1])
        return np.concatenate([greatest <= 0, least >= 0])

    def orbits(self, f: BooleanFunction) -> NDArray[np.int64]:
        """Return for each kind the least kind that a symmetry of a function makes of it.

        Symmetries permute and negate variables so that the function stays or becomes its negation. A symmetry turns
        a circuit of the function into another one, in which each gate has another kind.
        """
        count = len(self.active)
        keys = _keys(self.active)
        order = np.argsort(keys)
        symmetries = list(_symmetries(f))
        if len(symmetries) > GENERATORS:  # smaller orbits, if these do not generate them all, are as good but slower
            chosen = np.random.default_rng(0).choice(len(symmetries), GENERATORS, replace=False)
            symmetries = [symmetries[k] for k in chosen.tolist()]
        kinds = np.arange(2 * count)
        pairs = []
        for moved, negated in symmetries:
            image = order[np.searchsorted(keys, _keys(self.active[:, moved]), sorter=order)]
            pairs.append((np.concatenate([image, image + count]) + count * negated) % (2 * count))
        edges = (np.ones(len(pairs) * len(kinds)), (np.tile(kinds, len(pairs)), np.concatenate(pairs)))
        _, labels = connected_components(csr_array(edges, shape=(len(kinds), len(kinds))), directed=False)
        least = np.full(labels.max() + 1, 2 * count)
        np.minimum.at(least, labels, kinds)
        return np.asarray(least[labels])


def _symmetries(f: BooleanFunction) -> Iterator[tuple[NDArray[np.int64], bool]]:
    """Yield where points are moved, and whether the function becomes its negation."""
    index = np.arange(1 << f.n)
    table = f.table
    for permutation in itertools.permutations(range(f.n)):
        permuted = np.zeros_like(index)
        for place, i in enumerate(permutation):
            permuted |= (index >> i & 1) << place
        for mask in range(1 << f.n):
            same = table[permuted ^ mask] == table
            if same.all() or not same.any():
                yield permuted ^ mask, not same.any()


@cache
def gate_cones(n: int) -> GateCones:
    """Return the cones of gates of ``n`` variables, at most 5.

    Examples
    --------
    >>> len(gate_cones(2).active), len(gate_cones(2).rays)
    (13, 12)
    """
    if not 1 <= n <= MOST_VARIABLES:
        raise ValueError(f"n must be from 1 to {MOST_VARIABLES}; got {n}")
    cube = np.column_stack([points(n).astype(np.int64), np.ones(1 << n, dtype=np.int64)])
    active = np.array([pattern for pattern in dichotomies(points(n)) if pattern.any()])
    rays = _rays(cube)
    sums = rays @ cube.T
    values = np.maximum(sums, 0)
    values //= np.maximum(np.gcd.reduce(values, axis=1), 1)[:, None]  # some are 0 everywhere
    below, above = (sums < 0).T.astype(np.float32), (sums > 0).T.astype(np.float32)
    members, counts = [], []
    for start in range(0, len(active), _CHUNK):
        chunk = active[start : start + _CHUNK].astype(np.float32)
        inside = (chunk @ below == 0) & ((1 - chunk) @ above == 0)
        members.append(np.nonzero(inside)[1])
        counts.append(inside.sum(axis=1))
    starts = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    return GateCones(active, rays, values, np.concatenate(members), starts)


def _rays(cube: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the vectors that are orthogonal to as many independent points as can be, both ways; shortest integers."""
    size = cube.shape[1]
    chosen = cube[np.array(list(itertools.combinations(range(len(cube)), size - 1)))]
    # minors of signs: integers of a few digits, which the determinants of floats hit up to rounding
    minors = [np.rint(np.linalg.det(np.delete(chosen, k, axis=2).astype(np.float64))) for k in range(size)]
    normals = np.stack([(-1) ** k * minor for k, minor in enumerate(minors)], axis=1).astype(np.int64)
    if (chosen @ normals[:, :, None]).any():
        raise ArithmeticError("a normal vector is wrong")
    normals = normals[normals.any(axis=1)]
    normals //= np.gcd.reduce(normals, axis=1)[:, None]
    return np.unique(np.concatenate([normals, -normals]), axis=0)


def _keys(active: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return each row of at most 64 booleans as a number."""
    packed = np.packbits(active, axis=1, bitorder="little")
    words = np.zeros((len(active), 8), dtype=np.uint8)
    words[:, : packed.shape[1]] = packed
    return words.view(np.uint64)[:, 0]
