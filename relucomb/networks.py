"""ReLU networks as functions: evaluated, composed, added, compared, saved, in floats or in exact rationals."""

from __future__ import annotations

import json
import os
from itertools import pairwise
from numbers import Integral, Rational, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from relucomb import network_json, network_layers, network_values
from relucomb.atomic_write import write_atomically
from relucomb.rationals import are_exact, as_entries, as_floats, as_fractions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import ArrayLike, NDArray

    from relucomb.network_layers import Layer


class ReLUNetwork:
    """A feed-forward network with ``max(0, ·)`` after every layer but the last, which is affine.

    Networks do not change; every operation returns a new one. If an entry is a fraction, or if all entries are
    integers, the whole network is kept as exact rationals (and a float among them is the rational it is); otherwise
    it is kept in floats.

    Parameters
    ----------
    weights
        One array ``(out, in)`` for each layer.
    biases
        One array ``(out,)`` for each layer.

    Raises
    ------
    ValueError
        The shapes do not fit together, or an entry is not finite.
    TypeError
        An entry is not a real number.

    Examples
    --------
    The hat with top 1 at x = 1, three hidden units, is 0 outside [0, 2]:

    >>> hat = ReLUNetwork([[[1], [1], [1]], [[1, -2, 1]]], [[0, -1, -2], [0]])
    >>> hat([[-1.0], [0.5], [1.0], [3.0]])
    array([0. , 0.5, 1. , 0. ])
    >>> hat.depth, hat.size, hat.widths
    (2, 3, (1, 3, 1))

    Two hats after one another make two teeth, exactly:

    >>> from fractions import Fraction
    >>> teeth = (2 * hat).compose(hat)
    >>> teeth.evaluate_exact([[Fraction(1, 3)], [Fraction(5, 3)]])
    array([Fraction(2, 3), Fraction(2, 3)], dtype=object)
    """

    __slots__ = ("_biases", "_weights")
    __array_ufunc__ = None  # so that numpy's scalars leave `scalar * network` to this class

    _weights: tuple[NDArray[Any], ...]
    _biases: tuple[NDArray[Any], ...]

    def __init__(self, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> None:
        if len(weights) != len(biases) or len(weights) == 0:
            got = f"{len(weights)} weights and {len(biases)} biases"
            raise ValueError(
                f"weights and biases must have one array for each layer, and one layer at least; got {got}"
            )
        matrices = [as_entries(W, f"weights[{k}]") for k, W in enumerate(weights)]
        vectors = [as_entries(b, f"biases[{k}]") for k, b in enumerate(biases)]
        read = as_fractions if are_exact([*matrices, *vectors]) else as_floats
        self._weights = tuple(_frozen(read(W, f"weights[{k}]", ndim=2)) for k, W in enumerate(matrices))
        self._biases = tuple(_frozen(read(b, f"biases[{k}]", ndim=1)) for k, b in enumerate(vectors))
        self._check_shapes()

    def _check_shapes(self) -> None:
        for k, (W, b) in enumerate(self._layers()):
            if 0 in W.shape:
                raise ValueError(f"weights[{k}] must have at least one row and one column; got shape {W.shape}")
            if b.shape != W.shape[:1]:
                raise ValueError(
                    f"biases[{k}] must have shape {W.shape[:1]}, as weights[{k}] has {len(W)} rows; got {b.shape}"
                )
        for k, (before, after) in enumerate(pairwise(self._weights), start=1):
            if after.shape[1] != len(before):
                legal = f"{len(before)} columns, as weights[{k - 1}] has {len(before)} rows"
                raise ValueError(f"weights[{k}] must have {legal}; got shape {after.shape}")

    # what it is

    @property
    def weights(self) -> tuple[NDArray[Any], ...]:
        """One read-only array ``(out, in)`` for each layer: floats, or fractions if :attr:`is_exact`."""
        return self._weights

    @property
    def biases(self) -> tuple[NDArray[Any], ...]:
        """One read-only array ``(out,)`` for each layer."""
        return self._biases

    @property
    def depth(self) -> int:
        """Number of affine layers: one more than there are hidden layers."""
        return len(self._weights)

    @property
    def widths(self) -> tuple[int, ...]:
        """Number of inputs, of units in each hidden layer, of outputs."""
        return (self._weights[0].shape[1], *(len(b) for b in self._biases))

    @property
    def size(self) -> int:
        """Number of hidden units."""
        return sum(self.widths[1:-1])

    @property
    def is_exact(self) -> bool:
        """Whether the entries are fractions."""
        return self._weights[0].dtype == object

    def exact(self) -> Self:
        """Return the same network with fractions; a float becomes the rational it is.

        Examples
        --------
        >>> ReLUNetwork([[[0.5]]], [[0.25]]).exact().biases
        (array([Fraction(1, 4)], dtype=object),)
        """
        if self.is_exact:
            return self
        return type(self)([as_fractions(W) for W in self._weights], [as_fractions(b) for b in self._biases])

    def __eq__(self, other: object) -> bool:
        """Equal entries in equal places, compared as numbers: an exact network may equal one of floats."""
        if not isinstance(other, ReLUNetwork):
            return NotImplemented
        return self.widths == other.widths and all(
            np.array_equal(mine, theirs)
            for mine, theirs in zip(self._weights + self._biases, other._weights + other._biases, strict=True)
        )

    def __hash__(self) -> int:
        return hash(
            (self.widths, *(entry for array in self._weights + self._biases for entry in array.ravel().tolist()))
        )

    def __repr__(self) -> str:
        kind = "exact" if self.is_exact else "float64"
        return f"<ReLUNetwork {'-'.join(map(str, self.widths))}, {kind}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._weights, self._biases)

    # its values

    def __call__(self, X: ArrayLike) -> NDArray[np.float64]:
        """Evaluate in floats.

        Parameters
        ----------
        X
            Points, ``(N, n)``.

        Returns
        -------
        numpy.ndarray
            ``(N,)`` if the network has one output, else ``(N, out)``.

        Raises
        ------
        ValueError
            ``X`` has another shape or an entry that is not finite, or the network is exact and an entry of it is
            beyond the range of floats.
        """
        points = as_floats(X, "X", ndim=2)
        self._check_points(points)
        return _flat(network_values.in_floats(self._layers(), points))

    def evaluate_exact(self, X: ArrayLike) -> NDArray[np.object_]:
        """Evaluate in rational arithmetic, floats being the rationals they are.

        Parameters
        ----------
        X
            Points, ``(N, n)``: integers, floats or fractions.

        Returns
        -------
        numpy.ndarray
            Object array of :class:`fractions.Fraction`: ``(N,)`` if the network has one output, else ``(N, out)``.

        Raises
        ------
        ValueError
            ``X`` has another shape or an entry that is not finite.

        Examples
        --------
        In floats 0.1 + 0.2 - 0.3 is 2^-54; the three rationals that these floats are differ by half as much:

        >>> net = ReLUNetwork([[[0.1, 0.2, -0.3]]], [[0.0]])
        >>> net.evaluate_exact([[1, 1, 1]])
        array([Fraction(1, 36028797018963968)], dtype=object)
        """
        points = as_fractions(X, "X", ndim=2)
        self._check_points(points)
        return _flat(network_values.in_rationals(self.exact()._layers(), points))

    def _check_points(self, X: NDArray[Any]) -> None:
        if X.shape[1] != self.widths[0]:
            raise ValueError(f"X must have shape (N, {self.widths[0]}), one row for each point; got {X.shape}")

    # networks from networks

    def compose(self, inner: ReLUNetwork) -> ReLUNetwork:
        """Return the network of ``x -> self(inner(x))`` (Lemma 2.A.2).

        The hidden layers follow one another: depths add up minus one, sizes add up. Where both are exact or one is,
        so is the result; two networks in floats round when their middle layers are multiplied.

        Raises
        ------
        ValueError
            ``inner`` has another number of outputs than this network has inputs.

        Examples
        --------
        >>> relu = ReLUNetwork([[[1]], [[1]]], [[0], [0]])
        >>> minus = ReLUNetwork([[[-1]]], [[0]])
        >>> relu.compose(minus)([[-3], [3]])
        array([3., 0.])
        """
        if not isinstance(inner, ReLUNetwork):
            raise TypeError(f"inner must be a ReLUNetwork; got {type(inner).__name__}")
        if inner.widths[-1] != self.widths[0]:
            raise ValueError(
                f"inner must have {self.widths[0]} outputs, as many as this has inputs; got {inner.widths[-1]}"
            )
        outer, inner = _alike(self, inner)
        return _network(network_layers.compose(outer._layers(), inner._layers()))

    def __add__(self, other: ReLUNetwork | float | Fraction) -> ReLUNetwork:
        """Add a network or a number (Lemma 2.A.3).

        Sizes add up; the shallower network is padded with two units for each output and missing layer.
        """
        if isinstance(other, ReLUNetwork):
            first, second = _alike(self, _same_ends("the second summand", other, self))
            return _network(network_layers.add(first._layers(), second._layers()))
        if not isinstance(other, Real):
            return NotImplemented
        me, constant = _with_number(self, other, "the second summand")
        *hidden, (W, b) = me._layers()
        return _network([*hidden, (W, b + constant)])

    def __radd__(self, other: float | Fraction) -> ReLUNetwork:
        return self + other

    def __mul__(self, factor: float | Fraction) -> ReLUNetwork:
        """Multiply the output by a number."""
        if not isinstance(factor, Real):
            return NotImplemented
        me, c = _with_number(self, factor, "factor")
        *hidden, (W, b) = me._layers()
        return _network([*hidden, (c * W, c * b)])

    def __rmul__(self, factor: float | Fraction) -> ReLUNetwork:
        return self * factor

    def __neg__(self) -> ReLUNetwork:
        return -1 * self

    def __sub__(self, other: ReLUNetwork | float | Fraction) -> ReLUNetwork:
        return self + (-other)

    def __rsub__(self, other: float | Fraction) -> ReLUNetwork:
        return -self + other

    def _layers(self) -> list[Layer]:
        return list(zip(self._weights, self._biases, strict=True))

    # files

    def to_json(self) -> dict[str, Any]:
        """Return the network as an object that ``json.dumps`` takes; floats keep every bit, fractions are ``"p/q"``."""
        return network_json.encode(self._weights, self._biases)

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """Make the network of such an object.

        Raises
        ------
        ValueError
            The object is not one of a network; the message says where.

        Examples
        --------
        >>> net = ReLUNetwork([[[0.1]]], [[0.0]])
        >>> ReLUNetwork.from_json(net.to_json()) == net
        True
        """
        return cls(*network_json.decode(document))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the network to a JSON file, completely or not at all.

        Raises
        ------
        OSError
            The file cannot be written.
        """
        write_atomically(path, json.dumps(self.to_json(), allow_nan=False) + "\n")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a network from a JSON file.

        Raises
        ------
        OSError
            The file cannot be read.
        ValueError
            It does not hold a network; the message names the file and the place.
        """
        try:
            return cls.from_json(json.loads(Path(path).read_bytes()))
        except (ValueError, TypeError, RecursionError) as error:
            raise ValueError(f"{os.fspath(path)} does not hold a network: {error}") from error


def maximum(first: ReLUNetwork, *others: ReLUNetwork) -> ReLUNetwork:
    """Return the network of the pointwise maximum, entry by entry (Lemma 2.A.4).

    A balanced tree of binary maxima: m networks with at most k hidden layers give k + ⌈log m⌉ of them. Each maximum of
    two takes three units for each output (the lemma counts four), and a network that is shallower than its partner
    two units for each layer missing.

    Parameters
    ----------
    first, *others
        Networks with the same number of inputs and of outputs.

    Raises
    ------
    ValueError
        The numbers of inputs or outputs differ.
    TypeError
        An argument is not a network.

    Examples
    --------
    >>> x, minus = ReLUNetwork([[[1]]], [[0]]), ReLUNetwork([[[-1]]], [[0]])
    >>> absolute = maximum(x, minus)
    >>> absolute([[-2], [3]])
    array([2., 3.])
    >>> absolute.widths
    (1, 3, 1)
    """
    networks = [_same_ends(f"argument {k}", net, first) for k, net in enumerate((first, *others), start=1)]
    if any(net.is_exact for net in networks):
        networks = [net.exact() for net in networks]
    while len(networks) > 1:
        pairs = [networks[k : k + 2] for k in range(0, len(networks), 2)]
        networks = [_maximum_of_pair(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return networks[0]


def _maximum_of_pair(first: ReLUNetwork, second: ReLUNetwork) -> ReLUNetwork:
    return _network(network_layers.maximum(first._layers(), second._layers()))


def _network(layers: list[Layer]) -> ReLUNetwork:
    return ReLUNetwork([W for W, _ in layers], [b for _, b in layers])


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array


def _flat(values: NDArray[Any]) -> NDArray[Any]:
    return values[:, 0] if values.shape[1] == 1 else values


def _alike(first: ReLUNetwork, second: ReLUNetwork) -> tuple[ReLUNetwork, ReLUNetwork]:
    """Return both exact if one is, since a fraction times a float would be a float."""
    if first.is_exact or second.is_exact:
        return first.exact(), second.exact()
    return first, second


def _with_number(net: ReLUNetwork, number: Any, name: str) -> tuple[ReLUNetwork, Any]:
    """Return both exact if the network is or the number is a fraction; an integer leaves floats floats."""
    if net.is_exact or (isinstance(number, Rational) and not isinstance(number, Integral)):
        return net.exact(), as_fractions(number, name).item()
    return net, as_floats(number, name).item()


def _same_ends(what: str, net: ReLUNetwork, model: ReLUNetwork) -> ReLUNetwork:
    if not isinstance(net, ReLUNetwork):
        raise TypeError(f"{what} must be a ReLUNetwork; got {type(net).__name__}")
    ends, legal = (net.widths[0], net.widths[-1]), (model.widths[0], model.widths[-1])
    if ends != legal:
        raise ValueError(
            f"{what} must have {legal[0]} inputs and {legal[1]} outputs as the first; got {ends[0]} and {ends[1]}"
        )
    return net
