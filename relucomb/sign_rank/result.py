"""The result of a search for a sign-rank: an interval with a proof at both ends, and how to check them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from relucomb.erm_result import Message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from relucomb.sign_rank.factorisation import Factorisation


class SignRankStatus(Message):
    """What is known.

    Examples
    --------
    >>> SignRankStatus.closed == "closed"
    True
    """

    closed = "the sign-rank is known: both ends of the interval are equal"
    open = "the sign-rank is in the interval; both ends are proven"


class SignRankTermination(Message):
    """Why the search ended."""

    closed = "nothing is left to decide"
    effort = "the usual effort was spent; give a time_limit to go on until then"
    time_limit = "the time limit was reached; raise time_limit to go on"
    interrupted = "interrupted by the user"


class LowerProof(Protocol):
    """What every proof of a lower bound can do."""

    @property
    def bound(self) -> int:
        """What is proven: the sign-rank is at least this."""

    def holds(self, A: NDArray[np.int8]) -> bool:
        """Check the proof from scratch."""

    def describe(self) -> str:
        """Return a line for people."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""


@dataclass(frozen=True, slots=True)
class NoZero:
    """A matrix with an entry that is not zero does not have rank 0."""

    bound: int = 1

    def holds(self, A: NDArray[np.int8]) -> bool:
        """Check that there is an entry at all."""
        return self.bound == 1 and A.size > 0

    def describe(self) -> str:
        """Return a line for people."""
        return "no entry is zero"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"kind": "not zero", "bound": self.bound}


@dataclass(frozen=True, slots=True)
class SignRankVerification:
    """What a second look at a result found.

    Attributes
    ----------
    lower, upper
        Whether the proofs of the two ends hold.
    """

    lower: bool
    upper: bool

    @property
    def passed(self) -> bool:
        """Whether both do."""
        return self.lower and self.upper

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        told = [f"{end} bound {'proven' if holds else 'NOT PROVEN'}" for end, holds in self._ends()]
        return f"verified {'yes' if self.passed else 'NO'} ({', '.join(told)})"

    def to_dict(self) -> dict[str, bool]:
        """Return plain values for JSON."""
        return {"passed": self.passed, **dict(self._ends())}

    def _ends(self) -> list[tuple[str, bool]]:
        return [("lower", self.lower), ("upper", self.upper)]


@dataclass(frozen=True, slots=True, eq=False)
class SignRank:
    """An interval that contains the sign-rank of a matrix, with proofs.

    Attributes
    ----------
    lower, upper
        The ends of the interval.
    witness
        A matrix of fractions, of rank at most ``upper``, with the signs of the matrix.
    lower_proof, upper_proof
        The proofs; each has ``holds(A)``, ``describe()`` and ``to_dict()``. ``upper_proof`` is a
        :class:`~relucomb.sign_rank.factorisation.Factorisation` of the witness.
    status, termination
        What is known, and why the search ended; both compare equal to their names as strings.
    seconds
        Time used.
    remarks
        What was not tried, and why.
    matrix
        The sign matrix.
    """

    lower: int
    upper: int
    lower_proof: LowerProof
    upper_proof: Factorisation
    status: SignRankStatus
    termination: SignRankTermination
    seconds: float
    remarks: tuple[str, ...]
    matrix: NDArray[np.int8] = field(repr=False)

    @property
    def witness(self) -> NDArray[np.object_]:
        """Return the matrix that proves the upper bound, as fractions."""
        return self.upper_proof.matrix()

    def verify(self) -> SignRankVerification:
        """Check both proofs from scratch, in exact arithmetic; nothing of the search is believed.

        Examples
        --------
        >>> import relucomb as rc
        >>> print(rc.sign_rank([[1, 1], [1, -1]]).verify())
        verified yes (lower bound proven, upper bound proven)
        """
        lower = self.lower_proof.bound == self.lower and self.lower_proof.holds(self.matrix)
        upper = self.upper_proof.rank == self.upper and self.upper_proof.holds(self.matrix)
        return SignRankVerification(lower, upper)

    def summary(self) -> str:
        """Return what is known, and why, in a few lines."""
        known = f"sign-rank {self.lower}" if self.lower == self.upper else f"sign-rank {self.lower} to {self.upper}"
        lines = [
            f"{known} ({self.status.value})",
            f"at least {self.lower}: {self.lower_proof.describe()}",
            f"at most {self.upper}: {self.upper_proof.describe()}",
        ]
        if self.termination is not SignRankTermination.closed:
            lines.append(f"ended: {self.termination.value}")
        return "\n".join([*lines, *(f"remark: {remark}" for remark in self.remarks)])

    def __str__(self) -> str:
        return self.summary()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, the proofs included."""
        return {
            "status": self.status.name,
            "termination": self.termination.name,
            "lower": self.lower,
            "upper": self.upper,
            "rows": int(self.matrix.shape[0]),
            "columns": int(self.matrix.shape[1]),
            "seconds": self.seconds,
            "remarks": list(self.remarks),
            "lower_proof": self.lower_proof.to_dict(),
            "upper_proof": self.upper_proof.to_dict(),
        }
