"""``relucomb erm``: what it says, what it writes, how it ends, and what it refuses."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import warnings
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

import relucomb
from relucomb.algorithm_one import ProgramLimitError
from relucomb.commandline import files
from relucomb.erm_result import ERMResult, Status, Termination, Verification
from relucomb.networks import ReLUNetwork

from .conftest import INF, RELU, outcome_of_search

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome, Search

    Command = Callable[..., Outcome]
    Refused = Callable[..., str]

# --- bad input: one line, exit code 2, no search ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "data.csv: the file is empty"),
        (b"1,2\n3,4\n", "data.csv, line 1: no header"),
        (b"y\n1\n2\n", "data.csv, line 1: only one column, 'y'"),
        (b"x,y\n1,2\n1,two\n", "data.csv, line 3, column 'y': 'two' is not a number"),
        (b"x,y\n1,2\nnan,2\n", "data.csv, line 3, column 'x': 'nan' is not a number (a missing value?)"),
        (b"x,y\n1,2\ninf,2\n", "data.csv, line 3, column 'x': 'inf' is infinite"),
        (b"x,y\n1,2\n,2\n", "data.csv, line 3, column 'x': empty cell"),
        (b"x,y\n1,2\n1,2,3\n", "data.csv, line 3: 3 cells, but the header has 2 columns"),
        (b"x,x\n1,2\n1,2\n", "data.csv, line 1: columns 1 and 2 are both named 'x'"),
        (b"x;y\n1;2\n1;2\n", "data.csv, line 1: one column, but the cells seem to be separated by semicolons"),
        (b"x,y\n\xff,1\n", "data.csv, line 2: byte 0xff is not UTF-8"),
        (b"x,y\n", "data.csv: a header but no rows of data"),
        (b"x,y\n1,2\n", "data.csv: 1 row of data; a fit needs at least 2"),
        (b"a,b,c,y\n1,2,3,4\n1,2,3,5\n", "data.csv: 2 rows for 3 features; there must be at least as many rows"),
    ],
)
def test_unusable_data(data: Path, refused: Refused, search: Search, content: bytes, complaint: str) -> None:
    """Every kind of unusable data is refused before the search."""
    data.write_bytes(content)
    line = refused("erm", data, "--width", 1)
    assert line.startswith("relucomb erm: error: ")
    assert complaint in line
    assert not search.calls


def test_missing_file_and_directory(tmp_path: Path, refused: Refused) -> None:
    """A path that is no file is named."""
    assert "none.csv: no such file" in refused("erm", tmp_path / "none.csv", "--width", 1)
    assert "is a directory" in refused("erm", tmp_path, "--width", 1)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--width", "0"], "argument --width: must be a whole number from 1 to 64, or a rising range of them"),
        (["--width", "-1"], "such as 1-4; got '-1'"),
        (["--width", "65"], "got '65'"),
        (["--width", "1000000000000000000000000"], "got '1000000000000000000000000'"),
        (["--width", "two"], "got 'two'"),
        (["--width", "1.5"], "got '1.5'"),
        (["--width", "4-1"], "got '4-1'"),
        (["--width", "0-2"], "got '0-2'"),
        (["--width", "1-"], "got '1-'"),
        (["--width", "1-2-3"], "got '1-2-3'"),
        (["--width", ""], "got ''"),
        ([], "the following arguments are required: --width"),
        (["--width", "1", "--loss", "sqared"], "argument --loss: invalid choice: 'sqared' (choose from"),
        (["--width", "1", "--method", "magic"], "argument --method: invalid choice: 'magic'"),
        (["--width", "1", "--time-limit", "-1"], "argument --time-limit: must be a finite number that is not negative"),
        (["--width", "1", "--time-limit", "soon"], "got 'soon'"),
        (["--width", "1", "--node-limit", "-1"], "argument --node-limit: must be a whole number from 0 on; got '-1'"),
        (["--width", "1", "--node-limit", "1.5"], "got '1.5'"),
        (["--width", "1", "--gap", "-0.1"], "argument --gap: must be a finite number that is not negative"),
        (["--width", "1", "--abs-gap", "nan"], "argument --abs-gap: must be a finite number that is not negative"),
        (["--width", "1", "--workers", "0"], "argument --workers: must be a whole number from 1 to 1024; got '0'"),
        (["--width", "1", "--program-limit", "0"], "argument --program-limit: must be a whole number from 1 on"),
        (["--width", "1", "--seed", "x"], "argument --seed: must be a whole number from 0 on; got 'x'"),
        (["--width", "1", "--features", "x,,z"], "argument --features: must be column names separated by commas"),
        (["--width", "1", "--speed"], "unrecognized arguments: --speed"),
        (["--width", "1", "--target", "z"], "line 1: no column named 'z' for the target; columns: x, y"),
        (["--width", "1", "--target", "x,y"], "several targets are refused"),
        (["--width", "1", "--target", "x", "--target", "y"], "--target was given 2 times"),
        (["--width", "1", "--plot", "fit.gif"], "--plot fit.gif: the name must end in .png, .svg, .pdf"),
        (
            ["--width", "1", "--loss", "hinge"],
            "line 2, column 'y': the label is 0; the hinge loss needs labels -1 and 1",
        ),
        (["--width", "1", "--loss", "logistic"], "the logistic loss needs labels -1 and 1"),
    ],
)
def test_unusable_arguments(data: Path, refused: Refused, search: Search, options: list[str], complaint: str) -> None:
    """Every kind of unusable argument is refused in one line that says what is legal."""
    line = refused("erm", data, *options)
    assert line.startswith("relucomb")
    assert complaint in line
    assert not search.calls


def test_two_targets_are_refused_with_the_reason(data: Path, refused: Refused) -> None:
    """However two targets are asked for, the answer names the theorem."""
    for options in (["--target", "x,y"], ["--target", "x", "--target", "y"]):
        assert "impossible unless NP = ∃R (arXiv 2204.01368)" in refused("erm", data, "--width", 1, *options)


def test_labels_zero_and_one_get_a_hint(data: Path, refused: Refused) -> None:
    """Labels 0 and 1 are the common mistake."""
    data.write_text("x,y\n1,1\n2,0\n")
    line = refused("erm", data, "--width", 1, "--loss", "hinge")
    assert "line 3, column 'y': the label is 0; the hinge loss needs labels -1 and 1; write 0 as -1" in line


@pytest.mark.parametrize("option", ["--output", "--plot", "--log-file"])
def test_unwritable_output(data: Path, tmp_path: Path, refused: Refused, search: Search, option: str) -> None:
    """An output that cannot be written is refused before the search."""
    for path, complaint in (
        (tmp_path / "none" / "out.png", "there is no directory"),
        (data / "out.png", "there is no directory"),
        (tmp_path / ("x" * 300 + ".png"), "cannot be written (File name too long)"),
    ):
        line = refused("erm", data, "--width", 1, option, path)
        assert f"{option} {path}: {complaint}" in line
    (tmp_path / "folder.png").mkdir()
    assert "is a directory" in refused("erm", data, "--width", 1, option, tmp_path / "folder.png")
    assert not search.calls
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "folder.png"]


def test_outputs_without_permission(
    data: Path, tmp_path: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that must not be changed and a directory that takes no file are refused."""
    (tmp_path / "net.json").write_text("{}")
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)
        assert "must not be overwritten" in refused("erm", data, "--width", 1, "--output", tmp_path / "net.json")

    def full(**_: object) -> tuple[int, str]:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(files.tempfile, "mkstemp", full)
    line = refused("erm", data, "--width", 1, "--output", tmp_path / "new.json")
    assert line.endswith("new.json: cannot be written (Read-only file system)")


