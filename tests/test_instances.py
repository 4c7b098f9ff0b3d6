import numpy as np

import relucomb as rc


def test_seeded():
    """The same seed gives the same data; another seed does not."""
    X, y = rc.teacher(10, 2, 2, 0.3, 1)
    same, other = rc.teacher(10, 2, 2, 0.3, 1), rc.teacher(10, 2, 2, 0.3, 2)
    assert np.array_equal(X, same[0])
    assert np.array_equal(y, same[1])
    assert not np.array_equal(y, other[1])


def test_signal_has_unit_variance():
    """Without noise the labels have variance 1."""
    assert abs(np.var(rc.teacher(200, 3, 2, 0.0, 0)[1]) - 1) < 1e-9


def test_noise_has_its_shape():
    """Points and labels are as many as asked for."""
    X, y = rc.noise(7, 3, 0)
    assert (X.shape, y.shape) == ((7, 3), (7,))
