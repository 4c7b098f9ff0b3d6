"""Laws of points: moments in closed form against samples, rational sums and one another."""

# mypy: disable-error-code="arg-type"
# lists are legal where arrays are declared

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import naive_training as naive
import numpy as np
import pytest

from relucomb.training import Discrete, Distribution, Gaussian, StudentT, UniformBall, UniformBox

C = np.array([[2.0, 0.5], [0.5, 1.0]])
LAWS: list[tuple[Distribution, list[float]]] = [
    (Gaussian.standard(3), [1.0, -2.0, 0.5]),
    (Gaussian(C), [1.0, -3.0]),
    (Gaussian([[1.0, 1.0], [1.0, 1.0]]), [1.0, 0.0]),
    (StudentT(2, 9.0), [1.0, 1.0]),
    (UniformBall(3, 2.0), [0.0, 1.0, 0.0]),
    (UniformBall(2, 2.0, surface=True), [1.0, 1.0]),
    (UniformBall(1, 2.0), [-1.0]),
    (UniformBox([-1.0, -2.0], [1.0, 2.0]), [1.0, 1.0]),
    (UniformBox([0.0, 1.0], [1.0, 3.0]), [1.0, 1.0]),
    (UniformBox([0.0, 1.0], [1.0, 3.0]), [-1.0, -1.0]),
    (UniformBox([1.0, -2.0], [2.0, -1.0]), [1.0, -1.0]),
    (Discrete([[1, 0], [0, 1], [-1, -1], [2, 1]], [0.25, 0.5, 0.25, 0.0]), [1.0, 1.0]),
]


@pytest.mark.parametrize(("law", "w"), LAWS, ids=str)
def test_moments_agree_with_samples(law: Distribution, w: list[float]) -> None:
    """Every entry of both matrices, the fourth moment and the probability: within six standard errors."""
    target = np.array(w)
    found = law.truncated_moments(target)
    assert found is not None
    points = law.sample(np.random.default_rng(0), 60_000)
    assert points.shape == (60_000, law.n)
    seen = points * (points @ target > 0)[:, None]
    squares = np.sum(seen**2, axis=1)
    products = seen[:, :, None] * seen[:, None, :]
    for values, exact in (
        (products, found.covariance),
        (products * squares[:, None, None], found.weighted),
        (squares**2, np.array(found.fourth)),
        ((points @ target > 0).astype(float), np.array(found.probability)),
    ):
        errors = values.std(axis=0) / math.sqrt(len(values))
        assert (np.abs(values.mean(axis=0) - exact) <= 6 * errors + 1e-9).all()
    assert found.fourth == pytest.approx(float(np.trace(found.weighted)))


@pytest.mark.parametrize(("law", "w"), LAWS, ids=str)
def test_no_sample_is_beyond_the_radius(law: Distribution, w: list[float]) -> None:
    """The radius is a bound, and nearly reached by laws that have one."""
    lengths = np.linalg.norm(law.sample(np.random.default_rng(1), 20_000), axis=1)
    assert lengths.max() <= law.radius * (1 + 1e-12)
    assert math.isinf(law.radius) or lengths.max() >= 0.9 * law.radius


@pytest.mark.parametrize(
    ("law", "exact"),
    [
        (Gaussian.standard(4), naive.gaussian_moments(4)),
        (UniformBall(4, 3.0, surface=True), naive.sphere_moments(4, 3)),
        (UniformBox(-2 * np.ones(4), 2 * np.ones(4)), naive.cube_moments(4, 2)),
        (UniformBall(1, 3.0), (Fraction(3, 2), Fraction(81, 10), Fraction(81, 10))),
    ],
    ids=str,
)
def test_moments_of_symmetric_laws(law: Distribution, exact: tuple[Fraction, Fraction, Fraction]) -> None:
    """Multiples of the unit matrix that were worked out by hand."""
    found = law.truncated_moments(np.ones(law.n))
    assert found is not None
    np.testing.assert_allclose(found.covariance, float(exact[0]) * np.eye(law.n), atol=1e-12)
    np.testing.assert_allclose(found.weighted, float(exact[1]) * np.eye(law.n), atol=1e-12)
    assert found.fourth == pytest.approx(float(exact[2]))


