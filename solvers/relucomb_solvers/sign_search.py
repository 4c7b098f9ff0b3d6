"""Global optimum of a two-layer ReLU fit by branch and bound over the signs of units at points.

The problem is that of :mod:`relucomb_solvers.cone_search`; this search suits many dimensions and few points, where a
cone has too many edges to split. With ``s`` a sign vector, ``x̃_j`` the points and ``B`` free linear columns:

    minimise over v_1..v_w, β    Σ_j ℓ( Σ_i s_i max(0, v_i·x̃_j) + Σ_k β_k B_kj − y_j )

A node says of every pair of a unit and a point whether the unit is active there (``v_i·x̃_j ≥ 0``), inactive
(``≤ 0``) or undecided. Its relaxation is convex, needs no box on the weights and has ``w·d + q`` free variables:

- a point decided for every unit pays its loss, for the output is linear there;
- if all undecided units of a point have output sign +, the output is at least ``decided part + Σ max(0, v_i·x̃_j)``, a
  convex function, and the point pays the loss of overshooting; symmetrically if all have output sign −;
- a point with undecided units of both signs pays nothing.

Every bound is a dual one. For multipliers ``ρ_j`` of the loss (0 where nothing is paid, ≥ 0 or ≤ 0 where one side is),
``ω_ij`` between 0 and ``ρ_j`` for the undecided units of paying points, and ``μ_ij ≥ 0`` for the decided pairs,

    Σ_j ℓ(f_j − y_j)  ≥  −Σ_j ρ_j y_j − Σ_j ℓ*(ρ_j)

    if  Bρ = 0  and  Σ_{j: i active} s_i ρ_j x̃_j + Σ_{j: i undecided} s_i ω_ij x̃_j = Σ_j σ_ij μ_ij x̃_j  for every i,

where ``σ_ij`` is 1 if active, −1 if inactive: weak duality, valid whatever the primal solver did. The multipliers come
from an augmented Lagrangian whose Newton steps also look ahead for a bound, since most nodes are far above the cutoff.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relucomb_solvers._jit import bare_inner_kernel, inlined, inner_kernel, kernel, reduction
from relucomb_solvers.cone_search import CONTINUE, EXHAUSTED, FULL, STOPPED, Incumbent, Problem, Tolerances

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Statuses = NDArray[np.int8]


class Tree(NamedTuple):
    """The open nodes (a binary heap on their bounds) and the counters of a search; every array is changed in place."""

    status: Statuses  # (capacity, w, D): 1 active, −1 inactive, 0 undecided
    weights: Floats  # (capacity, w·d + q), the relaxation's minimiser
    multiplier: Floats  # (capacity, w, D): μ of the decided pairs, slope ω/ρ of the others
    sign: Integers  # (capacity,), row of Problem.signs
    bound: Floats  # (capacity,), proven lower bound
    branch: Integers  # (capacity, 2), unit and point to decide next
    heap: Integers  # (capacity,), slots ordered by bound
    free: Integers  # (capacity,), a stack of unused slots
    # open nodes, free slots, explored, pruned, unresolved leaves, polished, leaves reported (hides tuple.count)
    count: Integers  # type: ignore[assignment]
    floor: Floats  # least bound of a pruned node, of an unresolved leaf


class Leaves(NamedTuple):
    """A buffer for the pruned nodes, the raw material of a certificate; empty arrays if nobody wants it."""

    status: Statuses  # (room, w, D)
    sign: Integers  # (room,)
    bound: Floats  # (room,)


def new_tree(width: int, dimension: int, free_columns: int, points: int, capacity: int) -> Tree:
    """Allocate a tree with room for ``capacity`` open nodes."""
    return Tree(
        status=np.zeros((capacity, width, points), np.int8),
        weights=np.zeros((capacity, width * dimension + free_columns)),
        multiplier=np.zeros((capacity, width, points)),
        sign=np.zeros(capacity, np.int64),
        bound=np.zeros(capacity),
        branch=np.zeros((capacity, 2), np.int64),
        heap=np.zeros(capacity, np.int64),
        free=np.arange(capacity - 1, -1, -1, dtype=np.int64),
        count=np.array([0, capacity, 0, 0, 0, 0, 0], np.int64),
        floor=np.array([np.inf, np.inf]),
    )


def grow(tree: Tree, capacity: int) -> Tree:
    """Return a tree with room for ``capacity`` open nodes that holds the open nodes and counters of ``tree``."""
    old, width, points = tree.status.shape
    larger = new_tree(width, 0, tree.weights.shape[1], points, capacity)
    for name in ("status", "weights", "multiplier", "sign", "bound", "branch", "heap"):
        getattr(larger, name)[:old] = getattr(tree, name)
    unused = int(tree.count[1])
    extra = capacity - old
    larger.free[extra : extra + unused] = tree.free[:unused]
    larger.free[:extra] = np.arange(capacity - 1, old - 1, -1)
    larger.count[:] = tree.count
    larger.count[1] = extra + unused
    larger.floor[:] = tree.floor
    return larger


def no_leaves(width: int, points: int) -> Leaves:
    """Make the buffer of a search whose pruned nodes nobody wants."""
    return Leaves(np.zeros((0, width, points), np.int8), np.zeros(0, np.int64), np.zeros(0))


def open_bound(tree: Tree) -> float:
    """Least proven bound among the open nodes, the pruned ones and the leaves that rounding left unresolved."""
    least = float(tree.floor.min())
    if tree.count[0] > 0:
        least = min(least, float(tree.bound[tree.heap[0]]))
    return least


def add_roots(
    problem: Problem,
    tree: Tree,
    incumbent: Incumbent,
    slack: Floats,
    tol: Tolerances,
    leaves: Leaves | None = None,
) -> None:
    """Open the root of every sign vector of ``problem``: every pair is undecided, except where ``x̃_j`` is zero.

    The tree needs room for as many nodes as there are sign vectors. Roots are not bounded here, so the incumbent and
    the tolerances change nothing.
    """
    width = tree.status.shape[1]
    targets = np.where((problem.points != 0.0).any(axis=0), np.abs(problem.targets), -1.0)
    point = int(np.argmax(targets))
    wanted = 1.0 if problem.targets[point] > 0.0 else -1.0
    for sign, signs in enumerate(problem.signs):
        slot = int(tree.free[tree.count[1] - 1])
        tree.count[1] -= 1
        tree.count[2] += 1
        tree.status[slot] = (problem.points == 0.0).all(axis=0).astype(np.int8)
        tree.weights[slot] = 0.0
        tree.multiplier[slot] = 0.0
        tree.sign[slot] = sign
        tree.bound[slot] = 0.0
        unit = int(np.argmax(signs == wanted)) if width else 0
        tree.branch[slot] = unit, point
        n = int(tree.count[0])
        tree.heap[n] = slot
        tree.heap[: n + 1] = sorted(tree.heap[: n + 1], key=lambda k: tree.bound[k])  # a sorted list is a heap
        tree.count[0] = n + 1


def add_nodes(problem: Problem, tree: Tree, status: Statuses, sign: Integers, bound: Floats) -> None:
    """Open nodes with given statuses (N, w, D), sign vectors (N,) and proven bounds (N,); the tree needs room for them.

    A node is bounded when its children are, so each needs a pair to decide: where everything is decided, one pair is
    made undecided again, which only makes the node larger.
    """
    if tree.count[0] > 0:
        raise ValueError("nodes can be added to an empty tree only")
    real = (problem.points != 0.0).any(axis=0)
    order = np.argsort(bound, kind="stable")
    for position, k in enumerate(order):
        slot = int(tree.free[tree.count[1] - 1])
        tree.count[1] -= 1
        tree.status[slot] = np.where(real, status[k], 1)
        undecided = np.argwhere((tree.status[slot] == 0) & real)
        unit, point = undecided[0] if len(undecided) else (0, int(np.argmax(real)))
        tree.status[slot][unit, point] = 0
        tree.weights[slot] = 0.0
        tree.multiplier[slot] = 0.0
        tree.sign[slot] = sign[k]
        tree.bound[slot] = bound[k]
        tree.branch[slot] = unit, point
        tree.heap[position] = slot  # a sorted list is a heap
    tree.count[0] = len(order)


def advance(
    problem: Problem,
    tree: Tree,
    incumbent: Incumbent,
    slack: Floats,
    budget: int,
    stop: NDArray[np.uint8],
    leaves: Leaves | None,
    tol: Tolerances,
    closing: bool = False,
) -> int:
    """Explore at most about ``budget`` more nodes, best bound first.

    Open nodes have the bounds of relaxations that are nearly solved, so there is nothing to be done for ``closing``.

    Parameters
    ----------
    problem, tree, incumbent, leaves
        Arrays as described in their classes; the last three are changed in place. ``None`` stands for no buffer.
    slack : (2,) array
        A node is pruned if its bound is at least ``loss − max(slack[0], slack[1]·loss)``.
    budget : int
        Number of nodes to bound before returning.
    stop : (1,) array
        Set ``stop[0]`` from another thread to return at the next node.
    tol : Tolerances
    closing : bool

    Returns
    -------
    int
        ``EXHAUSTED`` if no open node can improve on the incumbent, ``FULL`` if the tree must :func:`grow` (or the
        leaves be emptied), ``STOPPED`` if told to, else ``CONTINUE``.
    """
    if leaves is None:
        leaves = no_leaves(tree.status.shape[1], tree.status.shape[2])
    return int(_advance(problem, tree, incumbent, slack, budget, stop, leaves, tol))


# ---------------------------------------------------------------------------------------------------------- workspace


class _Work(NamedTuple):
    """Scratch memory of one thread. M = w·d + q variables, D points."""

    products: Floats  # (d·(d+1)/2, D) x̃_a x̃_b
    size: Floats  # (M,) norm of each variable's row
    side: Floats  # (w, D) 1 active, −1 inactive, 0 undecided
    active: Floats  # (w, D) 1 if active
    paying: Floats  # (w, D) 1 if undecided at a point that pays
    low: Floats  # (D,) least multiplier that the node allows
    high: Floats  # (D,) greatest
    value: Floats  # (w, D) v·x̃
    move: Floats  # (w, D) its change along a step
    start: Floats  # (w, D) value before the line search
    base: Floats  # (D,) Bβ − y
    base_move: Floats  # (D,)
    base_start: Floats  # (D,)
    residual: Floats  # (D,) f − y
    rho: Floats  # (D,) multipliers of the loss
    rho_centre: Floats  # (D,) what the smoothed loss is centred on
    curve: Floats  # (D,) curvature of the loss
    slope: Floats  # (w, D) τ, the slope of the minorant of max(0, v·x̃)
    slope_centre: Floats  # (w, D)
    sharp: Floats  # (w, D) 1/δ of the minorant, 0 where there is none
    mu: Floats  # (w, D) multipliers of the sign constraints
    mu_centre: Floats  # (w, D)
    coefficient: Floats  # (w, D) of x̃_j in the gradient along v_i
    weight: Floats  # (D,)
    ahead: Floats  # (D,) ρ after a step
    ahead_omega: Floats  # (w, D) ω
    ahead_mu: Floats  # (w, D) μ
    H: Floats  # (M, M)
    C: Floats  # (M, M)
    packed: Floats  # (d·(d+1)/2,)
    c: Floats  # (M,)
    step: Floats  # (M,)
    shift: Floats  # (M,)
    total: Floats  # (3,) what the smoothing gives away, estimate of the relaxation's value, its charge for wrong signs


@inner_kernel
def _workspace(problem: Problem, w: int) -> _Work:
    d, D = problem.points.shape
    q = problem.columns.shape[0]
    M = w * d + q
    work = _Work(
        np.zeros((d * (d + 1) // 2, D)),
        np.zeros(M),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros(D),
        np.zeros(D),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros(D),
        np.zeros(D),
        np.zeros(D),
        np.zeros(D),
        np.zeros(D),
        np.zeros(D),
        np.zeros(D),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros(D),
        np.zeros(D),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros((M, M)),
        np.zeros((M, M)),
        np.zeros(d * (d + 1) // 2),
        np.zeros(M),
        np.zeros(M),
        np.zeros(M),
        np.zeros(3),
    )
    p = 0
    for a in range(d):
        for b in range(a + 1):
            for j in range(D):
                work.products[p, j] = problem.points[a, j] * problem.points[b, j]
            p += 1
    for k in range(M):
        row = problem.points[k % d] if k < w * d else problem.columns[k - w * d]
        work.size[k] = math.sqrt(_dot(row, row))
    return work


@bare_inner_kernel
def _copy_vector(source: Floats, target: Floats) -> None:
    """Copy entry by entry: numba's slice assignment takes seconds to compile, for its error messages."""
    for k in range(source.shape[0]):
        target[k] = source[k]


