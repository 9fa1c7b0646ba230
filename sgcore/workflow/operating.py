"""Models at the thresholds that they carry: sensitivity, specificity, predictive values, paired differences."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.domain import SUBSETS, EvaluationSet, Unit
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cases import counted, model_cases, picked_models
from sgcore.workflow.evaluate import paired

#: Name of a model -> its (family, classifier).
Models = Mapping[str, tuple[str, str]]
POINTS = [
    "name",
    "family",
    "classifier",
    "measure",
    "threshold",
    "prevalence",
    "estimate",
    "ci_low",
    "ci_high",
    "successes",
    "n",
    "n_patients",
    "n_images",
    "n_pos",
    "n_neg",
    "n_left_out",
    "method",
    "reason",
]
PAIRS = [
    "measure",
    "a",
    "b",
    "threshold_a",
    "threshold_b",
    "share_a",
    "share_b",
    "delta",
    "ci_low",
    "ci_high",
    "statistic",
    "p",
    "p_adjusted",
    "only_a",
    "only_b",
    "n",
    "n_patients",
    "n_images",
    "n_left_out",
    "method",
    "reason",
]


def operating_points(
    predictions: pd.DataFrame,
    evaluations: pd.DataFrame,
    models: Models,
    at: EvaluationSet,
    *,
    prevalence: float | None = None,
) -> pd.DataFrame:
    """Each model at its training threshold on one set, out of fold in training; columns ``POINTS``.

    Four rows a model: ``sensitivity``, ``specificity``, ``ppv``, ``npv``. Sensitivity and specificity are
    Wilson's, by image clustered by patient. Without ``prevalence`` the predictive values are those of the
    mix of cases, whose share of positives stands in the column, and of one class only say nothing; with it
    they are those of :func:`stats.predictive_values_at`, which count no successes. Images without a score
    are left out and counted; ``n_pos`` and ``n_neg`` count by the unit, ``n`` what a proportion is of.
    """
    rows = []
    for name, model in models.items():
        cases = counted(model_cases(predictions, model, at), at.unit)
        threshold = _threshold(evaluations, model, at.unit)
        point = stats.operating_point(cases.y, cases.score, threshold, cases.groups)
        shared = {
            "name": name,
            "family": model[0],
            "classifier": model[1],
            "threshold": point.threshold,
            **cases.counts,
        }
        share = float(cases.y.mean()) if cases.y.size else np.nan
        measures = _measures(point, share, prevalence)
        if cases.unscored:
            measures = [row | {"reason": cases.unscored} for row in measures]
        rows += [shared | row for row in measures]
    return pd.DataFrame(rows, columns=POINTS)


def operating_comparisons(
    predictions: pd.DataFrame, evaluations: pd.DataFrame, models: Models, at: EvaluationSet
) -> pd.DataFrame:
    """Every two models, each at its training threshold, on the images that both scored; columns ``PAIRS``.

    Two rows a pair: ``sensitivity`` on the positive and ``specificity`` on the negative cases, ``delta`` a
    minus b (:func:`stats.compare_operating_points`). By patient the scores are means over the images that
    both scored. ``n_left_out`` counts the images of that class that one of the two did not score. Holm's
    correction runs within each measure, which is one displayed matrix.
    """
    cases = {name: model_cases(predictions, model, at) for name, model in models.items()}
    thresholds = {name: _threshold(evaluations, model, at.unit) for name, model in models.items()}
    rows = [
        {"a": a, "b": b, "threshold_a": thresholds[a], "threshold_b": thresholds[b], **row}
        for a, b in itertools.combinations(models, 2)
        for row in _compared(paired(cases[a], cases[b]), thresholds[a], thresholds[b], at.unit)
    ]
    frame = pd.DataFrame(rows, columns=PAIRS)
    if len(frame):
        frame["p_adjusted"] = frame.groupby("measure", sort=False)["p"].transform(
            lambda p: stats.adjust(p.to_numpy(float), "holm")
        )
    return frame


def operating_summary(analysis: Analysis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Picked models on each held-out subset, all centers, at the analysis' unit: ``POINTS`` and ``PAIRS``.

    ``subset, unit`` stand before either; predictive values are those of the study's mix of cases.
    """
    predictions, evaluations = analysis.frame("predictions"), analysis.frame("evaluations")
    models = {model[0]: model for model in picked_models(analysis.frame("picks"))}
    unit = analysis.config.unit
    points: list[pd.DataFrame] = []
    pairs: list[pd.DataFrame] = []
    for subset in SUBSETS[1:]:
        if subset not in set(predictions["subset"]):
            continue
        at = EvaluationSet(subset, None, unit)
        where = {"subset": subset, "unit": unit}
        points.append(operating_points(predictions, evaluations, models, at).assign(**where))
        pairs.append(operating_comparisons(predictions, evaluations, models, at).assign(**where))
    return _stacked(points, POINTS), _stacked(pairs, PAIRS)


def _stacked(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    known = [part for part in parts if len(part)]
    wanted = ["subset", "unit", *columns]
    return pd.concat(known, ignore_index=True)[wanted] if known else pd.DataFrame(columns=wanted)


def _threshold(evaluations: pd.DataFrame, model: tuple[str, str], unit: Unit) -> float:
    """The threshold that a model carries from its training scores to every set; NaN where it has none."""
    own = evaluations[
        (evaluations["family"] == model[0])
        & (evaluations["classifier"] == model[1])
        & (evaluations["unit"] == unit)
    ]
    return float(own["threshold"].iloc[0]) if len(own) else np.nan


def _measures(point: stats.OperatingPoint, share: float, prevalence: float | None) -> list[dict[str, Any]]:
    rows = point.frame()
    proportions = rows[rows["measure"].isin(["sensitivity", "specificity"])].assign(prevalence=np.nan)
    if prevalence is None:
        values = rows[rows["measure"].isin(["ppv", "npv"])].assign(prevalence=share)
        if share in (0, 1):
            # Every answer is right or wrong by the mix alone, whatever the model says.
            values = values.assign(estimate=np.nan, ci_low=np.nan, ci_high=np.nan, successes=np.nan)
            values = values.assign(method="not estimated", reason="one class only among these cases")
    else:
        values = stats.predictive_values_at(prevalence, point.sensitivity, point.specificity).frame()
        values = values.assign(n=values["n_pos"] + values["n_neg"]).drop(columns=["n_pos", "n_neg"])
    return [*proportions.to_dict("records"), *values.to_dict("records")]


def _compared(
    cases: pd.DataFrame, threshold_a: float, threshold_b: float, unit: Unit
) -> list[dict[str, Any]]:
    both = counted(cases, unit, "y_score_a", "y_score_b")
    result = stats.compare_operating_points(
        both.y, both.of("y_score_a"), threshold_a, both.of("y_score_b"), threshold_b, both.groups
    )
    found = []
    for label, row in zip((1, 0), result.frame().to_dict("records"), strict=True):
        images = int((both.scored["y_true"] == label).sum())
        counts = {"n_images": images, "n_left_out": int((cases["y_true"] == label).sum()) - images}
        reason = both.unscored or row["reason"]
        found.append(row | {"delta": row["difference"], **counts, "reason": reason})
    return found
