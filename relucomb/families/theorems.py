"""The theorems on depth and size as numbers: as printed, corrected, and the most that the package can prove.

Each function checks the theorem's hypotheses and raises ``ValueError`` where they fail.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from operator import index
from typing import TYPE_CHECKING, Any

from relucomb.families.sawtooth import Sawtooth, rational
from relucomb.rationals import as_integer_rows
from relucomb.size_bounds import SizeBound, ceiling_of_root, size_lower_bounds

if TYPE_CHECKING:
    from relucomb.families.zonotope_function import ZonotopeFunction


def theorem_2_3_1(k: int, w: int, hidden_layers: int) -> dict[str, SizeBound]:
    """Bound the size of a network with ``k' ≤ k`` hidden layers for H, which k layers of width w compute.

    Parameters
    ----------
    k, w
        Number and width of the hidden layers of H.
    hidden_layers
        The number ``k'``.

    Returns
    -------
    dict
        ``"theorem"``, ``k' w^(k/k') / 2 - 1``, from the ``w^k`` pieces on [0, M]; and the bounds of
        :func:`relucomb.size_lower_bounds` for the pieces on all of R, of which there are one or two more.

    Examples
    --------
    >>> {name: bound.value for name, bound in theorem_2_3_1(4, 3, 2).items()}
    {'theorem': 8, 'published': 9, 'sharpened': 17, 'product': 17, 'serra': 17}
    """
    k, w, shallow = _checked(k, w, hidden_layers)
    value = max(0, ceiling_of_root(Fraction(shallow, 2), w**k, shallow, -1))
    arguments = {"k": k, "w": w, "shallow": shallow}
    pieces = Sawtooth.equal_steps(w, 1).count_pieces() if k == 1 else w**k + 1 + (w % 2 == 0)
    theorem = SizeBound("theorem", value, "Theorem 2.3.1", True, "Theorem 2.3.1", arguments)
    return {"theorem": theorem, **size_lower_bounds(pieces, shallow)}


def corollary_2_3_3(k: int, epsilon: float | Fraction, *, published: bool = False) -> SizeBound:
    """Bound the size at depth k + 1 of a function that depth ``k^(1+ε) + 1`` and size ``k^(2+ε)`` compute.

    Parameters
    ----------
    k
        At least 2.
    epsilon
        Positive and rational, such that ``k^(1+ε)``, the number of layers, is an integer; ``k^ε`` is then rational.
    published
        Give the printed ``k·k^ε/2 - 1``, which is what the layers of the deep network alone would make, in place of
        ``k·k^(k^ε)/2 - 1``, which Theorem 2.3.1 says.

    Examples
    --------
    >>> corollary_2_3_3(3, 1).value, corollary_2_3_3(3, 1, published=True).value
    (40, 4)
    """
    k, power = _corollary(k, epsilon)
    arguments = {"k": k, "epsilon": epsilon}
    if published:
        value = _ceiling(Fraction(k, 2) * power - 1)
        return SizeBound("printed", value, "Corollary 2.3.3", False, "Corollary 2.3.3, printed", arguments)
    # k^(k^epsilon) with k^epsilon = a/b is the b-th root of k^a
    value = ceiling_of_root(Fraction(k, 2), k**power.numerator, power.denominator, -1)
    return SizeBound("corrected", value, "Corollary 2.3.3, corrected", True, "Corollary 2.3.3", arguments)


def corollary_2_3_3_dimension(k: int, epsilon: float | Fraction, *, published: bool = False) -> int:
    """Return the number of parameters of the family of Corollary 2.3.3, M among them.

    The family is the one of Theorem 2.3.1 with ``k^(1+ε)`` layers of width k: that many simplices of dimension k - 1,
    not one simplex of dimension ``k^(2+ε) - 1`` as printed.

    Examples
    --------
    >>> corollary_2_3_3_dimension(2, 1), corollary_2_3_3_dimension(2, 1, published=True)
    (5, 8)
    """
    k, power = _corollary(k, epsilon)
    layers = int(k * power)
    return layers * k if published else layers * (k - 1) + 1


def corollary_2_3_4(k: int) -> SizeBound:
    """Bound the size at depth k + 1 of a function that depth ``k² + 1`` and size ``k³`` compute: ``k^(k+1)/2 - 1``.

    Examples
    --------
    >>> [corollary_2_3_4(k).value for k in (2, 3, 4, 5)]
    [3, 40, 511, 7812]
    """
    k, _ = _corollary(k, 1)
    value = _ceiling(Fraction(k ** (k + 1), 2) - 1)
    return SizeBound("corollary", value, "Corollary 2.3.4", True, "Corollary 2.3.4", {"k": k})


def theorem_2_3_6_distance(p: int, q: int, *, published: bool = True) -> Fraction:
    """Return the lower bound on the L1 distance on [0, 1] of p pieces from the equal sawtooth of q pieces.

    Parameters
    ----------
    p
        Number of pieces of the continuous approximation.
    q
        Number of pieces of the sawtooth.
    published
        The printed ``1/4 - (2p-1)/(4q)``; otherwise the step before it, ``(⌊q/2⌋ - (p-1))/(2q)``, which is greater by
        ``1/(4q)`` if q is even. Neither is below 0 here.

    Examples
    --------
    >>> print(theorem_2_3_6_distance(2, 8), theorem_2_3_6_distance(2, 8, published=False))
    5/32 3/16
    """
    p, q = index(p), index(q)
    if p < 1 or q < 1:
        raise ValueError(f"p and q must be at least 1; got p = {p} and q = {q}")
    bound = Fraction(1, 4) - Fraction(2 * p - 1, 4 * q) if published else Fraction(q // 2 - (p - 1), 2 * q)
    return max(Fraction(0), bound)


def theorem_2_3_6_size(k: int, w: int, hidden_layers: int, delta: float | Fraction) -> dict[str, SizeBound]:
    """Bound the size of networks with at most ``k'`` hidden layers within δ of the equal sawtooth of ``w^k`` pieces.

    Parameters
    ----------
    k, w
        Number and width of the hidden layers of the sawtooth.
    hidden_layers
        The number ``k' ≤ k``.
    delta
        The L1 distance on [0, 1], positive and less than 1/4: constants reach 1/4.

    Returns
    -------
    dict
        ``"theorem"``: more than ``k' w^(k/k') (1-4δ)^(1/k') / 2^(1+1/k')`` units. ``"serra"``: the least size that
        allows as many pieces as the sharper form of :func:`theorem_2_3_6_distance` demands.

    Notes
    -----
    The theorem's proof bounds the pieces by ``(2s/k')^k'``, which is true for s ≥ k' only: for fewer units there are
    counterexamples. There ``"theorem"`` is marked as not proven, unless ``"serra"`` proves it.

    Examples
    --------
    >>> {name: bound.value for name, bound in theorem_2_3_6_size(4, 3, 2, Fraction(1, 16)).items()}
    {'theorem': 6, 'serra': 10}
    """
    k, w, shallow = _checked(k, w, hidden_layers)
    exact = rational(delta, "delta")
    if not 0 < exact < Fraction(1, 4):
        raise ValueError(f"delta must be more than 0 and less than 1/4; got {delta}")
    q = w**k
    power = Fraction(shallow, 2) ** shallow * q * (1 - 4 * exact) / 2
    least = ceiling_of_root(1, power, shallow, 0)
    value = least + (least**shallow == power)  # strictly more
    arguments = {"k": k, "w": w, "shallow": shallow, "delta": exact}
    pieces = max(1, _ceiling(q // 2 + 1 - 2 * q * exact))
    sharper = min(size_lower_bounds(pieces, layers)["serra"].value for layers in range(1, shallow + 1))
    return {
        "theorem": SizeBound("theorem", value, "Theorem 2.3.6", value <= sharper, "Theorem 2.3.6, size", arguments),
        "serra": SizeBound("serra", sharper, "proof of Theorem 2.3.6; integer programme"),
    }


def theorem_2_3_10(f: ZonotopeFunction, hidden_layers: int) -> dict[str, SizeBound]:
    """Bound the size of a network with ``k' ≤ k`` hidden layers for a function of the zonotope family.

    Parameters
    ----------
    f
        The function; its sawtooth has k layers of one width w.
    hidden_layers
        The number ``k'``.

    Returns
    -------
    dict
        ``"printed first"`` and ``"printed second"``, the two numbers of the theorem, marked as not proven: the count of
        pieces in ``R^n`` gives ``w^(k/(n k'))`` in place of ``w^(k/k')``. ``"line"``: the pieces along a line that
        passes close to the origin, ``2 w^k + d - 1`` for d generators no two of which are parallel (two more if f is 0
        outside), need so many units. ``"space"``: the pieces in ``R^n`` do.

    Raises
    ------
    ValueError
        The layers of the sawtooth have different widths, or ``k'`` is not between 1 and k.

    Examples
    --------
    >>> from relucomb.families import ZonotopeFunction
    >>> f = ZonotopeFunction([[0.5]] * 4, [[1, 0], [1, 1], [0, 1]])
    >>> {name: bound.value for name, bound in theorem_2_3_10(f, 2).items()}
    {'printed first': 4, 'printed second': 6, 'line': 10, 'space': 8}
    """
    k, n, m = len(f.sawtooth.a), f.inputs, len(f.generators)
    if len(set(f.sawtooth.widths)) > 1:
        raise ValueError(f"f must have a sawtooth of one width; got {f.sawtooth.widths}")
    k, w, shallow = _checked(k, f.sawtooth.widths[0], hidden_layers)
    arguments = {"k": k, "w": w, "n": n, "m": m, "shallow": shallow}
    # (m-1)^((1-1/n)/k') is the (n k')-th root of (m-1)^(n-1)
    radicand = w ** (k * n) * (m - 1) ** (n - 1)
    first = max(0, ceiling_of_root(Fraction(shallow, 2), radicand, n * shallow, -1))
    second = ceiling_of_root(shallow, Fraction(w**k, n), shallow, 0)
    inside = prod(f.sawtooth.widths)
    line = 2 * inside + _directions(f) - 1 + 2 * f.sawtooth.is_flat_on_the_right
    space = size_lower_bounds(f.count_pieces(), shallow, n)["serra"].value
    source = "Theorem 2.3.10 (ii)"
    bounds = [
        SizeBound("printed first", first, source, False, "Theorem 2.3.10, printed first", arguments),
        SizeBound("printed second", second, source, False, "Theorem 2.3.10, printed second", arguments),
        SizeBound(
            "line", size_lower_bounds(line, shallow)["serra"].value, f"{line} pieces on a line; integer programme"
        ),
        SizeBound("space", space, f"{f.count_pieces()} pieces; integer programme"),
    ]
    return {bound.name: bound for bound in bounds}


def _directions(f: ZonotopeFunction) -> int:
    """Count the generators up to parallel ones; zeros do not count."""
    generators: Any = [list(row) for row in f.generators if any(row)]
    rows = as_integer_rows(generators)
    return len({max(tuple(row), tuple(-row)) for row in rows})


def _checked(k: int, w: int, hidden_layers: int) -> tuple[int, int, int]:
    k, w, shallow = index(k), index(w), index(hidden_layers)
    if k < 1 or w < 2:
        raise ValueError(f"k must be at least 1 and w at least 2; got k = {k} and w = {w}")
    if not 1 <= shallow <= k:
        raise ValueError(f"hidden_layers must be from 1 to k = {k}; got {shallow}")
    return k, w, shallow


def _corollary(k: int, epsilon: float | Fraction) -> tuple[int, Fraction]:
    """Return k and ``k^ε``, a multiple of 1/k."""
    k = index(k)
    exact = rational(epsilon, "epsilon")
    if k < 2 or exact <= 0:
        raise ValueError(f"k must be at least 2 and epsilon positive; got k = {k} and epsilon = {epsilon}")
    layers = ceiling_of_root(1, k ** (exact.numerator + exact.denominator), exact.denominator, 0)
    if layers**exact.denominator != k ** (exact.numerator + exact.denominator):
        raise ValueError(f"k^(1 + epsilon) must be an integer, the number of layers; got {k}^(1 + {exact})")
    return k, Fraction(layers, k)


def _ceiling(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
