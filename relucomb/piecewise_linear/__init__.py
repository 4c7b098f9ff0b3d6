"""Continuous piecewise-linear functions from R to R, exact."""

from __future__ import annotations

from relucomb.piecewise_linear.activation import activation_breakpoints
from relucomb.piecewise_linear.function import LinearPiece, PiecewiseLinear, Preimage

__all__ = ["LinearPiece", "PiecewiseLinear", "Preimage", "activation_breakpoints"]
