"""What the gallery says: which cases to look at in a sentence, a tile's lines, and the table of all cases."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sgcore.domain import EvaluationSet, Study
from sgcore.plots import words
from sgcore.ui import case_answers, tables

_ADJECTIVES = {"train": "training", "validation": "validation", "external": "external"}


def sentence(cases: pd.DataFrame, who: str, at: EvaluationSet, study: Study) -> str:
    """How many cases of a set the model ``who`` calls wrong, and on how many families and network call for a look.

    ``cases`` of :func:`sgcore.workflow.gallery_cases`; patients or images are counted, as ``at`` says.
    """
    units = cases.drop_duplicates("patient_id") if at.unit == "patient" else cases
    known = units[units["wrong"].notna()]
    if known.empty:
        lacks = (
            "has no score of"
            if units["score"].isna().all()
            else "has no threshold to hold against its scores of"
        )
        return f"{who} {lacks} the {_units(len(units), at)}."
    wrong, threshold = int(known["wrong"].sum()), float(known["threshold"].iloc[0])
    of = f"{wrong} of {_units(len(known), at)} wrong"
    if math.isinf(threshold):
        label = study.positive if threshold < 0 else study.negative
        parts = [f"{who} calls everybody {label}, {of}"]
    else:
        parts = [f"{who} calls {of} at its threshold of {threshold:.3f}"]
    if len(known) < len(units):
        parts.append(f"{len(units) - len(known)} without a score")
    divided = units["disagreement"].dropna()
    if len(divided):
        parts.append(f"families disagree on {int((divided > 0).sum())}")
    ratios = cases["roi_ratio"].dropna()
    if len(ratios):
        beside = f"{int((ratios < 1).sum())} of {words.count(len(ratios), 'image')}"
        parts.append(f"the network looks at the ROI less than by chance in {beside}")
    return f"{'; '.join(parts)}."


def without_results(cases: pd.DataFrame, at: EvaluationSet, *, hidden: bool) -> str:
    """The sentence while label and scores are ``hidden``, or the scores of a what-if are closed."""
    patients = words.count(cases["patient_id"].nunique(), "patient")
    known = "label and scores are hidden" if hidden else "their scores are closed"
    where = "" if at.center is None else f" of {at.center}"
    return f"{words.count(len(cases), f'{_ADJECTIVES[at.subset]} image')} of {patients}{where}: {known}."


def _units(number: int, at: EvaluationSet) -> str:
    """``29 external patients``, ``12 external patients of Beta``."""
    where = "" if at.center is None else f" of {at.center}"
    return f"{words.count(number, f'{_ADJECTIVES[at.subset]} {at.unit}')}{where}"


def reading(cases: pd.DataFrame, at: EvaluationSet, study: Study) -> str:
    """How a tile is read, and by which scores its case stands."""
    text = (
        "The bar is the score, the upright line the threshold from which on the model calls a case "
        f"{study.positive}. A score holds at the study's mix of labels; it is no risk of this patient."
    )
    if at.unit == "patient":
        text += " By patient all images of a patient have the mean of their scores."
    if at.subset == "train" and cases["estimate"].notna().any():
        how = set(cases["estimate"].dropna())
        scored = case_answers.SCORED["out of fold" if how == {"out_of_fold"} else "fitted"]
        text += f" Training cases are scored {scored}, and the threshold was chosen on them."
    if cases["roi_ratio"].notna().any():
        text += (
            " The number beside the network is the share of its Grad-CAM map inside the ROI over that of a map without "
            "any pattern: below 1 it looks beside the ROI. Such a map is coarse and outlines nothing."
        )
    return text


def score(row: Any, *, by_patient: bool) -> str:
    """``Score 0.622, threshold 0.500``; ``row`` of the cases, whose patient has other images for ``by_patient``."""
    if words.missing(row.score):
        return "No score"
    whose = "Mean score" if by_patient else "Score"
    if words.missing(row.threshold) or math.isinf(row.threshold):
        return f"{whose} {row.score:.3f}, no threshold"
    return f"{whose} {row.score:.3f}, threshold {row.threshold:.3f}"


def called(row: Any, study: Study) -> str:
    """``Called malignant``; empty where nothing is called."""
    return "" if words.missing(row.called) else f"Called {study.positive if row.called else study.negative}"


def families(row: Any, study: Study) -> str:
    """``4 of 5 families call it malignant``; empty where fewer than two call it anything."""
    if row.n_families < 2:
        return ""
    return f"{row.n_positive} of {row.n_families} families call it {study.positive}"


def looked(row: Any) -> str:
    """``Network beside the ROI (0.40)``; empty where there is no map."""
    if words.missing(row.roi_ratio):
        return ""
    beside, shown = row.roi_ratio < 1, f"{row.roi_ratio:.2f}"
    shown = "just below 1" if beside and shown == "1.00" else shown
    return f"Network {'beside' if beside else 'at'} the ROI ({shown})"


def table(cases: pd.DataFrame, study: Study, unit: str) -> pd.DataFrame:
    """All cases that pass, with their results where ``cases`` has such; labels where it has ``y``."""
    labels = {0: study.negative, 1: study.positive}
    columns = {
        "Image": cases["image_id"],
        "Patient": cases["patient_id"],
        "Center": cases["center"],
        "Cases": cases["subset"].map(words.SUBSETS),
    }
    if "y" in cases:
        columns["Label"] = cases["y"].map(labels)
    if "score" in cases:
        columns |= {
            f"Score by {unit}": cases["score"],
            "Threshold": tables.thresholds(cases["threshold"]),
            "Called": cases["called"].map(labels),
            "Wrong": cases["wrong"].map({0: "no", 1: "yes"}),
            "Families": cases["n_families"],
            f"Families that call it {study.positive}": cases["n_positive"],
            "Map inside the ROI, over chance": cases["roi_ratio"],
        }
    return pd.DataFrame(columns)
