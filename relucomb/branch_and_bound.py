"""``method="branch-and-bound"``: from data to the engine and back.

The engines (:mod:`relucomb_solvers.cone_search`, :mod:`relucomb_solvers.sign_search`) see whitened points, labels of
unit size and arrays; this module chooses between them, gives them a first incumbent, and turns what they prove into the
user's units.
"""

from __future__ import annotations

import itertools
import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from relucomb.erm_result import SearchProgress, relative_gap
from relucomb.leaf_bounds import leaf_bound
from relucomb.precise_values import Units
from relucomb.refit import refit
from relucomb.standardisation import Standardised, standardise
from relucomb_solvers import cone_search, sign_search
from relucomb_solvers.search_driver import Limits, State, drive
from relucomb_solvers.simplicial_fan import count_roots, roots, sign_vectors, simplex_fan

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from relucomb.networks import ReLUNetwork

    Floats = NDArray[np.float64]

RELATIVE, NEGLIGIBLE = 1e-10, 1e-13
"""Loss and bound are not told apart below these shares of the loss, and of the loss of the zero network."""

NATIVE = ("squared", "absolute", "hinge")
"""Losses with kernels of their own."""

MOST_ROOTS = 20_000
SLOTS = 4096
POINTS_PER_UNIT = {3: 8, 4: 40}
"""For points in so many dimensions (with the bias), up to so many points per unit, signs are faster than cones."""
PADDING = 8
STARTS, DESCENT_STEPS = 32, 60


@dataclass(frozen=True, slots=True)
class PrunedNodes:
    """The leaves of the search tree: raw material for a certificate.

    Attributes
    ----------
    cones
        Array ``(N, w, d, d)``: rays of every unit's cone, in whitened coordinates.
    signs
        Array ``(N, w)`` of output signs.
    bounds
        Array ``(N,)`` of proven lower bounds on the mean loss.
    """

    cones: Floats
    signs: Floats
    bounds: Floats


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """What the search found, in the user's units."""

    weights: Floats
    biases: Floats
    signs: Floats
    output_bias: float
    lower_bound: float
    reason: str
    nodes: int
    unresolved: int
    pruned: PrunedNodes | None


@dataclass(frozen=True, slots=True)
class _Units:
    """Between the engine's sums in scaled labels and the user's mean loss.

    ``floor`` is what equal points with different labels cost whatever the network does, in the engine's unit.
    """

    factor: float
    floor: float

    def user(self, loss: float) -> float:
        return (loss + self.floor) * self.factor

    def engine(self, loss: float) -> float:
        return loss / self.factor


