"""Circuits of the sources, each for every legal parameter: what they compute is proven on the cube by ``verify``.

Where a source spends more gates than are necessary, the printed construction stays available as ``published=True``.
Sources: A. Mukherjee, *A Study of the Mathematics of Deep Learning*, 2020, sections 2.5, 2.C, 2.D.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from relucomb.boolean.circuits import Circuit, Gate
from relucomb.boolean.function import BooleanFunction, points
from relucomb.boolean.margins import margin
from relucomb.boolean.wiring import on_variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from relucomb.boolean.circuits import GateLayer

    Layer: TypeAlias = tuple[NDArray[np.object_], NDArray[np.object_], Gate]

Row = list[Fraction]

ONE = Fraction(1)


def parity_circuit(n: int, *, published: bool = False) -> Circuit:
    """Return a Sum-of-ReLU circuit of the parity of ``n`` bits: ``n`` gates, ``n + 1`` as printed (appendix 2.D).

    The number ``m`` of ones is a sum of the inputs. The zigzag through ``(0, −1), (1, 1), (2, −1), ...`` has hinges at
    ``0, ..., n − 1``; the last one of the printed construction, at ``n``, is beyond all points of the cube.

    Examples
    --------
    >>> parity_circuit(3), parity_circuit(3, published=True).size
    (<Circuit Sum-of-ReLU: 3 variables, 3 gates, 12 wires>, 4)
    """
    _at_least("n", n, 1)
    gates, top = _zigzag([Fraction(1, 2)] * n, Fraction(n, 2), n)
    bias = -ONE
    if published:
        gates.append(([Fraction(1, 2)] * n, Fraction(n, 2) - n))
        top.append(-sum(top, Fraction(0)))
    return _sum_of_relu(gates, top, bias)


def short_parity_circuit(n: int) -> Circuit:
    """Return a Sum-of-ReLU circuit of the parity of ``n ≥ 4`` bits with ``n − 1`` gates, one less than a plain zigzag.

    With ``m`` the number of ones it is ``11 − 6 max(0, m − 2/3) + 4 max(0, m − 2) − 4 max(0, 3 − m) + 4 max(0, m − 4)
    − 4 max(0, m − 5) + ...``. The gate that looks the other way brings the slope with which the zigzag begins, for
    which the plain one has a gate of its own; that slope is 4 and not 2, and the first turn comes early, at 2/3.

    Examples
    --------
    >>> short_parity_circuit(4)
    <Circuit Sum-of-ReLU: 4 variables, 3 gates, 15 wires>
    """
    _at_least("n", n, 4)
    half, middle = Fraction(1, 2), Fraction(n, 2)
    gates: list[tuple[Row, Fraction]] = [([half] * n, middle - Fraction(2, 3)), ([half] * n, middle - 2)]
    gates.append(([-half] * n, 3 - middle))
    gates += [([half] * n, middle - k) for k in range(4, n)]
    top = [Fraction(-6), Fraction(4), Fraction(-4), *(Fraction(4 * (-1) ** k) for k in range(4, n))]
    return _sum_of_relu(gates, top, Fraction(11))


def indicator_circuit(f: BooleanFunction) -> Circuit:
    """Return a Sum-of-ReLU circuit with one gate for each point of the rarer value (Lemma 2.5.1).

    The gate of the point ``v`` is ``max(0, v·x − n + 1)``: 1 at ``v`` and 0 at all other points. The commoner value is
    the bias of the output, so that there are ``2^(n−1)`` gates at most, where the lemma allows ``2^n``.

    Examples
    --------
    >>> indicator_circuit(BooleanFunction([0, 0, 0, 1])).size
    1
    """
    n = f.n
    _at_least("the number of variables", n, 1)
    rare = f.ones <= 1 << (n - 1)
    chosen = np.flatnonzero(f.table == rare)
    base = -ONE if rare else ONE
    gates = [([Fraction(int(sign)) for sign in point], Fraction(1 - n)) for point in points(n)[chosen].tolist()]
    return _sum_of_relu(gates, [-2 * base] * len(gates), base, n)


def fourier_circuit(f: BooleanFunction) -> Circuit:
    """Return a Sum-of-ReLU circuit with ``|S|`` gates for each set ``S`` in the spectrum (Lemma 2.5.1).

    Each character is a parity; the constant term is the bias of the output.

    Examples
    --------
    >>> fourier_circuit(BooleanFunction([0, 1, 1, 0])).size
    2
    """
    n = f.n
    _at_least("the number of variables", n, 1)
    spectrum = f.walsh_spectrum()
    gates: list[tuple[Row, Fraction]] = []
    top: Row = []
    bias = Fraction(0)
    for index in np.flatnonzero(spectrum).tolist():
        coefficient = Fraction(int(spectrum[index]), 1 << n)
        members = [i for i in range(n) if index >> i & 1]
        if not members:
            bias += coefficient
            continue
        if len(members) == 1:  # the linear term x_i = max(0, x_i + 1) - 1
            gates.append(([Fraction(int(i == members[0])) for i in range(n)], ONE))
            top.append(coefficient)
            bias -= coefficient
            continue
        row = [Fraction(int(i in members), 2) for i in range(n)]
        character, factors = _zigzag(row, Fraction(len(members), 2), len(members))
        # the product of the members is -1 times the parity in signs if their number is even
        sign = coefficient if len(members) % 2 else -coefficient
        gates += character
        top += [sign * factor for factor in factors]
        bias -= sign
    return _sum_of_relu(gates, top, bias, n)


def smaller_circuit(f: BooleanFunction) -> Circuit:
    """Return the smaller of the circuits by indicators and by characters (Lemma 2.5.1).

    Examples
    --------
    >>> smaller_circuit(BooleanFunction([0, 1, 1, 0])).size
    2
    """
    return min(indicator_circuit(f), fourier_circuit(f), key=lambda circuit: circuit.size)


def gates_of_lemma(f: BooleanFunction) -> int:
    """Return the number of gates that Lemma 2.5.1 promises: the lesser of ``2^n`` and ``Σ |S|`` over the spectrum.

    Examples
    --------
    >>> gates_of_lemma(BooleanFunction([0, 0, 0, 1]))
    4
    """
    sets = np.flatnonzero(f.walsh_spectrum()).astype(np.uint64)
    return min(1 << f.n, int(np.bitwise_count(sets).sum()))


def threshold_circuit(weights: Sequence[int | Fraction], threshold: int | Fraction) -> Circuit:
    """Return the LTF gate that is +1 where ``weights·x ≥ threshold``.

    Examples
    --------
    >>> threshold_circuit([1, 1, 1], 0).truth_table().table.tolist()
    [False, False, False, True, False, True, True, True]
    """
    return Circuit([_layer([[Fraction(w) for w in weights]], [-Fraction(threshold)], Gate.LTF)])


def and_circuit(n: int) -> Circuit:
    """Return the conjunction of ``n`` variables by one ReLU gate."""
    _at_least("n", n, 1)
    return _sum_of_relu([([ONE] * n, Fraction(1 - n))], [Fraction(2)], -ONE)


def or_circuit(n: int) -> Circuit:
    """Return the disjunction of ``n`` variables by one ReLU gate."""
    _at_least("n", n, 1)
    return _sum_of_relu([([-ONE] * n, Fraction(1 - n))], [Fraction(-2)], ONE)


def relu_from_threshold(circuit: Circuit) -> Circuit:
    """Replace every LTF gate by two ReLU gates (Claim 4, appendix 2.C).

    A gate whose weighted sum ``z`` is nowhere on the cube in ``(−p, 0)`` is
    ``−1 + (max(0, z + p) − max(0, z)) / (p/2)``. The margin ``p`` is computed, over the whole cube of the gate's own
    inputs; a gate that is nowhere negative takes any ``p``.

    Parameters
    ----------
    circuit
        LTF gates in all layers; an affine last layer may follow.

    Raises
    ------
    ValueError
        A layer has other gates.

    Examples
    --------
    >>> relu_from_threshold(threshold_circuit([1, 1, 1], 0))
    <Circuit Sum-of-ReLU: 3 variables, 2 gates, 8 wires>
    """
    layers: list[Layer] = []
    # the signs of the layer before are ``offsets + mixing @ activations``
    mixing: list[Row] | None = None
    offsets: Row = []
    for k, layer in enumerate(circuit.layers):
        rows, biases = _in_terms_of(layer, mixing, offsets)
        if layer.gate is Gate.AFFINE and k == len(circuit.layers) - 1:
            layers.append(_layer(rows, biases, Gate.AFFINE))
            return Circuit(layers)
        if layer.gate is not Gate.LTF:
            raise ValueError(
                f"every gate must be an LTF, but for an affine output; layer {k} has {layer.gate.value} gates"
            )
        doubled, doubled_biases, mixing, offsets = [], [], [], []
        count = len(biases)
        for i, (row, bias) in enumerate(zip(rows, biases, strict=True)):
            p = margin(layer.weights[i].tolist(), layer.biases[i]) or ONE
            doubled += [row, row]
            doubled_biases += [bias + p, bias]
            mixing.append([Fraction(0)] * (2 * i) + [2 / p, -2 / p] + [Fraction(0)] * (2 * (count - i - 1)))
            offsets.append(-ONE)
        layers.append(_layer(doubled, doubled_biases, Gate.RELU))
    assert mixing is not None
    layers.append(_layer(mixing, offsets, Gate.AFFINE))
    return Circuit(layers)


def binary_value_circuit(n: int, *, published: bool = False) -> Circuit:
    """Return ``Σ_i 2^(i+1) (1 + x_i)/2`` (Proposition 2.5.3): two ReLU gates as printed, one is enough on the cube.

    The source counts variables from 1, so that the first one has the weight 2.

    Examples
    --------
    >>> binary_value_circuit(2).outputs().tolist() == [0, 2, 4, 6]
    True
    """
    _at_least("n", n, 1)
    row = [Fraction(1 << i) for i in range(n)]
    bias = sum(row, Fraction(0))
    if not published:
        return _sum_of_relu([(row, bias)], [ONE], Fraction(0))
    return _sum_of_relu([(row, bias), ([-entry for entry in row], -bias)], [ONE, -ONE], Fraction(0))


def least_gates_of_sum_of_ltf(values: Iterable[Fraction]) -> int:
    """Return how many gates a Sum-of-LTF with these values needs at least: ``w`` gates have ``2^w`` values at most.

    Examples
    --------
    >>> least_gates_of_sum_of_ltf(binary_value_circuit(5).outputs())
    5
    """
    return (len(set(values)) - 1).bit_length()


def odd_max_bit_circuit(n: int) -> Circuit:
    """Return ODD-MAX-BIT as one LTF gate: −1 if the largest ``i`` with ``x_i = 1``, counted from 1, is odd.

    Where no variable is 1 the value is +1. The weights ``(−2)^i`` let the largest one decide. This is the function as
    printed, :func:`relucomb.boolean.named.odd_max_bit_as_printed`, the negation of the usual one.

    Examples
    --------
    >>> odd_max_bit_circuit(2).truth_table().table.tolist()
    [True, False, True, True]
    """
    _at_least("n", n, 1)
    row = [Fraction((-2) ** (i + 1)) for i in range(n)]  # times (1 + x_i)/2
    return Circuit([_layer([[entry / 2 for entry in row]], [sum(row, Fraction(0)) / 2], Gate.LTF)])


def chattopadhyay_mande_circuit(blocks: int, pairs: int) -> Circuit:
    """Return ``OMB_blocks ∘ OR_pairs ∘ XOR_2`` as an LTF-of-LTF circuit of linear size (Theorem 2.5.6).

    Here +1 is true throughout, so that the last block decides in which some pair *differs*. The list of *equalities*,
    whose sign-rank can be large, is :func:`equality_list_circuit`.

    An exclusive or in bits is the difference of two threshold gates, ``[x + y ≥ 0] − [x + y ≥ 2]``. The number of
    exclusive ors that hold in block ``i``, times ``(−(pairs + 1))^i``, lets the largest block with any decide, so the
    disjunctions need no gates of their own. Below the output there are as many gates as variables. ODD-MAX-BIT is that
    of :func:`odd_max_bit_circuit`, as printed; the two variables of an exclusive or are neighbours.

    Examples
    --------
    >>> chattopadhyay_mande_circuit(2, 1)
    <Circuit (LTF)^2: 4 variables, 5 gates, 12 wires>
    """
    _at_least("blocks", blocks, 1)
    _at_least("pairs", pairs, 1)
    n = 2 * blocks * pairs
    below: list[Row] = []
    biases: Row = []
    top: Row = []
    for block in range(blocks):
        weight = Fraction((-(pairs + 1)) ** (block + 1), 2)  # a gate in bits is (1 + its sign) / 2
        for pair in range(pairs):
            first = 2 * (block * pairs + pair)
            row = [Fraction(int(i in (first, first + 1))) for i in range(n)]
            below += [row, row]
            biases += [Fraction(0), Fraction(-2)]
            top += [weight, -weight]
    return Circuit([_layer(below, biases, Gate.LTF), _layer([top], [Fraction(0)], Gate.LTF)])


def equality_list_circuit(blocks: int, bits: int) -> Circuit:
    """Return the list of equalities as an LTF-of-LTF circuit with ``2 · blocks`` gates below (Theorem 2.5.6).

    A block ``x_i`` equals ``y_i`` if, as binary numbers, ``x_i ≥ y_i`` and ``y_i ≥ x_i``: half the sum of two threshold
    gates, in signs. Weights ``(−2)^i`` let the last equality decide, and the value is false without any. The weights of
    the gates below grow as ``2^bits``: the theorem puts no restriction on them.

    Examples
    --------
    >>> equality_list_circuit(2, 3)
    <Circuit (LTF)^2: 12 variables, 5 gates, 28 wires>
    """
    _at_least("blocks", blocks, 1)
    _at_least("bits", bits, 1)
    half = blocks * bits
    below: list[Row] = []
    top: Row = []
    for block in range(blocks):
        row = [Fraction(0)] * (2 * half)
        for j in range(bits):
            row[block * bits + j], row[half + block * bits + j] = Fraction(1 << j), Fraction(-(1 << j))
        below += [row, [-entry for entry in row]]
        top += [Fraction(-((-2) ** (block + 1)), 2)] * 2
    zeros = [Fraction(0)] * len(below)
    return Circuit([_layer(below, zeros, Gate.LTF), _layer([top], [-ONE], Gate.LTF)])


def address_circuit(rows: Sequence[int], table: int) -> Circuit:
    """Return the table bit whose number is written in the parities of rows: Andreev's function as a circuit.

    Parameters
    ----------
    rows
        How many bits each row has; its parity is a bit of the address, that of the first row the lowest.
    table
        Number of table bits, ``2^len(rows)`` at most; they are the first variables, then come the rows. At addresses
        beyond the table the value is −1.

    Returns
    -------
    Circuit
        Sum-of-(ReLU)^2. The first layer computes parities, one gate per bit, and carries the table, one gate per bit;
        the second has one gate for each table bit. With ``n`` variables there are ``n + table`` gates.

    Examples
    --------
    >>> selector = address_circuit([1], 2)
    >>> selector, [int(b) for b in selector.truth_table().table]
    (<Circuit Sum-of-(ReLU)^2: 3 variables, 5 gates, 9 wires>, [0, 1, 0, 1, 0, 0, 1, 1])
    """
    for k, bits in enumerate(rows):
        _at_least(f"rows[{k}]", bits, 1)
    if not 1 <= table <= 1 << len(rows):
        raise ValueError(f"table must be from 1 to {1 << len(rows)} for {len(rows)} rows; got {table}")
    n = table + sum(rows)
    # the table is carried by x_j = max(0, x_j + 1) - 1
    gates = [([Fraction(int(i == j)) for i in range(n)], ONE) for j in range(table)]
    parities: list[list[tuple[int, Fraction]]] = []
    start = table
    for bits in rows:
        row = [Fraction(int(start <= i < start + bits), 2) for i in range(n)]
        zigzag, factors = _zigzag(row, Fraction(bits, 2), bits)
        parities.append([(len(gates) + k, factor) for k, factor in enumerate(factors)])
        gates += zigzag
        start += bits
    second: list[tuple[Row, Fraction]] = []
    for j in range(table):  # 1 if all parities agree with j and x_j = 1, else at most -1 before the ReLU
        row = [Fraction(0)] * len(gates)
        row[j] = ONE
        bias = -ONE - len(rows)
        for k, terms in enumerate(parities):
            sign = ONE if j >> k & 1 else -ONE
            for gate, factor in terms:
                row[gate] += sign * factor
            bias -= sign
        second.append((row, bias))
    return Circuit(
        [
            _layer([row for row, _ in gates], [bias for _, bias in gates], Gate.RELU),
            _layer([row for row, _ in second], [bias for _, bias in second], Gate.RELU),
            _layer([[Fraction(2)] * table], [-ONE], Gate.AFFINE),
        ]
    )


def andreev_circuit(n: int) -> Circuit:
    """Return Andreev's function of Definition 10 as a ReLU circuit of linear size: 3n/2 gates at most.

    Parameters
    ----------
    n
        At least 4. The variables are those of :func:`relucomb.boolean.named.andreev`: a table of ``⌊n/2⌋`` bits, then
        ``⌊log2(n/2)⌋`` rows of ``⌊n / (2 ⌊log2(n/2)⌋)⌋`` bits. Table bits that no address reaches, and bits after the
        last row, have no wires.

    Examples
    --------
    >>> andreev_circuit(8)
    <Circuit Sum-of-(ReLU)^2: 8 variables, 12 gates, 36 wires>
    """
    _at_least("n", n, 4)
    half, rows = n // 2, (n // 2).bit_length() - 1
    columns = n // (2 * rows)
    reached = 1 << rows
    selector = address_circuit([columns] * rows, reached)
    return on_variables(selector, [*range(reached), *range(half, half + rows * columns)], n)


def _zigzag(row: Row, bias: Fraction, count: int) -> tuple[list[tuple[Row, Fraction]], Row]:
    """Return gates and factors of a function of ``m = row·x + bias``: 0, 2, 0, 2, ... at 0, 1, ..., ``count``."""
    gates = [(list(row), bias - k) for k in range(count)]
    return gates, [Fraction(2 if k == 0 else 4 * (-1) ** k) for k in range(count)]


def _sum_of_relu(gates: list[tuple[Row, Fraction]], top: Row, bias: Fraction, n: int | None = None) -> Circuit:
    """Return the circuit of a sum of gates; without any, of one that is always 0."""
    if not gates:
        assert n is not None
        gates, top = [([Fraction(0)] * n, Fraction(0))], [Fraction(0)]
    first = _layer([row for row, _ in gates], [offset for _, offset in gates], Gate.RELU)
    return Circuit([first, _layer([top], [bias], Gate.AFFINE)])


def _layer(rows: list[Row], biases: Row, gate: Gate) -> Layer:
    return np.array(rows, dtype=object), np.array(biases, dtype=object), gate


def _in_terms_of(layer: GateLayer, mixing: list[Row] | None, offsets: Row) -> tuple[list[Row], Row]:
    """Return the weights and biases of a layer, if its inputs are ``offsets + mixing @ activations``."""
    if mixing is None:
        return layer.weights.tolist(), layer.biases.tolist()
    inputs = np.array(mixing, dtype=object)
    constants = np.array(offsets, dtype=object)
    return (layer.weights @ inputs).tolist(), (layer.weights @ constants + layer.biases).tolist()


def _at_least(name: str, value: int, least: int) -> None:
    if isinstance(value, bool) or value != math.floor(value) or value < least:
        raise ValueError(f"{name} must be a whole number, at least {least}; got {value!r}")
