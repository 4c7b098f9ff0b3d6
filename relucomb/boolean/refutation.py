"""Proofs in integers that no circuit with so many ReLU gates computes a Boolean function.

Let ``g`` be a *functional*: integers by point of the cube with sum 0. If ``f = c + Σ_i G_i`` with weighted gates
``G_i`` and ``Σ_x g(x) G_i(x) ≤ 0`` for each of them, then ``Σ_x g(x) f(x) ≤ 0``. So a functional with
``Σ_x g(x) f(x) > 0`` refutes all circuits whose gates are of kinds (:mod:`relucomb.boolean.gate_cones`) on which it is
not positive. For the sign of a sum ``g`` must have the signs of ``f``, where it is not 0: then
``Σ_x g(x) (c + Σ_i G_i(x)) > 0`` for every sum with the signs of ``f``.

A list of functionals is a proof for ``w`` gates if for any ``w`` kinds one of them refutes circuits of these kinds. A
few dozens are enough for all circuits with two gates on four variables, of which there are millions of kinds. Kinds
for which no functional exists are those of a circuit, which is how minimal circuits are found.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.optimize import linprog

from relucomb.boolean.circuits import Circuit, Gate
from relucomb.boolean.exact_fit import fit_exactly
from relucomb.boolean.function import BooleanFunction, points
from relucomb.boolean.gate_cones import MOST_VARIABLES, GateCones, gate_cones
from relucomb_solvers.rational_lp import decide

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

CircuitClass = Literal["Sum-of-ReLU", "LTF-of-ReLU"]

MOST_DENOMINATOR = 10_000
_GREATEST = 1 << 30


class UndecidedError(Exception):
    """The search for functionals came to an end without proof and without circuit; the text says why."""


@dataclass(frozen=True, slots=True)
class Refutation:
    """A proof that circuits with so many gates do not compute a function.

    Attributes
    ----------
    function
        The function.
    circuit_class
        ``"Sum-of-ReLU"`` or ``"LTF-of-ReLU"``.
    gates
        No circuit of the class with so many ReLU gates, or fewer, computes the function.
    functionals
        Integers by point of the cube, in the order of the index.
    """

    function: BooleanFunction
    circuit_class: CircuitClass
    gates: int
    functionals: tuple[tuple[int, ...], ...]

    def verify(self) -> bool:
        """Check in integers that each functional is one, and that any kinds of gates are refuted by one of them.

        Symmetries of the function are used: of kinds that become each other by one, only one is looked at.

        Examples
        --------
        One gate does not compute the parity of two bits, since ``f(0,0) + f(1,1) = −2`` and ``f(0,1) + f(1,0) = 2``,
        while a gate is convex and its negation concave along the diagonals:

        >>> xor = BooleanFunction([0, 1, 1, 0])
        >>> Refutation(xor, "Sum-of-ReLU", 1, ((-1, 1, 1, -1), (0, 1, 0, -1))).verify()
        False
        >>> found = refute(xor, "Sum-of-ReLU", 1)
        >>> found.verify()
        True
        """
        f = self.function
        if self.circuit_class not in ("Sum-of-ReLU", "LTF-of-ReLU") or not 1 <= f.n <= MOST_VARIABLES:
            return False
        signs = f.signs.astype(np.int64)
        chosen = []
        for functional in self.functionals:
            if len(functional) != len(signs) or not all(abs(entry) < _GREATEST for entry in functional):
                return False
            g = np.array(functional, dtype=np.int64)
            if not _is_functional(g, signs, threshold=self.circuit_class == "LTF-of-ReLU"):
                return False
            chosen.append(g)
        if not chosen:
            return False
        cones = gate_cones(f.n)
        pool = _Pool(cones)
        for g in chosen:
            pool.add(g)
        return all(pool.covers(branch, dead) for branch, dead in _branches(cones, f, pool, self.gates))


def refute(
    f: BooleanFunction,
    circuit_class: CircuitClass,
    gates: int,
    *,
    deadline: float | None = None,
    most: int = 100_000,
) -> Refutation | Circuit:
    """Prove that so many gates do not compute a function, or find a circuit with no more gates that does.

    Parameters
    ----------
    f
        A function of 1 to 5 variables.
    circuit_class
        ``"Sum-of-ReLU"`` or ``"LTF-of-ReLU"``; the threshold gate itself is not counted.
    gates
        Number of ReLU gates.
    deadline
        Of ``time.perf_counter()``.
    most
        How many functionals may be tried.

    Raises
    ------
    UndecidedError
        The time is over, too many functionals are needed, or floating point led to neither of the two.

    Examples
    --------
    >>> refute(BooleanFunction([0, 1, 1, 0]), "Sum-of-ReLU", 2).size
    2
    """
    search = _Search(f, circuit_class == "LTF-of-ReLU", deadline, most)
    circuit = search.run(gates)
    if circuit is not None:
        return circuit
    return Refutation(f, circuit_class, gates, tuple(tuple(map(int, g)) for g in search.functionals))


class _Pool:
    """Functionals, and for each the kinds of gates on which it is not positive."""

    def __init__(self, cones: GateCones) -> None:
        self.cones = cones
        self.size = 0
        self._killed = np.zeros((16, len(cones)), dtype=np.bool_)

    @property
    def killed(self) -> NDArray[np.bool_]:
        return self._killed[: self.size]

    def add(self, g: NDArray[np.int64]) -> int:
        """Add a functional and return its number."""
        if self.size == len(self._killed):
            self._killed = np.concatenate([self._killed, np.zeros_like(self._killed)])
        self._killed[self.size] = self.cones.not_positive(g)
        self.size += 1
        return self.size - 1

    def refuting(self, kinds: Sequence[int]) -> NDArray[np.int64]:
        """Return the numbers of the functionals that refute circuits of some kinds of gates."""
        return np.flatnonzero(self.killed[:, list(kinds)].all(axis=1))

    def covers(self, branch: _Branch, dead: NDArray[np.bool_]) -> bool:
        """Tell whether circuits with the kinds of a branch and as many more as it says, none dead, are refuted."""
        live = self.refuting(branch.kinds)
        if len(live) == 0:
            return False
        if branch.more == 0:
            return True
        if branch.more == 1:
            return bool((dead | self.killed[live].any(axis=0)).all())
        best = live[self.killed[live].sum(axis=1).argmax()]
        dead = dead.copy()
        for kind in np.flatnonzero(~self.killed[best] & ~dead).tolist():
            if not self.covers(_Branch((*branch.kinds, kind), branch.more - 1), dead):
                return False
            dead[kind] = True
        return True


@dataclass(frozen=True, slots=True)
class _Branch:
    """Some kinds of gates, and how many more gates there may be."""

    kinds: tuple[int, ...]
    more: int


def _branches(
    cones: GateCones, f: BooleanFunction, pool: _Pool, gates: int
) -> Iterator[tuple[_Branch, NDArray[np.bool_]]]:
    """Yield branches that hold all circuits not refuted by functional 0, up to symmetry, and what is dead in each.

    A kind is dead where circuits that have it, or one that a symmetry makes of it, were in an earlier branch.
    """
    dead = np.zeros(len(cones), dtype=np.bool_)
    if gates == 0:
        yield _Branch((), 0), dead
        return
    orbits = cones.orbits(f)
    for least in np.unique(orbits[~pool.killed[0]]).tolist():
        yield _Branch((least,), gates - 1), dead.copy()
        dead[orbits == least] = True


class _Search:
    """The search for functionals, one linear programme after another."""

    def __init__(self, f: BooleanFunction, threshold: bool, deadline: float | None, most: int) -> None:
        self.f = f
        self.signs = f.signs.astype(np.int64)
        self.threshold = threshold
        self.deadline = deadline
        self.most = most
        self.cones = gate_cones(f.n)
        self.pool = _Pool(self.cones)
        self.functionals: list[NDArray[np.int64]] = []
        self.circuit: Circuit | None = None

    def run(self, gates: int) -> Circuit | None:
        """Return a circuit, or None if the functionals are a proof."""
        if self._refute(()) is not None:
            for branch, dead in _branches(self.cones, self.f, self.pool, gates):
                if not self._cover(branch.kinds, branch.more, dead):
                    break
        return self.circuit

    def _cover(self, kinds: tuple[int, ...], more: int, dead: NDArray[np.bool_]) -> bool:
        """Find functionals that refute these kinds with any others that are not dead; False if there is a circuit."""
        live = self.pool.refuting(kinds)  # those that came up in other branches serve here, too
        if len(live) == 0:
            number = self._refute(kinds)
            if number is None:
                return False
            live = np.array([number])
        if more == 0:
            return True
        if more == 1:
            covered = dead | self.pool.killed[live].any(axis=0)
            while not covered.all():
                number = self._refute((*kinds, int(covered.argmin())))
                if number is None:
                    return False
                covered |= self.pool.killed[number]
            return True
        best = live[self.pool.killed[live].sum(axis=1).argmax()]
        for kind in np.flatnonzero(~self.pool.killed[best] & ~dead).tolist():
            if not self._cover((*kinds, kind), more - 1, dead):
                return False
            dead[kind] = True
        return True

    def _refute(self, kinds: tuple[int, ...]) -> int | None:
        """Return the number of a new functional that refutes circuits of some kinds, or None for a circuit."""
        if self.deadline is not None and time.perf_counter() >= self.deadline:
            raise UndecidedError("the time is over")
        if len(self.functionals) >= self.most:
            raise UndecidedError(f"more than {self.most} functionals are needed")
        rows = [np.zeros((0, len(self.signs)), dtype=np.int64)]
        for kind in kinds:
            sign, cone = (1, kind) if kind < len(self.cones.active) else (-1, kind - len(self.cones.active))
            rows.append(sign * self.cones.rays_of(cone))
        constraints = np.concatenate(rows)
        g = self._functional(constraints)
        if g is None:
            self.circuit = self._circuit(kinds)
            if self.circuit is None:
                raise UndecidedError("rounding led neither to a functional nor to a circuit")
            return None
        self.functionals.append(g)
        return self.pool.add(g)

    def _functional(self, constraints: NDArray[np.int64]) -> NDArray[np.int64] | None:
        """Return a functional that is at most 0 on some gates, or None if none was found."""
        bounds: list[tuple[float | None, float | None]] = [(None, None)] * len(self.signs)
        if self.threshold:
            bounds = [(0, None) if sign > 0 else (None, 0) for sign in self.signs.tolist()]
        solved = linprog(
            np.zeros(len(self.signs)),
            A_ub=constraints if len(constraints) else None,
            b_ub=np.zeros(len(constraints)) if len(constraints) else None,
            A_eq=np.stack([np.ones(len(self.signs)), self.signs]),
            b_eq=[0.0, 1.0],
            bounds=bounds,
            method="highs-ds",
        )
        if solved.status != 0 or solved.x is None:
            return None
        g = _whole(solved.x)
        if g is None or not _is_functional(g, self.signs, threshold=self.threshold) or (constraints @ g > 0).any():
            return None
        return g

    def _circuit(self, kinds: tuple[int, ...]) -> Circuit | None:
        """Return an exact circuit with gates of these kinds, if there is one."""
        if not kinds:
            return None
        count = len(self.cones.active)
        active = self.cones.active[[kind % count for kind in kinds]]
        outputs = np.array([1 if kind < count else -1 for kind in kinds])
        found = (_threshold_circuit if self.threshold else _sum_circuit)(self.f, active, outputs)
        return found if found is not None and found.verify(self.f) else None


def _is_functional(g: NDArray[np.int64], signs: NDArray[np.int64], *, threshold: bool) -> bool:
    """Check that the sum is 0, that of the products with the function positive, and its signs if they matter."""
    return bool(g.sum() == 0 and g @ signs > 0 and not (threshold and (g * signs < 0).any()))


def _whole(x: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """Return the integers that floats are up to a factor and rounding."""
    x = np.where(np.abs(x) < 1e-9 * np.abs(x).max(), 0.0, x)
    unit = x / np.abs(x[x != 0]).min()
    fractions = [Fraction(entry).limit_denominator(MOST_DENOMINATOR) for entry in unit.tolist()]
    scale = math.lcm(*(entry.denominator for entry in fractions))
    if scale > _GREATEST or max(abs(entry) for entry in fractions) * scale >= _GREATEST:
        return None
    whole = np.array([int(entry * scale) for entry in fractions], dtype=np.int64)
    return whole // math.gcd(*whole.tolist())


def _sum_circuit(f: BooleanFunction, active: NDArray[np.bool_], outputs: NDArray[np.int64]) -> Circuit | None:
    as_fractions = np.vectorize(Fraction, otypes=[object])
    cube = as_fractions(points(f.n).astype(object))
    found = fit_exactly(cube, as_fractions(f.signs.astype(object)), active, outputs)
    if found is None:
        return None
    weights, constant = found
    top = (outputs[None, :], np.array([constant], dtype=object), Gate.AFFINE)
    return Circuit([(weights[:, :-1], weights[:, -1], Gate.RELU), top])


def _threshold_circuit(f: BooleanFunction, active: NDArray[np.bool_], outputs: NDArray[np.int64]) -> Circuit | None:
    """Solve for a positive product with the function at all points, gates inside of their cones."""
    cube = np.column_stack([points(f.n).astype(int), np.ones(1 << f.n, dtype=int)])
    signs = f.signs.astype(int)[:, None]
    blocks = [np.where(pattern[:, None], cube * output, 0) for pattern, output in zip(active, outputs, strict=True)]
    rows = [signs * np.hstack([*blocks, np.ones((len(cube), 1), dtype=int)])]
    width, size = len(active), cube.shape[1]
    for i, pattern in enumerate(active):
        cone = np.zeros((len(cube), width * size + 1), dtype=int)
        cone[:, i * size : (i + 1) * size] = np.where(pattern[:, None], cube, -cube)
        rows.append(cone)
    found = decide([tuple(row) for row in np.vstack(rows).tolist()]).solution
    if found is None:
        return None
    weights = np.array(found[:-1]).reshape(width, size)
    top = (outputs[None, :], np.array([found[-1]]), Gate.LTF)
    return Circuit([(weights[:, :-1], weights[:, -1], Gate.RELU), top])
