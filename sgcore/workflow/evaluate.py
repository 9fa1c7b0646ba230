"""Stored predictions in, evaluations and comparisons out, by patient and by image."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.domain import Unit
from sgcore.workflow.cases import MODEL, UNITS, Counted, counted


def evaluations(predictions: pd.DataFrame, threshold_from: str) -> pd.DataFrame:
    """AUC and operating point of every model, subset, center, estimate and unit.

    ``threshold_from`` is the estimate (``fitted`` or ``out_of_fold``) of the training scores from which
    each model's threshold is taken; it is then carried unchanged. Images without a score (a selected
    feature is missing there) are left out and counted. The columns are those of docs/architecture.md,
    ``picked`` left for the pick to fill.
    """
    rows = []
    for (family, classifier), model in predictions.groupby(MODEL, sort=False):
        for unit in UNITS:
            threshold = training_threshold(model, threshold_from, unit)
            for (estimate, subset), part in model.groupby(["estimate", "subset"], sort=False):
                for center, cases in _with_centers(part):
                    rows.append(
                        {
                            "family": family,
                            "classifier": classifier,
                            "subset": subset,
                            "center": center,
                            "estimate": estimate,
                            "unit": unit,
                            **evaluated(cases, unit, threshold, center is None),
                        }
                    )
    return pd.DataFrame(rows)


def comparisons(predictions: pd.DataFrame, picks: pd.DataFrame) -> pd.DataFrame:
    """Paired differences in AUC: families by their picked classifier, and classifiers in a family.

    Both AUCs are those on the images that both models scored; ``n_left_out`` counts the others. Training
    rows compare out-of-fold scores: fitted ones would compare how well each overfits. Holm's correction
    runs within one displayed matrix (kind, family, subset, center, unit).
    """
    chosen = picks.dropna(subset=["classifier"]).set_index("family")["classifier"]
    held_out = predictions[(predictions["subset"] != "train") | (predictions["estimate"] == "out_of_fold")]
    rows = []
    matrices: list[tuple[str, str | None, dict[str, pd.DataFrame]]] = []
    families = {
        family: held_out[(held_out["family"] == family) & (held_out["classifier"] == classifier)]
        for family, classifier in chosen.items()
    }
    matrices.append(("families", None, families))
    for family, part in held_out.groupby("family", sort=False):
        matrices.append(("classifiers", str(family), dict(list(part.groupby("classifier", sort=False)))))
    for kind, family, models in matrices:
        for (a, left), (b, right) in itertools.combinations(models.items(), 2):
            for subset in left["subset"].unique():
                pair = paired(left[left["subset"] == subset], right[right["subset"] == subset])
                for center, cases in _with_centers(pair):
                    for unit in UNITS:
                        rows.append(
                            {
                                "kind": kind,
                                "family": family,
                                "a": a,
                                "b": b,
                                "subset": subset,
                                "center": center,
                                "unit": unit,
                                **compare_scores(cases, unit),
                            }
                        )
    frame = pd.DataFrame(rows)
    if frame.empty:
        return frame
    return adjusted(frame, "holm")


def adjusted(frame: pd.DataFrame, method: Literal["holm", "bh"]) -> pd.DataFrame:
    """Comparisons with ``p_adjusted`` made anew within each displayed matrix."""
    matrix = ["kind", "family", "subset", "center", "unit"]
    values = frame.groupby(matrix, dropna=False, sort=False)["p"].transform(
        lambda p: stats.adjust(p.to_numpy(float), method)
    )
    return frame.assign(p_adjusted=values)


def paired(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Cases that either model has, with ``y_score_a`` and ``y_score_b``, NaN where one has none."""
    keys = ["image_id", "patient_id", "center", "y_true"]
    return left[[*keys, "y_score"]].merge(
        right[[*keys, "y_score"]], on=keys, how="outer", suffixes=("_a", "_b"), validate="one_to_one"
    )