@bare_inner_kernel
def _copy_matrix(source: Any, target: Any) -> None:
    for i in range(source.shape[0]):
        for j in range(source.shape[1]):
            target[i, j] = source[i, j]


@reduction
def _dot(a: Floats, b: Floats) -> float:
    total = 0.0
    for j in range(a.shape[0]):
        total += a[j] * b[j]
    return total


@reduction
def _times(G: Floats, x: Floats, out: Floats) -> None:
    """Compute out[k] = Σ_j G[k, j] x[j] for the rows of G."""
    for k in range(G.shape[0]):
        total = 0.0
        for j in range(G.shape[1]):
            total += G[k, j] * x[j]
        out[k] = total


@bare_inner_kernel
def _loss(problem: Problem, t: Floats) -> float:
    """Sum of ℓ(t_j)."""
    if problem.squared:
        return 0.5 * _dot(t, t)
    total = 0.0
    for j in range(t.shape[0]):
        total += max(problem.rho_low[j] * t[j], problem.rho_high[j] * t[j])
    return total


@bare_inner_kernel
def _apply(problem: Problem, weights: Floats, values: Floats, base: Floats) -> None:
    """Compute the values v_i·x̃_j and the base Bβ."""
    d, D = problem.points.shape
    w = values.shape[0]
    for i in range(w):
        out = values[i]
        for j in range(D):
            out[j] = 0.0
        for a in range(d):
            x = weights[i * d + a]
            row = problem.points[a]
            for j in range(D):
                out[j] += x * row[j]
    for j in range(D):
        base[j] = 0.0
    for k in range(problem.columns.shape[0]):
        x = weights[w * d + k]
        for j in range(D):
            base[j] += x * problem.columns[k, j]


