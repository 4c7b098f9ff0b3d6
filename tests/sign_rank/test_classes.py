"""Sign matrices up to symmetry: listed and counted in two ways that share nothing."""

from __future__ import annotations

import numpy as np
import pytest

from relucomb.sign_rank.classes import classes, count_classes


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_listed_as_many_as_counted(n: int) -> None:
    """Burnside's lemma gives the length of the list."""
    for m in range(1, n + 1):
        assert len(classes(m, n)) == count_classes(m, n) == count_classes(n, m) == len(classes(n, m))


def test_shapes_and_order() -> None:
    """The matrices have the shape asked for and are different."""
    listed = classes(4, 3)
    assert {A.shape for A in listed} == {(4, 3)}
    assert len({A.tobytes() for A in listed}) == len(listed)
    assert np.all(classes(3, 4)[0] == 1)


def test_no_matrices() -> None:
    """Matrices have rows and columns."""
    with pytest.raises(ValueError, match="got 0 x 3"):
        classes(0, 3)
