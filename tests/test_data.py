"""Tests of the data sets in docs/data and of the script that writes them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "docs" / "data"
ROWS = {
    "diabetes_bmi.csv": (442, 2),
    "diabetes_bmi_s5.csv": (442, 3),
    "iris_sepal_length.csv": (150, 3),
    "iris_virginica.csv": (100, 3),
    "linnerud_waist.csv": (20, 3),
}


def test_the_script_writes_the_same_bytes(tmp_path: Path) -> None:
    """Whoever runs scripts/make_data.py gets the files that are there."""
    subprocess.run([sys.executable, ROOT / "scripts" / "make_data.py", "--directory", tmp_path], check=True)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        file.name: file.read_bytes() for file in DATA.glob("*.csv")
    }


@pytest.mark.parametrize("name", ROWS)
def test_every_cell_is_a_number(name: str) -> None:
    """The files have the documented number of rows and columns, and no cell is empty."""
    table = np.loadtxt(DATA / name, delimiter=",", skiprows=1)
    assert table.shape == ROWS[name]
    assert np.isfinite(table).all()


def test_hinge_labels_are_plus_and_minus_one() -> None:
    """Fifty flowers of each species."""
    labels = np.loadtxt(DATA / "iris_virginica.csv", delimiter=",", skiprows=1)[:, -1]
    assert np.unique(labels, return_counts=True)[1].tolist() == [50, 50]
    assert set(labels.tolist()) == {-1.0, 1.0}