def _with_centers(cases: pd.DataFrame) -> Iterator[tuple[str | None, pd.DataFrame]]:
    """All centers together (None), then each."""
    yield None, cases
    for center, part in cases.groupby("center", sort=True):
        yield str(center), part


def training_threshold(model: pd.DataFrame, estimate: str, unit: Unit) -> stats.Threshold:
    """The threshold of a model's training scores of that estimate, which it carries to every set."""
    train = model[(model["subset"] == "train") & (model["estimate"] == estimate)]
    fitted_on = counted(train, unit)
    return stats.youden_threshold(fitted_on.y, fitted_on.score)


def evaluated(cases: pd.DataFrame, unit: Unit, carried: stats.Threshold, pooled: bool) -> dict[str, Any]:
    """Counts, AUC and operating point of one model's cases; of ``pooled`` centers also same-center pairs."""
    found = counted(cases, unit)
    y, score, groups = found.y, found.score, found.groups
    area = stats.auc(y, score, groups)
    naive = stats.auc(y, score) if unit == "image" else area
    point = stats.operating_point(y, score, carried.threshold, groups)
    result: dict[str, Any] = {
        **found.counts,
        "auc": area.auc,
        "ci_low": area.ci_low,
        "ci_high": area.ci_high,
        "method": area.method,
        "naive_ci_low": naive.ci_low,
        "naive_ci_high": naive.ci_high,
        "design_effect": area.design_effect,
        "threshold": carried.threshold,
        "reason": found.unscored or area.reason,
    }
    if pooled:
        result |= within_centers(found)
    shares = {name: getattr(point, name) for name in ("sensitivity", "specificity", "accuracy")}
    for name, share in shares.items():
        result |= {name: share.estimate, f"{name}_low": share.ci_low, f"{name}_high": share.ci_high}
    why = dict.fromkeys(share.reason for share in shares.values() if share.reason)
    if np.isnan(carried.threshold):
        why = {f"no training threshold: {carried.reason}": None}
    return result | {"operating_reason": found.unscored or "; ".join(why)}


def within_centers(found: Counted) -> dict[str, Any]:
    """The AUC of same-center pairs, and on which centers it rests; nothing where there is one center."""
    centers = found.rows["center"].to_numpy()
    if len(set(centers)) < 2:
        return {}
    within = stats.within_center_auc(found.y, found.score, centers, found.groups)
    return {
        "within_center_auc": within.auc,
        "within_center_low": within.ci_low,
        "within_center_high": within.ci_high,
        "within_center_note": _within_note(within),
    }


def _within_note(within: stats.WithinCenterAuc) -> str:
    """On which centers the AUC of same-center pairs rests, or why there is none."""
    if within.reason:
        return within.reason
    used = ", ".join(name for name, _, _ in within.per_center)
    if not within.left_out:
        return f"pairs within {used}"
    return f"pairs within {used}; one label only in {', '.join(within.left_out)}"


def compare_scores(cases: pd.DataFrame, unit: Unit) -> dict[str, Any]:
    """DeLong's comparison of ``y_score_a`` with ``y_score_b`` on the images that have both."""
    both = counted(cases, unit, "y_score_a", "y_score_b")
    result = stats.compare_auc(both.y, both.of("y_score_a"), both.of("y_score_b"), both.groups)
    return {
        **{name: both.counts[name] for name in ("n_patients", "n_images", "n_left_out")},
        "auc_a": result.auc_a,
        "auc_b": result.auc_b,
        "delta": result.delta,
        "ci_low": result.ci_low,
        "ci_high": result.ci_high,
        "z": result.z,
        "p": result.p,
        "method": result.method,
        "reason": both.unscored or result.reason,
    }


def roc_points(cases: pd.DataFrame, unit: Unit) -> pd.DataFrame:
    """ROC curve of one model's predictions at a unit: ``fpr, tpr, threshold`` and the band of ``tpr``."""
    found = counted(cases, unit)
    return stats.roc_curve(found.y, found.score, found.groups).frame()
