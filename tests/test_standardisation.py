import numpy as np
import pytest

from relucomb.standardisation import standardise


@pytest.mark.parametrize("hidden_bias", [True, False])
@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_vectors_predict_the_same_in_both_units(hidden_bias, scale):
    """Weights in the user's units give the standardised pre-activations, scaled like the labels."""
    random = np.random.default_rng(0)
    X, y = scale * random.normal(size=(12, 3)) + (scale if hidden_bias else 0.0), random.normal(size=12) * 7
    data = standardise(X, y, hidden_bias=hidden_bias, scale_labels=True, shift_labels=False)
    vectors = random.normal(size=(2, data.points.shape[1]))
    weights, bias, _ = data.user_units(vectors, 0.0)
    np.testing.assert_allclose(X @ weights.T + bias, data.scale * data.points @ vectors.T, rtol=1e-9, atol=1e-9)
    back, _ = data.standard_units(weights, bias, 0.0)
    np.testing.assert_allclose(back, vectors, rtol=1e-8, atol=1e-8)


def test_dependent_columns_are_dropped():
    """Rank 1 in three columns: one direction and the bias remain."""
    x = np.arange(5.0)
    data = standardise(
        np.column_stack([x, 2 * x, np.full(5, 4.0)]), x, hidden_bias=True, scale_labels=True, shift_labels=False
    )
    assert data.points.shape == (5, 2)
    assert np.mean(data.targets**2) == pytest.approx(1.0)


def test_zeros_stay_zeros() -> None:
    """A point at 0, and what is orthogonal to a direction, have no rounding left that a descent could follow."""
    as_they_are = {"hidden_bias": False, "scale_labels": False, "shift_labels": False}
    data = standardise(np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 3.0]]), np.ones(3), **as_they_are)
    assert data.points[0].tolist() == [0.0, 0.0]
    two = standardise(np.array([[-3.0, -2.0, 1.0], [1.0, -3.0, -3.0]]), np.ones(2), **as_they_are)
    assert sorted(map(bool, two.points.ravel())) == [False, False, True, True]
