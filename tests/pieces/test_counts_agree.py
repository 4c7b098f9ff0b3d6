"""Three independent ways to count pieces agree: the engine, the literal oracle, and exact functions on the line."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import degenerate_networks as nets
import naive_pieces as naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc

LINE = [widths for widths in nets.ARCHITECTURES if widths[0] == 1]
SMALL = [widths for widths in nets.ARCHITECTURES if sum(widths[1:-1]) < 5]


def agree(network: rc.ReLUNetwork, domain: Any = None) -> dict[str, int]:
    """Check the census against the oracle; on the line also against functions. Return the counts."""
    expected = naive.piece_counts(network, domain)
    assert rc.piece_census(network, domain=domain).counts == expected
    if network.widths[0] == 1:
        assert counts_on_line(network, domain) == expected
    return expected


def counts_on_line(network: rc.ReLUNetwork, domain: Any = None) -> dict[str, int]:
    """Count from the inputs of all hidden units and from the outputs, as exact functions R -> R.

    Between neighbouring breakpoints and zeros of the inputs all bits are constant, and a pattern has interior points
    iff it occurs there; the breakpoints of the outputs, in minimal form, are where pieces end.
    """
    low, high = (None, None) if domain is None else domain[0]

    def inside(x: Any) -> bool:
        return (low is None or low < x) and (high is None or x < high)

    layers = range(network.depth - 1)
    inputs = [f for k in layers for f in functions(network, k)]
    marks = {x for f in inputs for x in (*f.breakpoints, *ends_of_signs(f)) if inside(x)}
    points, gaps = sorted(marks | {x for x in (low, high) if x is not None}), between(marks, low, high)
    on_gaps = patterns(inputs, gaps)
    outputs = functions(network, network.depth - 1)
    bends = {x for f in outputs for x in f.breakpoints if inside(x)}
    if len(outputs) == 1:
        assert outputs[0].count_pieces(None if domain is None else domain[0]) == len(bends) + 1
    maps = {tuple(line_at(f, x) for f in outputs) for x in between(bends, low, high)}
    return {
        "patterns": len(on_gaps | patterns(inputs, points)),
        "activation": len(on_gaps),
        "affine": len(bends) + 1,
        "affine-closed": len(bends) + 1,
        "maps": len(maps),
    }


def functions(network: rc.ReLUNetwork, layer: int) -> list[rc.PiecewiseLinear]:
    """Return each entry of what an affine layer puts out, in minimal form."""
    weights, biases = network.weights[: layer + 1], network.biases[: layer + 1]
    return [
        rc.PiecewiseLinear.from_network(
            rc.ReLUNetwork([*weights[:-1], weights[-1][i : i + 1]], [*biases[:-1], biases[-1][i : i + 1]])
        ).minimal()
        for i in range(len(biases[-1]))
    ]


def ends_of_signs(f: rc.PiecewiseLinear) -> list[Fraction]:
    """Return the isolated zeros and the finite ends of the intervals of zeros."""
    zeros = f.preimage(0)
    ends = [x for interval in zeros.intervals for x in interval if abs(x) != float("inf")]
    return [*map(Fraction, zeros.points), *map(Fraction, ends)]


def between(marks: set[Fraction], low: Any, high: Any) -> list[Fraction]:
    """Return a point of each interval that the marks leave open."""
    ordered = sorted(marks)
    first = min([*ordered, 0]) - 1 if low is None else low
    last = max([*ordered, 0]) + 1 if high is None else high
    return [(x + y) / 2 for x, y in itertools.pairwise([Fraction(first), *ordered, Fraction(last)])]


def patterns(inputs: list[rc.PiecewiseLinear], points: list[Fraction]) -> set[tuple[bool, ...]]:
    """Return the bits of all units at points."""
    columns = [(f.evaluate_exact(points) > 0).tolist() for f in inputs]
    return set(zip(*columns, strict=True)) if columns else {()} if points else set()


def line_at(f: rc.PiecewiseLinear, x: Fraction) -> tuple[Fraction, Fraction]:
    """Return slope and intercept at a point that is no breakpoint."""
    piece = next(p for p in f.pieces() if p.left < x < p.right)
    return piece.slope, piece.intercept


# --- counts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(200))
def test_random_degenerate_networks(seed: int) -> None:
    """All five counts of networks of all architectures agree, on R^n and on a box with faces on kinks."""
    network = nets.any_network(1000 + seed)
    whole = agree(network)
    part = agree(network, nets.any_box(seed, network))
    assert part["patterns"] <= whole["patterns"]
    assert part["maps"] <= whole["maps"]


@pytest.mark.parametrize("seed", range(60))
def test_networks_whose_cells_touch(seed: int) -> None:
    """The counts agree where pieces of one map often meet in a corner only."""
    network = nets.touching_network(1000 + seed)
    agree(network)
    agree(network, nets.any_box(seed, network))


@pytest.mark.parametrize("seed", range(100))
def test_networks_on_the_line(seed: int) -> None:
    """With one input, counts agree with those of exact piecewise-linear functions too."""
    network = nets.any_network(seed, [*LINE, (1, 6, 1), (1, 3, 3, 2), (1, 3, 2, 2, 1)])
    agree(network)
    agree(network, nets.any_box(seed, network))


@pytest.mark.parametrize("name", nets.DEGENERACIES)
@pytest.mark.parametrize("widths", [(1, 2, 2, 1), (2, 3, 1), (2, 2, 2, 1), (2, 4, 3, 1), (3, 2, 2, 1)])
def test_each_degeneracy(name: str, widths: tuple[int, ...]) -> None:
    """The counts agree for each degeneracy alone in each small architecture."""
    network = nets.degenerate_network(7, widths, [name])
    agree(network)
    agree(network, nets.any_box(7, network))


@st.composite
def networks(draw: st.DrawFn) -> rc.ReLUNetwork:
    """Draw networks with weights -2..2, which shrink to small counterexamples."""
    widths = draw(st.sampled_from(SMALL))
    number = st.integers(-2, 2)
    return rc.ReLUNetwork(
        [
            draw(st.lists(st.lists(number, min_size=a, max_size=a), min_size=b, max_size=b))
            for a, b in itertools.pairwise(widths)
        ],
        [draw(st.lists(number, min_size=b, max_size=b)) for b in widths[1:]],
    )


@given(networks(), st.data())
@settings(max_examples=80)
def test_drawn_networks(network: rc.ReLUNetwork, data: st.DataObject) -> None:
    """The counts agree for networks that hypothesis draws, on R^n and on boxes with small integer corners."""
    agree(network)
    lows = data.draw(st.lists(st.integers(-2, 2), min_size=network.widths[0], max_size=network.widths[0]))
    agree(network, [(low, low + data.draw(st.integers(1, 3))) for low in lows])


@pytest.mark.parametrize("seed", range(30))
def test_counting_one_kind_gives_the_number_of_the_census(seed: int) -> None:
    """rc.count_pieces agrees with the oracle kind by kind."""
    network = nets.any_network(2000 + seed)
    domain = nets.any_box(seed, network) if seed % 2 else None
    expected = naive.piece_counts(network, domain)
    assert {kind: rc.count_pieces(network, kind, domain) for kind in naive.KINDS} == expected


# --- the pieces themselves --------------------------------------------------------------------------------------------


def bits_of(cell: rc.Cell) -> tuple[bool, ...]:
    """Return the bits of a cell's pattern in one tuple."""
    return tuple(bool(bit) for layer in cell.pattern for bit in layer)


