"""Models at their carried thresholds: the numbers of direct calls, and every way of having none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore import stats
from sgcore.domain import EvaluationSet
from sgcore.workflow import counted, operating_comparisons, operating_points

MODELS = {"US": ("US", "LR"), "Radiomics": ("Radiomics", "SVM")}
THRESHOLDS = {"US": {"patient": 0.5, "image": 0.45}, "Radiomics": {"patient": 0.4, "image": 0.55}}
EXTERNAL = EvaluationSet("external", None, "patient")


def _predictions(seed: int = 0) -> pd.DataFrame:
    """30 external patients of two centers with one to three images; the second model is the better one."""
    rng = np.random.default_rng(seed)
    patient = np.repeat(np.arange(30), 1 + np.arange(30) % 3)
    y = patient % 2
    parts = []
    for family, (_, classifier) in MODELS.items():
        skill = {"US": 0.5, "Radiomics": 1.5}[family]
        linear = skill * (y - 0.5) + 0.8 * rng.normal(size=30)[patient] + 0.5 * rng.normal(size=y.size)
        parts.append(
            pd.DataFrame(
                {
                    "image_id": [f"i{n}" for n in range(y.size)],
                    "patient_id": [f"p{n}" for n in patient],
                    "center": np.where(patient < 18, "Beta", "Gamma"),
                    "subset": "external",
                    "family": family,
                    "classifier": classifier,
                    "estimate": "fitted",
                    "y_true": y,
                    "y_score": 1 / (1 + np.exp(-linear)),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _evaluations() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"family": family, "classifier": classifier, "unit": unit, "threshold": threshold}
            for family, classifier in MODELS.values()
            for unit, threshold in THRESHOLDS[family].items()
        ]
    )


def _scores(
    predictions: pd.DataFrame, family: str, unit: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    rows = counted(predictions[predictions["family"] == family], unit).rows
    groups = rows["patient_id"].to_numpy() if unit == "image" else None
    return rows["y_true"].to_numpy(), rows["y_score"].to_numpy(), groups


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_points_equal_a_direct_call(unit: str) -> None:
    predictions = _predictions()
    points = operating_points(predictions, _evaluations(), MODELS, replace(EXTERNAL, unit=unit))
    assert points["name"].tolist() == ["US"] * 4 + ["Radiomics"] * 4
    for family in MODELS:
        y, score, groups = _scores(predictions, family, unit)
        expected = stats.operating_point(y, score, THRESHOLDS[family][unit], groups)
        own = points[points["name"] == family].set_index("measure")
        for measure in ("sensitivity", "specificity", "ppv", "npv"):
            share = getattr(expected, measure)
            row = own.loc[measure]
            assert (row["estimate"], row["ci_low"], row["ci_high"]) == (
                share.estimate, share.ci_low, share.ci_high
            )  # fmt: skip
            assert (row["successes"], row["n"], row["method"]) == (share.successes, share.n, share.method)
        assert own["threshold"].unique() == [THRESHOLDS[family][unit]]
        assert own.loc["ppv", "prevalence"] == y.mean()
        assert own.loc["sensitivity", ["n_patients", "n_images"]].tolist() == [30, 60]
        assert own.loc["npv", ["n_pos", "n_neg"]].tolist() == [y.sum(), (1 - y).sum()]


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_predictive_values_at_a_prevalence_equal_a_direct_call(unit: str) -> None:
    predictions = _predictions()
    points = operating_points(
        predictions, _evaluations(), MODELS, replace(EXTERNAL, unit=unit), prevalence=0.1
    )
    y, score, groups = _scores(predictions, "Radiomics", unit)
    point = stats.operating_point(y, score, THRESHOLDS["Radiomics"][unit], groups)
    expected = stats.predictive_values_at(0.1, point.sensitivity, point.specificity)
    own = points[points["name"] == "Radiomics"].set_index("measure")
    for measure in ("ppv", "npv"):
        value = getattr(expected, measure)
        row = own.loc[measure]
        assert (row["estimate"], row["ci_low"], row["ci_high"]) == (
            value.estimate, value.ci_low, value.ci_high
        )  # fmt: skip
        assert row["prevalence"] == 0.1
        assert row["n"] == y.size
        assert np.isnan(row["successes"])
    assert own.loc["sensitivity", "estimate"] == point.sensitivity.estimate


@pytest.mark.parametrize(
    ("unit", "method"), [("patient", "McNemar, exact"), ("image", "Durkalski, clustered by patient")]
)
def test_differences_equal_a_direct_call(unit: str, method: str) -> None:
    predictions = _predictions()
    pairs = operating_comparisons(predictions, _evaluations(), MODELS, replace(EXTERNAL, unit=unit))
    y, first, groups = _scores(predictions, "US", unit)
    _, second, _ = _scores(predictions, "Radiomics", unit)
    expected = stats.compare_operating_points(
        y, first, THRESHOLDS["US"][unit], second, THRESHOLDS["Radiomics"][unit], groups
    )
    assert pairs["measure"].tolist() == ["sensitivity", "specificity"]
    for row in pairs.to_dict("records"):
        result = getattr(expected, row["measure"])
        assert (row["a"], row["b"]) == ("US", "Radiomics")
        # Merging the two models puts the cases in another order, and sums round otherwise.
        numbers = [row["delta"], row["ci_low"], row["ci_high"], row["p"]]
        assert numbers == pytest.approx(
            [result.difference, result.ci_low, result.ci_high, result.p], rel=1e-9
        )
        assert (row["only_a"], row["only_b"], row["n"]) == (result.only_a, result.only_b, result.n)
        assert row["method"] == method
        # One pair a measure: there is nothing to adjust for.
        assert row["p_adjusted"] == row["p"]


def test_holm_runs_within_a_measure() -> None:
    predictions = _predictions()
    third = _predictions(1).query("family == 'US'").assign(family="DL")
    models = {**MODELS, "DL": ("DL", "LR")}
    evaluations = _evaluations()
    evaluations = pd.concat([evaluations, evaluations.query("family == 'US'").assign(family="DL")])
    pairs = operating_comparisons(pd.concat([predictions, third]), evaluations, models, EXTERNAL)
    assert pairs["measure"].value_counts().to_dict() == {"sensitivity": 3, "specificity": 3}
    for _, rows in pairs.groupby("measure"):
        np.testing.assert_array_equal(rows["p_adjusted"], stats.adjust(rows["p"].to_numpy(), "holm"))


def test_one_class_says_so() -> None:
    predictions = _predictions()
    positive = predictions[predictions["y_true"] == 1]
    points = operating_points(positive, _evaluations(), MODELS, EXTERNAL)
    known = points.set_index(["name", "measure"])
    assert known.loc[("US", "sensitivity"), "n"] == 15
    assert np.isnan(known.loc[("US", "specificity"), "estimate"])
    assert known.loc[("US", "specificity"), "reason"] == "no negative case"
    assert known.loc[("US", "ppv"), "reason"] == "one class only among these cases"
    assert np.isnan(known.loc[("US", "ppv"), ["estimate", "successes"]].astype(float)).all()
    there = operating_points(positive, _evaluations(), MODELS, EXTERNAL, prevalence=0.2)
    assert (
        there.set_index(["name", "measure"]).loc[("US", "ppv"), "reason"] == "specificity: no negative case"
    )
    pairs = operating_comparisons(positive, _evaluations(), MODELS, EXTERNAL).set_index("measure")
    assert pairs.loc["specificity", "reason"] == "no negative case"
    assert np.isnan(pairs.loc["specificity", ["delta", "p", "p_adjusted"]].astype(float)).all()


def test_equal_answers_have_no_discordant_case() -> None:
    predictions = _predictions()
    us = predictions["family"] == "US"
    predictions.loc[~us, "y_score"] = predictions.loc[us, "y_score"].to_numpy()
    same = _evaluations().assign(threshold=0.5)
    for unit in ("patient", "image"):
        pairs = operating_comparisons(predictions, same, MODELS, replace(EXTERNAL, unit=unit))
        assert pairs["measure"].tolist() == ["sensitivity", "specificity"]
        assert (pairs["delta"] == 0).all()
        assert (pairs["p"] == 1).all()
        assert (pairs["reason"] == "the two agree on every case").all()
        assert ((pairs["ci_low"] < 0) & (pairs["ci_high"] > 0)).all()


def test_images_without_a_score_are_left_out_and_counted() -> None:
    predictions = _predictions()
    gone = predictions.index[(predictions["family"] == "US") & (predictions["patient_id"].isin(["p2", "p5"]))]
    predictions.loc[gone, "y_score"] = np.nan
    points = operating_points(predictions, _evaluations(), MODELS, EXTERNAL)
    counts = points[points["measure"] == "sensitivity"].set_index("name")
    assert counts["n_left_out"].to_dict() == {"US": len(gone), "Radiomics": 0}
    assert counts["n_patients"].to_dict() == {"US": 28, "Radiomics": 30}
    pairs = operating_comparisons(predictions, _evaluations(), MODELS, EXTERNAL).set_index("measure")
    # Patient 2 is negative, patient 5 positive; both have three images.
    assert pairs["n_left_out"].to_dict() == {"sensitivity": 3, "specificity": 3}
    assert pairs["n"].to_dict() == {"sensitivity": 14, "specificity": 14}
    complete = predictions[~predictions["patient_id"].isin(["p2", "p5"])]
    again = operating_comparisons(complete, _evaluations(), MODELS, EXTERNAL)
    np.testing.assert_allclose(pairs["p"], again["p"], rtol=1e-9)


def test_one_center_and_no_case() -> None:
    predictions = _predictions()
    beta = operating_points(predictions, _evaluations(), MODELS, replace(EXTERNAL, center="Beta"))
    assert beta["n_patients"].tolist() == [18] * 8
    nobody = operating_points(predictions, _evaluations(), MODELS, replace(EXTERNAL, subset="validation"))
    assert nobody["estimate"].isna().tolist() == [True] * 8
    assert (nobody["reason"] != "").all()
    assert operating_comparisons(predictions, _evaluations(), {"US": MODELS["US"]}, EXTERNAL).empty


def test_a_model_without_a_threshold_says_so() -> None:
    points = operating_points(
        _predictions(), _evaluations().assign(threshold=np.nan), MODELS, replace(EXTERNAL, unit="image")
    )
    assert points["reason"].tolist() == ["no threshold"] * 8
