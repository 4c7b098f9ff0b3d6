"""Algorithm 1: exact empirical risk minimisation by enumeration, the reference for every faster method.

Theorem 2.4.1 of the source (Arora, Basu, Mianjy and Mukherjee, "Understanding deep neural networks with rectified
linear units"): a best network ``f(x) = sum_i s_i max(0, v_i . x~)`` with ``s_i = +-1`` and ``x~ = (x, 1)`` is found by
solving one convex programme for every tuple of activation patterns that hyperplanes can induce on the data, and every
sign vector. Strict dichotomies are enough, because every other unit lies in the closure of one of their cells.

Two things differ from the printed algorithm. The loss acts on the *sum* of the units, and points that no unit sees
still cost ``loss(0, y)``. As printed, the sum over units stands outside the loss: one point with label 1 already has
the "optimum" 0 at a unit that does not see it, a network whose loss is 1 (``published=True`` keeps that version
reachable). And of the ``2**w N**w`` tuples those are skipped that provably repeat others (``literal=True`` solves all):

- exchanging units changes nothing, so sets of (pattern, sign) pairs are enough;
- two units with the same pattern and the same sign merge into one, because a cone contains its sums, and the unit left
  over may have any pattern, because every closed cell contains zero.

What remains are the sets of ``w`` different pairs out of ``2 N``.
"""

from __future__ import annotations

import itertools
import logging
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.losses import resolve_loss
from relucomb.pattern_program import ACCURACY, TRUST, PatternProgram, free_infimum
from relucomb.rationals import as_floats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike, NDArray

    from relucomb.losses import Loss

PROGRAM_LIMIT = 100_000
"""Programmes that are solved without being asked twice; they take about two milliseconds each."""

_log = logging.getLogger("relucomb")


class ProgramLimitError(ValueError):
    """The enumeration would solve more programmes than the caller allows.

    Attributes
    ----------
    programs
        How many programmes there are, or a number below that if not all dichotomies were counted.
    limit
        The limit.
    """

    def __init__(self, programs: int, limit: int, width: int) -> None:
        super().__init__(
            f"method 'enumerate' would solve at least {programs:,} convex programmes for width {width}, more than "
            f"program_limit={limit:,} (they take about 2 ms each); raise program_limit, lower the width, or use "
            "method 'branch-and-bound'"
        )
        self.programs, self.limit = programs, limit


@dataclass(frozen=True)
class ReferenceProgress:
    """Where the enumeration stands: before the first programme (``solved = 0``) and after each.

    Attributes
    ----------
    programs, solved
        How many programmes there are, and how many are done.
    incumbent, lower_bound
        Mean loss of the best network so far, and what is proven so far for every network.
    seconds
        Time since the start.
    improved
        Whether the last programme improved the incumbent.
    """

    programs: int
    solved: int
    incumbent: float
    lower_bound: float
    seconds: float
    improved: bool


@dataclass(frozen=True, eq=False)
class ReferenceOutcome:
    """What the enumeration found.

    Attributes
    ----------
    loss
        Mean loss of the network below, recomputed from its weights.
    weights
        Array ``(w, d)``: the hidden weights ``v_i``; with hidden bias ``d = n + 1`` and the last column is the bias.
    signs
        Array ``(w,)`` of -1 and 1: the output weights.
    output_bias
        The constant ``c``, 0 if there is none.
    programs, solved
        How many programmes there are (0 if interrupted while counting), and how many were solved.
    failed
        For how many of these no bound could be proven; if there is one, ``lower_bound`` is the loss's infimum.
    stopped_reason
        ``"exhausted"``, ``"time_limit"``, ``"interrupted"`` or ``"callback"``.
    lower_bound
        Proven lower bound on the mean loss of every network of the class: after a full run the least of the programmes'
        dual bounds, otherwise the infimum of the loss.
    tolerance
        Relative accuracy of the arithmetic behind ``lower_bound``. For named losses every bound is the value of a dual
        solution that was checked here, less a charge for its rounding errors; for users' losses the solver is
        believed, and this times 1 + |bound| has been taken off.
    published_objective
        With ``published=True`` the least value of the printed objective, otherwise ``None``.
    seconds
        Duration.
    """

    loss: float
    weights: NDArray[np.float64]
    signs: NDArray[np.int_]
    output_bias: float
    programs: int
    solved: int
    failed: int
    stopped_reason: str
    lower_bound: float
    tolerance: float
    published_objective: float | None
    seconds: float


