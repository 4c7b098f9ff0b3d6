"""Strategies for networks with one input: small integers and fractions, so that degenerate ones are most of them."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from relucomb.networks import ReLUNetwork

if TYPE_CHECKING:
    from naive_piecewise import Layers

entries = st.integers(-2, 2).map(Fraction) | st.fractions(-2, 2, max_denominator=3)


@st.composite
def networks(draw: st.DrawFn, outputs: int = 1, hidden: int = 3) -> ReLUNetwork:
    """Draw a network with up to ``hidden`` hidden layers of one to three units, exact or in floats."""
    widths = [1, *draw(st.lists(st.integers(1, 3), max_size=hidden)), outputs]
    shapes = list(itertools.pairwise(widths))
    number = st.sampled_from([0.0, 0.1, -0.1, 1.0, -0.3, 1e-200, 1e200]) if draw(st.integers(0, 3)) == 0 else entries
    weights = [draw(st.lists(st.lists(number, min_size=n, max_size=n), min_size=m, max_size=m)) for n, m in shapes]
    biases = [draw(st.lists(number, min_size=m, max_size=m)) for _, m in shapes]
    return ReLUNetwork(weights, biases)


def layers_of(net: ReLUNetwork) -> Layers:
    """Return the layers as lists of Fractions, for the oracle."""
    exact = net.exact()
    return [(W.tolist(), b.tolist()) for W, b in zip(exact.weights, exact.biases, strict=True)]
