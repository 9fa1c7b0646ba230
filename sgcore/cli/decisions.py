"""What acting by the picked models is worth, after the other results of an analysis on a terminal."""

from __future__ import annotations

from math import floor, log10
from typing import Any

from sgcore.cli.console import output, print_table


def print_decision(found: dict[str, Any] | None, unit: str) -> None:
    """Net benefit at one risk, against acting on all, and the shift of the probabilities; else nothing.

    ``found`` is ``decision``, None where the study names none, of :func:`sgcore.workflow.summary`.
    """
    if found is None or not found["models"]:
        return
    risk = _percent(found["risk"])
    output.print(f"{found['treat']} from a risk of {risk} on ({found['prevalence_source']}), by {unit}:")
    columns = (
        "family",
        "subset",
        "patients",
        "net benefit (95% CI)",
        "on all",
        "positive: fitted on, here",
    )
    print_table(columns, (_cells(row, found["risk"]) for row in found["models"]))
    for row in found["models"]:
        if row["reason"]:
            output.print(f"{row['family']}, {row['subset']}: {row['reason']}")


def _cells(row: dict[str, Any], risk: float) -> tuple[str, ...]:
    at = min(row["net_benefit"], key=lambda rates: abs(rates["threshold"] - risk))
    fitted, here = row["train_prevalence"], row["prevalence"]
    value = every = moved = "–"
    if at["net_benefit"] is not None:
        digits = max(3, 1 - floor(log10(here)))
        value, every = f"{at['net_benefit']:.{digits}f}", f"{at['treat_all']:.{digits}f}"
        if at["low"] is not None:
            value += f" ({at['low']:.{digits}f} to {at['high']:.{digits}f})"
        moved = f"not known, {_percent(here)}"
        if fitted is not None:
            moved = f"{_percent(fitted)}, {_percent(here)} (logits {row['shift']:+.2f})"
    return (row["family"], row["subset"], str(row["n_patients"]), value, every, moved)


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"
