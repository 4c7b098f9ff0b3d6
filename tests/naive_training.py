"""Slow oracles for the training of a single gate, written from the mathematics alone: nothing here imports relucomb.

A gate is ``f(x) = sigma(w . x)`` with a non-decreasing activation of Lipschitz constant ``L``. Vectors and matrices are
lists of Fractions, a float counts as the rational number it is, and every answer is exact unless its docstring says
otherwise: square roots come as a pair (below, above) of rationals, and only exponentials are floats. All losses are
means over the points, without the factor 1/2.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import TYPE_CHECKING

Number = int | float | Fraction
Vector = list[Fraction]
Matrix = list[list[Fraction]]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Activation = Callable[[Fraction], Fraction]
    Law = Sequence[tuple[Fraction, Vector]]  # (probability, point)

ROOT_DIGITS = 40


# --- rational linear algebra -----------------------------------------------------------------------------------------


def vector(numbers: Iterable[Number]) -> Vector:
    """Return the vector of the rationals that ``numbers`` are."""
    return [Fraction(number) for number in numbers]


def matrix(rows: Iterable[Iterable[Number]]) -> Matrix:
    """Return the list of the rows as rational vectors."""
    return [vector(row) for row in rows]


def dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    """Return the inner product."""
    return sum((p * q for p, q in zip(a, b, strict=True)), Fraction(0))


def add(a: Sequence[Fraction], b: Sequence[Fraction], factor: Number = 1) -> Vector:
    """Return ``a + factor b``."""
    scale = Fraction(factor)
    return [p + scale * q for p, q in zip(a, b, strict=True)]


def squared_norm(a: Sequence[Fraction]) -> Fraction:
    """Return ``|a|^2``."""
    return dot(a, a)


def squared_distance(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    """Return ``|a - b|^2``."""
    return squared_norm(add(a, b, -1))


def outer(a: Sequence[Fraction], b: Sequence[Fraction]) -> Matrix:
    """Return ``a b^T``."""
    return [[p * q for q in b] for p in a]


def identity_matrix(n: int) -> Matrix:
    """Return the unit matrix."""
    return [[Fraction(i == j) for j in range(n)] for i in range(n)]


def combine(A: Matrix, B: Matrix, factor: Number = 1) -> Matrix:
    """Return ``A + factor B``."""
    return [add(a, b, factor) for a, b in zip(A, B, strict=True)]


def times(A: Matrix, B: Matrix) -> Matrix:
    """Return ``A B``."""
    columns = list(zip(*B, strict=True))
    return [[dot(row, column) for column in columns] for row in A]


def apply(A: Matrix, x: Sequence[Fraction]) -> Vector:
    """Return ``A x``."""
    return [dot(row, x) for row in A]


def trace(A: Matrix) -> Fraction:
    """Return the trace."""
    return sum((A[i][i] for i in range(len(A))), Fraction(0))


def is_positive_semidefinite(A: Matrix) -> bool:
    """Decide ``A >= 0`` for a symmetric matrix by symmetric elimination."""
    left = [list(row) for row in A]
    while left:
        pivot = next((i for i in range(len(left)) if left[i][i]), None)
        if pivot is None:
            return not any(entry for row in left for entry in row)
        head = left[pivot]
        if head[pivot] < 0:
            return False
        left = [
            [left[i][j] - left[i][pivot] * head[j] / head[pivot] for j in range(len(left)) if j != pivot]
            for i in range(len(left))
            if i != pivot
        ]
    return True


def threshold(holds: Callable[[Fraction], bool], low: Number, high: Number, width: Number) -> tuple[Fraction, Fraction]:
    """Bisect for the place where a monotone statement becomes true: it fails at ``low`` and holds at ``high``."""
    a, b = Fraction(low), Fraction(high)
    while b - a > width:
        middle = (a + b) / 2
        a, b = (a, middle) if holds(middle) else (middle, b)
    return a, b


def smallest_eigenvalue(A: Matrix, width: Number = Fraction(1, 10**9)) -> tuple[Fraction, Fraction]:
    """Enclose the smallest eigenvalue of a symmetric positive semidefinite matrix."""
    unit = identity_matrix(len(A))
    low, high = threshold(
        lambda value: not is_positive_semidefinite(combine(A, unit, -value)), 0, trace(A) / len(A) + 1, width
    )
    return low, high


def largest_eigenvalue(A: Matrix, width: Number = Fraction(1, 10**9)) -> tuple[Fraction, Fraction]:
    """Enclose the largest eigenvalue of a symmetric positive semidefinite matrix."""
    unit = [[-entry for entry in row] for row in identity_matrix(len(A))]
    return threshold(
        lambda value: is_positive_semidefinite([[-e for e in row] for row in combine(A, unit, value)]),
        -1,
        trace(A),
        width,
    )


def least_ratio(M: Matrix, S: Matrix, width: Number = Fraction(1, 10**9)) -> tuple[Fraction, Fraction]:
    """Enclose the least ``r >= 0`` with ``M <= r S`` for ``M, S >= 0`` and ``ker S`` inside ``ker M``."""

    def holds(ratio: Fraction) -> bool:
        return is_positive_semidefinite(
            [[ratio * s - m for s, m in zip(a, b, strict=True)] for a, b in zip(S, M, strict=True)]
        )

    low, high = Fraction(0), Fraction(1)
    if holds(low):
        return low, low
    while not holds(high):
        high *= 2
        if high > 10**60:
            raise ArithmeticError("no multiple of S dominates M")
    return threshold(holds, low, high, width)


def square_root(square: Number, digits: int = ROOT_DIGITS) -> tuple[Fraction, Fraction]:
    """Enclose the square root; both ends agree where the root is rational."""
    value = Fraction(square)
    if value < 0:
        raise ValueError("no real square root")
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom), Fraction(top, bottom)
    scale = 10**digits
    below = math.isqrt(value.numerator * scale * scale // value.denominator)
    return Fraction(below, scale), Fraction(below + 1, scale)


# --- gates -----------------------------------------------------------------------------------------------------------


def relu(z: Fraction) -> Fraction:
    """Return ``max(0, z)``."""
    return max(Fraction(0), z)


def identity(z: Fraction) -> Fraction:
    """Return ``z``."""
    return z


def leaky_relu(slope: Number) -> Activation:
    """Return the activation ``z`` for ``z >= 0`` and ``slope z`` below."""
    factor = Fraction(slope)
    return lambda z: z if z >= 0 else factor * z


def piecewise(knots: Sequence[tuple[Number, Number]], left: Number, right: Number) -> Activation:
    """Return the piecewise-linear activation through ``knots``, with slopes ``left`` and ``right`` outside."""
    places = [(Fraction(z), Fraction(value)) for z, value in knots]

    def activation(z: Fraction) -> Fraction:
        first, last = places[0], places[-1]
        if z <= first[0]:
            return first[1] + Fraction(left) * (z - first[0])
        for (a, at_a), (b, at_b) in itertools.pairwise(places):
            if z <= b:
                return at_a + (at_b - at_a) * (z - a) / (b - a)
        return last[1] + Fraction(right) * (z - last[0])

    return activation


def outputs(points: Matrix, activation: Activation, w: Vector) -> Vector:
    """Return ``sigma(w . x_i)`` for every point."""
    return [activation(dot(w, x)) for x in points]


def empirical_loss(points: Matrix, labels: Vector, activation: Activation, w: Vector) -> Fraction:
    """Return the mean of ``(sigma(w . x_i) - y_i)^2``."""
    return squared_distance(outputs(points, activation, w), labels) / len(points)


def effective_loss(points: Matrix, activation: Activation, w: Vector, target: Vector) -> Fraction:
    """Return the mean of ``(sigma(w . x_i) - sigma(w* . x_i))^2``: the loss against the labels without noise."""
    return empirical_loss(points, outputs(points, activation, target), activation, w)


# --- Algorithm 4 (GLM-Tron) ------------------------------------------------------------------------------------------


def tron_direction(points: Matrix, labels: Vector, activation: Activation, w: Vector) -> Vector:
    """Return the mean of ``(y_i - sigma(w . x_i)) x_i``."""
    total = vector([0] * len(w))
    for x, y in zip(points, labels, strict=True):
        total = add(total, x, (y - activation(dot(w, x))) / len(points))
    return total


def tron_iterates(
    points: Matrix,
    labels: Vector,
    activation: Activation,
    updates: int,
    step: Number = 1,
    start: Vector | None = None,
) -> Matrix:
    """Return ``w_1 = start`` (the origin by default) and the iterate after each update: one more than the updates."""
    iterates = [vector([0] * len(points[0])) if start is None else list(start)]
    for _ in range(updates):
        w = iterates[-1]
        iterates.append(add(w, tron_direction(points, labels, activation, w), step))
    return iterates


def gram(points: Matrix) -> Matrix:
    """Return the mean of ``x_i x_i^T``; its largest eigenvalue is at most the largest ``|x_i|^2``."""
    total = [vector([0] * len(points[0])) for _ in points[0]]
    for x in points:
        total = combine(total, outer(x, x), Fraction(1, len(points)))
    return total


def tron_lemma(
    points: Matrix,
    labels: Vector,
    activation: Activation,
    lipschitz: Number,
    w: Vector,
    reference: Vector,
    step: Number = 1,
    spectral: Number = 1,
) -> tuple[Fraction, tuple[Fraction, Fraction]]:
    """Return the two sides of Lemma 3.5.1 at ``w``, the right one as an enclosure, with ``W = |w - reference|``.

    ``|w+ - v|^2 <= |w - v|^2 - (2s/L - s^2 l) L~ + s^2 eta^2 + 2 s eta W (1 + s L l)``: the lemma is ``s = l = 1`` with
    ``|x_i| <= 1``; any ``l`` at least the largest eigenvalue of the mean of ``x x^T`` will do.
    """
    L, s, top = Fraction(lipschitz), Fraction(step), Fraction(spectral)
    left = squared_distance(add(w, tron_direction(points, labels, activation, w), s), reference)
    eta_squared = squared_norm(tron_direction(points, labels, activation, reference))
    width_squared = squared_distance(w, reference)
    loss = effective_loss(points, activation, w, reference)
    exact = width_squared - (2 * s / L - s * s * top) * loss + s * s * eta_squared
    below, above = square_root(eta_squared * width_squared)
    factor = 2 * s * (1 + s * L * top)
    return left, (exact + factor * below, exact + factor * above)


def tron_promise(norm: Number, eps: Number, theta: Number, lipschitz: Number) -> tuple[int, int, Fraction]:
    """Return Theorem 3.5.2's number of steps, corrected and as printed, and its threshold, for ``|w*| = norm``.

    One of the first ``1 + corrected`` iterates has an effective loss strictly below the threshold.
    """
    W, e, noise, L = Fraction(norm), Fraction(eps), Fraction(theta), Fraction(lipschitz)
    bound = L / (2 - L) * (e + noise * noise + 2 * noise * W * (L + 1))
    return math.ceil(W * W / e), math.ceil(W / e), bound


# --- Algorithm 2 (stochastic, realisable) ----------------------------------------------------------------------------


def modified_sgd_step(w: Vector, x: Vector, target: Vector, rate: Number, scale: Number = -1) -> Vector:
    """Return ``w - rate g`` with ``g = scale 1[y > 0] (y - w . x) x``, ``y = max(0, target . x)``; ``scale < 0``."""
    y = relu(dot(target, x))
    proxy = [Fraction(scale) * (y > 0) * (y - dot(w, x)) * entry for entry in x]
    return add(w, proxy, -Fraction(rate))


def modified_sgd(start: Vector, samples: Iterable[Vector], target: Vector, rate: Number, scale: Number = -1) -> Matrix:
    """Return all iterates of Algorithm 2 on the given points, the start included."""
    iterates = [list(start)]
    for x in samples:
        iterates.append(modified_sgd_step(iterates[-1], x, target, rate, scale))
    return iterates


def uniform_law(points: Matrix) -> list[tuple[Fraction, Vector]]:
    """Return the law that draws each of the points (with multiplicity) equally often."""
    return [(Fraction(1, len(points)), x) for x in points]


def active_moments(law: Law, target: Vector) -> tuple[Matrix, Matrix, Fraction]:
    """Return ``S = E[1 x x^T]``, ``M = E[1 |x|^2 x x^T]`` and ``c1 = E[1 |x|^4]`` with ``1 = 1[target . x > 0]``."""
    n = len(target)
    second, fourth = [vector([0] * n) for _ in range(n)], [vector([0] * n) for _ in range(n)]
    c1 = Fraction(0)
    for probability, x in law:
        if dot(target, x) > 0:
            square = squared_norm(x)
            second = combine(second, outer(x, x), probability)
            fourth = combine(fourth, outer(x, x), probability * square)
            c1 += probability * square * square
    return second, fourth, c1


def second_moments(law: Law, target: Vector, start: Vector, rate: Number, updates: int, scale: Number = -1) -> Vector:
    """Return ``E|w_t - target|^2`` for ``t = 1, ..., 1 + updates``.

    The matrix ``E[e_t e_t^T]`` of the errors is mapped by ``A -> E[(I - h 1 x x^T) A (I - h 1 x x^T)]``, where
    ``h = rate |scale|``.
    """
    h = -Fraction(rate) * Fraction(scale)
    error = add(start, target, -1)
    spread = outer(error, error)
    answers = [trace(spread)]
    factors = [(p, combine(identity_matrix(len(x)), outer(x, x), -h if dot(target, x) > 0 else 0)) for p, x in law]
    for _ in range(updates):
        following = [vector([0] * len(target)) for _ in target]
        for probability, factor in factors:
            following = combine(following, times(times(factor, spread), factor), probability)
        spread = following
        answers.append(trace(spread))
    return answers


def second_moment_by_enumeration(
    law: Law, target: Vector, start: Vector, rate: Number, updates: int, scale: Number = -1
) -> Fraction:
    """Return ``E|w_{1 + updates} - target|^2`` by running Algorithm 2 on every sequence of points."""
    total = Fraction(0)
    for sequence in itertools.product(law, repeat=updates):
        last = modified_sgd(start, [x for _, x in sequence], target, rate, scale)[-1]
        total += math.prod((p for p, _ in sequence), start=Fraction(1)) * squared_distance(last, target)
    return total


def success_probability(
    law: Law,
    target: Vector,
    start: Vector,
    rate: Number,
    updates: int,
    eps_squared: Number,
    scale: Number = -1,
) -> Fraction:
    """Return ``P(|w_{1 + updates} - target|^2 <= eps_squared)``: equal iterates are merged after every update."""
    places: dict[tuple[Fraction, ...], Fraction] = {tuple(start): Fraction(1)}
    for _ in range(updates):
        following: dict[tuple[Fraction, ...], Fraction] = {}
        for (place, mass), (probability, x) in itertools.product(places.items(), law):
            moved = tuple(modified_sgd_step(list(place), x, target, rate, scale))
            following[moved] = following.get(moved, Fraction(0)) + mass * probability
        places = following
    return sum((m for place, m in places.items() if squared_distance(place, target) <= eps_squared), Fraction(0))


# Laws symmetric about the origin that give no mass to the hyperplane ``target . x = 0`` have half of every even moment
# on the side ``target . x > 0``, whatever the target. Each function returns ``s``, ``m``, ``c1`` with ``S = s I``,
# ``M = m I``.


def gaussian_moments(n: int) -> tuple[Fraction, Fraction, Fraction]:
    """Return ``s``, ``m``, ``c1`` for the standard Gaussian."""
    return Fraction(1, 2), Fraction(n + 2, 2), Fraction(n * (n + 2), 2)


def sphere_moments(n: int, radius: Number = 1) -> tuple[Fraction, Fraction, Fraction]:
    """Return ``s``, ``m``, ``c1`` for the uniform law on a sphere about the origin."""
    square = Fraction(radius) ** 2
    return square / (2 * n), square**2 / (2 * n), square**2 / 2


def cube_moments(n: int, half_edge: Number = 1) -> tuple[Fraction, Fraction, Fraction]:
    """Return ``s``, ``m``, ``c1`` for the uniform law on the cube ``[-a, a]^n``."""
    a = Fraction(half_edge)
    m = a**4 * (Fraction(1, 5) + Fraction(n - 1, 9)) / 2
    return a**2 / 6, m, n * m


def interval_moment(low: Number, high: Number, power: int) -> Fraction:
    """Return ``E[1[x > 0] x^power]`` for the uniform law on ``[low, high]``: one input, a positive target."""
    a, b = Fraction(low), Fraction(high)
    left, right = max(a, Fraction(0)), max(b, Fraction(0))
    return (right ** (power + 1) - left ** (power + 1)) / ((power + 1) * (b - a))


# --- Algorithm 3 (noise-assisted), and plain gradient descent --------------------------------------------------------


def noisy_gradient(points: Matrix, labels: Vector, w: Vector) -> Vector:
    """Return ``g``, minus the mean of ``1[w . x_i >= 0] (y_i - max(0, w . x_i)) x_i``."""
    total = vector([0] * len(w))
    for x, y in zip(points, labels, strict=True):
        z = dot(w, x)
        if z >= 0:
            total = add(total, x, (relu(z) - y) / len(points))
    return total


def noisy_step(points: Matrix, labels: Vector, w: Vector, root: Number, bounded: Vector, free: Vector) -> Vector:
    """Return ``w - eta (g + bounded) + sqrt(eta) free`` for ``eta = root^2``."""
    step = add(noisy_gradient(points, labels, w), bounded)
    return add(add(w, step, -(Fraction(root) ** 2)), free, root)


def truncated(noise: Vector, length: Number) -> Vector:
    """Return the noise shortened to ``length`` where it is longer; its own norm must be rational there."""
    square = squared_norm(noise)
    if square <= Fraction(length) ** 2:
        return list(noise)
    below, above = square_root(square)
    if below != above:
        raise ArithmeticError("the norm is irrational")
    return [entry * Fraction(length) / below for entry in noise]


def angle_lemma(points: Matrix, target: Vector, w: Vector) -> tuple[Fraction, Fraction]:
    """Return the two sides of Lemma 3.4.2: ``<w - w*, g>`` and the mean square it is bounded by from below."""
    labels = outputs(points, relu, target)
    left = dot(add(w, target, -1), noisy_gradient(points, labels, w))
    right = sum(
        ((y - relu(dot(w, x))) ** 2 for x, y in zip(points, labels, strict=True) if dot(w, x) >= 0), Fraction(0)
    )
    return left, right / len(points)


def gradient_step(
    points: Matrix,
    labels: Vector,
    w: Vector,
    rate: Number,
    negative: Number = 0,
    at_zero: Number = 0,
    batch: Sequence[int] | None = None,
) -> Vector:
    """Return a (sub)gradient step on the mean of ``(f(x_i) - y_i)^2`` over the batch (all points by default).

    The activation is ``z`` for ``z > 0`` and ``negative z`` below, with derivative ``at_zero`` at 0. Algorithm 3
    without noise is ``negative = 0``, ``at_zero = 1`` with half its rate here.
    """
    chosen = range(len(points)) if batch is None else batch
    total = vector([0] * len(w))
    for i in chosen:
        z = dot(w, points[i])
        slope = Fraction(1) if z > 0 else Fraction(at_zero) if z == 0 else Fraction(negative)
        value = z if z > 0 else Fraction(negative) * z
        total = add(total, points[i], 2 * (value - labels[i]) * slope / len(chosen))
    return add(w, total, -Fraction(rate))


# --- Definition 16 (single filter nets) ------------------------------------------------------------------------------


def filter_net(filters: Sequence[Matrix], slope: Number, w: Vector, x: Vector) -> Fraction:
    """Return the mean over the filters of ``sigma(w . A_i x)``, with the leaky rectifier of that slope."""
    sigma = leaky_relu(slope)
    return sum((sigma(dot(w, apply(A, x))) for A in filters), Fraction(0)) / len(filters)


def filter_net_gradient(filters: Sequence[Matrix], slope: Number, w: Vector, x: Vector) -> Vector:
    """Return the gradient of the net in ``w``, with derivative 1 of the rectifier at 0."""
    total = vector([0] * len(w))
    for A in filters:
        seen = apply(A, x)
        total = add(total, seen, (Fraction(1) if dot(w, seen) >= 0 else Fraction(slope)) / len(filters))
    return total


def filter_net_loss(filters: Sequence[Matrix], slope: Number, w: Vector, points: Matrix, labels: Vector) -> Fraction:
    """Return the mean of ``(f(x_j) - y_j)^2``."""
    return squared_distance([filter_net(filters, slope, w, x) for x in points], labels) / len(points)


def filter_net_loss_gradient(
    filters: Sequence[Matrix], slope: Number, w: Vector, points: Matrix, labels: Vector
) -> Vector:
    """Return the gradient of the loss in ``w``, with derivative 1 of the rectifier at 0."""
    total = vector([0] * len(w))
    for x, y in zip(points, labels, strict=True):
        residual = filter_net(filters, slope, w, x) - y
        total = add(total, filter_net_gradient(filters, slope, w, x), 2 * residual / len(points))
    return total


# --- the recursion (Lemma 3.E.1) and the tail of a walk (Theorem 3.D.1) ----------------------------------------------


def recursion_factors(b: Number, c1: Number, c2: Number, eps_squared: Number) -> tuple[Fraction, Fraction, Fraction]:
    """Return the lemma's step ``eta'``, ``alpha = 1 - eta' b + eta'^2 c1`` and ``beta = eta'^2 c2``."""
    B, first, second, e = Fraction(b), Fraction(c1), Fraction(c2), Fraction(eps_squared)
    step = B / (2 * first) if second == 0 else B / first * e / (1 + e)
    return step, 1 - step * B + step * step * first, step * step * second


