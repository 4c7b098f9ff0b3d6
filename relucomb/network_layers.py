"""Building networks from networks, layer by layer: Lemmas 2.A.2 to 2.A.5 as matrices.

A network is a list of layers ``(W, b)`` with ``W`` of shape ``(out, in)`` and ``b`` of shape ``(out,)``; between two
layers stands a ReLU, and the last layer is affine. The functions here keep the dtype of what they get: floats, or
object arrays of fractions, in which all arithmetic is exact. The two networks of a call have the same dtype.

The lemmas are those of A. Mukherjee, *A Study of the Mathematics of Deep Learning*, Johns Hopkins University, 2020,
appendix 2.A.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Layer: TypeAlias = "tuple[NDArray[Any], NDArray[Any]]"


def compose(outer: list[Layer], inner: list[Layer]) -> list[Layer]:
    """Return the layers of ``x -> outer(inner(x))`` (Lemma 2.A.2).

    The last layer of ``inner`` and the first of ``outer`` are affine maps without a ReLU between them, so they merge:
    hidden layers and sizes add up.

    Examples
    --------
    >>> double = [(np.array([[2]]), np.array([0]))]
    >>> compose(double, [(np.array([[1]]), np.array([5]))])
    [(array([[2]]), array([10]))]
    """
    (inner_W, inner_b), (outer_W, outer_b) = inner[-1], outer[0]
    return [*inner[:-1], (outer_W @ inner_W, outer_W @ inner_b + outer_b), *outer[1:]]


def stack(first: list[Layer], second: list[Layer]) -> list[Layer]:
    """Return the layers of ``x -> (first(x), second(x))``: the two side by side on the same input.

    The shallower one is padded by :func:`deepen`; apart from that the sizes add up.

    Examples
    --------
    >>> relu = [(np.array([[1]]), np.array([0]))] * 2
    >>> [W.tolist() for W, _ in stack(relu, relu)]
    [[[1], [1]], [[1, 0], [0, 1]]]
    """
    depth = max(len(first), len(second))
    pairs = list(zip(deepen(first, depth), deepen(second, depth), strict=True))
    (V, a), (W, b) = pairs[0]
    layers = [(np.vstack([V, W]), np.concatenate([a, b]))]
    for (V, a), (W, b) in pairs[1:]:
        layers.append((_block_diagonal(V, W), np.concatenate([a, b])))
    return layers


def deepen(layers: list[Layer], depth: int) -> list[Layer]:
    """Return the same function with ``depth`` layers.

    Each added hidden layer carries the outputs through by ``y = max(0, y) - max(0, -y)``: two units for each output
    (Lemma 2.A.5).

    Examples
    --------
    >>> [W.tolist() for W, _ in deepen([(np.array([[3]]), np.array([1]))], 2)]
    [[[3], [-3]], [[1, -1]]]
    """
    while len(layers) < depth:
        W, b = layers[-1]
        one = _identity(len(b), W.dtype)
        layers = [*layers[:-1], (np.vstack([W, -W]), np.concatenate([b, -b])), (np.hstack([one, -one]), 0 * b)]
    return layers


def add(first: list[Layer], second: list[Layer]) -> list[Layer]:
    """Return the layers of ``x -> first(x) + second(x)`` (Lemma 2.A.3).

    Examples
    --------
    >>> add([(np.array([[3]]), np.array([1]))], [(np.array([[4]]), np.array([1]))])
    [(array([[7]]), array([2]))]
    """
    W, b = first[-1]
    one = _identity(len(b), W.dtype)
    return compose([(np.hstack([one, one]), 0 * b)], stack(first, second))


def maximum(first: list[Layer], second: list[Layer]) -> list[Layer]:
    """Return the layers of ``x -> max(first(x), second(x))``, entry by entry (Lemma 2.A.4).

    ``max(y, z) = max(0, y - z) + max(0, z) - max(0, -z)`` takes three units for each output, where the lemma's
    ``(y + z)/2 + |y - z|/2`` takes four, and needs no halves.

    Examples
    --------
    >>> x, zero = [(np.array([[1]]), np.array([0]))], [(np.array([[0]]), np.array([0]))]
    >>> [W.tolist() for W, _ in maximum(x, zero)]
    [[[1], [0], [0]], [[1, 1, -1]]]
    """
    W, b = first[-1]
    one = _identity(len(b), W.dtype)
    zero = 0 * one
    differences = np.block([[one, -one], [zero, one], [zero, -one]])
    return compose(
        [(differences, np.concatenate([0 * b, 0 * b, 0 * b])), (np.hstack([one, one, -one]), 0 * b)],
        stack(first, second),
    )


def _identity(n: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    # by way of integers: an object array of floats would turn fractions into floats when multiplied
    return np.eye(n, dtype=np.int64).astype(dtype)


def _block_diagonal(A: NDArray[Any], B: NDArray[Any]) -> NDArray[Any]:
    zeros = np.zeros((len(A) + len(B), A.shape[1] + B.shape[1]), dtype=A.dtype)
    zeros[: len(A), : A.shape[1]] = A
    zeros[len(A) :, A.shape[1] :] = B
    return zeros