def test_a_fine_grid_tends_to_the_box() -> None:
    """Midpoints of a grid have the moments of the box but for the square of the mesh."""
    mesh = (np.arange(60) + 0.5) / 60
    grid = np.array([(a, 1 + 2 * b) for a in mesh for b in mesh])
    box = UniformBox([0.0, 1.0], [1.0, 3.0]).truncated_moments(np.ones(2))
    points = Discrete(grid).truncated_moments(np.ones(2))
    assert box is not None
    np.testing.assert_allclose(points.covariance, box.covariance, rtol=1e-3)
    np.testing.assert_allclose(points.weighted, box.weighted, rtol=2e-3)


def test_a_box_that_is_cut_has_no_closed_form() -> None:
    """Half of its points are on one side, and no formula is claimed."""
    assert UniformBox([0.0, 0.0], [1.0, 1.0]).truncated_moments(np.array([1.0, -1.0])) is None


@pytest.mark.parametrize(("law", "w"), [*LAWS, (StudentT(2, 3.0), []), (StudentT(2, 2.0), [])], ids=str)
def test_the_zero_gate_has_no_positive_points(law: Distribution, w: list[float]) -> None:
    """All its moments vanish, for every law."""
    found = law.truncated_moments(np.zeros(law.n))
    if found is not None:
        assert (found.probability, found.fourth) == (0, 0)
        assert not found.covariance.any()


def test_a_gate_across_a_degenerate_law_sees_nothing() -> None:
    """Points on the diagonal have the label 0 under (1, -1)."""
    found = Gaussian([[1.0, 1.0], [1.0, 1.0]]).truncated_moments(np.array([1.0, -1.0]))
    assert found.probability == 0


@pytest.mark.parametrize("freedom", [0.5, 2.0, 3.0, 4.0])
def test_heavy_tails_have_no_fourth_moment(freedom: float) -> None:
    """The condition fails and says so, while a covariance is told if there is one."""
    found = StudentT(2, freedom).truncated_moments(np.ones(2))
    exists, definite = found.hypotheses()
    assert exists.holds is False
    assert definite.holds is (freedom > 2)
    if freedom > 2:
        assert found.covariance[0, 0] == freedom / (freedom - 2) / 2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Gaussian([[1.0, 2.0], [0.0, 1.0]]), "covariance must be a symmetric square matrix"),
        (lambda: Gaussian([[1.0, 0.0]]), "covariance must be a symmetric square matrix"),
        (lambda: Gaussian([[1.0, 2.0], [2.0, 1.0]]), "covariance must have no negative eigenvalue"),
        (lambda: Gaussian([[math.nan]]), "covariance"),
        (lambda: StudentT(2, 0.0), "freedom must be a positive finite number; got 0"),
        (lambda: StudentT(2, math.inf), "freedom must be a positive finite number; got inf"),
        (lambda: StudentT(2, math.nan), "freedom must be a positive finite number"),
        (lambda: StudentT(0, 3.0), "n must be at least 1"),
        (lambda: UniformBall(0), "n must be at least 1"),
        (lambda: UniformBall(2, 0.0), "radius must be a positive finite number"),
        (lambda: UniformBall(2, math.inf), "radius must be a positive finite number"),
        (lambda: UniformBox([0.0], [0.0]), "low must be below high"),
        (lambda: UniformBox([0.0, 1.0], [2.0]), "low must be below high"),
        (lambda: UniformBox([], []), "low must be below high"),
        (lambda: Discrete([]), "points"),
        (lambda: Discrete(np.zeros((0, 2))), "points must be at least one"),
        (lambda: Discrete([[1.0], [2.0]], [0.5, 0.6]), "probabilities must be one for each point"),
        (lambda: Discrete([[1.0], [2.0]], [1.5, -0.5]), "probabilities must be one for each point"),
        (lambda: Discrete([[1.0], [2.0]], [1.0]), "probabilities must be one for each point"),
    ],
)
def test_laws_that_are_refused(make: Any, message: str) -> None:
    """The message names the argument."""
    with pytest.raises(ValueError, match=message):
        make()
