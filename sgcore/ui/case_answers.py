"""What the case page says of one image: its scores against their thresholds, and what the network's map shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from sgcore import workflow
from sgcore.plots import words
from sgcore.ui import explained_answers
from sgcore.ui.network_answers import title

#: Features of a waterfall; the others are summed.
_SHOWN = 9
#: How a score of the case came about.
SCORED = {
    "held out": "by models that did not see the patient",
    "out of fold": "by models that left the patient out",
    "fitted": "by models that were fitted on the patient",
}


def sentence(
    where: str, row: pd.Series | None, labels: tuple[str, str], *, family: str, by_patient: bool
) -> str:
    """``where`` (the case in words) and what the picked model of ``family`` answers; ``row`` is of :func:`scores`."""
    if row is None:
        return f"{where}: {family} has no picked classifier."
    who = f"{family} ({called(family, row['classifier'])})"
    score = row["patient_score"] if by_patient else row["score"]
    if words.missing(score):
        return f"{where}: {who} has no score of it."
    whose = "the patient's mean score is" if by_patient else "the score is"
    text = f"{where}: by {who} {whose} {score:.3f}"
    threshold = row["threshold"]
    if words.missing(threshold):
        return f"{text}, and there is no threshold to hold it against."
    if math.isinf(threshold):
        return f"{text}; the model calls everybody {labels[int(row['called'])]}."
    side = "at or above" if row["called"] else "below"
    right = "which the label is" if row["right"] else f"while the label is {labels[int(row['y_true'])]}"
    return f"{text}, {side} the threshold of {threshold:.3f}: called {labels[int(row['called'])]}, {right}."


def scores(
    predictions: pd.DataFrame,
    evaluations: pd.DataFrame,
    picks: pd.DataFrame,
    image_id: str,
    unit: str,
) -> pd.DataFrame:
    """Every model's score of an image beside its threshold, one row a model; picked ones first.

    ``score`` is the image's, ``patient_score`` the mean over the patient's scored images; ``called`` and
    ``right`` (0 or 1, or missing) hold the one that ``unit`` names against ``threshold``, which is of that unit too
    (``image_threshold`` is the image's). A training image
    stands by its out-of-fold score where there is one (``scored`` says which).
    """
    own = predictions[predictions["image_id"] == image_id]
    if own.empty:
        return pd.DataFrame()
    patient = own["patient_id"].iloc[0]
    rows = workflow.standing(predictions[predictions["patient_id"] == patient])
    train = own["subset"].iloc[0] == "train"
    keys = ["family", "classifier"]
    means = rows.groupby(keys, sort=False)["y_score"].mean().rename("patient_score")
    table = rows[rows["image_id"] == image_id].rename(columns={"y_score": "score"})
    table = table[[*keys, "estimate", "y_true", "score"]].merge(means.reset_index(), on=keys)
    for counted, name in (("image", "image_threshold"), (unit, "threshold")):
        at = evaluations[evaluations["center"].isna() & (evaluations["unit"] == counted)]
        at = at.rename(columns={"threshold": name}).drop_duplicates(keys)
        table = table.merge(at[[*keys, name]], on=keys, how="left")
    chosen = set(zip(picks["family"], picks["classifier"], strict=True))
    table["picked"] = [pair in chosen for pair in zip(table["family"], table["classifier"], strict=True)]
    names = {"out_of_fold": "out of fold", "fitted": "fitted" if train else "held out"}
    table["scored"] = table["estimate"].map(names)
    score = table["patient_score" if unit == "patient" else "score"]
    known = score.notna() & table["threshold"].notna()
    table["called"] = (score >= table["threshold"]).astype(float).where(known)
    table["right"] = (table["called"] == table["y_true"]).astype(float).where(known)
    return table.sort_values("picked", ascending=False, kind="stable").reset_index(drop=True)


def family_row(rows: pd.DataFrame, family: str) -> pd.Series | None:
    """The row of a family's picked classifier in :func:`scores`."""
    found = rows[(rows["family"] == family) & rows["picked"]] if len(rows) else rows
    return None if found.empty else found.iloc[0]


def called(family: str, classifier: str) -> str:
    """A model's name; that of a network as its makers write it."""
    return title(classifier) if family == "DL" else classifier


def thresholds(rows: pd.DataFrame, *, by_patient: bool) -> str:
    """What the figure of scores shows; ``rows`` of picked models."""
    whose = "The patient's mean score" if by_patient else "The score"
    text = f"{whose} by the picked model of each family. From its threshold (the bar) on it calls a case positive."
    if (rows["scored"] == "out of fold").any():
        text += " Scores of a training patient are those of models that left the patient out"
        own = rows.loc[rows["scored"] == "fitted", "family"].tolist()
        text += f", except {words.join(own)}, which was fitted on the patient." if own else "."
    return f"{text} A score holds at the study's mix of labels; it is no risk of this patient."


def alike(values: pd.DataFrame, cases: pd.DataFrame, image_id: str, count: int = 3) -> list[str]:
    """Training images of other patients that are nearest to an image, by the features of a model.

    ``values`` are the SHAP values of the model with the ``feature_value`` of each image, ``cases`` those of the study
    by ``image_id``. The distance is Euclidean, each feature in its standard deviations over training images; a
    feature that one of the two images lacks counts for neither. Empty where the image has no values.
    """
    wide = values.pivot(index="image_id", columns="feature", values="feature_value")
    if image_id not in wide.index:
        return []
    others = cases[(cases["subset"] == "train") & (cases["patient_id"] != cases.at[image_id, "patient_id"])]
    known = wide.loc[wide.index.intersection(others.index)]
    spread = wide.loc[wide.index.intersection(cases.index[cases["subset"] == "train"])].std()
    apart = ((known - wide.loc[image_id]) / spread.where(spread > 0)).pow(2)
    distances = apart.mean(axis=1).dropna()
    return list(distances.sort_values(kind="stable").index[:count])


def steps(values: pd.DataFrame, residue: set[str]) -> list[tuple[str, float]]:
    """SHAP values of one image as bars: name with the feature's value, the largest first, the rest summed."""
    order = values["shap_value"].abs().sort_values(ascending=False, kind="stable").index
    rows = values.loc[order]
    first, rest = rows.iloc[:_SHOWN], rows.iloc[_SHOWN:]
    bars = [
        (
            f"{explained_answers.called(row['feature'], row['feature'] in residue)}{_value(row)}",
            row["shap_value"],
        )
        for row in first.to_dict("records")
    ]
    if len(rest):
        bars.append((words.count(len(rest), "other feature"), float(rest["shap_value"].sum())))
    return bars


def _value(row: dict[Any, Any]) -> str:
    return "" if words.missing(row["feature_value"]) else f" = {row['feature_value']:.3g}"


def waterfall(model: pd.Series, row: pd.Series, label: str) -> str:
    """What the bars add up to; for a training patient also that the score is a fitted one."""
    text = (
        f"From {explained_answers.average(model)} each feature moves the probability of {label}, up or down, to that "
        "of this image (SHAP values). It is how the model reckons, not why the patient has the disease."
    )
    if row["estimate"] == "out_of_fold":
        text += (
            " The model of these bars was fitted on this patient; by models that left the patient out the score is "
            f"{row['score']:.3f}."
        )
    return text


def no_map(*, brought: bool) -> str:
    """Why an image has no Grad-CAM map; ``brought`` where the study brings what its networks gave."""
    made = "networks made elsewhere bring no maps" if brought else "no network of this analysis has one"
    return f"No map of where a network looks: {made}."


def map_text(row: dict[Any, Any], backbone: str, label: str) -> str:
    """What a Grad-CAM map shows of one class, or why it shows nothing; ``row`` of the frame ``grad_cam``."""
    name = title(backbone)
    if row["reason"]:
        return f"No map of {name} for {label}: {row['reason']}."
    text = (
        f"Where {name} finds what speaks for {label} (Grad-CAM, {row['height']} x {row['width']} cells over the dotted "
        "square): too coarse to outline a lesion, and no evidence that the answer is right."
    )
    if not words.missing(row["roi_ratio"]):
        text += (
            f" {words.percent(row['roi_share'])} of the map lies inside the ROI, which is "
            f"{words.percent(row['roi_chance'])} of what the network saw: {row['roi_ratio']:.1f} times what a map "
            "without any pattern has."
        )
    elif row["roi_reason"]:
        text += f" Share inside the ROI: {row['roi_reason']}."
    return text


def others(images: Sequence[str]) -> str:
    return "The patient's other images" if len(images) > 1 else "The patient's other image"
