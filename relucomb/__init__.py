"""relucomb: exact and combinatorial solvers for small ReLU networks.

Every answer says how far it is proven. The public names below are imported when they are first used, because the
solvers behind them (numba, cvxpy, scipy) take seconds to import and a session seldom needs all of them.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relucomb import datasets, families, tables, training
    from relucomb.datasets import dataset
    from relucomb.dichotomies import count_dichotomies, dichotomies
    from relucomb.erm import erm
    from relucomb.erm_result import ERMResult
    from relucomb.estimators import ExactReLUClassifier, ExactReLURegressor
    from relucomb.exceptions import RelucombError
    from relucomb.instances import noise, teacher
    from relucomb.network_files import read_network
    from relucomb.networks import ReLUNetwork, maximum
    from relucomb.pieces.bounds import piece_upper_bounds
    from relucomb.pieces.cells import Cell
    from relucomb.pieces.census import PieceCensus, piece_census
    from relucomb.pieces.linear_pieces import Piece, count_pieces, piece_graph, pieces
    from relucomb.pieces.slices import slice_network
    from relucomb.piecewise_fit import fit_piecewise_linear
    from relucomb.piecewise_linear.activation import activation_breakpoints
    from relucomb.piecewise_linear.function import PiecewiseLinear
    from relucomb.racing.comparison import compare
    from relucomb.racing.race_result import Comparison
    from relucomb.representation import SumOfMaxima
    from relucomb.sign_rank import SignRank, sign_rank
    from relucomb.sign_rank.matrices import sign_matrix
    from relucomb.size_bounds import size_lower_bounds
    from relucomb.two_layer import is_two_layer
    from relucomb.zonotopes.zonotope import Zonotope

__version__ = "0.1.0"

__all__ = [
    "Cell",
    "Comparison",
    "ERMResult",
    "ExactReLUClassifier",
    "ExactReLURegressor",
    "Piece",
    "PieceCensus",
    "PiecewiseLinear",
    "ReLUNetwork",
    "RelucombError",
    "SignRank",
    "SumOfMaxima",
    "Zonotope",
    "__version__",
    "activation_breakpoints",
    "compare",
    "count_dichotomies",
    "count_pieces",
    "dataset",
    "datasets",
    "dichotomies",
    "erm",
    "families",
    "fit_piecewise_linear",
    "is_two_layer",
    "maximum",
    "noise",
    "piece_census",
    "piece_graph",
    "piece_upper_bounds",
    "pieces",
    "read_network",
    "sign_matrix",
    "sign_rank",
    "size_lower_bounds",
    "slice_network",
    "tables",
    "teacher",
    "training",
]

_HOME = {
    "Cell": "pieces",
    "Comparison": "racing",
    "ERMResult": "erm_result",
    "ExactReLUClassifier": "estimators",
    "ExactReLURegressor": "estimators",
    "Piece": "pieces",
    "PieceCensus": "pieces",
    "PiecewiseLinear": "piecewise_linear",
    "ReLUNetwork": "networks",
    "RelucombError": "exceptions",
    "SignRank": "sign_rank",
    "SumOfMaxima": "representation",
    "Zonotope": "zonotopes",
    "activation_breakpoints": "piecewise_linear",
    "compare": "racing",
    "count_dichotomies": "dichotomies",
    "count_pieces": "pieces",
    "dataset": "datasets",
    "dichotomies": "dichotomies",
    "erm": "erm",
    "fit_piecewise_linear": "piecewise_fit",
    "is_two_layer": "two_layer",
    "maximum": "networks",
    "noise": "instances",
    "piece_census": "pieces",
    "piece_graph": "pieces",
    "piece_upper_bounds": "pieces",
    "pieces": "pieces",
    "read_network": "network_files",
    "sign_matrix": "sign_rank.matrices",
    "sign_rank": "sign_rank",
    "size_lower_bounds": "size_bounds",
    "slice_network": "pieces",
    "teacher": "instances",
}

_SUBPACKAGES = {"boolean", "datasets", "families", "tables", "training"}


def __getattr__(name: str) -> Any:
    if name in _SUBPACKAGES:
        return importlib.import_module(f"{__name__}.{name}")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """A package in which a public function keeps its name although a submodule has the same name.

    Importing the submodule ``relucomb.erm`` makes the import system set ``relucomb.erm`` to that module, and
    ``relucomb.erm(X, y, 2)`` would then fail or work depending on who imported what before. The submodule itself stays
    reachable by ``from relucomb.erm import ...`` and by ``sys.modules``.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType) and _HOME.get(name) == name:
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
