"""One image's scores, its sum and its map in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.ui import case_answers as says

LABELS = ("primary", "secondary")


def _predictions() -> pd.DataFrame:
    """Patient p has images a and b; q trained the models and has c, which LR also scored out of fold."""
    columns = ["image_id", "patient_id", "subset", "family", "classifier", "estimate", "y_true", "y_score"]
    rows = [
        ("a", "p", "external", "US", "LR", "fitted", 1, 0.7),
        ("b", "p", "external", "US", "LR", "fitted", 1, 0.3),
        ("a", "p", "external", "DL", "net", "fitted", 1, np.nan),
        ("b", "p", "external", "DL", "net", "fitted", 1, 0.9),
        ("c", "q", "train", "US", "LR", "fitted", 0, 0.1),
        ("c", "q", "train", "US", "LR", "out_of_fold", 0, 0.8),
        ("c", "q", "train", "DL", "net", "fitted", 0, 0.2),
    ]
    return pd.DataFrame(rows, columns=columns)


def _evaluations() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"family": f, "classifier": c, "unit": unit, "center": None, "threshold": threshold}
            for f, c in (("US", "LR"), ("DL", "net"))
            for unit, threshold in (("image", 0.6), ("patient", 0.45))
        ]
    )


PICKS = pd.DataFrame({"family": ["DL"], "classifier": ["net"]})


def _scores(image_id: str, unit: str) -> dict[str, dict[str, object]]:
    rows = says.scores(_predictions(), _evaluations(), PICKS, image_id, unit)
    return {row["family"]: row for row in rows.to_dict("records")}


def test_scores_by_image_and_by_patient() -> None:
    by_image, by_patient = _scores("a", "image")["US"], _scores("a", "patient")["US"]
    assert (by_image["score"], by_image["threshold"], by_image["called"], by_image["right"]) == (
        0.7,
        0.6,
        1,
        1,
    )
    assert by_patient["patient_score"] == pytest.approx(0.5)
    assert (by_patient["threshold"], by_patient["image_threshold"], by_patient["called"]) == (0.45, 0.6, 1)
    assert _scores("b", "image")["US"]["right"] == 0


def test_an_image_without_a_score_is_not_called() -> None:
    row = _scores("a", "image")["DL"]
    assert np.isnan(row["called"])
    assert np.isnan(row["right"])
    assert row["picked"]
    # The patient's other image has one.
    assert _scores("a", "patient")["DL"]["called"] == 1


def test_training_images_stand_by_the_models_that_left_them_out() -> None:
    rows = _scores("c", "image")
    assert (rows["US"]["scored"], rows["US"]["score"]) == ("out of fold", 0.8)
    assert (rows["DL"]["scored"], rows["DL"]["score"]) == ("fitted", 0.2)
    assert _scores("a", "image")["US"]["scored"] == "held out"
    assert says.scores(_predictions(), _evaluations(), PICKS, "nobody", "image").empty


def test_sentence() -> None:
    row = pd.Series(_scores("a", "image")["US"])
    text = says.sentence("a (secondary, Beta)", row, LABELS, family="US", by_patient=False)
    assert text == (
        "a (secondary, Beta): by US (LR) the score is 0.700, at or above the threshold of 0.600: called secondary, "
        "which the label is."
    )
    wrong = pd.Series(_scores("b", "image")["US"])
    assert "called primary, while the label is secondary." in says.sentence(
        "b", wrong, LABELS, family="US", by_patient=False
    )
    mean = pd.Series(_scores("a", "patient")["US"])
    assert "the patient's mean score is 0.500" in says.sentence(
        "a", mean, LABELS, family="US", by_patient=True
    )
    none = pd.Series(_scores("a", "image")["DL"])
    assert (
        says.sentence("a", none, LABELS, family="DL", by_patient=False) == "a: DL (net) has no score of it."
    )
    endless = pd.Series(_scores("a", "image")["US"] | {"threshold": -np.inf})
    assert "calls everybody secondary" in says.sentence("a", endless, LABELS, family="US", by_patient=False)
    assert (
        says.sentence("a", None, LABELS, family="US", by_patient=False) == "a: US has no picked classifier."
    )


def test_a_network_is_called_as_its_makers_write_it() -> None:
    row = pd.Series(_scores("b", "image")["DL"] | {"classifier": "resnet18"})
    text = says.sentence("b", row, LABELS, family="DL", by_patient=False)
    assert text.startswith("b: by DL (ResNet18) the score is 0.900")
    assert says.called("US", "resnet18") == "resnet18"


def test_the_figure_of_scores_says_whose_they_are() -> None:
    rows = pd.DataFrame({"family": ["US", "DL"], "scored": ["out of fold", "fitted"]})
    text = says.thresholds(rows, by_patient=False)
    assert "those of models that left the patient out, except DL, which was fitted on the patient." in text
    alone = says.thresholds(rows.iloc[:1], by_patient=True)
    assert alone.startswith("The patient's mean score")
    assert "left the patient out. A score holds" in alone
    assert "left the patient out" not in says.thresholds(rows.assign(scored="held out"), by_patient=False)


def test_the_row_of_a_family_is_that_of_its_pick() -> None:
    rows = pd.DataFrame({"family": ["US", "US"], "classifier": ["LR", "RF"], "picked": [False, True]})
    row = says.family_row(rows, "US")
    assert row is not None
    assert row["classifier"] == "RF"
    assert says.family_row(rows, "DL") is None
    assert says.family_row(pd.DataFrame(), "US") is None


def test_alike_are_training_images_of_others_in_units_of_their_spread() -> None:
    """Image t has f = 0 and g = 0; d is nearer than c only where each feature counts in its own spread."""
    values = pd.DataFrame(
        {
            "image_id": ["t", "t2", "a", "b", "c", "d", "held"] * 2,
            "feature": ["f"] * 7 + ["g"] * 7,
            "feature_value": [0, 0, 300, -300, 0, 90, 0, 0, 0, 3, -3, 2.5, 0, 0],
        }
    )
    cases = pd.DataFrame(
        {
            "patient_id": ["p", "p", "A", "B", "C", "D", "H"],
            "subset": ["train"] * 6 + ["external"],
        },
        index=["t", "t2", "a", "b", "c", "d", "held"],
    )
    assert says.alike(values, cases, "t", count=2) == ["d", "c"]
    assert says.alike(values, cases, "held", count=2) == ["t", "t2"]
    assert says.alike(values, cases, "nobody") == []
    lacking = values.assign(feature_value=values["feature_value"].where(values["image_id"] != "d"))
    assert "d" not in says.alike(lacking, cases, "t", count=5)


def test_steps_show_the_largest_and_sum_the_rest() -> None:
    values = pd.DataFrame(
        {
            "feature": [f"f{i}" for i in range(12)],
            "feature_value": [np.nan, *range(1, 12)],
            "shap_value": np.linspace(-0.2, 0.02, 12),
        }
    )
    bars = says.steps(values, {"f1"})
    assert len(bars) == 10
    assert bars[0] == ("f0", -0.2)
    assert bars[1][0] == "numerical residue (f1) = 1"
    assert bars[-1][0] == "3 other features"
    assert sum(value for _, value in bars) == pytest.approx(values["shap_value"].sum())


def test_waterfall_of_a_training_patient_names_the_other_score() -> None:
    model = pd.Series({"base": 0.4, "n_background": 50})
    train, held = (pd.Series(_scores(image, "image")["US"]) for image in ("c", "a"))
    assert "by models that left the patient out the score is 0.800" in says.waterfall(model, train, "x")
    assert "left the patient out" not in says.waterfall(model, held, "x")
    assert says.waterfall(model, held, "x").startswith(
        "From the average over 50 training images (0.400) each"
    )


MAP = {
    "height": 7,
    "width": 7,
    "reason": "",
    "roi_share": 0.42,
    "roi_chance": 0.2,
    "roi_ratio": 2.1,
    "roi_reason": "",
}


def test_map_text() -> None:
    text = says.map_text(MAP, "resnet18", "secondary")
    assert (
        "Where ResNet18 finds what speaks for secondary (Grad-CAM, 7 x 7 cells over the dotted square)"
        in text
    )
    assert "too coarse to outline a lesion, and no evidence that the answer is right" in text
    assert "42% of the map lies inside the ROI, which is 20% of what the network saw: 2.1 times" in text
    empty = says.map_text(MAP | {"reason": "the map is zero everywhere"}, "resnet18", "x")
    assert empty == "No map of ResNet18 for x: the map is zero everywhere."
    whole = MAP | {"roi_ratio": np.nan, "roi_reason": "the ROI fills all"}
    assert says.map_text(whole, "resnet18", "x").endswith("Share inside the ROI: the ROI fills all.")
    assert "networks made elsewhere bring no maps" in says.no_map(brought=True)
    assert "no network of this analysis has one" in says.no_map(brought=False)
