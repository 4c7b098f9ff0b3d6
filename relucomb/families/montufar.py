"""The construction of Montúfar, Pascanu, Cho and Bengio: layers that fold a cube, and a last one that cuts it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import comb, prod
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from relucomb.families.sawtooth import Sawtooth, _check_domain
from relucomb.network_layers import compose
from relucomb.networks import ReLUNetwork
from relucomb.pieces.bounds import cells
from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from relucomb.network_layers import Layer


@dataclass(frozen=True, init=False)
class Montufar:
    """A network of n inputs whose layers but the last fold ``[0, 1]^n`` onto itself, ``⌊w/n⌋`` times along each axis.

    Each fold is the :class:`~relucomb.families.Sawtooth` of equal steps along every axis; ``w mod n`` units of a layer
    remain unused and are left out. The last layer cuts the cube by hyperplanes in general position, all of whose cells
    meet the cube, so ``⌊w_1/n⌋^n ⋯ ⌊w_{L-1}/n⌋^n Σ_{j≤n} C(w_L, j)`` activation regions lie in the cube.

    A region of the last layer in which no unit is active is flat, and flat regions of neighbouring folds are one piece.
    With more than n units in the last layer the units can be turned so that there is no such region; the output
    weights grow geometrically, so that the function then bends at every fold and the number of pieces is the
    same. With n units there is such a region whatever one does.

    Parameters
    ----------
    inputs
        The dimension n.
    widths
        The widths of the hidden layers, each at least n.

    Raises
    ------
    ValueError
        ``inputs`` is not positive, there is no layer, or a width is less than ``inputs``.

    References
    ----------
    G. Montúfar, R. Pascanu, K. Cho, Y. Bengio, "On the number of linear regions of deep neural networks", NeurIPS
    2014, Theorem 4.

    Examples
    --------
    >>> f = Montufar(2, (4, 3))
    >>> f.network()
    <ReLUNetwork 2-4-3-1, exact>
    >>> f.count_pieces("core")
    28
    """

    inputs: int
    widths: tuple[int, ...]

    def __init__(self, inputs: int, widths: Sequence[int]) -> None:
        if inputs < 1:
            raise ValueError(f"inputs must be at least 1; got {inputs}")
        if len(widths) == 0 or min(widths) < inputs:
            raise ValueError(f"widths must be at least inputs = {inputs}, in one layer or more; got {tuple(widths)}")
        object.__setattr__(self, "inputs", int(inputs))
        object.__setattr__(self, "widths", tuple(int(w) for w in widths))

    @property
    def folds(self) -> tuple[int, ...]:
        """How many pieces each layer but the last folds each edge of the cube into: ``⌊w/n⌋``."""
        return tuple(w // self.inputs for w in self.widths[:-1])

    def __call__(self, x: ArrayLike) -> Fraction:
        """Return the exact value at the point ``x``, from folds and hinges, without the network."""
        point = as_fractions(x, "x", ndim=1).tolist()
        if len(point) != self.inputs:
            raise ValueError(f"x must have {self.inputs} entries; got {len(point)}")
        for p in self.folds:
            point = [_fold(p, entry) for entry in point]
        W, b, c = self._cuts()
        return sum(
            (weight * max(Fraction(0), entry) for weight, entry in zip(c, W @ point + b, strict=True)), Fraction(0)
        )

    def network(self) -> ReLUNetwork:
        """Return the exact network; a folding layer has ``n ⌊w/n⌋`` units."""
        layers: list[Layer] = [(_eye(self.inputs), _eye(self.inputs)[0] * 0)]
        for p in self.folds:
            layers = compose(_folding_layer(p, self.inputs), layers)
        W, b, c = self._cuts()
        layers = compose([(W, b), (c[None, :], c[:1] * 0)], layers)
        return ReLUNetwork([W for W, _ in layers], [b for _, b in layers])

    def count_pieces(
        self, domain: Literal["core", "all"] = "core", kind: Literal["affine", "activation"] = "affine"
    ) -> int:
        """Return the number of pieces in the cube ``[0, 1]^n`` by the closed form.

        Parameters
        ----------
        domain
            ``"core"``, the cube; there is no closed form outside.
        kind
            ``"affine"`` for pieces of the function, ``"activation"`` for regions of one activation pattern.

        Raises
        ------
        ValueError
            ``domain`` is ``"all"``; or ``kind`` is ``"affine"``, the last layer has only n units, and there are folds.
        """
        _check_domain(domain)
        if domain == "all":
            raise ValueError("domain must be 'core': there is no closed form for the pieces outside the cube")
        if kind not in ("affine", "activation"):
            raise ValueError(f"kind must be 'affine' or 'activation'; got {kind!r}")
        last = self.widths[-1]
        if kind == "affine" and last == self.inputs and prod(self.folds) > 1:
            raise ValueError(
                f"kind must be 'activation' when the last layer has only n = {last} units: "
                "its flat regions merge across the folds, and there is no closed form for that"
            )
        return int(prod(self.folds) ** self.inputs * cells(last, self.inputs))

    def _cuts(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Return normals, offsets and output weights of the last layer.

        The hyperplanes are ``Σ_j y_j t^j = t^n`` for ``t = 1, …, w``: any n of them meet in the one point whose
        coordinates are, but for signs, the elementary symmetric functions of their n values of t, and no n + 1
        of them meet. Those points lie in a box known in advance, which is mapped into the cube.
        """
        n, w = self.inputs, self.widths[-1]
        times = [Fraction(t) for t in range(1, w + 1)]
        normals = np.array([[t**j for j in range(n)] for t in times], dtype=object)
        offsets = np.array([-(t**n) for t in times], dtype=object)
        signs = _turned(n, w)
        weights = np.array([Fraction(2 * w ** (n - 1) + 1) ** i for i in range(w)], dtype=object)
        # y_j = (-1)^(n-1-j) e_(n-j), and 0 < e_i < C(n, i) w^i + 1
        reach = [comb(n, n - j) * Fraction(w) ** (n - j) + 1 for j in range(n)]
        low = np.array([Fraction(0) if (n - 1 - j) % 2 == 0 else -reach[j] for j in range(n)], dtype=object)
        W = normals * np.array(reach, dtype=object)
        b = normals @ low + offsets
        return signs[:, None] * W, signs * b, weights


