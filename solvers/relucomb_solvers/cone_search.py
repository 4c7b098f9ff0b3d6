"""Global optimum of a two-layer ReLU fit by branch and bound over tuples of simplicial cones.

The problem, with ``s`` a sign vector, ``x̃_j`` the points and ``B`` free linear columns (an output bias, a skip term):

    minimise over v_1..v_w, β    Σ_j ℓ( Σ_i s_i max(0, v_i·x̃_j) + Σ_k β_k B_kj − y_j )

A node gives each unit a cone spanned by ``d`` independent rays, ``v_i = Σ_a λ_ia r_ia`` with ``λ ≥ 0``. Since the ReLU
is convex and positively homogeneous, the output of a unit at a point lies between two functions of ``λ``,

    max(0, Σ_a λ_ia r_ia·x̃_j)  ≤  max(0, v_i·x̃_j)  ≤  Σ_a λ_ia max(0, r_ia·x̃_j),

which agree when all rays see the point from one side, and nearly agree when the cone is thin. Letting the output move
freely between them gives a convex relaxation in ``w·d`` non-negative variables, without any box on the weights. Its
error is of second order in the width of the cones, so the number of nodes hardly depends on the number of points.

Every bound is a dual one. For multipliers ``ρ_j`` (subgradients of the loss) and slopes ``0 ≤ τ_ij ≤ 1``

    Σ_j ℓ(f_j − y_j)  ≥  −Σ_j ρ_j y_j − Σ_j ℓ*(ρ_j)      if   c_k(ρ, τ) ≥ 0 for every ray k,

where ``c_k`` is the sum over the points of ``ρ_j`` times the upper (where s_i ρ_j < 0) or the lower function's slope
along ray ``k``: weak duality, valid whatever the primal solver did.

The two arrays ``rho_low``, ``rho_high`` and the flag ``squared`` say what the loss is: ``t²/2`` if squared, otherwise
``max(rho_low_j t, rho_high_j t)`` with ``t = f_j − y_j`` (absolute loss: −1, 1; hinge with labels ±1: the subgradients
of ``max(0, −y_j t)``).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from relucomb_solvers._jit import bare_inner_kernel, inlined, inner_kernel, kernel, reduction

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CONTINUE, EXHAUSTED, FULL, STOPPED = 0, 1, 2, 3

CLOSING = 0.1
"""Share of the relaxation's value by which a bound may stay below it in a search that is about to be stopped."""


class Problem(NamedTuple):
    """What is to be fitted: points as columns, targets, free columns and the loss."""

    points: Floats  # (d, D), the rows x̃ transposed
    targets: Floats  # (D,)
    columns: Floats  # (q, D), free linear columns
    rho_low: Floats  # (D,), least subgradient of the loss, unused if squared
    rho_high: Floats  # (D,), greatest subgradient of the loss
    squared: bool
    signs: Floats  # (S, w), the sign vectors that nodes refer to
    nothing: float  # loss of the zero network


class Tolerances(NamedTuple):
    """Every number that is compared with a rounding error."""

    zero: float = 1e-12  # |r·x̃| below it is a ray on the hyperplane (rays are unit vectors, points have norm about 1)
    dual: float = 1e-12  # a dual constraint holds if c_k ≥ −dual · ‖column k‖ · ‖ρ‖
    dependent: float = 1e-13  # relative pivot below which a column depends on those before it


class Tree(NamedTuple):
    """The open nodes (a binary heap on their bounds) and the counters of a search; every array is changed in place."""

    cones: Floats  # (capacity, w, d, d), the rays of each unit
    weights: Floats  # (capacity, w·d + q), the relaxation's minimiser
    sign: Integers  # (capacity,), row of Problem.signs
    bound: Floats  # (capacity,), proven lower bound
    edge: Integers  # (capacity, 3), unit and two rays between which to split
    ratio: Floats  # (capacity,), share of the first ray in the new one
    settled: NDArray[np.bool_]  # (capacity,), whether the bound is that of the solved relaxation
    heap: Integers  # (capacity,), slots ordered by bound
    free: Integers  # (capacity,), a stack of unused slots
    # open nodes, free slots, explored, pruned, unresolved leaves, polished, leaves reported (hides tuple.count)
    count: Integers  # type: ignore[assignment]
    floor: Floats  # least bound of a pruned node, of an unresolved leaf


class Leaves(NamedTuple):
    """A buffer for leaves: those that rounding left unresolved and, if ``every``, the pruned ones too.

    Unresolved leaves go to the other engine; pruned ones are the raw material of a certificate.
    """

    cones: Floats  # (room, w, d, d)
    sign: Integers  # (room,)
    bound: Floats  # (room,)
    pruned: NDArray[np.bool_]  # (room,)
    every: bool


class Incumbent(NamedTuple):
    """The best network so far."""

    loss: Floats  # (1,), sum over the points (half the sum of squares if squared)
    vectors: Floats  # (w, d)
    linear: Floats  # (q,)
    signs: Floats  # (w,)


def new_tree(width: int, dimension: int, free_columns: int, capacity: int) -> Tree:
    """Allocate a tree with room for ``capacity`` open nodes."""
    return Tree(
        cones=np.zeros((capacity, width, dimension, dimension)),
        weights=np.zeros((capacity, width * dimension + free_columns)),
        sign=np.zeros(capacity, np.int64),
        bound=np.zeros(capacity),
        edge=np.zeros((capacity, 3), np.int64),
        ratio=np.zeros(capacity),
        settled=np.zeros(capacity, np.bool_),
        heap=np.zeros(capacity, np.int64),
        free=np.arange(capacity - 1, -1, -1, dtype=np.int64),
        count=np.array([0, capacity, 0, 0, 0, 0, 0], np.int64),
        floor=np.array([np.inf, np.inf]),
    )


def grow(tree: Tree, capacity: int) -> Tree:
    """Return a tree with room for ``capacity`` open nodes that holds the open nodes and counters of ``tree``."""
    _, width, dimension, _ = tree.cones.shape
    larger = new_tree(width, dimension, tree.weights.shape[1] - width * dimension, capacity)
    old = tree.bound.shape[0]
    for name in ("cones", "weights", "sign", "bound", "edge", "ratio", "settled", "heap"):
        getattr(larger, name)[:old] = getattr(tree, name)
    unused = int(tree.count[1])
    extra = capacity - old
    larger.free[:extra] = np.arange(capacity - 1, old - 1, -1)
    larger.free[extra : extra + unused] = tree.free[:unused]
    larger.count[:] = tree.count
    larger.count[1] = extra + unused
    larger.floor[:] = tree.floor
    return larger


def new_leaves(width: int, dimension: int, room: int, *, every: bool) -> Leaves:
    """Allocate a buffer for ``room`` leaves."""
    cones = np.zeros((room, width, dimension, dimension))
    return Leaves(cones, np.zeros(room, np.int64), np.zeros(room), np.zeros(room, np.bool_), every)


