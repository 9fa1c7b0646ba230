"""The page Features: a feature of each family, residue first, filters and links, closed cases of a what-if."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sgcore import workflow
from sgcore.ui.chosen_case import key_of
from tests.pages.driving import charts, choose, field, first, labels, open_page, press, table_with, text, turn
from tests.support.app import PAGES, ROOT
from tests.support.what_if import what_if_of


def _links(app: AppTest) -> dict[str, str]:
    """Label and query of each link of the page."""
    return {link.proto.label.replace("\\", ""): link.proto.query_string for link in app.get("page_link")}


def _drawn(app: AppTest) -> pd.DataFrame:
    """The table of the figure."""
    return table_with(app, "Label")


@pytest.mark.parametrize("family", ["US", "Radiomics", "RadiomicsDL", "Combined"])
def test_a_feature_of_each_family(network_path: Path, family: str) -> None:
    app = open_page("Features", family=family)
    assert not app.exception
    assert not app.error
    assert f"is in the {family} model" in first(app)
    assert charts(app) == 1
    assert set(_drawn(app)["Cases"]) == {"Training", "Validation", "External"}
    assert set(_drawn(app)["Label"]) == {"primary", "secondary"}
    assert len(table_with(app, "Fate")) == len(field(app.selectbox, _picker(app)).options)


def _picker(app: AppTest) -> str:
    return next(label for label in labels(app.selectbox) if label.startswith("Feature ("))


def test_numbers_of_a_feature_and_links_to_its_extremes(network_path: Path) -> None:
    with workflow.open_store(network_path) as store:
        study_id = workflow.list_studies(store)["study_id"].iloc[0]
        analysis = workflow.load_analysis(store, workflow.reference_id(store, study_id) or "")
        name = analysis.features.values.columns[5]
        values = analysis.features.values[name].sort_values()
        cases = workflow.feature_cases(analysis, "Radiomics", name)
    app = open_page("Features", family="Radiomics", feature=name, unit="image")
    assert "Spearman correlation with lesion size (pixels of the ROI)" in text(app)
    beta = cases[(cases["center"] == "Beta") & (cases["y"] == 0)]
    row = _drawn(app).query("Center == 'Beta' and Label == 'primary'").iloc[0]
    assert row["n"] == len(beta)
    assert float(row["Median"]) == pytest.approx(beta["value"].median(), rel=1e-3)
    ends = [link for link in _links(app).items() if "case=" in link[1]]
    assert [label.split(" ")[0] for label, _ in ends] == [*values.index[:3], *values.index[:-4:-1]]
    assert f"case={key_of(study_id, values.index[0])}" in ends[0][1]
    by_patient = choose(app, unit="patient")
    row = _drawn(by_patient).query("Center == 'Beta' and Label == 'primary'").iloc[0]
    assert row["n"] == beta["patient_id"].nunique()


def test_dl_leads_to_its_networks(network_path: Path) -> None:
    app = open_page("Features", family="DL")
    assert not app.exception
    assert first(app) == "**DL has no features to look at: its scores are a network's own.**"
    assert charts(app) == 0
    assert any(label.startswith("The networks") for label in _links(app))


def test_search_and_filters_are_in_the_link(network_path: Path) -> None:
    app = open_page("Features", family="RadiomicsDL", feature_class="deep")
    assert set(table_with(app, "Fate")["Class"]) == {"Deep feature"}
    assert "Deep feature DL_" in first(app)
    field(app.text_input, "Search").set_value("dl_1")
    app.run()
    assert list(table_with(app, "Fate")["Feature"]) == ["DL_1"]
    assert app.query_params["feature_search"] in ("dl_1", ["dl_1"])
    assert app.query_params["feature_class"] in ("deep", ["deep"])
    field(app.text_input, "Search").set_value("nothing is called so")
    app.run()
    assert not app.exception
    assert "features of RadiomicsDL passes these filters" in first(app)
    app = press(app, "Show all features")
    assert "feature_search" not in app.query_params
    assert set(table_with(app, "Fate")["Class"]) > {"Deep feature"}


def test_a_link_restores_the_search_and_one_to_a_feature_leaves_filters_behind(network_path: Path) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.switch_page(PAGES["Features"][0])
    app.query_params["family"] = "Combined"
    app.query_params["feature_search"] = "margin"
    app.run()
    assert not app.exception
    assert list(table_with(app, "Fate")["In words"]) == ["margin"]
    for name in ("feature_search", "feature_class", "feature_image", "feature_fate", "feature_residue"):
        app.query_params.pop(name, None)
    # A term of a model leads to the descriptor that it is a level of.
    app.query_params["feature"] = "echogenicity=mixed"
    app.run()
    assert first(app).startswith("**Echogenicity ")
    assert len(table_with(app, "Fate")) > 1


def test_explanations_lead_to_the_feature_that_they_show(network_path: Path) -> None:
    app = open_page("Explanations", family="Radiomics")
    feature = table_with(app, "In words")["Feature"].iloc[0]
    assert f"feature={feature}" in _links(app)["This feature by label and center"]
    selection = turn(app, "Selection")
    assert any(label.startswith("One feature at a time") for label in _links(selection))


def test_a_what_if_shows_training_cases_until_others_are_asked_for(network_path: Path) -> None:
    app = open_page("Features", analysis=what_if_of(network_path), family="Radiomics")
    assert not app.exception
    assert set(_drawn(app)["Cases"]) == {"Training"}
    assert "Show external cases" not in labels(app.button)
    app = press(app, "Show validation cases")
    assert set(_drawn(app)["Cases"]) == {"Training", "Validation"}
    assert "look 1 of this study" in text(app)
    app = press(app, "Show external cases")
    assert set(_drawn(app)["Cases"]) == {"Training", "Validation", "External"}
    assert "look 2 of this study" in text(app)


def test_residue_says_so_first(network_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = workflow.Analysis.frame

    def without_response(analysis: workflow.Analysis, kind: str) -> pd.DataFrame:
        ratios = pd.DataFrame({"image_id": ["a"], "image_type": "original", "ratio": 1e-17})
        return ratios if kind == "residue" else stored(analysis, kind)

    monkeypatch.setattr(workflow.Analysis, "frame", without_response)
    app = open_page("Features", family="RadiomicsDL", feature_residue="True")
    assert not app.exception
    assert first(app).startswith("**Numerical residue (original_")
    assert table_with(app, "Fate")["In words"].str.startswith("numerical residue (original_").all()


def _with(monkeypatch: pytest.MonkeyPatch, values: Any) -> None:
    """Every feature has these values in the order of the study's images."""
    stored = workflow.feature_cases

    def changed(*asked: Any) -> pd.DataFrame:
        rows = stored(*asked)
        return rows.assign(value=np.resize(values, len(rows)))

    monkeypatch.setattr("sgcore.ui.store.workflow.feature_cases", changed)


def test_constant_and_missing_values_are_said(network_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, 3.5)
    app = open_page("Features", family="Radiomics")
    assert not app.exception
    assert charts(app) == 1
    assert "The value is 3.500 everywhere." in text(app)
    assert "all images that have a value have the same one" in text(app)


def test_a_feature_without_any_value(network_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, np.nan)
    app = open_page("Features", family="Radiomics")
    assert not app.exception
    assert charts(app) == 0
    assert "No image that may be shown has a finite value" in text(app)


def test_a_study_of_brought_features_tells_no_size(brought_networks_path: Path) -> None:
    app = open_page("Features", family="Radiomics", feature="original_glcm_F0")
    assert not app.exception
    assert "The study tells no lesion size" in text(app)
    assert charts(app) == 1
    assert all(
        label.split("-")[0][:3] in {"Alp", "Bet", "Gam"} for label, to in _links(app).items() if "case=" in to
    )