def solve_by_branch_and_bound(
    X: Floats,
    y: Floats,
    width: int,
    *,
    loss: str,
    hidden_bias: bool,
    output_bias: bool,
    gap: float,
    abs_gap: float,
    time_limit: float | None = None,
    node_limit: int | None = None,
    warm_start: ReLUNetwork | None = None,
    workers: int = 1,
    seed: int = 0,
    callback: Callable[[SearchProgress], bool | None] | None = None,
    record_pruned: bool = False,
    skip_term: bool = False,
    forbid_units: bool = False,
    only_positive: bool = False,
) -> SearchOutcome:
    """Minimise a native loss over all networks of the class; arguments are checked by :func:`relucomb.erm.erm`.

    Parameters
    ----------
    record_pruned
        Search over cones and return the pruned nodes.
    skip_term
        Add a free linear function of the points to the output and let units only open towards larger values of the
        single feature: continuous piecewise-linear functions on R with ``width`` kinks.
    forbid_units
        Fit the free columns alone.
    only_positive
        Search only networks whose output signs are all positive.
    """
    start = time.perf_counter()
    data = standardise(
        X, y, hidden_bias=hidden_bias, scale_labels=loss != "hinge", shift_labels=output_bias and loss != "hinge"
    )
    problem, units = _problem(data, width, loss, output_bias, skip_term)
    if forbid_units:
        problem = problem._replace(points=np.zeros_like(problem.points))
    if only_positive:
        problem = problem._replace(signs=np.ones((1, width)))
    d, q = problem.points.shape[0], problem.columns.shape[0]
    tol = cone_search.Tolerances()
    incumbent = cone_search.new_incumbent(width, d, q, problem.nothing)
    incumbent.signs[:] = problem.signs[0]
    share = max(gap, RELATIVE)
    slack = np.array([max(units.engine(abs_gap), NEGLIGIBLE * problem.nothing, share * units.floor), share])
    deadline = None if time_limit is None else start + time_limit
    reporter = _Reporter(units, callback, start)
    recorder = _Recorder(problem, units, incumbent, slack, tol, every=record_pruned)
    try:
        if problem.nothing > 0:
            _first_incumbent(problem, incumbent, data, warm_start, seed, tol, skip_term)
        reason, state = _search(
            problem, incumbent, slack, tol, Limits(deadline, node_limit), reporter, recorder, workers, skip_term
        )
    except KeyboardInterrupt:  # before the tree had a bound
        reason, state = "interrupted", State(0, 0, float(incumbent.loss[0]), 0.0, 0, reporter.elapsed())
    if forbid_units:
        incumbent.vectors[:] = 0.0
    weights, biases, constant = data.user_units(
        incumbent.vectors, float(incumbent.linear[0]) if output_bias or skip_term else 0.0
    )
    bound = max(0.0, units.user(state.bound))
    if skip_term:
        weights, biases, constant = _absorb_skip(data, incumbent)
    elif not forbid_units:
        found = Units(weights, biases, incumbent.signs.copy(), constant)
        found = refit(found, X, y, data, loss=loss, output_bias=output_bias, bound=bound)
        weights, biases, constant = found.weights, found.biases, found.constant
    return SearchOutcome(
        weights,
        biases,
        incumbent.signs.copy(),
        constant,
        bound,
        reason,
        state.nodes,
        state.unresolved,
        recorder.nodes() if record_pruned else None,
    )


def _problem(
    data: Standardised, width: int, loss: str, output_bias: bool, skip_term: bool
) -> tuple[cone_search.Problem, _Units]:
    """Lay the data out for the engine: points as columns, padded to whole vectors with points that cost nothing."""
    D = len(data.targets)
    points, targets, weights, floor = data.points, data.targets, np.ones(D), 0.0
    if loss == "squared":
        points, targets, weights, floor = _merge_equal_points(points, targets)
    pad = -len(targets) % PADDING
    points = np.ascontiguousarray(np.pad(points, ((0, pad), (0, 0))).T)
    targets = np.pad(targets, (0, pad))
    constant = np.pad(weights, (0, pad))
    columns = np.zeros((0, len(targets)))
    if skip_term:
        columns = np.stack([constant, points[0]]) if len(points) > 1 else constant[None]
    elif output_bias:
        columns = constant[None]
    low, high = -np.ones(len(targets)), np.ones(len(targets))
    if loss == "hinge":
        low, high = np.where(targets > 0, -1.0, 0.0), np.where(targets < 0, 1.0, 0.0)
    squared = loss == "squared"
    if squared:
        nothing, factor = 0.5 * float(targets @ targets), 2.0 * data.scale**2 / D
    else:
        nothing, factor = float(np.maximum(-low * targets, -high * targets).sum()), data.scale / D
    problem = cone_search.Problem(
        points, targets, np.ascontiguousarray(columns), low, high, squared, sign_vectors(width), nothing
    )
    return problem, _Units(factor, floor)


def _merge_equal_points(points: Floats, targets: Floats) -> tuple[Floats, Floats, Floats, float]:
    """Replace m equal points by one of weight m with their mean label, which changes the squared loss by a constant.

    Returns points, labels and constants scaled by the roots of the weights (units are homogeneous, so that a scaled
    point has a scaled output), and half the sum of squares within the groups.
    """
    unique, group = np.unique(points, axis=0, return_inverse=True)
    group = group.reshape(-1)
    weight = np.bincount(group).astype(np.float64)
    mean = np.bincount(group, weights=targets) / weight
    root = np.sqrt(weight)
    within = 0.5 * float(np.sum((targets - mean[group]) ** 2))
    return unique * root[:, None], mean * root, root, within


