"""``relucomb pieces``: all counts, boxes, slices, lists, pictures, limits and refusals."""

from __future__ import annotations

import json
import signal
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import pytest

import relucomb
from relucomb.networks import ReLUNetwork

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]

# max(-y, min(0, -x)), the example of the five meanings
NET = ReLUNetwork([[[1, 0], [0, 1], [0, -1]], [[1, 0, 0], [1, -1, 1]], [[-1, 1]]], [[0, 0, 0], [0, 0], [0]])
COUNTS = {"patterns": 7, "activation": 5, "affine": 3, "affine-closed": 3, "maps": 3}


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """Return a file with the network."""
    NET.save(tmp_path / "net.json")
    return tmp_path / "net.json"


def test_all_five_counts(net: Path, command: Command) -> None:
    """Each with an upper bound beside it and a line that says what it means."""
    outcome = command("pieces", net)
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0] == f"{net}: network 2-3-2-1, 5 hidden units on R^2"
    assert [line.split()[:3] for line in lines[3:8]] == [
        ["patterns", "7", "32"],
        *([kind, str(count), "25"] for kind, count in COUNTS.items() if kind != "patterns"),
    ]
    assert lines[3].endswith("regions without interior included (R1)")
    assert "proof: rational, no sign was decided by rounding; exact" in lines[-1]


def test_json(net: Path, command: Command) -> None:
    """One object with counts, bounds and the proof level."""
    document = json.loads(command("pieces", net, "--json").out)
    assert document["counts"] == document["lower_bounds"] == COUNTS
    assert document["upper_bounds"]["serra"]["value"] == 25
    assert {key: document[key] for key in ("command", "status", "termination", "proof", "box", "slice", "widths")} == {
        "command": "pieces",
        "status": "complete",
        "termination": "exhausted",
        "proof": "rational",
        "box": None,
        "slice": None,
        "widths": [2, 3, 2, 1],
    }
    assert "pieces" not in document


@pytest.mark.parametrize(("box", "count"), [("-1:1", 3), ("1:2,-2:-1", 1), ("-1:1,-1/2:0.5", 3), ("-2:-1", 1)])
def test_boxes(net: Path, command: Command, box: str, count: int) -> None:
    """One interval for all inputs or one for each; a minus sign may come first."""
    outcome = command("pieces", net, "--box", box, "--kind", "affine", "--json")
    assert json.loads(outcome.out)["counts"] == {"affine": count}
    sides = [[float(eval(end)) for end in side.split(":")] for side in box.split(",")]
    assert relucomb.count_pieces(NET, domain=sides * (3 - len(sides))) == count


def test_slices(net: Path, command: Command) -> None:
    """On the line y = 1/2 the function is 0, then -x, then constant."""
    outcome = command("pieces", net, "--slice", "0,1/2", "--along", "-1,0", "--kind", "affine,maps", "--json")
    document = json.loads(outcome.out)
    assert document["counts"] == {"affine": 3, "maps": 3}
    assert document["slice"] == {"origin": [0, "1/2"], "directions": [[-1, 0]]}
    assert document["widths"] == [1, 3, 2, 1]
    assert "a slice, on the box [-1, 1]" in command("pieces", net, "--along", "1,1", "--box", "-1:1").out


def test_lists(net: Path, command: Command) -> None:
    """A point inside, the patterns of the cells, and the affine function; all agree."""
    lines = command("pieces", net, "--list").out.splitlines()
    assert len(lines) == 3
    assert sorted(line.rpartition("  ")[2] for line in lines) == ["-x1", "-x2", "0"]
    glued = next(line for line in lines if line.endswith("  -x2"))
    assert sorted(glued.split("  ")[1].split()) == ["001|01", "101|11", "110|11"]
    document = json.loads(command("pieces", net, "--list", "--kind", "activation", "--json").out)
    assert len(document["pieces"]) == document["counts"]["activation"] == 5
    for k, piece in enumerate(document["pieces"]):
        point = [relucomb_fraction(entry) for entry in piece["interior_point"]]
        value = sum(float(a) * x for a, x in zip(piece["matrix"][0], point, strict=True)) + float(piece["vector"][0])
        assert value == pytest.approx(NET([point])[0])
        assert all(k in document["pieces"][other]["neighbours"] for other in piece["neighbours"])
    patterns = json.loads(command("pieces", net, "--list", "--kind", "patterns", "--json").out)["pieces"]
    assert len({piece["cells"][0]["pattern"] for piece in patterns}) == 7


