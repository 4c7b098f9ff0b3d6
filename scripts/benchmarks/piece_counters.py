"""Rival counters of activation regions, run by whatever interpreter has them; this file imports nothing of relucomb.

    python piece_counters.py < request.json

The request has the keys ``rival`` (a name in ``COUNTERS``), ``networks`` (lists of ``[weights, biases]``), ``box``
(half the side of the cube to which rivals that need one are restricted) and ``repeats``. One line of JSON is written
for each network: ``{"count", "seconds", "cpu"}`` with medians, or ``{"error"}``; or one line ``{"missing"}`` in all.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    del sys.path[0]  # the names of the files here must not hide packages of rivals

import itertools
import json
import math
import os
import resource
import statistics
import time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Layers = list[tuple[Any, Any]]

START = (0.1234567, -0.2345678, 0.3456789, -0.4567891)
TOLERANCE = 1e-9
ENOUGH = 1.0
"""Seconds after which a network is not counted once more."""


# one linear programme for each new region: exact with cddlib on GMP rationals, or HiGHS in floats


def count_by_programmes(layers: Layers, inside: Callable[[list[Any]], Any], tolerance: float) -> int:
    """Count the regions: follow each unit into both of its sides, as far as they have an interior.

    ``inside`` returns a point where all of some affine forms ``(*coefficients, constant)`` are positive, or None. A
    point inside a region tells for free on which side of the next hyperplane the region certainly has a part.
    """
    inputs = layers[0][0].shape[1]
    hidden = layers[:-1]
    identity = np.array([[int(r == c) for c in range(inputs + 1)] for r in range(inputs)], dtype=layers[0][0].dtype)
    origin = [Fraction(0) if tolerance == 0 else 0.0] * inputs
    stack = [(0, 0, None, identity, origin, [])]
    total = 0
    while stack:
        layer, unit, forms, active, point, known = stack.pop()
        if layer == len(hidden):
            total += 1
            continue
        weights, biases = hidden[layer]
        if unit == 0:
            forms = weights @ active
            forms[:, -1] += biases
            active = np.zeros_like(forms)
        form = forms[unit]
        after = (layer + 1, 0) if unit + 1 == len(forms) else (layer, unit + 1)
        positive = active.copy()
        positive[unit] = form
        if max(abs(form[:-1]), default=0) <= tolerance:
            stack.append((*after, forms, positive if form[-1] > 0 else active, point, known))
            continue
        value = sum(c * x for c, x in zip(form[:-1], point, strict=True)) + form[-1]
        for side, kept in ((1, positive), (-1, active)):
            there = [*known, side * form]
            inner = point if side * value > tolerance else inside(there)
            if inner is not None:
                stack.append((*after, forms, kept, inner, there))
    return total


def by_cddlib(layers: Layers, box: float) -> int:
    """Count exactly: layers scaled to integers, rational programmes."""
    import cdd
    import cdd.gmp

    def inside(forms: list[Any]) -> Any:
        rows = [[form[-1], *form[:-1], -1] for form in forms] + [[1, *[0] * (len(forms[0]) - 1), -1]]
        target = [0] * len(forms[0]) + [1]
        matrix = cdd.gmp.matrix_from_array(
            rows, rep_type=cdd.RepType.INEQUALITY, obj_type=cdd.LPObjType.MAX, obj_func=target
        )
        programme = cdd.gmp.linprog_from_matrix(matrix)
        cdd.gmp.linprog_solve(programme)
        return programme.primal_solution[:-1] if programme.obj_value > 0 else None

    return count_by_programmes(_integers(layers), inside, 0)


def _integers(layers: Layers) -> Layers:
    """Multiply every layer by what makes it integer, and the biases of later ones by that too: the signs stay."""
    scaled, before = [], 1
    for weights, biases in layers:
        entries = [Fraction(float(entry)) for entry in [*weights.ravel(), *biases]]
        size = math.lcm(*(entry.denominator for entry in entries))
        whole = [int(entry * size) for entry in entries]
        count = weights.size
        matrix = np.array(whole[:count], dtype=object).reshape(weights.shape)
        scaled.append((matrix, np.array([entry * before for entry in whole[count:]], dtype=object)))
        before *= size
    return scaled


def by_highs(layers: Layers, box: float) -> int:
    """Count with the floating-point programmes of scipy."""
    from scipy.optimize import linprog

    def inside(forms: list[Any]) -> Any:
        rows = np.array(forms)
        rows /= np.linalg.norm(rows[:, :-1], axis=1, keepdims=True)
        free = [(None, None)] * (rows.shape[1] - 1)
        left = np.column_stack([-rows[:, :-1], np.ones(len(rows))])
        target = [0.0] * len(free) + [-1.0]
        found = linprog(target, A_ub=left, b_ub=rows[:, -1], bounds=[*free, (None, 1.0)], method="highs")
        return found.x[:-1] if found.x is not None and found.x[-1] > TOLERANCE else None

    return count_by_programmes(layers, inside, TOLERANCE)


# published tools


def by_relucent(layers: Layers, box: float) -> int:
    """Count with relucent's search through neighbours, as it comes."""
    import relucent

    found = relucent.Complex(layers)
    found.bfs(start=np.array(START[: layers[0][0].shape[1]]), verbose=0)
    if not found.complete:
        raise RuntimeError("relucent says that its search is not complete")
    return len(found)