def count_programs(X: ArrayLike, width: int, *, hidden_bias: bool = True, literal: bool = False) -> int:
    """Count the convex programmes that :func:`solve_by_enumeration` would solve.

    Parameters
    ----------
    X
        Points ``(D, n)``.
    width
        Number ``w`` of hidden units.
    hidden_bias
        Whether the units have a bias.
    literal
        Count as printed, ``2**w N**w`` for ``N`` strict dichotomies, instead of ``C(2 N, w)``.

    Examples
    --------
    >>> square = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> count_programs(square, 2), count_programs(square, 2, literal=True)
    (378, 784)
    """
    from relucomb.dichotomies import count_dichotomies

    return _programs(count_dichotomies(X, hidden_bias=hidden_bias), width, literal)


def solve_by_enumeration(
    X: ArrayLike,
    y: ArrayLike,
    width: int,
    *,
    loss: str | Loss | Callable[[Any, NDArray[np.float64]], Any] = "squared",
    hidden_bias: bool = True,
    output_bias: bool = False,
    literal: bool = False,
    published: bool = False,
    program_limit: int = PROGRAM_LIMIT,
    time_limit: float | None = None,
    callback: Callable[[ReferenceProgress], bool | None] | None = None,
    solver: str = "CLARABEL",
) -> ReferenceOutcome:
    """Minimise the mean loss over all networks with one hidden layer of ``width`` units, by Algorithm 1.

    Parameters
    ----------
    X, y
        Points ``(D, n)`` and labels ``(D,)``, finite.
    width
        Number of hidden units, at least 1.
    loss
        Name of a loss, or a function as :func:`relucomb.losses.resolve_loss` takes it.
    hidden_bias
        Whether hidden units have a bias.
    output_bias
        Whether a free constant is added to the output.
    literal
        Solve all ``2**w N**w`` programmes.
    published
        Minimise the objective as printed in the source (implies ``literal``, needs ``output_bias=False``). The printed
        objective is not the loss of a network; the outcome's ``loss`` is.
    program_limit
        Refuse to start if there are more programmes.
    time_limit
        Seconds after which the incumbent is returned; ``None`` for no limit.
    callback
        Called before the first programme and after each; returning ``True`` stops the run.
    solver
        Name of an installed cvxpy solver.

    Returns
    -------
    ReferenceOutcome
        The best network found and what is proven. An interrupt (Ctrl-C) returns the incumbent too.

    Raises
    ------
    ValueError
        An argument is not legal, the loss is not convex or unbounded below, or (as :class:`ProgramLimitError`) there
        are too many programmes.
    TypeError
        An argument has the wrong type.

    Examples
    --------
    >>> outcome = solve_by_enumeration([[0], [1], [2]], [0, 1, 0], 1)
    >>> round(outcome.loss, 9), outcome.programs, outcome.stopped_reason
    (0.222222222, 12, 'exhausted')
    """
    start = time.monotonic()
    points, labels = as_floats(X, "X", ndim=2), as_floats(y, "y", ndim=1)
    chosen = resolve_loss(loss)
    _check(points, labels, width, program_limit, time_limit)
    chosen.check_labels(labels)
    if published and output_bias:
        raise ValueError("published=True needs output_bias=False: the printed algorithm has no output bias")
    run = _Run(points, labels, width, chosen, hidden_bias, output_bias, published)
    deadline = math.inf if time_limit is None else start + time_limit
    literal = literal or published
    programs, solved, reason = 0, 0, "exhausted"
    try:
        patterns = _patterns(X, width, hidden_bias, literal, program_limit)
        programs = _programs(len(patterns), width, literal)
        _log.info(
            "Algorithm 1: %s convex programmes to solve (%d dichotomies, width %d)",
            f"{programs:,}",
            len(patterns),
            width,
        )
        if callback is not None and callback(ReferenceProgress(programs, 0, *run.state(start), improved=True)):
            return run.outcome(programs, 0, "callback", start)
        program = run.prepare(min(width, 2 * len(patterns)), solver)
        for choice, signs in _tuples(len(patterns), width, literal):
            if time.monotonic() >= deadline:
                reason = "time_limit"
                break
            improved = run.solve(program, patterns[choice], signs)
            solved += 1
            if callback is not None and callback(
                ReferenceProgress(programs, solved, *run.state(start), improved=improved)
            ):
                reason = "callback" if solved < programs else reason
                break
    except KeyboardInterrupt:
        reason = "interrupted"
    return run.outcome(programs, solved, reason, start)


