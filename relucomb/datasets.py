"""The real data sets that come with the package; docs/data/README.md tells where they are from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relucomb.exceptions import RelucombError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DATASETS = ("diabetes_bmi", "diabetes_bmi_s5", "iris_sepal_length", "iris_virginica", "linnerud_waist")
"""Their names."""

_HOME = Path(__file__).resolve().parent
_PLACES = (_HOME / "data", _HOME.parent / "docs" / "data")  # in an installed wheel, in a checkout


def dataset(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a data set as it was published: nothing is scaled, left out or rounded.

    Parameters
    ----------
    name
        One of :data:`DATASETS`.

    Returns
    -------
    X, y
        Points ``(D, n)`` and labels ``(D,)``.

    Raises
    ------
    ValueError
        There is no such data set.

    Examples
    --------
    >>> X, y = dataset("iris_sepal_length")
    >>> X.shape, X[0].tolist(), float(y[0])
    ((150, 2), [1.4, 0.2], 5.1)
    """
    from relucomb.reading import read_table

    table = read_table(str(path_of(name)))
    return table.X, table.y


def path_of(name: str) -> Path:
    """Return the CSV file of a data set; its last column is the target.

    Examples
    --------
    >>> path_of("linnerud_waist").name
    'linnerud_waist.csv'
    """
    if name not in DATASETS:
        raise ValueError(f"name must be one of {', '.join(map(repr, DATASETS))}; got {name!r}")
    for place in _PLACES:
        path = place / f"{name}.csv"
        if path.is_file():
            return path
    raise RelucombError(f"the data set {name!r} is missing from this installation; it should be in {_PLACES[0]}")