def new_incumbent(width: int, dimension: int, free_columns: int, loss: float) -> Incumbent:
    """Make the zero network, whose loss is ``loss``, the incumbent."""
    return Incumbent(np.array([loss]), np.zeros((width, dimension)), np.zeros(free_columns), np.ones(width))


def open_bound(tree: Tree) -> float:
    """Least proven bound among the open nodes, the pruned ones and the leaves that rounding left unresolved."""
    least = float(tree.floor.min())
    if tree.count[0] > 0:
        least = min(least, float(tree.bound[tree.heap[0]]))
    return least


def add_roots(
    problem: Problem,
    tree: Tree,
    cones: Floats,
    sign: Integers,
    incumbent: Incumbent,
    slack: Floats,
    leaves: Leaves,
    tol: Tolerances,
) -> None:
    """Bound the roots ``cones`` (N, w, d, d) with sign vectors ``sign`` (N,), and open those that survive.

    The caller sees to it that tree and leaves have room for N more.
    """
    _advance(problem, tree, cones, sign, incumbent, slack, 0, 0.0, np.zeros(1, np.uint8), leaves, tol)


def advance(
    problem: Problem,
    tree: Tree,
    incumbent: Incumbent,
    slack: Floats,
    budget: int,
    stop: NDArray[np.uint8],
    leaves: Leaves,
    tol: Tolerances,
    closing: bool = False,
) -> int:
    """Explore at most ``budget`` more nodes, best bound first.

    A node is open as soon as its relaxation is seen to be below the cutoff, so its bound may be far below the
    relaxation's value. With ``closing``, the relaxation of an open node is solved before the node is split, which takes
    longer and raises the least bound: what a search does that is about to be stopped.

    Parameters
    ----------
    problem, tree, incumbent, leaves
        Arrays as described in their classes; the last three are changed in place.
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
    _, w, d, _ = tree.cones.shape
    none, no_signs = np.zeros((0, w, d, d)), np.zeros(0, np.int64)
    accuracy = CLOSING if closing else 0.0
    return int(_advance(problem, tree, none, no_signs, incumbent, slack, budget, accuracy, stop, leaves, tol))


def descend(
    problem: Problem, vectors: Floats, linear: Floats, signs: Floats, steps: int, tol: Tolerances
) -> tuple[float, Floats, Floats]:
    """Local descent of the true loss from ``vectors`` (w, d) and ``linear`` (q,), staying in the class.

    Returns the loss reached (in the engine's unit: a sum over points), the vectors and the free coefficients.
    """
    incumbent = new_incumbent(vectors.shape[0], vectors.shape[1], linear.shape[0], np.inf)
    sign = np.flatnonzero((problem.signs == signs).all(axis=1))[:1]
    _multistart(problem, vectors[None], linear, sign, steps, incumbent, tol)
    return float(incumbent.loss[0]), incumbent.vectors, incumbent.linear


def multistart(
    problem: Problem, starts: Floats, sign: Integers, steps: int, incumbent: Incumbent, tol: Tolerances
) -> Floats:
    """Descend from every start (N, w, d), with signs ``problem.signs[sign]``; keep the best, return all losses."""
    linear = np.zeros(problem.columns.shape[0])
    return np.asarray(_multistart(problem, starts, linear, sign, steps, incumbent, tol))


# ---------------------------------------------------------------------------------------------------------- workspace


class _Work(NamedTuple):
    """Scratch memory of one thread. M = w·d + q variables, D points."""

    T: Floats  # (w·d, D) ray times point
    A: Floats  # (w·d, D) its positive part
    G: Floats  # (M, D) active rows of the relaxation, scaled by the root of their curvature
    upper: Floats  # (w, D) upper function of each unit
    value: Floats  # (w, D) v·x̃
    minorant: Floats  # (w, D) smooth minorant of max(0, v·x̃)
    slope: Floats  # (w, D) its derivative, the multiplier τ
    centre: Floats  # (w, D) multiplier that the minorant is centred on
    sharp: Floats  # (w, D) 1/δ of the minorant; 0 where the point is decided
    low: Floats  # (D,) lower end of f − y
    high: Floats  # (D,) upper end of f − y
    rho: Floats  # (D,) multipliers of the loss
    rho_centre: Floats  # (D,) what the smoothed loss is centred on
    settled: NDArray[np.bool_]  # (D,) decided for every unit, so that low = high
    root: Floats  # (D,) root of the loss' curvature at ρ
    trial: Floats  # (D,)
    exact: Floats  # (D,)
    tau: Floats  # (D,)
    share: Floats  # (w, D)
    crossing: Floats  # (2, D)
    H: Floats  # (M, M)
    H2: Floats  # (M, M)
    C: Floats  # (M + 1, M + 1)
    b: Floats  # (M,)
    c: Floats  # (M,)
    z: Floats  # (M + 1,)
    new: Floats  # (M,)
    new_z: Floats  # (M + 1,)
    step: Floats  # (M,)
    full: Floats  # (M,) squared norm of each column
    passive: Integers  # (M + 1,)
    banned: Integers  # (M,)


@inner_kernel
def _workspace(w: int, d: int, q: int, D: int) -> _Work:
    M = w * d + q
    return _Work(
        np.zeros((w * d, D)),
        np.zeros((w * d, D)),
        np.zeros((M, D)),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros((w, D)),
        np.zeros(D),
        np.zeros(D),
        np.zeros(D),
        np.zeros(D),
        np.zeros(D, np.bool_),
        np.zeros(D),
        np.zeros(D),
        np.zeros(D),
        np.zeros(D),
        np.zeros((w, D)),
        np.zeros((2, D)),
        np.zeros((M, M)),
        np.zeros((M, M)),
        np.zeros((M + 1, M + 1)),
        np.zeros(M),
        np.zeros(M),
        np.zeros(M + 1),
        np.zeros(M),
        np.zeros(M + 1),
        np.zeros(M),
        np.zeros(M),
        np.zeros(M + 1, np.int64),
        np.zeros(M, np.int64),
    )


@bare_inner_kernel
def _copy_vector(source: Floats, target: Floats) -> None:
    """Copy entry by entry: numba's slice assignment takes seconds to compile, for its error messages."""
    for k in range(source.shape[0]):
        target[k] = source[k]


@bare_inner_kernel
def _copy_cones(source: Floats, target: Floats) -> None:
    for i in range(source.shape[0]):
        for a in range(source.shape[1]):
            for e in range(source.shape[2]):
                target[i, a, e] = source[i, a, e]


@reduction
def _dot(a: Floats, b: Floats) -> float:
    total = 0.0
    for j in range(a.shape[0]):
        total += a[j] * b[j]
    return total


@reduction
def _gram(G: Floats, H: Floats) -> None:
    """H = G Gᵀ."""
    for k in range(G.shape[0]):
        for m in range(k + 1):
            total = 0.0
            for j in range(G.shape[1]):
                total += G[k, j] * G[m, j]
            H[k, m] = total
            H[m, k] = total


@reduction
def _times(G: Floats, x: Floats, out: Floats) -> None:
    """out[k] = Σ_j G[k, j] x[j] for the rows of G."""
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


# --------------------------------------------------------------------------------------- quadratic programme over λ ≥ 0


@bare_inner_kernel
def _quadratic(
    H: Floats,
    b: Floats,
    x: Floats,
    bounded: int,
    passive: Integers,
    banned: Integers,
    C: Floats,
    z: Floats,
    dependent: float,
) -> int:
    """Minimise x·Hx/2 − b·x over x with x_k ≥ 0 for k < bounded: Lawson–Hanson from the support of x, in place.

    Returns the number n of positive variables: ``passive[:n]`` names them, C is the Cholesky factor of H on them.
    A column that depends on earlier ones (relative pivot below ``dependent``) keeps its value: singular H do no harm.
    """
    M = x.shape[0]
    n = 0
    best = -1
    for k in range(M):
        banned[k] = 0
        if H[k, k] > 0.0 and (x[k] > 0.0 or k >= bounded):
            passive[n] = k
            n += 1
    for _ in range(3 * M + 10):
        while True:
            m = 0
            for p in range(n):  # Cholesky of H on the passive set without its dependent columns
                k = passive[p]
                for c in range(m):
                    v = H[k, passive[c]]
                    for e in range(c):
                        v -= C[m, e] * C[c, e]
                    C[m, c] = v / C[c, c]
                v = H[k, k]
                for e in range(m):
                    v -= C[m, e] * C[m, e]
                if v <= dependent * H[k, k]:
                    if k == best:
                        banned[k] = 1  # it would be chosen again and again
                    continue
                C[m, m] = math.sqrt(v)
                passive[m] = k
                m += 1
            n = m
            for c in range(n):
                k = passive[c]
                v = b[k]
                for m in range(M):  # what is not passive stays where it is
                    v -= H[k, m] * x[m]
                for e in range(n):
                    v += H[k, passive[e]] * x[passive[e]]
                for e in range(c):
                    v -= C[c, e] * z[e]
                z[c] = v / C[c, c]
            for c in range(n - 1, -1, -1):
                v = z[c]
                for e in range(c + 1, n):
                    v -= C[e, c] * z[e]
                z[c] = v / C[c, c]
            step = 1.0
            blocking = -1
            for c in range(n):
                k = passive[c]
                if k < bounded and z[c] <= 0.0:
                    t = x[k] / (x[k] - z[c]) if x[k] > 0.0 else 0.0
                    if blocking < 0 or t < step:
                        step = t
                        blocking = c
            if blocking < 0:
                for c in range(n):
                    x[passive[c]] = z[c]
                break
            for c in range(n):
                k = passive[c]
                x[k] += step * (z[c] - x[k])
                if k < bounded and x[k] < 0.0:
                    x[k] = 0.0
            x[passive[blocking]] = 0.0
            m = 0
            for c in range(n):
                if c != blocking:
                    passive[m] = passive[c]
                    m += 1
            n = m
            for k in range(M):  # a column that depended on the one that left may be needed now
                if H[k, k] > 0.0 and (x[k] > 0.0 or k >= bounded):
                    inside = False
                    for c in range(n):
                        inside = inside or passive[c] == k
                    if not inside:
                        passive[n] = k
                        n += 1
        best = -1
        best_gain = 0.0
        for k in range(bounded):
            if x[k] == 0.0 and H[k, k] > 0.0 and banned[k] == 0:
                inside = False
                for c in range(n):
                    inside = inside or passive[c] == k
                if inside:
                    continue
                gain = b[k]
                size = abs(b[k])
                for m in range(M):
                    v = H[k, m] * x[m]
                    gain -= v
                    size += abs(v)
                if gain > 1e-14 * size:
                    gain /= math.sqrt(H[k, k])
                    if gain > best_gain:
                        best_gain = gain
                        best = k
        if best < 0:
            return n
        passive[n] = best
        n += 1
    return 0


# -------------------------------------------------------------------------------------------------- the relaxation


@bare_inner_kernel
def _project(cone: Floats, points: Floats, zero: float, T: Floats, A: Floats) -> None:
    """T = rays times points, with what lies within rounding of a hyperplane set to an exact zero; A = max(0, T)."""
    w, d, _ = cone.shape
    D = points.shape[1]
    for i in range(w):
        for a in range(d):
            k = i * d + a
            x = cone[i, a, 0]
            for j in range(D):
                T[k, j] = x * points[0, j]
            for e in range(1, d):
                x = cone[i, a, e]
                for j in range(D):
                    T[k, j] += x * points[e, j]
            for j in range(D):
                t = T[k, j]
                t = 0.0 if abs(t) <= zero else t
                T[k, j] = t
                A[k, j] = max(t, 0.0)


@bare_inner_kernel
def _centre_minorants(weights: Floats, w: int, d: int, work: _Work) -> None:
    """Choose, for every unit and point, the smooth minorant of max(0, v·x̃) near the given weights.

    max(0, t) = max over 0 ≤ τ ≤ 1 of τt; the minorant takes τt − (δ/2)(τ − τ₀)² instead, with δ a fraction of how far
    t can move. Decided points need no smoothing: τ is 0 or 1 for them.
    """
    D = work.low.shape[0]
    for j in range(D):
        work.settled[j] = True
    for i in range(w):
        least, most, reach, spread, value = work.trial, work.exact, work.tau, work.share[i], work.value[i]
        total = 0.0
        for j in range(D):
            least[j] = 0.0
            most[j] = 0.0
            reach[j] = 0.0
            spread[j] = 0.0
            value[j] = 0.0
        for a in range(d):
            k = i * d + a
            x = weights[k]
            total += x
            for j in range(D):
                t = work.T[k, j]
                least[j] = min(least[j], t)
                most[j] = max(most[j], t)
                value[j] += x * t
                reach[j] += x * abs(t)
                spread[j] += abs(t)
        for j in range(D):
            delta = 0.4 * (reach[j] + 0.01 * spread[j] * (total + 0.1)) + 1e-14
            decided = least[j] >= 0.0 or most[j] <= 0.0
            work.sharp[i, j] = 0.0 if decided else 1.0 / delta
            work.settled[j] = work.settled[j] and decided
            on = least[j] >= 0.0 if decided else value[j] > 0.0
            work.centre[i, j] = 1.0 if on else 0.0


@bare_inner_kernel
def _evaluate(problem: Problem, weights: Floats, signs: Floats, work: _Work, sharpness: float) -> float:
    """Value of the smoothed relaxation at ``weights``; fills upper, value, minorant, slope, low, high, rho."""
    w = work.upper.shape[0]
    d = problem.points.shape[0]
    D = problem.targets.shape[0]
    low, high, rho, y = work.low, work.high, work.rho, problem.targets
    for j in range(D):
        low[j] = -y[j]
    for k in range(problem.columns.shape[0]):
        x = weights[w * d + k]
        for j in range(D):
            low[j] += x * problem.columns[k, j]
    for j in range(D):
        high[j] = low[j]
    for i in range(w):
        upper, value, minorant, slope = work.upper[i], work.value[i], work.minorant[i], work.slope[i]
        centre, sharp = work.centre[i], work.sharp[i]
        for j in range(D):
            upper[j] = 0.0
            value[j] = 0.0
        for a in range(d):
            k = i * d + a
            x = weights[k]
            if x != 0.0:
                T, A = work.T[k], work.A[k]
                for j in range(D):
                    upper[j] += x * A[j]
                    value[j] += x * T[j]
        for j in range(D):
            t = value[j]
            tau = min(max(centre[j] + t * sharp[j], 0.0), 1.0)
            moved = tau - centre[j]
            slope[j] = tau
            minorant[j] = tau * t - (0.5 * moved * moved / sharp[j] if sharp[j] > 0.0 else 0.0)
        if signs[i] > 0.0:
            for j in range(D):
                low[j] += minorant[j]
                high[j] += upper[j]
        else:
            for j in range(D):
                low[j] -= upper[j]
                high[j] -= minorant[j]
    if problem.squared:
        for j in range(D):
            rho[j] = max(low[j], 0.0) + min(high[j], 0.0)
        return 0.5 * _dot(rho, rho)
    total = 0.0
    for j in range(D):
        r0 = work.rho_centre[j]
        x = max(r0 + low[j] * sharpness, 0.0) + min(r0 + high[j] * sharpness, 0.0)
        x = min(max(x, problem.rho_low[j]), problem.rho_high[j])
        rho[j] = x
        total += max(x, 0.0) * low[j] + min(x, 0.0) * high[j] - 0.5 * (x - r0) * (x - r0) / sharpness
    return total


@bare_inner_kernel
def _relaxed_loss(problem: Problem, signs: Floats, work: _Work, out: Floats) -> float:
    """Value of the relaxation itself, with max(0, v·x̃) in place of its minorant; ``out`` gets f − y."""
    D = problem.targets.shape[0]
    for j in range(D):
        low = work.low[j]
        high = work.high[j]
        for i in range(signs.shape[0]):
            missing = max(work.value[i, j], 0.0) - work.minorant[i, j]
            if signs[i] > 0.0:
                low += missing
            else:
                high -= missing
        out[j] = max(low, 0.0) + min(high, 0.0)
    return _loss(problem, out)


@bare_inner_kernel
def _true_residual(problem: Problem, weights: Floats, signs: Floats, work: _Work, out: Floats) -> float:
    """Loss of the network itself at ``weights``; ``out`` gets f − y."""
    w = signs.shape[0]
    M = weights.shape[0]
    q = problem.columns.shape[0]
    D = problem.targets.shape[0]
    for j in range(D):
        out[j] = -problem.targets[j]
    for k in range(q):
        for j in range(D):
            out[j] += weights[M - q + k] * problem.columns[k, j]
    for i in range(w):
        for j in range(D):
            out[j] += signs[i] * max(0.0, work.value[i, j])
    return _loss(problem, out)


@bare_inner_kernel
def _rows(problem: Problem, signs: Floats, work: _Work) -> None:
    """G = derivative of the end of [low, high] that each point's multiplier pulls at, along every variable."""
    w = signs.shape[0]
    d = problem.points.shape[0]
    D = problem.targets.shape[0]
    rho, settled, slope = work.rho, work.settled, work.slope
    for i in range(w):
        for a in range(d):
            k = i * d + a
            T, A, G, tau = work.T[k], work.A[k], work.G[k], slope[i]
            if signs[i] > 0.0:
                for j in range(D):
                    lower = tau[j] * T[j]
                    G[j] = lower if (rho[j] > 0.0 or settled[j]) else (A[j] if rho[j] < 0.0 else 0.0)
            else:
                for j in range(D):
                    lower = -tau[j] * T[j]
                    G[j] = lower if (rho[j] < 0.0 or settled[j]) else (-A[j] if rho[j] > 0.0 else 0.0)
    for k in range(problem.columns.shape[0]):
        for j in range(D):
            work.G[w * d + k, j] = problem.columns[k, j] if (rho[j] != 0.0 or settled[j]) else 0.0


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
def _look_ahead(
    problem: Problem, step: Floats, signs: Floats, passive: int, cutoff: float, work: _Work, tol: Tolerances
) -> float:
    """Dual bound at the multipliers that ``step`` would lead to if no point changed its piece; 0 if it proves nothing.

    Rounding in a long step leaves the constraints of the ``passive`` variables slightly violated; up to two rounds of
    iterative refinement with the factor that produced the step remove that.
    """
    w = signs.shape[0]
    d = problem.points.shape[0]
    M = step.shape[0]
    D = problem.targets.shape[0]
    ahead, root, rho = work.trial, work.root, work.rho
    for j in range(D):
        work.exact[j] = rho[j]
    for refinement in range(3):
        for j in range(D):
            ahead[j] = 0.0
        for k in range(M):
            x = step[k]
            if x != 0.0:
                G = work.G[k]
                for j in range(D):
                    ahead[j] += x * G[j]
        for j in range(D):
            x = work.exact[j] + root[j] * ahead[j]
            if not work.settled[j]:  # an undecided point must keep its side
                x = max(x, 0.0) if rho[j] > 0.0 else (min(x, 0.0) if rho[j] < 0.0 else 0.0)
            if not problem.squared:  # a wrong sign is cut off; too large a size is scaled back by the bound itself
                x = max(x, 0.0) if problem.rho_low[j] == 0.0 else (min(x, 0.0) if problem.rho_high[j] == 0.0 else x)
            ahead[j] = x
        norm = math.sqrt(_dot(ahead, ahead))
        if norm == 0.0:
            return 0.0
        bound = _bound_from(problem, ahead)
        if refinement > 0 and bound < cutoff:
            return 0.0
        feasible = True
        for i in range(w):
            if refinement == 0:
                _slopes_ahead(step, i, d, work)
            tau = work.share[i]
            for a in range(d):
                k = i * d + a
                T, A = work.T[k], work.A[k]
                c = 0.0
                if signs[i] > 0.0:
                    for j in range(D):
                        c += max(ahead[j], 0.0) * tau[j] * T[j] + min(ahead[j], 0.0) * A[j]
                else:
                    for j in range(D):
                        c -= max(ahead[j], 0.0) * A[j] + min(ahead[j], 0.0) * tau[j] * T[j]
                work.z[k] = c
                feasible = feasible and c >= -tol.dual * math.sqrt(work.full[k]) * norm
        for k in range(w * d, M):
            c = _dot(ahead, problem.columns[k - w * d])
            work.z[k] = c
            feasible = feasible and abs(c) <= tol.dual * math.sqrt(work.full[k]) * norm
        if feasible:
            return bound
        if bound < cutoff:
            return 0.0
        for j in range(D):
            work.exact[j] = ahead[j]
        for k in range(M):
            step[k] = 0.0
        for c in range(passive):
            v = -work.z[work.passive[c]]
            for e in range(c):
                v -= work.C[c, e] * work.new_z[e]
            work.new_z[c] = v / work.C[c, c]
        for c in range(passive - 1, -1, -1):
            v = work.new_z[c]
            for e in range(c + 1, passive):
                v -= work.C[e, c] * work.new_z[e]
            work.new_z[c] = v / work.C[c, c]
            step[work.passive[c]] = work.new_z[c]
    return 0.0


@bare_inner_kernel
def _slopes_ahead(step: Floats, i: int, d: int, work: _Work) -> None:
    """share[i] = the slopes τ of unit i after ``step``."""
    tau, sharp, slope = work.share[i], work.sharp[i], work.slope[i]
    for j in range(tau.shape[0]):
        tau[j] = 0.0
    for a in range(d):
        x = step[i * d + a]
        if x != 0.0:
            T = work.T[i * d + a]
            for j in range(tau.shape[0]):
                tau[j] += x * T[j]
    for j in range(tau.shape[0]):
        inner = slope[j] > 0.0 and slope[j] < 1.0
        tau[j] = min(max(slope[j] + (sharp[j] * tau[j] if inner else 0.0), 0.0), 1.0)


@bare_inner_kernel
def _curvature_root(problem: Problem, j: int, rho: float, low: float, high: float, sharpness: float) -> float:
    """Root of the curvature to use for point j of a piecewise linear loss.

    Inside the smoothed kink it is that of the smoothing; outside, where there is none, that of the parabola through the
    present residual that lies above the loss (as in iteratively reweighted least squares), so that steps stay bounded.
    """
    if rho > problem.rho_low[j] and rho < problem.rho_high[j]:
        return math.sqrt(sharpness)
    t = abs(low if rho > 0.0 else high)
    return math.sqrt(min(sharpness, abs(rho) / (t + 1e-300)))


@bare_inner_kernel
def _recentre(problem: Problem, work: _Work) -> None:
    """Move the minorants (and the smoothed loss) to the present multipliers, and sharpen them: a proximal step."""
    for i in range(work.slope.shape[0]):
        for j in range(work.slope.shape[1]):
            work.centre[i, j] = work.slope[i, j]
            work.sharp[i, j] *= 4.0
    if not problem.squared:
        for j in range(work.rho.shape[0]):
            work.rho_centre[j] = work.rho[j]


@bare_inner_kernel
def _relax(
    problem: Problem, weights: Floats, signs: Floats, cutoff: float, accuracy: float, work: _Work, tol: Tolerances
) -> float:
    """Minimise the relaxation from ``weights`` (in place) until it is pruned, known to be open, or solved.

    Returns the best dual bound found. Newton's method on the smoothed relaxation, whose step is a quadratic programme
    over the orthant; every step also looks ahead for a dual bound, because most nodes are far above the cutoff. With a
    positive ``accuracy`` it does not stop at a node that is known to be open before the bound has come within this
    share of the relaxation's value.
    """
    settle = accuracy > 0.0
    w = signs.shape[0]
    d = problem.points.shape[0]
    M = weights.shape[0]
    D = problem.targets.shape[0]
    scale = 1e-7 * abs(cutoff)
    enough = 1e-9 * scale if problem.squared else 1e-4 * abs(cutoff)  # descent below which a smoothed problem is solved
    for k in range(w * d):
        work.full[k] = _dot(work.T[k], work.T[k])
    for k in range(w * d, M):
        work.full[k] = _dot(problem.columns[k - w * d], problem.columns[k - w * d])
    _centre_minorants(weights, w, d, work)
    sharpness = 1.0
    if problem.squared:
        for j in range(D):
            work.root[j] = 1.0
    else:
        for j in range(D):
            work.rho_centre[j] = 0.0
        sharpness = 0.5 * D / (cutoff + 1e-300)
    bound = 0.0
    phi = _evaluate(problem, weights, signs, work, sharpness)
    if phi > problem.nothing:  # an inherited start that is worse than the zero network
        for k in range(M):
            weights[k] = 0.0
        phi = _evaluate(problem, weights, signs, work, sharpness)
    damping = 0.0
    rounds = 0
    for iteration in range(30 if problem.squared else 120):
        _rows(problem, signs, work)
        _times(work.G, work.rho, work.c)
        if not problem.squared:
            for j in range(D):
                work.root[j] = _curvature_root(problem, j, work.rho[j], work.low[j], work.high[j], sharpness)
            for k in range(M):
                for j in range(D):
                    work.G[k, j] *= work.root[j]
        _gram(work.G, work.H)
        if iteration >= 1 and phi < cutoff:
            exact = _relaxed_loss(problem, signs, work, work.exact)
            if exact < cutoff * (1 - 1e-6) and (not settle or exact - bound <= accuracy * exact):
                return bound
        for i in range(w):  # curvature of the minorants
            for j in range(D):
                tau = work.slope[i, j]
                if tau > 0.0 and tau < 1.0 and signs[i] * work.rho[j] > 0.0:
                    weight = abs(work.rho[j]) * work.sharp[i, j]
                    for a in range(d):
                        x = weight * work.T[i * d + a, j]
                        for e in range(d):
                            work.H[i * d + a, i * d + e] += x * work.T[i * d + e, j]
        mu = 0.0
        accepted = False
        for attempt in range(16):
            for k in range(M):
                for m in range(M):
                    work.H2[k, m] = work.H[k, m]
                work.H2[k, k] += mu * sharpness * work.full[k]
            for k in range(M):
                v = -work.c[k]
                for m in range(M):
                    v += work.H2[k, m] * weights[m]
                work.b[k] = v
                work.new[k] = weights[k]
            n = _quadratic(work.H2, work.b, work.new, w * d, work.passive, work.banned, work.C, work.z, tol.dependent)
            descent = 0.0
            for k in range(M):
                work.b[k] = work.new[k] - weights[k]
                descent += work.c[k] * work.b[k]
            if attempt == 0:
                for k in range(M):
                    work.step[k] = work.b[k]
                wanted = bound if settle else cutoff
                bound = max(bound, _look_ahead(problem, work.step, signs, n, wanted, work, tol))
                if bound >= cutoff:
                    return bound
            curvature = 0.0
            for k in range(M):
                v = 0.0
                for m in range(M):
                    v += work.H[k, m] * work.b[m]
                curvature += v * work.b[k]
            if descent >= -enough:
                break
            after = _evaluate(problem, work.new, signs, work, sharpness)
            if phi - after > 0.1 * -(descent + 0.5 * curvature):
                accepted = True
                damping = 0.3 * mu
                break
            mu = max(10.0 * mu, damping, 1e-5)
        if accepted:
            for k in range(M):
                weights[k] = work.new[k]
            phi = after
            continue
        _evaluate(problem, weights, signs, work, sharpness)  # solved: is the smoothing still worth reducing?
        exact = _relaxed_loss(problem, signs, work, work.exact)
        rounds += 1
        if exact - bound <= 1e-3 * scale or rounds > (8 if problem.squared else 14):
            return bound
        _recentre(problem, work)
        enough *= 1.0 if problem.squared else 0.1
        sharpness *= 1.0 if problem.squared else 4.0
        phi = _evaluate(problem, weights, signs, work, sharpness)
    return bound


# --------------------------------------------------------------------------------------------------- local descent


@bare_inner_kernel
def _residual(problem: Problem, vectors: Floats, linear: Floats, signs: Floats, work: _Work, out: Floats) -> float:
    """Loss of a network; ``out`` gets f − y, ``work.value`` gets v·x̃."""
    w, d = vectors.shape
    D = problem.targets.shape[0]
    for j in range(D):
        out[j] = -problem.targets[j]
    for k in range(linear.shape[0]):
        for j in range(D):
            out[j] += linear[k] * problem.columns[k, j]
    for i in range(w):
        value = work.value[i]
        for j in range(D):
            value[j] = 0.0
        for e in range(d):
            x = vectors[i, e]
            for j in range(D):
                value[j] += x * problem.points[e, j]
        for j in range(D):
            out[j] += signs[i] * max(0.0, value[j])
    return _loss(problem, out)


@inner_kernel
def _polish(
    problem: Problem, vectors: Floats, linear: Floats, signs: Floats, steps: int, work: _Work, tol: Tolerances
) -> float:
    """Descend from a network in place: Newton steps within the activation pattern, halved until the loss falls."""
    w, d = vectors.shape
    q = linear.shape[0]
    M = w * d + q
    all_free = 0 * w  # not a literal 0, for which numba would compile another copy
    D = problem.targets.shape[0]
    old = vectors.copy()
    old_linear = linear.copy()
    t = work.exact
    loss = _residual(problem, vectors, linear, signs, work, t)
    sharpness = 1.0
    if not problem.squared:
        sharpness = D / (0.5 * loss + 1e-300)
        for j in range(D):
            work.rho_centre[j] = 0.0
    for _ in range(steps):
        for j in range(D):
            if problem.squared:
                work.rho[j] = t[j]
                work.root[j] = 1.0
            else:
                x = work.rho_centre[j] + t[j] * sharpness
                work.rho[j] = min(max(x, problem.rho_low[j]), problem.rho_high[j])
                work.root[j] = _curvature_root(problem, j, work.rho[j], t[j], t[j], sharpness)
        for i in range(w):
            for e in range(d):
                G = work.G[i * d + e]
                for j in range(D):
                    G[j] = signs[i] * problem.points[e, j] if work.value[i, j] > 0.0 else 0.0
        for k in range(q):
            for j in range(D):
                work.G[w * d + k, j] = problem.columns[k, j]
        _times(work.G, work.rho, work.c)
        for k in range(M):
            for j in range(D):
                work.G[k, j] *= work.root[j]
        _gram(work.G, work.H)
        for k in range(M):
            work.H[k, k] *= 1.0 + 1e-7
            work.b[k] = -work.c[k]
            work.new[k] = 0.0
        _quadratic(work.H, work.b, work.new, all_free, work.passive, work.banned, work.C, work.z, tol.dependent)
        for i in range(w):
            for e in range(d):
                old[i, e] = vectors[i, e]
        for k in range(q):
            old_linear[k] = linear[k]
        length = 1.0
        better = False
        for _ in range(10):
            for i in range(w):
                for e in range(d):
                    vectors[i, e] = old[i, e] + length * work.new[i * d + e]
            for k in range(q):
                linear[k] = old_linear[k] + length * work.new[w * d + k]
            after = _residual(problem, vectors, linear, signs, work, t)
            if after < loss * (1 - 1e-12):
                better = True
                break
            length *= 0.5
        if better:
            loss = after
            continue
        for i in range(w):
            for e in range(d):
                vectors[i, e] = old[i, e]
        for k in range(q):
            linear[k] = old_linear[k]
        _residual(problem, vectors, linear, signs, work, t)
        if problem.squared or sharpness * loss > 1e9 * D:
            break
        for j in range(D):
            work.rho_centre[j] = work.rho[j]
        sharpness *= 5.0
    return loss


@bare_inner_kernel
def _keep(incumbent: Incumbent, loss: float, vectors: Floats, linear: Floats, signs: Floats) -> None:
    if loss < incumbent.loss[0]:
        incumbent.loss[0] = loss
        for i in range(vectors.shape[0]):
            _copy_vector(vectors[i], incumbent.vectors[i])
        _copy_vector(linear, incumbent.linear)
        _copy_vector(signs, incumbent.signs)


@kernel
def _multistart(
    problem: Problem, starts: Floats, begin: Floats, sign: Integers, steps: int, incumbent: Incumbent, tol: Tolerances
) -> Floats:
    n, w, d = starts.shape
    q = problem.columns.shape[0]
    work = _workspace(w, d, q, problem.targets.shape[0])
    losses = np.zeros(n)
    for k in range(n):
        vectors = starts[k].copy()
        linear = begin.copy()
        signs = problem.signs[sign[k]]
        losses[k] = _polish(problem, vectors, linear, signs, steps, work, tol)
        _keep(incumbent, losses[k], vectors, linear, signs)
    return losses


# ------------------------------------------------------------------------------------------------------- branching


@bare_inner_kernel
def _volume(rays: Floats, scratch: Floats) -> float:
    """|det| of d unit rays."""
    d = rays.shape[0]
    for a in range(d):
        for e in range(d):
            scratch[a, e] = rays[a, e]
    volume = 1.0
    for k in range(d):
        pivot = k
        for a in range(k + 1, d):
            if abs(scratch[a, k]) > abs(scratch[pivot, k]):
                pivot = a
        if scratch[pivot, k] == 0.0:
            return 0.0
        if pivot != k:
            for e in range(d):
                t = scratch[pivot, e]
                scratch[pivot, e] = scratch[k, e]
                scratch[k, e] = t
        volume *= scratch[k, k]
        for a in range(k + 1, d):
            t = scratch[a, k] / scratch[k, k]
            for e in range(k, d):
                scratch[a, e] -= t * scratch[k, e]
    return abs(volume)


@bare_inner_kernel
def _select_edge(
    problem: Problem, cone: Floats, weights: Floats, signs: Floats, work: _Work, edge: Integers, scratch: Floats
) -> float:
    """Choose the edge whose split removes most of what the relaxation gives away at its minimiser.

    Point j gives away ℓ(true) − ℓ(relaxed); a unit's share is its part of the gap between upper and lower function, and
    that gap is spread over the pairs of rays that see the point from opposite sides. Long edges are preferred, and in a
    flat cone only the longest may be split: otherwise cones flatten without end. Returns the share of the first ray in
    the new one (a crossing with a data hyperplane: the weighted median), or −1 if there is nothing to split.
    """
    w, d, _ = cone.shape
    D = problem.targets.shape[0]
    relaxed, true = work.exact, work.trial
    _relaxed_loss(problem, signs, work, relaxed)
    _true_residual(problem, weights, signs, work, true)
    for j in range(D):
        if problem.squared:
            given = 0.5 * (true[j] * true[j] - relaxed[j] * relaxed[j])
        else:
            lo, hi = problem.rho_low[j], problem.rho_high[j]
            given = max(lo * true[j], hi * true[j]) - max(lo * relaxed[j], hi * relaxed[j])
        total = 0.0
        for i in range(w):
            total += work.upper[i, j] - max(0.0, work.value[i, j])
        for i in range(w):
            gap = work.upper[i, j] - max(0.0, work.value[i, j])
            product = work.upper[i, j] * (work.upper[i, j] - work.value[i, j])
            work.share[i, j] = given * gap / (total * product) if given > 0.0 and gap > 0.0 and product > 0.0 else 0.0
    best = 0.0
    edge[0] = -1
    for attempt in range(2):
        for i in range(w):
            longest = 0.0
            for a in range(d):
                for b in range(a):
                    longest = max(longest, _distance(cone[i, a], cone[i, b]))
            shortest = 0.5 * longest if attempt == 0 else 0.0
            if d > 2 and attempt == 0 and _volume(cone[i], scratch) < 0.03 * 0.1 ** (d - 3) * longest ** (d - 1):
                shortest = 0.999 * longest
            for a in range(d):
                for b in range(a + 1, d):
                    product = weights[i * d + a] * weights[i * d + b]
                    length = _distance(cone[i, a], cone[i, b])
                    if product <= 0.0 or length < shortest:
                        continue
                    gain = 0.0
                    Ta, Tb = work.T[i * d + a], work.T[i * d + b]
                    for j in range(D):
                        gain -= work.share[i, j] * min(Ta[j] * Tb[j], 0.0)
                    gain *= product * (length / longest) ** 2
                    if gain > best:
                        best = gain
                        edge[0], edge[1], edge[2] = i, a, b
        if edge[0] >= 0:
            break
    if edge[0] < 0:
        _longest_open_edge(cone, work, edge)
    if edge[0] < 0:
        return -1.0
    i = edge[0]
    Ta, Tb = work.T[i * d + edge[1]], work.T[i * d + edge[2]]
    n = 0
    total = 0.0
    central = -1.0
    for j in range(D):
        if Ta[j] * Tb[j] < 0.0:
            x = Tb[j] / (Tb[j] - Ta[j])
            if central < 0.0 or abs(x - 0.5) < abs(central - 0.5):
                central = x
            if x > 0.01 and x < 0.99:  # prefer a crossing away from the ends, which would only cut off a sliver
                work.crossing[0, n] = x
                work.crossing[1, n] = -work.share[i, j] * Ta[j] * Tb[j]
                total += work.crossing[1, n]
                n += 1
    if n == 0:
        return central if abs(central - 0.5) < 0.5 - 1e-7 else 0.5
    return _weighted_median(work.crossing[0], work.crossing[1], n, 0.5 * total)


@bare_inner_kernel
def _weighted_median(values: Floats, shares: Floats, n: int, half: float) -> float:
    """Least of the n values up to which the shares sum to ``half``: quickselect, reorders both arrays."""
    low, high = 0, n
    below = 0.0
    while high - low > 1:
        pivot = values[(low + high) // 2]
        less = low
        k = low
        more = high
        weight = 0.0
        equal = 0.0
        while k < more:  # three-way partition
            v = values[k]
            if v < pivot:
                weight += shares[k]
                values[k], values[less] = values[less], v
                shares[k], shares[less] = shares[less], shares[k]
                less += 1
                k += 1
            elif v > pivot:
                more -= 1
                values[k], values[more] = values[more], v
                shares[k], shares[more] = shares[more], shares[k]
            else:
                equal += shares[k]
                k += 1
        if below + weight >= half and less > low:
            high = less
        elif below + weight + equal >= half or more == high:
            return float(pivot)
        else:
            below += weight + equal
            low = more
    return float(values[low])


@bare_inner_kernel
def _longest_open_edge(cone: Floats, work: _Work, edge: Integers) -> None:
    """Choose the longest edge whose ends see some point from opposite sides (for nodes that rounding left unproven)."""
    w, d, _ = cone.shape
    longest = 1e-6
    for i in range(w):
        for a in range(d):
            for b in range(a + 1, d):
                length = _distance(cone[i, a], cone[i, b])
                if length > longest:
                    Ta, Tb = work.T[i * d + a], work.T[i * d + b]
                    for j in range(Ta.shape[0]):
                        if Ta[j] * Tb[j] < 0.0:
                            longest = length
                            edge[0], edge[1], edge[2] = i, a, b
                            break


@bare_inner_kernel
def _distance(a: Floats, b: Floats) -> float:
    total = 0.0
    for e in range(a.shape[0]):
        total += (a[e] - b[e]) * (a[e] - b[e])
    return math.sqrt(total)


@inner_kernel
def _split(tree: Tree, p: int, signs: Floats, cones: Floats, weights: Floats) -> int:
    """Write the children of node p to ``cones`` and ``weights``; return their number.

    Units of one sign are exchangeable, so those with the very same cone are split together: with g of them there are
    g + 1 children (how many take the first half), not 2^g.
    """
    _, w, d, _ = tree.cones.shape
    unit, a, b = tree.edge[p]
    ratio = tree.ratio[p]
    twins = 0
    same = np.zeros(w, np.bool_)
    for i in range(w):
        if signs[i] == signs[unit]:
            equal = True
            for r in range(d):
                for e in range(d):
                    equal = equal and tree.cones[p, i, r, e] == tree.cones[p, unit, r, e]
            same[i] = equal
            twins += 1 if equal else 0
    ray = np.zeros(d)
    for e in range(d):
        ray[e] = ratio * tree.cones[p, unit, a, e] + (1.0 - ratio) * tree.cones[p, unit, b, e]
    norm = math.sqrt(_dot(ray, ray))
    for e in range(d):
        ray[e] /= norm
    share_a = ratio / norm
    share_b = (1.0 - ratio) / norm
    for child in range(twins + 1):
        _copy_cones(tree.cones[p], cones[child])
        _copy_vector(tree.weights[p], weights[child])
        seen = 0
        for i in range(w):
            if not same[i]:
                continue
            x = tree.weights[p, i * d + a]
            y = tree.weights[p, i * d + b]
            if seen < child:  # keep ray a, the new ray replaces b
                new = min(y / share_b, x / share_a)
                weights[child, i * d + a] = max(x - new * share_a, 0.0)
                weights[child, i * d + b] = new
                _copy_vector(ray, cones[child, i, b])
            else:
                new = min(x / share_a, y / share_b)
                weights[child, i * d + b] = max(y - new * share_b, 0.0)
                weights[child, i * d + a] = new
                _copy_vector(ray, cones[child, i, a])
            seen += 1
    return twins + 1


# ------------------------------------------------------------------------------------------------------------ heap


@bare_inner_kernel
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


@bare_inner_kernel
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


@bare_inner_kernel
def _cutoff(incumbent: Incumbent, slack: Floats) -> float:
    return float(incumbent.loss[0] - max(slack[0], slack[1] * incumbent.loss[0]))


@bare_inner_kernel
def _close(tree: Tree, cone: Floats, sign: int, bound: float, pruned: bool, leaves: Leaves) -> None:
    """Count and report a leaf: excluded, or (rounding) neither excluded nor divisible."""
    tree.count[3 if pruned else 4] += 1
    kind = 0 if pruned else 1
    tree.floor[kind] = min(tree.floor[kind], bound)
    if leaves.every or not pruned:
        leaves.pruned[tree.count[6]] = pruned
        _copy_cones(cone, leaves.cones[tree.count[6]])
        leaves.sign[tree.count[6]] = sign
        leaves.bound[tree.count[6]] = bound
        tree.count[6] += 1


@inlined
def _settle(
    problem: Problem,
    tree: Tree,
    p: int,
    cutoff: float,
    accuracy: float,
    leaves: Leaves,
    work: _Work,
    tol: Tolerances,
    weights: Floats,
) -> None:
    """Solve the relaxation of an open node for its bound alone: where it will be split stays as it is."""
    _copy_vector(tree.weights[p], weights)
    _project(tree.cones[p], problem.points, tol.zero, work.T, work.A)
    found = _relax(problem, weights, problem.signs[tree.sign[p]], cutoff, accuracy, work, tol)
    tree.bound[p] = max(tree.bound[p], found)
    tree.settled[p] = True
    pruned = tree.bound[p] >= cutoff
    if not pruned:
        _push(tree, p)
    else:
        _close(tree, tree.cones[p], tree.sign[p], tree.bound[p], pruned, leaves)
        tree.free[tree.count[1]] = p
        tree.count[1] += 1


@inlined
def _visit(
    problem: Problem,
    tree: Tree,
    cone: Floats,
    weights: Floats,
    sign: int,
    inherited: float,
    incumbent: Incumbent,
    slack: Floats,
    leaves: Leaves,
    work: _Work,
    tol: Tolerances,
    vectors: Floats,
    linear: Floats,
    scratch: Floats,
) -> None:
    """Bound one node; prune it, or try its network as an incumbent and open it."""
    w, d, _ = cone.shape
    signs = problem.signs[sign]
    tree.count[2] += 1
    cutoff = _cutoff(incumbent, slack)
    bound = inherited
    if bound < cutoff:
        _project(cone, problem.points, tol.zero, work.T, work.A)
        bound = max(bound, _relax(problem, weights, signs, cutoff, 0.0, work, tol))
    if bound < cutoff:
        loss = _true_residual(problem, weights, signs, work, work.trial)
        if loss < incumbent.loss[0] or tree.count[2] % 64 == 1:
            saved = weights.copy()
            for i in range(w):
                for e in range(d):
                    vectors[i, e] = 0.0
                    for a in range(d):
                        vectors[i, e] += weights[i * d + a] * cone[i, a, e]
            for k in range(linear.shape[0]):
                linear[k] = weights[w * d + k]
            loss = _polish(problem, vectors, linear, signs, 30 + 0 * w, work, tol)
            tree.count[5] += 1
            _keep(incumbent, loss, vectors, linear, signs)
            cutoff = _cutoff(incumbent, slack)
            _centre_minorants(saved, w, d, work)  # the descent used the workspace: restore what branching reads
            _evaluate(problem, saved, signs, work, 1.0)
    slot = tree.free[tree.count[1] - 1]
    pruned = bound >= cutoff
    ratio = -1.0
    if not pruned:
        ratio = _select_edge(problem, cone, weights, signs, work, tree.edge[slot], scratch)
    if ratio < 0.0:
        _close(tree, cone, sign, bound, pruned, leaves)
        return
    tree.count[1] -= 1
    _copy_cones(cone, tree.cones[slot])
    _copy_vector(weights, tree.weights[slot])
    tree.sign[slot] = sign
    tree.bound[slot] = bound
    tree.ratio[slot] = ratio
    tree.settled[slot] = False
    _push(tree, slot)


@kernel
def _advance(
    problem: Problem,
    tree: Tree,
    roots: Floats,
    root_sign: Integers,
    incumbent: Incumbent,
    slack: Floats,
    budget: int,
    accuracy: float,
    stop: NDArray[np.uint8],
    leaves: Leaves,
    tol: Tolerances,
) -> int:
    """Visit the roots, then up to ``budget`` nodes of the tree: one kernel for both, as compiling it takes long."""
    _, w, d, _ = tree.cones.shape
    q = problem.columns.shape[0]
    work = _workspace(w, d, q, problem.targets.shape[0])
    vectors, linear, scratch = np.zeros((w, d)), np.zeros(q), np.zeros((d, d))
    cones = np.zeros((w + 1, w, d, d))
    weights = np.zeros((w + 1, w * d + q))
    last = tree.count[2] + budget
    root, settling = 0, 0
    while root < roots.shape[0] or tree.count[2] + settling < last:
        if root < roots.shape[0]:
            _copy_cones(roots[root], cones[0])
            for k in range(w * d + q):
                weights[0, k] = 0.0
            sign = root_sign[root]
            inherited = 0.0
            children = 1
            root += 1
        else:
            if stop[0] != 0:
                return STOPPED
            if tree.count[1] < w + 2 or tree.count[6] + w + 2 > leaves.bound.shape[0]:
                return FULL
            if tree.count[0] == 0 or tree.bound[tree.heap[0]] >= _cutoff(incumbent, slack):
                return EXHAUSTED
            p = _pop(tree)
            sign = tree.sign[p]
            if accuracy > 0.0 and not tree.settled[p]:
                settling += 1
                _settle(problem, tree, p, _cutoff(incumbent, slack), accuracy, leaves, work, tol, weights[0])
                continue
            inherited = tree.bound[p]
            children = _split(tree, p, problem.signs[sign], cones, weights)
            tree.free[tree.count[1]] = p
            tree.count[1] += 1
        for k in range(children):
            _visit(
                problem,
                tree,
                cones[k],
                weights[k],
                sign,
                inherited,
                incumbent,
                slack,
                leaves,
                work,
                tol,
                vectors,
                linear,
                scratch,
            )
    return CONTINUE
