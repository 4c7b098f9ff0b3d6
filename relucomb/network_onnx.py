"""Networks from ONNX files: chains of Gemm, MatMul, Add and Relu, with exact weights.

The network is the mathematical function of the graph. Weights of float32 are the rationals they are; where the graph
has two affine nodes in a row, they are multiplied exactly and the network becomes one of fractions.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.rationals import as_floats, as_fractions

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    Array = NDArray[Any]

LEGAL = "Gemm, MatMul, Add, Sub of a constant, Relu, and Flatten, Reshape or Identity that change nothing"
_ATTRIBUTES = {
    "Gemm": {"alpha", "beta", "transA", "transB"},
    "MatMul": set(),
    "Add": set(),
    "Sub": set(),
    "Relu": set(),
    "Identity": set(),
    "Flatten": {"axis"},
    "Reshape": {"allowzero"},
}


def read_onnx(path: str | os.PathLike[str]) -> ReLUNetwork:
    """Read a network from an ONNX file.

    Parameters
    ----------
    path
        The file. Its graph must be a chain from one input to one output whose nodes are Gemm, MatMul with the weights
        on the right, Add or Sub of a constant, and Relu; Flatten, Reshape and Identity may stand where they do nothing
        to a row of numbers. All constants must be used. The first axis is that of the batch.

    Returns
    -------
    ReLUNetwork
        In floats if every weight is one, else exact. A Relu at the end is followed by the identity.

    Raises
    ------
    ImportError
        The package onnx is not installed (extra ``onnx``).
    OSError
        The file cannot be read.
    ValueError
        It does not hold a network of this kind; the message names the file and the node.

    Examples
    --------
    >>> import onnx, pathlib, tempfile
    >>> graph = onnx.parser.parse_graph('''
    ...     hat (float[N, 1] x) => (float[N, 1] y)
    ...     <float[3, 1] W = {1, 1, 1}, float[3] b = {0, -1, -2}, float[3, 1] V = {1, -2, 1}>
    ...     { z = Gemm<transB = 1>(x, W, b)  h = Relu(z)  y = MatMul(h, V) }''')
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "hat.onnx"
    >>> onnx.save(onnx.helper.make_model(graph), file)
    >>> read_onnx(file)([[-1.0], [0.5], [1.0], [3.0]])
    array([0. , 0.5, 1. , 0. ])
    """
    try:
        import onnx
        from google.protobuf.message import DecodeError
    except ImportError:
        raise ImportError(
            "reading ONNX needs the package onnx; install it with: pip install 'relucomb[onnx]'"
        ) from None
    try:
        model = onnx.load(path)
    except DecodeError:
        raise ValueError(f"{path} does not hold a network: it is not an ONNX file") from None
    except (ValueError, onnx.checker.ValidationError) as error:  # weights kept outside of the file
        raise ValueError(f"{path} does not hold a network: {error}") from None
    try:
        return _Chain(model.graph).network()
    except ValueError as error:
        raise ValueError(f"{path} does not hold a chain of affine layers and ReLUs: {error}") from None


class _Chain:
    """A graph read node by node; ``_current`` is the tensor that the chain has reached."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph
        self._constants: dict[str, Array] = {}
        self._unused: dict[str, str] = {}  # constants nobody has read, with what to call them
        self._readers: dict[str, str] = {}  # tensors of the chain, with the node that read them
        for tensor in graph.sparse_initializer:
            raise ValueError(f"initialiser {tensor.values.name!r} is sparse; legal are dense tensors")
        for tensor in graph.initializer:
            self._add_constant(
                tensor.name, _values(tensor, f"initialiser {tensor.name!r}"), f"initialiser {tensor.name!r}"
            )
        self._current, dimensions = self._input()
        self._rank = len(dimensions) or None
        inner = dimensions[1:] if len(dimensions) > 1 else dimensions
        self._rows = math.prod(d for d in inner[:-1] if d is not None)  # of numbers, in one input
        self._layers = _Layers(None if None in inner or not inner else math.prod(d for d in inner if d is not None))

    def network(self) -> ReLUNetwork:
        """Return the network of the whole graph."""
        if len(self._graph.output) != 1:
            raise ValueError(f"the graph must have one output; got {_listed(self._graph.output)}")
        for position, node in enumerate(self._graph.node, start=1):
            self._read(node, _label(node, position))
        output = self._graph.output[0].name
        if output != self._current:
            reader = self._readers.get(output)
            after = "which no node writes" if reader is None else f"and {reader} comes after it"
            raise ValueError(f"the output is {output!r}, {after}; legal is a chain that ends in the output")
        for place in self._unused.values():
            raise ValueError(f"{place} is not used; every constant must belong to the chain")
        return self._layers.network()

    def _input(self) -> tuple[str, list[int | None]]:
        inputs = [value for value in self._graph.input if value.name not in self._constants]
        if len(inputs) != 1:
            raise ValueError(f"the graph must have one input; got {_listed(inputs)}")
        shape = inputs[0].type.tensor_type.shape
        return inputs[0].name, [d.dim_value if d.HasField("dim_value") else None for d in shape.dim]

    def _read(self, node: Any, label: str) -> None:
        names = [name for name in node.input if name]
        if node.domain not in ("", "ai.onnx"):
            raise ValueError(f"{label} belongs to {node.domain!r}; legal are {LEGAL}")
        if all(name in self._constants for name in names) and node.op_type in ("Constant", "Identity", "Transpose"):
            self._add_constant(node.output[0], self._folded(node, names, label), label)
            return
        if node.op_type not in _ATTRIBUTES:
            raise ValueError(f"{label} is none of the legal nodes: {LEGAL}")
        attributes = {attribute.name: attribute for attribute in node.attribute}
        for name in set(attributes) - _ATTRIBUTES[node.op_type]:
            raise ValueError(f"{label} has the attribute {name!r}, which is not supported")
        for name in names:
            self._check_source(name, label)
        if names.count(self._current) != 1:
            got = "none of them" if self._current not in names else "several"
            raise ValueError(f"{label} must have one input that depends on the input of the graph; got {got}")
        self._readers[self._current] = label
        getattr(self, f"_read_{node.op_type.lower()}")(names, attributes, label)
        self._current = node.output[0]

    def _check_source(self, name: str, label: str) -> None:
        if name in self._constants or name == self._current:
            return
        if name in self._readers:
            raise ValueError(f"{label} reads {name!r}, which {self._readers[name]} reads too: the graph branches")
        raise ValueError(f"{label} reads {name!r}, which no node before it writes")

    # constants

    def _add_constant(self, name: str, values: Array, place: str) -> None:
        self._constants[name] = values
        self._unused[name] = place

    def _constant(self, name: str) -> Array:
        self._unused.pop(name, None)
        return self._constants[name]

    def _folded(self, node: Any, names: list[str], label: str) -> Array:
        if node.op_type != "Constant":
            values = self._constant(names[0])
            order = next((list(attribute.ints) for attribute in node.attribute if attribute.name == "perm"), None)
            return values if node.op_type == "Identity" else np.transpose(values, order)
        for attribute in node.attribute:
            if attribute.name == "value":
                return _values(attribute.t, label)
            if attribute.name in ("value_float", "value_int"):
                return np.asarray(attribute.f if attribute.name == "value_float" else attribute.i)
            if attribute.name in ("value_floats", "value_ints"):
                return np.asarray(attribute.floats if attribute.name == "value_floats" else attribute.ints)
        raise ValueError(f"{label} holds no dense numbers")

    # the nodes of the chain

    def _read_gemm(self, names: list[str], attributes: dict[str, Any], label: str) -> None:
        if names[0] != self._current:
            raise ValueError(f"{label} has its weights on the left; legal is the second place")
        if "transA" in attributes and attributes["transA"].i:
            raise ValueError(f"{label} transposes its input (transA = 1); legal is transA = 0")
        self._check_rows(label)
        W = self._matrix(names[1], label)
        W = W if "transB" in attributes and attributes["transB"].i else W.T
        self._layers.multiply(_scaled(W, attributes.get("alpha")), label)
        if len(names) > 2:
            self._layers.add(_scaled(self._constant(names[2]), attributes.get("beta")), label)

    def _read_matmul(self, names: list[str], attributes: dict[str, Any], label: str) -> None:
        if names[0] != self._current:
            raise ValueError(f"{label} has its weights on the left; legal is the second place")
        self._check_rows(label)
        self._layers.multiply(self._matrix(names[1], label).T, label)

    def _read_add(self, names: list[str], attributes: dict[str, Any], label: str) -> None:
        self._layers.add(self._constant(names[1 if names[0] == self._current else 0]), label)

    def _read_sub(self, names: list[str], attributes: dict[str, Any], label: str) -> None:
        if names[0] != self._current:
            raise ValueError(f"{label} subtracts from a constant; legal is to subtract a constant")
        self._layers.add(-self._constant(names[1]), label)

    def _read_relu(self, names: list[str], attributes: dict[str, Any], label: str) -> None:
        self._layers.relu(label)

    def _read_identity(self, names: list[str], attributes: dict[str, Any], label: str) -> None:
        pass

    def _read_flatten(self, names: list[str], attributes: dict[str, Any], label: str) -> None:
        axis = attributes["axis"].i if "axis" in attributes else 1
        if self._rank == 1 or (axis != 1 and (self._rank is None or axis != 1 - self._rank)):
            raise ValueError(f"{label} must keep the axis of the batch and no other (axis = 1); got axis = {axis}")
        self._rank, self._rows = 2, 1

    def _read_reshape(self, names: list[str], attributes: dict[str, Any], label: str) -> None:
        if names[0] != self._current:
            raise ValueError(f"{label} must have a constant as its new shape")
        shape = [int(entry) for entry in self._constant(names[1]).ravel()]
        if len(shape) != 2 or shape[0] not in (-1, 0, 1) or not (shape[1] == -1 != shape[0] or shape[1] > 0):
            raise ValueError(f"{label} must make one row of numbers of each input, such as [-1, n]; got {shape}")
        if shape[1] > 0:
            self._layers.expect(shape[1], label)
        self._rank, self._rows = 2, 1

    def _matrix(self, name: str, label: str) -> Array:
        W = self._constant(name)
        if W.ndim != 2 or not W.size:
            raise ValueError(f"{label} must have a matrix of weights; {name!r} has shape {W.shape}")
        return W

    def _check_rows(self, label: str) -> None:
        if self._rows != 1:
            raise ValueError(
                f"{label} would map {self._rows} rows of each input one by one; legal is Flatten before it"
            )


