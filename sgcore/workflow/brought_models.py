"""Models made elsewhere: a table of predictions into the store, beside a study or by itself, and back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from os import PathLike
from typing import Any

import pandas as pd

from sgcore.cohort import (
    PredictionFile,
    PredictionMatch,
    PredictionsError,
    Roles,
    match_predictions,
    read_unrefused,
    study_predictions,
)
from sgcore.cohort.ledger import MAX_PROBLEMS
from sgcore.config import fingerprint
from sgcore.domain import Problem, Study
from sgcore.errors import UsageError
from sgcore.jobs import Cancel, OnProgress
from sgcore.store import Store
from sgcore.workflow.stage import Stage

#: Models of one file that are kept; every one more is looked at, and the best of many is luck as well.
MAX_MODELS = 100
#: Stands for the predictions table of a study among the files.
STUDY_TABLE = "study"


@dataclass(frozen=True)
class BroughtModels:
    """A table of predictions as it was imported.

    ``file_id`` names content, roles and study; ``study_id`` is None for a file that belongs to none.
    ``match`` says how the cases were found in the study, None without one; ``new`` whether this import
    stored it.
    """

    file_id: str
    study_id: str | None
    table: PredictionFile = field(compare=False, repr=False)
    match: PredictionMatch | None = field(compare=False, repr=False)
    new: bool = False

    @property
    def models(self) -> list[str]:
        return [str(name) for name in self.table.scores.columns]

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Of the table, and of what it says about the study."""
        return self.table.warnings + (() if self.match is None else self.match.warnings)

    def as_dict(self) -> dict[str, Any]:
        """What was stored, and how its cases were found in the study."""
        match = self.match
        return {
            "file_id": self.file_id,
            "study_id": self.study_id,
            "file": self.table.file,
            "new": self.new,
            "models": self.models,
            "n_rows": len(self.table.y),
            "n_matched": 0 if match is None else len(match.cases),
            "by": None if match is None else match.by,
            "reason": "" if match is None else match.reason,
            "other_patients": match is not None and match.other_patients,
            "warnings": [problem.as_dict() for problem in self.warnings],
        }


def import_predictions(
    path: str | PathLike[str],
    store: Store,
    study: Study | None,
    roles: Roles,
    *,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> BroughtModels:
    """Check a table of predictions, against a study where one is given, and store it.

    The same content in the same roles for the same study is stored once.

    Raises
    ------
    PredictionsError : the table is refused, with every problem; a label that disagrees with the study is
        one. UsageError : arguments that cannot work, or more than :data:`MAX_MODELS` models.
    """
    if len(roles.scores) > MAX_MODELS:
        raise UsageError(
            f"{len(roles.scores)} columns of scores are named; at most {MAX_MODELS} are kept. Choose fewer."
        )
    stage = Stage("predictions", 3, on_progress, cancel)
    stage.step("reading the file")
    table, errors = read_unrefused(path, roles)
    stage.step("finding its cases in the study")
    match = None if study is None else match_predictions(table, study)
    listed = [*errors, *(match.errors if match else ())]
    if listed:
        raise PredictionsError(listed[:MAX_PROBLEMS], len(errors) + (match.total if match else 0))
    settings = asdict(table.roles) | {
        "negative": table.negative,
        "digest": table.digest,
        "warnings": [asdict(problem) for problem in table.warnings],
        "n_warnings": table.n_warnings,
    }
    study_id = None if study is None else study.fingerprint
    file_id = fingerprint("predictions", table.digest, asdict(table.roles), study_id)
    stage.step("storing")
    new = store.predictions.add(
        file_id,
        study_id=study_id,
        name=table.file,
        settings=settings,
        cases=_cases(table),
        scores=table.scores,
    )
    stage.end()
    return BroughtModels(file_id, study_id, table, match, new)


def every_brought_file(store: Store) -> pd.DataFrame:
    """``file_id, study_id, name, models, cases, imported_at`` of all files, newest first."""
    return store.predictions.list()


def brought_files(store: Store, study_id: str | None = None) -> pd.DataFrame:
    """Those files that belong to a study; without a study those that belong to none."""
    files = every_brought_file(store)
    mine = files["study_id"].isna() if study_id is None else files["study_id"] == study_id
    return files[mine].reset_index(drop=True)


def load_brought(store: Store, file_id: str) -> BroughtModels:
    """A stored table and its match with the study. Raises ``StoreError`` for an unknown id."""
    record, cases, scores = store.predictions.load(file_id)
    settings: dict[str, Any] = record["settings"]
    roles = Roles.of(settings)
    named = {"patient_id": roles.group, "center": roles.center, "image_id": roles.image}
    known = {name: None if role is None else cases[name].rename(role) for name, role in named.items()}
    table = PredictionFile(
        file=record["name"],
        roles=roles,
        y=cases["y_true"].astype("float64"),
        scores=scores,
        groups=known["patient_id"],
        centers=known["center"],
        images=known["image_id"],
        negative=settings["negative"],
        warnings=tuple(Problem(**problem) for problem in settings["warnings"]),
        n_warnings=settings["n_warnings"],
        digest=settings["digest"],
    )
    study_id = record["study_id"]
    match = None if study_id is None else match_predictions(table, store.studies.load(study_id))
    return BroughtModels(file_id, study_id, table, match)


def study_models(study: Study) -> BroughtModels | None:
    """The models of a study's own predictions table, or None where it brings none."""
    table = study_predictions(study)
    if table is None:
        return None
    return BroughtModels(STUDY_TABLE, study.fingerprint, table, match_predictions(table, study))


def _cases(table: PredictionFile) -> pd.DataFrame:
    """What the store keeps of each case beside the scores."""
    columns = {"image_id": table.images, "patient_id": table.groups, "center": table.centers}
    frame = pd.DataFrame(index=table.y.index)
    for name, values in columns.items():
        frame[name] = None if values is None else values.astype(object)
    return frame.assign(y_true=table.y.astype("int32"))
