"""The commands on predictions made elsewhere: compare, and bring."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from sgcore.cli.compared import print_comparison
from sgcore.cli.console import (
    AsJson,
    StorePath,
    errors,
    output,
    print_json,
    progress,
    reported,
)
from sgcore.domain import ScoreKind

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
    """AUCs with intervals, paired differences, centers and chance of models made elsewhere.

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
        print_comparison(result)


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