def recursion_values(alpha: Number, beta: Number, start: Number, count: int) -> Vector:
    """Return ``X_1 = start, ..., X_count`` with ``X_{t+1} = alpha X_t + beta``."""
    values = [Fraction(start)]
    while len(values) < count:
        values.append(Fraction(alpha) * values[-1] + Fraction(beta))
    return values


def least_time(alpha: Number, beta: Number, start: Number, goal: Number, limit: int = 5000) -> int | None:
    """Return the least ``T >= 1`` with ``X_T <= goal`` by iterating, or None if there is none up to ``limit``."""
    value = Fraction(start)
    for time in range(1, limit + 1):
        if value <= goal:
            return time
        value = Fraction(alpha) * value + Fraction(beta)
    return None


def walk_tail(size: Number, steps: int, level: Number) -> Fraction:
    """Return ``P(X_n - X_0 >= level)`` for a walk of ``n`` fair steps ``+-size``."""
    ways = sum(math.comb(steps, up) for up in range(steps + 1) if Fraction(size) * (2 * up - steps) >= level)
    return Fraction(ways, 2**steps)


def azuma_bound(sizes: Iterable[Number], level: Number) -> float:
    """Return ``exp(-level^2 / (2 sum c_i^2))``."""
    return math.exp(-float(Fraction(level) ** 2 / (2 * sum(Fraction(size) ** 2 for size in sizes))))


