"""Tests of relucomb.network_onnx: against ONNX' own reference evaluator, and everything that must be refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from relucomb.network_onnx import read_onnx

if TYPE_CHECKING:
    from relucomb.networks import ReLUNetwork

HEAD = "g (float[N, 2] x) => (float[N, M] y)"


def model_of(text: str) -> Any:
    """Return the model of a graph in ONNX' text format."""
    return helper.make_model(onnx.parser.parse_graph(text), opset_imports=[helper.make_opsetid("", 17)])


def read(model: Any) -> ReLUNetwork:
    """Read a model, or a graph in text form, by way of a file."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "net.onnx"
        onnx.save(model_of(model) if isinstance(model, str) else model, file)
        return read_onnx(file)


def refusal(model: Any) -> str:
    """Return what is said of a model that must be refused, after the name of the file."""
    with pytest.raises(ValueError, match=r"net\.onnx does not hold ") as caught:
        read(model)
    return str(caught.value).partition(": ")[2]


@st.composite
def chains(draw: st.DrawFn) -> tuple[Any, int]:
    """Return a random chain with small whole weights in float64, and the number of its inputs."""
    number = st.integers(-3, 3)
    width = inputs = draw(st.integers(1, 3))
    nodes, constants = [], []
    kinds = ["Gemm", "GemmT", "MatMul", "Add", "AddLeft", "Sub", "Relu", "Identity", "Flatten", "Reshape"]
    for k, kind in enumerate(draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=8))):
        before, after = f"t{k}", f"t{k + 1}"

        def constant(*shape: int, name: str = f"c{k}", dtype: type = np.float64) -> str:
            size = int(np.prod(shape))
            values = np.array(draw(st.lists(number, min_size=size, max_size=size)), dtype).reshape(shape)
            constants.append(numpy_helper.from_array(values, name))
            return name

        if kind in ("Gemm", "GemmT", "MatMul"):
            out = draw(st.integers(1, 3))
            W = constant(*((out, width) if kind == "GemmT" else (width, out)))
            if kind == "MatMul":
                nodes.append(helper.make_node("MatMul", [before, W], [after]))
            else:
                shape = draw(st.sampled_from([(), (1,), (out,), (1, out)]))
                factors = {"alpha": draw(number) / 2, "beta": draw(number) / 2}
                bias = [constant(*shape, name=f"b{k}")] if draw(st.booleans()) else []
                nodes.append(helper.make_node("Gemm", [before, W, *bias], [after], transB=kind == "GemmT", **factors))
            width = out
        elif kind in ("Add", "AddLeft", "Sub"):
            c = constant(*draw(st.sampled_from([(), (1,), (width,), (1, width)])))
            operands = [c, before] if kind == "AddLeft" else [before, c]
            nodes.append(helper.make_node(kind.removesuffix("Left"), operands, [after]))
        elif kind == "Reshape":
            constants.append(numpy_helper.from_array(np.array([-1, width], np.int64), f"c{k}"))
            nodes.append(helper.make_node(kind, [before, f"c{k}"], [after]))
        else:
            nodes.append(helper.make_node(kind, [before], [after]))
    values = [helper.make_tensor_value_info(f"t{k}", onnx.TensorProto.DOUBLE, [None, w])
              for k, w in ((0, inputs), (len(nodes), width))]  # fmt: skip
    graph = helper.make_graph(nodes, "chain", [values[0]], [values[1]], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), inputs


@given(chains(), st.data())
def test_chains_agree_with_the_reference_evaluator(example: tuple[Any, int], data: st.DataObject) -> None:
    """On small whole numbers, where floats are exact, network and graph have equal values."""
    model, inputs = example
    point = st.lists(st.integers(-3, 3), min_size=inputs, max_size=inputs)
    X = np.array(data.draw(st.lists(point, min_size=1, max_size=4)), dtype=np.float64)
    net = read(model)
    expected = ReferenceEvaluator(model).run(None, {"t0": X})[0]
    assert net.evaluate_exact(X).reshape(expected.shape).tolist() == expected.tolist()
    relus = sum(node.op_type == "Relu" for node in model.graph.node)
    assert net.depth <= relus + 1


def test_short_floats_are_the_rationals_they_are() -> None:
    """A float32 0.1 stays that number; nothing is rounded on the way, and the network is one of floats."""
    net = read("g (float[N, 1] x) => (float[N, 1] y) <float[1, 1] W = {0.1}> { y = MatMul(x, W) }")
    assert not net.is_exact
    assert net.weights[0][0, 0] == float(np.float32(0.1))
    assert net.exact().weights[0][0, 0] == Fraction(13421773, 134217728)


def test_two_affine_nodes_in_a_row_are_multiplied_exactly() -> None:
    """0.1 times 0.1 is not the nearest float but the product of the two rationals."""
    net = read("g (float[N, 1] x) => (float[N, 1] y) <float[1, 1] W = {0.1}> { h = MatMul(x, W)  y = MatMul(h, W) }")
    assert net.weights[0][0, 0] == Fraction(13421773, 134217728) ** 2
    assert net.depth == 1


def test_an_image_is_flattened() -> None:
    """Flatten at the input of a graph for images; the order is that of the pixels in memory."""
    net = read("""g (float[N, 1, 2, 2] x) => (float[N, 1] y) <float[4, 1] W = {1, 2, 3, 4}>
                  { f = Flatten(x)  y = MatMul(f, W) }""")
    assert net([[1, 0, 0, 0], [0, 0, 1, 0]]).tolist() == [1, 3]
    message = refusal("""g (float[N, 1, 2, 2] x) => (float[N, 1, 2, 1] y) <float[2, 1] W = {1, 2}>
                         { y = MatMul(x, W) }""")
    assert message.startswith("node 1 (MatMul, writing 'y') would map 2 rows of each input one by one")


def test_constants_may_be_nodes() -> None:
    """Constant nodes count as weights, also by way of Transpose and Identity, as exporters write them."""
    net = read(f"""{HEAD} <float[1, 2] W = {{3, 4}}>
                   {{ V = Transpose<perm = [1, 0]>(W)  U = Identity(V)  h = MatMul(x, U)
                      c = Constant<value = float[1] {{5}}>()  y = Add(h, c) }}""")
    assert net([[1, 1]]).tolist() == [12]


def test_weights_beside_the_file(tmp_path: Path) -> None:
    """Large models keep their weights in a second file; if it is missing, that is said."""
    model = model_of("g (float[N, 1] x) => (float[N, 1] y) <float[1, 1] W> { y = MatMul(x, W) }")
    model.graph.initializer.append(numpy_helper.from_array(np.array([[2.0]], np.float32), "W"))
    file = tmp_path / "net.onnx"
    onnx.save(model, file, save_as_external_data=True, location="weights.bin", size_threshold=0)
    assert read_onnx(file)([[3.0]]).tolist() == [6.0]
    (tmp_path / "weights.bin").unlink()
    with pytest.raises(ValueError, match="tensor name: W"):
        read_onnx(file)


REFUSED = {
    "another activation": ("{ act1 = MatMul(x, W)  y = Sigmoid(act1) }", "node 2 (Sigmoid, writing 'y') is none of"),
    "a branch": (
        "{ h = MatMul(x, W)  a = Relu(h)  b = Relu(h)  y = Add(a, b) }",
        "node 3 (Relu, writing 'b') reads 'h', which node 2 (Relu, writing 'a') reads too: the graph branches",
    ),
    "a sum with itself": ("{ h = MatMul(x, W)  y = Add(h, h) }", "one input that depends on the input of the graph"),
    "a residual": ("{ h = MatMul(x, W)  y = Add(h, x) }", "reads 'x', which node 1 (MatMul, writing 'h') reads too"),
    "weights on the left": ("{ y = MatMul(W, x) }", "has its weights on the left"),
    "a transposed input": ("{ y = Gemm<transA = 1>(x, W) }", "transA = 1"),
    "a constant minus": ("{ h = MatMul(x, W)  y = Sub(c, h) }", "subtracts from a constant"),
    "an unknown attribute": ("{ y = Gemm<gamma = 1>(x, W) }", "the attribute 'gamma'"),
    "an unused initialiser": ("{ y = Gemm(x, W) }", "initialiser 'c' is not used"),
    "shapes": ("{ h = MatMul(x, W)  y = MatMul(h, W) }", "(MatMul, writing 'y') takes 2 numbers, but what comes"),
    "a broadcast": ("{ h = MatMul(x, W)  d = Gemm(h, U)  y = Add(d, W) }", "adds a constant of shape (2, 2) to 1 num"),
    "a widening broadcast": ("{ h = MatMul(x, W)  d = MatMul(h, U)  y = Add(d, c) }", "takes 2 numbers, but what"),
    "a vector of weights": ("{ y = MatMul(x, c) }", "must have a matrix of weights; 'c' has shape (2,)"),
    "a flattened batch": ("{ f = Flatten<axis = 0>(x)  y = MatMul(f, W) }", "(axis = 1); got axis = 0"),
    "a cut row": ("{ s = Constant<value = int64[2] {-1, 1}>()  r = Reshape(x, s)  y = MatMul(r, U) }", "takes 1 n"),
    "a convolution": ("{ y = Conv(x, W) }", "node 1 (Conv, writing 'y') is none of the legal nodes: Gemm, MatMul"),
    "another domain": ("{ y = com.acme.Gemm(x, W) }", "belongs to 'com.acme'"),
    "a dead end": ("{ y = MatMul(x, W)  z = Relu(y) }", "the output is 'y', and node 2 (Relu, writing 'z') comes"),
    "another output": ("{ h = MatMul(x, W) }", "the output is 'y', which no node writes"),
    "an unknown tensor": ("{ y = MatMul(q, W) }", "reads 'q', which no node before it writes"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_other_graphs_are_refused(case: str) -> None:
    """The message names the node, by its place and output if it has no name, and what is wrong with it."""
    nodes, expected = REFUSED[case]
    constants = {"W": "float[2, 2] W = {1, 2, 3, 4}", "c": "float[2] c = {1, 2}", "U": "float[2, 1] U = {1, 1}"}
    used = [text for name, text in constants.items() if f"{name})" in nodes or f"{name}," in nodes or name == "c"]
    if case == "shapes":
        used[0] = "float[2, 1] W = {1, 1}"
    assert expected in refusal(f"{HEAD} <{', '.join(used)}> {nodes}")


def test_a_node_is_named() -> None:
    """A node's own name comes first, with its operation."""
    model = model_of(f"{HEAD} {{ y = Sigmoid(x) }}")
    model.graph.node[0].name = "act1"
    assert refusal(model).startswith("node 'act1' (Sigmoid) is none of the legal nodes")


