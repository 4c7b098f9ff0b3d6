"""Tests of counting, listing and relating the pieces of networks."""

from __future__ import annotations

import itertools
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc
from relucomb.pieces.kinds import KINDS

# max(0, max(0, x) − y) − max(0, x) = max(−y, min(0, −x))
EXAMPLE = rc.ReLUNetwork([[[1, 0], [0, 1], [0, -1]], [[1, 0, 0], [1, -1, 1]], [[-1, 1]]], [[0, 0, 0], [0, 0], [0]])


def random_network(seed: int, widths: tuple[int, ...] = (2, 4, 3, 1)) -> rc.ReLUNetwork:
    """Return a network of small integers."""
    rng = np.random.default_rng(seed)
    weights = [rng.integers(-2, 3, (b, a)) for a, b in itertools.pairwise(widths)]
    return rc.ReLUNetwork(weights, [rng.integers(-2, 3, len(W)) for W in weights])


def counts(net: rc.ReLUNetwork, domain: object = None) -> list[int]:
    """Return all five counts."""
    return [rc.count_pieces(net, kind, domain) for kind in KINDS]  # type: ignore[arg-type]


def test_the_example_of_the_five_meanings() -> None:
    """The function that tells the meanings apart."""
    assert counts(EXAMPLE) == [7, 5, 3, 3, 3]


def test_closed_pieces_may_touch_in_a_point() -> None:
    """``min(x⁺, y⁺) + min(x⁻, y⁻)`` is zero on two opposite quadrants: glued only where they touch."""
    net = rc.ReLUNetwork(
        [
            [[1, 0], [0, 1], [-1, 0], [0, -1]],
            [[1, 0, 0, 0], [1, -1, 0, 0], [0, 0, 1, 0], [0, 0, 1, -1]],
            [[1, -1, 1, -1]],
        ],
        [[0, 0, 0, 0], [0, 0, 0, 0], [0]],
    )  # min(a, b) = max(0, a) − max(0, a − b)
    open_count, closed, maps = (rc.count_pieces(net, kind) for kind in ("affine", "affine-closed", "maps"))
    assert (open_count, closed, maps) == (6, 5, 5)


def test_more_inputs_than_matter() -> None:
    """A network that depends on two of five inputs has the pieces of two, with lines."""
    flat = random_network(3, (2, 4, 3, 1))
    directions = np.array([[1, 0, 2, 0, -1], [0, 1, 1, 0, 3]])
    deep = rc.ReLUNetwork([flat.weights[0] @ directions, *flat.weights[1:]], list(flat.biases))
    assert counts(deep) == counts(flat)
    assert all(len(cell.lines) == 3 for piece in rc.pieces(deep) for cell in piece.cells)


def test_networks_without_hidden_layers_and_dead_ones() -> None:
    """An affine map is one piece; so is a network whose units never fire."""
    assert counts(rc.ReLUNetwork([[[1, 2]]], [[3]])) == [1] * 5
    assert counts(rc.ReLUNetwork([[[0, 0]], [[5]]], [[-1], [2]])) == [1] * 5
    assert counts(rc.ReLUNetwork([[[0.0]], [[0.0]]], [[0.0], [0.0]]), [(0, 1)]) == [1] * 5


@given(st.integers(0, 10**6))
def test_counts_fall_and_are_invariant(seed: int) -> None:
    """R1 ≥ R2 ≥ R4 ≥ R5 ≥ R6; permuting, scaling and duplicating units changes none but the first."""
    net = random_network(seed)
    found = counts(net)
    assert found == sorted(found, reverse=True)
    rng = np.random.default_rng(seed)
    order = rng.permutation(4)
    W, b = net.weights, net.biases
    other = rc.ReLUNetwork([3 * W[0][order], W[1][:, order] / 3, W[2]], [3 * b[0][order], b[1], b[2]])
    assert counts(other) == found
    doubled = rc.ReLUNetwork(
        [np.vstack([W[0], W[0][:1]]), np.hstack([W[1], 0 * W[1][:, :1]]), W[2]], [[*b[0], b[0][0]], b[1], b[2]]
    )
    assert counts(doubled) == found
    mirrored = rc.ReLUNetwork([-W[0], *W[1:]], list(b))
    assert counts(mirrored) == found


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_pieces_are_as_many_as_counted_and_right(seed: int) -> None:
    """Each piece has the affine map of the network and contains its interior point; points inside belong to one."""
    net = random_network(seed)
    box = [(Fraction(-1, 2), 2), (-1, 1)]
    for kind, domain in itertools.product(KINDS, (None, box)):
        found = list(rc.pieces(net, kind, domain))
        assert len(found) == rc.count_pieces(net, kind, domain)
        for piece in found:
            for cell in piece.cells:
                x = np.array(cell.interior_point, dtype=object)
                assert net.evaluate_exact([x])[0] == (cell.matrix @ x + cell.vector)[0]
                assert (cell.matrix == piece.matrix).all()
                assert (cell.vector == piece.vector).all()
                A, b = cell.inequalities
                assert all(left < right for left, right in zip(A @ x, b, strict=True))
                assert cell.dimension == 2 - len(cell.equations[0])
                assert kind == "patterns" or cell.dimension == 2


