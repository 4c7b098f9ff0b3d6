"""Networks from files, whoever wrote them: JSON, ONNX, or PyTorch, told apart by the ending of the name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relucomb.networks import ReLUNetwork

if TYPE_CHECKING:
    import os

FOREIGN = {".onnx": "ONNX", ".pt": "PyTorch", ".pth": "PyTorch"}


def read_network(path: str | os.PathLike[str]) -> ReLUNetwork:
    """Read a network from a file.

    Parameters
    ----------
    path
        ``.onnx``: a chain of affine nodes and Relu, see :func:`relucomb.network_onnx.read_onnx`; ``.pt`` or ``.pth``:
        the PyTorch state dict of linear layers, see :func:`relucomb.network_torch.read_torch`; everything else is
        JSON, as :meth:`~relucomb.networks.ReLUNetwork.save` writes it.

    Returns
    -------
    ReLUNetwork
        With the weights of the file, none of them rounded.

    Raises
    ------
    ImportError
        The package that reads the format is not installed; the message names the extra.
    OSError
        The file cannot be read.
    ValueError
        It holds no plain ReLU network; the message names the file and the place.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "net.json"
    >>> ReLUNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]]).save(file)
    >>> read_network(file)([[-2.0], [3.0]])
    array([2., 3.])
    """
    kind = FOREIGN.get(Path(path).suffix.lower())
    if kind == "ONNX":
        from relucomb.network_onnx import read_onnx

        return read_onnx(path)
    if kind == "PyTorch":
        from relucomb.network_torch import read_torch

        return read_torch(path)
    return ReLUNetwork.load(path)