@bare_inner_kernel
def _place(problem: Problem, weights: Floats, work: _Work) -> None:
    """Set the values of the workspace to those of ``weights``."""
    _apply(problem, weights, work.value, work.base)
    for j in range(work.base.shape[0]):
        work.base[j] -= problem.targets[j]


# ---------------------------------------------------------------------------------- Newton's method on the relaxation


@bare_inner_kernel
def _describe(problem: Problem, status: Statuses, multiplier: Floats, signs: Floats, work: _Work) -> None:
    """Tell the workspace what a node has decided, and centre it on the inherited multipliers."""
    w, D = status.shape
    for j in range(D):
        low = -np.inf if problem.squared else problem.rho_low[j]
        high = np.inf if problem.squared else problem.rho_high[j]
        for i in range(w):
            if status[i, j] == 0:
                if signs[i] > 0.0:
                    low = 0.0
                else:
                    high = 0.0
        work.low[j] = low
        work.high[j] = high
        pays = 1.0 if low < high else 0.0
        for i in range(w):
            decided = status[i, j] != 0
            work.side[i, j] = status[i, j]
            work.active[i, j] = 1.0 if status[i, j] == 1 else 0.0
            work.paying[i, j] = 0.0 if decided else pays
            work.mu_centre[i, j] = multiplier[i, j] if decided else 0.0


@bare_inner_kernel
def _centre_slopes(multiplier: Floats, scale: float, work: _Work) -> None:
    """Choose the smooth minorants of max(0, t): max over 0 ≤ τ ≤ 1 of τt − (δ/2)(τ − τ₀)², with δ of the size of t."""
    w, D = multiplier.shape
    for i in range(w):
        for j in range(D):
            work.slope_centre[i, j] = 0.0
            work.sharp[i, j] = 0.0
            if work.paying[i, j] > 0.0:
                t = work.value[i, j]
                tau = multiplier[i, j]
                if tau <= 0.0 or tau >= 1.0:
                    tau = 1.0 if t > 0.0 else 0.0
                work.slope_centre[i, j] = tau
                work.sharp[i, j] = 1.0 / (0.4 * abs(t) + 0.02 * scale + 1e-14)