def _first_incumbent(
    problem: cone_search.Problem,
    incumbent: cone_search.Incumbent,
    data: Standardised,
    warm_start: ReLUNetwork | None,
    seed: int,
    tol: cone_search.Tolerances,
    skip_term: bool,
) -> None:
    """Descend from random starts, from the warm start, and from the warm start with one more random unit."""
    w, d = incumbent.vectors.shape
    random = np.random.default_rng(seed)
    count = STARTS + STARTS // 2 * w
    starts = 0.5 * random.normal(size=(count, w, d))
    if skip_term and d > 1:
        starts[:, :, 0] = np.abs(starts[:, :, 0])
    cone_search.multistart(problem, starts, np.arange(count) % len(problem.signs), DESCENT_STEPS, incumbent, tol)
    if warm_start is None:
        return
    outer = np.asarray(warm_start.weights[1], dtype=np.float64)[0]
    hidden = np.asarray(warm_start.weights[0], dtype=np.float64) * np.abs(outer)[:, None]
    bias = np.asarray(warm_start.biases[0], dtype=np.float64) * np.abs(outer)
    vectors, constant = data.standard_units(hidden, bias, float(np.asarray(warm_start.biases[1])[0]))
    linear = np.full(len(incumbent.linear), constant)
    for row, signs in enumerate(problem.signs):
        known = [*np.flatnonzero(outer > 0), *np.flatnonzero(outer < 0)]
        positive, negative = int((outer > 0).sum()), int((outer < 0).sum())
        if positive > int((signs > 0).sum()) or negative > int((signs < 0).sum()):
            continue
        places = [*range(positive), *range(int((signs > 0).sum()), int((signs > 0).sum()) + negative)]
        for attempt in range(STARTS):
            begin = 0.5 * random.normal(size=(w, d)) if attempt > 0 else np.zeros((w, d))
            begin[places] = vectors[known]
            loss, reached, coefficients = cone_search.descend(
                problem, begin, linear, problem.signs[row], DESCENT_STEPS, tol
            )
            if loss < incumbent.loss[0]:
                incumbent.loss[0] = loss
                incumbent.vectors[:], incumbent.linear[:], incumbent.signs[:] = reached, coefficients, signs
            if len(places) == w:
                break


def _search(
    problem: cone_search.Problem,
    incumbent: cone_search.Incumbent,
    slack: Floats,
    tol: cone_search.Tolerances,
    limits: Limits,
    reporter: _Reporter,
    recorder: _Recorder,
    workers: int,
    skip_term: bool,
) -> tuple[str, State]:
    """Search with the better engine; what the cones leave unresolved goes to the signs."""
    width, d = incumbent.vectors.shape
    if not recorder.every and prefers_signs(d, width, len(problem.targets)):
        sign_trees = _sign_trees(problem, incumbent, workers)
        sign_search.add_roots(problem, sign_trees[0], incumbent, slack, tol)
        reason, state = _drive_signs(problem, sign_trees, incumbent, slack, tol, limits, reporter)
        if reason != "exhausted" or not state.unresolved or count_roots(d + 1, width) > MOST_ROOTS:
            return reason, state
    fan = _kink_fan() if skip_term and d == 2 else simplex_fan(d)
    trees = [cone_search.new_tree(width, d, len(problem.columns), SLOTS) for _ in range(workers)]
    leaves = [cone_search.new_leaves(width, d, SLOTS, every=recorder.every) for _ in range(workers)]
    source = roots(fan, problem.signs)
    while batch := list(itertools.islice(source, 256)):
        while trees[0].count[1] < len(batch) + width + 2:
            trees[0] = cone_search.grow(trees[0], 2 * len(trees[0].bound))
        cones = np.array([cone for cone, _ in batch])
        rows = np.array([row for _, row in batch])
        cone_search.add_roots(problem, trees[0], cones, rows, incumbent, slack, leaves[0], tol)
        recorder.take(trees[0], leaves[0])
        late = limits.deadline is not None and time.perf_counter() >= limits.deadline
        if late and next(source, None) is not None:
            state = State(int(trees[0].count[2]), 0, float(incumbent.loss[0]), 0.0, 0, reporter.elapsed())
            return "time_limit", state  # some roots were not even looked at
    reason, state = drive(
        cone_search, problem, trees, incumbent, slack, tol, leaves, limits, reporter, on_leaves=recorder.take
    )
    if reason != "exhausted" or not recorder.unresolved:
        return reason, state
    proven = min(state.loss, *(float(tree.floor[0]) for tree in trees))
    state = replace(state, loss=float(incumbent.loss[0]))
    cutoff = state.loss - max(slack[0], slack[1] * state.loss)
    proven = min(proven, *(bound for _, _, bound in recorder.unresolved if bound >= cutoff), np.inf)
    rest = [leaf for leaf in recorder.unresolved if leaf[2] < cutoff]
    if not rest:
        return reason, replace(state, bound=min(state.loss, proven), unresolved=0)
    return _resolve(problem, incumbent, slack, tol, limits, reporter, rest, state, proven, workers)


