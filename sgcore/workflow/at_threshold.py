"""What a model calls at a threshold: the 2 x 2 counts, five proportions with intervals, and every case's call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.domain import Unit
from sgcore.workflow.cases import counted

#: What :func:`called_by_set` adds to an evaluation, beside the values and interval ends of ``ppv`` and ``npv``.
COUNTS = ["tp", "fp", "tn", "fn"]


@dataclass(frozen=True)
class Called:
    """Cases of one set at a threshold.

    Attributes
    ----------
    rows : one row a case, patient or image: ``image_id`` (of a patient the first one that has a score),
        ``patient_id, center, y, score, called, wrong``; the last two are NaN where there is no threshold.
    measures : ``measure, estimate, ci_low, ci_high, successes, n, method, reason`` of sensitivity, specificity,
        accuracy, PPV and NPV; the last two hold at the set's mix of labels.
    tp, fp, tn, fn : counts by the unit, 0 where ``reason`` says why nothing is called.
    n_patients, n_images, n_left_out : images that were counted, their patients, and images without a score.
    """

    threshold: float
    unit: Unit
    rows: pd.DataFrame
    measures: pd.DataFrame
    tp: int
    fp: int
    tn: int
    fn: int
    n_patients: int
    n_images: int
    n_left_out: int
    reason: str

    def measure(self, name: str) -> dict[str, Any]:
        """A row of ``measures``."""
        found: dict[str, Any] = self.measures[self.measures["measure"] == name].iloc[0].to_dict()
        return found


def called_at(cases: pd.DataFrame, threshold: float, unit: Unit) -> Called:
    """One model's cases at any threshold.

    Parameters
    ----------
    cases : predictions of one model on one set, one row an image (:func:`~sgcore.workflow.cases.model_cases`).
    threshold : a case is called positive at a score >= threshold, by patient at such a mean over its images; NaN
        calls nothing.

    Returns
    -------
    Called; intervals are Wilson's, by image clustered by patient. Predictive values of a set of one label are not
    estimated: they would be 0 or 1 whatever the model says.
    """
    found = counted(cases, unit)
    point = stats.operating_point(found.y, found.score, threshold, found.groups)
    measures = point.frame()
    if found.y.size and found.y.min() == found.y.max():
        lost = measures["measure"].isin(["ppv", "npv"])
        measures.loc[lost, ["estimate", "ci_low", "ci_high"]] = np.nan
        measures.loc[lost, "method"] = "not estimated"
        measures.loc[lost, "reason"] = "one label only among these cases"
    if found.unscored:
        measures = measures.assign(reason=found.unscored)
    return Called(
        threshold=float(threshold),
        unit=unit,
        rows=_rows(found.rows, found.scored, threshold),
        measures=measures,
        tp=point.tp,
        fp=point.fp,
        tn=point.tn,
        fn=point.fn,
        n_patients=found.counts["n_patients"],
        n_images=found.counts["n_images"],
        n_left_out=found.n_left_out,
        reason=found.unscored or point.reason,
    )


def _rows(rows: pd.DataFrame, scored: pd.DataFrame, threshold: float) -> pd.DataFrame:
    if "image_id" not in rows:
        rows = rows.assign(image_id=scored.drop_duplicates("patient_id")["image_id"].to_numpy())
    table = rows.rename(columns={"y_true": "y", "y_score": "score"})
    table = table[["image_id", "patient_id", "center", "y", "score"]].reset_index(drop=True)
    known = not np.isnan(threshold)
    called = (table["score"] >= threshold).astype(float) if known else pd.Series(np.nan, table.index)
    return table.assign(called=called, wrong=(called != table["y"]).astype(float) if known else np.nan)


def called_by_set(predictions: pd.DataFrame, evaluations: pd.DataFrame) -> pd.DataFrame:
    """Evaluations of whole sets with what was called at each one's own threshold.

    ``evaluations`` are rows of the result frame of that name, all centers together. They come back with ``tp, fp,
    tn, fn`` and with ``ppv, npv`` as they have sensitivity (``ppv_low, ppv_high``, ...), each with its reason
    (``ppv_reason``).
    """
    keys = ["family", "classifier", "subset", "estimate"]
    parts = dict(list(predictions.groupby(keys, sort=False))) if len(predictions) else {}
    added = []
    for row in evaluations.to_dict("records"):
        cases = parts.get(tuple(row[key] for key in keys), predictions.iloc[:0])
        found = called_at(cases, row["threshold"], row["unit"])
        values: dict[str, Any] = {name: getattr(found, name) for name in COUNTS}
        for name in ("ppv", "npv"):
            share = found.measure(name)
            values |= {
                name: share["estimate"],
                f"{name}_low": share["ci_low"],
                f"{name}_high": share["ci_high"],
            }
            values[f"{name}_reason"] = share["reason"]
        added.append(values)
    columns = [
        *COUNTS,
        *(f"{name}{end}" for name in ("ppv", "npv") for end in ("", "_low", "_high", "_reason")),
    ]
    return evaluations.reset_index(drop=True).join(pd.DataFrame(added, columns=columns))
