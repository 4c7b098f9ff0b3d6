"""The least number of ReLU gates that compute a Boolean function, with a proof that one less is not enough.

A Sum-of-ReLU circuit with ``w`` gates computes ``f`` if and only if the least squared loss of a network of width ``w``
with output bias is 0 on the cube; an LTF-of-ReLU circuit if and only if the least hinge loss is 0 (a network that is
positive where ``f = 1`` and negative elsewhere can be scaled until it is beyond ±1). Both minima are attained, and the
search of :func:`relucomb.erm` proves lower bounds of them, in floating point. For few variables the lower bound is then
proven again, in integers and without any search over weights: :mod:`relucomb.boolean.refutation`.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from relucomb.boolean.circuits import Circuit, Gate
from relucomb.boolean.exact_fit import fit_exactly
from relucomb.boolean.function import points
from relucomb.boolean.gate_cones import MOST_VARIABLES
from relucomb.boolean.known_circuits import gates_below, known_circuit
from relucomb.boolean.refutation import CircuitClass, Refutation, UndecidedError, refute
from relucomb.erm_result import Message, ProofLevel, Termination
from relucomb.exceptions import RelucombError

if TYPE_CHECKING:
    from relucomb.boolean.function import BooleanFunction
    from relucomb.networks import ReLUNetwork

POSITIVE = 1e-6
"""A lower bound on the mean loss counts as positive above this; the search's own tolerance is a thousandth of it."""

MOST_INPUTS = 10

SMALL = 4
"""Variables up to which circuits are found on the way to the lower bound."""

FIRST_LOOKS, SHARE = 64, 0.25
"""Seeds, and share of the time that is left, for looking for a circuit with one gate less by local search."""

MOST_FOR_EXACT = 4
"""Variables for which the lower bound is proven in integers unless asked otherwise."""

SEARCHING = 0.6
"""Share of a limit that the search has, if a proof in integers is to follow."""


class MinimalStatus(Message):
    """What is known of the least number of gates.

    Examples
    --------
    >>> MinimalStatus.minimal == "minimal"
    True
    """

    minimal = "the circuit has the least number of gates"
    interval = "a circuit, and a lower bound that it does not reach"


class _Attempt(NamedTuple):
    """What the search over circuits of one width found: a lower bound on the loss, an exact circuit, why it ended."""

    bound: float
    circuit: Circuit | None
    termination: Termination


@dataclass(frozen=True, slots=True)
class MinimalCircuit:
    """The least number of gates that compute a function, or an interval that contains it.

    Attributes
    ----------
    function
        The function.
    circuit
        A circuit with ``upper`` gates, exact; verified at every point.
    lower, upper
        The least number of gates is at least ``lower`` and at most ``upper``.
    losses
        By number of gates below ``lower``: the proven positive lower bound on the mean loss (squared for Sum-of-ReLU,
        hinge for LTF-of-ReLU) of every circuit with so many gates.
    status
        Whether both agree.
    termination
        Why the search ended: ``exhausted`` if both agree, else ``time_limit``, ``interrupted``, or ``inaccurate``, if
        floating point did not tell the least loss of some width from 0.
    proof
        In what arithmetic ``lower`` was derived; ``upper`` is always proven in rationals.
    refutation
        A proof in integers that ``lower − 1`` gates are not enough, if there is one and ``lower`` is at least 2.
    seconds
        Time used.
    """

    function: BooleanFunction
    circuit: Circuit
    lower: int
    upper: int
    losses: tuple[float, ...]
    status: MinimalStatus
    termination: Termination
    proof: ProofLevel
    refutation: Refutation | None
    seconds: float

    def verify(self) -> bool:
        """Check the circuit at every point of the cube, its number of gates, and the refutation, all exactly."""
        if not self.circuit.verify(self.function) or gates_below(self.circuit) != self.upper:
            return False
        proof = self.refutation
        if proof is None:
            return self.proof is ProofLevel.float or self.lower <= 1
        return (proof.function, proof.gates) == (self.function, self.lower - 1) and proof.verify()


