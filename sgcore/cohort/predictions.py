"""Scores that were made elsewhere: "bring your own model"."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

import pandas as pd

from sgcore.cohort.brought_tables import known_rows
from sgcore.cohort.columns import MISSING, numbers
from sgcore.cohort.ledger import Ledger, few
from sgcore.cohort.prediction_file import PredictionFile
from sgcore.cohort.prediction_roles import Roles
from sgcore.cohort.text_table import TextTable, each
from sgcore.domain import Study

REQUIRED = ("image_id", "model", "score")


def check_predictions(
    table: TextTable, cases: pd.DataFrame, left_out: AbstractSet[str], kind: str, ledger: Ledger
) -> pd.DataFrame:
    """Scores as ``image_id, model, score``, every row of a known image.

    ``cases`` has one row an image: ``image_id, subset, label``. Cases that a model did not score are
    warned of, never dropped or filled.
    """
    rows = known_rows(table, set(cases["image_id"]), left_out, ledger, unique=False)
    if kind == "probability":
        scores = numbers(table, "score", ledger, low=0, high=1, what="a probability from 0 to 1")
    else:
        scores = numbers(table, "score", ledger)
    frame = pd.DataFrame(
        {
            "image_id": table.cells.loc[rows, "image_id"],
            "model": table.cells.loc[rows, "model"],
            "score": scores.loc[rows],
        }
    )
    for column in ("model", "score"):
        text = table.cells.loc[rows, column]
        empty = text.eq("") if column == "model" else text.str.lower().isin(MISSING)
        for row, value in each(text[empty]):
            rule = f"the {column} is empty"
            ledger.error(table.file, rule, "Fill it in", row=row, column=column, value=value)
    for row in frame.index[frame.duplicated(["image_id", "model"])]:
        ledger.error(
            table.file,
            f"model {frame.at[row, 'model']!r} scored the image twice",
            "Keep one row",
            row=int(row),
            column="image_id",
            value=str(frame.at[row, "image_id"]),
        )
    _labels_agree(table, rows, cases, ledger)
    for model, group in frame.groupby("model"):
        _look_at(table.file, str(model), group, cases, ledger)
    return frame.reset_index(drop=True)


def study_predictions(study: Study) -> PredictionFile | None:
    """The predictions table of a study in the form of a file: one row an image, one column a model."""
    brought = study.predictions
    if brought is None or brought.empty:
        return None
    models = list(dict.fromkeys(brought["model"]))
    wide = brought.pivot(index="image_id", columns="model", values="score")[models]
    cases = study.cases()
    cases = cases[cases["image_id"].isin(wide.index)].reset_index(drop=True)
    scores = wide.loc[cases["image_id"]].reset_index(drop=True).rename_axis(columns=None).astype("float64")
    roles = Roles("label", tuple(models), study.positive, "patient_id", "center", "image_id")
    return PredictionFile(
        "the study's predictions table", replace(roles, kind=study.predictions_kind or "score"), cases["y"],
        scores, cases["patient_id"], cases["center"], cases["image_id"], study.negative, (), 0, study.fingerprint,
    )  # fmt: skip


def _labels_agree(table: TextTable, rows: pd.Index, cases: pd.DataFrame, ledger: Ledger) -> None:
    if "label" not in table:
        return
    labels = cases.set_index("image_id")["label"]
    given = table.cells.loc[rows, "label"]
    expected = table.cells.loc[rows, "image_id"].map(labels)
    for row in given.index[(given != "") & (given != expected)]:
        ledger.error(
            table.file,
            f"the label disagrees with the patients table ({expected[row]!r})",
            "Correct one of the tables",
            row=int(row),
            column="label",
            value=given[row],
        )


def _look_at(file: str, model: str, group: pd.DataFrame, cases: pd.DataFrame, ledger: Ledger) -> None:
    scored = cases["image_id"].isin(group["image_id"])
    for subset, members in cases.groupby("subset"):
        absent = members.loc[~scored[members.index], "image_id"]
        called = "training" if subset == "train" else subset
        if len(absent) and (len(absent) < len(members) or subset != "train"):
            ledger.warning(
                file,
                f"the model did not score {len(absent)} of {len(members)} {called} images ({few(absent)})",
                "Score them, or say why they are missing; they are shown as missing",
                column="model",
                value=model,
            )
    trained = int((scored & (cases["subset"] == "train")).sum())
    if trained:
        ledger.warning(
            file,
            f"{trained} scores are of training images",
            "They say nothing about new patients and are kept apart",
            column="model",
            value=model,
        )
    if len(group) > 1 and group["score"].nunique() == 1:
        ledger.warning(
            file,
            "all scores are equal",
            "Check the export: this model tells nothing apart",
            column="model",
            value=model,
        )
