"""The cohort: every count of the reference study, scenes that fit, nothing that tells the label by the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore.cohort.phantoms.beams import Beams
from sgcore.cohort.phantoms.cohort import phantom_cohort
from sgcore.cohort.phantoms.contour import Contour
from sgcore.cohort.phantoms.counts import MAX_VIEWS, PAPER_COUNTS, Group
from sgcore.cohort.phantoms.devices import SCANNERS
from sgcore.cohort.phantoms.people import PATHOLOGY
from sgcore.cohort.phantoms.truth import CENTERS, CenterEffect, Truth
from tests.cohort.phantoms.cohorts import SMALL

MANY = (
    Group("Center A", "train", primary=150, secondary=150, images=400),
    Group("Center B", "external", primary=150, secondary=150, images=400),
)


@pytest.fixture(scope="module")
def cohort():
    return phantom_cohort()


@pytest.fixture(scope="module")
def per_image(cohort):
    return cohort.images.merge(cohort.patients, on="patient_id", validate="many_to_one")


def test_the_paper_s_patients_and_images(cohort, per_image):
    assert len(cohort.patients) == 140
    assert len(cohort.images) == len(cohort.descriptors) == len(cohort.scenes) == len(cohort.scanners) == 242
    assert cohort.patients["label"].value_counts().to_dict() == {"secondary": 72, "primary": 68}
    development, images = cohort.patients["center"] == "Center A", per_image["center"] == "Center A"
    assert (development.sum(), images.sum()) == (111, 187)
    assert ((~development).sum(), (~images).sum()) == (29, 55)
    assert per_image["subset"].value_counts().to_dict() == {"train": 130, "validation": 57, "external": 55}
    assert cohort.patients.loc[~development, "center"].nunique() == 3
    assert set(cohort.patients.loc[~development, "subset"]) == {"external"}


def test_the_split_is_seven_to_three_in_either_label(cohort):
    inside = cohort.patients[cohort.patients["subset"] != "external"]
    for label, group in inside.groupby("label"):
        assert (group["subset"] == "train").mean() == pytest.approx(0.7, abs=0.01), label


def test_the_external_centers_as_assumed(cohort, per_image):
    outside = cohort.patients[cohort.patients["subset"] == "external"]
    assert outside["center"].value_counts().to_dict() == {"Center B": 12, "Center C": 10, "Center D": 7}
    images = per_image.loc[per_image["subset"] == "external", "center"]
    assert images.value_counts().to_dict() == {"Center B": 23, "Center C": 19, "Center D": 13}


def test_every_seed_has_these_counts_and_its_own_patients(cohort):
    other = phantom_cohort(seed=1)
    for column in ("center", "subset", "label"):
        assert (
            other.patients[column].value_counts().to_dict()
            == cohort.patients[column].value_counts().to_dict()
        )
    assert not other.patients["age"].equals(cohort.patients["age"])
    assert other.scenes != cohort.scenes


def test_the_same_seed_gives_the_same_cohort(cohort):
    again = phantom_cohort()
    for name in ("patients", "images", "descriptors"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(cohort, name), check_exact=True)
    assert again.scenes == cohort.scenes
    assert again.scanners == cohort.scanners


def test_identifiers_are_padded_and_images_named_after_their_patients(cohort):
    assert cohort.patients["patient_id"].str.fullmatch(r"P\d{3}").all()
    assert cohort.patients["patient_id"].is_unique
    parts = cohort.images["image_id"].str.extract(r"(P\d{3})-([123])")
    assert (parts[0] == cohort.images["patient_id"]).all()
    assert cohort.images["image_id"].is_unique
    assert cohort.images.groupby("patient_id").size().between(1, MAX_VIEWS).all()
    assert (cohort.images["image"] == "images/" + cohort.images["image_id"] + ".png").all()


def test_a_diagnosis_is_one_of_its_label_and_both_labels_have_several(cohort):
    for label, group in cohort.patients.groupby("label"):
        assert set(group["pathology"]) <= set(PATHOLOGY[label])
        assert group["pathology"].nunique() >= 3
    assert not set(PATHOLOGY["primary"]) & set(PATHOLOGY["secondary"])


def test_scanners_are_those_of_the_center_and_one_a_patient(cohort, per_image):
    for center, group in per_image.groupby("center"):
        assert set(group["device"]) <= set(CENTERS[center].scanners)
    assert set(per_image["device"]) == set(SCANNERS)
    assert (per_image.groupby("patient_id")["device"].nunique() == 1).all()
    for row, scanner in zip(cohort.images.itertuples(), cohort.scanners, strict=True):
        assert row.device == scanner.name
        assert replace(scanner, gain_db=SCANNERS[scanner.name].gain_db) == SCANNERS[scanner.name]
        assert row.pixel_spacing_mm == scanner.pixel_spacing_mm


def test_centers_differ_in_gain_and_size_as_the_truth_says():
    truth = Truth(gain_sd_db=0)
    large = phantom_cohort(truth, 3, counts=MANY)
    inside = (large.images.merge(large.patients, on="patient_id")["center"] == "Center A").to_numpy()
    gain = np.array([scanner.gain_db - SCANNERS[scanner.name].gain_db for scanner in large.scanners])
    assert np.allclose(gain[inside], 0)
    assert np.allclose(gain[~inside], CENTERS["Center B"].gain_db)
    bigger = Truth(centers={**CENTERS, "Center B": replace(CENTERS["Center B"], log_size=0.2)})
    areas = [
        np.array([scene.width_mm * scene.height_mm for scene in phantom_cohort(t, 3, counts=MANY).scenes])
        for t in (truth, bigger)
    ]
    assert np.allclose(areas[0][inside], areas[1][inside])
    assert areas[1][~inside].mean() > 1.1 * areas[0][~inside].mean()


def test_without_an_effect_scenes_do_not_depend_on_labels():
    swapped = [replace(group, primary=group.secondary, secondary=group.primary) for group in PAPER_COUNTS]
    same = [phantom_cohort(Truth(label_effect=0), 5, counts=counts) for counts in (PAPER_COUNTS, swapped)]
    assert not same[0].patients["label"].equals(same[1].patients["label"])
    assert same[0].scenes == same[1].scenes
    assert same[0].scanners == same[1].scanners
    pd.testing.assert_frame_equal(same[0].descriptors, same[1].descriptors)
    others = ["patient_id", "center", "age", "sex", "gland", "subset"]
    pd.testing.assert_frame_equal(same[0].patients[others], same[1].patients[others])
    moved = [phantom_cohort(Truth(), 5, counts=counts) for counts in (PAPER_COUNTS, swapped)]
    assert moved[0].scenes != moved[1].scenes


def test_every_lesion_is_in_the_field_of_every_scanner():
    large = phantom_cohort(seed=4, counts=MANY)
    beams = [Beams(scanner) for scanner in SCANNERS.values()]
    for scene in large.scenes:
        assert min(scene.width_mm, scene.height_mm) >= 8
        assert max(scene.width_mm, scene.height_mm) <= 28
        points = Contour(scene).points
        for beam in beams:
            along, across = beam.to_beam(*points)
            assert along.max() < beam.scanner.depth_mm - 1
            assert np.abs(across).max() < beam.scanner.aperture_mm / 2 - 0.2


def test_traits_are_seen_in_the_scenes_of_secondary_lesions():
    large = phantom_cohort(seed=6, counts=MANY)
    scenes = pd.DataFrame([vars(scene) for scene in large.scenes])
    scenes["ratio"] = scenes["height_mm"] / scenes["width_mm"]
    cases = large.images.merge(large.patients, on="patient_id")
    means = scenes.groupby([cases["center"], cases["label"]]).mean(numeric_only=True)
    for center in ("Center A", "Center B"):
        secondary, primary = means.loc[(center, "secondary")], means.loc[(center, "primary")]
        for field in ("grain_mm", "heterogeneity_db", "margin_blur_mm", "irregularity"):
            assert secondary[field] > primary[field], (center, field)
        assert secondary["scatterers_per_cell"] < primary["scatterers_per_cell"]
    ratio = means["ratio"].unstack().diff(axis=1)["secondary"]
    posterior = means["posterior_db"].unstack().diff(axis=1)["secondary"]
    assert ratio["Center A"] < 0 < posterior["Center A"]
    assert posterior["Center B"] < 0 < ratio["Center B"]


def test_small_cohorts_are_of_the_same_kind():
    small = phantom_cohort(counts=SMALL)
    assert len(small.patients) == sum(group.patients for group in SMALL)
    assert len(small.images) == sum(group.images for group in SMALL)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (("Center A", "test", 1, 1, 2), "subset 'test' is none of"),
        (("Center A", "train", -1, 3, 2), "-1 primary .* not negative"),
        (("Center A", "train", 2, 2, 3), "3 images of 4 patients.*give 4 to 12"),
        (("Center A", "train", 2, 2, 13), "13 images of 4 patients"),
    ],
)
def test_impossible_counts_are_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        Group(*wrong)


def test_centers_and_scanners_that_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="'Center X' is not in the truth; centers are Center A"):
        phantom_cohort(counts=[Group("Center X", "external", 1, 1, 2)])
    for scanners, words in ((("Acme 1",), "Acme 1; choose from"), ((), "none given; choose from")):
        truth = Truth(centers={"Center A": CenterEffect(scanners)})
        with pytest.raises(ValueError, match=words):
            phantom_cohort(truth, counts=SMALL[:1])
