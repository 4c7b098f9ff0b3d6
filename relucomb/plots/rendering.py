"""Pictures as the bytes of a file: no window, no display, and equal pictures give equal bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def render(draw: Callable[[Any], None], image_format: str, size: tuple[float, float] = (7.5, 6.0)) -> bytes:
    """Return the bytes of a picture.

    Parameters
    ----------
    draw : callable
        Draws on the :class:`matplotlib.figure.Figure` that it is given.
    image_format : {"png", "svg", "pdf"}
        Format of the file.
    size : tuple of float
        Width and height; 400 pixels are three units long.

    Returns
    -------
    bytes
        Content of the file.

    Raises
    ------
    ValueError
        The format is none of the three.
    """
    # A figure without pyplot: no window, no display needed, nothing left behind.
    import matplotlib as mpl
    from matplotlib.figure import Figure

    undated = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    if image_format not in undated:
        raise ValueError(f"image_format must be one of {', '.join(map(repr, undated))}; got {image_format!r}")
    figure = Figure(figsize=size, dpi=400 / 3, layout="constrained")
    draw(figure)
    file = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "relucomb"}):
        figure.savefig(file, format=image_format, metadata=undated[image_format])
    return file.getvalue()
