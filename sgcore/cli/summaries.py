"""An analysis on the terminal: selection, held-out AUCs, decision and findings; or one JSON object."""

from __future__ import annotations

from typing import Any

from sgcore.cli.console import errors, output, print_json, print_table
from sgcore.cli.decisions import print_decision


def show(summaries: list[dict[str, Any]], as_json: bool) -> None:
    first, *others = summaries
    if as_json:
        # One object on standard output: the first recipe's, with the other's beside it.
        print_json({**first, "other_recipes": others} if others else first)
        return
    for summary in summaries:
        _print_summary(summary)


def _print_summary(summary: dict[str, Any]) -> None:
    output.print(f"\n{summary['study']}: {summary['recipe']} recipe, analysis {summary['analysis']}")
    for row in summary["selection"]:
        pruned = "" if row["correlation"] is None else f"{row['correlation']} after correlation, "
        output.print(
            f"{row['family']}: {row['features']} features, {row['univariate']} after the univariate tests, "
            f"{pruned}{len(row['selected'])} selected"
        )
    columns = ("family", "picked", "subset", "patients", "images", f"AUC (95% CI), by {summary['unit']}")
    # A model is judged by its training folds, never by the scores of those it was fitted on.
    held_out = [row for row in summary["models"] if row["subset"] != "train"]
    folds = [{**row, "subset": "training folds"} for row in summary["training_folds"]]
    print_table(columns, map(_cells, filter(_is_headline, [*folds, *held_out])))
    print_decision(summary["decision"], summary["unit"])
    for row in summary["unavailable"]:
        output.print(f"{row['family']}: {row['reason']}")
    _print_reproduced(summary["reproduced"])
    for note in summary["notes"]:
        errors.print(f"note: {note}")
    print_findings(summary["findings"])


def _print_reproduced(found: dict[str, Any] | None) -> None:
    if found is None:
        return
    others = found["only_here"] + found["only_there"]
    largest = found["largest_difference"]
    output.print(
        f"Predictions that came with the study: {found['predictions']} computed again, "
        + ("some have no score on one side" if largest is None else f"the largest difference is {largest:g}")
        + (f"; {others} stand on one side alone." if others else ".")
    )


def _is_headline(row: dict[str, Any]) -> bool:
    return row["picked"] and row["center"] is None


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    value = row["reason"]
    if row["auc"] is not None:
        value = f"{row['auc']:.3f} ({row['ci_low']:.3f} to {row['ci_high']:.3f})"
    counts = (str(row["n_patients"]), str(row["n_images"]))
    return (row["family"], row["classifier"], row["subset"], *counts, value)


def print_findings(findings: list[dict[str, Any]]) -> None:
    for finding in findings:
        output.print(f"{finding['code']} {finding['status']} ({finding['severity']}): {finding['message']}")