class _Run:
    """One enumeration: the problem in well-conditioned coordinates, the incumbent and the bound."""

    def __init__(
        self,
        points: NDArray[np.float64],
        labels: NDArray[np.float64],
        width: int,
        loss: Loss,
        hidden_bias: bool,
        output_bias: bool,
        published: bool,
    ) -> None:
        self.points, self.labels, self.loss = points, labels, loss
        self.hidden_bias, self.output_bias, self.published = hidden_bias, output_bias, published
        self.lifted, self.inner, self.outward = _whiten(points, hidden_bias)
        size = float(np.abs(labels).max())
        self.unit = size if loss.degree is not None and size > 0 else 1.0
        self.factor = self.unit ** (loss.degree or 0)  # a loss in the coordinates of the programme, in the user's units
        self.weights = np.zeros((width, self.lifted.shape[1]))
        self.signs = np.ones(width, dtype=np.int_)
        self.constant = 0.0
        self.best = loss.mean(np.zeros(len(labels)), labels)
        self.floor, self.tolerance = loss.infimum, ACCURACY
        if loss.dual is None:  # a user's loss: find out now whether it is convex and bounded
            self.floor, self.tolerance = free_infimum(loss, labels), TRUST
        self.least_bound, self.failed = math.inf, 0
        self.published_objective = math.inf

    def prepare(self, width: int, solver: str) -> PatternProgram:
        """Build the programme; imports cvxpy."""
        return PatternProgram(
            self.inner,
            self.labels / self.unit,
            width,
            self.loss,
            output_bias=self.output_bias,
            published=self.published,
            solver=solver,
        )

    def solve(self, program: PatternProgram, patterns: NDArray[np.bool_], signs: NDArray[np.int_]) -> bool:
        """Solve one programme; tell whether the incumbent improved."""
        margin = 1e-6 * max(self.best / self.factor, 1e-6)
        solution = program.solve(patterns, signs, polish_below=self.best / self.factor + margin)
        if solution.bound == -math.inf:
            self.failed += 1
        else:
            self.least_bound = min(self.least_bound, solution.bound * self.factor)
        if self.published and not solution.value * self.factor < self.published_objective:
            return False  # also if the value is nan
        improved = False
        for inner, constant in solution.candidates:
            weights = self.unit * inner @ self.outward.T
            predictions = signs @ np.maximum(weights @ self.lifted.T, 0.0) + self.unit * constant
            value = self.loss.mean(predictions, self.labels)
            if value < self.best or self.published:
                self.best, improved = value, True
                self.weights = np.zeros_like(self.weights)
                self.weights[: len(weights)] = weights
                self.signs[: len(signs)] = signs
                self.constant = self.unit * constant
        if self.published:
            self.published_objective = solution.value * self.factor
        return improved

    def state(self, start: float) -> tuple[float, float, float]:
        """Return incumbent, bound and time: while programmes are left, nothing is proven but the infimum."""
        return self.best, min(self.floor, self.best), time.monotonic() - start

    def outcome(self, programs: int, solved: int, reason: str, start: float) -> ReferenceOutcome:
        """Collect the result; only a full run without failures proves more than the infimum."""
        bound = self.floor
        if reason == "exhausted" and solved == programs and not self.failed:
            bound = max(bound, self.least_bound)
        if bound > self.best + 1e-7 * (1.0 + abs(self.best)):
            _log.warning(
                "the proven bound %r exceeds the loss %r: these data are at the limits of floats", bound, self.best
            )
        bound = min(bound, self.best)
        return ReferenceOutcome(
            loss=self.best,
            weights=self.weights,
            signs=self.signs,
            output_bias=self.constant,
            programs=programs,
            solved=solved,
            failed=self.failed,
            stopped_reason=reason,
            lower_bound=bound,
            tolerance=self.tolerance,
            published_objective=self.published_objective if self.published else None,
            seconds=time.monotonic() - start,
        )


