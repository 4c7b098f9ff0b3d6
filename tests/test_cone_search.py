import numpy as np
import pytest

from relucomb_solvers import cone_search
from relucomb_solvers.simplicial_fan import roots, sign_vectors, simplex_fan

TOL = cone_search.Tolerances()


def problem_of(seed, points=10, width=2, squared=True):
    """Random points in the plane with a constant, random labels."""
    random = np.random.default_rng(seed)
    X = np.vstack([random.normal(size=(2, points)), np.ones(points)])
    y = random.normal(size=points)
    nothing = 0.5 * float(y @ y) if squared else float(np.abs(y).sum())
    return cone_search.Problem(
        X, y, np.zeros((0, points)), -np.ones(points), np.ones(points), squared, sign_vectors(width), nothing
    )


def start(problem, room=4096, every=True):
    """Open the roots of a problem; return tree, incumbent, slack and leaves."""
    width, d = problem.signs.shape[1], problem.points.shape[0]
    pairs = list(roots(simplex_fan(d), problem.signs))
    tree = cone_search.new_tree(width, d, 0, 4096)
    incumbent = cone_search.new_incumbent(width, d, 0, problem.nothing)
    slack, leaves = np.array([1e-12, 1e-10]), cone_search.new_leaves(width, d, room, every=every)
    cones, sign = np.array([cone for cone, _ in pairs]), np.array([row for _, row in pairs])
    cone_search.add_roots(problem, tree, cones, sign, incumbent, slack, leaves, TOL)
    return tree, incumbent, slack, leaves


def loss_of(problem, vectors, signs):
    """Loss of a network, written out."""
    t = signs @ np.maximum(vectors @ problem.points, 0) - problem.targets
    return 0.5 * float(t @ t) if problem.squared else float(np.abs(t).sum())


@pytest.mark.parametrize("squared", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_every_bound_holds_for_networks_inside_its_cones(seed, squared):
    """No network drawn from the cones of a pruned node is below the bound of that node."""
    problem = problem_of(seed, squared=squared)
    tree, incumbent, slack, leaves = start(problem)
    cone_search.advance(problem, tree, incumbent, slack, 300, np.zeros(1, np.uint8), leaves, TOL)
    random = np.random.default_rng(seed)
    count = int(tree.count[6])
    assert count > 20
    for k in range(count):
        signs = problem.signs[leaves.sign[k]]
        for scale in (0.1, 1.0, 10.0):
            weights = scale * random.exponential(size=(2, 3))
            vectors = np.einsum("ia,iae->ie", weights, leaves.cones[k])
            assert loss_of(problem, vectors, signs) >= leaves.bound[k] * (1 - 1e-9)


def test_incumbent_is_what_it_says():
    """The loss of the incumbent is the loss of its vectors, and no bound is above it."""
    problem = problem_of(7)
    tree, incumbent, slack, leaves = start(problem, every=False)
    code = cone_search.CONTINUE
    while code == cone_search.CONTINUE:
        code = cone_search.advance(problem, tree, incumbent, slack, 500, np.zeros(1, np.uint8), leaves, TOL)
    assert code == cone_search.EXHAUSTED
    assert loss_of(problem, incumbent.vectors, incumbent.signs) == pytest.approx(incumbent.loss[0], rel=1e-9)
    assert cone_search.open_bound(tree) == pytest.approx(incumbent.loss[0], rel=1e-8)


@pytest.mark.parametrize("squared", [True, False])
def test_closing_raises_the_bound_of_a_stopped_search(squared):
    """Bounds of open nodes lag behind; closing makes up for it, and no bound passes the optimum."""
    problem = problem_of(7, points=24, squared=squared)
    tree, incumbent, slack, leaves = start(problem, every=False)
    stop = np.zeros(1, np.uint8)
    assert cone_search.advance(problem, tree, incumbent, slack, 1000, stop, leaves, TOL) == cone_search.CONTINUE
    lagging = cone_search.open_bound(tree)
    nodes = int(tree.count[2])
    while tree.count[2] < nodes + 200:
        assert cone_search.advance(problem, tree, incumbent, slack, 50, stop, leaves, TOL, True) == cone_search.CONTINUE
    closed = cone_search.open_bound(tree)
    while cone_search.advance(problem, tree, incumbent, slack, 500, stop, leaves, TOL) == cone_search.CONTINUE:
        pass
    assert lagging < 0.1 * incumbent.loss[0]
    assert 0.15 * incumbent.loss[0] < closed <= incumbent.loss[0]


def test_stop_and_full_are_obeyed():
    """A set flag stops at once; a full tree says so and goes on when it has grown."""
    problem = problem_of(3)
    tree, incumbent, slack, leaves = start(problem, every=False)
    explored = int(tree.count[2])
    assert cone_search.advance(problem, tree, incumbent, slack, 9, np.ones(1, np.uint8), leaves, TOL) == (
        cone_search.STOPPED
    )
    assert tree.count[2] == explored
    tree.free[:] = -1
    tree.count[1] = 0
    assert cone_search.advance(problem, tree, incumbent, slack, 9, np.zeros(1, np.uint8), leaves, TOL) == (
        cone_search.FULL
    )
    larger = cone_search.grow(tree, 9000)
    assert larger.count[1] == 9000 - 4096
    assert cone_search.advance(problem, larger, incumbent, slack, 9, np.zeros(1, np.uint8), leaves, TOL) != (
        cone_search.FULL
    )


def test_descent_never_rises():
    """Local descent ends no higher than it began."""
    problem = problem_of(1)
    random = np.random.default_rng(0)
    for row in range(3):
        begin = random.normal(size=(2, 3))
        loss, vectors, _ = cone_search.descend(problem, begin, np.zeros(0), problem.signs[row], 50, TOL)
        assert loss <= loss_of(problem, begin, problem.signs[row]) + 1e-12
        assert loss == pytest.approx(loss_of(problem, vectors, problem.signs[row]))


@pytest.mark.kernels
def test_tiny_search():
    """One unit on four points: small enough for kernels run as plain Python."""
    problem = problem_of(2, points=4, width=1)
    tree, incumbent, slack, leaves = start(problem)
    cone_search.advance(problem, tree, incumbent, slack, 60, np.zeros(1, np.uint8), leaves, TOL)
    assert cone_search.open_bound(tree) <= incumbent.loss[0] * (1 + 1e-9)
    assert incumbent.loss[0] <= problem.nothing
