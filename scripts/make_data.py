"""Write the data sets of docs/data from those that scikit-learn carries.

The files are the same to the byte whenever this runs. What they are and where they come from is told in
docs/data/README.md.

    python scripts/make_data.py                      # rewrite docs/data
    python scripts/make_data.py --directory elsewhere
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn import datasets

if TYPE_CHECKING:
    from numpy.typing import NDArray

DATA = Path(__file__).resolve().parent.parent / "docs" / "data"


def main() -> None:
    """Write every data set as CSV: a header, the features, the target last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", type=Path, default=DATA, help="where to write (default: docs/data)")
    directory = parser.parse_args().directory
    directory.mkdir(parents=True, exist_ok=True)
    for name, columns in tables().items():
        path = directory / f"{name}.csv"
        path.write_text(as_csv(columns), encoding="ascii", newline="\n")
        print(f"{path}: {len(next(iter(columns.values())))} rows")


def tables() -> dict[str, dict[str, NDArray[np.float64]]]:
    """Return the columns of each data set by name, the target last."""
    diabetes = datasets.load_diabetes(scaled=False)  # the scaled columns hide the units and round
    bmi, s5 = (diabetes.data[:, diabetes.feature_names.index(name)] for name in ("bmi", "s5"))
    iris = datasets.load_iris()
    sepal_length, petal_length, petal_width = iris.data[:, 0], iris.data[:, 2], iris.data[:, 3]
    late = iris.target > 0  # versicolor and virginica: setosa is separable from both by one line
    linnerud = datasets.load_linnerud()
    chins, situps = linnerud.data[:, 0], linnerud.data[:, 1]
    waist = linnerud.target[:, linnerud.target_names.index("Waist")]
    return {
        "diabetes_bmi": {"bmi": bmi, "progression": diabetes.target},
        "diabetes_bmi_s5": {"bmi": bmi, "s5": s5, "progression": diabetes.target},
        "iris_sepal_length": {
            "petal_length": petal_length,
            "petal_width": petal_width,
            "sepal_length": sepal_length,
        },
        "iris_virginica": {
            "petal_length": petal_length[late],
            "petal_width": petal_width[late],
            "virginica": np.where(iris.target[late] == 2, 1.0, -1.0),
        },
        "linnerud_waist": {"chins": chins, "situps": situps, "waist": waist},
    }


def as_csv(columns: dict[str, NDArray[np.float64]]) -> str:
    """Return the table as text, each number with the fewest digits that give it back."""
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    lines = [",".join(columns), *(",".join(map(shortest, row)) for row in rows)]
    return "\n".join(lines) + "\n"


def shortest(number: float) -> str:
    """Return the shortest text that is read as the same float.

    >>> shortest(0.1), shortest(151.0)
    ('0.1', '151')
    """
    return str(int(number)) if number.is_integer() else repr(number)


if __name__ == "__main__":
    main()
