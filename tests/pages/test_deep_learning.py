"""The page Deep learning: networks trained here, brought or absent, and a what-if whose held-out part is closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgcore import workflow
from sgcore.ui import store
from tests.pages.driving import charts, choose, field, first, labels, open_page, table_with, text
from tests.support.what_if import what_if_of


def test_a_trained_network(network_path: Path) -> None:
    app = open_page("Deep learning", subset="external")
    assert not app.exception
    assert not app.error
    assert first(app).startswith("**ResNet18 without pretraining, 2 epochs: AUC ")
    assert "on the external set against" in first(app)
    assert charts(app) == 5
    assert [name for name in labels(app.selectbox) if name in ("Cases", "Network")] == ["Cases", "Network"]
    weights = table_with(app, "First weights")
    assert weights["First weights"].tolist() == ["no pretraining: all weights drawn from the seed"]
    assert weights["Trained on"].tolist() == ["all training patients"]
    # No file was read: its columns would be empty.
    assert not {"Weights file", "SHA-256"} & set(weights.columns)
    assert set(table_with(app, "Threshold from")["Classifier"]) == {"ResNet18"}


def test_each_measure_of_the_training_has_its_curve(network_path: Path) -> None:
    app = open_page("Deep learning")
    assert "Dashed: training images. Solid: validation images. Last training value" in text(app)
    before = text(app)
    choose(app, metric="auc")
    assert not app.exception
    assert "The dotted line is chance" in text(app)
    assert "The dotted line is chance" not in before


def test_without_networks_it_says_what_is_missing_and_how_to_get_it(store_path: Path) -> None:
    app = open_page("Deep learning")
    assert not app.exception
    assert first(app) == "**This analysis has no networks.**"
    assert charts(app) == 0
    said = text(app)
    assert "Train one on the import page" in said
    assert "deep_features, deep_scores and training_curves" in said


def test_brought_networks(brought_networks_path: Path) -> None:
    app = open_page("Deep learning", subset="external")
    assert not app.exception
    assert "(brought by the study): AUC " in first(app)
    assert field(app.selectbox, "Network").options == ["ResNet50", "our own"]
    weights = table_with(app, "Trained on")
    assert set(weights["Trained on"]) == {"elsewhere"}
    assert weights["Used"].sum() == 1
    assert charts(app) == 5
    choose(app, network="our own", metric="auc")
    assert not app.exception
    assert "highest 0.800 at epoch 3" in text(app)


def test_held_out_results_of_a_what_if_open_on_demand_and_count(network_path: Path) -> None:
    app = open_page("Deep learning", analysis=what_if_of(network_path))
    assert not app.exception
    assert "only held-out patients tell" in first(app)
    assert "alidation images" not in text(app)
    assert set(table_with(app, "Images of")["Images of"]) == {"Training"}
    assert set(table_with(app, "Threshold from")["Cases"]) == {"Training"}
    assert _looks() == set()
    choose(app, what_if_subset="validation")
    assert "on the validation set" in first(app)
    assert "this look at its held-out results was counted" in text(app)
    assert set(table_with(app, "Images of")["Images of"]) == {"Training", "Validation"}
    assert set(table_with(app, "Threshold from")["Cases"]) == {"Training", "Validation"}
    assert _looks() == {"deep learning: validation"}


def test_every_network_stands_in_one_table(brought_networks_path: Path) -> None:
    app = open_page("Deep learning", subset="external")
    shown = app.table[0].value
    assert shown.columns.tolist() == [
        "Network",
        "Accuracy",
        "AUC",
        "Sensitivity",
        "Specificity",
        "PPV",
        "NPV",
    ]
    assert len(shown) == 2
    assert sum("(picked)" in name for name in shown["Network"]) == 1
    whole = table_with(app, "NPV")
    assert set(whole["Cases"]) == {"Training (its own patients)", "Validation", "External"}
    assert whole["Picked"].sum() == 3
    choose(app, subset="train")
    assert all("its own patients" in name for name in app.table[0].value["Network"])
    assert "none of this is an estimate for others" in text(app)


def test_confusion_matrices_are_those_of_the_chosen_network(brought_networks_path: Path) -> None:
    app = open_page("Deep learning", network="our own")
    assert "Confusion matrices of our own" in [each.value for each in app.header]
    counts = table_with(app, "Called primary")
    whole = table_with(app, "NPV")
    own = whole[whole["Network"] == "our own"]
    assert [text.split(",")[0] for text in counts["Cases"].unique()] == own["Cases"].tolist()
    total = counts.groupby("Cases", sort=False)[["Called primary", "Called secondary"]].sum().sum(axis=1)
    assert total.tolist() == (own["Positive"] + own["Negative"]).tolist()
    assert "stand by the network that was fitted on them" in text(app)


def test_networks_without_scores_say_so(brought_networks_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = workflow.Analysis.frame

    def unscored(analysis: workflow.Analysis, kind: str):
        rows = stored(analysis, kind)
        return rows[rows["classifier"] != "our own"] if kind in ("predictions", "evaluations") else rows

    monkeypatch.setattr(workflow.Analysis, "frame", unscored)
    app = open_page("Deep learning", network="our own")
    assert not app.exception
    assert "our own has no scores." in text(app)
    assert "Nothing can be counted: it has no scores." in text(app)


def _looks() -> set[str]:
    study_id = store.studies()["study_id"].iloc[0]
    return set(store.store().analyses.looks(study_id)["what"])