@bare_inner_kernel
def _evaluate(problem: Problem, signs: Floats, kappa: float, sharpness: float, work: _Work) -> float:
    """Value of the augmented Lagrangian at the values of the workspace; fills residual, rho, slope, mu, coefficient.

    ``work.total`` gets what the smoothing gives away, an estimate of the value of the relaxation itself, and the part
    of it that is charged for wrong signs: while that is not small, the estimate may lie below the value.
    """
    w, D = work.value.shape
    residual, rho, centre = work.residual, work.rho, work.rho_centre
    exact = work.weight
    for j in range(D):
        residual[j] = work.base[j]
        exact[j] = work.base[j]
    smooth = 0.0
    away = 0.0
    repair = 0.0
    penalty = 0.0
    for i in range(w):
        value, slope, slope_centre, sharp = work.value[i], work.slope[i], work.slope_centre[i], work.sharp[i]
        side, active, paying = work.side[i], work.active[i], work.paying[i]
        mu, mu_centre = work.mu[i], work.mu_centre[i]
        s = signs[i]
        for j in range(D):
            t = value[j]
            tau = min(max(slope_centre[j] + t * sharp[j], 0.0), 1.0)
            moved = tau - slope_centre[j]
            slope[j] = tau
            soft = 0.5 * moved * moved / sharp[j] if sharp[j] > 0.0 else 0.0
            residual[j] += s * (active[j] * t + paying[j] * (tau * t - soft))
            exact[j] += s * (active[j] * t + paying[j] * max(t, 0.0))
            g = side[j] * t
            x = max(0.0, mu_centre[j] - kappa * g)
            mu[j] = x
            moved = x - mu_centre[j]
            smooth -= x * g
            away += moved * moved
            penalty += x * max(-g, 0.0)
    away *= 0.5 / kappa
    for j in range(D):
        x = min(max(centre[j] + residual[j] * sharpness, work.low[j]), work.high[j])
        rho[j] = x
        moved = x - centre[j]
        away += 0.5 * moved * moved / sharpness
        smooth += x * residual[j]
        t = exact[j]
        if problem.squared:
            t = min(max(t, work.low[j]), work.high[j])
            repair += 0.5 * t * t
        else:
            repair += max(work.low[j] * t, work.high[j] * t)
    for i in range(w):
        s = signs[i]
        active, paying, slope, mu, side = work.active[i], work.paying[i], work.slope[i], work.mu[i], work.side[i]
        out = work.coefficient[i]
        for j in range(D):
            out[j] = s * (active[j] + paying[j] * slope[j]) * rho[j] - side[j] * mu[j]
    work.total[0] = away
    work.total[1] = repair + penalty
    work.total[2] = penalty
    return smooth - away


@bare_inner_kernel
def _curvatures(problem: Problem, sharpness: float, work: _Work) -> None:
    """Curvature of the loss at every point.

    Inside a smoothed kink it is that of the smoothing; outside, where there is none, that of the parabola through the
    present residual that lies above the loss (as in iteratively reweighted least squares), so that steps stay bounded.
    """
    for j in range(work.rho.shape[0]):
        x = work.rho[j]
        if x > work.low[j] and x < work.high[j]:
            work.curve[j] = sharpness
        elif problem.squared:
            work.curve[j] = 0.0
        else:
            work.curve[j] = min(sharpness, abs(x) / (abs(work.residual[j]) + 1e-300))


@bare_inner_kernel
def _factor(problem: Problem, signs: Floats, kappa: float, ridge: float, dependent: float, work: _Work) -> None:
    """Cholesky factor of the Hessian; a pivot that vanishes is left out (its variable stays where it is)."""
    w, D = work.value.shape
    d = problem.points.shape[0]
    q = problem.columns.shape[0]
    M = w * d + q
    H, C, weight, packed = work.H, work.C, work.weight, work.packed
    for i in range(w):
        for m in range(i + 1):
            if m == i:
                for j in range(D):
                    h = work.active[i, j] + work.paying[i, j] * work.slope[i, j]
                    x = h * h * work.curve[j]
                    x += kappa if work.mu[i, j] > 0.0 else 0.0
                    inner = work.slope[i, j] > 0.0 and work.slope[i, j] < 1.0
                    weight[j] = x + (work.paying[i, j] * abs(work.rho[j]) * work.sharp[i, j] if inner else 0.0)
            else:
                s = signs[i] * signs[m]
                for j in range(D):
                    h = work.active[i, j] + work.paying[i, j] * work.slope[i, j]
                    h *= work.active[m, j] + work.paying[m, j] * work.slope[m, j]
                    weight[j] = s * h * work.curve[j]
            _times(work.products, weight, packed)
            p = 0
            for a in range(d):
                for b in range(a + 1):
                    H[i * d + a, m * d + b] = packed[p]
                    H[i * d + b, m * d + a] = packed[p]
                    p += 1
    for k in range(q):
        for i in range(w):
            for j in range(D):
                h = work.active[i, j] + work.paying[i, j] * work.slope[i, j]
                weight[j] = signs[i] * h * work.curve[j] * problem.columns[k, j]
            for a in range(d):
                H[w * d + k, i * d + a] = _dot(problem.points[a], weight)
        for j in range(D):
            weight[j] = work.curve[j] * problem.columns[k, j]
        for m in range(k + 1):
            H[w * d + k, w * d + m] = _dot(problem.columns[m], weight)
    for k in range(M):
        H[k, k] += ridge * work.size[k] * work.size[k]
    for k in range(M):
        for m in range(k):
            x = H[k, m]
            for e in range(m):
                x -= C[k, e] * C[m, e]
            C[k, m] = x * C[m, m]
        x = H[k, k]
        for e in range(k):
            x -= C[k, e] * C[k, e]
        C[k, k] = 1.0 / math.sqrt(x) if x > dependent * H[k, k] and x > 0.0 else 0.0  # the inverse of the pivot