def _resolve(
    problem: cone_search.Problem,
    incumbent: cone_search.Incumbent,
    slack: Floats,
    tol: cone_search.Tolerances,
    limits: Limits,
    reporter: _Reporter,
    rest: list[tuple[Floats, int, float]],
    before: State,
    proven: float,
    workers: int,
) -> tuple[str, State]:
    """Search the leaves that rounding left open once more, as signs at points: a superset of each cone."""
    trees = _sign_trees(problem, incumbent, workers, slots=max(SLOTS, 2 * len(rest)))
    statuses = np.zeros((len(rest), *incumbent.vectors.shape[:1], len(problem.targets)), np.int8)
    for k, (cone, _, _) in enumerate(rest):
        values = np.einsum("iae,ej->iaj", cone, problem.points)
        statuses[k][(values >= -tol.zero).all(axis=1)] = 1
        statuses[k][(values <= tol.zero).all(axis=1)] = -1
    bounds = np.array([bound for _, _, bound in rest])
    sign_search.add_nodes(problem, trees[0], statuses, np.array([sign for _, sign, _ in rest]), bounds)
    limits = Limits(limits.deadline, None if limits.nodes is None else max(0, limits.nodes - before.nodes))
    relay = reporter.after(before, proven)
    reason, state = _drive_signs(problem, trees, incumbent, slack, tol, limits, relay)
    return reason, State(
        before.nodes + state.nodes,
        state.open,
        state.loss,
        min(state.loss, state.bound, proven),
        state.unresolved,
        before.seconds + state.seconds,
    )


def _sign_trees(
    problem: cone_search.Problem, incumbent: cone_search.Incumbent, workers: int, slots: int = SLOTS
) -> list[sign_search.Tree]:
    width, d = incumbent.vectors.shape
    points = len(problem.targets)
    return [sign_search.new_tree(width, d, len(problem.columns), points, slots) for _ in range(workers)]


def _drive_signs(
    problem: cone_search.Problem,
    trees: list[sign_search.Tree],
    incumbent: cone_search.Incumbent,
    slack: Floats,
    tol: cone_search.Tolerances,
    limits: Limits,
    report: Callable[[State], bool],
) -> tuple[str, State]:
    leaves = [sign_search.no_leaves(trees[0].status.shape[1], len(problem.targets)) for _ in trees]
    return drive(sign_search, problem, trees, incumbent, slack, tol, leaves, limits, report)


def prefers_signs(d: int, width: int, points: int) -> bool:
    """Whether to search over signs at points rather than over cones: many dimensions, few points, or too many roots.

    Examples
    --------
    >>> prefers_signs(3, 2, 100), prefers_signs(6, 2, 30), prefers_signs(4, 2, 60)
    (False, True, True)
    """
    if count_roots(d + 1, width) > MOST_ROOTS:
        return True
    return d > 4 or points <= POINTS_PER_UNIT.get(d, 4) * width


def _kink_fan() -> Floats:
    """Cover the units that open to the right: rays "everywhere on", "opens at the centre", "off"."""
    on, centre, off = [0.0, 1.0], [1.0, 0.0], [0.0, -1.0]
    return np.array([[on, centre], [centre, off]])


def _absorb_skip(data: Standardised, incumbent: cone_search.Incumbent) -> tuple[Floats, Floats, float]:
    """Weights with one more row that carries the slope of the skip term."""
    weights, biases, _ = data.user_units(incumbent.vectors, 0.0)
    slope = np.zeros(1)
    if len(incumbent.linear) > 1:
        slope = data.scale * (data.to_user[:, 0] * incumbent.linear[1]) / data.spread
    constant = data.scale * float(incumbent.linear[0]) + data.shift - float(slope @ data.centre)
    return np.vstack([weights, slope]), biases, constant