# --- confinement (Theorem 3.4.1) -------------------------------------------------------------------------------------


def confinement(
    n: int,
    largest: Number,
    bounded: Number,
    cut: Number,
    rate: Number,
    updates: int,
    slack: Number,
    start_squared: Number,
    escape: float,
    printed: bool = False,
) -> tuple[float, float, float]:
    """Return ``r*``, ``k`` and the bound on ``P(|w_i - w*| > r* for some i <= updates)``.

    ``largest >= |x_i|``, ``bounded >= |xi_1|``, ``cut = C_L``, ``slack = lambda``, ``start_squared = |w_0 - w*|^2``,
    ``escape = P(|xi_2| > C_L)``. The exponent has ``k^2``; as printed it has ``k``. Square roots are taken of rationals
    and rounded last.
    """
    C, S1, C_L, eta, lam = (Fraction(value) for value in (largest, bounded, cut, rate, slack))
    shrink = 1 - 2 * updates * eta**2 * C**4
    if shrink <= 0:
        raise ValueError("the step is too long")
    r2 = (lam + Fraction(start_squared) + updates * (eta * n + 2 * eta**2 * S1**2)) / shrink
    r, root = square_root(r2)[1], square_root(eta)[1]
    k = 2 * root * C_L * (r + eta * (C**2 * r + S1)) + eta * (
        2 * S1 * r + n + 2 * C**2 * r2 + 2 * eta * (C**4 * r2 + S1**2)
    )
    exponent = lam**2 / (2 * updates * (k if printed else k * k))
    return float(r), float(k), updates * (escape + math.exp(-float(exponent)))


