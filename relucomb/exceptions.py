"""The one base class for failures of relucomb itself."""

from __future__ import annotations


class RelucombError(Exception):
    """A failure of ours: something that the input does not excuse.

    Wrong input raises ``ValueError`` or ``TypeError`` naming the argument, and a limit that was reached is a status of
    the result. What is left, such as a solver that breaks down or two answers that contradict each other, is raised
    as this class, so that a caller can tell the two apart.

    Examples
    --------
    >>> raise RelucombError("the two bounds contradict each other")
    Traceback (most recent call last):
        ...
    relucomb.exceptions.RelucombError: the two bounds contradict each other
    """
