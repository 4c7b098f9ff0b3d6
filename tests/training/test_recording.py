"""Which iterates are kept, and what input is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.training.recording import check_positive, read_points, read_vector, recorded_steps


@given(st.integers(0, 10**6), st.integers(2, 300))
def test_both_ends_are_kept(steps: int, record: int) -> None:
    """Never more than asked for, all if there are few, growing, from 0 to the last."""
    kept = recorded_steps(steps, record)
    assert (kept[0], kept[-1]) == (0, steps)
    assert len(kept) == min(steps + 1, record)
    assert (np.diff(kept) > 0).all()
    assert np.ptp(np.diff(kept)) <= 1 if len(kept) > 1 else True


@pytest.mark.parametrize(
    ("steps", "record", "error", "message"),
    [
        (-1, 10, ValueError, "steps is -1"),
        (10, 1, ValueError, "record is 1; legal is a whole number from 2 up"),
        (1.5, 10, TypeError, "steps is 1.5"),
        (True, 10, TypeError, "steps is True"),
        (10, 2.0, TypeError, "record is 2.0"),
        (10**13, 10, ValueError, "steps is"),
    ],
)
def test_numbers_that_are_refused(steps: Any, record: Any, error: type[Exception], message: str) -> None:
    """The message names the argument."""
    with pytest.raises(error, match=message):
        recorded_steps(steps, record)


@pytest.mark.parametrize(
    ("X", "y", "error", "message"),
    [
        ([[1.0], [float("nan")]], [1, 2], ValueError, "X"),
        ([[1.0], [float("inf")]], [1, 2], ValueError, "X"),
        ([[1.0], [2.0]], [1, float("nan")], ValueError, "y"),
        ([1.0, 2.0], [1, 2], ValueError, "X"),
        ([[1.0], [2.0]], [[1], [2]], ValueError, "y"),
        ([[1.0], [2.0]], [1], ValueError, "X has 2 points but y has 1 labels"),
        (np.zeros((0, 2)), [], ValueError, r"X has shape \(0, 2\)"),
        (np.zeros((2, 0)), [1, 2], ValueError, r"X has shape \(2, 0\)"),
        ([["a"]], [1], TypeError, "X"),
        (
            [[1e200], [0.0]],
            [1, 2],
            ValueError,
            r"X has entries up to 1e\+200; squares must be in the range of floats",
        ),
        ([[1.0], [1.0, 2.0]], [1, 2], ValueError, "X"),
    ],
)
def test_data_that_are_refused(X: Any, y: Any, error: type[Exception], message: str) -> None:
    """Not finite, of a wrong shape, empty, or no numbers."""
    with pytest.raises(error, match=message):
        read_points(X, y)


def test_data_are_copies_of_floats() -> None:
    """Fractions and integers are rounded to floats, arrays are contiguous."""
    points, labels = read_points(np.asfortranarray([[1, 2], [3, 4]]), np.array([Fraction(1, 2), 3], dtype=object))
    assert points.flags.c_contiguous
    assert points.dtype == labels.dtype == np.float64
    assert labels.tolist() == [0.5, 3.0]


def test_vectors() -> None:
    """Zeros if there is none; otherwise a copy of the right length."""
    given_one = np.array([1.0, 2.0])
    read = read_vector(given_one, "w", 2)
    read[0] = 5
    assert given_one[0] == 1
    assert read_vector(None, "w", 3).tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="w has 2 entries; there must be 3, one for each feature"):
        read_vector(given_one, "w", 3)
    with pytest.raises(ValueError, match="w"):
        read_vector([float("nan")], "w", 1)


@pytest.mark.parametrize("value", [0, -1.0, float("nan"), float("inf")])
def test_numbers_must_be_positive(value: float) -> None:
    """The message says what is legal."""
    with pytest.raises(ValueError, match=r"eps is .*; legal is a positive finite number"):
        check_positive("eps", value)


@pytest.mark.parametrize("value", [True, "1", None, [1.0], 1j])
def test_no_numbers(value: Any) -> None:
    """Words, truth values and lists are of a wrong type."""
    with pytest.raises(TypeError, match="eps is"):
        check_positive("eps", value)


def test_shares() -> None:
    """The upper limit is excluded."""
    assert check_positive("delta", Fraction(1, 2), below=1) == 0.5
    with pytest.raises(ValueError, match="delta is 1; legal is a number between 0 and 1"):
        check_positive("delta", 1, below=1)
