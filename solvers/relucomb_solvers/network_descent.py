"""Descent of the mean squared loss of a network with one hidden layer, all weights trained: what everybody does.

The network is ``f(x) = Σ_i a_i max(0, v_i·x̃) (+ c)`` and the parameters are one vector: the rows ``v_1..v_w``, then
``a_1..a_w``, then ``c`` if there is one. The derivative of ``max(0, t)`` at 0 is taken as 0.

One kernel makes the steps of all methods: plain gradients, minibatches of a shuffled epoch, Adam, and gradients with
noise, with a step size that is constant or falls. Randomness is drawn outside it, in the order of the steps, so that a
run does not depend on how it is cut into calls; points are columns, so that the inner loops are over contiguous memory.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relucomb_solvers._jit import bare_inner_kernel, bare_kernel, reduction

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CONTINUE, CONVERGED, DIVERGED, STOPPED = 0, 1, 2, 3

GRADIENT, ADAM = 0, 1
SCHEDULES = ("constant", "linear", "cosine")
"""How the step size goes: it stays, or falls to 0 along a line or half a cosine."""

BLOCK = 65_536
"""Random numbers that are drawn at a time."""


class Problem(NamedTuple):
    """What is to be fitted: points as columns and their targets."""

    points: Floats  # (d, D)
    targets: Floats  # (D,)
    width: int
    output_bias: bool


class Rule(NamedTuple):
    """How a step is made; ``total`` is the number of steps after which a falling step size is 0."""

    kind: int
    step_size: float
    total: int
    schedule: int = 0  # place in SCHEDULES
    batch: int = 0  # points per step; 0 is all
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    ball: float = 0.0  # radius of the ball of which a uniform point is added to the gradient
    gaussian: float = 0.0  # deviation of the normal numbers that are added, times the root of the step size


class State(NamedTuple):
    """Where a run stands; every array is changed in place."""

    parameters: Floats  # (p,)
    first: Floats  # (p,), Adam's mean of gradients
    second: Floats  # (p,), and of their squares
    best: Floats  # (p,), the parameters of least loss so far
    best_loss: Floats  # (1,), mean over all points
    points: Floats  # (d, batch), those of the next step
    targets: Floats  # (batch,)
    order: Integers  # (D,), of the points in this epoch
    count: Integers  # type: ignore[assignment]  # updates, points of the epoch done, updates before the best
    gradient: Floats  # (p,)
    step: Floats  # (p,)
    value: Floats  # (w, D), v·x̃
    residual: Floats  # (D,)


class Source(NamedTuple):
    """Where randomness comes from: a generator of its own for each use, so that a run may be cut anywhere."""

    orders: np.random.Generator
    noise: np.random.Generator


def new_source(seed: np.random.SeedSequence) -> Source:
    """Return the generators of a run."""
    orders, noise = seed.spawn(2)
    return Source(np.random.default_rng(orders), np.random.default_rng(noise))


def count_parameters(problem: Problem) -> int:
    """Return the length of the vector of parameters.

    Examples
    --------
    >>> count_parameters(Problem(np.zeros((3, 10)), np.zeros(10), 2, True))
    9
    """
    return problem.width * (len(problem.points) + 1) + int(problem.output_bias)


def draw_start(problem: Problem, fan_in: int, generator: np.random.Generator) -> Floats:
    """Draw parameters as PyTorch draws those of two linear layers: uniform in ±1/√(number of inputs of the layer).

    Parameters
    ----------
    problem
        Tells how many parameters there are.
    fan_in
        Number of features, without the constant that stands for the hidden bias.
    generator
        What to draw from.
    """
    hidden = problem.width * len(problem.points)
    outer = count_parameters(problem) - hidden
    first = generator.uniform(-1.0, 1.0, hidden) / math.sqrt(fan_in)
    return np.concatenate([first, generator.uniform(-1.0, 1.0, outer) / math.sqrt(problem.width)])


def new_state(problem: Problem, start: Floats, rule: Rule) -> State:
    """Begin a run at ``start``."""
    p, D = len(start), len(problem.targets)
    some = 0 < rule.batch < D
    return State(
        start.copy(),
        np.zeros(p),
        np.zeros(p),
        start.copy(),
        np.array([np.inf]),
        problem.points[:, : rule.batch].copy() if some else problem.points,
        problem.targets[: rule.batch].copy() if some else problem.targets,
        np.arange(D),
        np.zeros(3, np.int64),
        np.zeros(p),
        np.zeros(p),
        np.zeros((problem.width, D)),
        np.zeros(D),
    )


def advance(
    problem: Problem,
    rule: Rule,
    state: State,
    steps: int,
    source: Source,
    stop: NDArray[np.uint8] | None = None,
) -> int:
    """Make at most ``steps`` more steps.

    Parameters
    ----------
    problem, rule, state
        Arrays as described in their classes; the last is changed in place.
    steps
        Number of steps; a run that is cut into several calls is the same run.
    source
        Where the order of the points and the noise come from; the same one in all calls.
    stop : (1,) array
        Set ``stop[0]`` from another thread to return before the next step.

    Returns
    -------
    int
        ``CONVERGED`` if a step changed nothing, ``DIVERGED`` if the next one would leave the range of floats,
        ``STOPPED`` if told to, else ``CONTINUE``.
    """
    stop = np.zeros(1, np.uint8) if stop is None else stop
    p, D = len(state.parameters), len(problem.targets)
    batch = rule.batch if 0 < rule.batch < D else D
    noisy = rule.ball > 0 or rule.gaussian > 0
    per_step = max(2 * p + 2 if noisy else 0, batch if batch < D else 0)
    room = steps if per_step == 0 else max(1, BLOCK // per_step)
    code = CONTINUE
    with np.errstate(all="ignore"):  # of kernels that run as plain Python
        while steps > 0 and code == CONTINUE:
            now = min(steps, room)
            noise = source.noise.standard_normal((now, 2 * p + 2)) if noisy else np.zeros((0, 0))
            orders = _orders(state, batch, now, source.orders)
            code = int(_advance(problem, rule, state, batch, now, orders, noise, stop))
            steps -= now
    return code


def measure(problem: Problem, state: State) -> float:
    """Return the mean loss of the parameters over all points, and keep them if they are the best so far."""
    with np.errstate(all="ignore"):
        return float(_measure(problem, state))


def objective(problem: Problem) -> Callable[[Floats], tuple[float, Floats]]:
    """Return the function that gives the mean squared loss and its gradient at a vector of parameters.

    Examples
    --------
    >>> problem = Problem(np.array([[1.0, 2.0], [1.0, 1.0]]), np.array([0.0, 3.0]), 1, False)
    >>> objective(problem)(np.array([1.0, 0.0, 2.0]))
    (2.5, array([8., 6., 4.]))
    """
    width, D = problem.width, len(problem.targets)
    value, residual = np.zeros((width, D)), np.zeros(D)

    def loss_and_gradient(parameters: Floats) -> tuple[float, Floats]:
        gradient = np.empty(len(parameters))
        with np.errstate(all="ignore"):
            loss = _whole_gradient(problem, parameters, value, residual, gradient)
        return float(loss), gradient

    return loss_and_gradient


def _orders(state: State, batch: int, steps: int, generator: np.random.Generator) -> Integers:
    """Draw the order of the points for every epoch that begins within so many steps."""
    D = len(state.order)
    if batch == D:
        return np.zeros((0, 0), np.int64)
    per_epoch = -(-D // batch)
    done = -(-int(state.count[1]) // batch)  # steps of the present epoch that are made
    begun = -(-(done + steps) // per_epoch) - (1 if done else 0)
    return generator.permuted(np.tile(np.arange(D), (begun, 1)), axis=1)


# ------------------------------------------------------------------------------------------------------------ kernels


@reduction
def _dot(a: Floats, b: Floats, count: int) -> float:
    total = 0.0
    for j in range(count):
        total += a[j] * b[j]
    return total


@reduction
def _active_dot(a: Floats, value: Floats, count: int) -> float:
    """Σ a_j max(0, value_j)."""
    total = 0.0
    for j in range(count):
        total += a[j] * max(0.0, value[j])
    return total


@reduction
def _masked_dot(a: Floats, value: Floats, b: Floats, count: int) -> float:
    """Σ a_j b_j over the points whose value is positive."""
    total = 0.0
    for j in range(count):
        total += (a[j] if value[j] > 0.0 else 0.0) * b[j]
    return total


@reduction
def _sum(a: Floats, count: int) -> float:
    total = 0.0
    for j in range(count):
        total += a[j]
    return total


@bare_inner_kernel
def _residuals(
    points: Floats,
    targets: Floats,
    parameters: Floats,
    width: int,
    output_bias: bool,
    count: int,
    value: Floats,
    residual: Floats,
) -> float:
    """Mean squared loss over the first ``count`` points; ``residual`` gets f − y, ``value`` gets v·x̃."""
    d = points.shape[0]
    constant = parameters[width * (d + 1)] if output_bias else 0.0
    for j in range(count):
        residual[j] = constant - targets[j]
    for i in range(width):
        row = value[i]
        x = parameters[i * d]
        for j in range(count):
            row[j] = x * points[0, j]
        for e in range(1, d):
            x = parameters[i * d + e]
            for j in range(count):
                row[j] += x * points[e, j]
        a = parameters[width * d + i]
        for j in range(count):
            residual[j] += a * max(0.0, row[j])
    return _dot(residual, residual, count) / count


@bare_inner_kernel
def _loss_and_gradient(
    points: Floats,
    targets: Floats,
    parameters: Floats,
    width: int,
    output_bias: bool,
    count: int,
    value: Floats,
    residual: Floats,
    gradient: Floats,
) -> float:
    d = points.shape[0]
    loss = _residuals(points, targets, parameters, width, output_bias, count, value, residual)
    factor = 2.0 / count
    for i in range(width):
        gradient[width * d + i] = factor * _active_dot(residual, value[i], count)
        a = factor * parameters[width * d + i]
        for e in range(d):
            gradient[i * d + e] = a * _masked_dot(residual, value[i], points[e], count)
    if output_bias:
        gradient[width * (d + 1)] = factor * _sum(residual, count)
    return loss


@bare_kernel
def _whole_gradient(problem: Problem, parameters: Floats, value: Floats, residual: Floats, gradient: Floats) -> float:
    D = problem.targets.shape[0]
    return _loss_and_gradient(
        problem.points,
        problem.targets,
        parameters,
        problem.width,
        problem.output_bias,
        D,
        value,
        residual,
        gradient,
    )


@bare_inner_kernel
def _keep(state: State, loss: float) -> None:
    if loss < state.best_loss[0]:
        state.best_loss[0] = loss
        state.count[2] = state.count[0]
        for k in range(state.parameters.shape[0]):
            state.best[k] = state.parameters[k]


@bare_kernel
def _measure(problem: Problem, state: State) -> float:
    D = problem.targets.shape[0]
    loss = _residuals(
        problem.points,
        problem.targets,
        state.parameters,
        problem.width,
        problem.output_bias,
        D,
        state.value,
        state.residual,
    )
    _keep(state, loss)
    return loss


@bare_inner_kernel
def _gather(problem: Problem, state: State, begin: int, count: int) -> None:
    """Copy the next points of the epoch."""
    for j in range(count):
        place = state.order[begin + j]
        state.targets[j] = problem.targets[place]
        for e in range(problem.points.shape[0]):
            state.points[e, j] = problem.points[e, place]


@bare_inner_kernel
def _factor(rule: Rule, updates: int) -> float:
    """Share of the step size that a falling schedule has left."""
    if rule.schedule == 1:
        return max(0.0, 1.0 - updates / rule.total)
    if rule.schedule == 2:
        return 0.5 * (1.0 + math.cos(math.pi * min(1.0, updates / rule.total)))
    return 1.0


@bare_inner_kernel
def _add_noise(rule: Rule, rate: float, noise: Floats, state: State) -> None:
    """Add to the step: −rate times a uniform point of the ball, and √rate times normal numbers.

    The first p of the p + 2 coordinates of a uniform point on a sphere are uniform in the ball.
    """
    p = state.step.shape[0]
    if rule.ball > 0.0:
        norm = math.sqrt(_dot(noise, noise, p + 2))
        for k in range(p):
            state.step[k] -= rate * rule.ball * noise[k] / norm
    if rule.gaussian > 0.0:
        spread = math.sqrt(rate) * rule.gaussian
        for k in range(p):
            state.step[k] += spread * noise[p + 2 + k]


@bare_inner_kernel
def _make_step(rule: Rule, state: State, rate: float) -> None:
    if rule.kind == 0:
        for k in range(state.step.shape[0]):
            state.step[k] = -rate * state.gradient[k]
        return
    t = state.count[0] + 1.0
    mean_left, square_left = 1.0 - rule.beta1**t, 1.0 - rule.beta2**t
    for k in range(state.step.shape[0]):
        g = state.gradient[k]
        state.first[k] = rule.beta1 * state.first[k] + (1.0 - rule.beta1) * g
        state.second[k] = rule.beta2 * state.second[k] + (1.0 - rule.beta2) * g * g
        root = math.sqrt(state.second[k] / square_left)
        state.step[k] = -rate * (state.first[k] / mean_left) / (root + rule.epsilon)


@bare_kernel
def _advance(
    problem: Problem,
    rule: Rule,
    state: State,
    batch: int,
    steps: int,
    orders: Integers,
    noise: Floats,
    stop: NDArray[np.uint8],
) -> int:
    p, D = state.parameters.shape[0], problem.targets.shape[0]
    epoch = 0
    for k in range(steps):
        if stop[0]:
            return 3
        begin = state.count[1]
        if batch < D and begin == 0:
            _keep(
                state,
                _residuals(
                    problem.points,
                    problem.targets,
                    state.parameters,
                    problem.width,
                    problem.output_bias,
                    D,
                    state.value,
                    state.residual,
                ),
            )
            for j in range(D):
                state.order[j] = orders[epoch, j]
            epoch += 1
        count = min(batch, D - begin)
        if batch < D:
            _gather(problem, state, begin, count)
        loss = _loss_and_gradient(
            state.points,
            state.targets,
            state.parameters,
            problem.width,
            problem.output_bias,
            count,
            state.value,
            state.residual,
            state.gradient,
        )
        if not math.isfinite(loss):
            return 2
        if batch == D:
            _keep(state, loss)
        rate = rule.step_size * _factor(rule, state.count[0])
        _make_step(rule, state, rate)
        if noise.shape[0] > 0:
            _add_noise(rule, rate, noise[k], state)
        finite = True
        moved = False
        for m in range(p):
            state.step[m] += state.parameters[m]
            finite = finite and math.isfinite(state.step[m])
            moved = moved or state.step[m] != state.parameters[m]
        if not finite:
            return 2
        for m in range(p):
            state.parameters[m] = state.step[m]
        state.count[0] += 1
        state.count[1] = begin + count if begin + count < D else 0
        if not moved and batch == D and rule.kind == 0 and noise.shape[0] == 0:
            return 1
    return 0