@bare_inner_kernel
def _solve(C: Floats, c: Floats, out: Floats) -> None:
    """Compute out = −H⁻¹ c with the factor of :func:`_factor`."""
    M = c.shape[0]
    for k in range(M):
        x = -c[k]
        for e in range(k):
            x -= C[k, e] * out[e]
        out[k] = x * C[k, k]
    for k in range(M - 1, -1, -1):
        x = out[k]
        for e in range(k + 1, M):
            x -= C[e, k] * out[e]
        out[k] = x * C[k, k]


@bare_inner_kernel
def _gradient(problem: Problem, coefficient: Floats, rho: Floats, c: Floats) -> None:
    w = coefficient.shape[0]
    d = problem.points.shape[0]
    for i in range(w):
        _times(problem.points, coefficient[i], c[i * d : (i + 1) * d])
    _times(problem.columns, rho, c[w * d :])


@bare_inner_kernel
def _bound_from(problem: Problem, rho: Floats) -> float:
    """Dual value of multipliers that satisfy every constraint, scaled to its best."""
    gain = -_dot(rho, problem.targets)
    if gain <= 0.0:
        return 0.0
    if problem.squared:
        return 0.5 * gain * gain / _dot(rho, rho)
    scale = np.inf
    for j in range(rho.shape[0]):
        if rho[j] > 0.0:
            scale = min(scale, problem.rho_high[j] / rho[j])
        elif rho[j] < 0.0:
            scale = min(scale, problem.rho_low[j] / rho[j])
    return gain * scale


@bare_inner_kernel
def _look_ahead(problem: Problem, signs: Floats, kappa: float, target: float, work: _Work, tol: Tolerances) -> float:
    """Dual bound at the multipliers that the step leads to if nothing changes its piece; 0 if it proves nothing.

    Multipliers that leave their range are cut off. What this (and rounding) leaves of the gradient is removed by up to
    two rounds of iterative refinement with the factor that produced the step, if the bound reaches ``target`` at all.
    ``work.move`` and ``work.base_move`` are the step's; they are overwritten from the second round on.
    """
    w, D = work.value.shape
    M = work.c.shape[0]
    ahead = work.ahead
    for refinement in range(4):
        for j in range(D):
            x = work.base_move[j]
            for i in range(w):
                x += signs[i] * (work.active[i, j] + work.paying[i, j] * work.slope[i, j]) * work.move[i, j]
            work.weight[j] = work.curve[j] * x
        for i in range(w):
            for j in range(D):
                inner = work.slope[i, j] > 0.0 and work.slope[i, j] < 1.0
                turned = work.rho[j] * work.sharp[i, j] * work.move[i, j] if inner else 0.0
                old = work.slope[i, j] * work.rho[j] if refinement == 0 else work.ahead_omega[i, j]
                work.ahead_omega[i, j] = work.paying[i, j] * (old + work.slope[i, j] * work.weight[j] + turned)
                old = work.mu[i, j] if refinement == 0 else work.ahead_mu[i, j]
                pressed = kappa * work.side[i, j] * work.move[i, j] if work.mu[i, j] > 0.0 else 0.0
                work.ahead_mu[i, j] = max(0.0, old - pressed)
        for j in range(D):
            x = (work.rho[j] if refinement == 0 else ahead[j]) + work.weight[j]
            if problem.squared:
                x = min(max(x, work.low[j]), work.high[j])
            else:  # a wrong sign is cut off; too large a size is scaled back by the bound itself
                x = max(x, 0.0) if work.low[j] == 0.0 else x
                x = min(x, 0.0) if work.high[j] == 0.0 else x
            ahead[j] = x
        norm = math.sqrt(_dot(ahead, ahead))
        if not (norm > 0.0 and norm < 1e100):
            return 0.0
        bound = _bound_from(problem, ahead)
        if bound < target:
            return 0.0
        largest = 0.0
        for i in range(w):
            for j in range(D):
                x = ahead[j]
                omega = min(max(work.ahead_omega[i, j], min(x, 0.0)), max(x, 0.0))
                work.ahead_omega[i, j] = omega
                x = signs[i] * (work.active[i, j] * x + work.paying[i, j] * omega)
                work.coefficient[i, j] = x - work.side[i, j] * work.ahead_mu[i, j]
                largest = max(largest, abs(work.coefficient[i, j]))
        _gradient(problem, work.coefficient, ahead, work.shift)
        feasible = 1e-15 * largest <= tol.dual * norm  # or rounding hides what is left
        for k in range(M):
            feasible = feasible and abs(work.shift[k]) <= tol.dual * work.size[k] * norm
        if feasible:
            return bound
        if refinement == 3:
            return 0.0
        _solve(work.C, work.shift, work.shift)
        _apply(problem, work.shift, work.move, work.base_move)
    return 0.0


@bare_inner_kernel
def _slope_along(work: _Work) -> float:
    """Compute the derivative of the augmented Lagrangian along the step."""
    total = _dot(work.rho, work.base_move)
    for i in range(work.value.shape[0]):
        total += _dot(work.coefficient[i], work.move[i])
    return total


