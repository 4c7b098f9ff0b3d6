"""The result of ``relucomb erm`` as text for people and as one JSON object for programs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

import relucomb
from relucomb.commandline.formula import formula
from relucomb.progress import format_count, format_duration, format_gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relucomb.commandline.arguments import Widths
    from relucomb.erm_result import ERMResult, Verification
    from relucomb.reading import Table

_CURVE = "{:>5}{:>15}{:>15}{:>9}{:>9}{:>9}  {}"


def result_text(results: Sequence[ERMResult], table: Table, verified: Sequence[Verification]) -> str:
    """Return what a person wants to know: the data, status, loss and bound, and the network as a formula."""
    blocks = [data_text(table)]
    if len(results) == 1:
        blocks.append(results[0].summary())
    else:
        blocks.append(_curve(results))
    blocks += [_network_text(results, table)]
    blocks += [str(check) for check in verified]
    return "\n\n".join(blocks)


def result_document(
    results: Sequence[ERMResult], table: Table, asked: Widths, verified: Sequence[Verification]
) -> dict[str, Any]:
    """Return the JSON object: of one result, or with the list ``curve`` of a range of widths."""
    head = data_document(table)
    entries = [result.to_dict() for result in results]
    for entry in entries:
        del entry["schema_version"]  # it stands once, at the head of the object
    for entry, check in zip(entries, verified, strict=False):
        entry["verification"] = check.to_dict()
    if not asked.is_range:
        return {**head, **entries[0]}
    complete = results[-1].width == asked.highest
    ranking = ("unknown", "feasible", "optimal")
    worst = min((result.status.name for result in results), key=ranking.index)
    return {
        **head,
        "status": worst if complete or worst != "optimal" else "feasible",
        "width": str(asked),
        "seconds": math.fsum(result.seconds for result in results),
        "curve": entries,
    }


def describe(count: int, noun: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> describe(1, "row"), describe(2, "row")
    ('1 row', '2 rows')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def data_document(table: Table) -> dict[str, Any]:
    """Return what a JSON object says of the program and the data."""
    return {
        "version": relucomb.__version__,
        "data": {
            "source": table.source,
            "rows": len(table.y),
            "features": list(table.feature_names),
            "target": table.target_name,
        },
    }


def data_text(table: Table) -> str:
    """Return the line that tells what was read."""
    features = ", ".join(table.feature_names)
    return f"{table.source}: {describe(len(table.y), 'row')}, {table.target_name} from {features}"


def _curve(results: Sequence[ERMResult]) -> str:
    lines = [_CURVE.format("width", "loss", "bound", "gap", "nodes", "time", "status")]
    for result in results:
        columns = (result.width, _loss(result.loss), _loss(result.lower_bound), format_gap(result.gap))
        effort = (format_count(result.nodes), format_duration(result.seconds))
        lines.append(_CURVE.format(*columns, *effort, result.status.name))
    return "\n".join(lines)


def _network_text(results: Sequence[ERMResult], table: Table) -> str:
    best = next((result for result in reversed(results) if result.network is not None), None)
    if best is None or best.network is None:
        return "no network to show"
    head = "" if len(results) == 1 else f"width {best.width}:\n"
    return head + formula(best.network, table.feature_names, np.abs(table.X).max(axis=0))


def _loss(loss: float) -> str:
    return f"{loss:.8g}" if math.isfinite(loss) else "-"