class _Layers:
    """The layers read so far and, after the last Relu, an affine map ``x -> W x + b``; None is identity and zero."""

    def __init__(self, width: int | None) -> None:
        self._width = width
        self._W: Array | None = None
        self._b: Array | None = None
        self._done: list[tuple[Array, Array]] = []

    def expect(self, width: int, label: str) -> None:
        if self._width not in (None, width):
            raise ValueError(f"{label} takes {width} numbers, but what comes before it has {self._width}")
        self._width = width

    def multiply(self, W: Array, label: str) -> None:
        self.expect(W.shape[1], label)
        exact = as_fractions(W, label) if self._W is not None or self._b is not None else None
        if exact is not None:
            W = exact if self._W is None else exact @ as_fractions(self._W, label)
            self._b = None if self._b is None else exact @ as_fractions(self._b, label)
        self._W, self._width = W, W.shape[0]

    def add(self, c: Array, label: str) -> None:
        if c.size > 1 and c.shape[-1] == c.size:
            self.expect(c.size, label)
        if self._width is None:
            raise ValueError(f"{label} comes before the number of inputs is known; declare the shape of the input")
        if c.size not in (1, self._width) or (c.size > 1 and c.shape[-1] != c.size):
            raise ValueError(f"{label} adds a constant of shape {c.shape} to {self._width} numbers")
        c = np.broadcast_to(c.ravel(), (self._width,))
        if self._b is not None:
            c = as_fractions(self._b, label) + as_fractions(c, label)
        self._b = c if np.any(c != 0) else None

    def relu(self, label: str) -> None:
        if self._done and self._W is None and self._b is None:
            return  # the Relu of a Relu
        if self._width is None:
            raise ValueError(f"{label} comes before the number of inputs is known; declare the shape of the input")
        self._close()

    def network(self) -> ReLUNetwork:
        if self._width is None:
            raise ValueError("the number of inputs is not known; declare the shape of the input")
        self._close()
        return ReLUNetwork([W for W, _ in self._done], [b for _, b in self._done])

    def _close(self) -> None:
        W = np.eye(self._width or 0) if self._W is None else self._W
        b = np.zeros(len(W)) if self._b is None else self._b
        self._done.append((W, b))
        self._W = self._b = None


def _values(tensor: Any, place: str) -> Array:
    """Return the numbers of a tensor, none of them rounded; shorter floats become float64."""
    from onnx import numpy_helper

    if not tensor.data_type:
        raise ValueError(f"{place} has no type")
    values = np.asarray(numpy_helper.to_array(tensor))
    if values.dtype.kind in "iub":
        return as_fractions(values, place)  # a whole number need not be a float
    if values.dtype.kind in "cSUO":
        raise ValueError(f"{place} holds {values.dtype.name}; legal are real numbers")
    return as_floats(values.astype(np.float64), place)


def _scaled(values: Array, factor: Any) -> Array:
    """Multiply by the attribute alpha or beta, exactly; it is 1 if absent."""
    if factor is None or factor.f == 1:
        return values
    return np.asarray(as_fractions(values) * Fraction(factor.f))


def _label(node: Any, position: int) -> str:
    if node.name:
        return f"node {node.name!r} ({node.op_type})"
    return f"node {position} ({node.op_type}, writing {', '.join(map(repr, node.output))})"


def _listed(values: Any) -> str:
    names = [repr(value.name) for value in values]
    return ", ".join(names) if names else "none"