def test_every_file_serves_once(data: Path, tmp_path: Path, refused: Refused) -> None:
    """The data is never overwritten, nor one output by another."""
    assert "is also the data" in refused("erm", data, "--width", 1, "--output", data)
    link = tmp_path / "link.csv"
    link.symlink_to(data)
    assert "is also the data" in refused("erm", data, "--width", 1, "--log-file", link)
    twice = tmp_path / "a.png"
    assert "is also --plot" in refused("erm", data, "--width", 1, "--plot", twice, "--log-file", twice)
    assert data.read_text().startswith("x,y\n")


def test_plots_need_one_or_two_features_and_matplotlib(
    data: Path, tmp_path: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be drawn is refused before the search."""
    data.write_text("a,b,c,y\n" + "1,2,3,4\n" * 5)
    line = refused("erm", data, "--width", 1, "--plot", tmp_path / "fit.png")
    assert "3 features cannot be drawn; legal are one or two" in line
    monkeypatch.setattr(files.importlib.util, "find_spec", lambda _: None)
    assert "pip install 'relucomb[plot]'" in refused("erm", data, "--width", 1, "--plot", tmp_path / "fit.png")


def test_unusable_warm_starts(data: Path, tmp_path: Path, refused: Refused) -> None:
    """A warm start that is no network of this class is refused."""
    path = tmp_path / "net.json"
    assert "net.json: cannot be read (No such file or directory)" in refused(
        "erm", data, "--width", 1, "--warm-start", path
    )
    path.write_text("[1, 2")
    assert "net.json does not hold a network" in refused("erm", data, "--width", 1, "--warm-start", path)
    ReLUNetwork([[[1.0, 1.0]], [[1.0]]], [[0.0], [0.0]]).save(path)
    line = refused("erm", data, "--width", 1, "--warm-start", path)
    assert "the network has widths 2-1-1; legal are 1-w-1, as" in line
    assert "data.csv has 1 feature" in line


# --- results ------------------------------------------------------------------------------------------------------


def test_options_reach_the_search(data: Path, tmp_path: Path, command: Command, search: Search) -> None:
    """Every option becomes the argument of the same meaning."""
    RELU.save(tmp_path / "net.json")
    options = ["--loss", "absolute", "--output-bias", "--no-hidden-bias", "--method", "enumerate", "--node-limit", "7"]
    options += ["--gap", "0.1", "--abs-gap", "1e-3", "--workers", "2", "--seed", "5", "--program-limit", "9"]
    assert command("erm", data, "--width", 2, *options, "--warm-start", tmp_path / "net.json").code == 0
    width, given = search.calls[0]
    assert width == 2
    assert given.pop("callback") is None
    assert given == {
        "loss": "absolute",
        "method": "enumerate",
        "output_bias": True,
        "hidden_bias": False,
        "time_limit": None,
        "node_limit": 7,
        "gap": 0.1,
        "abs_gap": 1e-3,
        "warm_start": RELU,
        "workers": 2,
        "seed": 5,
        "program_limit": 9,
    }


def test_text_result(data: Path, command: Command, search: Search) -> None:
    """The text tells status, loss, bound, effort and proof, and the network in the user's names."""
    outcome = command("erm", data, "--width", 1)
    assert outcome.code == 0
    assert outcome.err == ""
    assert f"{data}: 4 rows, y from x\n" in outcome.out
    assert "optimal" in outcome.out
    assert "f(x) = + relu(2·x − 2)\n" in outcome.out


def test_json_result(data: Path, command: Command, search: Search) -> None:
    """--json prints one object whose floats are exact and whose infinities are null."""
    search.results = [outcome_of_search(RELU, lower_bound=-INF, gap=INF, loss=0.1 + 0.2, status=Status.feasible)]
    outcome = command("erm", data, "--width", 1, "--json")
    assert outcome.out.count("\n") == 1
    document = json.loads(outcome.out)
    assert document["schema_version"] == 1
    assert document["command"] == "erm"
    assert document["status"] == "feasible"
    assert document["loss"] == 0.1 + 0.2
    assert document["lower_bound"] is None
    assert document["gap"] is None
    assert document["data"] == {"source": str(data), "rows": 4, "features": ["x"], "target": "y"}
    assert ReLUNetwork.from_json(document["network"]) == RELU
    assert "curve" not in document


@pytest.mark.parametrize(
    ("network", "status", "termination", "code"),
    [
        (RELU, Status.optimal, Termination.exhausted, 0),
        (RELU, Status.feasible, Termination.time_limit, 3),
        (RELU, Status.feasible, Termination.inaccurate, 3),
        (None, Status.unknown, Termination.node_limit, 4),
        (RELU, Status.feasible, Termination.interrupted, 130),
        (None, Status.unknown, Termination.interrupted, 130),
    ],
)
def test_exit_codes(
    data: Path,
    command: Command,
    search: Search,
    network: ReLUNetwork | None,
    status: Status,
    termination: Termination,
    code: int,
) -> None:
    """The exit code says how far the answer is proven, and the answer is reported in any case."""
    search.results = [outcome_of_search(network, status, termination)]
    text = command("erm", data, "--width", 1)
    assert text.code == code
    assert ("relu(" if network else "no network to show") in text.out
    machine = command("erm", data, "--width", 1, "--json")
    assert machine.code == code
    assert (json.loads(machine.out)["network"] is None) == (network is None)


def test_width_range_gives_the_curve(data: Path, command: Command, search: Search) -> None:
    """A range solves every width, each seeding the next and sharing the time that is left."""
    outcome = command("erm", data, "--width", "1-3", "--time-limit", "6", "--json")
    assert [width for width, _ in search.calls] == [1, 2, 3]
    assert [options["warm_start"] for _, options in search.calls] == [None, RELU, RELU]
    assert [options["time_limit"] for _, options in search.calls] == pytest.approx([2, 3, 6], abs=0.5)
    document = json.loads(outcome.out)
    assert document["status"] == "optimal"
    assert document["width"] == "1-3"
    assert len(document["curve"]) == 3
    text = command("erm", data, "--width", "1-3").out
    assert "width           loss" in text
    assert text.count("optimal") == 3


@pytest.mark.parametrize(
    ("statuses", "code"), [("of", 3), ("fo", 3), ("uf", 4), ("oo", 0)], ids=["second", "first", "nothing", "proven"]
)
def test_the_worst_width_decides(data: Path, command: Command, search: Search, statuses: str, code: int) -> None:
    """The curve is proven if every width is."""
    names = {"o": Status.optimal, "f": Status.feasible, "u": Status.unknown}
    search.results = [outcome_of_search(None if s == "u" else RELU, names[s]) for s in statuses]
    outcome = command("erm", data, "--width", "1-2", "--json")
    assert outcome.code == code
    assert json.loads(outcome.out)["status"] == names[min(statuses, key="ufo".index)].name


def test_interrupted_curve_reports_what_there_is(data: Path, command: Command, search: Search) -> None:
    """Ctrl-C in a later width keeps the earlier ones; before the first result there is only a line."""
    search.results = [outcome_of_search(RELU), KeyboardInterrupt()]
    outcome = command("erm", data, "--width", "1-3", "--json")
    assert outcome.code == 130
    assert len(json.loads(outcome.out)["curve"]) == 1
    assert json.loads(outcome.out)["status"] == "feasible"
    search.results = [KeyboardInterrupt()]
    outcome = command("erm", data, "--width", 1)
    assert (outcome.code, outcome.out) == (130, "")
    assert outcome.err == "relucomb erm: interrupted before there was a result\n"


def test_too_many_programmes(data: Path, command: Command, refused: Refused, search: Search) -> None:
    """A limit of the enumeration that the user can raise is a refusal, but a curve keeps the widths it has."""
    search.results = [ProgramLimitError(1000, 10, 1)]
    assert "more than --program-limit=10 " in refused("erm", data, "--width", 1, "--method", "enumerate")
    search.results = [outcome_of_search(RELU), ProgramLimitError(1000, 10, 2)]
    search.calls.clear()
    outcome = command("erm", data, "--width", "1-2", "--json")
    assert outcome.code == 3
    assert "raise --program-limit" in outcome.err
    document = json.loads(outcome.out)
    assert (document["status"], len(document["curve"])) == ("feasible", 1)


@pytest.mark.parametrize(("passed", "code"), [(True, 0), (False, 1)])
def test_verify(
    data: Path, command: Command, search: Search, monkeypatch: pytest.MonkeyPatch, passed: bool, code: int
) -> None:
    """--verify tells what a second look found; a contradiction is an error of ours."""
    found = Verification(passed, Fraction(1, 2), 0.0, None, "too large for the enumeration")
    monkeypatch.setattr(ERMResult, "verify", lambda _: found)
    outcome = command("erm", data, "--width", 1, "--verify")
    assert outcome.code == code
    assert str(found) in outcome.out
    document = json.loads(command("erm", data, "--width", 1, "--verify", "--json").out)
    assert document["verification"]["passed"] is passed
    assert document["verification"]["exact_loss"] == "1/2"


def test_output_and_plot_are_written(data: Path, tmp_path: Path, command: Command, search: Search) -> None:
    """The network comes back from its file with the names of its columns, and the picture is one."""
    net, picture, log = tmp_path / "net.json", tmp_path / "fit.svg", tmp_path / "run.log"
    assert command("erm", data, "--width", 1, "--output", net, "--plot", picture, "--log-file", log).code == 0
    assert ReLUNetwork.load(net) == RELU
    document = json.loads(net.read_text())
    assert (document["feature_names"], document["target_name"]) == (["x"], "y")
    assert picture.read_text().startswith("<?xml")
    logged = log.read_text(encoding="utf-8")
    assert logged.startswith(f"relucomb {relucomb.__version__}: relucomb erm {data} --width 1 --output {net}")
    assert "relu(2·x − 2)" in logged


def test_nothing_is_written_without_a_network(data: Path, tmp_path: Path, command: Command, search: Search) -> None:
    """A search that found nothing leaves an older file alone."""
    search.results = [outcome_of_search(None, status=Status.unknown)]
    net = tmp_path / "net.json"
    net.write_text("older")
    assert command("erm", data, "--width", 1, "--output", net, "--plot", tmp_path / "fit.png").code == 4
    assert net.read_text() == "older"
    assert not (tmp_path / "fit.png").exists()


def test_full_disk_still_tells_the_result(
    data: Path, tmp_path: Path, command: Command, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the output cannot be written in the end, the result is printed, the old file is whole, and the code is 1."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    net = tmp_path / "net.json"
    net.write_text("older")
    outcome = command("erm", data, "--width", 1, "--output", net, "--quiet")
    assert outcome.code == 1
    assert "relu(" in outcome.out
    assert outcome.err == f"relucomb erm: error: {net}: could not be written (No space left on device)\n"
    assert net.read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "net.json"]


def test_standard_input(command: Command, search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x,y\n1,2\n2,3\n")))
    assert "<stdin>: 2 rows, y from x" in command("erm", "-", "--width", 1).out


def test_notes_and_warnings_go_to_standard_error(
    data: Path, tmp_path: Path, command: Command, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the package logs or warns of is shown as a line, also in the log file, and not with --quiet."""

    def talkative(*_: object, **__: object) -> object:
        warnings.simplefilter("always")
        warnings.warn("this will take long", UserWarning, stacklevel=1)
        logging.getLogger("relucomb.algorithm_one").info("12 programmes")
        return outcome_of_search(RELU)

    monkeypatch.setitem(relucomb.__dict__, "erm", talkative)
    log = tmp_path / "run.log"
    outcome = command("erm", data, "--width", 1, "--log-file", log)
    assert outcome.err == "warning: this will take long\n12 programmes\n"
    assert "12 programmes\n" in log.read_text(encoding="utf-8")
    assert command("erm", data, "--width", 1, "--quiet").err == ""
    assert not logging.getLogger("relucomb").handlers


# --- with the real search -----------------------------------------------------------------------------------------


def test_the_real_search(data: Path, tmp_path: Path, command: Command) -> None:
    """One unit fits 2 relu(x - 1), proven, and the network that is written predicts it."""
    net = tmp_path / "net.json"
    outcome = command("erm", data, "--width", 1, "--json", "--output", net)
    assert (outcome.code, outcome.err) == (0, "")
    document = json.loads(outcome.out)
    assert (document["status"], document["loss_name"], document["width"]) == ("optimal", "squared", 1)
    assert document["loss"] == pytest.approx(0, abs=1e-12)
    predictions = json.loads(command("predict", net, data, "--json").out)["predictions"]
    assert predictions == pytest.approx([0, 0, 2, 4], abs=1e-6)


def test_the_real_curve(data: Path, command: Command) -> None:
    """More units are never worse, and a warm start from the narrower network is accepted."""
    data.write_text("x,y\n0,0\n1,1\n2,0\n3,1\n4,0\n")
    outcome = command("erm", data, "--width", "1-4", "--json")
    losses = [entry["loss"] for entry in json.loads(outcome.out)["curve"]]
    assert outcome.code == 0
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] == pytest.approx(0, abs=1e-12)


def test_a_real_limit(data: Path, command: Command) -> None:
    """A limit of no nodes leaves a network, a bound, and code 3."""
    data.write_text("x,y\n" + "".join(f"{k},{k * k % 7}\n" for k in range(20)))
    outcome = command("erm", data, "--width", 2, "--node-limit", 0)
    assert outcome.code == 3
    assert "feasible" in outcome.out
    assert "relu(" in outcome.out
