"""The command on predictions made elsewhere: compare."""

from __future__ import annotations

import csv
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sgcore.cli.console import AsJson, errors, output, print_json, reported, table

if TYPE_CHECKING:
    import pandas as pd

    from sgcore.cohort import PredictionsError
    from sgcore.workflow import PredictionComparison
    from sgcore.workflow.unit_comparison import UnitComparison


def register(app: typer.Typer) -> None:
    app.command()(compare)


def compare(
    predictions: Annotated[
        Path, typer.Argument(metavar="PREDICTIONS.csv", help="One row a case, one column a model.")
    ],
    label: Annotated[str, typer.Option(metavar="COLUMN", help="The column of the label.")],
    scores: Annotated[
        str,
        typer.Option(
            metavar="A,B,...", help="Columns of the models; a name with a comma in quotes: '\"a,b\",c'."
        ),
    ],
    positive: Annotated[
        str | None,
        typer.Option(metavar="VALUE", help="The positive value of the label, where it is not 0 and 1."),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN", help="The column of the patient; everything is then clustered by patient."
        ),
    ] = None,
    center: Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of the center.")] = None,
    kind: Annotated[
        Literal["probability", "score"],
        typer.Option(
            help="probability refuses scores outside 0 to 1; score takes margins and logits as well."
        ),
    ] = "score",
    as_json: AsJson = False,
) -> None:
    """AUCs with intervals, paired differences and centers of models made elsewhere.

    Exit 1 with every problem where the table cannot be used.
    """
    from sgcore import workflow
    from sgcore.cohort import PredictionsError

    names = [name.strip() for name in next(csv.reader([scores], skipinitialspace=True), [])]
    with reported(as_json):
        try:
            result = workflow.compare_prediction_file(
                predictions,
                label=label,
                scores=names,
                positive=positive,
                group=group,
                center=center,
                kind=kind,
            )
        except PredictionsError as error:
            if as_json:
                raise  # one object, as of every refused input
            _print_problems(error)
            raise typer.Exit(error.exit_code) from error
    if as_json:
        print_json(result.as_dict())
    else:
        _print(result)


def _print_problems(error: PredictionsError) -> None:
    for problem in error.problems:
        output.print(str(problem))
    shown = f" (the first {len(error.problems)} are shown)" * (error.total > len(error.problems))
    output.print(f"{error.total} problem(s){shown}.")


def _print(result: PredictionComparison) -> None:
    for problem in result.warnings:
        errors.print(f"note: {problem}")
    by_case, by_patient = result.by_case, result.by_patient
    output.print(
        f"{result.file}: {by_case.n} cases of {by_case.n_patients} patients, {by_case.n_pos} positive "
        f"({result.label} = {result.positive}); {result.level:.0%} intervals.",
        markup=False,
    )
    _print_unit(by_case)
    if by_patient is None:
        return
    if by_patient.reason:
        output.print(f"\nNot by patient: {by_patient.reason}.")
    elif by_patient.n < by_case.n:
        output.print(f"\nBy patient (mean score): {by_patient.n} patients, {by_patient.n_pos} positive.")
        _print_unit(by_patient)


def _print_unit(unit: UnitComparison) -> None:
    """Models, their AUC within centers, pairs and centers: the tables that there are."""
    models = unit.models.assign(value=_intervals(unit.models, "auc"))
    _print_table(
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
        _print_table(within, {"model": "model", "value": "AUC of pairs within centers (interval)"})
    if len(unit.pairs):
        pairs = unit.pairs.assign(
            value=_intervals(unit.pairs, "delta"),
            z=unit.pairs["z"].map("{:.2f}".format, na_action="ignore").fillna(""),
            p=unit.pairs["p"].map(_p_value),
            p_adjusted=unit.pairs["p_adjusted"].map(_p_value),
        )
        _print_table(
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
        _print_table(centers, heads | {"value": "AUC (interval)"})


def _print_table(frame: pd.DataFrame, heads: dict[str, str]) -> None:
    rows = (tuple(map(str, row)) for row in frame[list(heads)].itertuples(index=False))
    output.print(table(tuple(heads.values()), rows))


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
