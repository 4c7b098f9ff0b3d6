"""Layered circuits of ReLU, threshold and affine gates: evaluated exactly, and verified on the whole cube."""

from __future__ import annotations

import itertools
import json
import math
import os
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from relucomb.atomic_write import write_atomically
from relucomb.boolean.function import BooleanFunction, check_variables
from relucomb.networks import ReLUNetwork
from relucomb.rationals import as_entries, as_fractions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import networkx
    from numpy.typing import ArrayLike, NDArray

    from relucomb_solvers.circuit_evaluation import IntegerCircuit

FORMAT = "relucomb.Circuit"


class Gate(Enum):
    """What a gate does with the weighted sum ``z`` of its inputs plus its bias."""

    AFFINE = "affine"  # z
    RELU = "ReLU"  # max(0, z)
    LTF = "LTF"  # +1 where z >= 0, else -1


_FUNCTIONS: dict[Gate, Callable[[Fraction], Fraction]] = {
    Gate.AFFINE: lambda z: z,
    Gate.RELU: lambda z: max(z, Fraction(0)),
    Gate.LTF: lambda z: Fraction(1 if z >= 0 else -1),
}


@dataclass(frozen=True, eq=False)
class GateLayer:
    """Gates of one kind, side by side.

    Attributes
    ----------
    weights
        ``(gates, inputs)`` fractions.
    biases
        ``(gates,)`` fractions.
    gate
        What the gates do.
    """

    weights: NDArray[np.object_]
    biases: NDArray[np.object_]
    gate: Gate


@dataclass(frozen=True, slots=True)
class CircuitVerification:
    """Whether a circuit computes a function on the whole cube. True in a condition if it does.

    Attributes
    ----------
    points
        How many points were compared.
    counterexample
        The first point, in signs, at which the output is wrong; None if there is none.
    output
        The output there.
    """

    points: int
    counterexample: tuple[int, ...] | None
    output: Fraction | None

    def __bool__(self) -> bool:
        return self.counterexample is None


