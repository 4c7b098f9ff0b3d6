"""Single runs of the usual optimisers on a network with one hidden layer, all of whose weights are trained.

They promise nothing; how often they find the optimum is what :func:`relucomb.compare` measures. The data are taken as
they are. Parameters are one vector: for each hidden unit its weights (with ``hidden_bias`` its bias last), then the
output weights, then with ``output_bias`` the constant.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.erm import WIDEST, check_whole
from relucomb.networks import ReLUNetwork
from relucomb.training.recording import RECORD, check_positive, read_points, recorded_steps
from relucomb.training.result import Termination, TrainingResult
from relucomb_solvers import network_descent as engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Look = Callable[[int, Floats], bool | None]

MOST_AT_ONCE = 50_000
"""Steps between two chances for Ctrl-C."""

ENDS = {
    engine.CONTINUE: Termination.finished,
    engine.CONVERGED: Termination.converged,
    engine.DIVERGED: Termination.diverged,
    engine.STOPPED: Termination.interrupted,
}
"""What the engine's codes mean."""


def gradient_descent(
    X: ArrayLike,
    y: ArrayLike,
    width: int,
    *,
    steps: int = 10_000,
    step_size: float = 0.01,
    schedule: str = "constant",
    output_bias: bool = False,
    hidden_bias: bool = True,
    seed: int = 0,
    start: ReLUNetwork | None = None,
    record: int = RECORD,
    callback: Look | None = None,
) -> TrainingResult:
    """Run gradient descent on the mean squared loss over all points.

    Parameters
    ----------
    X, y
        Points ``(D, n)`` and labels ``(D,)``.
    width
        Number of hidden units.
    steps
        Most updates; a run ends before if a step changes nothing.
    step_size, schedule
        Size of the first step, and how it goes on: ``"constant"``, or falling to 0 as ``"linear"`` or ``"cosine"``.
    output_bias, hidden_bias
        Whether the output has a free constant and the hidden units have a bias.
    seed
        Of the first weights, which are drawn as PyTorch draws them, and of all else that is drawn.
    start
        A network to begin with instead.
    record
        Most iterates to keep.
    callback
        Called with the number of updates and the parameters at every kept iterate; return ``True`` to stop.

    Returns
    -------
    TrainingResult
        A step out of the range of floats ends the run as ``diverged``, Ctrl-C as ``interrupted``; the best iterate
        before is there.

    Raises
    ------
    ValueError, TypeError
        An argument is not legal; the message names it.

    Examples
    --------
    >>> run = gradient_descent([[0], [1], [2]], [0, 0, 1], 1, step_size=0.05, seed=1)
    >>> run.best_loss < 1e-6, run.network.widths
    (True, (1, 1, 1))
    """
    size = check_positive("step_size", step_size)
    rule = engine.Rule(engine.GRADIENT, size, _steps(steps), _schedule(schedule))
    basis = _Basis(X, y, width, hidden_bias, output_bias, seed, start)
    return _run("gradient descent", basis, rule, record, callback)


def stochastic_gradient_descent(
    X: ArrayLike,
    y: ArrayLike,
    width: int,
    *,
    batch: int = 16,
    steps: int = 10_000,
    step_size: float = 0.01,
    schedule: str = "constant",
    output_bias: bool = False,
    hidden_bias: bool = True,
    seed: int = 0,
    start: ReLUNetwork | None = None,
    record: int = RECORD,
    callback: Look | None = None,
) -> TrainingResult:
    """Run stochastic gradient descent: each epoch takes all points in a new random order, ``batch`` in a step.

    The other parameters are those of :func:`gradient_descent`. The best iterate is the best among those at the ends of
    epochs and those that are kept, since only there the loss over all points is computed.

    Examples
    --------
    >>> run = stochastic_gradient_descent([[0], [1], [2]], [0, 0, 1], 1, batch=2, step_size=0.05, seed=1)
    >>> run.best_loss < 1e-6
    True
    """
    check_whole("batch", batch, 1, None)
    size = check_positive("step_size", step_size)
    rule = engine.Rule(engine.GRADIENT, size, _steps(steps), _schedule(schedule), int(batch))
    basis = _Basis(X, y, width, hidden_bias, output_bias, seed, start)
    return _run(f"stochastic gradient descent, batches of {batch}", basis, rule, record, callback)