@bare_inner_kernel
def _line_search(problem: Problem, signs: Floats, kappa: float, sharpness: float, descent: float, work: _Work) -> float:
    """Length in (0, 1] at which the convex function has nearly stopped to fall; leaves the workspace there."""
    w, D = work.value.shape
    for j in range(D):
        work.base_start[j] = work.base[j]
        for i in range(w):
            work.start[i, j] = work.value[i, j]
    left, right = 0.0, 1.0
    at_left, at_right = descent, 0.0
    following = 1.0
    length = 1.0
    for attempt in range(20):
        length = following
        for j in range(D):
            work.base[j] = work.base_start[j] + length * work.base_move[j]
            for i in range(w):
                work.value[i, j] = work.start[i, j] + length * work.move[i, j]
        _evaluate(problem, signs, kappa, sharpness, work)
        slope = _slope_along(work)
        if (slope <= 0.0 and attempt == 0) or abs(slope) <= -0.1 * descent:
            break
        if slope > 0.0:
            right = length
            at_right = slope
        else:
            left = length
            at_left = slope
        following = left + (right - left) * min(max(at_left / (at_left - at_right), 0.1), 0.9)
    return length


@bare_inner_kernel
def _recentre(problem: Problem, work: _Work) -> None:
    """Move the smoothing to the present multipliers: a proximal step."""
    w, D = work.value.shape
    for i in range(w):
        for j in range(D):
            work.mu_centre[i, j] = work.mu[i, j]
            work.slope_centre[i, j] = work.slope[i, j]
            work.sharp[i, j] *= 4.0
    if not problem.squared:
        for j in range(D):
            work.rho_centre[j] = work.rho[j]


@bare_inner_kernel
def _is_leaf(status: Statuses) -> bool:
    for i in range(status.shape[0]):
        for j in range(status.shape[1]):
            if status[i, j] == 0:
                return False
    return True


@inner_kernel
def _relax(
    problem: Problem,
    status: Statuses,
    weights: Floats,
    multiplier: Floats,
    signs: Floats,
    cutoff: float,
    work: _Work,
    tol: Tolerances,
) -> float:
    """Minimise the relaxation from ``weights`` and ``multiplier`` (in place) until it is pruned, open, or solved.

    Returns the best dual bound found. Whatever it returns is proven; how far it goes is a matter of speed only.
    """
    w, D = status.shape
    M = weights.shape[0]
    scale = 1e-7 * abs(cutoff)
    _describe(problem, status, multiplier, signs, work)
    _place(problem, weights, work)
    reach = 0.0
    for i in range(w):
        reach = max(reach, math.sqrt(_dot(work.value[i], work.value[i]) / D))
    _centre_slopes(multiplier, reach + 1e-3, work)
    sharpness = 1.0
    if not problem.squared:
        sharpness = 0.5 * D / (cutoff + 1e-300)
    for j in range(D):
        work.rho_centre[j] = 0.0
    kappa = 10.0 * sharpness
    enough = 1e-3 * abs(cutoff)
    bound = 0.0
    leaf = _is_leaf(status)
    _evaluate(problem, signs, kappa, sharpness, work)
    rounds = 0
    for _ in range(60 if problem.squared else 150):
        _gradient(problem, work.coefficient, work.rho, work.c)
        _curvatures(problem, sharpness, work)
        _factor(problem, signs, kappa, 1e-12 * sharpness, tol.dependent, work)
        _solve(work.C, work.c, work.step)
        _apply(problem, work.step, work.move, work.base_move)
        descent = _dot(work.c, work.step)
        solved = -descent <= enough
        found = _look_ahead(problem, signs, kappa, bound if solved else cutoff, work, tol)
        bound = max(bound, found)
        if bound >= cutoff:
            return bound
        _apply(problem, work.step, work.move, work.base_move)
        length = _line_search(problem, signs, kappa, sharpness, descent, work)
        for k in range(M):
            weights[k] += length * work.step[k]
        if solved:
            rounds += 1
            away, estimate, penalty = work.total[0], work.total[1], work.total[2]
            left = 100.0 * (abs(estimate - bound) + penalty) if leaf else estimate - bound
            finished = rounds > (12 if problem.squared else 18) or (left <= 1e-3 * scale and -descent <= 1e-3 * scale)
            if not leaf and estimate < cutoff * (1.0 - 1e-6) and away <= 0.1 * cutoff:
                finished = True  # open: its children are more to the point than its last digits
            if finished:
                break
            _recentre(problem, work)
            kappa *= 4.0
            if not problem.squared:
                sharpness *= 4.0
            enough = max(0.1 * enough, 1e-4 * scale)
            _evaluate(problem, signs, kappa, sharpness, work)
    for i in range(w):
        for j in range(D):
            multiplier[i, j] = work.slope[i, j] if status[i, j] == 0 else work.mu[i, j]
    return bound


# --------------------------------------------------------------------------------------------------- local descent


@bare_inner_kernel
def _true_residual(problem: Problem, signs: Floats, work: _Work, out: Floats) -> float:
    """Loss of the network itself at the values of the workspace; ``out`` gets f − y."""
    w, D = work.value.shape
    for j in range(D):
        x = work.base[j]
        for i in range(w):
            x += signs[i] * max(0.0, work.value[i, j])
        out[j] = x
    return _loss(problem, out)


