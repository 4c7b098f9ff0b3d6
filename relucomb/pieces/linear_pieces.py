"""The linear pieces of a ReLU network: counted exactly, listed one by one, or as a graph of neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from relucomb.pieces.cells import Cell, cells_of
from relucomb.pieces.kinds import check_kind
from relucomb.pieces.network_complex import NetworkComplex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    import networkx
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from relucomb.networks import ReLUNetwork
    from relucomb_solvers.polyhedral_complex import PolyhedralComplex

CELLS_AT_A_TIME = 1 << 11


@dataclass(frozen=True, eq=False)
class Piece:
    """A linear piece: one or more activation regions on which the network is the same affine map.

    Attributes
    ----------
    kind
        What is meant by a piece; see :func:`count_pieces`.
    cells
        The activation regions that it consists of, as closed polyhedra. For the kinds ``"patterns"`` and
        ``"activation"`` there is one.
    """

    kind: str
    cells: tuple[Cell, ...]

    @property
    def matrix(self) -> NDArray[np.object_]:
        """``(outputs, n)`` fractions: the network is ``matrix @ x + vector`` on the piece."""
        return self.cells[0].matrix

    @property
    def vector(self) -> NDArray[np.object_]:
        """``(outputs,)`` fractions."""
        return self.cells[0].vector

    @cached_property
    def interior_point(self) -> tuple[Fraction, ...]:
        """A point in the interior (relative to its own dimension) of the first cell."""
        return self.cells[0].interior_point

    @property
    def pattern(self) -> tuple[tuple[bool, ...], ...]:
        """The activation pattern of the first cell: for each hidden layer, which units are positive."""
        return self.cells[0].pattern

    def __repr__(self) -> str:
        many = f"{len(self.cells)} cells, " if len(self.cells) > 1 else ""
        place = ", ".join(map(str, self.interior_point))
        return f"<Piece ({self.kind}): {many}around ({place})>"


def count_pieces(net: ReLUNetwork, kind: str = "affine", domain: ArrayLike | None = None) -> int:
    """Count the linear pieces of a network exactly.

    Parameters
    ----------
    net
        A network of any depth; a float among its entries is the rational number it is.
    kind
        What is counted:

        - ``"patterns"``: activation patterns that occur, one bit ``z > 0`` for each hidden unit, including those that
          occur only on sets without interior (R1 of [1]_);
        - ``"activation"``: activation regions with interior (R2), what most tools count;
        - ``"affine"``: maximal open connected sets on which the function is affine (R4);
        - ``"affine-closed"``: the same with closed sets, so that sets which touch anywhere are one (R5);
        - ``"maps"``: different affine maps of regions with interior (R6).
    domain
        None for all of R^n, or a closed box: one pair ``(low, high)`` for each input.

    Returns
    -------
    int
        The number. Nothing is rounded, and hyperplanes may be in any position: parallel, coincident, with units that
        never or always fire.

    Raises
    ------
    ValueError
        ``kind`` is unknown, or the domain is no box, empty or flat.
    TypeError
        ``net`` is no :class:`ReLUNetwork`.

    See Also
    --------
    piece_census : all five counts at once, with a time limit and a lower bound on interruption.
    pieces : the pieces themselves.

    Notes
    -----
    The complex of cells is cut by one unit after another. Kinds ``"patterns"``, ``"activation"`` and ``"maps"`` are
    counted part by part, without storing the cells; for the others the cells of the whole complex are held as lists
    of integers.

    References
    ----------
    .. [1] M. Stargalla, C. Hertrich and D. Reichman, The computational complexity of counting linear regions in ReLU
       neural networks, 2025.

    Examples
    --------
    The function ``max(-y, min(0, -x))`` as ``max(0, max(0, x) - y) - max(0, x)``:

    >>> from relucomb import ReLUNetwork
    >>> net = ReLUNetwork([[[1, 0], [0, 1], [0, -1]], [[1, 0, 0], [1, -1, 1]], [[-1, 1]]], [[0, 0, 0], [0, 0], [0]])
    >>> [count_pieces(net, kind) for kind in ("patterns", "activation", "affine", "affine-closed", "maps")]
    [7, 5, 3, 3, 3]
    >>> count_pieces(net, domain=[(1, 2), (-2, -1)])
    1
    """
    from relucomb.pieces.census import piece_census

    return piece_census(net, [check_kind(kind)], domain, interruptible=False).counts[kind]


def pieces(net: ReLUNetwork, kind: str = "affine", domain: ArrayLike | None = None) -> Iterator[Piece]:
    """Iterate over the linear pieces of a network.

    Parameters and errors are those of :func:`count_pieces`, which tells how many there are.

    Yields
    ------
    Piece
        With its polyhedra, affine map, patterns and an interior point, all exact.

    Examples
    --------
    >>> from relucomb import ReLUNetwork
    >>> absolute = ReLUNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    >>> sorted((piece.matrix.item(), piece.cells[0].rays[0]) for piece in pieces(absolute))
    [(Fraction(-1, 1), (Fraction(-1, 1),)), (Fraction(1, 1), (Fraction(1, 1),))]
    """
    complex_of_net = NetworkComplex.of(net, domain)
    if check_kind(kind) in ("patterns", "activation"):
        return _one_by_one(complex_of_net, kind)
    return iter(_glued(complex_of_net, kind)[0])


def piece_graph(net: ReLUNetwork, kind: str = "affine", domain: ArrayLike | None = None) -> networkx.Graph:
    """Return the graph of the pieces that are neighbours across a facet.

    Parameters and errors are those of :func:`count_pieces`; the kind ``"patterns"``, whose regions need not have
    facets, is refused.

    Returns
    -------
    networkx.Graph
        Nodes ``0 .. p − 1`` with the attribute ``piece``; an edge for two pieces with a common facet, with the number
        of such facets as attribute ``facets``.

    Examples
    --------
    >>> from relucomb import ReLUNetwork
    >>> corner = ReLUNetwork([[[1, 0], [0, 1]], [[1, 1]]], [[0, 0], [0]])
    >>> sorted(dict(piece_graph(corner).degree).values())
    [2, 2, 2, 2]
    """
    import networkx
    import numpy as np

    from relucomb_solvers.gluing import facet_numbers

    if check_kind(kind) == "patterns":
        raise ValueError("kind must not be 'patterns' for a graph: regions without interior have no facets in common")
    found, owners, part = _glued(NetworkComplex.of(net, domain), kind)
    graph = networkx.Graph()
    graph.add_nodes_from((k, {"piece": piece}) for k, piece in enumerate(found))
    cells, facets = facet_numbers(part, np.arange(len(part)))
    order = np.argsort(facets, kind="stable")
    twins = np.flatnonzero(facets[order][1:] == facets[order][:-1])
    ends = owners[cells[order[np.column_stack([twins, twins + 1])]]]
    for first, second in ends.tolist():
        if first != second:
            shared = graph.edges[first, second]["facets"] + 1 if graph.has_edge(first, second) else 1
            graph.add_edge(first, second, facets=shared)
    return graph


def _one_by_one(source: NetworkComplex, kind: str) -> Iterator[Piece]:
    for part in source.parts(faces=kind == "patterns", most_cells=CELLS_AT_A_TIME):
        for cell in cells_of(source, part):
            yield Piece(kind, (cell,))


def _glued(source: NetworkComplex, kind: str) -> tuple[list[Piece], NDArray[np.int64], PolyhedralComplex]:
    import numpy as np

    from relucomb_solvers.affine_maps import number_maps
    from relucomb_solvers.gluing import glued_at_facets, glued_at_points

    [part] = source.parts()
    if kind == "activation":
        labels = np.arange(len(part))
    else:
        maps, _ = number_maps(source.homogeneous, part.bits)
        glue = {"affine": glued_at_facets, "affine-closed": glued_at_points}
        labels = glue[kind](part, maps)[1] if kind in glue else maps
    members: dict[int, list[Cell]] = {}
    for label, cell in zip(labels.tolist(), cells_of(source, part), strict=True):
        members.setdefault(label, []).append(cell)
    numbers = {label: k for k, label in enumerate(members)}
    owners = np.array([numbers[label] for label in labels.tolist()])
    return [Piece(kind, tuple(cells)) for cells in members.values()], owners, part
