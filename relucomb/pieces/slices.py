"""Networks restricted to a line, a plane or another flat: the way to look at pieces of networks with many inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relucomb.networks import ReLUNetwork
from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


def slice_network(net: ReLUNetwork, origin: ArrayLike, directions: ArrayLike) -> ReLUNetwork:
    """Return the network ``s -> net(origin + s_1 directions[0] + ... + s_k directions[k − 1])``, exactly.

    Parameters
    ----------
    net
        A network with ``n`` inputs.
    origin
        A point, ``(n,)``.
    directions
        ``(k, n)``: the inputs of the new network run along these.

    Raises
    ------
    ValueError
        A shape does not fit, an entry is not finite, or the directions are dependent.
    TypeError
        ``net`` is no network, or an entry is not a number.

    Examples
    --------
    >>> net = ReLUNetwork([[[1, 1, 1]], [[1]]], [[0], [0]])
    >>> slice_network(net, [1, 0, 0], [[0, 1, 0], [0, 0, 2]]).weights[0]
    array([[Fraction(1, 1), Fraction(2, 1)]], dtype=object)
    """
    if not isinstance(net, ReLUNetwork):
        raise TypeError(f"net must be a ReLUNetwork; got {type(net).__name__}")
    n = net.widths[0]
    start, rows = as_fractions(origin, "origin", ndim=1), as_fractions(directions, "directions", ndim=2)
    if start.shape != (n,):
        raise ValueError(f"origin must have {n} entries, one for each input; got {len(start)}")
    if len(rows) == 0 or rows.shape[1] != n:
        raise ValueError(f"directions must have shape (k, {n}) with k at least 1; got {rows.shape}")
    _check_independent(rows)
    exact = net.exact()
    W, b = exact.weights[0], exact.biases[0]
    return ReLUNetwork([W @ rows.T, *exact.weights[1:]], [W @ start + b, *exact.biases[1:]])


def _check_independent(rows: NDArray[np.object_]) -> None:
    from relucomb_solvers.starting_cells import rational_matrix

    rank = int(rational_matrix(rows).rank())
    if rank < len(rows):
        raise ValueError(f"directions must be independent; the {len(rows)} given span only {rank} dimensions")
