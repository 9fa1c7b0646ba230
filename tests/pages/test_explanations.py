"""The page Explanations: SHAP values of a model, none yet, none possible, and the maps that stand for DL."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sgcore import workflow
from sgcore.ui import explained
from tests.pages.driving import (
    charts,
    choose,
    field,
    finish,
    first,
    labels,
    open_page,
    press,
    table_with,
    text,
)
from tests.support.what_if import what_if_of


@pytest.mark.parametrize("family", ["US", "Radiomics", "RadiomicsDL", "Combined"])
def test_a_model_is_explained(network_path: Path, family: str) -> None:
    app = open_page("Explanations", family=family)
    assert not app.exception
    assert not app.error
    assert first(app).startswith(f"**{family} (")
    assert "the probability of secondary" in first(app) or "no feature moves" in first(app)
    assert "What drives a model is no cause of the disease" in first(app) or "no feature" in first(app)
    assert charts(app) == 3
    assert "Compute explanations" not in labels(app.button)


def test_the_features_are_those_of_the_chosen_model(network_path: Path) -> None:
    app = open_page("Explanations", family="RadiomicsDL", shap_classifier="LR")
    own = table_with(app, "In words")
    with_error = "Largest Monte Carlo error"
    assert with_error not in own
    feature = own["Feature"].iloc[-1]
    choose(app, shap_feature=feature)
    assert not app.exception
    assert field(app.selectbox, "Feature").value == feature
    images = table_with(app, "Value of the feature")
    assert set(images["Cases"]) == {"Training", "Validation", "External"}


def test_dl_has_maps_in_place_of_features(network_path: Path) -> None:
    app = open_page("Explanations", family="DL")
    assert not app.exception
    assert "a map of each image (Grad-CAM)" in first(app)
    assert "The share of the map inside the ROI is in the median" in text(app)
    assert "times chance for primary" in text(app)
    assert "asked again with the lesion painted over" in text(app)
    table = table_with(app, "Lesion painted over")
    assert list(table["Cases"]) == ["Training", "Validation", "External"]
    assert table["Lesion alone"].str.fullmatch(r"\d\.\d{3} \(.+ to .+\)").all()
    assert charts(app) == 0


def test_a_what_if_shows_answers_without_the_lesion_of_training_images_alone(network_path: Path) -> None:
    app = open_page("Explanations", analysis=what_if_of(network_path), family="DL")
    assert not app.exception
    assert list(table_with(app, "Lesion painted over")["Cases"]) == ["Training"]
    assert "Of a what-if training images alone are shown here" in text(app)


def test_brought_networks_have_no_maps(brought_networks_path: Path) -> None:
    app = open_page("Explanations", family="DL")
    assert not app.exception
    assert "there is no map of what its network looks at" in first(app)


def test_a_study_without_networks_is_explained_too(store_path: Path) -> None:
    app = open_page("Explanations")
    assert not app.exception
    assert first(app).startswith("**Radiomics (")
    assert "DL" not in field(app.selectbox, "Family").options


def test_a_model_that_cannot_be_explained_says_why(
    network_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = workflow.Analysis.frame

    def unexplained(analysis: workflow.Analysis, kind: str) -> pd.DataFrame:
        rows = stored(analysis, kind)
        return rows.assign(n_explained=0, reason="it does [not](x) add up") if kind == "shap_models" else rows

    monkeypatch.setattr(workflow.Analysis, "frame", unexplained)
    app = open_page("Explanations", family="Radiomics")
    assert not app.exception
    assert "has no SHAP values" in first(app)
    assert "it does [not](x) add up" in text(app)
    assert charts(app) == 0


def test_a_what_if_is_explained_on_request_on_training_images_alone(network_path: Path) -> None:
    app = open_page("Explanations", analysis=what_if_of(network_path))
    assert not app.exception
    assert first(app) == "**SHAP values have not been computed for this analysis yet.**"
    assert "SHAP values are missing of US, Radiomics, RadiomicsDL and Combined" in text(app)
    app = finish(press(app, "Compute explanations"))
    assert not app.exception
    assert charts(app) == 3
    assert "training images)" in first(app)
    assert set(table_with(app, "Value of the feature")["Cases"]) == {"Training"}
    assert "Of a what-if training images alone are shown here" in text(app)
    assert "Compute explanations" not in labels(app.button)


def test_stopped_explanations_say_so_and_are_offered_again(
    network_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = workflow.explain

    def stop(*args, cancel, **settings):
        cancel.set()
        compute(*args, cancel=cancel, **settings)

    monkeypatch.setattr(explained.workflow, "explain", stop)
    app = finish(press(open_page("Explanations", analysis=what_if_of(network_path)), "Compute explanations"))
    assert not app.exception
    assert any("Stopped on request" in info.value for info in app.info)
    assert "Compute explanations" in labels(app.button)
