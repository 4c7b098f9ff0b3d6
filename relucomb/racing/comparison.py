"""A race of optimisers against the certified optimum."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.erm import ABS_GAP, WIDEST, check_whole, erm
from relucomb.exceptions import RelucombError
from relucomb.networks import ReLUNetwork
from relucomb.racing.competitors import COMPETITORS, DEFAULT, Competitor
from relucomb.racing.polishing import polisher
from relucomb.racing.race_result import Comparison, RaceProgress, Record, Truth
from relucomb.racing.runs import Run, run_seeds
from relucomb.racing.scaled_data import ScaledData, constant_loss, scale_data
from relucomb.training.recording import check_positive
from relucomb.training.result import Termination

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from relucomb.erm_result import ERMResult, SearchProgress
    from relucomb.precise_values import Units

    Floats = NDArray[np.float64]

MOST_RUNS = 1_000_000
LEAST_TOLERANCE = 1e-8
"""Below it, the rounding of the exact solver decides which run reaches the optimum."""
ROUNDING = 1e-9
"""Share of a loss by which rounding may put it below a proven bound."""
LEAST_DIFFERENCE = 1e-145
"""Of a label from the best constant: squares, and shares of them, must be floats."""


def compare(
    X: ArrayLike,
    y: ArrayLike,
    width: int,
    algorithms: str | Iterable[str] = DEFAULT,
    seeds: int | Iterable[int] = 200,
    *,
    output_bias: bool = False,
    hidden_bias: bool = True,
    tolerance: float = 1e-3,
    time_limit: float | None = None,
    workers: int = 1,
    step_sizes: Mapping[str, float] | None = None,
    steps: int | Mapping[str, int] | None = None,
    callback: Callable[[RaceProgress], bool | None] | None = None,
) -> Comparison:
    """Find how often optimisers reach the global optimum of a network with one hidden layer, which is proven first.

    Parameters
    ----------
    X, y
        Points ``(D, n)`` and labels ``(D,)``; the loss is the mean of squares. With a bias the labels must not all be
        equal, without any they must not all be 0.
    width
        Number of hidden units.
    algorithms
        Names among those of :data:`relucomb.racing.COMPETITORS`; ``"glm-tron"`` is for width 1, draws nothing and runs
        once.
    seeds
        How many runs each makes, or their seeds. All optimisers start a seed at the same weights.
    output_bias, hidden_bias
        Whether the output has a free constant and the hidden units have a bias.
    tolerance
        A run reaches the optimum if its loss exceeds it by at most this share of the optimum; of an optimum near 0, if
        it exceeds it by ``tolerance²`` times the loss of the best constant.
    time_limit
        Seconds for the exact solver. If they do not suffice, runs may be undecided.
    workers
        Number of threads; the results do not depend on it.
    step_sizes, steps
        Other step sizes and numbers of steps by name than those of :data:`relucomb.racing.COMPETITORS`; one number of
        steps is for all.
    callback
        Called with a :class:`~relucomb.racing.RaceProgress` several times per second; return ``True`` to stop.

    Returns
    -------
    Comparison
        Ctrl-C returns what is finished.

    Raises
    ------
    ValueError, TypeError
        An argument is not legal; the message names it, what it got and what is legal.
    RelucombError
        A network was found below the bound that was proven, which must not happen.

    Notes
    -----
    Optimisers get standardised data and start at weights drawn as PyTorch does; a run counts by the least loss that it
    saw. Every run is also *polished*: its activation pattern is solved exactly and the descent goes on from there. Who
    misses the optimum even then was in the wrong basin and not merely slow.

    Examples
    --------
    >>> import relucomb as rc
    >>> race = rc.compare([[0], [1], [2], [3]], [0, 1, 0, 1], 2, ["adam"], seeds=5, steps=2000)
    >>> round(race.optimum.loss, 6), race["adam"].runs
    (0.166667, 5)
    """
    begin = time.perf_counter()
    numbers_chosen = _seeds(seeds)
    _check_tolerance(tolerance)
    check_whole("width", width, 1, WIDEST)
    chosen = _competitors(algorithms, int(width), step_sizes, steps)
    stopped: list[Termination] = []

    def relay(search: SearchProgress) -> bool | None:
        if callback is None:
            return None
        return callback(RaceProgress("exact", 0, 0, 0, search.incumbent, time.perf_counter() - begin, search))

    optimum = erm(
        X,
        y,
        width,
        output_bias=output_bias,
        hidden_bias=hidden_bias,
        time_limit=time_limit,
        abs_gap=min(ABS_GAP, 0.1 * tolerance * tolerance),
        workers=workers,
        callback=None if callback is None else relay,
    )
    points, labels = optimum.data.X, optimum.data.y
    _check_labels(labels, constant_allowed=hidden_bias or output_bias)
    constant = constant_loss(labels, hidden_bias=hidden_bias, output_bias=output_bias)
    if optimum.termination in ("interrupted", "callback"):
        stopped.append(Termination[optimum.termination.name])
    data = scale_data(points, labels, width, hidden_bias=hidden_bias, output_bias=output_bias)
    polish = polisher(points, labels, width, hidden_bias=hidden_bias, output_bias=output_bias)
    floor = tolerance * constant
    closed = optimum.status == "optimal" and (
        optimum.loss - optimum.lower_bound <= 0.5 * tolerance * max(optimum.loss, floor)
    )
    truth = Truth(optimum.lower_bound, optimum.loss, closed, tolerance, floor)
    fields: list[_Field] = []
    not_run = [competitor.name for competitor in chosen]
    unfinished: list[str] = []
    for competitor in chosen:
        if stopped:
            break
        del not_run[0]
        own = numbers_chosen[:1] if competitor.single else numbers_chosen

        def report(runs: list[Run], name: str = competitor.name, total: int = len(own)) -> bool | None:
            if callback is None:
                return None
            losses = [data.loss(run.loss) for run in runs]
            hits = int(truth.reached(losses).sum())
            undecided = len(runs) - hits - int(truth.missed(losses).sum())
            best = min(losses, default=math.inf)
            seconds = time.perf_counter() - begin
            return callback(RaceProgress(name, len(runs), total, hits, best, seconds, undecided=undecided))

        runs, ended = run_seeds(data.problem, competitor, own, points.shape[1], workers, report)
        if ended is not Termination.finished:
            stopped.append(ended)
        field = _Field(competitor, runs, data, polish)
        if field.interrupted:
            stopped.append(Termination.interrupted)
        if len(field.losses):
            fields.append(field)
        else:
            unfinished.append(competitor.name)
    least = min((field.least for field in fields), default=math.inf)
    _check_bound(fields, optimum, constant)
    truth = replace(truth, best_known=min(truth.best_known, max(least, truth.lower_bound)))
    return Comparison(
        optimum,
        tuple(field.record(truth) for field in fields),
        truth,
        stopped[0] if stopped else Termination.finished,
        time.perf_counter() - begin,
        tuple(not_run),
        tuple(unfinished),
    )


class _Field:
    """The runs of one optimiser, polished, in the user's units."""

    def __init__(
        self,
        competitor: Competitor,
        runs: Sequence[Run],
        data: ScaledData,
        polish: Callable[[Units], tuple[float, Units]],
    ) -> None:
        bottoms: list[tuple[float, Units | None]] = []
        self.interrupted = False
        try:
            for run in runs:
                finite = math.isfinite(run.loss)
                bottoms.append(polish(data.units(run.parameters)) if finite else (math.inf, None))
        except KeyboardInterrupt:  # what is polished is finished
            self.interrupted = True
        self._competitor, self._data, self._runs = competitor, data, runs[: len(bottoms)]
        self.losses = np.array([data.loss(run.loss) for run in self._runs])
        below = np.array([loss for loss, _ in bottoms])
        self.polished = np.minimum(self.losses, below)
        self._bottoms = [bottom for _, bottom in bottoms]

    @property
    def least(self) -> float:
        return float(self.polished.min())

    @property
    def lowest(self) -> Units:
        """The network of least loss, polished or not."""
        k = int(np.argmin(self.polished))
        bottom = self._bottoms[k]
        return bottom if bottom is not None and self.polished[k] < self.losses[k] else self._units(k)

    def _units(self, k: int) -> Units:
        return self._data.units(self._runs[k].parameters)

    def record(self, truth: Truth) -> Record:
        competitor = self._competitor
        return Record(
            competitor.name,
            competitor.title,
            np.array([run.seed for run in self._runs]),
            self.losses,
            truth.gaps(self.losses),
            truth.reached(self.losses),
            truth.missed(self.losses),
            self.polished,
            truth.reached(self.polished),
            truth.missed(self.polished),
            np.array([run.seconds for run in self._runs]),
            np.array([run.updates for run in self._runs]),
            tuple(run.termination for run in self._runs),
            competitor.step_size,
            competitor.steps,
            competitor.single,
            _network(self._units(int(np.argmin(self.losses)))) if math.isfinite(self.losses.min()) else None,
        )


