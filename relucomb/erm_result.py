"""The result of empirical risk minimisation: what was found, what is proven, and how to check it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np
    from numpy.typing import NDArray

    from relucomb.networks import ReLUNetwork

SCHEMA_VERSION = 1


class Message(Enum):
    """An enumeration whose values are sentences for the user; a member equals its own name as a string."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return other == self.name
        return self is other

    def __hash__(self) -> int:
        return hash(self.name)

    def __str__(self) -> str:
        return self.name


class Status(Message):
    """What is known about the network returned.

    Examples
    --------
    >>> Status.optimal == "optimal", str(Status.feasible)
    (True, 'feasible')
    """

    optimal = "no network of the class has a smaller loss (up to the gap asked for)"
    feasible = "a network and a proven lower bound, with a gap between them"
    unknown = "no network was found before the limit"


class Termination(Message):
    """Why the search ended."""

    exhausted = "every network of the class was examined or excluded"
    gap_closed = "the gap between loss and bound is as small as asked"
    time_limit = "the time limit was reached; raise time_limit to go on"
    node_limit = "the node limit was reached; raise node_limit to go on"
    interrupted = "interrupted by the user"
    callback = "the callback asked to stop"
    inaccurate = "some nodes could not be decided in floating point; the bound counts them"


class ProofLevel(Message):
    """In what arithmetic the lower bound was derived."""

    float = "dual bounds in floating point"
    rational = "re-checked in exact rational arithmetic"


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """Where a search stands; what a callback gets.

    Attributes
    ----------
    nodes, open
        Nodes examined and still open.
    incumbent, lower_bound, gap
        Mean loss of the best network so far, what is proven for all networks, and the relative gap.
    rate, seconds
        Nodes per second, and time since the start.
    improved
        Whether the incumbent is new since the last report.
    """

    nodes: int
    open: int
    incumbent: float
    lower_bound: float
    gap: float
    rate: float
    seconds: float
    improved: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """What a second look at a result found.

    Attributes
    ----------
    passed
        Whether nothing contradicts the result.
    exact_loss
        Mean loss of the network in rational arithmetic, every float being the rational it is; ``None`` for a loss
        without rational values (logistic).
    loss_error
        Relative difference between the reported loss and the exact one.
    reference_loss
        Optimum by the enumeration of Algorithm 1, ``None`` if the input is too large for it.
    remark
        What was not checked, and why.
    """

    passed: bool
    exact_loss: Fraction | None
    loss_error: float | None
    reference_loss: float | None
    remark: str

    def __str__(self) -> str:
        lines = [f"verified {'yes' if self.passed else 'NO'}"]
        if self.exact_loss is not None:
            lines.append(f"         loss in exact rationals {float(self.exact_loss):.12g}, error {self.loss_error:.1e}")
        if self.reference_loss is not None:
            lines.append(f"         optimum by enumeration (Algorithm 1) {self.reference_loss:.12g}")
        if self.remark:
            lines.append(f"         {self.remark}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "passed": self.passed,
            "exact_loss": None if self.exact_loss is None else str(self.exact_loss),
            "loss_error": self.loss_error,
            "reference_loss": self.reference_loss,
            "remark": self.remark,
        }


@dataclass(frozen=True, slots=True)
class Data:
    """What a result was computed for."""

    X: NDArray[np.float64]
    y: NDArray[np.float64]
    loss: Any
    hidden_bias: bool
    output_bias: bool


@dataclass(frozen=True, slots=True)
class ERMResult:
    """A network with its loss, and what is proven for all networks of the class.

    Attributes
    ----------
    status, termination
        What is known, and why the search ended; both compare equal to their names as strings.
    loss
        Mean loss of ``network``, recomputed from its weights; ``inf`` if there is none.
    lower_bound
        Proven lower bound on the mean loss of every network of the class.
    gap
        ``(loss - lower_bound) / loss``, 0 if they are equal.
    network
        The best network found, ``None`` if there is none.
    nodes, seconds
        Nodes (for ``method="enumerate"`` convex programmes) examined, and time.
    proof, tolerance
        Arithmetic of the bound, and the relative difference below which loss and bound are not told apart.
    width, method, loss_name
        What was asked for.
    """

    status: Status
    termination: Termination
    loss: float
    lower_bound: float
    gap: float
    network: ReLUNetwork | None
    nodes: int
    seconds: float
    proof: ProofLevel
    tolerance: float
    width: int
    method: str
    loss_name: str
    data: Data = field(repr=False, compare=False)

    def verify(self, *, program_limit: int = 3000) -> Verification:
        """Recompute the loss in exact rational arithmetic and, on tiny inputs, the optimum by another method.

        Parameters
        ----------
        program_limit
            Largest number of convex programmes that the reference method may take.

        Examples
        --------
        >>> import relucomb as rc
        >>> rc.erm([[0], [1], [2]], [0, 1, 0], 1).verify().passed
        True
        """
        from relucomb.verification import verify

        return verify(self, program_limit)

    def summary(self) -> str:
        """Return a few lines for people."""
        return "\n".join(
            [
                f"status    {self.status.name}: {self.status.value}",
                f"stopped   {self.termination.name}: {self.termination.value}",
                f"loss      {self.loss:.9g} (mean {self.loss_name} loss, width {self.width})",
                f"bound     {self.lower_bound:.9g} (gap {self.gap:.2e})",
                f"search    {self.nodes:,} nodes in {self.seconds:.3g} s by {self.method}",
                f"proof     {self.proof.name}: {self.proof.value}, tolerance {self.tolerance:.0e}",
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the plain values of the command line's JSON object; non-finite numbers become ``None``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "status": self.status.name,
            "termination": self.termination.name,
            "loss": _finite(self.loss),
            "lower_bound": _finite(self.lower_bound),
            "gap": _finite(self.gap),
            "width": self.width,
            "network": None if self.network is None else self.network.to_json(),
            "nodes": self.nodes,
            "seconds": self.seconds,
            "proof": self.proof.name,
            "tolerance": self.tolerance,
            "method": self.method,
            "loss_name": self.loss_name,
            "hidden_bias": self.data.hidden_bias,
            "output_bias": self.data.output_bias,
        }


def relative_gap(loss: float, lower_bound: float) -> float:
    """Return ``(loss - lower_bound) / loss``: 0 if they are equal, ``inf`` if there is no loss yet.

    Examples
    --------
    >>> relative_gap(2.0, 1.5), relative_gap(0.0, 0.0), relative_gap(float("inf"), 0.0)
    (0.25, 0.0, inf)
    """
    if not math.isfinite(loss):
        return math.inf
    return 0.0 if loss <= lower_bound else (loss - lower_bound) / abs(loss)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
