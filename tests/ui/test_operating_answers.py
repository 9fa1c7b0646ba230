"""The sentences on thresholds: counts, differences, and what an answer means at a prevalence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sgcore.domain import EvaluationSet, Subgroup
from sgcore.ui.operating_answers import Counted, called, predictive

EXTERNAL = Counted(EvaluationSet("external", None, "patient"), "benign", "malignant")


def _points(**changed: float) -> pd.DataFrame:
    """DL finds 9 of 10 and clears 12 of 20, US 5 of 10 and 13 of 20."""
    rows = []
    for name, shares in {"US": (5, 13), "DL": (9, 12)}.items():
        for measure, k, n in (("sensitivity", shares[0], 10), ("specificity", shares[1], 20)):
            rows.append(
                {"name": name, "measure": measure, "estimate": k / n, "ci_low": k / n - 0.2,
                 "ci_high": min(k / n + 0.2, 1.0), "successes": k, "n": n}
            )  # fmt: skip
        for measure, value in (("ppv", 0.2), ("npv", 0.98)):
            rows.append(
                {"name": name, "measure": measure, "estimate": value, "ci_low": value - 0.1,
                 "ci_high": value + 0.01, "prevalence": changed.get("prevalence", 1 / 3)}
            )  # fmt: skip
    return pd.DataFrame(rows).assign(
        family=lambda frame: frame["name"], classifier="LR", reason="", n_patients=30
    )


def _pairs(**sensitivity: float) -> pd.DataFrame:
    base = {"a": "US", "b": "DL", "ci_low": -0.6, "ci_high": -0.1, "p_adjusted": 0.02, "reason": ""}
    base |= {"n_left_out": 0, "n_images": 30}
    other = {"delta": 0.05, "ci_low": -0.15, "ci_high": 0.25, "p_adjusted": 0.7}
    return pd.DataFrame(
        [
            {"measure": "sensitivity", "delta": -0.4, **base, **sensitivity},
            {"measure": "specificity", **base, **other},
        ]
    )


def test_counts_and_differences_of_the_best() -> None:
    said = called(_points(), _pairs(), EXTERNAL)
    assert said == (
        "At its training threshold, DL (LR) calls 9 of 10 malignant patients positive (sensitivity 0.900, 0.700 to "
        "1.000) and calls 12 of 20 benign patients negative (specificity 0.600, 0.400 to 0.800) on the external set. "
        "Against US (LR): sensitivity +0.400 (+0.100 to +0.600), adjusted p 0.020; specificity -0.050 (-0.250 to "
        "+0.150), too few patients to tell."
    )


def test_an_adjusted_p_decides_where_the_interval_alone_would_not() -> None:
    said = called(_points(), _pairs(p_adjusted=0.08), EXTERNAL)
    assert "sensitivity +0.400 (+0.100 to +0.600), too few patients to tell" in said
    assert "no difference" not in said


def test_training_cases_chose_the_threshold() -> None:
    training = Counted(EvaluationSet("train", None, "image"), "benign", "malignant")
    said = called(_points(), _pairs(), training)
    assert said.startswith(
        "At the threshold chosen on these cases, DL (LR) calls 9 of 10 malignant images positive"
    )
    assert "in the training folds" in said


def test_one_class_says_what_is_missing() -> None:
    points = _points()
    gone = points["measure"] == "specificity"
    points.loc[gone, ["estimate", "ci_low", "ci_high"]] = np.nan
    points.loc[gone, "reason"] = "no negative case"
    pairs = _pairs()
    lost = pairs["measure"] == "specificity"
    pairs.loc[lost, ["delta", "ci_low", "ci_high", "p_adjusted"]] = np.nan
    pairs.loc[lost, "reason"] = "no negative case"
    said = called(points, pairs, EXTERNAL)
    assert "and has no specificity (no negative case)" in said
    assert "specificity could not be compared: no negative case" in said
    nothing = points.assign(estimate=np.nan, reason="no cases")
    assert called(nothing, pairs, EXTERNAL) == (
        "Neither sensitivity nor specificity can be given on the external set: no cases."
    )
    assert predictive(nothing, EXTERNAL, None) == ""


def test_predictive_values_of_a_hundred() -> None:
    at_mix = predictive(_points(), EXTERNAL, None)
    assert at_mix.startswith(
        "In these cases (33.3% malignant: study mix, not your clinic), of 100 patients that DL"
    )
    women = replace(EXTERNAL, at=replace(EXTERNAL.at, subgroup=Subgroup("sex", "sex F")))
    assert predictive(_points(), women, None).startswith(
        "In these cases (33.3% malignant: mix of this subgroup, not your clinic), of 100 patients that DL"
    )
    there = predictive(_points(prevalence=0.05), EXTERNAL, 0.05)
    assert there == (
        "At 5% malignant, of 100 patients that DL calls positive, 20 (10 to 21) are malignant; of 100 patients that DL "
        "calls negative, 98.0 (88.0 to 99.0) are benign."
    )


def test_a_rare_condition_keeps_its_figures() -> None:
    points = _points(prevalence=0.0005)
    rare = points["measure"] == "ppv"
    points.loc[rare, ["estimate", "ci_low", "ci_high"]] = [0.0012, 0.0008, 0.0021]
    said = predictive(points, EXTERNAL, 0.0005)
    assert said.startswith(
        "At 0.05% malignant, of 100 patients that DL calls positive, 0.12 (0.08 to 0.21) are malignant"
    )


def test_nobody_called_positive() -> None:
    points = _points()
    gone = points["measure"] == "ppv"
    points.loc[gone, "estimate"] = np.nan
    points.loc[gone, "reason"] = "no case is called positive"
    said = predictive(points, EXTERNAL, None)
    assert "positive predictive value: no case is called positive" in said
    assert "of 100 patients that DL calls negative, 98" in said


def test_one_class_cannot_tell_what_an_answer_means() -> None:
    points = _points(prevalence=1.0)
    gone = points["measure"].isin(["ppv", "npv"])
    points.loc[gone, "estimate"] = np.nan
    points.loc[gone, "reason"] = "one class only among these cases"
    assert predictive(points, EXTERNAL, None) == (
        "What an answer of DL means cannot be told: one class only among these cases."
    )
