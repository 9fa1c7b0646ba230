"""Cases as a person sorts through them: each image with its score, its call, and how models and network stand to it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.domain import EvaluationSet, Study
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cases import MODEL, standing

CASE = ["image_id", "patient_id", "center", "subset", "y"]
#: From this score on the answer of a network is the positive label, as for the audit of its maps (SGA070).
_ANSWERS = 0.5


def cases_at(study: Study, at: EvaluationSet) -> pd.DataFrame:
    """The images of a set, one row each with the columns ``CASE``, in the study's order."""
    cases = study.cases()
    kept = cases["subset"] == at.subset
    kept &= True if at.center is None else cases["center"] == at.center
    return cases.loc[kept, CASE].reset_index(drop=True)


def gallery_cases(
    study: Study, analysis: Analysis, picks: pd.DataFrame, family: str, at: EvaluationSet
) -> pd.DataFrame:
    """The images of a set with what the picked models say of them, in the study's order.

    Parameters
    ----------
    picks : the picked model of each family (``family, classifier``).
    family : whose score, threshold and call are given.

    Returns
    -------
    ``CASE`` and

    - ``score, threshold`` : of the unit; by patient every image has the mean over its patient's scored images.
    - ``estimate`` : ``out_of_fold`` or ``fitted``, see :func:`~sgcore.workflow.cases.standing`.
    - ``called, wrong`` : 0 or 1, NaN without score or threshold.
    - ``margin`` : distance of the score from the threshold, above 0 on the wrong side of it.
    - ``n_families, n_positive`` : families whose picked model calls the case, and those that call it positive.
    - ``disagreement`` : the share of families in the minority, 0 to 0.5, NaN below two families.
    - ``roi_ratio`` : share of the network's map inside the ROI over chance, of the label that it answers.
    """
    rows = _called(analysis, picks, at)
    by_image = rows.groupby("image_id")["called"]
    own = rows[rows["family"] == family].set_index("image_id")
    table = cases_at(study, at).set_index("image_id")
    table["score"], table["threshold"] = own["y_score"], own["threshold"]
    table["estimate"], table["called"] = own["estimate"], own["called"]
    table["wrong"] = (table["called"] != table["y"]).astype(float).where(table["called"].notna())
    table["margin"] = (table["score"] - table["threshold"]) * np.where(table["y"] == 1, -1, 1)
    table["n_families"] = by_image.count().reindex(table.index, fill_value=0)
    table["n_positive"] = by_image.sum().reindex(table.index, fill_value=0).astype(int)
    minority = np.minimum(table["n_positive"], table["n_families"] - table["n_positive"])
    table["disagreement"] = (minority / table["n_families"]).where(table["n_families"] > 1)
    table["roi_ratio"] = _looked(analysis).reindex(table.index)
    return table.reset_index()


def _called(analysis: Analysis, picks: pd.DataFrame, at: EvaluationSet) -> pd.DataFrame:
    """Scores of the picked models on a subset, by the unit, each held against the model's training threshold."""
    predictions, evaluations = analysis.frame("predictions"), analysis.frame("evaluations")
    chosen = pd.MultiIndex.from_frame(picks[MODEL])
    rows = standing(predictions[predictions["subset"] == at.subset])
    rows = rows[pd.MultiIndex.from_frame(rows[MODEL]).isin(chosen)]
    if at.unit == "patient":
        rows = rows.assign(y_score=rows.groupby([*MODEL, "patient_id"])["y_score"].transform("mean"))
    pooled = evaluations[evaluations["center"].isna() & (evaluations["unit"] == at.unit)]
    thresholds = pooled.drop_duplicates(MODEL)[[*MODEL, "threshold"]]
    rows = rows.merge(thresholds, on=MODEL, how="left", validate="many_to_one")
    known = rows["y_score"].notna() & rows["threshold"].notna()
    return rows.assign(called=(rows["y_score"] >= rows["threshold"]).astype(float).where(known))


def _looked(analysis: Analysis) -> pd.Series:
    """``roi_ratio`` by image: of the map of the label that the picked network answers."""
    maps, networks = analysis.frame("grad_cam"), analysis.frame("networks")
    predictions = analysis.frame("predictions")
    if maps.empty or networks.empty or predictions.empty:
        return pd.Series(dtype=float)
    used = networks.loc[networks["picked"].astype(bool), "backbone"]
    own = (predictions["family"] == "DL") & predictions["classifier"].isin(used)
    own &= (predictions["estimate"] == "fitted") & predictions["y_score"].notna()
    answers = predictions.loc[own, ["image_id", "y_score"]]
    answers = answers.assign(target=(answers["y_score"] >= _ANSWERS).astype(int))
    found = maps.merge(answers, on=["image_id", "target"], validate="one_to_one")
    return found.set_index("image_id")["roi_ratio"]