class Circuit:
    """A layered circuit with inputs −1 and 1 and one output.

    Circuits do not change. Weights are exact: a float is the rational number it is.

    Parameters
    ----------
    layers
        From the inputs to the output: triples of weights ``(gates, inputs)``, biases ``(gates,)`` and a
        :class:`Gate` or its value ``"ReLU"``, ``"LTF"``, ``"affine"``.

    Raises
    ------
    ValueError
        The shapes do not fit together, the last layer has more than one gate, or an entry is not finite.
    TypeError
        An entry is not a number.

    Examples
    --------
    The exclusive or of two variables by two ReLU gates, ``−1 + max(0, x + y + 2) − 2 max(0, x + y)``:

    >>> xor = Circuit([([[1, 1], [1, 1]], [2, 0], "ReLU"), ([[1, -2]], [-1], "affine")])
    >>> xor.kind, xor.size, xor.depth
    ('Sum-of-ReLU', 2, 2)
    >>> bool(xor.verify(BooleanFunction([0, 1, 1, 0])))
    True
    >>> xor.verify(BooleanFunction([0, 1, 1, 1])).counterexample
    (1, 1)
    """

    __slots__ = ("__dict__", "layers")

    layers: tuple[GateLayer, ...]

    def __init__(self, layers: Sequence[tuple[ArrayLike, ArrayLike, Gate | str]]) -> None:
        if len(layers) == 0:
            raise ValueError("layers must have one layer at least; got none")
        self.layers = tuple(_gate_layer(k, *layer) for k, layer in enumerate(layers))
        for k, (before, after) in enumerate(itertools.pairwise(self.layers), start=1):
            if after.weights.shape[1] != len(before.biases):
                raise ValueError(
                    f"layers[{k}]: weights must have {len(before.biases)} columns, one for each gate of the layer "
                    f"before; got shape {after.weights.shape}"
                )
        if len(self.layers[-1].biases) != 1:
            raise ValueError(f"the last layer must have one gate, the output; got {len(self.layers[-1].biases)}")

    # what it is

    @property
    def n(self) -> int:
        """Number of variables."""
        return int(self.layers[0].weights.shape[1])

    @property
    def depth(self) -> int:
        """Number of layers, that of the output included."""
        return len(self.layers)

    @property
    def size(self) -> int:
        """Number of gates; an affine output is a sum, not a gate."""
        return sum(len(layer.biases) for layer in self.layers if layer.gate is not Gate.AFFINE)

    @property
    def wires(self) -> int:
        """Number of weights that are not zero."""
        return sum(sum(1 for entry in layer.weights.flat if entry) for layer in self.layers)

    @property
    def weight_size(self) -> int:
        """The greatest weight or bias, if each gate's are multiplied by the least number that makes them integers."""
        greatest = 0
        for layer in self.layers:
            for row, bias in zip(layer.weights, layer.biases, strict=True):
                scale = math.lcm(bias.denominator, *(entry.denominator for entry in row))
                greatest = max(greatest, *(int(abs(entry) * scale) for entry in [*row, bias]))
        return greatest

    @property
    def kind(self) -> str:
        """Its class as the papers write it: ``"LTF-of-ReLU"``, ``"Sum-of-ReLU"``, ``"LTF-of-(ReLU)^2"``."""
        names = ["Sum" if layer.gate is Gate.AFFINE else layer.gate.value for layer in reversed(self.layers)]
        groups = [(name, len(list(group))) for name, group in itertools.groupby(names)]
        return "-of-".join(name if count == 1 else f"({name})^{count}" for name, count in groups)

    def __repr__(self) -> str:
        return f"<Circuit {self.kind}: {self.n} variables, {self.size} gates, {self.wires} wires>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Circuit):
            return NotImplemented
        return len(self.layers) == len(other.layers) and all(
            mine.gate is theirs.gate
            and np.array_equal(mine.weights, theirs.weights)
            and np.array_equal(mine.biases, theirs.biases)
            for mine, theirs in zip(self.layers, other.layers, strict=True)
        )

    def __hash__(self) -> int:
        entries = [(layer.gate, *layer.weights.ravel().tolist(), *layer.biases.tolist()) for layer in self.layers]
        return hash(tuple(entries))

    # its values

    def evaluate(self, X: ArrayLike) -> NDArray[np.object_]:
        """Evaluate at any real points, ``(N, n)``, exactly.

        Returns
        -------
        numpy.ndarray
            ``(N,)`` fractions.

        Examples
        --------
        >>> Circuit([([[1, 1]], [0], "ReLU"), ([[1]], [0], "affine")]).evaluate([[1, 1], [0.5, -2]]).tolist()
        [Fraction(2, 1), Fraction(0, 1)]
        """
        values = as_fractions(X, "X", ndim=2)
        if values.shape[1] != self.n:
            raise ValueError(f"X must have shape (N, {self.n}); got {values.shape}")
        for layer in self.layers:
            values = values @ layer.weights.T + layer.biases
            apply = _FUNCTIONS[layer.gate]
            values = np.array([[apply(z) for z in row] for row in values.tolist()], dtype=object).reshape(values.shape)
        return np.asarray(values[:, 0])

    def outputs(self) -> NDArray[np.object_]:
        """Return the outputs at all points of the cube in the order of the index, as fractions: ``(2^n,)``."""
        from relucomb_solvers.circuit_evaluation import outputs

        check_variables(self.n, "the number of variables")
        integers, scale = self._integers()
        return np.array([Fraction(int(value)) / scale for value in outputs(integers)], dtype=object)

    def truth_table(self) -> BooleanFunction:
        """Return the Boolean function that the circuit computes.

        Raises
        ------
        ValueError
            At some point the output is neither +1 nor −1.

        Examples
        --------
        >>> Circuit([([[1, 1]], [-1], "LTF")]).truth_table().table.tolist()
        [False, False, False, True]
        """
        from relucomb_solvers.circuit_evaluation import outputs

        check_variables(self.n, "the number of variables")
        integers, scale = self._integers()
        values = outputs(integers)
        unit = int(scale) if scale.denominator == 1 else None
        wrong = np.flatnonzero(abs(values) != unit) if unit is not None else np.arange(1)
        if len(wrong):
            point = int(wrong[0])
            value = Fraction(int(values[point])) / scale
            raise ValueError(f"the output at point {point} is {value}; a Boolean circuit has outputs -1 and 1 only")
        return BooleanFunction(values == unit)

    def verify(self, f: BooleanFunction, *, convention: str = "signs") -> CircuitVerification:
        """Compare the circuit with a function at all points of the cube, exactly.

        Parameters
        ----------
        f
            The function.
        convention
            Whether the output is to be the value in ``"signs"``, +1 and −1, or in ``"bits"``, 1 and 0.

        Raises
        ------
        ValueError
            The function has another number of variables.
        """
        from relucomb_solvers.circuit_evaluation import first_mismatch

        if not isinstance(f, BooleanFunction):
            raise TypeError(f"f must be a BooleanFunction; got {type(f).__name__}")
        if f.n != self.n:
            raise ValueError(f"f must have {self.n} variables as the circuit has; got {f.n}")
        if convention not in ("signs", "bits"):
            raise ValueError(f"convention must be 'signs' or 'bits'; got {convention!r}")
        integers, scale = self._integers()
        # an output that stands for a value must be an integer at this scale; if it cannot be, nothing fits
        true, false = scale, -scale if convention == "signs" else Fraction(0)
        legal = [int(value) if value.denominator == 1 else integers.greatest() + 1 for value in (true, false)]
        table = np.packbits(f.table, bitorder="little")
        found = first_mismatch(integers, table, *_within_words(legal, integers))
        if found is None:
            return CircuitVerification(1 << self.n, None, None)
        point, value = found
        signs = tuple(2 * (point >> i & 1) - 1 for i in range(self.n))
        return CircuitVerification(1 << self.n, signs, Fraction(value) / scale)

    def _integers(self) -> tuple[IntegerCircuit, Fraction]:
        """Return the circuit with integers for weights, and by what its output is multiplied."""
        from relucomb_solvers.circuit_evaluation import AFFINE, RELU, THRESHOLD, IntegerCircuit

        kinds = {Gate.AFFINE: AFFINE, Gate.RELU: RELU, Gate.LTF: THRESHOLD}
        layers = []
        grown = Fraction(1)
        for layer in self.layers:
            entries = [*layer.weights.flat, *(bias * grown for bias in layer.biases)]
            scale = math.lcm(*(entry.denominator for entry in entries))
            weights = [[int(entry * scale) for entry in row] for row in layer.weights]
            biases = [int(bias * grown * scale) for bias in layer.biases]
            layers.append((weights, biases, kinds[layer.gate]))
            grown = Fraction(1) if layer.gate is Gate.LTF else grown * scale
        return IntegerCircuit(self.n, layers), grown

    # in other forms

    def to_network(self) -> ReLUNetwork:
        """Return the circuit as a ReLU network.

        Raises
        ------
        ValueError
            It has LTF gates, or its last gate is a ReLU: turn these into ReLU gates and a sum first.

        Examples
        --------
        >>> Circuit([([[1, 1]], [0], "ReLU"), ([[1]], [0], "affine")]).to_network()
        <ReLUNetwork 2-1-1, exact>
        """
        kinds = [layer.gate for layer in self.layers]
        if any(kind is not Gate.RELU for kind in kinds[:-1]) or kinds[-1] is not Gate.AFFINE:
            raise ValueError(f"only Sum-of-ReLU circuits of any depth are ReLU networks; this one is {self.kind}")
        return ReLUNetwork([layer.weights for layer in self.layers], [layer.biases for layer in self.layers])

    @classmethod
    def from_network(cls, net: ReLUNetwork) -> Self:
        """Return a ReLU network with one output as a circuit."""
        exact = net.exact()
        last = len(exact.weights) - 1
        return cls(
            [
                (W, b, Gate.AFFINE if k == last else Gate.RELU)
                for k, (W, b) in enumerate(zip(exact.weights, exact.biases, strict=True))
            ]
        )

    def graph(self) -> networkx.DiGraph:
        """Return the circuit as a directed graph: nodes ``("x", i)`` and ``(layer, gate)``, a weight on every wire.

        Examples
        --------
        >>> graph = Circuit([([[1, 0]], [-1], "LTF")]).graph()
        >>> list(graph.edges(data="weight"))
        [(('x', 0), (0, 0), Fraction(1, 1))]
        """
        import networkx

        graph = networkx.DiGraph()
        before: list[tuple[Any, int]] = [("x", i) for i in range(self.n)]
        graph.add_nodes_from((node, {"layer": 0, "gate": "input"}) for node in before)
        for k, layer in enumerate(self.layers):
            nodes: list[tuple[Any, int]] = [(k, i) for i in range(len(layer.biases))]
            for node, row, bias in zip(nodes, layer.weights, layer.biases, strict=True):
                graph.add_node(node, layer=k + 1, gate=layer.gate.value, bias=bias)
                graph.add_edges_from((source, node, {"weight": w}) for source, w in zip(before, row, strict=True) if w)
            before = nodes
        return graph

    def to_json(self) -> dict[str, Any]:
        """Return the circuit as an object that ``json.dumps`` takes; numbers are ``"p/q"`` or integers."""
        return {
            "format": FORMAT,
            "layers": [
                {
                    "gate": layer.gate.value,
                    "weights": [[_written(entry) for entry in row] for row in layer.weights],
                    "biases": [_written(bias) for bias in layer.biases],
                }
                for layer in self.layers
            ],
        }

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """Make the circuit of such an object.

        Raises
        ------
        ValueError
            The object is not one of a circuit; the message says where.

        Examples
        --------
        >>> circuit = Circuit([([[1, 1]], [-1], "LTF")])
        >>> Circuit.from_json(circuit.to_json()) == circuit
        True
        """
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise ValueError(f'not a circuit: "format" must be "{FORMAT}"')
        layers = document.get("layers")
        if not isinstance(layers, list):
            raise ValueError('"layers" must be a list')
        read = []
        for k, layer in enumerate(layers):
            if not isinstance(layer, dict) or not {"gate", "weights", "biases"} <= set(layer):
                raise ValueError(f'layers[{k}] must have "gate", "weights" and "biases"')
            read.append((_read(layer["weights"], k), _read(layer["biases"], k), layer["gate"]))
        return cls(read)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the circuit to a JSON file, completely or not at all."""
        write_atomically(path, json.dumps(self.to_json()) + "\n")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a circuit from a JSON file.

        Raises
        ------
        ValueError
            It does not hold a circuit; the message names the file and the place.
        """
        try:
            return cls.from_json(json.loads(Path(path).read_bytes()))
        except (ValueError, TypeError, RecursionError) as error:
            raise ValueError(f"{os.fspath(path)} does not hold a circuit: {error}") from error


