"""The commands on predictions made elsewhere: compare, and bring."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sgcore.cli.console import (
    AsJson,
    StorePath,
    errors,
    output,
    print_json,
    progress,
    reported,
    table,
)
from sgcore.domain import ScoreKind

if TYPE_CHECKING:
    import pandas as pd

    from sgcore.workflow import PredictionComparison
    from sgcore.workflow.unit_comparison import UnitComparison


Table = Annotated[Path, typer.Argument(metavar="PREDICTIONS.csv", help="One row a case, one column a model.")]
Label = Annotated[str, typer.Option(metavar="COLUMN", help="The column of the label.")]
Scores = Annotated[
    str,
    typer.Option(
        metavar="A,B,...", help="Columns of the models; a name with a comma in quotes: '\"a,b\",c'."
    ),
]
Positive = Annotated[
    str | None,
    typer.Option(metavar="VALUE", help="The positive value of the label, where it is not 0 and 1."),
]
Group = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN", help="The column of the patient; intervals are then clustered by patient."
    ),
]
Center = Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of the center.")]
KindOf = Annotated[
    ScoreKind,
    typer.Option(help="probability refuses scores outside 0 to 1; score takes margins and logits as well."),
]


def register(app: typer.Typer) -> None:
    app.command()(compare)
    app.command()(bring)


def compare(
    predictions: Table,
    label: Label,
    scores: Scores,
    positive: Positive = None,
    group: Group = None,
    center: Center = None,
    kind: KindOf = "score",
    as_json: AsJson = False,
) -> None:
    """AUCs with intervals, paired differences and centers of models made elsewhere.

    Exit 1 with every problem where the table cannot be used.
    """
    from sgcore import workflow
    from sgcore.cohort import Roles

    roles = Roles(label, _names(scores), positive, group, center, kind=kind)
    with _refused(as_json):
        result = workflow.compare_prediction_file(predictions, roles)
    if as_json:
        print_json(result.as_dict())
    else:
        _print(result)


def bring(
    predictions: Table,
    study: Annotated[
        Path, typer.Option(metavar="STUDY.toml", help="The study beside whose families the models stand.")
    ],
    label: Label,
    scores: Scores,
    positive: Positive = None,
    group: Group = None,
    center: Center = None,
    image: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN", help="The column of the study's image identifiers, which finds each case."
        ),
    ] = None,
    other_patients: Annotated[
        bool,
        typer.Option(
            "--other-patients",
            help="Declare that no patient of the table is in the study: models and families are then compared as "
            "independent groups. Names alone cannot tell.",
        ),
    ] = False,
    kind: KindOf = "score",
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Store models made elsewhere beside a study, for the families page; prints how its cases were found.

    Exit 1 with every problem where the table cannot be used.
    """
    from sgcore import workflow
    from sgcore.cohort import Roles

    roles = Roles(label, _names(scores), positive, group, center, image, kind, other_patients)
    with _refused(as_json), workflow.open_store(store) as opened:
        with progress() as on_progress:
            loaded = workflow.import_study(study, opened, on_progress=on_progress)
        made = workflow.import_predictions(predictions, opened, loaded, roles)
    found = made.as_dict()
    if as_json:
        print_json(found)
        return
    for problem in made.warnings:
        errors.print(f"note: {problem}")
    output.print(
        f"{found['file']}: {len(found['models'])} models {'stored' if found['new'] else 'were stored before'}; "
        f"{found['n_matched']} of {found['n_rows']} cases found in {loaded.name}"
        + (f" by {found['by']}." if found["by"] else f": {found['reason']}.")
    )


def _names(scores: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in next(csv.reader([scores], skipinitialspace=True), []))


@contextmanager
def _refused(as_json: bool) -> Iterator[None]:
    """The problems of a refused table, one a line; as one object with ``--json``, as of every refused input."""
    from sgcore.cohort import PredictionsError

    with reported(as_json):
        try:
            yield
        except PredictionsError as error:
            if as_json:
                raise
            for problem in error.problems:
                output.print(str(problem))
            shown = f" (the first {len(error.problems)} are shown)" * (error.total > len(error.problems))
            output.print(f"{error.total} problem(s){shown}.")
            raise typer.Exit(error.exit_code) from error


def _print(result: PredictionComparison) -> None:
    for problem in result.warnings:
        errors.print(f"note: {problem}")
    by_case, by_patient = result.by_case, result.by_patient
    output.print(
        f"{result.file}: {by_case.n} cases of {by_case.n_patients} patients, {by_case.n_pos} positive "
        f"({result.roles.label} = {result.roles.positive}); 95% intervals.",
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
            z=unit.pairs["z"].map(lambda z: "" if isnan(z) else f"{z:.2f}"),
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
    rows = (tuple(map(_visible, row)) for row in frame[list(heads)].itertuples(index=False))
    output.print(table(tuple(heads.values()), rows))


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
