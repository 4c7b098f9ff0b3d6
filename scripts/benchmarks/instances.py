"""The instances of the benchmark and what is wanted on them."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

import relucomb as rc

if TYPE_CHECKING:
    from collections.abc import Callable

Points = tuple[NDArray[np.float64], NDArray[np.float64]]

DATA = Path(__file__).resolve().parents[2] / "docs" / "data"
NOISE = 0.3
PROOF = "a proof"


@dataclass(frozen=True, slots=True)
class Instance:
    """Data for every seed, the problem to solve on it, and what the time is measured against.

    Attributes
    ----------
    name
        Shown in the table, matched by ``--only``.
    load
        Seed to points and labels.
    width
        Hidden units; pieces if ``pieces`` is set.
    reach, aim
        Seconds, or :data:`PROOF` if any time within the limit will do.
    rival
        Whether a mixed-integer solver is tried.
    drawn
        Whether the data depend on the seed; if not, the seed is that of the search.
    """

    name: str
    load: Callable[[int], Points]
    width: int
    reach: float | str | None = None
    aim: float | str | None = None
    loss: str = "squared"
    rival: bool = False
    drawn: bool = True
    pieces: bool = False
    seeds: tuple[int, ...] = field(default=(0, 1, 2, 3, 4))


def _teacher(points: int, n: int, width: int, seed: int) -> Points:
    return rc.teacher(points, n, width, NOISE, seed)


def _noise(points: int, n: int, seed: int) -> Points:
    return rc.noise(points, n, seed)


def _random_classes(points: int, n: int, seed: int) -> Points:
    random = np.random.default_rng(seed)
    return random.normal(size=(points, n)), random.choice([-1.0, 1.0], size=points)


def _sine(points: int, seed: int) -> Points:
    random = np.random.default_rng(seed)
    x = np.sort(random.uniform(-3.0, 3.0, size=points))
    return x[:, None], np.sin(2.0 * x) + 0.1 * random.normal(size=points)


def _file(name: str, _seed: int) -> Points:
    table = np.loadtxt(DATA / name, delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1]


def _taught(
    n: int, width: int, points: int, reach: float | str | None, aim: float | str | None, *, rival: bool = True
) -> Instance:
    load = functools.partial(_teacher, points, n, width)
    return Instance(f"teacher n={n} w={width} D={points}", load, width, reach, aim, rival=rival)


def _unrelated(points: int, reach: float, aim: float) -> Instance:
    load = functools.partial(_noise, points, 2)
    return Instance(f"noise n=2 w=2 D={points}", load, 2, reach, aim, rival=True)


def _absolute(points: int, reach: float, aim: float) -> Instance:
    load = functools.partial(_teacher, points, 2, 2)
    return Instance(f"absolute loss, teacher n=2 w=2 D={points}", load, 2, reach, aim, loss="absolute", rival=True)


def _real(text: str, file: str, width: int, reach: float | str, aim: float) -> Instance:
    load = functools.partial(_file, file)
    return Instance(f"{text} w={width} D=442", load, width, reach, aim, rival=True, drawn=False, seeds=(0, 1, 2))


INSTANCES: tuple[Instance, ...] = (
    _taught(2, 2, 30, 0.05, 0.003),
    _taught(2, 2, 50, 0.1, 0.01),
    _taught(2, 2, 100, 1.0, 0.1),
    _taught(2, 2, 200, 20.0, 2.0, rival=False),
    _taught(2, 2, 500, 300.0, 20.0, rival=False),
    _taught(2, 2, 1000, None, 120.0, rival=False),
    _unrelated(30, 0.5, 0.05),
    _unrelated(60, 15.0, 1.0),
    _taught(2, 3, 20, 0.5, 0.05),
    _taught(2, 3, 30, 5.0, 0.5),
    _taught(2, 3, 60, PROOF, 20.0, rival=False),
    _taught(3, 2, 30, 0.5, 0.05),
    _taught(3, 2, 50, 10.0, 1.0),
    _taught(3, 2, 100, PROOF, 20.0, rival=False),
    _taught(4, 2, 30, None, None),
    _taught(5, 2, 30, 5.0, 0.5),
    _taught(8, 2, 30, 20.0, 2.0),
    _taught(5, 1, 60, 60.0, 5.0),
    _real("diabetes, one feature", "diabetes_bmi.csv", 3, 60.0, 5.0),
    _real("diabetes, two features", "diabetes_bmi_s5.csv", 1, 1.0, 0.1),
    _real("diabetes, two features", "diabetes_bmi_s5.csv", 2, PROOF, 60.0),
    _absolute(30, 1.0, 0.1),
    _absolute(50, 10.0, 1.0),
    Instance(
        "hinge, random labels n=2 w=2 D=20",
        functools.partial(_random_classes, 20, 2),
        2,
        5.0,
        0.5,
        loss="hinge",
        rival=True,
    ),
    Instance("pwl, sine, p=5 D=500", functools.partial(_sine, 500), 5, PROOF, None, pieces=True),
)
