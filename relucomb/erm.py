"""Exact empirical risk minimisation: the certified best network with one hidden layer."""

from __future__ import annotations

import logging
import math
import numbers
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.erm_result import (
    Data,
    ERMResult,
    ProofLevel,
    SearchProgress,
    Status,
    Termination,
    relative_gap,
)
from relucomb.losses import resolve_loss
from relucomb.networks import ReLUNetwork
from relucomb.rationals import as_floats

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from relucomb.losses import Loss

METHODS = ("branch-and-bound", "enumerate")
TOLERANCE = 1e-9
"""Relative difference below which the floating-point proofs do not tell loss and bound apart."""
WIDEST = 1024
EXACT = 4000
"""Most weights times points for which the loss is always recomputed in rationals and rounded once."""
ABS_GAP = 1e-9
LARGEST = 1e150
"""Greatest entry of data: sums of squares of so many of them are still floats."""

_log = logging.getLogger("relucomb")


def erm(
    X: ArrayLike,
    y: ArrayLike,
    width: int,
    *,
    loss: str | Loss | Callable[[Any, NDArray[np.float64]], Any] = "squared",
    method: str = "branch-and-bound",
    output_bias: bool = False,
    hidden_bias: bool = True,
    time_limit: float | None = None,
    node_limit: int | None = None,
    gap: float = 0.0,
    abs_gap: float = ABS_GAP,
    warm_start: ReLUNetwork | ERMResult | None = None,
    workers: int = 1,
    seed: int = 0,
    callback: Callable[[SearchProgress], bool | None] | None = None,
    program_limit: int | None = None,
) -> ERMResult:
    """Find the network ``Σ_i s_i max(0, a_i·x + b_i)``, ``s_i = ±1``, of least mean loss, and prove that it is.

    Parameters
    ----------
    X, y
        Points ``(D, n)`` and labels ``(D,)``: finite floats, integers or fractions.
    width
        Number ``w`` of hidden units.
    loss
        ``"squared"`` ((f − y)²), ``"absolute"``, ``"hinge"`` (max(0, 1 − yf), labels ±1), ``"logistic"``, ``"huber"``,
        or a function as :func:`relucomb.losses.resolve_loss` takes it. The first three have fast kernels, the others
        fall back to ``method="enumerate"``.
    method
        ``"branch-and-bound"``, or ``"enumerate"`` for the literal Algorithm 1 (tiny inputs only).
    output_bias, hidden_bias
        Whether the output has a free constant and the hidden units have a bias.
    time_limit, node_limit
        Seconds and number of nodes after which to return what is known.
    gap, abs_gap
        Stop when the loss is proven within this share of it, or within this amount, of the optimum. The default amount
        shrinks with the labels if they are small (:func:`absolute_tolerance`).
    warm_start
        A network of at most this width (or a result) to begin with; only its predictions matter, not how it was found.
    workers
        Number of threads.
    seed
        Seed of the random starts; the same seed gives the same result.
    callback
        Called with a :class:`~relucomb.erm_result.SearchProgress` several times per second; return ``True`` to stop.
    program_limit
        Largest number of convex programmes that ``method="enumerate"`` accepts (default 100,000).

    Returns
    -------
    ERMResult
        The status is ``optimal`` if ``lower_bound >= loss - max(abs_gap, gap * loss)``. Limits and interrupts (Ctrl-C)
        return the best network so far with the bound proven so far.

    Raises
    ------
    ValueError, TypeError
        An argument is not legal; the message names it, what it got and what is legal.

    Notes
    -----
    The optimum exists: for fixed activation patterns and signs the problem is convex with finitely many closed cones
    [1]_, Theorem 2.4.1. The proof covers all weights (there is no box), all sign vectors and every degenerate position
    of the points. With several outputs a combinatorial search of this kind is impossible unless NP = ∃R [2]_.

    References
    ----------
    .. [1] R. Arora, A. Basu, P. Mianjy, A. Mukherjee, Understanding deep neural networks with rectified linear units.
    .. [2] D. Bertschinger, C. Hertrich, P. Jungeblut, T. Miltzow, S. Weber, Training fully connected neural networks is
       ∃R-complete, arXiv 2204.01368.

    Examples
    --------
    >>> import relucomb as rc
    >>> result = rc.erm([[0], [1], [2], [3]], [0, 1, 0, 1], width=2)
    >>> str(result.status), round(result.loss, 6)
    ('optimal', 0.166667)
    """
    start = time.perf_counter()
    points, labels = _read_data(X, y)
    chosen = resolve_loss(loss)
    _check_options(width, method, time_limit, node_limit, gap, abs_gap, workers, seed, program_limit)
    chosen.check_labels(labels)
    data = Data(points, labels, chosen, bool(hidden_bias), bool(output_bias))
    network = _warm_network(warm_start, points.shape[1], width)
    abs_gap = absolute_tolerance(abs_gap, chosen.mean(np.zeros(len(labels)), labels))
    if method == "branch-and-bound" and chosen.name not in ("squared", "absolute", "hinge"):
        _log.warning(
            "the %s loss has no branch and bound: falling back to method 'enumerate', one convex programme per tuple",
            chosen.name,
        )
        method = "enumerate"
    if method == "enumerate":
        return _enumerate(data, X, width, time_limit, node_limit, gap, abs_gap, callback, program_limit, start)
    return _branch_and_bound(data, width, time_limit, node_limit, gap, abs_gap, network, workers, seed, callback, start)


