"""Words for laws and noises."""

from __future__ import annotations

import argparse
import math

import numpy as np
import pytest

from relucomb.commandline.laws import law_word, make_law, make_noise, noise_word


@pytest.mark.parametrize(
    ("text", "radius"),
    [
        ("gaussian", math.inf),
        ("gaussian:2", math.inf),
        ("sphere", 1.0),
        ("sphere:0.5", 0.5),
        ("ball:3", 3.0),
        ("cube:2", 2 * math.sqrt(2)),
        ("box:2", 2 * math.sqrt(2)),
        ("student:5", math.inf),
    ],
)
def test_laws(text: str, radius: float) -> None:
    """A name, and a size or the degrees of freedom."""
    law = make_law(law_word(text), 2)
    assert law.n == 2
    assert law.radius == pytest.approx(radius)
    points = law.sample(np.random.default_rng(0), 1000)
    assert bool(points.min() >= 0) is (text == "box:2")


def test_the_size_of_a_gaussian_is_its_deviation() -> None:
    """Not its variance."""
    points = make_law(law_word("gaussian:3"), 1).sample(np.random.default_rng(0), 20_000)
    assert points.std() == pytest.approx(3, rel=0.03)


@pytest.mark.parametrize(
    ("text", "bound", "square"),
    [
        ("none", 0, 0),
        ("gaussian:0.5", math.inf, 0.5),
        ("ball:2", 2, 2),
        ("sphere:2", 2, 4),
        ("signs:0.5", math.sqrt(0.5), 0.5),
    ],
)
def test_noises(text: str, bound: float, square: float) -> None:
    """A radius, or the size or deviation of every coordinate."""
    noise = make_noise(noise_word(text), 2)
    assert noise.bound == pytest.approx(bound)
    assert noise.second_moment == pytest.approx(square)


@pytest.mark.parametrize(
    "text", ["", "gauss", "gaussian:", "gaussian:x", "ball:0", "ball:-1", "ball:inf", "ball:nan", "student", "none"]
)
def test_laws_that_are_refused(text: str) -> None:
    """Unknown names, sizes that are none, and a law that needs its number."""
    with pytest.raises(argparse.ArgumentTypeError, match="gaussian, sphere, ball, cube, box, student:NUMBER"):
        law_word(text)


@pytest.mark.parametrize("text", ["", "pink", "gaussian", "none:1", "signs:0", "ball:1e999"])
def test_noises_that_are_refused(text: str) -> None:
    """All but none need a number."""
    with pytest.raises(argparse.ArgumentTypeError, match="one of none, gaussian:NUMBER, ball:NUMBER"):
        noise_word(text)