def adam(
    X: ArrayLike,
    y: ArrayLike,
    width: int,
    *,
    batch: int | None = None,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    steps: int = 10_000,
    step_size: float = 0.01,
    schedule: str = "constant",
    output_bias: bool = False,
    hidden_bias: bool = True,
    seed: int = 0,
    start: ReLUNetwork | None = None,
    record: int = RECORD,
    callback: Look | None = None,
) -> TrainingResult:
    """Run Adam, with its correction of both means, on all points or on batches of them.

    ``beta1``, ``beta2`` and ``epsilon`` are those of Kingma and Ba, the other parameters those of
    :func:`gradient_descent` and :func:`stochastic_gradient_descent`.

    Examples
    --------
    >>> run = adam([[0], [1], [2]], [0, 0, 1], 1, seed=1)
    >>> run.best_loss < 1e-6
    True
    """
    if batch is not None:
        check_whole("batch", batch, 1, None)
    rule = engine.Rule(
        engine.ADAM,
        check_positive("step_size", step_size),
        _steps(steps),
        _schedule(schedule),
        int(batch or 0),
        check_positive("beta1", beta1, below=1),
        check_positive("beta2", beta2, below=1),
        check_positive("epsilon", epsilon),
    )
    return _run("Adam", _Basis(X, y, width, hidden_bias, output_bias, seed, start), rule, record, callback)


def noisy_network_descent(
    X: ArrayLike,
    y: ArrayLike,
    width: int,
    *,
    ball: float = 0.1,
    gaussian: float = 0.01,
    steps: int = 10_000,
    step_size: float = 0.01,
    schedule: str = "constant",
    output_bias: bool = False,
    hidden_bias: bool = True,
    seed: int = 0,
    start: ReLUNetwork | None = None,
    record: int = RECORD,
    callback: Look | None = None,
) -> TrainingResult:
    """Run gradient descent with the two noises of Algorithm 3, ``w ← w − η (g + ξ_1) + √η ξ_2``, on a network.

    Parameters
    ----------
    ball
        ``ξ_1`` is uniform in the ball of this radius, which may be 0.
    gaussian
        ``ξ_2`` is normal with this deviation in each coordinate, which may be 0.
    X, y, width, steps, step_size, schedule, output_bias, hidden_bias, seed, start, record, callback
        As for :func:`gradient_descent`.

    Examples
    --------
    >>> run = noisy_network_descent([[0], [1], [2]], [0, 0, 1], 1, step_size=0.05, seed=1)
    >>> run.best_loss < 1e-3
    True
    """
    noises = [
        0.0 if value == 0 else check_positive(name, value) for name, value in (("ball", ball), ("gaussian", gaussian))
    ]
    rule = engine.Rule(
        engine.GRADIENT,
        check_positive("step_size", step_size),
        _steps(steps),
        _schedule(schedule),
        ball=noises[0],
        gaussian=noises[1],
    )
    basis = _Basis(X, y, width, hidden_bias, output_bias, seed, start)
    return _run("noisy gradient descent", basis, rule, record, callback)


def lbfgs(
    X: ArrayLike,
    y: ArrayLike,
    width: int,
    *,
    steps: int = 5_000,
    output_bias: bool = False,
    hidden_bias: bool = True,
    seed: int = 0,
    start: ReLUNetwork | None = None,
    record: int = RECORD,
    callback: Look | None = None,
) -> TrainingResult:
    """Run scipy's L-BFGS-B, which chooses its steps itself, until nothing improves or for ``steps`` iterations.

    The parameters are those of :func:`gradient_descent`.

    Examples
    --------
    >>> run = lbfgs([[0], [1], [2]], [0, 0, 1], 1, seed=1)
    >>> run.best_loss < 1e-9, str(run.termination)
    (True, 'converged')
    """
    begin = time.perf_counter()
    basis = _Basis(X, y, width, hidden_bias, output_bias, seed, start)
    trace = _Trace(recorded_steps(_steps(steps), record), callback)
    trace.keep(0, basis.start, engine.objective(basis.problem)(basis.start)[0])
    found = minimise(basis.problem, basis.start, int(steps), trace.keep)
    trace.end(found.updates, found.last, found.last_loss)
    ended = Termination.callback if trace.stopped else found.termination
    best = (found.parameters, found.best_step, found.loss)
    return _result("L-BFGS", basis, trace, best, math.nan, ended, begin)


