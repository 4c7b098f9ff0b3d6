"""Networks of one filter: values and gradients against the definition, training, input that is refused."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import naive_training as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.training import BallNoise, SignNoise, SingleFilterNet

# mypy: disable-error-code="arg-type"

SMALL = st.integers(-2, 2)


@st.composite
def instances(draw: st.DrawFn) -> Any:
    """Draw matrices, weights, points and labels, all small integers."""
    k, r, n, S = (draw(st.integers(1, 3)) for _ in range(4))
    rows = st.lists(SMALL, min_size=n, max_size=n)
    matrices = draw(st.lists(st.lists(rows, min_size=r, max_size=r), min_size=k, max_size=k))
    w = draw(st.lists(SMALL, min_size=r, max_size=r))
    return matrices, w, draw(st.lists(rows, min_size=S, max_size=S)), draw(st.lists(SMALL, min_size=S, max_size=S))


@given(instances(), st.sampled_from([0.0, 0.25, 1.0, 2.0]))
def test_values_and_gradients_are_the_definitions(drawn: Any, slope: float) -> None:
    """Outputs, half the gradient of the loss, and the network: against exact arithmetic."""
    matrices, w, points, labels = drawn
    net = SingleFilterNet(matrices, slope)
    filters = [naive.matrix(A) for A in matrices]
    exact = [naive.filter_net(filters, slope, naive.vector(w), naive.vector(x)) for x in points]
    np.testing.assert_allclose(net(w, points), np.array(exact, dtype=float), atol=1e-12)
    gradient = naive.filter_net_loss_gradient(
        filters, slope, naive.vector(w), naive.matrix(points), naive.vector(labels)
    )
    np.testing.assert_allclose(net.gradient(w, points, labels), np.array(gradient, dtype=float) / 2, atol=1e-12)
    network = net.network(w)
    np.testing.assert_allclose(np.ravel(network(np.array(points, dtype=float))), net(w, points), atol=1e-12)
    assert network.widths[1] == len(matrices) * (1 if slope == 0 else 2)


@given(instances(), st.sampled_from([0.0, 0.5]), st.integers(0, 5))
def test_training_is_gradient_descent(drawn: Any, slope: float, steps: int) -> None:
    """Every iterate is the oracle's."""
    matrices, w, points, labels = drawn
    run = SingleFilterNet(matrices, slope).train(points, labels, steps=steps, step_size=0.125, start=w)
    filters, exact = [naive.matrix(A) for A in matrices], [naive.vector(w)]
    for _ in range(steps):
        gradient = naive.filter_net_loss_gradient(filters, slope, exact[-1], naive.matrix(points), naive.vector(labels))
        exact.append(naive.add(exact[-1], gradient, Fraction(-1, 16)))
    np.testing.assert_allclose(run.trajectory, np.array(exact, dtype=float), rtol=1e-9, atol=1e-12)
    losses = [naive.filter_net_loss(filters, slope, v, naive.matrix(points), naive.vector(labels)) for v in exact]
    np.testing.assert_allclose(run.losses, np.array(losses, dtype=float), rtol=1e-9, atol=1e-12)
    assert run.best_loss == pytest.approx(float(min(losses)), abs=1e-12)


def test_a_gate_learns_as_a_gate_does() -> None:
    """One matrix, the identity: plain descent of Algorithm 3."""
    from relucomb.training import gate_gradient_descent

    X, y = [[0.6, 0.8], [1.0, 0.0], [-0.8, 0.6]], [1.0, 2.0, -1.0]
    one = SingleFilterNet.gate(2).train(X, y, start=[0.1, 0.2], steps=20)
    two = gate_gradient_descent(X, y, w_0=[0.1, 0.2], steps=20, step_size=0.1)
    np.testing.assert_allclose(one.trajectory, two.trajectory, atol=1e-12)


@pytest.mark.parametrize(("n", "r", "stride", "count"), [(4, 2, 1, 3), (5, 2, 2, 2), (3, 3, 1, 1), (6, 1, 5, 2)])
def test_convolutions(n: int, r: int, stride: int, count: int) -> None:
    """Every place of the filter is one matrix."""
    net = SingleFilterNet.convolution(n, r, stride, slope=1.0)
    assert net.matrices.shape == (count, r, n)
    x, w = np.arange(1.0, n + 1), np.arange(r) - 0.5
    expected = np.mean([w @ x[i * stride : i * stride + r] for i in range(count)])
    assert net(w, x[None])[0] == pytest.approx(expected)