@inner_kernel
def _polish(problem: Problem, weights: Floats, signs: Floats, steps: int, work: _Work, tol: Tolerances) -> float:
    """Descend from a network in place: Newton steps within the activation pattern, halved until the loss falls."""
    w, D = work.value.shape
    M = weights.shape[0]
    old = work.shift
    _place(problem, weights, work)
    loss = _true_residual(problem, signs, work, work.residual)
    sharpness = 1.0
    for j in range(D):
        work.rho_centre[j] = 0.0
        work.low[j] = -np.inf if problem.squared else problem.rho_low[j]
        work.high[j] = np.inf if problem.squared else problem.rho_high[j]
    if not problem.squared:
        sharpness = D / (0.5 * loss + 1e-300)
    for _ in range(steps):
        for j in range(D):
            x = work.rho_centre[j] + work.residual[j] * sharpness
            work.rho[j] = min(max(x, work.low[j]), work.high[j])
            for i in range(w):
                on = 1.0 if work.value[i, j] > 0.0 else 0.0
                work.active[i, j] = on
                work.paying[i, j] = 0.0
                work.mu[i, j] = 0.0
                work.coefficient[i, j] = signs[i] * on * work.rho[j]
        _curvatures(problem, sharpness, work)
        _gradient(problem, work.coefficient, work.rho, work.c)
        _factor(problem, signs, 0.0, 1e-9 * sharpness, tol.dependent, work)
        _solve(work.C, work.c, work.step)
        for k in range(M):
            old[k] = weights[k]
        length = 1.0
        better = False
        for _ in range(10):
            for k in range(M):
                weights[k] = old[k] + length * work.step[k]
            _place(problem, weights, work)
            after = _true_residual(problem, signs, work, work.residual)
            if after < loss * (1.0 - 1e-12):
                better = True
                break
            length *= 0.5
        if better:
            loss = after
            continue
        for k in range(M):
            weights[k] = old[k]
        _place(problem, weights, work)
        _true_residual(problem, signs, work, work.residual)
        if problem.squared or loss == 0.0 or sharpness * loss > 1e9 * D:
            break
        for j in range(D):
            work.rho_centre[j] = work.rho[j]
        sharpness *= 5.0
    return loss


@inner_kernel
def _keep(incumbent: Incumbent, loss: float, weights: Floats, signs: Floats) -> None:
    w, d = incumbent.vectors.shape
    if loss < incumbent.loss[0]:
        incumbent.loss[0] = loss
        for i in range(w):
            _copy_vector(weights[i * d : (i + 1) * d], incumbent.vectors[i])
        _copy_vector(weights[w * d :], incumbent.linear)
        _copy_vector(signs, incumbent.signs)


# ------------------------------------------------------------------------------------------------------- branching


@inner_kernel
def _select_pair(problem: Problem, status: Statuses, signs: Floats, work: _Work, pair: Integers) -> bool:
    """Choose the undecided pair to decide: at a point that gives much away, the unit that makes it pay.

    Point j gives away ℓ(true) − ℓ(paid). Where the network overshoots, it pays as soon as no unit of output sign − is
    undecided, and symmetrically. Reads the values of the workspace. Returns whether there is an undecided pair at all.
    """
    w, D = status.shape
    best = -np.inf
    pair[0] = -1
    for j in range(D):
        positive, negative = -1, -1
        for i in range(w):
            if status[i, j] == 0:
                if signs[i] > 0.0:
                    positive = i if positive < 0 or abs(work.value[i, j]) > abs(work.value[positive, j]) else positive
                else:
                    negative = i if negative < 0 or abs(work.value[i, j]) > abs(work.value[negative, j]) else negative
        if positive < 0 and negative < 0:
            continue
        r = work.base[j]
        for i in range(w):
            t = work.value[i, j]
            if status[i, j] != 0:
                r += signs[i] * (t if status[i, j] == 1 else 0.0)
            else:
                r += signs[i] * max(0.0, t)
        paid = 0.0
        if problem.squared:
            loss = 0.5 * r * r
            if negative < 0:
                paid = 0.5 * max(r, 0.0) ** 2
            elif positive < 0:
                paid = 0.5 * min(r, 0.0) ** 2
        else:
            loss = max(problem.rho_low[j] * r, problem.rho_high[j] * r)
            if negative < 0:
                paid = max(problem.rho_high[j] * r, 0.0)
            elif positive < 0:
                paid = max(problem.rho_low[j] * r, 0.0)
        given = loss - paid
        unit = negative if positive < 0 or (r > 0.0 and negative >= 0) else positive
        moved = abs(r) + abs(work.value[unit, j])  # a point with leverage decides more (found by experiment)
        given *= moved * moved
        if given > best:
            best = given
            pair[0], pair[1] = unit, j
    return bool(pair[0] >= 0)


@inner_kernel
def _branch(tree: Tree, p: int, signs: Floats, status: Statuses) -> int:
    """Write the statuses of the children of node p; return their number.

    Units of one sign are exchangeable, so those decided in the very same way are decided together: with g of them there
    are g + 1 children (how many are active), not 2^g.
    """
    _, w, D = tree.status.shape
    unit, point = tree.branch[p]
    twins = 0
    for child in range(w + 1):
        _copy_matrix(tree.status[p], status[child])
    for i in range(w):
        if signs[i] == signs[unit]:
            equal = True
            for j in range(D):
                equal = equal and tree.status[p, i, j] == tree.status[p, unit, j]
            if equal:
                for child in range(w + 1):
                    status[child, i, point] = 1 if twins < child else -1
                twins += 1
    return twins + 1