def classes(network: rc.ReLUNetwork, domain: Any) -> dict[str, list[list[naive.Region]]]:
    """Return the pieces of each kind as lists of regions."""
    found = naive.regions(network, domain)
    cells = [region for region in found if region.is_full_dimensional()]
    by_map: dict[naive.Map, list[naive.Region]] = {}
    for cell in cells:
        by_map.setdefault(cell.outputs, []).append(cell)
    return {
        "patterns": [[region] for region in found],
        "activation": [[cell] for cell in cells],
        "affine": naive.glued(cells, naive.share_facet),
        "affine-closed": naive.glued(cells, naive.touch),
        "maps": list(by_map.values()),
    }


def all_bits(piece: list[naive.Region]) -> frozenset[tuple[bool, ...]]:
    """Return the patterns of a piece."""
    return frozenset(region.bits for region in piece)


def value(g: naive.Affine, x: tuple[Fraction, ...]) -> Fraction:
    """Evaluate an affine function."""
    return sum((a * p for a, p in zip(g[:-1], x, strict=True)), g[-1])


@pytest.mark.parametrize("seed", range(40))
def test_pieces_are_the_same_sets(seed: int) -> None:
    """Not only the numbers agree but also which cells form a piece, the maps and where the interior points lie."""
    network = nets.any_network(3000 + seed) if seed % 4 else nets.touching_network(3000 + seed)
    domain = nets.any_box(seed, network) if seed % 2 else None
    for kind, expected in classes(network, domain).items():
        listed = list(rc.pieces(network, kind, domain))
        regions = {region.bits: region for piece in expected for region in piece}
        assert len(listed) == len(expected)
        assert {frozenset(map(bits_of, piece.cells)) for piece in listed} == set(map(all_bits, expected))
        for piece in listed:
            mine = [regions[bits_of(cell)] for cell in piece.cells]
            assert any(is_inside(piece.interior_point, region, kind) for region in mine)
            rows = zip(piece.matrix.tolist(), piece.vector.tolist(), strict=True)
            found = tuple((*row, c) for row, c in rows)
            if kind != "patterns":
                assert {region.outputs for region in mine} == {found}


def is_inside(x: tuple[Fraction, ...], region: naive.Region, kind: str) -> bool:
    """Decide whether a point lies in the interior of a region, or, if it may have none, in the region."""
    if kind == "patterns":
        return all(value(g, x) > 0 if strict else value(g, x) >= 0 for g, strict in region.conditions)
    return all(value(g, x) > 0 for g in region.closure())


@pytest.mark.parametrize("kind", ["activation", "affine"])
@pytest.mark.parametrize("seed", range(15))
def test_graphs_have_the_common_facets_as_edges(kind: str, seed: int) -> None:
    """Two pieces are neighbours iff cells of them meet in a set of dimension n - 1."""
    network = nets.any_network(4000 + seed, SMALL)
    domain = nets.any_box(seed, network) if seed % 2 else None
    expected = classes(network, domain)[kind]
    edges = {
        frozenset({all_bits(first), all_bits(second)})
        for first, second in itertools.combinations(expected, 2)
        if any(naive.share_facet(a, b) for a, b in itertools.product(first, second))
    }
    graph = rc.piece_graph(network, kind, domain)
    names = {node: frozenset(map(bits_of, piece.cells)) for node, piece in graph.nodes(data="piece")}
    assert sorted(map(sorted, names.values())) == sorted(map(sorted, map(all_bits, expected)))
    assert {frozenset({names[a], names[b]}) for a, b in graph.edges} == edges
