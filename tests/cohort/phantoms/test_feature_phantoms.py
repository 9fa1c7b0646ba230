"""Feature phantoms: what carries a trait, what does not, and a study that loads."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from sgcore.cohort import load_study
from sgcore.cohort.phantoms.counts import PAPER_COUNTS, Group
from sgcore.cohort.phantoms.feature_phantoms import (
    BLOCK_LOADING,
    FEATURES,
    TRAIT_LOADING,
    feature_values,
    write_feature_study,
)
from sgcore.cohort.phantoms.people import draw_patients
from sgcore.cohort.phantoms.truth import TRAITS, Truth

ONE_CENTER = (Group("Center A", "train", primary=700, secondary=700, images=2000),)


@pytest.fixture(scope="module")
def large():
    people = draw_patients(ONE_CENTER, 1)
    values = feature_values(people, Truth(), 1)
    return values, np.repeat((people["label"] == "secondary").to_numpy(), people["n_images"]), people


def test_features_of_a_trait_carry_what_it_carries(large):
    values, secondary, _ = large
    means = values[secondary].mean() - values[~secondary].mean()
    for trait in TRAITS:
        expected = TRAIT_LOADING * Truth().difference(trait, development=True)
        assert means.filter(like=f"trait_{trait}_").to_numpy() == pytest.approx(expected, abs=0.2)
    noise = means.filter(regex="^(block|alone)_")
    assert len(noise) == 164
    assert noise.abs().max() < 0.25


def test_features_of_a_block_are_alike_and_others_are_not(large):
    values, _, _ = large
    within = values.filter(like="block_03_").corr(method="spearman").to_numpy()
    assert within[np.triu_indices(8, 1)] == pytest.approx(BLOCK_LOADING**2, abs=0.04)
    across = np.corrcoef(values["block_03_1"], values["block_04_1"])[0, 1]
    assert abs(across) < 0.15


def test_features_of_a_patient_s_images_are_alike(large):
    values, _, people = large
    first = np.concatenate([[0], np.cumsum(people["n_images"])[:-1]])[people["n_images"] > 1]
    noise = values.filter(regex="^(block|alone)_").to_numpy()
    alike = [np.corrcoef(noise[first, k], noise[first + 1, k])[0, 1] for k in range(noise.shape[1])]
    assert np.mean(alike) == pytest.approx(Truth().icc, abs=0.03)


def test_centers_are_shifted():
    halves = [Group(f"Center {name}", "external", 400, 400, 800) for name in "BC"]
    people = draw_patients(halves, 1)
    values = feature_values(people, Truth(label_effect=0), 1)
    means = values.groupby(np.repeat(people["center"].to_numpy(), people["n_images"])).mean()
    # A difference of two shifts of SD 0.3, with the error of two means of 800.
    assert means.diff().iloc[1].std() == pytest.approx(np.sqrt(2 * (0.3**2 + 1 / 800)), rel=0.2)


def test_without_an_effect_no_feature_depends_on_the_label():
    people = draw_patients(PAPER_COUNTS, 3)
    other = people.assign(label=people["label"].map({"primary": "secondary", "secondary": "primary"}))
    frames = [feature_values(group, Truth(label_effect=0), 3) for group in (people, other)]
    pd.testing.assert_frame_equal(*frames, check_exact=True)


def test_the_study_loads_without_a_word_and_has_the_paper_s_counts(tmp_path):
    study = load_study(write_feature_study(tmp_path / "study", seed=2))
    assert study.warnings == ()
    assert (len(study.patients), len(study.images)) == (140, 242)
    assert study.features.shape == (242, 1 + FEATURES)
    assert FEATURES == 200
    assert study.images["image"].isna().all()
    assert "pathology" not in study.features


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    folders = [
        write_feature_study(tmp_path / name, seed=seed).parent
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    one, same, other = (
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
        for folder in folders
    )
    assert set(one) == {"study.toml", "patients.csv", "images.csv", "features.csv"}
    assert one == same
    assert one["features.csv"] != other["features.csv"]
