"""Tests of the kernels that cut cells: signs, zeros, new rays, adjacency."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from relucomb_solvers.complex_kernels import cut_cells, decide_signs, mark_zeros, meet_edges

pytestmark = pytest.mark.kernels


def test_signs_are_decided_only_beyond_the_error() -> None:
    """Within its error bound a value has no sign; an exact zero has; what is not a number has none."""
    values = np.array([[2.0], [-2.0], [0.5], [0.0], [0.0], [np.nan], [np.inf]])
    errors = np.array([[1.0], [1.0], [1.0], [0.0], [1e-300], [0.0], [np.nan]])
    signs, undecided = np.full(7, 9, dtype=np.int8), np.empty(7, dtype=np.int64)
    left = decide_signs(values, errors, 0, 7, signs, undecided)
    assert signs.tolist() == [1, -1, 9, 0, 9, 9, 9]
    assert undecided[:left].tolist() == [2, 4, 5, 6]


def test_zeros_are_marked_in_their_word() -> None:
    """The bit goes to the ray's mask, also beyond the first word."""
    masks = np.zeros((3, 2), dtype=np.uint64)
    mark_zeros(masks, np.array([0, 1, 0], dtype=np.int8), 3, 66)
    assert masks.tolist() == [[0, 4], [0, 0], [0, 4]]


def combine(p: list[float], q: list[float], exact: bool, errors: float = 0.0) -> tuple[np.ndarray, np.ndarray, bool]:
    """Meet the edge between two rays in the plane, at their last entry."""
    values, slips = np.zeros((3, len(p))), np.full((3, len(p)), errors)
    values[0], values[1] = p, q
    flags = np.array([exact, exact, False])
    meet_edges(
        values, slips, flags, np.zeros((3, 1), dtype=np.uint64), np.array([[0, 1]]), 2, 2, len(p), len(p) - 1, 0, 1.0
    )
    return values[2], slips[2], bool(flags[2])


def test_exact_rays_have_primitive_combinations() -> None:
    """Integers stay integers without a common divisor, with no error."""
    values, errors, exact = combine([6, 4, 14, 10], [-2, 8, -14, -4], exact=True)
    assert exact
    assert not errors.any()
    assert values.tolist() == [1, 24, -21, 0]  # 2 · (6, 4, 14) + 5 · (−2, 8, −14), halved


def test_too_large_combinations_get_error_bounds() -> None:
    """Integers that no longer fit are combined in floats, and the bound on the error holds."""
    big = 2.0**52 - 1
    p, q = [big, 3.0, big, 2.0**51 + 1], [1.0, big, 5.0, -(2.0**50 + 3)]
    values, errors, exact = combine(p, q, exact=True)
    assert not exact
    a, b = Fraction(2**50 + 3), Fraction(2**51 + 1)
    true = [a * Fraction(x) + b * Fraction(y) for x, y in zip(p[:3], q[:3], strict=True)]
    scale = Fraction(values[0]) / true[0]
    for c in range(3):
        # rays are equal up to a factor; compare ratios to the first entry
        slack = Fraction(errors[c]) + Fraction(errors[0]) * abs(true[c] / true[0])
        assert abs(Fraction(values[c]) - scale * true[c]) <= slack


def test_error_bounds_hold_for_rays_with_errors() -> None:
    """Whatever the true parents are within their bounds, the true combination is within the bound of the child."""
    rng = np.random.default_rng(0)
    for _ in range(300):
        p, q = rng.normal(size=4), rng.normal(size=4)
        p[3], q[3] = abs(p[3]) + 0.05, -abs(q[3]) - 0.05
        error = 10.0 ** rng.uniform(-12, -2)
        values, errors, _ = combine(p.tolist(), q.tolist(), exact=False, errors=error)
        true_p, true_q = p + error * rng.uniform(-1, 1, 4), q + error * rng.uniform(-1, 1, 4)
        # the child is scaled by a power of two from the convex combination of the parents, brought to size 1 each
        sizes = [2.0 ** -np.frexp(abs(v[:2]).max())[1] for v in (p, q)]
        x, y = abs(true_q[3]) * sizes[1], abs(true_p[3]) * sizes[0]
        true = (x * true_p * sizes[0] + y * true_q * sizes[1]) / (x + y)
        x, y = abs(q[3]) * sizes[1], abs(p[3]) * sizes[0]
        rounded = (x * p * sizes[0] + y * q * sizes[1]) / (x + y)
        scale = 2.0 ** -np.frexp(abs(rounded[:2]).max())[1]
        assert (abs(values[:3] - true[:3] * scale) <= errors[:3] * (1 + 1e-9)).all()