def by_edge_subdivision(layers: Layers, box: float) -> tuple[int, float, float]:
    """Count the cells in the cube that the vertices of relu_edge_subdivision touch; time the subdivision only."""
    import torch
    from edge_subdivision import skeletal_subdivision
    from NN import Net

    widths = [layers[0][0].shape[1], *(len(biases) for _, biases in layers)]
    net = Net(widths)
    _fill(net.fcs, layers)
    net.ls = net.ls[:-1]  # it need not cut by the output
    with torch.no_grad():
        clocks = _clocks()
        _, _, signs = skeletal_subdivision(net, bbox=(-box, box), device=torch.device("cpu"), verbose=False)
        seconds, cpu = (now - then for now, then in zip(_clocks(), clocks, strict=True))
    return _cells_around(signs.numpy()[:, 2 * widths[0] :]), seconds, cpu


def by_canonicalpoly(layers: Layers, box: float) -> int:
    """Count the cells around the vertices that canonicalpoly2.0 finds."""
    import torch
    from polyhedra import cx

    widths = [layers[0][0].shape[1], *(len(biases) for _, biases in layers)]
    kinds = {3: cx.NeuralNetwork, 4: cx.DeepNeuralNetwork, 5: cx.DeeperNeuralNetwork}
    net = kinds[len(widths)](widths)
    _fill([getattr(net, f"linear_{k}") for k in range(len(layers))], layers)
    with torch.no_grad():
        _, _, signs = cx.get_full_complex(net, max_depth=len(layers) - 1, device="cpu")
    return _cells_around(signs.numpy()[:, : sum(widths[1:-1])].astype(np.int8))


def _fill(modules: Any, layers: Layers) -> None:
    import torch

    with torch.no_grad():
        for module, (weights, biases) in zip(modules, layers, strict=True):
            module.weight.copy_(torch.tensor(weights))
            module.bias.copy_(torch.tensor(biases))


def _cells_around(signs: Any) -> int:
    """Count the sign vectors without zeros that agree with one of some vertices where it has no zero."""
    found: set[bytes] = set()
    for row in signs:
        zeros = np.flatnonzero(row == 0)
        for sides in itertools.product((1, -1), repeat=len(zeros)):
            row[zeros] = sides
            found.add(row.tobytes())
    return len(found)


COUNTERS: dict[str, Callable[[Layers, float], int | tuple[int, float, float]]] = {
    "cddlib": by_cddlib,
    "HiGHS": by_highs,
    "relucent": by_relucent,
    "edge subdivision": by_edge_subdivision,
    "canonicalpoly": by_canonicalpoly,
}


def _clocks() -> tuple[float, float]:
    """Return wall seconds and CPU seconds of this process and of its children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in used)


def _answer(count: Any, layers: Layers, box: float, repeats: int) -> dict[str, Any]:
    times = []
    try:
        while len(times) < repeats and sum(seconds for seconds, _ in times) < ENOUGH:
            before = _clocks()
            found = count(layers, box)
            after = _clocks()
            number, *own = found if isinstance(found, tuple) else (found,)
            times.append(tuple(own) if own else (after[0] - before[0], after[1] - before[1]))
    except Exception as error:  # whatever a rival raises is its answer
        return {"error": f"{type(error).__name__}: {error}"}
    seconds, cpu = (statistics.median(column) for column in zip(*times, strict=True))
    return {"count": number, "seconds": seconds, "cpu": cpu}


def main() -> None:
    """Answer the request."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # rivals print
    request = json.load(sys.stdin)
    count = COUNTERS[request["rival"]]
    networks = [[(np.array(W, dtype=float), np.array(b, dtype=float)) for W, b in net] for net in request["networks"]]
    inputs = networks[0][0][0].shape[1]
    small = [(np.eye(inputs) + 0.125, np.linspace(0.25, 0.5, inputs)), (np.ones((1, inputs)), np.zeros(1))]
    try:
        count(small, request["box"])  # imports, and whatever else is done once
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), file=out, flush=True)
        return
    except Exception as error:
        print(f"on the network to warm up: {error!r}", file=sys.stderr)
    for layers in networks:
        print(json.dumps(_answer(count, layers, request["box"], request["repeats"])), file=out, flush=True)


if __name__ == "__main__":
    main()
