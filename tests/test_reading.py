"""Reading tables: what is accepted, and the one line that says what is wrong with everything else."""

from __future__ import annotations

import io
import sys
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.exceptions import RelucombError
from relucomb.reading import InputError, read_points, read_table

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "age,bmi,y\n59,32.1,151\n48,21.6,75\n"


def write(folder: Path, content: str | bytes, name: str = "data.csv") -> str:
    """Write a file and return its path as text."""
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(file)


def complaint(path: str, **options: object) -> str:
    """Return the message of the error, which must be one line that begins with the path."""
    with pytest.raises(InputError) as caught:
        read_table(path, **options)  # type: ignore[arg-type]
    message = str(caught.value)
    assert "\n" not in message
    return message.replace(path, "FILE")


def test_last_column_is_the_target(tmp_path: Path) -> None:
    """Without a target name the last column is the target."""
    table = read_table(write(tmp_path, GOOD))
    assert table.feature_names == ("age", "bmi")
    assert table.target_name == "y"
    assert table.places == ("line 2", "line 3")
    np.testing.assert_array_equal(table.X, [[59, 32.1], [48, 21.6]])
    np.testing.assert_array_equal(table.y, [151, 75])
    assert table.X.dtype == table.y.dtype == np.float64


def test_target_and_features_by_name(tmp_path: Path) -> None:
    """A named target moves out of the features, and named features come in the order asked for."""
    path = write(tmp_path, GOOD)
    table = read_table(path, target="age")
    assert table.feature_names == ("bmi", "y")
    assert table.y.tolist() == [59, 48]
    assert read_table(path, target="age", features=["y", "bmi"]).feature_names == ("y", "bmi")


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.rstrip("\n"),
        GOOD + "\n\n",
        '"age","bmi","y"\n"59",32.1,"151"\n48 , 21.6,\t75\n',
        "age, bmi ,y\n 59,3.21e1,+151\n\n48,21.6,75\n",
    ],
    ids=["plain", "bom", "crlf", "cr", "no-final-newline", "blank-end", "quoted", "blanks"],
)
def test_dialects_read_alike(tmp_path: Path, content: str) -> None:
    """A byte order mark, other line ends, quotes, blanks and empty lines change nothing."""
    table = read_table(write(tmp_path, content))
    assert table.feature_names == ("age", "bmi")
    assert table.X.tolist() == [[59, 32.1], [48, 21.6]]
    assert table.y.tolist() == [151, 75]