def relucomb_fraction(entry: int | str) -> float:
    """Return the float nearest to a number as JSON has it."""
    numerator, _, denominator = str(entry).partition("/")
    return int(numerator) / int(denominator or 1)


def test_affine_functions_are_written_as_people_do(tmp_path: Path, command: Command) -> None:
    """Signs, fractions, factors of one, several outputs, constants."""
    document = {"weights": [[[2, -1, "-1/2"], [0, 0, 0], [0, 1, 0]]], "biases": [["-3/2", 1, 0]]}
    (tmp_path / "affine.json").write_text(json.dumps(document))
    out = command("pieces", tmp_path / "affine.json", "--list").out
    assert out == "(0, 0, 0)  -  2 x1 - x2 - 1/2 x3 - 3/2; 1; x2\n"


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_pictures(net: Path, command: Command, ending: str) -> None:
    """The picture is written beside the counts."""
    picture = net.with_name(f"pieces.{ending}")
    assert command("pieces", net, "--plot", picture).code == 0
    heads = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    assert picture.read_bytes().startswith(heads[ending])


def test_onnx(tmp_path: Path, command: Command) -> None:
    """The same network from another file has the same pieces."""
    model = onnx.parser.parse_graph(
        "hat (float[N, 1] x) => (float[N, 1] y) <float[3, 1] W = {1, 1, 1}, float[3] b = {0, -1, -2}, "
        "float[3, 1] V = {1, -2, 1}> { z = Gemm<transB = 1>(x, W, b)  h = Relu(z)  y = MatMul(h, V) }"
    )
    onnx.save(onnx.helper.make_model(model), tmp_path / "hat.onnx")
    counts = json.loads(command("pieces", tmp_path / "hat.onnx", "--json").out)["counts"]
    assert counts == {"patterns": 4, "activation": 4, "affine": 4, "affine-closed": 4, "maps": 3}


def test_a_time_limit_leaves_lower_bounds(net: Path, command: Command) -> None:
    """Exit code 3, and what is proven by then."""
    outcome = command("pieces", net, "--time-limit", 0)
    assert outcome.code == 3
    assert "time limit: at least patterns " in outcome.err
    assert "some counts are lower bounds: the time limit was reached" in outcome.out
    assert ">= " in outcome.out