def minimal_circuit(
    f: BooleanFunction,
    circuit_class: CircuitClass = "Sum-of-ReLU",
    *,
    time_limit: float | None = None,
    exact: bool | None = None,
) -> MinimalCircuit:
    """Find a circuit with the least number of ReLU gates.

    Parameters
    ----------
    f
        A function of 1 to 10 variables; the search is quick for 4 and fewer.
    circuit_class
        ``"Sum-of-ReLU"``: the output is the value in signs, a constant plus a weighted sum of gates.
        ``"LTF-of-ReLU"``: the output is the sign of such a sum; its threshold gate is not counted.
    time_limit
        Seconds after which to return an interval. So does Ctrl-C.
    exact
        Whether to prove the lower bound again in integers, which takes up to 5 variables. If not said, this is done
        for up to 4. If the time does not suffice for it, the level of the proof stays ``float``.

    Raises
    ------
    ValueError
        The class is unknown, or there are too many variables or none.

    Examples
    --------
    Parity of two bits takes two gates, and the proof that one is not enough is a positive loss:

    >>> from relucomb.boolean import BooleanFunction
    >>> found = minimal_circuit(BooleanFunction([0, 1, 1, 0]))
    >>> found.lower, found.upper, [round(loss, 3) for loss in found.losses]
    (2, 2, [1.0, 0.667])
    >>> str(found.proof), len(found.refutation.functionals), found.verify()
    ('rational', 3, True)
    """
    if circuit_class not in ("Sum-of-ReLU", "LTF-of-ReLU"):
        raise ValueError(f"circuit_class must be 'Sum-of-ReLU' or 'LTF-of-ReLU'; got {circuit_class!r}")
    if not 1 <= f.n <= MOST_INPUTS:
        raise ValueError(f"f must have from 1 to {MOST_INPUTS} variables; got {f.n}")
    if exact and f.n > MOST_VARIABLES:
        raise ValueError(f"exact is possible for {MOST_VARIABLES} variables at most; got {f.n}")
    start = time.perf_counter()
    wanted = f.n <= MOST_FOR_EXACT if exact is None else exact
    end_of_all = None if time_limit is None else start + time_limit
    deadline = None if time_limit is None else start + (SEARCHING if wanted else 1.0) * time_limit
    threshold = circuit_class == "LTF-of-ReLU"
    best, losses, refutation = known_circuit(f, threshold=threshold), list[float](), None
    end = Termination.exhausted
    if gates_below(best) > 0:
        losses.append(_loss_of_constants(f, threshold))
    try:
        if f.n > SMALL:
            best = _smaller(f, best, threshold, deadline)
        while len(losses) < gates_below(best):
            if deadline is not None and time.perf_counter() >= deadline:
                end = Termination.time_limit
                break
            tried = _try_width(f, len(losses), threshold, deadline)
            if tried.circuit is not None:
                best = tried.circuit
            elif tried.bound > POSITIVE:
                losses.append(tried.bound)
            else:
                ended = tried.termination in (Termination.time_limit, Termination.interrupted)
                end = tried.termination if ended else Termination.inaccurate
                break
            if tried.termination is Termination.interrupted and len(losses) < gates_below(best):
                end = Termination.interrupted
                break
        if wanted and len(losses) >= 2 and end is not Termination.interrupted:
            refutation = _refuted(f, circuit_class, len(losses) - 1, end_of_all)
    except KeyboardInterrupt:  # outside of the search proper
        end = Termination.interrupted
    lower, upper = len(losses), gates_below(best)
    return MinimalCircuit(
        function=f,
        circuit=best,
        lower=lower,
        upper=upper,
        losses=tuple(losses),
        status=MinimalStatus.minimal if lower == upper else MinimalStatus.interval,
        termination=end,
        # that no constant computes a function needs no search
        proof=ProofLevel.rational if lower <= 1 or refutation is not None else ProofLevel.float,
        refutation=refutation,
        seconds=time.perf_counter() - start,
    )


def _smaller(f: BooleanFunction, best: Circuit, threshold: bool, deadline: float | None) -> Circuit:
    """Look for circuits with fewer and fewer gates by local search, as long as that is easy."""
    from relucomb.erm import erm

    cube, signs = points(f.n).astype(np.float64), f.signs.astype(np.float64)
    loss = "hinge" if threshold else "squared"
    while gates_below(best) > 1:
        end = math.inf
        if deadline is not None:
            end = deadline - (1 - SHARE) * max(0.0, deadline - time.perf_counter())
        for seed in range(FIRST_LOOKS):
            width = gates_below(best) - 1
            found = erm(cube, signs, width, loss=loss, output_bias=True, node_limit=0, seed=seed)
            if found.termination is Termination.interrupted:
                raise KeyboardInterrupt
            circuit = None
            if found.network is not None and found.loss <= POSITIVE:
                circuit = _threshold_circuit(f, found.network) if threshold else _sum_circuit(f, found.network)
            if circuit is not None:
                best = circuit
                break
            if time.perf_counter() >= end:
                return best
        else:
            return best
    return best


