"""The linear pieces of networks: counted exactly in five meanings, listed, related, bounded."""

from __future__ import annotations

from relucomb.pieces.bounds import PieceBound, piece_upper_bounds
from relucomb.pieces.cells import Cell
from relucomb.pieces.census import PieceCensus, piece_census
from relucomb.pieces.linear_pieces import Piece, count_pieces, piece_graph, pieces
from relucomb.pieces.slices import slice_network

__all__ = [
    "Cell",
    "Piece",
    "PieceBound",
    "PieceCensus",
    "count_pieces",
    "piece_census",
    "piece_graph",
    "piece_upper_bounds",
    "pieces",
    "slice_network",
]
