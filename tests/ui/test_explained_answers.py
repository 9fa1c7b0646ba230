"""Sentences on SHAP values: the largest first, residue named as such, sampling said."""

from __future__ import annotations

import pandas as pd

from sgcore.explain.occlusion_auc import occlusion_auc
from sgcore.ui import explained_answers as says
from tests.plots.explained_frames import FEATURES, shap_values

RESIDUE = {"wavelet-LHH_glcm_SumEntropy"}
MODEL = {"base": 0.41, "method": "exact, over all coalitions", "exact": True, "n_background": 100}


def test_names_are_in_the_order_of_importance_and_plain() -> None:
    names = says.names(shap_values(), RESIDUE)
    assert list(names) == list(FEATURES)
    assert list(names.values()) == [
        "deep feature DL_0",
        "numerical residue (wavelet-LHH_glcm_SumEntropy)",
        "Mean (First order, original)",
        "margin: clear",
    ]


def test_sentence() -> None:
    values = shap_values()
    names = says.names(values, set())
    text = says.sentence(("RadiomicsDL", "SVM"), values, names, label="secondary", cases="40 images")
    mean = values.loc[values["feature"] == "DL_0", "shap_value"].abs().mean()
    assert text.startswith("RadiomicsDL (SVM) is driven most by deep feature DL_0")
    assert f"the probability of secondary up or down by {mean:.3f} on average (40 images)" in text
    assert "then Sum Entropy (GLCM, wavelet LHH)" in text
    assert "margin" not in text


def test_a_model_that_nothing_moves() -> None:
    values = shap_values().assign(shap_value=0.0)
    text = says.sentence(("US", "LR"), values, says.names(values, set()), label="x", cases="40 images")
    assert "no feature moves the probability of x" in text


def test_one_feature_alone() -> None:
    values = shap_values()
    values = values[values["feature"] == "DL_0"]
    text = says.sentence(("US", "LR"), values, says.names(values, set()), label="x", cases="1 training image")
    assert "(1 training image). What drives" in text


def test_caption_says_base_method_and_error() -> None:
    values = shap_values()
    exact = says.caption(pd.Series(MODEL), values)
    assert (
        "starting from the average over 100 training images (0.410). Computed: exact, over all coalitions."
        in exact
    )
    assert "Monte Carlo" not in exact
    sampled = says.caption(pd.Series(MODEL | {"exact": False}), values.assign(mc_error=0.0123))
    assert "over all coalitions; the Monte Carlo standard error is at most 0.0123. " in sampled
    unknown = says.caption(pd.Series(MODEL | {"exact": False}), values.assign(mc_error=float("nan")))
    assert "; its error is not known. " in unknown


def test_residue_note() -> None:
    names = says.names(shap_values(), RESIDUE)
    assert says.residue_note(names, RESIDUE).startswith("1 feature of this model is numerical residue")
    assert "responds with rounding error alone" in says.residue_note(names, RESIDUE)
    two = says.residue_note(names, RESIDUE | {"DL_0"})
    assert two.startswith("2 features of this model are numerical residue")
    assert "their filters respond" in two
    assert says.residue_note(names, set()) == ""


def test_answers_without_the_lesion() -> None:
    rows = pd.DataFrame(
        {
            "patient_id": list("abcdef"),
            "y": [0, 1, 0, 1, 0, 1],
            "whole": [1.0, 2, 3, 4, 5, 6],
            "surroundings": [1.0, 2, 3, 4, 6, 5],
            "lesion": [6.0, 5, 4, 3, 2, 1],
        }
    )
    table = says.occlusion({"train": occlusion_auc(rows), "external": occlusion_auc(rows)})
    assert list(table["Cases"]) == ["Training", "External"]
    assert table["Whole image"][0].startswith("0.667 (")
    assert table["Lesion painted over"][0].startswith("0.556 (")
    assert table["Lesion alone"][1].startswith("0.333 (")
    assert table["Painted over minus alone"][1].startswith("+0.222 (")
    assert table[["Images", "Patients"]].to_numpy().tolist() == [[6, 6], [6, 6]]
    none = occlusion_auc(rows.assign(y=1))
    assert says.occlusion({"train": none}).empty


def test_maps_of_all_images() -> None:
    rows = pd.DataFrame({"target": [0, 1, 1, 1], "roi_ratio": [1.0, 2.0, 3.0, float("nan")]})
    tested = pd.DataFrame({"image_id": ["a", "a", "b"], "rho": [0.1, 0.3, float("nan")]})
    text = says.maps(rows, tested, ("primary", "secondary"))
    assert "1.0 times chance for primary (1 image) and 2.5 times chance for secondary (2 images)" in text
    assert "median rank correlation of 0.20 (1 image)" in text
    assert says.maps(rows.iloc[:0], tested.iloc[:0], ("primary", "secondary")) == ""
    assert says.maps(rows.iloc[:0], tested, ("primary", "secondary")).startswith("Maps of networks")
