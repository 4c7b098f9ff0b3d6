"""Boolean functions and circuits, with proofs."""

from __future__ import annotations

from relucomb.boolean import constructions
from relucomb.boolean.andreev_bound import AndreevBound, andreev_bound
from relucomb.boolean.circuits import Circuit, CircuitVerification, Gate
from relucomb.boolean.extremal_points import test_by_extremal_points
from relucomb.boolean.function import BooleanFunction
from relucomb.boolean.minimal import MinimalCircuit, minimal_circuit
from relucomb.boolean.named import NAMES, andreev_shape, chattopadhyay_mande_size, named_function
from relucomb.boolean.named_circuits import CONSTRUCTIONS, named_circuit, verify_circuit
from relucomb.boolean.npn import Canonical, NPNClass, Transformation, npn_canonical, npn_classes, npn_labels
from relucomb.boolean.properties import Direction, directions, is_monotone, is_symmetric, is_unate, values_by_weight
from relucomb.boolean.refutation import Refutation, UndecidedError, refute
from relucomb.boolean.restricted_circuits import RestrictedCircuit, restrict_circuit
from relucomb.boolean.restrictions import RandomRestriction, Restriction
from relucomb.boolean.spectra import SpectrumSummary, summarize_spectrum
from relucomb.boolean.survival import Survival, SurvivalEstimate, estimate_survival, survival_probability
from relucomb.boolean.survival_bounds import WorstSurvival, worst_survival
from relucomb.boolean.threshold import ThresholdTest, test_threshold, threshold_functions
from relucomb.boolean.weight_restricted import WeightRestriction

__all__ = [
    "CONSTRUCTIONS",
    "NAMES",
    "AndreevBound",
    "BooleanFunction",
    "Canonical",
    "Circuit",
    "CircuitVerification",
    "Direction",
    "Gate",
    "MinimalCircuit",
    "NPNClass",
    "RandomRestriction",
    "Refutation",
    "RestrictedCircuit",
    "Restriction",
    "SpectrumSummary",
    "Survival",
    "SurvivalEstimate",
    "ThresholdTest",
    "Transformation",
    "UndecidedError",
    "WeightRestriction",
    "WorstSurvival",
    "andreev_bound",
    "andreev_shape",
    "chattopadhyay_mande_size",
    "constructions",
    "directions",
    "estimate_survival",
    "is_monotone",
    "is_symmetric",
    "is_unate",
    "minimal_circuit",
    "named_circuit",
    "named_function",
    "npn_canonical",
    "npn_classes",
    "npn_labels",
    "refute",
    "restrict_circuit",
    "summarize_spectrum",
    "survival_probability",
    "test_by_extremal_points",
    "test_threshold",
    "threshold_functions",
    "values_by_weight",
    "verify_circuit",
    "worst_survival",
]
