"""The table of races: properties on a small grid, and a sample of the committed copy."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import relucomb as rc
from relucomb import tables
from relucomb.racing import Truth
from relucomb.tables import race

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from relucomb.tables.table import Table

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "tables"
COPY = list(csv.DictReader((FOLDER / "race.csv").read_text(encoding="utf-8").splitlines()))
COUNTS = ("gd", "sgd", "adam", "lbfgs", "noisy_gd")


def data(name: str, points: int, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the data of a row."""
    if name in rc.datasets.DATASETS:
        return rc.dataset(name)
    return rc.teacher(points, n, 2, race.NOISE, race.SEED) if name == "teacher" else rc.noise(points, n, race.SEED)


@pytest.fixture(scope="module")
def small() -> Table:
    """Few points, few runs, few steps."""
    return tables.make("race", points=12, n=1, w=[1, 2], runs=4, steps=300)


def test_rows_are_data_sets_teachers_and_noise(small: Table) -> None:
    """Those of the dimension that was asked for, with each width."""
    rows = list(zip(*(small.column(key) for key in ("data", "points", "n", "w")), strict=True))
    assert rows == [
        (name, points, 1, w) for name, points in (("diabetes_bmi", 442), ("teacher", 12), ("noise", 12)) for w in (1, 2)
    ]


def test_the_optimum_is_that_of_the_exact_solver(small: Table) -> None:
    """And counts are those of runs."""
    for row in small.rows:
        cells = dict(zip((column.key for column in small.columns), row, strict=True))
        X, y = data(str(cells["data"]), int(str(cells["points"])), int(str(cells["n"])))
        assert float(str(cells["optimum"])) == pytest.approx(rc.erm(X, y, int(str(cells["w"]))).loss, rel=1e-5)
        hits = [int(str(cells[key])) for key in COUNTS]
        assert cells["runs"] == 4
        assert all(0 <= count <= 4 for count in hits)
        assert max(hits) <= int(str(cells["polished"])) <= 4
        assert str(cells["best_gap"]).endswith(" %")
        assert (str(cells["best_gap"]) in ("0 %",)) or min(hits) == 0


def test_labels_begin_at_the_left(small: Table) -> None:
    """In text and Markdown; in JSON they are texts beside numbers."""
    text = small.render("text").splitlines()
    assert text[3].startswith("data ")
    assert text[4].startswith("diabetes_bmi  442")
    assert small.render("markdown").splitlines()[3].startswith("| :--- | ---: |")
    document = json.loads(small.render("json"))
    assert document["rows"][0]["data"] == "diabetes_bmi"
    assert document["rows"][0]["runs"] == 4
    assert r"\begin{tabular}{lrrrlrrrrrrrl}" in small.render("latex")


def test_hard_rows_are_left_out() -> None:
    """Three units in three dimensions, and in two with many points, would take many minutes each."""
    triples = {(row["data"], int(row["n"]), int(row["w"])) for row in COPY}
    assert ("teacher", 2, 3) in triples
    assert ("diabetes_bmi_s5", 2, 3) not in triples
    assert not [triple for triple in triples if triple[1] + triple[2] > race.HARDEST]


@pytest.mark.parametrize("place", range(0, len(COPY), 4))
def test_a_sample_of_the_copy_has_the_certified_optimum(place: int) -> None:
    """Every fourth row is proven again; counts are of runs, and who reaches the optimum does so when polished."""
    row = COPY[place]
    X, y = data(row["data"], int(row["points"]), int(row["n"]))
    result = rc.erm(X, y, int(row["w"]), workers=2)
    assert result.status == "optimal"
    assert float(row["optimum"]) == pytest.approx(result.loss, rel=1e-5)
    hits = [int(row[key]) for key in COUNTS]
    assert 0 <= min(hits) <= max(hits) <= int(row["polished"]) <= int(row["runs"])


def test_the_markdown_copy_is_that_of_the_csv() -> None:
    """Both were written from one table."""
    lines = (FOLDER / "race.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")][2:]
    assert rows == [list(row.values()) for row in COPY]


def test_an_open_proof_is_an_interval() -> None:
    """Nothing is claimed beyond what is proven."""

    class Race:
        truth = Truth(0.25, 0.5, False, 0.001, 0.001)

    assert race._optimum(Race()) == "0.25–0.5"  # type: ignore[arg-type]