def _gate_layer(k: int, weights: ArrayLike, biases: ArrayLike, gate: Gate | str) -> GateLayer:
    W = as_fractions(as_entries(weights, f"layers[{k}]: weights"), f"layers[{k}]: weights", ndim=2)
    b = as_fractions(as_entries(biases, f"layers[{k}]: biases"), f"layers[{k}]: biases", ndim=1)
    if 0 in W.shape:
        raise ValueError(f"layers[{k}]: weights must have a row and a column at least; got shape {W.shape}")
    if len(b) != len(W):
        raise ValueError(
            f"layers[{k}]: biases must have {len(W)} entries, one for each row of the weights; got {len(b)}"
        )
    try:
        kind = Gate(gate)
    except ValueError:
        legal = ", ".join(repr(member.value) for member in Gate)
        raise ValueError(f"layers[{k}]: gate must be one of {legal}; got {gate!r}") from None
    W.flags.writeable = b.flags.writeable = False
    return GateLayer(W, b, kind)


def _within_words(legal: list[int], integers: IntegerCircuit) -> list[int]:
    """Replace values that no output can have by one that fits the words of the evaluation."""
    greatest = integers.greatest()
    return [value if abs(value) <= greatest else greatest + 1 for value in legal]


def _written(entry: Fraction) -> int | str:
    return int(entry) if entry.denominator == 1 else str(entry)


def _read(numbers: Any, k: int) -> Any:
    if isinstance(numbers, list):
        return [_read(number, k) for number in numbers]
    if isinstance(numbers, bool) or not isinstance(numbers, int | float | str):
        raise ValueError(f"layers[{k}]: {numbers!r} is not a number")
    try:
        return Fraction(numbers)
    except (ValueError, OverflowError, ZeroDivisionError):
        raise ValueError(f"layers[{k}]: {numbers!r} is not a number") from None
