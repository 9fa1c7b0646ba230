"""The classifiers page's part Threshold: slider and link, confusion matrix, wrong cases, and what cannot be moved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sgcore import workflow
from sgcore.stats.delong import ALL_EQUAL
from sgcore.ui import store
from tests.pages.driving import (
    charts,
    choose,
    field,
    first,
    labels,
    open_page,
    press,
    table_with,
    text,
    turn,
)
from tests.support.what_if import what_if_of


def _slider(app: AppTest):
    return field(app.slider, "Threshold")


def test_it_opens_at_the_stored_threshold(store_path: Path) -> None:
    app = open_page("Classifiers", "Threshold")
    assert not app.exception
    assert "**At its stored threshold of " in first(app)
    assert "was carried here unchanged" in text(app)
    assert charts(app) == 3
    counts = table_with(app, "Called primary")
    measures = app.table[0].value.set_index("Measure")
    hits = counts.set_index("Label").loc["secondary"]
    said = f"{hits['Called secondary']} of {hits['Called primary'] + hits['Called secondary']}"
    assert measures.loc["Sensitivity", "Cases"] == f"{said} secondary patients"
    assert said + " secondary patients secondary" in first(app)
    assert "threshold" not in app.query_params
    assert field(app.button, "Back to the stored threshold").disabled


def test_moving_it_is_no_estimate_and_the_link_keeps_it(store_path: Path) -> None:
    app = open_page("Classifiers", "Threshold")
    stored = _slider(app).value
    _slider(app).set_value(_slider(app).max)
    app.run()
    assert not app.exception
    assert "instead of the stored" in first(app)
    assert "so this is no estimate of the model" in first(app)
    # Above the highest score nobody is called positive.
    assert table_with(app, "Called primary")["Called secondary"].tolist() == [0, 0]
    kept = app.query_params["threshold"]
    assert float(kept[0] if isinstance(kept, list) else kept) == _slider(app).value
    turn(turn(app, "Classifiers", "AUC"), "Classifiers", "Threshold")
    assert "instead of the stored" in first(app)
    press(app, "Back to the stored threshold")
    assert "**At its stored threshold of " in first(app)
    assert _slider(app).value == stored
    assert "threshold" not in app.query_params


def test_a_link_sets_the_threshold_of_its_classifier_alone(store_path: Path) -> None:
    app = open_page("Classifiers", "Threshold", cut_classifier="LR", threshold="0.25")
    assert _slider(app).value == 0.25
    assert "At 0.250 instead of" in first(app)
    choose(app, cut_classifier="RF")
    assert "(RF)" in first(app)
    assert "**At its stored threshold of " in first(app)
    choose(app, cut_classifier="LR")
    assert _slider(app).value == 0.25
    # By image the model carries another threshold.
    choose(app, unit="image")
    assert "**At its stored threshold of " in first(app)
    assert "Intervals are clustered by patient" in text(app)
    # Beyond the scale the nearest end is taken.
    choose(app, threshold="7")
    assert _slider(app).value == _slider(app).max


def test_a_clicked_case_opens_its_page(store_path: Path) -> None:
    app = open_page("Classifiers", "Threshold", cut_classifier="LR", threshold="0.99")
    wrong = next(widget for widget in app.selectbox if "called wrong" in widget.label)
    app.session_state["clicked_case"] = wrong.value
    app.run()
    assert [title.value for title in app.title] == ["Case"]
    assert wrong.options[0].split(" (")[0] in first(app)


def test_held_out_cases_of_a_what_if_count_as_elsewhere(what_if_path: Path) -> None:
    app = open_page("Classifiers", "Threshold", analysis=what_if_of(what_if_path))
    assert not app.exception
    assert "in the training folds" in first(app)
    assert "chosen on these cases" in first(app)
    assert _looks() == set()
    choose(app, what_if_subset="external")
    assert "on the external set" in first(app)
    assert "this look at its held-out results was counted" in text(app)
    assert _looks() == {"classifiers: external"}


def _looks() -> set[str]:
    study_id = store.studies()["study_id"].iloc[0]
    return set(store.store().analyses.looks(study_id)["what"])


def _changed(monkeypatch: pytest.MonkeyPatch, kind: str, change) -> None:
    stored = workflow.Analysis.frame

    def frame(analysis: workflow.Analysis, asked: str) -> pd.DataFrame:
        rows = stored(analysis, asked)
        return change(rows) if asked == kind else rows

    monkeypatch.setattr(workflow.Analysis, "frame", frame)


def test_one_score_for_all_has_no_slider(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _changed(monkeypatch, "predictions", lambda rows: rows.assign(y_score=0.4))
    _changed(monkeypatch, "evaluations", lambda rows: rows.assign(threshold=-np.inf, reason=ALL_EQUAL))
    app = open_page("Classifiers", "Threshold")
    assert not app.exception
    assert "which calls everybody positive" in first(app)
    assert not app.slider
    assert f"No curve can be drawn for these cases: {ALL_EQUAL}" in text(app)
    assert charts(app) == 2


def test_one_label_alone_is_said_where_its_share_would_stand(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _changed(
        monkeypatch,
        "predictions",
        lambda rows: rows[(rows["subset"] != "external") | (rows["y_true"] == 0)],
    )
    app = open_page("Classifiers", "Threshold", subset="external")
    assert not app.exception
    measures = app.table[0].value.set_index("Measure")["Cases"]
    assert measures["Sensitivity"] == "no positive case"
    assert measures["Negative predictive value"] == "one label only among these cases"
    assert "secondary patients secondary" not in first(app)


def test_networks_without_folds_have_no_training_scores(network_path: Path) -> None:
    app = open_page("Classifiers", "Threshold", family="DL", subset="train")
    assert not app.exception
    assert first(app) == "**DL has no scores for these cases: no model left a training patient out.**"
    choose(app, subset="external")
    assert "DL (ResNet18) calls" in first(app)
    assert "Classifier" in labels(app.selectbox)