def test_quoted_name_with_comma_and_line_break(tmp_path: Path) -> None:
    """A quoted cell may hold a comma or a line break, and later lines are still counted rightly."""
    path = write(tmp_path, '"a,b","c\nd",y\n1,2,3\n1,x,3\n')
    assert "line 4, column 'c\\nd': 'x'" in complaint(path)
    assert read_table(path, target="a,b", features=["y"]).target_name == "a,b"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads standard input, and messages call it so."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
    assert read_table("-").source == "<stdin>"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(InputError, match=r"^<stdin>: the file is empty"):
        read_table("-")
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match=r"^<stdin>: standard input is closed"):
        read_table("-")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "FILE: the file is empty; a CSV file has a header line"),
        ("\ufeff \n\n", "FILE: the file is empty"),
        ("a,y\n", "FILE: a header but no rows of data"),
        ("1,2\n3,4\n", "FILE, line 1: no header: every cell of the first line is a number"),
        ("1,nan\n3,4\n", "FILE, line 1: no header"),
        ("y\n1\n", "FILE, line 1: only one column, 'y'; at least one feature and a target are needed"),
        ("a,y\n1,two\n", "FILE, line 2, column 'y': 'two' is not a number; every cell must be a finite number"),
        ("a,y\n\n1,2\n,3\n", "FILE, line 4, column 'a': empty cell; every cell must be a finite number"),
        ("a,y\n,\n", "FILE, line 2, column 'a': empty cell"),
        ("a,y\n1,NaN\n", "FILE, line 2, column 'y': 'NaN' is not a number (a missing value?)"),
        ("a,y\n1,-inf\n", "FILE, line 2, column 'y': '-inf' is infinite"),
        ("a,y\n1,1e999\n", "FILE, line 2, column 'y': '1e999' is too large for a 64-bit float"),
        ("a,y\n1,1_000\n", "FILE, line 2, column 'y': '1_000' is not a number"),
        ('a,y\n1,"2,5"\n', "FILE, line 2, column 'y': '2,5' is not a number; write the decimal sign as a point"),
        ("a,y\n1,−2\n", "FILE, line 2, column 'y': '−2' is not a number; write the minus sign as an ASCII hyphen"),
        ("a,y\n1," + "z" * 99 + "\n", "FILE, line 2, column 'y': '" + "z" * 29 + "…' is not"),
        ("a,b,y\n1,2,3\n1,2\n", "FILE, line 3: 2 cells, but the header has 3 columns"),
        ("a,y\n1,2,3\n", "FILE, line 2: 3 cells, but the header has 2 columns"),
        ("a,y\n7\n", "FILE, line 2: 1 cell, but the header has 2 columns"),
        ("a,b,a,y\n1,2,3,4\n", "FILE, line 1: columns 1 and 3 are both named 'a'"),
        ("a,,y\n1,2,3\n", "FILE, line 1: column 2 has no name"),
        ("a;b;y\n1;2;3\n", "FILE, line 1: one column, but the cells seem to be separated by semicolons (;)"),
        ("a\ty\n1\t2\n", "FILE, line 1: one column, but the cells seem to be separated by tabs"),
        ('a,y\n1,"2\n3,4\n', "FILE, line 2: broken quoting"),
        ('a,y\n"1"x,2\n', "FILE, line 2: broken quoting"),
        (b"a,y\n1,\xff\n", "FILE, line 2: byte 0xff is not UTF-8 text; save the table as CSV in UTF-8"),
        ("a,y\n1,2\n".encode("utf-16"), "FILE, line 1: byte 0xff is not UTF-8 text"),
        (b"a,y\n1,\x002\n", "FILE, line 2: a zero byte"),
    ],
)
def test_unusable_content(tmp_path: Path, content: str | bytes, message: str) -> None:
    """Everything unusable is refused in one line with its place and what is legal."""
    text = complaint(write(tmp_path, content))
    assert text.startswith(message)
    assert "; " in text


def test_unusable_paths(tmp_path: Path) -> None:
    """A missing file, a folder and a path that is none are named."""
    missing = str(tmp_path / "none.csv")
    assert complaint(missing) == "FILE: no such file; give a CSV or Parquet file, or - for standard input"
    assert complaint(str(tmp_path)).startswith("FILE: is a directory")
    assert complaint(str(tmp_path / "x.csv" / "y.csv")).startswith("FILE: no such file")
    assert "cannot be read" in complaint("a\0b")


def test_unknown_target(tmp_path: Path) -> None:
    """A target that is not there is answered with the nearest name and the columns."""
    path = write(tmp_path, GOOD)
    message = "FILE, line 1: no column named 'BMI' for the target; did you mean 'bmi'? columns: age, bmi, y"
    assert complaint(path, target="BMI") == message
    assert complaint(path, target="zzz").endswith("for the target; columns: age, bmi, y")
    wide = write(tmp_path, ",".join(f"c{k}" for k in range(30)) + "\n" + ",".join("0" * 30) + "\n", "wide.csv")
    assert complaint(wide, target="zzz").endswith("c18, c19, ...")


def test_several_targets_are_refused_with_the_reason(tmp_path: Path) -> None:
    """Two outputs are refused because no exact combinatorial search can exist for them."""
    text = complaint(write(tmp_path, GOOD), target="bmi,y")
    assert "several targets are refused" in text
    assert "NP = ∃R (arXiv 2204.01368)" in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"features": ["age", "sex"]}, "no column named 'sex' for the feature"),
        ({"features": ["age", "age"]}, "feature 'age' is named twice"),
        ({"features": ["y"]}, "column 'y' is both feature and target"),
        ({"features": []}, "no feature column"),
    ],
)
def test_unusable_choice_of_features(tmp_path: Path, options: dict[str, object], message: str) -> None:
    """Features that are missing, repeated, the target, or none are refused."""
    assert message in complaint(write(tmp_path, GOOD), **options)