def _branch_and_bound(
    data: Data,
    width: int,
    time_limit: float | None,
    node_limit: int | None,
    gap: float,
    abs_gap: float,
    warm_start: ReLUNetwork | None,
    workers: int,
    seed: int,
    callback: Callable[[SearchProgress], bool | None] | None,
    start: float,
) -> ERMResult:
    from relucomb.branch_and_bound import solve_by_branch_and_bound

    outcome = solve_by_branch_and_bound(
        data.X,
        data.y,
        width,
        loss=data.loss.name,
        hidden_bias=data.hidden_bias,
        output_bias=data.output_bias,
        gap=gap,
        abs_gap=abs_gap,
        time_limit=None if time_limit is None else time_limit - (time.perf_counter() - start),
        node_limit=node_limit,
        warm_start=warm_start,
        workers=workers,
        seed=seed,
        callback=callback,
    )
    network = ReLUNetwork([outcome.weights, outcome.signs[None, :]], [outcome.biases, np.array([outcome.output_bias])])
    reason = outcome.reason
    if reason == "exhausted" and outcome.unresolved:
        reason = "inaccurate"
    return _result(
        data, width, "branch-and-bound", network, outcome.lower_bound, reason, outcome.nodes, gap, abs_gap, start
    )


def _enumerate(
    data: Data,
    X: ArrayLike,
    width: int,
    time_limit: float | None,
    node_limit: int | None,
    gap: float,
    abs_gap: float,
    callback: Callable[[SearchProgress], bool | None] | None,
    program_limit: int | None,
    start: float,
) -> ERMResult:
    from relucomb.algorithm_one import PROGRAM_LIMIT, ReferenceProgress, solve_by_enumeration

    limited = False

    def relay(progress: ReferenceProgress) -> bool | None:
        nonlocal limited
        if node_limit is not None and progress.solved >= min(node_limit, progress.programs):
            limited = progress.solved < progress.programs
            return limited
        if callback is None:
            return None
        rate = progress.solved / max(progress.seconds, 1e-9)
        return callback(
            SearchProgress(
                nodes=progress.solved,
                open=progress.programs - progress.solved,
                incumbent=progress.incumbent,
                lower_bound=progress.lower_bound,
                gap=relative_gap(progress.incumbent, progress.lower_bound),
                rate=rate,
                seconds=progress.seconds,
                improved=progress.improved,
            )
        )

    outcome = solve_by_enumeration(
        X,
        data.y,
        width,
        loss=data.loss,
        hidden_bias=data.hidden_bias,
        output_bias=data.output_bias,
        program_limit=PROGRAM_LIMIT if program_limit is None else program_limit,
        time_limit=time_limit,
        callback=relay,
    )
    n = data.X.shape[1]
    biases = outcome.weights[:, n] if data.hidden_bias else np.zeros(len(outcome.weights))
    network = ReLUNetwork(
        [outcome.weights[:, :n], outcome.signs[None, :].astype(np.float64)],
        [biases, np.array([outcome.output_bias])],
    )
    reason = "node_limit" if limited else outcome.stopped_reason
    if reason == "exhausted" and outcome.failed:
        reason = "inaccurate"
    return _result(data, width, "enumerate", network, outcome.lower_bound, reason, outcome.solved, gap, abs_gap, start)


def _result(
    data: Data,
    width: int,
    method: str,
    network: ReLUNetwork,
    lower_bound: float,
    reason: str,
    nodes: int,
    gap: float,
    abs_gap: float,
    start: float,
) -> ERMResult:
    """Judge what was found: recompute the loss, then compare it with the bound."""
    loss = data.loss.mean(network(data.X), data.y)
    proof = ProofLevel.float
    size = data.loss.mean(np.zeros(len(data.y)), data.y)
    if data.loss.is_rational and (loss <= 1e-12 * size or data.X.size * width <= EXACT):
        exact = data.loss.exact_mean(network.exact().evaluate_exact(data.X), data.y)
        loss = float(exact)
        if exact == 0 and data.loss.infimum == 0.0:  # an exact fit needs no search: losses are not negative
            proof = ProofLevel.rational
    lower_bound = min(lower_bound, loss)
    if loss - lower_bound <= TOLERANCE * loss + 1e-3 * TOLERANCE * TOLERANCE * size:
        lower_bound = loss  # floats cannot tell them apart
    if proof is ProofLevel.rational:
        loss = lower_bound = 0.0
    proven = loss - lower_bound <= max(abs_gap, gap * abs(loss))
    termination = Termination[reason]
    if proven and termination is not Termination.exhausted:
        termination = Termination.gap_closed
    if not proven and termination is Termination.exhausted:
        termination = Termination.inaccurate
    return ERMResult(
        status=Status.optimal if proven else Status.feasible,
        termination=termination,
        loss=loss,
        lower_bound=lower_bound,
        gap=relative_gap(loss, lower_bound),
        network=network,
        nodes=nodes,
        seconds=time.perf_counter() - start,
        proof=proof,
        tolerance=TOLERANCE,
        width=width,
        method=method,
        loss_name=data.loss.name,
        data=data,
    )