def _network(units: Units) -> ReLUNetwork:
    return ReLUNetwork([units.weights, units.signs[None, :]], [units.biases, np.array([units.constant])])


def _check_bound(fields: Sequence[_Field], optimum: ERMResult, constant: float) -> None:
    """Refute a bound that a network is below; its loss is recomputed in rationals, so that rounding is no excuse."""
    lowest = optimum.lower_bound - ROUNDING * (optimum.lower_bound + ROUNDING * constant)
    for field in fields:
        if field.least >= lowest:
            continue
        network = _network(field.lowest)
        loss = float(optimum.data.loss.exact_mean(network.exact().evaluate_exact(optimum.data.X), optimum.data.y))
        if loss < lowest:
            raise RelucombError(
                f"a network of loss {loss!r} is below the proven bound {optimum.lower_bound!r}: the proof is wrong. "
                f"Please report it with the data. The network is {network.to_json()}"
            )


def _competitors(
    algorithms: str | Iterable[str],
    width: int,
    step_sizes: Mapping[str, float] | None,
    steps: int | Mapping[str, int] | None,
) -> list[Competitor]:
    names = [algorithms] if isinstance(algorithms, str) else list(algorithms)
    legal = ", ".join(map(repr, COMPETITORS))
    for place, name in enumerate(names):
        if name not in COMPETITORS:
            raise ValueError(f"algorithms has {name!r}; legal are {legal}")
        if name in names[:place]:
            raise ValueError(f"algorithms has {name!r} twice; legal is each of {legal} once")
        if COMPETITORS[name].single and width > 1:
            raise ValueError(
                f"algorithms has {name!r}, which learns a single unit; with it, width must be 1; got {width}"
            )
    if not names:
        raise ValueError(f"algorithms is empty; legal are {legal}")
    sizes = dict(step_sizes or {})
    numbers_of_steps = dict(steps) if isinstance(steps, Mapping) else dict.fromkeys(names, steps)
    for argument, given in (("step_sizes", sizes), ("steps", numbers_of_steps)):
        for name in given:
            if name not in names:
                raise ValueError(f"{argument} has {name!r}; legal are those that race: {', '.join(map(repr, names))}")
    chosen = []
    for name in names:
        competitor = COMPETITORS[name]
        if numbers_of_steps.get(name) is not None:
            check_whole("steps", numbers_of_steps[name], 1, 10**9)
            competitor = replace(competitor, steps=int(numbers_of_steps[name]))  # type: ignore[arg-type]
        if name in sizes:
            if competitor.step_size is None:
                raise ValueError(f"step_sizes has {name!r}, which chooses its steps itself")
            competitor = replace(competitor, step_size=check_positive(f"the step size of {name!r}", sizes[name]))
        chosen.append(competitor)
    return chosen


