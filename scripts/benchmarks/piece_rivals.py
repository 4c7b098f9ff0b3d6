"""Ask other counters of activation regions, each in a process of its own that can be stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.piece_networks import Layers

PROGRAM = Path(__file__).with_name("piece_counters.py")
BOX = 50.0


@dataclass(frozen=True, slots=True)
class Rival:
    """A counter and what it is.

    Attributes
    ----------
    name
        As in tables and in ``piece_counters.COUNTERS``.
    text
        What it is, for the notes.
    boxed
        Whether it counts in the cube ``[-50, 50]^n`` only.
    """

    name: str
    text: str
    boxed: bool = False


RIVALS = (
    Rival("cddlib", "a plain exact counter: a rational linear programme for each new side of a unit, cddlib on GMP"),
    Rival("HiGHS", "the same in floats, with scipy's HiGHS"),
    Rival("relucent", "relucent in floats, with Gurobi, as it comes"),
    Rival("canonicalpoly", "canonicalpoly2.0 in float32, with PyTorch"),
    Rival(
        "edge subdivision",
        "relu_edge_subdivision in float32, with PyTorch on the processor. It works in a box, here [−50, 50]^n, and is "
        "compared with our count there; only its subdivision is timed, not the reading off of the cells, and it is "
        "spared the cut by the output. The cells are read off the signs of its vertices, which is sound in general "
        "position only; it warns where that is missing",
        boxed=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A count with wall and CPU seconds, or why there is none: what the rival raised, or ``"stopped"``."""

    count: int | None
    seconds: float = 0.0
    cpu: float = 0.0
    error: str = ""


class MissingRivalError(Exception):
    """The rival is not installed where it was looked for."""


def ask(rival: Rival, python: str, networks: Sequence[Layers], cap: float, repeats: int) -> list[Answer]:
    """Let a rival count some networks within ``cap`` seconds in all, its start included.

    Raises
    ------
    MissingRivalError
        The interpreter does not have it.
    RuntimeError
        Its process failed on something else.
    """
    request = {
        "rival": rival.name,
        "networks": [[[W.tolist(), b.tolist()] for W, b in layers] for layers in networks],
        "box": BOX,
        "repeats": repeats,
    }
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [python, str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,  # some start workers, which have to end with them
        )
        try:
            text, _ = process.communicate(json.dumps(request), timeout=cap)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            text, _ = process.communicate()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        if process.returncode not in (0, -signal.SIGKILL):
            said.seek(0)
            raise RuntimeError(f"{rival.name} failed: {said.read()[-2000:]}")
    lines = [json.loads(line) for line in text.splitlines() if line.endswith("}")]
    if lines and "missing" in lines[0]:
        raise MissingRivalError(lines[0]["missing"])
    answers = [_answer(line) for line in lines]
    return answers + [Answer(None, error="stopped")] * (len(networks) - len(answers))


def _answer(line: dict[str, Any]) -> Answer:
    if "error" in line:
        return Answer(None, error=line["error"])
    return Answer(line["count"], line["seconds"], line["cpu"])
