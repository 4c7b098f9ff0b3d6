"""Boolean functions and circuits, with proofs."""

from __future__ import annotations

from relucomb.boolean.extremal_points import test_by_extremal_points
from relucomb.boolean.function import BooleanFunction
from relucomb.boolean.named import NAMES, andreev_shape, chattopadhyay_mande_size, named_function
from relucomb.boolean.npn import Canonical, NPNClass, Transformation, npn_canonical, npn_classes, npn_labels
from relucomb.boolean.properties import Direction, directions, is_monotone, is_symmetric, is_unate, values_by_weight
from relucomb.boolean.spectra import SpectrumSummary, summarize_spectrum
from relucomb.boolean.threshold import ThresholdTest, test_threshold, threshold_functions

__all__ = [
    "NAMES",
    "BooleanFunction",
    "Canonical",
    "Direction",
    "NPNClass",
    "SpectrumSummary",
    "ThresholdTest",
    "Transformation",
    "andreev_shape",
    "chattopadhyay_mande_size",
    "directions",
    "is_monotone",
    "is_symmetric",
    "is_unate",
    "named_function",
    "npn_canonical",
    "npn_classes",
    "npn_labels",
    "summarize_spectrum",
    "test_by_extremal_points",
    "test_threshold",
    "threshold_functions",
    "values_by_weight",
]
