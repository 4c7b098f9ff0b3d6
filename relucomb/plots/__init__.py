"""Pictures of results, one function per file; matplotlib is imported only when one is drawn."""

from __future__ import annotations

from relucomb.plots.fit import plot_fit, render_fit
from relucomb.plots.pieces import plot_pieces, render_pieces
from relucomb.plots.race import plot_race, render_race
from relucomb.plots.sawtooth import plot_overlay, render_overlay
from relucomb.plots.zonotope import plot_zonotope, render_zonotope

__all__ = [
    "plot_fit",
    "plot_overlay",
    "plot_pieces",
    "plot_race",
    "plot_zonotope",
    "render_fit",
    "render_overlay",
    "render_pieces",
    "render_race",
    "render_zonotope",
]
