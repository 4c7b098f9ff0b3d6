"""Sign matrices from files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relucomb.reading import InputError
from relucomb.sign_rank.csv_matrix import is_file, read_sign_matrix

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("text", ["1,-1\n-1,1\n", "+1, -1\r\n\r\n-1,+1", "\ufeff+,-\n−,+\n", "1.0,-1.0\n-1.0,1.0\n"])
def test_ways_to_write_signs(tmp_path: Path, text: str) -> None:
    """Signs with and without 1, blank lines, a byte order mark, both kinds of minus."""
    path = tmp_path / "signs.csv"
    path.write_bytes(text.encode())
    source, signs = read_sign_matrix(str(path))
    assert source == str(path)
    assert signs.tolist() == [[1, -1], [-1, 1]]


def test_bits(tmp_path: Path) -> None:
    """With bits=True 0 is -1."""
    path = tmp_path / "bits.csv"
    path.write_text("1,0\n")
    assert read_sign_matrix(str(path), bits=True)[1].tolist() == [[1, -1]]
    path.write_text("1,-1\n")
    with pytest.raises(InputError, match="line 1, column 2: '-1'; with --bits legal are 0 and 1"):
        read_sign_matrix(str(path), bits=True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1,-1\n1,0\n", "line 2, column 2: a zero; a sign matrix has none"),
        ("1,0.0\n", "line 1, column 2: a zero"),
        ("1,nan\n", "line 1, column 2: 'nan' is no sign"),
        ("a,b\n1,1\n", "line 1, column 1: 'a' is no sign"),
        ("1,2\n", "line 1, column 2: '2' is no sign"),
        ("1,\n", "line 1, column 2: an empty cell"),
        ("1,1\n\n1\n", "line 3: 1 cells, but the first row has 2"),
        ("", "empty"),
        ("\n \n", "empty"),
        ('1,"1\n', "not readable as CSV"),
        ("1;1\n", "'1;1' is no sign"),
    ],
)
def test_refusals(tmp_path: Path, text: str, told: str) -> None:
    """What is no sign is named with its line and column."""
    path = tmp_path / "signs.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_sign_matrix(str(path))
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    """A missing file may be a misspelt name; a directory and bytes are no CSV files."""
    with pytest.raises(InputError, match="no such named matrix; did you mean paley"):
        read_sign_matrix("paly")
    with pytest.raises(InputError, match="cannot be read"):
        read_sign_matrix(str(tmp_path))
    (tmp_path / "x").write_bytes(b"\xff\xfe1,1")
    with pytest.raises(InputError, match="0xff is not UTF-8"):
        read_sign_matrix(str(tmp_path / "x"))
    assert is_file("-")
    assert not is_file(str(tmp_path / "none"))