class Minimum:
    """What L-BFGS found: the least loss that it saw with its parameters, and the last iterate."""

    def __init__(self, start: Floats, loss: float) -> None:
        self.parameters = self.last = start
        self.loss = self.last_loss = loss
        self.best_step = self.updates = 0
        self.termination = Termination.interrupted


def minimise(
    problem: engine.Problem,
    start: Floats,
    steps: int,
    look: Callable[[int, Floats, float], bool | None] | None = None,
) -> Minimum:
    """Minimise the mean squared loss by scipy's L-BFGS-B.

    Parameters
    ----------
    problem, start
        What is to be fitted, and the first parameters.
    steps
        Most iterations.
    look
        Called after every iteration with its number, the parameters and their loss; returns ``True`` to stop.

    Examples
    --------
    >>> problem = engine.Problem(np.array([[1.0, 2.0]]), np.array([2.0, 4.0]), 1, False)
    >>> minimise(problem, np.array([1.0, 1.0]), 100).loss < 1e-12
    True
    """
    from scipy import optimize

    solve: Any = optimize.minimize
    evaluate = engine.objective(problem)
    found = Minimum(start, evaluate(start)[0])

    def loss_and_gradient(parameters: Floats) -> tuple[float, Floats]:
        loss, gradient = evaluate(parameters)
        if loss < found.loss:
            found.loss, found.parameters, found.best_step = loss, parameters.copy(), found.updates + 1
        return loss, gradient

    def iterated(intermediate_result: Any) -> None:
        found.updates += 1
        found.last, found.last_loss = intermediate_result.x.copy(), float(intermediate_result.fun)
        if look is not None and look(found.updates, found.last, found.last_loss):
            raise StopIteration

    if not math.isfinite(found.loss):
        found.termination = Termination.diverged
        return found
    options = {"maxiter": steps, "maxfun": 20 * steps, "maxcor": 20, "ftol": 0.0, "gtol": 1e-12}
    try:
        with np.errstate(all="ignore"):
            answer = solve(loss_and_gradient, start, jac=True, method="L-BFGS-B", callback=iterated, options=options)
    except KeyboardInterrupt:
        return found
    if answer.status != 99:  # the look did not stop it; 1 is a limit, 2 a line search that found nothing better
        found.termination = Termination.finished if answer.status == 1 else Termination.converged
    return found


class _Basis:
    """Checked arguments: the problem of the engine, the first parameters, and the way to a network."""

    def __init__(
        self,
        X: ArrayLike,
        y: ArrayLike,
        width: int,
        hidden_bias: bool,
        output_bias: bool,
        seed: int,
        start: ReLUNetwork | None,
    ) -> None:
        points, labels = read_points(X, y)
        check_whole("width", width, 1, WIDEST)
        check_whole("seed", seed, 0, None)
        self.n, self.hidden_bias, self.seed = points.shape[1], bool(hidden_bias), int(seed)
        rows = np.column_stack([points, np.ones(len(points))]) if hidden_bias else points
        self.problem = engine.Problem(np.ascontiguousarray(rows.T), labels, int(width), bool(output_bias))
        first, second = np.random.SeedSequence(self.seed).spawn(2)
        self.source = engine.new_source(second)
        if start is None:
            self.start = engine.draw_start(self.problem, self.n, np.random.default_rng(first))
        else:
            self.start = self._parameters(start)

    def network(self, parameters: Floats) -> ReLUNetwork:
        width, d = self.problem.width, len(self.problem.points)
        vectors, outer = parameters[: width * d].reshape(width, d), parameters[width * d : width * (d + 1)]
        biases = vectors[:, self.n] if self.hidden_bias else np.zeros(width)
        constant = parameters[-1:] if self.problem.output_bias else np.zeros(1)
        return ReLUNetwork([vectors[:, : self.n], outer[None, :]], [biases, constant])

    def _parameters(self, start: Any) -> Floats:
        width, output_bias = self.problem.width, self.problem.output_bias
        if not isinstance(start, ReLUNetwork):
            raise TypeError(f"start is a {type(start).__name__}; legal is a ReLUNetwork")
        if start.widths != (self.n, width, 1):
            got = "-".join(map(str, start.widths))
            raise ValueError(f"start has widths {got}; legal are {self.n}-{width}-1")
        hidden, outer = (np.asarray(weights, dtype=np.float64) for weights in start.weights)
        biases, constant = (np.asarray(vector, dtype=np.float64) for vector in start.biases)
        for name, has, values in (("hidden", self.hidden_bias, biases), ("output", output_bias, constant)):
            if not has and values.any():
                raise ValueError(f"start has {name} biases that are not 0; with {name}_bias=False legal is 0")
        vectors = np.column_stack([hidden, biases]) if self.hidden_bias else hidden
        return np.concatenate([vectors.ravel(), outer[0], constant if output_bias else []])


