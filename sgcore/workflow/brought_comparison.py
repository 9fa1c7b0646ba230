"""Models made elsewhere beside the families of an analysis: AUCs and every pair's difference on one set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.domain import FAMILIES, EvaluationSet, Study
from sgcore.workflow.brought_models import BroughtModels
from sgcore.workflow.brought_pairs import CASE, KEYS, Side, pair
from sgcore.workflow.cases import counted, labelled, model_cases
from sgcore.workflow.evaluate import within_centers

#: What stands for the classifier of a model that was not made here.
ELSEWHERE = "made elsewhere"


@dataclass(frozen=True)
class BroughtComparison:
    """Models made elsewhere and their pairs with families.

    ``rows`` has one row a model made elsewhere, with the columns of ``evaluations`` that concern an AUC
    (``family`` its name, ``classifier`` "made elsewhere"); ``pairs`` one row a pair of models, families
    first, with the columns of ``comparisons`` and ``method``; ``p_adjusted`` is Holm's over these pairs.
    ``n_patients`` and ``n_images`` are NaN where the file does not say. ``by`` is how cases were matched;
    where it is None the models stand on their own cases, and ``reason`` says why. ``unit`` is "case" where
    cases of a file that names no patients stand by themselves, whatever was asked for.
    """

    rows: pd.DataFrame = field(repr=False)
    pairs: pd.DataFrame = field(repr=False)
    by: str | None
    reason: str

    @property
    def nameless(self) -> bool:
        """True where the models stand on cases of which nobody knows which are of the same patient."""
        return bool(self.rows["unit"].eq(CASE).any())


def compare_with_families(
    predictions: pd.DataFrame,
    chosen: Sequence[tuple[str, str]],
    brought: BroughtModels,
    study: Study,
    models: Sequence[str],
    at: EvaluationSet,
) -> BroughtComparison:
    """Compare ``models`` of a table of predictions with families on one set, center and unit.

    Parameters
    ----------
    predictions : the analysis' frame of that name; training cases stand by their out-of-fold scores.
    chosen : family and classifier of each family that takes part.
    brought : the table, matched with ``study``.

    Each pair is compared on the cases that both scored (DeLong, paired; clustered by patient when
    counted by image). Where no case could be matched, a test for independent samples is made only if
    somebody declared that the file's patients are others; else the pair says why there is none. A
    score's direction is never turned.
    """
    families = [
        Side(family, model_cases(predictions, (family, classifier), at)) for family, classifier in chosen
    ]
    sides = [_side(brought, study, name, at) for name in models]
    rows = [_row(side, at) for side in sides]
    pairs = pd.DataFrame(
        [
            {"a": a.name, "b": b.name, **asdict(at)} | pair(a, b, at.unit, brought.match)
            for a, b in combinations([*families, *sides], 2)
        ]
    )
    if len(pairs):
        pairs["p_adjusted"] = stats.adjust(pairs["p"].to_numpy(float), "holm")
    match = brought.match
    return BroughtComparison(
        pd.DataFrame(rows),
        pairs,
        None if match is None else match.by,
        "the file belongs to no study" if match is None else match.reason,
    )


def shown_name(model: str) -> str:
    """The name of a model; one that is called like a family says that it is not."""
    return f"{model} ({ELSEWHERE})" if model in FAMILIES else model


def _side(brought: BroughtModels, study: Study, model: str, at: EvaluationSet) -> Side:
    name, match = shown_name(model), brought.match
    scores = brought.table.scores[model]
    if match is None or match.by is None:
        return _own(name, brought, scores, at)
    if match.by == "patient":
        if at.unit == "image":
            reason = "the file has one score a patient; count by patient to see it"
            return Side(name, pd.DataFrame(columns=[*KEYS, "y_score"]), patients=True, reason=reason)
        every = study.patients.assign(image_id=study.patients["patient_id"]).rename(columns={"y": "y_true"})
    else:
        every = labelled(study)
    here = every[every["subset"] == at.subset]
    if at.center is not None:
        here = here[here["center"] == at.center]
    known = scores.loc[match.cases.index].set_axis(match.cases["image_id"])
    cases = here[KEYS].assign(y_score=here["image_id"].map(known).astype("float64"))
    reason = "" if cases["y_score"].notna().any() else "the model scored none of these cases"
    return Side(name, cases, patients=match.by == "patient", reason=reason)


def _own(name: str, brought: BroughtModels, scores: pd.Series, at: EvaluationSet) -> Side:
    """A model on the cases of its file. Cases of unknown patients count one by one."""
    table = brought.table
    rows = pd.Series([f"row {row}" for row in scores.index], index=scores.index)
    cases = pd.DataFrame(
        {
            "image_id": rows,
            "patient_id": rows if table.groups is None else table.groups,
            "center": "" if table.centers is None else table.centers,
            "y_true": table.y.astype(int),
            "y_score": scores,
        }
    )
    if at.center is not None:
        cases = cases[cases["center"] == at.center]
    reason = ""
    if at.center is not None and table.centers is None:
        reason = "the file does not say its cases' centers"
    elif cases.empty:
        reason = f"the file has no case of {at.center}"
    elif at.unit == "patient" and (cases.groupby("patient_id")["y_true"].nunique() > 1).any():
        reason = "patients of the file have cases of both labels and no label of their own"
    return Side(name, cases, own=True, reason=reason, nameless=table.groups is None)


def _row(side: Side, at: EvaluationSet) -> dict[str, Any]:
    found = counted(side.cases, at.unit)
    area = stats.auc(found.y, found.score, found.groups)
    failed = bool(side.reason)
    row: dict[str, Any] = {
        "family": side.name,
        "classifier": ELSEWHERE,
        "subset": None if side.own else at.subset,
        "center": at.center,
        "unit": CASE if side.nameless else at.unit,
        **found.counts,
        **_unknown(side),
        "auc": np.nan if failed else area.auc,
        "ci_low": np.nan if failed else area.ci_low,
        "ci_high": np.nan if failed else area.ci_high,
        "method": area.method,
        "within_center_auc": np.nan,
        "within_center_low": np.nan,
        "within_center_high": np.nan,
        "within_center_note": "",
        "reason": side.reason or area.reason,
    }
    if at.center is None and not failed:
        row |= within_centers(found)
    return row


def _unknown(side: Side) -> dict[str, float]:
    """The counts that a file does not tell: of patients, of images, or of both."""
    names = ["n_patients"] if side.nameless else []
    return dict.fromkeys([*names, "n_images"] if side.patients or side.nameless else names, np.nan)
