"""The meanings of "linear piece" of a ReLU network: each count names its own.

The papers mean at least six inequivalent things by it; R1 to R6 are the names in M. Stargalla, C. Hertrich and
D. Reichman, "The computational complexity of counting linear regions in ReLU neural networks", 2025. (R3, cells of the
smallest compatible polyhedral complex, is not among those counted here.)
"""

from __future__ import annotations

KINDS = {
    "patterns": "activation patterns that occur, regions without interior included (R1)",
    "activation": "activation regions with interior (R2)",
    "affine": "maximal open connected sets on which the function is affine (R4)",
    "affine-closed": "the same with closed sets: pieces that touch anywhere are one (R5)",
    "maps": "different affine maps of regions with interior (R6)",
}
"""What each kind counts, from the greatest count to the least."""


def check_kind(kind: object, name: str = "kind") -> str:
    """Return a kind that is one.

    Raises
    ------
    ValueError
        It is none.

    Examples
    --------
    >>> check_kind("regions")
    Traceback (most recent call last):
        ...
    ValueError: kind must be one of 'patterns', 'activation', 'affine', 'affine-closed', 'maps'; got 'regions'
    """
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, KINDS))}; got {kind!r}")
    return kind