@inner_kernel
def _push(tree: Tree, slot: int) -> None:
    heap, key = tree.heap, tree.bound
    i = tree.count[0]
    tree.count[0] += 1
    while i > 0:
        parent = (i - 1) // 2
        if key[heap[parent]] <= key[slot]:
            break
        heap[i] = heap[parent]
        i = parent
    heap[i] = slot


@inner_kernel
def _pop(tree: Tree) -> int:
    heap, key = tree.heap, tree.bound
    top = heap[0]
    tree.count[0] -= 1
    n = tree.count[0]
    last = heap[n]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        if child + 1 < n and key[heap[child + 1]] < key[heap[child]]:
            child += 1
        if key[heap[child]] >= key[last]:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = last
    return int(top)


# ------------------------------------------------------------------------------------------------------ the search


@inner_kernel
def _cutoff(incumbent: Incumbent, slack: Floats) -> float:
    return float(incumbent.loss[0] - max(slack[0], slack[1] * incumbent.loss[0]))


@inlined
def _improve(
    problem: Problem, weights: Floats, signs: Floats, incumbent: Incumbent, always: bool, work: _Work, tol: Tolerances
) -> bool:
    """Try the network of a node as an incumbent, with a descent if it is promising; return whether there was one."""
    _place(problem, weights, work)
    loss = _true_residual(problem, signs, work, work.residual)
    if loss >= incumbent.loss[0] and not always:
        return False
    candidate = weights.copy()
    loss = _polish(problem, candidate, signs, 30, work, tol)
    _keep(incumbent, loss, candidate, signs)
    _place(problem, weights, work)
    return True


@inner_kernel
def _close(tree: Tree, leaves: Leaves, status: Statuses, sign: int, bound: float) -> None:
    """Count a pruned node, and report it."""
    tree.count[3] += 1
    tree.floor[0] = min(tree.floor[0], bound)
    if leaves.bound.shape[0] > 0:
        _copy_matrix(status, leaves.status[tree.count[6]])
        leaves.sign[tree.count[6]] = sign
        leaves.bound[tree.count[6]] = bound
        tree.count[6] += 1


@inner_kernel
def _reconsider(tree: Tree, cutoff: float) -> None:
    """Count unresolved leaves as pruned if all of them are excluded by an incumbent that came later."""
    if tree.count[4] > 0 and tree.floor[1] >= cutoff:
        tree.count[3] += tree.count[4]
        tree.count[4] = 0
        tree.floor[0] = min(tree.floor[0], tree.floor[1])
        tree.floor[1] = np.inf


@kernel
def _advance(
    problem: Problem,
    tree: Tree,
    incumbent: Incumbent,
    slack: Floats,
    budget: int,
    stop: NDArray[np.uint8],
    leaves: Leaves,
    tol: Tolerances,
) -> int:
    _, w, D = tree.status.shape
    work = _workspace(problem, w)
    status = np.zeros((w + 1, w, D), np.int8)
    before = np.zeros((w, D), np.int8)
    weights, multiplier = np.zeros(tree.weights.shape[1]), np.zeros((w, D))
    parent_weights, parent_multiplier = np.zeros(tree.weights.shape[1]), np.zeros((w, D))
    last = tree.count[2] + budget
    while tree.count[2] < last:
        if stop[0] != 0:
            return STOPPED
        if tree.count[1] < w + 2 or (leaves.bound.shape[0] > 0 and tree.count[6] + w + 2 > leaves.bound.shape[0]):
            return FULL
        _reconsider(tree, _cutoff(incumbent, slack))
        if tree.count[0] == 0 or tree.bound[tree.heap[0]] >= _cutoff(incumbent, slack):
            return EXHAUSTED
        p = _pop(tree)
        sign = tree.sign[p]
        signs = problem.signs[sign]
        inherited = tree.bound[p]
        children = _branch(tree, p, signs, status)
        _copy_vector(tree.weights[p], parent_weights)
        _copy_matrix(tree.multiplier[p], parent_multiplier)
        _copy_matrix(tree.status[p], before)
        tree.free[tree.count[1]] = p
        tree.count[1] += 1
        for k in range(children):
            tree.count[2] += 1
            _copy_vector(parent_weights, weights)
            for i in range(w):
                for j in range(D):  # a pair decided just now has no multiplier yet
                    fresh = before[i, j] == 0 and status[k, i, j] != 0
                    multiplier[i, j] = 0.0 if fresh else parent_multiplier[i, j]
            bound = inherited
            if bound < _cutoff(incumbent, slack):
                cutoff = _cutoff(incumbent, slack)
                bound = max(bound, _relax(problem, status[k], weights, multiplier, signs, cutoff, work, tol))
            if bound < _cutoff(incumbent, slack):
                always = tree.count[2] % 64 == 1 or _is_leaf(status[k])  # a leaf holds its optimum, up to rounding
                tree.count[5] += _improve(problem, weights, signs, incumbent, always, work, tol)
            if bound >= _cutoff(incumbent, slack):
                _close(tree, leaves, status[k], sign, bound)
                continue
            slot = tree.free[tree.count[1] - 1]
            if not _select_pair(problem, status[k], signs, work, tree.branch[slot]):
                tree.count[4] += 1
                tree.floor[1] = min(tree.floor[1], bound)
                continue
            tree.count[1] -= 1
            _copy_matrix(status[k], tree.status[slot])
            _copy_vector(weights, tree.weights[slot])
            _copy_matrix(multiplier, tree.multiplier[slot])
            tree.sign[slot] = sign
            tree.bound[slot] = bound
            _push(tree, slot)
    _reconsider(tree, _cutoff(incumbent, slack))
    return CONTINUE
