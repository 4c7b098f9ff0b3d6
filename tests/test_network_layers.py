"""Tests of relucomb.network_layers: the shapes and dtypes of the constructions (their values: test_networks)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from relucomb import network_layers

if TYPE_CHECKING:
    from relucomb.network_layers import Layer


def affine(dtype: type, rows: int = 2, columns: int = 3) -> list[Layer]:
    """Return one layer of ones."""
    return [(np.ones((rows, columns), dtype=dtype), np.ones(rows, dtype=dtype))]


@pytest.mark.parametrize("dtype", [float, object])
def test_the_dtype_is_kept(dtype: type) -> None:
    """Floats stay floats and objects objects in every construction."""
    f, g = affine(dtype), network_layers.deepen(affine(dtype), 3)
    for build in (network_layers.add, network_layers.maximum, network_layers.stack):
        assert {array.dtype for layer in build(f, g) for array in layer} == {np.dtype(dtype)}


def test_fractions_never_meet_a_float() -> None:
    """An identity matrix of floats would turn one third into a float."""
    third = Fraction(1, 3)
    f: list[Layer] = [(np.array([[third]], dtype=object), np.array([third], dtype=object))]
    for build in (network_layers.add, network_layers.maximum):
        for W, b in build(f, network_layers.deepen(f, 3)):
            assert not any(isinstance(entry, float) for entry in [*W.flat, *b])


def test_an_affine_map_deepened_once_is_lemma_2_a_5() -> None:
    """An affine map with m outputs takes 2m units in one hidden layer."""
    hidden, last = network_layers.deepen(affine(float), 2)
    assert hidden[0].shape == (4, 3)
    assert last[0].tolist() == [[1, 0, -1, 0], [0, 1, 0, -1]]


def test_stacking_keeps_the_two_apart() -> None:
    """After the shared first layer the matrices are block diagonal."""
    f, g = network_layers.deepen(affine(float, 1), 2), network_layers.deepen(affine(float, 2), 2)
    (first, _), (second, bias) = network_layers.stack(f, g)
    assert first.shape == (6, 3)
    assert second.tolist() == [[1, -1, 0, 0, 0, 0], [0, 0, 1, 0, -1, 0], [0, 0, 0, 1, 0, -1]]
    assert bias.shape == (3,)
