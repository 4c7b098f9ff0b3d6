"""Circuits under a restriction: gates that are settled on the points that are left are taken out.

Source: A. Mukherjee, *A Study of the Mathematics of Deep Learning*, 2020, section 2.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from relucomb.boolean.circuits import Circuit, Gate
from relucomb.boolean.function import points
from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from relucomb.boolean.restrictions import Restriction

    Rationals = NDArray[np.object_]

MOST_FREE = 12
"""Free variables for which gates above the first layer are judged, at all points that are left."""


@dataclass(frozen=True, slots=True)
class RestrictedCircuit:
    """What a restriction leaves of a circuit.

    Attributes
    ----------
    circuit
        A layered circuit in the free variables with the same values. Layers have no wires that leave one out, so what
        linear gates hand on is carried by ``carriers`` ReLU gates, on which their arguments are nowhere negative.
    gates
        For each layer, how many gates of the original circuit survive; the source calls their number its size, since
        it allows wires from the inputs to the output gate. Affine gates are none.
    zero, linear
        For each layer, the ReLU gates that are 0 and those that equal their argument at all points that are left.
        Gates that are both count as zero.
    constant
        For each layer, the LTF gates that are forced to a constant.
    carriers
        How many ReLU gates of ``circuit`` do nothing but carry.
    """

    circuit: Circuit
    gates: tuple[int, ...]
    zero: tuple[tuple[int, ...], ...]
    linear: tuple[tuple[int, ...], ...]
    constant: tuple[tuple[int, ...], ...]
    carriers: int

    @property
    def size(self) -> int:
        """How many gates survive."""
        return sum(self.gates)


def restrict_circuit(circuit: Circuit, rho: Restriction) -> RestrictedCircuit:
    """Fix variables of a circuit and take out the gates that this settles.

    A ReLU gate is removable exactly if its argument has one sign at all points that are left: it is 0 or equals its
    argument. An LTF gate is removable if it is constant there. This is decided exactly, in the first layer from the
    weights and above it at all points.

    Parameters
    ----------
    circuit
        Any circuit.
    rho
        A restriction of its variables.

    Raises
    ------
    ValueError
        The restriction has another number of variables, leaves none free, or leaves more than 12 free of a circuit with
        gates to be judged above the first layer.

    Examples
    --------
    The parity of four variables, two of them fixed to 1: the gates with hinges at 0, 1 ones are linear.

    >>> from relucomb.boolean.constructions import parity_circuit
    >>> from relucomb.boolean.restrictions import Restriction
    >>> left = restrict_circuit(parity_circuit(4), Restriction.from_string("11**"))
    >>> left.linear[0], left.zero[0], left.size
    ((0, 1, 2), (), 1)
    >>> left.circuit.truth_table().table.tolist()
    [False, True, True, False]
    """
    if rho.n != circuit.n:
        raise ValueError(f"rho must have {circuit.n} variables as the circuit has; got {rho.n}")
    free = list(rho.free)
    if not free:
        raise ValueError(
            "rho must leave a variable free; it fixes all of them, and the value is that of the circuit there"
        )
    judged = [k for k, layer in enumerate(circuit.layers) if layer.gate is not Gate.AFFINE]
    if len(free) > MOST_FREE and judged and judged[-1] > _first_nonlinear(circuit):
        raise ValueError(
            f"rho leaves {len(free)} variables free; gates above the first layer are judged at all points, for "
            f"{MOST_FREE} free variables at most"
        )
    # signals: what the layers so far hand on, as gates of the new circuit; values = mixing @ signals + offsets
    state = _State.of_inputs(rho)
    for k, layer in enumerate(circuit.layers):
        state.apply(layer.weights, layer.biases, layer.gate, last=k == len(circuit.layers) - 1)
    return state.finish()


def _first_nonlinear(circuit: Circuit) -> int:
    return next(k for k, layer in enumerate(circuit.layers) if layer.gate is not Gate.AFFINE)


class _State:
    """The new circuit while it grows.

    ``mixing`` and ``offsets`` tell the outputs of the layer before as affine functions of the signals that the new
    circuit has there; ``values`` are the signals at all points that are left, if they are few enough.
    """

    def __init__(self, mixing: Rationals, offsets: Rationals, values: Rationals | None) -> None:
        self.mixing, self.offsets, self.values = mixing, offsets, values
        self.layers: list[tuple[Rationals, Rationals, Gate]] = []
        self.on_inputs = True
        self.gates: list[int] = []
        self.zero: list[tuple[int, ...]] = []
        self.linear: list[tuple[int, ...]] = []
        self.constant: list[tuple[int, ...]] = []
        self.carriers = 0

    @classmethod
    def of_inputs(cls, rho: Restriction) -> _State:
        free = list(rho.free)
        mixing = _zeros(rho.n, len(free))
        offsets = _zeros(rho.n)
        for column, i in enumerate(free):
            mixing[i, column] = Fraction(1)
        for i, value in rho.values.items():
            offsets[i] = Fraction(value)
        few = len(free) <= MOST_FREE
        return cls(mixing, offsets, as_fractions(points(len(free)).astype(object)) if few else None)

    def apply(self, weights: Rationals, biases: Rationals, gate: Gate, *, last: bool) -> None:
        """Put a layer on top."""
        rows = weights @ self.mixing
        heights = weights @ self.offsets + biases
        if gate is Gate.AFFINE:
            self.mixing, self.offsets = rows, heights
            self._note(0, (), (), ())
            return
        low, high = self._ranges(rows, heights)
        if gate is Gate.LTF:
            constant = [i for i in range(len(heights)) if low[i] >= 0 or high[i] < 0]
            kept = [i for i in range(len(heights)) if i not in set(constant)]
            self._note(len(kept), (), (), tuple(constant))
            passed: list[int] = []
            fixed = {i: Fraction(1 if low[i] >= 0 else -1) for i in constant}
        else:
            zero = [i for i in range(len(heights)) if high[i] <= 0]
            passed = [i for i in range(len(heights)) if low[i] >= 0 and high[i] > 0]
            kept = [i for i in range(len(heights)) if low[i] < 0 < high[i]]
            self._note(len(kept), tuple(zero), tuple(passed), ())
            fixed = dict.fromkeys(zero, Fraction(0))
        self._rebuild(rows, heights, gate, kept, passed, fixed, last=last)

    def _rebuild(
        self,
        rows: Rationals,
        heights: Rationals,
        gate: Gate,
        kept: list[int],
        passed: list[int],
        fixed: dict[int, Fraction],
        *,
        last: bool,
    ) -> None:
        """Make the gates that survive a layer, and tell the outputs of all gates by them."""
        if not kept and last and gate is Gate.LTF:
            self.mixing, self.offsets = _zeros(1, rows.shape[1]), np.array([fixed[0]], dtype=object)
            return
        if not kept and not any(entry for i in passed for entry in rows[i]):
            # all is constant here; the signals stay, with the weight 0
            self.mixing, self.offsets = _zeros(*rows.shape), _zeros(len(heights))
            for i in range(len(heights)):
                self.offsets[i] = fixed[i] if i in fixed else heights[i]
            return
        if not kept:
            # all is affine here: no layer is needed
            mixing, offsets = rows.copy(), heights.copy()
            for i, value in fixed.items():
                mixing[i], offsets[i] = _zeros(rows.shape[1]), value
            self.mixing, self.offsets = mixing, offsets
            return
        self._carry(rows, heights, gate, kept, passed, fixed)

    def _carry(
        self,
        rows: Rationals,
        heights: Rationals,
        gate: Gate,
        kept: list[int],
        passed: list[int],
        fixed: dict[int, Fraction],
    ) -> None:
        """Add a layer of the gates that survive, and of gates that carry what is linear."""
        moving = [i for i in passed if any(rows[i])]
        needed = sorted({column for i in moving for column in range(rows.shape[1]) if rows[i][column]})
        by_signal = len(needed) < len(moving)
        count = len(needed) if by_signal else len(moving)
        mixing, offsets = _zeros(len(heights), len(kept) + count), _zeros(len(heights))
        for column, i in enumerate(kept):
            mixing[i, column] = Fraction(1)
        for i, value in fixed.items():
            offsets[i] = value
        carried_rows, carried_heights = rows[moving], heights[moving]
        if by_signal:
            carried_rows, carried_heights = _zeros(count, rows.shape[1]), _zeros(count)
            for line, column in enumerate(needed):
                carried_rows[line, column] = Fraction(1)
                # a signal of the inputs is -1 at least; those of ReLU gates are not negative
                carried_heights[line] = Fraction(1 if self.on_inputs else 0)
            for i in passed:
                mixing[i, len(kept) :] = rows[i][needed]
                offsets[i] = heights[i] - sum(
                    (rows[i][column] * carried_heights[line] for line, column in enumerate(needed)), Fraction(0)
                )
        else:
            for column, i in enumerate(moving):
                mixing[i, len(kept) + column] = Fraction(1)
            for i in set(passed) - set(moving):
                offsets[i] = heights[i]
        new_rows = np.concatenate([rows[kept], carried_rows])
        new_heights = np.concatenate([heights[kept], carried_heights])
        self.layers.append((new_rows, new_heights, gate))
        self.carriers += count
        if self.values is not None:
            function: Any = np.frompyfunc(
                (lambda z: Fraction(1 if z >= 0 else -1)) if gate is Gate.LTF else (lambda z: max(z, Fraction(0))), 1, 1
            )
            self.values = function(self.values @ new_rows.T + new_heights)
        self.mixing, self.offsets = mixing, offsets
        self.on_inputs = gate is Gate.LTF

    def _ranges(self, rows: Rationals, heights: Rationals) -> tuple[list[Fraction], list[Fraction]]:
        """Return the least and the greatest argument of each gate over all points that are left."""
        if not self.layers:
            reach = [sum((abs(entry) for entry in row), Fraction(0)) for row in rows]
            return (
                [h - r for h, r in zip(heights, reach, strict=True)],
                [h + r for h, r in zip(heights, reach, strict=True)],
            )
        assert self.values is not None
        arguments = self.values @ rows.T + heights
        return [min(column) for column in arguments.T], [max(column) for column in arguments.T]

    def _note(self, gates: int, zero: tuple[int, ...], linear: tuple[int, ...], constant: tuple[int, ...]) -> None:
        self.gates.append(gates)
        self.zero.append(zero)
        self.linear.append(linear)
        self.constant.append(constant)

    def finish(self) -> RestrictedCircuit:
        """Return the result; the output is an affine layer unless the last gate survived."""
        unchanged = self.mixing.shape == (1, 1) and self.mixing[0, 0] == 1 and self.offsets[0] == 0
        if not (self.layers and unchanged):
            self.layers.append((self.mixing, self.offsets, Gate.AFFINE))
        return RestrictedCircuit(
            Circuit(self.layers),
            tuple(self.gates),
            tuple(self.zero),
            tuple(self.linear),
            tuple(self.constant),
            self.carriers,
        )


def _zeros(*shape: int) -> Rationals:
    return np.full(shape, Fraction(0), dtype=object)
