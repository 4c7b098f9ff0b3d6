"""Pictures of circuits: every gate, wire and weight is there, and large layers are one block."""

from __future__ import annotations

import itertools
from fractions import Fraction

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.patches import FancyBboxPatch

from relucomb.boolean.circuits import Circuit
from relucomb.boolean.named_circuits import named_circuit
from relucomb.plots.circuit import MOST_GATES, _label_places, plot_circuit, render_circuit

mpl.use("agg")


@pytest.fixture(autouse=True)
def _close_figures() -> object:
    """Leave no figure open."""
    from matplotlib import pyplot

    yield
    pyplot.close("all")


def test_gates_wires_and_weights() -> None:
    """A box for each variable and gate, a line for each wire, its weight at it; dashes for negative ones."""
    circuit = Circuit([([[1, Fraction(1, 2)], [0, -1]], [2, 0], "ReLU"), ([[1, -2]], [Fraction(-1, 3)], "LTF")])
    ax = plot_circuit(circuit, title="a $ b")
    assert len(ax.patches) == 2 + 2 + 1
    assert len(ax.lines) == circuit.wires
    texts = sorted(text.get_text() for text in ax.texts)
    assert texts == sorted(["$x_{0}$", "$x_{1}$", "ReLU\n+ 2", "ReLU", "LTF\n− 1/3", "1", "1/2", "−1", "1", "−2"])
    assert sum(line.get_linestyle() == "--" for line in ax.lines) == 2
    assert ax.get_title() == "a \\$ b\nLTF-of-ReLU: 2 variables, 3 gates, 5 wires"


def test_each_wire_ends_at_its_gates() -> None:
    """From the right side of one box to the left side of the other."""
    circuit = named_circuit("andreev", n=8)
    ax = plot_circuit(circuit)
    boxes = [patch.get_bbox() for patch in ax.patches]
    sides = {(round(x, 6), round((box.y0 + box.y1) / 2, 6)) for box in boxes for x in (box.x0, box.x1)}
    for line in ax.lines:
        assert {(round(x, 6), round(y, 6)) for x, y in line.get_xydata()} <= sides
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)


def test_boxes_are_inside_of_the_picture() -> None:
    """Nothing is cut off, whatever is a block."""
    for circuit in (
        named_circuit("and", n=MOST_GATES + 1),
        named_circuit("or", n=MOST_GATES),
        named_circuit("or", n=1),
    ):
        ax = plot_circuit(circuit)
        (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
        for patch in ax.patches:
            if not isinstance(patch, FancyBboxPatch):  # a band of wires
                continue
            box = patch.get_bbox()
            assert left <= box.x0
            assert box.x1 <= right
            assert low <= box.y0
            assert box.y1 <= high


def test_large_layers_are_blocks() -> None:
    """With the number of their gates and wires; single weights are not told."""
    ax = plot_circuit(named_circuit("andreev", n=80))
    texts = [text.get_text() for text in ax.texts]
    assert texts[:2] == ["352\nwires", "1,312\nwires"]  # 32 + 5 rows · 8 · 8; 32 · (1 + 40)
    assert "80\nvariables" in texts
    assert "72\nReLU gates" in texts


def test_many_wires_have_no_labels() -> None:
    """Their colours tell the signs."""
    ax = plot_circuit(named_circuit("parity", n=12))
    assert len(ax.lines) == 156
    assert sum("/" not in text.get_text() and "ReLU" not in text.get_text() for text in ax.texts) == 12 + 12 + 1


def test_labels_keep_apart() -> None:
    """Also where many wires cross."""
    heights = np.array([(a, b) for a in (-2.0, 0.0, 2.0) for b in (-2.0, 0.0, 2.0)])
    shares = np.array(_label_places(heights, 3.0))
    spots = np.column_stack([3.0 * shares, heights[:, 0] + shares * (heights[:, 1] - heights[:, 0])])
    for one, other in itertools.combinations(spots, 2):
        assert (np.abs(one - other) >= (0.5, 0.25)).any()


def test_a_gate_without_wires() -> None:
    """A constant is drawn."""
    assert render_circuit(Circuit([([[0]], [0], "ReLU"), ([[0]], [1], "affine")]), "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("image_format", ["png", "svg", "pdf"])
def test_equal_pictures_give_equal_bytes(image_format: str) -> None:
    """Nothing in the file depends on the time of day."""
    circuit = named_circuit("parity", n=3)
    assert render_circuit(circuit, image_format) == render_circuit(circuit, image_format)