def test_every_point_lies_in_a_piece() -> None:
    """Random points satisfy the inequalities of one cell at least, and of more only on boundaries."""
    net = random_network(11)
    cells = [cell for piece in rc.pieces(net, "activation") for cell in piece.cells]
    rng = np.random.default_rng(0)
    for _ in range(100):
        x = np.array([Fraction(int(entry), 1000) for entry in rng.integers(-3000, 3000, 2)], dtype=object)
        slack = [
            [right - left for left, right in zip(A @ x, b, strict=True)] for A, b in (c.inequalities for c in cells)
        ]
        inside = [k for k, gaps in enumerate(slack) if all(gap > 0 for gap in gaps)]
        touching = [k for k, gaps in enumerate(slack) if all(gap >= 0 for gap in gaps)]
        assert len(inside) == 1 or (not inside and len(touching) >= 2)


def test_graphs_of_pieces() -> None:
    """Neighbours of an arrangement: the graph of a grid; of the example: a triangle."""
    grid = rc.ReLUNetwork([[[1, 0], [1, 0], [0, 1], [0, 1]], [[1, 2, 4, 8]]], [[0, -1, 0, -1], [0]])
    assert nx.is_isomorphic(rc.piece_graph(grid), nx.grid_2d_graph(3, 3))
    triangle = rc.piece_graph(EXAMPLE)
    assert nx.is_isomorphic(triangle, nx.complete_graph(3))
    assert all(isinstance(piece, rc.Piece) for _, piece in triangle.nodes(data="piece"))
    assert rc.piece_graph(EXAMPLE, "activation").number_of_edges() == 5
    assert nx.is_connected(rc.piece_graph(random_network(4), "maps", [(-1, 1), (-1, 1)]))
    with pytest.raises(ValueError, match="'patterns'"):
        rc.piece_graph(EXAMPLE, "patterns")


def test_several_outputs_break_where_one_of_them_does() -> None:
    """A network with two outputs has the common refinement of their pieces."""
    both = rc.ReLUNetwork([[[1, 0], [0, 1]], [[1, 0], [0, 1]]], [[0, 0], [0, 0]])
    assert counts(both) == [4] * 5


def test_bad_arguments() -> None:
    """Wrong kinds, networks and domains are told apart by their names."""
    with pytest.raises(ValueError, match="kind must be one of"):
        rc.count_pieces(EXAMPLE, "linear")
    with pytest.raises(TypeError, match="net must be a ReLUNetwork"):
        rc.count_pieces([[1]])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="flat in coordinate 1"):
        rc.count_pieces(EXAMPLE, domain=[(0, 1), (2, 2)])
    with pytest.raises(ValueError, match="kind must be one of"):
        rc.pieces(EXAMPLE, "linear")


def test_absurd_sizes_are_refused_at_once() -> None:
    """More pieces than numbers, or than can be held: said before any work, with the number that is certain."""
    wide = rc.ReLUNetwork([np.eye(30, dtype=int), [[1] * 30]], [[0] * 30, [0]])
    with pytest.raises(ValueError, match=r"2\*\*30 activation regions"):
        rc.count_pieces(wide)
    wider = rc.ReLUNetwork([np.eye(80, dtype=int), [[1] * 80]], [[0] * 80, [0]])
    with pytest.raises(ValueError, match="rank 80"):
        rc.count_pieces(wider, "activation")
