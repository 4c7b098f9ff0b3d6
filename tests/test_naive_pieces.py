"""Tests of the oracle tests/naive_pieces.py and of the generators in tests/degenerate_networks.py."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import degenerate_networks as nets
import naive_pieces as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relucomb as rc

HALF = Fraction(1, 2)


def counts(network: rc.ReLUNetwork, domain: Any = None) -> tuple[int, ...]:
    """Return the five counts in the order of the kinds, which is descending."""
    found = naive.piece_counts(network, domain)
    return tuple(found[kind] for kind in naive.KINDS)


def cube(n: int, half: int | Fraction = 1) -> list[tuple[Any, Any]]:
    """Return the box [-half, half]^n."""
    return [(-half, half)] * n


def generic_layer(w: int, n: int, bias: bool = True) -> tuple[list[list[Fraction]], list[Fraction]]:
    """Return a layer in general position: large random numerators."""
    rng = np.random.default_rng([w, n])
    numbers = [[Fraction(int(p), 997) for p in row] for row in rng.integers(-10000, 10001, (w, n + 1))]
    return [row[:-1] for row in numbers], [row[-1] if bias else Fraction(0) for row in numbers]


def changed(network: rc.ReLUNetwork, **layers: Any) -> rc.ReLUNetwork:
    """Return the network with some arrays replaced: ``W0=...`` for weights[0], ``b1=...`` for biases[1]."""
    weights, biases = list(network.weights), list(network.biases)
    for name, array in layers.items():
        (weights if name[0] == "W" else biases)[int(name[1:])] = array
    return rc.ReLUNetwork(weights, biases)


# --- linear inequalities ----------------------------------------------------------------------------------------------


def vertices(system: list[naive.Affine]) -> list[tuple[Fraction, ...]]:
    """Return the vertices of ``{x : g(x) >= 0}``: the points of it where n independent rows are tight."""
    n = len(system[0]) - 1
    found = set()
    for rows in itertools.combinations(system, n):
        if naive.rank([g[:-1] for g in rows]) == n:
            x = solved([[*g[:-1], -g[-1]] for g in rows])
            if all(value(g, x) >= 0 for g in system):
                found.add(x)
    return sorted(found)


def solved(rows: list[list[Fraction]]) -> tuple[Fraction, ...]:
    """Return the solution of a regular square system, given with its right side (Gauss and Jordan)."""
    n = len(rows)
    for i in range(n):
        pivot = next(k for k in range(i, n) if rows[k][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [p / rows[i][i] for p in rows[i]]
        rows = [row if k == i else [p - row[i] * q for p, q in zip(row, rows[i], strict=True)]
                for k, row in enumerate(rows)]  # fmt: skip
    return tuple(row[-1] for row in rows)


def value(g: naive.Affine, x: tuple[Fraction, ...]) -> Fraction:
    """Evaluate an affine function."""
    return sum((a * p for a, p in zip(g[:-1], x, strict=True)), g[-1])


def box_rows(n: int, half: int = 2) -> list[naive.Affine]:
    """Return the inequalities of a cube."""
    return [g for g, _ in naive.box_conditions(n, cube(n, half))]


@st.composite
def systems(draw: st.DrawFn) -> list[naive.Condition]:
    """Draw small systems of strict and weak inequalities in one, two or three variables."""
    n = draw(st.integers(1, 3))
    g = st.tuples(*[st.integers(-2, 2).map(Fraction)] * (n + 1))
    return draw(st.lists(st.tuples(g, st.booleans()), min_size=1, max_size=5 if n < 3 else 4))


@given(systems())
@settings(max_examples=150)
def test_elimination_finds_what_a_linear_programme_finds(system: list[naive.Condition]) -> None:
    """In a box, conditions can be met iff max t with g >= t for the strict ones is positive; a vertex attains it."""
    n = len(system[0][0]) - 1
    zero, one = Fraction(0), Fraction(1)
    programme = [(*g[:-1], -one if strict else zero, g[-1]) for g, strict in system]
    programme += [(*g[:-1], zero, g[-1]) for g in box_rows(n)] + [(*[zero] * n, -one, one)]
    best = max((x[-1] for x in vertices(programme)), default=None)
    in_box = [*system, *((g, False) for g in box_rows(n))]
    assert naive.has_solution(in_box) == (best is not None and best > 0)


@given(systems())
@settings(max_examples=100)
def test_dimension_is_that_of_the_vertices(system: list[naive.Condition]) -> None:
    """The affine hull of a polytope is that of its vertices."""
    rows = [g for g, _ in system] + box_rows(len(system[0][0]) - 1)
    corners = vertices(rows)
    expected = -1
    if corners:
        expected = naive.rank([tuple(p - q for p, q in zip(x, corners[0], strict=True)) for x in corners])
    assert naive.dimension(rows) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(0, 0, 1)], 2),  # the plane
        ([(0, 0, -1)], -1),
        ([(1, 0, 0), (-1, 0, 0)], 1),  # a line
        ([(1, 0, 0), (-1, 0, 0), (0, 1, 0)], 1),  # a ray
        ([(1, 1, 0), (-1, 0, 0), (0, -1, 0)], 0),  # a point, by three half-planes
        ([(1, 0, -1), (-1, 0, 0)], -1),
    ],
)
def test_dimension_of_unbounded_sets(rows: list[tuple[int, ...]], expected: int) -> None:
    """Half-planes, lines, rays and points."""
    assert naive.dimension([tuple(map(Fraction, row)) for row in rows]) == expected


# --- regions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(25))
def test_pruning_loses_no_pattern(seed: int) -> None:
    """Growing the patterns bit by bit gives what trying all of them gives, on R^n and on a box."""
    network = nets.any_network(seed, [(1, 2, 2, 1), (2, 3, 1), (2, 2, 2, 1), (2, 2, 1, 2, 1), (3, 2, 2, 1)])
    for domain in (None, nets.any_box(seed, network)):
        pruned = naive.regions(network, domain)
        assert {r.bits for r in pruned} == {r.bits for r in naive.regions_by_trying_all(network, domain)}
        assert len(pruned) == len({r.bits for r in pruned})


@pytest.mark.parametrize("seed", range(40))
def test_every_point_lies_in_the_region_of_its_bits(seed: int) -> None:
    """At the points of a grid, the bits are known, the conditions hold and the map is the network."""
    network = nets.any_network(seed).exact()
    n = network.widths[0]
    found = {r.bits: r for r in naive.regions(network)}
    points = list(itertools.product([Fraction(k, 2) for k in range(-4, 5)], repeat=n))[:: 1 if n < 3 else 7]
    values = network.evaluate_exact(points).reshape(len(points), -1)
    for x, y in zip(points, values.tolist(), strict=True):
        bits: list[bool] = []
        z = np.array(x, dtype=object)
        for W, b in zip(network.weights[:-1], network.biases[:-1], strict=True):
            z = W @ z + b
            bits += [entry > 0 for entry in z.tolist()]
            z = np.maximum(z, Fraction(0))
        region = found[tuple(bits)]
        assert all(value(g, x) > 0 if strict else value(g, x) >= 0 for g, strict in region.conditions)
        assert [value(g, x) for g in region.outputs] == y


@pytest.mark.parametrize("seed", range(12))
def test_halves_of_a_box_have_its_patterns(seed: int) -> None:
    """A pattern, or a full-dimensional one, belongs to a box iff it belongs to one of two halves."""
    network = nets.any_network(seed)
    box = nets.any_box(seed, network)
    (low, high), *rest = box
    middle = (2 * low + high) / 3
    halves = [[(low, middle), *rest], [(middle, high), *rest]]
    for list_regions in (naive.regions, naive.full_dimensional):
        whole = {r.bits for r in list_regions(network, box)}
        assert whole == {r.bits for half in halves for r in list_regions(network, half)}
        assert whole <= {r.bits for r in list_regions(network)}


def share_hyperplane(first: naive.Region, second: naive.Region) -> bool:
    """Decide about a common facet otherwise: opposite conditions, with everything else strict on their hyperplane."""
    rows = first.closure() + second.closure()
    for g in first.closure():
        opposite = [h for h in second.closure() if naive.rank([g, h]) == 1 and value_sign(g, h) < 0]
        strict = [(h, True) for h in rows if naive.rank([g, h]) == 2]
        on_g = [(g, False), (tuple(-p for p in g), False)]
        if opposite and naive.has_solution([*on_g, *strict]):
            return True
    return False


def value_sign(g: naive.Affine, h: naive.Affine) -> Fraction:
    """Return a number with the sign of the factor between proportional functions."""
    return sum((p * q for p, q in zip(g, h, strict=True)), Fraction(0))


@pytest.mark.parametrize("seed", range(20))
def test_facets_are_found_by_a_second_definition(seed: int) -> None:
    """The dimension of the intersection agrees with the search for the hyperplane between two cells."""
    network = nets.any_network(seed, [(1, 2, 2, 1), (2, 3, 2, 1), (3, 2, 2, 1)])
    cells = naive.full_dimensional(network, nets.any_box(seed, network) if seed % 2 else None)
    for first, second in itertools.combinations(cells, 2):
        assert naive.share_facet(first, second) == share_hyperplane(first, second)


# --- known counts -----------------------------------------------------------------------------------------------------


def test_published_example() -> None:
    """max(-y, min(0, -x)) = -relu(x) + relu(relu(x) - y), with relu(x), relu(y), relu(-y) in the first layer."""
    network = rc.ReLUNetwork([[[1, 0], [0, 1], [0, -1]], [[1, 0, 0], [1, -1, 1]], [[-1, 1]]], [[0, 0, 0], [0, 0], [0]])
    points = list(itertools.product(range(-2, 3), repeat=2))
    assert network.evaluate_exact(points).tolist() == [max(-y, min(0, -x)) for x, y in points]
    assert counts(network) == (7, 5, 3, 3, 3)


def test_pieces_that_touch_in_a_corner() -> None:
    """relu(min(x, y)) + relu(min(-x, -y)) is zero on two opposite quadrants."""
    first = [[1, 0], [-1, 0], [1, -1], [-1, 1]]  # min(x, y) = relu(x) - relu(-x) - relu(x - y)
    network = rc.ReLUNetwork([first, [[1, -1, -1, 0], [-1, 1, 0, -1]], [[1, 1]]], [[0] * 4, [0, 0], [0]])
    points = list(itertools.product(range(-2, 3), repeat=2))
    expected = [max(min(x, y), 0) + max(min(-x, -y), 0) for x, y in points]
    assert network.evaluate_exact(points).tolist() == expected
    assert counts(network)[1:] == (6, 6, 5, 5)
    assert counts(network, [(0, 1), (-1, 1)])[1:] == (3, 3, 3, 3)  # two triangles of one quadrant, half of another
    apart = changed(network, b1=[-1, -1])  # relu(min(x, y) - 1) + ...: the zero piece is one
    assert counts(apart)[2:] == (5, 5, 5)


def test_pieces_of_one_map_that_are_apart() -> None:
    """The hat in the first of two coordinates: zero on both sides of a strip."""
    hat = rc.ReLUNetwork([[[1, 0], [1, 0], [1, 0]], [[1, -2, 1]]], [[0, -1, -2], [0]])
    assert counts(hat) == (4, 4, 4, 4, 3)
    assert counts(hat, [(0, 2), (0, 1)]) == (3, 2, 2, 2, 2)  # the face x = 0 has a pattern of its own
    assert counts(hat, [(-1, 0), (0, 1)]) == (1, 1, 1, 1, 1)


@pytest.mark.parametrize(("w", "k"), [(2, 1), (2, 2), (2, 3), (2, 4), (3, 1), (3, 2), (4, 2), (5, 2)])
def test_sawtooth(w: int, k: int) -> None:
    """The composition of k zigzags with w teeth: w^k pieces on [0, 1]; the ends outside as the theory tells."""
    out = [w * (-1) ** i * (2 if i else 1) for i in range(w)]
    bends = [Fraction(-i, w) for i in range(w)]
    weights = [[[1]] * w, *[[out] * w] * (k - 1), [out]]
    network = rc.ReLUNetwork(weights, [*[bends] * k, [0]])
    assert counts(network, [(0, 1)])[1:4] == (w**k,) * 3
    on_line = w + 1 if k == 1 else w**k + 1 if w % 2 else w**k + 2
    assert counts(network)[2:4] == (on_line, on_line)
    if w == 2 and k > 1:
        assert counts(network)[4] == on_line - 1  # zero on both ends


@pytest.mark.parametrize(("n", "w"), [(1, 1), (1, 5), (2, 1), (2, 3), (2, 5), (3, 2), (3, 4)])
def test_arrangements_in_general_position(n: int, w: int) -> None:
    """One hidden layer cuts R^n into C(w, 0) + ... + C(w, n) regions, all with different maps."""
    W, b = generic_layer(w, n)
    output = [[Fraction(3) ** i for i in range(w)]]
    assert counts(rc.ReLUNetwork([W, output], [b, [0]])) == (sum(math.comb(w, i) for i in range(n + 1)),) * 5


@pytest.mark.parametrize(("n", "w"), [(1, 1), (2, 3), (2, 5), (3, 2), (3, 4)])
def test_central_arrangements(n: int, w: int) -> None:
    """Through one point, there are 2 (C(w-1, 0) + ... + C(w-1, n-1)) regions; the point has a pattern of its own."""
    W, b = generic_layer(w, n, bias=False)
    output = [[Fraction(3) ** i for i in range(w)]]
    regions = 2 * sum(math.comb(w - 1, i) for i in range(n))
    all_off = not any(any(r.bits) is False for r in naive.full_dimensional(rc.ReLUNetwork([W, output], [b, [0]])))
    found = counts(rc.ReLUNetwork([W, output], [b, [0]]))
    assert found == (regions + all_off, *[regions] * 4)


def test_faces_of_a_box_on_a_kink() -> None:
    """relu(x): on [0, 1] the point 0 has a pattern of its own, on [-1, 0] it has that of its neighbours."""
    relu = rc.ReLUNetwork([[[1]], [[1]]], [[0], [0]])
    assert counts(relu, [(0, 1)]) == (2, 1, 1, 1, 1)
    assert counts(relu, [(-1, 0)]) == (1, 1, 1, 1, 1)
    assert counts(relu, [(-1, 1)]) == counts(relu) == (2, 2, 2, 2, 2)


def test_floats_are_the_rationals_they_are() -> None:
    """The float 0.3 is not three times the float 0.1, so the kinks of two units differ."""
    floats = rc.ReLUNetwork([[[0.1], [1.0]], [[1.0, 1.0]]], [[-0.3, -3.0], [0.0]])
    tenths = rc.ReLUNetwork([[[Fraction(1, 10)], [1]], [[1, 1]]], [[Fraction(-3, 10), -3], [0]])
    assert counts(floats) == (3, 3, 3, 3, 3)
    assert counts(tenths) == (2, 2, 2, 2, 2)


def test_networks_without_hidden_layers() -> None:
    """An affine function is one piece."""
    assert counts(rc.ReLUNetwork([[[1, 2]]], [[3]])) == (1, 1, 1, 1, 1)


@pytest.mark.parametrize("side", [(1, 1), (1, 0), (0.5, 0.25)])
def test_flat_and_empty_boxes_are_refused(side: tuple[float, float]) -> None:
    """A box has interior points."""
    with pytest.raises(ValueError, match="side 1 of the box"):
        naive.piece_counts(rc.ReLUNetwork([[[1, 2]]], [[3]]), [(0, 1), side])


# --- laws -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(60))
def test_counts_are_ordered(seed: int) -> None:
    """R6 <= R5 <= R4 <= R2 <= R1, and R4 = R5 on the line."""
    network = nets.any_network(seed) if seed % 3 else nets.touching_network(seed)
    for domain in (None, nets.any_box(seed, network)):
        found = counts(network, domain)
        assert all(more >= fewer for more, fewer in itertools.pairwise(found))
        assert found[-1] >= 1
        if network.widths[0] == 1:
            assert found[2] == found[3]


@pytest.mark.parametrize("seed", range(15))
def test_counts_survive_other_writings_of_a_network(seed: int) -> None:
    """Permuted, rescaled and doubled units, and more outputs, leave all counts as they are."""
    rng = np.random.default_rng(seed)
    network = (nets.any_network if seed % 3 else nets.touching_network)(seed).exact()
    W0, W1, b0 = network.weights[0], network.weights[1], network.biases[0]
    last = network.depth - 1
    expected = counts(network)
    order = rng.permutation(len(b0))
    assert counts(changed(network, W0=W0[order], b0=b0[order], W1=W1[:, order])) == expected
    scale = np.array([Fraction(int(s), 3) for s in rng.integers(1, 6, len(b0))], dtype=object)
    assert counts(changed(network, W0=W0 * scale[:, None], b0=b0 * scale, W1=W1 / scale)) == expected
    twice = changed(
        network,
        W0=np.vstack([W0, W0[:1]]),
        b0=np.append(b0, b0[0]),
        W1=np.hstack([np.hstack([W1[:, :1] * HALF, W1[:, 1:]]), W1[:, :1] * HALF]),
    )
    assert counts(twice) == expected
    W, b = network.weights[last], network.biases[last]
    both = changed(network, **{f"W{last}": np.vstack([W, -2 * W]), f"b{last}": np.append(b, 5 * b)})
    assert counts(both) == expected


@pytest.mark.parametrize("seed", range(15))
def test_counts_survive_a_change_of_coordinates(seed: int) -> None:
    """On R^n an invertible affine map of the inputs changes nothing, on a box a translation of both does not."""
    rng = np.random.default_rng(seed)
    network = (nets.any_network if seed % 3 else nets.touching_network)(seed).exact()
    W0, b0, n = network.weights[0], network.biases[0], network.widths[0]
    shear = np.array(np.eye(n, dtype=int) + np.triu(rng.integers(-2, 3, (n, n)), 1), dtype=object)
    assert counts(changed(network, W0=W0 @ shear[::-1])) == counts(network)
    shift = np.array([Fraction(int(s), 2) for s in rng.integers(-5, 6, n)], dtype=object)
    box = nets.any_box(seed, network)
    moved = [(low + s, high + s) for (low, high), s in zip(box, shift, strict=True)]
    assert counts(changed(network, b0=b0 - W0 @ shift), moved) == counts(network, box)


@pytest.mark.parametrize("seed", range(12))
def test_networks_without_biases_look_alike_on_all_cubes(seed: int) -> None:
    """A positively homogeneous function has its pieces on every cube around the origin."""
    widths = [(1, 3, 1), (2, 3, 2, 1), (2, 4, 2, 1), (3, 3, 1)][seed % 4]
    network = nets.degenerate_network(seed, widths, ["central"])
    expected = counts(network)
    assert counts(network, cube(widths[0])) == expected
    assert counts(network, cube(widths[0], Fraction(1, 7))) == expected


# --- generators -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_generators_repeat_themselves(seed: int) -> None:
    """The same seed gives the same network and the same box."""
    for make in (nets.any_network, nets.touching_network):
        assert make(seed) == make(seed)
        assert nets.any_box(seed, make(seed)) == nets.any_box(seed, make(seed))


def test_generators_vary() -> None:
    """Every architecture occurs, floats and fractions do, and all five counts come apart somewhere."""
    networks = [nets.any_network(seed) for seed in range(150)]
    assert {network.widths for network in networks} == set(nets.ARCHITECTURES)
    assert {network.is_exact for network in networks} == {True, False}
    apart = set()
    for network in [*networks, *map(nets.touching_network, range(20))]:
        apart |= {i for i, (more, fewer) in enumerate(itertools.pairwise(counts(network))) if more > fewer}
    assert apart == {0, 1, 2, 3}


def test_boxes_have_faces_on_kinks() -> None:
    """With kinks parallel to the faces, most boxes have a face on one."""
    hits = 0
    for seed in range(40):
        network = nets.degenerate_network(seed, (2, 3, 1), ["axis-parallel"])
        for i, ends in enumerate(nets.any_box(seed, network)):
            assert ends[0] < ends[1]
            rows = zip(network.weights[0].tolist(), network.biases[0].tolist(), strict=True)
            hits += any(row[i] and -c / row[i] in ends for row, c in rows)
    assert hits > 20


@pytest.mark.parametrize("name", nets.DEGENERACIES)
def test_degeneracies_keep_shapes(name: str) -> None:
    """Each degeneracy gives a network of the widths asked for, and a constant one is one piece."""
    for widths in nets.ARCHITECTURES:
        assert nets.degenerate_network(0, widths, [name]).widths == widths
    if name == "constant":
        assert counts(nets.degenerate_network(0, (2, 3, 1), [name]))[2:] == (1, 1, 1)


def test_unknown_degeneracies_are_refused() -> None:
    """A misspelt name is an error."""
    with pytest.raises(ValueError, match="paralel"):
        nets.degenerate_network(0, (1, 1, 1), ["paralel"])