class _Reporter:
    """Turns the driver's states into progress in the user's units."""

    def __init__(self, units: _Units, callback: Callable[[SearchProgress], bool | None] | None, start: float) -> None:
        self._units, self._callback, self._start = units, callback, start
        self._last = math.inf

    def elapsed(self) -> float:
        return time.perf_counter() - self._start

    def after(self, before: State, proven: float) -> Callable[[State], bool]:
        """Report a second search that takes up what the first, which ended at ``before``, left open."""

        def report(state: State) -> bool:
            bound = min(state.bound, proven)
            return self(replace(state, nodes=before.nodes + state.nodes, bound=bound))

        return report

    def __call__(self, state: State) -> bool:
        if self._callback is None:
            return False
        loss, bound = self._units.user(state.loss), self._units.user(state.bound)
        seconds = self.elapsed()
        progress = SearchProgress(
            nodes=state.nodes,
            open=state.open,
            incumbent=loss,
            lower_bound=max(0.0, bound),
            gap=relative_gap(loss, max(0.0, bound)),
            rate=state.nodes / max(seconds, 1e-9),
            seconds=seconds,
            improved=loss < self._last,
        )
        self._last = min(self._last, loss)
        return bool(self._callback(progress))


class _Recorder:
    """Empties the engine's buffers of leaves, and proves what the engine could not."""

    def __init__(
        self,
        problem: cone_search.Problem,
        units: _Units,
        incumbent: cone_search.Incumbent,
        slack: Floats,
        tol: cone_search.Tolerances,
        *,
        every: bool,
    ) -> None:
        self.every = every
        self.unresolved: list[tuple[Floats, int, float]] = []
        self._problem, self._incumbent, self._slack, self._tol = problem, incumbent, slack, tol
        self._signs, self._units = problem.signs, units
        self._pruned: list[tuple[Floats, Floats, Floats]] = []

    def take(self, tree: cone_search.Tree, leaves: cone_search.Leaves) -> None:
        """Copy the leaves that a tree has reported, and make room."""
        n = int(tree.count[6])
        if n == 0:
            return
        for k in np.flatnonzero(~leaves.pruned[:n]):
            self._prove(tree, leaves, int(k))
        if self.unresolved:
            tree.floor[1] = min(bound for _, _, bound in self.unresolved)
        else:
            tree.floor[1] = np.inf
        chosen = np.flatnonzero(leaves.pruned[:n])
        if self.every and len(chosen):
            bounds = self._units.factor * (leaves.bound[chosen] + self._units.floor)
            self._pruned.append((leaves.cones[chosen], self._signs[leaves.sign[chosen]], bounds))
        tree.count[6] = 0

    def _prove(self, tree: cone_search.Tree, leaves: cone_search.Leaves, k: int) -> None:
        """Prove a leaf by itself, offer its best network as incumbent, and keep it if it is still unresolved."""
        problem, incumbent = self._problem, self._incumbent
        cone, sign = leaves.cones[k].copy(), int(leaves.sign[k])
        proof = leaf_bound(problem, cone, sign, self._tol)
        signs = problem.signs[sign]
        loss, vectors, linear = cone_search.descend(
            problem, proof.vectors, proof.linear, signs, DESCENT_STEPS, self._tol
        )
        if loss < incumbent.loss[0]:
            incumbent.loss[0] = loss
            incumbent.vectors[:], incumbent.linear[:], incumbent.signs[:] = vectors, linear, signs
        bound = max(float(leaves.bound[k]), proof.bound)
        if bound < incumbent.loss[0] - max(self._slack[0], self._slack[1] * incumbent.loss[0]):
            self.unresolved.append((cone, sign, bound))
            return
        leaves.pruned[k], leaves.bound[k] = True, bound
        tree.count[3:5] += 1, -1
        tree.floor[0] = min(tree.floor[0], bound)

    def nodes(self) -> PrunedNodes:
        """Return all pruned nodes."""
        w = self._signs.shape[1]
        if not self._pruned:
            return PrunedNodes(np.zeros((0, w, 0, 0)), np.zeros((0, w)), np.zeros(0))
        cones, signs, bounds = zip(*self._pruned, strict=True)
        return PrunedNodes(np.concatenate(cones), np.concatenate(signs), np.concatenate(bounds))
