"""Tests of the data sets that come with the package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import relucomb as rc
from relucomb import datasets
from relucomb.exceptions import RelucombError

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "data"


def test_every_file_of_the_documentation_is_one() -> None:
    """And no other."""
    assert set(datasets.DATASETS) == {path.stem for path in FOLDER.glob("*.csv")}


@pytest.mark.parametrize("name", datasets.DATASETS)
def test_a_data_set_is_what_its_file_says(name: str) -> None:
    """The last column is the target."""
    X, y = rc.dataset(name)
    table = np.loadtxt(FOLDER / f"{name}.csv", delimiter=",", skiprows=1)
    assert np.array_equal(np.column_stack([X, y]), table)


def test_an_installed_copy_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder in the package is looked at before that of a checkout; a file that is nowhere is our failure."""
    (tmp_path / "linnerud_waist.csv").write_text("x,y\n1,2\n3,4\n")
    monkeypatch.setattr(datasets, "_PLACES", (tmp_path, FOLDER))
    assert rc.dataset("linnerud_waist")[1].tolist() == [2, 4]
    assert datasets.path_of("diabetes_bmi") == FOLDER / "diabetes_bmi.csv"
    monkeypatch.setattr(datasets, "_PLACES", (tmp_path,))
    with pytest.raises(RelucombError, match="the data set 'diabetes_bmi' is missing"):
        rc.dataset("diabetes_bmi")


def test_an_unknown_name_is_refused() -> None:
    """The legal names are listed."""
    with pytest.raises(ValueError, match=r"name must be one of 'diabetes_bmi', .*; got 'boston'"):
        rc.dataset("boston")


def test_the_wheel_takes_the_folder_along() -> None:
    """The build is told to."""
    assert '"docs/data" = "relucomb/data"' in (FOLDER.parent.parent / "pyproject.toml").read_text(encoding="utf-8")
