"""A value that nobody measured is not made up: the image trains nothing, or has no score, and is counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.config import with_changes
from sgcore.domain import CLASSIFIERS
from sgcore.models import DescriptorSelector
from tests.models.deep_cases import CONFIG, DEEP, cases, scores, selected


@pytest.mark.parametrize("kind", ["descriptors", "combined"])
def test_a_training_image_without_a_kept_descriptor_trains_no_classifier(kind):
    study = cases(1)
    study.features.loc[["i3", "i20"], "aspect_ratio"] = np.nan
    names = ("LR", "SVM", "LightGBM", "MLP")
    result = study.run(kind, names)
    assert "aspect_ratio < 1" in selected(result)
    assert result.trained.equals(study.train.drop(["i3", "i20"]))
    assert any(note.startswith("2 training image(s) lack a selected value") for note in result.notes)
    for name in names:
        for estimate in ("fitted", "out_of_fold"):
            found = scores(result, estimate, name)
            assert found.index[found.isna()].tolist() == ["i3", "i20"]
    for row in ("i3", "i20"):
        assert result.design.loc[row].isna().sum() == 1


def test_the_features_are_those_of_radiomics_dl_whatever_descriptors_lack():
    study = cases(1)
    study.features.loc[["i3", "i20"], "aspect_ratio"] = np.nan
    stacked, both = study.run(estimates=()), study.run("combined", estimates=())
    pd.testing.assert_frame_equal(both.trace[: len(stacked.trace)], stacked.trace)
    assert any("2 training images without an aspect ratio had no say" in note for note in both.notes)
    study.features = study.features.drop(index=["i3", "i20"])
    study.train = study.train.drop(["i3", "i20"])
    us = study.run("descriptors", estimates=())
    descriptors = both.trace[len(stacked.trace) :].reset_index(drop=True)
    pd.testing.assert_frame_equal(descriptors, us.trace, check_dtype=False)


def test_a_held_out_image_without_a_kept_descriptor_has_no_score():
    study = cases(1)
    study.features.loc["i100", "aspect_ratio"] = np.nan
    study.features.loc["i101", "margin"] = None
    result = study.run("combined")
    assert {"aspect_ratio < 1", "margin"} <= set(selected(result))
    found = scores(result)
    assert found.index[found.isna()].tolist() == ["i100"]
    assert any("i100" in note and note.startswith("1 image(s) have no score") for note in result.notes)
    assert any("(not recorded); they count as" in note for note in result.notes)


def test_a_descriptor_that_is_not_kept_may_be_missing():
    study = cases(1, descriptor=0)
    study.features.loc[["i3", "i100"], "aspect_ratio"] = np.nan
    result = study.run("combined", config=with_changes(CONFIG, selection__p_threshold=1e-3))
    assert not {"margin", "aspect_ratio < 1"} & set(selected(result))
    assert result.trained.equals(study.train)
    assert scores(result).notna().all()


def test_where_descriptors_leave_one_label_there_are_no_scores(monkeypatch):
    study = cases(1)
    positive = study.labels.index[study.labels == 1]
    # What one label alone has passes no test; here it is kept by force.
    fit = DescriptorSelector.fit

    def keeping(self, X, y, groups):
        fit(self, X, y, groups)
        self.kept_ = ["aspect_ratio < 1"]
        return self

    monkeypatch.setattr(DescriptorSelector, "fit", keeping)
    study.features.loc[positive, "aspect_ratio"] = np.nan
    result = study.run("combined", CLASSIFIERS)
    assert result.scores["y_score"].isna().all()
    assert "do not have both labels" in result.unavailable
    assert any("there are no scores" in note for note in result.notes)
    assert len(result.trace) > len(DEEP)


@pytest.mark.parametrize("kind", ["radiomics_dl", "combined"])
def test_a_training_image_without_components_trains_nothing(kind):
    study, without = cases(1), cases(1)
    gone = ["i3", "i20"]
    study.features.loc[gone, DEEP] = np.nan
    result = study.run(kind, ("LR", "RF"))
    without.train = without.train.drop(gone)
    expected = without.run(kind, ("LR", "RF"))
    assert "DL_0" in selected(result)
    pd.testing.assert_frame_equal(result.trace, expected.trace)
    assert result.trained.equals(without.train)
    for name in ("LR", "RF"):
        for estimate in ("fitted", "out_of_fold"):
            found = scores(result, estimate, name)
            assert sorted(found.index[found.isna()]) == sorted(gone)
            others = found.drop(gone)
            pd.testing.assert_series_equal(others, scores(expected, estimate, name)[others.index])
    assert "2 training image(s) lack deep features and train nothing (first i3)" in result.notes


@pytest.mark.parametrize("kind", ["radiomics_dl", "combined"])
@pytest.mark.parametrize("all_images", [False, True])
def test_where_components_leave_one_label_there_is_no_family(kind, all_images):
    study = cases(1)
    gone = study.labels.index if all_images else study.labels.index[study.labels == 1]
    study.features.loc[gone, DEEP] = np.nan
    result = study.run(kind)
    assert len(result.scores) == len(study.labels) + len(study.train)
    assert result.scores["y_score"].isna().all()
    assert "do not have both labels" in result.unavailable
    assert "lack deep features" in result.notes[0]
    assert result.trace.empty
    assert not (result.trace["step"] == "selected").any()
    assert study.run(kind, estimates=()).scores.empty


def test_a_fold_may_hold_out_everybody_who_has_a_descriptor():
    study = cases(1)
    study.features["margin"] = study.features["echo"] = None
    study.features["aspect_ratio"] = np.nan
    study.features.loc[study.train[:2], "margin"] = "clear"
    both, stacked, us = (study.run(kind) for kind in ("combined", "radiomics_dl", "descriptors"))
    pd.testing.assert_frame_equal(both.scores, stacked.scores)
    assert any("3 of 3 training folds: no descriptor was kept" in note for note in both.notes)
    assert scores(us, "out_of_fold").nunique() == 1