def _loss_of_constants(f: BooleanFunction, threshold: bool) -> float:
    """Return the least loss of a constant: that of the mean value, or of the commoner one."""
    share = min(f.ones, (1 << f.n) - f.ones) / (1 << f.n)
    return 2 * share if threshold else 4 * share * (1 - share)


def _refuted(f: BooleanFunction, circuit_class: CircuitClass, gates: int, deadline: float | None) -> Refutation | None:
    """Return a proof in integers of what the search has found."""
    try:
        found = refute(f, circuit_class, gates, deadline=deadline)
    except UndecidedError:
        return None
    if isinstance(found, Circuit):
        raise RelucombError(f"a circuit with {gates} gates exists, which the search had excluded")
    return found


def _try_width(f: BooleanFunction, width: int, threshold: bool, deadline: float | None) -> _Attempt:
    """Return a lower bound on the loss, or an exact circuit of this width."""
    from relucomb.erm import erm

    cube, signs = points(f.n).astype(np.float64), f.signs.astype(np.float64)
    loss = "hinge" if threshold else "squared"
    left = None if deadline is None else max(0.0, deadline - time.perf_counter())
    found = erm(cube, signs, width, loss=loss, output_bias=True, time_limit=left)
    if found.network is None or found.lower_bound > POSITIVE:
        return _Attempt(found.lower_bound, None, found.termination)
    if found.loss > POSITIVE:
        return _Attempt(0.0, None, found.termination)
    circuit = _threshold_circuit(f, found.network) if threshold else _sum_circuit(f, found.network)
    return _Attempt(0.0, circuit, found.termination)


def _sum_circuit(f: BooleanFunction, net: ReLUNetwork) -> Circuit | None:
    """Turn a network of floats that fits up to rounding into a circuit that fits exactly."""
    cube = points(f.n)
    W, b = np.asarray(net.weights[0], dtype=np.float64), np.asarray(net.biases[0], dtype=np.float64)
    heights = cube @ W.T + b
    scale = np.abs(heights).max(axis=0, initial=1e-300)
    active = (heights > 1e-7 * scale).T
    signs = np.where(np.asarray(net.weights[1], dtype=np.float64)[0] >= 0, 1, -1)
    as_fractions = np.vectorize(Fraction, otypes=[object])
    found = fit_exactly(as_fractions(cube.astype(object)), as_fractions(f.signs.astype(object)), active, signs)
    if found is None:
        return None
    weights, constant = found
    circuit = Circuit(
        [
            (weights[:, :-1], weights[:, -1], Gate.RELU),
            (np.array([[int(sign) for sign in signs]]), np.array([constant], dtype=object), Gate.AFFINE),
        ]
    )
    return _verified(circuit, f)


def _threshold_circuit(f: BooleanFunction, net: ReLUNetwork) -> Circuit:
    """Turn a network of floats with the right signs into a circuit, with small integers for weights if they do."""
    exact = [np.asarray(array, dtype=np.float64) for array in (*net.weights, *net.biases)]
    W, V, b, c = exact
    for scale in (*range(1, 33), 64, 256, 4096):
        unit = scale / max(np.abs(W).max(), np.abs(b).max(), 1e-300)
        rows, biases = np.rint(W * unit).astype(int), np.rint(b * unit).astype(int)
        top, bias = np.rint(V * 2 * scale).astype(int), np.rint(c * unit * 2 * scale).astype(int)
        circuit = Circuit([(rows, biases, Gate.RELU), (top, bias, Gate.LTF)])
        if circuit.verify(f):
            return circuit
    return _verified(Circuit([(W, b, Gate.RELU), (V, c, Gate.LTF)]), f)


def _verified(circuit: Circuit, f: BooleanFunction) -> Circuit:
    if not circuit.verify(f):
        raise RelucombError("a circuit that was to fit exactly does not")
    return circuit