def test_noise_and_batches_repeat_with_the_seed() -> None:
    """Other seeds give other runs."""
    net, X, y = SingleFilterNet.gate(2), np.eye(2), [1.0, 2.0]
    options: dict[str, Any] = {"batch": 1, "noise_1": BallNoise(2, 0.1), "noise_2": SignNoise(2, 0.1), "steps": 9}
    first, second, third = (net.train(X, y, seed=seed, **options).parameters for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, third)


@pytest.mark.parametrize(("error", "end"), [(None, "callback"), (KeyboardInterrupt, "interrupted")])
def test_a_run_that_is_stopped_is_consistent(error: type[BaseException] | None, end: str) -> None:
    """By its callback or by Ctrl-C."""
    seen: list[int] = []

    def callback(made: int, w: Any) -> bool:
        seen.append(made)
        w[:] = math.nan  # is a copy
        if len(seen) == 3 and error is not None:
            raise error
        return len(seen) == 3

    run = SingleFilterNet.gate(2).train(np.eye(2), [1.0, 2.0], steps=100, record=11, w_star=[1, 2], callback=callback)
    assert run.termination == end
    assert run.steps.tolist() == [0, 10, 20, 30]
    assert len(run.trajectory) == len(run.losses) == len(run.distances) == 4
    assert run.best_step <= run.updates == 30
    assert np.isfinite(run.trajectory).all()


def test_divergence() -> None:
    """It ends the run without a warning, and the best iterate is finite."""
    run = SingleFilterNet.gate(2, 1.0).train(np.eye(2), [1.0, 2.0], step_size=1e6, steps=4000, w_star=[1, 2])
    assert run.termination == "diverged"
    assert np.isfinite(run.best).all()
    assert run.bounds == ()


NET = SingleFilterNet.convolution(3, 2)
X = np.eye(3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SingleFilterNet(np.zeros((0, 1, 1))), r"matrices must have shape \(k, r, n\)"),
        (lambda: SingleFilterNet([[1.0]]), "matrices must have 3 dimensions"),
        (lambda: SingleFilterNet([[[math.nan]]]), "matrices"),
        (lambda: SingleFilterNet([[[1.0]]], -1.0), "slope must be a finite number that is not negative"),
        (lambda: SingleFilterNet.convolution(2, 3), "r must be from 1 to n and stride at least 1; got n=2, r=3"),
        (lambda: SingleFilterNet.convolution(3, 2, 0), "stride at least 1"),
        (lambda: NET([1.0], X), "w has 1 entries; there must be 2"),
        (lambda: NET([1.0, 2.0], [[1.0, 2.0]]), "X has 2 features; there must be 3"),
        (lambda: NET.gradient([1.0, 2.0], X, [1.0]), "X has 3 points but y has 1 labels"),
        (lambda: NET.network([1.0]), "w has 1 entries"),
        (lambda: NET.train(X, [1.0]), "X has 3 points but y has 1 labels"),
        (lambda: NET.train(X, [1.0] * 3, batch=4), "batch must be from 1 to 3"),
        (lambda: NET.train(X, [1.0] * 3, batch=0), "batch must be from 1 to 3"),
        (lambda: NET.train(X, [1.0] * 3, start=[1.0]), "start has 1 entries"),
        (lambda: NET.train(X, [1.0] * 3, w_star=[1.0], steps=10**9), "w_star has 1 entries"),
        (lambda: NET.train(X, [1.0] * 3, step_size=0), "step_size is 0"),
        (lambda: NET.train(X, [1.0] * 3, steps=-1), "steps is -1"),
        (lambda: NET.train(X, [1.0] * 3, record=1), "record is 1"),
        (lambda: NET.train(X, [1.0] * 3, noise_1=BallNoise(1, 1.0)), "noise_1 must draw vectors of 2 entries"),
        (lambda: NET.train(X, [1.0] * 3, noise_2=BallNoise(3, 1.0)), "noise_2 must draw vectors of 2 entries"),
    ],
)
def test_arguments_that_are_refused(call: Any, message: str) -> None:
    """The message names the argument, before anything is run."""
    with pytest.raises(ValueError, match=message):
        call()
