"""Tests of relucomb.network_json and of saving and loading networks."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.networks import ReLUNetwork

if TYPE_CHECKING:
    from pathlib import Path

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(finite, min_size=1, max_size=5), finite)
def test_floats_keep_every_bit(row: list[float], bias: float) -> None:
    """Not only equal but the same bytes, minus zero and subnormal numbers included."""
    net = ReLUNetwork([[row]], [[bias]])
    twin = ReLUNetwork.from_json(json.loads(json.dumps(net.to_json())))
    assert not twin.is_exact
    assert twin.weights[0].tobytes() == net.weights[0].tobytes()
    assert twin.biases[0].tobytes() == net.biases[0].tobytes()


@given(st.lists(st.fractions(), min_size=1, max_size=5), st.fractions())
def test_fractions_are_texts_and_stay_exact(row: list[Fraction], bias: Fraction) -> None:
    """They are written p/q, integers too, and come back as the same fractions."""
    net = ReLUNetwork([[row]], [[bias]])
    document = json.loads(json.dumps(net.to_json()))
    assert document["biases"] == [[f"{bias.numerator}/{bias.denominator}"]]
    twin = ReLUNetwork.from_json(document)
    assert twin.is_exact
    assert twin == net


def test_the_format_is_as_documented() -> None:
    """Other programs read it, so it does not change by accident."""
    net = ReLUNetwork([[[1], [1]], [[Fraction(1, 2), -1]]], [[0, Fraction(-1, 3)], [0]])
    assert net.to_json() == {
        "format": "relucomb.ReLUNetwork",
        "version": 1,
        "weights": [[["1/1"], ["1/1"]], [["1/2", "-1/1"]]],
        "biases": [["0/1", "-1/3"], ["0/1"]],
    }


def test_a_hand_written_file_may_mix_numbers_and_texts(tmp_path: Path) -> None:
    """Format and version may be left out, further keys are ignored."""
    file = tmp_path / "net.json"
    file.write_text('{"weights": [[[1, 0.5, "-2/3", "4"]]], "biases": [[0]], "loss": 0.1}')
    net = ReLUNetwork.load(file)
    assert net.is_exact
    assert net.weights[0].tolist() == [[1, Fraction(1, 2), Fraction(-2, 3), 4]]


def test_save_and_load(tmp_path: Path) -> None:
    """A file gives the network back."""
    for net in (ReLUNetwork([[[0.1, -0.0]]], [[5e-324]]), ReLUNetwork([[[Fraction(1, 3)]]], [[7]])):
        net.save(tmp_path / "net.json")
        assert ReLUNetwork.load(tmp_path / "net.json") == net
        assert (tmp_path / "net.json").read_text().endswith("}\n")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([1], r"a network must be a JSON object; got \[1\]"),
        ({"weights": [[[1]]]}, "'biases' must be a list with one entry for each layer; got no such key"),
        ({"weights": 3, "biases": []}, "'weights' must be a list with one entry for each layer; got 3"),
        ({"format": "onnx"}, "'format' must be 'relucomb.ReLUNetwork'; got \"onnx\""),
        ({"version": 2}, "'version' must be 1; got 2"),
        ({"weights": [[[1, "x"]]], "biases": [[0]]}, r'weights\[0\]\[0\]\[1\] is "x"; legal are numbers'),
        ({"weights": [[[True]]], "biases": [[0]]}, r"weights\[0\]\[0\]\[0\] is true"),
        ({"weights": [[[None]]], "biases": [[0]]}, r"weights\[0\]\[0\]\[0\] is null"),
        ({"weights": [[["1e999999999"]]], "biases": [[0]]}, r'weights\[0\]\[0\]\[0\] is "1e999999999"'),
        ({"weights": [[[1]]], "biases": [["1/0"]]}, r'biases\[0\]\[0\] is "1/0", which is not a number'),
        ({"weights": [[["1" * 9999]]], "biases": [[0]]}, r'weights\[0\]\[0\]\[0\] is "1+\.\.\., which is not a number'),
        ({"weights": [[[1]]], "biases": [[0, 0]]}, r"biases\[0\] must have shape \(1,\)"),
        ({"weights": [[[1], [1, 2]]], "biases": [[0]]}, r"weights\[0\] must be a rectangular array"),
        ({"weights": [[[float("nan")]]], "biases": [[0]]}, r"weights\[0\]: .* is nan; every entry must be finite"),
        ({"weights": [[[1e999]]], "biases": [[0.0]]}, r"weights\[0\]: .* is inf; every entry must be finite"),
    ],
)
def test_what_is_not_a_network_is_refused(document: Any, message: str, tmp_path: Path) -> None:
    """The message names the place, and for a file the file."""
    with pytest.raises(ValueError, match=message):
        ReLUNetwork.from_json(document)
    (tmp_path / "bad.json").write_text(json.dumps(document))
    with pytest.raises(ValueError, match=r"bad\.json does not hold a network: .*" + message):
        ReLUNetwork.load(tmp_path / "bad.json")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000], ids=["empty", "cut", "binary", "deep"]
)
def test_a_file_that_is_not_json_is_refused(content: bytes, tmp_path: Path) -> None:
    """Every kind of broken file is one ValueError that names it."""
    (tmp_path / "bad.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"bad\.json does not hold a network"):
        ReLUNetwork.load(tmp_path / "bad.json")


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    """Python's own error names the file."""
    with pytest.raises(FileNotFoundError, match=r"none\.json"):
        ReLUNetwork.load(tmp_path / "none.json")
    with pytest.raises(FileNotFoundError, match=r"net\.json"):
        ReLUNetwork([[[1]]], [[0]]).save(tmp_path / "no such directory" / "net.json")


def test_float_arrays_of_every_precision_are_saved_as_doubles() -> None:
    """A single is a double, so nothing is lost."""
    single = np.array([[0.1]], dtype=np.float32)
    assert ReLUNetwork.from_json(ReLUNetwork([single], [[0]]).to_json()).weights[0] == single
