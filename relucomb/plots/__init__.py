"""Pictures of results, one function per file; matplotlib is imported only when one is drawn."""

from __future__ import annotations

from relucomb.plots.fit import plot_fit, render_fit

__all__ = ["plot_fit", "render_fit"]
