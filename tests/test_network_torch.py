"""Tests of relucomb.network_torch: state dicts as arrays, and files where torch is installed."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from relucomb.network_torch import network_of_state, read_torch

if TYPE_CHECKING:
    from pathlib import Path

HAT = {
    "net.0.weight": np.array([[1.0], [1.0], [1.0]]),
    "net.0.bias": np.array([0.0, -1.0, -2.0]),
    "net.2.weight": np.array([[1.0, -2.0, 1.0]]),
}


def test_linear_layers_in_their_order() -> None:
    """A ReLU between each two, and a missing bias is 0."""
    net = network_of_state(HAT)
    assert net.widths == (1, 3, 1)
    assert net([[-1.0], [0.5], [1.0], [3.0]]).tolist() == [0, 0.5, 1, 0]


def test_one_layer_alone() -> None:
    """The state dict of a linear layer has names without a module."""
    net = network_of_state({"weight": [[2, 3]], "bias": [4]})
    assert net.depth == 1
    assert net([[1, 1]]).tolist() == [9]


def test_whole_numbers_stay_exact() -> None:
    """Weights of 64-bit integers are not rounded to floats."""
    net = network_of_state({"weight": np.array([[2**60 + 1]])})
    assert net.weights[0].tolist() == [[2**60 + 1]]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "batch norm": ({"1.weight": [1.0] * 3, "1.running_mean": [0.0] * 3}, "'1.weight' of shape (3,) is no matrix"),
    "running mean": ({"1.running_mean": [0.0] * 3}, "'1.running_mean' of shape (3,) is none of a linear layer"),
    "convolution": ({"c.weight": np.zeros((3, 1, 2, 2))}, "'c.weight' of shape (3, 1, 2, 2) is no matrix"),
    "weight norm": ({"0.weight_g": [[1.0]] * 3}, "'0.weight_g' of shape (3, 1) is none of a linear layer"),
    "a bias alone": ({"5.bias": [1.0]}, "there is no '5.weight'"),
    "a long bias": ({"net.2.bias": [1.0, 2.0]}, "does not fit 'net.2.weight' of shape (1, 3)"),
    "shapes": (
        {"net.4.weight": [[1.0, 1.0]]},
        "'net.4.weight' of shape (1, 2) does not follow 'net.2.weight' of shape (1, 3): it takes 2 numbers and gets 1",
    ),
    "nan": ({"net.4.weight": [[float("nan")]]}, "'net.4.weight': the entry in row 0, column 0 (counted from 0) is nan"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_other_parameters_are_refused(case: str) -> None:
    """The message names the parameter."""
    more, expected = REFUSED[case]
    with pytest.raises(ValueError, match="weight") as caught:
        network_of_state({**HAT, **more})
    assert expected in str(caught.value)


def test_no_parameters() -> None:
    """An empty dict, and one without weights, say what was found."""
    with pytest.raises(ValueError, match="got an empty dict"):
        network_of_state({})
    with pytest.raises(ValueError, match=r"got 'a', 'b', 'c', 'd', 'e', \.\.\."):
        network_of_state({name: [1.0] for name in "abcdef"})


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that brings it is named."""
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match=r"relucomb\[torch\]"):
        read_torch("net.pt")


@pytest.fixture
def torch() -> Any:
    """Return the package, whose import and use may warn of things of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield pytest.importorskip("torch")


def test_a_file_has_the_values_of_its_module(torch: Any, tmp_path: Path) -> None:
    """Up to the rounding of float32; also from a checkpoint, in half precision and in the old format."""
    module = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1, bias=False))
    X = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    expected = module(torch.tensor(X)).detach().numpy()[:, 0]
    file = tmp_path / "net.pt"
    torch.save(module.state_dict(), file)
    net = read_torch(file)
    assert np.allclose(net(X), expected, atol=1e-5)
    torch.save({"epoch": 3, "model_state_dict": module.state_dict()}, file)
    assert read_torch(file) == net
    torch.save(module.state_dict(), file, _use_new_zipfile_serialization=False)
    assert read_torch(file) == net
    torch.save(module.bfloat16().state_dict(), file)
    assert read_torch(file).weights[0].tolist() == module[0].weight.to(torch.float64).tolist()


def test_other_files_are_refused(torch: Any, tmp_path: Path) -> None:
    """A module saved whole, a script, other objects, tensors that are not dense, and what is no file of PyTorch."""
    file = tmp_path / "net.pt"

    def refusal() -> str:
        with pytest.raises(ValueError, match=r"net\.pt does not hold") as caught:
            read_torch(file)
        return str(caught.value)

    module = torch.nn.Sequential(torch.nn.Linear(1, 1))
    torch.save(module, file)
    assert "it holds the object torch.nn.modules.container.Sequential, which cannot be read" in refusal()
    torch.jit.save(torch.jit.script(module), file)
    assert "it is a TorchScript archive" in refusal()
    torch.save([1, 2], file)
    assert "it is a list; legal is a dict of tensors" in refusal()
    torch.save({"weight": "text"}, file)
    assert "entry 'weight' is a str; legal are tensors" in refusal()
    torch.save({"weight": torch.eye(2).to_sparse()}, file)
    assert "entry 'weight' is no dense tensor of real numbers" in refusal()
    torch.save(torch.nn.BatchNorm1d(2).state_dict(), file)
    assert "'weight' of shape (2,) is no matrix" in refusal()
    file.write_text("hello")
    assert "it is not a file of PyTorch, or it is damaged" in refusal()
    file.unlink()
    with pytest.raises(FileNotFoundError):
        read_torch(file)
