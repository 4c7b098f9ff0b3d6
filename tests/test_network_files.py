"""Tests of relucomb.network_files: the ending of the name chooses the format."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import onnx
import pytest

from relucomb.network_files import read_network
from relucomb.networks import ReLUNetwork

if TYPE_CHECKING:
    from pathlib import Path

NET = ReLUNetwork([[[2.0]]], [[1.0]])


@pytest.mark.parametrize("name", ["net.json", "net", "net.JSON", "net.txt"])
def test_json_by_default(name: str, tmp_path: Path) -> None:
    """Every name but those of other formats is JSON."""
    NET.save(tmp_path / name)
    assert read_network(tmp_path / name) == NET


@pytest.mark.parametrize("name", ["net.onnx", "NET.ONNX"])
def test_onnx(name: str, tmp_path: Path) -> None:
    """The ending counts in small and capital letters."""
    graph = onnx.parser.parse_graph(
        "g (float[N, 1] x) => (float[N, 1] y) <float[1, 1] W = {2}, float c = {1}> { y = Gemm(x, W, c) }"
    )
    onnx.save(onnx.helper.make_model(graph), tmp_path / name)
    assert read_network(tmp_path / name) == NET


@pytest.mark.parametrize("name", ["net.pt", "net.pth"])
def test_torch(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of PyTorch go to their reader, which asks for its package first."""
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match=r"relucomb\[torch\]"):
        read_network(name)


def test_errors_name_the_file(tmp_path: Path) -> None:
    """A network in the wrong format is a ValueError that says so."""
    (tmp_path / "net.json").write_text("[]")
    with pytest.raises(ValueError, match=r"net\.json does not hold a network"):
        read_network(tmp_path / "net.json")
