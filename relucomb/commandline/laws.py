"""Laws of points and of noises, as words on the command line: ``gaussian``, ``ball:0.5``, ``student:5``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from relucomb.commandline.quantities import refusal

if TYPE_CHECKING:
    from relucomb.training.distributions import Distribution
    from relucomb.training.noises import Noise

LAWS = ("gaussian", "sphere", "ball", "cube", "box", "student")
NOISES = ("none", "gaussian", "ball", "sphere", "signs")


def law_word(text: str) -> tuple[str, float | None]:
    """Read the name of a law and its number: the type of an argument.

    Examples
    --------
    >>> law_word("student:5"), law_word("gaussian")
    (('student', 5.0), ('gaussian', None))
    """
    return _word(text, LAWS, needed=("student",))


def noise_word(text: str) -> tuple[str, float | None]:
    """Read the name of a noise and its size: the type of an argument.

    Examples
    --------
    >>> noise_word("signs:0.5")
    ('signs', 0.5)
    """
    return _word(text, NOISES, needed=NOISES[1:])


def make_law(word: tuple[str, float | None], n: int) -> Distribution:
    """Return the law on ``R^n``; the number is a scale, or the degrees of freedom.

    Examples
    --------
    >>> make_law(("cube", 2.0), 2).radius
    2.828427...
    """
    from relucomb.training import Gaussian, StudentT, UniformBall, UniformBox

    name, number = word
    size = 1.0 if number is None else number
    if name == "gaussian":
        return Gaussian(size * size * np.eye(n))
    if name in ("ball", "sphere"):
        return UniformBall(n, size, surface=name == "sphere")
    if name == "student":
        return StudentT(n, size)
    return UniformBox(np.full(n, -size if name == "cube" else 0.0), np.full(n, size))


def make_noise(word: tuple[str, float | None], n: int) -> Noise:
    """Return the noise on ``R^n``: a radius, or the size or deviation of every coordinate.

    Examples
    --------
    >>> make_noise(("signs", 0.5), 4).bound
    1.0
    """
    from relucomb.training import BallNoise, GaussianNoise, NoNoise, SignNoise

    name, number = word
    if name == "none" or number is None:
        return NoNoise(n)
    if name == "gaussian":
        return GaussianNoise(np.full(n, number))
    return SignNoise(n, number) if name == "signs" else BallNoise(n, number, surface=name == "sphere")


def _word(text: str, names: tuple[str, ...], needed: tuple[str, ...]) -> tuple[str, float | None]:
    name, colon, rest = text.partition(":")
    legal = f"one of {', '.join(f'{known}:NUMBER' if known in needed else known for known in names)}"
    try:
        number = float(rest) if colon else None
    except ValueError:
        number = math.nan
    if name not in names or (number is None and name in needed) or (name == "none" and number is not None):
        raise refusal(legal, text)
    if number is not None and not 0 < number < math.inf:
        raise refusal(f"{legal}, with a positive number", text)
    return name, number
