"""Whether labels are those of a gate: found, unique, or refused with the reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.training import realise

SMALL = st.integers(-3, 3)
DATA = st.integers(1, 3).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(SMALL, min_size=n, max_size=n), min_size=1, max_size=7),
        st.lists(SMALL, min_size=n, max_size=n),
    )
)


@given(DATA, st.sampled_from([1.0, 1e-10, 1e10]), st.sampled_from([1.0, 1e-6, 1e8]))
def test_labels_of_a_gate_are_realised(data: tuple[list[list[int]], list[int]], unit: float, size: float) -> None:
    """Some gate is found whatever the units of points and labels; it is the one behind them where it is unique."""
    points, w = unit * np.array(data[0], dtype=float), np.array(data[1], dtype=float) * size / unit
    labels = np.maximum(points @ w, 0.0)
    found = realise(points, labels)
    assert found.realised
    assert found.w is not None
    np.testing.assert_allclose(np.maximum(points @ found.w, 0.0), labels, atol=1e-8 * max(labels.max(), 1e-300))
    positive = points[labels > 0]
    assert found.unique is bool(len(positive) and np.linalg.matrix_rank(positive) == points.shape[1])
    if found.unique:
        np.testing.assert_allclose(found.w, w, rtol=1e-7, atol=1e-7 * np.abs(w).max())


@given(DATA, st.integers(0, 6))
def test_a_gate_with_other_labels_is_never_nearer(data: tuple[list[list[int]], list[int]], seed: int) -> None:
    """The residual is the least of all gates: random ones, and the one that made the labels before noise."""
    points = np.array(data[0], dtype=float)
    random = np.random.default_rng(seed)
    labels = np.abs(np.maximum(points @ np.array(data[1]), 0.0) + random.integers(-1, 2, len(points)))
    found = realise(points, labels)
    for w in [np.array(data[1], dtype=float), *random.normal(size=(20, points.shape[1]))]:
        other = np.abs(np.maximum(points @ w, 0.0) - labels).max()
        assert found.residual <= other + 1e-8 * max(labels.max(), 1.0)


def test_a_negative_label_is_named() -> None:
    """No gate makes it; the most negative is told."""
    found = realise(np.eye(2), np.array([-1.0, -3.0]))
    assert (found.w, found.realised, found.row, found.residual) == (None, False, 1, 3.0)
    assert str(found.hypothesis()).endswith("it is 3, 3 too far; the label of point 1 is negative")


def test_inconsistent_labels_say_by_how_much() -> None:
    """1 at 1 and 3 at 2: every gate is off by a third."""
    found = realise(np.array([[1.0], [2.0]]), np.array([1.0, 3.0]))
    assert found.residual == pytest.approx(1 / 3)
    assert not found.realised
    assert "any gate is that far off" in str(found.hypothesis())
    assert found.hypothesis().violation == pytest.approx(1 / 3)


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
def test_the_unit_of_the_points_does_not_matter(unit: float) -> None:
    """A gate that only the programme finds: least squares of the one positive point fail at the others."""
    points = unit * np.array([[1.0, 0.0], [0.6, 0.8], [0.6, -0.8]])
    labels = np.maximum(points @ (np.array([1.0, -1.0]) / unit), 0.0)[[0, 1]]
    found = realise(points[:2], labels)
    assert found.realised
    assert not found.unique


@pytest.mark.parametrize("labels", [[0.0, 0.0], [1e-320, 0.0]])
def test_no_positive_label(labels: list[float]) -> None:
    """Zeros are realised by 0, which is not unique."""
    found = realise(np.eye(2), np.array(labels))
    assert found.realised
    assert not found.unique
