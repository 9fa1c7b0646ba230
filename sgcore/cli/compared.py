"""Models made elsewhere, compared, as tables on a terminal."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from sgcore.cli.console import errors, output, print_table

if TYPE_CHECKING:
    import pandas as pd

    from sgcore.workflow import PredictionComparison
    from sgcore.workflow.unit_comparison import UnitComparison


def print_comparison(result: PredictionComparison) -> None:
    """By case and by patient: models, pairs and centers, calibration of probabilities, and chance."""
    from sgcore import workflow

    for problem in result.warnings:
        errors.print(f"note: {problem}")
    by_case, by_patient = result.by_case, result.by_patient
    output.print(
        f"{result.file}: {by_case.n} cases of {by_case.n_patients} patients, {by_case.n_pos} positive "
        f"({result.roles.label} = {result.roles.positive}); 95% intervals.",
        markup=False,
    )
    _print_unit(by_case)
    if by_patient is not None and by_patient.reason:
        output.print(f"\nNot by patient: {by_patient.reason}.")
    elif by_patient is not None and by_patient.n < by_case.n:
        output.print(f"\nBy patient (mean score): {by_patient.n} patients, {by_patient.n_pos} positive.")
        _print_unit(by_patient)
    if result.roles.kind == "probability":
        measures = result.calibration.assign(value=_intervals(result.calibration, "estimate"))
        heads = {"model": "model", "measure": "calibration", "value": "estimate (interval)"}
        _print_frame(measures, heads | {"method": "method"})
    output.print(
        f"\n{_visible(workflow.chance_in_words(result.chance, 'case' if by_patient is None else 'patient'))}",
        markup=False,
    )


def _print_unit(unit: UnitComparison) -> None:
    """Models, their AUC within centers, pairs and centers: the tables that there are."""
    models = unit.models.assign(value=_intervals(unit.models, "auc"))
    _print_frame(
        models,
        {
            "model": "model",
            "n": "n",
            "n_pos": "positive",
            "n_missing": "not scored",
            "value": "AUC (interval)",
            "method": "method",
        },
    )
    if "within_center_auc" in models:
        within = models.assign(
            value=_intervals(models, "within_center_auc", "within_center_", "within_center_reason")
        )
        _print_frame(within, {"model": "model", "value": "AUC of pairs within centers (interval)"})
    if len(unit.pairs):
        pairs = unit.pairs.assign(
            value=_intervals(unit.pairs, "delta"),
            z=unit.pairs["z"].map(lambda z: "" if isnan(z) else f"{z:.2f}"),
            p=unit.pairs["p"].map(_p_value),
            p_adjusted=unit.pairs["p_adjusted"].map(_p_value),
        )
        _print_frame(
            pairs,
            {
                "a": "a",
                "b": "b",
                "n": "n",
                "n_left_out": "left out",
                "value": "AUC(a) - AUC(b) (interval)",
                "z": "z",
                "p": "p",
                "p_adjusted": "p (Holm)",
            },
        )
    if len(unit.by_center):
        centers = unit.by_center.assign(value=_intervals(unit.by_center, "auc"))
        heads = {"center": "center", "model": "model", "n": "n", "n_pos": "positive"}
        _print_frame(centers, heads | {"value": "AUC (interval)"})


def _print_frame(frame: pd.DataFrame, heads: dict[str, str]) -> None:
    rows = (tuple(map(_visible, row)) for row in frame[list(heads)].itertuples(index=False))
    print_table(tuple(heads.values()), rows)


def _visible(cell: object) -> str:
    """Text of a cell without what a terminal would act on, such as a name that sets its color."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in str(cell))


def _intervals(frame: pd.DataFrame, estimate: str, prefix: str = "ci_", reason: str = "reason") -> list[str]:
    """Each row's estimate with its interval, or the reason why there is none."""
    limits = [f"{prefix}low", f"{prefix}high"]
    texts = []
    for value, low, high, why in frame[[estimate, *limits, reason]].itertuples(index=False):
        span = why if isnan(low) else f"{low:.3f} to {high:.3f}"
        texts.append(why if isnan(value) else f"{value:.3f} ({span})")
    return texts


def _p_value(value: float) -> str:
    if isnan(value):
        return ""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
