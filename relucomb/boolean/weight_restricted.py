"""Circuits whose bottom weights are restricted as in Definition 12: blocks, ranks, and what follows for their size.

A circuit has ``2m`` variables, first the ``m`` of ``x``, then those of ``y``; the matrix of a gate has a row for each
``x`` and a column for each ``y``. All bottom gates have whole weights of at most W, those of ``x`` in one cone of
Definition 11 and those of ``y`` in another; biases and the weights above are free.

Put the rows into the order of the cone of ``x``. The value ``a·x`` of one bottom gate rises along it and takes
``mW + 1`` values at most, so it steps ``mW`` times at most. Between the steps of *all* ``w_1`` bottom gates rows are
equal, in the matrices of all gates above, however many layers there are. So no matrix of the circuit has more than
``w_1 mW + 1`` different rows, and none has a greater rank. Lemma 2.E.1 multiplies by the widths of the layers above,
and the proof of Theorem 2.5.5 counts blocks, the square of that, where it needs a rank.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.boolean.circuits import Circuit, Gate
from relucomb.boolean.function import BooleanFunction, points
from relucomb.boolean.order_cones import check_order, common_order, in_cone, small_members, vertex_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from relucomb.boolean.circuits import GateLayer

MOST_BITS = 6
"""m for which matrices are made: 4096 entries for each gate."""


@dataclass(frozen=True, slots=True)
class WeightRestriction:
    """The condition of Definition 12.

    Attributes
    ----------
    order_x, order_y
        The permutations of the vertices of the cubes of ``x`` and ``y``.
    weight
        W, the greatest absolute value of a bottom weight.

    Examples
    --------
    >>> rule = WeightRestriction((0, 1, 2, 3), (0, 2, 1, 3), 3)
    >>> rule.violation(Circuit([([[1, 3, 2, 1]], [5], "LTF")])) is None
    True
    >>> rule.violation(Circuit([([[1, 3, 1, 2]], [5], "LTF")]))
    'bottom gate 0: the weights of y are not in the cone'
    """

    order_x: tuple[int, ...]
    order_y: tuple[int, ...]
    weight: int

    def __post_init__(self) -> None:
        check_order(self.order_x, self.m)
        check_order(self.order_y, self.m)
        if isinstance(self.weight, bool) or self.weight != int(self.weight) or self.weight < 1:
            raise ValueError(f"weight must be a whole number from 1 on; got {self.weight!r}")

    @property
    def m(self) -> int:
        """Bits of ``x``, and of ``y``."""
        return max(len(self.order_x).bit_length() - 1, 1)

    @classmethod
    def of_circuit(cls, circuit: Circuit) -> WeightRestriction | None:
        """Return a restriction that a circuit meets, with the least W; None if it meets none.

        Examples
        --------
        >>> WeightRestriction.of_circuit(Circuit([([[1, 3, 2, 1]], [5], "LTF")]))
        WeightRestriction(order_x=(0, 1, 2, 3), order_y=(0, 2, 1, 3), weight=3)
        """
        m = _half(circuit)
        bottom = circuit.layers[0].weights
        if any(entry.denominator != 1 for entry in bottom.ravel().tolist()):
            return None
        order_x, order_y = common_order(list(bottom[:, :m])), common_order(list(bottom[:, m:]))
        if order_x is None or order_y is None:
            return None
        return cls(order_x, order_y, max(1, *(int(abs(entry)) for entry in bottom.flat)))

    @classmethod
    def random(cls, m: int, weight: int, seed: int | np.random.Generator | None = None) -> WeightRestriction:
        """Return a restriction with the orders of random weights of at most W."""
        if not 1 <= m <= MOST_BITS:
            raise ValueError(f"m must be from 1 to {MOST_BITS}; got {m}")
        generator = np.random.default_rng(seed)
        orders = [vertex_order(generator.integers(-weight, weight + 1, m)) for _ in range(2)]
        return cls(orders[0], orders[1], weight)

    def violation(self, circuit: Circuit) -> str | None:
        """Tell why a circuit does not meet the condition; None if it does."""
        m = _half(circuit)
        if m != self.m:
            return f"the circuit has {circuit.n} variables, the condition is for {2 * self.m}"
        for i, row in enumerate(circuit.layers[0].weights):
            if any(entry.denominator != 1 for entry in row):
                return f"bottom gate {i}: a weight is not whole"
            if any(abs(entry) > self.weight for entry in row):
                return f"bottom gate {i}: a weight is greater than {self.weight}"
            for name, part, order in (("x", row[:m], self.order_x), ("y", row[m:], self.order_y)):
                if not in_cone(part, order):
                    return f"bottom gate {i}: the weights of {name} are not in the cone"
        return None

    def sample(self, widths: Sequence[int], seed: int | np.random.Generator | None = None) -> Circuit:
        """Draw an LTF-of-(ReLU)^k circuit that meets the condition.

        Bottom weights are sums of small whole vectors of the cones, drawn until W is reached (not uniformly); all
        other weights are whole and small, and each bias makes the argument 0 at some point,
        positive at some, and if it can be negative at some.

        Parameters
        ----------
        widths
            Of the layers of ReLU gates, from the bottom.
        seed
            Of the random numbers.

        Examples
        --------
        >>> rule = WeightRestriction.random(3, 9, seed=1)
        >>> circuit = rule.sample([4, 2], seed=2)
        >>> circuit.kind, rule.violation(circuit) is None
        ('LTF-of-(ReLU)^2', True)
        """
        if len(widths) == 0 or any(width < 1 for width in widths):
            raise ValueError(f"widths must have a width of at least 1 for each layer; got {list(widths)}")
        generator = np.random.default_rng(seed)
        sides = [self._members(order) for order in (self.order_x, self.order_y)]
        rows = np.array(
            [np.concatenate([self._vector(side, generator) for side in sides]) for _ in range(widths[0])],
            dtype=np.int64,
        )
        values = _both(self.m).astype(np.int64)
        layers: list[tuple[Any, Any, Gate]] = []
        for width in [*widths[1:], 1, None]:
            heights = values @ rows.T
            biases = -np.array([_inner(np.unique(column), generator) for column in heights.T])
            layers.append((rows, biases, Gate.RELU if width is not None else Gate.LTF))
            values = np.maximum(heights + biases, 0)
            if width is not None:
                rows = generator.integers(1, 4, (width, len(rows))) * generator.choice([-1, 1], (width, len(rows)))
        return Circuit(layers)

    def _members(self, order: tuple[int, ...]) -> NDArray[np.int64]:
        greatest = max(g for g in range(1, 8) if (2 * g + 1) ** self.m <= 20_000)
        return small_members(order, self.m, min(greatest, self.weight))

    def _vector(self, members: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
        vector = np.zeros(self.m, dtype=np.int64)
        for _ in range(int(generator.integers(1, 3 + 2 * self.weight.bit_length()))):
            candidate = members[generator.integers(len(members))]
            room = min(
                (int(self.weight - abs(v)) // abs(int(c)) for v, c in zip(vector, candidate, strict=True) if c),
                default=0,
            )
            if room > 0:
                vector = vector + int(generator.integers(1, room + 1)) * candidate
        return vector


@dataclass(frozen=True, slots=True)
class GateBlocks:
    """The matrix of one gate.

    Attributes
    ----------
    layer, gate
        Where the gate is.
    row_blocks, column_blocks
        The least numbers of contiguous groups of rows and columns, in the orders of the cones, so that the matrix is
        constant on each block.
    rank
        Exact.
    """

    layer: int
    gate: int
    row_blocks: int
    column_blocks: int
    rank: int


@dataclass(frozen=True, slots=True)
class BlockBounds:
    """What is proven for circuits of Definition 12, for every layer and for the sign-rank.

    Attributes
    ----------
    values
        How many values ``a·x`` takes at most: the lesser of ``mW + 1`` and ``2^m``.
    blocks
        For each layer of ReLU gates, how many groups of rows a gate's matrix has at most by Lemma 2.E.1 and Claim 5:
        ``w_1 ··· w_(j−1)·(values − 1) + 1``.
    common
        How many groups all matrices of the circuit have together at most: ``w_1 (values − 1) + 1``.
    sign_rank_published
        The bound in the proof of Theorem 2.5.5, with a block counted as a matrix of rank 1:
        ``1 + w·blocks²`` for the last layer.
    sign_rank_by_rows
        With the rank at most the number of groups of rows: ``1 + w·blocks``.
    sign_rank
        ``common``, or ``2^m`` if that is less.
    """

    values: int
    blocks: tuple[int, ...]
    common: int
    sign_rank_published: int
    sign_rank_by_rows: int
    sign_rank: int


def block_bounds(m: int, weight: int, widths: Sequence[int]) -> BlockBounds:
    """Return what is proven for the matrices of circuits with these widths.

    Examples
    --------
    >>> block_bounds(4, 2, [3, 2])
    BlockBounds(values=9, blocks=(9, 25), common=25, sign_rank_published=1251, sign_rank_by_rows=51, sign_rank=16)
    """
    values = min(m * weight + 1, 1 << m)
    blocks = tuple(math.prod(widths[:j]) * (values - 1) + 1 for j in range(len(widths)))
    common = widths[0] * (values - 1) + 1
    last = widths[-1]
    return BlockBounds(values, blocks, common, 1 + last * blocks[-1] ** 2, 1 + last * blocks[-1], min(common, 1 << m))


def gate_matrices(circuit: Circuit, *, before_output: bool = True) -> list[list[NDArray[np.object_]]]:
    """Return the matrices of all gates, layer by layer, in whole numbers: each is a multiple of the gate's values.

    Parameters
    ----------
    circuit
        Of ``2m`` variables, ``m`` up to 6.
    before_output
        Whether the matrix of the output gate is that of its argument, without LTF or ReLU.

    Examples
    --------
    >>> [[matrix]] = gate_matrices(Circuit([([[1, 1]], [0], "LTF")]))
    >>> matrix.tolist()
    [[-2, 0], [0, 2]]
    """
    m = _half(circuit)
    values, scale = _both(m).astype(object), Fraction(1)
    found = []
    for k, layer in enumerate(circuit.layers):
        values, plain, scale = _apply(layer, values, scale)
        shown = plain if before_output and k == len(circuit.layers) - 1 else values
        found.append([column.reshape(1 << m, 1 << m).T for column in shown.T])
    return found


def gate_blocks(circuit: Circuit, rule: WeightRestriction) -> list[list[GateBlocks]]:
    """Return blocks and exact rank of the matrix of every gate; for the output gate, of the matrix of its argument.

    Raises
    ------
    ValueError
        The circuit does not meet the condition, or m is greater than 6.

    Examples
    --------
    >>> rule = WeightRestriction((0, 1, 2, 3), (0, 2, 1, 3), 3)
    >>> [[found]] = gate_blocks(Circuit([([[1, 3, 2, 1]], [0], "ReLU")]), rule)
    >>> found.row_blocks, found.column_blocks, found.rank
    (4, 4, 2)
    """
    reason = rule.violation(circuit)
    if reason is not None:
        raise ValueError(f"circuit must meet the condition of Definition 12; {reason}")
    found: list[list[GateBlocks]] = []
    for k, layer in enumerate(gate_matrices(circuit)):
        found.append([])
        for i, matrix in enumerate(layer):
            ordered = matrix[np.ix_(list(rule.order_x), list(rule.order_y))]
            found[-1].append(GateBlocks(k, i, count_groups(ordered), count_groups(ordered.T), exact_rank(ordered)))
    return found


def count_groups(matrix: NDArray[Any]) -> int:
    """Return the number of groups of equal neighbouring rows.

    Examples
    --------
    >>> count_groups(np.array([[1, 2], [1, 2], [3, 4], [1, 2]]))
    3
    """
    return 1 + sum(not np.array_equal(above, below) for above, below in itertools.pairwise(matrix))


def exact_rank(matrix: NDArray[Any]) -> int:
    """Return the rank of a matrix of whole numbers, exactly (python-flint).

    Examples
    --------
    >>> exact_rank(np.array([[1, 2, 3], [2, 4, 6], [1, 1, 1]]))
    2
    """
    from flint import fmpz_mat

    rows = sorted({tuple(int(entry) for entry in row) for row in matrix})
    columns = sorted(set(zip(*rows, strict=True)))
    return int(fmpz_mat(len(columns), len(rows), [entry for column in columns for entry in column]).rank())


def sign_rank_witness(circuit: Circuit) -> NDArray[np.object_]:
    """Return whole numbers with the signs of the circuit's output and no zero, of the least rank that shifting gives.

    The argument of the output gate is moved up by half its distance from the greatest negative number, so that no
    entry is 0 (appendix 2.E); the rank of the result bounds the sign-rank of the matrix of the circuit.

    Raises
    ------
    ValueError
        The output gate is no LTF.

    Examples
    --------
    >>> sign_rank_witness(Circuit([([[1, 1]], [0], "LTF")])).tolist()
    [[-2, 2], [2, 6]]
    """
    if circuit.layers[-1].gate is not Gate.LTF:
        raise ValueError(f"the output gate must be an LTF; got a circuit of kind {circuit.kind}")
    [matrix] = gate_matrices(circuit)[-1]
    negative = [-entry for entry in matrix.ravel().tolist() if entry < 0]
    return np.asarray(2 * matrix + min(negative, default=1))


def communication_matrix(f: BooleanFunction) -> NDArray[np.int8]:
    """Return the signs of a function of ``2m`` variables as a matrix: a row for each ``x``, the first half.

    Examples
    --------
    >>> communication_matrix(BooleanFunction.from_name("equality", 2)).tolist()
    [[1, -1], [-1, 1]]
    """
    if f.n % 2 or f.n == 0:
        raise ValueError(f"f must have an even number of variables, half of them for x; got {f.n}")
    size = 1 << f.n // 2
    return f.signs.reshape(size, size).T


def bottom_gates_needed(f: BooleanFunction, weight: int) -> int:
    """Return how many bottom gates a circuit of Definition 12 needs at least to compute a function, whatever its depth.

    A circuit with ``w_1`` bottom gates has ``w_1 (values − 1) + 1`` different rows and columns at most. This holds for
    LTF gates as for ReLU gates, and for any gates above them.

    Examples
    --------
    >>> bottom_gates_needed(BooleanFunction.from_name("equality", 12), 2)
    6
    """
    matrix = communication_matrix(f)
    m = f.n // 2
    different = max(len(np.unique(side, axis=0)) for side in (matrix, matrix.T))
    return -(-(different - 1) // (min(m * weight + 1, 1 << m) - 1))


def _apply(
    layer: GateLayer, values: NDArray[np.object_], scale: Fraction
) -> tuple[NDArray[np.object_], NDArray[np.object_], Fraction]:
    """Return the outputs of a layer, their arguments, and by what both are multiplied to be whole numbers."""
    biases = [bias * scale for bias in layer.biases]
    factor = math.lcm(*(entry.denominator for entry in [*layer.weights.flat, *biases]))
    weights = np.array([[int(entry * factor) for entry in row] for row in layer.weights], dtype=object)
    heights = values @ weights.T + np.array([int(bias * factor) for bias in biases], dtype=object)
    if layer.gate is Gate.LTF:
        return np.where(heights >= 0, 1, -1).astype(object), heights, Fraction(1)
    return np.maximum(heights, 0) if layer.gate is Gate.RELU else heights, heights, scale * factor


def _inner(values: NDArray[np.int64], generator: np.random.Generator) -> int:
    """Return one of the values, but the least and the greatest only if there are no others."""
    low = 1 if len(values) > 2 else 0
    return int(values[generator.integers(low, max(len(values) - 1, low + 1))])


def _both(m: int) -> NDArray[np.int8]:
    return points(2 * m)


def _half(circuit: Circuit) -> int:
    if circuit.n % 2:
        raise ValueError(f"circuit must have an even number of variables, half of them for x; got {circuit.n}")
    if circuit.n // 2 > MOST_BITS:
        raise ValueError(
            f"circuit must have at most {2 * MOST_BITS} variables, for matrices of 4096 entries; got {circuit.n}"
        )
    return circuit.n // 2
