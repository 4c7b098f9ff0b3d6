"""``relucomb predict``: values of a network at the points of a table."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import onnx
import pytest

from relucomb.networks import ReLUNetwork

from .conftest import RELU

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome, Search

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """Return a file with 2 relu(x - 1), without names."""
    RELU.save(tmp_path / "net.json")
    return tmp_path / "net.json"


def test_values_are_a_column(data: Path, net: Path, command: Command) -> None:
    """Without names the network reads the first columns; the answer is a CSV column, exact by repr."""
    outcome = command("predict", net, data)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "prediction\n0.0\n0.0\n2.0\n4.0\n"


def test_names_find_their_columns(data: Path, tmp_path: Path, command: Command, search: Search) -> None:
    """A network written by erm finds its columns by name, wherever they are, and ignores columns of text."""
    command("erm", data, "--width", 1, "--output", tmp_path / "net.json")
    data.write_text("who,x\nAda,3\nBob,0\n")
    assert command("predict", tmp_path / "net.json", data).out == "y\n4.0\n0.0\n"
    data.write_text("x\n3\n")
    assert json.loads(command("predict", tmp_path / "net.json", data, "--json").out) == {
        "schema_version": 1,
        "command": "predict",
        "source": str(data),
        "features": ["x"],
        "target": "y",
        "predictions": [4.0],
    }


def test_chosen_columns(data: Path, net: Path, command: Command) -> None:
    """--features says which columns are the inputs."""
    assert command("predict", net, data, "--features", "y").out == "prediction\n0.0\n0.0\n2.0\n6.0\n"


def test_several_outputs(data: Path, net: Path, command: Command) -> None:
    """A network with several outputs gives several columns."""
    ReLUNetwork([[[1], [2]]], [[0, 0]]).save(net)
    assert command("predict", net, data).out.splitlines()[:3] == ["prediction_1,prediction_2", "0.0,0.0", "1.0,2.0"]
    assert json.loads(command("predict", net, data, "--json").out)["predictions"][1] == [1.0, 2.0]


def test_names_are_quoted_where_needed(data: Path, net: Path, command: Command) -> None:
    """A target name with a comma or a quote is quoted."""
    document = {**RELU.to_json(), "feature_names": ["x"], "target_name": 'a "b", c'}
    net.write_text(json.dumps(document))
    assert command("predict", net, data).out.startswith('"a ""b"", c"\n')


def test_refusals(data: Path, net: Path, refused: Refused) -> None:
    """A missing or broken network, a missing column and a wrong number of columns are named."""
    assert "none.json: cannot be read (No such file" in refused("predict", net.parent / "none.json", data)
    assert "2 columns for a network with 1 input" in refused("predict", net, data, "--features", "x,y")
    assert "no column named 'z'" in refused("predict", net, data, "--features", "z")
    ReLUNetwork([[[1, 2, 3]]], [[0]]).save(net)
    assert "2 columns for a network with 3 inputs" in refused("predict", net, data)
    net.write_text("{}")
    assert "net.json does not hold a network" in refused("predict", net, data)


def test_other_formats(data: Path, tmp_path: Path, command: Command, refused: Refused) -> None:
    """A network from ONNX has no names of columns; one that is no chain is refused with the node named."""
    graph = "g (float[N, 1] x) => (float[N, 1] y) <float[1, 1] W = {2}> { h = MatMul(x, W)  y = OP(h) }"
    for operation in ("Relu", "Tanh"):
        model = onnx.helper.make_model(onnx.parser.parse_graph(graph.replace("OP", operation)))
        onnx.save(model, tmp_path / f"{operation}.onnx")
    assert command("predict", tmp_path / "Relu.onnx", data).out == "prediction\n0.0\n2.0\n4.0\n6.0\n"
    assert "node 2 (Tanh, writing 'y') is none of the legal nodes" in refused("predict", tmp_path / "Tanh.onnx", data)


def test_missing_extra(data: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package for a format the extra that brings it is named."""
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "pip install 'relucomb[torch]'" in refused("predict", "net.pt", data)