class _Trace:
    """The iterates that are kept."""

    def __init__(self, kept: NDArray[np.int64], callback: Look | None) -> None:
        self.kept, self._callback = kept, callback
        self._wanted = set(kept.tolist())
        self.steps: list[int] = []
        self.iterates: list[Floats] = []
        self.losses: list[float] = []
        self.stopped = False

    def keep(self, step: int, parameters: Floats, loss: float) -> bool:
        """Keep an iterate if it is wanted, and return whether the callback asks to stop."""
        if step in self._wanted:
            self._append(step, parameters, loss)
            self.stopped = self._callback is not None and bool(self._callback(step, parameters.copy()))
        return self.stopped

    def end(self, step: int, parameters: Floats, loss: float) -> None:
        """Keep the last iterate in any case."""
        if not self.steps or self.steps[-1] < step:
            self._append(step, parameters, loss)

    def _append(self, step: int, parameters: Floats, loss: float) -> None:
        self.steps.append(step)
        self.iterates.append(parameters.copy())
        self.losses.append(loss)


def _run(name: str, basis: _Basis, rule: engine.Rule, record: int, callback: Look | None) -> TrainingResult:
    begin = time.perf_counter()
    problem = basis.problem
    state = engine.new_state(problem, basis.start, rule)
    trace = _Trace(recorded_steps(rule.total, record), callback)
    ended = Termination.finished
    try:
        for step in trace.kept.tolist():
            code = engine.CONTINUE
            while code == engine.CONTINUE and (left := step - int(state.count[0])) > 0:
                code = engine.advance(problem, rule, state, min(left, MOST_AT_ONCE), basis.source)
            ended = ENDS[code]
            if code != engine.CONTINUE:
                break
            if trace.keep(step, state.parameters, engine.measure(problem, state)):
                ended = Termination.callback
                break
    except KeyboardInterrupt:
        ended = Termination.interrupted
    trace.end(int(state.count[0]), state.parameters, engine.measure(problem, state))
    best = (state.best.copy(), int(state.count[2]), float(state.best_loss[0]))
    return _result(name, basis, trace, best, math.nan if rule.schedule else rule.step_size, ended, begin)


def _result(
    name: str,
    basis: _Basis,
    trace: _Trace,
    best: tuple[Floats, int, float],
    step_size: float,
    ended: Termination,
    begin: float,
) -> TrainingResult:
    parameters, best_step, best_loss = best
    return TrainingResult(
        algorithm=name,
        parameters=trace.iterates[-1],
        best=parameters,
        best_step=best_step,
        best_loss=best_loss,
        updates=trace.steps[-1],
        steps=np.array(trace.steps, dtype=np.int64),
        trajectory=np.array(trace.iterates),
        losses=np.array(trace.losses),
        distances=np.full(len(trace.steps), math.nan),
        bounds=(),
        hypotheses=(),
        step_size=step_size,
        termination=ended,
        seed=basis.seed,
        seconds=time.perf_counter() - begin,
        network=basis.network(parameters) if math.isfinite(best_loss) else None,
    )


def _steps(steps: int) -> int:
    check_whole("steps", steps, 1, 10**12)
    return int(steps)


def _schedule(schedule: str) -> int:
    if schedule not in engine.SCHEDULES:
        raise ValueError(f"schedule is {schedule!r}; legal are {', '.join(map(repr, engine.SCHEDULES))}")
    return engine.SCHEDULES.index(schedule)