def _seeds(seeds: Any) -> list[int]:
    if isinstance(seeds, Iterable) and not isinstance(seeds, str):
        chosen = list(seeds)
        for seed in chosen:
            check_whole("an entry of seeds", seed, 0, 2**63 - 1)
        if not chosen or len(set(chosen)) < len(chosen):
            told = "is empty" if not chosen else "has an entry twice"
            raise ValueError(f"seeds {told}; legal are different whole numbers from 0 up, or how many")
        return [int(seed) for seed in chosen]
    check_whole("seeds", seeds, 1, MOST_RUNS)
    return list(range(int(seeds)))


def _check_labels(labels: Floats, *, constant_allowed: bool) -> None:
    """Refuse labels that the best constant fits, or fits so well that squares are no floats.

    Labels are compared with each other and not with their mean, which may be another float even if they are equal.
    """
    if constant_allowed and (labels == labels[0]).all():
        raise ValueError(
            "y has a best constant of loss 0: its labels are constant, so there is nothing to race for; "
            "legal are labels that are not all equal"
        )
    if not constant_allowed and not labels.any():
        raise ValueError(
            "y has only the label 0, which the zero function fits, so there is nothing to race for; "
            "legal are labels that are not all 0"
        )
    most = float(np.abs(labels - labels.mean()).max())
    if constant_allowed and most < LEAST_DIFFERENCE:
        raise ValueError(
            f"y differs from its best constant by at most {most:.3g}, whose square is out of the range of floats; "
            f"legal are labels that differ from it by at least {LEAST_DIFFERENCE:g}"
        )


def _check_tolerance(tolerance: float) -> None:
    if check_positive("tolerance", tolerance) < LEAST_TOLERANCE or tolerance > 1:
        raise ValueError(f"tolerance is {tolerance!r}; legal is a number from {LEAST_TOLERANCE:g} to 1")
