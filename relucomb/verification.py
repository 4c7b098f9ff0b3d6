"""A second look at a result: the loss in exact rationals, and on tiny inputs the optimum by another method."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from relucomb.erm_result import ERMResult, Verification

if TYPE_CHECKING:
    from fractions import Fraction

LOSS_ERROR = 1e-8
"""Relative to the loss plus the mean loss of the zero network, what rounding in floats may do to a loss."""


def verify(result: ERMResult, program_limit: int) -> Verification:
    """Recompute the loss of ``result.network`` exactly and re-derive the optimum where that is feasible.

    Parameters
    ----------
    result
        As :func:`relucomb.erm` returns it.
    program_limit
        Largest number of convex programmes to solve with the reference method.
    """
    if result.network is None:
        return Verification(True, None, None, None, "there is no network to verify")
    exact = _exact_loss(result)
    loss = result.data.loss
    size = loss.mean([0.0] * len(result.data.y), result.data.y)
    error = None if exact is None else abs(float(exact) - result.loss) / max(abs(result.loss), 1e-300)
    passed = result.lower_bound <= result.loss
    if exact is not None:
        passed = passed and abs(float(exact) - result.loss) <= LOSS_ERROR * (result.loss + size)
    remarks = [] if exact is not None else [f"the {loss.name} loss has no rational values"]
    reference = None
    if result.method != "enumerate":
        reference, remark = _reference_optimum(result, program_limit)
        if remark:
            remarks.append(remark)
        if reference is not None:
            slack = 1e-6 * (reference + size)  # what the reference's convex solver promises
            passed = passed and result.lower_bound <= reference + slack
            if result.status.name == "optimal":
                passed = passed and result.loss - max(0.0, result.loss - result.lower_bound) <= reference + slack
    return Verification(passed, exact, error, reference, "; ".join(remarks))


def _exact_loss(result: ERMResult) -> Fraction | None:
    assert result.network is not None
    if not result.data.loss.is_rational:
        return None
    predictions = result.network.exact().evaluate_exact(result.data.X)
    exact: Fraction = result.data.loss.exact_mean(predictions, result.data.y)
    return exact


def _reference_optimum(result: ERMResult, program_limit: int) -> tuple[float | None, str]:
    from relucomb.algorithm_one import count_programs, solve_by_enumeration

    data = result.data
    D, n = data.X.shape
    if math.comb(min(2 ** min(D, 40), 2 * D ** (n + 1)), result.width) > 10**15:
        return None, "the input is too large to enumerate"
    programs = count_programs(data.X, result.width, hidden_bias=data.hidden_bias)
    if programs > program_limit:
        return None, f"not enumerated: {programs:,} convex programmes, more than {program_limit:,}"
    outcome = solve_by_enumeration(
        data.X,
        data.y,
        result.width,
        loss=data.loss,
        hidden_bias=data.hidden_bias,
        output_bias=data.output_bias,
        program_limit=program_limit,
    )
    return outcome.loss, ""
