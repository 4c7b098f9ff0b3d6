import numpy as np
import pytest

from relucomb_solvers.simplicial_fan import count_roots, roots, sign_vectors, simplex_fan


@pytest.mark.parametrize("dimension", [1, 2, 3, 5])
def test_fan_covers_space(dimension):
    """Every random vector is a non-negative combination of the rays of one cone, and of one only."""
    fan = simplex_fan(dimension)
    for vector in np.random.default_rng(0).normal(size=(50, dimension)):
        inside = [bool((np.linalg.solve(cone.T, vector) >= 0).all()) for cone in fan]
        assert sum(inside) == 1


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_sign_vectors_are_all_up_to_exchange(width):
    """There are w + 1 classes of signs, positive units first."""
    signs = sign_vectors(width)
    assert sorted((row > 0).sum() for row in signs) == list(range(width + 1))
    assert all((np.diff(row) <= 0).all() for row in signs)


@pytest.mark.parametrize(("dimension", "width"), [(2, 1), (2, 3), (3, 2)])
def test_roots_are_as_many_as_counted(dimension, width):
    """Every class of tuples is there once."""
    fan, signs = simplex_fan(dimension), sign_vectors(width)
    listed = [(row, cones.tobytes()) for cones, row in roots(fan, signs)]
    assert len(listed) == len(set(listed)) == count_roots(len(fan), width)