def _whiten(
    points: NDArray[np.float64], hidden_bias: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return ``X~``, an orthonormal basis ``U`` of its columns and ``T`` with ``X~ T = U``.

    Units see the data only through ``X~ v``, so weights ``z`` with outputs ``U z`` stand for ``v = T z``.
    """
    count = len(points)
    centre = points.mean(axis=0) if hidden_bias else np.zeros(points.shape[1])
    shifted = points - centre
    size = np.abs(shifted).max(axis=0)
    rounding = np.finfo(float).eps * np.abs(points).max(axis=0)
    size = np.where(size > 4 * rounding, size, np.inf)  # a constant column is part of the bias
    scaled = shifted / size
    ones = np.ones((count, int(hidden_bias)))
    left, values, right = np.linalg.svd(np.hstack([scaled, ones]), full_matrices=False)
    rank = int((values > max(count, len(values)) * np.finfo(float).eps * values.max(initial=0.0)).sum())
    inner = left[:, :rank].copy()
    if not hidden_bias:
        inner[~points.any(axis=1)] = 0.0  # a structural zero must not become a rounding error
    if rank == 0:  # all points are at the origin: one weight that does nothing
        return points, np.zeros((count, 1)), np.zeros((points.shape[1], 1))
    outward = right[:rank].T / values[:rank]
    outward[: len(size)] /= size[:, None]
    if hidden_bias:
        outward[-1] -= centre @ outward[:-1]
    return np.hstack([points, ones]), inner, outward


def _patterns(X: ArrayLike, width: int, hidden_bias: bool, literal: bool, limit: int) -> NDArray[np.bool_]:
    """List the strict dichotomies, ``(N, D)``; stop as soon as they make too many programmes."""
    from relucomb.dichotomies import dichotomies

    patterns: list[NDArray[np.bool_]] = []
    for pattern in dichotomies(X, hidden_bias=hidden_bias):
        patterns.append(np.array(pattern, dtype=bool))
        if _programs(len(patterns), width, literal) > limit:
            raise ProgramLimitError(_programs(len(patterns), width, literal), limit, width)
    return np.array(patterns)


def _programs(dichotomies: int, width: int, literal: bool) -> int:
    units = 2 * dichotomies
    return int(units**width) if literal else math.comb(units, min(width, units))


def _tuples(dichotomies: int, width: int, literal: bool) -> Iterator[tuple[list[int], NDArray[np.int_]]]:
    """Iterate over patterns (as indices) and signs of the units."""
    if literal:
        for signs in itertools.product((1, -1), repeat=width):
            for patterns in itertools.product(range(dichotomies), repeat=width):
                yield list(patterns), np.array(signs)
    else:
        pairs = [(pattern, sign) for pattern in range(dichotomies) for sign in (1, -1)]
        for chosen in itertools.combinations(pairs, min(width, len(pairs))):
            yield [pattern for pattern, _ in chosen], np.array([sign for _, sign in chosen])


def _check(
    points: NDArray[np.float64], labels: NDArray[np.float64], width: int, program_limit: int, time_limit: float | None
) -> None:
    if points.shape[0] < 1 or points.shape[1] < 1:
        raise ValueError(f"X must have at least one row and one column; got shape {points.shape}")
    if len(labels) != len(points):
        raise ValueError(f"y must have one label for each of the {len(points)} rows of X; got {len(labels)}")
    for name, number in (("width", width), ("program_limit", program_limit)):
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
            raise TypeError(f"{name} must be an integer; got {type(number).__name__}")
        if number < 1:
            raise ValueError(f"{name} must be at least 1; got {number}")
    if time_limit is not None and not time_limit >= 0:
        raise ValueError(f"time_limit must be a number of seconds, at least 0, or None; got {time_limit}")
