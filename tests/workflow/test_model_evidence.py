"""What the audit derives from predictions: gains over size, what pooling borrows, and net benefit by risk."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from sgcore import stats
from sgcore.config import recipe
from sgcore.domain import Decision, Study, Unit
from sgcore.workflow.borrowing import borrowed_aucs
from sgcore.workflow.decided import net_benefits
from sgcore.workflow.over_size import COLUMNS, size_gains
from tests.support.brought import CHOSEN


def analysis(
    study: Study, predictions: pd.DataFrame, unit: Unit = "patient", **changed: object
) -> SimpleNamespace:
    """What is read of an analysis: no features, so that the pixels of the ROI are its size."""
    picks = pd.DataFrame(CHOSEN, columns=["family", "classifier"])
    frames = {"predictions": predictions, "picks": picks}
    known = {
        "study": study,
        "config": replace(recipe("paper"), unit=unit),
        "features": SimpleNamespace(values=pd.DataFrame()),
        "frame": frames.__getitem__,
        "decision": Decision("biopsy", 0.2, 0.5),
    }
    return SimpleNamespace(**(known | changed))


def as_probabilities(predictions: pd.DataFrame) -> pd.DataFrame:
    return predictions.assign(y_score=expit(predictions["y_score"]))


def sized(study: Study, predictions: pd.DataFrame, sign: int) -> pd.DataFrame:
    """The predictions of Radiomics replaced by the size of the ROI, or its negative."""
    pixels = study.images.set_index("image_id")["roi_pixels"].astype(float)
    own = predictions["family"] == "Radiomics"
    return predictions.assign(
        y_score=predictions["y_score"].where(~own, sign * predictions["image_id"].map(pixels))
    )


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_size_has_the_direction_of_training_and_the_paired_difference(
    study: Study, predictions: pd.DataFrame, unit: Unit
) -> None:
    rows = size_gains(analysis(study, predictions, unit))
    assert list(rows["subset"].unique()) == ["validation", "external"]
    cases = study.cases().merge(study.images[["image_id", "roi_pixels"]], on="image_id")
    if unit == "patient":
        cases = cases.groupby(["patient_id", "subset", "y"], as_index=False)["roi_pixels"].mean()
    train = cases[cases["subset"] == "train"]
    upwards = stats.auc(train["y"], train["roi_pixels"]).auc
    sign = 1 if upwards >= 0.5 else -1
    external = cases[cases["subset"] == "external"]
    alone = stats.auc(external["y"], sign * external["roi_pixels"], external["patient_id"])
    own = predictions[
        (predictions["family"] == "Radiomics")
        & (predictions["subset"] == "external")
        & (predictions["estimate"] == "fitted")
    ]
    if unit == "patient":
        own = own.groupby("patient_id", sort=False, as_index=False)[["y_true", "y_score"]].mean()
    keys = ["patient_id"] if unit == "patient" else ["patient_id", "image_id"]
    both = own.merge(external[[*keys, "roi_pixels"]], on=keys)
    paired = stats.compare_auc(
        both["y_true"],
        both["y_score"],
        sign * both["roi_pixels"],
        None if unit == "patient" else both["patient_id"],
    )
    row = rows[(rows["family"] == "Radiomics") & (rows["subset"] == "external")].iloc[0]
    assert row["direction"] == ("larger" if sign > 0 else "smaller")
    assert row["train_auc"] == pytest.approx(max(upwards, 1 - upwards))
    assert row["n_train"] == train["patient_id"].nunique()
    assert (row["size_auc"], row["size_low"]) == pytest.approx((alone.auc, alone.ci_low))
    assert (row["delta"], row["ci_low"], row["ci_high"]) == pytest.approx(
        (paired.delta, paired.ci_low, paired.ci_high)
    )
    assert row["auc"] - row["size_auc"] == pytest.approx(row["delta"])
    assert (row["feature"], row["size_unit"]) == (None, "in pixels, whatever their size")


def test_a_model_that_is_size_gains_nothing_over_it(study: Study, predictions: pd.DataFrame) -> None:
    sign = 1 if size_gains(analysis(study, predictions))["direction"].iloc[0] == "larger" else -1
    rows = size_gains(analysis(study, sized(study, predictions, sign)))
    own = rows[rows["family"] == "Radiomics"]
    assert (own["delta"] == 0).all()
    assert (own["p"] == 1).all()
    assert own["reason"].eq("both scores rank every case alike").all()


def test_images_without_a_size_are_counted_and_a_study_without_any_has_no_rows(
    study: Study, predictions: pd.DataFrame
) -> None:
    images = study.images.copy()
    outside = study.cases().query("subset == 'external'")["image_id"].iloc[:2]
    images["roi_pixels"] = images["roi_pixels"].astype(float).mask(images["image_id"].isin(outside))
    rows = size_gains(analysis(replace(study, images=images), predictions))
    left = rows.groupby("subset")["n_left_out"].max()
    assert left.to_dict() == {"external": 2, "validation": 0}
    nothing = replace(study, images=images.assign(roi_pixels=np.nan))
    found = size_gains(analysis(nothing, predictions))
    assert found.empty
    assert list(found.columns) == COLUMNS


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_what_pooling_borrows_is_that_of_the_external_cases(
    study: Study, predictions: pd.DataFrame, unit: Unit
) -> None:
    rows = borrowed_aucs(analysis(study, predictions, unit))
    assert list(zip(rows["family"], rows["classifier"], strict=True)) == CHOSEN
    own = predictions[
        (predictions["family"] == "US")
        & (predictions["subset"] == "external")
        & (predictions["estimate"] == "fitted")
    ]
    if unit == "patient":
        keys = {"center": "first", "y_true": "first", "y_score": "mean"}
        own = own.groupby("patient_id", as_index=False).agg(keys)
    groups = own["patient_id"] if unit == "image" else None
    found = stats.borrowed_auc(own["y_true"], own["y_score"], own["center"], groups)
    row = rows.iloc[0]
    assert (row["delta"], row["within"]) == pytest.approx((found.delta, found.within))
    assert (row["n_pairs"], row["n_same"], row["unit"]) == (found.n_pairs, found.n_same, unit)
    assert row["left_out"] == ""


def test_without_an_external_set_nothing_is_borrowed(study: Study, predictions: pd.DataFrame) -> None:
    inside = predictions[predictions["subset"] != "external"]
    assert borrowed_aucs(analysis(study, inside)).empty


def test_net_benefit_has_every_risk_of_the_decision(study: Study, predictions: pd.DataFrame) -> None:
    given = analysis(study, as_probabilities(predictions))
    rows = net_benefits(given)
    assert set(rows["subset"]) == {"validation", "external"}
    own = rows[(rows["family"] == "Radiomics") & (rows["subset"] == "external")]
    assert (own["threshold"].min(), own["threshold"].max(), len(own)) == (0.2, 0.5, 101)
    assert own["n_patients"].iloc[0] == predictions.query("subset == 'external'")["patient_id"].nunique()
    pi, risk = own["prevalence"], own["threshold"]
    assert np.allclose(own["treat_all"], pi - (1 - pi) * risk / (1 - risk))
    assert own["prevalence_source"].eq(stats.STUDY_MIX).all()
    assert net_benefits(analysis(study, as_probabilities(predictions), decision=None)).empty
