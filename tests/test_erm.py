import itertools
from fractions import Fraction

import numpy as np
import pytest
from naive_floats import enumerate_linear, enumerate_squared

import relucomb as rc


def instance(seed: int, kind: str, most: int = 7):
    """Make a tiny instance: Gaussian, on a grid, with repeated points, a constant column, or on a line."""
    random = np.random.default_rng(seed)
    points, n = int(random.integers(1, most + 1)), int(random.integers(1, 4))
    X = random.normal(size=(points, n))
    if kind == "grid":
        X = random.integers(-1, 2, size=(points, n)).astype(float)
    elif kind == "repeated":
        X = X[random.integers(0, points // 2 + 1, size=points)]
    elif kind == "constant":
        X[:, 0] = 3.0
    elif kind == "line":
        X = random.integers(-2, 3, size=(points, 1)) * random.integers(1, 4, size=(1, n)) + 1.0
    y = random.normal(size=points) if seed % 2 else random.integers(-2, 3, size=points).astype(float)
    return X, y


KINDS = ("gaussian", "grid", "repeated", "constant", "line")


@pytest.mark.parametrize("hidden_bias", [True, False])
@pytest.mark.parametrize("output_bias", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [1, 2])
def test_squared_optimum_agrees_with_enumeration(width, kind, output_bias, hidden_bias):
    """The search proves what brute force over all patterns and signs finds."""
    for seed in range(4):
        X, y = instance(100 * width + seed, kind)
        expected = enumerate_squared(X, y, width, hidden_bias, output_bias)
        result = rc.erm(X, y, width, hidden_bias=hidden_bias, output_bias=output_bias, node_limit=20_000)
        size = float(np.mean(y**2))
        assert result.lower_bound <= expected + 1e-8 * size
        assert result.loss >= expected - 1e-8 * size
        if result.status == "optimal":
            assert result.loss == pytest.approx(expected, abs=2e-8 * size + 1e-15)
        else:
            assert result.gap > 0


@pytest.mark.parametrize("seed", range(6))
def test_three_units_agree_with_enumeration(seed):
    """Width 3, where two units of one sign have to be told apart."""
    X, y = instance(500 + seed, KINDS[seed % 5], most=5)
    expected = enumerate_squared(X, y, 3)
    result = rc.erm(X, y, 3, node_limit=50_000)
    assert result.lower_bound - 1e-8 <= expected <= result.loss + 1e-8


@pytest.mark.parametrize("loss", ["absolute", "hinge"])
@pytest.mark.parametrize("seed", range(12))
def test_piecewise_linear_losses_agree_with_enumeration(loss, seed):
    """Absolute and hinge loss against one linear programme per tuple."""
    X, y = instance(900 + seed, KINDS[seed % 5], most=6)
    y = np.where(y > 0, 1.0, -1.0) if loss == "hinge" else y
    width, output_bias = 1 + seed % 2, seed % 3 == 0
    expected = enumerate_linear(X, y, width, True, output_bias, loss)
    result = rc.erm(X, y, width, loss=loss, output_bias=output_bias, node_limit=20_000)
    size = float(np.mean(np.abs(y))) + 1e-12
    assert result.lower_bound <= expected + 1e-8 * size
    assert result.loss >= expected - 1e-8 * size
    if result.status == "optimal":
        assert result.loss == pytest.approx(expected, abs=2e-8 * size)


@pytest.mark.parametrize("seed", range(3))
def test_teacher_data_is_solved(seed):
    """A noisy teacher is proven, and the teacher itself is no better than the optimum."""
    X, y = rc.teacher(30, 2, 2, 0.3, seed)
    result = rc.erm(X, y, 2)
    assert result.status == "optimal"
    assert result.gap == 0
    assert result.loss == pytest.approx(float(np.mean((result.network(X) - y) ** 2)))


def test_published_false_certificate():
    """A network whose weights leave the box of the MIP solvers: their bound for |v| <= 10 is not a bound."""
    X, y = rc.noise(20, 2, 3)
    result = rc.erm(X, y, 2)
    assert result.status == "optimal"
    assert result.lower_bound <= result.loss


def test_invariances():
    """Order of the points, an affine map, a reflection and a copy of all points change nothing."""
    X, y = rc.teacher(25, 2, 2, 0.4, 7)
    best = rc.erm(X, y, 2).loss
    order = np.random.default_rng(0).permutation(25)
    assert rc.erm(X[order], y[order], 2).loss == pytest.approx(best, rel=1e-8)
    assert rc.erm(X @ [[2.0, 1.0], [0.0, -3.0]] + [5.0, 7.0], y, 2).loss == pytest.approx(best, rel=1e-8)
    assert rc.erm(X, -y, 2).loss == pytest.approx(best, rel=1e-8)
    assert rc.erm(np.vstack([X, X]), np.concatenate([y, y]), 2).loss == pytest.approx(best, rel=1e-8)


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_scales(scale):
    """Huge and tiny units: the loss scales, the status stays."""
    X, y = rc.teacher(20, 2, 1, 0.3, 5)
    base = rc.erm(X, y, 1)
    labels, points = rc.erm(X, scale * y, 1), rc.erm(scale * X, y, 1)
    assert labels.status == points.status == "optimal"
    assert labels.loss == pytest.approx(scale**2 * base.loss, rel=1e-8)
    assert points.loss == pytest.approx(base.loss, rel=1e-8)


def test_widths_are_monotone_and_seed_each_other():
    """A wider net is never worse, and starts no worse than its warm start."""
    X, y = rc.teacher(20, 2, 3, 0.3, 1)
    previous = None
    for width in (1, 2, 3):
        result = rc.erm(X, y, width, warm_start=previous)
        if previous is not None:
            assert result.loss <= previous.loss + 1e-12
        previous = result
    stopped = rc.erm(X, y, 3, warm_start=previous.network, node_limit=0)
    assert stopped.loss <= previous.loss * (1 + 1e-9)


def test_workers_agree():
    """One and two workers prove the same optimum, and the same call gives the same result twice."""
    X, y = rc.noise(25, 2, 0)
    one, two, again = (rc.erm(X, y, 2, workers=workers) for workers in (1, 2, 2))
    assert one.status == two.status == "optimal"
    assert one.loss == pytest.approx(two.loss, rel=1e-9)
    assert two.loss == again.loss
    assert two.nodes == again.nodes


def test_limits_are_statuses():
    """A limit returns the incumbent and an honest bound; a callback can stop; a gap ends early."""
    X, y = rc.noise(40, 2, 1)
    stopped = rc.erm(X, y, 2, node_limit=100)
    assert stopped.status == "feasible"
    assert stopped.termination == "node_limit"
    full = rc.erm(X, y, 2)
    assert stopped.lower_bound <= full.loss <= stopped.loss
    assert rc.erm(X, y, 2, callback=lambda progress: progress.nodes > 50).termination == "callback"
    loose = rc.erm(X, y, 2, gap=0.5)
    assert loose.status == "optimal"
    assert loose.nodes < full.nodes
    assert rc.erm(X, y, 2, time_limit=0.0).termination == "time_limit"


def test_a_search_stopped_early_has_a_bound():
    """A third of the nodes that a proof takes prove a good part of the loss."""
    X, y = rc.noise(60, 2, 0)
    full = rc.erm(X, y, 2)
    stopped = rc.erm(X, y, 2, node_limit=full.nodes // 3)
    assert stopped.termination == "node_limit"
    assert 0.3 * stopped.loss < stopped.lower_bound <= full.loss


def test_bounds_rise_and_incumbents_fall():
    """What a callback sees is monotone and ends at the result."""
    X, y = rc.noise(30, 2, 2)
    seen = []
    result = rc.erm(X, y, 2, callback=lambda progress: seen.append(progress) or False)
    for before, after in itertools.pairwise(seen):
        assert after.incumbent <= before.incumbent
        assert after.lower_bound >= before.lower_bound - 1e-12
    assert seen[-1].incumbent == pytest.approx(result.loss, rel=1e-9)


def test_interpolation_is_rational():
    """An exact fit is proven by exact arithmetic alone: losses are not negative."""
    result = rc.erm([[0], [1], [2]], [0, 0, 1], 1)
    assert result.status == "optimal"
    assert (result.loss, str(result.proof)) == (0, "rational")
    zero = rc.erm([[0], [1]], [0, 0], 1)
    assert (zero.loss, zero.lower_bound, str(zero.proof)) == (0, 0, "rational")


def test_fractions_are_accepted():
    """Fractions are read as the numbers they are."""
    X = [[Fraction(1, 3)], [Fraction(2, 3)], [Fraction(1)]]
    assert rc.erm(X, [Fraction(0), Fraction(1), Fraction(0)], 1).loss == pytest.approx(2 / 9)


def test_other_losses_fall_back(caplog):
    """Logistic loss goes to the reference, with a note."""
    result = rc.erm([[0], [1], [2]], [-1, 1, 1], 1, loss="logistic")
    assert result.method == "enumerate"
    assert "falling back" in caplog.text


def test_methods_agree():
    """Branch and bound and Algorithm 1 through cvxpy."""
    X, y = rc.teacher(6, 1, 2, 0.5, 0)
    fast, slow = rc.erm(X, y, 2), rc.erm(X, y, 2, method="enumerate")
    assert fast.loss == pytest.approx(slow.loss, rel=1e-7)
    assert slow.status in ("optimal", "feasible")


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"width": 0}, ValueError, "width is 0; legal is a whole number from 1"),
        ({"width": 2.5}, TypeError, "width is 2.5"),
        ({"width": 10**6}, ValueError, "width is 1000000"),
        ({"time_limit": -1}, ValueError, "time_limit is -1"),
        ({"gap": float("nan")}, ValueError, "gap is nan"),
        ({"abs_gap": "x"}, TypeError, "abs_gap is 'x'"),
        ({"workers": 0}, ValueError, "workers is 0"),
        ({"loss": "cubic"}, ValueError, "cubic"),
        ({"loss": "hinge"}, ValueError, "label"),
        ({"method": "magic"}, ValueError, "method is 'magic'; legal are"),
        ({"X": [[0.0], [float("nan")]]}, ValueError, "X"),
        ({"X": [0.0, 1.0]}, ValueError, "X"),
        ({"y": [1.0]}, ValueError, "equally many"),
        ({"y": [[1.0, 2.0], [3.0, 4.0]]}, ValueError, "2204.01368"),
        ({"warm_start": 3}, TypeError, "warm_start is a int"),
    ],
)
def test_wrong_arguments_are_named(change, error, words):
    """Every message names the argument, what it got and what is legal."""
    call = {"X": [[0.0], [1.0]], "y": [0.0, 2.0], "width": 1} | change
    with pytest.raises(error, match=words):
        rc.erm(call.pop("X"), call.pop("y"), call.pop("width"), **call)


@pytest.mark.parametrize(
    ("X", "y", "width", "loss"),
    [
        ([[2, 2, 0], [-1, 1, 0], [1, -1, -2]], [-1, 1, 2], 1, 1 / 3),
        ([[-3, -3, -3], [-1, 1, 0]], [-2, 3], 1, 2.0),
        ([[2, -1, -3], [-1, 2, -3]], [0, -1], 2, 0.0),
        ([[0, 0], [3, 0], [3, 3]], [-3, 3, 1], 2, 3.0),
    ],
)
def test_few_points_without_bias(X: list[list[int]], y: list[int], width: int, loss: float) -> None:
    """Rounding of the whitened points led to weights of 1e15, and to no proof."""
    result = rc.erm(X, y, width, hidden_bias=False)
    assert result.status == "optimal"
    assert result.loss == pytest.approx(loss, abs=1e-9)
    assert result.network is not None
    assert np.abs(result.network.weights[0].astype(float)).max() < 1e3
