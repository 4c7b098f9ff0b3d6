"""A run beside the certified best gate: for people, and as part of a JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relucomb.erm_result import relative_gap

if TYPE_CHECKING:
    from relucomb.training.best_gate import BestGate


def best_gate_text(best: BestGate, loss: float) -> str:
    """Return what is known of the best gate, and how far a loss is above it."""
    lines = [f"best gate   {best.status.name}: {best.status.value.replace('network', 'gate')}"]
    if best.status != "optimal":
        lines.append(f"search      {best.termination.name}: {best.termination.value}")
    lines.append(f"its loss    {best.loss:.9g}, no gate has less than {best.lower_bound:.9g}")
    lines.append(f"this run    {loss:.9g}, {_above(loss, best.loss)} above the best gate")
    if best.status != "optimal":
        lines[-1] += f", at most {_above(loss, best.lower_bound)} above the optimum"
    return "\n".join(lines)


def best_gate_document(best: BestGate | None, loss: float) -> dict[str, Any]:
    """Return status, loss, bound and gap of a run: it is optimal if it is as near the bound as proofs are."""
    from relucomb.training.best_gate import TOLERANCE

    gap = None if best is None else relative_gap(loss, best.lower_bound)
    return {
        "status": "optimal" if gap is not None and gap <= TOLERANCE else "feasible",
        "loss": loss,
        "lower_bound": None if best is None else best.lower_bound,
        "gap": gap,
        "best_gate": None if best is None else best.to_dict(),
    }


def _above(loss: float, other: float) -> str:
    """Return by how much a loss is above another, and by what share."""
    above = max(0.0, loss - other)
    return f"{above:.6g}" + (f" ({100 * above / other:.3g} %)" if other > 0.01 * above else "")
