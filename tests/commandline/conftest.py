"""What the tests of the command share: running it in this process, and a search whose outcome is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import relucomb
from relucomb.commandline import main
from relucomb.erm_result import Data, ERMResult, ProofLevel, Status, Termination
from relucomb.networks import ReLUNetwork

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

INF = float("inf")


@dataclass
class Outcome:
    """What one run of the command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Run ``relucomb`` with the given arguments."""
    monkeypatch.delenv("RELUCOMB_DEBUG", raising=False)

    def run(*arguments: object) -> Outcome:
        code = main([str(argument) for argument in arguments])
        return Outcome(code, *capsys.readouterr())

    return run


@pytest.fixture
def refused(command: Callable[..., Outcome]) -> Callable[..., str]:
    """Run ``relucomb`` on something it must refuse, and return the one line it says."""

    def run(*arguments: object) -> str:
        outcome = command(*arguments)
        assert outcome.code == 2
        assert outcome.out == ""
        assert outcome.err.endswith("\n")
        assert outcome.err.count("\n") == 1
        assert "Traceback" not in outcome.err
        return outcome.err.rstrip("\n")

    return run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a small table: y = 2 relu(x - 1)."""
    path = tmp_path / "data.csv"
    path.write_text("x,y\n0,0\n1,0\n2,2\n3,4\n")
    return path


def outcome_of_search(
    network: ReLUNetwork | None,
    status: Status = Status.optimal,
    end: Termination = Termination.gap_closed,
    **others: Any,
) -> ERMResult:
    """Return a result as the search would."""
    values: dict[str, Any] = {
        "loss": 0.5 if network else INF,
        "lower_bound": 0.5,
        "gap": 0.0 if network else INF,
        "nodes": 12,
        "seconds": 0.25,
        "proof": ProofLevel.float,
        "tolerance": 1e-9,
        "width": 1,
        "method": "branch-and-bound",
        "loss_name": "squared",
        "data": Data(np.zeros((1, 1)), np.zeros(1), "squared", hidden_bias=True, output_bias=False),
        **others,
    }
    return ERMResult(status=status, termination=end, network=network, **values)


@dataclass
class Search:
    """Stands in for :func:`relucomb.erm`: notes how it was called and returns what it was told to."""

    results: list[Any] = field(default_factory=list)
    calls: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, X: Any, y: Any, width: int, **options: Any) -> Any:
        """Return, raise or call the next of the results; the last one again and again."""
        self.calls.append((width, options))
        result = self.results[min(len(self.calls), len(self.results)) - 1]
        if isinstance(result, BaseException):
            raise result
        return replace(result, width=width) if isinstance(result, ERMResult) else result()


RELU = ReLUNetwork([[[2.0]], [[1.0]]], [[-2.0], [0.0]])


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Search:
    """Replace the search by one that finds 2 relu(x - 1) at once, unless a test says otherwise."""
    fake = Search([outcome_of_search(RELU)])
    monkeypatch.setitem(relucomb.__dict__, "erm", fake)
    return fake