def _turned(n: int, w: int) -> NDArray[Any]:
    """Return the signs that turn the first n + 1 units towards the simplex that their hyperplanes bound.

    Then no point is on the inactive side of all of them. Let ``q(t) = t^n - Σ_j y_j t^j``; unturned, unit t is active
    where ``q(t) < 0``. At the corner opposite to its facet, q is the product of the ``t - τ`` over the other n times τ.
    """
    signs = []
    for t in range(1, w + 1):
        others = n + 1 - t if t <= n + 1 <= w else 0  # how many of the first n + 1 times are later
        signs.append(Fraction(1) if others % 2 else Fraction(-1))
    return np.array(signs, dtype=object)


def _fold(p: int, x: Fraction) -> Fraction:
    return Sawtooth.equal_steps(p, 1)(x) if p > 1 else max(Fraction(0), x)


def _folding_layer(p: int, n: int) -> list[Layer]:
    """Return the layers that apply the fold with p pieces to each of n coordinates; p = 1 is ``max(0, x)``."""
    slopes = [(-1) ** i * p for i in range(p)]
    jumps = [after - before for before, after in pairwise((0, *slopes))]
    column = np.array([[Fraction(1)]] * p, dtype=object)
    row = np.array([[Fraction(jump) for jump in jumps]], dtype=object)
    hinges = np.array([Fraction(-i, p) for i in range(p)] * n, dtype=object)
    one = _eye(n)
    return [(np.kron(one, column), hinges), (np.kron(one, row), one[0] * 0)]


def _eye(n: int) -> NDArray[Any]:
    return np.array([[Fraction(int(i == j)) for j in range(n)] for i in range(n)], dtype=object)
