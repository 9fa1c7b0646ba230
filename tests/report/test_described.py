"""The methods in sentences: each setting is in them, and no path of the machine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sgcore.features import preset_hash, preset_path
from sgcore.report import Material, described, described_extraction
from tests.report.changed import with_frames, with_settings, with_study


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"selection__p_threshold": 0.01}, "below 0.01"),
        ({"selection__correction": "holm"}, "Holm-adjusted p"),
        ({"selection__correction": "bh"}, "Benjamini-Hochberg q"),
        ({"selection__test": "mannwhitney"}, "by the Mann-Whitney U test"),
        ({"selection__rho": 0.8}, "above 0.8"),
        ({"selection__lasso_loss": "logistic"}, "logistic loss"),
        ({"selection__lasso_rule": "1se"}, "one standard error from the minimum"),
        ({"selection__folds": 7}, "7 patient-grouped folds"),
        ({"selection__drop_residue": True}, "Left out without looking at labels: numerical residue."),
        ({"selection__icc_min": 0.6}, "lower bound below 0.6"),
        ({"selection__harmonize": "combat"}, "ComBat, fitted on training images"),
    ],
)
def test_selection(plain: Material, changes: dict[str, object], said: str) -> None:
    assert said in described.selection(with_settings(plain, **changes))
    assert said not in described.selection(plain)


def test_descriptors_are_spoken_of_where_there_are_any(plain: Material) -> None:
    without = with_study(plain, descriptors=None)
    assert "Descriptors were selected by logistic regression" in described.selection(plain)
    assert "escriptor" not in described.selection(without)
    assert "; of descriptors: " in described.classifiers(plain)
    assert "escriptor" not in described.classifiers(without)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("external", "on which it is also reported"),
        ("validation", "validation set"),
        ("folds", "folds of the training"),
    ],
)
def test_pick(plain: Material, rule: str, said: str) -> None:
    assert said in described.picking(with_settings(plain, models__pick=rule))


def test_threshold_and_unit(plain: Material) -> None:
    assert "on its own training patients" in described.threshold(plain)
    assert "out of fold" in described.threshold(with_settings(plain, models__threshold="out_of_fold"))
    assert "clustered by patient" in described.statistics(with_settings(plain, unit="image"))
    assert "mean score of a patient" in described.statistics(with_settings(plain, unit="patient"))


def test_split_by_chance_or_by_the_study(plain: Material) -> None:
    by_chance = described.split(plain)
    assert f"seed {plain.study.split_seed}" in by_chance
    assert "18 patients (external)" in by_chance
    assert "column 'part'" in described.split(with_study(plain, split_column="part"))


def test_networks(deep: Material, plain: Material) -> None:
    text = described.networks(deep)
    assert all(name in text for name in deep.frame("networks")["backbone"].unique())
    assert "came from the network that was trained on them" in text
    assert described.networks(plain) == "No networks were part of this analysis."


def test_a_parameter_file_is_named_without_its_folder(plain: Material, tmp_path: Path) -> None:
    own = tmp_path / "secret-folder" / "mine.yaml"
    own.parent.mkdir()
    own.write_text(preset_path("planar-2d").read_text())
    material = with_settings(plain, preset=str(own), preset_hash=preset_hash(own))
    text = described_extraction.extraction(material)
    assert "mine.yaml" in text
    assert "secret-folder" not in text
    assert "bin width of 25" in text
    own.write_text("setting: {binWidth: 5}\n")
    assert described_extraction.parameters(material) is None
    assert "not there any more as it was" in described_extraction.extraction(material)
    own.unlink()
    assert described_extraction.parameters(material) is None


def test_missing_values_are_counted(plain: Material) -> None:
    patients = plain.study.patients.copy()
    patients.loc[patients.index[:3], "age"] = float("nan")
    assert "age 3" in described.missing(with_study(plain, patients=patients))
    whole = plain.study.images.assign(pixel_spacing_mm=0.1)
    assert "no missing values" in described.missing(with_study(plain, images=whole))
    half = whole.assign(device=np.where(np.arange(len(whole)) < 5, None, "scanner"))
    assert "device 5" in described.missing(with_study(plain, images=half))


def test_external_centers_are_pooled_only_where_they_are(plain: Material) -> None:
    means = plain.frame("center_means")
    assert described.pooling(plain) in described.statistics(plain)
    one = with_frames(plain, center_means=means.assign(auc=float("nan"), reason="one external center"))
    assert (
        described.pooling(one)
        == "External centers are shown one by one and not pooled (one external center)."
    )
    many = with_frames(plain, center_means=means.assign(auc=0.7, ci_low=0.6))
    assert described.pooling(many).endswith("with a prediction interval for a new one.")
    assert described.pooling(with_study(plain, external=())) == "There is no external center."
