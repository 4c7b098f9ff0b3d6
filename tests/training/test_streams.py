"""Streams of labelled points: where they come from, what is known of their gate, and what a user may give."""

# mypy: disable-error-code="arg-type"
# lists are legal where arrays are declared

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from relucomb.training import Gaussian
from relucomb.training.streams import BLOCK, made_by, open_stream, run_stream
from relucomb_solvers import gate_sgd

X = [[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]


def test_the_gate_of_data_is_found_if_it_is_unique() -> None:
    """Two positive labels determine two weights; one does not."""
    found = open_stream(X, [2.0, 3.0, 0.0], None)
    assert found.target is not None
    assert found.target == pytest.approx([2.0, 3.0])
    assert open_stream(X, [2.0, 0.0, 0.0], None).target is None


def test_labels_are_made_by_the_gate() -> None:
    """If none are given, and of whatever is drawn from a law or by a sampler."""
    rows = open_stream(X, None, [1.0, -2.0])
    assert rows.labels is not None
    assert rows.labels.tolist() == [1.0, 0.0, 1.0]
    for source in (Gaussian.standard(2), lambda random, count: random.normal(size=(count, 2))):
        points, labels, order = open_stream(source, None, [1.0, -2.0]).draw(np.random.default_rng(0), 7)
        assert labels == pytest.approx(np.maximum(points @ [1.0, -2.0], 0.0))
        assert order.tolist() == list(range(7))


@pytest.mark.parametrize(
    ("source", "y", "w_star", "message"),
    [
        (Gaussian.standard(2), [1.0], [1.0, 1.0], "y was given without points"),
        (Gaussian.standard(2), None, None, "w_star must be given"),
        (X, None, None, "y or w_star must be given"),
        (X, None, [1.0], "w_star has 1 entries"),
        (X, [1.0], None, "X has 3 points but y has 1 labels"),
    ],
)
def test_what_is_missing_or_wrong_is_named(source: Any, y: Any, w_star: Any, message: str) -> None:
    """In one sentence."""
    with pytest.raises(ValueError, match=message):
        open_stream(source, y, w_star)


def test_a_sampler_of_a_wrong_shape_is_refused() -> None:
    """When it is first asked."""
    stream = open_stream(lambda random, count: np.zeros((count, 3)), None, [1.0, 1.0])
    with pytest.raises(ValueError, match=r"source must return an array \(4, 2\); it returned \(4, 3\)"):
        stream.draw(np.random.default_rng(0), 4)


def test_what_is_kept_changes_nothing() -> None:
    """Runs over several blocks end at the same iterate however many iterates are kept."""
    stream = open_stream(Gaussian.standard(2), None, [1.0, -1.0])
    steps = 2 * BLOCK + 17
    ends = [
        run_stream(stream, gate_sgd.stream, np.zeros(2), 0.01, np.array(kept), 5, None)[0][-1].tolist()
        for kept in ([0, steps], [0, 1, 4095, 4096, 4097, steps])
    ]
    assert ends[0] == ends[1]


def test_losses_and_distances_are_unknown_where_nothing_is_known() -> None:
    """A law has no training set, data without a gate no distance."""
    assert np.isnan(open_stream(Gaussian.standard(1), None, [1.0]).losses(np.ones((2, 1)))).all()
    assert np.isnan(open_stream([[1.0], [1.0]], [1.0, 2.0], None).distances(np.ones((2, 1)))).all()


def test_labels_in_floats_are_the_gates() -> None:
    """Rounding of the product is allowed for, a difference in the seventh digit is not."""
    random = np.random.default_rng(0)
    points, w = random.normal(size=(200, 7)), random.normal(size=7)
    labels = np.array([max(0.0, sum(a * b for a, b in zip(x, w, strict=True))) for x in points])
    assert made_by(w, points, labels).holds
    assert not made_by(w, points, labels + 1e-7).holds