def test_ends_of_the_graph() -> None:
    """Two inputs, no input, two outputs and an undeclared number of inputs are told."""
    assert "one input; got 'x', 'z'" in refusal("g (float[N, 2] x, float[N, 2] z) => (float[N, 2] y) { y = Add(x, z) }")
    assert "one input; got none" in refusal("g () => (float[1] y) { y = Constant<value = float[1] {1}>() }")
    assert "one output; got 'y', 'h'" in refusal(f"{HEAD[:-1]}, float[N, 2] h) {{ h = Relu(x)  y = Relu(h) }}")
    assert "declare the shape of the input" in refusal("g (float[N, M] x) => (float[N, M] y) { y = Relu(x) }")


def test_numbers() -> None:
    """NaN, complex and sparse weights are refused by name; whole numbers beyond 2^53 stay what they are."""
    model = model_of(f"{HEAD} <float[2, 1] W> {{ y = MatMul(x, W) }}")

    def with_weights(values: Any) -> Any:
        del model.graph.initializer[:]
        model.graph.initializer.append(numpy_helper.from_array(values, "W"))
        return model

    nan = refusal(with_weights(np.array([[1], [np.nan]], np.float32)))
    assert nan.startswith("initialiser 'W': the entry in row 1, column 0 (counted from 0) is nan")
    assert "legal are real numbers" in refusal(with_weights(np.array([[1j], [1]])))
    large = read(with_weights(np.array([[2**60 + 1], [1]])))
    assert large.weights[0].tolist() == [[2**60 + 1, 1]]
    half = read(with_weights(np.array([[0.1], [1]], np.float16)))
    assert half.weights[0][0, 0] == float(np.float16(0.1))
    del model.graph.initializer[:]
    values = numpy_helper.from_array(np.array([1.0]), "W")
    indices = numpy_helper.from_array(np.array([0]), "W_indices")
    model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [2, 1]))
    assert "initialiser 'W' is sparse" in refusal(model)


def test_other_files_are_refused(tmp_path: Path) -> None:
    """Text, an empty file and no file at all."""
    file = tmp_path / "net.onnx"
    file.write_text("hello")
    with pytest.raises(ValueError, match="it is not an ONNX file"):
        read_onnx(file)
    file.write_bytes(b"")
    with pytest.raises(ValueError, match="must have one input; got none"):
        read_onnx(file)
    with pytest.raises(FileNotFoundError):
        read_onnx(tmp_path / "none.onnx")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that brings it is named."""
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(ImportError, match=r"relucomb\[onnx\]"):
        read_onnx("net.onnx")