def test_an_interruption_leaves_lower_bounds(net: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while counting: exit code 130 with JSON that is complete."""
    census = relucomb.piece_census

    def broken_off(*arguments: Any, **options: Any) -> Any:
        options["callback"] = lambda progress: signal.raise_signal(signal.SIGINT)
        return census(*arguments, **options)

    monkeypatch.setitem(relucomb.__dict__, "piece_census", broken_off)
    outcome = command("pieces", net, "--kind", "activation", "--json")
    assert outcome.code == 130
    document = json.loads(outcome.out)
    assert (document["status"], document["termination"]) == ("partial", "interrupted")
    assert document["counts"] == {"activation": None}
    assert 1 <= document["lower_bounds"]["activation"] <= 5
    assert "interrupted: at least activation" in outcome.err


def test_an_interrupted_list_tells_how_far_it_came(
    net: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between two lines."""
    pieces = relucomb.pieces

    def broken_off(*arguments: Any) -> Any:
        yield next(iter(pieces(*arguments)))
        raise KeyboardInterrupt

    monkeypatch.setitem(relucomb.__dict__, "pieces", broken_off)
    outcome = command("pieces", net, "--list")
    assert outcome.code == 130
    assert outcome.out.count("\n") == 1
    assert "interrupted: 1 pieces listed" in outcome.err


def test_absurd_sizes_are_announced(tmp_path: Path, command: Command) -> None:
    """How many pieces are possible and how long that may take, before the work; not with --quiet."""
    rng = np.random.default_rng(0)
    widths = (3, 40, 40, 40, 1)
    weights = [rng.normal(size=(b, a)) for a, b in pairwise(widths)]
    ReLUNetwork(weights, [rng.normal(size=len(W)) for W in weights]).save(tmp_path / "big.json")
    outcome = command("pieces", tmp_path / "big.json", "--time-limit", 0, "--kind", "activation")
    assert outcome.code == 3
    assert "activation regions are possible, and to count so many may take about" in outcome.err.splitlines()[0]
    quiet = command("pieces", tmp_path / "big.json", "--time-limit", 0, "--kind", "activation", "--quiet")
    assert "possible" not in quiet.err


def test_progress_on_a_terminal(net: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines with the regions that are certain by now, more seldom the longer it takes."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr("relucomb.commandline.pieces.SHORTEST_PAUSE", 0.0)
    outcome = command("pieces", net, "--kind", "activation")
    assert "regions, " in outcome.err
    assert "of 5 units" in outcome.err


def test_a_state_dict_comes_with_a_warning(net: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not say what is between its layers."""
    monkeypatch.setattr("relucomb.commandline.pieces.load_network", lambda path: NET)
    assert "a ReLU is assumed" in command("pieces", net.with_suffix(".pt")).err


def test_refusals(net: Path, tmp_path: Path, refused: Refused) -> None:
    """Each names the option, what it got and what is legal."""
    assert "there is no kind 'regions'; legal are patterns, activation" in refused("pieces", net, "--kind", "regions")
    assert "--list lists the pieces of one kind" in refused("pieces", net, "--list", "--kind", "affine,maps")
    assert "the interval 1:1 is flat" in refused("pieces", net, "--box", "1:1")
    assert "the interval 2:1 is empty" in refused("pieces", net, "--box", "0:1,2:1")
    assert "3 intervals for 2 inputs; give 1 or 2" in refused("pieces", net, "--box", "0:1,0:1,0:1")
    assert "must be intervals LOW:HIGH" in refused("pieces", net, "--box", "0")
    assert "give the directions of the flat too" in refused("pieces", net, "--slice", "0,0")
    assert "--slice 0: 1 number for 2 inputs" in refused("pieces", net, "--slice", "0", "--along", "1,1")
    assert "directions must be independent" in refused("pieces", net, "--along", "1,1", "--along", "2,2")
    assert "kind must not be 'patterns'" in refused("pieces", net, "--plot", tmp_path / "a.png", "--kind", "patterns")
    ReLUNetwork([[[1, 1, 1]]], [[0]]).save(tmp_path / "three.json")
    hint = refused("pieces", tmp_path / "three.json", "--plot", tmp_path / "a.png")
    assert "got 3 inputs (--slice and --along make one)" in hint
    assert "the name must end in .png" in refused("pieces", net, "--plot", tmp_path / "a.gif")
    assert "cannot be read" in refused("pieces", tmp_path / "none.json")
    (tmp_path / "bad.json").write_text('{"weights": [[[1, NaN]]], "biases": [[0]]}')
    assert "is nan" in refused("pieces", tmp_path / "bad.json")
    (tmp_path / "bad.json").write_text('{"weights": [[[1, 2]], [[1, 2]]], "biases": [[0], [0]]}')
    assert "weights[1] must have 1 columns" in refused("pieces", tmp_path / "bad.json")
    wide = ReLUNetwork(np.ones((1, 1, 20)), [[0.0]])
    wide.save(tmp_path / "wide.json")
    assert "networks with more than 16 inputs" in refused("pieces", tmp_path / "wide.json", "--box", "0:1")