def absolute_tolerance(abs_gap: float, size: float) -> float:
    """Return the absolute gap to use for labels whose zero network has mean loss ``size``.

    The default of 1e-9 (and anything smaller) is meant for labels of about unit size; for tiny labels it would make any
    network optimal, so it shrinks with them. A larger ``abs_gap`` is somebody's wish and stays.

    Examples
    --------
    >>> absolute_tolerance(1e-9, 0.5), absolute_tolerance(1e-9, 50.0), absolute_tolerance(0.1, 1e-4)
    (5e-10, 1e-09, 0.1)
    """
    return abs_gap if abs_gap > ABS_GAP else abs_gap * min(1.0, size)


def _read_data(X: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    points = as_floats(X, "X", ndim=2)
    shape = np.shape(y)
    if len(shape) == 2 and shape[1] > 1:
        raise ValueError(
            f"y has shape {shape}: only one output is possible. With two or more outputs an exact combinatorial search "
            "of this kind cannot exist unless NP = ∃R (arXiv 2204.01368); fit the targets one by one"
        )
    labels = as_floats(np.asarray(y).reshape(-1) if len(shape) == 2 else y, "y", ndim=1)
    if len(points) == 0 or points.shape[1] == 0:
        raise ValueError(f"X has shape {points.shape}; at least one point and one feature are needed")
    if len(points) != len(labels):
        raise ValueError(f"X has {len(points)} points but y has {len(labels)} labels; they must be equally many")
    check_sizes(points, labels)
    return points, labels


def check_sizes(points: NDArray[np.float64], labels: NDArray[np.float64]) -> None:
    """Raise an error if sums of squares of points or labels would leave the range of floats (:func:`check_size`)."""
    check_size("X", points)
    check_size("y", labels)


def check_size(name: str, values: NDArray[np.float64]) -> None:
    """Raise an error if sums of squares would leave the range of floats.

    Raises
    ------
    ValueError
        The largest entry is beyond 1e150, or below 1e-150 and not 0.

    Examples
    --------
    >>> check_size("X", np.array([[1e200]]))
    Traceback (most recent call last):
        ...
    ValueError: X has entries up to 1e+200; squares must be in the range of floats: legal are up to 1e150
    """
    largest = float(np.abs(values).max(initial=0.0))
    told = f"{name} has entries up to {largest:.3g}; squares must be in the range of floats"
    if largest > LARGEST:
        raise ValueError(f"{told}: legal are up to 1e150")
    if 0 < largest < 1 / LARGEST:
        raise ValueError(f"{told}: legal are from 1e-150 up, or nothing but 0")


def _check_options(
    width: int,
    method: str,
    time_limit: float | None,
    node_limit: int | None,
    gap: float,
    abs_gap: float,
    workers: int,
    seed: int,
    program_limit: int | None,
) -> None:
    if method not in METHODS:
        raise ValueError(f"method is {method!r}; legal are {', '.join(map(repr, METHODS))}")
    check_whole("width", width, 1, WIDEST)
    check_whole("workers", workers, 1, 1024)
    check_whole("seed", seed, 0, None)
    if node_limit is not None:
        check_whole("node_limit", node_limit, 0, None)
    if program_limit is not None:
        check_whole("program_limit", program_limit, 1, None)
    numbers_given: tuple[tuple[str, Any], ...] = (("time_limit", time_limit), ("gap", gap), ("abs_gap", abs_gap))
    for name, value in numbers_given:
        if value is None and name == "time_limit":
            continue
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise TypeError(f"{name} is {value!r}; legal is a number that is not negative")
        if math.isnan(value) or value < 0:
            raise ValueError(f"{name} is {value!r}; legal is a number that is not negative")


def check_whole(name: str, value: Any, lowest: int, highest: int | None) -> None:
    """Raise an error that names the argument unless it is a whole number from ``lowest`` to ``highest``."""
    legal = f"a whole number from {lowest}" + (" up" if highest is None else f" to {highest}")
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} is {value!r}; legal is {legal}")
    if int(value) < lowest or (highest is not None and int(value) > highest):
        raise ValueError(f"{name} is {value}; legal is {legal}")


def _warm_network(warm_start: Any, n: int, width: int) -> ReLUNetwork | None:
    network = warm_start.network if isinstance(warm_start, ERMResult) else warm_start
    if network is None:
        return None
    if not isinstance(network, ReLUNetwork):
        raise TypeError(f"warm_start is a {type(network).__name__}; legal is a ReLUNetwork or an ERMResult")
    widths = network.widths
    if len(widths) != 3 or widths[0] != n or widths[2] != 1 or widths[1] > width:
        raise ValueError(f"warm_start has widths {'-'.join(map(str, widths))}; legal is {n}-w-1 with w at most {width}")
    return network
