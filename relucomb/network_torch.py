"""Networks from PyTorch state dicts: the linear layers in their order, a ReLU between each two."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.rationals import as_entries, as_floats, as_fractions

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

_WRAPPERS = ("state_dict", "model_state_dict")  # under which checkpoints of training keep it


def read_torch(path: str | os.PathLike[str]) -> ReLUNetwork:
    """Read a network from a file with the state dict of linear layers.

    Such a file is written by ``torch.save(model.state_dict(), path)``. Nothing in it is executed: it is loaded with
    ``weights_only=True``, and a module that was saved whole cannot be loaded so.

    Parameters
    ----------
    path
        The file; also a checkpoint that keeps the state dict under ``state_dict`` or ``model_state_dict``.

    Returns
    -------
    ReLUNetwork
        See :func:`network_of_state`.

    Raises
    ------
    ImportError
        The package torch is not installed (extra ``torch``).
    OSError
        The file cannot be read.
    ValueError
        It does not hold such a state dict; the message names the file and the entry.
    """
    try:
        import torch
    except ImportError:
        raise ImportError(
            "reading PyTorch files needs the package torch; install it with: pip install 'relucomb[torch]'"
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of formats, which are refused or read either way
            state = torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:  # a broken file raises whatever the reader stumbles over
        raise ValueError(f"{path} does not hold a state dict: {_refusal(str(error))}") from None
    try:
        return network_of_state(_as_arrays(state, torch))
    except ValueError as error:
        raise ValueError(f"{path} does not hold the state dict of a ReLU chain: {error}") from None


def network_of_state(state: Mapping[str, Any]) -> ReLUNetwork:
    """Make the network of the parameters of linear layers.

    A state dict says neither in which order its layers are used nor what is between them: the order is that of the
    dict, which is the one in which the module defines its layers, and between each two of them there is a ReLU.

    Parameters
    ----------
    state
        Arrays ``NAME.weight`` ``(out, in)`` and ``NAME.bias`` ``(out,)``; where a bias is missing, it is 0. One layer
        alone may be called ``weight`` and ``bias``.

    Raises
    ------
    ValueError
        There is another parameter than these, such as those of a convolution or a batch norm, the shapes do not chain,
        or an entry is not finite. The message names the parameter.

    Examples
    --------
    >>> net = network_of_state({"0.weight": [[1.0], [-1.0]], "0.bias": [0.0, 0.0], "2.weight": [[1.0, 1.0]]})
    >>> net([[-3.0], [2.0]])
    array([3., 2.])
    """
    arrays = {name: _finite(values, repr(name)) for name, values in state.items()}
    layers = [name for name in arrays if _split(name)[1] == "weight"]
    if not layers:
        raise ValueError(f"it has no parameter NAME.weight; got {_some(arrays)}")
    for name, array in arrays.items():
        place = f"parameter {name!r} of shape {array.shape}"
        module, kind = _split(name)
        legal = "legal are NAME.weight and NAME.bias of linear layers"
        if kind not in ("weight", "bias"):
            raise ValueError(f"{place} is none of a linear layer; {legal}")
        if kind == "weight" and array.ndim != 2:
            raise ValueError(f"{place} is no matrix, so not of a linear layer but of a convolution or a norm; {legal}")
        weight = _joined(module, "weight")
        if kind == "bias" and weight not in arrays:
            raise ValueError(f"{place} belongs to no weight: there is no {weight!r}")
        if kind == "bias" and array.shape != arrays[weight].shape[:1]:
            raise ValueError(f"{place} does not fit {weight!r} of shape {arrays[weight].shape}")
    for before, after in pairwise(layers):
        if arrays[after].shape[1] != arrays[before].shape[0]:
            raise ValueError(
                f"{after!r} of shape {arrays[after].shape} does not follow {before!r} of shape {arrays[before].shape}: "
                f"it takes {arrays[after].shape[1]} numbers and gets {arrays[before].shape[0]}"
            )
    weights = [arrays[name] for name in layers]
    biases = [arrays.get(_joined(_split(name)[0], "bias"), np.zeros(len(arrays[name]))) for name in layers]
    return ReLUNetwork(weights, biases)


def _refusal(told: str) -> str:
    """Say why a file could not be unpickled without running code of it."""
    module = re.search(r"GLOBAL ([\w.]+)", told)
    if module is None and "TorchScript" not in told:
        return "it is not a file of PyTorch, or it is damaged"
    found = "it is a TorchScript archive" if module is None else f"it holds the object {module[1]}"
    return (
        f"{found}, which cannot be read without running code of it; write it with torch.save(model.state_dict(), ...)"
    )


def _finite(values: Any, name: str) -> NDArray[Any]:
    """Return the numbers of a parameter, none of them rounded."""
    entries = as_entries(values, name)
    return as_fractions(entries, name) if entries.dtype.kind in "iub" else as_floats(entries, name)


def _as_arrays(state: Any, torch: Any) -> dict[str, Any]:
    """Return the tensors as arrays; float64 holds every shorter float."""
    if isinstance(state, Mapping):
        for wrapper in _WRAPPERS:
            if isinstance(state.get(wrapper), Mapping):
                state = state[wrapper]
                break
    if not isinstance(state, Mapping):
        raise ValueError(f"it is a {type(state).__name__}; legal is a dict of tensors")
    arrays = {}
    for name, tensor in state.items():
        if not isinstance(tensor, torch.Tensor):
            raise ValueError(f"entry {name!r} is a {type(tensor).__name__}; legal are tensors")
        if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_complex() or tensor.is_meta:
            raise ValueError(f"entry {name!r} is no dense tensor of real numbers")
        tensor = tensor.detach()
        arrays[str(name)] = (tensor.to(torch.float64) if tensor.is_floating_point() else tensor).numpy()
    return arrays


def _split(name: str) -> tuple[str, str]:
    module, _, kind = name.rpartition(".")
    return module, kind


def _joined(module: str, kind: str) -> str:
    return f"{module}.{kind}" if module else kind


def _some(names: Mapping[str, Any]) -> str:
    shown = ", ".join(map(repr, list(names)[:5])) or "an empty dict"
    return shown + (", ..." if len(names) > 5 else "")