def sharp_confinement(
    spectral: Number,
    bounded: Number,
    cut: Number,
    variance: Number,
    rate: Number,
    updates: int,
    slack: Number,
    start_squared: Number,
    escape: float,
) -> tuple[float, float, float]:
    """Return the radius, the range and the bound of the version without truncation condition and union bound.

    ``spectral`` is at least the largest eigenvalue of the mean of ``x x^T``, ``rate <= 2 / spectral``, ``xi_2`` is
    symmetric with ``E|xi_2|^2 = variance``. A step's noise has length at most ``b``; the square of the distance moves
    in an interval of length at most the range, so Hoeffding's lemma and the stopped process give the bound.
    """
    eta, S1, C_L, lam = (Fraction(value) for value in (rate, bounded, cut, slack))
    if eta * Fraction(spectral) > 2:
        raise ValueError("the step is too long")
    b = eta * S1 + square_root(eta)[1] * C_L
    r2 = lam + Fraction(start_squared) + updates * (eta * min(C_L**2, Fraction(variance)) + eta**2 * S1**2)
    r = square_root(r2)[1]
    reach = 4 * r * b if r >= b else (r + b) ** 2
    outside = -math.expm1(updates * math.log1p(-escape)) if escape < 1 else float(updates > 0)
    inside = math.exp(-float(2 * lam**2 / (updates * reach**2))) if updates and reach else 0.0
    return float(r), float(reach), outside + inside


def gaussian_escape(cut: Number, variance: float) -> float:
    """Return ``4 exp(-C_L^2 / (8 E|xi|^2))``, a bound on ``P(|xi| > C_L)`` for a centred Gaussian vector."""
    return 4 * math.exp(-(float(cut) ** 2) / (8 * variance))