def test_unused_columns_may_hold_text(tmp_path: Path) -> None:
    """Only the columns that are used must be numbers."""
    path = write(tmp_path, "name,x,y\nAda,1,2\nBob,3,4\n")
    assert read_table(path, features=["x"]).X.tolist() == [[1], [3]]


def test_errors_are_ours_and_value_errors(tmp_path: Path) -> None:
    """An input error can be caught as a failure of ours and as a ValueError."""
    assert issubclass(InputError, RelucombError)
    assert issubclass(InputError, ValueError)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_floats_survive(values: list[float]) -> None:
    """Every finite float written with repr is read back bit for bit."""
    with pytest.MonkeyPatch.context() as patch:
        content = "a,y\n" + "".join(f"{value!r},0\n" for value in values)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
        assert read_table("-").X[:, 0].tobytes() == np.array(values).tobytes()


def test_points_are_the_rationals_written(tmp_path: Path) -> None:
    """Points keep what is written: decimals are decimal, fractions are fractions, nothing is rounded."""
    points = read_points(write(tmp_path, "x,y\n0.1,1/3\n-2e-3,123456789012345678901\n"))
    assert points.names == ("x", "y")
    assert points.X.tolist() == [
        [Fraction(1, 10), Fraction(1, 3)],
        [Fraction(-1, 500), Fraction(123456789012345678901)],
    ]


def test_points_leave_a_target_out(tmp_path: Path) -> None:
    """Every column is a coordinate unless one is named as the target or some are chosen."""
    path = write(tmp_path, GOOD)
    assert read_points(path).X.shape == (2, 3)
    assert read_points(path, target="y").names == ("age", "bmi")
    assert read_points(path, features=["bmi"]).X.shape == (2, 1)
    assert read_points(write(tmp_path, "x\n1\n2\n")).X.shape == (2, 1)


@pytest.mark.parametrize("cell", ["1/0", "x", "", "nan", "1e-999999999", "1e999999999", "1//2", "0x1p3"])
def test_unusable_coordinates(tmp_path: Path, cell: str) -> None:
    """A coordinate that is no rational, or an exponent that would fill the memory, is refused."""
    with pytest.raises(InputError, match="line 2, column 'x'"):
        read_points(write(tmp_path, f"x,y\n{cell},1\n"))


def test_parquet(tmp_path: Path) -> None:
    """Parquet gives the same table, whatever the file is called; float32, integers and booleans are numbers."""
    frame = pd.DataFrame({"a": np.array([0.1, 0.2], np.float32), "b": [1, 2], "c": [True, False], "y": [0.1, 1e300]})
    for name in ("data.parquet", "data.csv"):
        frame.to_parquet(tmp_path / name)
        table = read_table(tmp_path / name)
        assert table.feature_names == ("a", "b", "c")
        np.testing.assert_array_equal(table.X, frame[["a", "b", "c"]].to_numpy(float))
        np.testing.assert_array_equal(table.y, frame["y"])
        assert table.places == ("row 1", "row 2")


def test_unusable_parquet(tmp_path: Path) -> None:
    """A null, a text and a file that only claims to be Parquet are named."""
    path = str(tmp_path / "data.parquet")
    pd.DataFrame({"a": [1, None], "y": [1, 2]}).astype("Int64").to_parquet(path)
    assert complaint(path).startswith("FILE, row 2, column 'a': empty cell")
    pd.DataFrame({"a": ["x", "z"], "y": [1, 2]}).to_parquet(path)
    assert complaint(path).startswith("FILE, row 1, column 'a': 'x' is not a number")
    write(tmp_path, GOOD, "data.parquet")
    assert complaint(path).startswith("FILE: not a readable Parquet file")


def test_parquet_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message says what to install."""
    path = str(tmp_path / "data.parquet")
    pd.DataFrame({"a": [1], "y": [1]}).to_parquet(path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert complaint(path).endswith("install it with: pip install 'relucomb[parquet]'")