SQUARE = (np.array([0, 4]), np.array([0, 1, 2, 3]), np.zeros((1, 1), dtype=np.uint64))
# corners in cyclic order; bit 1 is for t, bits 2 to 5 are the walls
CORNERS = np.array(
    [[0b000100 | 0b001000], [0b001000 | 0b010000], [0b010000 | 0b100000], [0b100000 | 0b000100]], np.uint64
)


def cut_square(signs: list[int], *, faces: bool = False) -> tuple[list[list[int]], list[int], list[list[int]]]:
    """Cut a square whose corners have the given signs; return the cells, their patterns and the new rays."""
    masks = np.vstack([CORNERS, np.zeros((4, 1), dtype=np.uint64)])
    vector = np.array(signs, dtype=np.int8)
    mark_zeros(masks, vector, 4, 0)
    pointer, members, bits, edges = cut_cells(*SQUARE, masks, vector, 4, 3, 0, 1, faces)
    cells = [sorted(members[a:b].tolist()) for a, b in itertools.pairwise(pointer)]
    return cells, bits[:, 0].tolist(), edges.tolist()


def test_a_line_across_cuts_two_edges() -> None:
    """Two opposite sides are cut, and the two new rays bound both halves."""
    cells, bits, edges = cut_square([1, 1, -1, -1])
    assert sorted(map(sorted, edges)) == [[0, 3], [1, 2]]
    assert sorted(cells) == [[0, 1, 4, 5], [2, 3, 4, 5]]
    assert bits == [1, 0]


def test_a_line_through_corners_makes_no_rays() -> None:
    """Corners on the line belong to both halves; no edge is cut."""
    cells, _, edges = cut_square([1, 0, -1, 0])
    assert edges == []
    assert sorted(cells) == [[0, 1, 3], [1, 2, 3]]


def test_a_line_that_touches_cuts_nothing() -> None:
    """Touched in a corner or along a side, the square stays whole; a vanishing function leaves the bit at 0."""
    for signs, bit in (([1, 1, 1, 0], 1), ([0, 0, 1, 1], 1), ([-1, 0, -1, -1], 0), ([0, 0, 0, 0], 0)):
        cells, bits, edges = cut_square(signs)
        assert (cells, bits, edges) == ([[0, 1, 2, 3]], [bit], [])


def test_touched_faces_are_patterns_of_their_own() -> None:
    """If faces are kept, the side or corner where the function is zero is the region of the bit 0."""
    assert cut_square([0, 0, 1, 1], faces=True)[:2] == ([[0, 1, 2, 3], [0, 1]], [1, 0])
    assert cut_square([1, 1, 1, 0], faces=True)[:2] == ([[0, 1, 2, 3], [3]], [1, 0])
    assert cut_square([-1, -1, 0, 0], faces=True)[:2] == ([[0, 1, 2, 3]], [0])


def test_many_new_rays_are_shared() -> None:
    """Cells around one edge get the same new ray, however many edges are cut."""
    count = 200  # squares in a row: corners (k, 0) and (k, 1), all cut by the line y = 1/2
    masks = np.zeros((4 * count + 8, 7), dtype=np.uint64)

    def mark(ray: int, bit: int) -> None:
        masks[ray, bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)

    for k in range(count + 1):
        for ray in (2 * k, 2 * k + 1):
            mark(ray, 2 + k)  # the wall x = k
            mark(ray, 300 + ray % 2)  # the walls y = 0 and y = 1
    members = np.array([[2 * k, 2 * k + 1, 2 * k + 2, 2 * k + 3] for k in range(count)]).ravel()
    pointer = np.arange(0, 4 * count + 1, 4)
    signs = np.array([-1, 1] * (count + 1), dtype=np.int8)
    rays = 2 * count + 2
    _, new_members, bits, edges = cut_cells(
        pointer, members, np.zeros((count, 6), np.uint64), masks, signs, rays, 3, 0, 1, False
    )
    assert len(bits) == 2 * count
    assert sorted(edges.tolist()) == [[2 * k + 1, 2 * k] for k in range(count + 1)]
    assert set(new_members.tolist()) == set(range(rays + count + 1))
